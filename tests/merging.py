"""What the tests of merging share: templates, and catalogs of a diligent translator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Role, Segment
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import Edits, merge, template

DE = Locale.parse("de")
REVISION = "2026-02-21 00:00+0000"
WATER = "Water belongs to everybody who lives beside it."
BREAD = "Nobody may sell bread above its price."
ROADS = "Roads are built by those who walk on them, and by nobody else."
TODAY = Edits(date(2026, 11, 22))


def segment(msgid: str, place: str = "", role: Role = Role.PARAGRAPH, note: str = "") -> Segment:
    return Segment(msgid, Location("sources/letter.md", 12), role, place, note)


def pot(*msgids: str, revision: str = REVISION) -> Catalog:
    segments = [segment(msgid, f"body.{number}") for number, msgid in enumerate(msgids)]
    return template("letter", segments, "Polyleaf 1", revision)


def translated(source: Catalog, locale: Locale = DE) -> Catalog:
    """The catalog of a diligent translator, as read from the disk."""
    begun = merge(None, source, locale)
    done = tuple(
        replace(each, msgstr=tuple(f"{locale.tag}: {each.msgid}" for _ in each.msgstr)) for each in begun.messages
    )
    return reread(replace(begun, messages=done))


def reread(catalog: Catalog) -> Catalog:
    return parse_catalog(serialize(catalog), catalog.path, catalog.locale)


def texts_of(catalog: Catalog) -> set[str]:
    """Everything that somebody translated and the catalog still has."""
    said = {text for each in catalog.messages for text in each.msgstr if text}
    return said | {text for each in catalog.messages for text in alternatives(each)}
