"""What the tests share: the golden workspace ``orchard``, and how a person would use the tool on a copy of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pipeline.crew import Done, Task
from pipeline.pool import Pool
from pipeline.renditions import Rendition, renditions
from pipeline.typesetting.composing import Design, make_page
from pipeline.typesetting.formats import Fit
from pipeline.typesetting.imposition import Scheme
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page
from pipeline.typesetting.view import Surroundings
from pipeline.workspace import Workspace

Made = TypeVar("Made")
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


def rendition(workspace: Workspace, document: str, tag: str) -> Rendition:
    """One document in one language."""
    every = renditions(workspace.read())
    return next(each for each in every if (each.document.id, each.locale.tag) == (document, tag))


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def traces(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Inode, time of change and size of every file below a folder: what a write would alter. Locks are always empty."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_size) for path in files}


def print_page(tag: str, document: str = "orchard", root: Path = ORCHARD, format: str = "a4", **around: object) -> Page:
    """A page of the golden workspace, as the build makes it for a leaflet. ``around``: more of its Surroundings."""
    workspace = Workspace(root)
    inputs = workspace.read()
    localized = rendition(workspace, document, tag).localized
    shown = {source: workspace.picture(source, place) for source, place in localized.document.pictures}
    surroundings = Surroundings(
        pictures={source: f"asset:/{source}" for source in shown},
        assets=tuple((f"asset:/{source}", content) for source, (_, content) in shown.items()),
        **around,  # type: ignore[arg-type]  # any field
    )
    return make_page(localized, workspace.words(localized.locale, inputs), design(workspace, format), surroundings)


def bare_page(html: str, **facts: object) -> Page:
    """A page of nothing but this HTML, on A4."""
    page = Page(
        html=html,
        title="T",
        locale="en",
        direction="ltr",
        script="Latn",
        base=1,
        leading=1.4,
        area_pt=(510.0, 760.0),
        fit=Fit(10, 12, (1, 2), (("default", 9),)),
        tight="@page{margin:6mm}",
        scheme=Scheme("flat", (210, 297), (210, 297)),
        notes=(),
        digits="0123456789",
        families=(("en", ("Noto Sans",)),),
    )
    return replace(page, **facts)  # type: ignore[arg-type]  # any field of a page


def typeset_without_memory(page: Page, finishes: tuple[Finish, ...] = (Finish("screen"),)) -> tuple[Leaflet, ...]:
    """In a worker: the leaflets, without what makes typesetting faster by remembering."""
    from pipeline.typesetting import speed
    from pipeline.worker import work_on

    speed.mend()
    with speed.without(speed.MEMOS):
        return work_on(page, finishes, None)


def in_worker(pool: Pool, work: Callable[..., Made], *arguments: object) -> Made:
    """What a function comes to in one of the pool's processes; a failure fails the test."""
    ((_, result),) = pool.results([Task(work, arguments)])
    assert isinstance(result, Done), result
    value: Made = result.value
    return value


def with_short_version(root: Path, text: str = "The well is *everybody’s*.\n\nOpen it!") -> None:
    """The document ``well`` gets a short version."""
    source = root / "sources" / "well.md"
    lines = "".join(f"  {line}\n" if line else "\n" for line in text.split("\n"))
    whole = source.read_text(encoding="utf-8")
    source.write_text(whole.replace("signatories:", f"short: |\n{lines}signatories:", 1), encoding="utf-8")
