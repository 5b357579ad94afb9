"""Printed sheets: folded and cut they give 1, 2, 3, …; boxes, bleed, marks and bytes are what a printer expects."""

from __future__ import annotations

import functools
import hashlib
import io
import itertools
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from pipeline.typesetting.imposition import (
    Direction,
    Flip,
    Scheme,
    Sheet,
    Side,
    default_flip,
    impose,
    narrow_pages,
    pages_per_sheet,
)
from pipeline.typesetting.sheets import Edition, draw_sheets
from tests.virtual_fold import Hands, Misfold, marked_pages

MM = 72 / 25.4
A4, A4_ACROSS = (210.0, 297.0), (297.0, 210.0)
US, US_ACROSS = (215.9, 279.4), (279.4, 215.9)
SCHEMES = {
    "flat": Scheme("flat", A4, A4),
    "half": Scheme("half", A4_ACROSS, (148, 210)),
    "saddle": Scheme("saddle", A4_ACROSS, (148, 210), creep_mm=0.1),
    "letter": Scheme("letter", A4_ACROSS, (100, 210), narrow_mm=97),
    "accordion": Scheme("accordion", A4_ACROSS, (99, 210)),
    "gate": Scheme("gate", A4_ACROSS, (74.25, 210)),
    "cut": Scheme("cut", A4, (105, 148), across=2, down=2),
}
OTHER_PAPERS = [
    Scheme("half", US_ACROSS, (139.7, 215.9)),
    Scheme("half", A4, (105, 297)),
    Scheme("saddle", A4, (105, 148), creep_mm=0.2),
    Scheme("letter", US_ACROSS, (94, 215.9), narrow_mm=91.4),
    Scheme("letter", A4_ACROSS, (90, 190), narrow_mm=87),
    Scheme("accordion", A4_ACROSS, (74, 210), panels=4),
    Scheme("accordion", A4_ACROSS, (50, 105), panels=5),
    Scheme("gate", US_ACROSS, (60, 200)),
    Scheme("cut", US, (107.95, 139.7), across=2, down=2),
    Scheme("cut", A4, (60, 90), across=3, down=3),
    Scheme("flat", A4, (148, 105)),
]
FOLDED = ("half", "letter", "accordion", "gate")
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
FLIPS: tuple[Flip, ...] = get_args(Flip)
#: Up to the first, a count of pages is tried with both flips; up to the second, they take turns; beyond, directions do too.
#: ``-m slow`` tries all.
BOTH_FLIPS, BOTH_DIRECTIONS = 8, 16
#: How light black ink may be on a screen, of 255.
DARK = 64
FILLED = b"0 0 0 1 k -99 -99 9999 9999 re f"


@functools.cache
def pages_for(scheme: Scheme, count: int, more: bytes = b"", bleed_mm: float = 3) -> bytes:
    """As many marked pages of a scheme, the narrow ones narrow."""
    width, height = scheme.page_mm
    narrow = {number % pages_per_sheet(scheme) for number in narrow_pages(scheme)}
    sizes = [
        (scheme.narrow_mm if number % pages_per_sheet(scheme) in narrow else width, height)
        for number in range(1, count + 1)
    ]
    return marked_pages(sizes, bleed_mm, more)


def drawn(scheme: Scheme, count: int, edition: Edition = "desk", **options: Any) -> bytes:
    """Marked pages, imposed left to right and drawn."""
    return draw_sheets(pages_for(scheme, count), impose(scheme, count, "ltr"), scheme, edition=edition, **options)


def hands(scheme: Scheme, direction: Direction, flip: Flip | None = None) -> Hands:
    flip = flip or default_flip(scheme.sheet_mm)
    return Hands(scheme.kind, direction, scheme.sheet_mm, flip, scheme.panels, scheme.creep_mm)


def assert_read(scheme: Scheme, count: int, direction: Direction, flip: Flip, edition: Edition) -> None:
    pdf = draw_sheets(pages_for(scheme, count), impose(scheme, count, direction, flip), scheme, edition=edition)
    copies = scheme.across * scheme.down
    assert hands(scheme, direction, flip).copies(pdf) == [list(range(1, count + 1))] * copies, (count, flip)


