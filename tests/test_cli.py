"""The command line, as a person uses it: what it says, and the code it exits with."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline import __version__
from pipeline.build import Report
from pipeline.cli import main
from pipeline.typesetting.imprint import parse_imprint
from tests import press
from tests.golden import ORCHARD, SHARED, copy_of, polyleaf, traces
from tests.pdf_facts import opened, words

PAPER_VERBS = ("build", "fit", "preflight", "contact-sheet", "imprint")
VERBS = ("init", "import", "update", "check", "status", "languages", *PAPER_VERBS)


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
        ("build", "--edition", "wall"),
        ("build", "--flip", "sideways"),
        ("build", "--imprint", "nowhere.toml"),
        ("build", "--icc", "nowhere.icc"),
        ("fit", "--edition", "screen"),
        ("preflight",),
        ("preflight", "nowhere.pdf"),
        ("preflight", "--profile", "wall", str(ORCHARD / "polyleaf.toml")),
        ("imprint",),
        ("imprint", "--country", "Germany"),
        ("imprint", "--country", "XX"),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    assert run(*(("-C", ORCHARD) if arguments != ("-C",) else ()), *arguments).exit_code == 2


@pytest.mark.parametrize(
    "verb", [("update",), ("check",), ("status",), ("languages", "x"), ("build",), ("fit",), ("import", "x.txt")]
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
    assert b"2 leaflets typeset" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr, "no colours where there is no terminal"
    folder = root / "build" / "site" / "first-resolution" / "fr"
    assert sorted(path.name for path in folder.iterdir()) == [
        "first-resolution.fr.a4.desk.pdf",
        "first-resolution.fr.a4.pdf",
        "index.html",
        "message-1.txt",
        "share.jpg",
    ]
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
    assert "orchard de Deutsch 21 % 18 80" in " ".join(shown.output.split())
    assert shown.output.endswith("0 of 1 translations are whole; 80 words are left\n")


@pytest.mark.parametrize(
    ("verb", "keys"),
    [
        (("languages", "orchard"), {"tag", "endonym", "script", "direction", "signatories", "coverage", "draft"}),
        (("status",), {"document", "locale", "translated", "fuzzy", "untranslated", "percent", "draft"}),
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
    after = traces(root)
    after.pop(str(root / "locales" / ".lock"), None)  # an empty file, and git is told to leave it
    assert after == before


def edit_well(root: Path) -> None:
    source = root / "sources" / "well.md"
    text = source.read_text("utf-8")
    source.write_text(text.replace("everybody may", "everyone may").replace("Open the", "Unlock the"), "utf-8")


def fuzzy_in(root: Path, tag: str) -> int:
    (row,) = json.loads(run("-C", root, "status", "well", "--locale", tag, "--json").stdout)
    return int(row["fuzzy"])


def test_update_tells_what_it_wrote(root: Path) -> None:
    edit_well(root)
    shown = run("-C", root, "update", "well")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "wrote locales/templates/well.pot",
        "wrote locales/fa/well.po",
        "wrote locales/fr/well.po",
        "3 of 6 files changed",
    ]
    assert run("-C", root, "update", "well").stdout == "0 of 6 files changed\n"
    assert fuzzy_in(root, "fr") == 2


@pytest.mark.parametrize(("typo", "left"), [("well", 0), ("well#text.1", 1), ("orchard", 2)])
def test_update_is_told_that_an_edit_changes_no_meaning(typo: str, left: int, root: Path) -> None:
    edit_well(root)
    assert run("-C", root, "update", "--typo", typo).exit_code == 0
    assert [fuzzy_in(root, tag) for tag in ("fa", "fr")] == [left, left]


def test_update_is_told_of_two_places(root: Path) -> None:
    edit_well(root)
    assert run("-C", root, "update", "--typo", "well#text.1", "--typo", "well#text.2").exit_code == 0
    assert fuzzy_in(root, "fr") == 0


def test_a_warning_of_an_update_is_no_error(root: Path) -> None:
    path = root / "locales" / "fr" / "well.po"
    path.write_text(path.read_text("utf-8").replace('msgid "Open the well!"', 'msgid "Open the pond!"'), "utf-8")
    shown = run("-C", root, "update")
    assert shown.exit_code == 0
    assert re.search(
        r"^locales/fr/well\.po:\d+: warning: the msgid “Open the pond!” is not", shown.output, re.MULTILINE
    )


def test_the_languages_of_a_document_in_the_terminal(root: Path) -> None:
    shown = run("-C", root, "languages", "well", "--json")
    assert shown.exit_code == 0
    rows = {row["tag"]: row for row in json.loads(shown.stdout)}
    assert set(rows) == {"en", "fa", "fr"}
    assert (rows["fr"]["signatories"], rows["fr"]["coverage"], rows["fr"]["draft"]) == (["pommier"], 100, False)


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(root: Path) -> None:
    (root / "build").write_text("a file where a folder should be", encoding="utf-8")
    shown = run("-C", root, "build", "--format", "web")
    assert shown.exit_code == 1
    assert "error:" in shown.output
    assert "Traceback" not in shown.output


# --- paper ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def built(finished: tuple[Path, Report], tmp_path: Path) -> Path:
    """The workspace with all its leaflets, to be changed."""
    return Path(shutil.copytree(finished[0], tmp_path / "built", symlinks=True))


def pdfs(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "build" / "site" / "well" / "fr").glob("*.pdf"))


FRENCH = ("well", "--locale", "fr", "--jobs", 1)


def test_fit_tells_how_each_language_is_set_and_typesets_nothing_again(built: Path) -> None:
    before = traces(built / "build" / "site")
    shown = run("-C", built, "fit", "--json")
    assert shown.exit_code == 0
    answer = json.loads(shown.stdout)
    assert answer["diagnostics"] == []
    assert [(each["document"], each["locale"], each["format"]) for each in answer["fits"]] == [
        *(("orchard", tag, "a4") for tag in "de el en fa fr".split()),
        *(("well", tag, "a4") for tag in "en fa fr".split()),
    ]
    for each in answer["fits"]:
        assert list(each) == (
            "document locale format pages sheets size_pt leading space fill layouts shortened".split()
        )
        assert (each["pages"], each["sheets"], each["shortened"]) == (1, 1, False)
        assert each["size_pt"] >= 9
        assert 0.94 <= each["leading"] <= 1.1
        assert 0.5 <= each["space"] <= 3
        assert 0 < each["fill"] <= 1
        assert 1 <= each["layouts"] <= 8
    assert traces(built / "build" / "site") == before


def test_the_table_of_fits(built: Path) -> None:
    shown = run("-C", built, "fit", "well", "--locale", "fr")
    assert shown.exit_code == 0
    heads, row = (line for line in shown.stdout.splitlines() if line.strip() and "──" not in line)
    assert heads.split() == "Document Tag Format Pages Sheets Size Leading Space Filled Layouts".split()
    assert re.search(r"^ *well +fr +a4 +1 +1 +[\d.]+ pt +\d+ ?% +\d+ ?% +\d+ ?% +\d *$", row)


def test_a_text_that_does_not_fit_is_an_error_with_its_numbers(built: Path) -> None:
    source = built / "sources" / "well.md"
    source.write_text(source.read_text("utf-8") + "\n\nNobody shall fence in a well. " * 300, encoding="utf-8")
    shown = run("-C", built, "fit", "well", "--locale", "en", "--format", "a4", "--jobs", 1)
    assert shown.exit_code == 1
    assert "error: the text does not fit: at 9 pt" in shown.output
    assert "the format has 2 [does-not-fit]" in shown.output


def test_preflight_proves_leaflets_of_the_workspace(built: Path) -> None:
    files = [built / "build" / "site" / "well" / "fr" / name for name in pdfs(built)]
    shown = run("-C", built, "preflight", *files)
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert re.search(r"well\.fr\.a4\.desk\.pdf: passed as desk edition, \d+ rules asked", lines[0])
    assert any(
        re.search(r"well\.fr\.a4\.pdf: passed as screen edition, \d+ rules .*PDF/UA-1 by", each) for each in lines
    )
    assert lines[-1] == "2 files proven, 0 refused"
    answer = json.loads(run("-C", built, "preflight", *files, "--json").stdout)
    assert [(each["edition"], each["known"], each["passed"]) for each in answer] == [
        ("desk", True, True),
        ("screen", True, True),
    ]


def test_preflight_refuses_a_file_for_another_purpose(built: Path) -> None:
    path = built / "build" / "site" / "well" / "fr" / "well.fr.a4.pdf"
    shown = run("-C", built, "preflight", "--profile", "shop", path)
    assert shown.exit_code == 1
    assert "refused as shop edition" in shown.output
    assert re.search(rf"^{re.escape(str(path))}: error: .* \[preflight-[a-z-]+\]$", shown.output, re.MULTILINE)
    assert shown.output.endswith("1 file proven, 1 refused\n") or "1 file proven, 1 refused" in shown.output


def test_preflight_says_what_it_cannot_know_of_a_foreign_file(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "ours.pdf"
    shutil.copy(built / "build" / "site" / "well" / "fr" / "well.fr.a4.pdf", path)
    shown = run("-C", tmp_path / "no workspace", "preflight", path)
    assert "not asked, for it is no leaflet of this workspace: foreign-font, " in shown.output
    assert "text-missing" in shown.output


def test_preflight_of_what_is_no_pdf(built: Path) -> None:
    shown = run("-C", built, "preflight", built / "polyleaf.toml")
    assert shown.exit_code == 1
    assert "the file is no readable PDF" in shown.output


@pytest.mark.parametrize("country", ["DE", "at", "CH", "FR", "GB", "TG"])
def test_a_form_for_the_imprint_can_be_filled_in(country: str) -> None:
    shown = run("imprint", "--country", country)
    assert shown.exit_code == 0
    assert "This is not legal advice" in shown.output
    assert parse_imprint(shown.output, "us.toml").country == country.upper()


def filled_in(country: str) -> str:
    """The form, with a word in every field."""
    form = run("imprint", "--country", country).output
    return re.sub(
        r'^(group|printer|printer_address|publisher|publisher_address) = ""', r'\1 = "Nous"', form, flags=re.MULTILINE
    )


@pytest.mark.slow
def test_leaflets_with_an_imprint_are_beside_the_site(built: Path, tmp_path: Path) -> None:
    before = traces(built / "build" / "site")
    own = tmp_path / "our-group.toml"
    own.write_text(filled_in("FR"), encoding="utf-8")
    done = polyleaf("-C", built, "build", *FRENCH, "--imprint", own)
    assert done.returncode == 0, done.stderr.decode()
    assert b"build/print: 0 web pages and 2 leaflets in 1 language" in done.stdout
    folder = built / "build" / "print" / "our-group"
    assert sorted(path.name for path in folder.iterdir()) == ["well.fr.a4.desk.pdf", "well.fr.a4.pdf"]
    assert "Nous" in words(folder / "well.fr.a4.pdf")
    assert traces(built / "build" / "site") == before


def test_an_imprint_that_lacks_a_required_field_is_refused(built: Path, tmp_path: Path) -> None:
    own = tmp_path / "us.toml"
    own.write_text(run("imprint", "--country", "DE").output, encoding="utf-8")
    shown = run("-C", built, "build", *FRENCH, "--imprint", own)
    assert shown.exit_code == 1
    line = next(number for number, text in enumerate(own.read_text("utf-8").splitlines(), 1) if text == 'printer = ""')
    assert re.search(rf"^{re.escape(str(own))}:{line}: error: ", shown.output, re.MULTILINE), shown.output
    assert "[imprint" in shown.output
    assert not (built / "build" / "print").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("--imprint", b'country = "Germany"', "error: "),
        ("--imprint", b"\xff", "error: the file is not UTF-8 text [imprint]"),
        ("--icc", b"no profile", "[icc-profile]"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    built: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    shown = run("-C", built, "build", *FRENCH, name, path)
    assert shown.exit_code == 1
    assert shown.output.startswith(str(path))
    assert message in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.slow
def test_editions_papers_and_sides_can_be_chosen(built: Path) -> None:
    chosen = (
        ("--edition", "shop"),
        ("--paper", "letter", "--edition", "desk"),
        ("--single-sided", "--edition", "desk", "--format", "a5"),
    )
    for options in chosen:
        done = run("-C", built, "build", *FRENCH, *options)
        assert done.exit_code == 0, done.output
    assert pdfs(built) == [
        "well.fr.a4.desk.pdf",
        "well.fr.a4.pdf",
        "well.fr.a4.shop.pdf",
        "well.fr.a5.desk-even.pdf",
        "well.fr.a5.desk-odd.pdf",
        "well.fr.letter.desk.pdf",
    ]


@pytest.mark.slow
def test_a_profile_makes_pdf_x(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "press.icc"
    path.write_bytes(press.profile())
    done = polyleaf("-C", built, "build", *FRENCH, "--edition", "shop", "--icc", path)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b"" or b"not-pdf-x" not in done.stderr
    with opened((built / "build" / "site" / "well" / "fr" / "well.fr.a4.shop.pdf").read_bytes()) as pdf:
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFX"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "a9"), "there is no format “a9” [unknown-format]"),
        (("--paper", "papyrus"), "no format is for the paper “papyrus” [unknown-paper]"),
    ],
)
@pytest.mark.parametrize("verb", ["build", "fit"])
def test_a_format_or_paper_that_is_not_there_is_told_with_those_that_are(
    verb: str, options: tuple[str, ...], message: str
) -> None:
    shown = run("-C", ORCHARD, verb, *options)
    assert shown.exit_code == 1
    assert message in shown.output
    assert "letter" in shown.output.partition("hint:")[2]
    assert not (ORCHARD / "build").exists()


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
