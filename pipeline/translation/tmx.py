"""TMX 1.4b, the form in which programs hand each other translation memories: catalogs become one, and it messages.

Follows LISA OSCAR's TMX 1.4b of 2005. What we read may come from anywhere: nothing is fetched, no entity is expanded
besides XML's own five, and what is not in the two languages is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline import __version__
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale, plural_rule
from pipeline.translation.catalog import Catalog, is_language_of
from pipeline.translation.message import Message, State

#: In bytes; more is a mistake, or meant to do harm. No sound file nests its elements as deep as the other limit.
LARGEST = 50_000_000
_DEEPEST = 64
#: Markup of other programs, whose contents are codes and no words; only a ``sub`` within is text again.
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})
_CONTEXT = "x-msgctxt"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: So many things, with which most languages use the form that the plural is known by.
_MANY = 100


@dataclass(frozen=True, slots=True)
class _Variant:
    """One language's text of a unit."""

    tag: str
    text: str


@dataclass(slots=True)
class _Unit:
    """A translation unit while it is read."""

    line: int
    context: str | None = None
    variants: list[_Variant] = field(default_factory=list)


# --- writing ----------------------------------------------------------------------------------------------------------


def write_tmx(catalogs: Iterable[Catalog], source_locale: Locale) -> bytes:
    """The translated messages of catalogs as a TMX file, each once: the same bytes for the same catalogs.

    Markdown is text in it. A plural message becomes two units, for one thing and for many. Nothing tells who translated,
    or when.
    """
    drafts: dict[tuple[str | None, str, str, str], bool] = {}
    for catalog in catalogs:
        for unit in _written_units(catalog):
            drafts[unit] = drafts.get(unit, True) and catalog.draft
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header creationtool="Polyleaf" creationtoolversion={quoteattr(__version__)} segtype="paragraph"'
        f' o-tmf="gettext" adminlang="en" srclang={quoteattr(source_locale.tag)} datatype="plaintext"/>\n<body>\n'
    )
    units = (_unit_text(source_locale.tag, unit, draft) for unit, draft in drafts.items())
    return "".join((head, *units, "</body>\n</tmx>\n")).encode()


def _written_units(catalog: Catalog) -> Iterator[tuple[str | None, str, str, str]]:
    """The msgctxt, original, language and translation of what is translated."""
    for message in catalog.live if catalog.locale is not None else ():
        if catalog.locale is not None and message.state is State.TRANSLATED and message.msgid:
            for original, translation in _pairs(message, catalog, catalog.locale):
                yield message.msgctxt, original, catalog.locale.tag, translation


def _unit_text(source: str, unit: tuple[str | None, str, str, str], draft: bool) -> str:
    context, original, tag, translation = unit
    return (
        f"<tu>\n{_property(_CONTEXT, context)}{_property('x-state', 'draft' if draft else None)}"
        f"{_written_variant(source, original)}{_written_variant(tag, translation)}</tu>\n"
    )


def _pairs(message: Message, catalog: Catalog, locale: Locale) -> Iterator[tuple[str, str]]:
    """Original and translation; of a plural message those for one and for many."""
    if message.msgid_plural is None:
        yield message.msgid, message.msgstr[0]
        return
    forms = catalog.header_value("Plural-Forms")
    for original, count in ((message.msgid, 1), (message.msgid_plural, _MANY)):
        yield original, message.msgstr[min(_form(forms, count, locale), len(message.msgstr) - 1)]


def _form(plural_forms: str, count: int, locale: Locale) -> int:
    """Which msgstr[] says so many things; as the locale does it, where the header's rule is none."""
    try:
        return max(0, plural_rule(plural_forms)(count))
    except (ValueError, ZeroDivisionError):
        return locale.plural_index(count)


def _property(kind: str, value: str | None) -> str:
    return f'<prop type="{kind}">{_escaped(value)}</prop>\n' if value is not None else ""


def _written_variant(tag: str, text: str) -> str:
    return f"<tuv xml:lang={quoteattr(tag)}><seg>{_escaped(text)}</seg></tuv>\n"


def _escaped(text: str) -> str:
    """The text for XML, without the control characters that it cannot hold."""
    return escape(_NOT_XML.sub("", text), {"\r": "&#13;"})


# --- reading ----------------------------------------------------------------------------------------------------------


def read_tmx(content: bytes, path: str, source: Locale, target: Locale) -> tuple[Message, ...]:
    """The units that a TMX file has in both languages, as messages, in its order; one text may come several times.

    A region more or less does not matter. Names of people, dates and codes of other programs are left out.
    Raises InvalidInput if it is no TMX, has nothing in the two languages, or could do harm.
    """
    if len(content) > LARGEST:
        message = f"the file is larger than {LARGEST // 1_000_000} MB"
        raise _refused("too-large", message, Location(path), "export a part of the memory")
    reader = _Reader(path)
    reader.read(content)
    languages = _Languages(source, target)
    messages = tuple(dict.fromkeys(each for unit in reader.units for each in languages.messages(unit)))
    if not messages:
        named = ", ".join(sorted({each.tag[:20] for unit in reader.units for each in unit.variants if each.tag})[:12])
        message = f"the file has no translation from {source.tag} into {target.tag}"
        hint = f"its languages are {named}" if named else "it holds no translations at all"
        raise _refused("no-translations", message, Location(path), hint)
    return messages


