"""Paper: what was printed on it is read out of the PDF; then it is turned over, cut, folded, nested and leafed through.

Nothing of the arithmetic under test is known here. Known are the size of the sheet, the edge the printer turns it over,
how a hand folds, and where on each page its mark was put. Folds and cuts are made where the PDF shows its dashes.

A pile of paper lies on a table and is looked at from above; x grows to the right, y away from the reader. A leaf has a
face above and a face below; both keep their marks in the places of the table. Millimetres.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

#: Where the mark of every page is, from the lower left corner of its trim.
MARK_X_MM, MARK_Y_MM = 15.0, 20.0
_FIRST = 0x30
_MM = 72 / 25.4
#: Paper is not cut more precisely, and half a millimetre of margin stays on.
_TOLERANCE_MM = 0.75
_THINNEST_STRIP_MM = 0.1
#: A dash that is no longer than this says where to fold; a longer one, where to cut.
_HINT_MM = 4

Direction = Literal["ltr", "rtl"]
#: A page that was read; None is a blank one.
Read = int | None


class Misfold(AssertionError):
    """What comes out of the printer cannot be read in the hand."""


# --- pages with marks ----------------------------------------------------------------------------------------------------


def marked_pages(sizes_mm: Sequence[tuple[float, float]], bleed_mm: float = 3, more: bytes = b"") -> bytes:
    """A PDF with a page of each size; the mark on a page is one letter that tells its number. ``more`` is drawn under it."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font))))
    for number, (width, height) in enumerate(sizes_mm, 1):
        drawn = b"%b BT 0 0 0 1 k /F 9 Tf %.3f %.3f Td <%02x> Tj ET" % (
            more,
            MARK_X_MM * _MM,
            MARK_Y_MM * _MM,
            _FIRST + number,
        )
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[_points(edge) for edge in (-bleed_mm, -bleed_mm, width + bleed_mm, height + bleed_mm)],
            TrimBox=[0, 0, _points(width), _points(height)],
            Resources=resources,
            Contents=pdf.make_stream(drawn),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _points(millimetres: float) -> float:
    return round(millimetres * _MM, 3)


# --- what lies on the table ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A page's mark on the table; ``upright`` for a reader who sits at the foot of the table."""

    page: int
    x: float
    y: float
    upright: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of paper: where it lies, the marks on the face above and on the face below."""

    left: float
    bottom: float
    right: float
    top: float
    above: tuple[Mark, ...]
    below: tuple[Mark, ...]

    def turned_over(self, axis: float = 0) -> Leaf:
        """The leaf turned about an upright axis, like the page of a book."""
        above, below = (tuple(replace(mark, x=2 * axis - mark.x) for mark in face) for face in (self.below, self.above))
        return Leaf(2 * axis - self.right, self.bottom, 2 * axis - self.left, self.top, above, below)

    def split(self, x: float) -> tuple[tuple[Leaf, ...], tuple[Leaf, ...]]:
        """What lies left of a cut or crease, what lies right of it: a leaf or nothing."""
        if x <= self.left + _THINNEST_STRIP_MM:
            return (), (self,)
        if x >= self.right - _THINNEST_STRIP_MM:
            return (self,), ()
        left = replace(self, right=x, above=_only(self.above, below=x), below=_only(self.below, below=x))
        right = replace(self, left=x, above=_only(self.above, beyond=x), below=_only(self.below, beyond=x))
        return (left,), (right,)

    def split_across(self, y: float) -> tuple[Leaf, Leaf]:
        """The parts before and behind a cut from left to right."""
        before = replace(self, top=y, above=_nearer(self.above, y), below=_nearer(self.below, y))
        behind = replace(self, bottom=y, above=_farther(self.above, y), below=_farther(self.below, y))
        return before, behind


def _only(face: tuple[Mark, ...], below: float = math.inf, beyond: float = -math.inf) -> tuple[Mark, ...]:
    return tuple(mark for mark in face if beyond <= mark.x < below)


def _nearer(face: tuple[Mark, ...], y: float) -> tuple[Mark, ...]:
    return tuple(mark for mark in face if mark.y < y)


def _farther(face: tuple[Mark, ...], y: float) -> tuple[Mark, ...]:
    return tuple(mark for mark in face if mark.y >= y)


#: Leaves that lie on each other, the lowest first.
Pile = tuple[Leaf, ...]


def turned_over(pile: Pile) -> Pile:
    return tuple(leaf.turned_over() for leaf in reversed(pile))


def folded_under(pile: Pile, x: float, part: Literal["left", "right"]) -> Pile:
    """The pile after what lies left or right of ``x`` was folded behind the rest."""
    halves = [leaf.split(x) for leaf in pile]
    moving, staying = (0, 1) if part == "left" else (1, 0)
    moved = [leaf.turned_over(x) for half in reversed(halves) for leaf in half[moving]]
    return (*moved, *(leaf for half in halves for leaf in half[staying]))


# --- out of the printer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed sheet with its front up, and where its front shows dashes to fold and to cut at."""

    leaf: Leaf
    folds: tuple[float, ...]
    upright_cuts: tuple[float, ...] = ()
    level_cuts: tuple[float, ...] = ()


