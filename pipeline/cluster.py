"""A crew of many machines: tasks go to the workers of a Dask cluster, values in, bytes out.

Every task is given to one worker that has shown that it prints as we do; Dask carries it there and back. Who gets what, and what
becomes of the tasks of a lost worker, is decided here: a worker that differs is never asked, and nothing hangs on one that is gone.
"""

from __future__ import annotations

import contextlib
import heapq
import importlib
import logging
import pickle
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from pipeline.cluster_worker import Families, Introduction, Terms, introduce, serve
from pipeline.crew import Failure, Result, Task
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.fonts import FontSet
from pipeline.machines import differences, digest, likeness

CONNECT_SECONDS = 10.0
#: So long a worker may take to read our modules and to seal its fonts, before the others begin without it.
INTRODUCTION_SECONDS = 60.0
#: So long we wait for a worker, if there is none or the last is gone.
ALONE_SECONDS = 60.0
#: How often we ask which workers there are.
LOOK_SECONDS = 1.0
#: Tasks given to a worker beyond what it works at, so that it never waits for us.
AHEAD = 2
WINDOW = 400
#: A task whose workers were lost so many times is given up: it may be what kills them.
MOST_LOSSES = 3
_PLACE = Location("(the cluster)")


@dataclass(slots=True)
class _Order:
    """A task that waits or is being worked at, as it travels, and how many workers were lost with it."""

    task: Task
    packed: bytes
    losses: int = 0


@dataclass(slots=True)
class _Given:
    """A task, or an introduction (no order), and the worker who has it."""

    future: Any
    worker: str
    order: _Order | None


