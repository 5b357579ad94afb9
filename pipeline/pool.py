"""The processes of this machine that typeset: they are fed heaviest first, and one that dies costs one task."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from types import TracebackType

from pipeline.crew import Done, Failure, Result, Task
from pipeline.fonts import FontSet
from pipeline.worker import Limits

#: So many tasks are taken from the caller and not yet given back: enough to have the heavy ones first, few enough for memory.
WINDOW = 400
#: A worker that has grown to this is replaced by a fresh one, but not before so many tasks: starting one is dear. With twice as
#: much, at once.
RECYCLE_BYTES, RECYCLE_TASKS = 400_000_000, 20
#: So many workers in a row may fail to start before the pool gives up.
_MOST_FALSE_STARTS = 3
#: A worker has so long to get warm: a busy machine, or libraries on a slow network, are no fault.
_START_SECONDS = 300
#: What would make fontconfig or Pango look elsewhere, or words and times depend on the machine.
_FOREIGN = ("FC_", "FONTCONFIG_", "PANGO_", "LC_", "LANG")
_SEALED = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def cores() -> int:
    """On how many processors this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A task in the queue. ``again``: a process has already died of it."""

    rank: tuple[int, int]
    task: Task = field(compare=False)
    again: bool = field(default=False, compare=False)


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, what it is at, and until when (on the monotonic clock)."""

    process: subprocess.Popen[bytes]
    connection: Connection
    deadline: float
    warm: bool = False
    done: int = 0
    at: _Waiting | None = None

    def end(self) -> None:
        """End it at once and for good."""
        self.process.kill()
        self.process.wait()
        self.connection.close()
        if self.process.stdin:
            self.process.stdin.close()


