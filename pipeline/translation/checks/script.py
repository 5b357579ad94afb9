"""Checks of scripts: words of two alphabets, letters of a neighbour's keyboard, texts in another script than the locale's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.locales import Locale
from pipeline.translation.checks.language_rules import original_words_of, rules_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair
from pipeline.translation.checks.scripts import ALIKE, script_name, script_of, scripts_of, word_around

#: One Latin letter between Cyrillic words: the conjunction and, the preposition with, typed on the wrong keyboard.
_LONELY_LATIN = re.compile("[\u0400-\u052f],? ([aciopyACIOPY]) (?=[\u0400-\u052f])")
_WORDS = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*")
_SHORTEST = 4


def mixed_words(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A word of two alphabets looks right, and no search finds it ("Haϊtien" with a Greek ϊ)."""
    words = words_of(pair)
    rules = rules_of(pair.locale)
    if words.isascii() and pair.locale.script == "Latn":
        return
    seen: set[str] = set()
    for found in rules.foreign.finditer(words):
        start, end = word_around(words, found.start())
        word = words[start:end]
        if word in seen:
            continue
        seen.add(word)
        odd = _odd_letter(word, pair.locale)
        if odd and word not in pair.original and not _is_ending_on_a_name(word, odd, pair, knowledge):
            others = script_name(
                next(filter(None, (script_of(each) for each in word if script_of(each) != script_of(odd))))
            )
            name = script_name(script_of(odd))
            message = f"the word “{word}” mixes {others} letters with the {name} “{odd}” (U+{ord(odd):04X})"
            yield Finding("mixed-script", message, f"type the word again with one keyboard only{_twin(odd, word)}")
    if pair.locale.script == "Cyrl" and (lonely := _LONELY_LATIN.search(words)):
        message = f"“{lonely[0].strip()}” has the Latin letter “{lonely[1]}” between Cyrillic words"
        yield Finding("mixed-script", message, "type it again with the Cyrillic keyboard")


def wrong_letters(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A letter that looks like the language's own and comes from a neighbour's keyboard."""
    rules = rules_of(pair.locale)
    words = words_of(pair)
    for letter in dict.fromkeys(rules.wrong_letter.findall(words)):
        if letter in pair.original:
            continue
        own = rules.letters[letter]
        at = words.index(letter)
        start, end = word_around(words, at)
        message = f"“{words[start:end]}” is written with {_named(letter)}; {pair.locale.english_name} has {_named(own)}"
        yield Finding("wrong-letter", message, f"replace it: {words[start:end].replace(letter, own)}")


def wrong_script(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A text in another script than its readers', but for what every language keeps: acronyms and names."""
    words = words_of(pair)
    foreign = rules_of(pair.locale).foreign
    count = len(foreign.findall(words))
    if count < _SHORTEST or count * 2 < sum(map(str.isalpha, words)):
        return
    original = f"{pair.original} {pair.segment.note}".casefold()
    kept = frozenset(_WORDS.findall(original)) | {each.casefold() for name in knowledge.names for each in name.split()}
    letters = [
        letter
        for run in _RUN.findall(words)
        if not (run.isupper() and len(run) <= 8)
        for word in _WORDS.findall(run)
        if word.casefold() not in kept
        for letter in foreign.findall(word)
    ]
    if len(letters) < _SHORTEST:
        return
    found = script_name(script_of(letters[0]))
    own = " or ".join(sorted({script_name(each) for each in scripts_of(pair.locale)}))
    message = (
        f"the translation is in {found} script; {pair.locale.english_name} is written in {own} script in this catalog"
    )
    yield Finding("wrong-script", message, "write it in that script, or move it to the catalog of the other one")


def _odd_letter(word: str, locale: Locale) -> str:
    """A letter of the rarer script in a word; empty if the word has one script, or several that go together."""
    by_script: dict[str, list[str]] = {}
    for sign in word:
        if script := script_of(sign):
            by_script.setdefault(script, []).append(sign)
    own = scripts_of(locale)
    if len(by_script) < 2 or by_script.keys() <= own:
        return ""
    rarest = min(by_script, key=lambda each: (len(by_script[each]), each in own))
    alike = len(by_script.keys() & ALIKE) >= 2
    if not alike and (
        len(by_script[rarest]) > 1 or own & {"Hani", "Hira", "Kana", "Hang", "Thai", "Laoo", "Khmr", "Mymr"}
    ):
        return ""  # an ending of one's own on a foreign word
    return by_script[rarest][0]


def _is_ending_on_a_name(word: str, odd: str, pair: Pair, knowledge: Knowledge) -> bool:
    """Whether a word is an acronym or a word of the original, and an ending or a prefix in the locale's own script."""
    runs = re.findall(f"(?:{rules_of(pair.locale).foreign.pattern})+", word)
    rest = rules_of(pair.locale).foreign.sub("", word)
    if len(runs) != 1 or len(runs[0]) < 2:
        return False
    known = runs[0] in knowledge.names or re.search(rf"\b{re.escape(runs[0])}\b", original_words_of(pair)) is not None
    return known or (runs[0].isupper() and not rest.isupper())


def _named(letter: str) -> str:
    names = (unicodedata.name(each, "").lower() for each in letter)
    codes = " ".join(f"U+{ord(each):04X}" for each in letter)
    return f"“{letter}” ({codes}, {' + '.join(names)})"


def _twin(odd: str, word: str) -> str:
    """The letter that was meant, if Unicode's decomposition or a name tells."""
    base = unicodedata.normalize("NFD", odd)
    twin = TWINS.get(base[0], "") if script_of(odd) != "Latn" else ""
    if not twin:
        return ""
    meant = unicodedata.normalize("NFC", twin + base[1:])
    return f"; {word.replace(odd, meant)} has the Latin {meant}" if len(meant) == 1 else ""


#: Greek and Cyrillic letters that look like Latin ones.
TWINS = dict(
    zip(
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοριυκАВЕЅІЈКМНОРСТХаеіјорсухѕԁԛԝ",
        "ABEZHIKMNOPTYXavopiukABESIJKMHOPCTXaeijopcyxsdqw",
        strict=True,
    )
)
