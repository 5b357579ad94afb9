"""The tables of languages as values: what one locale does with marks, letters and words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.locales import Locale
from pipeline.translation.checks.model import Pair
from pipeline.translation.checks.scripts import foreign_letters, ranges_of, scripts_of

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A sign that belongs to another language, and the locale's own; ``found`` finds it where it is wrong."""

    sign: str
    own: str
    found: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """What the checks know about a locale.

    ``kinds`` are what a sign at the end says, ``tolerated`` which kinds may stand for a kind (the empty one: no sign), ``within``
    the signs that say a kind inside a word. ``letters`` maps wrong letters to right ones. ``repeats`` is whether the language
    doubles words on purpose: then only those in ``doubled`` are wrong, else all but those, and but the pronouns
    in ``relative`` after a comma.
    """

    foreign: re.Pattern[str]
    kinds: Mapping[str, str]
    tolerated: Mapping[str, frozenset[str]]
    within: Mapping[str, str]
    marks: tuple[Replacement, ...]
    opening: bool
    letters: Mapping[str, str]
    wrong_letter: re.Pattern[str]
    repeats: bool
    doubled: frozenset[str]
    relative: frozenset[str]
    leftover: tuple[tuple[str, re.Pattern[str]], ...]


def words_of(pair: Pair) -> str:
    """The translation without its markup."""
    return pair.words or pair.text


def original_words_of(pair: Pair) -> str:
    """The original without its markup."""
    return pair.original_words or pair.original


def are_close(one: Locale, other: Locale) -> bool:
    """Whether a sentence may well be the same in both: one language, or two that hardly differ."""
    groups = _table("words")["close"]["groups"]
    return one.language == other.language or any({one.language, other.language} <= set(each.split()) for each in groups)


@lru_cache(maxsize=256)
def rules_of(locale: Locale) -> LanguageRules:
    """The rules of a locale: of its script, then of its language, then of its very tag."""
    words = _table("words")
    keys = _keys(locale)
    kinds = {sign: kind for kind, signs in _table("marks")["every"]["kinds"].items() for sign in signs.split()}
    own = [each for key in keys if (each := _table("marks").get(key))]
    for table in own:
        kinds.update(table.get("kinds", {}))
    letters = {wrong: right for key in keys for wrong, right in _table("letters").get(key, {}).items()}
    repeats = locale.language in words["doubled"]["languages"].split()
    doubled = words["doubled"]["never" if repeats else "allowed"].get(locale.language, "")
    return LanguageRules(
        foreign=foreign_letters(scripts_of(locale)),
        kinds=kinds,
        tolerated=_tolerated(own),
        within={kind: signs for table in own for kind, signs in table.get("within", {}).items()},
        marks=tuple(_replacements(own, locale)),
        opening=any(table.get("opening", False) for table in own),
        letters=letters,
        wrong_letter=re.compile("|".join(map(re.escape, letters))) if letters else _NEVER,
        repeats=repeats,
        doubled=frozenset(doubled.casefold().split()),
        relative=frozenset(words["doubled"]["relative"].get(locale.language, "").split()),
        leftover=_leftover(words["leftover"], locale.language),
    )


def _keys(locale: Locale) -> tuple[str, ...]:
    return tuple(dict.fromkeys((locale.script, locale.language, locale.tag)))


@lru_cache(maxsize=8)
def _table(name: str) -> Mapping[str, Any]:
    """A table that comes with the package: a part of the program, and read but once."""
    text = files("pipeline.translation.checks").joinpath(f"tables/language_{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _tolerated(own: list[Mapping[str, Any]]) -> Mapping[str, frozenset[str]]:
    tolerated = {kind: set(kinds) for kind, kinds in _table("marks")["every"]["tolerated"].items()}
    for table in own:
        for kind in table.get("bare", ()):
            tolerated[kind].add("")
        for kind, kinds in table.get("also", {}).items():
            tolerated[kind] |= set(kinds)
    return {"" if kind == "none" else kind: frozenset(kinds) for kind, kinds in tolerated.items()}


def _replacements(own: list[Mapping[str, Any]], locale: Locale) -> Iterator[Replacement]:
    """The signs that are wrong after two letters of the locale's own: after a digit or a foreign word they are not."""
    after = f"(?<=[{ranges_of(scripts_of(locale))}\\u0300-\\u036f\\u064b-\\u0655\\u200c])(?<!\\d)"
    for table in own:
        for sign, mark in table.get("own", ()):
            follows = r"(?=[\s»”’)\]?!]|$)" if sign.isascii() else ""
            yield Replacement(sign, mark, re.compile(f"{after}{re.escape(sign)}{follows}"))
        for sign, mark in table.get("final", ()):
            yield Replacement(sign, mark, re.compile(rf"{after}{re.escape(sign)}(?=[\s»”’)\]]*$)"))


def _leftover(table: Mapping[str, Any], language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = table["words"].get(language, "").split()
    marks = (each for each in table["marks"].split() if each not in words)
    return tuple((each, re.compile(rf"\b{each}\b" if each.isalpha() else re.escape(each))) for each in marks)
