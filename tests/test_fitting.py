"""How a text is set so that it fills its pages: with few layouts, never too small to read, never on more pages than asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline.typesetting.fitting import (
    GOOD_FILL,
    LAST_FILL,
    LEAST_FILL,
    LOOSEST,
    MOST_LAYOUTS,
    NEAR_FILL,
    STEP_PT,
    TIGHTEST,
    Fitted,
    Layout,
    Setting,
    fit,
)
from pipeline.typesetting.formats import Fit

FLOOR = 9.0
ONE_SHEET = Fit(10.5, 13, (1, 2), (("default", FLOOR),))


def bounds(*pages: int, largest: float = 13, preferred: float = 10.5) -> Fit:
    return Fit(preferred, largest, pages, (("default", FLOOR),))


def height(setting: Setting, slackness: float = 1.0) -> float:
    """How high a text gets by its setting, as measured on the sample; ``slackness`` makes it give way more or less."""
    finely = 0.87 * (setting.leading - 1) + 0.085 * (setting.space - 1)
    return 1 + slackness * finely - 0.06 * setting.dense - 0.07 * setting.tight


class Text:
    """A text that fills so many pages at 10 pt, evenly: its area grows with a power of the size. Remembers what was asked.

    ``movable``: its end can be let down to the foot of the last page.
    """

    def __init__(self, pages_at_10: float, power: float = 1.9, slackness: float = 1.0, movable: bool = False) -> None:
        self.pages_at_10, self.power, self.slackness, self.movable = pages_at_10, power, slackness, movable
        self.asked: list[Setting] = []

    def at(self, setting: Setting) -> Layout:
        filled = self.pages_at_10 * (setting.size_pt / 10) ** self.power * height(setting, self.slackness)
        return Layout(setting, math.ceil(filled - 1e-9) or 1, filled, self.movable)

    def measure(self, setting: Setting) -> Layout:
        self.asked.append(setting)
        return self.at(setting)


class Blocks(Text):
    """A text of blocks that are not broken: one that does not fit the rest of a page moves to the next, and leaves a hole."""

    def __init__(self, blocks: Sequence[float], power: float = 1.9, movable: bool = False) -> None:
        super().__init__(sum(blocks), power, movable=movable)
        self.blocks = blocks

    def at(self, setting: Setting) -> Layout:
        scale = (setting.size_pt / 10) ** self.power * height(setting)
        blocks = [each * scale for each in self.blocks]
        pages, used = 1, 0.0
        for block in (min(1.0, each) for each in blocks):
            if used + block > 1 + 1e-9:
                pages, used = pages + 1, 0.0
            used += block
        return Layout(setting, pages, pages - 1 + min(1.0, used), self.movable)


def expecting(pages: float, power: float = 1.9, at: float = ONE_SHEET.preferred_pt) -> Callable[[float], float]:
    """A guess: so many pages at a size, and at others as its area grows."""
    return lambda size_pt: pages * float((size_pt / at) ** power)


def fitted(text: Text, limits: Fit = ONE_SHEET, guess: float = 1.5, hint: Layout | None = None) -> Fitted:
    return fit(text.measure, limits, FLOOR, expecting(guess, at=limits.preferred_pt), hint)


def tightest(floor: float = FLOOR) -> Setting:
    return Setting(round(math.ceil(round(floor / STEP_PT, 6)) * STEP_PT, 2), TIGHTEST)


# --- settings ---------------------------------------------------------------------------------------------------------------


def test_slack_gives_way_in_an_order() -> None:
    """From the design: leading, then the space between paragraphs, then the signatories, the margins last."""
    said = [(each.leading, each.space, each.dense, each.tight) for each in (Setting(9, -slack) for slack in range(5))]
    leading, space = Setting(9, -1).leading, Setting(9, -2).space
    assert 0.9 < leading < 1
    assert 0.3 < space < 1
    assert said == [
        (1, 1, False, False),
        (leading, 1, False, False),
        (leading, space, False, False),
        (leading, space, True, False),
        (leading, space, True, True),
    ]


def test_slack_grows_from_leading_to_space() -> None:
    loose, loosest = Setting(13, 1), Setting(13, LOOSEST)
    assert 1 < loose.leading == loosest.leading <= 1.2
    assert 1 == loose.space < loosest.space


def test_a_last_page_is_as_full_as_its_lowest_line_is_low() -> None:
    assert Layout(Setting(10), 2, 1.97).fill == pytest.approx(0.97)
    assert Layout(Setting(10), 1, 0.3).fill == pytest.approx(0.3)


# --- single texts ---------------------------------------------------------------------------------------------------------


def test_a_short_text_is_set_as_large_and_loose_as_allowed_on_one_page() -> None:
    found = fitted(Text(0.2), guess=0.2)
    assert (found.fits, found.layout.pages) == (True, 1)
    assert (found.layout.setting.size_pt, found.layout.setting.slack) == (13, LOOSEST)


def test_a_text_that_nearly_fills_a_page_fills_it() -> None:
    found = fitted(Text(0.9), guess=0.95)
    assert found.layout.pages == 1
    assert found.layout.fill >= GOOD_FILL


def test_a_text_just_over_a_page_shrinks_to_one_but_is_not_pressed() -> None:
    found = fitted(Text(1.1), guess=1.2).layout
    assert (found.pages, found.fill >= GOOD_FILL, found.setting.size_pt >= FLOOR) == (1, True, True)
    pressed = fitted(Text(1.4), guess=1.5).layout
    assert (pressed.pages, pressed.setting.slack >= 0) == (2, True), "rather two pages than one that is crammed"


def test_a_text_too_long_for_one_page_takes_two_and_grows() -> None:
    found = fitted(Text(1.5), guess=1.6).layout
    assert found.pages == 2
    assert found.setting.size_pt > ONE_SHEET.preferred_pt
    assert found.fill >= GOOD_FILL


def test_a_text_that_must_be_on_one_page_is_pressed_at_the_floor() -> None:
    found = fitted(Text(1.4), bounds(1), guess=1.5)
    assert (found.fits, found.layout.pages, found.layout.fill >= GOOD_FILL) == (True, 1, True)
    assert found.layout.setting.slack < -1
    assert found.layout.setting.size_pt <= FLOOR * 1.03


def test_a_text_too_long_for_the_sheet_does_not_fit_and_says_how_full_it_is_when_tightest() -> None:
    text = Text(7)
    found = fitted(text, guess=7.5)
    assert not found.fits
    assert found.layout == text.at(tightest())


@pytest.mark.parametrize("guess", [0.01, 2, 60])
def test_a_format_without_a_limit_is_one_layout_at_the_preferred_size(guess: float) -> None:
    text = Text(50)
    found = fitted(text, bounds(), guess)
    assert text.asked == [Setting(10.5)]
    assert (found.fits, found.layouts) == (True, 1)


def test_a_floor_above_the_preferred_size_is_kept_without_a_limit() -> None:
    text = Text(50)
    assert fit(text.measure, bounds(), 16.02, expecting(1)).layout.setting == Setting(16.05)


def test_a_floor_above_the_largest_size_is_kept() -> None:
    text = Text(0.5)
    found = fit(text.measure, bounds(1, 2, largest=11), 14, expecting(0.5))
    assert {each.size_pt for each in text.asked} == {14}
    assert (found.fits, found.layout.pages) == (True, 1)


def test_a_good_guess_saves_layouts() -> None:
    near, far = Text(1.5, movable=True), Text(1.5, movable=True)
    fitted(near, guess=1.5 * 1.05**1.9)
    fitted(far, guess=9)
    assert len(near.asked) == 1
    assert len(near.asked) <= len(far.asked)
    fixed = Text(1.5)
    fitted(fixed, guess=1.5 * 1.05**1.9)
    assert len(fixed.asked) <= 3, "one more where the end stays: how full is enough is known after the first only"


# --- hints ------------------------------------------------------------------------------------------------------------------


def test_a_hint_that_still_holds_costs_one_layout() -> None:
    known = fitted(Text(1.5)).layout
    text = Text(1.5)
    again = fitted(text, guess=99, hint=known)
    assert again == Fitted(known, True, 1)
    assert text.asked == [known.setting]


def test_a_hint_holds_where_it_is_all_that_can_be_had() -> None:
    """A text too short to fill its page is not tried again and again."""
    known = fitted(Text(0.1)).layout
    assert known.fill < GOOD_FILL
    assert fitted(Text(0.1), hint=known).layouts == 1


def test_a_hint_of_another_text_is_only_where_fitting_begins() -> None:
    known = fitted(Text(1.5)).layout
    for length in (0.4, 1.53, 1.9, 2.3):
        text = Text(length)
        found = fitted(text, hint=known)
        assert found.fits
        assert found.layout.fill >= GOOD_FILL or found.layout.setting.slack == LOOSEST
        assert text.asked[0] == known.setting


def test_a_hint_of_a_format_with_other_pages_does_not_hold() -> None:
    known = fitted(Text(1.5)).layout
    found = fitted(Text(1.5), bounds(1), hint=known)
    assert found.layout.pages <= 1 or not found.fits


# --- laws -------------------------------------------------------------------------------------------------------------------

lengths = st.floats(0.05, 9)
powers = st.floats(1.6, 2.1)
slacknesses = st.floats(0.7, 1.3)
floors = st.floats(8, 12)
page_lists = st.sampled_from([(1,), (1, 2), (2,), (4,), (6,), (4, 8, 12)])
guesses = st.floats(0.5, 1.6)
# Blocks of a fiftieth to a third of a page: paragraphs, tables, pictures.
texts_of_blocks = st.lists(st.floats(0.02, 0.33), min_size=1, max_size=40)


def check_bounds(text: Text, found: Fitted, limits: Fit, floor: float) -> None:
    assert found.layouts == len(text.asked) <= MOST_LAYOUTS
    assert len(set(text.asked)) == len(text.asked), "a layout was asked for twice"
    assert found.layout == text.at(found.layout.setting)
    assert found.layout.setting in text.asked
    for each in text.asked:
        assert floor - 1e-9 <= each.size_pt <= max(limits.largest_pt, math.ceil(floor / STEP_PT) * STEP_PT) + 1e-9
        assert TIGHTEST <= each.slack <= LOOSEST
    if found.fits:
        assert found.layout.pages <= max(limits.pages)
    else:
        assert all(text.at(each).pages > max(limits.pages) for each in text.asked)


@settings(max_examples=300, deadline=None, derandomize=True)  # a search that guesses: no surprises
@given(lengths, powers, slacknesses, page_lists, floors, guesses)
def test_an_even_text_is_fitted_within_bounds(
    length: float, power: float, slackness: float, pages: tuple[int, ...], floor: float, wrong: float
) -> None:
    text, limits = Text(length, power, slackness), bounds(*pages)
    found = fit(text.measure, limits, floor, expecting(length * wrong, at=10))
    check_bounds(text, found, limits, floor)
    at_most = text.at(tightest(floor))
    assume(abs(at_most.filled - round(at_most.filled)) > 0.02)
    assert found.fits is (at_most.pages <= max(pages)), "what can be made to fit is"
    if not found.fits:
        assert found.layout == at_most


@settings(max_examples=300, deadline=None, derandomize=True)  # a search that guesses: no surprises
@given(st.floats(0.3, 9), powers, slacknesses, page_lists, st.floats(8, 10.5), st.floats(0.9, 1.1))
def test_what_fits_is_filled_or_as_large_and_loose_as_allowed(
    length: float, power: float, slackness: float, pages: tuple[int, ...], floor: float, wrong: float
) -> None:
    """A text that gives way evenly, and of which the guess is right by ten per cent, as it is with real ones."""
    text, limits = Text(length, power, slackness), bounds(*pages)
    found = fit(text.measure, limits, floor, expecting(length * wrong, at=10))
    assume(found.fits)
    setting = found.layout.setting
    loosest = setting.size_pt == 13 and setting.slack >= LOOSEST - 0.05
    looser = text.at(Setting(setting.size_pt, setting.slack + 1))
    in_steps = setting.slack < -2 and looser.pages > found.layout.pages
    assert found.layout.fill >= GOOD_FILL or loosest or in_steps, text.asked


#: Its last block is alone on a fifth page until all the others are much smaller: what the area says is of no use.
STUBBORN = [0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.1875, 0.25, 0.125, 0.125, 0.0625, 0.09375]


@settings(max_examples=300, deadline=None, derandomize=True)  # a search that guesses: no surprises
@given(texts_of_blocks, page_lists, guesses)
@example(STUBBORN, (4,), 1.1875)
def test_a_text_with_jumps_is_fitted_within_bounds(blocks: list[float], pages: tuple[int, ...], wrong: float) -> None:
    text, limits = Blocks(blocks), bounds(*pages)
    found = fit(text.measure, limits, FLOOR, expecting(sum(blocks) * wrong, at=10))
    check_bounds(text, found, limits, FLOOR)
    if text.at(tightest()).pages <= max(pages):
        assert found.fits, "blocks that jump are no reason to give up"


@given(texts_of_blocks, page_lists)
def test_the_same_text_is_set_the_same(blocks: list[float], pages: tuple[int, ...]) -> None:
    one, other = Blocks(blocks), Blocks(blocks)
    assert fitted(one, bounds(*pages)) == fitted(other, bounds(*pages))
    assert one.asked == other.asked


@given(texts_of_blocks, page_lists)
def test_what_was_fitted_once_is_one_layout_the_next_time(blocks: list[float], pages: tuple[int, ...]) -> None:
    limits = bounds(*pages)
    first = fitted(Blocks(blocks), limits)
    assume(first.fits and first.layout.pages in pages)
    again = fitted(Blocks(blocks), limits, guess=0.3, hint=first.layout)
    assert again == Fitted(first.layout, True, 1)


def jumping(setting: Setting) -> Layout:
    """A text whose last block jumps over: two pages from 9.7 pt on, whatever the area says."""
    return Layout(setting, 1 if setting.size_pt < 9.7 else 2, 0.9 if setting.size_pt < 9.7 else 1.4)


def falling(setting: Setting) -> Layout:
    """A text that needs more pages at a smaller size: a block that then stands at the foot no longer fits there."""
    return Layout(setting, 3 if 9.5 <= setting.size_pt < 10.5 else 2, 2.1 if 9.5 <= setting.size_pt < 10.5 else 1.9)


@pytest.mark.parametrize("measure", [jumping, falling])
@pytest.mark.parametrize("guess", [0.8, 1.0, 1.5, 1.9, 2.2])
def test_a_block_that_jumps_does_not_break_the_bounds(measure: Callable[[Setting], Layout], guess: float) -> None:
    found = fit(measure, ONE_SHEET, FLOOR, expecting(guess))
    assert found.fits
    assert found.layout.pages <= 2
    assert found.layout.setting.size_pt >= FLOOR
    assert found.layouts <= MOST_LAYOUTS


@pytest.mark.parametrize("pages", [(1, 2), (4,), (6,), (4, 8, 12)])
def test_a_text_takes_four_layouts_or_fewer_on_average(pages: tuple[int, ...]) -> None:
    counts = []
    for hundredths in range(30, 120 * max(pages), 7):
        length = hundredths / 100
        for wrong in (0.95, 1, 1.05):
            text = Text(length, slackness=0.85)
            if fitted(text, bounds(*pages), length * 1.05**1.9 * wrong).fits:
                counts.append(len(text.asked))
    assert sum(counts) / len(counts) <= 4


# --- an end that can be let down --------------------------------------------------------------------------------------------


def test_an_end_that_can_be_let_down_fills_the_page() -> None:
    found = fitted(Text(1.5, movable=True)).layout
    assert found.pages == 2
    assert found.fill + found.way == pytest.approx(1)
    assert fitted(Text(1.5)).layout.way == 0, "any other stays where it is"


@settings(max_examples=300, deadline=None, derandomize=True)  # a search that guesses: no surprises
@given(st.floats(0.3, 9), powers, slacknesses, page_lists, st.floats(8, 10.5), st.floats(0.9, 1.1))
def test_what_is_let_down_is_near_the_foot(
    length: float, power: float, slackness: float, pages: tuple[int, ...], floor: float, wrong: float
) -> None:
    text, limits = Text(length, power, slackness, movable=True), bounds(*pages)
    found = fit(text.measure, limits, floor, expecting(length * wrong, at=10))
    check_bounds(text, found, limits, floor)
    assume(found.fits)
    layout, setting = found.layout, found.layout.setting
    full = layout.filled >= NEAR_FILL * layout.pages and layout.fill >= LAST_FILL
    loosest = setting.size_pt == 13 and setting.slack >= LOOSEST - 0.05
    assert full or loosest or (layout.fill >= LEAST_FILL and found.layouts >= 4), text.asked


@settings(max_examples=300, deadline=None, derandomize=True)  # a search that guesses: no surprises
@given(texts_of_blocks, page_lists, guesses)
@example(STUBBORN, (4,), 1.1875)
def test_a_text_with_jumps_and_an_end_to_let_down_is_fitted_within_bounds(
    blocks: list[float], pages: tuple[int, ...], wrong: float
) -> None:
    text, limits = Blocks(blocks, movable=True), bounds(*pages)
    found = fit(text.measure, limits, FLOOR, expecting(sum(blocks) * wrong, at=10))
    check_bounds(text, found, limits, FLOOR)
    if text.at(tightest()).pages <= max(pages):
        assert found.fits, "blocks that jump are no reason to give up"


@pytest.mark.parametrize("pages", [(1, 2), (4,), (6,), (4, 8, 12)])
def test_a_text_with_an_end_to_let_down_takes_two_layouts_or_fewer_on_average(pages: tuple[int, ...]) -> None:
    counts = []
    for hundredths in range(30, 120 * max(pages), 7):
        for wrong in (0.98, 1, 1.02):
            text = Text(hundredths / 100, slackness=0.85, movable=True)
            if fit(text.measure, bounds(*pages), FLOOR, expecting(hundredths / 100 * wrong, at=10)).fits:
                counts.append(len(text.asked))
    assert sum(counts) / len(counts) <= 2
