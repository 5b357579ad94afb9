"""Check of terms: what the glossary calls a thing, it is called in the translation, in any inflection."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.locales import Locale
from pipeline.source.document import Role
from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair, Term

#: What may stand in front of a word without a space: articles, prepositions, particles.
_PREFIXES = {
    "ar": re.compile("[وف]?[بلكس]?(?:ال|لل)?"),
    "fa": re.compile("(?:ن?می|به|هم)?"),
    "he": re.compile("[ושכ]{0,2}[הבלמ]{0,2}"),
    "am": re.compile("(?:እንደ|እንዲ|ስለ|ወደ|ከነ|[የበለከስእያይት]){0,2}"),
    "ti": re.compile("(?:ብዛዕባ|እንተ|[ንብካዝምእ]){0,2}"),
    "zgh": re.compile("[ⵜⴰⵓⵉⵏⵙⴷ]{0,2}"),
}
#: The classes of Bantu nouns, and the prefixes of Malay and Guarani.
_CLASSES = re.compile("[a-zñ]{1,4}")
_ANYTHING = re.compile(".*", re.DOTALL)
_CLASS_LANGUAGES = frozenset("sw ln lg rn rw zu xh st tn sn ny ts ve nd nr ss kg lua luo gn id ms tl jv su".split())
#: Their words have no spaces between them: a term is looked for as it stands.
_NO_SPACES = frozenset({"Hans", "Hant", "Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"})
#: They write words together that others write apart: the term may stand at the end of a longer word.
_COMPOUNDING = frozenset("de nl sv da nb nn no is fo af fi et hu lb fy".split())
_LONG = 5
#: That much of a word must agree, and at least so many letters: two where a letter is a syllable.
_SHARE, _LEAST, _SYLLABLES = 0.7, 4, 2
_DROPPED = re.compile("[\u0640\u064b-\u0655\u0670\u200b-\u200f\u00ad\u0301]")
_APART = re.compile(r"[\s’'‐-]+")


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """The terms of one language, made ready: one expression for all of them, the longest first; the term of each group."""

    terms: tuple[Term, ...]
    found: re.Pattern[str]
    by_word: dict[str, Term]


class _Same:
    """A key that is one object: hundreds of terms are not compared for every sentence."""

    __slots__ = ("terms",)

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms

    def __hash__(self) -> int:
        return id(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.terms is self.terms


def terms(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A thing that the glossary names is called something else here. Names and the words of our pages have their own custom."""
    if not knowledge.terms or pair.segment.role in (Role.ORGANISATION, Role.INTERFACE):
        return
    index = _index(_Same(knowledge.terms))
    named = (index.by_word.get(_plain(found[0])) for found in index.found.finditer(original_words_of(pair)))
    wanted = {id(term): term for term in named if term is not None}
    if not wanted:
        return
    text = _normal(words_of(pair), pair.locale)
    tokens = frozenset(_split(text))
    for term in wanted.values():
        if not any(_is_there(each, text, tokens, pair.locale) for each in (*term.translations, *term.stems)):
            shown = " or ".join(f"“{each.replace('*', '…')}”" for each in term.translations or term.stems)
            message = f"the original says “{term.term.replace('|', '” or “')}”; the glossary calls it {shown}"
            yield Finding("glossary", message, f"use that word{': ' * bool(term.note)}{term.note}")


@lru_cache(maxsize=64)
def _index(same: _Same) -> _Index:
    by_word: dict[str, Term] = {}
    patterns: list[tuple[int, str]] = []
    for term in same.terms:
        for variant in term.term.split("|"):
            words = _APART.split(variant.strip())
            if not words[0]:
                continue
            for last in _plurals(words[-1]):
                by_word.setdefault(_plain(" ".join([*words[:-1], last])), term)
                pattern = _APART.pattern.join(map(re.escape, [*words[:-1], last]))
                patterns.append((-len(pattern), pattern))
    alternatives = "|".join(pattern for _, pattern in sorted(patterns))
    return _Index(same.terms, re.compile(rf"(?<!\w)(?:{alternatives or '(?!)'})(?!\w)", re.IGNORECASE), by_word)


def _plurals(word: str) -> tuple[str, ...]:
    """The word and its plurals, as English, French, Spanish and Portuguese make them."""
    if len(word) < 3 or not word[-1].isalpha():
        return (word,)
    other = (f"{word[:-1]}ies",) if word[-1] == "y" else (f"{word}es",) if word[-1] in "szxh" else ()
    return (word, f"{word}s", *other)


def _plain(text: str) -> str:
    return _APART.sub(" ", text).casefold()


def _normal(text: str, locale: Locale) -> str:
    """The text for comparing: without case, and without accents and vowel signs that move or may be left out."""
    form: Literal["NFC", "NFD"] = "NFD" if locale.script == "Grek" else "NFC"
    return _DROPPED.sub("", unicodedata.normalize(form, text).replace("İ", "i").casefold())


def _split(text: str) -> list[str]:
    """The words of a text; a sign on a letter belongs to it, and so does a star."""
    letters = (each if each.isalnum() or unicodedata.category(each)[0] == "M" or each == "*" else " " for each in text)
    return "".join(letters).split()


def _is_there(translation: str, text: str, tokens: frozenset[str], locale: Locale) -> bool:
    """Whether all words of a translation stand in the text, in some inflection."""
    wanted = _normal(translation, locale)
    if locale.script in _NO_SPACES:
        return wanted.replace("*", "") in text
    return all(_has(word, tokens, locale) for word in _split(wanted))


def _has(word: str, tokens: frozenset[str], locale: Locale) -> bool:
    """Whether one of the tokens is the word: as it stands, with another ending, with a prefix, at the end of a longer word."""
    if word in tokens:
        return True
    stem, open_end = word.removesuffix("*"), word.endswith("*")
    least = _SYLLABLES if locale.script == "Ethi" else _LEAST
    if locale.language == "ar" and len(stem) > _LEAST - 1 and stem.endswith("ة"):
        stem, open_end = stem[:-1], True  # its plural has another ending
    if not open_end and len(stem) >= least:
        stem, open_end = stem[: max(least, math.ceil(len(stem) * _SHARE))], True
    prefix = _CLASSES if locale.language in _CLASS_LANGUAGES else _PREFIXES.get(locale.language)
    if locale.language in _COMPOUNDING and len(stem) >= _LONG:
        prefix = _ANYTHING
    for token in tokens:
        at = token.find(stem)
        if at < 0 or not (open_end or at + len(stem) == len(token)):
            continue
        if at == 0 or (prefix is not None and prefix.fullmatch(token, 0, at)):
            return True
    return False
