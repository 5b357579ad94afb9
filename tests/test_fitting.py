"""Which type size fills a leaflet: with few layouts, never too small to read, never on more pages than needed."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.typesetting.fitting import GOOD_FILL, MOST_LAYOUTS, STEP_PT, Layout, fit_size
from pipeline.typesetting.formats import Fit

FIT = Fit(preferred_pt=10.5, largest_pt=12, pages=2, floor_pt=(("default", 9.0),))
FLOOR = 9.0


class Text:
    """A text that fills so many pages at 10 pt; the area grows with a power of the size. Remembers what was asked."""

    def __init__(self, pages_at_10: float, power: float = 2, block: float = 0) -> None:
        self.pages_at_10, self.power, self.block = pages_at_10, power, block
        self.asked: list[float] = []

    def at(self, size: float) -> Layout:
        filled = self.pages_at_10 * (size / 10) ** self.power
        if self.block:  # a block that must not be broken leaves the end of each page empty
            filled = math.floor(filled) + min(0.999, filled % 1 + self.block * math.floor(filled))
        return Layout(size, math.ceil(filled - 1e-9) or 1, filled)

    def measure(self, size: float) -> Layout:
        self.asked.append(size)
        return self.at(size)


def fitted(text: Text, fit: Fit = FIT, floor: float = FLOOR) -> Layout:
    return fit_size(text.measure, fit, floor)


def test_a_short_text_is_set_as_large_as_allowed_on_one_page() -> None:
    assert fitted(Text(0.3)) == Text(0.3).at(12)


def test_a_text_that_nearly_fills_a_page_fills_it() -> None:
    found = fitted(Text(0.9))
    assert found.pages == 1
    assert found.filled >= GOOD_FILL


def test_a_text_just_over_a_page_shrinks_to_one() -> None:
    found = fitted(Text(1.1))
    assert (found.pages, found.filled >= GOOD_FILL, found.size_pt >= FLOOR) == (1, True, True)


def test_a_text_too_long_for_one_page_takes_two_and_grows() -> None:
    found = fitted(Text(1.5))
    assert found.pages == 2
    assert found.size_pt > FIT.preferred_pt


def test_a_text_too_long_for_the_sheet_is_set_at_the_preferred_size() -> None:
    assert fitted(Text(7)) == Text(7).at(FIT.preferred_pt)


def test_one_layout_is_enough_where_nothing_can_be_better() -> None:
    text = Text(50)
    fitted(text)
    assert text.asked == [FIT.preferred_pt]


lengths = st.floats(0.05, 6)
powers = st.floats(1.6, 2.4)


@given(lengths, powers, st.floats(0, 0.08), st.integers(1, 4), st.floats(6.5, 10.5))
def test_few_layouts_within_bounds(length: float, power: float, block: float, pages: int, floor: float) -> None:
    text = Text(length, power, block)
    fit = Fit(10.5, 12, pages, (("default", floor),))
    found = fitted(text, fit, floor)
    assert len(text.asked) <= MOST_LAYOUTS
    assert len(set(text.asked)) == len(text.asked), "a layout was asked for twice"
    assert found == text.at(found.size_pt)
    assert found.size_pt >= floor - 1e-9
    assert min(text.asked) >= floor - 1e-9
    assert max(text.asked) <= fit.largest_pt
    assert found.pages <= max(pages, text.at(fit.preferred_pt).pages)


@given(lengths, st.integers(1, 4), st.integers(130, 210).map(lambda steps: round(steps * STEP_PT, 2)))
def test_never_more_pages_than_needed(length: float, pages: int, floor: float) -> None:
    """By the law of areas, which printed text follows closely; the floor itself is always a size to try."""
    text = Text(length)
    at_floor = text.at(floor)
    assume(abs(at_floor.filled - round(at_floor.filled)) > 1e-6)
    found = fitted(text, Fit(10.5, 12, pages, (("default", floor),)), floor)
    if at_floor.pages <= pages:
        assert found.pages == at_floor.pages
    else:
        assert found == text.at(10.5)


@given(st.floats(0.05, 2.5), powers)
def test_what_fits_is_filled_or_as_large_as_allowed(length: float, power: float) -> None:
    found = fitted(Text(length, power))
    assume(found.pages <= FIT.pages and found.size_pt > FIT.preferred_pt)
    assert found.size_pt == FIT.largest_pt or found.filled / found.pages >= 0.9


def jumping(size: float) -> Layout:
    """A text whose last block jumps over: two pages from 9.7 pt on, whatever the area says."""
    return Layout(size, 1 if size < 9.7 else 2, 0.9 if size < 9.7 else 1.4)


@pytest.mark.parametrize("measure", [jumping])
def test_a_block_that_jumps_does_not_break_the_bounds(measure: Callable[[float], Layout]) -> None:
    found = fit_size(measure, FIT, FLOOR)
    assert found.pages in (1, 2)
    assert found.size_pt >= FLOOR
