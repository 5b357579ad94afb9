"""Finished leaflets are kept by content; an entry that is not whole counts as absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cache import LeafletCache
from pipeline.typesetting.fitting import Layout, Setting
from pipeline.typesetting.leaflet import Leaflet

KEY = "ab" + "0" * 62
SETTING = Setting(9.85, -0.25, 0.5)
LEAFLET = Leaflet(b"%PDF-1.7\nbody\n%%EOF\n", 2, 1, 10.45, 0.973, SETTING, 3, shortened=True)
LAYOUT = Layout(SETTING, 2, 1.973)


@pytest.fixture
def cache(tmp_path: Path) -> LeafletCache:
    kept = LeafletCache(tmp_path / "leaflets")
    kept.put(KEY, LEAFLET)
    return kept


def entry(cache: LeafletCache) -> Path:
    (path,) = (path for path in cache.folder.rglob("*") if path.is_file())
    return path


def test_what_was_put_is_there(cache: LeafletCache) -> None:
    assert cache.get(KEY) == LEAFLET
    assert cache.get("cd" + "0" * 62) is None


def test_a_cache_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert LeafletCache(tmp_path / "nowhere").get(KEY) is None


def test_putting_again_replaces_and_leaves_nothing_behind(cache: LeafletCache) -> None:
    other = Leaflet(b"%PDF other", 1, 1, 9.0, 0.5)
    cache.put(KEY, other)
    assert cache.get(KEY) == other
    assert entry(cache).name == KEY[2:]


def test_a_torn_entry_counts_as_absent(cache: LeafletCache) -> None:
    path = entry(cache)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert cache.get(KEY) is None, length


def test_a_changed_entry_counts_as_absent(cache: LeafletCache) -> None:
    path = entry(cache)
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    for place in range(start, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.get(KEY) is None, place


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[]\nx", b"null\n", b'"text"\n', b"1\n", b"\xff\xfe\n", b'{"sha256": 1}\nx', b"[" * 9999],
)
def test_something_else_counts_as_absent(cache: LeafletCache, content: bytes) -> None:
    entry(cache).write_bytes(content)
    assert cache.get(KEY) is None


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
        ("setting", [9, 0]),
        ("setting", [9, 0, 0, 0]),
        ("setting", ["x", 0, 0]),
        ("layouts", None),
    ],
)
def test_facts_that_make_no_sense_count_as_absent(cache: LeafletCache, name: str, fact: object) -> None:
    head, _, pdf = entry(cache).read_bytes().partition(b"\n")
    entry(cache).write_bytes(json.dumps(json.loads(head)).encode() + b"\n" + pdf)
    assert cache.get(KEY) == LEAFLET
    entry(cache).write_bytes(json.dumps({**json.loads(head), name: fact}).encode() + b"\n" + pdf)
    assert cache.get(KEY) is None


@pytest.mark.parametrize("name", ["pages", "sheets", "size_pt", "fill", "setting", "layouts", "shortened"])
def test_an_entry_of_another_version_counts_as_absent(cache: LeafletCache, name: str) -> None:
    head, _, pdf = entry(cache).read_bytes().partition(b"\n")
    facts = json.loads(head)
    del facts[name]
    entry(cache).write_bytes(json.dumps(facts).encode() + b"\n" + pdf)
    assert cache.get(KEY) is None


def test_a_folder_in_the_way_counts_as_absent(cache: LeafletCache) -> None:
    path = entry(cache)
    path.unlink()
    path.mkdir()
    assert cache.get(KEY) is None


# --- how a text was set ---------------------------------------------------------------------------------------------------


def test_how_a_text_was_set_is_remembered_beside_the_leaflets(cache: LeafletCache) -> None:
    assert cache.layout(KEY) is None
    cache.put_layout(KEY, LAYOUT)
    assert cache.layout(KEY) == LAYOUT
    assert cache.get(KEY) == LEAFLET
    cache.put_layout(KEY, Layout(Setting(9), 1, 0.5))
    assert cache.layout(KEY) == Layout(Setting(9), 1, 0.5)
    assert cache.layout("cd" + "0" * 62) is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"1", b"null", b"{}", b"[]", b"[1, 2]", b"[9, 0, 0, 1]", b"[9, 0, 0, 0, 1, 0.5]", b'["x", 0, 0, 1, 0.5]',
        b"[9, 0, 0, null, 0.5]", b"\xff", b"[" * 9999, b'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}',
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_counts_as_unknown(tmp_path: Path, content: bytes) -> None:
    cache = LeafletCache(tmp_path)
    cache.put_layout(KEY, LAYOUT)
    entry(cache).write_bytes(content)
    assert cache.layout(KEY) is None


def test_a_torn_setting_counts_as_unknown(tmp_path: Path) -> None:
    cache = LeafletCache(tmp_path)
    cache.put_layout(KEY, LAYOUT)
    whole = entry(cache).read_bytes()
    for length in range(len(whole)):
        entry(cache).write_bytes(whole[:length])
        assert cache.layout(KEY) is None, length
