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
from pipeline.source.document import UNPRINTABLE, Organisation

COLUMNS = ("id", "acronym", "name", "name_language", "translation", "country", "languages")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_LANGUAGE = "tags are listed in the registry of IANA and on Wikipedia, “List of ISO 639 language codes”"
#: The script that a letter's Unicode name begins with.
_SCRIPTS = {
    "ADLAM": "Adlm",
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "BOPOMOFO": "Bopo",
    "CANADIAN": "Cans",
    "CHEROKEE": "Cher",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "HIRAGANA": "Jpan",
    "KANNADA": "Knda",
    "KATAKANA": "Jpan",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MALAYALAM": "Mlym",
    "MONGOLIAN": "Mong",
    "MYANMAR": "Mymr",
    "NKO": "Nkoo",
    "OL": "Olck",
    "ORIYA": "Orya",
    "SINHALA": "Sinh",
    "SYRIAC": "Syrc",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "THAANA": "Thaa",
    "THAI": "Thai",
    "TIBETAN": "Tibt",
    "TIFINAGH": "Tfng",
    "VAI": "Vaii",
    "YI": "Yiii",
}


@dataclass(frozen=True, slots=True)
class Registry:
    """All organisations, in the order of the file, by id."""

    organisations: tuple[Organisation, ...]

    def by_id(self) -> dict[str, Organisation]:
        return {each.id: each for each in self.organisations}


