"""What an author tells translators and the tool, in comments of the source."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.source.document import Segment
from pipeline.source.markdown import environment_for, fill, inline_html, parse_body, reference_rendering


def segments(text: str) -> dict[str, Segment]:
    return {each.msgid: each for each in parse_body(text, "sources/x.md").section.segments}


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidInput) as refused:
        parse_body(text, "sources/x.md", 5)
    return [(each.location.line, each.message) for each in refused.value.diagnostics]


def test_notes_and_contexts_belong_to_the_next_segment() -> None:
    found = segments(
        "<!-- translators: the fruit -->\n<!-- context: noun -->\n\nOrange\n\n<!-- my own remark -->\n\nBanana\n"
    )
    assert (found["Orange"].note, found["Orange"].msgctxt) == ("the fruit", "noun")
    assert (found["Banana"].note, found["Banana"].msgctxt) == ("", None)


def test_a_block_may_stay_as_it_is_in_every_language() -> None:
    text = "One.\n\n<!-- i18n:skip -->\n- Acme\n- Ajax\n\nTwo.\n\n<!-- i18n:skip -->\n## Coda\n\nThree.\n"
    found = segments(text)
    assert {msgid for msgid, each in found.items() if not each.translate} == {"Acme", "Ajax", "Coda"}
    assert found["Three."].place == "coda.1"


def test_all_blocks_between_two_marks_stay_as_they_are() -> None:
    text = "One.\n\n<!-- i18n:skip-start -->\n\n> Two.\n\nThree.\n\n<!-- i18n:skip-end -->\n\nFour.\n"
    assert {msgid for msgid, each in segments(text).items() if not each.translate} == {"Two.", "Three."}


def test_a_skip_within_a_list_holds_for_one_block_of_it() -> None:
    text = "- One.\n\n  <!-- i18n:skip -->\n\n  Two.\n\n  Three.\n- Four.\n"
    assert {msgid for msgid, each in segments(text).items() if not each.translate} == {"Two."}


def test_what_is_skipped_is_in_the_rope_all_the_same() -> None:
    text = "One.\n\n<!-- i18n:skip -->\n\nTwo *and* three.\n"
    section = parse_body(text, "x.md").section
    environment = environment_for(section)
    assert fill(section, [inline_html(each.msgid, environment) for each in section.segments]) == reference_rendering(
        text
    )


def test_corrections_are_named_with_what_stood_there() -> None:
    found = segments("<!-- i18n:typo recieve -> receive; teh -> the -->\n\nWe receive the water.\n")
    assert found["We receive the water."].typos == (("recieve", "receive"), ("teh", "the"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("One.\n\n<!-- i18n:skipp -->\n\nTwo.\n", 7, "“i18n:skipp” is unknown"),
        ("<!-- i18n:skip-start -->\n\nOne.\n", 5, "i18n:skip-start never ends"),
        ("One.\n\n<!-- i18n:skip-end -->\n", 7, "i18n:skip-end without a skip-start"),
        ("<!-- i18n:typo recieve -->\n\nOne.\n", 5, "i18n:typo does not say what was corrected"),
        ("<!-- context: -->\n\nOne.\n", 5, "the context has no words"),
        (
            "<!-- a -->\n<!-- i18n:skip-start -->\n<!-- i18n:skip-start -->\n<!-- i18n:skip-end -->\n\nOne.\n",
            7,
            "i18n:skip-start within a skip-start",
        ),
    ],
)
def test_a_directive_that_makes_no_sense_is_refused(text: str, line: int, message: str) -> None:
    assert faults(text) == [(line, message)]
