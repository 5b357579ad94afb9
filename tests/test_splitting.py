"""The parts of split and joined paragraphs take their translation along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.diagnostics import Location
from pipeline.source.document import Segment
from pipeline.translation.catalog import State, serialize
from pipeline.translation.splitting import runs, sentences, together
from pipeline.translation.update import merge, template
from pipeline.translation.wording import changed_on
from tests.merging import BREAD, DE, REVISION, ROADS, TODAY, pot, reread, texts_of, translated

FIRST, SECOND, THIRD = (
    "Water is free for all of us.",
    "Bread is baked by those who eat it!",
    "Roads end where the sea is.",
)


def test_the_parts_of_a_split_paragraph_take_their_sentences_along() -> None:
    whole = f"{FIRST} {SECOND} {THIRD}"
    done = "Wasser ist frei. Brot backt, wer es isst! Straßen enden am Meer."
    catalog = translated(pot(BREAD, whole, ROADS))
    messages = tuple(replace(m, msgstr=(done,), raw=None) if m.msgid == whole else m for m in catalog.messages)
    merged = merge(replace(catalog, messages=messages), pot(BREAD, FIRST, f"{SECOND} {THIRD}", ROADS), DE, TODAY)
    parts = merged.messages[1:3]
    assert [each.msgstr[0] for each in parts] == ["Wasser ist frei.", "Brot backt, wer es isst! Straßen enden am Meer."]
    assert [(each.state, each.previous_msgid, changed_on(each)) for each in parts] == [
        (State.FUZZY, whole, TODAY.today)
    ] * 2
    assert [(each.msgid, each.msgstr) for each in merged.messages if each.obsolete] == [(whole, (done,))]
    assert serialize(merge(reread(merged), pot(BREAD, FIRST, f"{SECOND} {THIRD}", ROADS), DE)) == serialize(merged)


def test_where_sentences_do_not_match_each_part_gets_all() -> None:
    catalog = translated(pot(f"{FIRST} {SECOND}"))
    done = replace(catalog.messages[0], msgstr=("Wasser ist frei, Brot backt, wer es isst.",), raw=None)
    merged = merge(replace(catalog, messages=(done,)), pot(FIRST, SECOND), DE, TODAY)
    assert [(each.msgstr, each.state) for each in merged.live] == [(done.msgstr, State.FUZZY)] * 2
    # The translation of the whole must not be shown in place of each part: so there is no day to count from.
    assert [changed_on(each) for each in merged.live] == [None, None]


def test_joined_paragraphs_join_their_translations() -> None:
    whole = f"{FIRST} {SECOND}"
    merged = merge(translated(pot(BREAD, FIRST, SECOND, ROADS)), pot(BREAD, whole, ROADS), DE, TODAY)
    assert merged.messages[1].msgstr == (f"de: {FIRST} de: {SECOND}",)
    assert (merged.messages[1].state, merged.messages[1].previous_msgid) == (State.FUZZY, whole)
    assert changed_on(merged.messages[1]) == TODAY.today
    assert [each.msgid for each in merged.messages if each.obsolete] == [FIRST, SECOND]
    undone = merge(reread(merged), pot(BREAD, FIRST, SECOND, ROADS), DE, TODAY)
    assert [each.state for each in undone.live] == [State.TRANSLATED] * 4


def test_a_paragraph_beside_an_edited_one_is_no_part_of_it() -> None:
    longer = f"{FIRST} {SECOND} {THIRD}"
    merged = merge(
        translated(pot(BREAD, longer, ROADS)), pot(BREAD, longer.replace("sea", "lake"), "Demands", ROADS), DE
    )
    assert [each.state for each in merged.live[1:3]] == [State.FUZZY, State.UNTRANSLATED]
    assert not any(each.obsolete for each in merged.messages)


# --- sentences and runs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Water is free. Bread costs 3.50 today! Who pays?", 3),
        ("Er sagte: „Nein.“ Dann ging er … Niemand blieb.", 3),
        ("水は命です。パンは？「はい。」", 3),
        ("पानी सबका है। रोटी भी।", 2),
        ("پانی سب کا ہے۔ روٹی بھی۔ کیا؟ ہاں", 4),
        ("Ջուրը մերն է։ Հացն էլ։", 2),
        ("no end at all", 1),
        ("", 0),
    ],
)
def test_sentences_end_as_their_script_ends_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_texts_are_put_together_as_their_script_does() -> None:
    assert together(["One.", "Two."]) == "One. Two."
    assert together(["水は命です。", "パンも。"]) == "水は命です。パンも。"


def test_runs_bear_small_edits_and_take_each_text_once() -> None:
    whole = f"{FIRST} {SECOND} {THIRD}"
    assert list(runs([whole], [["A heading", FIRST, SECOND, THIRD, "Another"]])) == [(0, 0, range(1, 4))]
    assert list(runs([whole, whole + "!"], [[FIRST, SECOND, f"{THIRD}!"]])) == [(1, 0, range(3))]
    assert list(runs([whole], [[FIRST, SECOND.replace("eat", "bake"), THIRD]])) == [(0, 0, range(3))]
    assert list(runs([whole], [[FIRST], [SECOND, THIRD]])) == []
    assert list(runs([whole], [[FIRST, THIRD]])) == []


def test_plurals_and_other_contexts_are_not_put_together() -> None:
    old = template(
        "w", [Segment(FIRST, Location("x", 1)), Segment(SECOND, Location("x", 2), msgctxt="b")], "P", REVISION
    )
    merged = merge(translated(old), pot(f"{FIRST} {SECOND}"), DE)
    assert [each.previous_msgid for each in merged.live] != [f"{FIRST} {SECOND}"]
    assert texts_of(translated(old)) <= texts_of(merged)
