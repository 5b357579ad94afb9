"""Whether a build would only make again what is there: by the content of everything that it reads and wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from pipeline.workspace import Workspace, bundled

_PACKAGES = ("babel", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "ruamel.yaml")


def fingerprint(workspace: Workspace, asked: str) -> str:
    """A digest of what a build is asked for, our code, and every file that it reads, the shipped ones included.

    To be taken before anything is read: what changes while a build is under way then belongs to the next one.
    """
    digest = hashlib.sha256(json.dumps([asked, *map(version, _PACKAGES)]).encode())
    for path, name in sorted(_read_files(workspace).items(), key=lambda each: each[1]):
        digest.update(f"{name}\n{_digest(path)}\n".encode())
    return digest.hexdigest()


def _read_files(workspace: Workspace) -> dict[Path, str]:
    """Each file once, with the name it goes by wherever the workspace and the tool are."""
    package, shipped, own = Path(__file__).parent, bundled(), workspace.root
    patterns = (
        (own, "own", ("polyleaf.toml", "sources/**/*", "locales/[!.]*", "locales/[!.]*/[!.]*", "templates/**/*")),
        (shipped, "shipped", ("templates/**/*", "locales/*/interface.po")),
        (package, "package", ("**/*.py", "**/*.toml")),
    )
    found: dict[Path, str] = {}
    for root, label, globs in patterns:
        for path in (path for each in globs for path in root.glob(each) if path.is_file()):
            found.setdefault(path, f"{label}/{path.relative_to(root).as_posix()}")
    return found


def remember(workspace: Workspace, asked: str, mark: str, made: Iterable[PurePosixPath], report: str) -> None:
    """Note that a build of the inputs with this mark is done: the files that it made, and its report.

    There is one note for each thing that can be asked for; an older one of other inputs is replaced.
    """
    files = {str(path): _digest(workspace.root / path) for path in sorted(made)}
    noted = json.dumps({"mark": mark, "files": files, "report": report}, ensure_ascii=False)
    workspace.write(_note(asked), noted.encode())


def recall(workspace: Workspace, asked: str, mark: str, whole: str) -> str | None:
    """The report of a build of these very inputs, if all that it made is still there, to the byte.

    Below the folder ``whole``, if one is given, there must be nothing else either.
    """
    noted = workspace.bytes_of(_note(asked))
    if noted is None:
        return None
    try:
        found = json.loads(noted)
        files: Mapping[str, str] = found["files"]
        report = str(found["report"])
        if found["mark"] != mark or any(_digest(workspace.root / path) != each for path, each in files.items()):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return None
    there = {path for path in (workspace.root / whole).rglob("*") if path.is_file()} if whole else set()
    return report if there <= {workspace.root / path for path in files} else None


def _note(asked: str) -> PurePosixPath:
    return PurePosixPath("build", ".cache", "builds", f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
