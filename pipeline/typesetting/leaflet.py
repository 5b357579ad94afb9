"""Leaflet: a finished PDF and what is known of it; Finish: how an edition is made of a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from pipeline.diagnostics import Diagnostic
from pipeline.typesetting.fitting import Setting
from pipeline.typesetting.imposition import Flip

#: ``screen``: tagged, single pages. ``desk``: imposed for a printer at home. ``shop``: bleed and marks for a print shop.
Edition = Literal["screen", "desk", "shop"]
#: Which sides of the sheets are in the file: for a printer that prints on one side only, the odd ones, then the even ones.
Sides = Literal["both", "odd", "even"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
SIDES: tuple[Sides, ...] = get_args(Sides)
FLIPS: tuple[Flip | None, ...] = (None, *get_args(Flip))


@dataclass(frozen=True, slots=True)
class Finish:
    """How an edition is made. ``flip`` is the edge on which sheets are turned, None for the one that suits the sheet.

    ``icc`` is the profile of the print shop's ink and paper, empty if there is none; ``created`` the day the file bears.
    """

    edition: Edition
    sides: Sides = "both"
    flip: Flip | None = None
    icc: bytes = b""
    created: date | None = None

    @property
    def name(self) -> str:
        """What the edition is called in file names: ``screen``, ``desk``, ``desk-odd`` …"""
        return self.edition if self.sides == "both" else f"{self.edition}-{self.sides}"

    def key(self) -> str:
        """All that makes it differ from another finish of the same page."""
        profile = hashlib.sha256(self.icc).hexdigest() if self.icc else ""
        return f"{self.name} {self.flip} {profile} {self.created}"


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A finished PDF: its bytes, pages, printed sheets, how it is set, how full the last page is (0 to 1), what is wrong with it.

    ``size_pt`` is the type size of the text as printed, ``setting`` the same for Latin. ``shortened``: the short version stands
    in, for the whole text did not fit. ``layouts`` is how often it was laid out, ``way`` how far its end was let down, in pages.
    """

    pdf: bytes = b""
    pages: int = 0
    sheets: int = 0
    size_pt: float = 0.0
    fill: float = 0.0
    setting: Setting = field(default_factory=lambda: Setting(0.0))
    layouts: int = 0
    shortened: bool = False
    way: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()