def printed(pdf: bytes, sheet_mm: tuple[float, float], flip: Literal["long", "short"]) -> tuple[Paper, ...]:
    """The sheets of a PDF from a printer with two sides that turns them over the ``flip`` edge.

    A PDF with a TrimBox inside its MediaBox comes from a shop: each sheet is cut to its trim first.
    """
    turns_about_upright_axis = (flip == "long") == (sheet_mm[0] <= sheet_mm[1])
    with pypdfium2.PdfDocument(pdf) as document:
        sides = [_side(document[number]) for number in range(len(document))]
    papers = []
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        width, height = front.width, front.height
        if turns_about_upright_axis:
            below = [replace(mark, x=width - mark.x) for mark in back.marks]
        else:
            below = [replace(mark, y=height - mark.y, upright=not mark.upright) for mark in back.marks]
        leaf = Leaf(0, 0, width, height, front.marks, tuple(below))
        papers.append(Paper(leaf, front.folds, front.upright_cuts, front.level_cuts))
    return tuple(papers)


@dataclass(frozen=True, slots=True)
class _Side:
    width: float
    height: float
    marks: tuple[Mark, ...]
    folds: tuple[float, ...]
    upright_cuts: tuple[float, ...]
    level_cuts: tuple[float, ...]


def _side(page: pypdfium2.PdfPage) -> _Side:
    media, trim = page.get_mediabox(), page.get_trimbox()
    if media[:2] != (0, 0):
        raise Misfold("the medium does not begin at 0, 0")
    left, bottom, right, top = (edge / _MM for edge in trim)
    for_shop = trim != media
    folds, upright, level = set(), set(), set()
    for line in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=1):
        x1, y1, x2, y2 = (edge / _MM for edge in line.get_bounds())
        x, y = round((x1 + x2) / 2 - left, 2), round((y1 + y2) / 2 - bottom, 2)
        if x2 - x1 > y2 - y1:
            level.add(y)
        elif for_shop or y2 - y1 < _HINT_MM:
            folds.add(x)
        else:
            upright.add(x)
    if for_shop:
        width = round(right - left, 2)
        folds = {x for x in folds if _THINNEST_STRIP_MM < x < width - _THINNEST_STRIP_MM}
        level = set()
    marks = tuple(replace(mark, x=mark.x - left, y=mark.y - bottom) for mark in _marks(page))
    return _Side(right - left, top - bottom, marks, *(tuple(sorted(each)) for each in (folds, upright, level)))


def _marks(page: pypdfium2.PdfPage) -> list[Mark]:
    text = pdfium.FPDFText_LoadPage(page)
    x, y = ctypes.c_double(), ctypes.c_double()
    found = []
    for place in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, place):
            continue
        pdfium.FPDFText_GetCharOrigin(text, place, x, y)
        angle = round(math.degrees(pdfium.FPDFText_GetCharAngle(text, place))) % 360
        if angle not in (0, 180):
            raise Misfold(f"a mark is turned by {angle} degrees")
        number = pdfium.FPDFText_GetUnicode(text, place) - _FIRST
        found.append(Mark(number, x.value / _MM, y.value / _MM, upright=angle == 0))
    pdfium.FPDFText_ClosePage(text)
    return found


# --- in the hand ---------------------------------------------------------------------------------------------------------------