def reads(sheets: Sequence[Sheet], scheme: Scheme, count: int, reader: Hands) -> bool:
    """Whether a reader reads 1, 2, 3, … in every copy."""
    pdf = draw_sheets(pages_for(scheme, count), sheets, scheme, edition="desk")
    try:
        return reader.copies(pdf) == [list(range(1, count + 1))] * (scheme.across * scheme.down)
    except Misfold:
        return False


# --- in the hand -------------------------------------------------------------------------------------------------------------


def flips_for(count: int, direction: Direction) -> Sequence[Flip]:
    """The flips that a count of pages is tried with in a direction."""
    if count <= BOTH_FLIPS:
        return FLIPS
    if count <= BOTH_DIRECTIONS:
        return (FLIPS[count % 2],)
    return (FLIPS[count // 2 % 2],) if direction == DIRECTIONS[count % 2] else ()


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_from_the_desk_a_reader_reads_1_2_3(scheme: Scheme, direction: Direction) -> None:
    for count in range(1, 65):
        for flip in flips_for(count, direction):
            assert_read(scheme, count, direction, flip, "desk")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", FOLDED)
def test_from_the_shop_a_reader_reads_1_2_3(kind: str, direction: Direction) -> None:
    for count in (*range(1, 13), 31, 64):
        assert_read(SCHEMES[kind], count, direction, FLIPS[count % 2], "shop")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(
    "scheme", OTHER_PAPERS, ids=lambda each: f"{each.kind}-{each.page_mm[0]:g}-{each.sheet_mm[0]:g}"
)
def test_on_other_papers_a_reader_reads_1_2_3(scheme: Scheme, direction: Direction) -> None:
    for count, flip in itertools.product((1, 2, 7, 10, 16), FLIPS):
        assert_read(scheme, count, direction, flip, "desk")


@pytest.mark.slow
@pytest.mark.parametrize("flip", FLIPS)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_every_count_direction_flip_and_edition(scheme: Scheme, direction: Direction, flip: Flip) -> None:
    for count in range(1, 65):
        assert_read(scheme, count, direction, flip, "desk")
        if scheme.kind in FOLDED:
            assert_read(scheme, count, direction, flip, "shop")


# --- what the hand would notice ----------------------------------------------------------------------------------------------


def swapped(sheets: Sequence[Sheet], one: int, other: int) -> list[Sheet]:
    """The sheets with two pages in each other's places."""
    places = {one: other, other: one}

    def side(of: Side) -> Side:
        return Side(tuple(replace(each, page=places.get(each.page, each.page)) for each in of.placements))

    return [replace(sheet, front=side(sheet.front), back=side(sheet.back)) for sheet in sheets]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_two_pages_in_each_others_places_are_noticed(scheme: Scheme, direction: Direction) -> None:
    count = min(8, 2 * pages_per_sheet(scheme))
    sheets = impose(scheme, count, direction)
    narrow = set(narrow_pages(scheme))
    for one, other in itertools.combinations(range(1, count + 1), 2):
        if (one in narrow) == (other in narrow):
            assert not reads(swapped(sheets, one, other), scheme, count, hands(scheme, direction)), (one, other)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_a_page_upside_down_is_noticed(scheme: Scheme) -> None:
    sheets = impose(scheme, 2, "ltr")
    for side in ("front", "back") if scheme.kind != "saddle" else ("front",):
        placements = getattr(sheets[0], side).placements
        for place, each in enumerate(placements):
            changed = (*placements[:place], replace(each, turned=not each.turned), *placements[place + 1 :])
            sheet = (
                replace(sheets[0], front=Side(changed)) if side == "front" else replace(sheets[0], back=Side(changed))
            )
            assert not reads([sheet], scheme, 2, hands(scheme, "ltr"))


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_a_sheet_turned_over_the_other_edge_is_noticed(scheme: Scheme) -> None:
    count = pages_per_sheet(scheme)
    for printed, turned in (FLIPS, FLIPS[::-1]):
        assert not reads(impose(scheme, count, "ltr", printed), scheme, count, hands(scheme, "ltr", turned))


@pytest.mark.parametrize("kind", ["half", "saddle", "letter", "accordion", "gate"])
def test_a_fold_in_the_other_direction_is_noticed(kind: str) -> None:
    scheme = SCHEMES[kind]
    for written, read in (DIRECTIONS, DIRECTIONS[::-1]):
        assert not reads(impose(scheme, 4, written), scheme, 4, hands(scheme, read))


def test_a_fold_in_the_wrong_place_is_noticed() -> None:
    scheme = SCHEMES["letter"]
    (sheet,) = impose(scheme, 6, "ltr")
    folds = tuple(replace(line, x1_mm=297 - line.x1_mm, x2_mm=297 - line.x2_mm) for line in sheet.folds[::-1])
    assert not reads([replace(sheet, folds=folds)], scheme, 6, hands(scheme, "ltr"))
    assert not reads([replace(sheet, folds=sheet.folds[:1])], scheme, 6, hands(scheme, "ltr"))


def test_sheets_in_another_order_are_noticed() -> None:
    for scheme in SCHEMES.values():
        count = 2 * pages_per_sheet(scheme)
        assert not reads(impose(scheme, count, "ltr")[::-1], scheme, count, hands(scheme, "ltr"))


def test_without_creep_thick_paper_pushes_pages_out_of_their_place() -> None:
    thick = replace(SCHEMES["saddle"], creep_mm=0.2)
    reader = hands(thick, "rtl")
    assert reads(impose(thick, 64, "rtl"), thick, 64, reader)
    assert not reads(impose(replace(thick, creep_mm=0), 64, "rtl"), thick, 64, reader)


# --- the desk ------------------------------------------------------------------------------------------------------------------


def pictures(pdf: bytes, scale: float = 1) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=scale).to_pil().convert("RGB") for page in document]


