"""The checks of facts, and how grave each of their findings is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.translation.checks.inline import (
    code_changed,
    emphasis,
    line_break,
    markup_broken,
    markup_foreign,
    markup_lost,
    markup_repeated,
    placeholders,
)
from pipeline.translation.checks.links import addresses
from pipeline.translation.checks.model import Check
from pipeline.translation.checks.names import acronyms, names
from pipeline.translation.checks.numbers import numbers

#: Numbers and dates, names, addresses, and all in an inline text that is not words.
FACTS: tuple[Check, ...] = (
    markup_foreign,
    markup_lost,
    markup_repeated,
    markup_broken,
    emphasis,
    code_changed,
    line_break,
    placeholders,
    numbers,
    acronyms,
    names,
    addresses,
)


@lru_cache(maxsize=1)
def facts_codes() -> Mapping[str, Mapping[str, Any]]:
    """By code: ``severity`` ("error" or "warning") and ``dismissible``."""
    path = files("pipeline.translation.checks") / "tables" / "facts_codes.toml"
    return tomllib.loads(path.read_text("utf-8"))
