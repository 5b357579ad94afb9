"""``polyleaf kit import``: every catalog that came back is merged three ways, entry by entry; nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, in_order, short
from pipeline.kits_opening import Returned, opened
from pipeline.locales import Locale
from pipeline.saving import Purpose, Saved, history, record, save, writing
from pipeline.translation.catalog import Catalog, parse_catalog
from pipeline.translation.message import Key
from pipeline.translation.migration import migrated
from pipeline.translation.returned import domain_of, followed, is_late, locale_of, missing
from pipeline.translation.three_way import Combined, Conflict, combine, complaints
from pipeline.translation.update import merge
from pipeline.workspace import SHARED_DOMAINS, Workspace

_WHY = "kit"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person says of files that do not say it themselves: their language and document; empty if nothing."""

    tag: str = ""
    domain: str = ""


_NOTHING = Asked()


@dataclass(frozen=True, slots=True)
class Clash:
    """One text that two people translated differently, and where both translations stand now."""

    location: Location
    msgid: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a catalog that came back belongs, and how people are told of it."""

    locale: Locale
    domain: str
    label: str

    def path(self, workspace: Workspace) -> PurePosixPath:
        """The workspace's catalog."""
        return workspace.catalog_path(self.locale.tag, self.domain)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one catalog that came back: how many translations were taken, where two differ.

    ``late`` if the source has changed since it went out; ``lost`` are translations that are nowhere: there must be none.
    """

    place: Place
    path: str
    written: bool
    taken: int
    late: bool
    conflicts: tuple[Clash, ...]
    lost: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    def as_dict(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "from": self.place.label,
            "path": self.path,
            "locale": self.place.locale.tag,
            "document": self.place.domain,
            "written": self.written,
            "taken": self.taken,
            "late": self.late,
            "lost": len(self.lost),
            "conflicts": [
                {
                    "path": each.location.path,
                    "line": each.location.line,
                    "msgid": each.msgid,
                    "ours": list(each.ours),
                    "theirs": list(each.theirs),
                }
                for each in self.conflicts
            ],
        }


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of all that came back: each catalog, how many were refused, and what there is to say."""

    catalogs: tuple[Brought, ...]
    refused: int
    diagnostics: tuple[Diagnostic, ...]


def import_kits(workspace: Workspace, paths: Iterable[Path], asked: Asked = _NOTHING) -> Imported:
    """Bring in kits and single catalogs, one after the other. What is well goes in, what is bad is told and stays out."""
    shelf = _Shelf(workspace)
    brought: list[Brought] = []
    complaints: list[Diagnostic] = []
    refused = 0
    for path in paths:
        try:
            returned, found = opened(path)
        except InvalidInput as invalid:
            complaints += invalid.diagnostics
            refused += 1
            continue
        complaints += found
        refused += sum(each.severity == "error" for each in found)
        for each in returned:
            try:
                brought.append(_bring_in(shelf, each, asked))
            except InvalidInput as invalid:
                complaints += invalid.diagnostics
                refused += 1
    said = (*complaints, *(found for each in brought for found in each.diagnostics))
    return Imported(tuple(brought), refused, in_order(said))


class _Shelf:
    """Where the workspace keeps its catalogs: which domains and languages there are. Read once for an import."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        locales = workspace.root / "locales"
        files = (*(workspace.root / "sources").glob("*.md"), *(locales / "templates").glob("*.pot"))
        self.domains = tuple(sorted({path.stem for path in files} | SHARED_DOMAINS))
        self.locales = tuple(_locales(workspace, sorted(path.name for path in locales.glob("[!.]*") if path.is_dir())))
        self.keys = lru_cache(maxsize=None)(self._keys)

    def _keys(self, tag: str) -> dict[str, frozenset[Key]]:
        """The msgids of every domain, of today and of earlier days, as far as its files can be read."""
        return {domain: frozenset(self._keys_of(tag, domain)) for domain in self.domains}

    def _keys_of(self, tag: str, domain: str) -> Iterator[Key]:
        for path in (self.workspace.catalog_path(tag, domain), self.workspace.template_path(domain)):
            content = self.workspace.bytes_of(path)
            try:
                yield from (each.key for each in (parse_catalog(content, str(path), None).messages if content else ()))
            except InvalidInput:
                continue
        yield from (each.message.key for each in history(self.workspace, tag, domain).states)


def _locales(workspace: Workspace, folders: Iterable[str]) -> Iterator[Locale]:
    for name in folders:
        try:
            yield workspace.settings.locale(name)
        except ValueError:
            continue


def _bring_in(shelf: _Shelf, returned: Returned, asked: Asked) -> Brought:
    """Merge one catalog into the workspace's. Raises InvalidInput if it may not be taken, or ours cannot be read."""
    workspace = shelf.workspace
    locale = _locale(shelf, returned, asked)
    theirs = migrated(parse_catalog(returned.content, returned.label, locale))
    place = Place(locale, _domain(shelf, returned, theirs, locale, asked), returned.label)
    with writing(workspace):
        before, ours = _ours(workspace, place)
        base, began = _base(workspace, returned, theirs, place)
        late = is_late(began, ours)
        if late:
            base, came = base and followed(base, ours, locale), followed(theirs, ours, locale)
        combined = combine(base, ours, came if late else theirs)
        record(workspace, locale.tag, place.domain, theirs.messages, _WHY)
        saved = _saved(workspace, place, before, ours, combined)
        content = workspace.bytes_of(place.path(workspace))
    now = ours if content is None else parse_catalog(content, ours.path, locale)
    clashes = tuple(_clashes((*combined.conflicts, *saved.conflicts), now))
    renamed = complaints(replace(combined, conflicts=()))
    lost = missing(theirs, base, now)
    said = (*renamed, *(_told(each, place) for each in clashes), *_loss(lost, place))
    return Brought(place, ours.path, saved.written, len(combined.taken), late, clashes, lost, said)


