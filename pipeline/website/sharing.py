"""The picture that messengers and social networks show beside a link: the top of the leaflet's first page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

#: The version of the recipe below; another one makes all pictures anew.
SHARE = 1
#: What Open Graph's readers ask for, in pixels; more than MOST_BYTES some of them do not fetch.
WIDTH_PX, HEIGHT_PX = 1200, 630
MOST_BYTES = 150_000
#: Above the lower edge, where the text fades out, and where nothing of it is left.
_FADE_PX, _GONE_PX = 170, 16
#: A page narrower than this, in points, is shown with room beside it: the letters of a panel would be too large.
_NARROW_PT = 400
_QUALITIES = (85, 75, 60, 45, 30, 15)


def share_key(pdf: bytes, tools: Mapping[str, str]) -> str:
    """The key of a picture in the store: SHA-256 of the leaflet, the recipe and the versions of the tools that draw it."""
    versions = "\n".join(f"{name} {version}" for name, version in sorted(tools.items()))
    recipe = f"share {SHARE} {WIDTH_PX}x{HEIGHT_PX}\n{versions}\n{sha256(pdf).hexdigest()}"
    return sha256(recipe.encode()).hexdigest()


def share_picture(pdf: bytes) -> bytes:
    """The top of the first page, as wide as it is, as a JPEG of 1200 x 630 pixels; the same bytes every time.

    The text fades out before the lower edge, so that no letter is cut through. Raises ValueError if it is no PDF with a page.
    """
    page = _top(pdf)
    ground = page.getpixel((1, page.height - 1))
    picture = _faded(page, ground)
    encoded = b""
    for quality in _QUALITIES:
        encoded = _jpeg(picture, quality)
        if len(encoded) <= MOST_BYTES:
            break
    return encoded


def _top(pdf: bytes) -> Image:
    """The page's top in the size of the picture; only this part of it is drawn. What a wide page leaves free is its ground."""
    import pypdfium2
    from PIL import Image

    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            page = opened[0]
            width, height = page.get_size()
            scale = WIDTH_PX / max(width, _NARROW_PT)
            hidden = max(0.0, height - HEIGHT_PX / scale)
            drawn: Image.Image = page.render(scale=scale, crop=(0, hidden, 0, 0)).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise ValueError("this is no PDF with a page") from error
    top = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), drawn.getpixel((1, drawn.height - 1)))
    top.paste(drawn, ((WIDTH_PX - drawn.width) // 2, 0))
    return top


def _faded(page: Image, ground: object) -> Image:
    """The page, going over into its ground towards the lower edge."""
    from PIL import Image

    left = bytes(_left(HEIGHT_PX - row) for row in range(HEIGHT_PX))
    mask = Image.frombytes("L", (1, HEIGHT_PX), left).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.NEAREST)
    return Image.composite(page, Image.new("RGB", page.size, ground), mask)  # type: ignore[arg-type]  # a colour of it


def _left(above_px: int) -> int:
    """How much of a row so far above the lower edge is left, of 255."""
    share = (above_px - _GONE_PX) / (_FADE_PX - _GONE_PX)
    return round(255 * min(1.0, max(0.0, share)))


def _jpeg(picture: Image, quality: int) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=quality, optimize=True, subsampling=0)
    return encoded.getvalue()
