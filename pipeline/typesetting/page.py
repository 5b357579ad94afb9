"""A Page: one leaflet before it is typeset, HTML that holds all that decides how it looks."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from pipeline.diagnostics import Location
from pipeline.typesetting.formats import Fit
from pipeline.typesetting.imposition import Direction, Scheme

#: What an organizer fills in, between the marks that ``parts/contact.html`` sets.
_CONTACT = re.compile(r"<!--contact-->.*?<!--/contact-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """Text of the page that a person can mend: where it stands."""

    text: str
    location: Location
    locale: str


@dataclass(frozen=True, slots=True)
class Page:
    """One leaflet before it is typeset; self-contained, so that its key says all about the bytes of its PDF.

    ``families`` are the font families that may draw each language; ``pictures`` hold the bytes behind each ``asset:`` address.
    ``base`` is the reader's ratio of type size to Latin; sizes in ``fit`` are for Latin. ``leading`` is the reader's,
    ``area_pt`` width and height of what the margins leave of a page. ``tight`` is the style with the smaller margins.
    ``notes`` are the lines in the margin of the printed sheets, HTML by what they say.
    ``shorter`` is the page of the short version, for the case that the text does not fit.
    """

    html: str
    title: str
    locale: str
    direction: Direction
    script: str
    base: float
    leading: float
    area_pt: tuple[float, float]
    fit: Fit
    tight: str
    scheme: Scheme
    notes: tuple[tuple[str, str], ...]
    digits: str
    families: tuple[tuple[str, tuple[str, ...]], ...]
    pictures: tuple[tuple[str, bytes], ...] = ()
    shorter: Page | None = None
    runs: tuple[Run, ...] = field(default=(), compare=False)

    def font_families(self) -> frozenset[str]:
        """The names of all families that may draw something on the page, or on that of the short version."""
        own = frozenset(family for _, each in self.families for family in each)
        return own | self.shorter.font_families() if self.shorter else own

    def key(self, toolchain: str) -> str:
        """The content address of the leaflet that this toolchain makes of the page: 64 hexadecimal digits."""
        return _address(self, toolchain, whole=True)

    def fit_key(self, toolchain: str) -> str:
        """The content address of how the text is set: the same whatever an organizer writes into the contact box."""
        return _address(self, toolchain, whole=False)


@lru_cache(maxsize=64)  # it is asked for again for every edition, and when they are kept
def _address(page: Page, toolchain: str, whole: bool) -> str:
    """A digest of all that decides bytes; unless it is the ``whole``, without what an organizer fills in."""
    fields = [
        toolchain,
        page.html if whole else _CONTACT.sub("", page.html),
        page.locale,
        page.script,
        page.base,
        page.leading,
        page.area_pt,
        asdict(page.fit),
        page.tight,
        asdict(page.scheme),
        page.notes,
        page.digits,
        page.families,
        [(address, hashlib.sha256(content).hexdigest()) for address, content in page.pictures],
        _address(page.shorter, toolchain, whole) if page.shorter else "",
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
