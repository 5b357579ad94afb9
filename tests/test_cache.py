"""Finished leaflets are kept by content; an entry that is not whole counts as absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cache import LeafletCache
from pipeline.typesetting.leaflet import Leaflet

KEY = "ab" + "0" * 62
LEAFLET = Leaflet(b"%PDF-1.7\nbody\n%%EOF\n", 2, 10.45, 1.873)


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
    other = Leaflet(b"%PDF other", 1, 9.0, 0.5)
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


@pytest.mark.parametrize("facts", ['"pages": "x"', '"pages": null', '"filled": [1]', '"size_pt": 1'])
def test_facts_that_make_no_sense_count_as_absent(cache: LeafletCache, facts: str) -> None:
    import hashlib

    head = f'{{"sha256": "{hashlib.sha256(b"x").hexdigest()}", {facts}}}\n'
    entry(cache).write_bytes(head.encode() + b"x")
    assert cache.get(KEY) is None


def test_a_folder_in_the_way_counts_as_absent(cache: LeafletCache) -> None:
    path = entry(cache)
    path.unlink()
    path.mkdir()
    assert cache.get(KEY) is None
