"""The fonts of a PDF: inside or not, a subset or not, and which codes show the glyph that stands for none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import pikepdf

from pipeline.typesetting.preflight.proof import Font

_STYLES = re.compile(
    r"(?:thin|extralight|ultralight|light|book|regular|normal|roman|medium|semibold|demibold|bold|extrabold|black|heavy"
    r"|italic|oblique|condensed|semicondensed|extracondensed|variable|vf|mt|ps)*"
)


@dataclass(frozen=True, slots=True)
class Lettering:
    """A font as a content stream uses it: ``holes`` are the codes of ``.notdef``, each ``width`` bytes wide.

    ``known`` are the codes that it has a glyph for; None: every code but the holes.
    """

    font: Font
    width: int
    holes: frozenset[int] = frozenset()
    known: frozenset[int] | None = None

    def undefined(self, text: bytes) -> int:
        """How many codes of a shown string stand for no glyph."""
        if self.known is None and (not self.holes or (self.holes == {0} and b"\0\0" not in text)):
            return 0
        codes = (int.from_bytes(text[at : at + self.width], "big") for at in range(0, len(text), self.width))
        return sum(code not in self.known if self.known is not None else code in self.holes for code in codes)


def lettering(font: pikepdf.Dictionary) -> Lettering:
    """A font's facts from its dictionary. Glyph 0 of a font of TrueType or OpenType is always ``.notdef``."""
    if font.get("/Subtype") == "/Type3":
        return Lettering(Font(str(font.get("/Name", "/Type3")).lstrip("/"), embedded=True, subset=True), 1)
    descendants = font.get("/DescendantFonts")
    held = descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else font
    descriptor = held.get("/FontDescriptor", pikepdf.Dictionary())
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    prefix, plus, name = str(held.get("/BaseFont", "/unnamed")).lstrip("/").rpartition("+")
    facts = Font(name, embedded, bool(plus) and re.fullmatch("[A-Z]{6}", prefix) is not None)
    if held is font:
        return Lettering(facts, 1, _holes_of_names(font))
    holes = _holes(held)
    encoding = font.get("/Encoding")
    if isinstance(encoding, pikepdf.Stream):
        known = frozenset(code for code, glyph in _mapped(encoding.read_bytes()) if glyph not in holes)
        return Lettering(facts, 2, holes, known)
    return Lettering(facts, 2, holes)


def _holes(held: pikepdf.Object) -> frozenset[int]:
    """The CIDs of a composite font that come out as glyph 0."""
    glyphs = held.get("/CIDToGIDMap")
    if not isinstance(glyphs, pikepdf.Stream):
        return frozenset({0})
    table = glyphs.read_bytes()
    return frozenset(at // 2 for at in range(0, len(table) - 1, 2) if table[at : at + 2] == b"\0\0")


def _mapped(cmap: bytes) -> Iterator[tuple[int, int]]:
    """The pairs of code and CID in an embedded CMap."""
    for section in re.findall(rb"begincidchar(.*?)endcidchar", cmap, re.DOTALL):
        for code, glyph in re.findall(rb"<([0-9A-Fa-f]+)>\s*(\d+)", section):
            yield int(code, 16), int(glyph)
    for section in re.findall(rb"begincidrange(.*?)endcidrange", cmap, re.DOTALL):
        for first, last, glyph in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\d+)", section):
            yield from zip(range(int(first, 16), int(last, 16) + 1), count(int(glyph)))


def _holes_of_names(font: pikepdf.Dictionary) -> frozenset[int]:
    """The codes that a simple font's encoding calls ``.notdef``."""
    encoding = font.get("/Encoding")
    if not isinstance(encoding, pikepdf.Dictionary):
        return frozenset()
    holes, code = set(), 0
    for each in encoding.get("/Differences", pikepdf.Array()):
        if isinstance(each, pikepdf.Name):
            if each == "/.notdef":
                holes.add(code)
            code += 1
        else:
            code = int(each)
    return frozenset(holes)


def is_ours(name: str, families: Iterable[str]) -> bool:
    """Whether a font belongs to one of the families; spaces, hyphens and the names of styles do not matter.

    >>> is_ours("Noto-Naskh-Arabic-Bold", ["Noto Sans", "Noto Naskh Arabic"]), is_ours("Noto-Sans-Bengali", ["Noto Sans"])
    (True, False)
    """
    letters = _letters(name)
    return any(
        letters.startswith(family) and _STYLES.fullmatch(letters, len(family)) is not None
        for family in map(_letters, families)
    )


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