def seen(leaf: Leaf) -> Read:
    """The page on the face above: alone, upright, and where it belongs on the leaf. None if it is blank."""
    if not leaf.above:
        return None
    if len(leaf.above) > 1:
        raise Misfold(f"pages {[mark.page for mark in leaf.above]} are on one leaf")
    mark = leaf.above[0]
    if not mark.upright:
        raise Misfold(f"page {mark.page} is upside down")
    x, y = mark.x - leaf.left, mark.y - leaf.bottom
    if max(abs(x - MARK_X_MM), abs(y - MARK_Y_MM)) > _TOLERANCE_MM:
        raise Misfold(f"the mark of page {mark.page} is at {x:.2f}, {y:.2f} mm of its leaf")
    return mark.page


def turned_pages(pile: Pile) -> list[Read]:
    """What one reads who turns the leaves of a pile over, one after the other."""
    return [page for leaf in reversed(pile) for page in (seen(leaf), seen(leaf.turned_over()))]


def in_a_row(leaves: Iterable[Leaf], direction: Direction) -> list[Read]:
    """What one reads on faces that lie side by side."""
    row = sorted(leaves, key=lambda leaf: leaf.left, reverse=direction == "rtl")
    return [seen(leaf) for leaf in row]


def panels(leaf: Leaf, folds: Sequence[float]) -> list[Leaf]:
    """The faces between the folds of a sheet that lies open."""
    found: tuple[Leaf, ...] = ()
    rest: tuple[Leaf, ...] = (leaf,)
    for x in folds:
        left, rest = rest[0].split(x)
        found += left
    return [*found, *rest]


def booklet(papers: Sequence[Paper], direction: Direction, creep_mm: float) -> list[Read]:
    """Sheets laid into each other, the first one outside, folded once with its front outside, and leafed through.

    The paper of each sheet pushes the next one out by ``creep_mm``; what stands out in front is cut off.
    """
    spine = _only_fold(papers[0])
    if any(abs(_only_fold(paper) - spine) > _THINNEST_STRIP_MM for paper in papers):
        raise Misfold("the sheets are not folded in the same place")
    nested = tuple(
        replace(
            paper.leaf, above=_pushed(paper.leaf.above, spine, depth), below=_pushed(paper.leaf.below, spine, depth)
        )
        for paper, depth in reversed([(paper, number * creep_mm) for number, paper in enumerate(papers)])
    )
    pile = folded_under(nested, spine, "right")
    # Closed, upright, with the spine at the side where the script begins: there is one way only to hold it.
    return turned_pages(turned_over(pile) if direction == "ltr" else pile)


def _pushed(face: tuple[Mark, ...], spine: float, by: float) -> tuple[Mark, ...]:
    return tuple(replace(mark, x=mark.x + (by if mark.x > spine else -by)) for mark in face)


def _only_fold(paper: Paper) -> float:
    (fold,) = _folds(paper, 1)
    return fold


def _folds(paper: Paper, count: int) -> tuple[float, ...]:
    if len(paper.folds) != count:
        raise Misfold(f"the sheet shows {len(paper.folds)} folds instead of {count}")
    return paper.folds


def letter(paper: Paper, direction: Direction) -> list[Read]:
    """The cover, the inside laid open, the flap that was folded in, the back."""
    left, right = _folds(paper, 2)
    # The flap first, behind the middle panel; then the cover, behind both. It opens where the script begins.
    if direction == "ltr":
        pile = folded_under(folded_under((paper.leaf,), left, "left"), right, "right")
    else:
        pile = folded_under(folded_under((paper.leaf,), right, "right"), left, "left")
    back, flap, cover = turned_over(pile)
    if flap.left < back.left - _THINNEST_STRIP_MM or flap.right > back.right + _THINNEST_STRIP_MM:
        raise Misfold("the flap is too wide to be folded in")
    if not 1 <= (back.right - back.left) - (flap.right - flap.left) <= 5:
        raise Misfold("the flap is not a little narrower than the others")
    inside = [leaf.turned_over() for leaf in panels(paper.leaf, (left, right))]
    return [seen(cover), *in_a_row(inside, direction), seen(flap), seen(back.turned_over())]