class Pool:
    """Worker processes on this machine (see ``crew.Crew``): at most ``jobs``, by default one for each core.

    They start when there is something to do, or with ``start``. Not for several threads.
    """

    def __init__(self, fonts: FontSet, jobs: int = 0, limits: Limits | None = None) -> None:
        self._greeting = (fonts, limits or Limits())
        self._limits = limits or Limits()
        self._jobs = jobs if jobs > 0 else cores()
        self._workers: list[_Worker] = []
        self._waiting: list[_Waiting] = []
        self._answered: list[tuple[Task, Result]] = []
        self._false_starts = 0
        self._broken = ""
        self._busy = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, tasks: int | None = None) -> None:
        """Start workers ahead of the work, so that they warm up meanwhile: all, or as many as so many tasks need."""
        wanted = self._jobs if tasks is None else min(self._jobs, tasks)
        while len(self._workers) < wanted and not self._broken:
            self._hire()

    def close(self) -> None:
        """End all workers at once."""
        self._dismiss(*self._workers)

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Each task with its result, as it gets ready; heavier ones are begun first.

        Tasks are taken one at a time while no worker has anything to say, and at most WINDOW of them are held. Whoever stops
        asking gives up what is under way. Raises RuntimeError inside another such loop over the same pool.
        """
        if self._busy:
            raise RuntimeError("this pool is already at work")
        self._busy, self._waiting, self._answered = True, [], []
        source, open_, taken, given = iter(tasks), True, 0, 0
        try:
            while True:
                self._feed()
                may_take = open_ and taken - given < WINDOW
                if not self._answered:
                    self._listen(0.0 if may_take else None)
                    self._feed()
                answered, self._answered = self._answered, []
                for each in answered:
                    given += 1
                    yield each
                if answered:
                    continue
                if may_take:
                    task = next(source, None)
                    if task is None:
                        open_ = False
                    else:
                        taken += 1
                        heappush(self._waiting, _Waiting((-task.weight, taken), task))
                elif not open_ and taken == given:
                    return
        finally:
            self._dismiss(*(each for each in self._workers if each.at))
            self._busy, self._waiting, self._answered = False, [], []

    # --- workers --------------------------------------------------------------------------------------------------------

    def _hire(self) -> None:
        """Start a worker. It says when it is warm."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "pipeline.worker", str(theirs.fileno())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                    env=_environment(),
                )
            except OSError as error:
                self._fail_to_start(str(error))
                return
            connection = Connection(ours.detach())
        worker = _Worker(process, connection, time.monotonic() + _START_SECONDS)
        self._workers.append(worker)
        with contextlib.suppress(OSError):  # it died at once, which is heard in a moment
            connection.send(self._greeting)

    def _dismiss(self, *workers: _Worker) -> None:
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.end()
            self._workers.remove(worker)

    def _fail_to_start(self, reason: str) -> None:
        self._false_starts += 1
        if self._false_starts >= _MOST_FALSE_STARTS:
            self._broken = f"worker processes do not start: {reason}"

    # --- tasks ----------------------------------------------------------------------------------------------------------

    def _feed(self) -> None:
        """Give the heaviest tasks to idle workers, and start more workers where tasks are left over."""
        for worker in [each for each in self._workers if each.warm and not each.at]:
            if not self._waiting:
                return
            if worker.connection.poll():  # somebody has ended it
                self._dismiss(worker)
            else:
                self._give(worker, heappop(self._waiting))
        warming = sum(not each.warm for each in self._workers)
        while warming < len(self._waiting) and len(self._workers) < self._jobs and not self._broken:
            self._hire()
            warming += 1
        if self._broken and not self._workers:
            while self._waiting:
                self._answered.append((heappop(self._waiting).task, Failure("crash", self._broken)))

    def _give(self, worker: _Worker, waiting: _Waiting) -> None:
        try:
            message = ForkingPickler.dumps((waiting.task.work, waiting.task.arguments))
        except Exception as error:  # noqa: BLE001  # whatever cannot be pickled says so in its own way
            self._answered.append((waiting.task, Failure("error", f"{type(error).__name__}: {error}")))
            return
        worker.at, worker.deadline = waiting, time.monotonic() + self._limits.wall
        try:
            worker.connection.send_bytes(message)
        except OSError:
            self._bury(worker)

    def _listen(self, timeout: float | None) -> None:
        """Hear the workers that have something to say, within so many seconds, or as soon as one has; end those that hang."""
        under_way = [each for each in self._workers if each.at or not each.warm]
        if not under_way:
            return
        until = min(each.deadline for each in under_way) - time.monotonic()
        heard = wait([each.connection for each in under_way], max(0.0, until) if timeout is None else timeout)
        for worker in under_way:
            if worker.connection in heard:
                self._hear(worker)
            elif worker.deadline <= time.monotonic():
                self._give_up(worker)

    def _hear(self, worker: _Worker) -> None:
        try:
            kind, *said = ForkingPickler.loads(worker.connection.recv_bytes())
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not worker.warm:
            if kind == "ready":
                worker.warm, self._false_starts = True, 0
            else:
                self._dismiss(worker)
                self._fail_to_start(said[0])
            return
        waiting, worker.at = worker.at, None
        value, seconds, resident = said
        result: Result = Done(value, seconds) if kind == "done" else Failure(kind, value)
        if waiting:
            self._answered.append((waiting.task, result))
        worker.done += 1
        spared = 2 if worker.done < RECYCLE_TASKS else 1
        if resident > spared * RECYCLE_BYTES or kind == "memory":
            self._dismiss(worker)

    def _give_up(self, worker: _Worker) -> None:
        """End a worker that says nothing for too long."""
        self._dismiss(worker)
        if worker.at:
            late = f"it did not come to an end within {self._limits.wall:g} seconds"
            self._answered.append((worker.at.task, Failure("time", late)))
        else:
            self._fail_to_start(f"one was not ready within {_START_SECONDS} seconds")

    def _bury(self, worker: _Worker) -> None:
        """A worker has died. What it was at is tried once more, for it may have been somebody else's doing."""
        waiting = worker.at
        # Its end of the connection is closed: it is dead or dying. How it came to that must not be overwritten by a kill.
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(1)
        self._dismiss(worker)
        code = worker.process.returncode
        if waiting is None:
            self._fail_to_start(_death(code))
        elif hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            late = f"it did not come to an end within {self._limits.seconds:g} seconds of processor time"
            self._answered.append((waiting.task, Failure("time", late)))
        elif waiting.again:
            self._answered.append((waiting.task, Failure("crash", f"{_death(code)}, twice")))
        else:
            heappush(self._waiting, replace(waiting, again=True))


def _death(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"the process ended by itself with exit code {code}"
    return f"the process was ended by signal {-code} ({signal.strsignal(-code) or 'unknown'})"


def _environment() -> dict[str, str]:
    """The surroundings of a worker: ours, without what could change a page, and with our ways to find modules."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    path = os.pathsep.join(each or os.getcwd() for each in sys.path)  # noqa: PTH109  # as it is, not resolved
    return {**kept, **_SEALED, "PYTHONPATH": path}
