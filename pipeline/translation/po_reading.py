"""The text of a .po file becomes Messages, each with the very lines it was read from, and the faults of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.translation.message import Message
from pipeline.translation.po_lines import Fault, Line, read_lines, torn

# gettext 0.22 puts file names with spaces between U+2068 and U+2069.
_REFERENCE = re.compile("\u2068[^\u2069]*\u2069\\S*|\\S+")
_CHARSET = re.compile(rb"charset=([A-Za-z0-9._-]+)")
_COMPILED = (b"\xde\x12\x04\x95", b"\x95\x04\x12\xde")
_UTF16_HINT = "save it as UTF-8: in an editor “Save as…”, encoding UTF-8; translation programs do so by themselves"


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read: ``messages``, the header among them, and ``ending``, the text after the last one.

    ``dubious`` are the lines of those messages that have a fault themselves; ``header_lost`` if the first message is
    unreadable, so that nothing can be said about a header.
    """

    messages: tuple[Message, ...]
    ending: str
    dubious: frozenset[int] = frozenset()
    header_lost: bool = False
    faults: tuple[Fault, ...] = ()


class _Entry(NamedTuple):
    """The lines of one message; ``start`` and ``end`` are its slice of the file, with the empty lines before it."""

    lines: tuple[Line, ...]
    start: int
    end: int


def decoded(content: bytes) -> tuple[str, tuple[Fault, ...]]:
    """The text without its byte order mark, or the fault because of which it cannot be read."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(content) > 1 and 0 in content[:2]):
        return "", (Fault(0, "not-utf8", "the file is in UTF-16 (“Unicode”), not in UTF-8", _UTF16_HINT),)
    if content.startswith(_COMPILED):
        hint = "take the file with the same name and the ending .po"
        return "", (Fault(0, "compiled-catalog", "this is a compiled catalog (.mo), not a .po file", hint),)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        hint = "the file was damaged on its way; ask for it again, or delete the line's invisible character"
        return "", (Fault(line, "nul", "the line holds a NUL byte, which is no text", hint),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if error.reason == "unexpected end of data":
            return "", (torn(line),)
        declared = _CHARSET.search(content)
        named = f"; its header says {declared[1].decode()}" if declared and not is_utf8(declared[1].decode()) else ""
        message = f"the file is not in UTF-8{named} (the first foreign byte is 0x{content[error.start]:02X})"
        hint = "choose the charset UTF-8 in your translation program (Poedit: Translation > Properties) and save again"
        return "", (Fault(line, "not-utf8", message, hint),)
    if not text.strip():
        hint = "fetch the file from an earlier version; to begin a translation, copy the template and fill its header"
        return "", (Fault(0, "empty-file", "the file is empty", hint),)
    stray = re.search(r"\r(?!\n)", text)
    if stray is not None:
        line = text.count("\n", 0, stray.start()) + 1
        hint = "save the file with the line ends of Unix (LF) or Windows (CRLF); within a text write \\n"
        return "", (Fault(line, "carriage-return", "the line holds a carriage return that ends no line", hint),)
    return text, ()


def is_utf8(charset: str) -> bool:
    """Whether a charset's name means UTF-8, in any spelling."""
    return charset.lower().replace("-", "") == "utf8"


def read_messages(text: str) -> Reading:
    """All the messages of a file, and all that is wrong with its lines and their order."""
    physical = _split_at_newlines(text)
    lines = tuple(read_lines(physical))
    conflicts = tuple(_conflicts(lines)) if any(mark in text for mark in ("<<<<<<<", "=======", ">>>>>>>")) else ()
    disputed = {number for start, end in conflicts for number in range(start, end + 1)}
    faults = [_conflict_fault(start) for start, _ in conflicts]
    messages: list[Message] = []
    dubious: set[int] = set()
    header_lost, end = False, 0
    for entry in _entries(lines):
        end = entry.end
        if disputed and not disputed.isdisjoint(line.number for line in entry.lines):
            header_lost |= not entry.start
            continue
        message = _message(entry, "".join(physical[entry.start : entry.end]))
        entry_faults = tuple(_entry_faults(entry))
        if entry_faults:
            faults += entry_faults
            dubious.add(message.line)
        if message.line:
            messages.append(message)
        else:
            header_lost |= not entry.start
    return Reading(tuple(messages), "".join(physical[end:]), frozenset(dubious), header_lost, tuple(faults))


