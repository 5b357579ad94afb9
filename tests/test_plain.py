"""What is read quickly is what markdown-it reads."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.source.plain import parse_inlines, plain_paragraph

VANILLA = MarkdownIt("commonmark").enable("table")
QUICK = MarkdownIt("commonmark").enable("table")
QUICK.block.ruler.before("table", "plain_paragraph", plain_paragraph)
QUICK.core.ruler.at("inline", parse_inlines)
WORDS = ("a", "é word", "水", " ", "  ", "    ", "\t", "\n", "\n\n", "“j”")
BLOCKS = (
    "- ",
    "* ",
    "1. ",
    "> ",
    "# ",
    "---",
    "===",
    "|",
    ":-",
    "- -",
    "+ b",
    "~~~",
    "```",
    "    c",
    "- d\n- e",
    "f\n  - g",
)
INLINES = ("*", "_", "`", "[", "](x)", "<", "&amp;", "\\", "!", "\\\n", "- h\n\n  i")
PIECES = st.sampled_from((*WORDS, *BLOCKS, *INLINES))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_quick_way_and_the_long_way_are_one(text: str) -> None:
    ours, theirs = QUICK.parse(text), VANILLA.parse(text)
    assert [each.as_dict() for each in ours] == [each.as_dict() for each in theirs]
