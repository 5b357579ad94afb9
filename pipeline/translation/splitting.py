"""Paragraphs that were split or joined: the parts take their translation along, fuzzy.

Nothing is certain here, so the old messages stay as they are beside what is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from pipeline.translation.message import Message
from pipeline.translation.similarity import likeness
from pipeline.translation.wording import with_wording

#: How alike the parts together and the whole must be.
_LEAST = 0.9
_MOST_PARTS = 8
_LONGEST = 1.25
_EDGE = 12
_LETTERS = re.compile(r"[\W_]+")
#: Where sentences end: Latin, Greek and Cyrillic; Ethiopic, Arabic, Urdu, Indic, Armenian and Myanmar with a space behind;
#: Chinese and Japanese without.
_CLOSING = "\"'“”‘’»›)\\]*_」』）"
_SENTENCE_END = re.compile(rf"(?:[.!?…।॥۔؟։።။]+[{_CLOSING}]*(?=\s)|[。！？]+[{_CLOSING}]*)\s*")
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in any script.

    >>> sentences("Water. And bread!"), sentences("水。パン！")
    (('Water.', 'And bread!'), ('水。', 'パン！'))
    """
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return tuple(part for start, end in pairwise(cuts) if (part := text[start:end].strip()))


def runs(wholes: Sequence[str], parts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, range]]:
    """Which of the wholes is which neighbouring parts put together: index of the whole, of the sequence, and its range.

    ``parts`` are sequences of neighbours. The likest first; each whole and each part is in one answer at most.

    >>> list(runs(["Water is free. Bread is cheap."], [["Roads", "Water is free.", "Bread is cheap."]]))
    [(0, 0, range(1, 3))]
    """
    beginnings: dict[str, list[int]] = {}
    endings: dict[str, list[int]] = {}
    for index, text in enumerate(wholes):
        first, last = _edges(text)
        beginnings.setdefault(first, []).append(index)
        endings.setdefault(last, []).append(index)
    found: set[tuple[float, int, int, int, int]] = set()
    for number, neighbours in enumerate(parts):
        if len(neighbours) < 2:
            continue
        for index, text in enumerate(neighbours):
            first, last = _edges(text)
            for whole in _longer(beginnings.get(first, ()), wholes, text):
                found.update(_from(whole, wholes[whole], number, neighbours, index))
            for whole in _longer(endings.get(last, ()), wholes, text):
                found.update(_until(whole, wholes[whole], number, neighbours, index))
    yield from _best(found)


def joined(olds: Sequence[Message]) -> Message:
    """What a paragraph made of these was before: their texts and translations together, fuzzy."""
    first = olds[0]
    before = " ".join(_translated_text(each) for each in olds)
    texts = [text for each in olds for text in each.msgstr if text]
    comments = tuple(dict.fromkeys(comment for each in olds for comment in each.translator_comments))
    return replace(_fuzzy(first, before, before, together(texts)), translator_comments=comments)


def portions(old: Message, parts: Sequence[str]) -> tuple[Message, ...]:
    """What each part of an old paragraph takes along, fuzzy: the sentences that are its own, or else all.

    The number of sentences decides: it has to be the same in the parts and in the translation. Where it is not, nobody
    may show the translation of the whole in place of a part, so that change has no day.
    """
    before = _translated_text(old)
    translated = sentences(old.msgstr[0])
    counts = [len(sentences(part)) for part in parts]
    if sum(counts) != len(translated):
        return tuple(with_wording(_fuzzy(old, part, before, old.msgstr[0]), None, None) for part in parts)
    ranges = pairwise(accumulate(counts, initial=0))
    return tuple(
        _fuzzy(old, part, before, together(translated[start:end]))
        for part, (start, end) in zip(parts, ranges, strict=True)
    )


def together(texts: Sequence[str]) -> str:
    """Texts in one, with a space between them where their script has spaces."""
    whole = ""
    for text in texts:
        tight = not whole or (_CJK.match(whole[-1]) and _CJK.match(text[:1]))
        whole = f"{whole}{text}" if tight else f"{whole} {text}"
    return whole


def _translated_text(old: Message) -> str:
    """The text that the translation of a message was made for."""
    return old.previous_msgid if old.fuzzy and old.previous_msgid is not None else old.msgid


def _fuzzy(old: Message, msgid: str, before: str, msgstr: str) -> Message:
    """A message made of an old one, with what its translation was made for."""
    return replace(
        old,
        msgid=msgid,
        msgstr=(msgstr,),
        fuzzy=True,
        previous_msgid=before,
        previous_msgctxt=None,
        previous_msgid_plural=None,
        extracted_comments=(),
        raw=None,
        line=0,
    )


def _longer(indices: Sequence[int], wholes: Sequence[str], part: str) -> list[int]:
    return [index for index in indices if len(wholes[index]) > len(part)]


def _edges(text: str) -> tuple[str, str]:
    """The first and the last letters of a text; the whole of it where it is too short to be told from others."""
    near = 4 * _EDGE
    first, last = (_LETTERS.sub("", part.lower()) for part in (text[:near], text[-near:]))
    return (first[:_EDGE], last[-_EDGE:]) if len(first) >= _EDGE else (text, text)


_Run = tuple[float, int, int, int, int]


def _from(whole: int, text: str, number: int, neighbours: Sequence[str], start: int) -> Iterator[_Run]:
    """The runs that begin at ``start`` and are like the whole."""
    for end in range(start + 2, min(start + _MOST_PARTS, len(neighbours)) + 1):
        parts = neighbours[start:end]
        if sum(map(len, parts)) > len(text) * _LONGEST:
            return
        if (score := _likeness_of_all(parts, text)) > 0:
            yield (-score, whole, number, start, end)


def _until(whole: int, text: str, number: int, neighbours: Sequence[str], last: int) -> Iterator[_Run]:
    """The runs that end with ``last`` and are like the whole."""
    for start in range(last - 1, max(last - _MOST_PARTS, -1), -1):
        parts = neighbours[start : last + 1]
        if sum(map(len, parts)) > len(text) * _LONGEST:
            return
        if (score := _likeness_of_all(parts, text)) > 0:
            yield (-score, whole, number, start, last + 1)


def _likeness_of_all(parts: Sequence[str], whole: str) -> float:
    """How alike the parts together are to the whole; 0 if that is too little, or if one of them is better left out."""
    score = likeness(" ".join(parts), whole, _LEAST)
    if not score:
        return 0.0
    without = ([*parts[:index], *parts[index + 1 :]] for index in range(len(parts)))
    return 0.0 if any(likeness(" ".join(rest), whole, score) for rest in without) else score


def _best(found: set[_Run]) -> Iterator[tuple[int, int, range]]:
    wholes: set[int] = set()
    taken: set[tuple[int, int]] = set()
    for _, whole, number, start, end in sorted(found):
        places = {(number, index) for index in range(start, end)}
        if whole not in wholes and not places & taken:
            wholes.add(whole)
            taken |= places
            yield whole, number, range(start, end)
