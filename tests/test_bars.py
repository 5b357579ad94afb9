"""What has to hold for the whole: real inputs through the command line, from the first file to the last byte.

Slow: ``python -m pytest -m slow tests/test_bars.py``.
"""

from __future__ import annotations

import csv
import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from pipeline.fonts import seal
from pipeline.locales import Locale, official_languages
from pipeline.renditions import Rendition, renditions
from pipeline.source.markdown import plain_text
from pipeline.translation.checks.safety import PLAIN_ROLES
from pipeline.translation.message import State
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY, SHARED, copy_of, polyleaf, sums, traces
from tests.pdf_facts import fonts, opened, undefined_glyphs, words

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bars")]
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")
SEARCHABLE = ("Latn", "Cyrl", "Grek", "Tfng")


def succeed(*arguments: object, **how: object) -> str:
    done = polyleaf(*arguments, **how)  # type: ignore[arg-type]  # environment, given
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def judge_fonts(workspace: Path) -> None:
    """Every PDF: all fonts embedded, subset and ours, no ``.notdef``, tagged, with title and language."""
    families = seal(Workspace(workspace).typography.all_families(), workspace / "own", workspace / "build" / ".cache")
    ours = {family.replace(" ", "") for family, _ in families.families}
    for path in (workspace / "build" / "site").rglob("*.pdf"):
        pdf = path.read_bytes()
        assert all(font.embedded and font.subset and font.family in ours for font in fonts(pdf)), path
        assert undefined_glyphs(pdf) == 0, path
        with opened(pdf) as document:
            assert str(document.Root.Lang) == path.parent.name
            assert str(document.docinfo["/Title"])
            assert ("/MarkInfo" in document.Root) is (".desk" not in path.name)


def one_space(text: str) -> str:
    """The text with every run of white space, no-break ones too, as one space."""
    return re.sub(r"\s+", " ", text).strip()


def page_text(path: Path) -> str:
    body = path.read_text(encoding="utf-8").partition("<body>")[2]
    return one_space(unescape(re.sub(r"<[^>]*>", "", re.sub(r"(</(?:p|li|h\d|td|th)>|<br[^>]*>)", r"\1 ", body))))


def translated(rendition: Rendition) -> Iterator[str]:
    """The words of every segment that is in the reader's language."""
    for each in rendition.localized.segments():
        if each.state is State.TRANSLATED and each.locale == rendition.locale:
            plain = each.segment.role in PLAIN_ROLES
            labels = rendition.document.body.footnotes
            yield one_space(each.text if plain else plain_text(each.text, labels))


# --- (1) the Universal Declaration ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Declaration without signatories: its languages are those that have a catalog."""
    root = tmp_path_factory.mktemp("udhr")
    (root / "sources").mkdir()
    shutil.copyfile(SHARED / "udhr" / "udhr.md", root / "sources" / "udhr.md")
    for path in (SHARED / "udhr" / "po").glob("*.po"):
        (root / "locales" / path.stem).mkdir(parents=True)
        shutil.copyfile(path, root / "locales" / path.stem / "udhr.po")
    # It is three times as long as a sheet of A4 holds.
    (root / "polyleaf.toml").write_text('[build]\nformats = ["web", "large-print"]\neditions = ["screen"]\n')
    succeed("-C", root, "build")
    return root


@needs_shared
def test_the_declaration_is_there_in_13_languages_and_its_own(declaration: Path) -> None:
    made = {path.parent.name for path in (declaration / "build" / "site").rglob("*.pdf")}
    assert made == {path.stem for path in (SHARED / "udhr" / "po").glob("*.po")} | {"en"}
    assert len(made) == 14
    judge_fonts(declaration)


@needs_shared
def test_every_translated_segment_stands_whole_in_its_web_page(declaration: Path) -> None:
    count = 0
    for rendition in renditions(Workspace(declaration).read()):
        shown = page_text(declaration / rendition.folder / "index.html")
        for text in translated(rendition):
            assert text in shown, f"{rendition.locale}: {text}"
            count += 1
    print(f"{count} segments stand whole in the web pages")
    assert count > 500


@needs_shared
def test_every_translated_segment_is_found_in_its_pdf(declaration: Path) -> None:
    """Looser than white space alone, and why:

    - hyphens are left out on both sides: poppler joins words at a “-” at the end of a line, whether it was ours or the text's,
      and does not join them over the end of a page;
    - the margin with the small print is cut off: it stands between the two halves of a sentence that goes on overleaf;
    - a sentence counts if poppler finds it in its own reading order or in the order of drawing (``-raw``): it takes a widely
      spaced line of a narrow column for two.
    """
    count, strict, lost = 0, 0, []
    for rendition in renditions(Workspace(declaration).read()):
        if rendition.locale.script not in SEARCHABLE:
            continue
        path = declaration / rendition.folder / f"udhr.{rendition.locale.tag}.large-print.pdf"
        as_is = one_space(words(path))
        loose = [without_hyphens(words(path, *TEXT_AREA, *order)) for order in ((), ("-raw",))]
        for text in translated(rendition):
            count += 1
            strict += text in as_is
            if not any(without_hyphens(text) in shown for shown in loose):
                lost.append(f"{rendition.locale}: {text}")
    print(f"{count - len(lost)} of {count} segments are found in the PDFs, {strict} with white space normalised alone")
    assert strict / count > 0.97
    assert not lost, "\n".join(lost)
    assert count > 300


#: The A4 sheet without the 19 mm at its foot, in points.
TEXT_AREA = ("-x", "0", "-y", "0", "-W", "596", "-H", str(int((297 - 19) / 25.4 * 72)))


