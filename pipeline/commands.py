"""What the verbs of the command line do with a workspace, one function each: values in, values out, files by the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath

from babel.messages.extract import extract

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.locales import Locale
from pipeline.renditions import Options, document_needs, refuse_unknown_locales, renditions
from pipeline.source.document import Document, Role, Segment
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.localize import Coverage, LocalizedDocument
from pipeline.translation.message import State
from pipeline.translation.update import merge, template
from pipeline.workspace import Inputs, Workspace, bundled

PROJECT = "Polyleaf"
_KEYWORDS = {"_": None, "_n": (1, 2), "label": None}


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update wrote (paths), how many files it looked at, and what stood in its way."""

    written: tuple[str, ...]
    seen: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language of a document, for the table."""

    locale: Locale
    signatories: tuple[str, ...]
    reason: str
    coverage: Coverage | None
    draft: bool


def update(workspace: Workspace, only: Iterable[str] = ()) -> Updated:
    """Extract every domain and merge it into every catalog that needs it; nothing is written that did not change."""
    inputs = workspace.read(only)
    written: list[str] = []
    seen = 0
    complaints = list(inputs.diagnostics)
    for domain, extracted, locales in _domains(workspace, inputs):
        path = workspace.template_path(domain)
        seen += 1
        if _template_changed(workspace, path, extracted) and workspace.write(path, serialize(extracted)):
            written.append(str(path))
        for locale in locales:
            if (locale.tag, domain) in inputs.broken:
                continue
            seen += 1
            target = workspace.catalog_path(locale.tag, domain)
            catalog = inputs.catalog(domain, locale)
            content = serialize(merge(catalog, extracted, locale))
            if workspace.bytes_of(target) != (serialize(catalog) if catalog is not None else None):
                complaints.append(_saved_meanwhile(str(target), locale))
            elif workspace.write(target, content):
                written.append(str(target))
    return Updated(tuple(written), seen, in_order(complaints))


def _saved_meanwhile(path: str, locale: Locale) -> Diagnostic:
    """What to say of a catalog that somebody saved after it was read: their work stays, and is not brought up to date yet."""
    message = "the catalog was saved by somebody while it was brought up to date; it stays as they saved it"
    return Diagnostic("saved-meanwhile", message, Location(path), "error", "run polyleaf update again", locale.tag)


def _template_changed(workspace: Workspace, path: PurePosixPath, extracted: Catalog) -> bool:
    """Whether the template on the disk has other messages; another date alone is no change."""
    there = workspace.bytes_of(path)
    try:
        return there is None or parse_catalog(there, str(path), None).messages != extracted.messages
    except InvalidInput:
        return True


def _domains(workspace: Workspace, inputs: Inputs) -> Iterator[tuple[str, Catalog, tuple[Locale, ...]]]:
    """Each domain with its template and the locales that need it."""
    wanted: dict[Locale, None] = {}
    for document in inputs.documents:
        locales = tuple(need.locale for need in document_needs(document, inputs) if need.locale != document.locale)
        wanted.update(dict.fromkeys(locales))
        yield document.id, template(document.id, document.own_segments(), PROJECT, _revision([document])), locales
    source = inputs.settings.source_locale
    names = [each.segment(source) for each in inputs.registry.organisations]
    if any(names):
        segments = (each for each in names if each is not None)
        yield "organisations", template("organisations", segments, PROJECT, _revision(inputs.documents)), tuple(wanted)
    phrases = tuple(interface_segments(workspace.template_files))
    locales = tuple(locale for locale in wanted if _has_phrases_to_translate(workspace, locale, phrases))
    if workspace.root == bundled() or locales:
        yield "interface", template("interface", phrases, PROJECT, _revision(())), locales


def _has_phrases_to_translate(workspace: Workspace, locale: Locale, phrases: Iterable[Segment]) -> bool:
    """Whether a workspace needs a catalog of its own for the interface: it is the tool's own, or ours does not do."""
    if workspace.root == bundled():
        return True
    shipped = workspace.shipped_interface(locale)
    return shipped is None or any(shipped.state(each.key) is not State.TRANSLATED for each in phrases)


def _revision(documents: Iterable[Document]) -> str:
    """A catalog's date: that of its newest source, never now."""
    days = [each.adopted for each in documents if each.adopted is not None]
    return f"{max(days, default=date(2026, 1, 1)).isoformat()} 00:00+0000"


