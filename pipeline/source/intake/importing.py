"""A saved page becomes a source text, new rows of the registry, and a list of what to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.locales import Locale
from pipeline.source.document import Numbering
from pipeline.source.intake.body import joined, markdown_body
from pipeline.source.intake.chrome import without_furniture
from pipeline.source.intake.groups import Group, Parted, part
from pipeline.source.intake.languages import language_of
from pipeline.source.intake.lines import Dropped, Line, Shape
from pipeline.source.intake.masthead import read_masthead
from pipeline.source.intake.page import Page, read_page
from pipeline.source.intake.registering import KnownOrganisation, Registered, register
from pipeline.source.intake.text import printable, slug
from pipeline.source.intake.writing import FrontMatter, MemberGroup, RegistryRow, source_text

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A source text, the rows that are new to the registry, and what a person should look at.

    ``dropped`` lists every line of the page that the source text does not hold as it stood: furniture, the title again,
    the date line, headings of lists. The ids of the members stand in the source text, in their groups.
    """

    document_id: str
    source_text: str
    rows: tuple[RegistryRow, ...]
    dropped: tuple[Dropped, ...]
    diagnostics: tuple[Diagnostic, ...]


def import_page(
    content: str,
    path: str,
    document_id: str | None,
    registry: tuple[KnownOrganisation, ...],
    default_locale: str = "en",
) -> Imported:
    """The source text of a saved page (HTML, text dump, Markdown) and the organisations that sign it.

    ``path`` is a label: diagnostics name its lines. Raises InvalidInput for a page without text and for an id that
    cannot name a document.
    """
    text, unprintable = printable(content)
    _refuse(text, path, document_id)
    page = read_page(text)
    lines, furniture = without_furniture(page.lines)
    language = _page_language(page, lines)
    locale = language or default_locale
    parted = part(lines, locale)
    head = read_masthead(page, parted.body, locale, path)
    registered = register([group.entries for group in parted.groups], registry, locale, path)
    if not (head.title or head.body or registered.rows or any(registered.members)):
        raise InvalidInput([Diagnostic("page-empty", "no text was found on this page", Location(path), hint=_EMPTY)])
    title = head.title or _label(path)
    front_matter = FrontMatter(
        title=title,
        kind=head.kind,
        issuer=head.issuer,
        adopted=head.adopted,
        locale=locale,
        groups=tuple(_member_groups(parted.groups, registered)),
    )
    body = (*head.body, *parted.after)
    dropped = (*page.dropped, *furniture, *head.dropped, *_taken(parted, body))
    complaints = (*head.diagnostics, *registered.diagnostics, *_notes(parted, path))
    unknown = _unknown(bool(head.title), "" if language else default_locale, unprintable, path)
    return Imported(
        document_id or slug(title),
        source_text(front_matter, markdown_body(body)),
        registered.rows,
        tuple(sorted(dropped, key=lambda each: each.line)),
        in_order((*complaints, *unknown)),
    )


def _unknown(has_title: bool, assumed: str, unprintable: int, path: str) -> Iterator[Diagnostic]:
    """What the page as a whole did not tell: its title, its language, characters that no page can show."""
    if not has_title:
        yield Diagnostic("title-missing", "no title was found", Location(path), "warning", hint=_TITLE)
    if assumed:
        message = f"the language of the page is not known; it is taken to be {assumed}"
        yield Diagnostic("language-unknown", message, Location(path), "warning", hint=_LANGUAGE)
    if unprintable:
        message = f"{unprintable} control characters were taken out of the text"
        yield Diagnostic("unprintable", message, Location(path), "info")


_EMPTY = "save the page itself as text or HTML, not a picture or a frame of it"
_TITLE = "write the title into the front matter"
_LANGUAGE = "write its tag into the front matter: locale: fr"


def _refuse(text: str, path: str, document_id: str | None) -> None:
    """Raise InvalidInput if the id cannot name a document, or the page is no text a resolution could be."""
    if document_id is not None and not _ID.fullmatch(document_id):
        hint = "use small letters a–z, digits and hyphens, such as bread-for-all"
        message = f"“{document_id}” cannot name a document"
        raise InvalidInput([Diagnostic("document-id", message, Location(path), hint=hint)])
    if len(text) > _LARGEST:
        hint = "save only the page with the resolution"
        raise InvalidInput(
            [Diagnostic("page-too-long", "this is too long to be one resolution", Location(path), hint=hint)]
        )
    if not any(char.isalnum() for char in text):
        raise InvalidInput([Diagnostic("page-empty", "no text was found on this page", Location(path), hint=_EMPTY)])


def _page_language(page: Page, lines: tuple[Line, ...]) -> str:
    """The tag of the page's language: what its words tell, else what it says of itself; empty if neither does."""
    said = " ".join(line.text for line in lines if not line.is_item or len(line.text) > 80)[:20_000]
    found = language_of(said or " ".join(line.text for line in lines)[:20_000])
    for name, value, _ in page.declared:
        if name == "language":
            try:
                declared = Locale.parse(value).tag
            except ValueError:
                continue
            return declared if not found or declared.split("-")[0] == found.split("-")[0] else found
    return found


def _label(path: str) -> str:
    words = re.sub(r"[\W_]+", " ", PurePosixPath(path).stem).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _member_groups(groups: tuple[Group, ...], registered: Registered) -> Iterator[MemberGroup]:
    last = 0
    for group, members in zip(groups, registered.members, strict=True):
        ordinals = [entry.ordinal for entry in group.entries if entry.ordinal]
        numbering: Numbering = "restart"
        if not ordinals:
            numbering = "none"
        elif last and ordinals[0] == last + 1:
            numbering = "continue"
        last = ordinals[-1] if ordinals else last
        if members or group.heading:
            yield MemberGroup(group.heading, group.as_of, group.open, numbering, members)


def _taken(parted: Parted, body: tuple[Line, ...]) -> Iterator[Dropped]:
    """Lines that went elsewhere than into the body: headings of lists and columns, rows of signs, e-mail addresses."""
    for line in parted.headers:
        yield Dropped(line.number, line.text, "row of signs" if line.shape is Shape.ORNAMENT else "heads of columns")
    kept = {line.number for line in joined(body) if line.shape is Shape.ORNAMENT}
    for line in body:
        if line.shape is Shape.ORNAMENT and line.number not in kept:
            yield Dropped(line.number, line.text, "row of signs")
    for group in parted.groups:
        if group.written:
            yield Dropped(group.line, group.written, "heading of a list, now in the front matter")
        for number, address in group.addresses:
            yield Dropped(number, address, "e-mail address: never published")


def _notes(parted: Parted, path: str) -> Iterator[Diagnostic]:
    for line in parted.after:
        if line.shape is not Shape.ORNAMENT:
            hint = "delete the paragraph at the end of the body if the document should not have it"
            message = f"this text stands after the signatories and is kept as text: “{line.text[:80]}”"
            yield Diagnostic("text-after-signatories", message, Location(path, line.number), "info", hint)
    if not parted.groups:
        hint = "write a heading such as “Signatories:” above the list, or add the signatories to the front matter"
        yield Diagnostic("signatories-missing", "no list of signatories was found", Location(path), "info", hint)
    for group in parted.groups:
        for number, _ in group.addresses:
            yield Diagnostic("address-left-out", "an e-mail address was left out", Location(path, number), "info")
