"""ZIP files that come back from outside: what is well is read in memory, what is odd is refused, with its exact message."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import kits_zip
from pipeline.diagnostics import InvalidInput
from pipeline.kits_opening import opened
from pipeline.kits_zip import read_zip, write_zip

PO = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Water"\nmsgstr "Wasser"\n'
KIT = {"kit.json": b'{"polyleaf-kit": 1}', "de/water.po": PO, "START.html": b"<p>"}
Packer = Callable[[zipfile.ZipFile], None]


def packed(pack: Packer) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        pack(archive)
    return content.getvalue()


def named(*names: str, content: bytes = PO) -> bytes:
    """A ZIP with files of these names, whatever zipfile would make of them."""

    def pack(archive: zipfile.ZipFile) -> None:
        for name in names:
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)

    return packed(pack)


def numbered(archive: zipfile.ZipFile, count: int, content: str | bytes) -> None:
    for number in range(count):
        archive.writestr(f"de/{number}.po", content)


def special(mode: int) -> bytes:
    def pack(archive: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo("de/water.po")
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, "/etc/hostname")

    return packed(pack)


def marked(offset_local: int, offset_central: int, value: int) -> bytes:
    """A ZIP whose one file says something else of itself, in both places."""
    made = bytearray(packed(lambda archive: archive.writestr("de/water.po", PO)))
    struct.pack_into("<H", made, made.index(b"PK\x03\x04") + offset_local, value)
    struct.pack_into("<H", made, made.index(b"PK\x01\x02") + offset_central, value)
    return bytes(made)


def twice() -> bytes:
    def pack(archive: zipfile.ZipFile) -> None:
        archive.writestr("de/water.po", PO)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("de/water.po", PO + b"\n")

    return packed(pack)


def said(content: bytes, label: str = "kit.zip") -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_zip(content, label)
    return [f"{each.location}: {each.message} [{each.code}]" for each in refused.value.diagnostics]


# --- written ----------------------------------------------------------------------------------------------------------


def test_the_same_files_give_the_same_bytes_in_whatever_order() -> None:
    assert write_zip(KIT) == write_zip(dict(reversed(KIT.items())))


def test_a_zip_says_nothing_of_the_machine_or_the_day() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(KIT))) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
        assert [each.filename for each in entries] == sorted(KIT)
        assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in entries} == {0o100644}
        assert {each.extra for each in entries} == {b""}
        assert archive.comment == b""
        assert {each.compress_type for each in entries} == {zipfile.ZIP_DEFLATED}
        assert {name: archive.read(name) for name in KIT} == KIT


# --- read -------------------------------------------------------------------------------------------------------------


def test_only_catalogs_and_manifests_are_read() -> None:
    inside = write_zip({"fr/water.po": PO})
    beside = {
        "de/water.mo": b"\xde\x12\x04\x95",
        "__MACOSX/de/._water.po": b"\0",
        ".DS_Store": b"\0",
        "more.zip": inside,
    }
    archive = read_zip(write_zip({**KIT, **beside, "de/._water.po": b"\0", "de/BREAD.PO": PO}), "kit.zip")
    assert sorted(archive.files) == ["de/BREAD.PO", "de/water.po", "kit.json"]
    assert not archive.diagnostics


def test_a_folder_may_have_any_name_that_people_give_folders() -> None:
    names = {"پوشه\u200cی تازه/de/water.po": PO, "Übersetzung (1)/de/bread.po": PO}
    assert dict(read_zip(write_zip(names), "kit.zip").files) == names


HOSTILE = {
    "slip": (named("../../water.po"), "“../../water.po” leads out of the kit"),
    "slip inside": (named("de/../../water.po"), "“de/../../water.po” leads out of the kit"),
    "absolute": (named("/tmp/water.po"), "“/tmp/water.po” leads out of the kit"),
    "drive": (named("C:/water.po"), "“C:/water.po” leads out of the kit"),
    "backslash": (named("de\\water.po"), "“de\\\\water.po” leads out of the kit"),
    "backslash slip": (named("..\\water.po"), "“..\\\\water.po” leads out of the kit"),
    "nul": (named("de/water.po\0.txt"), "“de/water.po\\u0000.txt” has an invisible character in its name"),
    "newline": (named("de/wa\nter.po"), "“de/wa\\nter.po” has an invisible character in its name"),
    "escape": (named("de/\x1b[2Jwater.po"), "“de/\\u001b[2Jwater.po” has an invisible character in its name"),
    "override": (named("de/\u202eop.water"), "“de/\\u202eop.water” has an invisible character in its name"),
    "symlink": (special(stat.S_IFLNK | 0o777), "“de/water.po” is a link to another place, not a file"),
    "device": (special(stat.S_IFCHR | 0o666), "“de/water.po” is a device or the like, not a file"),
    "pipe": (special(stat.S_IFIFO | 0o666), "“de/water.po” is a device or the like, not a file"),
    "password": (marked(6, 8, 1), "“de/water.po” is locked with a password"),
    "strange method": (marked(8, 10, 99), "“de/water.po” is packed in a way that is not usual in ZIP files"),
    "twice": (twice(), "“de/water.po” is in it 2 times"),
    "case": (
        named("de/water.po", "de/Water.po"),
        "“de/water.po” and “de/Water.po” would be one file on many systems",
    ),
    "composed": (
        named("de/wäter.po", "de/wa\u0308ter.po"),
        "“de/wäter.po” and “de/wa\u0308ter.po” would be one file on many systems",
    ),
    "bomb": (
        named("de/water.po", content=bytes(30_000_000)),
        "“de/water.po” would become more than 200 times larger when it is unpacked",
    ),
    "many": (
        packed(lambda archive: numbered(archive, 2001, "")),
        "there are more than 2000 files in it",
    ),
}


@pytest.mark.parametrize("way", HOSTILE)
def test_an_odd_zip_is_refused_with_its_reason(way: str) -> None:
    content, message = HOSTILE[way]
    assert said(content) == [f"kit.zip: {message} [kit-unsafe]"]


def test_all_that_is_odd_is_said_at_once() -> None:
    assert said(named("../a.po", "/b.po")) == [
        "kit.zip: “../a.po” leads out of the kit [kit-unsafe]",
        "kit.zip: “/b.po” leads out of the kit [kit-unsafe]",
    ]


def test_the_sum_of_all_files_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kits_zip, "LARGEST_TOTAL", 3_000_000)
    content = packed(lambda archive: numbered(archive, 4, bytes(range(256)) * 3_500))
    assert said(content) == ["kit.zip: unpacked it would be larger than 3 MB [kit-unsafe]"]


def test_the_zip_itself_has_a_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("pipeline.kits_zip", "pipeline.kits_opening"):
        monkeypatch.setattr(f"{module}.LARGEST_ZIP", 1_000_000)
    (tmp_path / "kit.zip").write_bytes(write_zip(KIT) + bytes(1_000_000))
    with pytest.raises(InvalidInput) as refused:
        opened(tmp_path / "kit.zip")
    assert [each.message for each in refused.value.diagnostics] == ["the ZIP file is larger than 1 MB"]


def test_a_catalog_that_is_too_large_costs_only_itself() -> None:
    large = (PO + b"# a remark, and another remark: " + bytes(range(48, 122)) * 280_000)[:20_000_001]

    def pack(archive: zipfile.ZipFile) -> None:
        archive.writestr("de/large.po", large, zipfile.ZIP_STORED)
        archive.writestr("de/water.po", PO)

    archive = read_zip(packed(pack), "kit.zip")
    assert list(archive.files) == ["de/water.po"]
    assert [f"{each.location}: {each.message}" for each in archive.diagnostics] == [
        "kit.zip/de/large.po: the file is larger than 20 MB, which no catalog is"
    ]


def test_a_damaged_catalog_costs_only_itself() -> None:
    def pack(archive: zipfile.ZipFile) -> None:
        archive.writestr("de/bread.po", PO.replace(b"Wasser", b"Brotle"), zipfile.ZIP_STORED)
        archive.writestr("de/water.po", PO)

    archive = read_zip(packed(pack).replace(b"Brotle", b"Brxtle"), "kit.zip")
    assert list(archive.files) == ["de/water.po"]
    assert [f"{each.location}: {each.message} [{each.code}]" for each in archive.diagnostics] == [
        "kit.zip/de/bread.po: the file is damaged inside the ZIP file [kit-torn]"
    ]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_torn_zip_says_so(share: float) -> None:
    content = write_zip(KIT)
    assert said(content[: int(len(content) * share)]) == ["kit.zip: the ZIP file is torn or damaged [kit-torn]"]


@pytest.mark.parametrize("content", [b"", b"Dear all,", b"%PDF-1.7", bytes(4_000), b"\x1f\x8b\x08"])
def test_what_is_no_zip_says_so(content: bytes) -> None:
    assert said(content) == ["kit.zip: this is not a ZIP file [not-a-kit]"]


@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=0, max_size=8)), min_size=1, max_size=6))
@settings(max_examples=400, deadline=None)
@example([(0, b"PK\x05\x06")])
def test_whatever_is_done_to_a_zip_it_is_read_or_refused(edits: list[tuple[int, bytes]]) -> None:
    content = write_zip(KIT)
    for place, piece in edits:
        at = place % len(content)
        content = content[:at] + piece + content[at + len(piece) :]
    try:
        found = {PurePosixPath(name).suffix for name in read_zip(content, "kit.zip").files}
        kinds = {".po", ".json"}
    except InvalidInput as refused:
        found = {each.code for each in refused.diagnostics}
        kinds = {"kit-unsafe", "kit-torn", "not-a-kit"}
    assert found <= kinds


# --- opened -----------------------------------------------------------------------------------------------------------


def test_a_zip_without_a_catalog_says_so(tmp_path: Path) -> None:
    (tmp_path / "kit.zip").write_bytes(write_zip({"more.zip": write_zip(KIT), "letter.txt": b"Hello"}))
    returned, found = opened(tmp_path / "kit.zip")
    assert not returned
    hint = "the .po files of the kit have to be in it; a ZIP file inside a ZIP file is not opened"
    assert [(str(each.location), each.message, each.hint) for each in found] == [
        ("kit.zip", "there is no .po file in it", hint)
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no such file"):
        opened(tmp_path / "kit.zip")


def test_a_zip_that_somebody_has_named_like_a_catalog_is_opened(tmp_path: Path) -> None:
    (tmp_path / "water.po").write_bytes(write_zip(KIT))
    assert [each.label for each in opened(tmp_path / "water.po")[0]] == ["water.po/de/water.po"]


def test_a_single_catalog_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "water.po").write_bytes(PO + b"#" * 20_000_000)
    with pytest.raises(InvalidInput, match="the file is larger than 20 MB, which no catalog is"):
        opened(tmp_path / "water.po")


MANIFESTS = {
    "newer": (b'{"polyleaf-kit": 2, "locale": "de", "files": {}}', "the kit was made by a newer Polyleaf"),
    "torn": (b'{"polyleaf-kit": 1, "loc', "this is not the list of a kit’s files"),
    "other": (b"[1, 2]", "this is not the list of a kit’s files"),
    "deep": (b"[" * 100_000, "this is not the list of a kit’s files"),
    "wrong kinds": (b'{"polyleaf-kit": 1, "locale": 3, "files": []}', "this is not the list of a kit’s files"),
    "not UTF-8": (b"\xff\xfe\xfd", "this is not the list of a kit’s files"),
}


@pytest.mark.parametrize("way", MANIFESTS)
def test_without_a_list_of_files_each_catalog_is_one_that_came_by_itself(way: str, tmp_path: Path) -> None:
    content, message = MANIFESTS[way]
    (tmp_path / "kit.zip").write_bytes(write_zip({**KIT, "kit.json": content}))
    returned, found = opened(tmp_path / "kit.zip")
    assert [(each.label, each.tag, dict(each.bases)) for each in returned] == [("kit.zip/de/water.po", "", {})]
    assert [(each.severity, each.message) for each in found] == [("warning", message)]
