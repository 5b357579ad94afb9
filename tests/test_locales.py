"""Every language tag becomes one canonical tag, and every locale has dates, digits, lists, plurals and names."""

from __future__ import annotations

import csv
import random
import re
from datetime import date
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale as CldrLocale
from babel.core import get_global
from babel.localedata import locale_identifiers
from babel.messages.plurals import PLURALS
from babel.plural import to_gettext
from fontTools.unicodedata import Scripts, script_horizontal_direction
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import cldr_gaps
from pipeline.locales import Locale, is_country, official_languages

DAY = date(2026, 2, 21)
CLDR_TAGS = sorted(locale_identifiers())
COUNTRIES = sorted(code for code in CldrLocale("en").territories if is_country(code))


def tag(text: str) -> str:
    return Locale.parse(text).tag


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("fr", "fr"),
        ("  FR ", "fr"),
        ("prs", "fa-AF"),
        ("fa_AF", "fa-AF"),
        ("pes", "fa"),
        ("ku", "kmr"),
        ("kmr", "kmr"),
        ("ckb", "ckb"),
        ("pt_br", "pt-BR"),
        ("no", "nb"),
        ("iw", "he"),
        ("sh", "sr-Latn"),
        ("mo", "ro"),
        ("sr", "sr"),
        ("sr-Cyrl", "sr"),
        ("sr-Latn", "sr-Latn"),
        ("sr@latin", "sr-Latn"),
        ("sr-Latin", "sr-Latn"),
        ("sr_RS@latin", "sr-Latn-RS"),
        ("bs-Cyrl", "bs-Cyrl"),
        ("bs-Latn", "bs"),
        ("az-Arab", "az-Arab"),
        ("az_Arab_IR", "az-IR"),
        ("uz@cyrillic", "uz-Cyrl"),
        ("tzm-Tfng", "zgh"),
        ("zgh", "zgh"),
        ("gn", "gn"),
        ("ay", "ay"),
        ("kg", "kg"),
        ("lua", "lua"),
        ("bci", "bci"),
        ("ht", "ht"),
        ("de-1996", "de-1996"),
        ("el-monoton", "el-monoton"),
        ("ca@valencia", "ca-valencia"),
        ("zh-Hans", "zh-Hans"),
        ("zh_TW", "zh-TW"),
        ("en-UK", "en-GB"),
        ("es-419", "es-419"),
        ("fr-x-facile", "fr-x-facile"),
        ("X-Our-Town", "x-our-town"),
        ("und-Latn", "und"),
        ("und-Mymr-x-old", "und-Mymr-x-old"),
        ("und-Qaaa", "und-Qaaa"),
        ("qtx-Cyrl", "qtx-Cyrl"),
        ("zh-yue", "yue"),
        ("zh-cmn-Hant", "zh-Hant"),
        ("ar-arb", "ar"),
        ("uz-uzn-Cyrl-UZ", "uz-Cyrl-UZ"),
        ("sgn-ase", "ase"),
        ("zh-min-nan", "nan"),
        ("i-klingon", "tlh"),
        ("en-GB-oed", "en-GB-oxendict"),
    ],
)
def test_spellings_of_a_tag(written: str, canonical: str) -> None:
    assert tag(written) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "e",
        "english",
        "jp",  # Japan is JP, Japanese is ja
        "gr",
        "cz",
        "ua",
        "xx",
        "fr fr",
        "fr,de",
        "fr-",
        "-fr",
        "fr--CA",
        "../fr",
        "fr/..",
        "fr\x00",
        "fr\nde",
        "..",
        "C",
        "POSIX",
        "en@quot",
        "de@euro",
        "de_DE.UTF-8",
        "de-deu",
        "zh-yue-hak",
        "x",
        "x-",
        "x-a/b",
        "i-nothing",
        "fr-Xxxx",
        "fr-<b>",
        "fr-u-nu-latn",
        "х",
        "ﬁ",
        "fr-" + "a" * 9,
    ],
)
def test_hostile_tags_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a language tag"):
        Locale.parse(text)


def test_the_name_of_a_language_is_answered_with_its_tag() -> None:
    with pytest.raises(ValueError, match=r"“swahili” is not a language tag \(BCP 47\); Swahili is sw$"):
        Locale.parse("swahili")


