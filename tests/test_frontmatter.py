"""The front matter becomes metadata; every complaint has its line and a way out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.source.frontmatter import LARGEST, GroupMetadata, Metadata, Passage, parse_front_matter, split_source

PATH = "sources/letter.md"
FULL = """title: "Water: a right!"
kind: Resolution
issuer: Assembly of Gardens
adopted: 2026-02-21
locale: pt_br
number: 007
license: CC0
signatories:
  - heading: Founders
    as-of: 2026-03-01
    members: [a, b]
  - heading: Later signatories
    open: true
    numbering: continue
    members:
      - c
  - numbering: none
    members: [no, 5]
"""


def read(text: str) -> Metadata:
    return parse_front_matter(text, PATH)


def complaints(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert all(each.location.path == PATH for each in caught.value.diagnostics)
    assert all(each.hint for each in caught.value.diagnostics)
    return [f"{each.location.line} {each.code}" for each in caught.value.diagnostics]


def message(text: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    return str(caught.value)


def test_reads_every_field() -> None:
    metadata = read(FULL)
    assert (metadata.title.text, metadata.title.location.line) == ("Water: a right!", 2)
    assert metadata.kind is not None
    assert metadata.kind.text == "Resolution"
    assert metadata.issuer is not None
    assert metadata.issuer.text == "Assembly of Gardens"
    assert metadata.adopted == date(2026, 2, 21)
    assert str(metadata.locale) == "pt-BR"
    assert (metadata.number, metadata.license) == ("007", "CC0")
    founders, later, others = metadata.groups
    assert founders.heading is not None
    assert (founders.heading.text, founders.heading.location.line) == ("Founders", 10)
    assert (founders.as_of, founders.open, founders.numbering) == (date(2026, 3, 1), False, "restart")
    assert [(each.text, each.location.line) for each in founders.members] == [("a", 12), ("b", 12)]
    assert (later.open, later.numbering, later.members[0].location.line) == (True, "continue", 17)
    assert (others.heading, others.numbering, [each.text for each in others.members]) == (None, "none", ["no", "5"])


def test_a_title_is_enough() -> None:
    metadata = read("title: Bread\n")
    assert (metadata.kind, metadata.adopted, metadata.locale, metadata.groups) == (None, None, None, ())


def test_norwegian_is_not_false() -> None:
    assert str(read("title: no\nlocale: no\n").locale) == "nb"
    assert read("title: no\n").title.text == "no"


def test_other_names_are_understood() -> None:
    metadata = read("title: x\ntype: Letter\nbody: Us\ndate: 2026-01-02\nlang: fr\nlicence: CC0\n")
    assert metadata.kind is not None
    assert metadata.issuer is not None
    assert (metadata.kind.text, metadata.issuer.text, metadata.license) == ("Letter", "Us", "CC0")
    assert (metadata.adopted, str(metadata.locale)) == (date(2026, 1, 2), "fr")


def test_a_plain_list_of_ids_is_one_group() -> None:
    (group,) = read("title: x\nsignatories: [a, b]\n").groups
    assert isinstance(group, GroupMetadata)
    assert (group.heading, [each.text for each in group.members]) == (None, ["a", "b"])


@pytest.mark.parametrize(
    ("text", "short", "line"),
    [
        ("title: x\nshort: |\n  One *word*.\n\n  - Two\n", "One *word*.\n\n- Two\n", 4),
        ("title: x\nshort: |2-\n  One\nkind: y\n", "One", 4),
        ("title: x\nshort: >\n  One\n  line\n", "One line\n", 4),
        ("title: x\nshort: One line.\n", "One line.", 3),
        ('title: x\nshort: "One line."\n', "One line.", 3),
        ("title: x\nshort: 7\n", "7", 3),
    ],
)
def test_a_short_version_is_markdown_as_it_stands(text: str, short: str, line: int) -> None:
    assert read(text).short == Passage(short, line)


def test_most_have_no_short_version() -> None:
    assert read(FULL).short is None


def test_a_name_over_several_lines_is_told_in_one() -> None:
    assert "“a -” is not a field" in message("? a\n\x85\n  - ")


def test_an_empty_list_has_no_group() -> None:
    assert read("title: x\nsignatories: []\n").groups == ()


def test_a_title_over_several_lines_is_one_line() -> None:
    assert read("title: >\n  Bread\n  for all!\n").title.text == "Bread for all!"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["2 front-matter"]),
        ("just words", ["2 front-matter"]),
        ("- title: x", ["2 front-matter"]),
        ("kind: x", ["2 title-missing"]),
        ("title:", ["2 field-empty"]),
        ("title: ''", ["2 field-empty"]),
        ("title: [a]", ["2 not-text"]),
        ("title: x\ntitle: y", ["3 field-twice"]),
        ("title: x\nkind: a\ntype: b", ["4 field-twice"]),
        ("title: x\nauthor: y", ["3 unknown-field"]),
        ("title: x\nshort:", ["3 not-text"]),
        ("title: x\nshort: |\nkind: y", ["3 not-text"]),
        ("title: x\nshort: ~", ["3 not-text"]),
        ("title: x\nshort: [a]", ["3 not-text"]),
        ("title: x\nshort:\n  text: a", ["4 not-text"]),
        ("title: x\nshort: a\nshort: b", ["4 field-twice"]),
        ("title: x\n? [a, b]\n: c", ["3 unknown-field"]),
        ("title: x\nadopted: 21.2.2026", ["3 bad-value"]),
        ("title: x\nadopted: 2026-02-30", ["3 bad-value"]),
        ("title: x\nadopted: 20260221", ["3 bad-value"]),
        ("title: x\nlocale: english", ["3 bad-value"]),
        ("title: x\nsignatories: a", ["3 signatories"]),
        ("title: x\nsignatories:\n  a: b", ["4 signatories"]),
        ("title: x\nsignatories:\n  - heading: A", ["4 signatories"]),
        ("title: x\nsignatories:\n  - members:", ["4 signatories"]),
        ("title: x\nsignatories:\n  - members: a", ["4 signatories"]),
        ("title: x\nsignatories:\n  - members: [[a]]", ["4 signatories"]),
        ("title: x\nsignatories: [a, '']", ["3 signatories"]),
        ("title: x\nsignatories:\n  - a\n  - members: [b]", ["4 signatories"]),
        ("title: x\nsignatories:\n  - members: [a]\n    membres: [b]", ["5 unknown-field"]),
        ("title: x\nsignatories:\n  - members: [a]\n    open: yes", ["5 bad-value"]),
        ("title: x\nsignatories:\n  - members: [a]\n    numbering: roman", ["5 bad-value"]),
        ("title: x\nsignatories:\n  - members: [a]\n    as-of: soon", ["5 bad-value"]),
        ('title: "a\\x07b"', ["2 control-character"]),
        ('title: "a\\ud800b"', ["2 control-character"]),
        ("title: x\nkind: a\u202eb", ["3 control-character"]),
        ("title: a: b", ["2 yaml"]),
        ("title: x\n\tkind: y", ["3 yaml"]),
        ('kind: x\ntitle: "x\n\n\n', ["3 yaml"]),
        ("title: @x", ["2 yaml"]),
        ("title: *x", ["2 yaml"]),
        ("title: &x y", ["2 yaml"]),
        ("title: x\nkind: &k y\nissuer: *k", ["3 yaml"]),
        ("title: x\n...\nkind: y", ["4 yaml"]),
        ("title: " + "[" * 2000, ["2 yaml"]),
        ("title: " + "x" * LARGEST, ["2 front-matter"]),
    ],
)
def test_what_is_refused_and_where(text: str, found: list[str]) -> None:
    assert complaints(text) == found


def test_all_complaints_come_at_once() -> None:
    text = "kind: [x]\nadopted: soon\nsignatories:\n  - members: a\n    open: maybe\n"
    assert complaints(text) == ["2 title-missing", "2 not-text", "3 bad-value", "6 bad-value", "5 signatories"]


def test_messages_are_in_an_authors_words() -> None:
    assert message("title: Bread: for all") == (
        "sources/letter.md:2: error: the front matter is not valid YAML: a colon stands where none may stand [yaml]\n"
        "    hint: put texts that hold a colon, a hash or a quotation mark between double quotation marks"
    )
    assert "hint: did you mean “title”?" in message("Titel: x")
    assert "ScalarNode" not in message("? [a]\n: b")


def test_split_tells_the_line_of_the_body() -> None:
    split = split_source("\ufeff---\ntitle: x\n---  \nBody\n", PATH)
    assert (split.front_matter, split.body, split.body_line) == ("title: x\n", "Body\n", 4)
    assert split_source("---\n---", PATH).body == ""


@pytest.mark.parametrize(
    "text", ["", "Body", "\n---\ntitle: x\n---\n", "---\ntitle: x\n", "--- title: x", "----\n---\n"]
)
def test_a_source_without_front_matter(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        split_source(text, PATH)
    (only,) = caught.value.diagnostics
    assert (only.code, only.location.line) == ("no-front-matter", 1)
    assert only.hint


# fmt: off
LINES = st.sampled_from([
    "title: x", "title: 'a", "kind: [", "  - ", "signatories:", "  - members: [a]", "    open: true", "? a", ": b", "&a",
    "*a", "!!int x", "<<: *a", "{a: b}", "---", "...", "\t", "# c", "a: |", " b", "\x85", '"\\u0000"', "adopted: 2026-02-21",
    "short: |", "short: >", "short: a",
])
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=6).map("\n".join) | st.text(max_size=60))
def test_any_text_is_metadata_or_invalid_input(text: str) -> None:
    try:
        metadata = read(text)
    except InvalidInput as invalid:
        for each in invalid.diagnostics:
            assert each.location.line >= 2
            assert "\n" not in each.message
        return
    assert metadata.title.text
