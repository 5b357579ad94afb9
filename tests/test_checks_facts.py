"""Checks of facts: a lost number, date, acronym, address or mark is found, and what languages do with them is left in peace."""

from __future__ import annotations

import random
import re
import time
import tomllib
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.mutations import REPOSITORY, Sample, declaration_samples, findings, measure, own_samples, untouched
from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Role, Segment
from pipeline.source.markdown import plain_text
from pipeline.translation.catalog import parse_catalog
from pipeline.translation.checks.calendars import CALENDARS, ethiopic, islamic, solar_hijri, vikram
from pipeline.translation.checks.dates import dates_in, rendered, years_elsewhere
from pipeline.translation.checks.facts import FACTS, facts_codes
from pipeline.translation.checks.figures import Reading, figures, roman_figures
from pipeline.translation.checks.folded import with_ascii_digits
from pipeline.translation.checks.links import phone_numbers, web_addresses
from pipeline.translation.checks.model import Knowledge, Pair, Term
from pipeline.translation.checks.months import month_named, month_text
from pipeline.translation.checks.names import acronyms_in
from pipeline.translation.checks.number_words import as_words, row, times_said
from pipeline.translation.message import Message

EN = Locale.parse("en")
LOCALES = tuple(sorted(path.name for path in (REPOSITORY / "locales").iterdir() if (path / "interface.po").is_file()))
LABELS = ("note", "1")
REGISTRY = Knowledge(names=frozenset({"LKL", "UPC-Manidem", "WRR (N)"}))
PAGES = REPOSITORY / "docs" / "checks"


def pair(original: str, text: str, tag: str = "de", markup: bool = True, role: Role = Role.PARAGRAPH) -> Pair:
    segment = Segment(original, Location("sources/letter.md", 3), role)
    words = [plain_text(each, LABELS) if markup else each for each in (original, text)]
    message = Message(original, (text,))
    languages = (EN, Locale.parse(tag))
    return Pair(segment, message, original, text, *languages, "locales/x/letter.po", LABELS, markup, *words)


def said(original: str, text: str, tag: str = "de", knowledge: Knowledge = REGISTRY, markup: bool = True) -> list[str]:
    """What the checks say, with the code at the end."""
    found = findings(Sample(pair(original, text, tag, markup), knowledge, ""))
    return [f"{each.message} [{each.code}]" for each in found]


# --- numbers ----------------------------------------------------------------------------------------------------------------

