"""What a finished PDF says of itself, read with pikepdf; its words, read with poppler."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

_SHOW = {"Tj", "TJ", "'", '"'}


@dataclass(frozen=True, slots=True)
class Font:
    """A font of a PDF: the name with its subset's prefix, and whether the file of the subset is inside."""

    name: str
    embedded: bool

    @property
    def subset(self) -> bool:
        return re.match(r"[A-Z]{6}\+", self.name) is not None

    @property
    def family(self) -> str:
        """The family's letters: ``NotoNaskhArabic`` of ``ABCDEF+Noto-Naskh-Arabic-Bold``."""
        name = re.sub(r"[^A-Za-z]", "", self.name.partition("+")[2])
        return re.sub(r"(?:Regular|BoldItalic|BoldOblique|Bold|Italic|Oblique)+$", "", name)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def fonts(pdf: bytes) -> tuple[Font, ...]:
    """Every font of a PDF, once."""
    found = {}
    with opened(pdf) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
                name = str(each["/FontName"]).lstrip("/")
                found[name] = Font(name, any(key in each for key in ("/FontFile", "/FontFile2", "/FontFile3")))
    return tuple(found.values())


def undefined_glyphs(pdf: bytes) -> int:
    """How often ``.notdef`` is drawn: code 0 of a composite font."""
    with opened(pdf) as document:
        return sum(
            text[place : place + 2] == b"\0\0"
            for page in document.pages
            for text in _shown(page)
            for place in range(0, len(text) - 1, 2)
        ) + sum(_is_tofu(each) for each in document.objects)


def _shown(page: pikepdf.Page) -> Iterator[bytes]:
    for instruction in pikepdf.parse_content_stream(page):
        if str(instruction.operator) in _SHOW:
            for operand in instruction.operands:
                pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
                yield from (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))


def _is_tofu(each: object) -> bool:
    """WeasyPrint maps the characters it has no glyph for with a CMap of its own."""
    return isinstance(each, pikepdf.Stream) and each.get("/Type") == "/CMap" and b"WP-Encod" in each.read_bytes()


def words(path: Path, *options: str) -> str:
    """The text of a PDF, as poppler's pdftotext finds it."""
    command = ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def places_of_words(path: Path) -> dict[str, float]:
    """Where each word first stands, in points from the left; its letters as they stand from left to right."""
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-bbox", str(path), "-"], capture_output=True, check=True)
    places: dict[str, float] = {}
    for match in re.finditer(r'<word xMin="([\d.]+)"[^>]*>([^<]*)</word>', done.stdout.decode("utf-8")):
        places.setdefault(match[2], float(match[1]))
    return places
