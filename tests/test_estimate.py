"""How many pages a text will fill, guessed by the widths of its words: roughly right, and it never stumbles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.typesetting.estimate import Estimate
from pipeline.typesetting.imprint import ContactLine
from pipeline.typesetting.page import Page
from tests.golden import print_page

#: A page so high that nothing else on it counts.
PAGE = replace(print_page("en"), area_pt=(300.0, 1e6), leading=1.0)
WORD = "xxxxxxxxx "


def half_an_em(character: str, language: str) -> float:
    return 0.5


def guess(body: str, size: float = 10, page: Page = PAGE, style: str = "p{color:red}") -> float:
    """How many points of the page the body takes."""
    html = f"<html lang=en><head><title>xx</title><style>{style}</style></head><body>%s</body></html>"
    full, empty = (
        Estimate(replace(page, html=html % each), half_an_em).pages(size) * page.area_pt[1] for each in (body, "")
    )
    return full - empty


def test_a_text_has_as_many_lines_as_its_words_need() -> None:
    """Five words of 50 pt to a line of 300 pt, and half of the sixth stays white: 40 words are some eight lines and a half."""
    found = guess("<p>" + WORD * 40)
    assert found == pytest.approx(10 * (40 * 50 / (300 - 25) + 0.5), rel=0.1)
    assert guess("<p>" + WORD * 80) == pytest.approx(2 * found, rel=0.1)


def test_a_short_text_is_one_line() -> None:
    assert guess("<p>word") == guess("<p>two words") < guess("<p>" + WORD * 7)


def test_the_height_grows_with_nearly_the_square_of_the_size() -> None:
    text = "<p>" + "xx " * 900
    assert guess(text, 20) == pytest.approx(4 * guess(text, 10), rel=0.1)


def test_leading_columns_and_room_count() -> None:
    text = "<p>" + WORD * 200
    loose, wide = replace(PAGE, leading=1.5), replace(PAGE, area_pt=(600.0, 1e6))
    assert guess(text, page=loose) == pytest.approx(1.5 * guess(text), rel=0.05)
    assert guess(text, page=wide) == pytest.approx(0.5 * guess(text), rel=0.1)
    assert guess(text, page=wide, style=":root{--columns: 2; --gutter: 0mm}") == pytest.approx(
        guess(text) / 2, rel=0.01
    )


def test_a_title_and_slogans_take_more_room_and_signatories_less() -> None:
    words = WORD * 30
    sizes = [
        guess(f"{tag}{words}", style=":root{--members-size: .74rem; --slogan: 1.4rem; --h1-long: 2.5em }")
        for tag in ('<div class="members"><div class="name">', "<p>", '<ul class="slogans"><li>', '<h1 class="long">')
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


def test_a_row_of_signatories_is_as_high_as_its_highest() -> None:
    short, long = '<div class="name">x</div>', f'<div class="name">{WORD * 20}</div>'
    style = ":root{--members: 2}"

    def members(*names: str) -> float:
        return guess(f'<div class="members">{"".join(names)}</div>', style=style)

    assert members(long, short) == members(long, long) > members(short, short)
    assert members(short, short, short) == pytest.approx(2 * members(short, short))


@pytest.mark.parametrize(
    "unseen",
    [
        '<div class="own"><div class="contact coded">words</div></div>',
        '<div class="imprint">words<div class="members">words</div></div>',
        "<script>words</script>",
        "<!-- words -->",
        '<img alt="words"><br><hr>',
        "   \n  ",
    ],
)
def test_what_takes_no_room_of_its_own_is_passed_over(unseen: str) -> None:
    """The organizer's box is as large empty as full; the guess, too, is the same."""
    assert guess(f"<p>a</p>{unseen}<p>b</p>") == guess("<p>a</p><p>b</p>")


def test_white_space_counts_once() -> None:
    assert guess("<p>a\n     b</p>") == guess("<p>a b</p>")


def test_widths_are_asked_for_once_and_in_the_language_of_the_text() -> None:
    asked: list[tuple[str, str]] = []

    def advance(character: str, language: str) -> float:
        asked.append((character, language))
        return 0.5

    html = '<html lang="fa"><body><p>a<span lang="fr">b</span>c</p><br>d</body></html>'
    estimate = Estimate(replace(PAGE, html=html), advance)
    assert estimate.pages(10) < estimate.pages(300)
    assert asked == [("a", "fa"), ("b", "fr"), ("c", "fa"), ("d", "fa")]


def test_an_organizers_lines_do_not_change_the_guess() -> None:
    line = ContactLine("group", "Gardeners of the Valley", "en", "ltr")
    one, other = print_page("en"), print_page("en", contact=(line,))
    assert one.html != other.html
    assert Estimate(one, half_an_em).pages(10) == Estimate(other, half_an_em).pages(10)


@given(st.text(alphabet="<>/ab =\"'!-&;x", max_size=200))
def test_no_page_is_too_odd(body: str) -> None:
    assert guess(body) >= 0


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.floats(6, 30), st.floats(1, 2))
def test_it_only_grows_with_the_size(lengths: list[int], size: float, larger: float) -> None:
    body = "".join(f"<p>{WORD * length}</p>" for length in lengths)
    assert guess(body, size) <= guess(body, size * larger) + 1e-6
