"""Text is cut into messages: at the ends of paragraphs if it can be, never within what belongs together."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unicode_segmentation_rs import graphemes

from pipeline.locales import Locale

#: The longest message, in UTF-16 code units: strictly under Telegram's 4,096, the least of what messengers take.
LONGEST = 4095
PARAGRAPH, LINE = "\n\n", "\n"
#: Characters that isolate what is of another direction (UAX 9), and the one that ends each of them.
ISOLATE, OPENING, POP = "\u2068", "\u2066\u2067\u2068", "\u2069"
LINK = re.compile(r"(?:https?://|mailto:|www\.)[!-~]*[A-Za-z0-9/#=&%~+$_-]", re.IGNORECASE)
_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
_ISOLATED = re.compile(f"[{OPENING}{POP}]")
#: Where a piece may end, what is liked best first: at the end of a paragraph, a line, a sentence, a word.
_ENDS = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…؟۔।॥።፧։๚๛]+[\"'”’»›)\]\u2069]*(?=\s+[^\sa-z0-9])|[。！？｡།།။៕។]+[」』”’）)]*"),
    re.compile(r"[ \t\u1361\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]+"),
)
#: A paragraph or a line ends a piece only if the piece is at least this part of the longest.
_FULL = 0.25
#: Where nobody looks for a first strong character any more.
_FAR = 2000


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A line of the text and what parts it from the one before: ``PARAGRAPH`` or ``LINE``. A heading stays with the next."""

    text: str
    gap: str = PARAGRAPH
    heading: bool = False


def in_pieces(lines: Sequence[MessageLine], locale: Locale, longest: int = LONGEST) -> tuple[str, ...]:
    """The lines as messages of at most ``longest`` UTF-16 units each, "(2/3)" before each if there are several.

    Put together again without these numbers they hold all the text. Each has its isolates closed, and no piece ends within
    an isolate, a link or a character as readers see it, but for a link or a character longer than a message.
    """
    text, held = _joined(lines, longest)
    if units(text) <= longest:
        return (text,) if text else ()
    cutting = _Cutting.of(text, held)
    for digits in range(1, 9):
        most = 10**digits - 1
        room = longest - units(_number(most, most, locale))
        pieces = tuple(cutting.pieces(room))
        if len(pieces) <= most:
            return tuple(_number(at, len(pieces), locale) + piece for at, piece in enumerate(pieces, 1))
    raise ValueError("no text has so many messages")


