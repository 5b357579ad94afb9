"""The command line, as a person uses it: what it says, and the code it exits with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline import __version__
from pipeline.cli import main
from tests.golden import ORCHARD, SHARED, copy_of, polyleaf, traces

VERBS = ("init", "import", "update", "check", "status", "languages", "build")


def run(*arguments: object, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given, catch_exceptions=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def spoil(root: Path) -> None:
    path = root / "locales" / "fa" / "well.po"
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "Open', 'msgid "Open" "'), encoding="utf-8")


# --- help and wrong usage -------------------------------------------------------------------------------------------------


def test_help_names_every_verb_with_what_it_does() -> None:
    shown = run("--help")
    assert shown.exit_code == 0
    for verb in VERBS:
        assert re.search(rf"^  {verb}\s+[A-Z]\w.*\S\.?$", shown.output, re.MULTILINE), verb
    assert "sources/" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 100


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    for option in ("--help", "-h"):
        shown = run(verb, option)
        assert shown.exit_code == 0
        assert shown.output.startswith(f"Usage: main {verb}")
        assert "None" not in shown.output


def test_version() -> None:
    assert run("--version").output == f"polyleaf, version {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("build", "--nonsense"),
        ("build", "--jobs", "0"),
        ("build", "--locale", "not a tag"),
        ("languages",),
        ("import",),
        ("-C",),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    assert run(*(("-C", ORCHARD) if arguments != ("-C",) else ()), *arguments).exit_code == 2


@pytest.mark.parametrize(
    "verb", [("update",), ("check",), ("status",), ("languages", "x"), ("build",), ("import", "x.txt")]
)
def test_a_folder_that_is_no_workspace_is_wrong_usage_with_a_way_out(verb: tuple[str, ...], tmp_path: Path) -> None:
    shown = run("-C", tmp_path / "nowhere", *verb)
    assert shown.exit_code == 2
    assert "it has no folder sources/" in shown.output
    assert "polyleaf init" in shown.output
    assert not (tmp_path / "nowhere").exists()


# --- from nothing to a leaflet --------------------------------------------------------------------------------------------


def test_from_an_empty_folder_to_leaflets(tmp_path: Path) -> None:
    root = tmp_path / "new" / "place"
    begun = run("-C", root, "init")
    assert begun.exit_code == 0
    assert "wrote sources/first-resolution.md" in begun.output
    assert run("-C", root, "update").exit_code == 0
    assert (root / "locales" / "fr" / "first-resolution.po").is_file()
    done = polyleaf("-C", root, "build", "--locale", "fr", "--jobs", 1)
    assert done.returncode == 0, done.stderr.decode()
    assert b"1 leaflets typeset" in done.stdout or b"1 leaflet typeset" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr, "no colours where there is no terminal"
    folder = root / "build" / "site" / "first-resolution" / "fr"
    assert sorted(path.name for path in folder.iterdir()) == ["first-resolution.fr.a4.pdf", "index.html"]
    again = run("-C", root, "init")
    assert again.exit_code == 1
    assert "file-exists" in again.output


# --- tables, JSON, exit codes ---------------------------------------------------------------------------------------------


def test_the_table_of_languages() -> None:
    shown = run("-C", ORCHARD, "languages", "orchard")
    assert shown.exit_code == 0
    rows = [line.split() for line in shown.output.splitlines() if line.strip() and "──" not in line]
    assert rows[1] == ["en", "English", "English", "Latn", "ltr", "100", "%", "(source)"]
    assert ["fa", "فارسی", "Persian", "Arab", "rtl", "100", "%", "sib"] in rows
    assert ["de", "Deutsch", "German", "Latn", "ltr", "21", "%", "apfel"] in rows
    assert "100 % draft" in shown.output


def test_the_table_of_states() -> None:
    shown = run("-C", ORCHARD, "status", "orchard", "--locale", "de")
    assert shown.exit_code == 0
    assert shown.output.split()[-6:] == ["de", "Deutsch", "21", "%", "5/23", "18"]


@pytest.mark.parametrize(
    ("verb", "keys"),
    [
        (("languages", "orchard"), {"tag", "endonym", "script", "direction", "signatories", "coverage", "draft"}),
        (("status",), {"document", "locale", "translated", "fuzzy", "untranslated", "coverage", "draft"}),
        (("check",), {"code", "severity", "message", "path", "line"}),
    ],
)
def test_json_for_machines(verb: tuple[str, ...], keys: set[str]) -> None:
    shown = run("-C", ORCHARD, *verb, "--json")
    rows = json.loads(shown.stdout)
    assert rows
    assert all(keys <= set(row) for row in rows)


def test_json_of_update_and_build(root: Path) -> None:
    assert json.loads(run("-C", root, "update", "--json").stdout) == {"written": [], "seen": 13, "diagnostics": []}
    report = json.loads(run("-C", root, "build", "--format", "web", "--json").stdout)
    assert {each["format"] for each in report["artifacts"]} == {"web"}
    assert report == json.loads((root / "build" / "report.json").read_text(encoding="utf-8"))


def test_json_stays_json_when_something_is_wrong(root: Path) -> None:
    spoil(root)
    for verb in (("status",), ("languages", "well"), ("check",), ("update",), ("build", "--format", "web")):
        shown = run("-C", root, *verb, "--json")
        assert shown.exit_code == 1, verb
        json.loads(shown.stdout)


def test_what_is_not_translated_yet_is_a_warning_and_strict_makes_it_an_error() -> None:
    shown = run("-C", ORCHARD, "check", "--locale", "de")
    assert shown.exit_code == 0
    assert re.search(r"^locales/de/orchard.po:\d+: warning: “Assembly of Orchards” is not", shown.output, re.MULTILINE)
    assert shown.output.endswith("0 errors, 18 warnings\n")
    assert run("-C", ORCHARD, "check", "--locale", "de", "--strict").exit_code == 1
    assert run("-C", ORCHARD, "check", "--locale", "fr", "--strict").exit_code == 0


@pytest.mark.parametrize("verb", [("check",), ("status",), ("languages", "well"), ("update",), ("build", "-f", "web")])
def test_errors_are_1_with_path_and_line(root: Path, verb: tuple[str, ...]) -> None:
    spoil(root)
    shown = run("-C", root, *verb)
    assert shown.exit_code == 1
    assert re.search(r"^locales/fa/well\.po:\d+: error: ", shown.output, re.MULTILINE)


@pytest.mark.parametrize("verb", [("languages", "nowhere"), ("build", "nowhere"), ("build", "-f", "a9")])
def test_what_is_not_there_is_named(verb: tuple[str, ...]) -> None:
    shown = run("-C", ORCHARD, *verb)
    assert shown.exit_code == 1
    assert "there is no" in shown.output


@pytest.mark.parametrize("verb", ["status", "check", "update"])
def test_a_document_that_is_not_there_is_named_by_every_verb(verb: str, root: Path) -> None:
    shown = run("-C", root, verb, "nowhere")
    assert shown.exit_code == 1
    assert "there is no sources/nowhere.md" in shown.output


def test_a_language_that_no_document_has_is_told(root: Path) -> None:
    shown = run("-C", root, "build", "--locale", "zu", "--format", "web")
    assert shown.exit_code == 1
    assert "error: no document has the language zu [unknown-language]" in shown.output


def test_asking_changes_nothing(root: Path) -> None:
    before = traces(root)
    for verb in (("check",), ("status",), ("languages", "well"), ("update",)):
        assert run("-C", root, *verb).exit_code == 0
    assert traces(root) == before


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(root: Path) -> None:
    (root / "build").write_text("a file where a folder should be", encoding="utf-8")
    shown = run("-C", root, "build", "--format", "web")
    assert shown.exit_code == 1
    assert "error:" in shown.output
    assert "Traceback" not in shown.output


# --- import ---------------------------------------------------------------------------------------------------------------

PAGE = """The river belongs to all!