RIGHT_NUMBERS = [
    ("de", "10,000 people", "10 000 Menschen"),
    ("de-CH", "10,000 people", "10’000 Menschen"),
    ("fr", "10,000 people", "10\u202f000 personnes"),
    ("es", "1,234.5 tonnes", "1.234,5 toneladas"),
    ("ar", "10,000 people and 50%", "١٠٬٠٠٠ شخص و٥٠٪"),
    ("bn", "1,000,000 people", "১০,০০,০০০ মানুষ"),
    ("hi", "2.5 million people", "25 लाख लोग"),
    ("es", "2 billion people", "2.000 millones de personas"),
    ("de", "2.5 million people", "2,5 Millionen Menschen"),
    ("de", "1.2 or 3/4", "1,2 oder 3/4"),
    ("de", "at 2:30 p.m.", "um 14:30 Uhr"),
    ("de", "at 14:30", "um 14.30 Uhr"),
    ("fr", "at 14:30", "à 14h30"),
    ("fr", "in the 1990s", "dans les années 90"),
    ("de", "in the 80s of the last century", "in den 1980er-Jahren des 20. Jahrhunderts"),
    ("ru", "in the 20th century", "в XX веке"),
    ("ru", "in the 20th century", "в ХХ веке"),  # Cyrillic letters
    ("de", "Part IV", "Teil 4"),
    ("de", "Part IV", "Teil IV"),
    ("de", "World War II", "Zweiter Weltkrieg"),
    ("ar", "within 2 days", "في غضون يومين"),
    ("de", "within 1 day", "innerhalb eines Tages"),
    ("fr", "Article 1", "Article premier"),
    (
        "fr",
        "1 part in 3 is reserved for languages in which there is nothing",
        "un tiers est réservé aux langues où il n’y a rien",
    ),
    ("de", "3/4 of all", "drei Viertel von allen"),
    ("sw", "3 times", "mara tatu"),
    ("fa", "20 years", "بیست سال"),
    ("fr", "21 days", "vingt et un jours"),
    ("de", "21 days", "einundzwanzig Tage"),
    ("ar", "25 years", "خمسة وعشرون عاما"),
    ("fa", "Article 28", "مادهٔ بیست و هشتم"),
    ("it", "1st, 2nd and 3rd prize", "1º, 2º e 3º premio"),
    ("pt", "Monday", "2ª-feira"),
    ("de", "twelve members, two rooms", "12 Mitglieder, 2 Räume"),
    ("ta", "in 2020", "௨௦௨௦ இல்"),
    ("ta", "in 2020", "௨௲௨௰ இல்"),
    ("am", "in 2013", "በ፳፻፲፫"),
    ("nqo", "12 people", "߁߂"),
    ("km", "in 2021", "២០២១"),
    ("zh", "in 2021", "二〇二一年"),
    ("my", "30 days", "၃၀ ရက်"),
    ("pa", "30 days", "੩੦ ਦਿਨ"),
    ("si", "COVID-19 and G20", "COVID-19 සහ G20"),
]
WRONG_NUMBERS = [
    ("de", "30 days", "31 Tage", "the translation lacks the number 30; it has 31 [number]"),
    ("de", "30 days", "Tage", "the translation lacks the number 30 [number]"),
    ("fa", "30 days", "۰۳ روز", "the translation lacks the number 30; it has ۰۳ [number]"),
    ("de", "10,000", "1,000", "the translation lacks the number 10,000; it has 1,000 [number]"),
    ("bn", "2,052,087", "০২,৫২,০৮৭", "the translation lacks the number 2,052,087; it has ০২,৫২, ০৮৭ [number]"),
    ("fr", "at 2:30 p.m.", "à 15:30", "the translation lacks the number 2; it has 15 [number]"),
    ("de", "2 days, two rooms", "Tage, zwei Räume", "the translation lacks the number 2 [number]"),
    ("fa", "2 days", "سه روز", "the translation lacks the number 2 [number]"),
    ("de", "No 1", "Nein 0", "the translation lacks the number 1; it has 0 [number]"),
    (
        "de",
        "in many places",
        "an 45 Orten",
        "the translation has the number 45, which the original lacks [number-added]",
    ),
]


@pytest.mark.parametrize(("tag", "original", "text"), RIGHT_NUMBERS)
def test_a_number_may_be_written_as_the_language_writes_it(tag: str, original: str, text: str) -> None:
    assert said(original, text, tag) == []


@pytest.mark.parametrize(("tag", "original", "text", "complaint"), WRONG_NUMBERS)
def test_another_number_is_found(tag: str, original: str, text: str, complaint: str) -> None:
    assert said(original, text, tag) == [complaint]


@given(st.integers(0, 10**12), st.sampled_from(LOCALES))
def test_every_number_in_the_digits_of_a_language_is_worth_the_same(value: int, tag: str) -> None:
    [figure] = figures(Locale.parse(tag).digits(str(value)))
    assert figure.values == {value}


@given(st.integers(1000, 10**12), st.sampled_from(",.’ \u00a0\u202f٬"))
def test_groups_do_not_change_a_number(value: int, separator: str) -> None:
    written = f"{value:,}".replace(",", separator)
    [figure] = figures(written, Reading(joined=True))
    assert value in figure.values


