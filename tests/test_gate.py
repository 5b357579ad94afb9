"""The gate: what is whole passes, what was whole stays, and everything else is left out with its reasons."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checking import check
from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.gate import Gate, Lenience, Published
from pipeline.locales import Locale
from pipeline.manifest import parse_manifest
from pipeline.renditions import Options, Rendition, pseudo_renditions, renditions
from pipeline.settings import Release, Settings, parse_settings
from pipeline.verdicts import Verdict
from pipeline.workspace import Workspace
from tests.releases import packed

SIGNED = """---
title: Water
adopted: 2026-02-21
signatories: [mill]
---
Bread.

Salt.

Milk.
"""
TEXTS = ("Water", "Bread.", "Salt.", "Milk.")
REGISTRY = "id,acronym,name,name_language,translation,country,languages\nmill,M,Mühle,de,,,de fr\n"


def catalog(tag: str, header: str = "", **texts: str) -> str:
    """A catalog with these texts translated; ``fuzzy_`` before a name marks one as changed."""
    lines = ['msgid ""', 'msgstr ""', f'"Language: {tag}\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"']
    lines += [f'"{header}\\n"'] if header else []
    for name, text in texts.items():
        msgid = name.removeprefix("fuzzy_") + ("" if name.endswith("Water") else ".")
        if name.startswith("fuzzy_"):
            lines += ["", "#. changed 2026-11-20: [-Old-] {+New+}", "#, fuzzy", f'#| msgid "Old {msgid}"']
        else:
            lines += [""]
        lines += [f'msgid "{msgid}"', f'msgstr "{text}"']
    return "\n".join(lines) + "\n"


WHOLE = {"Water": "Wasser", "Bread": "Brot.", "Salt": "Salz.", "Milk": "Milch."}


@dataclass
class Place:
    """A workspace under test, and a gate for it."""

    root: Path
    source: str = SIGNED
    settings: str = ""
    published: Published | None = None

    def write(self, **catalogs: str) -> Place:
        files = {"sources/water.md": self.source, "sources/organisations.csv": REGISTRY, "polyleaf.toml": self.settings}
        files |= {f"locales/{tag}/water.po": text for tag, text in catalogs.items()}
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)
        return self

    def gate(self, lenience: Lenience | None = None) -> Gate:
        workspace = Workspace(self.root)
        sources = {"water": hashlib.sha256((self.root / "sources/water.md").read_bytes()).hexdigest()}
        gate = Gate.of(workspace.read(), sources, check(workspace, Options()), lenience or Lenience())
        return gate.after(self.published) if self.published is not None else gate

    def judge(self, tag: str, lenience: Lenience | None = None) -> Verdict:
        return self.gate(lenience).judge(self.rendition(tag))

    def rendition(self, tag: str) -> Rendition:
        every = renditions(Workspace(self.root).read(), [tag])
        return next(each for each in every if each.locale.tag == tag)

    def publish(self, tags: tuple[str, ...] = ("en", "de"), **text: object) -> Place:
        """As if a release had been made before, with these facts about each language."""
        folder = packed(self.root / "earlier", "1.0")
        manifest = parse_manifest((folder / "manifest.json").read_bytes())
        texts = tuple(replace(each, **text) for each in manifest.texts if each.locale in tags)
        self.published = Published(replace(manifest, texts=texts), folder)
        return self


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def codes(verdict: Verdict) -> list[str]:
    return [each.code for each in verdict.refused]


def test_what_is_whole_passes_and_so_does_the_original(place: Place) -> None:
    place.write(de=catalog("de", **WHOLE))
    assert place.judge("de") == Verdict()
    assert place.judge("en") == Verdict()


def test_what_is_missing_is_said_with_its_place(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser", fuzzy_Bread="Brot.", Salt="Salz."))
    refused = place.judge("de").refused
    assert len(refused) == 1
    assert str(refused[0]) == (
        "locales/de/water.po: warning: 2 of 4 texts are missing (1 not translated, 1 of an older text), first “Bread.”; "
        "a signed text is released whole [release-partial]\n"
        "    hint: translate them, or release with --allow de\n"
        "    see: locales/de/water.po:12"
    )


def test_a_signed_text_needs_all_of_it_whatever_the_threshold(place: Place) -> None:
    place.settings = "[release]\nthreshold = 50\nkeep = 10\n"
    place.write(de=catalog("de", **(WHOLE | {"Milk": ""})))
    assert codes(place.judge("de")) == ["release-partial"]


def test_only_the_language_that_is_named_may_be_mixed(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser"), fr=catalog("fr", Water="Eau"))
    for name in ("de", "water/de"):
        lenience = Lenience(frozenset({name}))
        assert (codes(place.judge("de", lenience)), codes(place.judge("fr", lenience))) == ([], ["release-partial"])
    with pytest.raises(InvalidInput, match="--allow pt: no document has it"):
        place.judge("de", Lenience(frozenset({"pt"})))
    with pytest.raises(InvalidInput, match="--allow wine/de"):
        place.judge("de", Lenience(frozenset({"wine/de"})))


def test_drafts_stay_out_unless_they_are_let_in(place: Place) -> None:
    place.write(de=catalog("de", "X-Polyleaf-State: draft", **WHOLE))
    assert codes(place.judge("de")) == ["release-draft"]
    assert place.judge("de", Lenience(drafts=True)).released
    assert place.judge("de", Lenience(frozenset({"de"}))).released


def test_a_failed_check_keeps_it_out_even_if_it_is_allowed(place: Place) -> None:
    place.write(de=catalog("de", **(WHOLE | {"Bread": "Brot \u202e."})))
    verdict = place.judge("de", Lenience(frozenset({"de"}), True))
    assert codes(verdict) == ["release-check"]
    assert verdict.refused[0].location.line > 0
    assert place.judge("en").released


def test_an_unfinished_text_is_no_failed_check_however_grave_it_is_made(place: Place) -> None:
    place.settings = '[checks]\nuntranslated = "error"\nfuzzy = "error"\n'
    place.write(de=catalog("de", Water="Wasser"))
    assert place.judge("de", Lenience(frozenset({"de"}))).released


def test_pseudo_languages_are_nobodys(place: Place) -> None:
    place.write()
    pseudo = next(pseudo_renditions(Workspace(place.root).read(), ["qps-long"]))
    assert codes(place.gate().judge(pseudo)) == ["release-pseudo"]


# --- what was published before --------------------------------------------------------------------------------------------


def test_the_last_whole_version_of_a_signed_text_stays(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser", fuzzy_Bread="Brot.", Salt="Salz.", Milk="Milch."))
    place.publish()
    verdict = place.judge("de")
    assert codes(verdict) == ["release-partial"]
    kept = verdict.kept
    assert kept is not None
    assert (kept.version, kept.title, kept.percent, kept.changed) == ("1.0", "Water de", 75, date(2026, 11, 20))
    assert kept.outdated
    assert [each.name for each in kept.files] == ["index.html", "message-1.txt", "water.de.a4.pdf"]
    for each in (*kept.files, *kept.pictures):
        assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.sha256
    assert [each.name for each in kept.pictures] == ["map.png"]
    assert [each.format for each in kept.artifacts] == ["web", "a4"]


def test_below_the_lower_limit_it_is_taken_away_and_said(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser", Bread="Brot."))
    place.publish()
    verdict = place.judge("de")
    assert codes(verdict) == ["release-partial", "release-withdrawn"]
    assert verdict.kept is None
    assert "only 50 % of it is translated, and 60 % is the least" in verdict.refused[1].message
    place.settings = "[documents.water.release]\nkeep = 50\n"
    assert place.write().judge("de").kept is not None


def test_neither_a_mixed_nor_a_draft_version_stays(place: Place) -> None:
    place.write(de=catalog("de", **(WHOLE | {"Milk": ""})))
    assert place.publish(coverage=90).judge("de").kept is None
    place.publish(draft=True)
    assert place.judge("de").kept is None
    assert place.judge("de", Lenience(drafts=True)).kept is not None


def test_what_was_kept_before_says_which_release_made_it_and_the_first_day(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser", fuzzy_Bread="Brot.", Salt="Salz.", Milk="Milch."))
    kept = place.publish(kept_from="0.9", changed="2026-10-01").judge("de").kept
    assert kept is not None
    assert (kept.version, kept.changed) == ("0.9", date(2026, 10, 1))


def test_a_version_whose_original_is_the_same_is_not_outdated(place: Place) -> None:
    place.write(de=catalog("de", "X-Polyleaf-State: draft", **WHOLE)).publish()
    source = hashlib.sha256(SIGNED.encode()).hexdigest()
    assert place.published is not None
    artifacts = tuple(replace(each, source_sha256=source) for each in place.published.manifest.artifacts)
    manifest = replace(place.published.manifest, artifacts=artifacts)
    kept = Place(place.root, published=Published(manifest, place.published.folder)).judge("de").kept
    assert kept is not None
    assert (kept.outdated, kept.changed, kept.percent) == (False, None, 100)


def test_a_catalog_that_cannot_be_read_keeps_what_was_there(place: Place) -> None:
    place.write(de='msgid "torn', fr='msgid "torn').publish()
    document = Workspace(place.root).read().documents[0]
    verdict = place.gate().judge_unread(document, Locale.parse("de"))
    assert codes(verdict) == ["release-check"]
    assert "its catalog cannot be read" in verdict.refused[0].message
    assert verdict.kept is not None
    assert verdict.kept.percent is None
    assert place.gate().judge_unread(document, Locale.parse("fr")).kept is None


def test_a_leaflet_that_cannot_be_made_keeps_the_language_back(place: Place) -> None:
    place.write(de=catalog("de", **WHOLE)).publish()
    fault = Diagnostic("no-glyph", "no font has ᚠ", Location("locales/de/water.po", 9), "error", "write it otherwise")
    verdict = place.gate().judge_leaflets(place.rendition("de"), [fault])
    assert codes(verdict) == ["release-glyphs"]
    assert verdict.refused[0].message == "a leaflet cannot be made: no font has ᚠ [no-glyph]"
    assert verdict.kept is not None
    assert place.gate().judge_leaflets(place.rendition("de"), []) == Verdict()


def test_an_unsigned_text_has_two_limits(place: Place) -> None:
    place.source = re.sub("signatories.*\n", "", SIGNED)
    place.settings = "[release]\nthreshold = 90\nkeep = 60\n"
    place.write(de=catalog("de", **(WHOLE | {"Milk": ""})))
    assert codes(place.judge("de")) == ["release-partial"]
    assert place.publish().judge("de").released
    place.write(de=catalog("de", Water="Wasser", Bread="Brot."))
    assert codes(place.judge("de")) == ["release-partial", "release-withdrawn"]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Gate, tuple[Rendition, ...]]:
    """A gate that has published an unsigned text, and the text with 0 to 4 of its 4 segments translated."""
    place = Place(tmp_path_factory.mktemp("stages"), re.sub("signatories.*\n", "", SIGNED))
    texts = list(WHOLE.items())
    done = (place.write(de=catalog("de", **dict(texts[:count]))).rendition("de") for count in range(5))
    return place.write().publish().gate(), tuple(done)


@given(before=st.booleans(), limits=st.tuples(st.integers(0, 100), st.integers(0, 100)), done=st.integers(0, 4))
def test_the_limits_of_an_unsigned_text_are_a_hysteresis(
    stages: tuple[Gate, tuple[Rendition, ...]], before: bool, limits: tuple[int, int], done: int
) -> None:
    keep, threshold = sorted(limits)
    gate, renditions = stages
    settings = Settings(release=Release(threshold, keep))
    gate = replace(gate, settings=settings, published=gate.published if before else None)
    assert gate.judge(renditions[done]).released == (25 * done >= (keep if before else threshold))


def test_judging_is_always_the_same_and_its_mark_says_when_not(place: Place) -> None:
    place.write(de=catalog("de", Water="Wasser"))
    assert place.gate().mark == place.gate().mark
    assert place.judge("de") == place.judge("de")
    assert len({place.gate().mark, place.gate(Lenience(drafts=True)).mark, place.publish().gate().mark}) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[release]\nthreshold = 101", "threshold must be a number of per cent, 0 to 100"),
        ("[release]\nkeep = true", "keep must be a number of per cent, 0 to 100"),
        ("[release]\nthreshold = 50", "keep = 60 is above threshold = 50"),
        ("[release]\nleast = 1", "least is unknown in [release]"),
        ("[documents.water.release]\nkeep = -1", "keep must be a number of per cent, 0 to 100"),
        ("[documents.water]\nrelease = 1\nlanguages = {}", "release must be a table"),
    ],
)
def test_limits_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_settings(text)
    assert [each.message for each in refused.value.diagnostics] == [message]


def test_limits_of_one_document_go_before_those_of_all() -> None:
    settings = parse_settings("[release]\nthreshold = 90\nkeep = 70\n[documents.water.release]\nkeep = 20\n")
    assert settings.release_of("water") == Release(90, 20)
    assert settings.release_of("bread") == Release(90, 70)