class _Languages:
    """Which texts of a unit are the original and its translations."""

    def __init__(self, source: Locale, target: Locale) -> None:
        self._locales = (source, target)
        self._likeness: dict[tuple[str, bool], int] = {}

    def messages(self, unit: _Unit) -> Iterator[Message]:
        """The unit's translations, one message each; none if a language is missing."""
        pairs = [
            (score, original, translation)
            for original in unit.variants
            for translation in unit.variants
            if translation is not original and (score := self._score(original.tag, translation.tag))
        ]
        best = max((score for score, _, _ in pairs), default=0)
        for score, original, translation in pairs:
            if score == best and original.text.strip() and translation.text.strip():
                yield Message(original.text, (translation.text,), unit.context, line=unit.line)

    def _score(self, original: str, translation: str) -> int:
        """How well two tags are the languages looked for; 0 if one is not."""
        first, second = self._nearness(original, False), self._nearness(translation, True)
        return first + second if first and second else 0

    def _nearness(self, tag: str, is_target: bool) -> int:
        """3 for the very tag, 2 for one without a region, 1 for another way to write the language; 0 for any other."""
        known = self._likeness.get((tag, is_target))
        if known is None:
            known = self._likeness[tag, is_target] = _nearness(tag, self._locales[is_target])
        return known


def _nearness(tag: str, locale: Locale) -> int:
    if not is_language_of(tag, locale):
        return 0
    named = Locale.parse(tag)
    return 3 if named.tag == locale.tag else 1 if named.territory else 2


class _Reader:
    """The units of a TMX file, read as expat meets them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.units: list[_Unit] = []
        self._open: list[str] = []
        self._tag = ""
        self._kind = ""
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._skipped
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words

    def read(self, content: bytes) -> None:
        """Fill ``units``. Raises InvalidInput if the file is not whole, or not a TMX."""
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            message = f"the file is damaged, or no TMX: {expat.ErrorString(error.code)}"
            hint = "export it again; if it comes by mail, ask for a ZIP"
            raise _refused("not-tmx", message, Location(self.path, error.lineno), hint) from None
        except (LookupError, ValueError) as error:
            message = f"the file's encoding is unknown ({error})"
            raise _refused("not-tmx", message, Location(self.path, 1), "export it as UTF-8") from None

    def _here(self) -> Location:
        return Location(self.path, self._parser.CurrentLineNumber)

    def _doctype(self, name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if name.lower() != "tmx" or has_internal_subset:
            hint = 'a TMX needs no more than <!DOCTYPE tmx SYSTEM "tmx14.dtd">; export it again with a trusted program'
            raise _refused("tmx-doctype", "the file declares a document type of its own", self._here(), hint)

    def _entity(self, name: str, *_: object) -> None:
        raise _refused("tmx-doctype", f"the file defines an entity (&{name};)", self._here(), "export it again")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            hint = "write the character itself instead"
            raise _refused("tmx-entity", f"nobody knows what &{name}; means", self._here(), hint)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.lower()
        if not self._open and name != "tmx":
            hint = "export the memory as TMX; catalogs (.po) can be imported, too"
            raise _refused("not-tmx", f"the file is XML, but no TMX: it begins with <{name}>", self._here(), hint)
        if len(self._open) >= _DEEPEST:
            raise _refused("not-tmx", "its elements are nested too deeply", self._here(), "export it again")
        self._open.append(name)
        if name == "tu":
            self.units.append(_Unit(self._parser.CurrentLineNumber))
            self._tag = ""
        elif name == "tuv":
            self._tag = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif name in ("seg", "prop"):
            self._kind = attributes.get("type", "")
            self._text = []

    def _end(self, name: str) -> None:
        self._open.pop()
        if "tu" not in self._open:
            return
        if name.lower() == "seg":
            text = "".join(self._text).replace("\r\n", "\n")
            self.units[-1].variants.append(_Variant(self._tag, text))
        elif name.lower() == "prop" and self._kind == _CONTEXT:
            self.units[-1].context = "".join(self._text)

    def _words(self, text: str) -> None:
        inner = next((each for each in reversed(self._open) if each in _CODES or each in ("seg", "sub", "prop")), "")
        if inner and inner not in _CODES:
            self._text.append(text)


def _refused(code: str, message: str, place: Location, hint: str) -> InvalidInput:
    return InvalidInput([Diagnostic(code, message, place, hint=hint)])
