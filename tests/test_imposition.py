"""Where pages go on sheets: laws that hold for every scheme, and the orders that a printer knows by heart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.typesetting.imposition import (
    Direction,
    Flip,
    Kind,
    Line,
    Placement,
    Scheme,
    Sheet,
    Side,
    default_flip,
    impose,
    narrow_pages,
    pages_per_sheet,
    scheme_faults,
)

A4, A4_ACROSS = (210.0, 297.0), (297.0, 210.0)
LETTER_FOLD = Scheme("letter", A4_ACROSS, (100, 210), narrow_mm=97)
BOOKLET = Scheme("saddle", A4_ACROSS, (148, 210), creep_mm=0.1)
GATE = Scheme("gate", A4_ACROSS, (74.25, 210))
FLYER = Scheme("cut", A4, (105, 148), across=2, down=2)

directions = st.sampled_from(get_args(Direction))
flips = st.sampled_from([None, *get_args(Flip)])
counts = st.integers(1, 64)
millimetres = st.integers(40, 300).map(float)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Any scheme that can be printed: the sheet is as large as its pages, or larger."""
    kind = draw(st.sampled_from(get_args(Kind)))
    width, height = draw(millimetres), draw(millimetres)
    panels = draw(st.integers(2, 6)) if kind == "accordion" else 3
    across, down = (draw(st.integers(1, 4)), draw(st.integers(1, 4))) if kind == "cut" else (1, 1)
    narrow = width - draw(st.integers(1, 5)) if kind == "letter" else 0
    row = {"flat": width, "letter": 2 * width + narrow, "accordion": panels * width, "gate": 4 * width}
    block = row.get(kind, 2 * width if kind in ("half", "saddle") else across * width), down * height
    sheet = block[0] + draw(st.integers(0, 40)) / 2, block[1] + draw(st.integers(0, 40)) / 2
    creep = draw(st.sampled_from([0, 0.1, 0.25])) if kind == "saddle" else 0
    return Scheme(kind, sheet, (width, height), narrow, panels, across, down, creep)


def order(side: Side) -> list[int]:
    return [each.page for each in side.placements]


def orders(scheme: Scheme, pages: int, direction: Direction = "ltr") -> list[list[int]]:
    return [order(side) for sheet in impose(scheme, pages, direction) for side in (sheet.front, sheet.back)]


def all_sides(sheets: tuple[Sheet, ...]) -> Iterator[Side]:
    for sheet in sheets:
        yield sheet.front
        yield sheet.back


def mirrored(side: Side, width: float) -> set[Placement]:
    return {
        replace(each, x_mm=round(width - each.x_mm - each.width_mm, 6), shift_mm=-each.shift_mm)
        for each in side.placements
    }


def rounded(side: Side) -> set[Placement]:
    return {replace(each, x_mm=round(each.x_mm, 6)) for each in side.placements}


# --- orders that are known by heart ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "pages", "ltr"),
    [
        (Scheme("flat", A4, A4), 3, [[1], [2], [3], []]),
        (Scheme("half", A4_ACROSS, (148, 210)), 8, [[4, 1], [2, 3], [8, 5], [6, 7]]),
        (Scheme("half", A4_ACROSS, (148, 210)), 2, [[1], [2]]),
        (BOOKLET, 8, [[8, 1], [2, 7], [6, 3], [4, 5]]),
        (BOOKLET, 5, [[1], [2], [3], [4, 5]]),
        (LETTER_FOLD, 6, [[5, 6, 1], [2, 3, 4]]),
        (LETTER_FOLD, 8, [[5, 6, 1], [2, 3, 4], [7], [8]]),
        (Scheme("accordion", A4_ACROSS, (99, 210)), 6, [[1, 2, 3], [4, 5, 6]]),
        (GATE, 8, [[2, 7, 8, 1], [3, 4, 5, 6]]),
        (FLYER, 2, [[1] * 4, [2] * 4]),
        (FLYER, 1, [[1] * 4, []]),
    ],
)
def test_the_order_of_pages_on_each_side(scheme: Scheme, pages: int, ltr: list[list[int]]) -> None:
    assert orders(scheme, pages) == ltr
    assert orders(scheme, pages, "rtl") == [side[::-1] for side in ltr]


