"""Pictures of finished leaflets: the first pages of all languages side by side, and one picture for each, to share."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import pikepdf
import pypdfium2
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.fonts import seal
from pipeline.locales import Locale
from pipeline.renditions import SITE
from pipeline.workspace import Workspace

#: Where contact sheets go if nobody says otherwise.
SHEETS = PurePosixPath("build/contact-sheets")
KINDS = (".png", ".pdf")
#: Width of a page on a contact sheet: in pixels of the PNG, in points of the PDF; and of the picture of one leaflet.
PAGE_PX, PAGE_PT, PICTURE_PX = 280, 150.0, 1200
#: In parts of a page's width: what is between pages, how far below a page the base line of its label is, and its type.
_GAP, _LABEL, _TYPE = 0.08, 0.1, 0.068
_GROUND, _EDGE, _INK = (236, 236, 236), (170, 170, 170), (0, 0, 0)
_COLOURS = 64


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A leaflet on a contact sheet: the tag and the English name of its language, and the file."""

    tag: str
    language: str
    pdf: bytes

    @property
    def label(self) -> str:
        return f"{self.tag}  {self.language}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which leaflets to show, and where: nothing said means every document, the first format that it has, ``SHEETS``.

    ``output`` is the file of one sheet, whose name ends in .png or .pdf; ``each`` a folder for a picture of every leaflet.
    With ``each`` and without ``output`` there is no sheet.
    """

    document: str = ""
    format: str = ""
    output: Path | None = None
    each: Path | None = None


def make_contact_sheets(workspace: Workspace, asked: Asked) -> tuple[str, ...]:
    """Write what is asked for, of the leaflets for the screen that were built; the paths, also of what had these bytes already.

    Raises InvalidInput if nothing is built, a file cannot be read, or the output cannot be meant so.
    """
    _refuse_kind(asked.output)
    found = _found(workspace, asked)
    if asked.output is not None and len(found) > 1:
        hint = f"name one of them: polyleaf contact-sheet {found[0].document}"
        _refuse("contact-sheet", f"one file cannot show {len(found)} documents", str(asked.output), hint)
    written = []
    for built in found:
        exhibits = [_exhibit(workspace, tag, path) for tag, path in built.leaflets]
        made: dict[Path, bytes] = {}
        if asked.each is not None:
            for (_, path), exhibit in zip(built.leaflets, exhibits, strict=True):
                made[asked.each.absolute() / f"{path.stem}.png"] = picture(exhibit.pdf)
        if asked.output is not None or asked.each is None:
            own = workspace.root / SHEETS / f"{built.document}.{built.format}.png"
            target = own if asked.output is None else asked.output.absolute()
            draw = contact_sheet_pdf if target.suffix.lower() == ".pdf" else contact_sheet
            made[target] = draw(exhibits, _font(workspace))
        for target, content in made.items():
            workspace.write(str(target), content)
            written.append(str(target))
    return tuple(written)


# --- what there is --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Built:
    """The leaflets of a document in one format: tag and path of each."""

    document: str
    format: str
    leaflets: tuple[tuple[str, PurePosixPath], ...]


def _refuse_kind(output: Path | None) -> None:
    if output is not None and output.suffix.lower() not in KINDS:
        hint = "end its name in .png or in .pdf"
        _refuse("contact-sheet", "a contact sheet is a PNG or a PDF", str(output), hint)


def _found(workspace: Workspace, asked: Asked) -> list[_Built]:
    """What is on the disk of each document; the report of the last build knows only what that was asked for."""
    formats = [each.name for each in workspace.formats if each.medium == "print"]
    if asked.format and asked.format not in formats:
        hint = "there are " + ", ".join(formats)
        _refuse("unknown-format", f"there is no printed format “{asked.format}”", "templates/formats", hint)
    usual = [name for name in workspace.settings.leaflets.formats if name in formats]
    wanted = [asked.format] if asked.format else list(dict.fromkeys([*usual, *formats]))
    folders = sorted(path.name for path in (workspace.root / SITE).glob("*") if path.is_dir())
    found = []
    for document in folders:
        if asked.document in ("", document):
            every = (_Built(document, name, tuple(_leaflets(workspace, document, name))) for name in wanted)
            found += [each for each in every if each.leaflets][:1]
    if not found:
        message = " ".join(
            ["no leaflet", *_named("of", asked.document), *_named("in the format", asked.format), "is built"]
        )
        command = " ".join(["polyleaf build", *_named("", asked.document), *_named("-f", asked.format)])
        _refuse("not-built", message, str(SITE), f"make it with: {' '.join(command.split())} -e screen")
    return found


def _named(word: str, name: str) -> tuple[str, ...]:
    return (word, name) if name else ()


def _leaflets(workspace: Workspace, document: str, format: str) -> Iterator[tuple[str, PurePosixPath]]:
    for folder in sorted((workspace.root / SITE / document).glob("*")):
        path = SITE / document / folder.name / f"{document}.{folder.name}.{format}.pdf"
        if (workspace.root / path).is_file():
            yield folder.name, path


def _exhibit(workspace: Workspace, tag: str, path: PurePosixPath) -> Exhibit:
    """A leaflet that was built. Raises InvalidInput if it is no PDF that has a page."""
    content = workspace.bytes_of(path) or b""
    try:
        with pypdfium2.PdfDocument(content) as opened:
            pages = len(opened)
    except pypdfium2.PdfiumError:
        pages = 0
    if not pages:
        _refuse("contact-sheet", "this is no PDF that can be read", str(path), "delete it, then build again")
    return Exhibit(tag, Locale.parse(tag).english_name, content)


def _font(workspace: Workspace) -> Path:
    """The face of the labels, one of those that leaflets are printed with."""
    sealed = seal(["Noto Sans"], workspace.root / "templates" / "fonts", workspace.root / "build" / ".cache")
    return Path(sealed.families[0][1][0])


def _refuse(code: str, message: str, path: str, hint: str) -> NoReturn:
    raise InvalidInput([Diagnostic(code, message, Location(path), hint=hint)])


# --- pictures -------------------------------------------------------------------------------------------------------------


def picture(pdf: bytes, width_px: int = PICTURE_PX) -> bytes:
    """The first page as a PNG of this width; the same bytes every time."""
    return _png(_first_page(pdf, width_px))


def contact_sheet(exhibits: Sequence[Exhibit], font: Path, page_px: int = PAGE_PX) -> bytes:
    """The first pages side by side as a PNG, each with its label in this font; the same bytes every time."""
    pages = [_first_page(exhibit.pdf, page_px) for exhibit in exhibits]
    grid, face = _Grid(len(pages), page_px, max(page.height for page in pages)), _Face(font)
    letters = ImageFont.truetype(str(font), page_px * _TYPE, layout_engine=ImageFont.Layout.BASIC)
    sheet = Image.new("RGB", (round(grid.width), round(grid.height)), _GROUND)
    pen = ImageDraw.Draw(sheet)
    for (across, down), exhibit, page in zip(grid.places(), exhibits, pages, strict=True):
        left, top = round(across), round(down)
        pen.rectangle((left - 1, top - 1, left + page.width, top + page.height), outline=_EDGE)
        sheet.paste(page, (left, top))
        base_line = left, round(top + page.height + page_px * _LABEL)
        pen.text(base_line, face.shortened(exhibit.label), _INK, letters, anchor="ls")
    return _png(sheet.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))


def contact_sheet_pdf(exhibits: Sequence[Exhibit], font: Path) -> bytes:
    """The first pages side by side as a PDF of one page, sharp at any size; the same bytes every time."""
    sheet, face = pikepdf.new(), _Face(font)
    forms = [_form(sheet, exhibit.pdf) for exhibit in exhibits]
    heights = [PAGE_PT * form.height / form.width for form in forms]
    grid = _Grid(len(forms), PAGE_PT, max(heights))
    drawn = [f"{_colour(_GROUND)} rg 0 0 {grid.width:.2f} {grid.height:.2f} re f {_colour(_EDGE)} RG .5 w"]
    for index, ((left, down), height) in enumerate(zip(grid.places(), heights, strict=True)):
        form, bottom = forms[index], grid.height - down - height
        scale, box = PAGE_PT / form.width, f"{left:.2f} {bottom:.2f} {PAGE_PT:.2f} {height:.2f} re"
        x, y = left - form.left * scale, bottom - form.bottom * scale
        drawn.append(
            f"q 1 1 1 rg {box} f {box} W n {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm /P{index} Do Q {box} S"
        )
        size = PAGE_PT * _TYPE / face.units
        outline = face.outline(face.shortened(exhibits[index].label))
        drawn.append(f"q 0 g {size:.6f} 0 0 {size:.6f} {left:.2f} {bottom - PAGE_PT * _LABEL:.2f} cm {outline} f Q")
    sheet.add_blank_page(page_size=(round(grid.width, 2), round(grid.height, 2)))
    page = sheet.pages[0]
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary({f"/P{index}": form.drawing for index, form in enumerate(forms)})
    )
    page.Contents = sheet.make_stream("\n".join(drawn).encode("ascii"))
    target = io.BytesIO()
    sheet.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Form:
    """The first page of a leaflet as a form XObject, and where its trimmed page is on it, in points."""

    drawing: pikepdf.Object
    left: float
    bottom: float
    width: float
    height: float


def _form(sheet: pikepdf.Pdf, pdf: bytes) -> _Form:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        return _Form(sheet.copy_foreign(page.as_form_xobject()), left, bottom, right - left, top - bottom)


def _colour(channels: tuple[int, ...]) -> str:
    return " ".join(f"{channel / 255:.3f}" for channel in channels)


def _first_page(pdf: bytes, width_px: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as opened:
        page = opened[0]
        drawn: Image.Image = page.render(scale=width_px / page.get_width()).to_pil()
        return drawn.convert("RGB")


def _png(pixels: Image.Image) -> bytes:
    encoded = io.BytesIO()
    pixels.save(encoded, "PNG", compress_level=6)
    return encoded.getvalue()


# --- layout ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Grid:
    """Pages on a sheet that is as square as can be, row by row, in any unit."""

    count: int
    page_width: float
    page_height: float

    @property
    def _across(self) -> float:
        return self.page_width * (1 + _GAP)

    @property
    def _down(self) -> float:
        return self.page_height + self.page_width * (_LABEL + _GAP)

    @property
    def columns(self) -> int:
        def unsquare(columns: int) -> float:
            return abs(math.log(columns * self._across / (-(-self.count // columns) * self._down)))

        return min(range(1, self.count + 1), key=unsquare)

    @property
    def width(self) -> float:
        return self.columns * self._across + self.page_width * _GAP

    @property
    def height(self) -> float:
        return -(-self.count // self.columns) * self._down + self.page_width * _GAP

    def places(self) -> Iterator[tuple[float, float]]:
        """The upper left corner of every page, from that of the sheet."""
        columns, margin = self.columns, self.page_width * _GAP
        for index in range(self.count):
            yield margin + index % columns * self._across, margin + index // columns * self._down


class _Face:
    """A font that labels are drawn with, one glyph for each character."""

    def __init__(self, path: Path) -> None:
        font = TTFont(path, lazy=True)
        self._glyphs, self._names = font.getGlyphSet(), font.getBestCmap()
        self.units = int(font["head"].unitsPerEm)

    def shortened(self, label: str) -> str:
        """As much of a label as there is room for under a page."""
        for end in range(len(label), 0, -1):
            shown = label if end == len(label) else label[:end].rstrip() + "…"
            if sum(self._glyph(letter).width for letter in shown) * _TYPE <= self.units:
                return shown
        return ""

    def outline(self, text: str) -> str:
        """The text as a path in PDF's operators, in units of the font."""
        pen = _PathPen(self._glyphs)
        for letter in text:
            self._glyph(letter).draw(pen)
            pen.origin += self._glyph(letter).width
        return " ".join(pen.operators)

    def _glyph(self, letter: str) -> Any:  # noqa: ANN401  # fontTools has no types
        return self._glyphs[self._names.get(ord(letter), ".notdef")]


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes outlines as PDF's operators; ``origin`` is where the next glyph begins."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []
        self.origin = 0.0

    def _say(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators += [f"{x + self.origin:g} {y:g}" for x, y in points]
        self.operators.append(operator)

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._say("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._say("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._say("c", *points)

    def _closePath(self) -> None:  # noqa: N802
        self._say("h")
