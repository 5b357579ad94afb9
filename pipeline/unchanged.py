"""Whether a build would only make again what is there: by the content of everything that it reads and wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from pipeline.workspace import Workspace, bundled

_FOLDERS = ("sources", "locales", "templates")
_PACKAGES = ("babel", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins")


def fingerprint(workspace: Workspace, asked: str, toolchain: str) -> str:
    """A digest of all that decides what a build makes: what was asked for, our code, every file it reads, the toolchain."""
    digest = hashlib.sha256(json.dumps([asked, toolchain, *map(version, _PACKAGES)]).encode())
    package = Path(__file__).parent
    for root, folder in ((package, "."), (bundled(), "templates"), *((workspace.root, each) for each in _FOLDERS)):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(root).as_posix()}\n{content}\n".encode())
    settings = workspace.root / "polyleaf.toml"
    digest.update(settings.read_bytes() if settings.is_file() else b"none")
    return digest.hexdigest()


def remember(workspace: Workspace, mark: str, made: Iterable[PurePosixPath], report: str) -> None:
    """Note that a build of these inputs is done: the files that it made, and its report."""
    files = {str(path): _digest(workspace.root / path) for path in sorted(made)}
    noted = json.dumps({"files": files, "report": report}, ensure_ascii=False)
    workspace.write(_note(mark), noted.encode())


def recall(workspace: Workspace, mark: str, whole: str) -> str | None:
    """The report of a build of these very inputs, if all that it made is still there, to the byte.

    Below the folder ``whole``, if one is given, there must be nothing else either.
    """
    noted = workspace.bytes_of(_note(mark))
    if noted is None:
        return None
    try:
        found = json.loads(noted)
        files: Mapping[str, str] = found["files"]
        report = str(found["report"])
        if any(_digest(workspace.root / path) != content for path, content in files.items()):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return None
    there = {path for path in (workspace.root / whole).rglob("*") if path.is_file()} if whole else set()
    return report if there <= {workspace.root / path for path in files} else None


def _note(mark: str) -> PurePosixPath:
    return PurePosixPath("build", ".cache", "builds", f"{mark}.json")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
