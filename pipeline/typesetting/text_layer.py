"""WeasyPrint's text layer mended: what a reader searches, copies or hears is what was written (Kozea/WeasyPrint#2841).

WeasyPrint gives each glyph one text, the first it was drawn for, and no text at all to the other glyphs of a cluster. Here a
line is drawn as before, and then rewritten, without moving a glyph:

- A cluster that is no stable pair of one glyph and one text stands in ``/Span <</ActualText …>> BDC … EMC`` (ISO 32000-1,
  14.9.4), together with the signs that combine with it.
- Poppler and PDFium believe that a span begins and ends where its first and last glyphs do, signs above the line included, and
  break words there. So blanks that move nothing stand at the true ends, on the base line.
- PDFium loses a space that is shown alone: it goes into the span before it.
- Both read a line of right-to-left text from its right end, letter for letter. So there a span holds one letter only.
- Nastaliq slopes: no letter stands on the base line. Its words are written once more, invisible (``3 Tr``), letter by letter
  where they stand, as beneath a scanned page; the visible glyphs say U+200B.

All state is on the fonts of one PDF; the same page gives the same bytes. How well it reads: ``tests/test_text_layer.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pydyf
import weasyprint.document
from weasyprint.draw import text as drawing

from pipeline.typesetting import tagging
from pipeline.typesetting.drawn import (
    RLM,
    ZWSP,
    Blank,
    Cluster,
    Glyph,
    Heard,
    clusters_of,
    is_strange,
    lettered,
    nominal,
    tell,
    width_of,
)

PINNED = "70.0"
#: Horizontal scaling of the blank that only says where a span ends.
_NARROW = 20
#: What is written on a font besides the meanings of its glyphs.
_LEARNT = ("fenced", "meanings")
#: Letters with a glyph each: Latin, Greek, Cyrillic, Armenian, Georgian, Ethiopic, Tifinagh.
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u024f\u0370-\u0482\u048a-\u052f\u0531-\u058a\u10a0-\u10ff\u1200-\u135c\u1360-\u137f\u1e00-\u1fff"
    "\u2010-\u2027\u20a0-\u20bf\u2d30-\u2d6f]*"
)


def mend() -> None:
    """WeasyPrint draws text with a true text layer, and tags it truly, from now on in this process; a second call changes nothing.

    Raises RuntimeError if another WeasyPrint is installed than the one this was written for.
    """
    if version("weasyprint") != PINNED:
        raise RuntimeError(f"the text layer is mended for WeasyPrint {PINNED} only, not for {version('weasyprint')}")
    drawing.draw_first_line = _draw_first_line
    weasyprint.document.generate_pdf = _generate_pdf
    tagging.mend()


_original = drawing.draw_first_line
_original_pdf = weasyprint.document.generate_pdf


def _generate_pdf(document: Any, *how: Any, **options: Any) -> Any:
    """The PDF, as WeasyPrint's function of this name; a document that is written again knows no more than the first time."""
    for font in document.fonts.values():
        font.to_unicode = {}
        for name in _LEARNT:
            vars(font).pop(name, None)
    return _original_pdf(document, *how, **options)


