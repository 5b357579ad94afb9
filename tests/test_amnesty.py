"""Edits that change no meaning make no translation fuzzy, in any language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import Location
from pipeline.source.document import Segment
from pipeline.translation.amnesty import essence, letters, moved_addresses, with_addresses
from pipeline.translation.catalog import State
from pipeline.translation.update import Edits, merge, template
from pipeline.translation.wording import changed_on
from tests.merging import BREAD, DE, REVISION, ROADS, TODAY, WATER, pot, reread, translated

SOLD, BOUGHT = "Nobody may sell bread above its price.", "Nobody may buy bread above its price."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Say  no to them", "Say no\nto them"),
        ('They say "never".', "They say “never”."),
        ("the ’quota’ - a lie", "The 'quota' — a lie"),
        ("co-operation of all", "cooperation of all"),
        ("Water Is Free", "Water is free"),
        ("See [the map](https://example.org/a).", "See [the map](https://example.org/b)."),
    ],
)
def test_typography_makes_nothing_fuzzy(before: str, after: str) -> None:
    said = "Siehe [die Karte](https://example.org/a)." if "](" in before else f"de: {before}"
    catalog = translated(pot(BREAD, before, ROADS))
    catalog = replace(
        catalog,
        messages=tuple(replace(m, msgstr=(said,), raw=None) if m.msgid == before else m for m in catalog.messages),
    )
    for wanted in (pot(BREAD, after, ROADS), pot(ROADS, BREAD, after)):
        merged = merge(catalog, wanted, DE, TODAY)
        message = merged.get((None, after))
        assert (message.state, message.previous_msgid) == (State.TRANSLATED, None)
        assert message.msgstr == (said.replace("example.org/a", "example.org/b"),)
        assert not any(each.obsolete for each in merged.messages)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It was -5 degrees", "It was 5 degrees"),
        ("pages 10-20 of it", "pages 1020 of it"),
        ("{name} signs", "{Name} signs"),
        ("run `make Test` now", "run `make test` now"),
        ("a *free* press", "a free press"),
        ("Water for all.", "Water for all!"),
        ("Article[^a] one", "Article[^b] one"),
    ],
)
def test_what_looks_like_typography_and_is_not_makes_it_fuzzy(before: str, after: str) -> None:
    merged = merge(translated(pot(BREAD, before, ROADS)), pot(BREAD, after, ROADS), DE)
    assert merged.messages[1].state is State.FUZZY


def test_an_address_that_the_translation_does_not_have_makes_it_fuzzy() -> None:
    before, after = "See [the map](https://example.org/a).", "See [the map](https://example.org/b)."
    catalog = translated(pot(before))
    lost = replace(catalog.messages[0], msgstr=("Siehe die Karte auf https://example.org/a.",), raw=None)
    merged = merge(replace(catalog, messages=(lost,)), pot(after), DE)
    assert (merged.messages[0].state, merged.messages[0].previous_msgid) == (State.FUZZY, before)
    assert merged.messages[0].msgstr == lost.msgstr


def test_a_fuzzy_message_stays_fuzzy_through_an_amnesty() -> None:
    fuzzy = merge(translated(pot(SOLD)), pot(BOUGHT), DE, TODAY)
    merged = merge(fuzzy, pot(BOUGHT.replace("Nobody", "nobody")), DE, Edits(date(2027, 1, 1))).messages[0]
    assert (merged.state, merged.previous_msgid, changed_on(merged)) == (State.FUZZY, SOLD, TODAY.today)


def test_an_obsolete_message_comes_back_by_amnesty() -> None:
    without = reread(merge(translated(pot(WATER, 'They say "no".')), pot(WATER), DE))
    back = merge(without, pot(WATER, "They say “no”."), DE)
    assert [(each.state, each.obsolete) for each in back.messages] == [(State.TRANSLATED, False)] * 2


def test_corrections_that_the_author_names_change_no_meaning() -> None:
    before, after = "Nobody may recieve bread above it's price.", "Nobody may receive bread above its price."
    typos = {(None, after): (("recieve", "receive"), ("it's", "its"))}
    assert merge(translated(pot(before)), pot(after), DE, Edits(typos=typos)).messages[0].state is State.TRANSLATED
    other = {(None, after): (("recieve", "receive"),)}
    assert merge(translated(pot(before)), pot(after), DE, Edits(typos=other)).messages[0].state is State.FUZZY


def test_an_edit_that_is_forgiven_may_be_any() -> None:
    after = "All loaves cost the same."
    forgiven = Edits(forgiven=frozenset({(None, after)}))
    merged = merge(translated(pot(WATER, BREAD, ROADS)), pot(WATER, after, ROADS), DE, forgiven)
    assert [each.state for each in merged.messages] == [State.TRANSLATED] * 3
    assert merged.messages[1].msgstr == (f"de: {BREAD}",)


def test_another_context_or_a_plural_is_never_forgiven() -> None:
    old = template("w", [Segment("Page", Location("x", 1), msgctxt="noun")], "P", REVISION)
    for new in (
        Segment("page", Location("x", 1)),
        Segment("page", Location("x", 1), msgctxt="noun", msgid_plural="pages"),
    ):
        merged = merge(translated(old), template("w", [new], "P", REVISION), DE)
        assert merged.messages[0].state is State.FUZZY


# --- essences and addresses -------------------------------------------------------------------------------------------


@given(st.text("aB1 -–“\"'’`{}[](*_\n", max_size=20), st.text("aB1 -–“\"'’`{}[](*_\n", max_size=20))
def test_texts_with_one_essence_have_the_same_letters(one: str, other: str) -> None:
    if essence(one) == essence(other):
        assert letters(one) == letters(other)
    if letters(one) and "`" not in one and "{" not in one:  # within these a dash is exact
        assert essence(one) == essence(one.replace("–", "-").replace("“", '"'))


def test_addresses_are_exchanged_where_they_are_links_and_nowhere_else() -> None:
    text = "[a](https://example.org/1) <https://example.org/2> ![b](</x y> 'title') https://example.org/1 [c](https://example.org/12)"
    moved = {
        "https://example.org/1": "https://example.org/2",
        "https://example.org/2": "https://example.org/1",
        "/x y": "/z",
    }
    assert with_addresses(text, moved) == (
        "[a](https://example.org/2) <https://example.org/1> ![b](</z> 'title') https://example.org/1 [c](https://example.org/12)"
    )
    assert with_addresses("[a](https://example.org/9)", {"https://example.org/1": "https://example.org/2"}) is None


def test_it_is_said_which_address_became_which_or_that_nobody_knows() -> None:
    assert moved_addresses("[a](/1) [b](/1)", "[a](/2) [b](/2)") == {"/1": "/2"}
    assert moved_addresses("[a](/1) [b](/1)", "[a](/2) [b](/3)") is None
    assert moved_addresses("[a](/1)", "a") is None
    assert moved_addresses("first [a](/1), then [b](/2)", "first [b](/2), then [a](/1)") == {}
