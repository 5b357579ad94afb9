"""All languages at a glance: every leaflet that was built is there, named, and the bytes are the same each time."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.contact_sheet import (
    Asked,
    Exhibit,
    contact_sheet,
    contact_sheet_pdf,
    make_contact_sheets,
    picture,
)
from pipeline.diagnostics import InvalidInput
from pipeline.fonts import FOLDERS
from pipeline.workspace import Workspace

FONT = Path(FOLDERS[0]) / "NotoSans-Regular.ttf"
RED, WHITE = (255, 0, 0), (255, 255, 255)
pytestmark = pytest.mark.skipif(not FONT.is_file(), reason="fonts-noto-core is not installed")


def leaflet(width_mm: float = 210, height_mm: float = 297, colour: str = "1 0 0") -> bytes:
    """A PDF of two pages; the upper half of the first is of this colour."""
    made = pikepdf.new()
    width, height = (round(each * 72 / 25.4, 2) for each in (width_mm, height_mm))
    for _ in range(2):
        made.add_blank_page(page_size=(width, height))
    made.pages[0].Contents = made.make_stream(f"{colour} rg 0 {height / 2} {width} {height / 2} re f".encode())
    target = io.BytesIO()
    made.save(target, deterministic_id=True)
    return target.getvalue()


def exhibits(count: int) -> list[Exhibit]:
    return [Exhibit(f"l{number}", "Language", leaflet()) for number in range(count)]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def rendered(pdf: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        return document[0].render(scale=1).to_pil().convert("RGB")


def share(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    """The part of a picture that has nearly this colour."""
    colours = picture.getcolors(picture.width * picture.height) or []
    near = (count for count, found in colours if max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 12)
    return sum(near) / (picture.width * picture.height)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two documents were built: one in three languages and one in one; German also for the desk."""
    for name in ("a/de/a.de.a4", "a/fa/a.fa.a4", "a/zgh/a.zgh.a4", "a/de/a.de.a4.desk", "b/fr/b.fr.a4"):
        path = tmp_path / "build" / "site" / f"{name}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(leaflet())
    (tmp_path / "build" / "site" / "index.html").write_text("", encoding="utf-8")
    return Workspace(tmp_path)


def names(workspace: Workspace, paths: tuple[str, ...]) -> list[str]:
    return [Path(path).relative_to(workspace.root).as_posix() for path in paths]


def complaint(workspace: Workspace, asked: Asked) -> str:
    with pytest.raises(InvalidInput) as raised:
        make_contact_sheets(workspace, asked)
    return str(raised.value)


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (5, 3, 2), (12, 4, 3), (42, 8, 6)])
def test_the_sheet_is_as_square_as_can_be(count: int, columns: int, rows: int) -> None:
    sheet = opened(contact_sheet(exhibits(count), FONT, 40))
    across, down = 40 * 1.08, 57 + 40 * 0.18
    assert sheet.width == pytest.approx(columns * across + 3.2, abs=1.5)
    assert sheet.height == pytest.approx(rows * down + 3.2, abs=rows)


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_each_first_page_is_on_white_with_its_name_below(kind: str) -> None:
    shown = exhibits(6)
    sheet = opened(contact_sheet(shown, FONT, 150)) if kind == "png" else rendered(contact_sheet_pdf(shown, FONT))
    page = 150 * 212 / (sheet.width * sheet.height)
    assert share(sheet, RED) == pytest.approx(share(sheet, WHITE), rel=0.05)
    assert share(sheet, RED) == pytest.approx(6 * page / 2, rel=0.05)
    nameless = [Exhibit("", "", each.pdf) for each in shown]
    other = opened(contact_sheet(nameless, FONT, 150)) if kind == "png" else rendered(contact_sheet_pdf(nameless, FONT))
    assert sheet.tobytes() != other.tobytes()


def test_a_name_too_long_for_its_page_is_cut() -> None:
    pages = [leaflet(), leaflet()]
    long, longer = (
        [Exhibit("zgh", name, pdf) for pdf in pages]
        for name in ("Standard Moroccan Tamazight", "Standard Moroccan Tamazight " * 9)
    )
    assert contact_sheet(long, FONT) == contact_sheet(longer, FONT)
    assert contact_sheet_pdf(long, FONT) == contact_sheet_pdf(longer, FONT)


