"""What it costs to follow sources, beside po4a: extracting an archive, and updating its catalogs after one edited word.

    python benchmarks/extraction.py [--documents 1000] [--small 100] [--languages 20] [--runs 3]

Seconds of all processors, of each command with all its children; medians of so many runs, one tool after the other in turn.
po4a is Debian's. The archive is invented (benchmarks/archive.py), of documents of about 1,000 words; every text of the smaller
one is translated, by a stand-in. Copies of it are made for both tools, so that both find the same texts.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import polib
from archive import LANGUAGES, make

POLYLEAF = [sys.executable, "-m", "pipeline"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def cpu(command: list[str], folder: Path) -> float:
    """Seconds of user and system time, of the command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=folder, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(runs: int, *turns: Callable[[], float]) -> list[float]:
    """The median of each, measured in turn."""
    measured = [[turn() for turn in turns] for _ in range(runs)]
    return [statistics.median(each) for each in zip(*measured, strict=True)]


def said(what: str, ours: float, theirs: float) -> None:
    print(f"{what:45} Polyleaf {ours:7.2f} s   po4a {theirs:7.2f} s   ratio {theirs / ours:5.1f}")


def extraction(folder: Path, documents: int, runs: int) -> None:
    make(folder, documents, 1000, 0)
    sources = sorted(path.name for path in (folder / "sources").glob("*.md"))
    named = [argument for name in sources for argument in ("-m", f"sources/{name}")]

    def polyleaf() -> float:
        shutil.rmtree(folder / "locales", ignore_errors=True)
        shutil.rmtree(folder / "build", ignore_errors=True)
        return cpu([*POLYLEAF, "update"], folder)

    def po4a() -> float:
        (folder / "po4a.pot").unlink(missing_ok=True)
        kind = ["-f", "text", "-o", "markdown", "-o", "yfm_keys=title,kind,issuer", "-M", "UTF-8"]
        command = ["po4a-updatepo", *kind, *named, "-p", "po4a.pot"]
        return cpu(command, folder)

    said(f"extract {documents} documents", *medians(runs, polyleaf, po4a))


def updates(folder: Path, documents: int, languages: int, runs: int) -> None:
    ours, theirs = folder / "polyleaf", folder / "po4a"
    make(ours, documents, 1000, languages)
    subprocess.run([*POLYLEAF, "update"], cwd=ours, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    for path in (ours / "locales").glob("*/*.po"):
        translate(path)
    shutil.copytree(ours / "sources", theirs / "sources")
    configure(theirs, LANGUAGES[:languages])
    subprocess.run(["po4a", "-q", "po4a.cfg"], cwd=theirs, check=True)
    for path in (theirs / "po").glob("*.po"):
        translate(path)
    turns = (lambda: cpu([*POLYLEAF, "update"], ours), lambda: cpu(["po4a", "-q", "po4a.cfg"], theirs))
    for turn in (*turns, *turns):
        turn()
    said(f"{documents} documents × {languages}, nothing to do", *medians(runs, *turns))

    def edited(root: Path, turn: Callable[[], float]) -> Callable[[], float]:
        documents = iter(sorted((root / "sources").glob("*.md"))[3:])

        def run() -> float:
            edit(next(documents))
            return turn()

        return run

    pairs = (edited(root, turn) for root, turn in zip((ours, theirs), turns, strict=True))
    said(f"{documents} documents × {languages}, one word edited", *medians(runs, *pairs))


def edit(path: Path) -> None:
    """Another word for one in the middle of the last paragraph."""
    head, _, last = path.read_text("utf-8").rstrip("\n").rpartition("\n\n")
    words = re.split(r"(\s+)", last)
    words[len(words) // 2 // 2 * 2] = "otherwise"
    path.write_text(f"{head}\n\n{''.join(words)}\n", "utf-8")


def translate(path: Path) -> None:
    """Give every message a msgstr."""
    catalog = polib.pofile(str(path), wrapwidth=77)
    for entry in catalog:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, f"· {entry.msgid}")
        else:
            entry.msgstr = f"· {entry.msgid}"
    catalog.save()


def configure(root: Path, languages: list[str]) -> None:
    (root / "po").mkdir(parents=True)
    lines = [f"[po4a_langs] {' '.join(languages)}", "[po4a_paths] po/all.pot $lang:po/$lang.po"]
    lines += ['[po4a_alias:md] text opt:"-o markdown -o yfm_keys=title,kind,issuer -M UTF-8 -L UTF-8"']
    for path in sorted((root / "sources").glob("*.md")):
        lines.append(f"[type: md] sources/{path.name} $lang:out/$lang/{path.name}")
    (root / "po4a.cfg").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--languages", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        extraction(Path(scratch) / "archive", arguments.documents, arguments.runs)
        updates(Path(scratch), arguments.small, arguments.languages, arguments.runs)