@given(st.integers(1, 3999))
def test_roman_numbers_are_read_as_they_are_written(value: int) -> None:
    signs = {
        1000: "M",
        900: "CM",
        500: "D",
        400: "CD",
        100: "C",
        90: "XC",
        50: "L",
        40: "XL",
        10: "X",
        9: "IX",
        5: "V",
        4: "IV",
        1: "I",
    }
    rest, written = value, ""
    for worth, sign in signs.items():
        written += sign * (rest // worth)
        rest %= worth
    assert [each.values for each in roman_figures(written, every=True)] == [{value}]


def test_abbreviations_are_no_roman_numbers() -> None:
    assert roman_figures("CD, DVD, MD, DC, I and V") == ()


@pytest.mark.parametrize("tag", LOCALES)
def test_every_sample_language_has_words_for_small_numbers(tag: str) -> None:
    words = row(Locale.parse(tag))
    assert [len(str(words[name]).split()) for name in ("cardinals", "ordinals", "teens", "tens")] == [13, 13, 7, 10]


@pytest.mark.parametrize("tag", LOCALES)
@pytest.mark.parametrize("value", range(2, 13))
def test_the_word_for_a_number_is_not_the_word_for_another(tag: str, value: int) -> None:
    """Cardinals of a language, each by itself: "dreißig" must not pass for three."""
    locale = Locale.parse(tag)
    form = str(row(locale)["cardinals"]).split()[value].split("|")[0].rstrip("*").replace("_", " ")
    text = as_words(f"{'x' * 70} {form}", locale)
    assert times_said(value, text, locale) >= 1
    others = [other for other in range(1, 13) if other != value and times_said(other, text, locale)]
    compound = {11: {1, 10}, 12: {2, 10}}.get(value, set())
    assert set(others) <= compound


@settings(max_examples=300)
@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([*LOCALES, "ja", "th", "nqo"]))
def test_no_text_is_too_odd(original: str, text: str, tag: str) -> None:
    assert {each.rsplit("[", 1)[1][:-1] for each in said(original, text, tag)} <= set(facts_codes())


scraps = st.lists(
    st.sampled_from(
        "12 ۳ . , / - 0000 99999999999 ½ Ⅻ ፼ ௲ 十 May 31 12:60 30/02/2021 +49 ( ICOR https:// @ * ` [ ]( {a} % \\ \n".split(
            " "
        )
    )
).map("".join)


@settings(max_examples=300)
@given(scraps, scraps, st.sampled_from(["fa", "ne", "am", "th", "ja", "bn"]))
def test_no_pile_of_facts_is_too_odd(original: str, text: str, tag: str) -> None:
    said(original, text, tag)


@given(scraps)
def test_the_original_lacks_nothing_of_itself(text: str) -> None:
    assert [each for each in said(text, text, "en") if "markup-" not in each] == []


# --- dates ------------------------------------------------------------------------------------------------------------------

