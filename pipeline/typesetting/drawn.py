"""What WeasyPrint drew: the glyphs of a line, the text they stand for, and what each glyph means in its document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from weasyprint.text.ffi import FROM_UNITS, ffi, harfbuzz, pango

_TOKEN = re.compile(r"<([0-9a-f]*)>|([^<>]+)")
ZWSP, RLM = "\u200b", "\u200f"
_JOINERS = ("\u200c", "\u200d")

ffi.cdef("int hb_font_get_nominal_glyph(hb_font_t *font, hb_codepoint_t unicode, hb_codepoint_t *glyph);")


class _Full(dict[int, str]):
    """What WeasyPrint may think every glyph already means, so that it does not guess."""

    def __contains__(self, _: object) -> bool:
        return True


_FULL = _Full()


class Heard:
    """Stands for a stream while WeasyPrint draws a line, and keeps what it shows: strings, with their font, size and rise."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._font: Any = None
        self._shown_in: tuple[Any, float] = (None, 0.0)
        self._rise = 0.0
        self._meanings: list[tuple[Any, dict[int, str]]] = []
        self.shown: list[tuple[str, Any, float, float]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def add_font(self, pango_font: Any) -> Any:
        """As a stream's; the font learns no meaning of glyphs until the line is drawn."""
        font, size = self._stream.add_font(pango_font)
        if font.to_unicode is not _FULL:
            self._meanings.append((font, font.to_unicode))
            font.to_unicode = _FULL
        font.pango_font = pango_font
        self._font = font
        return font, size

    def set_font_size(self, _: str, size: float) -> None:
        """As a stream's."""
        self._shown_in = (self._font, size)

    def set_text_rise(self, rise: float) -> None:
        """As a stream's."""
        self._rise = rise

    def show_text(self, text: str) -> None:
        """As a stream's."""
        self.shown.append((text, *self._shown_in, self._rise))

    def end(self) -> None:
        """The line is drawn: its fonts know again what their glyphs mean."""
        for font, meanings in self._meanings:
            font.to_unicode = meanings


@dataclass(slots=True)
class Glyph:
    """A glyph as it is shown: ``before`` and ``after`` are the numbers that move the pen, in thousandths of the type size."""

    code: str
    font: Any
    size: float
    rise: float = 0.0
    before: str = ""
    after: str = ""
    number: int = field(init=False)

    def __post_init__(self) -> None:
        self.number = int(self.code, 16)

    @property
    def advance(self) -> float:
        """How far the pen moves, in thousandths of the type size."""
        moved = sum(map(float, f"{self.before} {self.after}".split())) if self.before or self.after else 0.0
        return float(self.font.widths[self.number]) - moved


@dataclass(slots=True)
class Cluster:
    """The smallest piece of text that has glyphs of its own, and these, from left to right."""

    text: str
    rtl: bool
    glyphs: list[Glyph]
    strange: bool = False


# --- what was drawn -------------------------------------------------------------------------------------------------------


def clusters_of(heard: Heard, layout: Any) -> list[Cluster]:
    """The clusters of the line that was just drawn, from left to right, with the glyphs that show them."""
    tokens = _tokens(heard.shown)
    found: list[Cluster] = []
    waiting: list[str] = []
    last: Glyph | None = None
    for text, rtl, drawn in _pango_clusters(layout):
        cluster = Cluster(text, rtl, [])
        found.append(cluster)
        for offset in drawn:
            glyph = next(tokens)
            while isinstance(glyph, str):
                waiting.append(glyph)
                glyph = next(tokens)
            if waiting:
                glyph.before = waiting.pop() if offset else ""
                if last is None:
                    glyph.before = " ".join([*waiting, glyph.before])
                else:
                    last.after = " ".join(waiting)
                waiting = []
            last = glyph
            cluster.glyphs.append(glyph)
    if last is not None:
        last.after = " ".join([*waiting, *(token for token in tokens if isinstance(token, str))])
    return found


def _tokens(shown: list[tuple[str, Any, float, float]]) -> Iterator[str | Glyph]:
    """Numbers and glyphs, in the order in which they were shown."""
    for text, font, size, rise in shown:
        digits = 2 if font.bitmap else 4
        for codes, number in _TOKEN.findall(text):
            if number:
                yield number
            for place in range(0, len(codes), digits):
                yield Glyph(codes[place : place + digits], font, size, rise)


def _pango_clusters(layout: Any) -> Iterator[tuple[str, bool, list[int]]]:
    """Text, direction, and the horizontal offset of each glyph that is shown, of the clusters in a layout's first line."""
    line, _ = layout.get_first_line()
    utf8 = layout.text.encode()
    run = line.runs[0]
    while run != ffi.NULL:
        part, run = run.data, run.next
        glyphs, count, start = part.glyphs.glyphs, part.glyphs.num_glyphs, part.item.offset
        places = part.glyphs.log_clusters[0:count]
        borders = sorted({*places, part.item.length})
        ends = dict(pairwise(borders))
        rtl = bool(part.item.analysis.level % 2)
        index = 0
        while index < count:
            place, offsets = places[index], []
            while index < count and places[index] == place:
                if glyphs[index].glyph != pango.PANGO_GLYPH_EMPTY:
                    offsets.append(glyphs[index].geometry.x_offset)
                index += 1
            yield utf8[start + place : start + ends[place]].decode(), rtl, offsets


# --- what each glyph means ------------------------------------------------------------------------------------------------

_code = ffi.new("hb_codepoint_t *")


def nominal(font: Any, letter: str) -> int | None:
    """The glyph that a font has for a letter that stands alone."""
    known: dict[str, int | None] = vars(font).setdefault("nominal", {})
    if letter not in known:
        # Of the line that is being drawn: WeasyPrint's own may be gone.
        harfbuzz_font = pango.pango_font_get_hb_font(font.pango_font)
        found = harfbuzz.hb_font_get_nominal_glyph(harfbuzz_font, ord(letter), _code)
        known[letter] = int(_code[0]) if found else None
    return known[letter]


def width_of(like: Glyph, glyph: int) -> int:
    """How wide a glyph is, in thousandths of the type size, in the font of another; it is embedded if it was not."""
    widths: dict[int, int] = like.font.widths
    if glyph not in widths:
        extents = ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(like.font.pango_font, glyph, ffi.NULL, extents)
        widths[glyph] = round(extents.width * 1000 * FROM_UNITS / like.size)
    return widths[glyph]


def tell(font: Any, glyph: int, text: str) -> str:
    """What a glyph means in this document: what it was first said to mean, or this."""
    meanings: dict[int, str] = font.to_unicode
    return meanings.setdefault(glyph, text)


def is_strange(cluster: Cluster) -> bool:
    """Whether the glyphs do not say the text of their cluster; they are given a meaning if they have none."""
    glyphs = cluster.glyphs
    if len(glyphs) == 1:
        return tell(glyphs[0].font, glyphs[0].number, cluster.text) != cluster.text
    free = list(dict.fromkeys(cluster.text))
    for glyph in reversed(glyphs) if cluster.rtl else glyphs:
        alone = [letter for letter in free if nominal(glyph.font, letter) == glyph.number]
        meaning = tell(glyph.font, glyph.number, (alone or free or [ZWSP])[0])
        if meaning in free:
            free.remove(meaning)
    return bool(glyphs)


@dataclass(frozen=True, slots=True)
class Blank:
    """The space of a font: a glyph that leaves no ink."""

    code: str
    width: int

    @classmethod
    def of(cls, glyph: Glyph) -> Blank | None:
        """That of the font in which this glyph is."""
        found = None if glyph.font.bitmap else nominal(glyph.font, " ")
        if found is None or not (width := width_of(glyph, found)):
            return None
        tell(glyph.font, found, " ")
        return cls(f"{found:04x}", width)


# --- one letter in each cluster ------------------------------------------------------------------------------------------


def lettered(clusters: list[Cluster]) -> Iterator[Cluster]:
    """The line with one letter in each right-to-left cluster, as far as its font has them, and with what poppler needs besides.

    Letters without a glyph of their own get a blank that does not move the pen: a joiner, all but the first of a ligature.
    Signs, and spaces after a number, stand between marks of direction, for poppler takes them for parts of a number.
    """
    for index, cluster in enumerate(clusters):
        if not cluster.rtl or (len(cluster.text) == 1 and cluster.glyphs and cluster.text.isalpha()):
            yield cluster
            continue
        beside = clusters[max(0, index - 1) : index + 2]
        near = next((glyph for each in (cluster, *beside) for glyph in each.glyphs), None)
        if near is None or near.font.bitmap:
            yield cluster
        elif cluster.text in _JOINERS and not cluster.glyphs:
            yield Cluster(cluster.text, True, _voiceless(near, cluster.text))
        elif len(cluster.text) > 1 and cluster.glyphs:
            silent = [Cluster(letter, True, _voiceless(near, letter)) for letter in reversed(cluster.text[1:])]
            whole = all(each.glyphs for each in silent)
            yield from silent if whole else ()
            yield Cluster(cluster.text[0] if whole else cluster.text, True, cluster.glyphs)
        elif cluster.text == " " and len(cluster.glyphs) == 1 and not all(each.rtl for each in beside):
            fenced = _fenced_space(near)
            yield Cluster(f"{RLM} {RLM}", True, fenced) if fenced else cluster
        elif (
            cluster.glyphs
            and len(cluster.text) == 1
            and unicodedata.bidirectional(cluster.text) in ("CS", "ES", "ET", "ON")
        ):
            yield Cluster(_fence(cluster.glyphs[0], cluster.text), True, cluster.glyphs)
        else:
            yield cluster


def _voiceless(near: Glyph, letter: str) -> list[Glyph]:
    """A blank where a letter is to be said, in the font of another glyph; none if the font has no such letter.

    Its font has to have the letter, or PDFium would not believe the span.
    """
    found, blank = nominal(near.font, letter), Blank.of(near)
    if found is None or blank is None:
        return []
    width_of(near, found)
    tell(near.font, found, letter)
    return [Glyph(blank.code, near.font, near.size, after=str(blank.width))]


def _fence(glyph: Glyph, text: str) -> str:
    """A sign between marks of direction, if its glyph can mean that; a span of three would turn PDFium's words round."""
    fenced = f"{RLM}{text}{RLM}"
    if tell(glyph.font, glyph.number, fenced) != fenced:
        return text
    glyph.font.fenced = True
    return fenced


def _fenced_space(space: Glyph) -> list[Glyph]:
    """The no-break space of the same font in the place of a space, so that it can say something else; none if it cannot."""
    found = nominal(space.font, "\u00a0")
    fenced = f"{RLM} {RLM}"
    if found is None or found == space.number or tell(space.font, found, fenced) != fenced:
        return []
    space.font.fenced = True
    wider = width_of(space, found) - int(space.font.widths[space.number])
    after = f"{wider} {space.after}" if wider else space.after
    return [Glyph(f"{found:04x}", space.font, space.size, space.rise, space.before, after)]
