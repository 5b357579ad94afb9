"""What a command costs: seconds of the clock and of all processors, and memory, all its descendants included."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
POLYLEAF = (sys.executable, "-m", "pipeline")
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_EVERY_SECONDS = 0.2
#: What would make a command slower, or quicker, than it is for somebody who just runs it.
_NOT_HANDED_ON = ("PYTHONDONTWRITEBYTECODE", "POLYLEAF_CACHE", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock and of all processors; megabytes of the largest process, and of all of them at one time."""

    wall: float
    cpu: float
    largest_mb: float = 0.0
    together_mb: float = 0.0
    output: str = ""


def spend(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Spent:
    """What the command costs, run in that folder: from ``wait4``, so that the children it waited for are in it.

    Those it did not wait for become ours, and are counted too. Raises SystemExit with its last words if it ends with a code
    that is not expected.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    settings = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    settings |= {"PYTHONPATH": os.environ.get("POLYLEAF_CODE", str(REPOSITORY)), **(environment or {})}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    watch = _Watch(process.pid)
    output = process.stdout.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expected:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    cpu, largest = used.ru_utime + used.ru_stime, used.ru_maxrss
    for orphan in _orphans():
        cpu, largest = cpu + orphan[0], max(largest, orphan[1])
    return Spent(wall, cpu, largest / 1024, watch.end(), output)


def _orphans() -> Iterable[tuple[float, int]]:
    """Seconds and kilobytes of processes that were left behind and have ended."""
    while True:
        try:
            pid, _, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield used.ru_utime + used.ru_stime, used.ru_maxrss


class _Watch(threading.Thread):
    """Looks now and then how much memory a process and its descendants have together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._over = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self._most = max(self._most, sum(map(_resident, family(self._pid))))

    def end(self) -> float:
        """The most that there was, in megabytes; pages that they share are counted once for each."""
        self._over.set()
        self.join()
        return self._most / 2**20


def family(pid: int) -> list[int]:
    """The process and all its descendants that are alive; empty where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found if children else []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median, and between which bounds the measurements lie.

        >>> str(Figures((3.0, 1.0, 2.5)))
        '2.50 (1.00–3.00)'
        """
        if len(self.values) == 1:
            return f"{self.median:.2f}"
        return f"{self.median:.2f} ({min(self.values):.2f}–{max(self.values):.2f})"


def figures(values: Iterable[float]) -> Figures:
    return Figures(tuple(values))


def ratios(ones: Iterable[float], others: Iterable[float]) -> Figures:
    """The ones by the others, turn by turn: what a machine does meanwhile befalls both."""
    return Figures(tuple(one / other for one, other in zip(ones, others, strict=True)))


def machine() -> str:
    """Where this was measured: processor, memory, versions, and how busy it was."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "?")
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    return (
        f"{len(os.sched_getaffinity(0))} × {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, WeasyPrint {version('weasyprint')}; load {os.getloadavg()[0]:.1f}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).is_file() else []


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The rows as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
