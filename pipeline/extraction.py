"""Which domains a workspace has: the texts of its documents, its registry and its templates, each with its template catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from pipeline.diagnostics import InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.document import Document, Role, Segment
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.message import State
from pipeline.translation.update import template
from pipeline.wanted import document_needs
from pipeline.workspace import TEMPLATE_FOLDER, Inputs, Workspace, bundled

PROJECT = "Polyleaf"
_KEYWORDS = {"_": None, "_n": (1, 2), "label": None}
_JINJA = {"trimmed": "true", "silent": "false"}


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain with its segments, its template catalog and that one's bytes, and the locales that need it.

    Domains with the same ``digest`` make the same of a catalog.
    """

    name: str
    segments: tuple[Segment, ...]
    template: Catalog
    locales: tuple[Locale, ...]
    content: bytes
    digest: bytes


def domains(workspace: Workspace, inputs: Inputs) -> Iterator[Domain]:
    """Every domain: one for each document, then the names of organisations and the words of the templates."""
    wanted: dict[Locale, None] = {}
    wrap = inputs.settings.translating.wrap
    for document in inputs.documents:
        locales = tuple(need.locale for need in document_needs(document, inputs) if need.locale != document.locale)
        wanted.update(dict.fromkeys(locales))
        yield _domain(_template(document.id, document.own_segments(), [document]), locales, wrap)
    source = inputs.settings.source_locale
    names = [each.segment(source) for each in inputs.registry.organisations]
    if any(names):
        segments = (each for each in names if each is not None)
        yield _domain(_template("organisations", segments, inputs.documents), tuple(wanted), wrap)
    phrases = _phrases(workspace)
    locales = tuple(locale for locale in wanted if _has_phrases_to_translate(workspace, locale, phrases))
    if workspace.root == bundled() or locales:
        yield _domain(_template("interface", phrases, ()), locales, wrap)


def _template(
    name: str, segments: Iterable[Segment], documents: Iterable[Document]
) -> tuple[tuple[Segment, ...], Catalog]:
    gathered = tuple(segments)
    return gathered, template(name, gathered, PROJECT, _revision(documents))


def _domain(extracted: tuple[tuple[Segment, ...], Catalog], locales: tuple[Locale, ...], wrap: int | None) -> Domain:
    segments, catalog = extracted
    content = serialize(catalog, wrap)
    typos = repr(sorted(str((each.key, each.typos)) for each in segments if each.typos)).encode()
    name = catalog.path.removesuffix(".pot")
    return Domain(name, segments, catalog, locales, content, hashlib.sha256(content + typos).digest())


def template_there(workspace: Workspace, domain: str) -> Catalog | None:
    """The template that the last update left; None if there is none to be read."""
    path = workspace.template_path(domain)
    content = workspace.bytes_of(path)
    try:
        return parse_catalog(content, str(path), None) if content is not None else None
    except InvalidInput:
        return None


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


def _phrases(workspace: Workspace) -> tuple[Segment, ...]:
    """The phrases of the workspace's templates; where it has none of its own, those that the tool's template catalog has."""
    own = workspace.root / TEMPLATE_FOLDER
    if workspace.root == bundled() or any(own.rglob("*.html")):
        return tuple(interface_segments(workspace.template_files))
    path = bundled() / "locales/templates/interface.pot"
    return tuple(
        Segment(
            each.msgid,
            Location(next(iter(each.references), "")),
            Role.INTERFACE,
            note=" ".join(each.extracted_comments[1:]),
            msgid_plural=each.msgid_plural,
        )
        for each in parse_catalog(path.read_bytes(), path.name, None).messages
    )


def interface_segments(files: dict[str, str]) -> Iterator[Segment]:
    """The phrases in the templates, by path and text."""
    for path, text in sorted(files.items()):
        if not path.endswith(".html"):
            continue
        for _line, messages, comments, _ in _extracted(text):
            singular, plural = messages if isinstance(messages, tuple) else (messages, None)
            yield Segment(singular, Location(path), Role.INTERFACE, note=" ".join(comments), msgid_plural=plural)


def _extracted(text: str) -> Iterator[tuple[int, str | tuple[str, str], list[str], None]]:
    from babel.messages.extract import extract

    return extract("jinja2.ext:babel_extract", BytesIO(text.encode()), _KEYWORDS, ("translators:",), _JINJA)  # type: ignore[return-value]  # Babel's types say less
