"""A PDF → all that the rules look at: contents, rasters, letters and codes, each read once."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice

import pikepdf
import pypdfium2

from pipeline.typesetting.leaflet import Edition
from pipeline.typesetting.preflight.codes import Code, codes_of
from pipeline.typesetting.preflight.content import Content, content_of
from pipeline.typesetting.preflight.inking import Raster, raster
from pipeline.typesetting.preflight.lettering import Character, Lettered
from pipeline.typesetting.preflight.proof import Box, Expected, Facts, PageFacts, Verdict
from pipeline.typesetting.preflight.segments import Found, TextLayer
from pipeline.typesetting.preflight.standards import Metadata, Validation, metadata, tools, validations


@dataclass(frozen=True, slots=True)
class Type:
    """The smallest type of a page in points, and a sample of it."""

    size_pt: float
    sample: str


@dataclass(frozen=True, slots=True)
class Side:
    """A page of the PDF: of an imposed one, a side of a sheet. Its number counts from 1; boxes are in points."""

    number: int
    media: Box
    crop: Box
    bleed: Box
    trim: Box
    unit: float
    content: Content
    raster: Raster
    letters: Type | None
    """The smallest letters of its text."""
    signs: Type | None
    """The smallest digits and other signs of its text."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A PDF as the rules see it."""

    document: pikepdf.Pdf
    edition: Edition
    expected: Expected
    sides: tuple[Side, ...]
    syntax: tuple[str, ...]
    metadata: Metadata
    validations: tuple[Validation, ...]
    codes: tuple[Code, ...]
    segments: tuple[Found, ...]


def examine(pdf: bytes, edition: Edition, expected: Expected) -> Examined:
    """All that there is to know of a PDF; raises ``pikepdf.PdfError`` or ``pypdfium2.PdfiumError`` if it is none."""
    document = pikepdf.open(io.BytesIO(pdf))
    with pypdfium2.PdfDocument(pdf) as drawn:
        pages = list(drawn)
        rasters = [raster(page) for page in pages]
        lettered = [Lettered(page, pixels) for page, pixels in zip(pages, rasters, strict=True)]
        sides = tuple(map(_side, count(1), document.pages, rasters, lettered))
        segments = tuple(TextLayer(lettered).find(expected.segments)) if expected.segments else ()
        codes = tuple(codes_of(pages, rasters, expected.qr))
        for each in lettered:
            each.close()
    said = metadata(document)
    return Examined(
        document,
        edition,
        expected,
        sides,
        tuple(document.check_pdf_syntax()),
        said,
        tuple(validations(pdf, said.claims, accessible=edition == "screen")),
        codes,
        segments,
    )


def facts_of(examined: Examined, asked: Sequence[str], skipped: Sequence[str]) -> Facts:
    """The facts of a PDF that are told; a sheet is printed on both sides."""
    sides = examined.sides
    fonts = dict.fromkeys(each.font for side in sides for each in side.content.fonts.values())
    return Facts(
        examined.edition,
        len(sides),
        -(-len(sides) // 2),
        tuple(_page_facts(side) for side in sides),
        tuple(sorted(fonts, key=lambda font: font.name)),
        min((side.letters.size_pt for side in sides if side.letters), default=None),
        min((side.signs.size_pt for side in sides if side.signs), default=None),
        tuple(code.text for code in examined.codes),
        _output_condition(examined.document),
        examined.metadata.claims,
        tuple(Verdict(each.standard, not each.complaints, each.validator) for each in examined.validations),
        tools(),
        tuple(asked),
        tuple(skipped),
    )


def _side(number: int, page: pikepdf.Page, pixels: Raster, lettered: Lettered) -> Side:
    letters, signs = _smallest(lettered)
    boxes = (page.mediabox, page.cropbox, page.bleedbox, page.trimbox)
    media, crop, bleed, trim = (_box(box) for box in boxes)
    unit = float(page.obj.get("/UserUnit", 1))
    return Side(number, media, crop, bleed, trim, unit, content_of(page), pixels, letters, signs)


def _box(corners: pikepdf.Object) -> Box:
    left, bottom, right, top = (float(corners[each]) for each in range(4))
    return Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _page_facts(side: Side) -> PageFacts:
    inked = side.raster.inked()
    return PageFacts(
        side.media.mm,
        side.bleed.mm,
        side.trim.mm,
        round(side.raster.coverage(side.trim), 2),
        inked.mm if inked is not None else None,
    )


def _smallest(lettered: Lettered) -> tuple[Type | None, Type | None]:
    """The smallest letters and the smallest other signs of a page's text; page furniture does not count."""
    letters: dict[float, list[Character]] = {}
    signs: dict[float, list[Character]] = {}
    for character in lettered.characters:
        kind = unicodedata.category(character.text)[0]
        if kind in "LNPS":
            sizes = letters if kind == "L" else signs
            sizes.setdefault(lettered.size_pt(character.number), []).append(character)
    return _first_of_text(letters, lettered), _first_of_text(signs, lettered)


def _first_of_text(sizes: dict[float, list[Character]], lettered: Lettered) -> Type | None:
    for size in sorted(sizes):
        text = (each.text for each in sizes[size] if size > 0 and lettered.is_text(each.number))
        sample = "".join(islice(text, 24))
        if sample:
            return Type(size, sample)
    return None


def _output_condition(document: pikepdf.Pdf) -> str:
    for intent in document.Root.get("/OutputIntents", pikepdf.Array()):
        return str(intent.get("/OutputConditionIdentifier", "unnamed"))
    return ""
