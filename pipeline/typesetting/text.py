"""Words become HTML: escaped, spaced as the language spaces them, and with foreign directions isolated."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Literal, TypeVar

from markupsafe import Markup

from pipeline.locales import Locale

Medium = Literal["web", "print"]
_T = TypeVar("_T")

NARROW, WIDE = "\u202f", "\u00a0"
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _POP = "\u2066", "\u2067", "\u2069"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_BRACKETS.values())
#: Signs that may stand inside a name, an acronym or an address; a comma, a full stop or an exclamation mark at the end is not its.
_JOINERS = frozenset(" -‐‑–/.&+'’:_@#%=?~\u00a0\u202f")

#: Blocks of scripts written from right to left (Unicode 15): Hebrew to Arabic, their presentation forms, historic ones.
_RIGHT_TO_LEFT_LETTERS = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

#: A no-break space before a mark, by language: the width of the space. Source: Imprimerie nationale, Lexique des règles
#: typographiques; for Canada the Office québécois de la langue française.
_SPACE_BEFORE = {
    "fr": {";": NARROW, "!": NARROW, "?": NARROW, ":": WIDE},
    "fr-CA": {":": WIDE},
    "br": {";": NARROW, "!": NARROW, "?": NARROW, ":": WIDE},
}
#: A no-break space on the inner side of guillemets.
_SPACED_GUILLEMETS = {"fr": WIDE, "fr-CA": WIDE, "br": WIDE}
#: Languages whose one-letter words must not end a line.
_ONE_LETTER_WORDS = {
    "be": "аізувяй",
    "cs": "kosuvzai",
    "pl": "aiouwz",
    "ru": "авикосуя",
    "sk": "kosuvzai",
    "uk": "аійвзоую",
}


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Turns plain words in one language into HTML for one medium."""

    locale: Locale
    medium: Medium

    def html(self, text: str) -> Markup:
        """The words, escaped, spaced and isolated. White space may become no-break; nothing else of the text changes.

        >>> Typesetter(Locale.parse("fa"), "print").html("حزب CPA (ML)!") == "حزب \\u2066CPA (ML)\\u2069!"
        True
        """
        return _html(self, text)

    def words(self, text: str) -> str:
        """Escaped words, with room before the marks that want it and have none."""
        marks = _marks(self.locale)
        if not marks:
            return escape(text, quote=True)
        sign = "|".join(rf"{re.escape(mark)}(?=\s|$)" if mark == ":" else re.escape(mark) for mark in marks)
        pattern = rf"(?<=[\w)\]»”’])({sign})"
        pieces = re.split(pattern, text)
        return "".join(
            escape(piece, quote=True) if index % 2 == 0 else f'<span class="mark">{escape(piece)}</span>'
            for index, piece in enumerate(pieces)
            if piece
        )

    def isolated(self, run: str) -> str:
        """A run of the other direction. WeasyPrint orders isolate characters rightly, and elements not always."""
        inner = "rtl" if self.locale.direction == "ltr" else "ltr"
        if self.medium == "web":
            return f'<bdi dir="{inner}">{escape(run)}</bdi>'
        return (_LEFT_TO_RIGHT if inner == "ltr" else _RIGHT_TO_LEFT) + escape(run) + _POP


@lru_cache(maxsize=20_000)
def _html(typesetter: Typesetter, text: str) -> Markup:
    """Remembered: names of organisations and phrases stand on many pages."""
    spaced = space(text, typesetter.locale)
    parts = []
    position = 0
    for start, end in foreign_runs(spaced, typesetter.locale.direction):
        parts += [typesetter.words(spaced[position:start]), typesetter.isolated(spaced[start:end])]
        position = end
    return Markup("".join([*parts, typesetter.words(spaced[position:])]))


def space(text: str, locale: Locale) -> str:
    """The text with its spaces made no-break where the language wants it.

    >>> space("« Quoi ! »", Locale.parse("fr")) == "«\\u00a0Quoi\\u202f!\\u00a0»"
    True
    """
    for mark, blank in _marks(locale).items():
        text = re.sub(rf"[ \u00a0\u202f]{re.escape(mark)}", blank + mark, text)
    guillemet = _by_tag(_SPACED_GUILLEMETS, locale)
    if guillemet:
        text = re.sub("«[ \u00a0\u202f]", "«" + guillemet, re.sub("[ \u00a0\u202f]»", guillemet + "»", text))
    letters = _ONE_LETTER_WORDS.get(locale.language)
    if letters:
        text = re.sub(rf"(?i)(?<!\w)([{letters}]) (?=\w)", "\\1\u00a0", text)
    return re.sub(r"(?<=\d) (?=[%‰€$£°]|(?:km|kg|cm|mm|kWh)\b)", "\u00a0", text)


def _marks(locale: Locale) -> dict[str, str]:
    return _by_tag(_SPACE_BEFORE, locale) or {}


def _by_tag(table: dict[str, _T], locale: Locale) -> _T | None:
    return table.get(locale.tag) or table.get(locale.language)


def foreign_runs(text: str, direction: str) -> list[tuple[int, int]]:
    """Where in a text of that direction runs of the other direction stand, brackets that belong to them included.

    >>> text = "حزب CPA (ML)!"
    >>> [text[start:end] for start, end in foreign_runs(text, "rtl")]
    ['CPA (ML)']
    """
    strong = {"L"} if direction == "rtl" else {"R", "AL"}
    if direction == "ltr" and not _RIGHT_TO_LEFT_LETTERS.search(text):
        return []
    closed = _closed_brackets(text, strong)
    runs = []
    position = 0
    while position < len(text):
        if unicodedata.bidirectional(text[position]) in strong:
            end = _run_end(text, position, strong, closed)
            runs.append((position, end))
            position = end
        else:
            position += 1
    return runs


def _run_end(text: str, start: int, strong: set[str], closed: set[int]) -> int:
    depth = 0
    end = start
    for position in range(start, len(text)):
        sign = text[position]
        if _belongs(sign, strong):
            end = position + 1
        elif sign in _BRACKETS and position in closed:
            depth += 1
        elif sign in _CLOSING and depth:
            depth -= 1
            end = position + 1
        elif not _joins(sign):
            break
    return end


def _closed_brackets(text: str, strong: set[str]) -> set[int]:
    """Where brackets open that close again with nothing between them that ends a run. One pass: a text may be hostile."""
    closed: set[int] = set()
    waiting: list[int] = []
    for position, sign in enumerate(text):
        if sign in _BRACKETS:
            waiting.append(position)
        elif sign in _CLOSING:
            if waiting and _BRACKETS[text[waiting[-1]]] == sign:
                closed.add(waiting.pop())
            else:
                waiting.clear()
        elif not (_belongs(sign, strong) or _joins(sign)):
            waiting.clear()
    return closed


def _belongs(sign: str, strong: set[str]) -> bool:
    kind = unicodedata.bidirectional(sign)
    return kind in strong or kind in ("EN", "AN", "NSM")


def _joins(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.bidirectional(sign) == "BN"
