"""Every artifact of a workspace: made once, named in the report, deleted when nothing asks for it any more."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.build import Report, build
from pipeline.diagnostics import InvalidInput, has_errors
from pipeline.reading import Reading
from pipeline.renditions import Options
from pipeline.typesetting.imprint import Imprint, parse_imprint
from pipeline.typesetting.imprint_rules import rules_of
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, sums, traces, with_short_version
from tests.test_typography import GENERIC

RENDITIONS = [("orchard", "de el en fa fr".split()), ("well", "en fa fr".split())]
LANGUAGES = RENDITIONS[0][1]
FILES = {
    *("index.html", "robots.txt", "sitemap.xml"),
    *(f"{tag}/{name}" for tag in LANGUAGES for name in ("index.html", "feed.xml")),
    "orchard/pictures/6dd4c6113ac03098.png",
    *(
        f"{name}/{tag}/{file}"
        for name, tags in RENDITIONS
        for tag in tags
        for file in ("index.html", "message-1.txt", "share.jpg")
    ),
    *(f"{name}/{tag}/{name}.{tag}.a4.pdf" for name, tags in RENDITIONS for tag in tags),
    *(f"{name}/{tag}/{name}.{tag}.a4.desk.pdf" for name, tags in RENDITIONS for tag in tags),
}
ALL = Options(jobs=2)
WELL = ["well.fr.a4.desk.pdf", "well.fr.a4.pdf"]


@pytest.fixture
def root(finished: tuple[Path, Report], tmp_path: Path) -> Path:
    """The same, to be changed; its cache knows all leaflets."""
    return Path(shutil.copytree(finished[0], tmp_path / "orchard", symlinks=True))


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def typeset_anew(report: Report) -> list[str]:
    return [Path(each.path).name for each in report.artifacts if each.pages and not each.cached]


def codes(report: Report) -> list[str]:
    return [f"{each.location.path}: {each.code}" for each in report.diagnostics]


def only_french(**more: object) -> Options:
    return Options(documents=("well",), locales=("fr",), jobs=1, **more)  # type: ignore[arg-type]  # any option


def pdfs(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "build" / "site" / "well" / "fr").glob("*.pdf"))


# --- what is made ---------------------------------------------------------------------------------------------------------


def test_every_file_is_made_and_nothing_else(finished: tuple[Path, Report]) -> None:
    root, report = finished
    assert set(sums(root / "build" / "site")) == FILES
    assert report.diagnostics == ()
    assert report.pruned == ()


def test_the_report_says_what_each_artifact_is(finished: tuple[Path, Report]) -> None:
    root, report = finished
    written = json.loads((root / "build" / "report.json").read_text(encoding="utf-8"))
    assert written == json.loads(report.as_json())
    assert len(written["artifacts"]) == 24
    for each in written["artifacts"]:
        content = (root / each["path"]).read_bytes()
        assert (each["sha256"], each["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert each["pages"] == (1 if each["format"] == "a4" else 0)
        assert each["cached"] is False
        assert each["seconds"] >= 0
        is_leaflet = each["format"] == "a4"
        assert each["edition"] == ("desk" if each["path"].endswith(".desk.pdf") else "screen" if is_leaflet else "")
        assert each["sheets"] == (1 if is_leaflet else 0)
        assert (each["size_pt"] >= 9, each["layouts"] >= 1, 0 < each["fill"] <= 1) == (is_leaflet,) * 3
        assert (each["leading"] >= 0.94, each["space"] >= 0.5, each["shortened"]) == (True, True, False)
    greek = next(each for each in written["artifacts"] if each["path"].endswith("orchard.el.a4.pdf"))
    assert (greek["document"], greek["locale"], greek["format"]) == ("orchard", "el", "a4")
    assert (greek["coverage"], greek["draft"]) == (100, True)


def test_links_of_the_site_lead_somewhere(finished: tuple[Path, Report]) -> None:
    site = finished[0] / "build" / "site"
    for page in site.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"]*)"', page.read_text(encoding="utf-8")):
            if not re.match(r"https?:|#|mailto:", address):
                assert (page.parent / address.partition("#")[0]).is_file(), f"{page}: {address}"


def test_no_built_page_names_a_generic_family(finished: tuple[Path, Report]) -> None:
    for page in (finished[0] / "build" / "site").rglob("*.html"):
        for style in re.findall(r"<style>(.*?)</style>", page.read_text(encoding="utf-8"), re.DOTALL):
            assert not GENERIC.findall(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)), page


def test_every_page_says_language_and_direction_and_never_none(finished: tuple[Path, Report]) -> None:
    for page in (finished[0] / "build" / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.search(r'<html[^>]* lang="[a-z-]+"[^>]* dir="(?:ltr|rtl)"', text), page
        assert "None" not in text.rpartition("</style>")[2], page


# --- what is made again ---------------------------------------------------------------------------------------------------


def test_nothing_changed_nothing_made(root: Path) -> None:
    before = traces(root / "build" / "site")
    report = build(Workspace(root), ALL)
    assert typeset_anew(report) == []
    assert all(each.cached for each in report.artifacts)
    assert traces(root / "build" / "site") == before


def test_one_french_segment_costs_one_french_leaflet(root: Path) -> None:
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    site = root / "build" / "site"
    before, untouched = sums(site), traces(site)
    report = build(Workspace(root), ALL)
    after = sums(site)
    assert typeset_anew(report) == ["well.fr.a4.desk.pdf", "well.fr.a4.pdf"]
    changed = {name for name in after if after[name] != before[name]}
    assert {name for name in after if traces(site)[str(site / name)] != untouched[str(site / name)]} == changed
    assert changed == {f"well/fr/{name}" for name in (*WELL, "index.html", "message-1.txt", "share.jpg")}


def test_a_deleted_leaflet_comes_back_from_the_cache(root: Path) -> None:
    before = sums(root / "build" / "site")
    shutil.rmtree(root / "build" / "site")
    assert typeset_anew(build(Workspace(root), ALL)) == []
    assert sums(root / "build" / "site") == before


def test_a_torn_cache_entry_is_made_again(root: Path) -> None:
    before = sums(root / "build" / "site")
    entries = (root / "build" / ".cache" / "leaflets").rglob("*")
    entry = next(path for path in entries if path.is_file() and not path.suffix)
    entry.write_bytes(entry.read_bytes()[:-1])
    shutil.rmtree(root / "build" / ".cache" / "notes")
    assert len(typeset_anew(build(Workspace(root), ALL))) == 1
    assert sums(root / "build" / "site") == before


def test_what_did_not_change_is_not_even_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sums(root / "build" / "site")
    again = build(Workspace(root), ALL)
    monkeypatch.setattr(Workspace, "catalogs", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(Workspace, "documents", lambda *_: pytest.fail("read again"))
    report = build(Workspace(root), ALL)
    assert report == again
    assert all(each.cached and each.seconds == 0 for each in report.artifacts)
    assert sums(root / "build" / "site") == before


@pytest.mark.parametrize("damage", ["change", "delete", "add"])
def test_what_somebody_changed_in_the_site_is_mended(root: Path, damage: str) -> None:
    build(Workspace(root), ALL)
    before = sums(root / "build" / "site")
    victim = root / "build" / "site" / "well" / "fr" / "index.html"
    match damage:
        case "change":
            victim.write_text("vandalised", encoding="utf-8")
        case "delete":
            victim.unlink()
        case "add":
            victim.with_name("extra.html").write_text("extra", encoding="utf-8")
    build(Workspace(root), ALL)
    assert sums(root / "build" / "site") == before


@pytest.mark.slow
def test_what_is_saved_while_a_build_is_under_way_is_built_by_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, page = root / "locales" / "fr" / "well.po", root / "build" / "site" / "well" / "fr" / "index.html"
    edit(catalog, ("Le puits reste ouvert", "Le puits est ouvert"))
    read = Reading.inputs

    def then_the_translator_saves(reading: Reading, name: str) -> Inputs:
        inputs = read(reading, name)
        if name == "well":
            edit(catalog, ("Le puits est ouvert", "Le puits demeure ouvert"))
        return inputs

    monkeypatch.setattr(Reading, "inputs", then_the_translator_saves)
    build(Workspace(root), ALL)
    monkeypatch.undo()
    assert "Le puits est ouvert" in page.read_text(encoding="utf-8")
    build(Workspace(root), ALL)
    assert "Le puits demeure ouvert" in page.read_text(encoding="utf-8")


def test_a_part_leaves_the_rest_alone(root: Path) -> None:
    before = sums(root / "build" / "site")
    report = build(Workspace(root), Options(documents=("well",), locales=("fr",), jobs=2))
    assert {each.path.split("/")[3] for each in report.artifacts} == {"fr"}
    assert sums(root / "build" / "site") == before
    build(Workspace(root), Options(formats=("web",)))
    assert sums(root / "build" / "site") == before


# --- editions, papers and an organizer's own lines ------------------------------------------------------------------------


@pytest.mark.slow
def test_an_edition_that_is_asked_for_is_added_offered_and_kept_as_long_as_it_is_true(root: Path) -> None:
    report = build(Workspace(root), only_french(editions=("shop",)))
    assert typeset_anew(report) == ["well.fr.a4.shop.pdf"]
    (made,) = [each for each in report.artifacts if each.pages]
    assert (made.edition, made.layouts) == ("shop", 1), "how it was set is known"
    assert pdfs(root) == [*WELL, "well.fr.a4.shop.pdf"]
    page = root / "build" / "site" / "well" / "fr" / "index.html"
    assert all(f'href="{name}"' in page.read_text("utf-8") for name in pdfs(root))
    assert build(Workspace(root), ALL).pruned == ()
    assert 'href="well.fr.a4.shop.pdf"' in page.read_text("utf-8")
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    assert build(Workspace(root), ALL).pruned == ("build/site/well/fr/well.fr.a4.shop.pdf",)
    assert pdfs(root) == WELL


def test_a_shop_without_a_profile_is_told_what_it_lacks(root: Path) -> None:
    report = build(Workspace(root), only_french(editions=("shop",)))
    assert [(each.code, each.severity) for each in report.diagnostics] == [("not-pdf-x", "warning")]


@pytest.mark.slow
def test_another_paper_has_leaflets_of_its_own(root: Path) -> None:
    report = build(Workspace(root), only_french(paper="letter", editions=("desk",)))
    assert typeset_anew(report) == ["well.fr.letter.desk.pdf"]
    assert {each.format for each in report.artifacts} == {"web", "letter"}
    assert pdfs(root) == [*WELL, "well.fr.letter.desk.pdf"]
    assert build(Workspace(root), ALL).pruned == ()


@pytest.mark.slow
def test_a_printer_with_one_side_gets_two_files(root: Path) -> None:
    build(Workspace(root), only_french(single_sided=True, formats=("a5",), editions=("desk",)))
    assert pdfs(root) == [*WELL, "well.fr.a5.desk-even.pdf", "well.fr.a5.desk-odd.pdf"]
    assert build(Workspace(root), ALL).pruned == ()


def test_what_is_made_is_said_in_the_settings(root: Path) -> None:
    edit(root / "polyleaf.toml", ("[documents", '[build]\nformats = ["web"]\n\n[documents'))
    report = build(Workspace(root), ALL)
    assert {each.format for each in report.artifacts} == {"web"}
    assert report.pruned == (), "what an earlier build made is still true"
    assert all("href=" in page.read_text("utf-8") for page in (root / "build" / "site").rglob("index.html"))


US = """country = "FR"
[contact]
group = "Les Jardins"
phone = "01 23 45 67 89"
[imprint]
"""


def own(root: Path, text: str, name: str = "us.toml") -> Imprint:
    return parse_imprint(text, str(root / name))


def whole_imprint() -> str:
    """With all that the law asks for."""
    fields = [each.name for each in rules_of("FR").fields]
    return US + "".join(f'{name} = "Rue du Puits 1"\n' for name in fields)


def test_an_organizers_leaflets_are_not_the_sites_and_take_one_layout(root: Path) -> None:
    before = sums(root / "build" / "site")
    report = build(Workspace(root), only_french(imprint=own(root, whole_imprint())))
    assert not has_errors(report.diagnostics)
    assert [each.path for each in report.artifacts] == [f"build/print/us/{name}" for name in WELL]
    assert {each.layouts for each in report.artifacts} == {1}, "filling it in re-uses the fit"
    assert sums(root / "build" / "site") == before
    assert report.pruned == ()
    again = build(Workspace(root), only_french(imprint=own(root, whole_imprint())))
    assert typeset_anew(again) == []
    other = build(Workspace(root), only_french(imprint=own(root, whole_imprint(), "them.toml")))
    assert {each.path.split("/")[2] for each in other.artifacts} == {"them"}
    build(Workspace(root), ALL)
    assert sums(root / "build" / "site") == before
    assert (root / "build" / "print" / "us" / WELL[0]).is_file()


def test_an_imprint_that_lacks_what_the_law_asks_for_prints_nothing(root: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        build(Workspace(root), only_french(imprint=own(root, US)))
    assert any(each.severity == "error" for each in refused.value.diagnostics)
    assert not (root / "build" / "print").exists()


# --- what does not fit ----------------------------------------------------------------------------------------------------


def crowd(root: Path) -> None:
    """The text of the well gets longer than a sheet."""
    path = root / "sources" / "well.md"
    more = "\n\n".join(f"Well {number} is a well. " + "Nobody shall fence it in. " * 40 for number in range(16))
    path.write_text(f"{path.read_text('utf-8')}\n{more}\n", encoding="utf-8")


def test_what_does_not_fit_costs_its_own_leaflets_only(root: Path) -> None:
    crowd(root)
    report = build(Workspace(root), Options(locales=("en",), jobs=1))
    (complaint,) = report.diagnostics
    assert (complaint.code, complaint.location.path, complaint.locale) == ("does-not-fit", "sources/well.md", "en")
    assert [Path(each.path).name for each in report.artifacts if each.pages] == [
        "orchard.en.a4.desk.pdf",
        "orchard.en.a4.pdf",
    ]
    assert "well.en.a4" not in (root / "build" / "site" / "well" / "en" / "index.html").read_text("utf-8")


def test_the_short_version_stands_in_and_this_is_said(root: Path) -> None:
    crowd(root)
    with_short_version(root)
    report = build(Workspace(root), Options(documents=("well",), locales=("en",), jobs=1))
    assert [(each.code, each.severity, each.locale) for each in report.diagnostics] == [("shortened", "warning", "en")]
    leaflets = [each for each in report.artifacts if each.pages]
    assert [(each.shortened, each.edition) for each in leaflets] == [(True, "desk"), (True, "screen")]
    again = build(Workspace(root), Options(documents=("well",), locales=("en",), jobs=1))
    assert typeset_anew(again) == []
    assert [each.code for each in again.diagnostics] == ["shortened"], "also when it comes from the store"


# --- what goes ------------------------------------------------------------------------------------------------------------


def test_a_source_that_is_gone_takes_its_files_along(root: Path) -> None:
    (root / "sources" / "well.md").unlink()
    report = build(Workspace(root), ALL)
    assert set(sums(root / "build" / "site")) == {name for name in FILES if not name.startswith("well/")}
    assert len(report.pruned) == 15
    assert not (root / "build" / "site" / "well").exists()


@pytest.mark.slow
def test_a_language_nobody_needs_goes(root: Path) -> None:
    edit(root / "sources" / "organisations.csv", ("Apple Circle,AT,de", "Apple Circle,AT,en"))
    (root / "locales" / "de" / "orchard.po").unlink()
    report = build(Workspace(root), ALL)
    assert not (root / "build" / "site" / "orchard" / "de").exists()
    assert {path.split("/")[-2] for path in report.pruned} == {"de"}
    assert len(report.pruned) == 7


# --- what does not stop the rest ------------------------------------------------------------------------------------------


def spoil_catalog(root: Path) -> str:
    edit(root / "locales" / "fa" / "orchard.po", ('msgid "Resolution"', 'msgid "Resolution'))
    return "orchard/fa/"


def spoil_names(root: Path) -> str:
    edit(root / "locales" / "fa" / "organisations.po", ('msgid "Apple Society"', 'msgid "Apple Society'))
    return "/fa/"


def spoil_source(root: Path) -> str:
    edit(root / "sources" / "orchard.md", ("What we ask", "<b>What we ask</b>"))
    return "orchard/"


@pytest.mark.parametrize("spoil", [spoil_catalog, spoil_names, spoil_source])
def test_what_cannot_be_read_keeps_its_earlier_files_and_says_so(root: Path, spoil: Callable[[Path], str]) -> None:
    before = sums(root / "build" / "site")
    spoilt = spoil(root)
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez ce puits !"))
    report = build(Workspace(root), ALL)
    after = sums(root / "build" / "site")
    assert any(each.severity == "error" for each in report.diagnostics)
    assert set(after) == FILES
    assert {name for name in FILES if spoilt in name and before[name] != after[name]} == set()
    assert typeset_anew(report) == ["well.fr.a4.desk.pdf", "well.fr.a4.pdf"]
    assert not any(spoilt in each.path for each in report.artifacts)


@pytest.mark.parametrize("spoil", [spoil_catalog, spoil_names, spoil_source])
def test_what_is_wrong_is_said_again_as_long_as_it_is(root: Path, spoil: Callable[[Path], str]) -> None:
    spoil(root)
    first, again = (codes(build(Workspace(root), ALL)) for _ in range(2))
    assert first
    assert again == first


@pytest.mark.slow
def test_a_warning_about_all_is_said_again(root: Path) -> None:
    (root / "locales" / "Fa").mkdir()
    first, again = (codes(build(Workspace(root), ALL)) for _ in range(2))
    assert first
    assert again == first


@pytest.mark.slow
def test_a_character_without_a_glyph_costs_one_leaflet(root: Path) -> None:
    edit(root / "locales" / "fr" / "well.po", ("Ouvrez le puits !", "Ouvrez le puits 井 !"))
    report = build(Workspace(root), ALL)
    assert codes(report) == ["locales/fr/well.po: missing-glyph"]
    (complaint,) = report.diagnostics
    assert "“井” (U+4E95 CJK UNIFIED IDEOGRAPH-4E95), in “Ouvrez le puits 井 !”" in complaint.message
    assert len(report.artifacts) == 22
    assert not list((root / "build" / "site" / "well" / "fr").glob("*.pdf"))
    assert "well.fr.a4" not in (root / "build" / "site" / "well" / "fr" / "index.html").read_text(encoding="utf-8")


def test_a_picture_that_is_gone_is_told_once_and_its_words_stand_in(root: Path) -> None:
    (root / "sources" / "tree.png").unlink()
    report = build(Workspace(root), Options(formats=("web",)))
    assert codes(report) == ["sources/orchard.md: picture"]
    page = (root / "build" / "site" / "orchard" / "fr" / "index.html").read_text(encoding="utf-8")
    assert "<em>Un arbre et trois pommes</em>" in page


# --- options -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(documents=("nowhere",)), "there is no sources/nowhere.md"),
        (Options(formats=("a9",)), "there is no format “a9”"),
        (Options(formats=("a4",), paper="papyrus"), "no format is for the paper “papyrus”"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(options: Options, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        build(Workspace(ORCHARD), options)
    assert not (ORCHARD / "build").exists()