RIGHT_DATES = [
    ("de", "10 September 2021", "10.09.2021"),
    ("de", "September 10, 2021", "10. September 2021"),
    ("de", "2021-09-10", "10. September 2021"),
    ("de", "03/04/2026", "3. April 2026"),
    ("de", "03/04/2026", "4. März 2026"),
    ("fa", "on 10 September 2021", "در ۱۹ شهریور ۱۴۰۰"),
    ("fa", "on 10 September 2021", "در ۱۴۰۰/۰۶/۱۹"),
    ("fa-AF", "on 10 September 2021", "در ۱۹ سنبلهٔ ۱۴۰۰"),
    ("ps", "on 10 September 2021", "د ۱۴۰۰ کال د وږي ۱۹"),
    ("fa", "on 11 September 2001", "در ۱۱ سپتامبر ۲۰۰۱ (۲۰ شهریور ۱۳۸۰)"),
    ("fa", "since 1979, and from 2001 on", "از ۱۳۵۷ و پس از ۱۳۸۰ خورشیدی"),
    ("ar", "on 10 September 2021", "في ٣ صفر ١٤٤٣ هـ"),
    ("am", "on 11 September 2001", "በመስከረም 1 ቀን 1994 ዓ.ም"),
    ("ne", "on 10 September 2021", "वि.सं. २०७८ भदौ २५ गते"),
    ("bn", "on 10 September 2021", "২৬ ভাদ্র ১৪২৮"),
    ("th", "on 10 September 2021", "10 กันยายน 2564"),
    ("ja", "on 10 September 2021", "2021年9月10日"),
    ("zh", "on 10 September 2021", "二〇二一年九月十日"),
    ("vi", "on 10 September 2021", "ngày 10 tháng 9 năm 2021"),
    ("vi", "on 10 October 2021", "ngày 10 tháng mười năm 2021"),
    ("es", "from 3 to 5 May 2026", "del 3 al 5 de mayo de 2026"),
    ("fr", "1 May", "le premier mai"),
    ("pl", "in May 2026", "w maju 2026 roku"),
    ("pl", "on 12 June 2026", "12 VI 2026"),
    ("uk", "in July 2026", "у липні 2026 року"),
    ("ar", "1 January 2026", "1 كانون الثاني 2026"),
    ("hr", "12 June 2026", "12. lipnja 2026."),
    ("de", "members may 14 days later march 20 miles", "Mitglieder dürfen 14 Tage später 20 Meilen gehen"),
]
WRONG_DATES = [
    ("de", "10 September 2021", "10. Mai 2021", "the translation lacks the month of the date 10 September 2021 [date]"),
    ("de", "10 September 2021", "11. September 2021", "the translation lacks 10 of a date; it has 11 [date]"),
    ("fa", "10 September 2021", "۱۸ شهریور ۱۴۰۰", "the translation lacks 10 of a date; it has ۱۸ [date]"),
    ("fa", "10 September 2021", "۱۹ مهر ۱۴۰۰", "the translation lacks the month of the date 10 September 2021 [date]"),
    ("vi", "10 October 2021", "11 tháng 10 năm 2021", "the translation lacks 10 of a date; it has 11 [date]"),
    ("de", "12 June 2026", "12. Juli 2026", "the translation lacks the month of the date 12 June 2026 [date]"),
]


@pytest.mark.parametrize(("tag", "original", "text"), RIGHT_DATES)
def test_a_day_may_be_given_in_any_form_and_calendar(tag: str, original: str, text: str) -> None:
    assert said(original, text, tag) == []


@pytest.mark.parametrize(("tag", "original", "text", "complaint"), WRONG_DATES)
def test_another_day_is_found(tag: str, original: str, text: str, complaint: str) -> None:
    assert complaint in said(original, text, tag)


@settings(max_examples=200)
@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)), st.sampled_from(LOCALES))
def test_cldrs_date_is_the_same_day_in_every_language(day: date, tag: str) -> None:
    locale = Locale.parse(tag)
    assert said(f"on {EN.date(day).text} we met", f"… {locale.date(day).text} …", tag) == []


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(1, 11), st.sampled_from(LOCALES))
def test_another_month_is_found_in_every_language(day: date, later: int, tag: str) -> None:
    locale = Locale.parse(tag)
    day = day.replace(day=20)
    [named] = dates_in(EN.date(day).text, EN)
    other = day.replace(month=(day.month + later - 1) % 12 + 1)
    assert rendered(named, locale.date(other).text, locale) is None


@given(st.dates(date(1800, 1, 1), date(2190, 12, 31)), st.sampled_from(["solar-hijri", "ethiopic"]))
def test_exact_calendars_go_on_day_by_day(day: date, calendar: str) -> None:
    convert = CALENDARS[calendar]
    (year, month, of_month), (next_year, next_month, next_of_month) = (
        next(convert(each)) for each in (day, day + timedelta(days=1))
    )
    if (next_year, next_month) == (year, month):
        assert next_of_month == of_month + 1
    else:
        assert next_of_month == 1
        assert (next_year, next_month) in {(year, month + 1), (year + 1, 1)}


