"""A run of short exclamatory lines is a list of slogans."""

from __future__ import annotations

import pytest

from pipeline.source.document import Role
from pipeline.source.markdown import parse_body, reference_rendering
from pipeline.source.slogans import MOST_WORDS, is_slogan


@pytest.mark.parametrize(
    "line",
    [
        "One page, every language!",
        "  Bread!  ",
        "¡Pan para todos!",
        "“Bread!”",
        "« Du pain ! »",
        "**Bread for all!**",
        "[Bread](x.html)!",
        "خبز للجميع!",
        "所有人的面包！",
        "Հաց բոլորին՜",
        "Bread (for all!)",
        "Why not?!",
        " ".join(["go"] * (MOST_WORDS - 1)) + " go!",
    ],
)
def test_a_slogan_is_short_and_ends_in_an_exclamation_mark(line: str) -> None:
    assert is_slogan(line)


@pytest.mark.parametrize("line", ["", "!a", "Bread.", "Bread! And water.", "Bread!?", "go! " * (MOST_WORDS + 1)])
def test_what_is_no_slogan(line: str) -> None:
    assert not is_slogan(line)


def slogans(text: str) -> list[str]:
    return [each.msgid for each in parse_body(text, "a.md").section.segments if each.role is Role.SLOGAN]


def test_two_paragraphs_in_a_row() -> None:
    assert slogans("Go!\n\nRun!\n") == ["Go!", "Run!"]


def test_one_alone_is_a_paragraph() -> None:
    assert slogans("We say:\n\nGo!\n\nRun.\n") == []
    assert "<ul" not in reference_rendering("Go!")


def test_lines_of_one_paragraph_each_with_its_line() -> None:
    segments = parse_body("Go!\n  Run!\nLong live\n", "a.md", 5).section.segments
    assert [each.role for each in segments] == [Role.PARAGRAPH]
    segments = parse_body("Go!\n  Run!\nLong live all!\n", "a.md", 5).section.segments
    assert [(each.msgid, each.location.line) for each in segments] == [("Go!", 5), ("Run!", 6), ("Long live all!", 7)]


def test_a_slogan_over_two_lines() -> None:
    assert slogans("Long live\nall languages!\n\nRead!\n") == ["Long live all languages!", "Read!"]


def test_runs_end_where_something_else_begins() -> None:
    text = "A!\n\nB!\n\n## C!\n\nD!\n\nE!\n\n> F!\n\nG!\n"
    assert slogans(text) == ["A!", "B!", "D!", "E!"]
    assert reference_rendering(text).count('<ul class="slogans">') == 2


def test_a_bullet_list_of_slogans_is_one_already() -> None:
    assert reference_rendering("- Go!\n- Run!\n") == reference_rendering("Go!\n\nRun!\n")
    assert slogans("- Go!\n- Run.\n") == []
    assert slogans("- Go!\n") == []
    assert slogans("1. Go!\n2. Run!\n") == []


def test_strong_words_over_two_lines_stay_whole() -> None:
    assert reference_rendering("**Go!\nRun!**") == "<p><strong>Go! Run!</strong></p>\n"
    assert reference_rendering("`Go!\nRun`!") == "<p><code>Go! Run</code>!</p>\n"
    assert slogans("**Go!**\n**Run!**") == ["**Go!**", "**Run!**"]


def test_a_note_goes_to_the_first_slogan() -> None:
    segments = parse_body("<!-- translators: rhymes -->\n\nGo!\n\nRun!\n", "a.md").section.segments
    assert [each.note for each in segments] == ["rhymes", ""]