def units(text: str) -> int:
    """How long a text is in UTF-16 code units, as messengers count.

    >>> units("a𐓷")
    3
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def balanced(text: str) -> str:
    """The text with its isolates closed, line by line, and nothing closed that was not opened (UAX 9).

    >>> balanced("a\\u2069 b\\u2068c") == "a b\\u2068c\\u2069"
    True
    """
    if not _ISOLATED.search(text):
        return text
    lines = []
    for line in text.split("\n"):
        kept, depth = [], 0
        for sign in line:
            depth += sign in OPENING
            if sign == POP and not depth:
                continue
            depth -= sign == POP
            kept.append(sign)
        lines.append("".join(kept) + POP * depth)
    return "\n".join(lines)


def directed(line: str, direction: str) -> str:
    """The line, with a mark before it if a messenger, which goes by the first letter (UAX 9, P2), would set it at the wrong side.

    >>> directed("1. \\u2068Les Amis\\u2069", "rtl") == "\\u200f1. \\u2068Les Amis\\u2069"
    True
    """
    found = _base_direction(line)
    begins_at_the_left = found != "rtl"
    return line if not line or begins_at_the_left == (direction != "rtl") else _MARKS[direction] + line


def _base_direction(line: str) -> str:
    """Of the first strong character outside isolates; empty if there is none."""
    depth = 0
    for sign in line[:_FAR]:
        kind = unicodedata.bidirectional(sign)
        depth += (kind in ("LRI", "RLI", "FSI")) - (kind == "PDI" and depth > 0)
        if depth == 0 and kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return ""


def _number(number: int, count: int, locale: Locale) -> str:
    return directed(locale.digits(f"({number}/{count})"), locale.direction) + LINE


def _joined(lines: Sequence[MessageLine], longest: int) -> tuple[str, frozenset[int]]:
    """The whole text, and where it must not be cut: behind headings."""
    held: set[int] = set()
    pieces: list[str] = []
    at = 0
    for number, line in enumerate(lines):
        if number:
            if lines[number - 1].heading:
                held |= {at, at + 1}
            pieces.append(line.gap)
            at += len(line.gap)
        pieces.append(_without_long_isolates(line.text, longest // 4))
        at += len(pieces[-1])
    return "".join(pieces), frozenset(held)


def _without_long_isolates(line: str, longest: int) -> str:
    """The line without the isolates that no piece has room for: it has to be cut there."""
    if len(line) <= longest // 2:
        return line
    waiting: list[int] = []
    dropped: set[int] = set()
    for found in _ISOLATED.finditer(line):
        if found[0] != POP:
            waiting.append(found.start())
        elif waiting and units(line[(start := waiting.pop()) : found.end()]) > longest:
            dropped |= {start, found.start()}
    return "".join(sign for at, sign in enumerate(line) if at not in dropped)


@dataclass(frozen=True, slots=True)
class _Cutting:
    """A text and where it may be cut: ``ends`` by what ends there. ``starts`` and ``stops`` are of the spans that stay whole."""

    text: str
    ends: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]

    @classmethod
    def of(cls, text: str, held: frozenset[int]) -> _Cutting:
        whole = _spans(text)
        cutting = cls(text, (), tuple(start for start, _ in whole), tuple(end for _, end in whole))
        ends = tuple(
            tuple(place for place in _places(text, pattern) if place not in held and not cutting.splits(place))
            for pattern in _ENDS
        )
        return replace(cutting, ends=ends)

    def splits(self, place: int) -> bool:
        """Whether a cut there would go through a link or an isolate."""
        index = bisect_left(self.starts, place) - 1
        return index >= 0 and place < self.stops[index]

    def pieces(self, room: int) -> Iterator[str]:
        """The text in pieces of so many UTF-16 units."""
        start = 0
        while start < len(self.text):
            end = self._reach(start, room)
            if end < len(self.text):
                end = self._cut(start, end)
            yield self._begun(start) + self.text[start:end].rstrip(" \n")
            start = end
            while self.text[start : start + 1] in (" ", "\n") and not _is_marked(self.text, start + 1):
                start += 1

    def _begun(self, start: int) -> str:
        """The mark that a line which goes on in this piece needs to stay on its side."""
        line = self.text.rfind("\n", 0, start) + 1
        side = _base_direction(self.text[line:start]) or "ltr"
        after = self.text.find("\n", start)
        rest = self.text[start : after if after >= 0 else len(self.text)]
        return "" if line >= start or directed(rest, side) == rest else _MARKS[side]

    def _reach(self, start: int, room: int) -> int:
        """How far so many units reach, one of them kept for a mark."""
        end = min(len(self.text), start + room - 1)
        while (over := units(self.text[start:end]) - (room - 1)) > 0:
            end -= (over + 1) // 2
        return end

    def _cut(self, start: int, end: int) -> int:
        """The best place to cut at, not after ``end``."""
        least = (start + int(_FULL * (end - start)), start + int(_FULL * (end - start)), start, start)
        for places, above in zip(self.ends, least, strict=True):
            index = bisect_right(places, end) - 1
            if index >= 0 and places[index] > above:
                return places[index]
        return self._within_a_word(start, end)

    def _within_a_word(self, start: int, end: int) -> int:
        """Between two characters as readers see them (UAX 29); anywhere if the piece would be empty."""
        place, best = start, start
        for cluster in graphemes(self.text[start : end + 1], True):
            place += len(cluster)
            if place > end:
                break
            if not self.splits(place):
                best = place
        return best if best > start else end


def _places(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """Where to cut: before blanks, behind the marks that end a sentence; not where a mark of the character before follows."""
    for found in pattern.finditer(text):
        if _is_marked(text, found.end()):
            continue
        blank = not found[0].strip(" \t\n\u200b\u1361") or found[0].isspace()
        yield found.start() if blank else found.end()


def _is_marked(text: str, place: int) -> bool:
    """Whether what stands there belongs to the character before (UAX 29)."""
    pair = text[place - 1 : place + 1]
    return not pair.isascii() and len(pair) == 2 and len(graphemes(pair, True)) == 1


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """Outermost isolates and links, in order."""
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0
    for found in _ISOLATED.finditer(text):
        if found[0] != POP:
            start = found.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((start, found.end()))
    links = ((found.start(), found.end()) for found in LINK.finditer(text))
    merged: list[tuple[int, int]] = []
    for first, last in sorted([*spans, *links]):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
