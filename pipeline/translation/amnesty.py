"""Edits that change no meaning: the translation stays good, in every language.

White space, quotation marks, dashes, letter case, the address of a link or picture: two texts that differ in nothing else
have one ``essence``. What an address, a code span or a placeholder says is never mere typography.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: Code spans, placeholders and footnote marks: what stands there stands exactly.
_EXACT = re.compile(r"`+[^`]*`+|\{[^{}\s]*\}|%\([^()\s]+\)[a-z]|\[\^[^\]\s]+\]")
_TARGET = re.compile(
    r"(?P<before>\]\(\s*)(?P<target><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?=[\s)])"
    r"|(?P<open><)(?P<auto>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)(?=>)"
)
_QUOTES = "\"“”„‟«»‹›‘‚‛’'「」『』〝〞〟＂＇"
_DASHES = "-\u00ad‐‑‒–—―−﹘﹣－"
_HARD_BREAK = re.compile(r"(?: {2,}|\\)\r?\n[ \t]*(?=\S)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’‘](?=[^\W\d_])")
_MINUS = re.compile(rf"(?<![^\W_])[{_DASHES}](?=\d)|(?<=\d)\s*[{_DASHES}]\s*(?=\d)")
_MEANT_SPACE = re.compile(r"(?<=\d)\s+(?=\d)|(?<=[*_`~])\s+|\s+(?=[*_`~])")
_NO_LETTERS = re.compile(r"[\W_]+")
_MERE = re.compile(rf"[\s{re.escape(_QUOTES)}{re.escape(_DASHES)}\u200b\u2060\ufeff]+")


def essence(text: str) -> str:
    """What is left of a text without its typography: texts with one essence mean the same.

    >>> essence('Say  "No" - now!') == essence("say “no” – now!"), essence("at -5") == essence("at 5")
    (True, False)
    """
    exact: list[str] = []

    def kept(match: re.Match[str]) -> str:
        exact.append(match[0])
        return "\x00"

    bare = _TARGET.sub(lambda match: f"{match['before'] or '<'}\x01", text) if "](" in text or "<" in text else text
    bare = _EXACT.sub(kept, bare) if "`" in bare or "{" in bare or "[^" in bare or "%(" in bare else bare
    bare = _HARD_BREAK.sub("\x02", bare) if "\n" in bare else bare
    bare = _APOSTROPHE.sub("\x03", bare)
    bare = _MINUS.sub("\x04", bare)
    bare = _MEANT_SPACE.sub("\x05", bare)
    core = unicodedata.normalize("NFC", _MERE.sub("", bare).lower())
    return "\x1f".join((core, *exact)) if core else text


def letters(text: str) -> str:
    """The letters and digits of a text, without its addresses: texts with one essence have the same.

    >>> letters("Say “no”") == letters("say *no*!")
    True
    """
    bare = _TARGET.sub("", text) if "](" in text or "<" in text else text
    return _NO_LETTERS.sub("", (bare if bare.isascii() else unicodedata.normalize("NFC", bare)).lower())


def targets(text: str) -> tuple[str, ...]:
    """The addresses of its links and pictures, in their order.

    >>> targets("[map](https://example.org/map) and <https://example.org>")
    ('https://example.org/map', 'https://example.org')
    """
    if "](" not in text and "<" not in text:
        return ()
    return tuple(_target_of(match) for match in _TARGET.finditer(text))


def moved_addresses(old: str, new: str) -> Mapping[str, str] | None:
    """Which address became which, when a text was edited; None if that cannot be said."""
    olds, news = targets(old), targets(new)
    if sorted(olds) == sorted(news) and essence(old) != essence(new):
        return {}  # the words moved, and their links with them
    if len(olds) != len(news):
        return None
    moved: dict[str, str] = {}
    for before, after in zip(olds, news, strict=True):
        if moved.setdefault(before, after) != after:
            return None
    return {before: after for before, after in moved.items() if before != after}


def with_addresses(text: str, moved: Mapping[str, str]) -> str | None:
    """A translation with the new addresses where it links to the old ones; None if it has neither.

    >>> with_addresses("[Karte](https://example.org/map)", {"https://example.org/map": "https://example.org/atlas"})
    '[Karte](https://example.org/atlas)'
    """
    there = set(targets(text))
    if any(before not in there and after not in there for before, after in moved.items()):
        return None

    def swapped(match: re.Match[str]) -> str:
        target = _target_of(match)
        if target not in moved:
            return match[0]
        if match["open"]:
            return f"<{moved[target]}"
        pointed = match["target"].startswith("<")
        return f"{match['before']}{f'<{moved[target]}>' if pointed else moved[target]}"

    return _TARGET.sub(swapped, text)


def corrected(text: str, typos: tuple[tuple[str, str], ...]) -> str:
    """The text with the author's corrections."""
    for wrong, right in typos:
        text = text.replace(wrong, right)
    return text


def _target_of(match: re.Match[str]) -> str:
    target = match["auto"] if match["open"] else match["target"]
    return target[1:-1] if target.startswith("<") else target
