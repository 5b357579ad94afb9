"""All checks of language. How grave each code is, and whether it may be dismissed, is in ``tables/language_codes.toml``."""

from __future__ import annotations

from pipeline.translation.checks import (
    bidi,
    characters,
    gettext_rules,
    glossary,
    length,
    punctuation,
    repetition,
    script,
)
from pipeline.translation.checks.model import Check

LANGUAGE: tuple[Check, ...] = (
    characters.control_characters,
    characters.invisible,
    characters.broken,
    characters.unknown,
    characters.composed,
    bidi.isolates,
    script.mixed_words,
    script.wrong_letters,
    script.wrong_script,
    punctuation.endings,
    punctuation.foreign_marks,
    punctuation.opening_marks,
    punctuation.balance,
    repetition.unchanged,
    repetition.doubled,
    repetition.leftover,
    length.length,
    glossary.terms,
    gettext_rules.line_ends,
    gettext_rules.edge_spaces,
)
