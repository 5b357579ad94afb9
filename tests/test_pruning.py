"""Pruning deletes what only saves time, and only what is old or too much."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.pruning import parse_size, prune
from pipeline.store import Pruned, Store

DAY = 86_400
PICTURE = b"\x89PNG\r\n\x1a\n" + b"x" * 1000


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GB", 2_000_000_000), ("500MB", 500_000_000), ("1.5 gb", 1_500_000_000), ("4096", 4096), ("10k", 10_000),
        ("0", 0), (" 3 TB ", 3 * 10**12), ("7B", 7),
    ],
)  # fmt: skip
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "2 GiB", "1e9", "two", "1,5GB", "5XB", "1..5G"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is no size: write it as 500MB or 2GB"):
        parse_size(text)


def aged(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("POLYLEAF_CACHE", raising=False)
    cache = tmp_path / "build" / ".cache"
    for name, days in (("0123456789abcdef", 8), ("fedcba9876543210", 6), ("digests", 90)):
        folder = cache / "fonts" / name
        (folder / "files").mkdir(parents=True)
        (folder / "files" / "Face-Regular.ttf").symlink_to("/nowhere/Face-Regular.ttf")
        (folder / "fonts.conf").write_text("<fontconfig/>")
        aged(folder / "fonts.conf", days)
    half = cache / "fonts" / ".new-half"
    half.mkdir()
    aged(half, 20)
    for kind, name, days in (("old", "a", 31), ("old", "b", 40), ("new", "a", 31), ("new", "b", 29)):
        note = cache / "notes" / kind / f"{name}.json"
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text("{}")
        aged(note, days)
    for name in ("index.html", "gone.pdf"):
        noted = cache / "ingredients" / "build" / "site" / f"{name}.json"
        noted.parent.mkdir(parents=True, exist_ok=True)
        noted.write_text("{}")
    store = Store(cache / "leaflets")
    for key in ("aa" + "0" * 62, "bb" + "0" * 62):
        store.put_picture(key, PICTURE)
    aged(cache / "leaflets" / "aa" / ("0" * 62 + ".picture"), 3)
    (tmp_path / "build" / "site").mkdir()
    (tmp_path / "build" / "site" / "index.html").write_text("published")
    aged(tmp_path / "build" / "site" / "index.html", 400)
    return tmp_path


def there(root: Path) -> list[str]:
    cache = root / "build" / ".cache"
    return sorted(
        [path.name for path in (cache / "fonts").iterdir()]
        + [path.name for path in (cache / "notes").iterdir()]
        + [path.name for path in (cache / "ingredients").rglob("*.json")]
        + [path.parent.name for path in (cache / "leaflets").rglob("*.picture")]
    )


def test_old_fonts_old_notes_and_the_store_s_oldest_go(workspace: Path) -> None:
    before = there(workspace)
    most = Store(workspace / "build" / ".cache" / "leaflets").size() // 2
    said = prune(workspace, most, dry=True)
    assert there(workspace) == before
    assert said.files == 6  # a font and its configuration, two notes, what is known of a leaflet that is gone, an entry
    assert said.left == most
    assert prune(workspace, most) == said
    assert there(workspace) == ["bb", "digests", "fedcba9876543210", "index.html.json", "new"]
    assert (workspace / "build" / "site" / "index.html").read_text() == "published"
    assert prune(workspace, most) == Pruned(0, 0, most)


def test_a_store_elsewhere_is_pruned_too(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Store(tmp_path / "shared")
    shared.put_picture("cc" + "0" * 62, PICTURE)
    monkeypatch.setenv("POLYLEAF_CACHE", str(shared.folder))
    assert prune(workspace, 0).left == 0
    assert shared.size() == 0


def test_a_workspace_that_was_never_built_has_nothing_to_prune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLYLEAF_CACHE", raising=False)
    assert prune(tmp_path, 0) == Pruned(0, 0, 0)
    assert list(tmp_path.iterdir()) == []
