"""The picture to share: its size, its bytes, and that no letter is cut through."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.build import Report
from pipeline.website.sharing import HEIGHT_PX, MOST_BYTES, WIDTH_PX, share_key, share_picture

A4_PT, A5_LANDSCAPE_PT = (595, 842), (595, 200)


def page(size_pt: tuple[int, int], content: str) -> bytes:
    """A PDF of one page with these operators."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size_pt)
    pdf.pages[0].Contents = pdf.make_stream(content.encode())
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "JPEG"
    assert image.size == (WIDTH_PX, HEIGHT_PX) == (1200, 630)
    return image.convert("RGB")


def test_it_is_the_top_of_the_page_as_wide_as_it_is() -> None:
    # red at the upper left, blue at the upper right, all of the lower half black
    image = opened(
        share_picture(page(A4_PT, "1 0 0 rg 0 742 100 100 re f 0 0 1 rg 495 742 100 100 re f 0 g 0 0 595 421 re f"))
    )
    assert image.getpixel((50, 50))[0] > 240 > image.getpixel((50, 50))[2]  # type: ignore[index]  # RGB
    assert image.getpixel((1150, 50))[2] > 240 > image.getpixel((1150, 50))[0]  # type: ignore[index]  # RGB
    assert min(image.getpixel((600, 300))) > 250  # type: ignore[type-var, arg-type]  # RGB


def test_no_letter_is_cut_through_at_the_lower_edge() -> None:
    stripes = " ".join(f"{x} 0 4 842 re f" for x in range(40, 560, 8))
    image = opened(share_picture(page(A4_PT, f"0 g {stripes}"))).convert("L")
    assert min(image.crop((0, HEIGHT_PX - 12, WIDTH_PX, HEIGHT_PX)).tobytes()) > 245
    darkest = [min(image.crop((0, row, WIDTH_PX, row + 1)).tobytes()) for row in range(470, 620, 30)]
    assert darkest == sorted(darkest), "it grows lighter towards the edge"
    assert darkest[0] < 60


def test_a_wide_page_stands_at_the_top_and_a_narrow_one_in_the_middle() -> None:
    wide = opened(share_picture(page(A5_LANDSCAPE_PT, "0 g 0 0 595 200 re f")))
    assert max(wide.getpixel((600, 200))) < 20  # type: ignore[type-var, arg-type]  # RGB
    narrow = opened(share_picture(page((200, 842), "0 g 50 700 100 100 re f")))
    assert max(narrow.getpixel((600, 250))) < 20  # type: ignore[type-var, arg-type]  # RGB
    assert min(narrow.getpixel((300, 250))) > 250  # type: ignore[type-var, arg-type]  # RGB


def test_even_noise_is_small_enough() -> None:
    cells = " ".join(
        f"{(x * 7 + y * 13) % 97 / 97:.2f} {(x * y) % 89 / 89:.2f} {(x + y * 5) % 83 / 83:.2f} rg {x * 4} {842 - y * 4} 4 4 re f"
        for x in range(150)
        for y in range(80)
    )
    assert len(share_picture(page(A4_PT, cells))) <= MOST_BYTES


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no PDF with a page"):
        share_picture(content)


def test_the_key_is_of_all_that_the_picture_is_made_from() -> None:
    tools = {"pillow": "1", "pdfium": "2"}
    keys = {
        share_key(b"a", tools),
        share_key(b"a", dict(reversed(tools.items()))),
        share_key(b"b", tools),
        share_key(b"a", {**tools, "pillow": "2"}),
    }
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)


@pytest.mark.slow
def test_leaflets_of_the_golden_workspace(finished: tuple[Path, Report]) -> None:
    root, _ = finished
    leaflets = sorted(root.glob("build/site/orchard/*/*.a4.pdf"))
    assert len(leaflets) == 5
    for leaflet in leaflets:
        picture = share_picture(leaflet.read_bytes())
        assert picture == share_picture(leaflet.read_bytes())
        assert len(picture) <= MOST_BYTES
        headline = opened(picture).convert("L").crop((0, 60, WIDTH_PX, 400))
        assert min(headline.tobytes()) < 40
