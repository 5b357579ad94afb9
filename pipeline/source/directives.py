"""What an author tells translators and the tool, in HTML comments between the blocks of a text.

``<!-- translators: … -->`` is a note on the next segment, ``<!-- context: … -->`` its msgctxt,
``<!-- i18n:typo recieve -> receive -->`` a correction that changes no meaning. ``<!-- i18n:skip -->`` keeps the next block
as it is in every language, ``<!-- i18n:skip-start -->`` and ``<!-- i18n:skip-end -->`` all blocks between them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from markdown_it.token import Token

from pipeline.diagnostics import Diagnostic, Location
from pipeline.source.document import Segment

COMMENTS = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_COMMENT = re.compile(r"<!--((?:(?!-->).)*)-->", re.DOTALL)
_DIRECTIVE = re.compile(
    r"\s*(?:(translators?|context)\s*:\s*(.*?)|i18n\s*:\s*(\S+)\s*(.*?))\s*", re.DOTALL | re.IGNORECASE
)
_NAMES = ("skip", "skip-start", "skip-end", "typo")

#: Replacements (wrong, right) that change no meaning.
Typos = tuple[tuple[str, str], ...]


class Directive(NamedTuple):
    """One instruction: ``note``, ``context``, ``skip``, ``skip-start``, ``skip-end`` or ``typo``; its words; its line."""

    name: str
    value: str
    line: int


def read_directives(content: str, first_line: int) -> Iterator[Directive]:
    """The directives in a block of comments whose first line is given; comments of other kinds are the author's own."""
    for comment in _COMMENT.finditer(content):
        match = _DIRECTIVE.fullmatch(comment[1])
        if match is None:
            continue
        line = first_line + content.count("\n", 0, comment.start())
        if match[1]:
            yield Directive("context" if match[1].lower() == "context" else "note", match[2], line)
        else:
            yield Directive(match[3].lower(), match[4], line)


def typos(value: str) -> Typos:
    """The corrections that a ``typo`` names. Raises ValueError if it names none.

    >>> typos("recieve -> receive; teh -> the")
    (('recieve', 'receive'), ('teh', 'the'))
    """
    pairs = [tuple(map(str.strip, each.split("->"))) for each in value.split(";")]
    if not all(len(pair) == 2 and pair[0] for pair in pairs):
        raise ValueError(value)
    return tuple((wrong, right) for wrong, right in pairs)


def directive_faults(tokens: Sequence[Token], path: str) -> Iterator[Diagnostic]:
    """Directives that nobody understands, and skips that do not begin or end."""
    opened: Directive | None = None
    for each in (directive for token in tokens for directive in token.meta.get("directives", ())):
        place = Location(path, each.line)
        if each.name == "typo":
            yield from _typo_faults(each, place)
        elif each.name not in ("note", "context", *_NAMES):
            near = difflib.get_close_matches(each.name, _NAMES, n=1)
            hint = (
                f"did you mean i18n:{near[0]}?" if near else "there are " + ", ".join(f"i18n:{name}" for name in _NAMES)
            )
            yield Diagnostic("directive", f"“i18n:{each.name}” is unknown", place, hint=hint)
        elif each.name == "context" and not each.value:
            hint = "write a word that tells this text from the same text elsewhere, such as context: noun"
            yield Diagnostic("directive", "the context has no words", place, hint=hint)
        elif each.name == "skip-start" and opened is None:
            opened = each
        elif each.name == "skip-start" and opened is not None:
            hint = "write <!-- i18n:skip-end --> where the first one ends, or delete the second"
            related = Location(path, opened.line)
            yield Diagnostic("directive", "i18n:skip-start within a skip-start", place, hint=hint, related=related)
        elif each.name == "skip-end" and opened is None:
            hint = "write <!-- i18n:skip-start --> where it begins, or delete this"
            yield Diagnostic("directive", "i18n:skip-end without a skip-start", place, hint=hint)
        elif each.name == "skip-end":
            opened = None
    if opened is not None:
        hint = "write <!-- i18n:skip-end --> where translators are to go on"
        yield Diagnostic("directive", "i18n:skip-start never ends", Location(path, opened.line), hint=hint)


def _typo_faults(directive: Directive, place: Location) -> Iterator[Diagnostic]:
    try:
        typos(directive.value)
    except ValueError:
        hint = "write what stood there and what stands there now: i18n:typo recieve -> receive; teh -> the"
        yield Diagnostic("directive", "i18n:typo does not say what was corrected", place, hint=hint)


def directed(segment: Segment, said: Sequence[Directive], skipped: bool) -> Segment:
    """The segment with what its author said of it."""
    return replace(
        segment,
        note=" ".join(each.value for each in said if each.name == "note"),
        msgctxt=next((" ".join(each.value.split()) for each in reversed(said) if each.name == "context"), None),
        translate=not skipped,
        typos=tuple(pair for each in said if each.name == "typo" for pair in typos(each.value)),
    )


class Skips:
    """Follows the tokens of a text and says which of them are not to be translated."""

    def __init__(self) -> None:
        self._region = False
        self._asked = False
        self._level: int | None = None

    def direct(self, name: str) -> None:
        """Take note of a directive."""
        self._region = name == "skip-start" or (self._region and name != "skip-end")
        self._asked = self._asked or name == "skip"

    def opened(self, level: int) -> None:
        """A block begins at this level of nesting."""
        if self._asked and self._level is None:
            self._level, self._asked = level, False

    def closed(self, level: int) -> None:
        """A block ends at this level."""
        if self._level == level:
            self._level = None

    @property
    def skipping(self) -> bool:
        return self._region or self._level is not None
