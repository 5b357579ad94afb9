"""The ledger remembers every translation by its content, and nothing that stands in its file can hurt it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog
from pipeline.translation.ledger import (
    History,
    snapshot_line,
    snapshot_of,
    state_id,
    state_line,
    superseded,
)
from pipeline.translation.message import Message
from pipeline.translation.recovery import hidden, recovered
from pipeline.translation.remarks import alternatives, with_alternatives

DE = Locale.parse("de")
WATER = Message("Water", ("Wasser",))
RIVERS = Message("river", ("Fluss", "Flüsse"), msgctxt="noun", msgid_plural="rivers", fuzzy=True)
GOOD = state_line(WATER, "update")


def catalog(*messages: Message, header: str = "") -> Catalog:
    return Catalog("locales/de/letter.po", DE, Message("", (header,)), messages)


def test_a_line_says_what_a_message_said_and_why_it_was_kept() -> None:
    assert GOOD == '{"id":"c7b7149e448f631e","msgid":"Water","msgstr":["Wasser"],"why":"update"}'
    past = History.parse(f"{GOOD}\n{state_line(RIVERS, 'kit')}\n")
    assert [(each.message, each.why) for each in past.states] == [(WATER, "update"), (RIVERS, "kit")]
    assert past.versions((None, "Water")) == (WATER,)
    assert past.versions(("noun", "river")) == (RIVERS,)
    assert past.versions((None, "river")) == ()


def test_an_id_is_of_the_content_alone() -> None:
    assert len(state_id(WATER)) == 16
    assert state_id(WATER) == state_id(replace(WATER, obsolete=True, line=7, translator_comments=("Ada",)))
    others = (
        replace(WATER, fuzzy=True),
        replace(WATER, msgctxt=""),
        replace(WATER, msgid="Waters"),
        replace(WATER, msgstr=("Wasser", "")),
    )
    assert len({state_id(each) for each in (WATER, *others)}) == 5


@pytest.mark.parametrize(
    "line",
    [
        "{",
        GOOD[:-9],
        "<<<<<<< HEAD",
        "[" * 100_000,
        "null",
        "[]",
        "{}",
        '"text"',
        "1" * 5000,
        GOOD.replace("Wasser", "Gift"),
        GOOD.replace('"Water"', "7"),
        GOOD.replace('["Wasser"]', '"Wasser"'),
        GOOD.replace('["Wasser"]', "[]"),
        GOOD.replace('["Wasser"]', '[["Wasser"]]'),
        GOOD.replace('"Wasser"', '"\\ud800"'),
        '{"snapshot":"0000000000000000","ids":["x"]}',
        '{"snapshot":{},"ids":{}}',
        '{"snapshot":"e3b0c44298fc1c14","ids":[[]]}',
        "\ufffd\ufffd",
    ],
)
def test_a_line_that_is_none_of_ours_is_passed_over(line: str) -> None:
    past = History.parse(f"{line}\n\n{GOOD}\n{line}")
    assert [each.message for each in past.states] == [WATER]
    assert past.skipped == (1, 4)


def test_the_order_of_lines_and_their_number_say_nothing() -> None:
    lines = [GOOD, state_line(RIVERS, "kit"), snapshot_line(snapshot_of(catalog(WATER, RIVERS)))]
    one, other = History.parse("\n".join(lines)), History.parse("\n".join([*lines[::-1], *lines, lines[0]]))
    assert set(one.states) == set(other.states)
    assert set(one.snapshots) == set(other.snapshots)
    assert not other.skipped


def test_what_was_superseded_are_the_states_that_nobody_has_any_more() -> None:
    before = (WATER, RIVERS, Message("Bread"), with_alternatives(Message("Land", ("Land",)), ["Grund"]))
    after = (replace(WATER, msgstr=("Das Wasser",)), replace(RIVERS, obsolete=True), Message("Land", ("Land",)))
    assert [(each.msgid, each.msgstr) for each in superseded(before, after)] == [
        ("Water", ("Wasser",)),
        ("Land", ("Grund",)),
    ]
    assert superseded(before, before) == ()


# --- which base fits ------------------------------------------------------------------------------------------------------


def states(count: int, version: str = "") -> list[Message]:
    return [Message(f"text {number}", (f"Text {number}{version}",)) for number in range(count)]


def ledger(*snapshots: list[Message]) -> History:
    lines = [state_line(each, "snapshot") for every in snapshots for each in every]
    return History.parse("\n".join([*lines, *(snapshot_line(snapshot_of(catalog(*each))) for each in snapshots)]))


def test_the_base_of_a_returned_catalog_is_the_snapshot_that_shares_most() -> None:
    old, new = states(6), [*states(6)[:3], *states(6, " neu")[3:]]
    past = ledger(old, new)
    returned = catalog(*old[:5], Message("text 5", ("besser",)), Message("text 9", ("mehr",)))
    base = past.base_of(returned)
    assert base is not None
    assert base.messages == tuple(old)
    assert past.base_of(catalog(*new[:4], *states(6, " x")[4:])) == replace(base, messages=tuple(new))


def test_without_a_snapshot_that_fits_there_is_no_base() -> None:
    assert History().base_of(catalog(WATER)) is None
    assert ledger(states(6)).base_of(catalog(*states(2))) is None
    assert ledger(states(6)).base_of(catalog()) is None


def test_a_catalog_that_names_its_base_gets_it() -> None:
    past = ledger(states(6), states(6, " neu"))
    name = past.snapshots[1].id
    base = past.base_of(catalog(*states(6), header=f"Language: de\nX-Polyleaf-Base: {name}\n"))
    assert base is not None
    assert base.messages == tuple(states(6, " neu"))


# --- recovery ---------------------------------------------------------------------------------------------------------------


def test_only_what_the_catalog_does_not_show_is_lost() -> None:
    past = History.parse("\n".join(state_line(each, "update") for each in (WATER, replace(WATER, fuzzy=True), RIVERS)))
    assert [each.message for each in hidden(past, None)] == [WATER, RIVERS]
    assert [each.message for each in hidden(past, catalog(WATER))] == [RIVERS]
    remembered = with_alternatives(Message("Water", ("Das Wasser",)), ["Wasser"])
    assert [each.message for each in hidden(past, catalog(remembered))] == [RIVERS]
    followed = replace(WATER, msgid="Clean water", fuzzy=True, previous_msgid="Water")
    assert [each.message for each in hidden(past, catalog(followed))] == [RIVERS]
    assert [each.message for each in hidden(past, catalog(Message("Rain", ("Wasser",)), RIVERS))] == [WATER]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((), (replace(WATER, obsolete=True),)),
        ((Message("Water"),), (WATER,)),
        ((Message("Water", obsolete=True),), (replace(WATER, obsolete=True),)),
        (
            (Message("Water", ("Nass",)),),
            (Message("Water", ("Nass",), translator_comments=("another translation: Wasser",)),),
        ),
        (
            (Message("Water", ("Nass",), fuzzy=True),),
            (Message("Water", ("Nass",), fuzzy=True, translator_comments=("another translation: Wasser",)),),
        ),
        ((WATER,), (WATER,)),
    ],
)
def test_what_comes_back_replaces_nothing(there: tuple[Message, ...], expected: tuple[Message, ...]) -> None:
    assert recovered(catalog(*there), WATER).messages == expected


def test_a_plural_comes_back_with_as_many_forms_as_there_are_now() -> None:
    (message,) = recovered(catalog(replace(RIVERS, msgstr=("",), msgid_plural=None, fuzzy=False)), RIVERS).messages
    assert (message.msgstr, message.fuzzy, alternatives(message)) == (("Fluss",), True, ("Flüsse",))


# --- laws -------------------------------------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    return Message(
        draw(ANY_TEXT.filter(bool)),
        tuple(draw(st.lists(ANY_TEXT, min_size=1, max_size=3))),
        msgctxt=draw(st.none() | ANY_TEXT),
        msgid_plural=draw(st.none() | ANY_TEXT),
        fuzzy=draw(st.booleans()),
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(messages(), max_size=5), st.integers(0, 400))
def test_a_ledger_gives_back_what_was_put_in_however_it_was_torn(every: list[Message], tear: int) -> None:
    lines = [state_line(each, "x") for each in every]
    assert all("\n" not in line for line in lines)
    unique = {state_id(each): each for each in reversed(every)}
    assert {each.id: each.message for each in History.parse("\n".join(lines)).states} == unique
    torn = f"{lines[0][:tear]}\n" if lines and tear < len(lines[0]) else ""
    assert {each.id: each.message for each in History.parse(torn + "\n".join(lines)).states} == unique


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.recursive(st.none() | st.text(max_size=5), st.lists).map(json.dumps))
def test_no_line_whatever_brings_the_ledger_down(text: str) -> None:
    assert not History.parse(text).states


@settings(max_examples=100, deadline=None)
@given(st.lists(messages(), max_size=5, unique_by=lambda each: each.key), st.lists(messages(), max_size=5))
def test_all_that_is_recovered_is_shown(there: list[Message], lost: list[Message]) -> None:
    past = History.parse("\n".join(state_line(each, "x") for each in lost))
    back = catalog(*there)
    for kept in hidden(past, back):
        back = recovered(back, kept.message)
    assert not list(hidden(past, back))
    for message in there:
        now = next(each for each in back.messages if each.key == message.key)
        assert {text for text in message.msgstr if text} <= {*now.msgstr, *alternatives(now)}
