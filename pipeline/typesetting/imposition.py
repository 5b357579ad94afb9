"""Where each page goes on the printed sheet so that folding, nesting or cutting gives 1, 2, 3, … : arithmetic only.

Millimetres, from the lower left corner of a side as a reader looks at it. ``sheets.py`` draws what is worked out here;
``tests/virtual_fold.py`` folds what was drawn, and knows nothing of this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: How a sheet becomes pages: not at all, by a fold or folds, by folding a nested pile, by cutting.
Kind = Literal["flat", "half", "letter", "accordion", "gate", "saddle", "cut"]
Direction = Literal["ltr", "rtl"]
#: The edge of the sheet over which a printer with two sides turns it.
Flip = Literal["long", "short"]

#: Less than this is a rounding error of somebody's inch.
_TOLERANCE_MM = 0.05
#: A narrower margin is left on: nobody cuts off half a millimetre.
_TRIMMED_FROM_MM = 1.0
_GATE_PANELS = 4
_LETTER_PANELS = 3


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the pages of a format are imposed: what the printed sheet is, what a trimmed page or panel is, and the fold.

    ``sheet_mm`` and ``page_mm`` are width and height as they are read. ``narrow_mm`` is the width of the panel that a
    letter fold folds in; ``panels`` are those of a side (letter, accordion); ``across`` and ``down`` say how many copies
    a sheet is cut into; ``creep_mm`` is by how much each nested sheet pushes the next one out (saddle).
    """

    kind: Kind
    sheet_mm: tuple[float, float]
    page_mm: tuple[float, float]
    narrow_mm: float = 0
    panels: int = 3
    across: int = 1
    down: int = 1
    creep_mm: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A fold or a cut, from one edge of the sheet to the other."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the trim of a page lies on a side.

    ``turned`` is upside down; ``shift_mm`` is how far creep moves what is on the page to the right (to the left, if it is
    below 0). The trim itself stays.
    """

    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    turned: bool = False
    shift_mm: float = 0


@dataclass(frozen=True, slots=True)
class Side:
    """The pages on one side of a sheet, from left to right, the upper row first. A blank page has no placement."""

    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its two sides; folds and cuts as they are seen from the front.

    ``tumble`` is the printers' word for a sheet that is turned about its horizontal axis: its back stands upside down.
    """

    front: Side
    back: Side
    folds: tuple[Line, ...] = ()
    cuts: tuple[Line, ...] = ()
    tumble: bool = False


def pages_per_sheet(scheme: Scheme) -> int:
    """How many pages of the document a sheet takes, both sides together.

    >>> pages_per_sheet(Scheme("letter", (297, 210), (100, 210), narrow_mm=97))
    6
    """
    return 2 if scheme.kind == "cut" else 2 * _pages_across(scheme)


def narrow_pages(scheme: Scheme) -> tuple[int, ...]:
    """The pages of a sheet, counted from 1, that have the width of the panel folded in: its two faces.

    >>> narrow_pages(Scheme("letter", (297, 210), (100, 210), narrow_mm=97))
    (4, 5)
    """
    return (4, 5) if scheme.kind == "letter" else ()


def default_flip(sheet_mm: tuple[float, float]) -> Flip:
    """The edge that turns a sheet about its vertical axis, so that both sides stand upright.

    >>> default_flip((210, 297)), default_flip((297, 210))
    ('long', 'short')
    """
    width, height = sheet_mm
    return "long" if width <= height else "short"


def block_mm(scheme: Scheme) -> tuple[float, float, float, float]:
    """The block of all pages on a sheet: left, bottom, width, height. It lies in the middle.

    >>> block_mm(Scheme("half", (297, 210), (148, 210)))
    (0.5, 0.0, 296, 210)
    """
    page_width, page_height = scheme.page_mm
    width, height = page_width * _pages_across(scheme), page_height
    if scheme.kind == "letter":
        width += scheme.narrow_mm - page_width
    elif scheme.kind == "cut":
        height *= scheme.down
    return (scheme.sheet_mm[0] - width) / 2, (scheme.sheet_mm[1] - height) / 2, width, height


