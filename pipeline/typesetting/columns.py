"""Columns of equal height, found with two layouts where WeasyPrint takes up to fifty.

WeasyPrint lays balanced columns out again and again, a step taller each time (often one pixel), until the last one holds the
rest; and once more to place them. Here they are laid out once at the full height. If that is not enough, these are the
columns. If it is, the pieces that cannot be broken (lines, and what must not be parted) are read off, the smallest height that
parts them into so many columns is worked out, and the columns are laid out at that height, in their places.

The parting is WeasyPrint's own wherever its last step did not jump over a better one. What this does not know (footnotes, floats
around, spanning blocks, fixed heights) is left to WeasyPrint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, column, percent

#: Layouts tried at heights that were worked out, before it is left to WeasyPrint.
MOST_TRIES = 8
#: No two heights tried are nearer than this, in pixels.
_STEP = 0.5
#: Rounding of positions, in pixels.
_NEAR = 0.01
columns_by_weasyprint = column.columns_layout


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays together in one column, in pixels from wherever the text begins; a column that it starts begins at ``start``."""

    start: float
    top: float
    bottom: float


def heights(pieces: tuple[Piece, ...], count: int) -> Iterator[float]:
    """The heights at which the pieces fit into so many columns, smallest first: those at which the parting changes.

    >>> list(heights((Piece(0, 0, 10), Piece(10, 10, 20), Piece(23, 25, 35)), 2))
    [20, 25, 35]
    """
    reached = {last.bottom - first.start for at, first in enumerate(pieces) for last in pieces[at:]}
    return (height for height in sorted(reached) if _columns(pieces, height) <= count)


def _columns(pieces: Iterable[Piece], height: float) -> float:
    """Columns of a height that the pieces fill one after the other; infinite if one is higher."""
    count, start = 0, 0.0
    for piece in pieces:
        if not count or piece.bottom - start > height + _NEAR:
            count, start = count + 1, piece.start
            if piece.bottom - start > height + _NEAR:
                return float("inf")
    return count


def pieces_of(box: Any, goes_on: bool = False) -> tuple[Piece, ...]:
    """The pieces of a box that was laid out, from its upper border to its lower one: unless it goes on in another column."""
    top = box.border_box_y()
    start, bottom = top - box.margin_top, top + box.border_height()
    children = [child for child in getattr(box, "children", ()) if child.is_in_normal_flow()]
    if not children or box.style["break_inside"].startswith("avoid") or not isinstance(box, boxes.BlockContainerBox):
        return (Piece(start, top, bottom),)
    if isinstance(children[0], boxes.LineBox):
        pieces = _lines(children, box.style["orphans"], box.style["widows"])
    else:
        pieces = list(pieces_of(children[0], goes_on and len(children) == 1))
        for before, after in pairwise(children):
            following = pieces_of(after, goes_on and after is children[-1])
            if before.style["break_after"].startswith("avoid") or after.style["break_before"].startswith("avoid"):
                pieces[-1:] = [replace(pieces[-1], bottom=following[0].bottom)]
                following = following[1:]
            pieces += following
    pieces[0] = replace(pieces[0], start=min(start, pieces[0].start), top=min(top, pieces[0].top))
    if not goes_on:
        pieces[-1] = replace(pieces[-1], bottom=max(bottom, pieces[-1].bottom))
    return tuple(pieces)


def _lines(lines: list[Any], orphans: int, widows: int) -> list[Piece]:
    """Lines of a paragraph, the first and the last few of them as one piece."""
    if len(lines) < orphans + widows:
        parts = [lines]
    else:
        middle = [[line] for line in lines[orphans : len(lines) - widows]]
        parts = [lines[:orphans], *middle, lines[len(lines) - widows :]]
    return [
        Piece(part[0].position_y, part[0].position_y, part[-1].position_y + part[-1].height) for part in parts if part
    ]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns laid out at one height, where the text goes on after them, and what it asks of the next page."""

    boxes: tuple[Any, ...]
    resume_at: Any
    next_page: Any
    absolute: list[Any]
    fixed: list[Any]

    def height(self) -> float:
        """The used height of the highest column."""
        return max((each.margin_height() for each in self.boxes), default=0.0)

    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, the columns one below the other."""
        pieces: list[Piece] = []
        for each in self.boxes:
            found = pieces_of(each, goes_on=each is not self.boxes[-1])
            shift = pieces[-1].bottom - found[0].start if pieces else 0.0
            pieces += (Piece(piece.start + shift, piece.top + shift, piece.bottom + shift) for piece in found)
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What WeasyPrint hands to ``columns_layout``."""

    context: Any
    box: Any
    bottom_space: float
    skip_stack: Any
    containing_block: Any
    page_is_empty: bool
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]
    adjoining_margins: list[float]
    first_letter_style: Any
    first_line_style: Any

    def is_simple(self) -> bool:
        """Whether the columns hold nothing but text that goes on from one to the next."""
        style = self.box.style
        return bool(
            self.box.children
            and style["column_fill"] == "balance"
            and style["height"] == "auto"
            and style["position"] == "static"
            and self.box.min_height in (0, "auto")
            and not (self.context.footnotes or self.context.broken_out_of_flow)
            and all(child.style["column_span"] != "all" for child in self.box.children)
        )


def columns_layout(*given: Any) -> Any:
    """WeasyPrint's ``columns_layout``: the box with its columns, where to go on, what the next page is to be, two more."""
    asked = _Asked(*given)
    if asked.is_simple():
        work = _Work(asked)
        columns = work.balanced()
        if columns is not None:
            asked.absolute_boxes.extend(columns.absolute)
            asked.fixed_boxes.extend(columns.fixed)
            return work.finished(columns)
    return columns_by_weasyprint(*given)


