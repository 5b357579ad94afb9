"""A small edit never unpublishes a page; who translated it, and what they say, is printed if they ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.gate import Lenience
from pipeline.releasing import Released, Wish, release
from pipeline.renditions import Options
from pipeline.updating import update
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of

DAY = 1_781_000_000  # 2026-06-09
SLOGAN = "One tree for every child!"


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The orchard, whose German slogan is translated, after its author has changed the slogan."""
    root = copy_of(ORCHARD, tmp_path / "orchard")
    with (root / "polyleaf.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[translation]\ngrace-days = 10\n")
    source = root / "sources/orchard.md"
    source.write_text(source.read_text("utf-8").replace("for every child!", "for each and every child!"), "utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY))
    update(Workspace(root))
    return root


def page(root: Path) -> str:
    build(Workspace(root), Options(documents=("orchard",), locales=("de",), formats=("web",)))
    return (root / "build/site/orchard/de/index.html").read_text("utf-8")


def test_the_earlier_translation_is_shown_and_marked_for_some_days(edited: Path) -> None:
    html = page(edited)
    assert "Ein Baum für jedes Kind!" in html
    assert 'class="outdated"' in html
    assert "The original has changed since" in html or "Original" in html
    assert "for each and every child" not in html


def test_then_the_original_stands_there(edited: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page(edited)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 11 * 86_400))
    html = page(edited)
    assert "Ein Baum für jedes Kind!" not in html
    assert "for each and every child" in html


def test_without_a_time_of_grace_the_original_stands_there_at_once(edited: Path) -> None:
    settings = edited / "polyleaf.toml"
    settings.write_text(settings.read_text("utf-8").replace("grace-days = 10", "grace-days = 0"), "utf-8")
    assert "Ein Baum für jedes Kind!" not in page(edited)


def test_an_earlier_translation_that_is_unsafe_is_not_shown(edited: Path) -> None:
    path = edited / "locales/de/orchard.po"
    path.write_text(
        path.read_text("utf-8").replace("Ein Baum für jedes Kind!", "Ein Baum \u202efür jedes Kind!"), "utf-8"
    )
    assert "für jedes Kind" not in page(edited)


@pytest.mark.slow
def test_a_release_has_no_outdated_paragraphs(edited: Path) -> None:
    released = release(Workspace(edited), Wish("1.0", lenience=Lenience(drafts=True)))
    assert isinstance(released, Released)
    reasons = {each.locale: {why.code for why in each.reasons} for each in released.manifest.left_out}
    assert "release-partial" in reasons["de"]


def test_translators_who_ask_for_it_are_named(edited: Path) -> None:
    path = edited / "locales/de/orchard.po"
    asked = '"Language: de\\n"\n"X-Polyleaf-Credit: Anna <b>Beispiel</b> & Co\\n"\n"X-Polyleaf-Note: Gärten sind “Obstgärten”.\\n"'
    path.write_text(path.read_text("utf-8").replace('"Language: de\\n"', asked), "utf-8")
    html = page(edited)
    assert "<b>Beispiel</b>" not in html
    assert "Gärten sind “Obstgärten”." in html
    path.write_text(path.read_text("utf-8").replace(" <b>Beispiel</b> & Co", " & Boris Beispiel"), "utf-8")
    assert "Anna &amp; Boris Beispiel" in page(edited)


def test_pseudo_locales_are_made_when_asked_for_and_listed_nowhere(edited: Path) -> None:
    options = Options(documents=("orchard",), locales=("de", "qps-long", "qps-rtl"), formats=("web",))
    report = build(Workspace(edited), options)
    assert not [each for each in report.diagnostics if each.severity == "error"]
    site = edited / "build/site/orchard"
    assert 'lang="qps-rtl" dir="rtl"' in (site / "qps-rtl/index.html").read_text("utf-8")
    assert "qps" not in (site / "de/index.html").read_text("utf-8")
    assert not list((edited / "locales").glob("qps*"))


def test_a_day_that_passes_does_not_change_a_build_without_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_of(ORCHARD, tmp_path / "orchard")
    options = Options(locales=("de",), formats=("web",))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY))
    build(Workspace(root), options)
    before = {path: path.stat().st_mtime_ns for path in (root / "build/site").rglob("*.html")}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 40 * 86_400))
    build(Workspace(root), options)
    assert before == {path: path.stat().st_mtime_ns for path in (root / "build/site").rglob("*.html")}
