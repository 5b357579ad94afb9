"""polyleaf.toml, checked: every complaint has its line and a way out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.settings import Leaflets, Settings, Translating, parse_settings

FULL = """# ours
[workspace]
title = "Assembly of Gardens"
source-locale = "pt_br"
address = "https://example.org/resolutions/"

[languages]
add = ["eo", "ku"]
remove = ["en"]

[fallbacks]
bci = "fr"
prs = "ps"

[build]
formats = ["web", "a5", "dl-trifold"]
editions = ["screen", "shop"]
paper = "letter"

[documents.water.languages]
add = ["la"]

[documents."my-letter"]
languages = { remove = ["fr"] }
"""


def complaints(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse_settings(text)
    assert all((each.location.path, bool(each.hint)) == ("polyleaf.toml", True) for each in caught.value.diagnostics)
    return [f"{each.location.line} {each.message}" for each in caught.value.diagnostics]


def test_reads_every_setting() -> None:
    found = parse_settings(FULL)
    assert (found.title, found.source_locale.tag, found.address) == (
        "Assembly of Gardens",
        "pt-BR",
        "https://example.org/resolutions",
    )
    assert [each.tag for each in found.languages.add] == ["eo", "kmr"]
    assert found.languages.remove == (Locale.parse("en"),)
    assert found.fallbacks == {"bci": "fr", "fa-AF": "ps"}
    assert found.documents["water"].add == (Locale.parse("la"),)
    assert found.documents["my-letter"].remove == (Locale.parse("fr"),)
    assert found.leaflets == Leaflets(("web", "a5", "dl-trifold"), ("screen", "shop"), "letter")


def test_what_is_built_where_nothing_is_said() -> None:
    assert parse_settings("[build]\n").leaflets == Leaflets(("web", "a4"), ("screen", "desk"), "iso")
    assert parse_settings('[build]\neditions = ["shop"]\n').leaflets == Leaflets(editions=("shop",))


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n", "[workspace]\n"])
def test_nothing_said_is_the_default(text: str) -> None:
    assert parse_settings(text) == Settings()


def test_windows_line_ends_and_byte_order_mark() -> None:
    assert parse_settings("\ufeff" + FULL.replace("\n", "\r\n")) == parse_settings(FULL)


def test_a_locale_gets_the_fallback_that_the_workspace_declares() -> None:
    assert parse_settings(FULL).locale("bci").fallbacks == ("fr",)
    assert parse_settings('[fallbacks]\nbci = "pt"').locale("bci").fallbacks == ("pt",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title =", ["1 this is not valid TOML: Invalid value"]),
        ('[workspace]\ntitle = "a\n', ["2 this is not valid TOML: Illegal character '\\n'"]),
        ("x\n", ["1 this is not valid TOML: Expected '=' after a key in a key/value pair"]),
        ("\n[site]\n", ["2 [site] is unknown"]),
        ('workspace = "x"', ["1 workspace must be a table"]),
        ('a = 1\ntitle = "x"', ["1 [a] is unknown", "2 [title] is unknown"]),
        ("[workspace]\ntitle = 3", ["2 title must be a text"]),
        ('[workspace]\n\nname = "x"', ["3 name is unknown in [workspace]"]),
        ('[workspace]\naddress = "example.org"', ["2 address = “example.org” is not a web address"]),
        (
            '[workspace]\nsource-locale = "x"',
            ["2 source-locale: “x” is not a language tag (BCP 47), such as fr, pt-BR or sr-Latn"],
        ),
        ('[languages]\nadd = "fr"', ["2 add must be a list of language tags"]),
        ("[languages]\nremove = [1]", ["2 remove must be a list of language tags"]),
        ('[languages]\nadd = ["French"]', ["2 add: “French” is not a language tag (BCP 47); French is fr"]),
        ('[languages]\nadded = ["fr"]', ["2 added is unknown in [languages]"]),
        ("[build]\nformats = 'a4'", ["2 formats must be a list of names"]),
        ("[build]\nformats = [4]", ["2 formats must be a list of names"]),
        ("[build]\neditions = 'desk'", ["2 editions must be a list of names"]),
        ("[build]\n\neditions = ['desk', 'wall', 'air']", ["3 editions: there is no air, wall"]),
        ("[build]\npaper = ['letter']", ["2 paper must be a name"]),
        ("[build]\nflip = 'long'", ["2 flip is unknown in [build]"]),
        ("build = 'a4'", ["1 build must be a table"]),
        ("[fallbacks]\nbci = 1", ["2 bci must name one language"]),
        ('[fallbacks]\n"b ci" = "fr"', ["2 b ci: “b ci” is not a language tag (BCP 47), such as fr, pt-BR or sr-Latn"]),
        ("[documents.a]\n", ["1 [documents.a] must hold a table languages"]),
        ("[documents]\na = 1", ["2 [documents.a] must hold a table languages"]),
        ('[documents.a.languages]\nadded = ["fr"]', ["2 added is unknown in [documents.a.languages]"]),
        ('[documents.a]\nformat = 1\nlanguages = {add = ["fr"]}', ["2 format is unknown in [documents.a]"]),
    ],
)
def test_what_is_refused_and_where(text: str, found: list[str]) -> None:
    assert complaints(text) == found


def test_all_complaints_come_at_once() -> None:
    text = '[workspace]\ntitle = 1\nfoo = 2\n[languages]\nadd = ["?"]\n[nope]\n'
    assert [each.split(" ")[0] for each in complaints(text)] == ["3", "2", "5", "6"]


# fmt: off
LINES = st.sampled_from([
    "[workspace]", "[languages]", "[fallbacks]", "[documents]", "[documents.a.languages]", "[[documents]]", 'title = "x"',
    "add = []", 'add = ["fr"]', "remove = 1", 'bci = "fr"', "languages = {}", "a.b = 1", "x = [", "]", "# [workspace]", "",
    "title = 1979-05-27", "[build]", 'formats = ["a4"]', "editions = [[]]", 'editions = ["desk"]', "paper = {}",
    "[translation]", "wrap = 77.0", 'wrap = "none"', "grace-days = 1e9", "[memory]", "variants = {pt = [[]]}",
    'variants = {"pt-BR" = ["pt"]}', "[checks]", 'number = "off"', "number = []", "[checks.number]",
])
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=6).map("\n".join) | st.text(max_size=40))
def test_any_text_is_settings_or_invalid_input(text: str) -> None:
    try:
        found = parse_settings(text)
    except InvalidInput:
        return
    assert found.title


def test_how_catalogs_are_written_and_used() -> None:
    text = '[translation]\nwrap = "none"\ngrace-days = 30\n[memory]\nvariants = {"pt_BR" = ["pt"], "fa-AF" = ["fa"]}\n'
    assert parse_settings(text).translating == Translating(None, 30, {"pt-BR": ("pt",), "fa-AF": ("fa",)})


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[translation]\nwrap = 80\n", 2, 'wrap must be 77 or "none"'),
        ("[translation]\nwrap = 77.0\n", 2, 'wrap must be 77 or "none"'),
        ("[translation]\n\nwrap = []\n", 3, 'wrap must be 77 or "none"'),
        ("[translation]\ngrace-days = 3651\n", 2, "grace-days must be a number of days up to 3650"),
        ('[translation]\ngrace-days = "30"\n', 2, "grace-days must be a number of days up to 3650"),
        ("[translation]\nwidth = 77\n", 2, "width is unknown in [translation]"),
        ("[memory]\nvariants = {pt = 1}\n", 2, "variants must name the varieties of each language"),
        ("[memory]\nvariants = {pt = [1]}\n", 2, "variants must name the varieties of each language"),
        ("[translation]\ngrace-days = -1\n", 2, "grace-days must be a number of days up to 3650"),
        ("[translation]\ngrace-days = true\n", 2, "grace-days must be a number of days up to 3650"),
        ('[memory]\nvariants = "pt"\n', 2, "variants must name the varieties of each language"),
        (
            '[memory]\nvariants = {"pt" = ["brazilian"]}\n',
            2,
            "variants: “brazilian” is not a language tag (BCP 47), such as fr, pt-BR or sr-Latn",
        ),
    ],
)
def test_settings_of_catalogs_that_make_no_sense(text: str, line: int, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_settings(text)
    (fault,) = refused.value.diagnostics
    assert (fault.location.line, fault.message) == (line, message)


def test_how_grave_a_complaint_is() -> None:
    text = '[checks]\nnumber = "warning"\nunchanged = "off"\n"end-punctuation" = "info"\nfuzzy = "error"\n'
    assert parse_settings(text).severities == {
        "number": "warning",
        "unchanged": "off",
        "end-punctuation": "info",
        "fuzzy": "error",
    }
    assert parse_settings("").severities == {}


@pytest.mark.parametrize("weight", ['"none"', '"Error"', "1", "true", "[]", '{a = "b"}'])
def test_a_weight_that_is_none_is_refused_with_those_that_are(weight: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_settings(f'[checks]\nfuzzy = "error"\nnumber = {weight}\n')
    (fault,) = refused.value.diagnostics
    assert fault.location.line == 3
    assert fault.message == "number must be one of the weights that a complaint can have"
    assert fault.hint == 'such as number = "error"; there are error, warning, info, off'
