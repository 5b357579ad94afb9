"""An archive of invented resolutions in many languages: extract, update, check, build, and builds of which next to nothing changed.

    PYTHONPATH=. python benchmarks/archive_build.py [--documents 250,500,1000] [--locales 40] [--words 1000] [--formats web,a4]

Seconds of the clock and of all processors, and megabytes of the largest process and of all at one time; and how each grows with the
archive. 1,000 documents × 40 languages are 40,000 leaflets, eleven hours of typesetting. So the first build has a stand-in for
the typesetter: it answers every page at once with a PDF of the usual size (``--pdf-kb``), different for each, and the pictures for
sharing are one and the same. All else is what it is: pages are made, the store is filled, everything is written, read and compared.
The other builds are measured without any stand-in: they find in the store what the first one put there.

All catalogs are complete, by a stand-in for translators. What is measured twice or more (``--runs``) are the medians.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.archive import LANGUAGES, make
from benchmarks.measuring import POLYLEAF, REPOSITORY, Spent, figures, machine, spend, table

#: Put before everything else on the path of the first build's processes.
STAND_IN = """
import importlib.abc, importlib.util, io, os, random, sys

def typesetter(module):
    from dataclasses import replace
    import pikepdf
    from pipeline.typesetting.fitting import Setting
    from pipeline.typesetting.leaflet import Leaflet

    size = int(os.environ["STAND_IN_KB"]) * 1024
    mark = b"@" * size
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.Root.Padding = pdf.make_stream(mark)
        pdf.save(made := io.BytesIO(), static_id=True, compress_streams=False)
    before, found, after = made.getvalue().partition(mark)
    assert found

    def typeset(page, finishes, *more, **named):
        leaflets = []
        for finish in finishes:
            filling = random.Random(page.key(finish.key())).randbytes(size)
            leaflets.append(Leaflet(before + filling + after, 1, 1, 10.0, 0.9, Setting(10.0), 1))
        return tuple(leaflets)

    module.typeset = typeset

def sharing(module):
    from PIL import Image
    Image.new("RGB", (1200, 630), "white").save(made := io.BytesIO(), "PNG")
    module.share_picture = lambda *_, **__: made.getvalue()

CHANGED = {"pipeline.typesetting.engine": typesetter, "pipeline.website.sharing": sharing}