def test_the_panel_folded_in_is_narrow_on_both_its_faces() -> None:
    (sheet,) = impose(LETTER_FOLD, 6, "ltr")
    assert [(each.page, each.x_mm, each.width_mm) for each in sheet.front.placements] == [
        (5, 0, 97),
        (6, 97, 100),
        (1, 197, 100),
    ]
    assert [(each.page, each.x_mm, each.width_mm) for each in sheet.back.placements] == [
        (2, 0, 100),
        (3, 100, 100),
        (4, 200, 97),
    ]
    assert sheet.folds == (Line(97, 0, 97, 210), Line(197, 0, 197, 210))


def test_a_gate_is_not_folded_where_its_wings_meet() -> None:
    assert [line.x1_mm for line in impose(GATE, 8, "ltr")[0].folds] == [74.25, 222.75]


def test_a_flyer_is_cut_between_its_copies_and_not_around_half_a_millimetre() -> None:
    assert impose(FLYER, 2, "ltr")[0].cuts == (Line(105, 0, 105, 297), Line(0, 148.5, 210, 148.5))


def test_a_margin_worth_cutting_off_has_its_cuts() -> None:
    postcard = Scheme("flat", A4, (148, 105))
    assert impose(postcard, 1, "ltr")[0].cuts == (
        Line(31, 0, 31, 297),
        Line(179, 0, 179, 297),
        Line(0, 96, 210, 96),
        Line(0, 201, 210, 201),
    )


def test_creep_moves_the_pages_of_inner_sheets_to_the_spine() -> None:
    sheets = impose(BOOKLET, 12, "ltr")
    assert [[each.shift_mm for each in sheet.front.placements] for sheet in sheets] == [
        [0, 0],
        [0.1, -0.1],
        [0.2, -0.2],
    ]


def test_the_usual_flip_turns_a_sheet_about_its_upright_axis() -> None:
    assert (default_flip(A4), default_flip(A4_ACROSS)) == ("long", "short")
    assert impose(FLYER, 2, "ltr") == impose(FLYER, 2, "ltr", "long")
    assert impose(BOOKLET, 8, "ltr") == impose(BOOKLET, 8, "ltr", "short")
    assert impose(BOOKLET, 8, "ltr", "long")[0].tumble


def test_no_pages_need_no_sheet() -> None:
    assert impose(BOOKLET, 0, "ltr") == ()


# --- laws ----------------------------------------------------------------------------------------------------------------------


