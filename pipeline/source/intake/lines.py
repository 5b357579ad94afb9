"""The lines of a page: what each one says and what shape it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How a line stood on its page."""

    TEXT = "text"
    HEADING = "heading"
    NUMBERED = "numbered item"
    BULLET = "bullet"
    MORE = "more of an item"
    ORNAMENT = "ornament"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, without its marker.

    ``number`` counts the file's lines from 1; ``level`` is a heading's level, or how deep an item is nested
    (0: outermost); ``apart`` says that a blank line or a block's edge came before; ``cells`` are a row's columns.
    """

    text: str
    number: int
    shape: Shape = Shape.TEXT
    level: int = 0
    ordinal: int = 0
    apart: bool = True
    cells: tuple[str, ...] = ()
    marker: str = ""
    indent: int = 0

    @property
    def is_item(self) -> bool:
        return self.shape in (Shape.NUMBERED, Shape.BULLET)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that did not go into the text as it stood, and why: nothing leaves a page unseen."""

    line: int
    text: str
    reason: str


NUMBER = re.compile(r"(\d{1,3})\s*(?:[.)](?:\s+|(?=[^\d\s.)]))|[-–][ \t\xa0]+(?=\D))")
BULLET = re.compile(r"([-–—*])[ \t\xa0]+|([•●○◦▪■□►▶‣·➢➤✓])\s*")
ORNAMENT = re.compile(r"(?=.{3})[*_=~\-–—·•#.+\s]+")


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, or with a colon."""
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", ":", ";", "…", "؟", "。", "।", "۔"))


def starts_lower(text: str) -> bool:
    """Whether a line begins with a small letter."""
    first = text.lstrip("\"'“‘«(„")[:1]
    return first.islower()
