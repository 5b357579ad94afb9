"""What Polyleaf writes into a translator's comments, and reads there. They survive Poedit, Weblate and msgmerge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.translation.message import Message

_ANOTHER = "another translation: "
_ORIGIN = "taken from: "
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "s": " "}
_ESCAPES = str.maketrans({letter: f"\\{sign}" for letter, sign in zip("\\\n\r\t\f\v", "\\nrtfv", strict=True)})
_IGNORE = re.compile(r"\s*polyleaf:\s*ignore\s+(.*)", re.IGNORECASE)


def with_alternatives(message: Message, texts: Iterable[str]) -> Message:
    """The message with translations it has no place for, as comments to the translator; each once.

    >>> with_alternatives(Message("Water", ("Wasser",)), ["Gewässer"]).translator_comments
    ('another translation: Gewässer',)
    """
    shown = (f"{_ANOTHER}{_on_one_line(text)}" for text in texts if text)
    comments = tuple(dict.fromkeys((*message.translator_comments, *shown)))
    if comments == message.translator_comments:
        return message
    return replace(message, translator_comments=comments, raw=None, line=0)


def alternatives(message: Message) -> tuple[str, ...]:
    """The other translations that its comments remember."""
    texts = (each.removeprefix(_ANOTHER) for each in message.translator_comments if each.startswith(_ANOTHER))
    return tuple(re.sub(r"\\(.)", lambda match: _ESCAPED.get(match[1], match[1]), each) for each in texts)


def _on_one_line(text: str) -> str:
    """The text as a comment can hold it; a blank at its end would be gone when the file is read."""
    line = text.translate(_ESCAPES)
    return f"{line[:-1]}\\s" if line.endswith(" ") else line


def with_origin(message: Message, origin: str) -> Message:
    """The message, saying from where its translation was taken."""
    kept = (each for each in message.translator_comments if not each.startswith(_ORIGIN))
    return replace(message, translator_comments=(*kept, f"{_ORIGIN}{origin}"), raw=None, line=0)


def origin(message: Message) -> str:
    """From where its translation was taken; empty if a person typed it."""
    return next((each.removeprefix(_ORIGIN) for each in message.translator_comments if each.startswith(_ORIGIN)), "")


def ignored(message: Message) -> frozenset[str]:
    """The codes of the checks that this message's comments dismiss: ``# polyleaf: ignore number, length``."""
    matches = (_IGNORE.fullmatch(each) for each in message.translator_comments)
    return frozenset(code for match in matches if match for code in re.split(r"[\s,]+", match[1].strip()) if code)