@pytest.mark.parametrize(
    ("text", "script", "direction"),
    [
        ("ar", "Arab", "rtl"),
        ("fa-AF", "Arab", "rtl"),
        ("ckb", "Arab", "rtl"),
        ("kmr", "Latn", "ltr"),
        ("az-Arab", "Arab", "rtl"),
        ("az-IR", "Arab", "rtl"),
        ("az", "Latn", "ltr"),
        ("ur", "Arab", "rtl"),
        ("he", "Hebr", "rtl"),
        ("dv", "Thaa", "rtl"),
        ("pa", "Guru", "ltr"),
        ("pa-PK", "Arab", "rtl"),
        ("zgh", "Tfng", "ltr"),
        ("bs-Cyrl", "Cyrl", "ltr"),
        ("sr", "Cyrl", "ltr"),
        ("zh", "Hans", "ltr"),
        ("zh-TW", "Hant", "ltr"),
        ("bci", "Latn", "ltr"),
        ("und-Mlym", "Mlym", "ltr"),
    ],
)
def test_script_and_direction(text: str, script: str, direction: str) -> None:
    locale = Locale.parse(text)
    assert (locale.script, locale.direction) == (script, direction)


@pytest.mark.parametrize(
    ("text", "endonym"),
    [
        ("fr", "Français"),
        ("fr-CA", "Français (Canada)"),
        ("pt-BR", "Português (Brasil)"),
        ("zu", "isiZulu"),
        ("fa-AF", "دری"),
        ("kmr", "Kurdî (Kurmancî)"),
        ("sr-Latn", "Srpski (latinica)"),
        ("bs-Cyrl", "Босански (ћирилица)"),
        ("lua", "Tshiluba"),
        ("ht", "Kreyòl ayisyen"),
        ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
        ("hy", "Հայերեն"),
        ("mhn", "mhn"),  # CLDR has no name for it
    ],
)
def test_endonyms(text: str, endonym: str) -> None:
    assert Locale.parse(text).endonym == endonym


@pytest.mark.parametrize(
    ("text", "day", "speaking"),
    [
        ("de", "21. Februar 2026", "de"),
        ("de-1996", "21. Februar 2026", "de-1996"),
        ("bn", "২১ ফেব্রুয়ারী, ২০২৬", "bn"),
        ("fa-AF", "۲۱ فبروری ۲۰۲۶", "fa-AF"),
        ("kmr", "21ê sibata 2026an", "kmr"),
        ("yo", "21 Oṣù Èrèlè 2026", "yo"),
        ("ay", "21 de febrero de 2026", "es"),
        ("az-Arab", "۲۱ فوریهٔ ۲۰۲۶", "fa"),
        ("az-IR", "۲۱ فوریهٔ ۲۰۲۶", "fa"),
        ("bci", "21 février 2026", "fr"),
        ("lua", "21 février 2026", "fr"),
        ("und", "February 21, 2026", "en"),
    ],
)
def test_dates_and_whose_words_they_are(text: str, day: str, speaking: str) -> None:
    localized = Locale.parse(text).date(DAY)
    assert (localized.text, localized.locale.tag) == (day, speaking)


@pytest.mark.parametrize("text", ["ckb-Latn", "sa-Gran", "vi-Hani", "ii-Latn"])
def test_facts_in_another_script_are_not_the_locales(text: str) -> None:
    """Kurdish in Latin letters has no Arabic digits."""
    locale = Locale.parse(text)
    assert (locale.digits("2026"), locale.counter_style) == ("2026", "decimal")
    assert (locale.date(DAY).text, locale.date(DAY).locale.tag) == ("February 21, 2026", "en")
    check_all_facts(locale)


def test_a_workspace_may_declare_another_fallback() -> None:
    locale = Locale.parse("lua", {"lua": "sw"})
    assert locale.date(DAY).text == "21 Februari 2026"
    assert locale == Locale.parse("lua")


def test_countries_and_lists_and_names_of_languages() -> None:
    french = Locale.parse("fr")
    assert french.country("TG").text == "Togo"
    assert french.country("DE").text == "Allemagne"
    assert (Locale.parse("bci").country("DE").text, Locale.parse("bci").country("DE").locale.tag) == ("Allemagne", "fr")
    assert (french.country("XX").text, french.country("XX").locale.tag) == ("XX", "en")
    assert french.list(["a", "b", "c"]) == "a, b et c"
    assert french.list([]) == ""
    assert french.name_of(Locale.parse("kmr")).text == "kurde"
    assert french.name_of(Locale.parse("bci")).text == "Baoulé"  # CLDR does not name it in French: English does


