"""A Message becomes .po text as Weblate writes it: escaped, and wrapped by the same library at the same width."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unicode_segmentation_rs import gettext_wrap, text_width

from pipeline.translation.message import Message

WIDTH = 77
_SURELY_FITS = 60
_ONLY_AT_NEWLINES = 65535
_REFERENCE_WIDTH = 79
# What fills a line but for the longest keyword begins below it.
_BESIDE_KEYWORD = 6
_ESCAPES = str.maketrans({letter: f"\\{sign}" for letter, sign in zip('\\"\n\t\r\a\b\f\v', '\\"ntrabfv', strict=True)})
_TO_ESCAPE = re.compile(r'[\\"\n\t\r\a\b\f\v]')
_NEWLINE = re.compile(r"\r\n?|\n")


def po_text(message: Message, wrap: int | None = WIDTH) -> str:
    """The message's lines, each ended by ``\\n``, without an empty line before or after.

    ``wrap`` is the width of a text's lines in columns; None: lines end only at newlines.

    >>> print(po_text(Message("Water", ("Wasser",), fuzzy=True, previous_msgid="Waters")), end="")
    #, fuzzy
    #| msgid "Waters"
    msgid "Water"
    msgstr "Wasser"
    """
    return "".join(f"{line}\n" for line in (*_comment_lines(message, wrap), *_keyword_lines(message, wrap)))


def escaped(text: str) -> str:
    """The text as it stands between quotation marks in a .po file."""
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text


def _comment_lines(message: Message, wrap: int | None) -> Iterator[str]:
    for mark, comments in (("#", message.translator_comments), ("#.", message.extracted_comments)):
        for comment in comments:
            yield from (f"{mark} {line}".rstrip(" ") for line in _NEWLINE.split(comment))
    yield from _reference_lines(message.references)
    if message.fuzzy or message.flags:
        yield "#, " + ", ".join(("fuzzy",) * message.fuzzy + message.flags)
    previous = "#~| " if message.obsolete else "#| "
    for keyword, text in (
        ("msgctxt", message.previous_msgctxt),
        ("msgid", message.previous_msgid),
        ("msgid_plural", message.previous_msgid_plural),
    ):
        if text is not None:
            yield from _wrapped(previous, keyword, text, wrap)


def _reference_lines(references: tuple[str, ...]) -> Iterator[str]:
    line = "#:"
    for reference in references:
        if len(line) > 2 and text_width(line) + 1 + text_width(reference) > _REFERENCE_WIDTH:
            yield line
            line = "#:"
        line += f" {reference}"
    if references:
        yield line


def _keyword_lines(message: Message, wrap: int | None) -> Iterator[str]:
    prefix = "#~ " if message.obsolete else ""
    if message.msgctxt is not None:
        yield from _wrapped(prefix, "msgctxt", message.msgctxt, wrap)
    yield from _wrapped(prefix, "msgid", message.msgid, wrap)
    if message.msgid_plural is None:
        yield from _wrapped(prefix, "msgstr", message.msgstr[0], wrap)
        return
    yield from _wrapped(prefix, "msgid_plural", message.msgid_plural, wrap)
    for form, text in enumerate(message.msgstr):
        yield from _wrapped(prefix, f"msgstr[{form}]", text, wrap)


def _wrapped(prefix: str, keyword: str, text: str, wrap: int | None) -> Iterator[str]:
    """The lines of one keyword: on one line if that fits, else below an empty string."""
    if len(text) < _SURELY_FITS and text.isascii() and not _TO_ESCAPE.search(text):
        yield f'{prefix}{keyword} "{text}"'
        return
    lines = _filled(escaped(text), wrap)
    if len(lines) > 1 or (wrap is not None and len(lines[0]) > wrap - _BESIDE_KEYWORD):
        yield f'{prefix}{keyword} ""'
        yield from (f'{prefix}"{line}"' for line in lines)
    else:
        yield f'{prefix}{keyword} "{lines[0]}"'


def _filled(text: str, wrap: int | None) -> list[str]:
    """The escaped text, cut where a line ends; a newline within it ends one always."""
    return list(gettext_wrap(text, wrap or _ONLY_AT_NEWLINES)) or [""]
