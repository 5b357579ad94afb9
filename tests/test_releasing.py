"""release: a folder that appears whole or not at all, is the same from the same sources, and never changes afterwards."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.cli_release import summary
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.gate import Lenience
from pipeline.manifest import parse_manifest
from pipeline.releasing import Released, Wish, release
from pipeline.report import LeftOut, Report
from pipeline.verifying import verify
from pipeline.website.keeping import links, target
from pipeline.workspace import Workspace
from tests.golden import polyleaf, sums
from tests.releases import a_site, building

SOURCE = "---\ntitle: Water\nadopted: 2026-02-21\n---\nBread.\n"
SETTINGS = '[workspace]\ntitle = "Reading Rooms"\naddress = "https://bread.example.org"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name, text in {"sources/water.md": SOURCE, "polyleaf.toml": SETTINGS}.items():
        (tmp_path / "ours" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ours" / name).write_text(text)
    return Workspace(tmp_path / "ours")


def made(workspace: Workspace, wish: Wish | str = "1.0", **site: object) -> Released:
    files = site.pop("files", None) or a_site()
    wish = wish if isinstance(wish, Wish) else Wish(wish)
    return release(workspace, wish, build=building(files, **site))


def refused(workspace: Workspace, wish: Wish | str, **site: object) -> str:
    with pytest.raises(InvalidInput) as invalid:
        made(workspace, wish, **site)
    return "\n".join(map(str, invalid.value.diagnostics))


def folder_of(workspace: Workspace, released: Released) -> Path:
    return workspace.root / released.path


def in_release_folder(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in (workspace.root / "build/release").iterdir() if path.name != ".lock")


def test_a_release_is_whole_and_says_what_it_is(workspace: Workspace) -> None:
    released = made(workspace)
    folder = folder_of(workspace, released)
    assert verify(folder).diagnostics == ()
    assert sorted(path.name for path in folder.iterdir()) == [
        "SHA256SUMS",
        "manifest.json",
        *(f"reading-rooms-1.0{tag}.zip" for tag in ("-de", "-en", "-fr", "")),
        "site",
    ]
    assert parse_manifest((folder / "manifest.json").read_bytes()) == released.manifest
    assert in_release_folder(workspace) == ["1.0"]
    assert next(iter(summary(released))) == "Released 1 document in 3 languages: build/release/1.0"


def test_the_whole_zip_is_the_site_and_the_manifest(workspace: Workspace) -> None:
    folder = folder_of(workspace, made(workspace))
    with zipfile.ZipFile(folder / "reading-rooms-1.0.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    files = {f"site/{name}": content for name, content in a_site().items()}
    assert packed == files | {"manifest.json": (folder / "manifest.json").read_bytes()}


def test_the_zip_of_a_language_stands_alone(workspace: Workspace) -> None:
    folder = folder_of(workspace, made(workspace))
    with zipfile.ZipFile(folder / "reading-rooms-1.0-de.zip") as archive:
        names = archive.namelist()
        pages = {name: archive.read(name).decode() for name in names if name.endswith(".html")}
    assert names == [
        "index.html",
        "water/de/index.html",
        "water/de/message-1.txt",
        "water/de/water.de.a4.pdf",
        "water/pictures/map.png",
    ]
    for name, html in pages.items():
        lost = [link for link in links(html) if (there := target(link, name)) and there not in names]
        assert lost == []
    assert 'href="https://bread.example.org/water/en/"' in pages["water/de/index.html"]
    assert 'href="water/de/index.html"' in pages["index.html"]


def test_nothing_in_it_tells_of_this_machine_or_of_the_time(workspace: Workspace) -> None:
    folder = folder_of(workspace, made(workspace))
    text = (folder / "manifest.json").read_text()
    assert str(workspace.root) not in text
    assert not re.search(r"\d\d:\d\d", text)
    assert json.loads(text)["day"] == "2026-02-21"


def test_the_same_sources_give_the_same_bytes(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sums(folder_of(workspace, made(workspace)))
    other = Workspace(Path(shutil.copytree(workspace.root / "sources", tmp_path / "elsewhere/sources")).parent)
    shutil.copy(workspace.root / "polyleaf.toml", other.root)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert sums(folder_of(other, made(other))) == first


@pytest.mark.parametrize(("epoch", "day"), [("1700000000", "2023-11-14"), ("soon", "2026-02-21")])
def test_the_epoch_is_the_day_of_archives(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, epoch: str, day: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    released = made(workspace)
    assert released.manifest.day == day
    with zipfile.ZipFile(folder_of(workspace, released) / "reading-rooms-1.0.zip") as archive:
        assert {"-".join(f"{part:02}" for part in each.date_time[:3]) for each in archive.infolist()} == {day}


def test_a_release_is_frozen(workspace: Workspace) -> None:
    first = made(workspace)
    before = sums(folder_of(workspace, first))
    again = made(workspace)
    assert (first.again, again.again) == (False, True)
    assert list(summary(again)) == ["1.0 is released already, the same bytes."]
    said = refused(workspace, "1.0", files=a_site() | {"index.html": b"<p>other</p>"})
    assert "1.0 is released already, with other bytes: a release does not change [release-exists]" in said
    assert sums(folder_of(workspace, first)) == before
    assert in_release_folder(workspace) == ["1.0"]


@pytest.mark.parametrize("version", ["../x", "a/b", ".", "", "1 0", "-1", ".new-1"])
def test_a_version_is_no_path(workspace: Workspace, version: str) -> None:
    assert "cannot name a release [release-version]" in refused(workspace, version)


def test_what_falls_in_the_middle_leaves_nothing(workspace: Workspace) -> None:
    def falls(_workspace: object, options: object, _progress: object) -> Report:
        (workspace.root / str(options.site)).mkdir(parents=True)  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        release(workspace, Wish("1.0"), build=falls)
    assert in_release_folder(workspace) == []
    (workspace.root / "build/release/.new-0.9/site").mkdir(parents=True)
    (workspace.root / "build/release/.new-1.0/site/old").mkdir(parents=True)
    assert not list((folder_of(workspace, made(workspace)) / "site").glob("old"))
    assert in_release_folder(workspace) == ["1.0"]


def test_two_at_once_are_one_too_many(workspace: Workspace) -> None:
    (workspace.root / "build/release").mkdir(parents=True)
    with FileLock(workspace.root / "build/release/.lock"):
        assert "another release is being made here just now" in refused(workspace, "1.0")


def test_a_source_that_cannot_be_read_is_not_left_out_silently(workspace: Workspace) -> None:
    (workspace.root / "sources/bread.md").write_text("---\nadopted: never\n---\n")
    assert "sources/bread.md" in refused(workspace, "1.0")


def test_nothing_to_release_says_why(workspace: Workspace) -> None:
    why = Diagnostic("release-check", "a check fails", Location("sources/water.md"), "warning", "mend it", "en")

    def empty(*_: object) -> Report:
        return Report((), (), (), (LeftOut("water", "en", (why,)),))

    with pytest.raises(InvalidInput, match=r"a check fails.*\n.*\n.*nothing can be released"):
        release(workspace, Wish("1.0"), build=empty)


def test_names_that_some_systems_cannot_have_are_refused(workspace: Workspace) -> None:
    assert "some systems cannot have a file of this name" in refused(
        workspace, "1.0", files=a_site() | {"water/de/what?.txt": b"x"}
    )


def test_what_is_left_out_is_said_language_by_language(workspace: Workspace) -> None:
    place = Location("locales/de/water.po")
    why = Diagnostic("release-partial", "3 of 4 texts are missing", place, "warning", "translate them", "de")
    released = made(workspace, files=a_site(("en", "fr")), left_out=(LeftOut("water", "de", (why,)),))
    assert list(summary(released)) == [
        "Released 1 document in 2 languages: build/release/1.0",
        "Not in its present version:",
        "  de  water: left out",
        "      locales/de/water.po: 3 of 4 texts are missing [release-partial]",
        "      hint: translate them",
    ]
    assert [(each.document, each.locale) for each in released.manifest.left_out] == [("water", "de")]


# --- the release before ---------------------------------------------------------------------------------------------------


def test_the_newest_release_before_is_the_one_it_goes_on_from(workspace: Workspace) -> None:
    for version in ("1.9", "1.10"):
        made(workspace, version)
    assert [made(workspace, each).previous for each in ("2.0", "1.9.1", "1.0")] == ["1.10", "1.9", ""]


def test_what_was_published_and_is_gone_is_said(workspace: Workspace) -> None:
    made(workspace, "1.0")
    released = made(workspace, "1.1", files=a_site(("en", "de")))
    (gone,) = released.manifest.left_out
    assert (gone.document, gone.locale, gone.reasons[0].code) == ("water", "fr", "release-gone")


def test_a_release_that_was_tampered_with_is_no_ground_to_stand_on(workspace: Workspace) -> None:
    folder = folder_of(workspace, made(workspace, "1.0"))
    (folder / "site/water/de/index.html").write_text("<p>Wein</p>")
    assert "1.0/site/water/de/index.html: error: the file is not what was released" in refused(workspace, "1.1")


def test_the_release_before_can_be_a_zip(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(workspace, made(workspace, "1.0"))
    path = shutil.move(folder / "reading-rooms-1.0.zip", tmp_path)
    shutil.rmtree(folder)
    assert made(workspace, Wish("1.1", previous=Path(path))).previous == "1.0"
    assert in_release_folder(workspace) == ["1.1"]


def test_what_was_kept_is_described_as_when_it_was_made(workspace: Workspace) -> None:
    made(workspace, "1.0")

    def keeps(_workspace: object, options: object, _progress: object) -> Report:
        report = building(a_site())(_workspace, options, _progress)  # type: ignore[operator]
        return _kept(report, "de", "1.0")

    released = release(workspace, Wish("1.1"), build=keeps)
    assert {each.locale: each.kept_from for each in released.manifest.texts} == {"de": "1.0", "en": "", "fr": ""}
    leaflet = next(each for each in released.manifest.artifacts if each.path.endswith("water.de.a4.pdf"))
    assert (leaflet.kept_from, leaflet.source_sha256, leaflet.pages) == ("1.0", "a" * 64, 2)
    assert "de: the version of 1.0 stays published" in "\n".join(summary(released)).replace("de  water", "de")


def _kept(report: Report, tag: str, version: str) -> Report:
    artifacts = tuple(
        replace(each, kept_from=version, source_sha256="", pages=0) if each.locale == tag else each
        for each in report.artifacts
    )
    why = Diagnostic("release-partial", "x", Location("y"), "warning")
    return replace(report, artifacts=artifacts, left_out=(LeftOut("water", tag, (why,)),))


def test_what_is_no_shard_is_not_joined(workspace: Workspace, tmp_path: Path) -> None:
    assert "not the folder of a shard" in refused(workspace, Wish("1.0", joined=(tmp_path / "shard",)))


def test_a_slip_in_what_is_allowed_is_said(workspace: Workspace) -> None:
    assert "--allow pt: no document has it" in refused(workspace, Wish("1.0", lenience=Lenience(frozenset({"pt"}))))


# --- with the real builder -----------------------------------------------------------------------------------------------


@pytest.fixture
def signed(workspace: Workspace) -> Workspace:
    """A signed text, whole in German: a page and a leaflet for each of its languages."""
    registry = "id,acronym,name,name_language,translation,country,languages\nmill,M,Mühle,de,,,de\n"
    (workspace.root / "sources/organisations.csv").write_text(registry)
    (workspace.root / "sources/water.md").write_text(
        "---\ntitle: Water\nadopted: 2026-02-21\nsignatories: [mill]\n---\nBread for all.\n\nSalt for all.\n"
    )
    with (workspace.root / "polyleaf.toml").open("a") as settings:
        settings.write('[build]\nformats = ["web", "a4"]\neditions = ["screen"]\n[release]\nkeep = 30\n')
    translate(workspace, {"Water": "Wasser", "Bread for all.": "Brot für alle.", "Salt for all.": "Salz für alle."})
    return workspace


def translate(workspace: Workspace, texts: dict[str, str], flags: dict[str, str] | None = None) -> None:
    """Write the German catalog."""
    lines = ['msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"']
    for msgid, msgstr in texts.items():
        lines.append(f'{(flags or {}).get(msgid, "")}msgid "{msgid}"\nmsgstr "{msgstr}"')
    path = workspace.root / "locales/de/water.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(lines) + "\n")


FUZZY = '#. changed 2026-11-20: [-Salt-] {+Milk+}\n#, fuzzy\n#| msgid "Salt for all."\n'


@pytest.mark.slow
def test_the_last_whole_version_stays_until_it_is_translated_again(signed: Workspace) -> None:
    first = folder_of(signed, release(Workspace(signed.root), Wish("1.0")))
    assert release(Workspace(signed.root), Wish("1.0")).again
    source = signed.root / "sources/water.md"
    source.write_text(source.read_text().replace("Salt", "Milk"))
    translate(
        signed,
        {"Water": "Wasser", "Bread for all.": "Brot für alle.", "Milk for all.": "Salz für alle."},
        {"Milk for all.": FUZZY},
    )
    for version in ("1.1", "1.2"):  # what was kept once is kept again
        released = release(Workspace(signed.root), Wish(version))
        folder = folder_of(signed, released)
        assert verify(folder).diagnostics == ()
        german = released.manifest.by_text["water", "de"]
        assert (german.kept_from, german.changed, german.title) == ("1.0", "2026-11-20", "Wasser")
        assert sums(folder / "site/water/de")["water.de.a4.pdf"] == sums(first / "site/water/de")["water.de.a4.pdf"]
        html = (folder / "site/water/de/index.html").read_text()
        assert "Salz für alle" in html
        assert re.search(r"<!--banner-->.*20\. November 2026.*<!--/banner-->", html)
        assert [(each.locale, each.kept_from) for each in released.manifest.left_out] == [("de", "1.0")]
    translate(signed, {"Water": "Wasser", "Bread for all.": "Brot für alle.", "Milk for all.": "Milch für alle."})
    released = release(Workspace(signed.root), Wish("1.3"))
    assert released.manifest.by_text["water", "de"].kept_from == ""
    assert released.manifest.left_out == ()
    html = (folder_of(signed, released) / "site/water/de/index.html").read_text()
    assert "<!--banner--><!--/banner-->" in html
    assert "Milch für alle" in html


@pytest.mark.slow
def test_what_falls_too_far_behind_is_taken_away(signed: Workspace) -> None:
    release(Workspace(signed.root), Wish("1.0"))
    translate(signed, {"Water": ""})
    released = release(Workspace(signed.root), Wish("1.1"))
    assert [each.locale for each in released.manifest.texts] == ["en"]
    assert [why.code for why in released.manifest.left_out[0].reasons] == ["release-partial", "release-withdrawn"]
    assert not (folder_of(signed, released) / "site/water/de").exists()
    assert verify(folder_of(signed, released)).diagnostics == ()


@pytest.mark.slow
def test_a_torn_catalog_takes_nothing_away(signed: Workspace) -> None:
    release(Workspace(signed.root), Wish("1.0"))
    (signed.root / "locales/de/water.po").write_text('msgid "torn')
    released = release(Workspace(signed.root), Wish("1.1"))
    assert released.manifest.by_text["water", "de"].kept_from == "1.0"
    html = (folder_of(signed, released) / "site/water/de/index.html").read_text()
    assert "<!--banner--><!--/banner-->" in html, "the original is the same: the banner would not be true"


# --- the command line -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_release_and_verify_from_the_command_line(workspace: Workspace) -> None:
    with (workspace.root / "polyleaf.toml").open("a") as settings:
        settings.write('[build]\nformats = ["web"]\n')
    first = polyleaf("-C", workspace.root, "release", "1.0")
    assert first.returncode == 0, first.stderr
    assert b"Released 1 document in 1 language: build/release/1.0" in first.stdout
    verified = polyleaf("verify", workspace.root / "build/release/1.0")
    assert verified.returncode == 0, verified.stderr
    assert b"Release 1.0 is whole" in verified.stdout
    (workspace.root / "build/release/1.0/site/water/en/index.html").write_text("x")
    spoilt = polyleaf("verify", workspace.root / "build/release/1.0")
    assert spoilt.returncode == 1
    assert b"site/water/en/index.html: error: the file is not what was released" in spoilt.stderr
    assert b"Traceback" not in spoilt.stderr
    again = polyleaf("-C", workspace.root, "release", "1.1", "--json")
    assert again.returncode == 1
    assert json.loads(again.stdout)["diagnostics"][0]["code"] == "release-sum"
