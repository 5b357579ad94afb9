"""What work is handed to processes, here or on other machines, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

#: ``error``: an exception; ``crash``: the process died; ``time`` and ``memory``: it went over its limit.
FailureKind = Literal["error", "crash", "time", "memory"]


@dataclass(frozen=True, slots=True)
class Task:
    """A call of a function that a worker can import: values in, values out. ``subject`` is the caller's, and does not travel."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    weight: int = 0
    subject: Any = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a call came to, and the processor seconds it took."""

    value: Any
    seconds: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call came to nothing. It costs that call only."""

    kind: FailureKind
    reason: str


Result = Done | Failure


class Crew(Protocol):
    """Processes that work: a pool on this machine, or a cluster of many."""

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Each task with its result, as it gets ready; heavier ones are begun first.

        Tasks are taken from the iterable as there is room for them (some hundreds wait), so that it may be longer than memory is.
        """
        ...

    def close(self) -> None:
        """Let the processes go; what they are still at is given up."""
        ...
