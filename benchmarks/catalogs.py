"""How much processor time an update of catalogs takes beside ``msgmerge --previous``, and which of the two finds the edits.

    PYTHONPATH=. .venv/bin/python benchmarks/catalogs.py [--runs 3] [--catalogs 20] [--entries 4000] [--seed 7]

(a) A small edit (40 texts edited, 10 new, 10 gone): 20 catalogs, our reading, merging and writing in one process, against one
msgmerge for each. (b) Heavy drift (half of the texts): one catalog, and for both the precision and recall of what they propose,
on the labelled history of ``labelled.py``. Seconds are user and system time of the child processes, interpreter's start and
imports included; all figures are of this run, medians over the runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from benchmarks.labelled import HEAVY, SMALL, History, history
from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Segment
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.update import merge, template

LOCALE = Locale.parse("de")
OURS = """
import sys
from pathlib import Path
from pipeline.locales import Locale
from pipeline.translation.catalog import parse_catalog, serialize
from pipeline.translation.update import merge

locale = Locale.parse("de")
pot, *catalogs = map(Path, sys.argv[1:])
source = parse_catalog(pot.read_bytes(), str(pot), None)
for path in catalogs:
    catalog = parse_catalog(path.read_bytes(), str(path), locale)
    path.with_suffix(".ours").write_bytes(serialize(merge(catalog, source, locale)))
"""


def written(made: History, folder: Path, count: int) -> tuple[Path, list[Path]]:
    """A template of the texts after, and catalogs in which all of the texts before are translated."""
    before, after = (
        template("handbook", [Segment(text, Location("sources/handbook.md", 1), place=f"part.{number // 40}")
                              for number, text in enumerate(texts)], "Handbook", f"{year}-01-01 00:00+0000")
        for texts, year in ((made.before, 2025), (made.after, 2026))
    )  # fmt: skip
    begun = merge(None, before, LOCALE)
    done = tuple(replace(each, msgstr=(f"de: {each.msgid.swapcase()}",)) for each in begun.messages)
    pot = folder / "handbook.pot"
    pot.write_bytes(serialize(after))
    content = serialize(replace(begun, messages=done))
    paths = [folder / f"{number}.po" for number in range(count)]
    for path in paths:
        path.write_bytes(content)
    return pot, paths


def seconds(*command: str | Path) -> float:
    """User and system time of a process; an error ends the benchmark."""
    started = subprocess.Popen([str(part) for part in command], env={**os.environ, "PYTHONPATH": "."})
    _, status, used = os.wait4(started.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return used.ru_utime + used.ru_stime


def ours(pot: Path, paths: list[Path]) -> float:
    return seconds(sys.executable, "-c", OURS, pot, *paths)


def theirs(pot: Path, paths: list[Path]) -> float:
    return sum(
        seconds("msgmerge", "--previous", "--quiet", "-o", path.with_suffix(".theirs"), path, pot) for path in paths
    )


def proposals(path: Path) -> dict[str, str]:
    """By the new text the old one whose translation it got."""
    catalog: Catalog = parse_catalog(path.read_bytes(), str(path), LOCALE)
    return {each.msgid: each.previous_msgid for each in catalog.live if each.fuzzy and each.previous_msgid is not None}


def judged(made: History, path: Path) -> tuple[float, float, Counter[str]]:
    """Precision and recall of the proposals, and how many are wrong or missing, by the kind of edit."""
    proposed = proposals(path)
    right = wrong = true = 0
    faults: Counter[str] = Counter()
    for text, (origins, kind) in made.labels.items():
        true += bool(origins)
        if text in proposed:
            is_right = proposed[text] in origins
            right, wrong = right + is_right, wrong + (not is_right)
            faults[f"{kind} wrong"] += not is_right
        elif origins:
            faults[f"{kind} missing"] += 1
    return right / (right + wrong), right / true, +faults


def compared(name: str, pot: Path, paths: list[Path], runs: int) -> None:
    """Print the medians of both and their ratio."""
    pairs = [(ours(pot, paths), theirs(pot, paths)) for _ in range(runs)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{name}: ours {mine:.2f} s, msgmerge {other:.2f} s CPU; msgmerge takes {ratio:.2f} times ours")


def main() -> None:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--catalogs", type=int, default=20)
    parser.add_argument("--entries", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polyleaf-catalogs-") as name:
        made = history(wanted.entries, wanted.seed, SMALL)
        print(f"small edit: {len(made.labels)} new texts of {len(made.after)}")
        compared(f"(a) {wanted.catalogs} catalogs", *written(made, Path(name), wanted.catalogs), wanted.runs)
        made = history(wanted.entries, wanted.seed, HEAVY)
        print(f"heavy drift: {len(made.labels)} new texts of {len(made.after)}")
        pot, paths = written(made, Path(name), 1)
        compared("(b) 1 catalog", pot, paths, wanted.runs)
        for who, suffix in (("ours", ".ours"), ("msgmerge", ".theirs")):
            precision, recall, faults = judged(made, paths[0].with_suffix(suffix))
            said = ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()))
            print(f"    {who}: precision {precision:.3f}, recall {recall:.3f} ({said})")


if __name__ == "__main__":
    main()
