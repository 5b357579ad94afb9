"""What a crew is asked to do with leaflets: functions that run in its workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.diagnostics import has_errors

if TYPE_CHECKING:
    from pipeline.typesetting.fitting import Layout
    from pipeline.typesetting.leaflet import Finish, Leaflet
    from pipeline.typesetting.page import Page


def set_page(
    page: Page, finishes: tuple[Finish, ...], hint: Layout | None, pictured: bool
) -> tuple[tuple[Leaflet, ...], bytes]:
    """The leaflets of a page, one for each finish, and the picture to share of the one for the screen; empty if not wanted."""
    from pipeline.worker import work_on

    leaflets = work_on(page, finishes, hint)
    screen = next((each for finish, each in zip(finishes, leaflets, strict=True) if finish.name == "screen"), None)
    if not pictured or screen is None or has_errors(screen.diagnostics):
        return leaflets, b""
    return leaflets, share(screen.pdf)


def share(pdf: bytes) -> bytes:
    """The picture that stands for a leaflet where its page is shared."""
    from pipeline.website.sharing import share_picture

    return share_picture(pdf)
