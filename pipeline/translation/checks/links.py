"""Addresses in plain text: web, mail and telephone, kept letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.translation.checks.folded import with_ascii_digits
from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_URL_SIGNS = r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]"
#: What an address without https:// may end in, to be told from two sentences without a space between.
_ENDINGS = "[a-z]{2}|org|com|net|info|edu|gov|int|app|blog|news|press|social|online|site|coop|world"
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]*://|www\.){_URL_SIGNS}+"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    rf"|(?<![A-Za-z0-9@.])(?:[a-z][a-z0-9-]+\.)+(?:{_ENDINGS})(?![A-Za-z0-9-]|\.[a-z])(?:/{_URL_SIGNS}*)?",
)
_TRAILING = ".,;:!?)('’]*"
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?<!\d[ \u00a0\u202f])(?:\+|00|\(0|0(?=\d{2,}[ /-]))[\d() ./\u00a0\u202f-]{5,}\d(?![\w.,]?\d)"
)
_CALLED = re.compile(r"(?:tel|phone|fax|mobile|whatsapp|☎|📞)\.?:?\s*(\+?[\d() ./\u00a0-]{5,}\d)", re.IGNORECASE)
_SHORTEST_PHONE = 6
_MAYBE = re.compile(r"[a-z]\.[a-z]|://|@|\+|\d[\d ()/.-]{4,}\d")


def addresses(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A reader who types an address with one wrong letter arrives nowhere, or somewhere else."""
    original, words = original_words_of(pair), words_of(pair)
    ours, theirs = web_addresses(original), web_addresses(words)
    kept = {each for each in ours if any(_is_same(each, other) for other in theirs)}
    for each in dict.fromkeys(each for each in ours if each not in kept):
        yield Finding(
            "address", f"the translation lacks the address {each}", "copy it from the original, letter by letter"
        )
    for each in dict.fromkeys(each for each in theirs if not any(_is_same(our, each) for our in ours)):
        if _leads_out(each) and each not in pair.original:  # else it is a link whose brackets are broken
            hint = (
                "use the addresses of the original; if this one is meant for readers of your language, ask the authors"
            )
            yield Finding("address-foreign", f"the translation has the address {each}, which the original lacks", hint)
    yield from _phones(original, words)


def _phones(original: str, words: str) -> Iterator[Finding]:
    wanted = phone_numbers(original)
    if wanted:
        theirs = re.sub(r"[^\d+]+", "", with_ascii_digits(words))
        for each in wanted:
            if re.sub(r"[^\d+]", "", each) not in theirs:
                hint = "copy it from the original, digit by digit"
                yield Finding("address", f"the translation lacks the telephone number {each}", hint)


@lru_cache(maxsize=64)
def web_addresses(words: str) -> tuple[str, ...]:
    """Web and mail addresses in plain text, in order, without the stop at their end.

    >>> web_addresses("See https://example.org/a, or write to us@example.org.")
    ('https://example.org/a', 'us@example.org')
    """
    if not _MAYBE.search(words):
        return ()
    return tuple(each for match in _ADDRESS.finditer(words) if (each := _bare(match[0])))


@lru_cache(maxsize=64)
def phone_numbers(words: str) -> tuple[str, ...]:
    """Telephone numbers in plain text: with + or 0 in front, or called so.

    >>> phone_numbers("Call +49 30 1234567 before 2026.")
    ('+49 30 1234567',)
    """
    if not _MAYBE.search(words):
        return ()
    text = with_ascii_digits(words)
    found = [match[0] for match in _PHONE.finditer(text)] + [match[1] for match in _CALLED.finditer(text)]
    return tuple(dict.fromkeys(each.strip() for each in found if sum(map(str.isdigit, each)) >= _SHORTEST_PHONE))


def without_addresses(words: str) -> str:
    """The text with a space for each address and telephone number: what is left are words and numbers."""
    if not _MAYBE.search(words):
        return words
    text = with_ascii_digits(words)
    for each in (*web_addresses(words), *phone_numbers(words)):
        text = text.replace(with_ascii_digits(each), " ")
    return text


def _bare(address: str) -> str:
    """The address without the stop or bracket that follows it in a sentence."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _is_same(address: str, other: str) -> bool:
    """Whether the other is the address, perhaps with an ending of the language (example.org'da)."""
    return other == address or (
        other.startswith(address) and bool(re.fullmatch(r"'[a-z]{1,8}|-", other[len(address) :]))
    )


def _leads_out(address: str) -> bool:
    """Whether it is surely an address, and not two words with a stop between."""
    return "://" in address or "@" in address or address.startswith("www.") or "/" in address