def _split_at_newlines(text: str) -> list[str]:
    """The lines as gettext counts them: U+2028 and the like end none."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _conflicts(lines: tuple[Line, ...]) -> Iterator[tuple[int, int]]:
    """The first and the last line of every place that git could not merge."""
    start = 0
    for line in lines:
        if line.kind != "conflict":
            continue
        start = start or line.number
        if line.text.startswith(">"):
            yield start, line.number
            start = 0
    if start:
        yield start, lines[-1].number


def _conflict_fault(line: int) -> Fault:
    return Fault(
        line,
        "conflict-marker",
        "two versions of the file were joined here by git, and nobody has chosen between them",
        "keep the right one of the two texts and delete the lines <<<<<<<, ======= and >>>>>>>",
    )


def _entries(lines: tuple[Line, ...]) -> Iterator[_Entry]:
    """The lines grouped by message. Comments after the last message are none."""
    start = end = 0
    seen: set[str] = set()
    blank = False
    for index, line in enumerate(lines):
        if line.kind == "string":
            seen.add("")
            end, blank = index + 1, False
            continue
        if line.kind == "blank":
            blank = True
            continue
        if seen and _begins_message(line, seen, blank):
            yield _Entry(lines[start:end], start, end)
            start, seen = end, set()
        end, blank = index + 1, False
        if line.kind in ("keyword", "conflict", "odd"):
            seen.add("msgstr" if line.keyword.startswith("msgstr") else line.keyword)
    if seen:
        yield _Entry(lines[start:end], start, end)


def _begins_message(line: Line, seen: set[str], blank: bool) -> bool:
    """Whether a line belongs to the next message. An empty line divides messages only where one is torn."""
    torn = "msgid" in seen and blank
    if line.kind == "conflict":
        return "msgstr" in seen and blank
    if line.kind in ("comment", "previous"):
        return "msgstr" in seen or torn
    if line.keyword == "msgid":
        return "msgstr" in seen or "msgid" in seen
    return line.keyword == "msgctxt" and ("msgstr" in seen or torn)


def _entry_faults(entry: _Entry) -> Iterator[Fault]:
    for line in entry.lines:
        if line.faults:
            yield from line.faults
    if any(fault.code in ("torn-file", "unclosed-text") for fault in entry.lines[-1].faults):
        return
    parts = [line for line in entry.lines if line.kind in ("keyword", "string")]
    if parts:
        yield from _order_faults(parts)
        yield from _mixture_faults(entry.lines, parts)


def _order_faults(lines: list[Line]) -> Iterator[Fault]:
    """The keywords' grammar: msgctxt? msgid (msgstr | msgid_plural msgstr[0] msgstr[1] …)."""
    seen: dict[str, int] = {}
    if [line.keyword for line in lines if line.keyword] == ["msgid", "msgstr"] and lines[0].keyword:
        return
    for line in lines:
        if line.keyword:
            yield from _keyword_faults(line, seen)
            seen.setdefault(line.keyword, line.number)
        elif not seen:
            hint = "write msgid or msgstr before it, or delete the line"
            yield Fault(line.number, "keyword-order", "this text belongs to no message", hint)
            return
    if "msgid" not in seen:
        message = f"this {next(iter(seen))} has no msgid above it"
        hint = "restore the msgid line from the template or an earlier version of the file"
        yield Fault(lines[0].number, "msgid-missing", message, hint)
    elif not any(keyword.startswith("msgstr") for keyword in seen):
        message = "this msgid has no msgstr below it"
        yield Fault(seen["msgid"], "msgstr-missing", message, 'add a line msgstr "" below it, to be translated')