def test_known_days() -> None:
    assert next(solar_hijri(date(2019, 8, 21))) == (1398, 5, 30)
    assert next(solar_hijri(date(1979, 2, 11))) == (1357, 11, 22)
    assert next(solar_hijri(date(2020, 3, 20))) == (1399, 1, 1)
    assert next(ethiopic(date(2023, 9, 12))) == (2016, 1, 1)
    assert (1442, 9, 1) in set(islamic(date(2021, 4, 13)))
    assert (2078, 1, 1) in set(vikram(date(2021, 4, 14)))


def test_a_year_alone_is_another_only_where_the_text_says_so() -> None:
    assert years_elsewhere(2021, ()) == set()
    assert years_elsewhere(2021, ("islamic",)) >= {1442, 1443}
    assert said("in 2021", "در ۱۴۰۰", "fa") == ["the translation lacks the number 2021; it has ۱۴۰۰ [number]"]


def test_a_month_is_not_another_word() -> None:
    tamil = Locale.parse("ta")
    assert month_named(month_text("மேலும் 12 பேர்", tamil), tamil, 5) == ""
    assert month_named(month_text("மே 12", tamil), tamil, 5) == "மே"


# --- acronyms, names, addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "original", "text"),
    [
        ("tr", "The ICOR meets NATO.", "ICOR, NATO’nun"),
        ("tr", "The ICOR agreed.", "ICOR’un"),
        ("fr", "NATO and the USA", "l’OTAN et les États-Unis"),
        ("fa", "NATO and the USA", "ناتو و آمریکا"),
        ("ru", "The ICOR and NATO", "ИКОР и НАТО"),
        ("hi", "Leaflet (PDF)", "पर्चा (पीडीएफ)"),
        ("bn", "QR code", "কিউআর কোড"),
        ("de", "It is NOT allowed.", "Es ist verboten."),
        ("de", "DOWN WITH ALL WARS!", "Nieder mit allen Kriegen!"),
        ("de", "the US-led block", "der von den USA geführte Block"),
        ("de", "WRR (N) and LKL", "WRR (N) und LKL"),
    ],
)
def test_an_acronym_may_be_the_languages_own(tag: str, original: str, text: str) -> None:
    assert said(original, text, tag) == []


@pytest.mark.parametrize(
    ("tag", "original", "text", "complaint"),
    [
        ("de", "The ICOR agreed.", "Die ICRO stimmte zu.", "the translation lacks the acronym ICOR [acronym]"),
        ("de", "The ICOR agreed.", "Die SICOR stimmte zu.", "the translation lacks the acronym ICOR [acronym]"),
        ("ru", "The ICOR agreed.", "Организация", "the translation lacks the acronym ICOR [acronym]"),
        ("de", "UPC-Manidem", "UPC-Manidam", "the translation lacks the name UPC-Manidem [name]"),
        ("fr", "NATO", "l’OTSC", "the translation lacks the acronym NATO [acronym]"),
    ],
)
def test_a_lost_acronym_is_found(tag: str, original: str, text: str, complaint: str) -> None:
    assert said(original, text, tag) == [complaint]


def test_the_glossary_says_what_an_acronym_becomes() -> None:
    known = Knowledge(terms=(Term("ICOR", ("ایکور",)),))
    assert said("The ICOR agreed.", "ایکور موافقت کرد.", "fa", known) == []
    assert said("The ICOR agreed.", "ایکور موافقت کرد.", "fa") == ["the translation lacks the acronym ICOR [acronym]"]


