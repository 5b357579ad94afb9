"""The choosers of languages: of a document, and of the home page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from pipeline.locales import Locale
from pipeline.typesetting.view import LanguageLink
from pipeline.website.romanised import romanised
from pipeline.website.summary import Entry, Resolution

#: Letters that no decomposition takes apart, as who lacks them types them.
_TYPED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ə": "e",
        "ɛ": "e",
        "ɔ": "o",
        "ŋ": "n",
        "þ": "th",
    }
)


def language_links(
    entries: Iterable[Entry], reader: Locale, current: str, to: str, settings_locale: Callable[[str], Locale]
) -> tuple[LanguageLink, ...]:
    """The chooser's languages, each by its own name: Latin script first, then by script.

    ``current`` is the tag of the page that it is for, ``to`` the way to the others: ``../{tag}/index.html``.
    """
    known = [(settings_locale(entry.tag), entry) for entry in entries]
    return tuple(
        LanguageLink(
            tag=locale.tag,
            endonym=locale.endonym,
            dir=locale.direction,
            href=to.replace("{tag}", locale.tag),
            percent=entry.percent,
            current=locale.tag == current,
            draft=entry.draft,
            stale=bool(entry.changed),
            names=found_by(locale, reader),
        )
        for locale, entry in sorted(known, key=lambda each: _order(each[0]))
    )


def home_links(
    resolutions: Iterable[Resolution], reader: Locale, current: str, to: str, settings_locale: Callable[[str], Locale]
) -> tuple[LanguageLink, ...]:
    """The languages of the home page: all in which some resolution is published."""
    tags = {entry.tag for resolution in resolutions for entry in resolution.entries}
    whole = [Entry(tag, "", tag, "", 100) for tag in tags]
    return language_links(whole, reader, current, to, settings_locale)


@lru_cache(maxsize=20_000)
def found_by(locale: Locale, reader: Locale) -> str:
    """What a language is found by besides its own name, folded: in English, in the reader's language, romanised, its tag.

    A name is left out where those before it, or the language's own name, begin with it already.

    >>> found_by(Locale.parse("ru"), Locale.parse("de"))
    'russian russisch russkij russkiy'
    """
    own = folded(locale.endonym)
    names = [locale.english_name, reader.name_of(locale).text, *romanised(locale), _typed(own), locale.tag]
    kept: list[str] = []
    for name in map(folded, names):
        if name and not any(f" {each}".find(f" {name}") >= 0 for each in (own, *kept)):
            kept.append(name)
    return " ".join(kept)


def folded(text: str) -> str:
    """The text in small letters, without accents and signs: what ``templates/site/filter.html`` does with what is typed.

    >>> folded("Avañe’ẽ"), folded("Português (Brasil)")
    ('avanee', 'portugues brasil')
    """
    decomposed = unicodedata.normalize("NFKD", text).lower().replace("ß", "ss").replace("ς", "σ")
    spaced = re.sub(r"[-‐‑–\s]", " ", decomposed)
    return " ".join("".join(each for each in spaced if each == " " or unicodedata.category(each)[0] in "LN").split())


def _typed(own: str) -> str:
    return own.translate(_TYPED)


def _order(locale: Locale) -> tuple[bool, str, str, str]:
    return (locale.script != "Latn", locale.script, locale.endonym.casefold(), locale.tag)
