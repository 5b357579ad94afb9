"""Leaflets, from the store or made in worker processes: which are missing, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from pipeline.cache import LeafletCache
from pipeline.diagnostics import Diagnostic, Location, has_errors
from pipeline.fonts import FontSet
from pipeline.pool import Outcome, work_on, worker_pool
from pipeline.renditions import Rendition
from pipeline.typesetting.fitting import Layout
from pipeline.typesetting.formats import Format
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A page, and the editions to make of it. All of them are painted from one layout."""

    rendition: Rendition
    format: Format
    page: Page
    finishes: tuple[Finish, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One edition of a job; ``seconds`` is the processor time of its making, None if it was in the store."""

    job: Job
    finish: Finish
    leaflet: Leaflet
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Press:
    """What makes leaflets: the store, the sealed fonts, and the versions of everything that decides their bytes."""

    cache: LeafletCache
    fonts: FontSet
    toolchain: str
    jobs: int = 0

    def stored(self, page: Page, finish: Finish) -> Leaflet | None:
        """The finished leaflet, if it is in the store."""
        return self.cache.get(_key(page, finish, self.toolchain))

    def make(self, jobs: Iterable[Job], progress: Progress) -> Iterator[Made]:
        """Every edition of every job, as it gets ready: first what is in the store, then what has to be typeset."""
        missing: list[Job] = []
        asked = done = 0
        for job in jobs:
            lacking = []
            for finish in job.finishes:
                asked += 1
                leaflet = self.stored(job.page, finish)
                if leaflet is None:
                    lacking.append(finish)
                else:
                    done += 1
                    yield Made(job, finish, leaflet, None)
            if lacking:
                missing.append(Job(job.rendition, job.format, job.page, tuple(lacking)))
        progress("leaflets", done, asked)
        if not missing:
            return
        with worker_pool(self.fonts, self.jobs, len(missing)) as executor:
            waiting = {}
            for job in sorted(missing, key=lambda each: -len(each.page.html)):
                hint = self.cache.layout(job.page.fit_key(self.toolchain))
                waiting[executor.submit(work_on, job.page, job.finishes, hint)] = job
            for future in as_completed(waiting):
                job = waiting[future]
                leaflets, seconds = _outcome(future, job)
                for finish, leaflet in zip(job.finishes, leaflets, strict=True):
                    self._keep(job.page, finish, leaflet)
                    yield Made(job, finish, leaflet, seconds / len(leaflets))
                done += len(leaflets)
                progress("leaflets", done, asked)

    def _keep(self, page: Page, finish: Finish, leaflet: Leaflet) -> None:
        """Store a leaflet that is without fault, and how its text was set."""
        if has_errors(leaflet.diagnostics):
            return
        self.cache.put(_key(page, finish, self.toolchain), leaflet)
        if not leaflet.shortened:
            layout = Layout(leaflet.setting, leaflet.pages, leaflet.pages - 1 + leaflet.fill)
            self.cache.put_layout(page.fit_key(self.toolchain), layout)


def _key(page: Page, finish: Finish, toolchain: str) -> str:
    return page.key(f"{toolchain}\n{finish.key()}")


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    """The leaflets and their seconds; a crash of the typesetter is a complaint about that job (STYLE.md 6)."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        reason = f"a worker died ({error})"
    except Exception as error:  # noqa: BLE001  # the boundary at which a renderer's crash becomes a diagnostic
        reason = f"{type(error).__name__}: {error}"
    place = Location(job.rendition.document.path)
    crash = Diagnostic("typesetter-crash", f"the typesetter crashed: {reason}", place, locale=job.page.locale)
    return tuple(Leaflet(diagnostics=(crash,)) for _ in job.finishes), 0.0
