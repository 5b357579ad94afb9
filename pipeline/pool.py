"""The processes that typeset: sealed fonts in, pages in, leaflets out."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from pipeline.diagnostics import Diagnostic, Location
from pipeline.fonts import FontSet
from pipeline.typesetting.fitting import Layout
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page

#: The leaflets of a page, and the processor seconds they took.
Outcome = tuple[tuple[Leaflet, ...], float]
#: WeasyPrint can go round for ever with columns and tables: after so many seconds of processor time a page is given up.
MOST_SECONDS = 120


def worker_pool(fonts: FontSet, jobs: int, tasks: int) -> ProcessPoolExecutor:
    """Processes that typeset with the sealed fonts and nothing else."""
    workers = max(1, min(jobs or os.cpu_count() or 1, tasks))
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker, (fonts,))


_FONTS: dict[str, tuple[str, ...]] = {}


def _start_worker(fonts: FontSet) -> None:
    """Seal the process before anything of Pango's is loaded."""
    from pipeline.typesetting import hyphenation

    os.environ["FONTCONFIG_FILE"] = fonts.configuration
    os.environ.pop("FONTCONFIG_PATH", None)
    _FONTS.update(fonts.families)
    hyphenation.mend(fonts.dictionaries)


def work_on(page: Page, finishes: tuple[Finish, ...], hint: Layout | None) -> Outcome:
    """In a worker: the leaflets of a page, one for each finish."""
    from pipeline.typesetting.engine import typeset

    begun = time.process_time()
    try:
        with _time_limit(MOST_SECONDS):
            leaflets = typeset(page, finishes, _FONTS, hint)
    except _TookTooLong:
        message = f"the typesetter did not come to an end within {MOST_SECONDS} seconds"
        place = page.runs[0].location if page.runs else Location("templates")
        hint_text = "look for a table or columns that cannot be broken over pages; try another format"
        late = Diagnostic("took-too-long", message, place, "error", hint_text, page.locale)
        leaflets = tuple(Leaflet(diagnostics=(late,)) for _ in finishes)
    # Layouts are full of circles; what is left lying about for later makes a worker grow by half.
    gc.collect()
    return leaflets, time.process_time() - begun


class _TookTooLong(BaseException):
    """Not an Exception: nothing on the way up may take it for a fault of its own."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises after so much processor time of this process, wherever it is then. Where there is no such timer, never."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(*_: object) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
