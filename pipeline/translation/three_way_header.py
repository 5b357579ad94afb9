"""The header of two people's versions of one catalog, and the law of three ways for lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Message

_STATE = "x-polyleaf-state"
# What translation programs change in every file are theirs to change; the rest follows our source.
_TRANSLATORS = frozenset({"po-revision-date", "last-translator", "language-team", _STATE})
_BLANK = frozenset({"", "YEAR-MO-DA HO:MI+ZONE", "FULL NAME <EMAIL@ADDRESS>", "LANGUAGE <LL@li.org>"})


def three_way(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """The elements of both, without those that one of them took away; in the order of the one that changed it.

    >>> three_way("ab", "abc", "xb")
    ('b', 'c', 'x')
    """
    before, mine, other = tuple(base), tuple(ours), tuple(theirs)
    if mine in (before, other):
        return other
    if other == before:
        return mine
    kept = (each for each in mine if each in other or each not in before)
    return tuple(dict.fromkeys((*kept, *(each for each in other if each not in before))))


def combined_header(base: Catalog | None, ours: Catalog, theirs: Catalog, everything: bool) -> Message:
    """Our header with what only theirs changed: in the translators' own lines, or in ``everything``."""
    lines = _lines(ours)
    for name, line in {_name(line): line for line in _lines(theirs)[::-1]}.items():
        if name and (everything or name in _TRANSLATORS) and _is_theirs(name, base, ours, theirs):
            lines = _with(lines, name, line)
    if _is_theirs(_STATE, base, ours, theirs) and not theirs.header_value(_STATE):
        lines = _with(lines, _STATE, None)
    known = base.header if base is not None else None
    header = replace(
        ours.header,
        translator_comments=three_way(
            known.translator_comments if known else (),
            ours.header.translator_comments,
            theirs.header.translator_comments,
        ),
    )
    if lines != _lines(ours):
        header = replace(header, msgstr=("".join(f"{line}\n" for line in lines),))
    return header if header == ours.header else replace(header, raw=None, line=0)


def _is_theirs(name: str, base: Catalog | None, ours: Catalog, theirs: Catalog) -> bool:
    """Whether only they changed a header; a line of a translator's that was emptied never counts."""
    mine, other = ours.header_value(name), theirs.header_value(name)
    if mine == other or (name != _STATE and name in _TRANSLATORS and other in _BLANK):
        return False
    return mine == base.header_value(name) if base is not None else mine in _BLANK and name != _STATE


def _lines(catalog: Catalog) -> list[str]:
    text = catalog.header.msgstr[0]
    return text.removesuffix("\n").split("\n") if text else []


def _name(line: str) -> str:
    name, colon, _ = line.partition(":")
    return name.strip().lower() if colon else ""


def _with(lines: list[str], name: str, line: str | None) -> list[str]:
    """The lines with this one at the place of the header's old one; without any for None."""
    at = next((number for number, each in enumerate(lines) if _name(each) == name), len(lines))
    return [*lines[:at], *([line] if line is not None else []), *lines[at + 1 :]]
