"""Locale: a BCP-47 tag with its CLDR facts, and what stands in where CLDR is silent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from gettext import c2py

from babel import Locale as CldrLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from babel.languages import get_official_languages
from babel.lists import format_list
from babel.messages.plurals import PLURALS

from pipeline import cldr_gaps as gaps

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?P<extended>(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<territory>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<private>-x(?:-[a-z0-9]{1,8})+)?",
)
_PRIVATE_TAG = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_PRIVATE_SCRIPT = re.compile("Qa(?:a[a-z]|b[a-x])")
#: Scripts as POSIX spells them after an @; many write them so after a hyphen, too.
_SCRIPT_NAMES = {"latin": "Latn", "cyrillic": "Cyrl", "arabic": "Arab", "devanagari": "Deva"}
#: Codes that name no language: CLDR would take them for American English.
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
#: Yoruba's long form has it. Babel finds those names or not, depending on which locale it was asked before.
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")
_PLURAL_RULE = re.compile(r"plural\s*=([^;]+)")
_DEFAULT_PLURALS = "nplurals=2; plural=(n != 1);"


@dataclass(frozen=True, slots=True)
class Localized:
    """Text that we made, and the locale whose words it is in: not always the one that was asked."""

    text: str
    locale: Locale


@dataclass(frozen=True, slots=True, order=True)
class Locale:
    """A language as people write it somewhere, by its canonical BCP-47 tag (RFC 5646, section 4.5).

    ``fallbacks`` are the tags asked, in this order, for the facts that CLDR lacks for the locale itself; "en" is the last.
    """

    tag: str
    language: str
    script: str
    territory: str = ""
    fallbacks: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, tag: str, fallbacks: Mapping[str, str] | None = None) -> Locale:
        """The locale that a tag names: ``fa_AF``, ``prs`` and ``FA-af`` are all ``fa-AF``.

        >>> [Locale.parse(tag).tag for tag in ("prs", "ku", "pt_br", "sr@latin", "sr-Cyrl", "az-Arab", "de-1996")]
        ['fa-AF', 'kmr', 'pt-BR', 'sr-Latn', 'sr', 'az-Arab', 'de-1996']

        Raises ValueError if it is not a language tag.
        """
        return _parse(tag, tuple(sorted((fallbacks or {}).items())))

    def __str__(self) -> str:
        return self.tag

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if self.script in gaps.RIGHT_TO_LEFT else "ltr"

    @property
    def endonym(self) -> str:
        """The language's name in itself, as a list of languages shows it."""
        return _names(self)[0]

    @property
    def english_name(self) -> str:
        return _names(self)[1]

    def name_of(self, other: Locale) -> Localized:
        """The name of another language, in this one."""
        in_cldr = gaps.CLDR_NAMES.get(other.language, other.language).split("_")[0]
        for tag in self._chain():
            languages = _facts(tag).languages
            known = (languages.get(each) for each in (other.tag.replace("-", "_"), other.language, in_cldr))
            name = next(filter(None, known), None)
            if name:
                return Localized(name, self._speaking(tag))
        return Localized(other.english_name, Locale.parse("en"))

    def country(self, code: str) -> Localized:
        """The CLDR name of an ISO 3166 country; the code itself if no locale knows it."""
        for tag in self._chain():
            name = _facts(tag).territories.get(code)
            if name:
                return Localized(name, self._speaking(tag))
        return Localized(code, Locale.parse("en"))

    def date(self, day: date) -> Localized:
        """The day in CLDR's long form (Gregorian), in the digits of the locale that words it."""
        for tag in self._chain():
            facts = _facts(tag)
            if not any(month.startswith(("M0", "M1")) for month in facts.months["format"]["wide"].values()):
                speaking = self._speaking(tag)
                pattern = _SHORT_MONTH.sub("MMMM", facts.date_formats["long"].pattern)
                return Localized(speaking.digits(format_date(day, pattern, facts)), speaking)
        raise AssertionError("CLDR has English months")

    def list(self, texts: Sequence[str]) -> str:
        """The texts in one enumeration ("a, b and c")."""
        return format_list(list(texts), locale=_facts(next(iter(self._chain()))))

    @property
    def numbering_system(self) -> str:
        """CLDR's default for the language and region: "latn", "arab", "beng" …"""
        return str(_facts(next(iter(self._chain()))).default_numbering_system)

    @property
    def counter_style(self) -> str:
        """The CSS counter style that numbers lists in the locale's digits."""
        return gaps.DIGITS[self.numbering_system][1] if self.numbering_system in gaps.DIGITS else "decimal"

    def digits(self, text: str) -> str:
        """The text with 0–9 in the locale's own digits.

        >>> Locale.parse("bn").digits("10 / 2026")
        '১০ / ২০২৬'
        """
        if self.numbering_system not in gaps.DIGITS:
            return text
        zero = gaps.DIGITS[self.numbering_system][0]
        return text.translate({ord("0") + value: zero + value for value in range(10)})

    @property
    def plural_forms(self) -> str:
        """The value of gettext's ``Plural-Forms`` header."""
        for name in (self.tag.replace("-", "_"), self.language, gaps.CLDR_NAMES.get(self.language, "")[:2]):
            if name in PLURALS:
                count, expression = PLURALS[name]
                return f"nplurals={count}; plural={expression};"
        return gaps.PLURAL_FORMS.get(self.language, _DEFAULT_PLURALS)

    @property
    def nplurals(self) -> int:
        return int(self.plural_forms.split("=")[1].split(";")[0])

    def plural_index(self, count: int) -> int:
        """Which msgstr[] says ``count`` things."""
        return plural_rule(self.plural_forms)(count)

    def written(self, text: str) -> Locale:
        """The locale with the script that most letters of a text are in, if this is not among its own.

        >>> [Locale.parse("und").written(text).tag for text in ("Ⲁⲗⲏⲑⲱⲥ", "abc", "人人生而自由")]
        ['und-Copt', 'und', 'und-Hani']
        """
        found = _script_of(text)
        if not found or found in gaps.SEVERAL_SCRIPTS.get(self.script, (self.script,)) or self.tag in gaps.PSEUDO:
            return self
        script = gaps.WRITTEN_WITH.get(found, found)
        if self.tag.startswith("x-"):
            return Locale.parse(f"und-{script}-{self.tag}")
        rest = self.tag.removeprefix(self.language).removeprefix(f"-{self.script}")
        return Locale.parse(f"{self.language}-{script}{rest}")

    def _chain(self) -> tuple[str, ...]:
        return _chain(self.tag, self.fallbacks)

    def _speaking(self, tag: str) -> Locale:
        return self if tag == self.tag else Locale.parse(tag)


