"""A source becomes a document, or all complaints about it come at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.source.document import Document, Role
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document

REGISTRY = parse_registry(
    "id,acronym,name,name_language,translation,country,languages\n"
    + "".join(f"{name},,{name.title()},de,,DE,\n" for name in ("linde", "buche", "eiche", "birke")),
    "sources/organisations.csv",
)
EN = Locale.parse("en")
LETTER = """---
title: Good water
kind: Resolution
issuer: Assembly
adopted: 2026-02-21
signatories:
  - heading: First
    members: [linde, buche]
  - heading: Later
    numbering: continue
    members: [eiche]
  - numbering: none
    members: []
  - numbering: continue
    members: [birke]
---
# Why

For **all**.
"""


def read(text: str, name: str = "letter") -> Document:
    return parse_document(Source(name, f"sources/{name}.md", text), REGISTRY, EN)


def complaints(text: str, name: str = "letter") -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text, name)
    return [f"{each.location.line} {each.code}" for each in caught.value.diagnostics]


def test_a_whole_document() -> None:
    document = read(LETTER)
    assert (document.id, document.path, document.locale) == ("letter", "sources/letter.md", EN)
    assert [(each.msgid, each.role, each.place, each.location.line) for each in document.own_segments()] == [
        ("Good water", Role.TITLE, "title", 2),
        ("Resolution", Role.KIND, "kind", 3),
        ("Assembly", Role.ISSUER, "issuer", 4),
        ("Why", Role.HEADING, "why", 17),
        ("For **all**.", Role.PARAGRAPH, "why.1", 19),
        ("First", Role.GROUP, "signatories.1", 7),
        ("Later", Role.GROUP, "signatories.2", 9),
    ]
    assert [each.id for each in document.signatories()] == ["linde", "buche", "eiche", "birke"]


SHORT = """---
title: Good water
short: |
  For **all**, says the law.[^law]

  # Why

  - Water
  - ![A well](well.png)

  [^law]: Of wells.
signatories: [linde]
---

# Why

For **all**. Long.[^law]

[^law]: Of *all* wells.
"""


def test_a_short_version_has_segments_with_lines_and_places_of_its_own() -> None:
    document = read(SHORT)
    assert document.short is not None
    assert [(each.msgid, each.role, each.place, each.location.line) for each in document.short.segments] == [
        ("For **all**, says the law.[^law]", Role.PARAGRAPH, "short.text.1", 4),
        ("Why", Role.HEADING, "short.why", 6),
        ("Water", Role.LIST_ITEM, "short.why.1", 8),
        ("![A well](well.png)", Role.LIST_ITEM, "short.why.2", 9),
        ("Of wells.", Role.FOOTNOTE, "short.why.3", 11),
    ]
    assert document.short.footnotes == ("law",)
    assert [each.msgid for each in document.body.segments] == ["Why", "For **all**. Long.[^law]", "Of *all* wells."]


def test_a_short_version_comes_last_among_the_segments() -> None:
    document = read(SHORT)
    assert document.short is not None
    every = list(document.own_segments())
    assert tuple(every[-5:]) == document.short.segments
    assert len(every) == 1 + 3 + 5
    assert len({each.place for each in every}) == len(every)


def test_pictures_of_a_short_version_are_the_documents() -> None:
    assert [(name, place.line) for name, place in read(SHORT).pictures] == [("well.png", 9)]


def test_most_documents_have_no_short_version() -> None:
    assert read(LETTER).short is None


def test_faults_of_a_short_version_are_told_with_the_others_and_with_their_lines() -> None:
    text = SHORT.replace("- Water", "- <b>Water</b>").replace("Long.", "<i>Long</i>.")
    assert complaints(text) == ["8 raw-html", "17 raw-html"]
    assert complaints(SHORT.replace("  [^law]: Of wells.\n", "")) == ["4 footnote"], "one of the body does not do"


def test_numbers_restart_continue_or_are_not_there() -> None:
    assert [group.first_number for group in read(LETTER).groups] == [1, 3, None, 4]
    restarted = LETTER.replace("numbering: continue\n    members: [eiche]", "numbering: restart\n    members: [eiche]")
    assert [group.first_number for group in read(restarted).groups] == [1, 1, None, 2]


def test_a_document_may_be_in_another_language_than_the_workspace() -> None:
    assert read("---\ntitle: Eau\nlocale: fr\n---\n").locale.tag == "fr"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ending: str) -> None:
    assert read(LETTER.replace("\n", ending)) == read(LETTER)
    assert complaints("---\ntitle: x\n---\n\n<b>".replace("\n", ending)) == ["5 raw-html"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read("\ufeff" + LETTER) == read(LETTER)


@pytest.mark.parametrize("name", ["", "Letter", "a b", "-a", "ä", "a_b", "a.b", "../a", "a/b", "a\n"])
def test_a_name_that_cannot_be_a_path_or_a_domain(name: str) -> None:
    assert complaints(LETTER, name) == ["0 document-id"]


def test_all_complaints_come_at_once() -> None:
    text = "---\ntitle: [x]\nadopted: soon\n---\na <b>\n\n[x](ftp:y)\n"
    assert complaints(text) == ["2 not-text", "3 bad-value", "5 raw-html", "7 link-scheme"]


def test_signatories_are_looked_up_and_counted_once() -> None:
    text = "---\ntitle: x\nsignatories:\n  - members: [linde, lind]\n  - members: [buche, linde]\n---\n<i>\n"
    assert complaints(text) == ["4 unknown-signatory", "5 signs-twice", "7 raw-html"]


PIECES = st.sampled_from(
    [
        "---\n",
        "title: x\n",
        "signatories: [linde]\n",
        "adopted: x\n",
        "\n",
        "# A\n",
        "- b\n",
        "<c>",
        "\ufeff",
        "\r",
        "d",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=60).map("---\ntitle: x\n---\n{}".format))
def test_any_text_is_a_document_or_invalid_input(text: str) -> None:
    try:
        document = read(text)
    except InvalidInput:
        return
    assert document.title.msgid
