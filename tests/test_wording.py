"""A changed message says what changed, word by word, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translation.catalog import State, serialize
from pipeline.translation.message import Message
from pipeline.translation.update import Edits, merge
from pipeline.translation.wording import changed_on, previous, word_diff
from tests.merging import DE, TODAY, pot, reread, translated

SOLD, BOUGHT = "Nobody may sell bread above its price.", "Nobody may buy bread above its price."


def test_an_edit_is_shown_word_by_word_with_its_day() -> None:
    again = merge(translated(pot(SOLD)), pot(BOUGHT), DE, TODAY)
    changed = "changed 2026-11-22: Nobody may [-sell-] {+buy+} bread above its price."
    assert again.messages[0].extracted_comments == ("paragraph", changed)
    assert changed_on(again.messages[0]) == date(2026, 11, 22)
    assert f"#. {changed}\n#: sources" in serialize(again).decode()


def test_the_day_of_a_change_stays_and_goes_with_it() -> None:
    first = reread(merge(translated(pot(SOLD)), pot(BOUGHT), DE, TODAY))
    later = Edits(date(2027, 1, 1))
    assert serialize(merge(first, pot(BOUGHT), DE, later)) == serialize(first)
    further = merge(first, pot(BOUGHT.replace("above", "below")), DE, later).messages[0]
    assert further.extracted_comments[-1] == (
        "changed 2026-11-22: Nobody may [-sell-] {+buy+} bread [-above-] {+below+} its price."
    )
    checked = replace(first.messages[0], fuzzy=False, previous_msgid=None, raw=None)
    done = merge(replace(first, messages=(checked,)), pot(BOUGHT), DE, later).messages[0]
    assert (done.state, done.extracted_comments, changed_on(done)) == (State.TRANSLATED, ("paragraph",), None)
    again = merge(replace(first, messages=(checked,)), pot(SOLD), DE, later).messages[0]
    assert changed_on(again) == date(2027, 1, 1)


def test_a_change_that_another_program_saw_first_gets_its_comment() -> None:
    theirs = replace(translated(pot(BOUGHT)).messages[0], fuzzy=True, previous_msgid=SOLD, raw=None)
    merged = merge(replace(translated(pot(BOUGHT)), messages=(theirs,)), pot(BOUGHT), DE, TODAY)
    assert changed_on(merged.messages[0]) == TODAY.today


def test_a_change_without_a_day_never_gets_one() -> None:
    merged = reread(merge(translated(pot(SOLD)), pot(BOUGHT), DE))
    assert merged.messages[0].extracted_comments[-1].startswith("changed: Nobody")
    assert serialize(merge(merged, pot(BOUGHT), DE, TODAY)) == serialize(merged)


# --- the wording itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Nobody may sell bread", "Nobody may buy bread", "Nobody may [-sell-] {+buy+} bread"),
        ("Water is free", "Water", "Water [-is free-]"),
        ("is free", "Water is free", "{+Water+} is free"),
        ("one\ntwo", "one two", r"one [-\n-] two"),
        ("水は命です", "水は権利です", "水は [-命-] {+権利+} です"),
        ("a b c d e f g h i j k", "a b c d e f g h i j l", "… g h i j [-k-] {+l+}"),
        ("x b c d e f g h i j k l m n y", "b c d e f g h i j k l m n", "[-x-] b c d e … k l m n [-y-]"),
        ("some  spaces", "some spaces", ""),
    ],
)
def test_words_that_changed_are_marked_as_wdiff_marks_them(before: str, after: str, shown: str) -> None:
    assert word_diff(before, after) == shown


@given(st.text("ab \n\r\t\x0b\u2028水{}+[-]", max_size=30), st.text("ab \n\r\t\x0b\u2028水{}+[-]", max_size=30))
def test_a_wording_is_one_line_and_only_of_texts_that_differ(before: str, after: str) -> None:
    shown = word_diff(before, after)
    assert shown.splitlines() in ([], [shown])
    assert not word_diff(before, before)
    assert bool(shown) == (before.split() != after.split()) or "\n" in before + after or "\r" in before + after


def test_a_day_that_is_none_is_no_day() -> None:
    message = Message(
        "b", ("B",), fuzzy=True, previous_msgid="a", extracted_comments=("changed 2026-13-45: [-a-] {+b+}",)
    )
    assert changed_on(message) is None
    assert (previous(message), previous(replace(message, fuzzy=False))) == ("a", None)


def test_an_authors_note_is_not_taken_for_a_day() -> None:
    note = ("changed 2026-01-01: the mayor's name",)
    assert changed_on(Message("b", ("B",), extracted_comments=note)) is None