def without_hyphens(text: str) -> str:
    return one_space(re.sub(r"[-\u2010\u00ad]\s*", "", text))


# --- (2) the real page ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    root = tmp_path_factory.mktemp("icor")
    (root / "sources").mkdir()
    page = SHARED / "inputs" / "icor-resolution-2021-afghanistan.txt"
    imported = json.loads(succeed("-C", root, "import", page, "--json"))
    succeed("-C", root, "update")
    succeed("-C", root, "build")
    return root, imported


@needs_shared
def test_the_real_page_has_all_its_signatories(real_page: tuple[Path, dict[str, object]]) -> None:
    root, imported = real_page
    assert imported["signatories"] == 36
    (document,) = Workspace(root).read().documents
    assert [len(group.members) for group in document.groups] == [
        len(group.members) for group in document.groups if group
    ]
    assert sum(len(group.members) for group in document.groups) == 36
    assert len(document.groups) == 3


@needs_shared
def test_the_real_page_speaks_every_official_language(real_page: tuple[Path, dict[str, object]]) -> None:
    root, imported = real_page
    countries = {code for each in Workspace(root).read().registry.organisations for code in each.countries}
    wanted = {locale.tag for code in countries for locale in official_languages(code)}
    with (SHARED / "languages" / "signatory-languages.csv").open(encoding="utf-8", newline="") as file:
        rows = {Locale.parse(row["lang"]).tag for row in csv.DictReader(file) if "official" in row["status"]}
    site = root / "build" / "site" / str(imported["id"])
    pages = {path.parent.name for path in site.glob("*/index.html")}
    leaflets = {path.parent.name for path in site.glob("*/*.a4.pdf")}
    print(f"{len(pages)} languages; {len(wanted)} by the registry's countries, {len(rows)} by the list")
    assert pages == leaflets
    assert wanted <= pages
    assert rows <= pages, sorted(rows - pages)
    judge_fonts(root)


# --- (3) the sample -------------------------------------------------------------------------------------------------------

REQUIRED = "ar bn de el es fa fa-AF fr hi ht it kmr ne nl ps pt ru si sw ta tr uk ur".split()


def sample(folder: Path) -> Path:
    """The repository's own workspace, without what was made of it."""
    for name in ("sources", "locales", "templates"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copyfile(REPOSITORY / "polyleaf.toml", folder / "polyleaf.toml")
    return folder


def test_the_sample_is_whole_in_thirty_languages_and_nine_scripts() -> None:
    every = [each for each in renditions(Workspace(REPOSITORY).read()) if each.locale != each.document.locale]
    whole = {each.locale for each in every} - {each.locale for each in every if each.localized.coverage.percent < 100}
    print(f"{len(whole)} locales whole, {len({each.script for each in whole})} scripts")
    assert len(whole) >= 30
    assert {locale.tag for locale in whole} >= set(REQUIRED)
    assert len({locale.script for locale in whole}) >= 9
    assert all(len(document.signatories()) >= 34 for document in Workspace(REPOSITORY).read().documents)


def cpu_seconds(*command: object) -> float:
    """The processor time of a command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    succeed(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


SHORT = ("build", "own-language", "--format", "web", "--format", "a4")


def test_the_short_sample_again_costs_next_to_nothing(tmp_path: Path) -> None:
    root = sample(tmp_path)
    succeed("-C", root, *SHORT)
    before = traces(root / "build" / "site")
    succeed("-C", root, *SHORT)
    second = min(cpu_seconds("-C", root, *SHORT) for _ in range(3))
    start_up = min(cpu_seconds("--version") for _ in range(3))
    report = json.loads((root / "build" / "report.json").read_text(encoding="utf-8"))
    leaflets = [each for each in report["artifacts"] if each["pages"]]
    print(f"{len(leaflets)} leaflets again: {second:.2f} s of CPU, of which start-up {start_up:.2f} s")
    assert len(leaflets) > 30
    assert all(each["cached"] for each in report["artifacts"])
    assert traces(root / "build" / "site") == before
    assert not imports_weasyprint("-C", root, *SHORT)
    judge_fonts(root)


def imports_weasyprint(*arguments: object) -> bool:
    program = (
        "import sys\nfrom pipeline.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\nsys.exit('weasyprint' in sys.modules)"
    )
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False).returncode != 0


# --- (4) reproducible, (5) update -----------------------------------------------------------------------------------------


def test_another_folder_time_zone_seed_umask_and_language_change_no_byte(tmp_path: Path) -> None:
    here = copy_of(ORCHARD, tmp_path / "here")
    there = copy_of(ORCHARD, tmp_path / "o t h e r" / "R&D ü")
    succeed(
        "-C", here, "build", environment={"TZ": "UTC", "PYTHONHASHSEED": "1", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    )
    elsewhere = {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "4242",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "1",
    }
    shell = 'umask 077; exec "$@"'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "pipeline", "-C", str(there), "build", "--jobs", "1"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), **elsewhere}
    subprocess.run(command, env=environment, cwd="/", check=True, capture_output=True)
    assert sums(here / "build" / "site") == sums(there / "build" / "site")
    modes = {path.stat().st_mode & 0o777 for path in (there / "build" / "site").rglob("*") if path.is_file()}
    assert modes == {0o644}


def test_updating_twice_writes_nothing_the_second_time(tmp_path: Path) -> None:
    root = sample(tmp_path)
    succeed("-C", root, "update")
    before = traces(root)
    assert json.loads(succeed("-C", root, "update", "--json"))["written"] == []
    assert traces(root) == before
