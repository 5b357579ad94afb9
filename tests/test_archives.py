"""ZIP files of a release: the same bytes from the same files, readable everywhere, and nothing hostile is unpacked."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipeline.archives import Member, archive_faults, read_member, unpack, write_archive
from pipeline.manifest import FileEntry

FILES = {
    "site/index.html": b"<p>bread</p>" * 100,
    "site/a/leaflet.pdf": b"%PDF-1.7 bread",
    "site/ein Stück.txt": "Brot, ખબર\n".encode(),
    "manifest.json": b"{}\n",
}
DAY = date(2026, 3, 1)


def entry(name: str, content: bytes) -> FileEntry:
    return FileEntry(name, hashlib.sha256(content).hexdigest(), len(content))


WANTED = {name: entry(name, content) for name, content in FILES.items()}


def written(folder: Path, name: str = "a.zip", day: date | None = DAY) -> Path:
    write_archive(folder / name, [Member(path, content) for path, content in FILES.items()], day)
    return folder / name


def messages(path: Path, wanted: dict[str, FileEntry] = WANTED) -> str:
    return "\n".join(each.message for each in archive_faults(path, path.name, wanted))


def test_the_same_files_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(tmp_path).read_bytes()
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = os.umask(0o077)
    try:
        for name, content in reversed(FILES.items()):
            (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "files" / name).write_bytes(content)
            os.utime(tmp_path / "files" / name, (1, 1))
        members = [Member(name, tmp_path / "files" / name) for name in reversed(FILES)]
        packed = write_archive(tmp_path / "b.zip", members, DAY)
    finally:
        os.umask(before)
    assert (tmp_path / "b.zip").read_bytes() == first
    assert {each.path: each for each in packed} == WANTED


def test_names_are_sorted_dates_and_modes_fixed_leaflets_stored(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as archive:
        entries = archive.infolist()
        assert [each.filename for each in entries] == sorted(FILES)
        assert {each.date_time for each in entries} == {(2026, 3, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in entries} == {stat.S_IFREG | 0o644}
        assert {each.extra for each in entries} == {b""}
        packed = {each.filename: each.compress_type for each in entries}
    assert packed["site/a/leaflet.pdf"] == zipfile.ZIP_STORED
    assert packed["site/index.html"] == zipfile.ZIP_DEFLATED


@pytest.mark.parametrize("day", [None, date(1970, 1, 1), date(2200, 1, 1)])
def test_days_that_zip_does_not_know(tmp_path: Path, day: date | None) -> None:
    with zipfile.ZipFile(written(tmp_path, day=day)) as archive:
        assert archive.testzip() is None


@pytest.mark.skipif(shutil.which("unzip") is None, reason="there is no unzip")
def test_others_can_read_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert subprocess.run(["unzip", "-tq", path], capture_output=True, check=False).returncode == 0
    subprocess.run(["unzip", "-q", path, "-d", tmp_path / "out"], check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert {str(each.relative_to(tmp_path / "out")) for each in (tmp_path / "out").rglob("*") if each.is_file()} == set(
        FILES
    )


def test_a_whole_one_has_no_fault_and_can_be_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert messages(path) == ""
    assert unpack(path, "a.zip", WANTED, tmp_path / "out") == ()
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == FILES
    assert read_member(path, "manifest.json", 100) == b"{}\n"
    assert read_member(path, "nowhere", 100) is None
    with pytest.raises(ValueError, match="too large"):
        read_member(path, "manifest.json", 2)


def test_missing_more_and_changed_files_are_all_said(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", b"[]\n")
        archive.writestr("../../evil", b"x")
        archive.writestr("site/index.html", b"short")
    said = messages(path)
    assert "'../../evil' is in it and should not be" in said
    assert "site/a/leaflet.pdf is not in it" in said
    assert "manifest.json is damaged, or not the file that was released" in said
    assert "site/index.html has 5 bytes, not 1200" in said
    assert unpack(path, "a.zip", WANTED, tmp_path / "out" / "deep")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_links_doubles_and_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    bomb = entry("bomb", bytes(5_000_000))
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(link, b"target")
        archive.writestr("bomb", bytes(5_000_000))
        archive.writestr("two", b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("two", b"x")
    said = messages(path, {"link": entry("link", b"target"), "bomb": bomb, "two": entry("two", b"x")})
    assert "link is not a file" in said
    assert "bomb would become too large" in said
    assert "'two' is in it twice" in said


def test_a_tear_at_any_byte_is_said(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    torn = tmp_path / "torn.zip"
    for end in range(0, len(content), 7):
        torn.write_bytes(content[:end])
        assert messages(torn)


def test_a_flipped_byte_in_a_file_is_said(tmp_path: Path) -> None:
    content = bytearray(written(tmp_path).read_bytes())
    place = content.index(b"%PDF-1.7 bread")
    content[place + 10] ^= 1
    (tmp_path / "b.zip").write_bytes(content)
    assert "leaflet.pdf is damaged" in messages(tmp_path / "b.zip")
