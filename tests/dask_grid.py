"""A Dask cluster on this machine: a real scheduler and real workers, each a process."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.golden import REPOSITORY

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """In a new process: the system kills it when whoever began it is gone. A worker goes with its nanny by itself."""
    if _LIBRARY:
        _LIBRARY.prctl(_DEATH_SIGNAL, signal.SIGKILL)


@dataclass
class Grid:
    """A Dask cluster of processes on this machine. Ports are the system's to choose."""

    folder: Path
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
        settings = {**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})}
        program = [sys.executable, "-m", "dask", *command, "--host", "127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                program,
                env=settings,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  # one call to the system, which takes no lock
            )

    def scheduler(self) -> None:
        file = self.folder / "scheduler.json"
        self.start("scheduler", "scheduler", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not self.address:
            assert time.monotonic() < until, (self.folder / "scheduler.log").read_text("utf-8")
            time.sleep(0.05)
            if file.is_file() and file.stat().st_size:
                self.address = json.loads(file.read_bytes())["address"]

    def worker(self, name: str, *, threads: int = 1, **environment: str) -> None:
        options = ("--nthreads", str(threads), "--name", name, "--local-directory", str(self.folder / name))
        self.start(name, "worker", self.address, *options, "--memory-limit", "0", environment=environment)

    def wait_for(self, name: str) -> None:
        """Until the worker has joined."""
        log, until = self.folder / f"{name}.log", time.monotonic() + 60
        while "Registered to" not in log.read_text("utf-8"):
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.05)

    def pid(self, name: str) -> int:
        """Of the worker, which is a child of its nanny."""
        children = psutil.Process(self.processes[name].pid).children()
        return next(each.pid for each in children if "resource_tracker" not in " ".join(each.cmdline()))

    def kill(self, name: str) -> None:
        """``kill -9``, at once: the nanny, the worker, and what they have begun."""
        process = self.processes.pop(name)
        parent = psutil.Process(process.pid)
        for each in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait()

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)


@contextmanager
def grid(folder: Path, *names: str, **environment: str) -> Iterator[Grid]:
    made = Grid(folder)
    try:
        made.scheduler()
        for name in names:
            made.worker(name, **environment)
        for name in names:
            made.wait_for(name)
        yield made
    finally:
        made.close()
