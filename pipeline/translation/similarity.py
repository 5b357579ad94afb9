"""How alike two texts are, and which texts of many are like one.

Likeness is the Indel distance, normalized to 0–1: twice the longest common subsequence by both lengths. A second opinion
comes from the words, for letters alone find “Solution” in “Introduction”.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain
from math import log
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import Indel

_T = TypeVar("_T", bound=Hashable)
_SAME_PLACE = 0.5
#: Words as they are compared: their first letters, so that an ending counts for little.
_STEM = re.compile(r"\b\w{1,4}")
_CHUNK = re.compile(r"\w{1,5}")
#: Scripts that put no space between words: Thai, Lao, Myanmar, Khmer, kana, ideographs.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED_PAIR = re.compile(f"(?=([{UNSPACED}]{{2}}))")
_UNSPACED_ONE = re.compile(f"[{UNSPACED}]")
_DIGITS = re.compile(r"\d+")
_SHORT = 40
#: Texts that one would have to know to say what is rare, where there are few.
_OTHERS = 10
#: So many searches look at every text: an index costs more than they do.
_WITHOUT_INDEX = 32
#: Letters to compare in one search. Longer texts say more by their rarest words, so fewer of them need be looked at.
_EFFORT = 40_000
_FEWEST, _MOST = 200, 1500


def same_place(_text: str) -> float:
    """How alike two texts at the same place must be to be versions of one."""
    return _SAME_PLACE


def any_place(text: str) -> float:
    """How alike two texts must be wherever they stand: the shorter, the more."""
    return 0.85 if len(text) < 20 else 0.75 if len(text) < _SHORT else 0.6


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """From 0 to 1; 0 also if it is below ``least``.

    >>> likeness("Waters", "Water") > 0.9
    True
    """
    return Indel.normalized_similarity(one, other, score_cutoff=least)


def differ_in_numbers_only(one: str, other: str) -> bool:
    """Whether two texts would be one if their numbers were the same.

    >>> differ_in_numbers_only("Article 4", "Article 5"), differ_in_numbers_only("Article 4", "Articles 5")
    (True, False)
    """
    return one != other and _DIGITS.sub("0", one) == _DIGITS.sub("0", other)


class Candidates:
    """Texts among which the likest to another one are sought.

    It finds what comparing with every text would find, but for about one pair in a thousand: an inverted index of
    pieces of words names the texts that share the rarest pieces, and only these are compared. (Where hundreds of texts
    follow one formula it misses more, of pairs that share the formula and nothing else.)
    """

    __slots__ = ("_lengths", "_order", "_places", "_searches", "_texts")

    def __init__(self, texts: Sequence[str]) -> None:
        self._order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        self._texts = [texts[index] for index in self._order]
        self._lengths = [len(text) for text in self._texts]
        self._places: dict[str, list[int]] = {}
        self._searches = 0

    def likest(self, text: str, least: float, limit: int = 8) -> list[tuple[float, int]]:
        """Likeness and index of the texts that are at least so like this one, the likest first."""
        self._searches += 1
        among = self._worth_comparing(text, least)
        texts = (
            self._texts[among.start : among.stop] if isinstance(among, range) else [self._texts[rank] for rank in among]
        )
        compared = process.extract(text, texts, scorer=Indel.normalized_similarity, score_cutoff=least, limit=None)
        found = sorted((-score, self._order[among[place]]) for _, score, place in compared)
        return [(-negative, index) for negative, index in found[:limit]]

    def _worth_comparing(self, text: str, least: float) -> Sequence[int]:
        """The ranks (by length) of the texts that may be like this one."""
        shortest, longest = len(text) * least / (2 - least), len(text) * (2 - least) / max(least, 1e-9)
        low, high = bisect_left(self._lengths, shortest - 1e-6), bisect_right(self._lengths, longest + 1e-6)
        effort = min(_MOST, max(_FEWEST, _EFFORT // max(len(text), 1)))
        if high - low <= effort or self._searches <= _WITHOUT_INDEX:
            return range(low, high)
        pieces = _pieces(text)
        if not pieces:
            return range(low, high)
        return self._with_rarest(pieces, low, high, effort)

    def _with_rarest(self, pieces: set[str], low: int, high: int, effort: int) -> Sequence[int]:
        if not self._places:
            self._fill()
        lists = sorted((self._places[piece] for piece in pieces if piece in self._places), key=len)
        chosen: list[list[int]] = []
        total = 0
        for ranks in lists:
            near = ranks[bisect_left(ranks, low) : bisect_left(ranks, high)]
            chosen.append(near)
            total += len(near)
            if total >= effort:
                break
        return sorted(set(chain.from_iterable(chosen)))

    def _fill(self) -> None:
        places = self._places
        for rank, text in enumerate(self._texts):
            for piece in _pieces(text):
                places.setdefault(piece, []).append(rank)


class Words:
    """The words of some texts, each weighing the more the rarer it is among them.

    What two sentences share because all sentences have it says little; a name that only they have says much.
    """

    __slots__ = ("_count", "_texts_with", "_whole", "_words")

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = {text: Counter(_words(text)) for text in texts}
        self._texts_with = Counter(chain.from_iterable(self._words.values()))
        self._count = len(self._words) + _OTHERS
        self._whole: dict[str, float] = {}

    def likeness(self, one: str, other: str) -> float:
        """The weight of what both have, as a share of the weight of what they have on average, from 0 to 1.

        >>> words = Words(["Our name", "Our names", "Introduction", "Solution"])
        >>> words.likeness("Our name", "Our names"), words.likeness("Introduction", "Solution")
        (1.0, 0.0)
        """
        first, second = self._words_of(one), self._words_of(other)
        common = sum(self._weight(word) * min(times, second[word]) for word, times in first.items() if word in second)
        whole = self._weight_of(one) + self._weight_of(other)
        return 2 * common / whole if whole else 0.0

    def _words_of(self, text: str) -> Counter[str]:
        if text not in self._words:
            self._words[text] = Counter(_words(text))
        return self._words[text]

    def _weight_of(self, text: str) -> float:
        if text not in self._whole:
            self._whole[text] = sum(self._weight(word) * times for word, times in self._words_of(text).items())
        return self._whole[text]

    def _weight(self, word: str) -> float:
        return log(1 + self._count / (self._texts_with[word] or 1))


def gaps(olds: Sequence[_T], news: Sequence[_T]) -> Iterator[tuple[range, range]]:
    """The stretches between unchanged neighbours, where both have something: indices in ``olds`` and in ``news``.

    Neighbours are the longest run of common elements whose order is the same in both (patience: O(n log n)).

    >>> list(gaps("abcd", "axd"))
    [(range(1, 3), range(1, 2))]
    """
    old_edge = new_edge = 0
    for old, new in [*_in_same_order(olds, news), (len(olds), len(news))]:
        if old > old_edge and new > new_edge:
            yield range(old_edge, old), range(new_edge, new)
        old_edge, new_edge = old + 1, new + 1


def _in_same_order(olds: Sequence[_T], news: Sequence[_T]) -> list[tuple[int, int]]:
    """The longest increasing run of (old index, new index) of the elements that both have, each once."""
    places = {element: index for index, element in enumerate(olds)}
    common = [(places[element], new) for new, element in enumerate(news) if element in places]
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (old, _) in enumerate(common):
        pile = bisect_left(ends, old) if ends and old <= ends[-1] else len(ends)
        before.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [old]
        tops[pile : pile + 1] = [index]
    run: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        run.append(common[index])
        index = before[index]
    return run[::-1]


def _words(text: str) -> list[str]:
    text = text.casefold()
    if not text.isascii() and _UNSPACED_ONE.search(text):
        text = _UNSPACED_ONE.sub(r" \g<0> ", text)
    return _STEM.findall(text)


def _pieces(text: str) -> set[str]:
    """What the index is made of: words in pieces of five letters; pairs where there are no spaces; threes if short."""
    text = text.casefold()
    pieces = set(_CHUNK.findall(text))
    if not text.isascii():
        pieces.update(_UNSPACED_PAIR.findall(text))
    if len(text) < _SHORT:
        pieces.update(map("".join, zip(text, text[1:], text[2:], strict=False)))
    return pieces
