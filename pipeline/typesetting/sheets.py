"""Finished pages become printed sheets: each page is drawn as it is where ``imposition.py`` puts it, with marks.

Two editions. *Desk* is for a printer at home or a copier: the page is the whole sheet, nothing is inked near its edges, a
few small dashes show where to fold and cut. *Shop* is for a printer by trade: bleed, crop and fold marks outside of it.
No colour is ever set but in CMYK. The tags of the pages are left behind: who reads with a screen reader takes the screen
edition.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.typesetting.imposition import Line, Placement, Scheme, Sheet, Side, block_mm, default_flip
from pipeline.typesetting.leaflet import Sides

Edition = Literal["desk", "shop"]
#: What a print shop gets page by page, for it imposes itself.
SINGLE = ("flat", "saddle", "cut")

_POINTS_PER_MM = 72 / 25.4
#: A page may differ so much from its place: it is a rounding of CSS, not another page size.
_SIZE_TOLERANCE_MM = 0.5
_HINT_MM = 3
#: White between a fold's dash and a note beside it.
_NOTE_GAP_MM = 2
_MARK_MM = 5
#: White between the bleed and a mark, and between a mark and the edge of the medium.
_MARK_GAP_MM = 2
_MEDIUM_GAP_MM = 1
_DASHES = "[2 2] 0 d"
#: Black ink alone, 0.4 pt: the thinnest that a copier keeps.
_DESK_PEN = "0 0 0 1 K 0.4 w"
#: All inks, so that the marks are on every plate.
_SHOP_PEN = "1 1 1 1 K 0.25 w"


@dataclass(frozen=True, slots=True)
class _Form:
    """A page as a form XObject: what draws it, its name on the sheets, and its trim in points."""

    name: str
    xobject: pikepdf.Object
    trim_pt: tuple[float, float, float, float]

    def size_mm(self) -> tuple[float, float]:
        left, bottom, right, top = self.trim_pt
        return (right - left) / _POINTS_PER_MM, (top - bottom) / _POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in millimetres."""

    left: float
    bottom: float
    right: float
    top: float

    def grown(self, by: float) -> _Box:
        return _Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def within(self, other: _Box) -> _Box:
        return _Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def is_empty(self) -> bool:
        return self.left >= self.right or self.bottom >= self.top

    def points(self) -> Array:
        return Array([_number(edge) for edge in (self.left, self.bottom, self.right, self.top)])


@dataclass(frozen=True, slots=True)
class _Medium:
    """A page of the PDF to be: its boxes, the forms on it, and what it says."""

    media: _Box
    trim: _Box
    bleed: _Box
    forms: tuple[_Form, ...] = ()
    operators: tuple[str, ...] = ()


def draw_sheets(  # noqa: PLR0913  # an edition's options, each with a name at the call
    pages_pdf: bytes,
    sheets: Sequence[Sheet],
    scheme: Scheme,
    *,
    edition: Edition,
    bleed_mm: float = 3,
    notes: bytes | None = None,
    sides: Sides = "both",
    safe_mm: float = 6,
) -> bytes:
    """The PDF of the imposed sheets: front, back, front, back, …; the same bytes each time.

    ``pages_pdf`` holds single pages, TrimBox inside MediaBox where they have bleed; ``sheets`` is what ``impose`` made of
    their number. ValueError if they do not belong together.

    **desk**: the page is the sheet, printed at its full size. Nothing is inked in the outer ``safe_mm``. ``notes`` is a
    PDF with a small page that stands at the foot of each front, and perhaps another one for the backs. A back without
    pages is an empty page, so that the sides stay in step. On a printer with one side, print ``sides="odd"``, put the
    pile back with the first sheet to be drawn first, its blank side to be printed, and print ``sides="even"``: the
    backs are in the order of the fronts.

    **shop**: ``half``, ``letter``, ``accordion`` and ``gate`` are flat spreads with ``bleed_mm`` of bleed around, crop
    marks, and dashed fold marks. ``flat``, ``saddle`` and ``cut`` are single pages in reading order, since a shop
    imposes them itself; a saddle-stitched booklet is filled to a multiple of four with blank pages. ``notes``, ``sides``
    and ``safe_mm`` are for the desk only.
    """
    # What is copied is read only when it is saved: until then the sources stay open.
    with _opened(pages_pdf) as source, _opened(notes) as notes_pdf, pikepdf.new() as sheets_pdf:
        forms = dict(enumerate(_forms(sheets_pdf, source, "P"), 1))
        _refuse_strangers(forms, sheets)
        if edition == "desk":
            margin_notes = tuple(_forms(sheets_pdf, notes_pdf, "N"))
            media = [each for sheet in sheets for each in _desk(sheet, scheme, forms, margin_notes, safe_mm)]
            media = media[{"both": slice(None), "odd": slice(0, None, 2), "even": slice(1, None, 2)}[sides]]
        else:
            media = list(_shop(sheets, scheme, forms, bleed_mm))
        for medium in media:
            _add_page(sheets_pdf, medium)
        _say_what_it_is(sheets_pdf, source)
        if edition == "desk":
            _ask_the_printer(sheets_pdf, scheme, tumble=any(sheet.tumble for sheet in sheets), sides=sides)
        return _saved(sheets_pdf)


