"""Catalog: one .po file as a value. Text ↔ Catalog, strict when read and lossless when written.

The format is GNU gettext's (manual, "The Format of PO Files"). What nobody changed is written back as the very
text that was read, so that a translator's file never shows a difference that is not one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.translation.message import Key, Message, State
from pipeline.translation.po_lines import Fault
from pipeline.translation.po_quick import read_quickly
from pipeline.translation.po_reading import Reading, decoded, is_utf8, read_messages
from pipeline.translation.po_writing import WIDTH, escaped, po_text

__all__ = ["Catalog", "Key", "Layout", "Message", "State", "is_language_of", "parse_catalog", "serialize"]

_NPLURALS = re.compile(r"\s*nplurals\s*=\s*(\d{1,2})\s*;")
_CHARSET = re.compile(r"charset=\s*([^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file lies on the disk, beyond its messages: ``ending`` is the text after the last one."""

    bom: bool = False
    newline: str = "\n"
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one domain in one locale, in the order of their file; a template has no locale.

    ``header`` is gettext's message with the empty msgid, ``messages`` are all others, the obsolete ones included.
    """

    path: str
    locale: Locale | None
    header: Message
    messages: tuple[Message, ...]
    layout: Layout = field(default=Layout(), compare=False)
    _live: Mapping[Key, Message] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_live", {each.key: each for each in self.messages if not each.obsolete})

    @property
    def header_comment(self) -> str:
        """What stands above the header: title, copyright, translators."""
        return "\n".join(self.header.translator_comments)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Name and value of every header line, in order; the name is empty for a line that has none."""
        return tuple(_name_and_value(line) for line in _header_lines(self.header))

    def header_value(self, name: str) -> str:
        """The value of a header, empty if there is none."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    def with_header(self, name: str, value: str) -> Catalog:
        """The catalog with this header; all others keep their text and order."""
        lines = _header_lines(self.header)
        names = [_name_and_value(line)[0].lower() for line in lines]
        at = names.index(name.lower()) if name.lower() in names else len(lines)
        lines[at : at + 1] = [f"{name}: {value}"]
        text = "".join(f"{line}\n" for line in lines)
        return replace(self, header=replace(self.header, msgstr=(text,), raw=None, line=0))

    @property
    def draft(self) -> bool:
        """Whether the translators say that it is not to be released yet: ``X-Polyleaf-State: draft``."""
        return self.header_value("X-Polyleaf-State").lower() == "draft"

    @property
    def live(self) -> tuple[Message, ...]:
        """The messages that are not obsolete."""
        return tuple(each for each in self.messages if not each.obsolete)

    def get(self, key: Key) -> Message | None:
        """The live message with this msgctxt and msgid."""
        return self._live.get(key)

    def state(self, key: Key) -> State:
        """UNTRANSLATED also for what the catalog does not know yet."""
        message = self._live.get(key)
        return message.state if message is not None else State.UNTRANSLATED

    def count(self, state: State) -> int:
        """How many live messages are in this state."""
        return sum(each.state is state for each in self._live.values())


def parse_catalog(content: bytes, path: str, locale: Locale | None) -> Catalog:
    """The catalog in a .po file of this locale's folder, or in a template (``locale`` None).

    Raises InvalidInput with everything that is wrong in the file: nothing is guessed, dropped or repaired silently.
    """
    text, faults = decoded(content)
    if faults:
        raise InvalidInput(_diagnostics(faults, path, locale))
    quick = read_quickly(text)
    reading = Reading(*quick) if quick is not None else read_messages(text)
    faults = (
        *reading.faults,
        *(() if reading.header_lost else _header_faults(reading.messages, locale)),
        *_duplicate_faults(each for each in reading.messages if each.line not in reading.dubious),
    )
    if faults:
        raise InvalidInput(_diagnostics(faults, path, locale))
    header, *messages = reading.messages
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    layout = Layout(content.startswith(b"\xef\xbb\xbf"), newline, reading.ending)
    return Catalog(path, locale, header, tuple(messages), layout)


def serialize(catalog: Catalog, wrap: int | None = WIDTH) -> bytes:
    """The .po file: messages nobody changed are the text they were read from, the others as Weblate writes them.

    ``wrap`` is the width of their lines; None: lines end only at newlines.
    """
    layout = catalog.layout
    pieces: list[str] = ["\ufeff"] if layout.bom else []
    for number, message in enumerate((catalog.header, *catalog.messages)):
        if number and not pieces[-1].endswith("\n"):
            pieces.append(layout.newline)
        if message.raw is not None:
            pieces.append(message.raw)
        else:
            pieces.append(("\n" * bool(number) + po_text(message, wrap)).replace("\n", layout.newline))
    return "".join([*pieces, layout.ending]).encode()


def is_language_of(value: str, locale: Locale) -> bool:
    """Whether a Language header may stand in this locale's folder: the same language in any spelling, or less exact.

    >>> [is_language_of(value, Locale.parse("pt-BR")) for value in ("pt_BR", "pt", "pt_PT", "es")]
    [True, True, False, False]
    """
    try:
        named = Locale.parse(value)
    except ValueError:
        return False
    same_territory = named.territory == locale.territory or not named.territory or not locale.territory
    return named.language == locale.language and named.script == locale.script and same_territory


def _header_lines(header: Message) -> list[str]:
    return header.msgstr[0].removesuffix("\n").split("\n") if header.msgstr[0] else []


def _name_and_value(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    return (name.strip(), value.strip()) if colon else ("", line)


def _diagnostics(faults: tuple[Fault, ...], path: str, locale: Locale | None) -> Iterator[Diagnostic]:
    """The faults as complaints, by line."""
    for fault in sorted(dict.fromkeys(faults)):
        yield Diagnostic(
            code=fault.code,
            message=fault.message,
            location=Location(path, fault.line),
            hint=fault.hint,
            locale=locale.tag if locale is not None else "",
            related=Location(path, fault.related) if fault.related else None,
        )


def _header_faults(messages: tuple[Message, ...], locale: Locale | None) -> Iterator[Fault]:
    header = next((each for each in messages if each.key == (None, "") and not each.obsolete), None)
    if header is None:
        message = 'the file has no header (a first message with msgid "")'
        hint = "copy the header of another catalog of the language, or of the template, to the top of the file"
        yield Fault(1, "header-missing", message, hint)
        return
    if header is not messages[0]:
        message = 'the header (msgid "") is not the first message'
        yield Fault(header.line, "header-not-first", message, "move it to the top of the file", messages[0].line)
    values = {name.lower(): value for name, value in reversed(Catalog("", None, header, ()).headers)}
    yield from _charset_faults(header, values.get("content-type", ""))
    language = values.get("language", "")
    if language and locale is not None and not is_language_of(language, locale):
        message = f"the header says Language: {language}, but the file is in the folder of {_named(locale)}"
        hint = f'move the file to the folder of its language, or correct the line to "Language: {locale.tag}\\n"'
        yield Fault(_line_of("Language", header), "wrong-language", message, hint)


def _charset_faults(header: Message, content_type: str) -> Iterator[Fault]:
    match = _CHARSET.search(content_type)
    if match is not None and is_utf8(match[1]):
        return
    message = f"the header says charset={match[1]}" if match else "the header does not say the charset"
    hint = 'the header needs the line "Content-Type: text/plain; charset=UTF-8\\n"'
    yield Fault(_line_of("Content-Type", header), "wrong-charset", message, hint)


def _named(locale: Locale) -> str:
    return f"{locale.tag} ({locale.english_name})" if locale.english_name != locale.tag else locale.tag


def _line_of(name: str, header: Message) -> int:
    """The line of the file where a header stands; that of the msgid if it is missing or not on a line of its own."""
    lines = (header.raw or "").split("\n")
    first = next((number for number, line in enumerate(lines) if line.lstrip().startswith("msgid")), 0)
    begin = f'"{escaped(name)}:'.lower()
    found = (number for number, line in enumerate(lines) if line.lstrip().lower().startswith(begin))
    return header.line + next(found, first) - first


def _duplicate_faults(messages: Iterable[Message]) -> Iterator[Fault]:
    """Live messages only: an obsolete one beside a live one is what some programs leave, and ``merge`` mends it."""
    first: dict[Key, int] = {}
    for message in messages:
        if message.obsolete:
            continue
        line = first.setdefault(message.key, message.line)
        if line != message.line:
            named = f"“{message.msgid[:40]}{'…' * (len(message.msgid) > 40)}”" if message.msgid else "the header"
            words = f"{named} stands in the file twice; the first time in line {line}"
            hint = f"keep {'the better translation' if message.msgid else 'one of them'} and delete the other message"
            yield Fault(message.line, "duplicate-message", words, hint, line)


def form_count(catalog: Catalog) -> int:
    """How many msgstr[] a plural message has: by the header's Plural-Forms, else as the locale has; a template has two."""
    match = _NPLURALS.match(catalog.header_value("Plural-Forms"))
    if match is not None:
        return int(match[1])
    return catalog.locale.nplurals if catalog.locale is not None else 2


def plural_faults(catalog: Catalog) -> Iterator[Diagnostic]:
    """Messages with more or fewer msgstr[] than the header's Plural-Forms says, or, where it says nothing, the locale has.

    Real files have them, and an update mends them; msgfmt refuses some.
    """
    locale = catalog.locale
    if locale is None:
        return
    said, wanted = _NPLURALS.match(catalog.header_value("Plural-Forms")), form_count(catalog)
    for message in catalog.live:
        count = len(message.msgstr)
        if message.msgid_plural is None or count == wanted:
            continue
        source = "by the header's Plural-Forms" if said else f"in {_named(locale)}"
        words = f"this message has {count} plural form{'s' * (count != 1)}; there must be {wanted} {source}"
        forms = ", ".join(f"msgstr[{form}]" for form in range(min(wanted, 6)))
        hint = "polyleaf update mends it; or give it " + forms
        place = Location(catalog.path, message.line)
        yield Diagnostic("plural-count", words, place, hint=hint, locale=locale.tag)
