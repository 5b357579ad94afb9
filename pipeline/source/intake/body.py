"""Lines become CommonMark that says exactly what they said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it.common.utils import escapeHtml

from pipeline.source.document import Section
from pipeline.source.intake.lines import Line, Shape, ends_sentence, starts_lower
from pipeline.source.markdown import environment_for, inline_html, reference_rendering

_ALWAYS = re.compile(r"([\\`*_\[\]<>&~|$^])")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# It looks like text as long as nothing has this name, and a source with a mark that leads nowhere is refused.
_FOOTNOTE = "[^"


@lru_cache(maxsize=4_000)
def as_paragraph(text: str) -> str:
    """One line of Markdown that renders as a paragraph of just this text; escaped only where it must be.

    >>> as_paragraph("2 * 3 < 7"), as_paragraph("*Stop*"), as_paragraph("1. Peace"), as_paragraph("[^0]")
    ('2 * 3 < 7', '\\\\*Stop\\\\*', '1\\\\. Peace', '\\\\[\\\\^0\\\\]')
    """
    rendered = f"<p>{escapeHtml(text)}</p>\n"
    opening = re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", text)
    marker = re.sub(r"^([-+#=:])", r"\\\1", text)
    for attempt in (text, opening, marker, _ALWAYS.sub(r"\\\1", text), _ALWAYS.sub(r"\\\1", opening)):
        if _FOOTNOTE not in attempt and reference_rendering(attempt) == rendered:
            return attempt
    return _PUNCTUATION.sub(r"\\\1", text)


@lru_cache(maxsize=4_000)
def as_inline(text: str) -> str:
    """The text as inline Markdown.

    >>> as_inline("1. Peace *now*")
    '1. Peace \\\\*now\\\\*'
    """
    environment = environment_for(Section(("", ""), ()))
    for attempt in (text, _ALWAYS.sub(r"\\\1", text)):
        if _FOOTNOTE not in attempt and inline_html(attempt, environment) == escapeHtml(text):
            return attempt
    return _PUNCTUATION.sub(r"\\\1", text)


def as_heading(text: str, level: int) -> str:
    """A heading of just this text."""
    for attempt in (as_inline(text), _PUNCTUATION.sub(r"\\\1", text)):
        if reference_rendering(f"{'#' * level} {attempt}") == f"<h{level}>{escapeHtml(text)}</h{level}>\n":
            return f"{'#' * level} {attempt}"
    return f"{'#' * level} {attempt}"


def markdown_body(lines: Sequence[Line]) -> str:
    """The body of a source: paragraphs, headings, nested lists, and a break where a row of signs parted two texts."""
    top = min((line.level for line in lines if line.shape is Shape.HEADING), default=2)
    blocks: list[str] = []
    index = 0
    lines = joined(lines)
    while index < len(lines):
        line = lines[index]
        if line.is_item:
            end = next((place for place in range(index, len(lines)) if not _in_list(lines[place])), len(lines))
            blocks.append(_list(lines[index:end]))
            index = end
            continue
        if line.shape is Shape.HEADING:
            blocks.append(as_heading(line.text, min(6, 2 + line.level - top)))
        elif line.shape is Shape.ORNAMENT:
            blocks.append("***")
        else:
            blocks.append(as_paragraph(line.text))
        index += 1
    return "\n\n".join(blocks) + "\n" if blocks else ""


def joined(lines: Sequence[Line]) -> list[Line]:
    """The lines without breaks inside a sentence, and without rows of signs at the edges or next to each other."""
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else None
        if line.shape is Shape.ORNAMENT and (before is None or before.shape is Shape.ORNAMENT):
            continue
        if before is not None and _one_sentence(before, line):
            kept[-1] = Line(
                f"{before.text} {line.text}", before.number, before.shape, before.level, before.ordinal, before.apart
            )
        else:
            kept.append(line)
    while kept and kept[-1].shape is Shape.ORNAMENT:
        kept.pop()
    return kept


def _one_sentence(before: Line, line: Line) -> bool:
    if line.apart or line.shape not in (Shape.TEXT, Shape.MORE) or before.shape in (Shape.ORNAMENT, Shape.HEADING):
        return False
    if before.cells or line.cells or (before.is_item and line.shape is Shape.TEXT):
        return False
    return starts_lower(line.text) and not ends_sentence(before.text)


def _in_list(line: Line) -> bool:
    return line.is_item or line.shape is Shape.MORE


def _list(lines: Sequence[Line]) -> str:
    """A nested list; a number that does not follow its neighbour begins a list of its own: it prints as it stood."""
    written: list[str] = []
    indents = [0]
    state: dict[int, tuple[Shape, int, str]] = {}
    for line in lines:
        level = min(line.level, len(indents) - 1)
        if line.shape is Shape.MORE:
            inner = " " * indents[min(level + 1, len(indents) - 1)]
            written += ["", inner + as_paragraph(line.text), ""]
            continue
        shape, last, sign = state.get(level, (None, 0, ""))
        if line.shape is Shape.BULLET:
            sign = sign if shape is Shape.BULLET else "-"
            marker = sign
        else:
            goes_on = shape is Shape.NUMBERED and line.ordinal == last + 1
            sign = sign if goes_on else ")" if sign == "." else "."
            marker = f"{line.ordinal}{sign}"
            if level and not goes_on and line.ordinal != 1:
                written.append("")
        state = {depth: value for depth, value in state.items() if depth < level} | {
            level: (line.shape, line.ordinal, sign)
        }
        indents = [*indents[: level + 1], indents[level] + len(marker) + 1]
        written.append(f"{' ' * indents[level]}{marker} {as_paragraph(line.text)}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip("\n")
