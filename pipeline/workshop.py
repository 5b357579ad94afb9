"""What the making of every document of a build needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.explaining import Explanations
from pipeline.leaflets import Press
from pipeline.notes import Notes
from pipeline.reading import Reading
from pipeline.renditions import Options
from pipeline.typesetting.composing import Design
from pipeline.typesetting.formats import Format
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools and the terms of one build. ``formats`` are those that are asked for."""

    workspace: Workspace
    options: Options
    reading: Reading
    formats: tuple[Format, ...]
    press: Press
    explanations: Explanations
    shown_since: date | None
    notes: Notes

    @property
    def printed(self) -> tuple[Format, ...]:
        return tuple(each for each in self.formats if each.medium == "print")

    def design(self, format: Format) -> Design:
        """The format with the faces of each language and the templates."""
        return Design(format, self.workspace.typography, self.workspace.templates)
