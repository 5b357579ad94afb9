"""The types an author's file becomes: Document, Section, Segment, Organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pipeline.diagnostics import Location
from pipeline.locales import Locale

Numbering = Literal["restart", "continue", "none"]
#: Characters that no line of text may hold: controls, line and paragraph separators, bidi embeddings and overrides, our hole.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ufffc\ufffe\uffff\ud800-\udfff]")


class Role(StrEnum):
    """What a segment is, in words that help its translator."""

    TITLE = "title"
    KIND = "kind of document"
    ISSUER = "who adopted it"
    GROUP = "heading of a list of signatories"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    SLOGAN = "slogan"
    LIST_ITEM = "list item"
    QUOTE = "block quote"
    TABLE_HEAD = "table heading"
    TABLE_CELL = "table cell"
    FOOTNOTE = "footnote"
    ORGANISATION = "name of an organisation"
    INTERFACE = "word of the page templates"


@dataclass(frozen=True, slots=True)
class Segment:
    """One translatable run of inline Markdown, as gettext sees it.

    ``place`` is a stable reference (``heading.ordinal``), free of line numbers; ``note`` is the author's remark to translators.
    ``translate`` is False where the author keeps the text as it is in every language. ``typos`` are corrections (wrong, right)
    that change no meaning.
    """

    msgid: str
    location: Location
    role: Role = Role.PARAGRAPH
    place: str = ""
    note: str = ""
    msgctxt: str | None = None
    msgid_plural: str | None = None
    translate: bool = True
    typos: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str | None, str]:
        """gettext's identity: msgctxt and msgid."""
        return (self.msgctxt, self.msgid)


@dataclass(frozen=True, slots=True)
class Section:
    """A rope: HTML of ours (``structure``) around text a translator owns (``segments``).

    ``len(structure) == len(segments) + 1``. ``footnotes`` are the labels of its footnotes, in the order of their numbers.
    """

    structure: tuple[str, ...]
    segments: tuple[Segment, ...]
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A record of the registry. ``translation`` is its name in the source language, empty if ``name`` is in that language."""

    id: str
    acronym: str
    name: str
    name_locale: Locale
    translation: str
    countries: tuple[str, ...]
    languages: tuple[Locale, ...]
    location: Location

    def segment(self, source_locale: Locale) -> Segment | None:
        """What a translator of the domain ``organisations`` gets: the name in the source language; None if there is none."""
        text = self.translation or (self.name if self.name_locale.language == source_locale.language else "")
        if not text:
            return None
        note = f"{self.acronym} {self.name}".strip() if self.translation else self.acronym
        return Segment(text, self.location, Role.ORGANISATION, self.id, note)


@dataclass(frozen=True, slots=True)
class SignatoryGroup:
    """Signatories under one heading. ``first_number`` is None for a list without numbers."""

    heading: Segment | None
    as_of: date | None
    open: bool
    first_number: int | None
    members: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One resolution: everything its author and its signatories wrote, in the source language.

    ``short`` is the author's own short version of the body, for sheets that the whole does not fit; None if there is none.
    """

    id: str
    path: str
    locale: Locale
    title: Segment
    kind: Segment | None
    issuer: Segment | None
    adopted: date | None
    number: str
    license: str
    body: Section
    groups: tuple[SignatoryGroup, ...]
    pictures: tuple[tuple[str, Location], ...] = ()
    short: Section | None = None

    def own_segments(self) -> Iterator[Segment]:
        """The segments of the document's own domain that translators get, in reading order."""
        for segment in (self.title, self.kind, self.issuer):
            if segment is not None:
                yield segment
        yield from (each for each in self.body.segments if each.translate)
        for group in self.groups:
            if group.heading is not None:
                yield group.heading
        if self.short is not None:
            yield from (each for each in self.short.segments if each.translate)

    def signatories(self) -> tuple[Organisation, ...]:
        return tuple(organisation for group in self.groups for organisation in group.members)