def test_shouting_is_no_acronym() -> None:
    assert acronyms_in("STOP ALL WARS NOW! The UPML and NATO", "en") == ("UPML", "NATO")
    assert acronyms_in("PDF", "en") == ("PDF",)
    assert acronyms_in("NO WAR", "en") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Siehe https://example.org/b.", "the translation lacks the address https://example.org/a [address]"),
        ("Siehe.", "the translation lacks the address https://example.org/a [address]"),
    ],
)
def test_an_address_is_kept_letter_by_letter(text: str, complaint: str) -> None:
    assert said("See https://example.org/a.", "Siehe (https://example.org/a)!") == []
    assert complaint in said("See https://example.org/a.", text)


def test_an_address_that_the_original_lacks_is_found() -> None:
    assert said("Write to us.", "Schreibt an desk@example.org.") == [
        "the translation has the address desk@example.org, which the original lacks [address-foreign]"
    ]
    assert said("Come.Now", "Kommt.jetzt") == []


def test_telephone_numbers_keep_their_digits_and_not_their_gaps() -> None:
    assert said("Call +49 30 123456.", "Ruft +49 (30) 12 34 56 an.") == []
    assert said("Call +49 30 123456.", "اتصل ‎+٤٩ ٣٠ ١٢٣٤٥٦", "ar") == []
    assert said("Call +49 30 123456.", "Ruft +49 30 123465 an.") == [
        "the translation lacks the telephone number +49 30 123456 [address]"
    ]


def test_what_is_an_address() -> None:
    assert web_addresses("See example.org/a, www.example.org. e.g. this, 12.30 and a@b.example") == (
        "example.org/a",
        "www.example.org",
        "a@b.example",
    )
    assert phone_numbers("from 10.09.2021 to 2 000 000, tel. 030 123456") == ("030 123456",)


# --- the inline tree ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "original", "text"),
    [
        ("de", "*Yes* and `x` [a](https://example.org)[^1]", "[a](https://example.org)[^1] mit `x`, *ja*"),
        ("de", "readers", "Leser\\*innen"),
        ("ja", "*Yes* and more", "「はい」など"),
        ("ja", "*Yes* and more", "**はい**など"),
        ("de", "Read,\\\nwrite!", "Lies,\\\nschreib!"),
        ("de", "[sic] (so)", "\\[so\\] (wirklich)"),
        ("de", "as of {date}", "Stand: {date}"),
    ],
)
def test_the_order_of_marks_is_free(tag: str, original: str, text: str) -> None:
    assert said(original, text, tag) == []


@pytest.mark.parametrize(
    ("original", "text", "complaints"),
    [
        ("[a](https://example.org)", "[a](https://example.net)", ["markup-foreign", "markup-lost"]),
        ("a", "![a](a.png)", ["markup-foreign"]),
        ("[a](https://example.org)", '[a](https://example.org "b")', ["markup-foreign"]),
        ("a[^1]", "a", ["markup-lost"]),
        ("a[^1]", "a[^1][^1]", ["markup-repeated"]),
        ("[a](b.html) [c](b.html)", "[a](b.html)", ["markup-lost"]),
        ("a[^1]", "a[^2]", ["markup-lost", "markup-broken"]),
        ("[a](https://example.org)", "[a] (https://example.org)", ["markup-lost", "markup-broken"]),
        ("*a*", "*a", ["markup-broken", "emphasis"]),
        ("*a*", "a", ["emphasis"]),
        ("a", "Leser*innen und Autor*innen", ["emphasis"]),
        ("a", "Leser*innen", []),
        ("**a**", "*a*", ["emphasis", "emphasis"]),
        ("`a`", "`b`", ["code-changed"]),
        ("a", "`a`", ["code-changed"]),
        ("a", "a <b>b</b>", ["markup-broken"]),
        ("a\\\nb", "a b", ["line-break"]),
        ("{name}", "{Name}", ["placeholder-changed"]),
        ("100 %s", "100", ["placeholder-changed"]),
    ],
)
def test_marks_are_compared_as_a_tree(original: str, text: str, complaints: list[str]) -> None:
    assert [each.rsplit("[", 1)[1][:-1] for each in said(original, text)] == complaints


