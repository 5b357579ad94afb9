"""Makes the pictures of what translators and organizers see: what check says, how a kit begins, the page of status.

    python docs/pictures/work.py docs/pictures

They are of a copy of the sample, in which the author has changed a sentence and the French translator has mistyped a
number and a word. Pages are photographed by chromium.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from browser import browser, photograph
from make import save

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = "am ar bn el es fr gn ln ur vi zgh".split()
#: File, what it says, and what it says in the copy.
SLIPS = (
    ("sources/own-language.md", "cannot answer them. Nobody", "cannot answer them in time. Nobody"),
    ("locales/fr/own-language.po", "un délai de 30 jours", "un délai de 31 jours"),
    ("locales/fr/own-language.po", "toutes les langues !", "toutes les les langues !"),
)
LARGEST = 100_000
TERMINAL = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><style>
body {{ margin: 0; padding: 22px 26px; background: #f4f3f0 }}
pre {{ margin: 0; font: 15px/1.5 "Noto Sans Mono", "DejaVu Sans Mono", monospace; color: #1a1a1a; white-space: pre-wrap }}
b {{ color: #a01420 }}
</style><pre>{0}</pre></html>"""


def copied(folder: Path) -> Path:
    """A copy of the sample, with some slips, brought up to date."""
    sample = folder / "sample"
    for name in ("sources", "locales"):
        shutil.copytree(ROOT / name, sample / name, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(ROOT / "polyleaf.toml", sample)
    for name, right, slip in SLIPS:
        text = (sample / name).read_text("utf-8")
        if right not in text:
            sys.exit(f"{name} does not say “{right}” any more: change SLIPS in this file")
        (sample / name).write_text(text.replace(right, slip), "utf-8")
    polyleaf(sample, "update")
    return sample


def polyleaf(folder: Path, *arguments: str) -> str:
    """What the program prints, the folder being the current one."""
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300).stdout


def terminal(sample: Path, page: Path, *arguments: str) -> Path:
    """A page that shows a command and what it prints."""
    typed = " ".join(("polyleaf", *arguments))
    said = html.escape(polyleaf(sample, *arguments).rstrip())
    page.write_text(TERMINAL.format(f"<b>$ {html.escape(typed)}</b>\n{said}"), "utf-8")
    return page


def main(target: Path) -> None:
    program = browser()
    if not program:
        sys.exit("no chromium here, and nothing was made")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as empty:
        folder = Path(empty)
        sample = copied(folder)
        check = terminal(sample, folder / "check.html", "check", "-l", "fr")
        save(photograph(program, check, (1060, 320)), target / "check.png", 32, LARGEST)
        polyleaf(sample, "kit", "export", "-l", "fr", str(folder / "kit.zip"))
        with zipfile.ZipFile(folder / "kit.zip") as kit:
            kit.extract("START.html", folder)
        save(photograph(program, folder / "START.html", (720, 1015)), target / "kit.png", 32, LARGEST)
        languages = [word for tag in LANGUAGES for word in ("-l", tag)]
        polyleaf(sample, "status", *languages, "--html", str(folder / "status.html"))
        save(photograph(program, folder / "status.html", (820, 655)), target / "status.png", 32, LARGEST)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/pictures/work.py TARGET, such as docs/pictures")
    main(Path(sys.argv[1]))
