"""One line of a list of signatories becomes acronym, name, translation and country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.source.intake.acronyms import is_acronym, is_wing, leading_acronym, spells
from pipeline.source.intake.countries import countries_in, country_named
from pipeline.source.intake.languages import language_of, script_of
from pipeline.source.intake.text import balanced, comparable, last_bracket, words

_DANGLING = frozenset("en de du des of the and et und der la le les a in del da do di van y e".split())


@dataclass(frozen=True, slots=True)
class Signatory:
    """What a line says of who signs. ``doubts`` are the reasons for a person to look at it."""

    acronym: str
    name: str
    translation: str = ""
    country: str = ""
    language: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A line, taken apart from its end: what is still unread, and what has been found."""

    rest: str
    acronym: str = ""
    translation: str = ""
    country: str = ""


def parse_signatory(line: str, page_language: str) -> Signatory:
    """The signatory of one line (marker and separator taken off). What cannot be parsed is the name as it stands.

    >>> parse_signatory("NL Nieuwe Leeszaal (New Hall), Netherlands", "en")
    Signatory(acronym='NL', name='Nieuwe Leeszaal', translation='New Hall', country='NL', language='nl', doubts=())
    """
    line = line.strip(" \xa0;")
    reason = _unreadable(line)
    if reason:
        country = next(iter(countries_in(line, page_language)), "")
        return Signatory("", line, "", country, language_of(line, (country,) if country else ()), (reason,))
    parts = _brackets(_named_country(_Parts(line)), page_language)
    parts = _front(parts)
    signatory = _with_country(parts, line, page_language)
    return replace(signatory, doubts=tuple(_doubts(signatory, line)))


def _unreadable(line: str) -> str:
    if not balanced(line):
        return "its brackets do not match"
    if re.search(r"[)\]]\s+[-–—]\s+\S", line) and last_bracket(line) is None and not re.search(r"\([^()]*\)\s*$", line):
        before, _, after = re.split(r"(\s+[-–—]\s+)", line)[-3:]
        bracket = last_bracket(before)
        if bracket and country_named(bracket[1]) and not country_named(after):
            return "a person or a remark stands after the country"
    return ""


def _named_country(parts: _Parts) -> _Parts:
    """Without the country after the last comma outside brackets."""
    depth = 0
    for position in range(len(parts.rest) - 1, 0, -1):
        char = parts.rest[position]
        depth += (char in ")]") - (char in "([")
        if char in ",،、" and depth == 0:
            country = country_named(parts.rest[position + 1 :].strip(" ."))
            return replace(parts, rest=parts.rest[:position].rstrip(), country=country) if country else parts
    return parts


def _brackets(parts: _Parts, page_language: str) -> _Parts:
    """Without the bracket at the end, if it is a country, an acronym or a translation."""
    bracket = last_bracket(parts.rest)
    if bracket is None or not bracket[0] or not bracket[1]:
        return parts
    before, inside = bracket
    country = country_named(inside)
    if country and is_acronym(inside) and country in countries_in(before, page_language):
        return replace(parts, country=parts.country or country)
    if country:
        return _brackets(replace(parts, rest=before, country=parts.country or country), page_language)
    if is_acronym(inside) and not is_wing(inside) and len(before.split()) > 1:
        return replace(parts, rest=before, acronym=inside)
    if _is_translation(before, inside, page_language, parts.country):
        return replace(parts, rest=before, translation=inside)
    return parts


def _is_translation(before: str, inside: str, page_language: str, country: str) -> bool:
    """Whether a bracket says the name again in another language than the name's."""
    lead = leading_acronym(before)
    name = lead[1] if lead and lead[1] else before
    if is_wing(inside) or (lead and comparable(inside) in comparable(lead[0])) or not words(inside):
        return False
    if len(words(inside)) < 2 and len(words(name)) > 1:
        return False
    hints = (country,) if country else countries_in(name, page_language)
    of_name, of_bracket = language_of(name, hints), language_of(inside, (), page_language)
    if of_name and of_bracket:
        return of_name != of_bracket
    if (lead is not None and not lead[1]) or script_of(name) == script_of(inside) != "LATIN":
        return False
    return len(words(inside)) > 1 and (of_name or of_bracket) != "" and of_name != page_language


def _front(parts: _Parts) -> _Parts:
    """With the acronym that stands at the front, or after a dash at the end."""
    if parts.acronym:
        return parts
    lead = leading_acronym(parts.rest)
    if lead is not None:
        acronym, name = lead
        country = country_named(name.strip(" ()"))
        if not name or country:
            return replace(parts, rest="", acronym=acronym, country=parts.country or country)
        return replace(parts, rest=name, acronym=acronym)
    first, _, name = parts.rest.partition(" ")
    if parts.translation and name and is_acronym(first) and comparable(first) not in words(parts.translation):
        return replace(parts, rest=name.strip(), acronym=first)
    before, dash, after = parts.rest.rpartition(" – ") if " – " in parts.rest else parts.rest.rpartition(" - ")
    if dash and is_acronym(after) and spells(after, before):
        return replace(parts, rest=before.strip(), acronym=after)
    return parts


def _with_country(parts: _Parts, line: str, page_language: str) -> Signatory:
    name = parts.rest or parts.acronym
    likely = page_language if script_of(name) != "LATIN" else ""
    guess = language_of(name, (parts.country,) if parts.country else ())
    found = (
        countries_in(name, guess) or countries_in(parts.translation, page_language) or countries_in(line, page_language)
    )
    country = parts.country or (found[-1] if found else "")
    language = language_of(name, (country,) if country else (), likely) if parts.rest else ""
    return Signatory(parts.acronym, name, parts.translation, country, language)


def _doubts(signatory: Signatory, line: str) -> Iterator[str]:
    name = signatory.name
    if not any(char.isalpha() for char in name):
        yield "it has no letters"
    if name.startswith(("=", "+", "@", "-")):
        yield "a spreadsheet would take it for a formula"
    if comparable(name).split(" ")[-1] in _DANGLING and len(name.split()) > 2:
        yield "a word seems to be missing at its end"
    if re.search(r"[a-zß-ÿ]{3}[A-ZÀ-Þ][a-zß-ÿ]{2}", name):
        yield "a blank seems to be missing between two words"
    if len(line) > 250:
        yield "it is very long"
    if re.search(r"\S+@\S+\.\S|https?:|www\.", line):
        yield "it holds an address"
