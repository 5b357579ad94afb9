"""What stands at the end of a leaflet, let down to the foot of its last page: the page is full, and not laid out again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from weasyprint import DEFAULT_OPTIONS
from weasyprint.document import Document as LaidOut
from weasyprint.formatting_structure import boxes
from weasyprint.images import get_image_from_uri
from weasyprint.layout.background import layout_box_backgrounds

#: Marks what may be let down, in templates: contact and imprint.
MARK = "data-foot"


def filled(document: LaidOut) -> float:
    """The used height in pages: full pages, and the last one down to the lower edge of its text and boxes."""
    page = document.pages[-1]._page_box
    root, top = page.children[0], page.content_box_y()
    lowest = root.position_y + root.margin_top + root.border_height()
    return float(len(document.pages) - 1 + max(0.01, min(1.0, (lowest - top) / page.height)))


def movable(document: LaidOut) -> bool:
    """Whether the last thing in the text has the mark, and is whole on the last page, which has no footnotes below."""
    if any(isinstance(each, boxes.FootnoteAreaBox) and each.children for each in document.pages[-1]._page_box.children):
        return False
    last = _last_boxes(document.pages[-1])
    marked = last[-1].element if _marked(last[-1]) else None
    return marked is not None and not any(
        box.element is marked for page in document.pages[-2:-1] for box in _last_boxes(page)
    )


def let_down(document: LaidOut, pages: float) -> None:
    """Move what has the mark down by so many pages. The document must be ``movable``, and its last page have room for that."""
    page = document.pages[-1]._page_box
    *around, end = _last_boxes(document.pages[-1])
    depth = pages * page.height
    end.translate(dy=depth)
    for box in around:
        box.height += depth
    # Where backgrounds and links are was worked out already.
    fetch = partial(get_image_from_uri, cache={}, url_fetcher=document.url_fetcher, options=DEFAULT_OPTIONS)
    layout_box_backgrounds(page, end, fetch)
    document.pages[-1] = type(document.pages[-1])(page)


def _last_boxes(page: Any) -> list[Any]:
    """The last block in the flow of a page, what stands around it before it, and no more inside than the one with the mark."""
    found = [page._page_box.children[0]]
    while not _marked(found[-1]):
        last = next(_blocks_from_the_end(found[-1]), None)
        if last is None:
            break
        found.append(last)
    return found


def _blocks_from_the_end(box: Any) -> Iterator[Any]:
    return (each for each in reversed(box.children) if isinstance(each, boxes.BlockBox) and each.is_in_normal_flow())


def _marked(box: Any) -> bool:
    return box.element is not None and box.element.get(MARK) is not None
