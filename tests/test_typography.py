"""Which faces a language is set with: layered, by name, and always with Noto Sans behind."""

from __future__ import annotations

import re
from pathlib import Path

import pyphen
import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.typesetting.composing import page_html
from pipeline.typesetting.typography import (
    HYPHENATED,
    PROPERTIES,
    SYSTEM_DICTIONARIES,
    Typography,
    families_by_rule,
    font_families,
    hyphenated,
    language_rules,
    parse_typography,
)
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY, design, rendition

TYPOGRAPHY = Workspace(ORCHARD).typography
NOTO = Path("/usr/share/fonts/truetype/noto")
GENERIC = re.compile(
    r"(?<![\w-])(?:sans-serif|serif|monospace|cursive|fantasy|system-ui|ui-[a-z]+|math|fangsong)(?![\w-])"
)
UND = ":root { " + " ".join(f"{name}: 1;" for name in PROPERTIES) + " }"


def layered(**layers: str) -> Typography:
    files = {f"templates/typography/{name.replace('_', '-')}.css": f":root {{ {css} }}" for name, css in layers.items()}
    return parse_typography({"templates/typography/und.css": UND, **files})


def property_of(typography: Typography, tag: str, name: str = "--leading") -> str:
    return typography.properties(Locale.parse(tag))[name]


def test_a_language_wins_over_its_script_and_its_script_over_all() -> None:
    typography = layered(und_Arab="--leading: 2", fa="--leading: 3", fa_AF="--leading: 4", und_Tfng="--leading: 5")
    shown = {tag: property_of(typography, tag) for tag in ("en", "ar", "fa", "fa-AF", "zgh", "az", "az-Arab")}
    assert shown == {"en": "1", "ar": "2", "fa": "3", "fa-AF": "4", "zgh": "5", "az": "1", "az-Arab": "2"}
    assert property_of(layered(und_Latn="--leading: 2", sr="--leading: 3"), "sr-Latn") == "3"
    assert property_of(layered(sr_Latn="--leading: 4", sr="--leading: 3"), "sr-Latn") == "4"


def test_urdu_is_set_in_nastaliq_and_persian_in_naskh() -> None:
    families = {tag: TYPOGRAPHY.families(Locale.parse(tag))[0] for tag in ("ur", "fa", "ar", "en", "zgh", "hi")}
    assert families == {
        "ur": "Noto Nastaliq Urdu",
        "fa": "Noto Naskh Arabic",
        "ar": "Noto Naskh Arabic",
        "en": "Noto Serif",
        "zgh": "Noto Sans Tifinagh",
        "hi": families["hi"],
    }
    assert "Devanagari" in families["hi"]


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("chr", ("Noto Serif Cherokee", "Noto Sans Cherokee", "Noto Sans")),
        ("iu", ("Noto Serif Canadian Aboriginal", "Noto Sans Canadian Aboriginal", "Noto Sans")),
        ("ff-Adlm", ("Noto Serif Adlam", "Noto Sans Adlam", "Noto Sans Arabic", "Noto Sans")),
        ("ii", ("Noto Serif Yi", "Noto Sans Yi", "Noto Sans CJK SC", "Noto Sans")),
        ("ja", ("Noto Serif CJK JP", "Noto Sans CJK JP", "HanaMinA", "HanaMinB", "Noto Sans")),
        ("ko", ("Noto Serif CJK KR", "Noto Sans CJK KR", "HanaMinA", "HanaMinB", "Noto Sans")),
        ("zh", ("Noto Serif CJK SC", "Noto Sans CJK SC", "HanaMinA", "HanaMinB", "Noto Sans")),
        ("zh-TW", ("Noto Serif CJK TC", "Noto Sans CJK TC", "HanaMinA", "HanaMinB", "Noto Sans")),
        ("zh-HK", ("Noto Serif CJK HK", "Noto Sans CJK HK", "HanaMinA", "HanaMinB", "Noto Sans")),
        ("vi-Hani", ("Noto Serif CJK SC", "Noto Sans CJK SC", "HanaMinA", "HanaMinB", "Noto Sans")),
    ],
)
def test_a_script_without_a_file_gets_the_fonts_that_bear_its_name(tag: str, body: tuple[str, ...]) -> None:
    locale = Locale.parse(tag)
    assert families_by_rule(locale)[0] == body
    assert font_families(TYPOGRAPHY.properties(locale)["--font-body"]) == body
    assert not set(body) - {*TYPOGRAPHY.all_families(), *TYPOGRAPHY.optional_families([locale])}
    assert TYPOGRAPHY.properties(locale)["--emphasis-style"] == "normal"


