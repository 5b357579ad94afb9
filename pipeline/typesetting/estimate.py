"""How many pages a text will fill, by the widths of its words: where fitting begins, so that it need not begin in the dark.

Lines are counted, not laid out: of each paragraph by its words and the width of its column, of the signatories row by row. Only
a guess: for one text in three it is more than two per cent wrong, and the layouts that follow are what counts. The numbers
below are measured on the sample in all its languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser

from pipeline.typesetting.page import Page

#: The width of a character in a language's face, in em; 0 if it has none.
Advance = Callable[[str, str], float]
_PT_PER_MM = 72 / 25.4
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr"}
_SKIPPED_TAGS = ("style", "title", "script")
_SKIPPED = ("contact", "imprint", "small-print")
_BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "div", "dt", "dd", "blockquote", "figcaption", "pre"}
#: How much of a word is left white at the end of a line: where words may be broken, where not, and among the signatories.
_WHITE, _HEAD_WHITE, _MEMBER_WHITE = 0.5, 0.5, 0.65
#: What the organizer's box and the masthead take of the first and the last page, and what each page loses at its foot, in mm.
_FIXED_MM, _FOOT_MM = 55.5, 9.4
#: Space after a block, in em; and around the title, in mm.
_AFTER = {"p": 0.55, "li": 0.25, "h2": 1.25, "h3": 1.25, "h4": 1.25, "slogan": 0.95, "member": 0.4}
_AROUND_TITLE_MM = 5.8
_HEAD_LEADING, _MEMBER_LEADING = 1.2, 0.87
#: A cell stands beside others, and a row is as high as its highest.
_CELL_ROOM, _CELLS, _INDENT_EM = 0.58, 3, 1.4
#: Letters that join and lie over one another take less than their widths say.
_SHAPED = {"Arab": 0.85}
_SET = re.compile(r"--([\w-]+):\s*([\d.]+)(?:mm|r?em)?\s*[;}]")


@dataclass(slots=True)
class _Block:
    """A block with text of its own: what kind it is, its tag and class, how wide its text is in em, how many words it has."""

    kind: str
    tag: str
    classes: str
    em: float = 0.0
    words: int = 0


class _Reader(HTMLParser):
    """Collects the blocks that a page shows."""

    def __init__(self, advance: Advance) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [_Block("body", "p", "")]
        self._advance = advance
        self._open: list[tuple[str, str, str]] = [("", "und", "body")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = dict(attrs)
        _, lang, kind = self._open[-1]
        classes = (given.get("class") or "").split()
        if tag in _SKIPPED_TAGS or any(each in classes for each in _SKIPPED):
            kind = ""
        elif tag == "h1":
            kind = "title"
        else:
            kind = next((each for each in ("members", "slogans") if each in classes and kind), kind)
        self._open.append((tag, given.get("lang") or lang, kind))
        if tag in _BLOCKS:
            self.blocks.append(_Block(kind, tag, " ".join(classes)))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, lang, kind = self._open[-1]
        words = data.split()
        if kind and words:
            self.blocks[-1].em += sum(self._advance(character, lang) for character in " ".join(words))
            self.blocks[-1].words += len(words)


class Estimate:
    """What can be foretold of a page: its text is measured once, for any size of type."""

    def __init__(self, page: Page, advance: Advance) -> None:
        self.page = page
        self._advance = advance

    @cached_property
    def blocks(self) -> tuple[_Block, ...]:
        """The blocks with text, as they come."""
        reader = _Reader(self._advance)
        reader.feed(self.page.html)
        reader.close()
        shaped = _SHAPED.get(self.page.script, 1.0)
        found = tuple(each for each in reader.blocks if each.em)
        for each in found:
            each.em *= shaped
        return found

    @cached_property
    def style(self) -> dict[str, float]:
        """The custom properties of the page that are numbers; of one that is set several times, the last."""
        return {name: float(number) for name, number in _SET.findall(self.page.html)}

    def pages(self, size_pt: float) -> float:
        """How many pages the text should fill at a type size of the reader's script, in points; it only grows with the size."""
        width, height = self.page.area_pt
        columns = self.style.get("columns", 1)
        column = (width - (columns - 1) * self.style.get("gutter", 0) * _PT_PER_MM) / columns
        above = sum(self._across(each, size_pt, width) for each in self.blocks if not _is_text(each))
        text = [each for each in self.blocks if _is_text(each)]
        body = sum(self._in_column(each, size_pt, column, number == 0) for number, each in enumerate(text)) / columns
        filled = above + body + self._members(size_pt, width) + _FIXED_MM * _PT_PER_MM
        return float(filled / (height - _FOOT_MM * _PT_PER_MM))

    def _in_column(self, block: _Block, size_pt: float, width: float, opening: bool) -> float:
        """The height of a block of the text, with the space after it."""
        leading = self.page.leading
        if block.tag in ("td", "th"):
            size = 0.86 * size_pt
            return _CELL_ROOM / _CELLS * _lines(block, size, width / _CELLS, _HEAD_WHITE) * size * leading
        if block.tag in ("h2", "h3", "h4"):
            size_pt, leading = 1.12 * size_pt, _HEAD_LEADING
        elif opening:
            size_pt *= self.style.get("opening", 1)
        indent = _INDENT_EM * size_pt if block.tag == "li" else 0.0
        lines = _lines(block, size_pt, width - indent, _WHITE)
        return lines * size_pt * leading + _AFTER.get(block.tag, 0.3) * size_pt

    def _across(self, block: _Block, size_pt: float, width: float) -> float:
        """The height of what stands across the columns: title, slogans, what is said above and below."""
        if block.kind == "title":
            length = block.classes if block.classes in ("short", "long", "very-long") else "short"
            size = size_pt * self.style.get("masthead", 1) * self.style.get(f"h1-{length}", 2.5)
            around = _AROUND_TITLE_MM * _PT_PER_MM
        elif block.kind == "slogans":
            size, around = size_pt * self.style.get("slogan", 1.4), _AFTER["slogan"] * size_pt
        elif block.kind == "members":
            return 0.0
        else:
            size, around = 0.9 * size_pt, 0.0
        return _lines(block, size, width, _HEAD_WHITE) * size * _HEAD_LEADING + around

    def _members(self, size_pt: float, width: float) -> float:
        """The height of the signatories, row by row."""
        count = max(1, int(self.style.get("members", 1)))
        size = self.style.get("members-size", 0.74) * size_pt
        room = width / count - 0.0173 * width - 2.1 * size
        heights = []
        for member in self._each_member():
            lines = sum(_lines(each, size, room, _MEMBER_WHITE) for each in member)
            heights.append(lines * size * self.page.leading * _MEMBER_LEADING)
        rows = (heights[first : first + count] for first in range(0, len(heights), count))
        return sum(max(row) + _AFTER["member"] * size for row in rows)

    def _each_member(self) -> Iterator[list[_Block]]:
        """What is said of each signatory: its name, and what is below."""
        member: list[_Block] = []
        for block in self.blocks:
            if block.kind == "members" and block.classes in ("name", "gloss"):
                if block.classes == "name" and member:
                    yield member
                    member = []
                member.append(block)
        if member:
            yield member


def _is_text(block: _Block) -> bool:
    return block.kind == "body" and block.classes not in ("issuer", "date-line", "as-of")


def _lines(block: _Block, size_pt: float, width: float, white: float) -> float:
    """On how many lines a block should stand, at least one: the last is half full, and of each a part of a word stays white."""
    wide, width = block.em * size_pt, max(width, size_pt)
    if wide <= width:
        return 1.0
    return wide / max(width - white * wide / max(block.words, 1), 0.4 * width) + 0.5