def test_pseudo_locales_have_the_facts_of_english() -> None:
    long, mirrored = Locale.parse("qps-long"), Locale.parse("QPS_RTL")
    assert [(each.tag, each.script, each.direction) for each in (long, mirrored)] == [
        ("qps-long", "Latn", "ltr"),
        ("qps-rtl", "Arab", "rtl"),
    ]
    assert (long.endonym, mirrored.endonym) == ("Pseudo, long", "Pseudo, right to left")
    for each in (long, mirrored):
        assert (each.date(DAY).text, each.date(DAY).locale.tag) == ("February 21, 2026", "en")
        assert (each.country("DE").text, each.digits("2026"), each.numbering_system) == ("Germany", "2026", "latn")
        assert each.plural_forms == Locale.parse("en").plural_forms
        check_all_facts(each)
    assert Locale.parse("fr").name_of(long).text == "Pseudo, long"
    with pytest.raises(ValueError, match="is not a language tag"):
        Locale.parse("qps-wide")


def test_plurals_of_both_tables() -> None:
    assert Locale.parse("de").plural_forms == "nplurals=2; plural=(n != 1);"
    assert Locale.parse("kmr").nplurals == 2
    assert [Locale.parse("ru").plural_index(count) for count in (1, 2, 5, 11, 21)] == [0, 1, 2, 2, 0]
    assert len({Locale.parse("ar").plural_index(count) for count in (0, 1, 2, 3, 11, 100)}) == 6
    assert [Locale.parse("gu").plural_index(count) for count in (0, 1, 2)] == [0, 0, 1]
    assert [Locale.parse("hsb").plural_index(count) for count in (1, 2, 3, 5, 101)] == [0, 1, 2, 3, 0]


def test_plurals_that_we_declare_say_what_cldr_says() -> None:
    # Weblate's and gettext's rules for these are older than CLDR's; translators' tools have them.
    traditions = {"ak", "fil", "ln", "mg", "ti", "tzm", "uz", "wa"}
    for language in sorted(set(cldr_gaps.PLURAL_FORMS) - set(PLURALS) - traditions):
        if language not in CLDR_TAGS or not CldrLocale(language).plural_form.tags:
            continue  # CLDR does not know
        locale = Locale.parse(language)
        theirs = c2py(to_gettext(CldrLocale(language).plural_form).split("plural=")[1].rstrip(";"))
        ours = [locale.plural_index(count) for count in range(200)]
        # gettext numbers the forms in the order of its rule, CLDR by name: the partition is what counts.
        assert len(set(ours)) == len(set(zip(ours, map(theirs, range(200)), strict=True))), language


@pytest.mark.slow
def test_no_locale_crashes_or_prints_a_hole() -> None:
    assert len(CLDR_TAGS) > 1000
    asked = [*CLDR_TAGS, *cldr_gaps.FALLBACKS, *cldr_gaps.ENDONYMS]
    random.Random(7).shuffle(asked)  # Babel's answers may depend on which locale was asked before
    for text in asked:
        check_all_facts(Locale.parse(text))


def check_all_facts(locale: Locale) -> None:
    dates = [locale.date(date(2026, month, 28)).text for month in range(1, 13)]
    assert len(set(dates)) == 12
    printed = [
        *dates,
        locale.tag,
        locale.endonym,
        locale.english_name,
        locale.country("TG").text,
        locale.list(["a", "b", "c"]),
        locale.list(["a"]),
        locale.digits("2026"),
        locale.name_of(Locale.parse("fr")).text,
        locale.counter_style,
        locale.plural_forms,
    ]
    for text in printed:
        assert text
        assert "None" not in text
        assert not re.search(r"M\d\d|MMM|LLL", text)
    assert locale.direction in ("ltr", "rtl")
    assert all(0 <= locale.plural_index(count) < locale.nplurals for count in [*range(130), 1_000_000])
    assert Locale.parse(locale.tag) == locale
    assert Locale.parse(locale.tag).fallbacks == locale.fallbacks


def test_direction_is_cldrs() -> None:
    for text in CLDR_TAGS:
        theirs = CldrLocale.parse(text).text_direction
        assert theirs in (Locale.parse(text).direction, "ttb"), text


def test_direction_is_unicodes_for_every_script() -> None:
    for script in sorted(Scripts.NAMES):
        try:
            locale = Locale.parse(f"und-{script}")
        except ValueError:
            continue  # CLDR does not name it yet
        assert locale.direction == script_horizontal_direction(script, default="LTR").lower(), script


