"""What the last build made of each document, so that the next one need not even read what has not changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.diagnostics import Diagnostic
from pipeline.report import Artifact
from pipeline.website.summary import Entry, Resolution
from pipeline.workspace import Workspace

NOTES = PurePosixPath("build/.cache/notes")
#: A file that was changed within this time after its note was written may have kept size and times; nanoseconds.
_SAME_TICK_NS = 20_000_000

#: SHA-256, size, time of the last change of the inode (ns), inode.
Trace = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Note:
    """What was made of a document: the digest of all that it depended on, its files, and what is said of it.

    ``resolution`` is None where the document cannot be read. ``files`` are paths in the workspace.
    """

    mark: str
    files: Mapping[str, Trace]
    artifacts: tuple[Artifact, ...]
    resolution: Resolution | None
    diagnostics: tuple[Diagnostic, ...] = ()

    def unchanged(self) -> tuple[Artifact, ...]:
        """The artifacts, as a build reports them that made none of them."""
        return tuple(replace(each, cached=True, seconds=0.0, because="") for each in self.artifacts)


class Notes:
    """The notes about one thing that can be asked for; each document has a file of its own."""

    def __init__(self, workspace: Workspace, asked: str) -> None:
        self._workspace = workspace
        self.folder = NOTES / hashlib.sha256(asked.encode()).hexdigest()[:16]

    def recall(self, name: str) -> Note | None:
        """The last note about a document; None if there is none that makes sense."""
        try:
            return _note(json.loads((self._workspace.root / self._path(name)).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def is_true(self, name: str, note: Note) -> bool:
        """Whether all that was made is still there, to the byte.

        A file whose inode was not changed since its note was written has the same bytes; any other is read.
        """
        try:
            written = (self._workspace.root / self._path(name)).stat().st_mtime_ns
            return all(self._is_there(path, each, written) for path, each in note.files.items())
        except OSError:
            return False

    def _is_there(self, path: str, trace: Trace, written: int) -> bool:
        full = self._workspace.root / path
        digest, size, changed, inode = trace
        found = full.stat()
        if found.st_size != size:
            return False
        if (found.st_ctime_ns, found.st_ino) == (changed, inode) and changed + _SAME_TICK_NS < written:
            return True
        return hashlib.sha256(full.read_bytes()).hexdigest() == digest

    def remember(self, name: str, note: Note) -> None:
        """Replace the note about a document."""
        fields = {
            "mark": note.mark,
            "files": note.files,
            "artifacts": [asdict(each) for each in note.artifacts],
            "resolution": asdict(note.resolution) if note.resolution else None,
            "diagnostics": [each.as_dict() for each in note.diagnostics],
        }
        self._workspace.write(self._path(name), json.dumps(fields, ensure_ascii=False).encode())

    def traces(self, paths: Iterable[PurePosixPath]) -> dict[str, Trace]:
        """The files as they are now."""
        return {str(path): _trace(self._workspace.root / path) for path in sorted(set(paths))}

    def forget_others(self, names: Iterable[str]) -> None:
        """Delete the notes about documents that are gone."""
        self._workspace.prune(str(self.folder), [self._path(name) for name in names])

    def _path(self, name: str) -> PurePosixPath:
        return self.folder / f"{name}.json"


def _trace(path: Path) -> Trace:
    found = path.stat()
    return hashlib.sha256(path.read_bytes()).hexdigest(), found.st_size, found.st_ctime_ns, found.st_ino


def _note(fields: Mapping[str, Any]) -> Note:
    return Note(
        mark=str(fields["mark"]),
        files={str(path): _checked(*each) for path, each in fields["files"].items()},
        artifacts=tuple(Artifact(**each) for each in fields["artifacts"]),
        resolution=_resolution(fields["resolution"]) if fields["resolution"] else None,
        diagnostics=tuple(map(Diagnostic.from_dict, fields["diagnostics"])),
    )


def _checked(digest: str, size: int, changed: int, inode: int) -> Trace:
    return str(digest), int(size), int(changed), int(inode)


def _resolution(fields: Mapping[str, Any]) -> Resolution:
    entries = tuple(Entry(**each) for each in fields["entries"])
    return Resolution(**{**fields, "entries": entries})
