"""``polyleaf kit export``: all that a volunteer without a network needs to translate into one language, as one ZIP file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order
from pipeline.kits_pages import KitFile, preview_html, start_html
from pipeline.kits_zip import BASE, MANIFEST, VERSION, digest, write_zip
from pipeline.locales import Locale
from pipeline.renditions import Rendition, is_broken, renditions
from pipeline.saving import snapshot, writing
from pipeline.source.document import Document
from pipeline.source.languages import Need
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.checks.model import Term
from pipeline.translation.glossary import parse_glossary
from pipeline.translation.localize import localize
from pipeline.translation.update import merge
from pipeline.wanted import document_needs
from pipeline.workspace import Inputs, Workspace

GLOSSARY = "locales/glossary.csv"


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit as a ZIP file's bytes: the names of the files in it, and what had to be left out."""

    content: bytes
    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A catalog that goes out: its domain, its very bytes, and the template if there is no file in the workspace yet."""

    domain: str
    catalog: Catalog
    content: bytes
    template: bytes = b""


def make_kit(workspace: Workspace, tag: str, documents: tuple[str, ...] = ()) -> Kit:
    """The kit of a language: some documents, or all that need it; the ledger remembers what was handed out.

    Raises InvalidInput if there is nothing to translate in it.
    """
    inputs = workspace.read(documents)
    locale = inputs.settings.locale(tag)
    complaints = [each for each in inputs.diagnostics if each.locale in ("", locale.tag)]
    wanted = tuple(_wanted(inputs, locale, bool(documents)))
    complaints += _new_language(inputs, locale)
    domains = (*(each.id for each in wanted), *_shared_domains(workspace, inputs, locale))
    given = tuple(filter(None, (_given(workspace, inputs, locale, each, complaints) for each in domains)))
    if not wanted or not given:
        raise InvalidInput(in_order([*complaints, *_nothing(locale, bool(wanted))]))
    files: dict[str, bytes] = {}
    for each in given:
        name = f"{locale.tag}/{each.domain}.po"
        files[name] = files[f"{BASE}/{name}"] = each.content
        if each.template:
            files[f"{BASE}/{each.domain}.pot"] = each.template
    shown = {each.document.id: each for each in _renditions(inputs, locale, wanted)}
    previews = {name: f"preview/{name}.html" for name in shown}
    files |= {previews[name]: preview_html(workspace, inputs, each).encode() for name, each in shown.items()}
    listed = [_listed(locale, each.domain, shown.get(each.domain), previews) for each in given]
    terms = _terms(workspace, locale, complaints)
    files["START.html"] = start_html(workspace, inputs, locale, listed, terms).encode()
    with writing(workspace):
        snapshots = {each.domain: snapshot(workspace, locale.tag, each.domain, each.catalog) for each in given}
    files[MANIFEST] = _manifest(locale, files, snapshots)
    return Kit(write_zip(files), tuple(sorted(files)), in_order(complaints))


def _wanted(inputs: Inputs, locale: Locale, chosen: bool) -> Iterator[Document]:
    """The documents to translate: those asked for, or those that need the language; all if it is a new one."""
    foreign = [each for each in inputs.documents if each.locale != locale]
    in_need = [each for each in foreign if locale in {need.locale for need in document_needs(each, inputs)}]
    yield from foreign if chosen or not in_need else in_need


def _new_language(inputs: Inputs, locale: Locale) -> Iterator[Diagnostic]:
    """A word about a language that nobody has asked for: it may be meant, or a slip for one that there is."""
    known = {need.locale for document in inputs.documents for need in document_needs(document, inputs)}
    if locale in known or all(each.locale == locale for each in inputs.documents):
        return
    near = sorted(each.tag for each in known if each.language == locale.language)
    hint = f"there is {', '.join(near)}" if near else "when it comes back, polyleaf kit import begins the language"
    message = f"no document has {locale.tag} ({locale.english_name}) yet; the kit begins it"
    yield Diagnostic("new-language", message, Location("locales"), "warning", hint, locale.tag)


def _shared_domains(workspace: Workspace, inputs: Inputs, locale: Locale) -> Iterator[str]:
    """Names of organisations, if there are any; the words of the pages only where this workspace has its own."""
    if workspace.bytes_of(workspace.template_path("organisations")) is not None:
        yield "organisations"
    if (locale.tag, "interface") in inputs.catalogs or (locale.tag, "interface") in inputs.broken:
        yield "interface"


def _given(
    workspace: Workspace, inputs: Inputs, locale: Locale, domain: str, complaints: list[Diagnostic]
) -> _Given | None:
    """The catalog that goes out, begun if there is none; None if it cannot be read, of which people are told already."""
    if (locale.tag, domain) in inputs.broken:
        return None
    content = workspace.bytes_of(workspace.catalog_path(locale.tag, domain))
    catalog = inputs.catalog(domain, locale)
    if content is not None and catalog is not None:
        return _Given(domain, catalog, content)
    path = workspace.template_path(domain)
    template = workspace.bytes_of(path)
    if template is None:
        hint = "run polyleaf update, then make the kit again"
        message = f"there is no template of “{domain}” yet, so it is not in the kit"
        complaints.append(Diagnostic("no-template", message, Location(str(path)), hint=hint, locale=locale.tag))
        return None
    try:
        begun = merge(None, parse_catalog(template, str(path), None), locale)
    except InvalidInput as invalid:
        complaints += invalid.diagnostics
        return None
    return _Given(domain, begun, serialize(begun), template)


def _renditions(inputs: Inputs, locale: Locale, documents: Iterable[Document]) -> Iterator[Rendition]:
    """Each document in the language, as far as it is there; in one that nobody has begun it is all in the original."""
    known = {each.document.id: each for each in renditions(inputs, [locale.tag])}
    names = inputs.catalog("organisations", locale)
    for document in documents:
        if document.id in known:
            yield known[document.id]
        elif not is_broken(inputs, document.id, locale.tag):
            localized = localize(document, inputs.catalog(document.id, locale), names, locale)
            yield Rendition(localized, Need(locale, (), ""))


def _listed(locale: Locale, domain: str, rendition: Rendition | None, previews: dict[str, str]) -> KitFile:
    path = f"{locale.tag}/{domain}.po"
    if rendition is None:
        return KitFile(path)
    title = rendition.localized.title
    return KitFile(path, title.text, title.locale.tag, title.locale.direction, previews[domain])


def _terms(workspace: Workspace, locale: Locale, complaints: list[Diagnostic]) -> tuple[Term, ...]:
    """The glossary's rows for the language; without them if it cannot be read, which is told."""
    try:
        text = workspace.text_of(GLOSSARY)
        return tuple(parse_glossary(text, GLOSSARY).terms(locale)) if text else ()
    except InvalidInput as invalid:
        complaints += invalid.diagnostics
        return ()


def _manifest(locale: Locale, files: dict[str, bytes], snapshots: dict[str, str]) -> bytes:
    """What the kit was when it went out; nothing of people, machines or days."""
    said = {
        "polyleaf-kit": VERSION,
        "locale": locale.tag,
        "files": {name: digest(content) for name, content in sorted(files.items())},
        "snapshots": snapshots,
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _nothing(locale: Locale, wanted: bool) -> Iterator[Diagnostic]:
    """Why there is no kit, where no other complaint says it."""
    if not wanted:
        message = (
            f"no document has to be translated into {locale.tag} ({locale.english_name}): it is their own language"
        )
        yield Diagnostic("nothing-to-translate", message, Location("sources"), locale=locale.tag)
