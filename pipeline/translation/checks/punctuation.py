"""Checks of marks: sentences end as the original's, with the language's own signs; brackets and quotes come in pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.source.document import Role
from pipeline.translation.checks.language_rules import LanguageRules, original_words_of, rules_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_CLOSERS = " \u00a0\u202f\t\n»›”“’\"'‘«)]）」』】*_\u200b\u200e\u200f\u061c\u2069"
_DOTS = re.compile(r"\.{3,}$")
#: "p.m.", "т. д.", "etc.": the full stop is the word's, not the sentence's.
_ABBREVIATION = re.compile(r"(?:[\s.][^\W\d_]|\b(?:etc|inc|ltd|vol|approx|dr|st|jr))\.$", re.IGNORECASE)
#: Where the original has no mark, a short word with a full stop is taken for one more: "usw.", "itd.", "vb.".
_SHORT_WORD = re.compile(r"(?:^|\s)[^\W\d_]{1,4}\.$")
_RUN = re.compile(r"[?!？！]+")
_OPENING_RUN = re.compile(r"[¿¡]+")
_PAIRS = ("()", "[]", "«»", "‹›", "（）", "「」", "『』", "《》", "〈〉", "【】")
_BRACKETED = re.compile(r"[()\[\]«»‹›（）「」『』《》〈〉【】]")
_DOUBLE_QUOTES = re.compile("[“”„‟]")
#: An enumeration's a), 2) has one bracket only.
_NUMBERED = re.compile(r"(?:^|(?<=[\s,;،؛]))\w{1,3}\)")
_SAID = {
    "stop": "a full stop",
    "question": "a question mark",
    "exclamation": "an exclamation mark",
    "colon": "a colon",
    "ellipsis": "an ellipsis",
    "pause": "a comma, a semicolon or a dash",
    "": "no mark",
}


def endings(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A question that ends as a statement, a sentence whose end was lost, an introduction to a list without its colon."""
    if pair.segment.role is Role.ORGANISATION:
        return
    original, text = original_words_of(pair).rstrip(_CLOSERS), words_of(pair).rstrip(_CLOSERS)
    rules = rules_of(pair.locale)
    wanted, found = _ending(original, rules_of(pair.source)), _ending(text, rules)
    if found & rules.tolerated[wanted_kind(wanted)] or _ABBREVIATION.search(original):
        return
    kind = wanted_kind(wanted)
    if any(sign in text for sign in rules.within.get(kind, "")):
        return
    if not kind and (
        _ABBREVIATION.search(text) or _SHORT_WORD.search(text) or not original[-1:].isalpha() or "." in original
    ):
        return
    if not text or found & wanted or (found == {""} and text.endswith("}")):
        return  # "language: {language}": what is filled in stands at the end
    message = f"the original ends with {_SAID[kind]}, the translation with {_SAID[wanted_kind(found)]}"
    signs = sorted(
        {sign for sign, each in rules.kinds.items() if each == kind and sign in _OWN_FIRST}, key=_OWN_FIRST.index
    )
    yield Finding("end-mark", message, _hint(kind, rules, signs))


def foreign_marks(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """The mark of another script, where the language has its own: “?” for “؟”, “.” for “।”."""
    words = words_of(pair)
    for each in rules_of(pair.locale).marks:
        if found := each.found.search(words):
            before = words[: found.start()].split()[-1]
            message = (
                f"“{before}{each.sign}” has the mark “{each.sign}”; {pair.locale.english_name} writes “{each.own}”"
            )
            yield Finding("foreign-mark", message, f"type {each.own} instead of {each.sign}")


def opening_marks(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """In Spanish every question and every exclamation begins with a sign of its own."""
    if not rules_of(pair.locale).opening:
        return
    words = words_of(pair)
    closed, opened = len(_RUN.findall(words)), len(_OPENING_RUN.findall(words))
    if opened < closed and ("¿" in words) < ("?" in words):
        yield Finding(
            "opening-mark", "a question ends with “?” and does not begin with “¿”", "put ¿ before its first word"
        )
    elif opened < closed:
        message = "an exclamation or question has its last mark and not its first one, “¡” or “¿”"
        yield Finding("opening-mark", message, "put ¡ or ¿ before its first word")
    elif opened > closed:
        message = "“¡” or “¿” begins an exclamation or a question that does not end with “!” or “?”"
        yield Finding("opening-mark", message, "put ! or ? after its last word")


def balance(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A bracket or a quotation that opens and never closes."""
    words = words_of(pair)
    signs = _BRACKETED.findall(words)
    if signs:
        yield from _unbalanced(words, signs, original_words_of(pair))
    quotes = len(_DOUBLE_QUOTES.findall(words))
    if quotes % 2 and len(_DOUBLE_QUOTES.findall(original_words_of(pair))) % 2 == 0:
        message = f"the translation has {quotes} quotation marks “ ” „, so that one of them has no partner"
        yield Finding("unbalanced", message, "put a mark before and after what is quoted")


def _unbalanced(words: str, signs: list[str], original: str) -> Iterator[Finding]:
    numbered = len(_NUMBERED.findall(words))
    for opening, closing in map(tuple, _PAIRS):
        excess = signs.count(opening) - signs.count(closing)
        if (
            excess
            and excess != original.count(opening) - original.count(closing)
            and not (-excess == numbered and closing == ")")
        ):
            more, less = (opening, closing) if excess > 0 else (closing, opening)
            message = f"the translation has “{more}” {signs.count(more)} times and “{less}” {signs.count(less)} times"
            yield Finding("unbalanced", message, f"add the missing {less}, or delete the {more} that is too many")


#: In this order a hint shows the signs that a locale may use.
_OWN_FIRST = list(".。।۔།።។။։᱾?？؟፧՞!！՜:：፦៖՝…,，،፣")


def _hint(kind: str, rules: LanguageRules, signs: list[str]) -> str:
    if not kind:
        return "delete the mark at the end, or dismiss this if the language wants one here"
    own = {each.own for each in rules.marks}
    usual = {"stop": ".", "question": "?", "exclamation": "!", "colon": ":", "ellipsis": "…", "pause": ","}
    foreign = {each.sign for each in rules.marks}
    shown = [each for each in signs if each in own] or [usual[kind]] * (usual[kind] not in foreign)
    shown = shown or list(rules.within.get(kind, ""))
    return f"end it with {' or '.join(shown)}" if shown else f"end it with {_SAID[kind]}"


def wanted_kind(kinds: frozenset[str]) -> str:
    """The kind of an ending that counts: a question asked with “?!” is one; empty if there is no mark.

    >>> wanted_kind(frozenset({"exclamation", "question"}))
    'question'
    """
    return next((each for each in ("question", "exclamation", *_SAID) if each in kinds), "")


def _ending(text: str, rules: LanguageRules) -> frozenset[str]:
    """What the signs at the end of a text say; {""} if there is none."""
    if not text:
        return frozenset({""})
    if _DOTS.search(text):
        return frozenset({"ellipsis", "stop"})
    kinds: set[str] = set()
    end = len(text)
    while end and (kind := rules.kinds.get(text[end - 1])):
        kinds.add(kind)
        end -= 1
        while end and text[end - 1] in "\u00a0\u202f ":
            end -= 1
    return frozenset(kinds or {""})
