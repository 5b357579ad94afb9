"""The registry of organisations, a CSV that people edit in a spreadsheet, becomes records."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale, is_country, official_languages
from pipeline.source.document import Organisation

COLUMNS = ("id", "acronym", "name", "name_language", "translation", "country", "languages")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_SCRIPTS = {
    "ARABIC": "Arab",
    "BENGALI": "Beng",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "SINHALA": "Sinh",
    "TAMIL": "Taml",
    "TIFINAGH": "Tfng",
}


@dataclass(frozen=True, slots=True)
class Registry:
    """All organisations, in the order of the file, by id."""

    organisations: tuple[Organisation, ...]

    def by_id(self) -> dict[str, Organisation]:
        return {each.id: each for each in self.organisations}


def parse_registry(text: str, path: str, fallbacks: Mapping[str, str] | None = None) -> Registry:
    """The organisations of a CSV with the header ``id,acronym,name,name_language,translation,country,languages``.

    Comma, semicolon and tab separate; a byte order mark is fine (LibreOffice and Excel write both). Raises InvalidInput with
    every complaint.
    """
    text = text.removeprefix("\ufeff")
    header = text.split("\n", maxsplit=1)[0].strip()
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    complaints: list[Diagnostic] = []
    organisations: list[Organisation] = []
    lines: dict[str, int] = {}
    try:
        names = [name.strip() for name in next(rows, [])]
        complaints += _header_complaints(names, path)
        if complaints:
            raise InvalidInput(complaints)
        start = rows.line_num + 1
        for cells in rows:
            place, start = Location(path, start), rows.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                complaints.append(_cell_count(len(cells), len(names), place))
                continue
            row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
            found = list(_row_complaints(row, place, lines))
            complaints += found
            lines.setdefault(row["id"], place.line)
            if not found:
                organisations.append(_organisation(row, place, fallbacks))
    except csv.Error as error:
        hint = "a quotation mark inside a cell is written twice, and the cell is put between quotation marks"
        complaints.append(
            Diagnostic("csv", f"this is not a valid CSV line: {error}", Location(path, rows.line_num), hint=hint)
        )
    if complaints:
        raise InvalidInput(complaints)
    return Registry(tuple(organisations))


def needed_languages(organisation: Organisation) -> tuple[Locale, ...]:
    """The languages in which an organisation needs its leaflets: those it asks for, else the official ones of its countries."""
    if organisation.languages:
        return organisation.languages
    return tuple(dict.fromkeys(locale for country in organisation.countries for locale in official_languages(country)))


def _header_complaints(names: list[str], path: str) -> Iterator[Diagnostic]:
    hint = "the first line of the file must read " + ",".join(COLUMNS)
    missing = [column for column in COLUMNS if column not in names]
    extra = [name for name in names if name not in COLUMNS]
    if missing:
        yield Diagnostic("registry-columns", "columns are missing: " + ", ".join(missing), Location(path, 1), hint=hint)
    if extra:
        shown = ", ".join(name or "(without a name)" for name in extra)
        yield Diagnostic("registry-columns", f"unknown columns: {shown}", Location(path, 1), hint=hint)
    if len(set(names)) < len(names):
        yield Diagnostic("registry-columns", "a column stands there twice", Location(path, 1), hint=hint)


def _cell_count(found: int, wanted: int, place: Location) -> Diagnostic:
    hint = "put a cell that holds a comma between quotation marks; leave an unknown cell empty, but keep its comma"
    return Diagnostic("registry-cells", f"this row has {found} cells instead of {wanted}", place, hint=hint)


def _row_complaints(row: Mapping[str, str], place: Location, lines: Mapping[str, int]) -> Iterator[Diagnostic]:
    if not _ID.fullmatch(row["id"]):
        hint = "use small letters a–z, digits and hyphens, such as free-readers"
        yield Diagnostic("registry-id", f"“{row['id']}” is not an id", place, hint=hint)
    elif row["id"] in lines:
        hint = f"the first stands on line {lines[row['id']]}; give one of them another id"
        yield Diagnostic("registry-twice", f"the id “{row['id']}” is used twice", place, hint=hint)
    if not row["name"]:
        yield Diagnostic(
            "registry-name", "this organisation has no name", place, hint="write its name in its own language"
        )
    for column in ("name_language", "languages"):
        for tag in _words(row[column]):
            try:
                Locale.parse(tag)
            except ValueError as error:
                yield Diagnostic("registry-language", f"{column}: {error}", place)
    for code in _words(row["country"]):
        if not is_country(code.upper()):
            hint = "use the two letters of ISO 3166, such as TG for Togo"
            yield Diagnostic("registry-country", f"“{code}” is not the code of a country", place, hint=hint)
    for column in ("acronym", "name", "translation"):
        if any(unicodedata.category(sign) == "Cc" for sign in row[column]):
            message = f"{column} holds a line break or another control character"
            yield Diagnostic("control-character", message, place, hint="write it in one line")


def _organisation(row: Mapping[str, str], place: Location, fallbacks: Mapping[str, str] | None) -> Organisation:
    return Organisation(
        id=row["id"],
        acronym=row["acronym"],
        name=row["name"],
        name_locale=Locale.parse(row["name_language"] or f"und-{_script(row['name'])}"),
        translation=row["translation"],
        countries=tuple(code.upper() for code in _words(row["country"])),
        languages=tuple(dict.fromkeys(Locale.parse(tag, fallbacks) for tag in _words(row["languages"]))),
        location=place,
    )


def _words(cell: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", cell) if word]


def _script(text: str) -> str:
    """The ISO 15924 code of the script that the first letter is in; Latin if it is none that we tell apart."""
    for sign in text:
        script = unicodedata.name(sign, "").split(" ")[0]
        if sign.isalpha():
            return _SCRIPTS.get(script, "Latn")
    return "Latn"
