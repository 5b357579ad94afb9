"""The quick way to read a .po file in which nothing is odd; everything else goes the strict way, line by line.

Nine files in ten are nothing but messages as every program writes them. Here they cost a third of the time, and the
strict way alone finds and names faults: whatever this one does not know, it does not read.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.translation.message import Message

_TEXT = r'"[^"\\\n]*+(?:\\[ntr"\\abfv][^"\\\n]*+)*+"\n'
_TEXTS = rf"{_TEXT}(?:{_TEXT})*+"
# Blank lines, comments (not those of obsolete messages), msgctxt, msgid, msgstr. A form feed or the like is not blank here.
_MESSAGE = re.compile(
    rf"(\n*+)((?:#(?![~|])[^\n]*\n|#\| (?:msgctxt |msgid )?{_TEXT})*+)"
    rf"(?:msgctxt ({_TEXTS}))?+msgid ({_TEXTS})"
    rf"(?:msgstr ({_TEXTS})|msgid_plural ({_TEXTS})((?:msgstr\[\d\] {_TEXTS})++))(?=\n|\Z)"
)
_OBSOLETE_TEXT = rf"{_TEXT}(?:#~ {_TEXT})*+"
_OBSOLETE = re.compile(
    rf"(\n*+)((?:#(?![~|])[^\n]*\n|#~\| (?:msgctxt |msgid )?{_TEXT})*+)"
    rf"(?:#~ msgctxt ({_OBSOLETE_TEXT}))?+#~ msgid ({_OBSOLETE_TEXT})#~ msgstr ({_OBSOLETE_TEXT})()()(?=\n|\Z)"
)
_FORM = re.compile(rf"msgstr\[(\d)\] ({_TEXTS})")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_NO_REMARKS: dict[str, Any] = {}


def read_quickly(text: str) -> tuple[tuple[Message, ...], str] | None:
    """All messages and the text after the last one; None if there is anything in the file that wants a closer look."""
    if "\r" in text or "\x0b" in text or "\x0c" in text or "\x1c" in text:
        return None
    messages: list[Message] = []
    position, line, end = 0, 1, len(text)
    while position < end:
        match = _MESSAGE.match(text, position) or _OBSOLETE.match(text, position)
        if match is None:
            break
        obsolete = match.re is _OBSOLETE
        message = _message(match, line + text.count("\n", position, match.start(4)), obsolete)
        if message is None:
            return None
        messages.append(message)
        line += text.count("\n", position, match.end())
        position = match.end()
    ending = text[position:]
    return None if ending.strip("\n") or not messages else (tuple(messages), ending)


def _message(match: re.Match[str], line: int, obsolete: bool) -> Message | None:
    """The message; None if its comments or plural forms hold what only the strict way understands."""
    _, comments, msgctxt, msgid, msgstr, plural, forms = match.groups()
    join = '"\n#~ "' if obsolete else '"\n"'
    msgstrs: tuple[str, ...]
    if msgstr is not None:
        msgstrs = (_decoded(msgstr, join),)
    else:
        found = _FORM.findall(forms)
        if [number for number, _ in found] != [str(number) for number in range(len(found))]:
            return None
        msgstrs = tuple(_decoded(form, join) for _, form in found)
    remarks = _remarks(comments) if comments else _NO_REMARKS
    if remarks is None:
        return None
    return Message(
        _decoded(msgid, join),
        msgstrs,
        _decoded(msgctxt, join) if msgctxt else None,
        _decoded(plural, join) if plural else None,
        obsolete=obsolete,
        line=line,
        raw=match[0],
        **remarks,
    )


def _decoded(quoted: str, join: str) -> str:
    text = quoted[1:-2]
    if "\n" in text:
        text = text.replace(join, "")
    return _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), text) if "\\" in text else text


def _remarks(comments: str) -> dict[str, Any] | None:
    translator: list[str] = []
    extracted: list[str] = []
    references: list[str] = []
    flags: list[str] = []
    previous: list[str] = []
    for comment in comments[:-1].split("\n"):
        mark = comment[1:2]
        if mark == ".":
            extracted.append(comment[2:].removeprefix(" "))
        elif mark == ":" and "\u2068" not in comment:
            references += comment[2:].split()
        elif mark in (",", "="):
            flags += filter(None, map(str.strip, comment[2:].split(",")))
        elif mark == "|" or comment.startswith("#~|"):
            previous.append(comment.partition("| ")[2])
        elif mark == ":" or comment[1:].isspace() or not mark:
            return None
        else:
            translator.append(comment[1:].removeprefix(" "))
    remarks: dict[str, Any] = {
        "translator_comments": tuple(translator),
        "extracted_comments": tuple(extracted),
        "references": tuple(references),
        "fuzzy": "fuzzy" in flags,
        "flags": tuple(dict.fromkeys(flag for flag in flags if flag != "fuzzy")),
    }
    if previous:
        if previous[0][0] == '"':
            return None
        texts: dict[str, str] = {}
        keyword = ""
        for line in previous:
            if line[0] == "m":
                keyword, _, line = line.partition(" ")
                if keyword in texts:
                    return None
            texts[keyword] = texts.get(keyword, "") + _decoded(line + "\n", "")
        remarks["previous_msgctxt"], remarks["previous_msgid"] = texts.get("msgctxt"), texts.get("msgid")
    return remarks
