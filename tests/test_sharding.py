"""Shards share out what is to be made, each thing once; put together again, nothing is lost or taken on trust."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.machines import differences
from pipeline.sharding import Shard, join, pack
from pipeline.store import Store
from pipeline.typesetting.fitting import Setting
from pipeline.typesetting.leaflet import Leaflet

TOOLS = ("pango 1.50", "zlib 1.3")
COUNTS = st.integers(1, 60)


def key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def leaflet(name: str) -> Leaflet:
    return Leaflet(b"%PDF-1.7 " + name.encode(), 2, 1, 9.5, 0.98, Setting(9.5, 0.25), 3)


def filled(folder: Path, names: list[str]) -> Store:
    store = Store(folder)
    assert all(store.put_leaflet(key(name), leaflet(name)) for name in names)
    return store


@given(st.sets(st.text()), COUNTS)
def test_each_thing_is_of_one_shard(names: set[str], count: int) -> None:
    shards = [Shard(index, count) for index in range(1, count + 1)]
    assert all(sum(shard.has(name) for shard in shards) == 1 for name in names)


@given(COUNTS, st.data())
def test_a_shard_is_read_as_it_is_written(count: int, data: st.DataObject) -> None:
    shard = Shard(data.draw(st.integers(1, count)), count)
    assert Shard.parse(str(shard)) == shard


def test_shards_are_about_even_and_the_same_everywhere() -> None:
    names = [f"document-{number}/{tag}/a4" for number in range(100) for tag in ("de", "fr", "ckb", "zh-Hant")]
    sizes = [sum(Shard(index, 4).has(name) for name in names) for index in (1, 2, 3, 4)]
    assert sizes == [86, 96, 101, 117]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write 2/4"),
        ("2", "write 2/4"),
        ("2/4/6", "write 2/4"),
        ("-1/4", "write 2/4"),
        ("٢/٤", "write 2/4"),
        ("0/4", "the first is 1/4"),
        ("5/4", "the last 4/4"),
        ("1/0", "1 to 1000"),
        ("1/1001", "1 to 1000"),
    ],
)
def test_what_is_no_shard_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="is no shard") as caught:
        Shard.parse(text)
    assert said in str(caught.value)


def test_shards_put_together_are_the_whole(tmp_path: Path) -> None:
    names = [f"water/{tag}/a4" for tag in ("ar", "de", "en", "fr", "sw", "uk", "zh")]
    store = filled(tmp_path / "store", [*names, "older"])
    shards = [Shard(index, 3) for index in (1, 2, 3)]
    packed = [pack(each, store, [key(name) for name in names if each.has(name)], tmp_path, TOOLS) for each in shards]
    assert sum(packed) == len(names)
    assert all(packed)

    whole = Store(tmp_path / "whole")
    assert join([tmp_path / each.folder for each in shards], whole, TOOLS) == (len(names), ())
    assert [whole.leaflet(key(name)) for name in names] == list(map(leaflet, names))
    assert whole.leaflet(key("older")) is None


def test_a_shard_made_again_replaces_the_one_before(tmp_path: Path) -> None:
    store, shard = filled(tmp_path / "store", ["one", "two"]), Shard(1, 1)
    pack(shard, store, [key("one")], tmp_path, TOOLS)
    pack(shard, store, [key("two")], tmp_path, TOOLS)
    whole = Store(tmp_path / "whole")
    assert join([tmp_path / shard.folder], whole, TOOLS) == (1, ())
    assert (whole.leaflet(key("one")), whole.leaflet(key("two"))) == (None, leaflet("two"))


def test_a_missing_shard_is_a_warning(tmp_path: Path) -> None:
    shard = Shard(2, 4)
    pack(shard, filled(tmp_path / "store", ["one"]), [key("one")], tmp_path, TOOLS)
    taken, (warning,) = join([tmp_path / shard.folder], Store(tmp_path / "whole"), TOOLS)
    assert (taken, warning.code, warning.severity) == (1, "shard-missing", "warning")
    assert "the leaflets of 1/4, 3/4, 4/4 are made here" in warning.message


def test_what_other_tools_made_is_not_used(tmp_path: Path) -> None:
    shard = Shard(1, 1)
    pack(shard, filled(tmp_path / "store", ["one"]), [key("one")], tmp_path, ["pango 1.52", "zlib 1.3"])
    whole = Store(tmp_path / "whole")
    taken, (warning,) = join([tmp_path / shard.folder], whole, TOOLS)
    assert (taken, warning.code) == (0, "shard-differs")
    assert warning.message.endswith("pango is 1.50 here and 1.52 there")
    assert whole.leaflet(key("one")) is None


def test_a_torn_entry_is_left_out(tmp_path: Path) -> None:
    shard = Shard(1, 1)
    pack(shard, filled(tmp_path / "store", ["one", "two"]), [key("one"), key("two")], tmp_path, TOOLS)
    entry = next(path for path in (tmp_path / shard.folder).rglob("*") if path.name.startswith(key("one")[2:]))
    entry.write_bytes(entry.read_bytes()[:-1])
    whole = Store(tmp_path / "whole")
    taken, (warning,) = join([tmp_path / shard.folder], whole, TOOLS)
    assert (taken, warning.code) == (1, "shard-torn")
    assert (whole.leaflet(key("one")), whole.leaflet(key("two"))) == (None, leaflet("two"))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (None, "there is no shard.json"),
        (b"{", "is torn"),
        (b"[]", "is torn"),
        (b"\xff", "is torn"),
        (b"[" * 100_000, "is torn"),
        (b'{"format": 1, "shard": "1/1"}', "is torn"),
        (b'{"format": 1, "shard": "7/1", "tools": []}', "is no shard"),
        (b'{"format": 2}', "another version"),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_a_folder_without_a_shard_is_refused(note: bytes | None, said: str, tmp_path: Path) -> None:
    if note is not None:
        (tmp_path / "shard.json").write_bytes(note)
    with pytest.raises(InvalidInput) as caught:
        join([tmp_path, tmp_path / "nowhere"], Store(tmp_path / "whole"), TOOLS)
    first, second = caught.value.diagnostics
    assert (first.code, second.code) == ("shard-unreadable", "shard-unreadable")
    assert said in first.message
    assert "there is no shard.json" in second.message


def test_shards_of_different_builds_are_refused(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", ["one"])
    shards = [Shard(1, 2), Shard(2, 3)]
    for each in shards:
        pack(each, store, [key("one")], tmp_path, TOOLS)
    with pytest.raises(InvalidInput) as caught:
        join([tmp_path / each.folder for each in shards], Store(tmp_path / "whole"), TOOLS)
    assert [each.code for each in caught.value.diagnostics] == ["shard-mixed"]


def test_a_link_in_place_of_the_note_is_refused(tmp_path: Path) -> None:
    shard = Shard(1, 1)
    pack(shard, filled(tmp_path / "store", ["one"]), [key("one")], tmp_path, TOOLS)
    folder = tmp_path / shard.folder
    shutil.move(folder / "shard.json", tmp_path / "elsewhere.json")
    (folder / "shard.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(InvalidInput):
        join([folder], Store(tmp_path / "whole"), TOOLS)


def test_the_note_names_no_place_of_this_machine(tmp_path: Path) -> None:
    shard = Shard(1, 1)
    pack(shard, filled(tmp_path / "store", ["one"]), [key("one")], tmp_path, TOOLS)
    note = (tmp_path / shard.folder / "shard.json").read_text("utf-8")
    assert json.loads(note) == {"format": 1, "shard": "1/1", "tools": list(TOOLS)}


# --- in what machines differ ----------------------------------------------------------------------------------------------


def test_differences_are_named_and_digests_are_not_shown() -> None:
    one, other = "a" * 64, "b" * 64
    here = [f"NotoSans-Bold.ttf {one}", f"fonts {one}", f"polyleaf 0.1.0 {one}", "pango 1.50", f"engine {one}", "x 1"]
    there = [f"NotoSans-Bold.ttf {other}", f"fonts {other}", f"polyleaf 0.2.0 {other}", "pango 1.50", f"engine {other}"]
    assert differences(here, there) == (
        "NotoSans-Bold.ttf is not the same",
        "engine is not the same",
        "polyleaf is 0.1.0 here and 0.2.0 there",
        "x is missing there",
    )
    assert differences([f"polyleaf 0.1.0 {one}"], [f"polyleaf 0.1.0 {other}"]) == (
        "polyleaf is not the same (both say that they are 0.1.0)",
    )
    assert differences(here, here) == ()


@given(*[st.dictionaries(st.text("abc", min_size=1), st.text("123", min_size=1))] * 2)
def test_machines_differ_where_their_lines_do(here: dict[str, str], there: dict[str, str]) -> None:
    lines = [[f"{name} {version}" for name, version in each.items()] for each in (here, there)]
    assert (differences(*lines) == ()) == (here == there)
    assert len(differences(*lines)) == len(set(here.items()) ^ set(there.items()) - _changed(here, there))


def _changed(here: dict[str, str], there: dict[str, str]) -> set[tuple[str, str]]:
    """What both have and only one says so: counted once."""
    return {(name, there[name]) for name in here.keys() & there.keys() if here[name] != there[name]}
