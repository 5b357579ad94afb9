"""Saved pages become sources: literate cases of every layout, then laws for any text at all."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.source.document import Document
from pipeline.source.frontmatter import split_source
from pipeline.source.intake import Imported, RegistryRow, extended_registry, import_page
from pipeline.source.intake.countries import country_named
from pipeline.source.intake.markup import is_markup
from pipeline.source.intake.text import printable
from pipeline.source.markdown import reference_rendering
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document

CASES = sorted((Path(__file__).parent / "cases" / "intake").glob("*.md"))
HEADER = "id,acronym,name,name_language,translation,country,languages\n"


def compiled(imported: Imported) -> Document:
    """The document that the compiler makes of what was imported: it must have nothing to complain about."""
    registry = parse_registry(extended_registry(HEADER, imported.rows), "organisations.csv")
    return parse_document(Source("page", "page.md", imported.source_text), registry, Locale.parse("en"))


def blocks(case: Path) -> dict[str, str]:
    text = case.read_text(encoding="utf-8")
    return dict(re.findall(r"^~~~~ (\w+)\n(.*?)^~~~~$", text, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_layout_becomes_the_source_beside_it(case: Path) -> None:
    wanted = blocks(case)
    imported = import_page(wanted["page"], "page", None, ())
    compiled(imported)
    assert imported.source_text == wanted["source"]
    assert extended_registry("", imported.rows) == wanted["registry"]
    assert "".join(f"{each.line} {each.reason}: {each.text}\n" for each in imported.dropped) == wanted["dropped"]
    told = "".join(
        f"{each.location.line} {each.severity} {each.code}: {each.message}\n" for each in imported.diagnostics
    )
    assert told == wanted["diagnostics"]


# --- laws -------------------------------------------------------------------------------------------------------------

LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            "Signatories:",
            "Signataires (au 3 mai 2020, liste ouverte) :",
            "Subsequent signatories:",
            "1. FRI Free Readers of Ireland",
            "2. Leeszaal De Wilg (The Willow Reading Room), Netherlands",
            "- SLTR Paraguay",
            "● a bullet",
            "● Free Readers; Book Friends; Leesbond",
            "Free Readers; Book Friends; Leesbond",
            "17. Book (Friends",
            "of Canada)",
            "You are here: Home / Open the libraries!",
            "Open the libraries!",
            "WFRR Resolution, 1 May 2022",
            "February —, 2026",
            "I.",
            "II. Heading",
            "* * *",
            "# *not* markup_here_ <b>&amp;</b> [a](b) `c` ~~d~~ ![e](f) [^1]: g",
            "   indented   with     gaps",
            "    code?",
            "> quoted",
            "1) a\t2) b",
            "===",
            "---",
            "and goes on with a small letter",
            "Other groups are invited to sign.",
            "<p>x</p>",
            "https://example.org/x",
            "Contact: jane@example.org",
            "x\x00y\ufffcz",
        ]
    ),
)
PAGES = st.lists(LINES, max_size=14).map("\n".join)


def only_letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def said(imported: Imported) -> str:
    """All letters and figures of a source, as its readers see them."""
    split = split_source(imported.source_text, "page.md")
    seen = html.unescape(re.sub(r"<[^>]+>", "", reference_rendering(split.body)))
    return only_letters(seen) + "\n" + only_letters(split.front_matter)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_no_line_of_any_text_is_lost(page: str) -> None:
    if is_markup(page) or page.startswith("---"):
        return
    try:
        imported = import_page(page, "page.txt", None, ())
    except InvalidInput:
        return
    body = said(imported)
    dropped = "\n".join(only_letters(each.text) for each in imported.dropped)
    twice = {each.location.line for each in imported.diagnostics if each.code == "signatory-twice"}
    for number, line in enumerate(printable(page)[0].split("\n"), 1):
        for address in (each.text for each in imported.dropped if each.line <= number and "@" in each.text):
            line = line.replace(address, " ")
        letters = only_letters(re.sub(r"^\W*\d{1,3}\s*(?:[.)]|[-–]\s)|[-–—\s*]*$", "", line.strip()))
        pieces = all(piece in body or piece in dropped for piece in map(only_letters, line.split()))
        assert letters in body or letters in dropped or pieces or number in twice or in_registry(line, imported), line


def in_registry(line: str, imported: Imported) -> bool:
    """Whether the registry's new rows say every word of a line, but for its number and the names of countries."""
    told = "\n".join(only_letters(row.acronym + row.name + row.translation) for row in imported.rows)
    for part in re.split(r"[;؛,،、\t•·|]|\s{3,}", line):
        bare = re.sub(r"^\W*\d{1,3}\s*[.)-]", "", part)
        rest = " ".join(word for word in bare.split() if only_letters(word) not in told)
        is_number = len(rest) < 4 and rest.isdecimal()
        if only_letters(rest) and not country_named(rest) and not is_number:
            return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.one_of(PAGES, st.text(max_size=300), PAGES.map(lambda page: f"<html><body><p>{page}</p></body></html>")))
def test_any_text_becomes_a_document_that_compiles_or_invalid_input(page: str) -> None:
    try:
        imported = import_page(page, "page.txt", None, ())
    except InvalidInput:
        return
    document = compiled(imported)
    assert document.title.msgid
    assert {each.id for each in document.signatories()} == {row.id for row in imported.rows}
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", imported.document_id)


TAGS = st.sampled_from(
    "<p> </p> <div> </div> <ul> </ul> <ol start=3> </ol> <li> </li> <h1> </h1> <h2> </h2> <br> <table> <tr> <td> "
    "</td> </tr> </table> <script> </script> <style> </style> <nav> </nav> <main> </main> <!-- --> <![if <![endif]> "
    "<pre> </pre> <!x &#0; &lt;b&gt; &amp <a\thref=javascript:x> </a> <img\tonerror=x> <header> <footer> <template> "
    "]]> <?php <svg/onload=x>".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(TAGS, LINES), max_size=25).map("".join))
def test_any_markup_becomes_text_only(page: str) -> None:
    try:
        imported = import_page("<html>" + page, "page.html", None, ())
    except InvalidInput:
        return
    document = compiled(imported)
    body = split_source(imported.source_text, "page.md").body
    rendered = reference_rendering(body)
    assert set(re.findall(r"<(\w+)", rendered)) <= {"p", "ul", "ol", "li", "hr"} | {
        f"h{level}" for level in range(1, 7)
    }
    assert "href=" not in re.sub(r">[^<]*<", "><", rendered)
    assert not document.pictures


ROWS = st.lists(
    st.builds(
        RegistryRow,
        id=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
        acronym=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=9).map(str.strip),
        name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=30),
        country=st.sampled_from(["", "FR", "DE"]),
    ),
    unique_by=lambda row: row.id,
    max_size=5,
).map(tuple)


@given(ROWS, st.sampled_from(["", "\n", "\r\n"]), st.sampled_from([",", ";", "\t"]))
def test_the_registry_grows_only_at_its_end(rows: tuple[RegistryRow, ...], end: str, delimiter: str) -> None:
    line_break = end or "\n"
    old = f"{HEADER.strip()}{line_break}elm,,Elm,en,,FR,{end}".replace(",", delimiter)
    rows = tuple(row for row in rows if row.id != "elm")
    new = extended_registry(old, rows)
    assert new.startswith(old)
    parsed = parse_registry(new, "organisations.csv").organisations
    assert [(each.id, each.acronym, each.name) for each in parsed[1:]] == [
        (row.id, row.acronym, row.name) for row in rows
    ]