def is_dark(picture: Image.Image, place: tuple[int, int]) -> bool:
    """Whether there is black ink: on a screen it is no pure black."""
    return max(picture.crop((*place, place[0] + 1, place[1] + 1)).tobytes()) < DARK


def box_mm(page: pikepdf.Page, name: str) -> tuple[float, ...]:
    return tuple(round(float(edge) / MM, 2) for edge in page.obj[name])


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def lines_mm(pdf: bytes, number: int) -> list[tuple[float, float, float, float]]:
    """The boxes of the lines that are drawn on a sheet itself, without the width of the pen."""
    with pypdfium2.PdfDocument(pdf) as document:
        paths = document[number].get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=1)
        return [tuple(round(edge / MM, 1) for edge in path.get_bounds()) for path in paths]


@pytest.mark.parametrize("scheme", [*SCHEMES.values(), *OTHER_PAPERS], ids=lambda each: each.kind)
def test_a_desk_page_is_the_whole_sheet(scheme: Scheme) -> None:
    with opened(drawn(scheme, 5)) as pdf:
        for page in pdf.pages:
            for name in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox"):
                assert box_mm(page, name) == pytest.approx((0, 0, *scheme.sheet_mm), abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
@pytest.mark.parametrize("flip", FLIPS)
def test_nothing_is_inked_in_the_outer_6_mm(scheme: Scheme, flip: Flip) -> None:
    count = pages_per_sheet(scheme)
    sheets, note = impose(scheme, count, "ltr", flip), marked_pages([(100, 5)], 0, FILLED)
    pdf = draw_sheets(pages_for(scheme, count, FILLED), sheets, scheme, edition="desk", notes=note)
    for picture in pictures(pdf):
        edge = int(6 * MM)
        width, height = picture.size
        for strip in (
            (0, 0, width, edge),
            (0, height - edge, width, height),
            (0, 0, edge, height),
            (width - edge, 0, width, height),
        ):
            assert picture.crop(strip).getextrema() == ((255, 255),) * 3
        assert is_dark(picture, (edge + 4, edge + 4))


def test_the_safe_edge_is_the_printers_choice() -> None:
    scheme = SCHEMES["flat"]
    pdf = draw_sheets(pages_for(scheme, 1, FILLED), impose(scheme, 1, "ltr"), scheme, edition="desk", safe_mm=20)
    left, top, right, bottom = pictures(pdf)[0].convert("L").point(lambda ink: 255 - ink).getbbox() or (0, 0, 0, 0)
    assert (left / MM, top / MM) == pytest.approx((20, 20), abs=0.5)
    assert (right / MM, bottom / MM) == pytest.approx((190, 277), abs=0.5)


def test_on_the_desk_a_page_ends_at_its_trim() -> None:
    scheme = Scheme("flat", A4, (105, 148))
    pdf = draw_sheets(pages_for(scheme, 2, FILLED), impose(scheme, 2, "ltr"), scheme, edition="desk")
    left, _, right, _ = pictures(pdf)[1].convert("L").point(lambda ink: 255 - ink).getbbox() or (0, 0, 0, 0)
    assert (left / MM, right / MM) == pytest.approx((52.5, 157.5), abs=0.7)


def test_folds_are_hinted_at_inside_the_safe_edge_on_both_sides() -> None:
    pdf = drawn(SCHEMES["letter"], 6)
    for number, folds in ((0, (97, 197)), (1, (100, 200))):
        lines = lines_mm(pdf, number)
        assert {round((left + right) / 2) for left, _, right, _ in lines} == set(folds)
        assert {(round(bottom), round(top)) for _, bottom, _, top in lines} == {(6, 9), (201, 204)}


@pytest.mark.parametrize("edition", get_args(Edition))
@pytest.mark.parametrize(("flip", "folds"), [("short", (100, 200)), ("long", (97, 197))])
def test_the_folds_of_a_back_are_between_its_pages(edition: Edition, flip: Flip, folds: tuple[int, int]) -> None:
    scheme = SCHEMES["letter"]
    pdf = draw_sheets(pages_for(scheme, 6), impose(scheme, 6, "ltr", flip), scheme, edition=edition)
    origin = 11 if edition == "shop" else 0
    found = {round((left + right) / 2 - origin) for left, _, right, _ in lines_mm(pdf, 1) if right - left < 1}
    assert found - {0, 297} == set(folds)


def test_a_flyer_has_its_cuts_on_its_fronts() -> None:
    pdf = drawn(SCHEMES["cut"], 2)
    assert len(lines_mm(pdf, 0)) == 2
    assert lines_mm(pdf, 1) == []


def test_every_mark_of_the_desk_is_black_alone() -> None:
    for scheme in SCHEMES.values():
        with opened(drawn(scheme, 8)) as pdf:
            for page in pdf.pages:
                operators = {str(each.operator): each.operands for each in pikepdf.parse_content_stream(page)}
                assert not operators.keys() & {"rg", "RG", "g", "G", "k", "cs", "CS", "sc", "SC", "scn", "SCN"}
                assert [int(ink) for ink in operators.get("K", (0, 0, 0, 1))] == [0, 0, 0, 1]


def words(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def text_boxes_mm(pdf: bytes, number: int, letter: str) -> list[tuple[float, ...]]:
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[number].get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        return [
            tuple(edge / MM for edge in box)
            for place, box in enumerate(boxes)
            if text.get_text_range(place, 1) == letter
        ]


def note_pdf(*letters: str) -> bytes:
    """A note on a page of 60 × 5 mm, its words in Helvetica."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for each in letters:
        pdf.add_blank_page(page_size=(60 * MM, 5 * MM))
        page = pdf.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = pdf.make_stream(b"BT 0 0 0 1 k /F 9 Tf %.3f 3 Td (%b) Tj ET" % (30 * MM, each.encode()))
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def test_the_note_stands_at_the_foot_of_the_front() -> None:
    pdf = drawn(SCHEMES["half"], 8, notes=note_pdf("!"))
    assert ["!" in text for text in words(pdf)] == [True, False, True, False]
    ((left, bottom, _, top),) = text_boxes_mm(pdf, 0, "!")
    assert left == pytest.approx(148.5, abs=1.5)
    assert 6 < bottom < top < 11
    # A dash through the words would be read as a letter: only the one at the head is left.
    assert [round(bottom) for _, bottom, _, _ in lines_mm(pdf, 0)] == [201]


def test_a_second_note_stands_at_the_foot_of_the_backs_pages() -> None:
    scheme, pages = SCHEMES["half"], pages_for(SCHEMES["half"], 6)
    for flip, foot in zip(FLIPS, (199, 6), strict=True):
        sheets = impose(scheme, 6, "ltr", flip)
        pdf = draw_sheets(pages, sheets, scheme, edition="desk", notes=note_pdf("!", "#"))
        assert [("!" in text, "#" in text) for text in words(pdf)] == [(True, False), (False, True)] * 2
        ((_, bottom, _, top),) = text_boxes_mm(pdf, 1, "#")
        assert foot < bottom < top < foot + 5


def test_a_cut_does_not_run_through_the_note() -> None:
    pdf = drawn(SCHEMES["cut"], 2, notes=note_pdf("!"))
    upright = next(line for line in lines_mm(pdf, 0) if line[2] - line[0] < 1)
    assert upright[1] == pytest.approx(13, abs=0.2)


def test_an_empty_back_stays_empty() -> None:
    pdf = drawn(SCHEMES["letter"], 1, notes=note_pdf("!", "#"))
    assert [picture.convert("L").getextrema()[0] for picture in pictures(pdf)] == [pytest.approx(0, abs=128), 255]


def test_on_a_printer_with_one_side_the_backs_come_in_the_order_of_the_fronts() -> None:
    whole, fronts, backs = (words(drawn(SCHEMES["half"], 11, sides=sides)) for sides in ("both", "odd", "even"))
    assert fronts == whole[::2]
    assert backs == whole[1::2]
    assert len(fronts) == len(backs) == 3


@pytest.mark.parametrize(
    ("kind", "flip", "sides", "wanted"),
    [
        ("flat", None, "both", "/DuplexFlipLongEdge"),
        ("flat", "short", "both", "/DuplexFlipShortEdge"),
        ("letter", None, "both", "/DuplexFlipShortEdge"),
        ("letter", "long", "both", "/DuplexFlipLongEdge"),
        ("letter", None, "odd", "/Simplex"),
    ],
)
def test_the_print_dialogue_is_told_the_flip_and_the_size(kind: str, flip: Flip, sides: Any, wanted: str) -> None:
    scheme = SCHEMES[kind]
    sheets = impose(scheme, 6, "ltr", flip)
    with opened(draw_sheets(pages_for(scheme, 6), sheets, scheme, edition="desk", sides=sides)) as pdf:
        assert dict(pdf.Root.ViewerPreferences) == {"/PrintScaling": "/None", "/Duplex": wanted}


# --- the shop ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SCHEMES)
@pytest.mark.parametrize("bleed", [3, 3.175])
def test_a_shop_page_has_trim_bleed_and_slug(kind: str, bleed: float) -> None:
    scheme = SCHEMES[kind]
    width, height = scheme.page_mm
    spread = {"half": 296, "letter": 297, "accordion": 297, "gate": 297}
    slug = bleed + 8
    with opened(drawn(scheme, 3, "shop", bleed_mm=bleed)) as pdf:
        for page in pdf.pages:
            across = spread.get(kind, width)
            assert box_mm(page, "/TrimBox") == pytest.approx((slug, slug, slug + across, slug + height), abs=0.02)
            media = (0, 0, across + 2 * slug, height + 2 * slug)
            assert box_mm(page, "/MediaBox") == box_mm(page, "/CropBox") == pytest.approx(media, abs=0.02)
            around = (slug - bleed, slug - bleed, slug + across + bleed, slug + height + bleed)
            assert box_mm(page, "/BleedBox") == pytest.approx(around, abs=0.02)


def test_marks_are_outside_the_bleed_and_inside_the_medium_in_all_inks() -> None:
    for scheme in SCHEMES.values():
        data = drawn(scheme, 3, "shop")
        with opened(data) as pdf:
            for number, page in enumerate(pdf.pages):
                left, bottom, right, top = box_mm(page, "/BleedBox")
                _, _, width, height = box_mm(page, "/MediaBox")
                marks = lines_mm(data, number)
                assert len(marks) == 8 + 2 * {"half": 1, "letter": 2, "accordion": 2, "gate": 2}.get(scheme.kind, 0)
                for x1, y1, x2, y2 in marks:
                    assert x2 <= left - 1.8 or x1 >= right + 1.8 or y2 <= bottom - 1.8 or y1 >= top + 1.8
                    assert x1 > 0 < y1
                    assert x2 < width
                    assert y2 < height
                    assert max(x2 - x1, y2 - y1) == pytest.approx(5, abs=0.25)
                operators = {str(each.operator): each.operands for each in pikepdf.parse_content_stream(page)}
                assert not operators.keys() & {"rg", "RG", "g", "G", "cs", "CS", "sc", "SC", "scn", "SCN"}
                assert [int(ink) for ink in operators["K"]] == [1, 1, 1, 1]


def test_the_shop_gets_single_pages_of_what_it_imposes_itself() -> None:
    assert [len(text) for text in words(drawn(SCHEMES["flat"], 3, "shop"))] == [1, 1, 1]
    assert [len(text) for text in words(drawn(SCHEMES["cut"], 2, "shop"))] == [1, 1]
    assert words(drawn(SCHEMES["flat"], 3, "shop")) == ["1", "2", "3"]
    assert words(drawn(SCHEMES["saddle"], 6, "shop")) == ["1", "2", "3", "4", "5", "6", "", ""]


def coloured(scheme: Scheme, inks: Sequence[bytes]) -> bytes:
    """Pages that are each filled with an ink, bleed and all."""
    target, pages = pikepdf.new(), []
    for number, ink in enumerate(inks, 1):
        pages.append(opened(pages_for(scheme, len(inks), ink + b" k -99 -99 9999 9999 re f")))
        target.pages.append(pages[-1].pages[number - 1])
    written = io.BytesIO()
    target.save(written)
    return written.getvalue()


CYAN, MAGENTA, YELLOW, BLACK = b"1 0 0 0", b"0 1 0 0", b"0 0 1 0", b"0 0 0 1"


def test_bleed_ends_at_the_fold_and_at_the_bleed_box() -> None:
    scheme = SCHEMES["letter"]
    inks = [YELLOW, BLACK, BLACK, BLACK, CYAN, MAGENTA]
    pdf = draw_sheets(coloured(scheme, inks), impose(scheme, 6, "ltr"), scheme, edition="shop")
    front = pictures(pdf, scale=2)[0]

    def at(x: float, y: float) -> str:
        """The ink so far from the lower left corner of the trim."""
        left, top = round((11 + x) * MM * 2), front.size[1] - round((11 + y) * MM * 2)
        light = front.crop((left, top, left + 1, top + 1)).tobytes()
        return "white" if min(light) > 200 else ("cyan", "magenta", "yellow")[light.index(min(light))]

    assert [at(x, 100) for x in (-3.5, -2.5, 96.5, 97.5, 196.5, 197.5, 299.5, 300.5)] == [
        *("white", "cyan", "cyan", "magenta", "magenta", "yellow", "yellow", "white"),
    ]
    assert [at(150, y) for y in (-3.5, -2.5, 212.5, 213.5)] == ["white", "magenta", "magenta", "white"]


def test_bleed_does_not_run_into_an_empty_neighbour() -> None:
    scheme = SCHEMES["half"]
    pdf = draw_sheets(pages_for(scheme, 1, FILLED), impose(scheme, 1, "ltr"), scheme, edition="shop")
    picture = pictures(pdf)[0]
    fold, middle = (11 + 148) * MM, picture.size[1] // 2
    assert picture.getpixel((round(fold) - 2, middle)) == (255, 255, 255)
    assert is_dark(picture, (round(fold) + 2, middle))


# --- the file ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", get_args(Edition))
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_qpdf_finds_nothing_wrong(scheme: Scheme, edition: Edition) -> None:
    with opened(drawn(scheme, 9, edition, notes=note_pdf("!"))) as pdf:
        assert pdf.check_pdf_syntax() == []


SCRIPT = """
import hashlib, tests.test_sheets as t
print(hashlib.sha256(b"".join(t.drawn(s, 7, e) for s in t.SCHEMES.values() for e in ("desk", "shop"))).hexdigest())
"""


def test_the_same_sheets_are_the_same_bytes_in_any_process() -> None:
    here = [drawn(scheme, 7, edition) for scheme in SCHEMES.values() for edition in get_args(Edition)]
    assert here == [drawn(scheme, 7, edition) for scheme in SCHEMES.values() for edition in get_args(Edition)]
    command = [sys.executable, "-c", SCRIPT]
    there = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == hashlib.sha256(b"".join(here)).hexdigest()


def test_a_page_is_one_form_with_its_name_however_often_it_is_placed() -> None:
    with opened(drawn(SCHEMES["cut"], 2, notes=note_pdf("!"))) as pdf:
        assert [sorted(page.Resources.XObject.keys()) for page in pdf.pages] == [["/N1", "/P1"], ["/P2"]]
        assert sum(isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form" for each in pdf.objects) == 3


def test_a_pages_stream_is_taken_over_as_it_is() -> None:
    pages = pages_for(SCHEMES["flat"], 1)
    with opened(pages) as before, opened(drawn(SCHEMES["flat"], 1)) as after:
        form = after.pages[0].Resources.XObject["/P1"]
        assert form.read_raw_bytes() == before.pages[0].Contents.read_raw_bytes()
        assert form.BBox == before.pages[0].MediaBox


def test_language_and_title_stay_and_no_date_comes() -> None:
    with opened(pages_for(SCHEMES["flat"], 1)) as source:
        source.Root.Lang = "ckb"
        source.docinfo["/Title"] = "ئاو"
        source.docinfo["/CreationDate"] = "D:20260101000000Z"
        titled = io.BytesIO()
        source.save(titled)
    for edition in get_args(Edition):
        scheme = SCHEMES["flat"]
        with opened(draw_sheets(titled.getvalue(), impose(scheme, 1, "rtl"), scheme, edition=edition)) as pdf:
            assert str(pdf.Root.Lang) == "ckb"
            assert {name: str(value) for name, value in pdf.docinfo.items()} == {"/Title": "ئاو"}


def test_a_page_may_be_empty_or_in_several_streams() -> None:
    scheme = SCHEMES["flat"]
    with opened(pages_for(scheme, 2)) as source:
        first, second = source.pages
        first.Contents = pikepdf.Array([source.make_stream(b"BT /F 9 Tf 60 60 Td"), source.make_stream(b"(1) Tj ET")])
        del second.obj["/Contents"]
        changed = io.BytesIO()
        source.save(changed)
    assert words(draw_sheets(changed.getvalue(), impose(scheme, 2, "ltr"), scheme, edition="desk")) == ["1", ""]


def test_sheets_for_other_pages_are_refused() -> None:
    scheme = SCHEMES["letter"]
    with pytest.raises(ValueError, match="not imposed for 6 pages"):
        draw_sheets(pages_for(scheme, 6), impose(scheme, 5, "ltr"), scheme, edition="desk")
    with pytest.raises(ValueError, match=r"page [45] is 100\.0 × 210\.0 mm, its place 97 × 210 mm"):
        draw_sheets(marked_pages([(100, 210)] * 6), impose(scheme, 6, "ltr"), scheme, edition="desk")


def test_pages_of_weasyprint_are_imposed() -> None:
    """Its MediaBox begins below 0, and its narrow pages are CSS."""
    import weasyprint

    css = "@page{size:100mm 210mm;bleed:3mm;margin:12mm} @page :nth(6n+4){size:97mm 210mm} @page :nth(6n+5){size:97mm 210mm}"
    body = "".join(f'<p style="break-after:page">Page{number}' for number in range(1, 9))
    html = f"<html lang=en><title>Water</title><style>{css}</style><body>{body}"
    pages = weasyprint.HTML(string=html).write_pdf()
    scheme = SCHEMES["letter"]
    for edition in get_args(Edition):
        pdf = draw_sheets(pages, impose(scheme, 8, "ltr"), scheme, edition=edition)
        assert ["".join(text.split()) for text in words(pdf)] == [
            "Page5Page6Page1",
            "Page2Page3Page4",
            "Page7",
            "Page8",
        ]
        with opened(pdf) as sheets:
            assert sheets.check_pdf_syntax() == []
