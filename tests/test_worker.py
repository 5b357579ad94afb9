"""The program that serves tasks: what it says over its connection, and that it ends when nobody is there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from pipeline import worker
from pipeline.fonts import seal
from pipeline.worker import Limits
from tests.golden import REPOSITORY


@dataclass(frozen=True, slots=True)
class Served:
    """A worker, as its parent has it."""

    process: subprocess.Popen[bytes]
    connection: Connection


def started(*greeting: object) -> Served:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.worker", str(theirs.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=(theirs.fileno(),),
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *filter(None, sys.path)])},
        )
    connection = Connection(ours.detach())
    if greeting:
        connection.send(greeting)
    return Served(process, connection)


def ended(served: Served) -> int:
    served.connection.close()
    assert served.process.stdin
    served.process.stdin.close()
    try:
        return served.process.wait(20)
    finally:
        served.process.kill()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    cache = tmp_path_factory.mktemp("fonts")
    here = started(seal(["Noto Sans"], cache, cache), Limits(seconds=1))
    assert here.connection.recv() == ("ready",)
    yield here
    ended(here)


def known_fonts() -> dict[str, tuple[str, ...]]:
    return worker._FONTS


def ask(served: Served, work: object, *arguments: object) -> tuple[object, ...]:
    served.connection.send((work, arguments))
    answer = served.connection.recv()
    assert isinstance(answer, tuple)
    return answer


@pytest.mark.slow
def test_a_task_comes_back_with_seconds_and_memory(served: Served) -> None:
    kind, value, seconds, memory = ask(served, divmod, 17, 5)
    assert (kind, value) == ("done", (3, 2))
    assert isinstance(seconds, float)
    assert 0 <= seconds < 1
    assert isinstance(memory, int)
    assert 20e6 < memory < 200e6


@pytest.mark.slow
def test_an_exception_is_told_and_the_next_task_done(served: Served) -> None:
    assert ask(served, divmod, 1, 0)[:2] == ("error", "ZeroDivisionError: integer division or modulo by zero")
    assert ask(served, divmod, 1, 1)[:2] == ("done", (1, 0))


@pytest.mark.slow
def test_what_cannot_be_read_is_told(served: Served) -> None:
    served.connection.send_bytes(b"no pickle")
    assert served.connection.recv()[0] == "error"
    assert ask(served, abs, -3)[:2] == ("done", 3)


@pytest.mark.slow
def test_it_knows_the_fonts_under_its_own_name(served: Served) -> None:
    """What runs as ``__main__`` is the module that tasks mean."""
    ((family, files),) = ask(served, known_fonts)[1].items()  # type: ignore[attr-defined]
    assert family == "Noto Sans"
    assert all(Path(each).is_file() for each in files)


@pytest.mark.slow
def test_it_ends_when_nobody_is_there() -> None:
    assert ended(started()) == 0


def test_the_memory_of_this_process() -> None:
    before = worker.resident()
    kept = bytearray(os.urandom(1000) * 50_000)
    assert worker.resident() - before > 0.9 * len(kept)


def test_limits_give_the_clock_more_than_the_processor() -> None:
    assert Limits().wall >= 2 * Limits().seconds
