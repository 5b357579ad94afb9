"""Signatories that a page keeps as YAML records become lines: the name and the country, never an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.source.intake.lines import Dropped, Line, Shape
from pipeline.source.intake.text import one_line

_NAME = ("organization", "organisation", "name", "title")
_COUNTRY = ("region", "country", "land", "pays")
_RECORD = re.compile(r"^\s*-\s+(?:organi[sz]ation|name|title|region|country)\s*:\s", re.MULTILINE)


def load(text: str) -> object:
    """What a YAML text holds, every scalar as text (``NO`` is Norway, not False); None if it is not YAML."""
    loader = YAML(typ="base", pure=True)
    try:
        return loader.load(text) if len(text) < 200_000 else None
    except (YAMLError, ValueError, TypeError, RecursionError):
        return None


def is_records(content: str) -> bool:
    """Whether a whole file is a list of records of signatories."""
    start = next((line for line in content.split("\n") if line.strip() and not line.startswith("#")), "")
    return bool(_RECORD.match(start)) and bool(_records(load(content)))


def read_records(text: str, heading: str, first_line: int) -> tuple[tuple[Line, ...], tuple[Dropped, ...]]:
    """The signatories of a YAML list of records as the lines of a list, and every line of the text that did not go into one.

    ``first_line`` is the line of the page on which the text begins.
    """
    return _lines(_records(load(text)), text, heading, first_line)


def read_field(metadata: Mapping[str, object], text: str, first_line: int) -> tuple[Line, ...]:
    """The signatories in the fields of a front matter, under the name of their field."""
    lines: tuple[Line, ...] = ()
    for key, value in metadata.items():
        records = _records(value)
        lines += _lines(records, text, key, first_line)[0] if records else ()
    return lines


def _records(value: object) -> list[tuple[str, str]]:
    """Name and country of each record; empty if the value is no list of records."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return []
    found = [(_first(each, _NAME), _first(each, _COUNTRY)) for each in value]
    return [(name, country) for name, country in found if name]


def _first(record: Mapping[object, object], names: tuple[str, ...]) -> str:
    values = (record.get(name) for name in names)
    return next((one_line(value) for value in values if isinstance(value, str) and value.strip()), "")


def _lines(
    records: list[tuple[str, str]], text: str, heading: str, first_line: int
) -> tuple[tuple[Line, ...], tuple[Dropped, ...]]:
    source = [one_line(line) for line in text.split("\n")]
    lines = [Line(f"{heading}:", first_line)] if records else []
    used: set[int] = set()
    place = 0
    for name, country in records:
        place = next((index for index in range(place, len(source)) if name in source[index]), place)
        used |= {place, *_country_lines(source, place, country)}
        cells = (name, country) if country else ()
        shown = f"{name}, {country}" if country else name
        lines.append(Line(shown, first_line + place, Shape.BULLET, cells=cells))
    left = tuple(
        Dropped(first_line + index, line, "field of a record")
        for index, line in enumerate(source)
        if line and index not in used
    )
    return tuple(lines), left


def _country_lines(source: list[str], place: int, country: str) -> Iterator[int]:
    for index in range(max(0, place - 1), min(place + 6, len(source))):
        if country and re.search(rf":\s*[\"']?{re.escape(country)}[\"']?$", source[index]):
            yield index
            return
