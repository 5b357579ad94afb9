"""The characters of a page as PDFium reads them: which, where, how large, and whether one sees them."""

from __future__ import annotations

import ctypes
import math
from functools import cached_property
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.typesetting.preflight.inking import Outlines, Raster
from pipeline.typesetting.preflight.proof import Box

_ROUND = 0.7
"""Points of its surroundings that are looked at with each letter: an l fills its box."""
_NOTHING = 0.01
"""Square points: a glyph this small draws nothing, and stands for a letter that others show."""
_STRING = pdfium.FPDF_OBJECT_STRING
_INVISIBLE = (3, 7)


class Character(NamedTuple):
    """A character of a page, by its number in PDFium's list."""

    text: str
    number: int


class Lettered:
    """The characters of one page; boxes and sizes are asked of PDFium only where a rule wants them."""

    def __init__(self, page: pypdfium2.PdfPage, raster: Raster) -> None:
        self._raster = raster
        self._in_forms = any(True for _ in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_FORM,), max_depth=1))
        self._text = page.get_textpage()
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self._matrix = pdfium.FS_MATRIX()
        self._strings: dict[int, tuple[bool, bool]] = {}
        self._seen: dict[int, bool] = {}

    @cached_property
    def characters(self) -> tuple[Character, ...]:
        """Every character in reading order, with the spaces and line ends that PDFium puts between."""
        codes = (pdfium.FPDFText_GetUnicode(self._text, number) for number in range(self._text.count_chars()))
        return tuple(
            Character(chr(code), number)
            for number, code in enumerate(codes)
            if code and not 0xD800 <= code <= 0xDFFF and code <= 0x10FFFF
        )

    @cached_property
    def _outlines(self) -> Outlines:
        return Outlines(self._raster)

    def close(self) -> None:
        """Gives PDFium's list back; nothing can be asked afterwards."""
        self._text.close()

    def size_pt(self, number: int) -> float:
        """The size a character is set in, after all that scales it."""
        size = float(pdfium.FPDFText_GetFontSize(self._text, number))
        matrix = self._matrix
        if not pdfium.FPDFText_GetMatrix(self._text, number, matrix):
            return size
        return round(size * math.hypot(matrix.c, matrix.d), 2)

    def is_text(self, number: int) -> bool:
        """Whether a character is the author's: no hyphen that PDFium put there, and not marked as furniture of the page."""
        if pdfium.FPDFText_IsGenerated(self._text, number) == 1:
            return False
        shown = pdfium.FPDFText_GetTextObject(self._text, number)
        return all(_mark_name(shown, each) != "Artifact" for each in range(pdfium.FPDFPageObj_CountMarks(shown)))

    def sees(self, number: int) -> bool:
        """Whether a character lies on the page, is not cut away, and differs from what is around it."""
        if number not in self._seen:
            self._seen[number] = self._is_seen(number)
        return self._seen[number]

    def _is_seen(self, number: int) -> bool:
        left, right, bottom, top = self._text_box(number)
        page = self._raster.box
        if not (page.left <= (left + right) / 2 <= page.right and page.bottom <= (bottom + top) / 2 <= page.top):
            return False
        layered, clipped = self._ways(number)
        if clipped:
            return False
        if (right - left) * (top - bottom) < _NOTHING:
            return True
        around = _ROUND + ((top - bottom) / 2 if layered else 0)
        if self._outlines.cross(Box(left - around, bottom - around, right + around, top + around)):
            return True
        # PDFium forgets where a form stands when it tells the box of a letter that /ActualText names.
        return self._in_forms and self._is_named(number)

    def _is_named(self, number: int) -> bool:
        """Whether /ActualText says which letter this is: its box is reckoned, not read."""
        shown = pdfium.FPDFText_GetTextObject(self._text, number)
        marks = (pdfium.FPDFPageObj_GetMark(shown, each) for each in range(pdfium.FPDFPageObj_CountMarks(shown)))
        return any(pdfium.FPDFPageObjMark_GetParamValueType(each, b"ActualText") == _STRING for each in marks)

    def _ways(self, number: int) -> tuple[bool, bool]:
        """Whether the string that a character belongs to is invisible, and whether it lies outside its clipping path.

        Invisible letters say what sloping script says that is drawn near by, as they do beneath a scanned page.
        """
        shown = pdfium.FPDFText_GetTextObject(self._text, number)
        key = ctypes.cast(shown, ctypes.c_void_p).value or 0
        if key not in self._strings:
            layered = key != 0 and pdfium.FPDFTextObj_GetTextRenderMode(shown) in _INVISIBLE
            self._strings[key] = (layered, key != 0 and _is_clipped(shown))
        return self._strings[key]

    def _text_box(self, number: int) -> tuple[float, float, float, float]:
        """Left, right, bottom and top, in PDFium's order."""
        left, right, bottom, top = self._edges
        pdfium.FPDFText_GetCharBox(self._text, number, left, right, bottom, top)
        return left.value, right.value, bottom.value, top.value


def _is_clipped(shown: object) -> bool:
    """Whether less than 60 % of a page object's box lies inside its clipping path."""
    edges = tuple(ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(shown, *edges):
        return False
    bounds = Box(*(edge.value for edge in edges))
    left = bounds
    clip = pdfium.FPDFPageObj_GetClipPath(shown)
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        points = [
            _point(pdfium.FPDFClipPath_GetPathSegment(clip, path, each))
            for each in range(pdfium.FPDFClipPath_CountPathSegments(clip, path))
        ]
        if points:
            across, up = zip(*points, strict=True)
            left = left.within(Box(min(across), min(up), max(across), max(up)))
    return bounds.area > 0 and left.area < 0.6 * bounds.area


def _point(segment: object) -> tuple[float, float]:
    across, up = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, across, up)
    return across.value, up.value


def _mark_name(shown: object, number: int) -> str:
    mark = pdfium.FPDFPageObj_GetMark(shown, number)
    length = ctypes.c_ulong()
    room = ctypes.create_string_buffer(64)
    wide = ctypes.cast(room, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFPageObjMark_GetName(mark, wide, len(room), length)
    return room.raw[: max(0, length.value - 2)].decode("utf-16-le", "replace")
