"""How much faster leaflets are made by more workers: a pool of this machine with 1 and 2, a local Dask cluster with 1 and 2.

    python benchmarks/scaling.py [--runs 5] [--languages 10]

The pages are the sample's (see papers.py), the workers warm: each crew has made all of them once before it is measured. All are
measured in turn in every run, and a ratio is of one run. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measuring import figures, machine, ratios, table
from benchmarks.papers import SCREEN, papers
from pipeline.cluster import Cluster
from pipeline.crew import Crew, Done, Task
from pipeline.fonts import FontSet
from pipeline.pool import Pool
from pipeline.tasks import set_page
from pipeline.typesetting.page import Page
from tests.dask_grid import grid

WORKERS = (1, 2)


def crews(fonts: FontSet, folder: Path, stack: ExitStack) -> Iterator[tuple[str, int, Crew]]:
    """Each crew by its kind and its number of workers; they live as long as the stack."""
    for workers in WORKERS:
        yield "pool", workers, stack.enter_context(Pool(fonts, workers))
    families = tuple(family for family, _ in fonts.families)
    for workers in WORKERS:
        place = folder / str(workers)
        place.mkdir()
        made = stack.enter_context(grid(place, *(f"worker-{number}" for number in range(workers))))
        cluster = Cluster(made.address, fonts, families)
        yield "cluster", workers, stack.enter_context(cluster)


def wall(crew: Crew, pages: list[Page]) -> float:
    """Seconds by the clock to make all of the pages."""
    begun = time.perf_counter()
    for task, result in crew.results(Task(set_page, (page, SCREEN, None, False), len(page.html)) for page in pages):
        if not isinstance(result, Done) or not result.value[0][0].pdf:
            raise SystemExit(f"{task.arguments[0].title}: {result}")
    return time.perf_counter() - begun


def measured(
    pages: list[Page], fonts: FontSet, runs: int, say: Callable[[str], None]
) -> dict[tuple[str, int], list[float]]:
    """The seconds of each run, by kind of crew and number of workers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="polyleaf-scaling-")))
        ready = {(kind, workers): crew for kind, workers, crew in crews(fonts, folder, stack)}
        for crew in ready.values():
            wall(crew, pages)
        found: dict[tuple[str, int], list[float]] = {each: [] for each in ready}
        for _ in range(runs):
            for each, crew in ready.items():
                found[each].append(wall(crew, pages))
            say("  ".join(f"{kind} {workers}: {found[kind, workers][-1]:.2f} s" for kind, workers in found))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--languages", type=int, default=10, help="each makes four pages")
    chosen = parser.parse_args()
    by_name, fonts = papers(chosen.languages)
    pages = [by_name[name] for name in sorted(by_name)]
    found = measured(pages, fonts, chosen.runs, lambda line: print(line, file=sys.stderr, flush=True))
    rows = []
    for (kind, workers), seconds in found.items():
        faster = ratios(found[kind, 1], seconds)
        beside = ratios(seconds, found["pool", workers])
        rows.append((kind, workers, figures(seconds), faster, beside))
    print(f"{len(pages)} leaflets, warm workers, {chosen.runs} runs; {machine()}\n")
    print(table(("crew", "workers", "seconds", "times as fast as with 1", "times the pool's seconds"), rows))


if __name__ == "__main__":
    main()
