"""A page as a raster: where ink lies, how much, and in which colours. PDFium draws it once, at 150 dpi."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from pipeline.typesetting.preflight.proof import MM, Box

Pixels = NDArray[np.uint8]
DPI = 150
INK = 245
"""A pixel darker than this is inked: paper is 255, and smoothed edges leave traces."""
_SOLID = 100
_STEP = 12
"""Neighbouring pixels that differ by this, of 255, are an outline: letters as light as #ddd have it, soft grounds have not."""
_OVERHANG_MM = 0.25
_COLOURED = 24


@dataclass(frozen=True, slots=True)
class Raster:
    """A page's pixels, top row first: the darkest of its three channels, their mean, and the part of the page drawn."""

    darkest: Pixels
    mean: float
    coloured: int
    """How many pixels are no shade of grey."""
    box: Box
    dpi: int = DPI

    @property
    def scale(self) -> float:
        """Pixels per point."""
        return self.dpi / 72

    def part(self, box: Box) -> Pixels:
        """The pixels of a box of the page; none of what lies outside."""
        return self.darkest[self.slices(box)]

    def slices(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of a box of the page."""
        rows = slice(self._down(box.top), self._down(box.bottom) + 1)
        return rows, slice(self._across(box.left), self._across(box.right) + 1)

    def _across(self, point: float) -> int:
        return max(0, int((point - self.box.left) * self.scale))

    def _down(self, point: float) -> int:
        return max(0, int((self.box.top - point) * self.scale))

    def inked(self) -> Box | None:
        """The smallest box round all ink, in points of the page."""
        dark = self.darkest < INK
        rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
        if not rows.size:
            return None
        return Box(
            self.box.left + float(columns[0]) / self.scale,
            self.box.top - float(rows[-1] + 1) / self.scale,
            self.box.left + float(columns[-1] + 1) / self.scale,
            self.box.top - float(rows[0]) / self.scale,
        )

    def coverage(self, trim: Box) -> float:
        """The ink in % of the area of the trimmed page, as if it were black."""
        ink = (255 - self.mean) / 255 * self.box.area
        return 100 * ink / trim.area if trim.area else 0.0


def raster(page: pypdfium2.PdfPage, dpi: int = DPI) -> Raster:
    """A page of PDFium, drawn as it stands in its file, whatever its rotation."""
    page.set_rotation(0)
    left, bottom, right, top = page.get_cropbox()
    drawn: Pixels = page.render(scale=dpi / 72, may_draw_forms=False).to_numpy()
    blue, green, red = drawn[..., 0], drawn[..., 1], drawn[..., 2]
    darkest = np.minimum(np.minimum(blue, green), red)
    brightest = np.maximum(np.maximum(blue, green), red)
    coloured = int(np.count_nonzero((brightest - darkest) > _COLOURED))
    return Raster(darkest, float(drawn[..., :3].mean()), coloured, Box(left, bottom, right, top), dpi)


class Outlines:
    """Where outlines of letters and shapes are, told of any box of a page at once from a table of sums.

    Its cells are two pixels wide and high.
    """

    def __init__(self, page: Raster) -> None:
        self._page = page
        pixels = page.darkest[: page.darkest.shape[0] // 2 * 2, : page.darkest.shape[1] // 2 * 2]
        steps = np.zeros(pixels.shape, dtype=np.bool_)
        steps[:, 1:] = _differences(pixels[:, 1:], pixels[:, :-1]) >= _STEP
        steps[1:] |= _differences(pixels[1:], pixels[:-1]) >= _STEP
        rows = steps[::2] | steps[1::2]
        cells = rows[:, ::2] | rows[:, 1::2]
        self._sums = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), dtype=np.int32)
        np.cumsum(np.cumsum(cells, axis=1, dtype=np.int32), axis=0, out=self._sums[1:, 1:])

    def cross(self, box: Box) -> bool:
        """Whether something can be told from its ground in a box of the page."""
        rows, columns = self._page.slices(box)
        last_row, last_column = (length - 1 for length in self._sums.shape)
        top, bottom = min(rows.start // 2, last_row), min((rows.stop + 1) // 2, last_row)
        left, right = min(columns.start // 2, last_column), min((columns.stop + 1) // 2, last_column)
        sums = self._sums
        return bool(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])


def _differences(first: Pixels, second: Pixels) -> Pixels:
    return np.maximum(first, second) - np.minimum(first, second)


def solid_areas(page: Raster, thickness_mm: float) -> Iterator[tuple[float, Box]]:
    """The connected dark areas that are thicker than ``thickness_mm`` both ways: each one's mm², and its box in points.

    The page is cut into cells of about half a millimetre; what is thinner than the thickness, as letters and rules are, is
    worn away from both sides and the rest grown again, so that a word or a frame is not one large area.
    """
    step = max(1, round(page.dpi / 25.4 / 2))
    cell_mm = step / page.dpi * 25.4
    rows, columns = (length // step for length in page.darkest.shape)
    dark = (page.darkest[: rows * step, : columns * step] < _SOLID).reshape(rows, step, columns, step).all(axis=(1, 3))
    wide = round(thickness_mm / cell_mm)
    if rows <= wide or columns <= wide:
        return
    sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    sums[1:, 1:] = dark.cumsum(axis=0).cumsum(axis=1)
    full = sums[wide:, wide:] - sums[:-wide, wide:] - sums[wide:, :-wide] + sums[:-wide, :-wide] == wide * wide
    thick = np.zeros_like(dark)
    for down in range(wide):
        for across in range(wide):
            thick[down : down + full.shape[0], across : across + full.shape[1]] |= full
    for part in _connected(thick):
        rows_of, columns_of = [row for row, _ in part], [column for _, column in part]
        pt = step / page.scale
        box = Box(
            page.box.left + min(columns_of) * pt,
            page.box.top - (max(rows_of) + 1) * pt,
            page.box.left + (max(columns_of) + 1) * pt,
            page.box.top - min(rows_of) * pt,
        )
        yield len(part) * cell_mm**2, box


def _connected(cells: NDArray[np.bool_]) -> Iterator[list[tuple[int, int]]]:
    """The groups of true cells that touch at their sides."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(cells), strict=True)}
    while left:
        group = [left.pop()]
        for row, column in group:
            for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if near in left:
                    left.remove(near)
                    group.append(near)
        yield group


def unsafe_sides(page: Raster, margin_mm: float) -> dict[str, float]:
    """For each side with ink in the outer ``margin_mm``: how near it comes to the edge of the sheet, in mm.

    A quarter of a millimetre is allowed: letters overhang, and pixels are 0.17 mm.
    """
    inked = page.inked()
    if inked is None:
        return {}
    gaps = {
        "left": inked.left - page.box.left,
        "bottom": inked.bottom - page.box.bottom,
        "right": page.box.right - inked.right,
        "top": page.box.top - inked.top,
    }
    return {side: max(0.0, round(gap / MM, 1)) for side, gap in gaps.items() if gap / MM < margin_mm - _OVERHANG_MM}