def _saved(workspace: Workspace, place: Place, before: bytes | None, ours: Catalog, combined: Combined) -> Saved:
    """What saving said; nothing is written if nothing came that we do not have.

    A translator may replace a translation by a shorter one: what it was is in the ledger.
    """
    if combined.catalog.messages == ours.messages and combined.catalog.header == ours.header:
        return Saved(False)
    return save(workspace, place.path(workspace), before, combined.catalog, Purpose(_WHY, accept_loss=True))


def _locale(shelf: _Shelf, returned: Returned, asked: Asked) -> Locale:
    """The language: what the kit says, what a person says, or what the file's header or name says."""
    settings, place = shelf.workspace.settings, Location(returned.label)
    if returned.tag:
        try:
            locale = settings.locale(returned.tag)
        except ValueError as error:
            hint = "send the .po files by themselves"
            raise InvalidInput(
                [Diagnostic("kit-manifest", f"the list of the kit’s files: {error}", place, hint=hint)]
            ) from None
        if asked.tag not in ("", locale.tag):
            message = f"the kit is of {locale.tag} ({locale.english_name}), not of {asked.tag}"
            raise InvalidInput([Diagnostic("wrong-language", message, place, hint="leave --locale away")])
        return locale
    if asked.tag:
        return settings.locale(asked.tag)
    found = locale_of(parse_catalog(returned.content, returned.label, None), returned.label, shelf.locales)
    if found is None:
        message, hint = "neither its header nor its name says the language", "say it: --locale de"
        raise InvalidInput([Diagnostic("language-unknown", message, place, hint=hint)])
    return settings.locale(found.tag)


def _domain(shelf: _Shelf, returned: Returned, theirs: Catalog, locale: Locale, asked: Asked) -> str:
    """The document: what a person says, or whose msgids the file has, or what its name says."""
    place, there = Location(returned.label), "there are " + ", ".join(shelf.domains)
    if asked.domain and asked.domain not in shelf.domains:
        message = f"there is no catalog “{asked.domain}”"
        raise InvalidInput([Diagnostic("unknown-document", message, place, hint=there, locale=locale.tag)])
    found = asked.domain or domain_of(theirs, returned.label, shelf.keys(locale.tag))
    if not found:
        message = "neither its texts nor its name say of which document it is"
        hint = f"say it: --document {shelf.domains[0]}; {there}"
        raise InvalidInput([Diagnostic("document-unknown", message, place, hint=hint, locale=locale.tag)])
    return found


def _ours(workspace: Workspace, place: Place) -> tuple[bytes | None, Catalog]:
    """The bytes on the disk and the catalog in them; a begun catalog if there is no file. Raises InvalidInput."""
    path, template = place.path(workspace), workspace.template_path(place.domain)
    content = workspace.bytes_of(path)
    if content is not None:
        try:
            return content, migrated(parse_catalog(content, str(path), place.locale))
        except InvalidInput as invalid:
            message = f"not taken, because {path} cannot be read"
            hint = "mend that file, then import this one again; or move it away and run polyleaf update"
            held = Diagnostic("not-taken", message, Location(place.label), hint=hint, locale=place.locale.tag)
            raise InvalidInput([*invalid.diagnostics, held]) from None
    texts = workspace.bytes_of(template)
    if texts is None:
        message, hint = f"there is no {template} to hold it against", "run polyleaf update, then import it again"
        raise InvalidInput([Diagnostic("no-template", message, Location(place.label), hint=hint)])
    begun = merge(None, parse_catalog(texts, str(template), None), place.locale)
    return None, replace(begun, path=str(path))


def _base(workspace: Workspace, returned: Returned, theirs: Catalog, place: Place) -> tuple[Catalog | None, Catalog]:
    """What the work began from: the kit's own base; else what the ledger remembers to have handed out, or nothing.

    And the catalog whose texts are surely those of the source of that day: the ledger remembers only what had a
    translation.
    """
    content = returned.bases.get(place.domain)
    if content is not None:
        try:
            base = migrated(parse_catalog(content, f"{returned.label} (base)", place.locale))
        except InvalidInput:
            pass  # the ledger knows it, too
        else:
            return base, base
    return history(workspace, place.locale.tag, place.domain).base_of(theirs), theirs


def _clashes(conflicts: Iterable[Conflict], now: Catalog) -> Iterator[Clash]:
    """The conflicts, with the lines where they stand in the saved file."""
    lines = {each.key: each.line for each in reversed(now.messages)}
    for each in conflicts:
        place = Location(now.path, lines.get(each.merged.key, 0))
        yield Clash(place, each.merged.msgid, each.ours.msgstr, each.theirs.msgstr)


def _told(clash: Clash, place: Place) -> Diagnostic:
    ours, theirs = (short(" / ".join(filter(None, each)), _SHOWN) for each in (clash.ours, clash.theirs))
    message = f"“{short(clash.msgid, _SHOWN)}” is translated in two ways: here “{ours}”, in {place.label} “{theirs}”"
    hint = "both are in the file: leave the better one in the msgstr, then delete the comment “another translation”"
    return Diagnostic("translation-conflict", message, clash.location, "warning", hint, place.locale.tag)


def _loss(lost: Iterable[str], place: Place) -> Iterator[Diagnostic]:
    """What must never be said; if it is, the ledger has it."""
    for text in lost:
        message = f"the translation “{short(text, _SHOWN)}” has found no place in the catalog"
        hint = f"polyleaf recover -l {place.locale.tag} {place.domain} puts it back"
        yield Diagnostic("translation-loss", message, Location(place.label), "error", hint, place.locale.tag)
