"""Git's merge driver for catalogs: two branches' versions of a .po file become one that every program can read.

The protocol is that of gitattributes(5), "Defining a custom merge driver": the ancestor's, our and their version come as
files, the result goes into ours, and the exit code says whether it is clean.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.po_writing import WIDTH
from pipeline.translation.successors import frame_of
from pipeline.translation.three_way import Combined, combine, complaints
from pipeline.workspace import Workspace

ATTRIBUTES = ("*.po merge=polyleaf", "locales/.ledger/**/*.jsonl merge=union -text")


@dataclass(frozen=True, slots=True)
class Versions:
    """The files that git hands over, and ``path``, where the catalog is in the repository.

    ``wrap`` is the width of the lines that are written anew; None: lines end only at newlines.
    """

    ancestor: Path
    ours: Path
    theirs: Path
    path: str
    wrap: int | None = WIDTH


def merge_versions(versions: Versions) -> tuple[Diagnostic, ...]:
    """Write both versions as one into ours; what two people translated differently is an error, for git to stop at.

    Raises InvalidInput, and leaves ours as it is, if one of the two cannot be read.
    """
    locale = _locale(versions.path)
    ours = versions.ours.read_bytes()
    sides: list[Catalog] = []
    unreadable: list[Diagnostic] = []
    for content, name, stage in ((ours, "ours", 2), (versions.theirs.read_bytes(), "theirs", 3)):
        try:
            sides.append(parse_catalog(content, versions.path, locale))
        except InvalidInput as invalid:
            unreadable += _of_side(invalid, name, stage, versions.path)
    if unreadable:
        raise InvalidInput(unreadable)
    combined = _combined(_readable(versions.ancestor, versions.path, locale), *sides)
    content = serialize(combined.catalog, versions.wrap)
    parse_catalog(content, versions.path, locale)
    if content != ours:
        versions.ours.write_bytes(content)
    return tuple(
        replace(each, severity="error") if each.code == "translation-conflict" else each
        for each in complaints(combined, content)
    )


def wrap_of(folder: Path) -> int | None:
    """How wide the workspace in a folder wraps its catalogs; as by default if that cannot be told."""
    try:
        return Workspace(folder).settings.translating.wrap
    except InvalidInput:
        return WIDTH


def _combined(base: Catalog | None, ours: Catalog, theirs: Catalog) -> Combined:
    return combine(base, ours, theirs, frame_of(base, ours, theirs))


def _readable(path: Path, label: str, locale: Locale | None) -> Catalog | None:
    """The ancestor's version; None where there is none (git hands over an empty file), or it cannot be read."""
    try:
        return parse_catalog(path.read_bytes(), label, locale)
    except InvalidInput:
        return None


def _locale(path: str) -> Locale | None:
    """The locale whose folder a catalog is in; None for a .po that is none of a workspace's."""
    folder = PurePosixPath(path).parent
    try:
        return Locale.parse(folder.name) if folder.parent.name == "locales" else None
    except ValueError:
        return None


def _of_side(invalid: InvalidInput, name: str, stage: int, path: str) -> tuple[Diagnostic, ...]:
    """The complaints, saying whose version it is and how to come by both."""
    hint = f"both versions are in git: git show :2:{path} is ours, :3: is theirs; mend the one, then merge again"
    unread = Diagnostic("merge-unreadable", f"{name} (:{stage}:) cannot be read", Location(path), hint=hint)
    return (*(replace(each, message=f"{name}: {each.message}") for each in invalid.diagnostics), unread)


def install(folder: Path) -> str:
    """The command that git will run from now on in the repository of a folder. Raises InvalidInput if it is in none."""
    command = f"{_polyleaf()} git-merge -- %O %A %B %P"
    for name, value in (("name", "Polyleaf: catalogs entry by entry"), ("driver", command)):
        asked = ["git", "-C", str(folder), "config", "--local", f"merge.polyleaf.{name}", value]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise InvalidInput([_not_installed(folder, "git is not installed")]) from None
        if done.returncode:
            raise InvalidInput([_not_installed(folder, (done.stderr.strip() or "git refused").splitlines()[-1])])
    return command


def _not_installed(folder: Path, why: str) -> Diagnostic:
    message = f"the merge driver could not be written into git’s settings: {why}"
    return Diagnostic(
        "git-config", message, Location(str(folder)), hint="run it inside a repository: git init makes one"
    )


def _polyleaf() -> str:
    """How git can call the very program that runs now."""
    beside = Path(sys.executable).with_name("polyleaf")
    program = str(beside) if beside.is_file() else shutil.which("polyleaf")
    return shlex.quote(program) if program else f"{shlex.quote(sys.executable)} -m pipeline"