class Changer(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        change = CHANGED.pop(name, None)
        if change is None:
            return None
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module
        spec.loader.exec_module = lambda module: (execute(module), change(module))[1]
        return spec

sys.meta_path.insert(0, Changer())
"""
_MESSAGE = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\n)+)msgstr ""\n', re.MULTILINE)


def translate(root: Path) -> None:
    """Give every message of every catalog a msgstr; a document's are alike in all languages, so it is done once for each."""
    bodies: dict[str, str] = {}
    for path in sorted((root / "locales").glob("[!t]*/*.po")) + sorted((root / "locales").glob("t?/*.po")):
        head, _, body = path.read_text("utf-8").partition("\n\n")
        if path.name not in bodies:
            bodies[path.name] = _MESSAGE.sub(r"msgid \1msgstr \1", body)
        path.write_text(f"{head}\n\n{bodies[path.name]}", "utf-8")


def edit_source(root: Path) -> None:
    """Another word for the last but one of a document."""
    path = root / "sources/letter-0003.md"
    head, _, last = path.read_text("utf-8").rstrip("\n").rpartition(" ")
    path.write_text(
        f"{head.rpartition(' ')[0]} {'otherwise' if 'otherwise' not in head else 'again'} {last}\n", "utf-8"
    )


def edit_catalog(root: Path) -> None:
    """Another first word in the last msgstr of a catalog."""
    path = root / "locales/de/letter-0003.po"
    head, found, last = path.read_text("utf-8").rpartition('\nmsgstr "')
    if last.startswith('"'):
        line, last = '"\n', last.partition("\n")[2].removeprefix('"')
        found += line + '"'
    path.write_text(f"{head}{found}anders {last}", "utf-8")


class Archive:
    """An archive of so many documents, and what was measured on it."""

    def __init__(self, folder: Path, documents: int, chosen: argparse.Namespace) -> None:
        self.root, self.documents, self.chosen = folder / f"archive-{documents}", documents, chosen
        self.measured: dict[str, list[Spent]] = {}
        hook = folder / "stand-in"
        hook.mkdir(exist_ok=True)
        (hook / "sitecustomize.py").write_text(STAND_IN, "utf-8")
        code = os.environ.get("POLYLEAF_CODE", str(REPOSITORY))
        self.stand_in = {"PYTHONPATH": f"{hook}{os.pathsep}{code}", "STAND_IN_KB": str(chosen.pdf_kb)}

    def run(self, what: str, verb: str, environment: dict[str, str] | None = None) -> None:
        spent = spend([*POLYLEAF, *verb.split()], self.root, environment, expected=(0, 1) if verb == "check" else (0,))
        self.measured.setdefault(what, []).append(spent)
        print(
            f"{self.documents:5} {what:28} {spent.wall:8.1f} s {spent.cpu:8.1f} s CPU "
            f"{spent.largest_mb:7.0f} MB {spent.together_mb:7.0f} MB together",
            flush=True,
        )

    def repeatedly(self, what: str, verb: str, before: Callable[[Path], None] = lambda _: None) -> None:
        for _ in range(self.chosen.runs):
            before(self.root)
            self.run(what, verb)

    def measure(self) -> None:
        """All of it, from the sources to a build of one changed sentence."""
        make(self.root, self.documents, self.chosen.words, 0)
        self.run("extract", "update")
        shutil.rmtree(self.root)
        make(self.root, self.documents, self.chosen.words, self.chosen.locales)
        with (self.root / "polyleaf.toml").open("a", encoding="utf-8") as settings:
            names = ", ".join(f'"{name}"' for name in self.chosen.formats.split(","))
            settings.write(f'\n[build]\nformats = [{names}]\neditions = ["screen"]\n')
        self.run("update, first", "update")
        translate(self.root)
        self.run("update, all translated since", "update")
        self.repeatedly("update, nothing to do", "update")
        self.run("check", "check")
        self.run("build, first, with stand-in", "build", self.stand_in)
        self.repeatedly("build, nothing to do", "build")
        self.repeatedly("build, one msgstr", "build", edit_catalog)
        self.repeatedly("update, one word", "update", edit_source)
        sizes = [path.stat().st_size for folder in ("sources", "locales") for path in _files(self.root / folder)]
        made = [path.stat().st_size for path in _files(self.root / "build/site")]
        print(
            f"{self.documents:5} inputs: {len(sizes)} files, {sum(sizes) / 1e6:.0f} MB; "
            f"site: {len(made)} files, {sum(made) / 1e6:.0f} MB",
            flush=True,
        )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def rows(archives: list[Archive]) -> list[list[object]]:
    """For each thing done: seconds and megabytes for each size of archive, and the growth from the last but one to the last."""
    found: list[list[object]] = []
    for what in archives[0].measured:
        runs = [each.measured[what] for each in archives]
        walls = [figures(one.wall for one in run) for run in runs]
        cpus = [figures(one.cpu for one in run) for run in runs]
        memory = [max(one.together_mb for one in run) for run in runs]
        growth = "" if len(archives) < 2 else f"{cpus[-1].median / cpus[-2].median:.2f}"
        cells = [
            f"{wall} s, CPU {cpu.median:.1f}, {most:.0f} MB"
            for wall, cpu, most in zip(walls, cpus, memory, strict=True)
        ]
        found.append([what, *cells, growth])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="250,500,1000", help="sizes of the archive, with commas")
    parser.add_argument("--locales", type=int, default=40)
    parser.add_argument("--words", type=int, default=1000, help="of a document")
    parser.add_argument("--formats", default="web,a4", help="with commas; web alone makes no leaflets")
    parser.add_argument("--pdf-kb", type=int, default=40, help="size of a stand-in for a leaflet")
    parser.add_argument("--runs", type=int, default=3, help="of what does not change the archive")
    parser.add_argument("--folder", type=Path, help="make the archives here and keep them (several gigabytes)")
    chosen = parser.parse_args()
    chosen.locales = min(chosen.locales, len(LANGUAGES))
    print(machine(), flush=True)
    archives = []
    with tempfile.TemporaryDirectory(prefix="polyleaf-archive-") as temporary:
        for documents in map(int, chosen.documents.split(",")):
            archives.append(Archive(chosen.folder or Path(temporary), documents, chosen))
            archives[-1].measure()
            if chosen.folder is None:
                shutil.rmtree(archives[-1].root)
    head = [f"{each.documents} × {chosen.locales}" for each in archives]
    print(table(("what", *head, "growth of CPU, last step"), rows(archives)))
    print(machine())


if __name__ == "__main__":
    main()
