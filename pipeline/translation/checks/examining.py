"""Every check of a translation."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.diagnostics import Diagnostic
from pipeline.translation.checks.facts import FACTS
from pipeline.translation.checks.language import LANGUAGE
from pipeline.translation.checks.model import Check, Knowledge, Pair
from pipeline.translation.checks.safety import blank, examined

CHECKS: tuple[Check, ...] = (*LANGUAGE, *FACTS, blank)
_NOTHING = Knowledge()


def examine(pair: Pair, knowledge: Knowledge = _NOTHING, checks: tuple[Check, ...] = CHECKS) -> Iterator[Diagnostic]:
    """What the checks find in a translation, but for what its translator has dismissed."""
    yield from examined(pair, knowledge, checks)
