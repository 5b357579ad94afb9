"""Which type size, leading and density make a text fill its pages: arithmetic only, layouts are asked for.

All settings lie on one path from the tightest to the loosest: at the floor of the type size the margins, the signatories,
the space between paragraphs and the leading give way, in this order backwards; then the size grows; at the largest size
leading and space grow. ``slack`` says where beside the size: 0 is the design as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from pipeline.typesetting.formats import Fit

STEP_PT = 0.05
#: A last page is full if its lowest line is not higher than this.
GOOD_FILL = 0.97
#: Where its end can be let down to its foot: how much of all pages and of the last one must be filled; and how much of the last
#: one after so many layouts, for then it is a block that leaps.
NEAR_FILL, LAST_FILL = 0.94, 0.75
_MANY, LEAST_FILL = 4, 0.6
MOST_LAYOUTS = 8
#: What to look for: on the last page, and of all pages where its end can be let down.
_AIM, _NEAR_AIM = 0.986, 0.982
TIGHTEST, LOOSEST = -4.0, 2.0
#: Below it slack gives way in whole steps: signatories are dense or not, margins tight or not.
_STEPS = -2.0
#: How high the text gets at each slack, against slack 0: measured on the sample. Between these it is taken for linear.
_HEIGHTS = ((-4.0, 0.78), (-3.0, 0.85), (-2.0, 0.91), (-1.0, 0.95), (0.0, 1.0), (1.0, 1.09), (2.0, 1.27))
#: The area of a text grows with nearly the square of its size: margins and pictures do not grow.
_POWER = 1.85
#: So much of a page is not made up for by slack: the size is looked for again.
_MUCH = 0.1
_NEXT = 0.03
#: The height of the block at the end, and what is over when only that has no place left.
_BLOCK, _BARELY = 0.2, 0.04
_FINE = 0.02
_SAME = 0.005


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """How a text is set: type size in points and slack (see above)."""

    size_pt: float
    slack: float = 0.0

    @property
    def leading(self) -> float:
        """The leading against that of the language's typography."""
        return round(1 + (0.1 if self.slack > 0 else 0.07) * max(-1.0, min(1.0, self.slack)), 4)

    @property
    def space(self) -> float:
        """The space between paragraphs and blocks against that of the design."""
        if self.slack > 1:
            return round(1 + 2 * (self.slack - 1), 4)
        return round(1 + 0.5 * max(-1.0, min(0.0, self.slack + 1)), 4)

    @property
    def dense(self) -> bool:
        """Whether the signatories stand closer."""
        return self.slack < -2

    @property
    def tight(self) -> bool:
        """Whether the margins are smaller."""
        return self.slack < -3


@dataclass(frozen=True, slots=True)
class Layout:
    """What one layout came to: ``filled`` is the used height in pages, so 1.5 is one page and a half.

    ``movable``: what stands at the end can be let down to the foot of the last page.
    """

    setting: Setting
    pages: int
    filled: float
    movable: bool = False

    @property
    def fill(self) -> float:
        """How far down its lowest line stands on the last page, 0 to 1."""
        return self.filled - (self.pages - 1)

    @property
    def way(self) -> float:
        """How far down its end is let, in pages."""
        return max(0.0, 1 - self.fill) if self.movable else 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """The layout to print, whether the text fits, and how many layouts that took."""

    layout: Layout
    fits: bool
    layouts: int


def fit(
    measure: Callable[[Setting], Layout],
    bounds: Fit,
    floor_pt: float,
    expected: Callable[[float], float],
    hint: Layout | None = None,
) -> Fitted:
    """The setting that fills the fewest pages on which the text can be read; if none does, the tightest and ``fits`` false.

    ``expected`` says how many pages it should fill at a size: a guess that only grows with the size. ``hint`` is what an
    earlier fitting of the same text came to: if that still holds, one layout is all. The number of pages does not always fall
    with the size, so what was measured bounds what is tried.
    """
    floor_pt = _ceiling(floor_pt)
    preferred_pt = max(bounds.preferred_pt, floor_pt)
    if not bounds.pages:
        return Fitted(measure(Setting(preferred_pt)), True, 1)
    search = _Search(measure, bounds, floor_pt, cache(expected))
    guessed = Layout(Setting(preferred_pt), 0, expected(preferred_pt))
    first = search.lay_out(hint.setting if hint else search.start(guessed))
    if hint and hint.pages == first.pages in bounds.pages and abs(first.filled - hint.filled) < _SAME:
        return Fitted(first, True, 1)
    for wanted in search.readable(first):
        found = search.on(wanted)
        if found is not None:
            return Fitted(found, True, len(search.layouts))
    return Fitted(min(search.layouts, key=lambda each: each.filled), False, len(search.layouts))


