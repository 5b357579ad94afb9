"""Leaflet: a finished PDF and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A finished PDF: its bytes, pages, type size of the text in points, filled pages, and what is wrong with it."""

    pdf: bytes
    pages: int
    size_pt: float
    filled: float
    diagnostics: tuple[Diagnostic, ...] = ()
