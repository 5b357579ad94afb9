"""The one real page at hand: every signatory with its acronym, names and country, and every line accounted for.

Neither the page's prose nor its names are in this file: names are checked by where they stand in the input's own lines.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from pipeline.locales import Locale
from pipeline.source.document import Document, Role
from pipeline.source.intake import Imported, extended_registry, import_page
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document

PAGE = Path(__file__).parents[2] / "shared" / "inputs" / "icor-resolution-2021-afghanistan.txt"
HEADER = "id,acronym,name,name_language,translation,country,languages\n"
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the saved page is not part of the repository")

# acronym · country · language of the name · words of the name · words of its English name
SIGNATORIES = """
PCPCI               CI fr      6  6
ORC                 CD fr      4  4
UPC-Manidem         CM fr     13 13
MMLPL               MA en      4  0
CPSA (ML)           ZA en      6  0
PCT                 TG fr      4  4
PPDS                TN fr      4  4
MLOA                AF en      4  0
CPB                 BD en      4  0
CPI (ML) Red Star   IN en      7  0
Ranjbaran           IR fa-Latn 3  4
NCP (Mashal)        NP en      4  0
PPRF                NP en      6  0
NDMLP               LK en      3  0
CPA/ML              AU en      5  0
PR-ByH              BA bs      4  7
MLPD                DE de      3  4
UC                  FR fr      2  2
UPML                FR fr      3  3
BP (NK-T)           TR tr      4  4
KOL                 LU de      3  4
RM                  NL nl      2  2
UMLP                PT pt      3  3
MLGS                CH de      3  4
TKP-ML              TR tr      5  6
MLKP                TR tr      7  7
KSRD                UA ru-Latn 4  7
UoC                 CY en      3  0
PCC-M               CO es      6  6
OAPCM               MX es      7  8
PCP (independiente) PY es      4  4
PC (ML)             DO es      4  3
PCR-U               UY es      5  5
BDP                 PE es      3  3
NPCH (ML)           HT fr      5  6
-                   DE de      3  0
"""
ROWS = [
    re.split(r" {2,}| (?=[A-Z]{2} [a-z])|(?<= [A-Z]{2}) | (?=\d)", line) for line in SIGNATORIES.strip().split("\n")
]


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def imported(text: str) -> Imported:
    return import_page(text, PAGE.name, "page", ())


@pytest.fixture(scope="module")
def document(imported: Imported) -> Document:
    registry = parse_registry(extended_registry(HEADER, imported.rows), "organisations.csv")
    return parse_document(Source("page", "page.md", imported.source_text), registry, Locale.parse("en"))


def signatory_lines(text: str) -> list[str]:
    numbered = re.findall(r"^ +\d+\. (.*)$", text, re.MULTILINE)
    late = text[text.index("\nSubsequent") :].split("\n")
    return [*numbered, late[2], late[4]]


def test_thirty_six_signatories_stand_in_three_groups(imported: Imported, document: Document) -> None:
    assert len(imported.rows) == 36
    assert [len(group.members) for group in document.groups] == [34, 1, 1]
    assert [group.first_number for group in document.groups] == [1, None, None]
    assert [bool(group.as_of) for group in document.groups] == [True, False, False]
    assert [group.open for group in document.groups] == [True, False, False]
    assert str(document.groups[0].as_of) == "2021-09-15"
    assert document.groups[2].heading is not None
    assert document.groups[2].heading.msgid.endswith("(Non-ICOR)")


@pytest.mark.parametrize("index", range(36))
def test_each_signatory_is_what_its_line_says(index: int, text: str, imported: Imported) -> None:
    line, row = signatory_lines(text)[index], imported.rows[index]
    acronym, country, language, words, translated = (cell.strip() for cell in ROWS[index] if cell.strip())
    acronym = "" if acronym == "-" else acronym
    assert (row.acronym, row.country, row.name_language) == (acronym, country, language)
    assert (len(row.name.split()), len(row.translation.split())) == (int(words), int(translated))
    rest = line.removeprefix(acronym).strip()
    assert rest.startswith(row.name)
    after = rest[len(row.name) :].strip()
    if row.translation:
        assert after.startswith(f"({row.translation}")
        after = after.removeprefix(f"({row.translation}").lstrip().removeprefix(")").strip()
    assert after == "" or after.startswith(",")
    assert row.languages == ""


def test_the_head_is_read(imported: Imported, document: Document, text: str) -> None:
    title = text.split("\n")[7]
    assert document.title.msgid == title
    assert document.kind is not None
    assert document.issuer is not None
    assert (document.kind.msgid, document.issuer.msgid, str(document.adopted)) == ("Resolution", "ICOR", "2021-09-10")
    assert document.locale.tag == "en"
    assert imported.source_text.count(title) == 1


def test_every_paragraph_and_slogan_is_there(document: Document, text: str) -> None:
    body = text[text.index("10 September 2021\n") : text.index("Signatories (")].split("\n")[1:]
    paragraphs = [line for line in body if line.strip()]
    assert [segment.msgid for segment in document.body.segments] == paragraphs
    assert len(paragraphs) == 13
    assert sum(segment.role is Role.SLOGAN for segment in document.body.segments) >= 6


def test_no_line_is_lost(imported: Imported, text: str) -> None:
    registry = extended_registry(HEADER, imported.rows)
    dropped = {each.text for each in imported.dropped}
    signatories = set(signatory_lines(text))
    for line in filter(None, (re.sub(r"^\d+\. ", "", line.strip()) for line in text.split("\n"))):
        assert line in imported.source_text or line in dropped or line in signatories, line
    assert all(row.name in registry for row in imported.rows)
    assert {each.reason for each in imported.dropped} == {
        "page furniture",
        "breadcrumb",
        "date line, now in the front matter",
        "heading of a list, now in the front matter",
    }


def test_importing_again_adds_no_row(imported: Imported, document: Document, text: str) -> None:
    registry = parse_registry(extended_registry(HEADER, imported.rows), "organisations.csv").organisations
    again = import_page(text, PAGE.name, "page", registry)
    assert again.rows == ()
    assert again.source_text == imported.source_text


def test_there_is_nothing_to_look_at(imported: Imported) -> None:
    assert imported.diagnostics == ()


def test_the_same_page_as_html_gives_the_same_source(imported: Imported, text: str) -> None:
    lines = [f"<p>{html.escape(line.strip())}</p>" for line in text.split("\n") if line.strip()]
    marked = "\n".join(re.sub(r"^<p>(\d+)\. (.*)</p>$", r"<ol start='\1'><li>\2</li></ol>", line) for line in lines)
    again = import_page(f"<html><body>{marked}</body></html>", PAGE.name, "page", ())
    assert again.source_text == imported.source_text
    assert again.rows == imported.rows
