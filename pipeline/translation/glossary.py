"""The glossary, a CSV that people edit in a spreadsheet, becomes terms: what a word is called in each language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.source.document import UNPRINTABLE
from pipeline.translation.checks.model import Term

_FIXED = ("term", "note")
_STAR = re.compile(r"(?:^|(?<=[\s|]))\*|\*(?![\s|]|$)")
_HEADER_HINT = (
    "the first line of the file must read term,note and then one column for each language, such as de or pt-BR"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a term of the originals and its translations by tag, as written; ``line`` is where it stands."""

    term: str
    note: str
    translations: tuple[tuple[str, tuple[str, ...]], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, in the order of the file; ``tags`` are its languages."""

    path: str = ""
    tags: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    def terms(self, locale: Locale) -> tuple[Term, ...]:
        """The terms that have a translation in the locale, or in its language without a region."""
        tag = next((each for each in _tags_for(locale) if each in self.tags), "")
        found = ((entry, dict(entry.translations).get(tag, ())) for entry in self.entries)
        return tuple(_term(entry, translations) for entry, translations in found if translations)


def parse_glossary(text: str, path: str) -> Glossary:
    """The glossary in a CSV with the columns ``term``, ``note`` and one for each language.

    ``|`` separates several terms and several translations; ``*`` at the end of a word stands for any ending. Comma, semicolon
    and tab separate cells; a byte order mark and any line ends are fine. Raises InvalidInput with every complaint.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return Glossary(path)
    first = text.split("\n", maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    complaints: list[Diagnostic] = []
    records = list(_records(text, delimiter, path, complaints))
    columns = [_column(each) for each in records[0][1]] if records else []
    if records:
        complaints += _header_complaints(records[0][1], columns, Location(path, records[0][0]))
    tags = tuple(each for each in columns if each not in _FIXED)
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for line, cells in records[1:]:
        complaints += _row_complaints(cells, columns, Location(path, line))
        row = dict(zip(columns, cells, strict=False))
        complaints += _again(row.get("term", ""), seen, Location(path, line))
        translations = tuple((tag, _variants(row.get(tag, ""))) for tag in tags)
        entries.append(
            Entry(row.get("term", ""), row.get("note", ""), tuple(each for each in translations if each[1]), line)
        )
    if complaints:
        raise InvalidInput(sorted(complaints, key=lambda each: each.location))
    return Glossary(path, tags, tuple(entries))


def _tags_for(locale: Locale) -> tuple[str, ...]:
    """The columns that may speak for a locale: its own, then its language's in the same script."""
    tags = [locale.tag]
    for shorter in (f"{locale.language}-{locale.script}", locale.language):
        parsed = Locale.parse(shorter)
        if parsed.script == locale.script:
            tags.append(parsed.tag)
    return tuple(dict.fromkeys(tags))


def _term(entry: Entry, translations: tuple[str, ...]) -> Term:
    shown = tuple(each.replace("*", "") for each in translations if "*" not in each)
    stems = tuple(each for each in translations if "*" in each)
    return Term(entry.term, shown, stems, entry.note)


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in cell.split("|") if each.strip()))


def _column(name: str) -> str:
    """A column's name: a tag as we write it, or the name as it stands."""
    lowered = name.strip().lower()
    if lowered in _FIXED:
        return lowered
    try:
        return Locale.parse(name).tag
    except ValueError:
        return name.strip()


def _records(text: str, delimiter: str, path: str, complaints: list[Diagnostic]) -> Iterator[tuple[int, list[str]]]:
    """The rows with the lines they begin on; empty ones are left out, and a quotation mark that nobody closes is complained of."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(each.strip() for each in cells):
                yield line, [each.strip() for each in cells]
            line = reader.line_num + 1
    except csv.Error:
        hint = 'a quotation mark inside a cell is written twice: "", and the cell stands between two others'
        complaints.append(
            Diagnostic("glossary-quotes", "a quotation mark is not closed", Location(path, line), hint=hint)
        )


def _header_complaints(names: list[str], columns: list[str], place: Location) -> Iterator[Diagnostic]:
    if "term" not in columns:
        yield Diagnostic("glossary-columns", "the column “term” is missing", place, hint=_HEADER_HINT)
    for name, column in zip(names, columns, strict=True):
        if column in _FIXED:
            continue
        try:
            Locale.parse(column)
        except ValueError as error:
            message = f"unknown column: {error}" if name else "a column has no name"
            yield Diagnostic("glossary-columns", message, place, hint=_HEADER_HINT)
    for column in sorted({each for each in columns if each and columns.count(each) > 1}):
        yield Diagnostic("glossary-columns", f"the column “{column}” stands there twice", place, hint=_HEADER_HINT)


def _row_complaints(cells: list[str], columns: list[str], place: Location) -> Iterator[Diagnostic]:
    if len(cells) != len(columns):
        hint = "put a cell that holds a comma between quotation marks; leave an unknown cell empty, but keep its comma"
        message = f"this row has {len(cells)} cells instead of {len(columns)}"
        yield Diagnostic("glossary-cells", message, place, hint=hint)
    for column, cell in zip(columns, cells, strict=False):
        if found := UNPRINTABLE.search(cell):
            message = f"{column} holds the invisible character U+{ord(found[0]):04X}"
            hint = "delete it; it often comes from copying out of a PDF or a web page"
            if found[0] == "\n":
                message, hint = f"{column} holds a line break", "write it in one line; | separates several words"
            yield Diagnostic("glossary-character", message, place, hint=hint)
        if column == "note":
            continue
        if "*" in cell and (column == "term" or _STAR.search(cell)):
            message = f"{column}: “{cell}” has a * that is not at the end of a word"
            hint = "* stands for the ending of a translation's word: Lesestube*; a term needs none"
            yield Diagnostic("glossary-star", message, place, hint=hint)


def _again(cell: str, seen: dict[str, int], place: Location) -> Iterator[Diagnostic]:
    """Complaints of a row without a term, and of a term that another row has."""
    terms = _variants(cell)
    if not terms:
        hint = "write the word of the original into the column “term”, or delete the row"
        yield Diagnostic("glossary-term", "this row has no term", place, hint=hint)
    for term in terms:
        if term.casefold() in seen:
            related = Location(place.path, seen[term.casefold()])
            message = f"the term “{term}” stands there twice"
            yield Diagnostic("glossary-twice", message, place, hint="keep one of the rows", related=related)
        seen.setdefault(term.casefold(), place.line)
