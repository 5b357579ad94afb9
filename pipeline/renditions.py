"""Which renditions a workspace has: every document in every language that it has to speak."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Protocol

from pipeline.cldr_gaps import PSEUDO
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.settings import Settings
from pipeline.sharding import Shard
from pipeline.source.document import Document, Segment
from pipeline.source.languages import Need
from pipeline.translation.catalog import Catalog
from pipeline.translation.localize import LocalizedDocument, localize
from pipeline.translation.pseudo import pseudo_catalog
from pipeline.translation.update import template
from pipeline.typesetting.formats import ISO, Format
from pipeline.typesetting.imposition import Flip
from pipeline.typesetting.imprint import Imprint
from pipeline.typesetting.leaflet import Edition, Finish, Sides
from pipeline.verdicts import Verdict
from pipeline.wanted import document_needs
from pipeline.workspace import Inputs

SITE = PurePosixPath("build/site")


class Gate(Protocol):
    """What decides whether a document is published in a language: see ``pipeline.gate``."""

    def judge(self, rendition: Rendition) -> Verdict: ...

    def judge_leaflets(self, rendition: Rendition, faults: Iterable[Diagnostic]) -> Verdict: ...

    def judge_unread(self, document: Document, locale: Locale) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Options:
    """What to build: everything, or some documents, locales (tags), formats or editions, or for another paper.

    Empty means what the settings say. ``icc`` is the profile of the print shop's ink and paper. ``site`` is where the web pages
    and their leaflets go. A ``gate`` leaves out what is not whole. ``jobs`` processes typeset (0: one for each core), or those of
    the ``cluster`` at this address. Of a ``shard`` only the leaflets are made, into the store.
    """

    documents: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    jobs: int = 0
    editions: tuple[Edition, ...] = ()
    paper: str = ""
    flip: Flip | None = None
    single_sided: bool = False
    imprint: Imprint | None = None
    icc: bytes = b""
    site: PurePosixPath = SITE
    gate: Gate | None = None
    cluster: str = ""
    shard: Shard | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out by choice."""
        documents = (
            self.documents if self.site == SITE else ()
        )  # elsewhere there is nothing that they could be a part of
        chosen = (documents, self.locales, self.formats, self.editions, self.paper, self.imprint, self.shard)
        return not any(chosen)

    @property
    def remembers(self) -> bool:
        """Whether the next build may rely on what this one made: not what is made elsewhere, in parts, or judged."""
        return self.site == SITE and self.gate is None and self.shard is None

    def asked(self) -> str:
        """All that is asked for, as one line; which processes do it does not matter."""
        return repr(replace(self, jobs=0, cluster="", gate=None, icc=hashlib.sha256(self.icc).digest()))

    def finishes(self, document: Document, settings: Settings) -> tuple[Finish, ...]:
        """How each leaflet of a document is to be made."""
        made = []
        for edition in self.editions or settings.leaflets.editions:
            sides: tuple[Sides, ...] = ("odd", "even") if edition == "desk" and self.single_sided else ("both",)
            flip = self.flip if edition == "desk" else None
            icc = self.icc if edition == "shop" else b""
            created = document.adopted if edition == "shop" else None
            made += [Finish(edition, each, flip, icc, created) for each in sides]
        return tuple(made)


@dataclass(frozen=True, slots=True)
class Rendition:
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
    def is_pseudo(self) -> bool:
        """Whether it is in nobody's language, to try out a layout."""
        return self.locale.tag in PSEUDO

    @property
    def folder(self) -> PurePosixPath:
        """Where its web page and its leaflets go."""
        return SITE / self.document.id / self.locale.tag

    def pdf_name(self, format: Format, finish: Finish) -> str:
        """The file name of a leaflet: the edition for the screen has no word of its own."""
        parts = [self.document.id, self.locale.tag, format.name, *([finish.name] if finish.name != "screen" else [])]
        return ".".join([*parts, "pdf"])


