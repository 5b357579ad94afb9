"""Check of the controls of direction (UAX 9): isolates come in pairs. Overrides and embeddings are control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.translation.checks.language_rules import words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_ISOLATES = re.compile("[\u2066-\u2069]")
_POP = "\u2069"


def isolates(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """An isolate that nobody closes turns the rest of the paragraph around. Marks (LRM, RLM, ALM) are fine."""
    depth = 0
    words = words_of(pair)
    if words.isascii():
        return
    for sign in _ISOLATES.findall(words):
        depth += -1 if sign == _POP else 1
        if depth < 0:
            message = "the translation closes an isolated run of text (U+2069) that nothing opens"
            yield Finding("bidi-isolate", message, "delete the U+2069, or put U+2068 before the run")
            return
    if depth:
        message = "the translation isolates a run of text (U+2066 to U+2068) and never closes it"
        yield Finding("bidi-isolate", message, "put U+2069 after the run, or delete the sign that opens it")