@lru_cache(maxsize=1024)
def _names(locale: Locale) -> tuple[str, str]:
    """A language's name in itself, and in English; a chooser asks for them on every page."""
    if locale.tag in gaps.ENDONYMS:
        return gaps.ENDONYMS[locale.tag]
    cldr = _cldr(locale.tag)
    english = cldr.get_display_name("en") if cldr is not None else CldrLocale("en").languages.get(locale.language)
    name = cldr.get_display_name() if cldr is not None else None
    return _as_label(name, locale.script) if name else english or locale.tag, english or locale.tag


@lru_cache(maxsize=1024)
def _parse(text: str, declared: tuple[tuple[str, str], ...]) -> Locale:
    spelled = re.sub("[_@]", "-", text.strip().lower())
    if spelled in gaps.PSEUDO:
        return Locale(spelled, "qps", gaps.PSEUDO[spelled], "", ("en",))
    if _PRIVATE_TAG.fullmatch(spelled):
        return replace(_parse("und", declared), tag=spelled)
    match = _TAG.fullmatch(_extended(gaps.GRANDFATHERED.get(spelled, spelled)))
    if match is None or match["extended"]:
        raise _not_a_tag(text)
    variants = [each for each in match["variants"].split("-") if each]
    script = (match["script"] or "").title()
    for each in filter(_SCRIPT_NAMES.get, tuple(variants)):
        variants.remove(each)
        script = script or _SCRIPT_NAMES[each]
    if not _is_known(match["language"], script):
        raise _not_a_tag(text)
    language, script, territory = _canonical(match["language"], script, (match["territory"] or "").upper())
    default_script = _likely_script(language, territory)
    if script == default_script and language != "zh":
        script = ""
    tag = "-".join(filter(None, (language, script, territory, *variants, (match["private"] or "").strip("-"))))
    script = script or default_script
    known = {**gaps.FALLBACKS, **dict(declared)}
    fallback = next((known[each] for each in (tag, f"{language}-{script}", language) if each in known), None)
    return Locale(tag, language, script, territory, (fallback,) if fallback else ())


def _extended(spelled: str) -> str:
    """The tag with an extended language in place of the one it extends: ``zh-yue`` is ``yue`` (RFC 5646, section 4.5)."""
    language, _, rest = spelled.partition("-")
    extended, _, others = rest.partition("-")
    if language not in gaps.EXTENDED or not re.fullmatch("[a-z]{3}", extended):
        return spelled
    return "-".join(filter(None, (extended, others)))


def _not_a_tag(text: str) -> ValueError:
    """What to say of a text that is no tag; if it is the name of a language, which tag is meant."""
    named = (code for code, name in CldrLocale("en").languages.items() if name.casefold() == text.strip().casefold())
    example = next((f"{text.strip().title()} is {code.replace('_', '-')}" for code in named), "")
    return ValueError(
        f"“{text}” is not a language tag (BCP 47)" + (f"; {example}" if example else ", such as fr, pt-BR or sr-Latn")
    )