def _draw_first_line(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
    """The emojis of a line, as WeasyPrint's function of this name, and the line drawn with its true text."""
    if textbox.style["direction"] == "ltr" and _PLAIN.fullmatch(textbox.text) and not _fenced(stream):
        emojis = _original(stream, textbox, text_overflow, block_ellipsis, matrix)
        _fill_gaps(stream)
        return emojis
    heard = Heard(stream)
    try:
        emojis = _original(heard, textbox, text_overflow, block_ellipsis, matrix)
    finally:
        heard.end()
    if heard.shown:
        stretches = list(_stretches(list(lettered(clusters_of(heard, textbox.pango_layout)))))
        if stream._tags and any(stretch.layered for stretch in stretches):
            stream._tags.get(textbox, {})[tagging.SPOKEN] = textbox.pango_layout.text
        _draw(_Pen(stream), stretches)
    return emojis


def _fenced(stream: Any) -> bool:
    """Whether some glyph means more than its letter: then every line has to look."""
    return any("fenced" in vars(font) for font in stream._fonts.values())


def _fill_gaps(stream: Any) -> None:
    """No glyph without a meaning: WeasyPrint gives the glyphs of a cluster none, but for the last."""
    for font in stream._fonts.values():
        known = vars(font).get("meanings", 0)
        if len(font.to_unicode) != known:
            font.to_unicode.update({glyph: ZWSP for glyph, text in font.to_unicode.items() if not text})
            font.meanings = len(font.to_unicode)


@dataclass(slots=True)
class _Stretch:
    """Clusters that are drawn together; with ``text`` as a span, without it as they are, ``layered`` as Nastaliq."""

    clusters: Sequence[Cluster]
    text: str = ""
    layered: bool = False

    @property
    def glyphs(self) -> list[Glyph]:
        return [glyph for cluster in self.clusters for glyph in cluster.glyphs]


# --- what is drawn together -----------------------------------------------------------------------------------------------


def _combines(text: str) -> bool:
    return bool(text) and not text[0].isalpha() and unicodedata.category(text[0]) in ("Mn", "Me", "Cf")


def _stretches(clusters: list[Cluster]) -> Iterator[_Stretch]:
    """The line in stretches, from left to right."""
    for cluster in clusters:
        cluster.strange = is_strange(cluster) or any(glyph.rise or glyph.before for glyph in cluster.glyphs)
    plain: list[Cluster] = []
    start = level = 0
    while start < len(clusters):
        end, layered = start, False
        if start >= level and clusters[start].rtl:
            level, layered = _sloping(clusters, start)
            end = level if layered else start
        if not layered:
            end = _unit(clusters, start)
        if layered or end > start + 1 or (clusters[start].strange and clusters[start].glyphs):
            if plain:
                yield _Stretch(plain)
                plain = []
            text = "".join(cluster.text for cluster in clusters[start:end])
            # The one at the end of a line says that the word goes on.
            text = text.replace("\u00ad", "", text.count("\u00ad") - (end == len(clusters)))
            yield _Stretch(clusters[start:end], text, layered)
        else:
            plain.append(clusters[start])
        start = end
    yield _Stretch(plain)


def _unit(clusters: list[Cluster], start: int) -> int:
    """Where the unit ends that begins here: a cluster, the signs that combine with it, and if it is a span the space after it.

    Only from left to right. A unit of right-to-left text is one cluster.
    """
    first, end = clusters[start], start + 1
    if first.rtl or not first.glyphs:
        return end
    while end < len(clusters) and not clusters[end].rtl and _combines(clusters[end].text):
        end += 1
    spanned = end > start + 1 or first.strange
    if spanned and end < len(clusters) and clusters[end].text == " " and not clusters[end].rtl:
        end += 1
    return end


def _sloping(clusters: list[Cluster], start: int) -> tuple[int, bool]:
    """Where the right-to-left stretch of one font ends that begins here, and whether its letters do not stand on the base line."""
    end, slopes = start, False
    font: Any = None
    while end < len(clusters) and clusters[end].rtl:
        glyphs = clusters[end].glyphs
        if glyphs:
            font = font or glyphs[0].font
            if any(glyph.font is not font for glyph in glyphs):
                break
            slopes = slopes or bool(glyphs[-1].rise and not _combines(clusters[end].text))
        end += 1
    return end, slopes


# --- drawing --------------------------------------------------------------------------------------------------------------


def _draw(pen: _Pen, stretches: Sequence[_Stretch]) -> None:
    for stretch in stretches:
        if stretch.layered:
            pen.draw_twice(stretch)
        elif stretch.text:
            pen.draw_as(stretch.text, stretch.glyphs)
        else:
            pen.draw(stretch.glyphs)
    pen.end()


class _Pen:
    """Shows glyphs in a stream, in as few strings as can be."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._font: tuple[str, float] | None = None
        self._rise = 0.0
        self._line: list[str] = []
        self._strings = 0

    def draw(self, glyphs: Sequence[Glyph], blank: Blank | None = None) -> None:
        """As WeasyPrint would; with a ``blank``, signs off the base line in strings that begin where the first glyph does."""
        gone = 0.0
        for glyph in glyphs:
            self._use(glyph)
            self._raise(glyph.rise)
            if glyph.rise and blank:
                self._line.append(f"{gone} <{blank.code}> {blank.width - gone}")
            self._line += [glyph.before, f"<{glyph.code}>"]
            if glyph.after:
                self._raise(0)
                self._line.append(glyph.after)
            if blank:
                gone = round(gone + glyph.advance, 3)

    def draw_as(self, text: str, glyphs: Sequence[Glyph], anchored: bool = True) -> None:
        """As a span that says this text."""
        self._begin(text)
        blank = Blank.of(glyphs[0]) if any(glyph.rise or glyph.before or glyph.after for glyph in glyphs) else None
        advance = sum(glyph.advance for glyph in glyphs) if blank else 0.0
        if blank and (glyphs[0].rise or glyphs[0].before):
            self._use(glyphs[0])
            self._scaled(max(_NARROW, advance / blank.width * 100), f"<{blank.code}> {blank.width}")
        self.draw(glyphs, blank if anchored else None)
        if blank:
            self._ending(blank, advance)
        self._end_span()

    def draw_twice(self, stretch: _Stretch) -> None:
        """Its letters, invisible, word by word; then its glyphs."""
        first = stretch.glyphs[0]
        self._use(first)
        self._raise(0)
        self._flush()
        self._stream.stream.append("3 Tr")
        for word in _words(stretch.clusters):
            self._scaled(word.percent, f"{-word.start} <{word.codes}> {word.start + word.width}")
        self._stream.stream.append("0 Tr")
        self.draw_as(ZWSP, stretch.glyphs, anchored=False)

    def end(self) -> None:
        """Everything is in the stream."""
        self._raise(0)
        self._flush()

    def _begin(self, text: str) -> None:
        self._raise(0)
        self._flush()
        self._strings = 0
        self._stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(text)}))

    def _end_span(self) -> None:
        self._raise(0)
        self._flush()
        self._stream.end_marked_content()

    def _ending(self, blank: Blank, advance: float) -> None:
        """A blank that ends where the pen is, and does not begin before the span does, for PDFium sorts strings by that."""
        if not self._rise and not self._strings:
            self._line.append(f"{blank.width} <{blank.code}>")
        elif advance < blank.width * _NARROW / 100:
            self._scaled(_NARROW, f"<{blank.code}> {blank.width}")
        else:
            self._scaled(_NARROW, f"{blank.width} <{blank.code}>")

    def _scaled(self, percent: float, shown: str) -> None:
        self._raise(0)
        self._flush()
        self._stream.stream.append(f"{percent:.2f} Tz")
        self._stream.show_text(shown)
        self._stream.stream.append("100 Tz")

    def _use(self, glyph: Glyph) -> None:
        font = (glyph.font.hash, glyph.size)
        if font != self._font:
            self._flush()
            self._font = font
            self._stream.set_font_size(*font)

    def _raise(self, rise: float) -> None:
        if rise != self._rise:
            self._flush()
            self._stream.set_text_rise(rise)
            self._rise = rise

    def _flush(self) -> None:
        if self._line:
            self._stream.show_text(" ".join(filter(None, self._line)))
            self._line.clear()
            self._strings += 1


@dataclass(frozen=True, slots=True)
class _Word:
    """Letters to be shown invisibly: where they start and how wide they are, in thousandths of the type size once scaled."""

    codes: str
    start: float
    width: int
    percent: float


def _words(clusters: Sequence[Cluster]) -> Iterator[_Word]:
    """The words of a right-to-left stretch from left to right, each with the space before it, letter by letter."""
    size = next(cluster.glyphs[0] for cluster in clusters if cluster.glyphs)
    place, start = 0.0, 0
    while start < len(clusters):
        end = start + 1
        while end < len(clusters) and clusters[end].text.strip(RLM) != " ":
            end += 1
        room = sum(glyph.advance for cluster in clusters[start:end] for glyph in cluster.glyphs)
        letters = [letter for cluster in clusters[start:end] for letter in reversed(cluster.text)]
        glyphs = {letter: found for letter in letters if (found := nominal(size.font, letter)) is not None}
        for letter, glyph in glyphs.items():
            tell(size.font, glyph, letter)
        shown = [glyphs[letter] for letter in letters if letter in glyphs]
        width = sum(width_of(size, glyph) for glyph in shown)
        if shown:
            scale = room / width if width and room > 0 else 1.0
            yield _Word("".join(f"{glyph:04x}" for glyph in shown), round(place / scale, 3), width, scale * 100)
        place += room
        start = end