class Cluster:
    """The workers of a Dask cluster. ``diagnostics`` names those that are not used, and in what they differ."""

    def __init__(self, address: str, fonts: FontSet, families: tuple[str, ...]) -> None:
        """Raises InvalidInput if nobody answers there, or no worker prints what this machine would."""
        self._address = address
        self._lines = likeness(fonts)
        optional = tuple(family for family, _ in fonts.optional)
        needed = tuple(sorted(set(families) - set(optional)))
        self._terms = Terms(Families(needed, optional), digest(self._lines))
        self._workers: dict[str, int] = {}
        self._refused: dict[str, Diagnostic] = {}
        self._given: dict[str, _Given] = {}
        self._number = 0
        self._looked = 0.0
        self._closing = contextlib.ExitStack()
        try:
            self._client, self._ready = _connect(address, self._closing)
            self._wait_for_workers()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """A warning for each worker that is not used."""
        return tuple(self._refused.values())

    @property
    def threads(self) -> int:
        """How many tasks the accepted workers do at a time."""
        return sum(self._workers.values())

    def close(self) -> None:
        """Let the workers go; what they are still at is given up."""
        self._give_up()
        self._closing.close()

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Each task with its result, as it gets ready; heavier ones are begun first.

        Raises InvalidInput if the scheduler is lost, or all workers are and no other comes within a minute.
        """
        source = iter(tasks)
        waiting: list[tuple[int, int, _Order]] = []
        more = True
        alone_since = time.monotonic()
        try:
            while more or waiting or self._orders():
                self._look()
                if self._workers:
                    alone_since = time.monotonic()
                elif time.monotonic() - alone_since > ALONE_SECONDS:
                    raise InvalidInput([_lost(self._address)])
                if more and len(waiting) < WINDOW:
                    task = next(source, None)
                    if task is None:
                        more = False
                    else:
                        order = _order(task)
                        if isinstance(order, Failure):
                            yield task, order
                        else:
                            self._push(waiting, order)
                if not more or len(waiting) >= min(WINDOW, 4 * self.threads):
                    self._hand_out(waiting)
                busy = more and len(waiting) < WINDOW
                for order, result in self._collected(0 if busy else LOOK_SECONDS / 10):
                    if result is None:
                        self._push(waiting, order)
                    else:
                        yield order.task, result
        finally:
            self._give_up()

    def _orders(self) -> bool:
        return any(each.order is not None for each in self._given.values())

    def _push(self, waiting: list[tuple[int, int, _Order]], order: _Order) -> None:
        self._number += 1
        heapq.heappush(waiting, (-order.task.weight, self._number, order))

    def _hand_out(self, waiting: list[tuple[int, int, _Order]]) -> None:
        """Give the heaviest that wait to the workers that have least to do.

        A task whose worker was lost may be what killed it: from then on it has a worker for itself, so that no other task is lost
        with it.
        """
        load = dict.fromkeys(self._workers, 0)
        alone = set()
        for each in self._given.values():
            if each.worker in load:
                load[each.worker] += 1
                alone |= {each.worker} if each.order and each.order.losses else set()
        while waiting and load.keys() - alone:
            worker = min(load.keys() - alone, key=lambda each: (load[each] / self._workers[each], each))
            suspect = waiting[0][2].losses > 0
            if load[worker] >= (1 if suspect else self._workers[worker] + AHEAD):
                return
            _, _, order = heapq.heappop(waiting)
            self._give(worker, order, serve, self._terms, order.packed, priority=order.task.weight)
            load[worker] += 1
            alone |= {worker} if suspect else set()

    def _give(
        self, worker: str, order: _Order | None, work: Callable[..., object], *arguments: object, priority: int
    ) -> None:
        self._number += 1
        key = f"polyleaf-{self._client.id}-{self._number}"
        future = self._client.submit(
            work, *arguments, key=key, workers=[worker], allow_other_workers=False, priority=priority, pure=False
        )
        self._given[key] = _Given(future, worker, order)
        self._ready.add(future)

    def _collected(self, seconds: float) -> Iterator[tuple[_Order, Result | None]]:
        """What got ready, waiting so long for it; no result: the task has to be given to somebody else."""
        with self._ready.thread_condition:
            if seconds and not self._ready.has_ready():
                self._ready.thread_condition.wait(seconds)
        for future, value in self._ready.next_batch(block=False):
            given = self._given.pop(future.key, None)
            if given is None:  # it was taken back
                continue
            if isinstance(value, Introduction):
                self._judge(given.worker, value)
            if given.order is None:
                if not isinstance(value, Introduction):
                    self._judge(given.worker, Introduction((), (_in_words(value),)))
            elif isinstance(value, bytes):
                yield given.order, pickle.loads(value)  # noqa: S301  # from a worker that runs our own code
            elif isinstance(value, Introduction):
                yield given.order, None
            elif future.status == "cancelled" or _is_loss(value):
                yield given.order, _after_loss(given.order)
            else:
                yield given.order, Failure("error", _in_words(value))
        yield from self._taken_back()

    def _taken_back(self) -> Iterator[tuple[_Order, Result | None]]:
        """The tasks of workers that are gone or refused."""
        for key, given in list(self._given.items()):
            if given.worker in self._workers or (given.order is None and given.worker not in self._refused):
                continue
            del self._given[key]
            given.future.cancel()
            if given.order is not None:
                yield given.order, None if given.worker in self._refused else _after_loss(given.order)

    def _look(self) -> None:
        """Ask which workers there are, now and then: forget those that are gone, let new ones introduce themselves."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        try:
            there: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise InvalidInput([_lost(self._address)]) from error
        self._looked = time.monotonic()
        self._workers = {worker: there[worker] for worker in self._workers if worker in there}
        introducing = {each.worker: key for key, each in self._given.items() if each.order is None}
        for worker in introducing.keys() - there.keys():
            self._given.pop(introducing[worker]).future.cancel()
        for worker in sorted(there.keys() - self._workers.keys() - self._refused.keys() - introducing.keys()):
            self._give(worker, None, introduce, self._terms.fonts, priority=1 << 40)

    def _judge(self, worker: str, said: Introduction) -> None:
        """Accept a worker, or refuse it with its difference."""
        if not said.complaints and digest(said.lines) == self._terms.digest:
            self._workers[worker] = self._client.nthreads([worker]).get(worker, 1)
            return
        self._workers.pop(worker, None)
        why = said.complaints or differences(self._lines, said.lines)
        message = f"the worker {worker} is not used, for its leaflets would not be the same: {'; '.join(why)}"
        hint = "install the same version of Polyleaf, libraries and fonts there as here, then start the worker again"
        self._refused[worker] = Diagnostic("cluster-differs", message, _PLACE, "warning", hint)

    def _wait_for_workers(self) -> None:
        """Until every worker that is there has introduced itself. Raises InvalidInput if there is none that we can use."""
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < INTRODUCTION_SECONDS:
            self._look()
            for _ in self._collected(LOOK_SECONDS / 10):
                pass
            seen = self._workers or self._refused
            if not self._given and (seen or passed > CONNECT_SECONDS):
                break
        if not self._workers:
            raise InvalidInput([*(_as_error(each) for each in self.diagnostics)] or [_empty(self._address)])

    def _give_up(self) -> None:
        """Take back all that was given."""
        given, self._given = self._given, {}
        if given:
            with contextlib.suppress(OSError, RuntimeError):  # the scheduler may be what is lost
                self._client.cancel([each.future for each in given.values()])