def test_a_lost_strong_emphasis_is_told_in_every_script() -> None:
    assert said("**It is a right.**", "これは権利だ。", "ja") == [
        "the translation drops an emphasis **words** [emphasis]"
    ]


def test_plain_text_has_no_marks() -> None:
    assert said("A *star*", "Ein Stern", markup=False) == []


def test_the_interface_complains_of_its_own_placeholders() -> None:
    role = pair("as of {date}", "Stand", role=Role.INTERFACE)
    assert findings(Sample(role, Knowledge(), "")) == []


# --- the whole ----------------------------------------------------------------------------------------------------------------


def test_every_code_is_in_the_table_and_has_its_page() -> None:
    sources = files("pipeline.translation.checks")
    modules = ("inline", "numbers", "names", "links")
    text = "".join((sources / f"{each}.py").read_text("utf-8") for each in modules)
    assert set(re.findall(r'Finding\(\s*"([a-z-]+)"', text)) == set(facts_codes())
    assert all(set(each) == {"severity", "dismissible"} for each in facts_codes().values())
    assert [code for code, each in facts_codes().items() if each["severity"] == "error"] == ["markup-foreign"]


@pytest.mark.parametrize("code", sorted(facts_codes()))
def test_the_example_of_a_page_is_wrong_and_mended_is_not(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text("utf-8")
    wrong, mended = re.findall(r"^```po\n(msgid .*?)^```$", page, re.DOTALL | re.MULTILINE)
    for block, expected in ((wrong, True), (mended, False)):
        header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        [message] = [each for each in parse_catalog((header + block).encode(), "x.po", None).messages if each.msgid]
        codes = {each.rsplit("[", 1)[1][:-1] for each in said(message.msgid, message.msgstr[0])}
        assert (code in codes) is expected, codes


def test_tables_are_whole() -> None:
    months = tomllib.loads((files("pipeline.translation.checks") / "tables" / "facts_months.toml").read_text("utf-8"))
    assert {len(row.split()) for row in months["gregorian"].values()} == {12}
    assert set(months["calendars"]) == set(CALENDARS)
    names = tomllib.loads((files("pipeline.translation.checks") / "tables" / "facts_names.toml").read_text("utf-8"))
    assert {len(row.split()) for row in [*names["letters"].values(), *names["transliterated"].values()]} == {26}


def test_digits_of_all_scripts_keep_their_places() -> None:
    assert with_ascii_digits("۱a٢b३") == "1a2b3"


def test_the_sample_catalogs_are_right_and_it_takes_little_time() -> None:
    samples = list(own_samples(REPOSITORY))
    alarms, _ = untouched(samples)
    assert len(samples) > 4000
    assert [(each.where, finding.message) for each, finding in alarms] == []
    began = time.process_time()
    untouched(samples)
    assert (time.process_time() - began) / len(samples) < 0.001  # the bar is 0.3 ms; here with room for a busy machine


@pytest.mark.slow
def test_faults_in_a_sample_of_the_catalogs_are_caught() -> None:
    score = measure(list(own_samples(REPOSITORY))[::60], each=1, seed=7)
    assert score.put.total() > 800
    assert score.caught.total() >= 0.99 * score.put.total(), score.missed


@pytest.mark.slow
def test_faults_in_all_catalogs_are_caught_and_none_cries_wolf(shared: Path) -> None:
    samples = [*own_samples(REPOSITORY), *declaration_samples(shared / "udhr" / "po")]
    alarms, _ = untouched(samples)
    assert len(alarms) < 0.01 * len(samples)
    assert all(facts_codes()[finding.code]["severity"] == "warning" for _, finding in alarms)
    chance = random.Random(5)
    score = measure(chance.sample(samples, 600), each=1, seed=5)
    assert score.caught.total() >= 0.99 * score.put.total(), score.missed
    kinds = {label for label in score.put if score.caught[label] < 0.98 * score.put[label]}
    assert kinds == set()
    assert len(FACTS) == 12
