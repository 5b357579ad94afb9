"""Text without markup, read in a tenth of the time: what the rules of markdown-it would make of it, without trying each."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# A text without these is words and line ends only; spaces at a line's end or beginning mean something too.
_MARKUP = re.compile(r"[\\`*_\[<&\0]")
_EDGE_SPACE = re.compile(r"[ \t]\n|\n[ \t]|\A[ \t\n]|[ \t\n]\Z")
# Where a list's next item begins, a paragraph of the one before ends.
_NEXT_BULLET = re.compile(r"[-+*][ \t]+[^\s*+-]")


def is_plain(text: str) -> bool:
    """Whether a text is words and line ends only."""
    return not _MARKUP.search(text) and not (
        ("\n" in text or text[:1].isspace() or text[-1:].isspace()) and _EDGE_SPACE.search(text)
    )


def words_of(text: str) -> list[Token]:
    """What the inline rules make of a text without markup, in a tenth of the time."""
    tokens: list[Token] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            tokens.append(Token("softbreak", "br", 0))
        if line:
            tokens.append(Token("text", "", 0, content=line))
    return tokens


def plain_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph whose lines all begin with a letter: no other rule can apply to it, so that none need be tried."""
    line = start
    while not silent and line < state.lineMax and not state.isEmpty(line):
        position = state.bMarks[line] + state.tShift[line]
        within = state.sCount[line] >= state.blkIndent
        if not within and line > start and _NEXT_BULLET.match(state.src, position):
            break
        if not within or not state.src[position].isalpha() or state.src.find("|", position, state.eMarks[line]) >= 0:
            return False
        line += 1
    if silent or state.sCount[start] - state.blkIndent >= 4:
        return False
    state.line = line
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, line, state.blkIndent, False).strip()
    inline.map = [start, line]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


def parse_inlines(state: StateCore) -> None:
    """markdown-it's core rule ``inline``."""
    for token in state.tokens:
        if token.type == "inline" and is_plain(token.content):
            token.children = words_of(token.content)
        elif token.type == "inline":
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