def _refuse_strangers(forms: Mapping[int, _Form], sheets: Sequence[Sheet]) -> None:
    """Stop if the sheets were worked out for other pages than these."""
    placements = [each for sheet in sheets for side in (sheet.front, sheet.back) for each in side.placements]
    if {each.page for each in placements} != set(forms):
        raise ValueError(f"the sheets are not imposed for {len(forms)} pages")
    for each in placements:
        width, height = forms[each.page].size_mm()
        if max(abs(width - each.width_mm), abs(height - each.height_mm)) > _SIZE_TOLERANCE_MM:
            raise ValueError(
                f"page {each.page} is {width:.1f} × {height:.1f} mm, its place {each.width_mm:g} × {each.height_mm:g} mm"
            )


def _desk(
    sheet: Sheet, scheme: Scheme, forms: Mapping[int, _Form], notes: Sequence[_Form], safe_mm: float
) -> Iterator[_Medium]:
    """Front and back of a sheet as a printer at home takes it."""
    media = _Box(0, 0, *scheme.sheet_mm)
    safe = media.grown(-safe_mm)
    blank = _Medium(media, media, media)
    for side, note, is_back in ((sheet.front, notes[:1], False), (sheet.back, notes[1:2], True)):
        if not side.placements:
            yield blank
            continue
        turned = is_back and sheet.tumble
        folds = [line.x1_mm for line in sheet.folds]
        if is_back and not sheet.tumble:
            folds = [scheme.sheet_mm[0] - x for x in folds]
        pages = tuple(_placed(each, forms, _trim(each).within(safe)) for each in side.placements)
        foot = tuple(_note(form, safe, turned=turned) for form in note)
        box = _note_box(note, safe, turned=turned)
        lines = [*_fold_hints(folds, safe, box), *(() if is_back else _cut_lines(sheet.cuts, safe, box))]
        drawn = {each.page: forms[each.page] for each in side.placements}
        yield replace(blank, forms=(*drawn.values(), *note), operators=(*pages, *foot, *_stroked(_DESK_PEN, lines, ())))


def _shop(sheets: Sequence[Sheet], scheme: Scheme, forms: Mapping[int, _Form], bleed_mm: float) -> Iterator[_Medium]:
    """Spreads, or single pages if the shop folds nothing by itself."""
    if scheme.kind in SINGLE:
        count = 4 * len(sheets) if scheme.kind == "saddle" else len(forms)
        for number in range(1, count + 1):
            width, height = forms[number].size_mm() if number in forms else scheme.page_mm
            block = _Box(0, 0, width, height)
            page = (Placement(number, 0, 0, width, height),) if number in forms else ()
            yield _trade(Side(page), block, (), forms, bleed_mm)
        return
    left, bottom, width, height = block_mm(scheme)
    block = _Box(left, bottom, left + width, bottom + height)
    for sheet in sheets:
        folds = tuple(line.x1_mm for line in sheet.folds)
        yield _trade(sheet.front, block, folds, forms, bleed_mm)
        on_the_back = folds if sheet.tumble else tuple(scheme.sheet_mm[0] - x for x in folds)
        yield _trade(sheet.back, block, on_the_back, forms, bleed_mm)


def _trade(side: Side, block: _Box, folds: tuple[float, ...], forms: Mapping[int, _Form], bleed_mm: float) -> _Medium:
    """A side with its bleed and marks, moved so that the medium begins at 0, 0."""
    slug = bleed_mm + _MARK_GAP_MM + _MARK_MM + _MEDIUM_GAP_MM
    right, up = slug - block.left, slug - block.bottom
    trim = _moved(block, right, up)
    bleed = trim.grown(bleed_mm)
    pages = []
    for each in side.placements:
        moved = replace(each, x_mm=each.x_mm + right, y_mm=each.y_mm + up)
        pages.append(_placed(moved, forms, _with_bleed(_trim(moved), trim, bleed)))
    crops = _crop_marks(trim, bleed_mm + _MARK_GAP_MM)
    dashed = _fold_marks([x + right for x in folds], trim, bleed_mm + _MARK_GAP_MM)
    return _Medium(
        media=trim.grown(slug),
        trim=trim,
        bleed=bleed,
        forms=tuple({each.page: forms[each.page] for each in side.placements}.values()),
        operators=(*pages, *_stroked(_SHOP_PEN, dashed, crops)),
    )


