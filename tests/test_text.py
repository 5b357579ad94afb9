"""Words become HTML: spaced as the language spaces them, and with foreign directions isolated."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.typesetting.text import Medium, Typesetter, foreign_runs, space

THIN, WIDE = "\u202f", "\u00a0"
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
TAGS = ("en", "fr", "fr-CA", "br", "fa", "ar", "he", "pl", "cs", "ru", "uk", "zgh", "hi")


def spaced(text: str, tag: str) -> str:
    return space(text, Locale.parse(tag))


def html(text: str, tag: str, medium: Medium = "print") -> str:
    return str(Typesetter(Locale.parse(tag), medium).html(text))


def words_of(markup: str) -> str:
    """The text of what a Typesetter made."""
    return unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        ("fr", "Quoi ?", f"Quoi{THIN}?"),
        ("fr", "Oui ! Non ; peut-être : voilà", f"Oui{THIN}! Non{THIN}; peut-être{WIDE}: voilà"),
        ("fr", f"Déjà{WIDE}! et{THIN}: là", f"Déjà{THIN}! et{WIDE}: là"),
        ("fr", "« Un mot »", f"«{WIDE}Un mot{WIDE}»"),
        ("fr", "à 12:30, http://exemple.org/a?b", "à 12:30, http://exemple.org/a?b"),
        ("fr-CA", "Quoi ? Oui : non", f"Quoi ? Oui{WIDE}: non"),
        ("fr-BE", "Quoi ?", f"Quoi{THIN}?"),
        ("br", "Petra ?", f"Petra{THIN}?"),
        ("en", "What ? « no »", "What ? « no »"),
        ("de", "10 % von 5 km", f"10{WIDE}% von 5{WIDE}km"),
        ("pl", "w domu i z psem", f"w{WIDE}domu i{WIDE}z{WIDE}psem"),
        ("cs", "v lese, o tom", f"v{WIDE}lese, o{WIDE}tom"),
        ("ru", "Я и ты в лесу", f"Я{WIDE}и{WIDE}ты в{WIDE}лесу"),
        ("uk", "ліс і поле", f"ліс і{WIDE}поле"),
    ],
)
def test_a_language_has_its_own_spaces(tag: str, text: str, wanted: str) -> None:
    assert spaced(text, tag) == wanted


def test_a_french_mark_without_a_space_gets_room_but_no_character() -> None:
    assert html("Quoi?", "fr") == 'Quoi<span class="mark">?</span>'
    assert html("à 12:30", "fr") == "à 12:30"
    assert html("Voir : ici", "fr") == f"Voir{WIDE}: ici"
    assert html("Voir: ici!", "fr-CA") == 'Voir<span class="mark">:</span> ici!'


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("حزب CPA (ML)!", ["CPA (ML)"]),
        ("حزب CPA/ML، و PCR-U.", ["CPA/ML", "PCR-U"]),
        ("(ML) حزب", ["ML"]),
        ("حزب CPA (م)", ["CPA"]),
        ("حزب A [B (C)] D", ["A [B (C)] D"]),
        ("حزب A (B", ["A", "B"]),
        ("https://example.org/a?b=1#c را بخوانید", ["https://example.org/a?b=1#c"]),
        ("۴۰ درخت، 40", []),
    ],
)
def test_latin_in_persian_is_isolated_with_its_brackets(text: str, runs: list[str]) -> None:
    assert [text[start:end] for start, end in foreign_runs(text, "rtl")] == runs


def test_the_acronym_with_brackets_and_a_shout_in_persian() -> None:
    assert html("حزب CPA (ML)!", "fa") == f"حزب {LRI}CPA (ML){PDI}!"
    assert html("حزب CPA (ML)!", "fa", "web") == 'حزب <bdi dir="ltr">CPA (ML)</bdi>!'
    assert html("The حزب (سیب) party", "en") == f"The {RLI}حزب (سیب){PDI} party"


def test_nothing_but_our_own_elements_comes_out() -> None:
    assert html("<b onclick='x'>&amp;</b>", "en") == "&lt;b onclick=&#x27;x&#x27;&gt;&amp;amp;&lt;/b&gt;"
    assert html("«<i>» !", "fr") == f"«&lt;i&gt;»{THIN}!"


texts = (
    st.text(st.sampled_from("ab1 ٣אبم()[]{}.,!?:;«»-–/&<>\"'%" + THIN + WIDE + LRI + PDI + "\u200c\u0651")) | st.text()
)


def without_ours(text: str) -> str:
    """The text with every kind of space the same, and without isolates."""
    return re.sub(f"[{LRI}{RLI}{PDI}]", "", re.sub(f"[ {THIN}{WIDE}]", " ", text))


@given(texts, st.sampled_from(TAGS), st.sampled_from(["web", "print"]))
def test_only_isolates_spaces_and_markup_are_ours(text: str, tag: str, medium: Medium) -> None:
    assert without_ours(words_of(html(text, tag, medium))) == without_ours(text)


@given(texts, st.sampled_from(TAGS), st.sampled_from(["web", "print"]))
def test_only_a_closed_set_of_elements_is_ours(text: str, tag: str, medium: Medium) -> None:
    allowed = r'<(?:bdi dir="(?:ltr|rtl)"|/bdi|span class="mark"|/span)>|[^<>]'
    assert re.fullmatch(f"(?:{allowed})*", html(text, tag, medium), re.DOTALL)


@given(texts, st.sampled_from(["ltr", "rtl"]))
def test_brackets_in_an_isolate_are_balanced(text: str, direction: str) -> None:
    position = 0
    for start, end in foreign_runs(text, direction):
        assert position <= start < end <= len(text)
        waiting: list[str] = []
        for sign in text[start:end]:
            if sign in "([{":
                waiting.append({"(": ")", "[": "]", "{": "}"}[sign])
            elif sign in ")]}":
                assert waiting
                assert waiting.pop() == sign
        assert not waiting
        position = end


@given(texts, st.sampled_from(TAGS))
def test_spacing_twice_is_spacing_once(text: str, tag: str) -> None:
    assert spaced(spaced(text, tag), tag) == spaced(text, tag)


def test_a_hostile_text_of_open_brackets_costs_one_pass() -> None:
    """It took hours when every run looked for its brackets anew."""
    assert foreign_runs("a(" * 50_000, "rtl") == [(start, start + 1) for start in range(0, 100_000, 2)]
