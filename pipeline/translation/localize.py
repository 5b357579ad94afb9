"""Document + Catalog become a LocalizedDocument: every segment in the reader's language, or marked as not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import Locale
from pipeline.source.document import Document, Organisation, Section, Segment, SignatoryGroup
from pipeline.source.markdown import plain_text
from pipeline.translation.catalog import Catalog
from pipeline.translation.checks.safety import Place, unsafe
from pipeline.translation.credits import credit, note
from pipeline.translation.message import Message, State
from pipeline.translation.wording import changed_on

_A_SENTENCE, _DESCRIPTION = 60, 200


@dataclass(frozen=True, slots=True)
class LocalizedSegment:
    """A segment as the reader gets it: its words, the language they are in, and where they can be mended.

    ``bad`` is one whose translation is there but must not be printed; ``outdated`` one whose translation is of an earlier
    text, and may still be shown.
    """

    segment: Segment
    text: str
    locale: Locale
    state: State
    location: Location
    bad: bool = False
    outdated: bool = False


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

    ``drafts`` are the paths of the catalogs that call themselves drafts. ``credit`` is the name that its translators ask to
    be named by, ``note`` what they say to readers.
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
    credit: str = ""
    note: str = ""

    def segments(self) -> Iterator[LocalizedSegment]:
        """All segments that are to be translated, in reading order, the signatories' names included."""
        yield from (each for each in (self.title, self.kind, self.issuer) if each is not None)
        yield from (each for each in self.body if each.segment.translate)
        for group in self.groups:
            if group.heading is not None:
                yield group.heading
            yield from (member.translation for member in group.members if member.translation is not None)
        yield from (each for each in self.short if each.segment.translate)

    def description(self) -> str:
        """The beginning of the first paragraph that says something, as plain text of 200 characters at most."""
        labels = self.document.body.footnotes
        words = (plain_text(each.text, labels, pictures=False) for each in self.body if len(each.text) > _A_SENTENCE)
        whole = next(words, "")
        return whole if len(whole) <= _DESCRIPTION else whole[: _DESCRIPTION - 1].rpartition(" ")[0] + "…"

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


def localize(
    document: Document, catalog: Catalog | None, names: Catalog | None, locale: Locale, shown_since: date | None = None
) -> LocalizedDocument:
    """The document in the locale: its own texts from ``catalog``, the signatories' names from ``names``.

    A fuzzy or bad msgstr is never used: the source text stands in, in its own language, and a bad one is among the diagnostics.
    But where a text has changed on the day ``shown_since`` or later, its earlier translation is shown, as outdated.
    """
    complaints: list[Diagnostic] = []

    def own(segment: Segment, labels: tuple[str, ...] = ()) -> LocalizedSegment:
        return _localized(segment, catalog, _Reading(document.locale, locale, labels, shown_since), complaints)

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
        credit=credit(catalog) if catalog is not None else "",
        note=note(catalog) if catalog is not None else "",
    )
    return replace(localized, diagnostics=tuple(dict.fromkeys(complaints)))


def _same_language(name: Locale, reader: Locale) -> bool:
    return (name.language, name.script) == (reader.language, reader.script)


@dataclass(frozen=True, slots=True)
class _Reading:
    """From which language into which; the footnotes that the text has; since when earlier translations are shown."""

    source: Locale
    reader: Locale
    labels: tuple[str, ...] = ()
    shown_since: date | None = None


def _localized(
    segment: Segment, catalog: Catalog | None, reading: _Reading, complaints: list[Diagnostic]
) -> LocalizedSegment:
    source, reader, labels = reading.source, reading.reader, reading.labels
    untranslated = LocalizedSegment(segment, segment.msgid, source, State.UNTRANSLATED, segment.location)
    if reader == source or not segment.translate:
        return LocalizedSegment(segment, segment.msgid, source, State.TRANSLATED, segment.location)
    message = catalog.get(segment.key) if catalog is not None else None
    if catalog is None or message is None:
        return untranslated
    place = Location(catalog.path, message.line)
    if message.state is not State.TRANSLATED:
        if _is_in_grace(message, reading) and not unsafe(segment, message, Place(catalog.path, source, reader, labels)):
            return LocalizedSegment(segment, message.msgstr[0], reader, message.state, place, outdated=True)
        return LocalizedSegment(segment, segment.msgid, source, message.state, place)
    found = unsafe(segment, message, Place(catalog.path, source, reader, labels))
    complaints += found
    if found:
        return LocalizedSegment(segment, segment.msgid, source, State.UNTRANSLATED, place, bad=True)
    return LocalizedSegment(segment, message.msgstr[0], reader, State.TRANSLATED, place)


def _is_in_grace(message: Message, reading: _Reading) -> bool:
    """Whether the translation was good until the text changed, not long ago."""
    if reading.shown_since is None or message.state is not State.FUZZY:
        return False
    day = changed_on(message)
    return day is not None and day >= reading.shown_since
