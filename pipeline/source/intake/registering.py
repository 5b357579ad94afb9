"""Entries of the lists become members: rows of the registry that are there already, or new ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import is_country
from pipeline.source.intake.acronyms import is_acronym
from pipeline.source.intake.countries import country_named
from pipeline.source.intake.groups import Entry
from pipeline.source.intake.languages import language_of
from pipeline.source.intake.signatories import Signatory, parse_signatory
from pipeline.source.intake.text import comparable, slug
from pipeline.source.intake.writing import RegistryRow


class KnownOrganisation(Protocol):
    """What is asked of a record of the registry: Organisation and RegistryRow have it."""

    @property
    def id(self) -> str: ...

    @property
    def acronym(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def countries(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Registered:
    """The members of each list, the rows that are new, and what to look at."""

    members: tuple[tuple[str, ...], ...]
    rows: tuple[RegistryRow, ...]
    diagnostics: tuple[Diagnostic, ...]


def register(
    lists: Sequence[Sequence[Entry]], known: Sequence[KnownOrganisation], page_language: str, path: str
) -> Registered:
    """The members of every list of entries; each organisation signs once, and is in the registry once."""
    registry = _Known(known)
    rows: list[RegistryRow] = []
    complaints: list[Diagnostic] = []
    signed: dict[str, int] = {}
    members: list[tuple[str, ...]] = []
    for entries in lists:
        group: list[str] = []
        for entry in entries:
            signatory = read_entry(entry, page_language)
            found = registry.find(signatory)
            if found is None:
                row = _row(signatory, registry.ids)
                rows.append(row)
                registry.add(row)
                complaints += _complaints(signatory, entry, path)
                found = row
            if found.id in signed:
                complaints.append(_twice(entry, signed[found.id], path))
                continue
            signed[found.id] = entry.line
            group.append(found.id)
        complaints += _gaps(entries, path)
        members.append(tuple(group))
    return Registered(tuple(members), tuple(rows), tuple(complaints))


def read_entry(entry: Entry, page_language: str) -> Signatory:
    """The signatory of an entry: from its columns where it has some, else from its line."""
    signatory = (
        _from_cells(entry, page_language) if len(entry.cells) > 1 else parse_signatory(entry.text, page_language)
    )
    return replace(signatory, doubts=(*signatory.doubts, entry.doubt)) if entry.doubt else signatory


def _from_cells(entry: Entry, page_language: str) -> Signatory:
    """A row of a table: a cell is a number, a country, an acronym, the name or its translation."""
    cells = list(entry.cells[1:] if entry.ordinal and entry.cells[0].strip(".) ").isdecimal() else entry.cells)
    country = next((_country_of(cell) for cell in reversed(cells) if _country_of(cell)), "")
    if len(cells) > 1:
        cells = [cell for cell in cells if not _country_of(cell)] or cells
    acronym = next((cell for cell in cells if is_acronym(cell)), "") if len(cells) > 1 else ""
    texts = [cell for cell in cells if cell != acronym]
    signatory = parse_signatory(texts[0] if texts else acronym, page_language)
    if country:
        language = signatory.language or language_of(signatory.name, (country,))
        signatory = replace(signatory, country=country, language=language)
    own = language_of(texts[0], (country,)) if country and texts else signatory.language
    if len(texts) == 2 and not signatory.translation and own != language_of(texts[1], (), page_language):
        signatory = replace(signatory, translation=texts[1])
    elif len(texts) > 1:
        joined = ", ".join(texts)
        signatory = replace(signatory, name=joined, acronym="", doubts=("its columns could not be told apart",))
    return replace(signatory, acronym=acronym or signatory.acronym)


def _country_of(cell: str) -> str:
    """The country that a cell names, or whose code it is."""
    return country_named(cell) or (cell if len(cell) == 2 and cell.isupper() and is_country(cell) else "")


class _Known:
    """Records by how they may be found again: by name, and by acronym."""

    def __init__(self, records: Sequence[KnownOrganisation]) -> None:
        self.ids: set[str] = set()
        self._names: dict[str, list[KnownOrganisation]] = {}
        self._acronyms: dict[str, list[KnownOrganisation]] = {}
        for record in records:
            self.add(record)

    def add(self, record: KnownOrganisation) -> None:
        self.ids.add(record.id)
        self._names.setdefault(comparable(record.name) or record.name, []).append(record)
        if comparable(record.acronym):
            self._acronyms.setdefault(comparable(record.acronym), []).append(record)

    def find(self, signatory: Signatory) -> KnownOrganisation | None:
        """The record that a signatory is; None if it is new."""
        name, acronym = comparable(signatory.name) or signatory.name, comparable(signatory.acronym)
        for each in self._names.get(name, ()):
            theirs = comparable(each.acronym)
            if _same_country(signatory.country, each.countries) and (not theirs or not acronym or theirs == acronym):
                return each
        only_acronym = bool(acronym) and name == acronym
        same = self._acronyms.get(acronym, ()) if only_acronym else ()
        return next((each for each in same if _same_country(signatory.country, each.countries)), None)


def _same_country(country: str, countries: tuple[str, ...]) -> bool:
    return not country or not countries or country in countries


def _row(signatory: Signatory, ids: set[str]) -> RegistryRow:
    base = slug(signatory.acronym or signatory.name)
    placed = f"{base}-{signatory.country.lower()}" if signatory.country else base
    numbered = (f"{placed}-{count}" for count in range(2, len(ids) + 4))
    free = next(each for each in (base, placed, *numbered) if each not in ids)
    told = (signatory.acronym, signatory.name, signatory.language, signatory.translation, signatory.country)
    return RegistryRow(free, *told)


def _complaints(signatory: Signatory, entry: Entry, path: str) -> Iterator[Diagnostic]:
    """What a person must look at in a new row, with the line of the page it came from."""
    where, shown = Location(path, entry.line), entry.text[:160]
    for doubt in signatory.doubts:
        hint = "compare its row in sources/organisations.csv with the page"
        yield Diagnostic("signatory-look", f"“{shown}”: {doubt}", where, "warning", hint)
    if signatory.acronym and signatory.name == signatory.acronym:
        hint = "write the full name into its row in sources/organisations.csv"
        yield Diagnostic("signatory-name", f"“{shown}” gives an acronym and no name", where, "warning", hint)
    elif not signatory.language:
        hint = "write its language tag into name_language, so that it prints and hyphenates right"
        yield Diagnostic(
            "signatory-language", f"“{shown}”: the language of the name is not known", where, "warning", hint
        )
    if not signatory.country:
        hint = "write the code of its country (ISO 3166) into its row: it decides which languages are needed"
        yield Diagnostic("signatory-country", f"“{shown}”: no country is named", where, "warning", hint)


def _twice(entry: Entry, first: int, path: str) -> Diagnostic:
    hint = "nothing needs to be done if it is the same organisation; else give the second a row and an id of its own"
    message = f"“{entry.text[:160]}” stands there twice; it is kept once"
    return Diagnostic(
        "signatory-twice", message, Location(path, entry.line), "warning", hint, related=Location(path, first)
    )


def _gaps(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    numbered = [entry for entry in entries if entry.ordinal]
    for before, entry in itertools.pairwise(numbered):
        if entry.ordinal != before.ordinal + 1:
            message = f"number {entry.ordinal} follows number {before.ordinal}"
            hint = "a line may have been lost when the page was saved: compare the list with the page"
            yield Diagnostic("signatory-number", message, Location(path, entry.line), "warning", hint)
