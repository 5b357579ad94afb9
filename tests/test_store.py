"""What was made is kept by content; an entry that is not whole counts as absent, and is made again."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store import Pruned, Store, store_folder
from pipeline.typesetting.fitting import Layout, Setting
from pipeline.typesetting.leaflet import Leaflet

KEY, OTHER = "ab" + "0" * 62, "cd" + "1" * 62
SETTING = Setting(9.85, -0.25)
LEAFLET = Leaflet(b"%PDF-1.7\nbody\n%%EOF\n", 2, 1, 10.45, 0.973, SETTING, 3, shortened=True)
LAYOUT = Layout(SETTING, 2, 1.973)
PICTURE = b"\x89PNG\r\n\x1a\npixels"
DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    kept = Store(tmp_path / "store")
    assert kept.put_leaflet(KEY, LEAFLET)
    return kept


def files(store: Store) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


def entry(store: Store) -> Path:
    (path,) = files(store)
    return path


def sealed(key: str, kind: str, content: bytes) -> bytes:
    """An entry whose digest is right, whatever it holds."""
    return hashlib.sha256(f"{key}{kind}\n".encode() + content).hexdigest().encode() + b"\n" + content


# --- what is kept -------------------------------------------------------------------------------------------------------


def test_what_was_put_is_there(store: Store) -> None:
    assert store.leaflet(KEY) == LEAFLET
    assert store.leaflet(OTHER) is None
    assert store.faults == []


def test_kinds_do_not_mix(store: Store) -> None:
    assert (store.layout(KEY), store.picture(KEY)) == (None, None)
    assert store.put_layout(KEY, LAYOUT)
    assert store.put_picture(KEY, PICTURE)
    assert (store.leaflet(KEY), store.layout(KEY), store.picture(KEY)) == (LEAFLET, LAYOUT, PICTURE)


def test_a_store_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    nowhere = Store(tmp_path / "nowhere")
    assert (nowhere.leaflet(KEY), nowhere.layout(KEY), nowhere.picture(KEY)) == (None, None, None)
    assert nowhere.size() == 0
    assert nowhere.prune(0) == Pruned(0, 0, 0)
    assert not nowhere.folder.exists()


def test_putting_again_replaces_and_leaves_nothing_behind(store: Store) -> None:
    other = Leaflet(b"%PDF other", 1, 1, 9.0, 0.5)
    store.put_leaflet(KEY, other)
    assert store.leaflet(KEY) == other
    assert entry(store).name == KEY[2:]


@given(st.binary(max_size=200), st.integers(0, 99), st.floats(0, 100), st.booleans())
def test_any_leaflet_survives(
    tmp_path_factory: pytest.TempPathFactory, pdf: bytes, pages: int, size: float, short: bool
) -> None:
    store = Store(tmp_path_factory.getbasetemp() / "any")
    leaflet = Leaflet(pdf, pages, pages, size, 0.5, Setting(size), 1, short)
    assert store.put_leaflet(KEY, leaflet)
    assert store.leaflet(KEY) == leaflet


@pytest.mark.parametrize("key", ["", "ab", "../" + "0" * 61, "AB" + "0" * 62, "ab/" + "0" * 61, KEY + "\n"])
def test_a_key_is_64_hex_digits(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        store.leaflet(key)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_others_may_read_what_the_umask_lets(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        store = Store(tmp_path / "shared")
        store.put_picture(KEY, PICTURE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(entry(store).stat().st_mode) == mode


# --- what is not whole --------------------------------------------------------------------------------------------------


def test_a_torn_entry_counts_as_absent(store: Store) -> None:
    path = entry(store)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert store.leaflet(KEY) is None, length


def test_a_changed_entry_counts_as_absent_whatever_was_changed(store: Store) -> None:
    path = entry(store)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert store.leaflet(KEY) is None, place


def test_a_corrupt_entry_is_made_again(store: Store) -> None:
    entry(store).write_bytes(b"corrupt")
    assert store.leaflet(KEY) is None
    assert store.put_leaflet(KEY, LEAFLET)
    assert store.leaflet(KEY) == LEAFLET


def test_an_entry_under_another_name_counts_as_absent(store: Store) -> None:
    path = entry(store)
    other = store.folder / OTHER[:2] / OTHER[2:]
    other.parent.mkdir()
    path.rename(other)
    assert store.leaflet(OTHER) is None
    other.rename(path.with_name(path.name + ".picture"))
    assert store.picture(KEY) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[]\nx", b"null\n", b'"text"\n', b"1\n", b"\xff\xfe\n", b'{"pages": 1}\nx', b"[" * 9999],
)
def test_something_else_counts_as_absent(store: Store, content: bytes) -> None:
    entry(store).write_bytes(content)
    assert store.leaflet(KEY) is None
    entry(store).write_bytes(sealed(KEY, "", content))
    assert store.leaflet(KEY) is None


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("pages", "x"),
        ("pages", None),
        ("sheets", [1]),
        ("size_pt", "large"),
        ("fill", {}),
        ("setting", None),
        ("setting", []),
        ("setting", [9]),
        ("setting", [9, 0, 0]),
        ("setting", ["x", 0]),
        ("layouts", None),
    ],
)
def test_facts_that_make_no_sense_count_as_absent(store: Store, name: str, fact: object) -> None:
    _, head, pdf = entry(store).read_bytes().split(b"\n", 2)
    entry(store).write_bytes(sealed(KEY, "", json.dumps(json.loads(head)).encode() + b"\n" + pdf))
    assert store.leaflet(KEY) == LEAFLET
    changed = json.dumps({**json.loads(head), name: fact}).encode()
    entry(store).write_bytes(sealed(KEY, "", changed + b"\n" + pdf))
    assert store.leaflet(KEY) is None


@pytest.mark.parametrize("name", ["pages", "sheets", "size_pt", "fill", "setting", "layouts", "shortened", "way"])
def test_an_entry_of_another_version_counts_as_absent(store: Store, name: str) -> None:
    _, head, pdf = entry(store).read_bytes().split(b"\n", 2)
    facts = json.loads(head)
    del facts[name]
    entry(store).write_bytes(sealed(KEY, "", json.dumps(facts).encode() + b"\n" + pdf))
    assert store.leaflet(KEY) is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"1", b"null", b"{}", b"[]", b"[1, 2]", b"[9, 0, 1]", b"[9, 0, 0, 1, 0.5]", b'["x", 0, 1, 0.5]',
        b"[9, 0, 0, null, 0.5]", b"\xff", b"[" * 9999, b'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}',
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_counts_as_unknown(tmp_path: Path, content: bytes) -> None:
    store = Store(tmp_path)
    store.put_layout(KEY, LAYOUT)
    entry(store).write_bytes(sealed(KEY, ".fit", content))
    assert store.layout(KEY) is None


def test_what_is_no_plain_file_counts_as_absent(store: Store, tmp_path: Path) -> None:
    path = entry(store)
    whole = tmp_path / "whole"
    path.rename(whole)
    path.symlink_to(whole)
    assert store.leaflet(KEY) is None, "links are not followed"
    path.unlink()
    os.mkfifo(path)
    assert store.leaflet(KEY) is None, "and nothing is waited for"
    path.unlink()
    path.mkdir()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert store.leaflet(KEY) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# --- what cannot be written ---------------------------------------------------------------------------------------------


def test_what_is_in_the_way_is_a_fault_and_nothing_is_left_behind(store: Store) -> None:
    path = entry(store)
    path.unlink()
    path.mkdir()
    assert not store.put_leaflet(KEY, LEAFLET)
    assert not store.put_leaflet(KEY, LEAFLET)
    assert [each.errno for each in store.faults] == [errno.EISDIR], "each reason is remembered once"
    assert files(store) == []


def test_a_store_that_is_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file")
    assert not store.put_layout(KEY, LAYOUT)
    assert store.layout(KEY) is None
    assert len(store.faults) == 1


def test_a_full_disk_is_a_fault_and_nothing_is_left_behind(store: Store, tmp_path: Path) -> None:
    """A real one: the system refuses to write more into a file than so many bytes."""
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        written = store.put_picture(OTHER, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not written
    assert [each.errno for each in store.faults] == [errno.EFBIG]
    assert [path.name for path in files(store)] == [KEY[2:]]
    assert store.put_picture(OTHER, PICTURE), "with room again it goes on"


# --- several at once ----------------------------------------------------------------------------------------------------


def _write_and_read(folder: str, seed: int) -> int:
    """In a process: how often something was read that was never written."""
    store, wrong = Store(Path(folder)), 0
    for turn in range(60):
        key = f"{turn % 4:02x}" + "0" * 62
        store.put_picture(key, PICTURE * (1 + (turn + seed) % 3) * 500)
        found = store.picture(key)
        wrong += found is not None and found not in [PICTURE * n * 500 for n in (1, 2, 3)]
        wrong += found is None
        if turn % 20 == 19 and seed == 0:
            store.prune(50_000)
    return wrong + len(store.faults)


def test_several_writers_and_a_pruner_never_see_half_an_entry(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(3) as writers:
        wrong = writers.starmap(_write_and_read, [(str(tmp_path), seed) for seed in (1, 2, 3)])
    assert wrong == [0, 0, 0]
    assert not list(tmp_path.rglob(".new-*"))
    assert _write_and_read(str(tmp_path), 0) == 0


# --- where it is --------------------------------------------------------------------------------------------------------


def test_the_store_is_in_the_workspace_or_where_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLYLEAF_CACHE", raising=False)
    assert store_folder(tmp_path) == tmp_path / "build" / ".cache" / "leaflets"
    monkeypatch.setenv("POLYLEAF_CACHE", "")
    assert store_folder(tmp_path) == tmp_path / "build" / ".cache" / "leaflets"
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("POLYLEAF_CACHE", "~/leaflets")
    assert store_folder(tmp_path) == Path("/home/somebody/leaflets")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLYLEAF_CACHE", "shared")
    assert store_folder(Path("/elsewhere")) == tmp_path / "shared"


# --- from store to store ------------------------------------------------------------------------------------------------


def test_entries_are_copied_whole(store: Store, tmp_path: Path) -> None:
    store.put_layout(OTHER, LAYOUT)
    store.put_picture(OTHER, PICTURE)
    torn = store.folder / "ee" / ("2" * 62)
    torn.parent.mkdir()
    torn.write_bytes(b"torn")
    assert store.copy_entries([OTHER, OTHER], tmp_path / "some") == 2
    assert store.copy_entries(None, tmp_path / "all") == 3
    some, everything = Store(tmp_path / "some"), Store(tmp_path / "all")
    assert (some.leaflet(KEY), some.layout(OTHER), some.picture(OTHER)) == (None, LAYOUT, PICTURE)
    assert everything.leaflet(KEY) == LEAFLET
    assert len(files(everything)) == 3


def test_copying_to_where_nothing_can_be_written_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        store.copy_entries(None, tmp_path / "file")


def test_a_shard_is_taken_over(store: Store, tmp_path: Path) -> None:
    shard = Store(tmp_path / "shard")
    shard.put_leaflet(KEY, Leaflet(b"%PDF-1.7 other", 1, 1, 9.0, 0.5))
    shard.put_layout(OTHER, LAYOUT)
    shard.put_picture(OTHER, PICTURE)
    assert store.absorb(shard.folder) == (3, 0)
    assert (store.layout(OTHER), store.picture(OTHER)) == (LAYOUT, PICTURE)
    assert store.leaflet(KEY) == LEAFLET, "what is here stays"
    assert store.absorb(tmp_path / "nowhere") == (0, 0)


def test_an_entry_of_a_shard_mends_a_torn_one(store: Store, tmp_path: Path) -> None:
    Store(tmp_path / "shard").put_leaflet(KEY, LEAFLET)
    entry(store).write_bytes(b"torn")
    assert store.absorb(tmp_path / "shard") == (1, 0)
    assert store.leaflet(KEY) == LEAFLET


def test_hostile_entries_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(sealed(KEY, "", LEAFLET.pdf))
    shard = tmp_path / "shard"
    inner = shard / KEY[:2]
    inner.mkdir(parents=True)
    name, facts = (
        KEY[2:],
        b'{"pages":1,"sheets":1,"size_pt":9,"fill":1,"setting":[9,0],"layouts":1,"shortened":false,"way":0}\n',
    )
    good = sealed(KEY, "", facts + b"%PDF-1.7")
    (inner / name).symlink_to(secret)
    (inner / (name + ".fit")).write_bytes(sealed(KEY, ".fit", b"[9, 0"))
    (inner / (name + ".picture")).write_bytes(sealed(KEY, ".picture", b"<svg onload=alert(1)>"))
    (inner / ("0" * 61 + "1")).write_bytes(good)  # another's
    (inner / ("0" * 61 + "G")).write_bytes(good)
    (inner / (name + ".exe")).write_bytes(good)
    (inner / ("0" * 61 + "2")).write_bytes(sealed("ab" + "0" * 61 + "2", "", facts + b"MZ no PDF"))
    os.mkfifo(inner / ("0" * 61 + "3"))
    (inner / ("0" * 61 + "4")).mkdir()
    (shard / "README").write_bytes(b"x")
    (shard / "ff").symlink_to(inner)
    (inner / ".new-half").write_bytes(b"of a build that was ended")
    store = Store(tmp_path / "store")
    assert store.absorb(shard) == (0, 11)
    assert files(store) == []
    (inner / name).unlink()
    (inner / name).write_bytes(good)
    assert store.absorb(shard) == (1, 10)
    assert [path.name for path in files(store)] == [name]


# --- pruning ------------------------------------------------------------------------------------------------------------


def aged(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def filled(folder: Path) -> Store:
    """Four entries of the same size, 1 to 4 days old."""
    store = Store(folder)
    for day in (1, 2, 3, 4):
        key = f"{day:02x}" + "0" * 62
        store.put_picture(key, PICTURE * 100)
        aged(store.folder / key[:2] / f"{key[2:]}.picture", day)
    return store


def test_what_was_not_used_longest_goes_first(tmp_path: Path) -> None:
    store = filled(tmp_path)
    whole = store.size()
    assert whole > 4 * 100 * len(PICTURE)
    assert store.prune(whole) == Pruned(0, 0, whole)
    assert store.prune(whole // 2, dry=True) == Pruned(2, whole // 2, whole // 2)
    assert store.size() == whole
    assert store.prune(whole // 2) == Pruned(2, whole // 2, whole // 2)
    assert [path.parent.name for path in files(store)] == ["01", "02"]


def test_reading_is_using_noted_once_a_day(tmp_path: Path) -> None:
    store = filled(tmp_path)
    oldest, recent = "04" + "0" * 62, "01" + "0" * 62
    path = store.folder / oldest[:2] / f"{oldest[2:]}.picture"
    assert store.picture(oldest)
    first = path.stat().st_mtime_ns
    assert time.time() - first / 1e9 < 100
    store.picture(oldest)
    assert path.stat().st_mtime_ns == first
    store.picture(recent)
    store.prune(store.size() // 2)
    assert sorted(each.parent.name for each in files(store)) == ["01", "04"]


def test_what_unfinished_builds_left_goes_after_an_hour_and_foreign_files_stay(tmp_path: Path) -> None:
    store = filled(tmp_path)
    left, under_way, foreign = tmp_path / "01" / ".new-a", tmp_path / "01" / ".new-b", tmp_path / "notes.txt"
    for path in (left, under_way, foreign):
        path.write_bytes(b"12345")
    aged(left, 0.1)
    aged(foreign, 100)
    size = store.size()
    assert store.prune(size, dry=True) == Pruned(1, 5, size)
    assert left.exists()
    assert store.prune(size) == Pruned(1, 5, size)
    assert (left.exists(), under_way.exists(), foreign.exists()) == (False, True, True)
    store.prune(0)
    assert sorted(path.name for path in files(store)) == [".new-b", "notes.txt"]