def _trim(placement: Placement) -> _Box:
    x, y = placement.x_mm, placement.y_mm
    return _Box(x, y, x + placement.width_mm, y + placement.height_mm)


def _moved(box: _Box, right: float, up: float) -> _Box:
    return _Box(box.left + right, box.bottom + up, box.right + right, box.top + up)


def _with_bleed(page: _Box, trim: _Box, bleed: _Box) -> _Box:
    """A page with its bleed where it lies at the edge of the spread; at a fold its neighbour begins."""

    def outer(edge: float, of_trim: float, of_bleed: float) -> float:
        return of_bleed if abs(edge - of_trim) < _SIZE_TOLERANCE_MM else edge

    return _Box(
        outer(page.left, trim.left, bleed.left),
        outer(page.bottom, trim.bottom, bleed.bottom),
        outer(page.right, trim.right, bleed.right),
        outer(page.top, trim.top, bleed.top),
    )


def _placed(placement: Placement, forms: Mapping[int, _Form], clip: _Box) -> str:
    """The operators that draw a page in its place, and nothing of it outside ``clip``."""
    if clip.is_empty():
        return ""
    form = forms[placement.page]
    centre = placement.x_mm + placement.shift_mm + placement.width_mm / 2, placement.y_mm + placement.height_mm / 2
    return _drawn(form, centre, clip, turned=placement.turned)


def _drawn(form: _Form, centre_mm: tuple[float, float], clip: _Box, *, turned: bool) -> str:
    """The operators that draw a form so that the middle of its trim is at ``centre_mm``."""
    left, bottom, right, top = form.trim_pt
    x, y = (value * _POINTS_PER_MM for value in centre_mm)
    sign = -1 if turned else 1
    offset = f"{x - sign * (left + right) / 2:.3f} {y - sign * (bottom + top) / 2:.3f}"
    window = f"{_at(clip.left, clip.bottom)} {_at(clip.right - clip.left, clip.top - clip.bottom)}"
    return f"q {window} re W n {sign} 0 0 {sign} {offset} cm {form.name} Do Q"


def _note_box(note: Sequence[_Form], safe: _Box, *, turned: bool) -> _Box | None:
    """Where the note stands: in the middle of the foot of the pages, which is the head of a sheet that was tumbled."""
    if not note:
        return None
    width, height = note[0].size_mm()
    left = (safe.left + safe.right - width) / 2
    bottom = safe.top - height if turned else safe.bottom
    return _Box(left, bottom, left + width, bottom + height)


def _note(form: _Form, safe: _Box, *, turned: bool) -> str:
    box = _note_box((form,), safe, turned=turned)
    assert box is not None
    return _drawn(form, ((box.left + box.right) / 2, (box.bottom + box.top) / 2), box.within(safe), turned=turned)


def _fold_hints(folds: Iterable[float], safe: _Box, note: _Box | None) -> Iterator[Line]:
    """A small dash at head and foot of each fold, but not through the note."""
    for x in folds:
        for y in (safe.bottom, safe.top - _HINT_MM):
            if not _crosses(_Box(x, y, x, y + _HINT_MM), note):
                yield Line(x, y, x, y + _HINT_MM)


def _cut_lines(cuts: Iterable[Line], safe: _Box, note: _Box | None) -> Iterator[Line]:
    """The cuts as far as they can be printed; one that would run through the note begins above it."""
    for cut in cuts:
        if cut.x1_mm == cut.x2_mm and safe.left < cut.x1_mm < safe.right:
            line = _Box(cut.x1_mm, safe.bottom, cut.x1_mm, safe.top)
            start = note.top + _NOTE_GAP_MM if note is not None and _crosses(line, note) else safe.bottom
            yield Line(cut.x1_mm, start, cut.x1_mm, safe.top)
        elif cut.y1_mm == cut.y2_mm and safe.bottom < cut.y1_mm < safe.top:
            yield Line(safe.left, cut.y1_mm, safe.right, cut.y1_mm)


