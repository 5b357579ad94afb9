"""What the tests share: the golden workspace ``orchard``, and how a person would use the tool on a copy of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.editions import Edition, editions
from pipeline.typesetting.leaflet import Leaflet
from pipeline.typesetting.page import Design, Page, make_page
from pipeline.typesetting.view import Surroundings
from pipeline.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
ORCHARD = Path(__file__).parent / "workspaces" / "orchard"


def copy_of(workspace: Path, folder: Path) -> Path:
    """The workspace again, in another folder, without what was made of it."""
    return Path(shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("build")))


def polyleaf(
    *arguments: object, environment: Mapping[str, str] | None = None, given: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line, as a person runs it."""
    settings = {**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})}
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, env=settings, cwd="/", check=False)


def design(workspace: Workspace, name: str) -> Design:
    """One of the workspace's formats, with its typography and templates."""
    format = next(each for each in workspace.formats if each.name == name)
    return Design(format, workspace.typography, workspace.templates)


def edition(workspace: Workspace, document: str, tag: str) -> Edition:
    """One document in one language."""
    every = editions(workspace.read())
    return next(each for each in every if (each.document.id, each.locale.tag) == (document, tag))


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def traces(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Inode, time of change and size of every file below a folder: what a write would alter."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_size) for path in files}


def print_page(tag: str, document: str = "orchard", root: Path = ORCHARD) -> Page:
    """A page of the golden workspace, as the build makes it for the A4 leaflet."""
    workspace = Workspace(root)
    inputs = workspace.read()
    localized = edition(workspace, document, tag).localized
    shown = {source: workspace.picture(source, place) for source, place in localized.document.pictures}
    surroundings = Surroundings(
        pictures={source: f"asset:/{source}" for source in shown},
        assets=tuple((f"asset:/{source}", content) for source, (_, content) in shown.items()),
    )
    return make_page(localized, workspace.words(localized.locale, inputs), design(workspace, "a4"), surroundings)


def typeset_without_memory(page: Page) -> tuple[Leaflet, float]:
    """In a worker: the leaflet, with WeasyPrint's own ``split_first_line``."""
    from weasyprint.layout import inline, preferred

    from pipeline.pool import work_on
    from pipeline.typesetting import engine

    remembered = inline.split_first_line
    assert remembered is engine._remembered_first_line, "the remembered function is in use otherwise"
    inline.split_first_line = preferred.split_first_line = engine._split_first_line
    try:
        return work_on(page)
    finally:
        inline.split_first_line = preferred.split_first_line = remembered
