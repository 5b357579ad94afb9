"""Finished PDFs are proven: what is known of a leaflet of this workspace, held against what its file shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.clock import shown_since
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.renditions import SITE, Rendition, renditions
from pipeline.source.markdown import plain_text
from pipeline.translation.checks.safety import PLAIN_ROLES
from pipeline.typesetting.formats import Format
from pipeline.typesetting.imposition import Scheme, block_mm, impose
from pipeline.typesetting.imprint import Imprint, parse_imprint
from pipeline.typesetting.leaflet import EDITIONS, Edition
from pipeline.typesetting.preflight import Expected, Proof, preflight
from pipeline.typesetting.sheets import SINGLE
from pipeline.typesetting.shop import profile_name
from pipeline.workspace import Workspace

#: Nothing on a leaflet is smaller, the line in the margin of a sheet excepted, which is for who prints it.
SMALLEST_PT = 5.9
LARGEST_IMPRINT = 100_000


@dataclass(frozen=True, slots=True)
class Proven:
    """A file and its proof. ``known`` says whether it is a leaflet of this workspace."""

    path: str
    edition: Edition
    known: bool
    proof: Proof

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every fault, with the file as its place."""
        return tuple(
            Diagnostic(
                f"preflight-{each.code}",
                f"page {each.page}: {each.message}" if each.page else each.message,
                Location(self.path),
                hint=each.hint,
            )
            for each in self.proof.diagnostics
        )

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {"path": self.path, "edition": self.edition, "known": self.known, **self.proof.as_dict()}


def read_imprint(path: Path) -> Imprint:
    """What an organizer wrote into a file. Raises InvalidInput with every complaint."""
    content = path.read_bytes()[: LARGEST_IMPRINT + 1]
    try:
        return parse_imprint(content.decode("utf-8"), str(path))
    except UnicodeDecodeError:
        hint = "save it as UTF-8"
        raise InvalidInput(
            [Diagnostic("imprint", "the file is not UTF-8 text", Location(str(path)), hint=hint)]
        ) from None


def read_profile(path: Path) -> bytes:
    """The bytes of a print shop's ICC profile. Raises InvalidInput if it is none for a press."""
    content = path.read_bytes()
    try:
        profile_name(content)
    except ValueError as error:
        hint = "ask the print shop for the profile of its press and paper, such as PSO Coated v3"
        raise InvalidInput([Diagnostic("icc-profile", str(error), Location(str(path)), hint=hint)]) from None
    return content


def prove(workspace: Workspace, files: Iterable[Path], profile: Edition | None) -> list[Proven]:
    """The proof of each file. Of a leaflet of the workspace it is known what must be on it."""
    known = _Known(workspace)
    return [known.prove(path, profile) for path in files]


class _Known:
    """What this workspace knows of its leaflets, by the names of their files."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._built = dict(_built(workspace))
        self._renditions: dict[str, Rendition] | None = None

    def prove(self, path: Path, profile: Edition | None) -> Proven:
        parts = path.name.removesuffix(".pdf").split(".")
        named: Edition = next(
            (each for each in EDITIONS if len(parts) == 4 and parts[3].split("-")[0] == each), "screen"
        )
        edition = profile or named
        expected = self._expected(path, parts, edition)
        proof = preflight(path.read_bytes(), edition, expected or Expected())
        return Proven(str(path), edition, expected is not None, proof)

    def _expected(self, path: Path, parts: list[str], edition: Edition) -> Expected | None:
        """What must be in a file of this name; None if it is no leaflet of ours."""
        rendition = self._by_name().get(".".join(parts[:2])) if len(parts) in (3, 4) else None
        format = next((each for each in self._workspace.formats if each.name == parts[2]), None) if rendition else None
        if rendition is None or format is None or format.scheme is None:
            return None
        built = self._built.get(path.name, {})
        pages, sheets = int(str(built.get("pages", 0))), int(str(built.get("sheets", 0)))
        short = format.text == "short" or bool(built.get("shortened"))
        sides = parts[3].partition("-")[2] if len(parts) == 4 else ""
        typography = self._workspace.typography
        return Expected(
            families=(*typography.all_families(), *typography.optional_families()),
            segments=tuple(_segments(rendition, format, short=short)),
            pages=_page_count(format.scheme, edition, pages, sides) if pages else None,
            sheets=sheets or None if edition == "desk" and not sides else None,
            trim_mm=_trim(format.scheme, edition),
            smallest_pt=SMALLEST_PT,
            qr=self._code(rendition),
        )

    def _by_name(self) -> dict[str, Rendition]:
        if self._renditions is None:
            inputs = self._workspace.read(()) if self._workspace.exists() else None
            every = renditions(inputs, shown_since=shown_since(inputs.settings)) if inputs else ()
            self._renditions = {f"{each.document.id}.{each.locale.tag}": each for each in every}
        return self._renditions

    def _code(self, rendition: Rendition) -> tuple[str, ...]:
        address = self._workspace.settings.address
        return (f"{address}/{rendition.folder.relative_to(SITE)}/",) if address else ()


def _built(workspace: Workspace) -> Iterator[tuple[str, Mapping[str, object]]]:
    """What the last build said of each file, by its name."""
    content = workspace.bytes_of(PurePosixPath("build/report.json"))
    for each in json.loads(content)["artifacts"] if content else ():
        yield each["path"].rpartition("/")[2], each


def _segments(rendition: Rendition, format: Format, *, short: bool) -> Iterator[str]:
    """The plain text of everything that must be on the paper. A format for the short version need not name all signatories."""
    localized = rendition.localized
    if short and localized.document.short is not None:
        localized = localized.shortened()
    labels = localized.document.body.footnotes
    for each in (localized.title, localized.kind, localized.issuer, *localized.body):
        if each is not None:
            plain = each.segment.role in PLAIN_ROLES
            yield each.text if plain else plain_text(each.text, labels, pictures=False)
    if format.text == "short":
        return
    for group in localized.groups:
        if group.heading is not None:
            yield group.heading.text
        for member in group.members:
            name = member.organisation.name
            yield name
            if member.translation is not None and member.translation.text != name:
                yield member.translation.text


def _page_count(scheme: Scheme, edition: Edition, pages: int, sides: str) -> int:
    """How many pages the file has. The shop gets a booklet page by page, filled to a multiple of four with empty ones."""
    sheets = len(impose(scheme, pages, "ltr"))
    if edition == "shop" and scheme.kind in SINGLE:
        return 4 * sheets if scheme.kind == "saddle" else pages
    if edition == "screen":
        return pages
    return sheets * (1 if sides else 2)


def _trim(scheme: Scheme, edition: Edition) -> tuple[float, float] | None:
    """What each page of the file measures once it is cut; None where they are not all the same."""
    if edition == "desk":
        return scheme.sheet_mm
    if edition == "shop" and scheme.kind not in SINGLE:
        _, _, width, height = block_mm(scheme)
        return round(width, 2), round(height, 2)
    return None if scheme.narrow_mm else scheme.page_mm