def _crosses(line: _Box, note: _Box | None) -> bool:
    return note is not None and not line.grown(_NOTE_GAP_MM).within(note).is_empty()


def _crop_marks(trim: _Box, gap: float) -> Iterator[Line]:
    """Eight marks, two at each corner of the trim, ``gap`` away from it."""
    for x in (trim.left, trim.right):
        yield from _fold_marks((x,), trim, gap)
    for y in (trim.bottom, trim.top):
        yield Line(trim.left - gap - _MARK_MM, y, trim.left - gap, y)
        yield Line(trim.right + gap, y, trim.right + gap + _MARK_MM, y)


def _fold_marks(folds: Iterable[float], trim: _Box, gap: float) -> Iterator[Line]:
    for x in folds:
        yield Line(x, trim.bottom - gap - _MARK_MM, x, trim.bottom - gap)
        yield Line(x, trim.top + gap, x, trim.top + gap + _MARK_MM)


def _stroked(pen: str, dashed: Iterable[Line], solid: Iterable[Line]) -> tuple[str, ...]:
    """The operators that draw these lines, if there are any."""
    full, broken = (
        "".join(f"{_at(line.x1_mm, line.y1_mm)} m {_at(line.x2_mm, line.y2_mm)} l S " for line in lines)
        for lines in (solid, dashed)
    )
    return (f"q {pen} {full}{_DASHES} {broken}Q",) if full or broken else ()


def _opened(pdf: bytes | None) -> pikepdf.Pdf:
    return pikepdf.new() if pdf is None else pikepdf.open(io.BytesIO(pdf))


def _forms(sheets_pdf: pikepdf.Pdf, source: pikepdf.Pdf, prefix: str) -> Iterator[_Form]:
    """Each page of ``source`` as a form XObject of the other PDF; its stream is taken over as it is, compressed.

    A page's transparency group is left behind: WeasyPrint's would blend the inks in RGB.
    """
    for number, page in enumerate(source.pages, 1):
        contents = page.obj.get("/Contents")
        if isinstance(contents, Array):
            page.contents_coalesce()
            contents = page.Contents
        form = Dictionary(
            Type=Name.XObject, Subtype=Name.Form, BBox=page.mediabox, Resources=page.obj.get("/Resources", Dictionary())
        )
        drawing = b""
        if isinstance(contents, pikepdf.Stream):
            drawing = contents.read_raw_bytes()
            for key in ("/Filter", "/DecodeParms"):
                if key in contents:
                    form[key] = contents[key]
        xobject = sheets_pdf.copy_foreign(source.make_stream(drawing, form))
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        yield _Form(f"/{prefix}{number}", xobject, (left, bottom, right, top))


def _add_page(sheets_pdf: pikepdf.Pdf, medium: _Medium) -> None:
    media = medium.media.points()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=media,
        CropBox=media,
        BleedBox=medium.bleed.points(),
        TrimBox=medium.trim.points(),
        Resources=Dictionary(XObject=Dictionary({form.name: form.xobject for form in medium.forms})),
        Contents=sheets_pdf.make_stream("\n".join(medium.operators).encode("ascii")),
    )
    sheets_pdf.pages.append(pikepdf.Page(sheets_pdf.make_indirect(page)))


def _say_what_it_is(sheets_pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    """Take over the language and the title; nothing that tells when it was made."""
    if "/Lang" in source.Root:
        sheets_pdf.Root.Lang = pikepdf.String(str(source.Root.Lang))
    if title := str(source.docinfo.get("/Title", "")):
        sheets_pdf.docinfo.Title = pikepdf.String(title)


def _ask_the_printer(sheets_pdf: pikepdf.Pdf, scheme: Scheme, *, tumble: bool, sides: Sides) -> None:
    """What the print dialogue should choose by itself: full size, and the edge to turn the sheet over (ISO 32000-1, 12.2)."""
    over_long_edge = (default_flip(scheme.sheet_mm) == "long") != tumble
    duplex = Name.DuplexFlipLongEdge if over_long_edge else Name.DuplexFlipShortEdge
    sheets_pdf.Root.ViewerPreferences = Dictionary(
        PrintScaling=Name("/None"), Duplex=duplex if sides == "both" else Name.Simplex
    )


def _saved(sheets_pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    sheets_pdf.save(
        target,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return target.getvalue()


def _at(x_mm: float, y_mm: float) -> str:
    return f"{x_mm * _POINTS_PER_MM:.3f} {y_mm * _POINTS_PER_MM:.3f}"


def _number(value_mm: float) -> float:
    return round(value_mm * _POINTS_PER_MM, 3)
