"""Which editions a workspace has: every document in every language that it has to speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.document import Document
from pipeline.source.languages import Need, needs
from pipeline.translation.localize import LocalizedDocument, localize
from pipeline.typesetting.formats import Format
from pipeline.workspace import Inputs

SITE = PurePosixPath("build/site")


@dataclass(frozen=True, slots=True)
class Options:
    """What to build: everything, or some documents, locales (tags) or formats. A release refuses what is not whole."""

    documents: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    jobs: int = 0
    release: bool = False
    allow_drafts: bool = False
    allow_partial: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out by choice."""
        return not (self.documents or self.locales or self.formats)


@dataclass(frozen=True, slots=True)
class Edition:
    """One document in one language, as far as it is there."""

    localized: LocalizedDocument
    need: Need

    @property
    def document(self) -> Document:
        return self.localized.document

    @property
    def locale(self) -> Locale:
        return self.localized.locale

    @property
    def folder(self) -> PurePosixPath:
        """Where its web page and its leaflets go."""
        return SITE / self.document.id / self.locale.tag

    def pdf(self, format: Format) -> PurePosixPath:
        """Where its leaflet in a format goes."""
        return self.folder / f"{self.document.id}.{self.locale.tag}.{format.name}.pdf"


def document_needs(document: Document, inputs: Inputs) -> tuple[Need, ...]:
    """The languages of a document in this workspace."""
    own = inputs.settings.documents.get(document.id)
    general = inputs.settings.languages
    add = (*general.add, *(own.add if own else ()))
    remove = (*general.remove, *(own.remove if own else ()))
    return needs(document, add, remove, inputs.locales_of(document.id))


def refuse_unknown_locales(inputs: Inputs, tags: Iterable[str]) -> None:
    """Raises InvalidInput if one of the tags is of no language that a document has."""
    known = {need.locale.tag for document in inputs.documents for need in document_needs(document, inputs)}
    unknown = sorted({Locale.parse(tag).tag for tag in tags} - known)
    if unknown and inputs.documents:
        hint = (
            f'there are {", ".join(sorted(known))}; polyleaf.toml can ask for more: [languages] add = ["{unknown[0]}"]'
        )
        raise InvalidInput(
            Diagnostic("unknown-language", f"no document has the language {tag}", Location("polyleaf.toml"), hint=hint)
            for tag in unknown
        )


def editions(inputs: Inputs, locales: Iterable[str] = ()) -> Iterator[Edition]:
    """Every document in each of its languages, except where a catalog of it cannot be read."""
    wanted = {Locale.parse(tag).tag for tag in locales}
    for document in inputs.documents:
        for need in document_needs(document, inputs):
            tag = need.locale.tag
            if (wanted and tag not in wanted) or is_broken(inputs, document.id, tag):
                continue
            own, names = (inputs.catalog(domain, need.locale) for domain in (document.id, "organisations"))
            yield Edition(localize(document, own, names, inputs.settings.locale(tag)), need)


def is_broken(inputs: Inputs, document_id: str, tag: str) -> bool:
    """Whether a catalog that the edition needs is there but cannot be read."""
    return bool({(tag, document_id), (tag, "organisations")} & inputs.broken)


def refusal(edition: Edition, options: Options) -> tuple[Diagnostic, ...]:
    """Why a release leaves an edition out; empty if it is whole and reviewed, or what it lacks is allowed."""
    coverage, tag = edition.localized.coverage, edition.locale.tag
    place = Location(f"locales/{tag}/{edition.document.id}.po")
    refused = []
    for path in () if options.allow_drafts else edition.localized.drafts:
        hint = "have a native speaker review it, then delete the header X-Polyleaf-State; or build with --allow-drafts"
        message = "this translation is a draft and is not released"
        refused.append(Diagnostic("release-draft", message, Location(path), "error", hint, tag))
    if coverage.percent < 100 and not options.allow_partial:
        missing = coverage.fuzzy + coverage.untranslated
        message = f"{missing} of {coverage.total} segments are not translated; a signed text is released whole"
        hint = "translate them, or build with --allow-partial"
        refused.append(Diagnostic("release-partial", message, place, "error", hint, tag))
    return tuple(refused)