@pytest.mark.parametrize(
    ("text", "words", "written"),
    [
        ("und", "ਸਾਰੇ ਮਨੁੱਖ", "und-Guru"),
        ("und", "すべての人間", "und-Jpan"),
        ("und", "모든 사람", "und-Kore"),
        ("und", "tous les humains", "und"),
        ("und", "1, 2!", "und"),
        ("und-Latn-x-a", "ꢒ ꢒ", "und-Saur-x-a"),
        ("x-a", "Ꮳ", "und-Cher-x-a"),
        ("ja", "世界人権宣言", "ja"),
        ("zh-TW", "世界人權宣言", "zh-TW"),
        ("ko", "世界人權宣言", "ko"),
        ("az-IR", "bütün insanlar", "az-Latn-IR"),
        ("uz-Cyrl", "barcha odamlar", "uz"),
        ("ur", "تمام انسان", "ur"),
        ("qps-rtl", "all", "qps-rtl"),
    ],
)
def test_a_text_says_which_script_it_is_in(text: str, words: str, written: str) -> None:
    locale = Locale.parse(text).written(words)
    assert locale.tag == written
    assert Locale.parse(locale.tag) == locale.written(words) == locale


def test_every_alias_of_cldr_becomes_a_stable_tag() -> None:
    for alias in get_global("language_aliases"):
        try:
            locale = Locale.parse(alias)
        except ValueError:
            continue  # grandfathered tags such as art-lojban
        assert Locale.parse(locale.tag) == locale, alias


def test_the_languages_of_the_real_page(shared: Path) -> None:
    path = shared / "languages" / "signatory-languages.csv"
    if not path.is_file():
        pytest.skip("signatory-languages.csv is not here")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 30
    for row in rows:
        locale = Locale.parse(row["lang"])
        assert (locale.script, locale.direction) == (row["script"], row["direction"]), row["lang"]
        check_all_facts(locale)


def test_what_is_official_where_the_signatories_live() -> None:
    def tags(country: str) -> list[str]:
        return [locale.tag for locale in official_languages(country)]

    assert tags("AF") == ["fa-AF", "ps"]
    assert tags("CH") == ["de", "fr", "it"]
    assert set(tags("BA")) == {"bs", "bs-Cyrl", "hr", "sr", "sr-Latn"}
    assert tags("LK") == ["si", "ta"]
    assert set(tags("HT")) == {"ht", "fr"}
    assert tags("XX") == []


def test_official_languages_of_every_country() -> None:
    assert len(COUNTRIES) > 240
    silent = [code for code in COUNTRIES if not official_languages(code)]
    for code in COUNTRIES:
        for locale in official_languages(code):
            check = Locale.parse(locale.tag)
            assert check == locale
            assert locale.endonym
    assert set(silent) <= {"AC", "AQ", "BV", "CP", "HM", "TA", "TF"}  # nobody, or nobody by law, lives there


@given(st.text(max_size=12))
@example("tg")
def test_is_country_takes_any_text(text: str) -> None:
    assert is_country(text) is (text in COUNTRIES)


SUBTAGS = st.one_of(
    st.sampled_from(CLDR_TAGS),
    st.sampled_from(sorted(get_global("language_aliases"))),
    st.builds(
        "{}{}{}{}{}".format,
        st.from_regex(r"[A-Za-z]{2,3}", fullmatch=True),
        st.sampled_from(["", "-Latn", "_cyrl", "-ARAB", "@latin"]),
        st.sampled_from(["", "-AF", "_br", "-419", "-UK"]),
        st.sampled_from(["", "-1996", "-monoton", "-1996-latin"]),
        st.sampled_from(["", "-x-a-1"]),
    ),
)


@given(SUBTAGS)
def test_parse_is_idempotent(text: str) -> None:
    try:
        locale = Locale.parse(text)
    except ValueError:
        return
    again = Locale.parse(locale.tag)
    assert (again, again.fallbacks) == (locale, locale.fallbacks)
    assert Locale.parse(locale.tag.replace("-", "_").upper()) == locale
    assert re.fullmatch(r"[a-zA-Z0-9-]+", locale.tag)


@given(st.text(max_size=20))
def test_any_text_is_a_locale_or_a_value_error(text: str) -> None:
    try:
        locale = Locale.parse(text)
    except ValueError:
        return
    assert re.fullmatch(r"[a-zA-Z0-9-]+", locale.tag)
