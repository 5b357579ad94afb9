"""What a build says of itself: its artifacts, what it deleted, what it complains of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from pipeline.diagnostics import Diagnostic
from pipeline.renditions import Rendition
from pipeline.typesetting.formats import Format
from pipeline.typesetting.leaflet import Leaflet
from pipeline.website.summary import Resolution

NO_LEAFLET = Leaflet()


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that was built. ``coverage`` is in per cent; ``seconds`` is the processor time it took, 0 from the cache.

    ``source_sha256`` and ``catalog_sha256`` are those of the files it was made from.
    ``fill`` is how full the last page is, 0 to 1; ``leading`` and ``space`` are against the design's; ``layouts`` how often it
    was laid out. ``shortened``: the short version stands in for a text that did not fit. ``because`` is what has changed since it
    was made last, empty if nothing; ``kept_from`` the release whose version it is, empty for the present one.
    """

    document: str
    locale: str
    format: str
    path: str
    sha256: str
    bytes: int
    edition: str
    pages: int
    sheets: int
    coverage: int
    draft: bool
    cached: bool
    size_pt: float = 0.0
    leading: float = 1.0
    space: float = 1.0
    fill: float = 0.0
    layouts: int = 0
    shortened: bool = False
    seconds: float = 0.0
    source_sha256: str = ""
    catalog_sha256: str = ""
    because: str = ""
    kept_from: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document in a language that a release does not have, and why."""

    document: str
    locale: str
    reasons: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made, deleted, complains of, and left out.

    ``resolutions`` are all that the site has; ``toolchain`` is what its leaflets were made with, empty if there are none.
    """

    artifacts: tuple[Artifact, ...]
    pruned: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    left_out: tuple[LeftOut, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    toolchain: str = ""

    def as_json(self) -> str:
        """The report for machines, as ``build/report.json`` has it."""
        fields = {
            "artifacts": [asdict(each) for each in self.artifacts],
            "pruned": list(self.pruned),
            "diagnostics": [each.as_dict() for each in self.diagnostics],
            "left_out": [
                {"document": each.document, "locale": each.locale, "reasons": [why.as_dict() for why in each.reasons]}
                for each in self.left_out
            ],
        }
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def artifact(
    rendition: Rendition, format: Format, path: PurePosixPath, content: bytes, leaflet: Leaflet = NO_LEAFLET
) -> Artifact:
    """What is to be said of a file: a web page, or a leaflet."""
    return Artifact(
        document=rendition.document.id,
        locale=rendition.locale.tag,
        format=format.name,
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        edition="",
        pages=leaflet.pages,
        sheets=leaflet.sheets,
        size_pt=leaflet.size_pt,
        leading=leaflet.setting.leading,
        space=leaflet.setting.space,
        fill=leaflet.fill,
        layouts=leaflet.layouts,
        shortened=leaflet.shortened,
        coverage=rendition.localized.coverage.percent,
        draft=rendition.localized.draft,
        cached=False,
        seconds=0,
    )