def _connect(address: str, closing: contextlib.ExitStack) -> tuple[Any, Any]:
    """A client of the scheduler, and what tells when its tasks are ready. Raises InvalidInput if there is none.

    What Dask itself would write to the terminal until it is closed, is not written.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        hint = 'pip install "polyleaf[cluster]"'
        message = "the library that talks to a cluster (distributed, of Dask) is not installed"
        raise InvalidInput([Diagnostic("cluster-extra", message, _PLACE, hint=hint)]) from None
    closing.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")
    closing.enter_context(_quiet(logging.getLogger("distributed")))
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        hint = "start one with dask scheduler, and give the address that it says: --cluster tcp://HOST:8786"
        message = f"no Dask scheduler answers at “{address}”: {_in_words(error)}"
        raise InvalidInput([Diagnostic("cluster-unreachable", message, _PLACE, hint=hint)]) from None
    closing.callback(client.close, timeout=2)
    return client, distributed.as_completed(loop=client.loop, with_results=True, raise_errors=False)


@contextlib.contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _order(task: Task) -> _Order | Failure:
    """The task, ready to travel; why it cannot, if so."""
    try:
        return _Order(task, pickle.dumps((task.work, task.arguments)))
    except Exception as error:  # noqa: BLE001  # whatever cannot be pickled says so in its own way
        return Failure("error", _in_words(error))


def _after_loss(order: _Order) -> Result | None:
    """What becomes of a task whose worker is gone: nothing yet, until it has cost too many."""
    order.losses += 1
    if order.losses < MOST_LOSSES:
        return None
    return Failure("crash", f"the workers that had it were lost, {order.losses} times one after another")


def _is_loss(value: object) -> bool:
    """Whether Dask gave up a task because it lost workers."""
    error = value[1] if isinstance(value, tuple) and len(value) == 3 else value
    return type(error).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError", "FuturesCancelledError")


def _in_words(value: object) -> str:
    error = value[1] if isinstance(value, tuple) and len(value) == 3 else value
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _as_error(warning: Diagnostic) -> Diagnostic:
    return Diagnostic(warning.code, warning.message, warning.location, "error", warning.hint)


def _empty(address: str) -> Diagnostic:
    hint = f"start one on each machine: dask worker {address}"
    return Diagnostic("cluster-empty", f"the cluster at {address} has no worker that answers", _PLACE, hint=hint)


def _lost(address: str) -> Diagnostic:
    hint = "what was finished is kept: start the cluster again and repeat the command, or leave out --cluster"
    message = f"the cluster at {address} was lost: its scheduler does not answer, or its last worker is gone"
    return Diagnostic("cluster-lost", message, _PLACE, hint=hint)
