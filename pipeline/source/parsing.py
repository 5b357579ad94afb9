"""A source file becomes a Document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.document import Document, Organisation, Role, Section, Segment, SignatoryGroup
from pipeline.source.frontmatter import GroupMetadata, Metadata, Text, read_front_matter, split_source
from pipeline.source.markdown import Body, parse_body
from pipeline.source.organisations import Registry

#: Domains of their own; a document cannot have their names.
RESERVED = ("organisations", "interface", "compendium", "memory")
DOCUMENT_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """An author's file: the id its name gives it, its text, and its path as people know it."""

    id: str
    path: str
    text: str


def parse_document(source: Source, registry: Registry, default_locale: Locale) -> Document:
    """The document in a source. Raises InvalidInput with every complaint about front matter, body and signatories at once."""
    if not DOCUMENT_ID.fullmatch(source.id) or source.id in RESERVED:
        hint = "rename the file: small letters a–z, digits and hyphens, then .md"
        if source.id in RESERVED:
            hint = "rename the file: the catalogs of this name are for something else"
        place = Location(source.path)
        raise InvalidInput([Diagnostic("document-id", f"“{source.id}” cannot name a document", place, hint=hint)])
    split = split_source(source.text.replace("\r\n", "\n").replace("\r", "\n"), source.path)
    complaints: list[Diagnostic] = []
    metadata: Metadata | None = None
    body: Body | None = None
    short: Body | None = None
    try:
        metadata, found = read_front_matter(split.front_matter, source.path)
        complaints += (*found, *_unknown_members(metadata, registry))
        if metadata.short is not None:
            short = parse_body(metadata.short.text, source.path, metadata.short.first_line)
    except InvalidInput as invalid:
        complaints += invalid.diagnostics
    try:
        body = parse_body(split.body, source.path, split.body_line)
    except InvalidInput as invalid:
        complaints += invalid.diagnostics
    if complaints or metadata is None or body is None:
        raise InvalidInput(complaints)
    return Document(
        id=source.id,
        path=source.path,
        locale=metadata.locale or default_locale,
        title=Segment(metadata.title.text, metadata.title.location, Role.TITLE, "title"),
        kind=_segment(metadata.kind, Role.KIND, "kind"),
        issuer=_segment(metadata.issuer, Role.ISSUER, "issuer"),
        adopted=metadata.adopted,
        number=metadata.number,
        license=metadata.license,
        body=body.section,
        groups=tuple(_groups(metadata.groups, registry.by_id())),
        pictures=(*body.pictures, *(short.pictures if short else ())),
        short=_short(short.section) if short else None,
    )


def _short(section: Section) -> Section:
    """The short version; its places say that they are of it."""
    return replace(section, segments=tuple(replace(each, place=f"short.{each.place}") for each in section.segments))


def _segment(text: Text | None, role: Role, place: str) -> Segment | None:
    return Segment(text.text, text.location, role, place) if text else None


def _unknown_members(metadata: Metadata, registry: Registry) -> Iterator[Diagnostic]:
    known = registry.by_id()
    seen: dict[str, Location] = {}
    for group in metadata.groups:
        for member in group.members:
            if member.text not in known:
                hint = "add a row with this id to sources/organisations.csv, or correct the id"
                message = f"no organisation of the registry has the id “{member.text}”"
                yield Diagnostic("unknown-signatory", message, member.location, hint=hint)
            if member.text in seen:
                message = f"“{member.text}” signs twice"
                yield Diagnostic("signs-twice", message, member.location, hint="delete one", related=seen[member.text])
            seen.setdefault(member.text, member.location)


def _groups(groups: tuple[GroupMetadata, ...], known: Mapping[str, Organisation]) -> Iterator[SignatoryGroup]:
    next_number = 1
    for ordinal, group in enumerate(groups, 1):
        first = next_number if group.numbering == "continue" else 1
        yield SignatoryGroup(
            heading=_segment(group.heading, Role.GROUP, f"signatories.{ordinal}"),
            as_of=group.as_of,
            open=group.open,
            first_number=None if group.numbering == "none" else first,
            members=tuple(known[member.text] for member in group.members),
        )
        if group.numbering != "none":
            next_number = first + len(group.members)