def interface_segments(files: dict[str, str]) -> Iterator[Segment]:
    """The phrases in the templates, by path and text."""
    for path, text in sorted(files.items()):
        if not path.endswith(".html"):
            continue
        for _line, messages, comments, _ in _extracted(text):
            singular, plural = messages if isinstance(messages, tuple) else (messages, None)
            yield Segment(singular, Location(path), Role.INTERFACE, note=" ".join(comments), msgid_plural=plural)


def _extracted(text: str) -> Iterator[tuple[int, str | tuple[str, str], list[str], None]]:
    return extract("jinja2.ext:babel_extract", BytesIO(text.encode()), _KEYWORDS, ("translators:",), _JINJA)  # type: ignore[return-value]  # Babel's types say less


_JINJA = {"trimmed": "true", "silent": "false"}


def languages(workspace: Workspace, document_id: str) -> tuple[tuple[LanguageRow, ...], tuple[Diagnostic, ...]]:
    """The languages of a document and how far each is. Raises InvalidInput if there is no such document, or none to read."""
    inputs = workspace.read([document_id])
    if not inputs.documents:
        raise InvalidInput(inputs.diagnostics)
    done = {each.localized.locale.tag: each.localized for each in renditions(inputs)}
    rows = []
    for need in document_needs(inputs.documents[0], inputs):
        localized = done.get(need.locale.tag)
        coverage = localized.coverage if localized is not None else None
        rows.append(
            LanguageRow(need.locale, need.signatories, need.reason, coverage, localized is not None and localized.draft)
        )
    return tuple(rows), inputs.diagnostics


def check(workspace: Workspace, options: Options) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the workspace, by place; what is not translated yet is among the warnings."""
    inputs = workspace.read(options.documents)
    refuse_unknown_locales(inputs, options.locales)
    complaints = list(inputs.diagnostics)
    for locale in inputs.locales_of("interface"):
        complaints += workspace.words(locale, inputs).diagnostics()
    for document in inputs.documents:
        complaints += _picture_faults(workspace, document)
        complaints += _without_language(document)
    for rendition in renditions(inputs, options.locales):
        complaints += rendition.localized.diagnostics
        complaints += _unfinished(rendition.localized)
    return in_order(complaints)


def _picture_faults(workspace: Workspace, document: Document) -> Iterator[Diagnostic]:
    for source, place in document.pictures:
        try:
            workspace.picture(source, place)
        except InvalidInput as invalid:
            yield from invalid.diagnostics


def _without_language(document: Document) -> Iterator[Diagnostic]:
    for organisation in document.signatories():
        if not organisation.countries and not organisation.languages:
            message = f"“{organisation.id}” has neither country nor languages, so no leaflet is made for it"
            hint = "fill the column country (such as TG) or languages (such as fr ee)"
            yield Diagnostic(
                "no-language", message, organisation.location, "warning", hint, related=Location(document.path)
            )


def _unfinished(localized: LocalizedDocument) -> Iterator[Diagnostic]:
    """A warning for each text that is not translated, once, however often it stands in the document."""
    locale = localized.locale
    unfinished = {each.segment.key: each for each in localized.segments() if each.state is not State.TRANSLATED}
    for each in unfinished.values():
        text = each.segment.msgid if len(each.segment.msgid) <= 50 else each.segment.msgid[:50] + "…"
        if each.state is State.FUZZY:
            message, hint = f"“{text}” has a translation of an older text", "adapt it, then take the mark “fuzzy” away"
        else:
            message, hint = f"“{text}” is not translated yet", "translate it in your editor"
        code = "fuzzy" if each.state is State.FUZZY else "untranslated"
        yield Diagnostic(code, message, each.location, "warning", hint, locale.tag, each.segment.location)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """How far one document is in one language."""

    document: str
    locale: Locale
    coverage: Coverage
    draft: bool


def status(workspace: Workspace, options: Options) -> tuple[tuple[StatusRow, ...], tuple[Diagnostic, ...]]:
    """Every document in every language."""
    inputs = workspace.read(options.documents)
    refuse_unknown_locales(inputs, options.locales)
    rows = tuple(
        StatusRow(each.localized.document.id, each.localized.locale, each.localized.coverage, each.localized.draft)
        for each in renditions(inputs, options.locales)
    )
    return rows, inputs.diagnostics