@given(schemes(), counts, directions, flips)
def test_every_page_is_there_once_per_copy(scheme: Scheme, pages: int, direction: Direction, flip: Flip | None) -> None:
    sheets = impose(scheme, pages, direction, flip)
    found = Counter(page for side in all_sides(sheets) for page in order(side))
    assert found == dict.fromkeys(range(1, pages + 1), scheme.across * scheme.down)
    assert len(sheets) == -(-pages // pages_per_sheet(scheme))


@given(schemes(), counts, directions, flips)
def test_nothing_lies_outside_the_sheet(scheme: Scheme, pages: int, direction: Direction, flip: Flip | None) -> None:
    width, height = scheme.sheet_mm
    sheets = impose(scheme, pages, direction, flip)
    for each in (each for side in all_sides(sheets) for each in side.placements):
        assert -1e-6 <= each.x_mm <= each.x_mm + each.width_mm <= width + 1e-6
        assert -1e-6 <= each.y_mm <= each.y_mm + each.height_mm <= height + 1e-6
    for line in (line for sheet in sheets for line in (*sheet.folds, *sheet.cuts)):
        assert 0 <= line.x1_mm <= line.x2_mm <= width
        assert 0 <= line.y1_mm <= line.y2_mm <= height


@given(schemes(), counts, directions, flips)
def test_no_page_lies_on_another(scheme: Scheme, pages: int, direction: Direction, flip: Flip | None) -> None:
    for side in all_sides(impose(scheme, pages, direction, flip)):
        for number, one in enumerate(side.placements):
            for other in side.placements[number + 1 :]:
                beside = one.x_mm + one.width_mm <= other.x_mm + 1e-6 or other.x_mm + other.width_mm <= one.x_mm + 1e-6
                above = one.y_mm + one.height_mm <= other.y_mm + 1e-6 or other.y_mm + other.height_mm <= one.y_mm + 1e-6
                assert beside or above


@given(schemes(), counts, flips)
def test_right_to_left_is_the_mirror_of_left_to_right(scheme: Scheme, pages: int, flip: Flip | None) -> None:
    width = scheme.sheet_mm[0]
    for ltr, rtl in zip(impose(scheme, pages, "ltr", flip), impose(scheme, pages, "rtl", flip), strict=True):
        assert mirrored(ltr.front, width) == rounded(rtl.front)
        assert mirrored(ltr.back, width) == rounded(rtl.back)
        assert sorted(round(width - line.x1_mm, 6) for line in ltr.folds) == [
            round(line.x1_mm, 6) for line in rtl.folds
        ]
        assert ltr.cuts == rtl.cuts


@given(schemes(), counts, directions)
def test_the_other_flip_turns_the_backs_and_nothing_else(scheme: Scheme, pages: int, direction: Direction) -> None:
    width, height = scheme.sheet_mm
    usual = default_flip(scheme.sheet_mm)
    other: Flip = "short" if usual == "long" else "long"
    for upright, tumbled in zip(
        impose(scheme, pages, direction, usual), impose(scheme, pages, direction, other), strict=True
    ):
        assert (upright.front, upright.folds, upright.cuts) == (tumbled.front, tumbled.folds, tumbled.cuts)
        assert all(each.turned for each in tumbled.back.placements)
        assert [
            (each.page, round(width - each.x_mm - each.width_mm, 6), round(height - each.y_mm - each.height_mm, 6))
            for each in reversed(tumbled.back.placements)
        ] == [(each.page, round(each.x_mm, 6), round(each.y_mm, 6)) for each in upright.back.placements]


@given(schemes(), counts, directions)
def test_behind_every_page_is_a_page_of_the_same_size(scheme: Scheme, pages: int, direction: Direction) -> None:
    width = scheme.sheet_mm[0]
    for sheet in impose(scheme, pages, direction):
        front = {(round(each.x_mm, 6), each.y_mm): each.width_mm for each in sheet.front.placements}
        for each in sheet.back.placements:
            behind = front.get((round(width - each.x_mm - each.width_mm, 6), each.y_mm))
            assert behind in (None, each.width_mm)


@given(schemes(), counts, directions)
def test_narrow_pages_alone_are_narrow(scheme: Scheme, pages: int, direction: Direction) -> None:
    narrow = narrow_pages(scheme)
    for each in (each for side in all_sides(impose(scheme, pages, direction)) for each in side.placements):
        is_narrow = (each.page - 1) % pages_per_sheet(scheme) + 1 in narrow
        assert each.width_mm == (scheme.narrow_mm if is_narrow else scheme.page_mm[0])


# --- faults ----------------------------------------------------------------------------------------------------------------------


@given(schemes())
def test_a_scheme_that_fits_has_no_faults(scheme: Scheme) -> None:
    assert scheme_faults(scheme) == ()


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        (
            replace(BOOKLET, sheet_mm=A4),
            "296 × 210 mm, the sheet has 210 × 297 mm; turned, they fit: sheet_mm = [297, 210]",
        ),
        (Scheme("gate", A4, (148, 210)), "together they need 592 × 210 mm"),
        (replace(LETTER_FOLD, narrow_mm=0), "say narrow_mm, usually 97, not 0"),
        (replace(LETTER_FOLD, narrow_mm=100), "a little narrower than the others (100 mm)"),
        (replace(LETTER_FOLD, panels=4), "a letter fold has 3 panels, not 4"),
        (Scheme("accordion", A4, (100, 210), panels=1), "2 panels or more, not 1"),
        (replace(FLYER, down=0), "1 × 1 copies or more, not 2 × 0"),
        (replace(BOOKLET, creep_mm=-0.1), "creep is 0 mm or more"),
        (Scheme("flat", (0, 297), A4), "above 0 mm"),
    ],
)
def test_a_fault_is_said_in_words_and_cannot_be_imposed(scheme: Scheme, words: str) -> None:
    assert any(words in fault for fault in scheme_faults(scheme)), scheme_faults(scheme)
    with pytest.raises(ValueError, match=re.escape(words)):
        impose(scheme, 4, "ltr")
