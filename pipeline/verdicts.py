"""What a gate decides: whether a document is published in a language, and which earlier version stays if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.diagnostics import Diagnostic
from pipeline.manifest import ReleasedArtifact


class KeptFile(NamedTuple):
    """A file that stays published: its name beside the page, its SHA-256, and where it is now."""

    name: str
    sha256: str
    path: Path


@dataclass(frozen=True, slots=True)
class Kept:
    """The last whole version of a document in a language, which stays published. ``version`` is the release that made it.

    ``percent`` of the present text is translated, None if its catalog cannot be read. ``outdated``: the original has changed
    since, on the day ``changed`` (None: not known). ``files`` go beside the page, ``pictures`` into the document's
    ``pictures``; ``artifacts`` is what was said of them.
    """

    document: str
    locale: str
    version: str
    title: str
    title_tag: str
    description: str
    picture: str
    draft: bool
    percent: int | None
    outdated: bool
    changed: date | None
    files: tuple[KeptFile, ...]
    pictures: tuple[KeptFile, ...] = ()
    artifacts: tuple[ReleasedArtifact, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a document is not released in a language (empty: it is), and the earlier version that stays instead, if any."""

    refused: tuple[Diagnostic, ...] = ()
    kept: Kept | None = None

    @property
    def released(self) -> bool:
        """Whether the present version is published."""
        return not self.refused
