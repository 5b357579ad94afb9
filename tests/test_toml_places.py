"""A complaint about a TOML file has the line on which a person mends it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.toml_places import Complainer, read_toml

TEXT = """# [kitchen]
label = "A" # pages = 1
"odd name" = 1

[ kitchen ]
pots = [
  1,
]
label = 2
[kitchen.shelf] # above
"jam" = 3
[ kitchen . "top shelf" ]
jam = 4

[[drawer]]
knife = 1
[[drawer]]
fork = 2
[cellar]
wine.red = 1
rack = { jam = 5 }
"""


def line(table: str, key: str = "", text: str = TEXT) -> int:
    return Complainer("code", "x.toml", text).line(table, key)


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("", "label", 2),
        ("", "odd name", 3),
        ("kitchen", "", 5),
        ("kitchen", "pots", 6),
        ("kitchen", "label", 9),
        ("kitchen.shelf", "", 10),
        ("kitchen.shelf", "jam", 11),
        ("kitchen.top shelf", "jam", 13),
        ("drawer", "", 15),
        ("drawer", "knife", 16),
        ("cellar", "wine.red", 20),
    ],
)
def test_a_key_is_found_in_its_table(table: str, key: str, expected: int) -> None:
    assert line(table, key) == expected


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("kitchen", "lid", 5),  # its table
        ("kitchen", "shelf", 10),  # a table of its own
        ("cellar.rack", "jam", 21),  # a table in one line
        ("cellar.rack", "", 21),
        ("label", "x", 2),  # not a table, though it should be
        ("attic", "", 0),  # nowhere
        ("attic", "box", 0),
        ("attic.box", "key", 0),
        ("", "knife", 0),
    ],
)
def test_what_is_not_there_has_the_line_of_what_is_around_it(table: str, key: str, expected: int) -> None:
    assert line(table, key) == expected


def test_windows_line_ends_move_nothing() -> None:
    assert line("kitchen.shelf", "jam", TEXT.replace("\n", "\r\n")) == 11


def test_a_complaint_says_all() -> None:
    complaint = Complainer("ink", "x.toml", TEXT).say("is too red", "cellar", "wine.red", "mix it")
    assert str(complaint) == "x.toml:20: error: is too red [ink]\n    hint: mix it"


def test_a_good_file_gives_its_tables() -> None:
    tables, complainer = read_toml("\ufeff" + TEXT, "ink", "x.toml")
    assert tables == tomllib.loads(TEXT)
    assert complainer.line("", "label") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb: 2\n", 2),
        ("a = 1\n\n[b\n", 3),
        ("a = 1\na = 2\n", 2),
        ("a = [1,\n\n", 1),
        ('a = 1\nb = """\nx\n', 3),
        ("a =", 1),
        ("a = 1" + "0" * 9000, 1),
        ("a = " + "[" * 9000, 1),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line_and_without_pythons_words(text: str, expected: int) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_toml(text, "ink", "x.toml")
    (complaint,) = raised.value.diagnostics
    assert (complaint.code, complaint.location.path, complaint.location.line) == ("ink", "x.toml", expected)
    assert complaint.message.startswith("this is not valid TOML: ")
    assert "(at " not in complaint.message
    assert complaint.hint


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab.=[]\"'\n #1,{}", max_size=40), st.text("ab.", max_size=4), st.text("ab", max_size=2))
def test_any_text_has_lines_or_is_refused(text: str, table: str, key: str) -> None:
    try:
        _, complainer = read_toml(text, "ink", "x.toml")
    except InvalidInput as invalid:
        (complaint,) = invalid.diagnostics
        assert 1 <= complaint.location.line <= text.count("\n") + 1
        return
    assert 0 <= complainer.line(table, key) <= text.count("\n") + 1