def _keyword_faults(line: Line, seen: dict[str, int]) -> Iterator[Fault]:
    keyword = line.keyword
    forms = [each for each in seen if each.startswith("msgstr")]
    if keyword in seen:
        message = f"this message has a second {keyword}"
        yield Fault(line.number, "keyword-twice", message, "keep the right one and delete the other", seen[keyword])
    elif keyword.startswith("msgstr"):
        yield from _form_faults(line, forms, has_plural="msgid_plural" in seen)
    elif forms or (keyword == "msgctxt" and "msgid" in seen) or (keyword == "msgid" and "msgid_plural" in seen):
        message = f"{keyword} stands too late in its message"
        hint = "the order is msgctxt, msgid, msgid_plural, msgstr"
        yield Fault(line.number, "keyword-order", message, hint)


def _form_faults(line: Line, forms: list[str], has_plural: bool) -> Iterator[Fault]:
    wanted = f"msgstr[{len(forms)}]" if has_plural else "msgstr"
    if line.keyword == wanted:
        return
    if has_plural and line.keyword == "msgstr":
        message = "a message with msgid_plural has msgstr[0], msgstr[1] … and no plain msgstr"
    elif not has_plural:
        message = f"{line.keyword} is for messages with msgid_plural, and this one has none"
    else:
        message = f"{line.keyword} stands where {wanted} is expected"
    yield Fault(line.number, "keyword-order", message, f"write {wanted}")


def _mixture_faults(lines: tuple[Line, ...], parts: list[Line]) -> Iterator[Fault]:
    """Comments and obsolete lines (#~) amid a message, whose keywords and texts are ``parts``."""
    begin, obsolete = parts[0].number, parts[0].obsolete
    for line in lines:
        if line.number > begin and line.kind in ("comment", "previous"):
            message = "a comment stands in the middle of a message"
            yield Fault(line.number, "comment-inside", message, "move the line above msgctxt or msgid", begin)
    mixed = next((line for line in parts if line.obsolete != obsolete), None)
    if mixed is not None:
        message = "a part of this message is marked obsolete (#~) and another is not"
        hint = "begin all the lines of the message with #~, or none"
        yield Fault(mixed.number, "obsolete-mixed", message, hint, begin)


def _message(entry: _Entry, raw: str) -> Message:
    """The message of an entry; what it says is sure only if the entry has no fault."""
    texts: dict[str, str] = {}
    comments: list[str] = []
    current, number, obsolete = "", 0, False
    for line in entry.lines:
        if line.kind == "comment" and line.text:
            comments.append(line.text)
        elif line.kind == "keyword":
            current = line.keyword
            texts[current] = line.text
            if current == "msgid":
                number, obsolete = line.number, line.obsolete
        elif line.kind == "string":
            texts[current] = texts.get(current, "") + line.text
        elif line.kind == "previous":
            current = f"|{line.keyword}" if line.keyword else current
            texts[current] = texts.get(current, "") + line.text
    flags = [flag for text in _marked(comments, ",=") for flag in map(str.strip, text.split(",")) if flag]
    return Message(
        msgid=texts.get("msgid", ""),
        msgstr=tuple(text for keyword, text in texts.items() if keyword.startswith("msgstr")) or ("",),
        msgctxt=texts.get("msgctxt"),
        msgid_plural=texts.get("msgid_plural"),
        fuzzy="fuzzy" in flags,
        obsolete=obsolete,
        flags=tuple(dict.fromkeys(flag for flag in flags if flag != "fuzzy")),
        translator_comments=tuple(
            text[1:].removeprefix(" ") for text in comments if text[1:2] not in (".", ":", ",", "=")
        ),
        extracted_comments=tuple(text.removeprefix(" ") for text in _marked(comments, ".")),
        references=tuple(place for text in _marked(comments, ":") for place in _REFERENCE.findall(text)),
        previous_msgid=texts.get("|msgid"),
        previous_msgctxt=texts.get("|msgctxt"),
        previous_msgid_plural=texts.get("|msgid_plural"),
        line=number,
        raw=raw,
    )


def _marked(comments: list[str], marks: str) -> list[str]:
    return [text[2:] for text in comments if text[1:2] and text[1] in marks]
