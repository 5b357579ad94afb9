"""What runs on a Dask worker: it says what decides its bytes, and hands tasks to typesetting processes of its own machine."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.crew import Failure, Result, Task
from pipeline.diagnostics import InvalidInput, has_errors
from pipeline.fonts import FontSet, seal, toolchain
from pipeline.machines import digest, likeness
from pipeline.pool import Pool
from pipeline.typesetting.fitting import Layout
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page


@dataclass(frozen=True, slots=True)
class Families:
    """Fonts to seal by their families: those that must be there, and those that the machine of the build has besides."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a build expects of a worker: the fonts to seal, and the digest of the lines that decide bytes."""

    fonts: Families
    digest: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a worker says of itself: the lines that decide its bytes, or why it cannot print."""

    lines: tuple[str, ...]
    complaints: tuple[str, ...] = ()


@dataclass(slots=True)
class _Station:
    """A worker's sealed fonts, and its typesetting processes that have nothing to do; one more is begun if there is none."""

    fonts: FontSet
    lines: tuple[str, ...]
    idle: list[Pool] = field(default_factory=list)

    @contextmanager
    def pool(self) -> Iterator[Pool]:
        with _LOCK:
            pool = self.idle.pop() if self.idle else Pool(self.fonts, 1)
        try:
            yield pool
        except BaseException:
            pool.close()
            raise
        with _LOCK:
            self.idle.append(pool)

    def close(self) -> None:
        with _LOCK:
            pools, self.idle = self.idle, []
        for each in pools:
            each.close()


_LOCK = threading.Lock()
_STATIONS: dict[Families, _Station] = {}


def introduce(families: Families) -> Introduction:
    """On a worker: what it is, looked up afresh; processes that were begun when it was another are let go."""
    toolchain.cache_clear()
    try:
        station = _open(families)
    except InvalidInput as invalid:
        return Introduction((), tuple(f"{each.message} ({each.hint})" for each in invalid.diagnostics))
    with _LOCK:
        before = _STATIONS.get(families)
        if before is None or before.lines != station.lines:
            _STATIONS[families] = station
    if before is not None and _STATIONS[families] is not before:
        before.close()
    return Introduction(station.lines)


def serve(terms: Terms, packed: bytes) -> Introduction | bytes:
    """On a worker: the pickled result of a pickled task, or what the worker is, if that is not what the build expects."""
    station = _STATIONS.get(terms.fonts)
    if station is None:
        introduced = introduce(terms.fonts)
        station = _STATIONS.get(terms.fonts)
        if station is None:
            return introduced
    if digest(station.lines) != terms.digest:
        return Introduction(station.lines)
    work, arguments = pickle.loads(packed)  # noqa: S301  # as all that comes over Dask's connections: from our own client
    return pickle.dumps(_result(station, _task(station, work, arguments)))


def through_store(
    fonts: FontSet, page: Page, finishes: tuple[Finish, ...], hint: Layout | None, pictured: bool
) -> tuple[tuple[Leaflet, ...], bytes]:
    """In a typesetting process: what ``set_page`` makes, except that the store of all machines is asked first, and told."""
    from pipeline.store import Store, leaflet_key, store_folder
    from pipeline.tasks import set_page, share

    store = Store(store_folder(Path()))
    keys = {finish: leaflet_key(page, finish, fonts) for finish in finishes}
    there = {finish: leaflet for finish, key in keys.items() if (leaflet := store.leaflet(key)) is not None}
    missing = tuple(finish for finish in finishes if finish not in there)
    screen = next((there[finish] for finish in there if finish.name == "screen"), None)
    picture = share(screen.pdf) if pictured and screen is not None else b""
    if missing:
        leaflets, drawn = set_page(page, missing, hint, pictured and screen is None)
        for finish, leaflet in zip(missing, leaflets, strict=True):
            there[finish] = leaflet
            if not has_errors(leaflet.diagnostics):
                store.put_leaflet(keys[finish], leaflet)
        picture = picture or drawn
    return tuple(there[finish] for finish in finishes), picture


def _open(families: Families) -> _Station:
    """The worker's own fonts, sealed below the folder that Dask gave it and takes away again. Raises InvalidInput."""
    from distributed import get_worker

    folder = Path(get_worker().local_directory) / "polyleaf"
    fonts = seal(families.needed, folder / "own", folder, families.optional)
    return _Station(fonts, likeness(fonts))


def _task(station: _Station, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Task:
    """The task; with a store that all machines share, if the worker was begun with POLYLEAF_CACHE."""
    from pipeline.tasks import set_page

    if work is set_page and os.environ.get("POLYLEAF_CACHE"):
        return Task(through_store, (station.fonts, *arguments))
    return Task(work, arguments)


def _result(station: _Station, task: Task) -> Result:
    with station.pool() as pool:
        for _, result in pool.results([task]):
            return result
    return Failure("crash", "the typesetting process gave no answer")
