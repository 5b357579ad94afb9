"""A Message becomes .po text in the style of msgcat: escaped, and wrapped at gettext's page width of 79 columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from pipeline.translation.message import Message

_PAGE_WIDTH = 79
_ESCAPES = str.maketrans({letter: f"\\{sign}" for letter, sign in zip('\\"\n\t\r\a\b\f\v', '\\"ntrabfv', strict=True)})
_NEWLINE = re.compile(r"\r\n?|\n")
# Where a line may end, after UAX 14 as gettext 0.21 applies it: behind spaces, hyphens, dashes and slashes.
_NEVER_BEFORE = " !?;:,.)\\]}/"
_NOT_WITHIN = _NEVER_BEFORE + "0-9\\\\\"'“”‘’«»\\-"
_BEHIND = re.compile(
    rf" +(?=[^{_NEVER_BEFORE}])|[-‐/](?=[^{_NOT_WITHIN}])|\u200b(?=.)"
    rf"|(?<=\w)–(?=[^{_NOT_WITHIN}])|—(?=[^{_NOT_WITHIN}—])"
)
# Scripts whose lines may end between any two letters, but not before closing punctuation or small kana.
_IDEOGRAPH = "\u2e80-\u2fff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d"
_CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff1a\uff1b\uff1f\uff5d"
_SMALL = "々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー"
_BETWEEN = re.compile(f"(?<=[{_IDEOGRAPH}{_CLOSING}])(?=[{_IDEOGRAPH}])(?![{_SMALL}])")


def po_text(message: Message) -> str:
    """The message's lines, each ended by ``\\n``, without an empty line before or after.

    >>> print(po_text(Message("Water", ("Wasser",), fuzzy=True, previous_msgid="Waters")), end="")
    #, fuzzy
    #| msgid "Waters"
    msgid "Water"
    msgstr "Wasser"
    """
    return "".join(f"{line}\n" for line in (*_comment_lines(message), *_keyword_lines(message)))


def escaped(text: str) -> str:
    """The text as it stands between quotation marks in a .po file."""
    return text.translate(_ESCAPES)


def _comment_lines(message: Message) -> Iterator[str]:
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
            yield from _wrapped(previous, keyword, text)


def _reference_lines(references: tuple[str, ...]) -> Iterator[str]:
    line = "#:"
    for reference in references:
        if len(line) > 2 and _columns(line) + 1 + _columns(reference) > _PAGE_WIDTH:
            yield line
            line = "#:"
        line += f" {reference}"
    if references:
        yield line


def _keyword_lines(message: Message) -> Iterator[str]:
    prefix = "#~ " if message.obsolete else ""
    if message.msgctxt is not None:
        yield from _wrapped(prefix, "msgctxt", message.msgctxt)
    yield from _wrapped(prefix, "msgid", message.msgid)
    if message.msgid_plural is None:
        yield from _wrapped(prefix, "msgstr", message.msgstr[0])
        return
    yield from _wrapped(prefix, "msgid_plural", message.msgid_plural)
    for form, text in enumerate(message.msgstr):
        yield from _wrapped(prefix, f"msgstr[{form}]", text)


def _wrapped(prefix: str, keyword: str, text: str) -> Iterator[str]:
    """The lines of one keyword: on one line if that fits, else below an empty string, as gettext's write-po.c does."""
    parts = [escaped(part) for part in re.findall(r"[^\n]*\n|[^\n]+", text)]
    first = f'{prefix}{keyword} "'
    if len(parts) < 2:
        only = "".join(parts)
        if len(first) + _columns(only) < _PAGE_WIDTH or len(_pieces(only)) == 1:
            yield f'{first}{only}"'
            return
    yield f'{first}"'
    for part in parts:
        for line in _filled(part, _PAGE_WIDTH - 2 - len(prefix)):
            yield f'{prefix}"{line}"'


def _filled(part: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(part):
        columns = _columns(piece)
        if line and used + columns > width:
            yield line
            line, used = "", 0
        line += piece
        used += columns
    yield line


def _pieces(part: str) -> list[str]:
    """The part, cut wherever a line may end."""
    cuts = {match.end() for match in _BEHIND.finditer(part)}
    if not part.isascii():
        cuts |= {match.start() for match in _BETWEEN.finditer(part)}
    # The newline that ends a part is written as two letters and stays with its last word.
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(part) and part[cut:] != "\\n"), len(part)]
    return [part[start:end] for start, end in pairwise(edges)]


def _columns(text: str) -> int:
    """How wide a terminal shows the text: ideographs take two columns, marks and joiners none."""
    if text.isascii():
        return len(text)
    return sum(_column_count(letter) for letter in text)


def _column_count(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
