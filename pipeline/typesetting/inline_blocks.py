"""Inline blocks, laid out once: WeasyPrint lays one out for the line on which it finds no room, and again for the next line."""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.line_break import Layout

by_weasyprint = inline.inline_block_box_layout


def inline_block_box_layout(  # noqa: PLR0913  # as WeasyPrint has it
    context: Any,
    box: Any,
    position_x: float,
    skip_stack: Any,
    containing_block: Any,
    absolute_boxes: list[Any],
    fixed_boxes: list[Any],
) -> Any:
    """The inline block with its place in the line; what is laid out in it depends on its containing block alone."""
    known = vars(context).setdefault("polyleaf_inline_blocks", {})
    key = (id(box), containing_block.width, containing_block.height)
    if skip_stack is None and key in known:
        laid_out, its_x, _ = known[key]
        copied = copy_of(laid_out)
        copied.translate(position_x - its_x)
        return copied
    made = by_weasyprint(context, box, position_x, skip_stack, containing_block, absolute_boxes, fixed_boxes)
    if skip_stack is None and _is_on_its_own(made):
        known[key] = (copy_of(made), position_x, box)  # the box stays, so that its address is not used again
    return made


def copy_of(box: Any) -> Any:
    """A laid-out box with all that is in it, so that nothing that happens to the one happens to the other."""
    if isinstance(box, AbsolutePlaceholder):
        placeholder = AbsolutePlaceholder(copy_of(box._box))
        placeholder.set_laid_out_box(placeholder._box)
        return placeholder
    copied = box.copy()
    if isinstance(box, boxes.ParentBox):
        copied.children = type(box.children)(copy_of(each) for each in box.children)
    elif isinstance(box, boxes.TextBox):
        copied.pango_layout = Layout.__new__(Layout)  # drawing changes it
        vars(copied.pango_layout).update(vars(box.pango_layout))
    return copied


def _is_on_its_own(box: Any) -> bool:
    """Whether nothing in it has to do with the page around it: no footnote, float or table, nothing placed from elsewhere."""
    if isinstance(box, AbsolutePlaceholder):
        return bool(box._layout_done) and _is_on_its_own(box._box)
    style = box.style
    if style["float"] != "none" or style["position"] not in ("static", "relative", "absolute"):
        return False
    if isinstance(box, boxes.ParentBox):
        plain = isinstance(box, (boxes.BlockBox, boxes.InlineBlockBox, boxes.LineBox, boxes.InlineBox))
        return plain and not box.is_table_wrapper and all(map(_is_on_its_own, box.children))
    return isinstance(box, (boxes.TextBox, boxes.InlineReplacedBox, boxes.BlockReplacedBox))