def parse_registry(text: str, path: str, fallbacks: Mapping[str, str] | None = None) -> Registry:
    """The organisations of a CSV with the header ``id,acronym,name,name_language,translation,country,languages``.

    Comma, semicolon and tab separate; a byte order mark and any line ends are fine (LibreOffice and Excel write them all).
    Raises InvalidInput with every complaint.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    header = text.split("\n", maxsplit=1)[0].strip()
    delimiter = max(",;\t", key=header.count)
    complaints: list[Diagnostic] = []
    organisations: list[Organisation] = []
    lines: dict[str, int] = {}
    names: list[str] = []
    for place, cells in _records(text, delimiter, path, complaints):
        if not names:
            names = [name.strip() for name in cells]
            complaints += () if complaints else _header_complaints(names, place)
            if complaints:
                raise InvalidInput(complaints)
            continue
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
    if not names and not complaints:
        complaints += _header_complaints(names, Location(path, 1))
    if complaints:
        raise InvalidInput(complaints)
    return Registry(tuple(organisations))


def _records(
    text: str, delimiter: str, path: str, complaints: list[Diagnostic]
) -> Iterator[tuple[Location, list[str]]]:
    """Every record and the line that it begins on; one that is no CSV is complained of and left out."""
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    start, ended = 1, False
    while not ended:
        place = Location(path, start)
        try:
            cells = next(rows, None)
            ended = cells is None
            if cells is not None:
                yield place, cells
        except csv.Error as error:
            ended = "unexpected end" in str(error)
            complaints.append(_no_record(str(error), place))
        start = rows.line_num + 1


def _no_record(reason: str, place: Location) -> Diagnostic:
    if "unexpected end" in reason:
        message = "a quotation mark opens a cell in this row and none closes it"
        hint = 'close the cell with "; a quotation mark that belongs to the text is written twice: ""'
    elif "field limit" in reason:
        message = "a cell of this row is too long to be a name"
        hint = 'a quotation mark that opens a cell and is not closed swallows the rows below: look for "'
    else:
        message = "a quotation mark stands within a cell of this row"
        hint = 'write it twice and put the cell between quotation marks, such as "Friends of ""Bread"" (FB)"'
    return Diagnostic("csv", message, place, hint=hint)


def needed_languages(organisation: Organisation) -> tuple[Locale, ...]:
    """The languages in which an organisation needs its leaflets: those it asks for, else the official ones of its countries."""
    if organisation.languages:
        return organisation.languages
    return tuple(dict.fromkeys(locale for country in organisation.countries for locale in official_languages(country)))


def _header_complaints(names: list[str], place: Location) -> Iterator[Diagnostic]:
    hint = "the first line of the file must read " + ",".join(COLUMNS)
    missing = [column for column in COLUMNS if column not in names]
    extra = [name for name in names if name not in COLUMNS]
    if missing:
        yield Diagnostic("registry-columns", "columns are missing: " + ", ".join(missing), place, hint=hint)
    if extra:
        shown = ", ".join(name or "(without a name)" for name in extra)
        yield Diagnostic("registry-columns", f"unknown columns: {shown}", place, hint=hint)
    if len(set(names)) < len(names):
        yield Diagnostic("registry-columns", "a column stands there twice", place, hint=hint)


def _cell_count(found: int, wanted: int, place: Location) -> Diagnostic:
    hint = "put a cell that holds a comma between quotation marks; leave an unknown cell empty, but keep its comma"
    return Diagnostic("registry-cells", f"this row has {found} cells instead of {wanted}", place, hint=hint)


def _row_complaints(row: Mapping[str, str], place: Location, lines: Mapping[str, int]) -> Iterator[Diagnostic]:
    if not _ID.fullmatch(row["id"]):
        hint = "use small letters a–z, digits and hyphens, such as free-readers"
        message = f"“{row['id']}” is not an id" if row["id"] else "this organisation has no id"
        yield Diagnostic("registry-id", message, place, hint=hint)
    elif row["id"] in lines:
        hint = "give one of them another id, or delete the row if it is the same organisation"
        related = Location(place.path, lines[row["id"]])
        yield Diagnostic("registry-twice", f"the id “{row['id']}” is used twice", place, hint=hint, related=related)
    if not row["name"]:
        yield Diagnostic(
            "registry-name", "this organisation has no name", place, hint="write its name in its own language"
        )
    for column in ("name_language", "languages"):
        for tag in _words(row[column]):
            try:
                Locale.parse(tag)
            except ValueError as error:
                yield Diagnostic("registry-language", f"{column}: {error}", place, hint=_LANGUAGE)
    if len(_words(row["name_language"])) > 1:
        hint = "name the one language that the name is written in; languages they want go into the column languages"
        message = f"name_language: “{row['name_language']}” is more than one language"
        yield Diagnostic("registry-language", message, place, hint=hint)
    for code in _words(row["country"]):
        if not is_country(code.upper()):
            british = code.upper() == "UK"
            hint = "use the two letters of ISO 3166, such as " + ("GB for Great Britain" if british else "TG for Togo")
            yield Diagnostic("registry-country", f"“{code}” is not the code of a country", place, hint=hint)
    for column in ("acronym", "name", "translation"):
        found = UNPRINTABLE.search(row[column])
        if found:
            message = f"{column} holds the invisible character U+{ord(found[0]):04X}"
            hint = "delete it; it often comes from copying out of a PDF or a web page"
            if found[0] in "\n\u2028\u2029":
                message, hint = f"{column} holds a line break", "write it in one line"
            yield Diagnostic("control-character", message, place, hint=hint)


def _organisation(row: Mapping[str, str], place: Location, fallbacks: Mapping[str, str] | None) -> Organisation:
    return Organisation(
        id=row["id"],
        acronym=row["acronym"],
        name=row["name"],
        name_locale=Locale.parse(
            _words(row["name_language"])[0] if row["name_language"] else _undetermined(row["name"])
        ),
        translation=row["translation"],
        countries=tuple(code.upper() for code in _words(row["country"])),
        languages=tuple(dict.fromkeys(Locale.parse(tag, fallbacks) for tag in _words(row["languages"]))),
        location=place,
    )


def _words(cell: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", cell) if word]


def _undetermined(text: str) -> str:
    """The tag of a text whose language nobody has said: the script that its first letter is in, Latin if in doubt.

    >>> _undetermined("«Мост»"), _undetermined("2 Bridges")
    ('und-Cyrl', 'und-Latn')
    """
    for sign in text:
        if sign.isalpha():
            return "und-" + _SCRIPTS.get(re.split("[ -]", unicodedata.name(sign, ""))[0], "Latn")
    return "und-Latn"
