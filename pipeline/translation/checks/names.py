"""Acronyms and names: a reader must be able to look up who is meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.translation.checks.folded import folded, with_ascii_digits
from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.links import without_addresses
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_ACRONYM = re.compile(r"(?<![^\W_])(?:[A-ZÀ-ÖØ-Þ][0-9]*){2,}(?![^\W_])")
_MAYBE = re.compile(r"[A-ZÀ-ÖØ-Þ]{2}")
#: Three words in capitals one after another are shouted, not shortened.
_SHOUTED = re.compile(r"(?:(?<![^\W_])[^\W\da-z_]{2,}[ ,!'’-]+){2,}[^\W\da-z_]{2,}(?![^\W_])")
#: Longer ones are words in capitals, unless the registry knows them.
_LONGEST = 6
_ROMAN = re.compile(r"[IVX]+|M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_A = ord("A")
_ANYTHING = "*"


def acronyms(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Each acronym of the original must be in the translation: in its letters, or in those of the language."""
    original, words = original_words_of(pair), words_of(pair)
    if not _MAYBE.search(original):
        return
    original, words = without_addresses(with_ascii_digits(original)), with_ascii_digits(words)
    for acronym in acronyms_in(original, pair.source.language, knowledge.names):
        if not _kept(acronym, words, pair, knowledge):
            hint = "copy it from the original; if your language has its own, put it into the glossary, or dismiss this"
            yield Finding("acronym", f"the translation lacks the acronym {acronym}", hint)


def names(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Names of the registry that every language keeps; those in capitals only are acronyms."""
    if not knowledge.names:
        return
    original, words = original_words_of(pair), words_of(pair)
    for name in sorted(each for each in knowledge.names if each in original):
        if _is_acronym(name) or not _stands_in(name, original) or _stands_in(name, words):
            continue
        if not _of_glossary(name, words, knowledge):
            hint = "copy it from the original, letter by letter"
            yield Finding("name", f"the translation lacks the name {name}", hint)


def acronyms_in(text: str, language: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The acronyms of a text, once each: capital Latin letters that are neither a shouted word nor a Roman number.

    >>> acronyms_in("The ICOR does NOT support NATO. DOWN WITH ALL WARS! Part IV", "en")
    ('ICOR', 'NATO')
    """
    if _is_shouted(text):
        return tuple(each for each in dict.fromkeys(_ACRONYM.findall(text)) if each in known)
    shouted = _table()["emphasised"].get(language, "").split()
    quiet = _SHOUTED.sub(lambda match: " ".join(each for each in match[0].split() if each.strip(",!") in known), text)
    found = (match[0] for match in _ACRONYM.finditer(quiet))
    return tuple(
        dict.fromkeys(
            each for each in found if each in known or not (len(each) > _LONGEST or each in shouted or _is_roman(each))
        )
    )


def _is_shouted(text: str) -> bool:
    """Whether a whole text of several words is in capitals, as slogans and titles are."""
    small, capitals = sum(map(str.islower, text)), sum(map(str.isupper, text))
    return capitals > 6 * small and len(re.findall(r"[^\W\d_]{2,}", text)) > 1


def _is_acronym(name: str) -> bool:
    return _ACRONYM.fullmatch(name) is not None


def _is_roman(text: str) -> bool:
    return _ROMAN.fullmatch(text) is not None and (len(text) > 3 or set(text) <= set("IVX"))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    path = files("pipeline.translation.checks") / "tables" / "facts_names.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _kept(acronym: str, words: str, pair: Pair, knowledge: Knowledge) -> bool:
    if _stands_in(acronym, words) or _of_glossary(acronym, words, knowledge):
        return True
    own = _own_forms(acronym, pair)
    if _ANYTHING in own or any(_stands_in(form.rstrip("*"), words) for form in own):
        return True
    return _spelled_out(acronym, words, pair) or _transliterated(acronym, words, pair)


def _stands_in(name: str, text: str) -> bool:
    """Whether a text has the name as a word, perhaps with an ending in small letters (ICORs, NATO'nun)."""
    start = text.find(name)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
        if not _same_kind(before, name[:1]) and not (_same_kind(after, name[-1:]) and not after.islower()):
            return True
        start = text.find(name, start + 1)
    return False


def _same_kind(neighbour: str, letter: str) -> bool:
    """Whether a letter or digit stands beside one of its own script: then both are one word (the ICOR of SICOR)."""
    if neighbour.isdigit():
        return letter.isdigit()
    return neighbour.isalpha() and letter.isalpha() and neighbour.isascii() == letter.isascii()


def _of_glossary(name: str, words: str, knowledge: Knowledge) -> bool:
    terms = (term for term in knowledge.terms if term.term == name)
    folded_words = folded(words)
    return any(folded(form) in folded_words for term in terms for form in (*term.translations, *term.stems) if form)


def _own_forms(acronym: str, pair: Pair) -> tuple[str, ...]:
    by_language = _table()["localized"].get(acronym, {})
    locale = pair.locale
    forms = by_language.get(locale.tag) or by_language.get(locale.language) or by_language.get(_ANYTHING) or ""
    return tuple(filter(None, forms.split("|")))


def _spelled_out(acronym: str, words: str, pair: Pair) -> bool:
    """Whether the translation spells the letters' names: কিউআর for QR."""
    table = _table()["letters"]
    row = (table.get(pair.locale.tag) or table.get(pair.locale.language) or "").split()
    if not row or not re.fullmatch(r"[A-Z]+", acronym):
        return False
    gap = r"[\s.\u200c\u200d-]*"
    letters = (
        "(?:" + "|".join(re.escape(folded(name)) for name in row[ord(each) - _A].split("|")) + ")" for each in acronym
    )
    return re.search(gap.join(letters), folded(words)) is not None


def _transliterated(acronym: str, words: str, pair: Pair) -> bool:
    """Whether the translation has the acronym letter by letter in another script with one letter for each: ИКОР."""
    row = _table()["transliterated"].get(pair.locale.script, "").split()
    if not row or not re.fullmatch(r"[A-Z]+", acronym):
        return False
    pattern = "".join(f"(?:{_letters(row[ord(each) - _A])})" for each in acronym)
    return re.search(rf"(?<![^\W\d_]){pattern}", words) is not None


def _letters(letters: str) -> str:
    return f"{letters}|[{letters}]"
