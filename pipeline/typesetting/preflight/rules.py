"""The rules that hold for every edition, and the table of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.typesetting.leaflet import Edition
from pipeline.typesetting.preflight import desk, screen, shop
from pipeline.typesetting.preflight.examine import Examined
from pipeline.typesetting.preflight.fonts import is_ours
from pipeline.typesetting.preflight.proof import Fault, Font

_TRIM_SLACK_MM = 0.2
_SIGNS = 0.5
"""Footnote numbers and other raised signs may be half as large as the smallest letter."""
_QUOTED = 60
_AGAIN = "build it again; if that does not help, report it to us"


def syntax(examined: Examined) -> Iterator[Fault]:
    """A printer's machine would stumble over the file (the same check as ``qpdf --check``)."""
    for message in dict.fromkeys(examined.syntax):
        yield Fault("syntax", f"the file is damaged: {message}", _AGAIN)
    for side in examined.sides:
        if side.content.unreadable:
            operators = ", ".join(side.content.unreadable)
            yield Fault("syntax", f"the page is damaged: operators without sense ({operators})", _AGAIN, side.number)


def fonts_embedded(examined: Examined) -> Iterator[Fault]:
    """Another computer would put a font of its own in place of this one."""
    for font in _fonts(examined):
        if not font.embedded:
            yield Fault("font-not-embedded", f"the font {font.name} is not inside the file", "embed it")


def fonts_subset(examined: Examined) -> Iterator[Fault]:
    """The whole font is inside, and the file is larger than it need be."""
    for font in _fonts(examined):
        if font.embedded and not font.subset:
            hint = "embed only the characters that are used; WeasyPrint's option full_fonts must be off"
            yield Fault("font-not-subset", f"all of the font {font.name} is inside the file", hint)


def foreign_fonts(examined: Examined) -> Iterator[Fault]:
    """Text fell back to a font that nobody chose."""
    for font in _fonts(examined):
        if not is_ours(font.name, examined.expected.families):
            hint = "a character or a style is missing in the family that should stand there: see templates/typography"
            yield Fault("foreign-font", f"the font {font.name} belongs to none of our families", hint)


def undefined_glyphs(examined: Examined) -> Iterator[Fault]:
    """The reader sees an empty box in place of a character."""
    for side in examined.sides:
        if side.content.undefined:
            times = "once" if side.content.undefined == 1 else f"{side.content.undefined} times"
            hint = "a character has no glyph in any font: write it differently, or add a font that has it"
            yield Fault("notdef", f"an empty box stands in place of a character, {times}", hint, side.number)


def boxes(examined: Examined) -> Iterator[Fault]:
    """Imposition software would shift or cut the page wrongly."""
    for side in examined.sides:
        wrong = []
        if abs(side.media.left) > 0.01 or abs(side.media.bottom) > 0.01:
            left, bottom = side.media.mm[:2]
            wrong.append(f"the MediaBox begins at {left:g}, {bottom:g} mm and not at 0, 0")
        if not side.media.holds(side.crop):
            wrong.append("the CropBox reaches outside the MediaBox")
        if not side.media.holds(side.bleed):
            wrong.append("the BleedBox reaches outside the MediaBox")
        if not side.bleed.holds(side.trim):
            wrong.append("the TrimBox reaches outside the BleedBox")
        if side.unit != 1:
            wrong.append(f"the page is scaled by {side.unit:g} (UserUnit)")
        for message in wrong:
            yield Fault(
                "boxes", message, "write the page's boxes anew, from 0, 0 outwards: imposition does", side.number
            )


def trim_size(examined: Examined) -> Iterator[Fault]:
    """The cut page has another size than its format."""
    if examined.expected.trim_mm is None:
        return
    width, height = examined.expected.trim_mm
    for side in examined.sides:
        is_width, is_height = side.trim.size_mm
        if abs(is_width - width) > _TRIM_SLACK_MM or abs(is_height - height) > _TRIM_SLACK_MM:
            message = f"the page is {is_width:g} × {is_height:g} mm, and should be {width:g} × {height:g} mm"
            yield Fault("trim-size", message, "see the format's page size, and --paper", side.number)


def page_count(examined: Examined) -> Iterator[Fault]:
    """Pages are missing, or the text ran over."""
    wanted, pages = examined.expected.pages, len(examined.sides)
    if wanted is not None and pages != wanted:
        hint = "the text is too long or too short for the format: polyleaf fit shows by how much"
        yield Fault("page-count", f"{_counted(pages, 'page')}, and should be {wanted}", hint)


