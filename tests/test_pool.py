"""Real processes: one that crashes, hangs or eats memory costs its task; nothing is left when the parent goes."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.crew import Done, Failure, Result, Task
from pipeline.fonts import FontSet, seal
from pipeline.pool import Pool, cores
from pipeline.worker import Limits
from tests.golden import REPOSITORY

QUICK = Limits(seconds=1, memory=200_000_000, wall=60)  # by the clock: the machine may be busy
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    cache = tmp_path_factory.mktemp("fonts")
    return seal(["Noto Sans"], cache / "own", cache)


@pytest.fixture(scope="module")
def pool(sealed: FontSet) -> Iterator[Pool]:
    """Two workers for all tests of this module that do not count workers."""
    with Pool(sealed, 2, QUICK) as workers:
        yield workers


# --- what is asked of workers -------------------------------------------------------------------------------------------


def double(number: int) -> int:
    return 2 * number


def whoami() -> int:
    return os.getpid()


def raises() -> None:
    raise LookupError("no such panel")


def leaves() -> None:
    sys.exit("gone")


def cannot_be_shown() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    raise Silent


def cannot_travel() -> object:
    return lambda: None


def segfault() -> None:
    ctypes.string_at(0)


def is_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exits() -> None:
    os._exit(3)


def dies_once(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(1)
    return "done the second time"


def turns() -> None:
    while True:
        pass


def turns_in_a_library() -> int:
    return pow(3, 10**9)


def backtracks() -> object:
    return re.match(r"(a|aa)+$", "a" * 200 + "b")


def sleeps() -> None:
    time.sleep(600)


def sleeps_a_little(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def hoards() -> int:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def large(size: int) -> bytes:
    return b"x" * size


def garbage(number: int) -> int:
    """Leaves circles behind, as a layout does."""
    rows: list[object] = [bytearray(1000) for _ in range(5000)]
    rows.append(rows)
    return number


def grows() -> int:
    KEPT.append(os.urandom(60_000_000))
    return os.getpid()


KEPT: list[bytes] = []


def surroundings() -> tuple[dict[str, str], str, bytes]:
    return dict(os.environ), os.ttyname(1) if os.isatty(1) else "", sys.stdin.buffer.read()


# --- helpers ------------------------------------------------------------------------------------------------------------


def only(pool: Pool, work: object, *arguments: object) -> Result:
    ((_, result),) = pool.results([Task(work, arguments)])  # type: ignore[arg-type]
    return result


def children(of: int | str = "self") -> set[int]:
    """Processes of ours, zombies included."""
    tasks = Path(f"/proc/{of}/task").iterdir()
    return {int(each) for task in tasks for each in (task / "children").read_text().split()}


@pytest.fixture
def others() -> set[int]:
    """The processes that were there before the test: the workers of the pool that all tests use."""
    return children()


def is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def within(seconds: float, *processes: int) -> bool:
    """Whether all of these are gone after so many seconds."""
    until = time.monotonic() + seconds
    while any(map(is_there, processes)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# --- what goes well -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_are_the_same_for_any_number_of_workers(sealed: FontSet, others: set[int], jobs: int) -> None:
    with Pool(sealed, jobs) as pool:
        found = {task.subject: result for task, result in pool.results(Task(double, (n,), n, n) for n in range(60))}
        assert len(children() - others) <= jobs
    assert {subject: result.value for subject, result in found.items() if isinstance(result, Done)} == {
        n: 2 * n for n in range(60)
    }
    assert children() - others == set()


def test_nothing_to_do_starts_nobody(sealed: FontSet, others: set[int]) -> None:
    with Pool(sealed, 2) as pool:
        assert list(pool.results([])) == []
        assert children() - others == set()


def test_one_task_starts_one_worker_unless_told_otherwise(sealed: FontSet, others: set[int]) -> None:
    with Pool(sealed, 3) as pool:
        first = only(pool, whoami)
        assert isinstance(first, Done)
        assert children() - others == {first.value}
        assert only(pool, whoami).value == first.value, "the same worker goes on"  # type: ignore[union-attr]
        pool.start(2)
        assert len(children() - others) == 2
        pool.start()
        assert len(children() - others) == 3


def test_all_cores_by_default(sealed: FontSet, others: set[int]) -> None:
    with Pool(sealed) as pool:
        pool.start()
        assert len(children() - others) == cores() == len(os.sched_getaffinity(0))


def test_heavier_tasks_are_begun_first(sealed: FontSet) -> None:
    with Pool(sealed, 1) as pool:
        order = [task.subject for task, _ in pool.results(Task(double, (n,), n % 7, n) for n in range(20))]
    assert order == sorted(range(20), key=lambda n: (-(n % 7), n))


def test_tasks_are_taken_as_there_is_room(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """More tasks than memory: the caller is never asked for more than the window has room for."""
    monkeypatch.setattr("pipeline.pool.WINDOW", 10)
    taken = given = most = 0

    def tasks() -> Iterator[Task]:
        nonlocal taken, most
        for n in range(200):
            taken += 1
            most = max(most, taken - given)
            yield Task(double, (n,), n)

    for _ in pool.results(tasks()):
        given += 1
    assert given == 200
    assert most <= 11


def test_who_is_not_ready_in_time_is_given_up(sealed: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.pool._START_SECONDS", 0.01)
    with Pool(sealed, 1) as pool:
        result = only(pool, double, 1)
    assert result == Failure("crash", "worker processes do not start: one was not ready within 0.01 seconds")


def test_workers_are_fed_while_the_caller_makes_tasks(pool: Pool) -> None:
    """Making a task takes as long as working it off: both go on at once."""

    def tasks() -> Iterator[Task]:
        for n in range(30):
            time.sleep(0.05)
            yield Task(sleeps_a_little, (0.05,), n)

    pool.start()
    list(pool.results([Task(double, (1,)), Task(double, (2,))]))
    begun = time.monotonic()
    assert len(list(pool.results(tasks()))) == 30
    assert time.monotonic() - begun < 30 * 0.1 * 0.85


def test_large_values_travel(pool: Pool) -> None:
    result = only(pool, large, 30_000_000)
    assert isinstance(result, Done)
    assert len(result.value) == 30_000_000
    back = only(pool, len, b"y" * 30_000_000)
    assert isinstance(back, Done)
    assert back.value == 30_000_000


def test_seconds_are_processor_time(pool: Pool) -> None:
    result = only(pool, sleeps_a_little, 0.4)
    assert isinstance(result, Done)
    assert result.seconds < 0.2


def test_surroundings_are_sealed(sealed: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LANG", "ur_PK.UTF-8")
    monkeypatch.setenv("FC_DEBUG", "1")
    monkeypatch.setenv("FONTCONFIG_SYSROOT", "/nowhere")
    with Pool(sealed, 1) as pool:
        result = only(pool, surroundings)
    assert isinstance(result, Done)
    environment, terminal, typed = result.value
    assert (terminal, typed) == ("", b"")
    assert environment["FONTCONFIG_FILE"] == sealed.configuration
    assert environment["TZ"] == "UTC"
    assert not {"LANG", "FC_DEBUG", "FONTCONFIG_SYSROOT"} & set(environment)


# --- what goes wrong ----------------------------------------------------------------------------------------------------

_BAD = [
    (raises, "error", "LookupError: no such panel"),
    (leaves, "error", "SystemExit: gone"),
    (cannot_be_shown, "error", "Silent"),
    (cannot_travel, "error", "pickle"),
    (turns, "time", "within 1 seconds of processor time"),
    (hoards, "memory", "0.2 GB of memory"),
    (segfault, "crash", r"ended by signal 11 \(Segmentation fault\), twice"),
    (is_killed, "crash", r"ended by signal 9 \(Killed\), twice"),
    (exits, "crash", "ended by itself with exit code 3, twice"),
    (turns_in_a_library, "time", "within 1 seconds of processor time"),
    (backtracks, "time", "processor time"),
]


@pytest.mark.parametrize(("work", "kind", "reason"), _BAD, ids=[each[0].__name__ for each in _BAD])
def test_trouble_costs_its_task_only(pool: Pool, work: object, kind: str, reason: str) -> None:
    tasks = [Task(work, (), 5, "bad"), *(Task(double, (n,), n, n) for n in range(10))]  # type: ignore[arg-type]
    found = {task.subject: result for task, result in pool.results(tasks)}
    bad = found.pop("bad")
    assert isinstance(bad, Failure)
    assert bad.kind == kind
    assert re.search(reason, bad.reason), bad.reason
    assert [found[n].value for n in range(10)] == [2 * n for n in range(10)]  # type: ignore[union-attr]


def test_who_sleeps_for_ever_is_ended(sealed: FontSet) -> None:
    with Pool(sealed, 2, Limits(wall=4)) as pool:
        only(pool, double, 1)
        begun = time.monotonic()
        found = {
            task.subject: result for task, result in pool.results([Task(sleeps, (), 2, "bad"), Task(double, (2,))])
        }
        assert time.monotonic() - begun < 60
    assert found["bad"] == Failure("time", "it did not come to an end within 4 seconds")
    assert found[None] == Done(4, found[None].seconds)  # type: ignore[union-attr]


def test_a_crash_that_does_not_come_again_costs_nothing(pool: Pool, tmp_path: Path) -> None:
    result = only(pool, dies_once, str(tmp_path / "mark"))
    assert isinstance(result, Done)
    assert result.value == "done the second time"


def test_what_cannot_be_sent_is_an_error(pool: Pool) -> None:
    found = [result for _, result in pool.results([Task(double, (lambda: 1,)), Task(double, (3,))])]
    assert [type(each) for each in found] == [Failure, Done]


def test_a_task_that_no_worker_can_import_is_an_error(pool: Pool) -> None:
    namespace = {"__name__": "no_such_module"}
    exec("class Gone:\n def __call__(self): pass", namespace)  # noqa: S102
    assert isinstance(only(pool, namespace["Gone"]), Failure)


def test_an_idle_worker_that_was_ended_costs_nothing(pool: Pool) -> None:
    list(pool.results(Task(sleeps_a_little, (0.1,)) for _ in range(4)))
    for process in children():
        os.kill(process, signal.SIGKILL)
    assert within(2, *children())
    found = list(pool.results(Task(double, (n,)) for n in range(6)))
    assert all(isinstance(result, Done) for _, result in found)


def test_workers_that_cannot_start_are_told(sealed: FontSet) -> None:
    broken = FontSet(sealed.families, sealed.configuration, (("hi", "/nowhere"), (object(), "x")), "")  # type: ignore[arg-type]
    with Pool(broken, 2) as pool:
        found = [result for _, result in pool.results(Task(double, (n,)) for n in range(5))]
    assert len(found) == 5
    assert {each.kind for each in found if isinstance(each, Failure)} == {"crash"}
    assert {each.reason.partition(":")[0] for each in found if isinstance(each, Failure)} == {
        "worker processes do not start"
    }


def test_a_program_that_cannot_be_run_is_told(sealed: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Pool(sealed, 2) as pool:
        result = only(pool, double, 1)
    assert isinstance(result, Failure)
    assert result.reason.startswith("worker processes do not start: ")


# --- memory -------------------------------------------------------------------------------------------------------------


def resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_many_small_tasks_do_not_make_a_worker_grow(sealed: FontSet, others: set[int]) -> None:
    with Pool(sealed, 1) as pool:
        only(pool, garbage, 0)
        (worker,) = children() - others
        before = resident(worker)
        list(pool.results(Task(garbage, (n,)) for n in range(200)))
        assert children() - others == {worker}
        assert resident(worker) < before + 30_000_000


def test_a_worker_that_has_grown_is_replaced(sealed: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """With so much after a few tasks, with twice as much at once."""
    monkeypatch.setattr("pipeline.pool.RECYCLE_BYTES", 130_000_000)
    monkeypatch.setattr("pipeline.pool.RECYCLE_TASKS", 3)
    with Pool(sealed, 1) as pool:
        workers = [
            result.value for _, result in pool.results(Task(grows, ()) for _ in range(5)) if isinstance(result, Done)
        ]
    first, second = workers.index(workers[-1]), len(set(workers))
    assert workers[:3] == workers[:1] * 3, "three tasks at least"
    assert second == 2, (first, workers)


# --- the end ------------------------------------------------------------------------------------------------------------


def test_who_stops_asking_ends_what_is_under_way(sealed: FontSet, others: set[int]) -> None:
    with Pool(sealed, 2) as pool:
        only(pool, double, 1)
        before = descriptors()
        with closing(pool.results([Task(sleeps, (), 1), Task(sleeps, (), 1), Task(double, (1,), 5)])) as results:  # type: ignore[type-var]
            next(results)
            begun = time.monotonic()
        assert time.monotonic() - begun < 4
        assert only(pool, double, 4).value == 8, "the pool can be asked again"  # type: ignore[union-attr]
        assert descriptors() == before
    assert children() - others == set()


def test_no_descriptor_is_left(sealed: FontSet) -> None:
    before = descriptors()
    with Pool(sealed, 2) as pool:
        list(pool.results([Task(is_killed, ()), Task(double, (1,)), Task(raises, ())]))
    assert descriptors() == before
    pool.close()


def test_the_caller_s_own_fault_goes_through(sealed: FontSet, others: set[int]) -> None:
    def tasks() -> Iterator[Task]:
        yield Task(sleeps, ())
        raise KeyError("a template")

    with Pool(sealed, 1) as pool, pytest.raises(KeyError, match="a template"):
        list(pool.results(tasks()))
    assert children() - others == set()


def test_a_pool_at_work_cannot_be_asked_for_more(pool: Pool) -> None:
    with closing(pool.results([Task(double, (1,)), Task(double, (2,))])) as results:  # type: ignore[type-var]
        next(results)
        with pytest.raises(RuntimeError, match="already at work"):
            next(pool.results([Task(double, (3,))]))


_PARENT = """
import sys
from pathlib import Path
from pipeline.crew import Task
from pipeline.fonts import seal
from pipeline.pool import Pool
from tests.test_pool import sleeps, turns_in_a_library, whoami
cache = Path(sys.argv[1])
with Pool(seal(["Noto Sans"], cache, cache), 2) as pool:
    for task, result in pool.results([Task(whoami, (), 2), Task(sleeps, (), 1), Task(turns_in_a_library, (), 1)]):
        print(result.value, flush=True)
"""


def parent(folder: Path) -> subprocess.Popen[str]:
    """A program whose two workers are at something that does not end."""
    path = os.pathsep.join([str(REPOSITORY), *filter(None, sys.path)])
    program = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
    )
    assert program.stdout
    program.stdout.readline()
    until = time.monotonic() + 20
    while len(children(program.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    return program


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_parent(tmp_path: Path, way: signal.Signals) -> None:
    with parent(tmp_path) as program:
        workers = children(program.pid)
        assert len(workers) == 2
        begun = time.monotonic()
        program.send_signal(way)
        program.wait(10)
        # Well under a second where the machine has nothing else to do; other tests may be running.
        assert time.monotonic() - begun < 4
        assert within(4, *workers)
