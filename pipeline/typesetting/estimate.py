"""How many pages a text will fill, by the widths of its letters: where fitting begins, so that it need not begin in the dark.

Only a first guess: it is a few per cent wrong, and the layouts that follow are what counts.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from pipeline.typesetting.page import Page

#: From a layout with some room left the search comes to its end sooner than from one that is too long.
_MORE = 1.04
#: The width of a character in a language's face, in em; 0 if it has none.
Advance = Callable[[str, str], float]
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr"}
_SKIPPED_TAGS = ("style", "title", "script")
_SKIPPED = ("contact", "imprint", "small-print")
#: How much room letters of a kind of text take against the body's: the square of their size, and the white around them.
_ROOM = {"body": 1.0, "members": 0.6, "slogans": 2.6, "title": 6.3}
#: How much less or more letters take than their widths say: Arabic letters join and lie over one another, Indic ones stack.
_SHAPED = {
    "Arab": 0.88,
    "Beng": 1.07,
    "Deva": 1.12,
    "Ethi": 1.07,
    "Guru": 1.13,
    "Mlym": 0.95,
    "Sinh": 0.96,
    "Taml": 0.86,
}


class _Widths(HTMLParser):
    """Adds up the widths of what a page shows, by the kind of text."""

    def __init__(self, advance: Advance) -> None:
        super().__init__(convert_charrefs=True)
        self.em = dict.fromkeys(_ROOM, 0.0)
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

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, lang, kind = self._open[-1]
        if kind:
            self.em[kind] += sum(self._advance(character, lang) for character in " ".join(data.split()))


def pages_at(page: Page, size_pt: float, advance: Advance) -> float:
    """How many pages the page's text should fill at a type size of the reader's script, in points: rather more than less."""
    widths = _Widths(advance)
    widths.feed(page.html)
    widths.close()
    room = sum(_ROOM[kind] * em for kind, em in widths.em.items()) * page.leading * _SHAPED.get(page.script, 1.0)
    return float(_MORE * room * size_pt**2 / page.room_pt2)