class _Work:
    """One box with columns on one page."""

    def __init__(self, asked: _Asked) -> None:
        asked.context.in_column = True
        self.asked = asked
        self.context = asked.context
        self.box = asked.box.copy_with_children(asked.box.children)
        self.box.position_y += block.collapse_margin(asked.adjoining_margins)
        block.block_level_width(self.box, asked.containing_block)
        self.top = self.box.content_box_y()
        self.most = self.context.page_bottom - self.top - asked.bottom_space
        self.skipped = next(iter(asked.skip_stack)) if asked.skip_stack else 0
        self.skip_stack = {0: asked.skip_stack[self.skipped]} if asked.skip_stack else None
        self.children = [child.copy() for child in asked.box.children[self.skipped :]]
        self.count, self.width, self.gap = _tracks(self.box)

    def balanced(self) -> _Columns | None:
        """The columns; None if they are WeasyPrint's to find."""
        whole = self._laid_out(self.most)
        if whole is None or whole.resume_at is not None or whole.height() > self.most:
            return whole
        self._discard(whole)
        tried = 0.0
        tries = 0
        for height in heights(whole.pieces(), self.count):
            if height < tried + _STEP:
                continue
            if tries == MOST_TRIES or height > self.most:
                break
            tried, tries = height, tries + 1
            columns = self._laid_out(height + _NEAR)
            if columns is not None:
                if columns.resume_at is None and columns.height() <= height + 2 * _NEAR:
                    return columns
                self._discard(columns)
        return None

    def _laid_out(self, height: float) -> _Columns | None:
        """The columns at a height; None if one of them stays empty."""
        columns = _Columns((), self.skip_stack, None, [], [])
        for place in range(self.count):
            made, resume_at, next_page, *_ = block.block_box_layout(
                self.context,
                self._column(place),
                max(self.asked.bottom_space, self.context.page_bottom - self.top - height),
                columns.resume_at,
                self.asked.containing_block,
                self.asked.page_is_empty,
                columns.absolute,
                columns.fixed,
                None,
                self.asked.first_letter_style,
                self.asked.first_line_style,
                discard=False,
                max_lines=None,
            )
            if made is None:
                self._discard(columns)
                return None
            columns = _Columns((*columns.boxes, made), resume_at, next_page, columns.absolute, columns.fixed)
            if resume_at is None:
                break
        return columns

    def _discard(self, columns: _Columns) -> None:
        block.remove_placeholders(self.context, columns.boxes, columns.absolute, columns.fixed)

    def _column(self, place: int) -> Any:
        made = self.box.anonymous_from(self.box, children=self.children)
        percent.resolve_percentages(made, self.asked.containing_block)
        made.is_column = True
        made.width = self.width
        made.position_x = self.box.content_box_x()
        made.position_y = self.top
        if self.box.style["direction"] == "rtl":
            made.position_x += self.box.width - (place + 1) * self.width - place * self.gap
        else:
            made.position_x += place * (self.width + self.gap)
        return made

    def finished(self, columns: _Columns) -> tuple[Any, ...]:
        """What WeasyPrint's ``columns_layout`` returns."""
        height = columns.height()
        for each in columns.boxes:
            each.height = height
        self.box.children = list(columns.boxes)
        self.box.height = min(self.most, height)
        skip_stack = columns.resume_at
        if skip_stack is not None:
            skip_stack = {place + self.skipped: deeper for place, deeper in skip_stack.items()}
        self.context.in_column = False
        return self.box, skip_stack, columns.next_page, [], False


def _tracks(box: Any) -> tuple[int, float, float]:
    """How many columns, how wide, and the gap between them (CSS Multi-column Layout, 3.4)."""
    style = box.style
    gap = (
        style["font_size"]
        if style["column_gap"] == "normal"
        else percent.percentage(style["column_gap"], style, box.width)
    )
    width, count = style["column_width"], style["column_count"]
    if width == "auto":
        return count, max(0, box.width - (count - 1) * gap) / count, gap
    fitting = max(1, floor((box.width + gap) / (width + gap)))
    count = fitting if count == "auto" else min(count, fitting)
    return count, (box.width + gap) / count - gap, gap
