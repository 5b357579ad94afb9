"""Checks that gettext's own msgfmt makes, and those of white space at the edges."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.translation.checks.model import Finding, Knowledge, Pair

_SPACES = " \t\u00a0\u2002\u2003\u2009\u202f\u3000"


def line_ends(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """msgfmt refuses a catalog in which only one of the two begins, or ends, with a line break."""
    for edge, ours, theirs in (
        ("begins", pair.original.startswith("\n"), pair.text.startswith("\n")),
        ("ends", pair.original.endswith("\n"), pair.text.endswith("\n")),
    ):
        if ours != theirs:
            message = (
                f"the {'original' if ours else 'translation'} {edge} with a line break (\\n), and the other does not"
            )
            place = "first" if edge == "begins" else "last"
            yield Finding("line-end", message, f"{'add' if ours else 'delete'} the {place} \\n in the msgstr")


def edge_spaces(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A space before the first word or after the last, which nobody sees and the original does not have."""
    text, original = pair.text, pair.original
    for edge, ours, theirs in (("begins", original[:1], text[:1]), ("ends", original[-1:], text[-1:])):
        if theirs in _SPACES and theirs and ours not in _SPACES and text.strip():
            yield Finding("edge-space", f"the translation {edge} with a space", "delete it")
        elif ours in _SPACES and ours and theirs not in _SPACES:
            yield Finding("edge-space", f"the original {edge} with a space, the translation does not", "add it")