Resolution of the Assembly of Rivers, 3 March 2026

Nobody may sell the water of the river.

Signatories (as of 5 March 2026):

1. AR Amis de la rivière (Friends of the River), France
2. FL Flussleute (River People), Germany
"""


def test_import_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    for name, source, given in (("a", page, None), ("b", "-", PAGE.encode())):
        (tmp_path / name / "sources").mkdir(parents=True)
        shown = run("-C", tmp_path / name, "import", source, "--id", "river", given=given)
        assert shown.exit_code == 0, shown.output
        assert "wrote sources/river.md" in shown.output
        assert "2 signatories, 2 new in the registry" in shown.output
    files = [tmp_path / name / "sources" / "river.md" for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "Nobody may sell the water of the river." in files[0].read_text(encoding="utf-8")
    again = run("-C", tmp_path / "a", "import", page, "--id", "river")
    assert again.exit_code == 1
    assert "sources/river.md: error: the document is there already" in again.output


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")
def test_import_of_the_real_page_as_json(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    page = SHARED / "inputs" / "icor-resolution-2021-afghanistan.txt"
    shown = run("-C", tmp_path, "import", page, "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["signatories"] == 36


@pytest.mark.parametrize(
    ("content", "message"), [(None, "there is no such file"), (b"caf\xe9 \xff", "is not UTF-8 text")]
)
def test_what_cannot_be_imported_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    (tmp_path / "sources").mkdir()
    if content is not None:
        (tmp_path / "page.txt").write_bytes(content)
    shown = run("-C", tmp_path, "import", tmp_path / "page.txt")
    assert shown.exit_code == 1
    assert message in shown.output
    assert not list((tmp_path / "sources").iterdir())
