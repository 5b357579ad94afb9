"""Document + Catalog become a LocalizedDocument: every segment in the reader's language, or marked as not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import Locale
from pipeline.source.document import Document, Organisation, Role, Section, Segment, SignatoryGroup
from pipeline.source.faults import UNPRINTABLE
from pipeline.source.markdown import Grammar, grammar, plain_text
from pipeline.translation.catalog import Catalog
from pipeline.translation.message import State

#: Segments that are words and nothing else; all others are inline Markdown.
PLAIN_ROLES = frozenset({Role.TITLE, Role.KIND, Role.ISSUER, Role.GROUP, Role.ORGANISATION, Role.INTERFACE})
#: What a msgstr may not hold: what a source may not, and carriage returns, which no editor shows.
CONTROLS = re.compile(f"[{UNPRINTABLE}\r]")


@dataclass(frozen=True, slots=True)
class LocalizedSegment:
    """A segment as the reader gets it: its words, the language they are in, and where they can be mended."""

    segment: Segment
    text: str
    locale: Locale
    state: State
    location: Location


@dataclass(frozen=True, slots=True)
class LocalizedSignatory:
    """An organisation and its name in the reader's language; None where its own name is in that language already."""

    organisation: Organisation
    translation: LocalizedSegment | None


@dataclass(frozen=True, slots=True)
class LocalizedGroup:
    """A list of signatories as the reader gets it."""

    group: SignatoryGroup
    heading: LocalizedSegment | None
    members: tuple[LocalizedSignatory, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document is there in a language, in segments."""

    translated: int = 0
    fuzzy: int = 0
    untranslated: int = 0

    @property
    def total(self) -> int:
        return self.translated + self.fuzzy + self.untranslated

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only if all is translated."""
        return 100 * self.translated // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class LocalizedDocument:
    """A document in one language, whole: what is not translated stands there in the source language, marked as such.

    ``drafts`` are the paths of the catalogs that call themselves drafts.
    """

    document: Document
    locale: Locale
    title: LocalizedSegment
    kind: LocalizedSegment | None
    issuer: LocalizedSegment | None
    body: tuple[LocalizedSegment, ...]
    groups: tuple[LocalizedGroup, ...]
    drafts: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    short: tuple[LocalizedSegment, ...] = ()

    def segments(self) -> Iterator[LocalizedSegment]:
        """All segments, in reading order, the signatories' names included."""
        yield from (each for each in (self.title, self.kind, self.issuer) if each is not None)
        yield from self.body
        for group in self.groups:
            if group.heading is not None:
                yield group.heading
            yield from (member.translation for member in group.members if member.translation is not None)
        yield from self.short

    def shortened(self) -> LocalizedDocument:
        """The document with its short version for a body. Raises ValueError if its author wrote none."""
        if self.document.short is None:
            raise ValueError(f"{self.document.id} has no short version")
        document = replace(self.document, body=self.document.short, short=None)
        return replace(self, document=document, body=self.short, short=())

    @property
    def draft(self) -> bool:
        """Whether one of its catalogs says that nobody has reviewed it yet."""
        return bool(self.drafts)

    @property
    def coverage(self) -> Coverage:
        states = [each.state for each in self.segments()]
        return Coverage(*(states.count(state) for state in (State.TRANSLATED, State.FUZZY, State.UNTRANSLATED)))


def localize(document: Document, catalog: Catalog | None, names: Catalog | None, locale: Locale) -> LocalizedDocument:
    """The document in the locale: its own texts from ``catalog``, the signatories' names from ``names``.

    A fuzzy or bad msgstr is never used: the source text stands in, in its own language, and a bad one is among the diagnostics.
    """
    complaints: list[Diagnostic] = []

    def own(segment: Segment, labels: tuple[str, ...] = ()) -> LocalizedSegment:
        return _localized(segment, catalog, _Reading(document.locale, locale, labels), complaints)

    def section(of: Section | None) -> tuple[LocalizedSegment, ...]:
        return tuple(own(each, of.footnotes) for each in of.segments) if of else ()

    def signatory(organisation: Organisation) -> LocalizedSignatory:
        segment = organisation.segment(document.locale)
        if segment is None or _same_language(organisation.name_locale, locale):
            return LocalizedSignatory(organisation, None)
        return LocalizedSignatory(
            organisation, _localized(segment, names, _Reading(document.locale, locale), complaints)
        )

    localized = LocalizedDocument(
        document=document,
        locale=locale,
        title=own(document.title),
        kind=own(document.kind) if document.kind else None,
        issuer=own(document.issuer) if document.issuer else None,
        body=section(document.body),
        groups=tuple(
            LocalizedGroup(group, own(group.heading) if group.heading else None, tuple(map(signatory, group.members)))
            for group in document.groups
        ),
        drafts=tuple(each.path for each in (catalog, names) if each is not None and each.draft),
        diagnostics=(),
        short=section(document.short),
    )
    return replace(localized, diagnostics=tuple(dict.fromkeys(complaints)))


def _same_language(name: Locale, reader: Locale) -> bool:
    return (name.language, name.script) == (reader.language, reader.script)


@dataclass(frozen=True, slots=True)
class _Reading:
    """From which language into which; and the footnotes that the text has."""

    source: Locale
    reader: Locale
    labels: tuple[str, ...] = ()


def _localized(
    segment: Segment, catalog: Catalog | None, reading: _Reading, complaints: list[Diagnostic]
) -> LocalizedSegment:
    source, reader, labels = reading.source, reading.reader, reading.labels
    untranslated = LocalizedSegment(segment, segment.msgid, source, State.UNTRANSLATED, segment.location)
    if reader == source:
        return LocalizedSegment(segment, segment.msgid, source, State.TRANSLATED, segment.location)
    message = catalog.get(segment.key) if catalog is not None else None
    if catalog is None or message is None:
        return untranslated
    place = Location(catalog.path, message.line)
    if message.state is not State.TRANSLATED:
        return LocalizedSegment(segment, segment.msgid, source, message.state, place)
    text = message.msgstr[0]
    found = list(_faults(segment, text, labels, place, reader))
    complaints += found
    if any(each.severity == "error" for each in found):
        return LocalizedSegment(segment, segment.msgid, source, State.UNTRANSLATED, place)
    return LocalizedSegment(segment, text, reader, State.TRANSLATED, place)


def _faults(
    segment: Segment, text: str, labels: tuple[str, ...], place: Location, locale: Locale
) -> Iterator[Diagnostic]:
    """Why a msgstr must not be printed (errors), or what it lost (warnings)."""
    inline = segment.role not in PLAIN_ROLES
    control = CONTROLS.search(plain_text(text, labels) if inline else text) or CONTROLS.search(text)
    if control:
        message = f"the translation holds the invisible character U+{ord(control[0]):04X}, which can turn text around"
        yield Diagnostic("control-character", message, place, "error", "delete it", locale.tag, segment.location)
    if not text.strip():
        yield Diagnostic("blank", "the translation is only white space", place, "error", "translate it", locale.tag)
    if not inline:
        return
    theirs, ours = grammar(text, labels), grammar(segment.msgid, labels)
    yield from _foreign(theirs, ours, place, locale, segment)
    yield from _lost(theirs, ours, place, locale, segment)


def _pairs(one: Grammar, other: Grammar) -> Iterator[tuple[str, set[str]]]:
    yield "link to", set(one.links) - set(other.links)
    yield "picture", set(one.pictures) - set(other.pictures)
    yield "footnote", set(one.footnotes) - set(other.footnotes)
    yield "title on", set(one.titled) - set(other.titled)


def _foreign(theirs: Grammar, ours: Grammar, place: Location, locale: Locale, segment: Segment) -> Iterator[Diagnostic]:
    for kind, added in _pairs(theirs, ours):
        for each in sorted(added):
            message = f"the translation has a {kind} {each} that the original does not have"
            hint = "use the addresses of the original, letter by letter"
            yield Diagnostic("markup-foreign", message, place, "error", hint, locale.tag, segment.location)


def _lost(theirs: Grammar, ours: Grammar, place: Location, locale: Locale, segment: Segment) -> Iterator[Diagnostic]:
    for kind, gone in _pairs(ours, theirs):
        for each in sorted(gone):
            message = f"the translation drops the {kind} {each}"
            hint = f"keep [words]({each}) in the translation" if kind == "link to" else "copy it from the original"
            yield Diagnostic("markup-lost", message, place, "warning", hint, locale.tag, segment.location)
