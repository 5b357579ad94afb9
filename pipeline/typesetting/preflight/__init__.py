"""Preflight: a finished PDF → a proof that it can be read, printed and copied.

Bytes in, values out. The file is opened once by qpdf (its structure) and once by PDFium (its looks); the rules read what these
found. ``Fault`` says what is wrong and how to mend it, ``Facts`` what the file is, and which rules were asked.
"""

from __future__ import annotations

import pikepdf
import pypdfium2

from pipeline.typesetting.leaflet import Edition
from pipeline.typesetting.preflight.examine import examine, facts_of
from pipeline.typesetting.preflight.proof import (
    Box,
    Expected,
    Facts,
    Fault,
    Font,
    PageFacts,
    Proof,
    Verdict,
)
from pipeline.typesetting.preflight.rules import RULES, Rule

__all__ = [
    "RULES",
    "Box",
    "Edition",
    "Expected",
    "Facts",
    "Fault",
    "Font",
    "PageFacts",
    "Proof",
    "Rule",
    "Verdict",
    "preflight",
]

_NOTHING = Expected()


def preflight(pdf: bytes, edition: Edition, expected: Expected = _NOTHING) -> Proof:
    """The proof of a PDF: every fault in the order of the rules, and the facts. A file that is no PDF has one fault."""
    rules = [rule for rule in RULES if edition in rule.editions]
    skipped = [rule.code for rule in rules if rule.asks is not None and not getattr(expected, rule.asks)]
    asked = [rule for rule in rules if rule.code not in skipped]
    try:
        examined = examine(pdf, edition, expected)
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        fault = Fault("syntax", f"the file is no readable PDF: {error}", "build it again")
        return Proof((fault,), Facts(edition, asked=("syntax",), skipped=tuple(rule.code for rule in rules[1:])))
    faults = dict.fromkeys(fault for rule in asked for fault in rule.check(examined))
    return Proof(tuple(faults), facts_of(examined, [rule.code for rule in asked], skipped))