def accordion(paper: Paper, direction: Direction, panel_count: int) -> list[Read]:
    """One side of the zigzag after the other, the first page on top when it is closed."""
    folds = list(_folds(paper, panel_count - 1))
    part: Literal["left", "right"] = "right" if direction == "ltr" else "left"
    folds = folds if direction == "ltr" else folds[::-1]
    rest = paper.leaf
    pile: Pile = ()
    while folds:
        fold, *folds = folds
        rest, kept = folded_under((rest,), fold, part)
        pile = (kept, *pile)
        folds = [2 * fold - x for x in folds]
        part = "left" if part == "right" else "right"
    pile = (rest, *pile)
    # Every other panel lies on its face.
    one = [leaf if number % 2 == 0 else leaf.turned_over() for number, leaf in enumerate(reversed(pile))]
    return [*map(seen, one), *(seen(leaf.turned_over()) for leaf in reversed(one))]


def gate(paper: Paper, direction: Direction) -> list[Read]:
    """The two wings closed, the inside laid open, the two pages behind."""
    left, right = _folds(paper, 2)
    pile = turned_over(folded_under(folded_under((paper.leaf,), left, "left"), right, "right"))
    middle, *wings = pile
    first, second = sorted(wings, key=lambda leaf: leaf.left)
    if abs(first.right - second.left) > _THINNEST_STRIP_MM:
        raise Misfold("the wings do not meet in the middle")
    behind = middle.turned_over()
    spread = panels(paper.leaf.turned_over(), (-right, -(left + right) / 2, -left))
    halves = panels(behind, ((behind.left + behind.right) / 2,))
    return [*in_a_row((first, second), direction), *in_a_row(spread, direction), *in_a_row(halves, direction)]


def stack(papers: Sequence[Paper]) -> list[list[Read]]:
    """Every copy that the pile of sheets is cut into; pieces with nothing on them are waste."""
    copies = []
    cells = zip(*(_pieces(paper, papers[0]) for paper in papers), strict=True)
    for pieces in cells:
        if any(piece.above or piece.below for piece in pieces):
            copies.append([page for piece in pieces for page in turned_pages((piece,))])
    return copies


def trimmed(paper: Paper) -> Paper:
    """The sheet without the strips beyond its cuts."""
    (leaf,) = (piece for piece in _pieces(paper, paper) if piece.above or piece.below)
    return Paper(leaf, paper.folds)


def _pieces(paper: Paper, first: Paper) -> list[Leaf]:
    pieces = []
    for row in _rows(paper.leaf, first.level_cuts):
        pieces += panels(row, first.upright_cuts)
    return pieces


def _rows(leaf: Leaf, cuts: Sequence[float]) -> list[Leaf]:
    rows = []
    for y in cuts:
        row, leaf = leaf.split_across(y)
        rows.append(row)
    return [*rows, leaf]


@dataclass(frozen=True, slots=True)
class Hands:
    """What somebody knows who folds: the kind of fold, which way the script runs, the printer, the paper's thickness."""

    kind: str
    direction: Direction
    sheet_mm: tuple[float, float]
    flip: Literal["long", "short"]
    panels: int = 3
    creep_mm: float = 0

    def copies(self, pdf: bytes) -> list[list[Read]]:
        """The pages of each copy in the order in which they are read, blank ones at the end left out."""
        papers = printed(pdf, self.sheet_mm, self.flip)
        is_flat = self.kind in ("flat", "cut")
        copies = stack(papers) if is_flat else [self._read([trimmed(paper) for paper in papers])]
        return [_without_blank_end(copy) for copy in copies]

    def _read(self, papers: Sequence[Paper]) -> list[Read]:
        match self.kind:
            case "saddle":
                return booklet(papers, self.direction, self.creep_mm)
            case "half":
                return [page for paper in papers for page in booklet([paper], self.direction, 0)]
            case "letter":
                return [page for paper in papers for page in letter(paper, self.direction)]
            case "accordion":
                return [page for paper in papers for page in accordion(paper, self.direction, self.panels)]
            case "gate":
                return [page for paper in papers for page in gate(paper, self.direction)]
        raise ValueError(self.kind)


def _without_blank_end(pages: list[Read]) -> list[Read]:
    while pages and pages[-1] is None:
        pages = pages[:-1]
    return pages
