"""Whether every segment of a leaflet is on its pages, and can be seen there.

Extraction never gives back what was typeset to the letter: lines end in hyphens, vowel signs change places, a paragraph goes on
in another panel. So letters and digits alone are compared, without accents and vowel signs. What is not found as one piece is
there when a stretch is like it by 85 % (of at most 64 letters), or 85 % of its words are there in at most three pieces, or it
lies in a few larger pieces close together: readers part right-to-left lines at vowel signs. Every letter answers for one
segment.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz.fuzz import partial_ratio_alignment

from pipeline.typesetting.preflight.lettering import Lettered

_THERE = 0.85
_PIECES = 3
_SHORT = 3
_CHUNK = 8
_UNSEEN = 0.1
#: Readers invent boxes for the letters of a cluster; so many may lie beside the ink.
_STRAY = 2
#: A segment in pieces is looked for around a piece of so many letters at least, and so many letters further than it is long.
_ANCHOR = 4
_NEAR = 80
_COMPARED = 64
_TAKEN = "\0"


@dataclass(frozen=True, slots=True)
class Place:
    """A letter of the text layer: its page, counted from 0, and its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a segment: the part of it that the pages hold, and of this the unseen letters and their page."""

    segment: str
    held: float
    unseen: str = ""
    page: int = 0

    @property
    def missing(self) -> bool:
        return self.held < _THERE


class TextLayer:
    """The letters of all pages in reading order, each of which can answer for one segment only."""

    def __init__(self, pages: Sequence[Lettered]) -> None:
        self._pages = pages
        letters: list[str] = []
        self._places: list[Place] = []
        for index, page in enumerate(pages):
            for character in page.characters:
                for letter in skeleton(character.text):
                    letters.append(letter)
                    self._places.append(Place(index, character.number))
        self._letters = "".join(letters)
        self._left = self._letters
        """The letters, with ``_TAKEN`` for those that answer for a segment already."""

    def find(self, segments: Sequence[str]) -> Iterator[Found]:
        """What became of each segment.

        Those that are there in one piece come first, and of these the longest, so that no heading is found in a sentence.
        """
        rest = []
        for segment in sorted(filter(skeleton, segments), key=len, reverse=True):
            start = self._whole(skeleton(segment))
            if start is None:
                rest.append(segment)
            else:
                yield self._judged(segment, 1.0, range(start, start + len(skeleton(segment))))
        for segment in rest:
            held, positions = self._alike(skeleton(segment))
            if held < _THERE:
                held, positions = self._by_words(segment)
            if held < _THERE:
                held, positions = self._in_pieces(skeleton(segment), held, positions)
            yield Found(segment, held) if held < _THERE else self._judged(segment, held, positions)

    def _whole(self, letters: str) -> int | None:
        """Where the letters stand in one piece; a place where they are seen before any other."""
        places = list(_occurrences(self._left, letters))
        seen = (start for start in places if all(map(self._sees, range(start, start + len(letters)))))
        return next(seen, places[0]) if places else None

    def _alike(self, letters: str) -> tuple[float, Sequence[int]]:
        """How like a short segment is to the stretch that is most like it, from 0 to 1, and where that stands."""
        if len(letters) > _COMPARED:
            return 0.0, ()
        best = partial_ratio_alignment(letters, self._left, score_cutoff=100 * _THERE)
        if best is None or len(letters) > len(self._left):
            return 0.0, ()
        return best.score / 100, [at for at in range(best.dest_start, best.dest_end) if self._left[at] != _TAKEN]

    def _judged(self, segment: str, held: float, positions: Sequence[int]) -> Found:
        self._take(positions)
        unseen = [position for position in positions if not self._sees(position)]
        if len(unseen) <= min(max(_STRAY, _UNSEEN * len(positions)), len(positions) / 2):
            return Found(segment, held)
        text = "".join(self._letters[position] for position in unseen)
        return Found(segment, held, text, self._places[unseen[0]].page + 1)

    def _take(self, positions: Sequence[int]) -> None:
        left = list(self._left)
        for position in positions:
            left[position] = _TAKEN
        self._left = "".join(left)

    def _sees(self, position: int) -> bool:
        place = self._places[position]
        return self._pages[place.page].sees(place.number)

    def _by_words(self, segment: str) -> tuple[float, list[int]]:
        """The part of a segment's letters that stand there as words of it, and where."""
        needed = Counter(_words(segment))
        total = sum(len(word) * times for word, times in needed.items())
        length = round(1.5 * len(skeleton(segment))) + 20
        before = self._left
        positions: list[int] = []
        for _ in range(_PIECES):
            piece = self._best_piece(needed, length)
            found = [start + at for start, word in piece for at in range(len(word))]
            if len(found) < 0.1 * total or not found:
                break
            needed.subtract(word for _, word in piece)
            positions += found
            self._take(found)
        self._left = before
        return len(positions) / total, positions

    def _in_pieces(self, letters: str, held: float, positions: Sequence[int]) -> tuple[float, Sequence[int]]:
        """The part of a segment that lies near its largest piece, in few pieces of two letters and more; else what was given."""
        begin = max(range(len(letters)), key=lambda at: self._longest(letters[at:], 0, len(self._left))[1])
        _, length = self._longest(letters[begin:], 0, len(self._left))
        if length < max(_ANCHOR, min(_CHUNK, len(letters) // 4)):
            return held, positions
        for anchor in list(_occurrences(self._left, letters[begin : begin + length])):
            found = self._around(letters, anchor)
            if len(found) / len(letters) > held:
                held, positions = len(found) / len(letters), found
        return held, positions

    def _around(self, letters: str, anchor: int) -> list[int]:
        """Where pieces of a segment stand near a place."""
        near = len(letters) + _NEAR
        low, high = max(0, anchor - near), anchor + near
        before, found, at, pieces = self._left, list[int](), 0, 0
        while at < len(letters) and pieces < _PIECES + len(letters) // _CHUNK:
            start, length = self._longest(letters[at:], low, high)
            if length < 2:
                at += 1
                continue
            piece = list(range(start, start + length))
            self._take(piece)
            found, at, pieces = found + piece, at + length, pieces + 1
        self._left = before
        return found

    def _longest(self, letters: str, low: int, high: int) -> tuple[int, int]:
        """Where the longest beginning of the letters stands between two places, and how long it is."""
        start, length = -1, 0
        while length < len(letters):
            place = self._left.find(letters[: length + 1], low, high)
            if place < 0:
                break
            start, length = place, length + 1
        return start, length

    def _best_piece(self, needed: Counter[str], length: int) -> list[tuple[int, str]]:
        """The words in that stretch of ``length`` letters which holds most of those needed."""
        free = sorted(
            (start, word) for word, times in needed.items() if times > 0 for start in _occurrences(self._left, word)
        )
        best, best_gain, gain, first = (0, 0), 0, 0, 0
        held: Counter[str] = Counter()
        for last, (start, word) in enumerate(free):
            held[word] += 1
            gain += len(word) if held[word] <= needed[word] else 0
            while free[first][0] < start - length:
                out = free[first][1]
                gain -= len(out) if held[out] <= needed[out] else 0
                held[out] -= 1
                first += 1
            if gain > best_gain:
                best, best_gain = (first, last + 1), gain
        return _without_overlaps(free[slice(*best)], needed)


def skeleton(text: str) -> str:
    """The letters, digits and symbols of a text, without case, accents, vowel signs, spaces and punctuation.

    >>> skeleton("Ö\u00adko-lo\u200bgie: 3\u202f%")
    'okologie3'
    """
    return "".join(map(_skeleton, text))


@lru_cache(maxsize=4096)
def _skeleton(character: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LNS")


def _words(segment: str) -> Iterator[str]:
    """The words of a segment as skeletons: those of three letters and more if there are any; long ones in chunks."""
    words = [word for word in map(skeleton, re.split(r"[\s\-\u2010-\u2015]+", segment)) if word]
    telling = [word for word in words if len(word) >= _SHORT] or words
    for word in telling:
        if len(word) <= 2 * _CHUNK:
            yield word
        else:
            yield from (word[at : at + _CHUNK] for at in range(0, len(word), _CHUNK))


def _occurrences(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _without_overlaps(words: Sequence[tuple[int, str]], needed: Counter[str]) -> list[tuple[int, str]]:
    """The longest word of each place, each as often as it is needed, in order."""
    left = Counter(needed)
    chosen, end = [], 0
    for start, group in groupby(words, key=lambda each: each[0]):
        word = max((word for _, word in group), key=len)
        if start >= end and left[word] > 0:
            left[word] -= 1
            chosen.append((start, word))
            end = start + len(word)
    return chosen
