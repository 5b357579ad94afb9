"""One line of a .po file becomes a Line: what kind it is, the text it holds, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_BLANK = " \t\r\f\v"
_SPACE = _BLANK + "\n"
# Nearly every line with a text: nothing to decode, nothing to complain about.
_PLAIN = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?"([^"\\\n]*)"\r?\n')
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,2}\])?)(?:[ \t]+|(?=")|$)')
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_CONFLICT = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


Kind = Literal["blank", "comment", "previous", "keyword", "string", "conflict", "odd"]


class Fault(NamedTuple):
    """What is wrong in a line of the file at hand; ``related`` is another line of it, or 0."""

    line: int
    code: str
    message: str
    hint: str
    related: int = 0


class Line(NamedTuple):
    """``text`` is a keyword's string, decoded, or a comment's whole line; ``keyword`` is empty where a text goes on."""

    number: int
    kind: Kind
    text: str = ""
    keyword: str = ""
    obsolete: bool = False
    faults: tuple[Fault, ...] = ()


def read_lines(physical: list[str]) -> Iterator[Line]:
    """The lines of a file, with their faults.

    What follows an unclosed text is most likely the rest of it: no second complaint.
    """
    last = next((number for number in range(len(physical), 0, -1) if physical[number - 1].strip(_SPACE)), 0)
    open_text = False
    for number, text in enumerate(physical, 1):
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            open_text = False
            yield Line(number, "keyword" if plain[1] else "string", plain[2], plain[1] or "")
            continue
        line = _line(number, text.strip(_SPACE), is_last=number == last)
        if line.kind == "odd" and open_text:
            line = line._replace(faults=())
        elif line.kind != "blank":
            open_text = any(fault.code in ("unclosed-text", "torn-file") for fault in line.faults)
        yield line


def _line(number: int, text: str, is_last: bool) -> Line:
    if not text:
        return Line(number, "blank")
    obsolete = text.startswith("#~")
    rest = text[2:].lstrip(_BLANK) if obsolete else text
    previous = rest.startswith("|" if obsolete else "#|")
    if previous:
        rest = rest[1 if obsolete else 2 :].lstrip(_BLANK)
    if not rest or rest[0] == "#":
        return Line(number, "comment", "" if obsolete or previous else text, obsolete=obsolete)
    if _CONFLICT.match(text):
        return Line(number, "conflict", text)
    match = _KEYWORD.match(rest)
    keyword = match[1] if match else ""
    if match is None and rest[0] != '"':
        return Line(number, "odd", faults=(_odd(number, rest, is_last),))
    body, faults = _string(number, keyword, rest[match.end() :] if match else rest, is_last)
    kind: Kind = "previous" if previous else "keyword" if keyword else "string"
    return Line(number, kind, body, keyword, obsolete, faults)


def _string(number: int, keyword: str, quoted: str, is_last: bool) -> tuple[str, tuple[Fault, ...]]:
    """What stands between the quotation marks, decoded."""
    match = _STRING.fullmatch(quoted)
    if match is not None:
        return (match[1], ()) if "\\" not in match[1] else _unescaped(number, match[1])
    if not quoted.startswith('"'):
        return "", (torn(number) if is_last and not quoted else _unquoted(number, keyword),)
    match = _STRING.match(quoted)
    if match is None:
        return quoted[1:], (torn(number) if is_last else _unclosed(number, quoted),)
    message = f"the quotation mark after “{match[1][-30:]}” would end the text there"
    hint = 'write \\" for a quotation mark within the text, or use the marks of your language („…“, «…»)'
    return match[1], (Fault(number, "unescaped-quote", message, hint),)


def _unescaped(number: int, body: str) -> tuple[str, tuple[Fault, ...]]:
    unknown = dict.fromkeys(letter for letter in _ESCAPE.findall(body) if letter not in _ESCAPED)
    faults = tuple(
        Fault(
            number,
            "bad-escape",
            f"\\{letter} means nothing in a .po file",
            f"write \\\\{letter} if the backslash belongs to the text, else delete it",
        )
        for letter in unknown
    )
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), body), faults


def _odd(number: int, text: str, is_last: bool) -> Fault:
    if is_last and any(keyword.startswith(text) for keyword in ("msgctxt", "msgid_plural", "msgstr")):
        return torn(number)
    return Fault(
        number,
        "unreadable-line",
        f"“{text[:30]}{'…' * (len(text) > 30)}” is neither a comment (#) nor part of a message (msgid, msgstr)",
        "put it between quotation marks if it belongs to the text above; begin it with # if it is a comment",
    )


def _unquoted(number: int, keyword: str) -> Fault:
    return Fault(
        number,
        "missing-quotes",
        f"the text of {keyword} does not stand between straight quotation marks",
        f'write {keyword} "…" on one line; “…” and „…“ cannot stand for "…" there',
    )


def _unclosed(number: int, quoted: str) -> Fault:
    if quoted.endswith('\\"'):
        message = 'the text is not closed: the backslash makes its last " a part of the text'
        return Fault(number, "unclosed-text", message, 'write \\\\" if the text ends in a backslash, else only "')
    message = 'the text is not closed: the " at the end of the line is missing'
    return Fault(number, "unclosed-text", message, 'end the line with "; a line break within the text is written \\n')


def torn(number: int) -> Fault:
    """What to say of a file that ends within a message."""
    return Fault(
        number,
        "torn-file",
        "the file breaks off in the middle of a message: it was not saved or sent completely",
        "save it again in your translation program, or ask the translator for the whole file",
    )
