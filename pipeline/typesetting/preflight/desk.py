"""Rules for a file that people print themselves or copy: black ink, paper edges left free, no solid areas."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.typesetting.preflight.examine import Examined
from pipeline.typesetting.preflight.inking import solid_areas, unsafe_sides
from pipeline.typesetting.preflight.proof import Fault

SAFE_MM = 6
"""Home printers and copiers leave 3 to 6 mm of a sheet without ink."""
SOLID_MM = 3
SOLID_MM2 = 100
"""A dark area more than 3 mm thick and larger than 1 cm² comes out streaky, and curls the paper. Bars of 2 mm, the letters of
a large title (4 mm stems of 60 pt are about 60 mm²) and the eyes of a QR code stay below."""
COVERAGE = 15.0
"""% of a page as black. Toner is rated for 5; a full page of 9 pt text takes 6 to 10."""
_COLOURED_PIXELS = 50


def black_only(examined: Examined) -> Iterator[Fault]:
    """A colour printer would take its coloured inks, a black one would turn them into grey dots."""
    for side in examined.sides:
        coloured = [f"{operator} ({colour})" for operator, colour in side.content.chosen if not colour.neutral]
        hint = "use black and greys only: rgb() with three equal numbers, or device-cmyk(0 0 0 …)"
        if coloured:
            listed = "; ".join(coloured[:3])
            yield Fault("not-black", f"something is not black or grey: {listed}", hint, side.number)
        elif side.raster.coloured > _COLOURED_PIXELS:
            yield Fault("not-black", "a picture is not black or grey", "use a picture in greys", side.number)


def safe_edge(examined: Examined) -> Iterator[Fault]:
    """A printer would cut off what is printed there."""
    for side in examined.sides:
        for edge, gap in unsafe_sides(side.raster, SAFE_MM).items():
            message = f"ink comes as near as {gap:g} mm to the {edge} edge of the sheet; {SAFE_MM} mm must stay free"
            yield Fault("unsafe-edge", message, "move it inwards, or make the margin wider", side.number)


def solid(examined: Examined) -> Iterator[Fault]:
    """A copier would print the area streaky, and the sheet would curl and smear."""
    for side in examined.sides:
        for area, box in solid_areas(side.raster, SOLID_MM):
            if area > SOLID_MM2:
                left, top = box.mm[0], round((side.media.top - box.top) / 72 * 25.4)
                width, height = box.size_mm
                message = (
                    f"a solid dark area of {area:.0f} mm² ({width:.0f} × {height:.0f} mm), "
                    f"{left:.0f} mm from the left and {top} mm from the top"
                )
                hint = f"use an outline or a bar of 2 mm; at most {SOLID_MM2} mm² may be thicker than {SOLID_MM} mm"
                yield Fault("solid-area", message, hint, side.number)


def coverage(examined: Examined) -> Iterator[Fault]:
    """The page would use up toner."""
    for side in examined.sides:
        covered = side.raster.coverage(side.trim)
        if covered > COVERAGE:
            message = f"ink covers {covered:.1f} % of the page; at most {COVERAGE:g} % is for desks"
            yield Fault("coverage", message, "use smaller or lighter pictures, and no grounds behind text", side.number)
