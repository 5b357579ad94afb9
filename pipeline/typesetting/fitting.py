"""Which type size makes a text fill its pages: arithmetic only, layouts are asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.typesetting.formats import Fit

STEP_PT = 0.05
GOOD_FILL = 0.95
AIM = 0.985
MOST_LAYOUTS = 6
MOST_LAYOUTS_EACH = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """What one layout came to: ``filled`` is the used height in pages, so 1.5 is one page and a half."""

    size_pt: float
    pages: int
    filled: float


def fit_size(measure: Callable[[float], Layout], fit: Fit, floor_pt: float) -> Layout:
    """The layout whose size fills the fewest pages the text can be read on, as large as they allow.

    Predicts sizes from the filled area (size · √(wanted / filled)). If the text needs more than ``fit.pages`` even at the
    floor, it gets the preferred size and as many pages as it takes. Asks for at most ``MOST_LAYOUTS`` layouts.
    """
    floor_pt = round(math.ceil(round(floor_pt / STEP_PT, 6)) * STEP_PT, 2)
    layouts = [measure(fit.preferred_pt)]
    first = layouts[0]
    readable = [
        pages for pages in range(1, fit.pages + 1) if first.size_pt * math.sqrt(pages / first.filled) >= floor_pt
    ]
    for wanted in readable[:2]:
        allowed = min(MOST_LAYOUTS, len(layouts) + MOST_LAYOUTS_EACH)
        while len(layouts) < allowed:
            size = _next_size(layouts, wanted, fit, floor_pt)
            if size is None:
                break
            if len(layouts) == allowed - 1 and all(each.pages > wanted for each in layouts):
                size = floor_pt
            layouts.append(measure(size))
        fitting = [each for each in layouts if each.pages <= wanted]
        if fitting:
            return max(fitting, key=lambda each: each.size_pt)
    return first


def _next_size(layouts: list[Layout], wanted: int, fit: Fit, floor_pt: float) -> float | None:
    """The size to try next on so many pages, None if no other is worth a layout."""
    best = max((each.size_pt for each in layouts if each.pages <= wanted), default=0.0)
    too_large = min((each.size_pt for each in layouts if each.pages > wanted), default=math.inf)
    nearest = min(layouts, key=lambda each: abs(each.filled / wanted - AIM))
    if best and (
        best >= fit.largest_pt or any(each.size_pt == best and each.filled / wanted >= GOOD_FILL for each in layouts)
    ):
        return None
    size = _rounded(nearest.size_pt * math.sqrt(AIM * wanted / nearest.filled))
    if size >= too_large:
        size = _rounded((max(best, floor_pt) + too_large) / 2)
    size = max(min(size, fit.largest_pt), best + STEP_PT, floor_pt)
    return size if size < too_large and size <= fit.largest_pt else None


def _rounded(size: float) -> float:
    return round(math.floor(round(size / STEP_PT, 6)) * STEP_PT, 2)
