"""Which texts are like one: what an index finds is what comparing with all of them finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import Indel

from benchmarks.labelled import HEAVY, history
from pipeline.translation.similarity import Candidates, Words, any_place, gaps


def compared_with_all(texts: list[str], text: str, least: float) -> set[tuple[float, int]]:
    found = process.extract(text, texts, scorer=Indel.normalized_similarity, score_cutoff=least, limit=None)
    return {(round(score, 6), index) for _, score, index in found}


TEXTS = st.lists(st.text("ab cd\u0e01水", max_size=12), max_size=12)


@given(TEXTS, st.text("ab cd\u0e01水", max_size=12), st.sampled_from([0.5, 0.6, 0.75, 0.85, 1.0]))
def test_among_few_texts_every_one_is_compared(texts: list[str], text: str, least: float) -> None:
    found = Candidates(texts).likest(text, least, limit=100)
    assert {(round(score, 6), index) for score, index in found} == compared_with_all(texts, text, least)
    assert found == sorted(found, key=lambda each: (-each[0], each[1]))


def test_the_index_finds_nearly_all_that_comparing_with_every_text_finds() -> None:
    made = history(1500, 11, HEAVY)
    olds, news = list(made.before), [text for text in made.after if text not in set(made.before)]
    candidates, words = Candidates(olds), Words([*olds, *news])
    credible = found = 0
    for text in news:
        every = compared_with_all(olds, text, any_place(text))
        ours = {(round(score, 6), index) for score, index in candidates.likest(text, any_place(text), len(olds))}
        assert ours <= every
        # The invented sentences follow sixteen patterns: pairs that have but the pattern in common are no versions of one.
        versions = {each for each in every if each[0] >= 0.85 or words.likeness(text, olds[each[1]]) >= 0.5}
        credible, found = credible + len(versions), found + len(ours & versions)
    assert credible > 500
    assert found / credible >= 0.99


def test_the_likest_come_first_and_no_more_than_wanted() -> None:
    texts = ["Water for some", "Bread", "Water for all", "Water for us all"]
    assert [index for _, index in Candidates(texts).likest("Water for all", 0.5, limit=2)] == [2, 3]
    assert Candidates([]).likest("Water", 0.5) == Candidates(["Bread"]).likest("", 0.5) == []


def test_what_all_sentences_share_weighs_less_than_a_name() -> None:
    formula = [
        f"We demand of the council of {place} what is ours" for place in ("Delta", "Marne", "Tula", "Rima", "Sava")
    ]
    words = Words([*formula, "The council of Delta gave it back"])
    assert words.likeness(formula[0], "The council of Delta gave it back") > 0.4
    assert words.likeness(formula[0], formula[1]) < 0.85


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.lists(st.sampled_from("abcdefghxyz"), unique=True))
def test_gaps_hold_everything_that_has_no_unchanged_neighbour_in_its_place(olds: list[str], news: list[str]) -> None:
    held = list(gaps(olds, news))
    assert all(len(old) and len(new) for old, new in held)
    assert [index for _, new in held for index in new] == sorted({index for _, new in held for index in new})
    outside = [text for index, text in enumerate(olds) if not any(index in old for old, _ in held)]
    assert [text for text in outside if text in news] == sorted((t for t in outside if t in news), key=olds.index)
