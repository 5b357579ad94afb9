"""Leaflets, from the store or made by a crew of processes: which are missing, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain

from pipeline.crew import Crew, Done, Result, Task
from pipeline.diagnostics import Diagnostic, Location, has_errors
from pipeline.fonts import FontSet, whole_toolchain
from pipeline.renditions import Rendition
from pipeline.store import Store, leaflet_key
from pipeline.tasks import set_page, share
from pipeline.typesetting.fitting import Layout
from pipeline.typesetting.formats import Format
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page
from pipeline.website.sharing import share_key

Progress = Callable[[str, int, int], None]
_WORDS = {
    "error": "the typesetter crashed: {}",
    "crash": "the typesetter crashed: {}",
    "time": "the typesetter did not come to an end: {}",
    "memory": "the typesetter needed too much memory: {}",
}
_CODES = {
    "error": "typesetter-crash",
    "crash": "typesetter-crash",
    "time": "took-too-long",
    "memory": "too-much-memory",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A page, and the editions to make of it. All of them are painted from one layout.

    ``picture``: whether a picture to share is wanted of the edition for the screen.
    """

    rendition: Rendition
    format: Format
    page: Page
    finishes: tuple[Finish, ...]
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One edition of a job; ``seconds`` is the processor time of its making, None if it was in the store.

    ``picture`` shows its first page, to share; empty if none was asked for, or none could be made.
    """

    job: Job
    finish: Finish
    leaflet: Leaflet
    seconds: float | None
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Press:
    """What makes leaflets: the store, a crew that is called when there is work, and all that decides their bytes."""

    store: Store
    crew: Callable[[], Crew]
    fonts: FontSet

    def key(self, page: Page, finish: Finish) -> str:
        """Where the store has this leaflet."""
        return leaflet_key(page, finish, self.fonts)

    def _fit_key(self, page: Page) -> str:
        return page.fit_key(whole_toolchain(self.fonts, page.font_families()))

    def stored(self, page: Page, finish: Finish) -> Leaflet | None:
        """The finished leaflet, if it is in the store."""
        return self.store.leaflet(self.key(page, finish))

    def keys(self, page: Page, finish: Finish, leaflet: Leaflet) -> tuple[str, ...]:
        """Where the store has all that belongs to this leaflet: itself, how it is set, its picture."""
        return self.key(page, finish), self._fit_key(page), self.picture_key(leaflet)

    def stored_picture(self, leaflet: Leaflet) -> bytes | None:
        """The picture of a leaflet, if it is in the store."""
        return self.store.picture(self.picture_key(leaflet))

    def picture_key(self, leaflet: Leaflet) -> str:
        """Where the store has the picture of this leaflet."""
        return share_key(leaflet.pdf, {each: version(each) for each in ("pillow", "pypdfium2")})

    def make(self, jobs: Iterable[Job], keep: Callable[[Made], None], progress: Progress) -> None:
        """Every edition of every job, given to ``keep`` as it gets ready; jobs are taken as there is room for them."""
        tally = _Tally(progress)
        tasks = self._tasks(jobs, keep, tally)
        first = next(tasks, None)
        tally.show()
        if first is None:
            return
        for task, result in self.crew().results(chain([first], tasks)):
            for made in self._finished(task.subject, result):
                keep(made)
                tally.count()
            tally.show()

    def _tasks(self, jobs: Iterable[Job], keep: Callable[[Made], None], tally: _Tally) -> Iterator[Task]:
        """What is not in the store; what is there is kept at once."""
        for job in jobs:
            tally.expect(len(job.finishes))
            found = {finish: self.stored(job.page, finish) for finish in job.finishes}
            screen = next(((finish, each) for finish, each in found.items() if finish.name == "screen"), None)
            shown = self._picture(job, screen[1] if screen else None)
            pictured = job.picture and screen is not None and not shown
            for finish, leaflet in found.items():
                if leaflet is None:
                    continue
                if pictured and finish.name == "screen":
                    yield Task(share, (leaflet.pdf,), 0, _Order(replace(job, finishes=(finish,)), leaflet))
                else:
                    keep(Made(job, finish, leaflet, None, shown if finish.name == "screen" else b""))
                    tally.count()
            lacking = tuple(finish for finish, leaflet in found.items() if leaflet is None)
            if lacking:
                hint = self.store.layout(self._fit_key(job.page))
                asked = (job.page, lacking, hint, pictured and screen is not None and screen[1] is None)
                yield Task(set_page, asked, len(job.page.html), _Order(replace(job, finishes=lacking)))

    def _picture(self, job: Job, leaflet: Leaflet | None) -> bytes:
        """The picture of a leaflet from the store; empty if none is wanted or there."""
        stored = self.stored_picture(leaflet) if job.picture and leaflet is not None else None
        return stored or b""

    def _finished(self, order: _Order, result: Result) -> Iterator[Made]:
        if order.set_before is not None:
            leaflet = order.set_before
            picture = bytes(result.value) if isinstance(result, Done) else b""
            self._keep_picture(leaflet, picture)
            yield Made(order.job, order.job.finishes[0], leaflet, None, picture)
            return
        leaflets, picture, seconds = self._outcome(order.job, result)
        for finish, leaflet in zip(order.job.finishes, leaflets, strict=True):
            self._keep(order.job.page, finish, leaflet)
            shown = picture if finish.name == "screen" else b""
            self._keep_picture(leaflet, shown)
            yield Made(order.job, finish, leaflet, seconds / len(leaflets), shown)

    def _keep_picture(self, leaflet: Leaflet, picture: bytes) -> None:
        if picture:
            self.store.put_picture(self.picture_key(leaflet), picture)

    def _keep(self, page: Page, finish: Finish, leaflet: Leaflet) -> None:
        """Store a leaflet that is without fault, and how its text was set."""
        if has_errors(leaflet.diagnostics):
            return
        self.store.put_leaflet(self.key(page, finish), leaflet)
        if not leaflet.shortened:
            layout = Layout(leaflet.setting, leaflet.pages, leaflet.pages - 1 + leaflet.fill - leaflet.way)
            self.store.put_layout(self._fit_key(page), layout)

    def _outcome(self, job: Job, result: Result) -> tuple[tuple[Leaflet, ...], bytes, float]:
        """The leaflets, the picture and the seconds; a failure is a complaint about that job (STYLE.md 6)."""
        if isinstance(result, Done):
            leaflets, picture = result.value
            return leaflets, picture, result.seconds
        place = job.page.runs[0].location if job.page.runs else Location(job.rendition.document.path)
        place = place if result.kind in ("time", "memory") else Location(job.rendition.document.path)
        hint = "look for a table or columns that cannot be broken over pages; try another format"
        fault = Diagnostic(
            _CODES[result.kind],
            _WORDS[result.kind].format(result.reason),
            place,
            "error",
            hint if result.kind in ("time", "memory") else "",
            job.page.locale,
        )
        return tuple(Leaflet(diagnostics=(fault,)) for _ in job.finishes), b"", 0.0


@dataclass(frozen=True, slots=True)
class _Order:
    """What a task is for; ``set_before`` is the leaflet of which only the picture is lacking."""

    job: Job
    set_before: Leaflet | None = None


class _Tally:
    """How many leaflets are asked for and done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._asked = self._done = 0

    def expect(self, number: int) -> None:
        self._asked += number

    def count(self) -> None:
        self._done += 1

    def show(self) -> None:
        if self._asked:
            self._progress("leaflets", self._done, self._asked)


def shortened(job: Job) -> Diagnostic:
    """The warning that the short version stands in, for the whole text does not fit."""
    document, fit = job.rendition.document, job.page.fit
    message = (
        f"the whole text does not fit the format {job.format.name} at {fit.floor(job.page.script):g} pt; "
        "the leaflet has the short version"
    )
    place, hint = Location(document.path), "take a format with more room for the whole text"
    return Diagnostic("shortened", message, place, "warning", hint, job.page.locale)
