"""A process that works for another: ``python -m pipeline.worker FD``. Tasks come over a socket, one at a time, within limits.

It is a program of its own, not a child of ``multiprocessing``: a worker of a cluster may not have such, and nothing of the parent's
``__main__`` is run again. It ends with its parent.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.fonts import FontSet
    from pipeline.typesetting.fitting import Layout
    from pipeline.typesetting.leaflet import Finish, Leaflet
    from pipeline.typesetting.page import Page

#: WeasyPrint can go round for ever with columns and tables: after so many seconds of processor time a page is given up.
MOST_SECONDS = 120
MOST_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: seconds of processor time, bytes of memory beyond those of an idle worker, seconds by the clock."""

    seconds: float = MOST_SECONDS
    memory: int = MOST_BYTES
    wall: float = 3 * MOST_SECONDS


class TookTooLong(BaseException):
    """After so many ``seconds``. Not an Exception: nothing on the way up may take it for a fault of its own."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


# --- what it is asked for -----------------------------------------------------------------------------------------------

_FONTS: dict[str, tuple[str, ...]] = {}


def work_on(page: Page, finishes: tuple[Finish, ...], hint: Layout | None) -> tuple[Leaflet, ...]:
    """In a worker: the leaflets of a page, one for each finish."""
    from pipeline.typesetting.engine import typeset

    try:
        return typeset(page, finishes, _FONTS, hint)
    except TookTooLong as late:
        return _given_up(page, finishes, late.seconds)


def _given_up(page: Page, finishes: tuple[Finish, ...], seconds: float) -> tuple[Leaflet, ...]:
    from pipeline.diagnostics import Diagnostic, Location
    from pipeline.typesetting.leaflet import Leaflet

    message = f"the typesetter did not come to an end within {seconds:g} seconds"
    place = page.runs[0].location if page.runs else Location("templates")
    hint = "look for a table or columns that cannot be broken over pages; try another format"
    late = Diagnostic("took-too-long", message, place, "error", hint, page.locale)
    return tuple(Leaflet(diagnostics=(late,)) for _ in finishes)


# --- how it is served ---------------------------------------------------------------------------------------------------


def serve(connection: Connection) -> None:
    """Do what comes until the parent closes the connection: first fonts and limits, then tasks."""
    fonts, limits = connection.recv()
    _end_with_parent()
    try:
        _warm(fonts)
    except Exception as error:  # noqa: BLE001  # a boundary: the parent says it of every task
        connection.send(("error", _said(error)))
        return
    _bound_memory(limits.memory)
    connection.send(("ready",))
    while True:
        message = connection.recv_bytes()
        connection.send_bytes(_answer(message, limits))
        del message
        # Layouts are full of circles; what is left lying about for later makes a worker grow by half.
        gc.collect()


def _warm(fonts: FontSet) -> None:
    """Seal the process before anything of Pango's is loaded, then load all that every page needs."""
    os.environ["FONTCONFIG_FILE"] = fonts.configuration
    _FONTS.update(fonts.families)
    with contextlib.suppress(OSError):
        os.utime(fonts.configuration)  # a set that is in use is not pruned
    from pipeline.typesetting import engine, hyphenation  # noqa: F401  # the engine takes WeasyPrint along

    hyphenation.mend(fonts.dictionaries)
    gc.collect()
    gc.freeze()  # what is there now stays; no collection has to look at it again


def _answer(message: bytes, limits: Limits) -> bytes:
    """What came of a task, for the connection. Whatever it raises costs this task only."""
    begun = time.process_time()
    try:
        with _time_limit(limits.seconds):
            work, arguments = ForkingPickler.loads(message)
            value = work(*arguments)
        seconds = time.process_time() - begun
        return bytes(ForkingPickler.dumps(("done", value, seconds, resident())))
    except TookTooLong as late:
        found = ("time", f"it did not come to an end within {late.seconds:g} seconds of processor time")
    except MemoryError:
        found = ("memory", f"it wanted more than {limits.memory / 1e9:.1f} GB of memory")
    except BaseException as error:  # noqa: BLE001  # also SystemExit: nothing that is asked for ends the worker
        found = ("error", _said(error))
    return bytes(ForkingPickler.dumps((*found, time.process_time() - begun, resident())))


def _said(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # an exception that cannot even be shown
        return type(error).__name__


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises TookTooLong after so much processor time, wherever the process is then; ends it, if it does not come out of a library.

    Where a system has no such timers, never.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(*_: object) -> None:
        raise TookTooLong(seconds)

    _bound_time(seconds)
    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _bound_time(seconds: float) -> None:
    """The system ends this process (SIGXCPU) if the next task takes a quarter more than it may."""
    import resource

    most = math.ceil(time.process_time() + 1.25 * seconds) + 1
    _lower(resource.RLIMIT_CPU, most)


def _bound_memory(beyond: int) -> None:
    """From now on Python raises MemoryError where this process would grow by more. No dumps of what crashes."""
    try:
        import resource
    except ImportError:
        return
    _lower(resource.RLIMIT_CORE, 0)
    if hasattr(resource, "RLIMIT_DATA"):
        _lower(resource.RLIMIT_DATA, _pages(5) + beyond)


def _lower(which: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def resident() -> int:
    """The memory of this process, in bytes, without files that it reads (fonts); elsewhere than on Linux the most it was, or 0."""
    now = _pages(1) - _pages(2)
    if now:
        return now
    try:
        import resource
    except ImportError:
        return 0
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _pages(column: int) -> int:
    """A column of Linux's /proc/self/statm in bytes (1: resident, 2: files of it, 5: what RLIMIT_DATA counts), 0 elsewhere."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # after every task: no detour
            return int(file.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _end_with_parent() -> None:
    """Let the system end this process when the parent is gone, whatever it does then: standard input is a pipe from there.

    A thread that waits for the end of the pipe could not act while a library holds the interpreter.
    """
    try:
        import fcntl
    except ImportError:
        return
    lifeline = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    if hasattr(os, "O_ASYNC") and hasattr(fcntl, "F_SETOWN"):
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def main(descriptor: str) -> None:
    """Serve whoever holds the other end of this socket, then end without a word."""
    with Connection(int(descriptor)) as connection, contextlib.suppress(EOFError, OSError):  # the parent is gone
        serve(connection)
    os._exit(0)


if __name__ == "__main__":
    # Tasks name functions of ``pipeline.worker``: that, not ``__main__``, is the module that knows the fonts.
    from pipeline import worker  # noqa: PLW0406

    worker.main(sys.argv[1])
