"""A real scheduler and real workers, each a process: equal bytes, lost workers, workers that differ, nobody there."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import cluster
from pipeline.cluster import Cluster
from pipeline.crew import Done, Failure, Task
from pipeline.diagnostics import InvalidInput
from pipeline.fonts import FOLDERS, FontSet, seal
from pipeline.pool import Pool
from pipeline.store import Store, leaflet_key
from pipeline.tasks import set_page
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.workspace import Workspace
from tests.dask_grid import Grid, grid
from tests.golden import ORCHARD, bare_page, print_page

FAMILIES = tuple(Workspace(ORCHARD).typography.all_families())
SCREEN = (Finish("screen"),)
BOTH = (Finish("screen"), Finish("desk"))


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    folder = tmp_path_factory.mktemp("sealed")
    return seal(FAMILIES, folder / "own", folder)


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    """Twelve small pages, and two real ones in two editions each."""
    text = "The well is everybody’s. "
    bare = [bare_page(f"<html lang=en><p>{text * (20 * number)}</p></html>") for number in range(1, 13)]
    asked = [*((page, SCREEN) for page in bare), *((print_page(tag, "well"), BOTH) for tag in ("fr", "en"))]
    return [Task(set_page, (*each, None, False), len(each[0].html), number) for number, each in enumerate(asked)]


@pytest.fixture(scope="module")
def serial(fonts: FontSet, tasks: list[Task]) -> dict[int, tuple[bytes, ...]]:
    """What one process of this machine makes of the tasks."""
    with Pool(fonts, 1) as pool:
        return {task.subject: pdfs(result) for task, result in pool.results(tasks)}


def pdfs(result: object) -> tuple[bytes, ...]:
    assert isinstance(result, Done), result
    leaflets, _ = result.value
    assert all(each.pdf for each in leaflets), leaflets
    return tuple(each.pdf for each in leaflets)


def join(made: Grid | str, fonts: FontSet) -> Cluster:
    address = made if isinstance(made, str) else made.address
    return Cluster(address, fonts, FAMILIES)


def other_fonts(folder: Path) -> Path:
    """Fonts that are called like ours. One is of other bytes."""
    source = next(each for each in map(Path, FOLDERS) if (each / "NotoSans-Regular.ttf").is_file())
    folder.mkdir()
    for path in source.glob("NotoS*.ttf"):
        (folder / path.name).symlink_to(path)
    bold = folder / "NotoSans-Bold.ttf"
    bold.unlink()
    bold.write_bytes((source / bold.name).read_bytes() + b"\0")
    return folder


def kill_the_one_who_asks() -> None:
    """In a typesetting process: the Dask worker that handed it the task."""
    os.kill(os.getppid(), signal.SIGKILL)


def asked_until(over: Callable[[], bool]) -> Iterator[Task]:
    """Tasks that tell which Dask worker hands them on, and a few more when it is over."""
    while not over():
        time.sleep(0.02)
        yield Task(os.getppid, ())
    yield from (Task(os.getppid, ()) for _ in range(20))


# --- nobody there -------------------------------------------------------------------------------------------------------


def test_without_dask_it_says_what_to_install(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InvalidInput) as caught:
        join("tcp://127.0.0.1:8786", fonts)
    (complaint,) = caught.value.diagnostics
    assert (complaint.code, complaint.hint) == ("cluster-extra", 'pip install "polyleaf[cluster]"')


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere://x", "", "127.0.0.1:notaport"])
def test_an_address_where_nobody_listens(address: str, fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.3)
    with pytest.raises(InvalidInput) as caught:
        join(address, fonts)
    (complaint,) = caught.value.diagnostics
    assert complaint.code == "cluster-unreachable"
    assert f"“{address}”" in complaint.message


@pytest.mark.slow
def test_a_cluster_without_workers(tmp_path: Path, fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2.0)
    with grid(tmp_path) as made, pytest.raises(InvalidInput) as caught:
        join(made, fonts)
    (complaint,) = caught.value.diagnostics
    assert complaint.code == "cluster-empty"
    assert complaint.hint.endswith(f"dask worker {made.address}")


# --- work ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_cluster_makes_the_same_bytes_and_a_fault_costs_one_task(
    tmp_path: Path, fonts: FontSet, tasks: list[Task], serial: dict[int, tuple[bytes, ...]]
) -> None:
    bad = [Task(divmod, (1, 0), 1, "error"), Task(os._exit, (3,), 1, "crash"), Task(lambda: 0, (), 1, "unsendable")]
    found = {}
    with grid(tmp_path, "a", "b") as made:
        with join(made, fonts) as crew:
            assert crew.threads == 2
            assert crew.diagnostics == ()
            for task, result in crew.results([*bad[:2], *tasks]):
                found[task.subject] = result
        for name in ("a", "b"):  # workers outlive a build
            assert made.processes[name].poll() is None
    assert (found.pop("error").kind, found.pop("crash").kind) == ("error", "crash")
    assert {subject: pdfs(result) for subject, result in found.items()} == serial


@pytest.mark.slow
def test_a_worker_killed_in_mid_build_loses_nothing(
    tmp_path: Path, fonts: FontSet, tasks: list[Task], serial: dict[int, tuple[bytes, ...]]
) -> None:
    found = []
    with grid(tmp_path, "a", "b") as made, join(made, fonts) as crew:
        assert crew.threads == 2
        for task, result in crew.results(tasks):
            found.append((task.subject, pdfs(result)))
            if len(found) == 3:
                made.kill("a")
        assert crew.threads == 1
    assert sorted(found) == sorted(serial.items())


@pytest.mark.slow
def test_a_task_that_kills_workers_is_given_up_and_the_others_are_done(
    tmp_path: Path, fonts: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "MOST_LOSSES", 2)
    with grid(tmp_path, "a", "b") as made, join(made, fonts) as crew:
        tasks = [Task(kill_the_one_who_asks, (), 9, "killer"), *(Task(divmod, (n, 7), n, n) for n in range(8))]
        found = {task.subject: result for task, result in crew.results(tasks)}
    killed = found.pop("killer")
    assert isinstance(killed, Failure)
    assert (killed.kind, "2 times" in killed.reason) == ("crash", True)
    assert {subject: result.value for subject, result in found.items()} == {n: divmod(n, 7) for n in range(8)}


@pytest.mark.slow
def test_workers_that_differ_are_refused_whenever_they_come(tmp_path: Path, fonts: FontSet) -> None:
    other = str(other_fonts(tmp_path / "others"))
    with grid(tmp_path, "odd", POLYLEAF_FONTS=other) as made:
        with pytest.raises(InvalidInput) as caught:
            join(made, fonts)
        (complaint,) = caught.value.diagnostics
        assert (complaint.code, complaint.severity) == ("cluster-differs", "error")
        assert complaint.message.endswith("would not be the same: NotoSans-Bold.ttf is not the same")

        made.worker("even")
        made.wait_for("even")
        with join(made, fonts) as crew:
            assert crew.threads == 1
            (warning,) = crew.diagnostics
            assert (warning.code, warning.severity) == ("cluster-differs", "warning")
            made.worker("late-odd", POLYLEAF_FONTS=other)
            made.worker("late-even")
            enough = time.monotonic() + 30
            tasks = asked_until(lambda: time.monotonic() > enough or (crew.threads, len(crew.diagnostics)) == (2, 2))
            asked = {result.value for _, result in crew.results(tasks) if isinstance(result, Done)}
            assert (crew.threads, len(crew.diagnostics)) == (2, 2)
        assert asked == {made.pid("even"), made.pid("late-even")}


@pytest.mark.slow
def test_workers_ask_and_fill_a_store_that_all_share(tmp_path: Path, fonts: FontSet) -> None:
    store = Store(tmp_path / "store")
    known, new = bare_page("<html lang=en><p>one</p></html>"), bare_page("<html lang=en><p>two</p></html>")
    keys = {page: leaflet_key(page, SCREEN[0], fonts) for page in (known, new)}
    store.put_leaflet(keys[known], Leaflet(b"%PDF-1.7 from the store"))
    with grid(tmp_path, "a", POLYLEAF_CACHE=str(store.folder)) as made, join(made, fonts) as crew:
        tasks = [Task(set_page, (page, SCREEN, None, False), 0, page) for page in (known, new)]
        found = {task.subject: pdfs(result) for task, result in crew.results(tasks)}
    assert found[known] == (b"%PDF-1.7 from the store",)
    kept = store.leaflet(keys[new])
    assert kept is not None
    assert found[new] == (kept.pdf,)


# --- all is lost --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["scheduler", "a"])
def test_a_lost_cluster_is_said_and_nothing_hangs(
    lost: str, tmp_path: Path, fonts: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ALONE_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2.0)
    with grid(tmp_path, "a") as made:
        with join(made, fonts) as crew:
            results = crew.results(Task(time.sleep, (0.05,)) for _ in range(200))
            next(results)
            made.kill(lost)
            killed = time.monotonic()
            with pytest.raises(InvalidInput) as caught:
                list(results)
        assert time.monotonic() - killed < 10
    (complaint,) = caught.value.diagnostics
    assert (complaint.code, made.address in complaint.message) == ("cluster-lost", True)


@pytest.mark.slow
def test_an_interrupt_gives_up_at_once(tmp_path: Path, fonts: FontSet) -> None:
    before = set(threading.enumerate())
    with grid(tmp_path, "a") as made:
        with join(made, fonts) as crew:
            results = crew.results([Task(divmod, (1, 1), 9), *(Task(time.sleep, (20,)) for _ in range(5))])
            next(results)
            begun = time.monotonic()
            results.close()
        assert time.monotonic() - begun < 1
        made.kill("a")
        assert set(threading.enumerate()) <= before
