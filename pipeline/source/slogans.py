"""A run of short exclamatory lines is a list of slogans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

MOST_WORDS = 30
_SHOUTS = "!！՜߹"
_BEHIND = '”“"’»›)]*_ \t\n'


def is_slogan(text: str) -> bool:
    """Whether a line is short and ends in an exclamation mark.

    >>> is_slogan("One page, every language!"), is_slogan("One page."), is_slogan("Go! " * 31)
    (True, False, False)
    """
    return text.rstrip(_BEHIND).endswith(tuple(_SHOUTS)) and len(text.split()) <= MOST_WORDS


def gather_slogans(tokens: list[Token], splits: Callable[[str], bool]) -> None:
    """Turn each run of slogans at the top level into one list of class ``slogans``, in place.

    A run is two or more slogans in a row: paragraphs, or lines of one paragraph each of which is a slogan. A bullet list of
    nothing but slogans is one already and only gets the class. ``splits`` says whether the lines of a text stand for themselves,
    with no strong words, code or link reaching over an end of line.
    """
    gathered: list[Token] = []
    index = 0
    while index < len(tokens):
        run, after = _run(tokens, index, splits)
        if len(run) > 1:
            gathered += _slogan_list(run)
            index = after
        else:
            gathered.append(tokens[index])
            index += 1
    tokens[:] = gathered
    for start, end in _bullet_lists(tokens):
        texts = [token.content for token in tokens[start:end] if token.type == "inline"]
        if len(texts) > 1 and all(map(is_slogan, texts)):
            tokens[start].attrSet("class", "slogans")
            for token in tokens[start:end]:
                if token.type == "list_item_open":
                    token.attrSet("class", "slogan")


def _run(tokens: Sequence[Token], start: int, splits: Callable[[str], bool]) -> tuple[list[Token], int]:
    """The slogans (inline tokens, one each) that begin at a token, and the index after them."""
    slogans: list[Token] = []
    index = start
    while index + 2 < len(tokens) and tokens[index].type == "paragraph_open" and tokens[index].level == 0:
        inline = tokens[index + 1]
        lines = inline.content.split("\n")
        if len(lines) > 1 and all(map(is_slogan, lines)) and splits(inline.content):
            slogans += [_line_of(inline, number, line) for number, line in enumerate(lines)]
        elif is_slogan(" ".join(lines)):
            slogans.append(inline)
        else:
            break
        index += 3
    return slogans, index


def _line_of(inline: Token, number: int, line: str) -> Token:
    first = inline.map[0] + number if inline.map else number
    return inline.copy(content=line.strip(), map=[first, first + 1], children=[])


def _slogan_list(slogans: Sequence[Token]) -> Iterator[Token]:
    lines = [slogans[0].map[0], slogans[-1].map[1]] if slogans[0].map and slogans[-1].map else None
    yield Token("bullet_list_open", "ul", 1, attrs={"class": "slogans"}, map=lines, block=True)
    for slogan in slogans:
        yield Token("list_item_open", "li", 1, attrs={"class": "slogan"}, map=slogan.map, level=1, block=True)
        yield Token("paragraph_open", "p", 1, map=slogan.map, level=2, block=True, hidden=True)
        yield slogan
        yield Token("paragraph_close", "p", -1, level=2, block=True, hidden=True)
        yield Token("list_item_close", "li", -1, level=1, block=True)
    yield Token("bullet_list_close", "ul", -1, block=True)


def _bullet_lists(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    for start, token in enumerate(tokens):
        if token.type == "bullet_list_open" and token.level == 0:
            end = next(
                index
                for index in range(start, len(tokens))
                if tokens[index].type == "bullet_list_close" and tokens[index].level == 0
            )
            yield start, end