def sheet_count(examined: Examined) -> Iterator[Fault]:
    """The organizer would need more paper than planned."""
    wanted, sheets = examined.expected.sheets, -(-len(examined.sides) // 2)
    if wanted is not None and sheets != wanted:
        message = f"{_counted(sheets, 'sheet')} of paper, and should be {wanted}"
        yield Fault("sheet-count", message, "the text is too long or too short for the format")


def small_type(examined: Examined) -> Iterator[Fault]:
    """People with tired eyes could not read it. Raised signs, such as footnote numbers, may be half as large."""
    least = examined.expected.smallest_pt
    if least is None:
        return
    for side in examined.sides:
        for kind, floor in ((side.letters, least), (side.signs, _SIGNS * least)):
            if kind is not None and kind.size_pt < floor - 0.05:
                message = f"“{kind.sample}” is set in {kind.size_pt:g} pt; the smallest is {floor:g} pt"
                yield Fault("small-type", message, "shorten the text, or take a larger format", side.number)


def qr_codes(examined: Examined) -> Iterator[Fault]:
    """A telephone would not read the code, or not from a photocopy."""
    for wanted in examined.expected.qr:
        codes = [code for code in examined.codes if code.text == wanted]
        if not codes:
            hint = "make it larger (25 mm on A4, 20 mm on A5) with four modules of white on each side"
            yield Fault("qr", f"no QR code on any page says {wanted}", hint)
        elif all(code.lost_at for code in codes):
            code = codes[0]
            size = max(code.box.size_mm)
            resolutions = " and ".join(f"{dpi} dpi" for dpi in code.lost_at)
            message = f"the QR code {wanted} ({size:.0f} mm wide) cannot be read from a photocopy ({resolutions})"
            hint = "make it larger, its text shorter, or its contrast stronger; leave four modules of white round it"
            yield Fault("qr", message, hint, code.page + 1)


def missing_text(examined: Examined) -> Iterator[Fault]:
    """A part of the text got lost on the way to paper."""
    for found in examined.segments:
        if found.missing:
            message = f"“{_quoted(found.segment)}” is on no page ({found.held:.0%} of its words are)"
            hint = (
                "give the text more room; if one sees it on the page, the file's text layer is wrong: report it to us"
            )
            yield Fault("text-missing", message, hint)


def hidden_text(examined: Examined) -> Iterator[Fault]:
    """The words are in the file, but nobody sees them: cut off, covered, or in the paper's colour."""
    for found in examined.segments:
        if found.unseen:
            message = (
                f"“{_quoted(found.segment)}” cannot be seen in full; hidden are the letters “{_quoted(found.unseen)}”"
            )
            hint = "the text is cut off, covered or as light as the paper: give it more room or another colour"
            yield Fault("text-hidden", message, hint, found.page)


def archive(examined: Examined) -> Iterator[Fault]:
    """The file says that it is PDF/A, and is not."""
    for validation in examined.validations:
        if validation.standard.startswith("PDF/A"):
            for complaint in validation.complaints:
                message = f"the file claims to be {validation.standard}; {complaint.message} [{complaint.rule}]"
                yield Fault("pdf-a", message, f"{validation.validator} says so; drop the claim, or mend this")


def _fonts(examined: Examined) -> Iterator[Font]:
    yield from dict.fromkeys(each.font for side in examined.sides for each in side.content.fonts.values())


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()} …"


Asks = Literal["families", "segments", "pages", "sheets", "trim_mm", "smallest_pt", "qr"]
_ALL: tuple[Edition, ...] = ("screen", "desk", "shop")


@dataclass(frozen=True, slots=True)
class Rule:
    """A check, the code of its faults, the editions it holds for, and the field of ``Expected`` that it needs."""

    code: str
    check: Callable[[Examined], Iterator[Fault]]
    editions: tuple[Edition, ...] = _ALL
    asks: Asks | None = None


RULES = (
    Rule("syntax", syntax),
    Rule("font-not-embedded", fonts_embedded),
    Rule("font-not-subset", fonts_subset),
    Rule("foreign-font", foreign_fonts, asks="families"),
    Rule("notdef", undefined_glyphs),
    Rule("boxes", boxes),
    Rule("trim-size", trim_size, asks="trim_mm"),
    Rule("page-count", page_count, asks="pages"),
    Rule("sheet-count", sheet_count, asks="sheets"),
    Rule("small-type", small_type, asks="smallest_pt"),
    Rule("qr", qr_codes, asks="qr"),
    Rule("text-missing", missing_text, asks="segments"),
    Rule("text-hidden", hidden_text, asks="segments"),
    Rule("pdf-a", archive),
    Rule("language", screen.language, ("screen",)),
    Rule("title", screen.title, ("screen",)),
    Rule("untagged", screen.tags, ("screen",)),
    Rule("pdf-ua", screen.accessible, ("screen",)),
    Rule("not-black", desk.black_only, ("desk",)),
    Rule("unsafe-edge", desk.safe_edge, ("desk",)),
    Rule("solid-area", desk.solid, ("desk",)),
    Rule("coverage", desk.coverage, ("desk",)),
    Rule("bleed", shop.bleed, ("shop",)),
    Rule("rgb", shop.no_rgb, ("shop",)),
    Rule("rich-black", shop.pure_black, ("shop",)),
    Rule("total-ink", shop.total_ink, ("shop",)),
    Rule("crop-marks", shop.crop_marks, ("shop",)),
    Rule("pdf-x", shop.pdf_x, ("shop",)),
)
