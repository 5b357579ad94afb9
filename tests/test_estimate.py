"""How many pages a text will fill, guessed by the widths of its letters: roughly right, and it never stumbles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.typesetting.estimate import pages_at
from pipeline.typesetting.page import Page
from tests.golden import print_page

PAGE = replace(print_page("en"), room_pt2=10_000.0, leading=1.0)


def half_an_em(character: str, language: str) -> float:
    return 0.5


def guess(body: str, size: float = 10, page: Page = PAGE) -> float:
    html = f"<html lang=en><head><title>xx</title><style>p{{color:red}}</style></head><body>{body}</body></html>"
    return pages_at(replace(page, html=html), size, half_an_em)


def test_a_text_fills_the_sum_of_its_letters() -> None:
    assert guess("<p>" + "x" * 200) == pytest.approx(200 * 0.5 * 10**2 / 10_000, rel=0.1)
    assert guess("<p>" + "x" * 400) == pytest.approx(2 * guess("<p>" + "x" * 200))


def test_the_area_grows_with_the_square_of_the_size() -> None:
    assert guess("<p>some words", 20) == pytest.approx(4 * guess("<p>some words", 10))


def test_leading_and_room_count() -> None:
    loose, wide = replace(PAGE, leading=1.5), replace(PAGE, room_pt2=20_000.0)
    assert guess("<p>words", page=loose) == pytest.approx(1.5 * guess("<p>words"))
    assert guess("<p>words", page=wide) == pytest.approx(0.5 * guess("<p>words"))


def test_a_title_and_slogans_take_more_room_and_signatories_less() -> None:
    sizes = [
        guess(f"{tag}{'x' * 50}")
        for tag in ('<div class="members"><div>', "<p>", '<ul class="slogans"><li>', '<h1 class="long">')
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


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


def test_widths_are_asked_for_in_the_language_of_the_text() -> None:
    asked: list[tuple[str, str]] = []

    def advance(character: str, language: str) -> float:
        asked.append((character, language))
        return 0.5

    html = '<html lang="fa"><body><p>a<span lang="fr">b</span>c</p><br>d</body></html>'
    pages_at(replace(PAGE, html=html), 10, advance)
    assert asked == [("a", "fa"), ("b", "fr"), ("c", "fa"), ("d", "fa")]


def test_an_organizers_lines_do_not_change_the_guess() -> None:
    from pipeline.typesetting.imprint import ContactLine

    line = ContactLine("group", "Gardeners of the Valley", "en", "ltr")
    one, other = print_page("en"), print_page("en", contact=(line,))
    assert one.html != other.html
    assert pages_at(one, 10, half_an_em) == pages_at(other, 10, half_an_em)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='abc <>/="&;!-\n', max_size=80))
def test_any_html_has_a_size(body: str) -> None:
    assert guess(body) >= 0