def _is_known(language: str, script: str) -> bool:
    """Whether the codes exist. ISO 639-3 has more languages of three letters than CLDR names; of two letters it has no more."""
    english = CldrLocale("en")
    two_letters = len(language) == 2
    if two_letters and language not in english.languages and language not in get_global("language_aliases"):
        return False
    return not script or script in english.scripts or _PRIVATE_SCRIPT.fullmatch(script) is not None


def _script_of(text: str) -> str:
    """The script of most letters (Unicode's property Script, as fontTools has it); empty if no letter has one."""
    from fontTools.unicodedata import script

    scripts: Counter[str] = Counter()
    for letter, times in Counter(text).items():
        scripts[script(letter)] += times
    return next((found for found, _ in scripts.most_common() if found not in ("Zyyy", "Zinh", "Zzzz")), "")


def _canonical(language: str, script: str, territory: str) -> tuple[str, str, str]:
    successors = get_global("territory_aliases").get(territory, ())
    territory = successors[0] if len(successors) == 1 else territory
    tag = gaps.ALIASES.get("-".join(filter(None, (language, script)))) or gaps.ALIASES.get(language)
    if tag is None and language not in gaps.CLDR_NAMES:
        tag = get_global("language_aliases").get(language, language).replace("_", "-")
        tag = gaps.ALIASES.get(tag, tag)
    if tag is None or tag == language:
        return language, script, territory
    target = _TAG.fullmatch(tag.lower())
    if target is None:
        return language, script, territory
    return (
        target["language"],
        script or (target["script"] or "").title(),
        territory or (target["territory"] or "").upper(),
    )


def _likely_script(language: str, territory: str) -> str:
    likely = get_global("likely_subtags")
    language = gaps.CLDR_NAMES.get(language, language).split("_")[0]
    for key in (f"{language}_{territory}", language):
        for subtag in likely.get(key, "").split("_"):
            if len(subtag) == 4:
                return str(subtag)
    return "Latn"


@lru_cache(maxsize=1024)
def _cldr(tag: str) -> CldrLocale | None:
    """CLDR's locale for the tag, in the tag's own script; None if it has none."""
    language, *others = tag.split("-")
    if language in _NO_LANGUAGE:
        return None
    candidates = [gaps.CLDR_NAMES.get(tag), tag.replace("-", "_"), "_".join([language, *others[:1]]), language]
    script = Locale.parse(tag).script
    for name in filter(None, candidates):
        try:
            found = CldrLocale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
        if (found.script or _likely_script(found.language, found.territory or "")) == script:
            return found
    return None


def _facts(tag: str) -> CldrLocale:
    cldr = _cldr(tag)
    if cldr is None:
        raise LookupError(f"CLDR has no locale for {tag}")
    return cldr


@lru_cache(maxsize=1024)
def _chain(tag: str, fallbacks: tuple[str, ...]) -> tuple[str, ...]:
    """The tags with CLDR data to ask, first the locale's own."""
    return tuple(dict.fromkeys(each for each in (tag, *fallbacks, "en") if _cldr(each) is not None))


@lru_cache(maxsize=256)
def plural_rule(plural_forms: str) -> Callable[[int], int]:
    """The rule in a ``Plural-Forms`` header: which msgstr[] says so many things. Raises ValueError if there is none.

    >>> plural_rule("nplurals=2; plural=(n > 1);")(7)
    1
    """
    expression = _PLURAL_RULE.search(plural_forms)
    if expression is None:
        raise ValueError(f"“{plural_forms}” has no rule")
    compiled = c2py(expression[1].strip())
    return lambda count: int(compiled(count))


def _as_label(name: str, script: str) -> str:
    """The name with a capital at the beginning, where the script has them; isiZulu has one already."""
    word = name.split(" ", maxsplit=1)[0]
    cased = script in ("Armn", "Cyrl", "Grek", "Latn") and word[1:] == word[1:].lower()
    return name[:1].upper() + name[1:] if cased else name


@lru_cache(maxsize=1024)
def official_languages(country: str) -> tuple[Locale, ...]:
    """The languages that are official in a whole country (ISO 3166 code), with their scripts; empty if nobody knows it.

    Source: CLDR's territoryInfo, de facto languages included, corrected by ``cldr_gaps.OFFICIAL_LANGUAGES``.
    """
    tags = gaps.OFFICIAL_LANGUAGES.get(country) or get_official_languages(country, de_facto=True)
    return tuple(dict.fromkeys(Locale.parse(tag) for tag in tags))


def is_country(code: str) -> bool:
    """Whether the code is an ISO 3166 country that CLDR names.

    >>> is_country("TG"), is_country("XX"), is_country("001")
    (True, False, False)
    """
    return (
        len(code) == 2
        and code.isalpha()
        and code in CldrLocale("en").territories
        and code not in ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")
    )
