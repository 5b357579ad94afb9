"""What a body may not hold: raw HTML, unprintable characters, links to odd places, footnotes that nobody would see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from pipeline.diagnostics import Diagnostic, Location

LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:")
#: Controls, line and paragraph separators, bidi embeddings and overrides, and the sign that we put into holes.
UNPRINTABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\ufffc\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{UNPRINTABLE}]")


def forbidden_characters(text: str, path: str, first_line: int) -> Iterator[Diagnostic]:
    """The lines that hold a character which cannot be printed."""
    if not _FORBIDDEN.search(text):
        return
    for number, line in enumerate(text.split("\n"), first_line):
        if _FORBIDDEN.search(line):
            yield _control_character(line, Location(path, number))


def _control_character(text: str, place: Location) -> Diagnostic:
    codes = ", ".join(dict.fromkeys(f"U+{ord(each):04X}" for each in _FORBIDDEN.findall(text)))
    message = f"the text holds the character{'s' * (', ' in codes)} {codes}, which cannot be printed"
    hint = "delete it; it often comes from copying out of a PDF or a word processor"
    return Diagnostic("control-character", message, place, hint=hint)


def faults(tokens: Sequence[Token], path: str, first_line: int) -> Iterator[Diagnostic]:
    """What the tokens of a body hold that a source may not; ``first_line`` is the line of the file that the body begins on."""
    in_footnote = False
    for token in tokens:
        place = Location(path, line_of(token, first_line))
        in_footnote = token.type == "footnote_open" or (in_footnote and token.type != "footnote_close")
        if in_footnote and token.children and any(each.type == "footnote_ref" for each in flattened(token.children)):
            hint = "write both texts into one footnote"
            yield Diagnostic("footnote", "a footnote refers to a footnote", place, hint=hint)
        if token.type == "html_block" and token.content:
            yield _raw_html(token.content, place)
        if "&" in token.info + token.content and not _FORBIDDEN.search(token.info + token.content):
            yield from _hidden_characters(token, place)  # what stands there openly has been complained of by its line
        if not _may_hold_markup(token):
            continue
        opened = False
        for child, line in with_lines(token, first_line):
            if not (opened and child.content.startswith("</")):  # the tag that it closes has been complained of
                yield from _inline_complaints(child, Location(path, line))
            opened = opened or child.type == "html_inline"


def _may_hold_markup(token: Token) -> bool:
    """Whether an inline token can have links or HTML in it."""
    return token.type == "inline" and ("[" in token.content or "<" in token.content)


def _hidden_characters(token: Token, place: Location) -> Iterator[Diagnostic]:
    """Characters written as entities, &#x202e;"""
    texts = [each.content for each in flattened(token.children or ()) if each.type == "text"]
    for text in (unescapeAll(token.info), *texts):
        if _FORBIDDEN.search(text):
            yield _control_character(text, place)


def _inline_complaints(token: Token, place: Location) -> Iterator[Diagnostic]:
    if token.type == "html_inline":
        yield _raw_html(token.content, place)
    address = str(token.attrGet("href") or "")
    if token.type == "link_open" and _has_scheme(address) and not address.lower().startswith(LINK_SCHEMES):
        message = f"a link leads to “{address}”, which is neither a web, mail nor telephone address"
        hint = "begin the address with https:, http:, mailto: or tel:"
        yield Diagnostic("link-scheme", message, place, hint=hint)


def lost_footnotes(
    tokens: Sequence[Token], environment: Mapping[str, Any], path: str, first_line: int
) -> Iterator[Diagnostic]:
    """Footnotes that nobody would see, and marks of footnotes that there are not."""
    for token in tokens:
        for text, position, label in sorted(environment.get("undefined", ())):
            if token.type == "inline" and token.content == text:
                place = Location(path, line_of(token, first_line) + text.count("\n", 0, position))
                hint = f"write a paragraph that begins with [^{label}]: followed by the text of the footnote"
                yield Diagnostic("footnote", f"the footnote [^{label}] has no text", place, hint=hint)
    seen: dict[str, Location] = {}
    marks = environment.get("footnotes", {}).get("refs", {})
    for label, token in environment["definitions"]:
        place = Location(path, line_of(token, first_line))
        if label in seen:
            hint = "give one of them another name"
            message = f"the footnote [^{label}] is written twice"
            yield Diagnostic("footnote", message, place, hint=hint, related=seen[label])
        elif marks.get(f":{label}", -1) < 0:
            hint = f"put [^{label}] where the footnote belongs, or delete it"
            yield Diagnostic("footnote", f"nothing in the text refers to the footnote [^{label}]", place, hint=hint)
        seen.setdefault(label, place)


def with_lines(token: Token, first_line: int) -> Iterator[tuple[Token, int]]:
    """The inline tokens in a block token, each with its line."""
    line = line_of(token, first_line)
    for child in flattened(token.children or ()):
        yield child, line
        line += child.type in ("softbreak", "hardbreak")


def _has_scheme(address: str) -> bool:
    """Whether an address begins with a scheme (RFC 3986), and is not relative."""
    return re.match(r"[^/?#]*:", address) is not None


def _raw_html(content: str, place: Location) -> Diagnostic:
    shown = content.strip().split("\n")[0][:40]
    hint = "write it in Markdown; to show the sign itself, put a backslash before <"
    if shown.startswith("<!--"):
        hint = "put the comment on a line of its own, with an empty line before and after it, and close it with -->"
    return Diagnostic("raw-html", f"raw HTML is not allowed in a source: {shown}", place, hint=hint)


def flattened(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens and all within them."""
    for token in tokens:
        yield token
        yield from flattened(token.children or ())


def line_of(token: Token, first_line: int) -> int:
    """The line of the file that a block token begins on."""
    return (token.map[0] if token.map else 0) + first_line