def known_locales(inputs: Inputs) -> set[str]:
    """The tags of all languages that one of the documents has to speak."""
    return {need.locale.tag for document in inputs.documents for need in document_needs(document, inputs)}


def refuse_unknown_locales(known: Set[str], tags: Iterable[str]) -> None:
    """Raises InvalidInput if one of the tags is not among the known ones, nor of a pseudo-locale."""
    unknown = sorted({Locale.parse(tag).tag for tag in tags} - known - set(PSEUDO))
    if unknown and known:
        hint = (
            f'there are {", ".join(sorted(known))}; polyleaf.toml can ask for more: [languages] add = ["{unknown[0]}"]'
        )
        raise InvalidInput(
            Diagnostic("unknown-language", f"no document has the language {tag}", Location("polyleaf.toml"), hint=hint)
            for tag in unknown
        )


def renditions(inputs: Inputs, locales: Iterable[str] = (), shown_since: date | None = None) -> Iterator[Rendition]:
    """Every document in each of its languages, except where a catalog of it cannot be read.

    Translations of texts that have changed on the day ``shown_since`` or later are shown, as outdated.
    """
    wanted = {Locale.parse(tag).tag for tag in locales}
    for document in inputs.documents:
        for need in document_needs(document, inputs):
            tag = need.locale.tag
            if (wanted and tag not in wanted) or is_broken(inputs, document.id, tag):
                continue
            own, names = (inputs.catalog(domain, need.locale) for domain in (document.id, "organisations"))
            yield Rendition(localize(document, own, names, inputs.settings.locale(tag), shown_since), need)


def pseudo_renditions(inputs: Inputs, tags: Iterable[str]) -> Iterator[Rendition]:
    """Every document in the pseudo-locales among the tags: made up on the spot, never kept."""
    for tag in sorted(set(tags) & set(PSEUDO)):
        locale = Locale.parse(tag)
        names = (each.segment(inputs.settings.source_locale) for each in inputs.registry.organisations)
        organisations = _made_up("organisations", filter(None, names), locale)
        for document in inputs.documents:
            own = _made_up(document.id, document.own_segments(), locale)
            yield Rendition(localize(document, own, organisations, locale), Need(locale, (), "pseudo-locale"))


def _made_up(domain: str, segments: Iterable[Segment], locale: Locale) -> Catalog:
    return pseudo_catalog(template(domain, segments, "Polyleaf", ""), locale)


def is_broken(inputs: Inputs, document_id: str, tag: str) -> bool:
    """Whether a catalog that the rendition needs is there but cannot be read."""
    return bool({(tag, document_id), (tag, "organisations")} & inputs.broken)


def wanted_formats(formats: Iterable[Format], names: Iterable[str], paper: str) -> tuple[Format, ...]:
    """The formats with these names, each in its counterpart for the paper. Raises InvalidInput for what there is not."""
    known = {each.name: each for each in formats}
    counterparts = {each.base: each for each in known.values() if each.paper == paper}
    papers = sorted({each.paper for each in known.values()})
    place = Location("templates/formats")
    complaints, found = [], []
    if paper not in papers:
        hint = "there is " + ", ".join(papers)
        complaints.append(Diagnostic("unknown-paper", f"no format is for the paper “{paper}”", place, hint=hint))
    for name in names:
        format = known.get(name)
        if format is None:
            hint = "there are " + ", ".join(known)
            complaints.append(Diagnostic("unknown-format", f"there is no format “{name}”", place, hint=hint))
        elif format.medium == "web" or format.paper != ISO:
            found.append(format)
        elif format.base in counterparts:
            found.append(counterparts[format.base])
        elif paper in papers:
            hint = f"add [papers.{paper}] to its format.toml"
            complaints.append(Diagnostic("unknown-format", f"“{name}” is not for the paper {paper}", place, hint=hint))
    if complaints:
        raise InvalidInput(complaints)
    return tuple(dict.fromkeys(found))