def scheme_faults(scheme: Scheme) -> tuple[str, ...]:
    """What is wrong with a scheme, in an organizer's words; nothing if it can be printed, folded and cut."""
    return tuple(_faults(scheme))


def impose(scheme: Scheme, pages: int, direction: Direction, flip: Flip | None = None) -> tuple[Sheet, ...]:
    """The sheets that ``pages`` pages need, outermost or first sheet first.

    ``flip`` is the edge that the printer turns the sheet over; None is the one that turns it about its vertical axis.
    With the other one all backs stand upside down. Right-to-left mirrors every sheet: its booklets bind on the right.
    ValueError if the scheme has faults.
    """
    if faults := scheme_faults(scheme):
        raise ValueError("; ".join(faults))
    count = -(-pages // pages_per_sheet(scheme))
    tumble = flip is not None and flip != default_flip(scheme.sheet_mm)
    sheets = []
    for number in range(count):
        front, back = (_read(row, direction) for row in _rows(scheme, number, count))
        creep = number * scheme.creep_mm if scheme.kind == "saddle" else 0
        front_side, back_side = (_side(scheme, row, pages, creep) for row in (front, back))
        folds = _folds(scheme, tuple(_width(scheme, page) for page in front))
        sheets.append(
            Sheet(front_side, _turned(scheme, back_side) if tumble else back_side, folds, _cuts(scheme), tumble)
        )
    return tuple(sheets)


def _faults(scheme: Scheme) -> Iterator[str]:
    if min(*scheme.sheet_mm, *scheme.page_mm) <= 0:
        yield "the sheet and the page need a width and a height above 0 mm"
        return
    yield from _count_faults(scheme)
    if scheme.kind == "letter" and not 0 < scheme.narrow_mm < scheme.page_mm[0]:
        yield (
            f"the panel that is folded in must be a little narrower than the others ({scheme.page_mm[0]:g} mm), or it "
            f"buckles: say narrow_mm, usually {scheme.page_mm[0] - 3:g}, not {scheme.narrow_mm:g}"
        )
        return
    left, bottom, width, height = block_mm(scheme)
    if min(left, bottom) < -_TOLERANCE_MM / 2:
        turned = width <= scheme.sheet_mm[1] + _TOLERANCE_MM and height <= scheme.sheet_mm[0] + _TOLERANCE_MM
        yield (
            f"the pages do not fit on the sheet: together they need {width:g} × {height:g} mm, the sheet has "
            f"{scheme.sheet_mm[0]:g} × {scheme.sheet_mm[1]:g} mm"
            + (f"; turned, they fit: sheet_mm = [{scheme.sheet_mm[1]:g}, {scheme.sheet_mm[0]:g}]" if turned else "")
        )


def _count_faults(scheme: Scheme) -> Iterator[str]:
    if scheme.kind == "letter" and scheme.panels != _LETTER_PANELS:
        yield f"a letter fold has 3 panels, not {scheme.panels}; with more of them, fold an accordion"
    if scheme.kind == "accordion" and scheme.panels < 2:
        yield f"an accordion has 2 panels or more, not {scheme.panels}"
    if scheme.kind == "cut" and min(scheme.across, scheme.down) < 1:
        yield f"a sheet is cut into 1 × 1 copies or more, not {scheme.across} × {scheme.down}"
    if scheme.creep_mm < 0:
        yield f"creep is 0 mm or more, not {scheme.creep_mm:g}: inner sheets are pushed out, never in"


def _pages_across(scheme: Scheme) -> int:
    match scheme.kind:
        case "flat":
            return 1
        case "half" | "saddle":
            return 2
        case "letter":
            return _LETTER_PANELS
        case "accordion":
            return scheme.panels
        case "gate":
            return _GATE_PANELS
        case "cut":
            return scheme.across


def _rows(scheme: Scheme, number: int, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The pages on front and back of a sheet, each as it is looked at from left to right, for a left-to-right script.

    ``number`` counts the sheets from 0, ``count`` is how many there are.
    """
    if scheme.kind == "saddle":
        first, last = 2 * number + 1, 4 * count - 2 * number
        return (last, first), (first + 1, last - 1)
    front, back = _sheet_rows(scheme)
    before = number * pages_per_sheet(scheme)
    return tuple(before + page for page in front), tuple(before + page for page in back)


def _sheet_rows(scheme: Scheme) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The same for a sheet by itself, whose pages are counted from 1."""
    match scheme.kind:
        case "half" | "saddle":
            return (4, 1), (2, 3)
        case "letter":
            return (5, 6, 1), (2, 3, 4)
        case "accordion":
            return tuple(range(1, scheme.panels + 1)), tuple(range(scheme.panels + 1, 2 * scheme.panels + 1))
        case "gate":
            return (2, 7, 8, 1), (3, 4, 5, 6)
        case "flat" | "cut":
            across = _pages_across(scheme)
            return (1,) * across, (2,) * across


def _read(row: tuple[int, ...], direction: Direction) -> tuple[int, ...]:
    return row if direction == "ltr" else row[::-1]


def _width(scheme: Scheme, page: int) -> float:
    place = (page - 1) % pages_per_sheet(scheme) + 1
    return scheme.narrow_mm if place in narrow_pages(scheme) else scheme.page_mm[0]


def _side(scheme: Scheme, row: tuple[int, ...], pages: int, creep_mm: float) -> Side:
    """A side whose every row is ``row``; pages after the last are left out. Creep moves towards the fold in the middle."""
    left, bottom, _, _ = block_mm(scheme)
    height = scheme.page_mm[1]
    rows = scheme.down if scheme.kind == "cut" else 1
    placements = []
    for y in (bottom + height * step for step in reversed(range(rows))):
        x = left
        for place, page in enumerate(row):
            width = _width(scheme, page)
            shift = creep_mm if 2 * place < len(row) - 1 else -creep_mm
            if page <= pages:
                placements.append(Placement(page, x, y, width, height, shift_mm=shift))
            x += width
    return Side(tuple(placements))


def _turned(scheme: Scheme, side: Side) -> Side:
    """The side upside down: the sheet was turned about its other axis."""
    sheet_width, sheet_height = scheme.sheet_mm
    return Side(
        tuple(
            Placement(
                page=each.page,
                x_mm=sheet_width - each.x_mm - each.width_mm,
                y_mm=sheet_height - each.y_mm - each.height_mm,
                width_mm=each.width_mm,
                height_mm=each.height_mm,
                turned=True,
                shift_mm=-each.shift_mm,
            )
            for each in reversed(side.placements)
        )
    )


def _folds(scheme: Scheme, widths: tuple[float, ...]) -> tuple[Line, ...]:
    """The folds between panels of these widths. A gate has none in the middle: there its two wings meet."""
    if scheme.kind in ("flat", "cut"):
        return ()
    left = block_mm(scheme)[0]
    edges = [left + sum(widths[:count]) for count in range(1, len(widths))]
    if scheme.kind == "gate":
        del edges[1]
    return tuple(_upright(scheme, x) for x in edges)


def _cuts(scheme: Scheme) -> tuple[Line, ...]:
    """The cuts between copies, and around the block where it leaves a margin that is worth cutting off."""
    left, bottom, width, height = block_mm(scheme)
    across, down = (scheme.across, scheme.down) if scheme.kind == "cut" else (1, 1)
    columns = [left + width * step / across for step in range(1, across)]
    rows = [bottom + height * step / down for step in range(1, down)]
    if left >= _TRIMMED_FROM_MM:
        columns = [left, *columns, left + width]
    if bottom >= _TRIMMED_FROM_MM:
        rows = [bottom, *rows, bottom + height]
    return (*(_upright(scheme, x) for x in columns), *(Line(0, y, scheme.sheet_mm[0], y) for y in rows))


def _upright(scheme: Scheme, x: float) -> Line:
    return Line(x, 0, x, scheme.sheet_mm[1])
