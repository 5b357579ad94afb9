"""Why an artifact was made again: its ingredients now, held against those of the last time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline.fonts import FontSet
from pipeline.renditions import Rendition
from pipeline.translation.localize import LocalizedSegment
from pipeline.typesetting.formats import Format
from pipeline.typesetting.view import Surroundings
from pipeline.workspace import Workspace

_FOLDER = PurePosixPath("build/.cache/ingredients")
_RANKS = (
    "segment",
    "signatory",
    "template",
    "font",
    "tool",
    "structure",
    "draft",
    "edition",
    "title",
    "contact",
    "pictures",
    "format",
)
#: What each ingredient is, by its label; beside it a digest of what is in it.
Ingredients = Mapping[str, str]
FIRST, GONE, FILE = (
    "it was not made before",
    "the finished leaflet was not in the store any more",
    "the file was not what had been written",
)


def common_ingredients(workspace: Workspace, tools: str, fonts: FontSet) -> dict[str, str]:
    """What all artifacts share: template files, font files and tools."""
    files = {Path(each) for _, paths in fonts.families for each in paths}
    return {
        **{f"template {path}": _digest(text) for path, text in workspace.template_files.items()},
        **{f"font {path.name}": hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in sorted(files)},
        **{f"tool {name}": value for name, _, value in (line.rpartition(" ") for line in tools.splitlines())},
    }


def ingredients(rendition: Rendition, format: Format, surroundings: Surroundings) -> Ingredients:
    """What an artifact is made of besides what all share: segments, signatories, and facts of the workspace."""
    localized = rendition.localized
    found = dict(_segments(localized.segments()))
    for each in localized.document.signatories():
        found[f"signatory {each.id} ({each.location.path})"] = _digest(repr((each.acronym, each.name, each.countries)))
    found["structure of the text"] = _digest(repr((localized.document.body.structure, localized.document.adopted)))
    found["draft, credit or note in the catalog’s header"] = _digest(
        repr((localized.draft, localized.credit, localized.note))
    )
    found[f"format {format.name}"] = _digest(repr((format.geometry, format.fit, format.scheme)))
    facts = {
        "title or address of the site": (surroundings.site, surroundings.address),
        "number of languages": surroundings.language_count,
        "contact and imprint": (surroundings.contact, surroundings.imprint),
        "languages of the text": surroundings.languages,
        "leaflets to download": surroundings.downloads,
        "pictures": [(name, hashlib.sha256(content).hexdigest()) for name, content in surroundings.assets],
    }
    return {**found, **{label: _digest(repr(value)) for label, value in facts.items()}}


def _segments(segments: Iterable[LocalizedSegment]) -> Iterator[tuple[str, str]]:
    for index, each in enumerate(segments):
        place = each.segment.place or str(index)
        said = f"{each.segment.location.path}#{place}"
        own = each.location.path if each.location.path != each.segment.location.path else ""
        yield (
            f"segment {said}" + (f" ({own})" if own else ""),
            _digest(f"{each.locale.tag} {each.text} {each.outdated}"),
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Explanations:
    """The ingredients of everything that was made last, kept beside the store."""

    def __init__(self, workspace: Workspace, common: Callable[[], Mapping[str, str]]) -> None:
        self._workspace = workspace
        self._read_common = common
        self._earlier: dict[str, dict[str, str]] = {}

    @cached_property
    def _common(self) -> dict[str, str]:
        return dict(self._read_common())

    @cached_property
    def _digest(self) -> str:
        return _digest(json.dumps(self._common, sort_keys=True))

    def because(self, path: PurePosixPath, now: Ingredients, otherwise: str) -> str:
        """The one thing that has changed since this artifact was made last, and how many more there are."""
        noted = self._recall(path)
        if noted is None:
            return FIRST
        before = {**self._common_of(noted.get("common", "")), **_labels(noted.get("own"))}
        present = {**self._common, **now}
        changed = [label for label in present if label in before and before[label] != present[label]]
        added = [f"new: {label}" for label in present if label not in before]
        gone = [f"gone: {label}" for label in before if label not in present]
        found = sorted([*changed, *added, *gone], key=_rank)
        if not found:
            return otherwise
        return found[0] + (f", and {len(found) - 1} more" if len(found) > 1 else "")

    def knows(self, path: PurePosixPath) -> bool:
        """Whether it is noted what an artifact was made of."""
        return (self._workspace.root / _FOLDER / f"{path}.json").is_file()

    def note(self, path: PurePosixPath, now: Ingredients) -> None:
        """Remember what an artifact was made of."""
        fields = {"common": self._digest, "own": now}
        self._workspace.write(_FOLDER / f"{path}.json", json.dumps(fields, ensure_ascii=False).encode())
        common = _FOLDER / "common" / f"{self._digest}.json"
        if not (self._workspace.root / common).is_file():
            self._workspace.write(common, json.dumps(self._common, ensure_ascii=False).encode())

    def _recall(self, path: PurePosixPath) -> dict[str, object] | None:
        return _read(self._workspace, _FOLDER / f"{path}.json")

    def _common_of(self, digest: object) -> dict[str, str]:
        name = str(digest)
        if name not in self._earlier:
            found = _read(self._workspace, _FOLDER / "common" / f"{name}.json") if name.isalnum() else None
            self._earlier[name] = _labels(found)
        return self._earlier[name]


def _labels(found: object) -> dict[str, str]:
    return {str(label): str(value) for label, value in found.items()} if isinstance(found, dict) else {}


def _rank(label: str) -> tuple[int, str]:
    """What somebody has edited comes first, what follows from it last."""
    kind = label.removeprefix("new: ").removeprefix("gone: ")
    return next((rank for rank, word in enumerate(_RANKS) if kind.startswith(word)), len(_RANKS)), label


def _read(workspace: Workspace, path: PurePosixPath) -> dict[str, object] | None:
    try:
        found = json.loads(workspace.bytes_of(path) or b"")
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
