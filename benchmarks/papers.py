"""How fast 120 leaflets are made from cold: 30 languages on A4, A5, DL and Letter, three ways, in CPU and wall seconds.

    python benchmarks/papers.py [--runs 3] [--languages 30] [--sample 24 | --all] [--memory]

The commands are measured on a sample (fixed seed) and reckoned up to the whole, one after another as a person would run them.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.crew import Done, Task
from pipeline.fonts import FontSet, seal
from pipeline.pool import Pool
from pipeline.renditions import renditions
from pipeline.typesetting.composing import Design, make_page
from pipeline.typesetting.leaflet import Finish
from pipeline.typesetting.page import Page
from pipeline.typesetting.view import Surroundings
from pipeline.worker import resident, work_on
from pipeline.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
SCREEN = (Finish("screen"),)
DOCUMENT = "open-translation"
#: Size of the sheet, columns, type in points.
PAPERS = {
    "a4": ("210mm 297mm", 2, 10.0),
    "a5": ("148mm 210mm", 1, 9.0),
    "dl": ("99mm 210mm", 1, 8.5),
    "letter": ("216mm 279mm", 2, 10.0),
}


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock, and of all processors."""

    wall: float
    cpu: float


def papers(languages: int) -> tuple[dict[str, Page], FontSet]:
    """The pages by file name, of fixed size, and the sealed fonts."""
    workspace = Workspace(REPOSITORY)
    inputs = workspace.read()
    design = Design(
        next(each for each in workspace.formats if each.name == "a4"), workspace.typography, workspace.templates
    )
    every = [each for each in renditions(inputs) if each.document.id == DOCUMENT][:languages]
    pages = {}
    for edition in every:
        tag = edition.locale.tag
        page = make_page(edition.localized, workspace.words(edition.locale, inputs), design, Surroundings())
        for name, (size, columns, size_pt) in PAPERS.items():
            rules = f"@page{{size:{size};margin:10mm}} .text{{columns:{columns}}} :root{{font-size:{size_pt * page.base}pt}}"
            fixed = replace(page.fit, preferred_pt=size_pt, largest_pt=size_pt, pages=(), floor_pt=(("default", 1.0),))
            html = page.html.replace("</style>", f"{rules}</style>", 1)
            pages[f"{tag}-{name}"] = replace(page, html=html, fit=fixed)
    cache = Path(tempfile.mkdtemp(prefix="polyleaf-papers-"))
    return pages, seal(workspace.typography.all_families(), cache / "own", cache)


def spent(work: Callable[[], None]) -> Spent:
    """What some work takes, its processes included."""

    def cpu() -> float:
        used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in used)

    wall_before, cpu_before = time.perf_counter(), cpu()
    work()
    return Spent(time.perf_counter() - wall_before, cpu() - cpu_before)


def system_fonts() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}


def commands(folder: Path, names: list[str]) -> None:
    """One ``weasyprint in.html out.pdf`` for each, with the fonts of the system."""
    program = str(Path(sys.executable).with_name("weasyprint"))
    for name in names:
        subprocess.run([program, "-q", f"{folder / name}.html", f"{folder / name}.pdf"], check=True, env=system_fonts())


def one_process(folder: Path, names: list[str], fonts: FontSet) -> None:
    """One process that calls ``write_pdf`` with a fresh FontConfiguration for each file: sealed fonts, no mends."""
    program = (
        "import sys; from weasyprint import HTML; from weasyprint.text.fonts import FontConfiguration\n"
        "for name in sys.argv[1:]: HTML(name).write_pdf(name[:-4] + 'pdf', font_config=FontConfiguration(), pdf_variant='pdf/ua-1')"
    )
    files = [f"{folder / name}.html" for name in names]
    environment = {**os.environ, "FONTCONFIG_FILE": fonts.configuration}
    subprocess.run([sys.executable, "-c", program, *files], check=True, env=environment)


def ours(pages: list[Page], fonts: FontSet) -> None:
    """Our workers, from cold."""
    with Pool(fonts, 2) as pool:
        for _, result in pool.results(Task(work_on, (page, SCREEN, None), len(page.html)) for page in pages):
            if not isinstance(result, Done):
                raise SystemExit(result.reason)
            (leaflet,) = result.value
            if not leaflet.pdf:
                raise SystemExit("\n".join(each.message for each in leaflet.diagnostics))


def memory(pages: list[Page], fonts: FontSet) -> Iterator[tuple[int, float]]:
    """The memory of one worker after so many leaflets."""
    with Pool(fonts, 1) as pool:
        for count, page in enumerate(pages, start=1):
            list(pool.results([Task(work_on, (page, SCREEN, None))]))
            if count in (10, 60, 120):
                for _, result in pool.results([Task(resident, ())]):
                    if isinstance(result, Done):
                        yield count, result.value / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--languages", type=int, default=30)
    parser.add_argument("--sample", type=int, default=24, help="files measured with one command each")
    parser.add_argument("--all", action="store_true", help="measure one command for every file")
    parser.add_argument("--memory", action="store_true", help="measure the memory of a worker and nothing else")
    chosen = parser.parse_args()
    pages, fonts = papers(chosen.languages)
    if chosen.memory:
        for count, megabytes in memory(list(pages.values()), fonts):
            print(f"{count:4} leaflets  {megabytes:6.1f} MB", flush=True)
        return
    names = sorted(pages)
    sample = names if chosen.all else random.Random(3).sample(names, min(chosen.sample, len(names)))
    share = len(names) / len(sample)
    print(f"{len(names)} files; commands: {len(sample)} of them" + ("" if share == 1 else f", times {share:.2f}"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, page in pages.items():
            (folder / f"{name}.html").write_text(page.html, encoding="utf-8")
        table: list[tuple[Spent, Spent, Spent]] = []
        for _ in range(chosen.runs):
            we = spent(lambda: ours(list(pages.values()), fonts))
            warm = spent(lambda: one_process(folder, names, fonts))
            each = spent(lambda: commands(folder, sample))
            table.append((Spent(each.wall * share, each.cpu * share), warm, we))
            print("  ".join(f"{one.wall:6.1f} s wall {one.cpu:6.1f} s CPU" for one in table[-1]), flush=True)
    for place, what in enumerate(("a command each", "one warm process", "our workers")):
        wall = statistics.median(run[place].wall for run in table)
        cpu = statistics.median(run[place].cpu for run in table)
        print(f"{what:18} {wall:7.1f} s wall {cpu:7.1f} s CPU")
    faster = statistics.median(run[0].wall / run[2].wall for run in table)
    cpu_share = statistics.median(run[2].cpu / run[1].cpu for run in table)
    print(
        f"{faster:.1f} times as fast as a command each (bar: 8); {cpu_share:.2f} of the CPU of one process (bar: .75)"
    )


if __name__ == "__main__":
    main()