def test_pages_of_many_sizes_share_a_sheet() -> None:
    shown = [Exhibit("de", "German", leaflet(210, 99)), Exhibit("fa", "Persian", leaflet(99, 210))]
    assert 0.2 < share(opened(contact_sheet(shown, FONT)), RED) < 0.4
    assert 0.2 < share(rendered(contact_sheet_pdf(shown, FONT)), RED) < 0.4


def test_the_bytes_are_the_same_each_time() -> None:
    shown = exhibits(3)
    for draw in (contact_sheet, contact_sheet_pdf):
        first = draw(shown, FONT)
        assert first == draw(shown, FONT)
        assert not any(word in first for word in (b"tIME", b"CreationDate", b"ModDate"))
    assert picture(leaflet()) == picture(leaflet())


def test_the_pdf_has_its_pages_as_drawings_of_fixed_names() -> None:
    with pikepdf.open(io.BytesIO(contact_sheet_pdf(exhibits(3), FONT))) as sheet:
        assert sorted(sheet.pages[0].Resources.XObject.keys()) == ["/P0", "/P1", "/P2"]
        assert not sheet.check_pdf_syntax()


def test_a_picture_is_the_first_page_in_the_width_asked_for() -> None:
    shown = opened(picture(leaflet(), 400))
    assert shown.size == (400, 566)
    assert share(shown, RED) == pytest.approx(0.5, abs=0.01)
    assert opened(picture(leaflet(100, 50))).width == 1200


def test_every_document_gets_a_sheet(workspace: Workspace) -> None:
    made = make_contact_sheets(workspace, Asked())
    assert names(workspace, made) == ["build/contact-sheets/a.a4.png", "build/contact-sheets/b.a4.png"]
    assert all(opened(Path(path).read_bytes()).width > 280 for path in made)


def test_one_file_is_written_where_it_is_wanted(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("sheet.pdf", "SHEET.PNG"):
        output = tmp_path / "out" / name
        assert make_contact_sheets(workspace, Asked("a", "a4", output)) == (str(output),)
        assert output.read_bytes()[:4] in (b"%PDF", b"\x89PNG")


def test_each_leaflet_has_a_picture(workspace: Workspace, tmp_path: Path) -> None:
    made = make_contact_sheets(workspace, Asked("a", each=tmp_path / "share"))
    assert names(workspace, made) == ["share/a.de.a4.png", "share/a.fa.a4.png", "share/a.zgh.a4.png"]
    both = make_contact_sheets(workspace, Asked("b", each=tmp_path / "share", output=tmp_path / "b.pdf"))
    assert names(workspace, both) == ["share/b.fr.a4.png", "b.pdf"]


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        (Asked("c"), "no leaflet of c is built", "polyleaf build c -e screen"),
        (Asked("a", "web"), "there is no printed format “web”", "there are a4"),
        (Asked(output=Path("sheet.png")), "one file cannot show 2 documents", "polyleaf contact-sheet a"),
        (Asked(output=Path("sheet.jpg")), "a contact sheet is a PNG or a PDF", "end its name in .png"),
    ],
)
def test_what_cannot_be_shown_is_refused(workspace: Workspace, asked: Asked, message: str, hint: str) -> None:
    said = complaint(workspace, asked)
    assert message in said
    assert hint in said


def test_who_has_not_built_is_told_to(tmp_path: Path) -> None:
    said = complaint(Workspace(tmp_path), Asked(format="a4"))
    assert "no leaflet in the format a4 is built" in said
    assert "polyleaf build -f a4 -e screen" in said


def test_a_torn_leaflet_is_named(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "build" / "site" / "b" / "fr" / "b.fr.a4.pdf"
    path.write_bytes(path.read_bytes()[:40])
    assert "build/site/b/fr/b.fr.a4.pdf: error: this is no PDF that can be read" in complaint(workspace, Asked("b"))