def test_what_a_file_names_is_needed_and_what_the_rule_names_is_not() -> None:
    assert not [family for family in TYPOGRAPHY.all_families() if "CJK" in family or "Hana" in family]
    assert TYPOGRAPHY.optional_families(map(Locale.parse, ("fr", "fa", "hi", "el", "und", "bo"))) == ()
    assert "Noto Sans Vai" in TYPOGRAPHY.optional_families(map(Locale.parse, ("vai", "fr")))
    own = layered(und_Cher='--font-body: "Ours"', und_Vaii="--leading: 2")
    assert font_families(property_of(own, "chr", "--font-body")) == ("Ours",)
    assert font_families(property_of(own, "vai", "--font-body")) == ("Noto Serif Vai", "Noto Sans Vai", "Noto Sans")


def test_the_rule_knows_every_script_by_its_font() -> None:
    every = set(TYPOGRAPHY.optional_families())
    assert {"HanaMinB", "Noto Sans Tai Tham", "Noto Sans Meetei Mayek", "Noto Sans Canadian Aboriginal"} <= every
    assert {f"Noto Serif CJK {region}" for region in ("JP", "KR", "SC", "TC", "HK")} <= every
    assert set(TYPOGRAPHY.optional_families(map(Locale.parse, ("ja", "zh-HK", "vai", "ff-Adlm", "hnj")))) <= every
    assert not every & set(TYPOGRAPHY.all_families())


def test_und_in_a_script_is_set_as_its_script() -> None:
    assert TYPOGRAPHY.properties(Locale.parse("und-Arab")) == TYPOGRAPHY.properties(Locale.parse("ar"))
    assert TYPOGRAPHY.properties(Locale.parse("x-ours")) == TYPOGRAPHY.properties(Locale.parse("und"))


@pytest.mark.parametrize("tag", ["mn-Mong", "mnc", "und-Phag"])
def test_vertical_script_stands_upright_on_the_web_and_lies_on_paper(tag: str) -> None:
    locale = Locale.parse(tag)
    web, paper = (language_rules(TYPOGRAPHY, locale, [Locale.parse("en")], medium) for medium in ("web", "print"))
    assert "--writing-mode:vertical-lr;" in web.splitlines()[0]
    assert "writing-mode" not in web.splitlines()[1]
    assert "writing-mode" not in paper
    assert "writing-mode" not in language_rules(TYPOGRAPHY, Locale.parse("en"), [], "web")


@pytest.mark.parametrize("name", ["--font-body", "--font-head"])
def test_noto_sans_is_last_in_each_stack(name: str) -> None:
    """Arabic and Tifinagh fonts lack brackets or digits."""
    stacks = {layer: dict(values)[name] for layer, values in TYPOGRAPHY.layers if name in dict(values)}
    assert {layer: font_families(stack)[-1] for layer, stack in stacks.items()} == dict.fromkeys(stacks, "Noto Sans")


@pytest.mark.skipif(not NOTO.is_dir(), reason="fonts-noto-core is not installed")
def test_every_family_is_in_debians_fonts() -> None:
    missing = [
        family
        for family in TYPOGRAPHY.all_families()
        if not (NOTO / f"{family.replace(' ', '')}-Regular.ttf").is_file()
    ]
    assert not missing
    assert len(TYPOGRAPHY.all_families()) > 20


#: A page for the people who keep a workspace, on whatever screen they have; nothing of it is published.
FOR_OURSELVES = {"templates/site/status.css"}


