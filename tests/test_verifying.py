"""verify: every way in which a release can be spoilt is said, all at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.verifying import earlier_release, newest_before, verify
from tests.releases import a_site, packed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("release"))


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "1.0"))


def said(folder: Path) -> list[tuple[str, str]]:
    return [(each.code, each.location.path) for each in verify(folder).diagnostics]


def test_a_whole_release_has_no_fault(made: Path) -> None:
    found = verify(made)
    assert found.diagnostics == ()
    assert (found.version, found.archives) == ("1.0", 4)
    assert found.files == sum(each.is_file() for each in made.rglob("*"))
    assert found.links > 10


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum")
def test_sha256sum_agrees(made: Path) -> None:
    assert (
        subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=made, check=False).returncode == 0
    )


def test_it_needs_neither_its_name_nor_its_place(copy: Path, tmp_path: Path) -> None:
    copy.rename(tmp_path / "elsewhere")
    assert said(tmp_path / "elsewhere") == []


def files_of(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_changed_byte_in_any_file_is_said(copy: Path) -> None:
    for name in files_of(copy):
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
        assert said(copy), name
        (copy / name).write_bytes(content)
    assert said(copy) == []


def test_a_missing_file_is_said(copy: Path) -> None:
    for name in files_of(copy):
        content = (copy / name).read_bytes()
        (copy / name).unlink()
        assert any(path == name for _, path in said(copy)), name
        (copy / name).write_bytes(content)


@pytest.mark.parametrize(
    "name", ["more.txt", "site/more.html", "site/water/de/.hidden", "more.zip", "site/water/x.pdf"]
)
def test_a_file_too_many_is_said(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"more")
    assert ("release-extra", name) in said(copy)


def resum(folder: Path) -> None:
    """SHA256SUMS, as somebody would write it who has changed the release."""
    (folder / "SHA256SUMS").unlink()
    names = sorted(files_of(folder), key=str.encode)
    command = subprocess.run(["sha256sum", "--", *names], cwd=folder, capture_output=True, check=True)
    (folder / "SHA256SUMS").write_bytes(command.stdout)


def edit_manifest(folder: Path, change: Callable[[dict[str, list[dict[str, object]]]], object]) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    change(values)
    (folder / "manifest.json").write_text(json.dumps(values))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum")
def test_new_sums_do_not_hide_a_changed_page(copy: Path) -> None:
    (copy / "site/water/de/index.html").write_text("<p>Wein</p>")
    resum(copy)
    assert ("release-sum", "site/water/de/index.html") in said(copy)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda values: values["files"].pop(), "release-extra"),
        (lambda values: values["files"].append({"path": "site/x", "sha256": "0" * 64, "bytes": 1}), "release-missing"),
        (lambda values: values["artifacts"][0].update(sha256="0" * 64), "release-manifest"),
        (lambda values: values["artifacts"].pop(), "release-archive"),
        (lambda values: values["texts"].pop(), "release-manifest"),
        (lambda values: values["archives"].pop(), "release-archive"),
        (lambda values: values["archives"][0]["files"].pop(), "release-archive"),
        (lambda values: values["archives"][0]["files"][0].update(bytes=7), "release-archive"),
        (lambda values: values["files"][0].update(path="../../etc/passwd"), "release-manifest"),
    ],
)
def test_a_forged_manifest_is_said(
    copy: Path, change: Callable[[dict[str, list[dict[str, object]]]], object], code: str
) -> None:
    edit_manifest(copy, change)
    resum(copy)
    assert code in [each for each, _ in said(copy)]


def test_links_and_devices_are_not_followed(copy: Path) -> None:
    page = copy / "site/water/de/index.html"
    page.unlink()
    page.symlink_to("/etc/passwd")
    os.mkfifo(copy / "site/pipe")
    (copy / "site/loop").symlink_to(copy, target_is_directory=True)
    found = said(copy)
    for name in ("site/water/de/index.html", "site/pipe", "site/loop"):
        assert ("release-file", name) in found
    (copy.parent / "link").symlink_to(copy)
    assert said(copy.parent / "link") == [("release-file", str(copy.parent / "link"))]


def test_folders_without_end_are_said(copy: Path) -> None:
    (copy / "/".join("x" * 30)).mkdir(parents=True)
    assert [code for code, _ in said(copy)] == ["release-file"]


@pytest.mark.parametrize(
    "line", ["torn", "0" * 64 + "  ../../etc/passwd", "0" * 64 + " *site/index.html", "0" * 63 + "  x", "\xff\x00"]
)
def test_odd_lines_of_sums_are_said(copy: Path, line: str) -> None:
    with (copy / "SHA256SUMS").open("a") as sums:
        sums.write(f"{line}\n")
    assert [each.code for each in verify(copy).diagnostics] == ["release-sums"]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 50_000, b"\x00\xff", b"null"])
def test_a_torn_manifest_is_said(copy: Path, content: bytes) -> None:
    (copy / "manifest.json").write_bytes(content)
    assert {code for code, _ in said(copy)} >= {"release-manifest", "release-sum"}


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    assert {code for code, _ in said(tmp_path)} == {"release-sums", "release-manifest"}


def test_what_is_no_leaflet_is_said(tmp_path: Path) -> None:
    files = a_site() | {"more/no.pdf": b"<html>"}
    lost = packed(tmp_path, files=files)
    assert ("release-leaflet", "site/more/no.pdf") in said(lost)


def test_links_that_lead_to_nothing_are_said(tmp_path: Path) -> None:
    files = a_site()
    files["index.html"] += (
        b'<a href="gone/index.html">x</a> <a href="../../out">x</a> <a href="https://bread.example.org/map?y=1">map</a>'
        b'<meta property="og:image" content="https://bread.example.org/no.png">'
    )
    files["sitemap.xml"] = b"<urlset><url><loc>https://bread.example.org/water/pt/</loc></url></urlset>"
    found = [each.message for each in verify(packed(tmp_path, files=files)).diagnostics]
    assert len(found) == 4
    for link in (
        "gone/index.html",
        "../../out",
        "https://bread.example.org/no.png",
        "https://bread.example.org/water/pt/",
    ):
        assert f"{link} leads to nothing" in found


# --- as the release before -------------------------------------------------------------------------------------------------


def whole_zip(folder: Path) -> Path:
    return folder / "bread-water-resolutions-1.0.zip"


def refused(path: Path, scratch: Path) -> str:
    with pytest.raises(InvalidInput) as invalid:
        earlier_release(path, scratch)
    return "\n".join(map(str, invalid.value.diagnostics))


def test_a_folder_and_its_whole_zip_are_the_same_release(made: Path, tmp_path: Path) -> None:
    folder = earlier_release(made, tmp_path / "unused")
    unpacked = earlier_release(whole_zip(made), tmp_path / "scratch")
    assert folder.manifest.by_text == unpacked.manifest.by_text
    for each in folder.manifest.files:
        assert (unpacked.folder / each.path).read_bytes() == (made / each.path).read_bytes()
    assert not (tmp_path / "unused").exists()


def test_a_spoilt_one_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / "site/water/de/index.html").write_text("x")
    assert "1.0/site/water/de/index.html: error: the file is not what was released" in refused(copy, tmp_path / "s")


def test_archives_may_be_missing_in_it(copy: Path, tmp_path: Path) -> None:
    for each in copy.glob("*.zip"):
        each.unlink()
    assert earlier_release(copy, tmp_path / "s").manifest.version == "1.0"


def test_the_zip_of_one_language_is_not_enough(made: Path, tmp_path: Path) -> None:
    said = refused(made / "bread-water-resolutions-1.0-de.zip", tmp_path / "s")
    assert "there is no manifest.json in it" in said
    assert "not that of one language" in said


def test_hostile_zips_write_nothing(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    shutil.copy(whole_zip(made), path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil", b"x")
    assert "'../../evil' is in it and should not be" in refused(path, tmp_path / "deep" / "scratch")
    assert not list(tmp_path.rglob("evil"))
    path.write_bytes(whole_zip(made).read_bytes()[:-200])
    assert "torn" in refused(path, tmp_path / "s")
    assert "no such file" in refused(tmp_path / "nowhere.zip", tmp_path / "s")


def test_the_newest_release_before_a_version_is_found(tmp_path: Path) -> None:
    for name in ("1.9", "1.10", "1.10-rc1", "2.0", ".new-1.9", "odd name"):
        (tmp_path / "build/release" / name).mkdir(parents=True)
    (tmp_path / "build/release/1.11").write_text("a file")
    found = {version: newest_before(tmp_path, version) for version in ("1.0", "1.10", "1.10-rc1", "1.11", "3")}
    names = {version: path.name if path else "" for version, path in found.items()}
    assert names == {"1.0": "", "1.10": "1.10-rc1", "1.10-rc1": "1.9", "1.11": "1.10", "3": "2.0"}
