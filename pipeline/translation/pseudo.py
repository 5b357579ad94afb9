"""Pseudo-locales: a translation into nobody's language, which tries out a layout before the translators do.

``qps-long`` has accents and about 40 % more letters, ``qps-rtl`` Arabic letters in place of the Latin ones: real letters, so that
fonts, shaping and mirroring are really tried. Brackets around each text show where it was cut off, or put together of pieces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pipeline.cldr_gaps import PSEUDO
from pipeline.locales import Locale
from pipeline.source.document import Section
from pipeline.source.markdown import environment_for, inline_html
from pipeline.translation.catalog import Catalog
from pipeline.translation.message import Message

Kind = Literal["long", "rtl"]

#: Not ⟦ and ⟧: the families of print have no glyph for them.
OPEN, CLOSE = "⁅", "⁆"

# What is not words, in the order in which it is looked for.
_KEPT = re.compile(
    r"""
    (`+)(?!`).*?(?<!`)\1(?!`)                                             # code
    | \\[!-/:-@\[-`{-~] | \\\n                                            # escapes, hard line breaks
    | \]\([ \n]*(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)            # a link's or picture's address …
      (?:[ \n]+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \n]*\)   # … and its title
    | \[\^[^\s\]]+\]                                                      # footnote
    | <[^<>\s][^<>]*>                                                     # address in angle brackets, tag
    | &(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);      # character by its name
    | \{[^{}]*\} | %%|%(?:\([^()]*\))?[-+#0-9.]*[a-zA-Z]                  # placeholders
    | (?:https?://|www\.|mailto:|tel:)\S+ | [^\s<>()\[\]]+@[^\s<>()\[\]]+ # addresses in the text
    | [^\W_]*[0-9][^\W_]*(?:[.,:/’'–-][^\W_]*[0-9][^\W_]*)*               # numbers, dates, 30th
    """,
    re.VERBOSE | re.DOTALL,
)
_ACRONYM = re.compile(r"\b[A-Z][A-Z.-]*[A-Z]\b")
_WORD = re.compile(r"[^\W\d_]+")
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")
_ALTERNATIVE = re.compile(r' alt="[^"]*"')

_ACCENTED = str.maketrans(
    "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ", "áḃćḋéḟǵḣíĵḱĺḿńóṕŕśţúṽẃẋýžÁḂĆḊÉḞǴḢÍĴḰĹḾŃÓṔŔŚŢÚṼẂẊÝŽ"
)
#: The letter for each of a to z; other alphabets take theirs by turns.
_ARABIC = "ابصدعفغهيجكلمنوحقرستطثشخظز"
_ARABIC_SIGNS = str.maketrans(",;?", "،؛؟")
#: Every so many letters, one is written twice: 2 of 5.
_EVERY, _MORE = 5, 2


def pseudo(text: str, kind: Kind, labels: tuple[str, ...] = ()) -> str:
    """The text in the pseudo-language; all in it that is not words stays: markup, addresses, numbers, placeholders, footnotes.

    ``labels`` are the footnotes that its document has.

    >>> pseudo("Water for **all** 30 houses!", "long")
    '⁅Ẃááţééŕ ḟóóŕ **áĺĺĺ** 30 ḣóóúśśéś!⁆'
    """
    text_of = _long if kind == "long" else _arabic
    labels = tuple(dict.fromkeys((*labels, *_FOOTNOTE.findall(text))))
    wanted = _markup(text, labels)
    words = _with_words(text, text_of)
    for attempt in (f"{OPEN}{words}{CLOSE}", words, f"{OPEN}{text}{CLOSE}"):
        if _markup(attempt, labels) == wanted:
            return attempt
    return text


def pseudo_catalog(template: Catalog, locale: Locale) -> Catalog:
    """The whole catalog of a pseudo-locale, made of a template; it is for a build that asks for it, never for ``locales/``.

    Raises ValueError if the locale is none.
    """
    if locale.tag not in PSEUDO:
        raise ValueError(f"{locale.tag} is not a pseudo-locale: there are {', '.join(PSEUDO)}")
    kind: Kind = "rtl" if locale.direction == "rtl" else "long"
    domain = template.path.rpartition("/")[2].removesuffix(".pot")
    begun = replace(
        template,
        path=f"locales/{locale.tag}/{domain}.po",
        locale=locale,
        header=replace(template.header, fuzzy=False, raw=None, line=0),
        messages=tuple(_translated(each, kind, locale.nplurals) for each in template.live),
    )
    return begun.with_header("Language", locale.tag).with_header("Plural-Forms", locale.plural_forms)


def _translated(message: Message, kind: Kind, forms: int) -> Message:
    plural = message.msgid_plural
    texts = (message.msgid,) if plural is None else (message.msgid, *(plural,) * (forms - 1))
    made = tuple(pseudo(each, kind) for each in texts)
    return replace(message, msgstr=made, fuzzy=False, raw=None, line=0)


def _with_words(text: str, text_of: Callable[[str], str]) -> str:
    """The text with its words changed."""
    shouted = not any(letter.islower() for letter in _KEPT.sub("", text))
    pieces: list[str] = []
    end = 0
    for match in _KEPT.finditer(text):
        pieces += (_plain(text[end : match.start()], text_of, shouted), match[0])
        end = match.end()
    return "".join([*pieces, _plain(text[end:], text_of, shouted)])


def _plain(text: str, text_of: Callable[[str], str], shouted: bool) -> str:
    """A piece of text without markup but for its emphasis; acronyms stay, unless all is in capitals."""
    if shouted:
        return text_of(text)
    pieces: list[str] = []
    end = 0
    for match in _ACRONYM.finditer(text):
        pieces += (text_of(text[end : match.start()]), match[0])
        end = match.end()
    return "".join([*pieces, text_of(text[end:])])


def _long(text: str) -> str:
    return _WORD.sub(lambda match: _lengthened(match[0]), text)


def _lengthened(word: str) -> str:
    """The word with accents where there are any, and two letters of five twice."""
    letters: list[str] = []
    for place, letter in enumerate(word, 1):
        accented = letter.translate(_ACCENTED)
        twice = (place * _MORE + 2) // _EVERY > ((place - 1) * _MORE + 2) // _EVERY
        letters += [accented, accented.lower()] if twice and letter.isalpha() else [accented]
    return "".join(letters)


def _arabic(text: str) -> str:
    return _WORD.sub(lambda match: "".join(map(_arabic_letter, match[0])), text).translate(_ARABIC_SIGNS)


def _arabic_letter(letter: str) -> str:
    if not letter.isalpha():
        return letter
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return _ARABIC[ord(base) - ord("a") if "a" <= base <= "z" else ord(base) % len(_ARABIC)]


def _markup(text: str, labels: tuple[str, ...]) -> str:
    """The HTML of the text without its words: equal for two texts with the same markup."""
    environment = environment_for(Section(("", ""), (), labels))
    kept: list[str] = []

    def without_words(words: str) -> str:
        kept.extend(_FOOTNOTE.findall(words))
        return ""

    html = inline_html(text, environment, without_words)
    return _ALTERNATIVE.sub("", html) + " ".join(kept)