def test_no_template_names_a_generic_family() -> None:
    """fontconfig's choice for sans-serif sets Persian in Kufi and Sinhala in a serif."""
    named = {
        f"{path}: {match[0]}"
        for path, text in Workspace(ORCHARD).template_files.items()
        if path.endswith((".css", ".html")) and path not in FOR_OURSELVES
        for match in GENERIC.finditer(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    }
    assert not named


@pytest.mark.parametrize("format", ["web", "a4"])
@pytest.mark.parametrize("tag", ["en", "fa", "el"])
def test_no_page_names_a_generic_family(format: str, tag: str) -> None:
    workspace = Workspace(ORCHARD)
    localized = rendition(workspace, "orchard", tag).localized
    page = page_html(localized, workspace.words(localized.locale, workspace.read()), design(workspace, format))
    style = re.sub(r"/\*.*?\*/", "", page.partition("<style>")[2].partition("</style>")[0], flags=re.DOTALL)
    assert not GENERIC.findall(style)


def test_hyphenated_is_what_pyphen_and_the_system_have() -> None:
    own = {re.split("[-_]", name)[0].lower() for name in pyphen.LANGUAGES} - SYSTEM_DICTIONARIES.keys()
    assert own | SYSTEM_DICTIONARIES.keys() == HYPHENATED


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("en", True),
        ("de-1996", True),
        ("sr", True),
        ("sr-Latn", True),
        ("tr", False),
        ("fa", False),
        ("uk-Latn", False),
    ],
)
def test_hyphens_need_a_dictionary_for_the_script(tag: str, wanted: bool) -> None:
    locale = Locale.parse(tag)
    assert hyphenated(locale) is wanted
    properties = TYPOGRAPHY.properties(locale)
    if not wanted:
        assert (properties["--hyphens"], properties["--align"]) == ("manual", "start")


def test_every_language_has_every_property() -> None:
    for tag in ("en", "fa", "ur", "zgh", "bci", "und-Cyrl"):
        assert set(PROPERTIES) <= set(TYPOGRAPHY.properties(Locale.parse(tag)))


def test_another_language_on_the_page_looks_as_large() -> None:
    typography = layered(und_Arab="--size: 1.5")
    rules = language_rules(typography, Locale.parse("fa"), [Locale.parse("en"), Locale.parse("fa")], "print")
    assert rules.startswith(":root{")
    assert ':where([lang="en"]):where(:not(:root)){' in rules
    assert "font-size:0.6667em" in rules
    assert '[lang="fa"]' not in rules


def test_languages_that_look_alike_share_a_rule() -> None:
    others = [Locale.parse(tag) for tag in ("de", "ur", "fr", "ar")]
    rules = language_rules(layered(und_Arab="--leading: 2"), Locale.parse("en"), others, "print")
    assert rules.count("{") == 3
    assert ':where([lang="ar"],[lang="ur"]):where(:not(:root)){' in rules
    assert ':where([lang="de"],[lang="fr"]):where(:not(:root)){' in rules


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("body { --leading: 2 }", "only a rule for :root may stand here"),
        (":root { --colour: red }", "“--colour” is not a property of typography"),
        (":root { color: red }", "“color” is not a property of typography"),
        ("@import url(x);", "only a rule for :root may stand here"),
        (":root { --leading }", "this is not CSS: "),
    ],
)
def test_a_typography_file_holds_only_its_properties(css: str, message: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_typography({"templates/typography/und.css": UND, "templates/typography/fr.css": "\n" + css})
    (complaint,) = raised.value.diagnostics
    assert str(complaint).startswith(f"templates/typography/fr.css:2: error: {message}")


def test_und_must_say_all() -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_typography({"templates/typography/und.css": ":root { --leading: 1 }"})
    assert "und.css does not set --font-body" in str(raised.value)


def test_the_bundled_layers_name_locales() -> None:
    for path in (REPOSITORY / "templates" / "typography").glob("*.css"):
        assert Locale.parse(path.stem).tag == path.stem or path.stem.startswith("und"), path