class _Search:
    """One fitting under way: what was laid out, and what to try next."""

    def __init__(
        self, measure: Callable[[Setting], Layout], bounds: Fit, floor_pt: float, expected: Callable[[float], float]
    ) -> None:
        self.measure, self.bounds, self.floor_pt, self.expected = measure, bounds, floor_pt, expected
        self.largest_pt = max(bounds.largest_pt, floor_pt)
        self.layouts: list[Layout] = []

    def lay_out(self, setting: Setting) -> Layout:
        self.layouts.append(self.measure(setting))
        return self.layouts[-1]

    def start(self, guessed: Layout) -> Setting:
        """Where to begin, by a layout that nobody made."""
        pages = next(iter(self.readable(guessed)))
        return self._at(self._filling(guessed, self._target(pages)))

    def readable(self, known: Layout) -> Iterable[int]:
        """The numbers of pages worth a try, fewest first: on which the text is at its floor or above without being pressed."""
        most = max(self.bounds.pages)
        for pages in self.bounds.pages:
            if pages == most or self._predicted(known, Setting(self.floor_pt)) <= pages:
                yield pages

    def on(self, pages: int) -> Layout | None:
        """The best layout on so many pages, None if the text does not fit on them."""
        while len(self.layouts) < MOST_LAYOUTS:
            best = self._best(pages)
            if best is not None and best.pages == pages and self._full(best):
                return best
            tried = {each.setting for each in self.layouts}
            setting = next((each for each in self._next_settings(best, pages) if each and each not in tried), None)
            if setting is None:
                break
            self.lay_out(setting)
        return self._best(pages)

    def _next_settings(self, best: Layout | None, pages: int) -> Iterator[Setting | None]:
        """What to try after the layouts so far, the most promising first."""
        if best is None or best.pages < pages:
            yield self._along(pages)
            return
        near = self._target(pages) - best.filled <= _MUCH
        leaps = self._leaps(best, pages)
        if not near and not leaps:
            yield self._along(pages)
        if not leaps:
            yield self._slacker(best, pages)
        if best.setting.slack < _STEPS:
            yield self._larger(best, pages)
        yield self._along(pages)
        yield self._slacker(best, pages)

    def _full(self, best: Layout) -> bool:
        """Whether the last page is full, or is once its end is let down to the foot; a block that leaps leaves more to that."""
        if not best.movable:
            return best.fill >= GOOD_FILL
        if len(self.layouts) >= _MANY:
            return best.fill >= LEAST_FILL
        return best.filled >= NEAR_FILL * best.pages and best.fill >= LAST_FILL

    def _target(self, pages: int) -> float:
        """How many pages to fill, so that these are full: a prediction errs by a share of all of them."""
        fixed = any(not each.movable and each.pages <= pages for each in self.layouts)
        return pages - 1 + _AIM if fixed else pages * _NEAR_AIM

    def _best(self, pages: int) -> Layout | None:
        """The fullest layout that fits on the pages."""
        return max((each for each in self.layouts if each.pages <= pages), key=lambda each: each.filled, default=None)

    def _leaps(self, best: Layout, pages: int) -> bool:
        """Whether hardly more size is too much: then a block has moved to another page, and only the end can be filled."""
        return any(
            each.pages > pages and 0 < each.setting.size_pt - best.setting.size_pt <= _NEXT * best.setting.size_pt
            for each in self.layouts
        )

    def _slacker(self, best: Layout, pages: int) -> Setting | None:
        """More slack at the same size: the lines stay the same, so that it can be foretold; None if there is no more."""
        setting, target = best.setting, self._target(pages)
        line = [each for each in self.layouts if _regime(each) == _regime(best)]
        if setting.slack < _STEPS:
            return None
        height = self._next(line, best, target, lambda each: _height(each.setting.slack), 0.65 * best.filled)
        wanted = replace(setting, slack=round(min(_slack(height), LOOSEST), 3))
        return wanted if wanted.slack - setting.slack >= _FINE else None

    def _larger(self, best: Layout, pages: int) -> Setting | None:
        """More size where everything is close already; None if there is no more."""
        setting, target = best.setting, self._target(pages)
        over = min(
            (
                each.setting.size_pt
                for each in self.layouts
                if each.pages > pages and each.setting.slack == setting.slack
            ),
            default=self.largest_pt + STEP_PT,
        )
        size = _floor(setting.size_pt * (target / best.filled) ** (1 / _POWER))
        size = size if size < over else _floor((setting.size_pt + over) / 2)
        return replace(setting, size_pt=size) if size > setting.size_pt else None

    @staticmethod
    def _next(
        line: Iterable[Layout], best: Layout, target: float, place: Callable[[Layout], float], growth: float
    ) -> float:
        """Where on a line of layouts the target should be filled: by the last two that fit, or by a growth taken on trust."""
        here = place(best)
        before = [
            each for each in line if each.pages == best.pages and place(each) < here and each.filled < best.filled
        ]
        if before:
            nearest = max(before, key=place)
            growth = max(growth / 4, (best.filled - nearest.filled) / (here - place(nearest)))
        wanted = here + (target - best.filled) / growth
        over = min((place(each) for each in line if each.pages > best.pages), default=math.inf)
        return wanted if wanted < over - _FINE / 2 else (here + over) / 2

    def _along(self, pages: int) -> Setting | None:
        """The setting on the path that should fill the pages, between what fits and what does not; None if nothing is left."""
        target = self._target(pages)
        path = [each for each in self.layouts if each.setting.slack >= 0 or each.setting.size_pt <= self.floor_pt]
        fits = max((each for each in path if each.pages <= pages), key=self._place, default=None)
        over = min((each for each in path if each.pages > pages), key=self._place, default=None)
        known = [_settled(each, pages) for each in (over, fits) if each]
        nearest = min(known, key=lambda each: abs(each.filled - target))
        position = self._filling(nearest, target)
        if over and not fits:
            position = min(position, self._place(over) - 2 * self._in_vain(pages))
            position = position if len(self.layouts) < MOST_LAYOUTS - 1 else 0.0
        between = fits and over and self._place(fits) < position < self._place(over)
        if fits and over and not (between and self._at(position) not in {each.setting for each in path}):
            position = (self._place(fits) + self._place(over)) / 2
        return self._at(position)

    def _in_vain(self, pages: int) -> float:
        """The last step, if it did not help: a block that has moved to another page comes back with a larger one only."""
        over = [each for each in self.layouts if each.pages > pages]
        if len(over) < 2 or over[-1] is not self.layouts[-1]:
            return 0.0
        before, last = (each.filled - self._target(pages) for each in over[-2:])
        return max(0.0, self._place(over[-2]) - self._place(over[-1])) if last > before / 2 else 0.0

    def _place(self, layout: Layout) -> float:
        return self._position(layout.setting)

    def _predicted(self, known: Layout, setting: Setting) -> float:
        """How many pages a setting should fill, by what another one filled."""
        growth = self.expected(setting.size_pt) / self.expected(known.setting.size_pt)
        return known.filled * growth * _height(setting.slack) / _height(known.setting.slack)

    # The path, as one number: 0 to 1/3 is slack at the floor, to 2/3 the size, to 1 slack at the largest size.

    def _at(self, position: float) -> Setting:
        if position <= 1 / 3:
            slack = TIGHTEST * (1 - 3 * max(0.0, position))
            return Setting(self.floor_pt, float(math.floor(slack)) if slack < _STEPS else round(slack, 3))
        if position >= 2 / 3:
            return Setting(self.largest_pt, round(LOOSEST * (3 * min(1.0, position) - 2), 3))
        return Setting(_floor(self.floor_pt + (self.largest_pt - self.floor_pt) * (3 * position - 1)))

    def _position(self, setting: Setting) -> float:
        if setting.size_pt <= self.floor_pt and setting.slack <= 0:
            return (1 - setting.slack / TIGHTEST) / 3
        if setting.size_pt >= self.largest_pt:
            return (2 + max(0.0, setting.slack) / LOOSEST) / 3
        return (1 + (setting.size_pt - self.floor_pt) / (self.largest_pt - self.floor_pt)) / 3

    def _filling(self, known: Layout, target: float) -> float:
        """Where on the path so many pages should be filled: by bisection, for the prediction only grows along it."""
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            if self._predicted(known, self._at(middle)) <= target:
                low = middle
            else:
                high = middle
        return low


def _settled(layout: Layout, pages: int) -> Layout:
    """The layout, but taken for barely too long where only its last block has leapt over to the next page."""
    if layout.pages == pages + 1 and layout.filled - pages <= _BLOCK:
        return replace(layout, filled=pages + _BARELY)
    return layout


def _regime(layout: Layout) -> tuple[float, bool, bool]:
    """What makes the lines of two layouts the same."""
    return layout.setting.size_pt, layout.setting.dense, layout.setting.tight


def _height(slack: float) -> float:
    for (before, low), (after, high) in pairwise(_HEIGHTS):
        if slack <= after:
            return low + (high - low) * (max(slack, before) - before) / (after - before)
    return _HEIGHTS[-1][1]


def _slack(height: float) -> float:
    """The slack at which a text gets so high against slack 0."""
    for (before, low), (after, high) in pairwise(_HEIGHTS):
        if height <= high:
            return before + (after - before) * max(0.0, height - low) / (high - low)
    return LOOSEST


def _floor(size: float) -> float:
    return round(math.floor(round(size / STEP_PT, 6)) * STEP_PT, 2)


def _ceiling(size: float) -> float:
    return round(math.ceil(round(size / STEP_PT, 6)) * STEP_PT, 2)
