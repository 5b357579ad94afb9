"""The organizer's own lines: a TOML file becomes the contact box and the imprint that the country asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from urllib.parse import quote

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, Severity
from pipeline.locales import Locale, is_country, official_languages
from pipeline.source.document import UNPRINTABLE
from pipeline.toml_places import Complainer, read_toml
from pipeline.typesetting.imprint_rules import (
    CONTACT_FIELDS,
    IMPRINT_FIELDS,
    NOT_LEGAL_ADVICE,
    FieldRule,
    rules_of,
)
from pipeline.typesetting.qr import is_web_address

_LONGEST_FILE = 20_000
_LONGEST_FIELD = 160
_TOP = ("country", "election", "contact", "imprint")
_COUNTRY_NAMES = {"UK": "GB", "EN": "GB", "EL": "GR"}
#: Isolates and deprecated formatting, annotations, tags: invisible, and they reach into what stands beside them.
_INVISIBLE = re.compile("[\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\.]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.\-–]{2,}")
#: Fields that are read from left to right in every language.
_LEFT_TO_RIGHT = ("phone", "web", "email")
#: The language whose faces draw a script when neither the leaflet nor the country writes it, by Unicode's name of the script.
_LANGUAGES = dict(
    each.split(":")
    for each in (
        "LATIN:en ARABIC:ar CYRILLIC:ru GREEK:el HEBREW:he DEVANAGARI:hi BENGALI:bn TAMIL:ta TELUGU:te KANNADA:kn"
        " MALAYALAM:ml SINHALA:si GUJARATI:gu GURMUKHI:pa ORIYA:or MYANMAR:my KHMER:km THAI:th LAO:lo GEORGIAN:ka"
        " ARMENIAN:hy ETHIOPIC:am TIFINAGH:zgh TIBETAN:bo THAANA:dv HANGUL:ko HIRAGANA:ja KATAKANA:ja CJK:zh"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What an organizer wrote: fields that are not empty, in our order; where each stands; what to know about the file."""

    country: str
    election: bool
    contact: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    path: str
    places: tuple[tuple[str, int], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def location(self, name: str) -> Location:
        """Where ``country`` or a field of the imprint stands, or should."""
        return Location(self.path, dict(self.places).get(name, 0))


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A line of the contact box. ``lang`` picks its faces; ``href`` is empty where there is nothing to follow."""

    field: str
    text: str
    lang: str
    dir: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ImprintLine:
    """A line of the imprint: the law's label in the law's language, and what the organizer wrote. A notice has no value."""

    label: str
    lang: str
    dir: str
    value: str = ""
    value_lang: str = ""
    value_dir: str = ""


def parse_imprint(text: str, path: str) -> Imprint:
    """The organizer's file, checked; ``path`` is its label. Raises InvalidInput with every complaint."""
    if len(text) > _LONGEST_FILE:
        raise InvalidInput([_hopeless(path, f"the file has {len(text)} signs; an imprint has {_LONGEST_FILE} at most")])
    tables, complainer = read_toml(text, "imprint", path)
    complaints = sorted(_complaints(tables, complainer), key=lambda each: each.location)
    if complaints:
        raise InvalidInput(complaints)
    imprint = Imprint(
        country=_country(str(tables["country"])),
        election=tables.get("election") is True,
        contact=_filled(tables.get("contact", {}), tuple(CONTACT_FIELDS)),
        fields=_filled(tables.get("imprint", {}), IMPRINT_FIELDS),
        path=path,
        places=_places(complainer),
    )
    return replace(imprint, diagnostics=tuple(_remarks(imprint)))


def missing(imprint: Imprint) -> tuple[Diagnostic, ...]:
    """What the country asks for and the organizer left empty: an error where its law does, a warning where it is wise."""
    given = dict(imprint.fields)
    wanted = (each for each in rules_of(imprint.country).fields if each.name not in given and each.unless not in given)
    return tuple(_missing(each, severity, imprint) for each in wanted if (severity := _severity(each, imprint)))


def contact_lines(imprint: Imprint, reader: Locale) -> tuple[ContactLine, ...]:
    """The lines of the contact box on a leaflet in the reader's language."""
    return tuple(_contact_line(field, text, reader, imprint.country) for field, text in imprint.contact)


def imprint_lines(imprint: Imprint, reader: Locale) -> tuple[ImprintLine, ...]:
    """The imprint as it is printed: a name with its address on a line, in the order of the law, then the notices.

    Labels are in the reader's language where that is one of the law's, else in the law's first.
    """
    given, rules = dict(imprint.fields), rules_of(imprint.country)
    lines = []
    for rule in rules.fields:
        if rule.labels and rule.name in given:
            value = ", ".join(filter(None, (given[rule.name], given.get(f"{rule.name}_address"))))
            own = Locale.parse(rule.label(reader.language)[0])
            lang = language_of(value, own, imprint.country)
            label = rule.label(reader.language)[1]
            lines.append(ImprintLine(label, own.tag, own.direction, value, lang, direction_of(value, own.direction)))
    notices = (ImprintLine(each.text, each.lang, Locale.parse(each.lang).direction) for each in rules.notices)
    return (*lines, *notices)


def direction_of(text: str, default: str) -> str:
    """``rtl`` or ``ltr`` by the first strong character (UAX 9, rule P2), as HTML's ``dir="auto"`` has it; else the default.

    >>> [direction_of(each, "ltr") for each in ("12 شارع", "Straße 12 شارع", "19:00")]
    ['rtl', 'ltr', 'ltr']
    """
    for sign in text:
        match unicodedata.bidirectional(sign):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return default


def language_of(text: str, around: Locale, country: str) -> str:
    """A language that is written like the text: the one around it, one of the country, else one of that script.

    >>> [language_of(each, Locale.parse("ar"), "DE") for each in ("19:00", "Café", "Кафе", "مقهى")]
    ['ar', 'de', 'ru', 'ar']
    """
    letter = next((each for each in text if each.isalpha()), "0")
    script = re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]
    if script not in _LANGUAGES:
        return around.tag
    known = Locale.parse(_LANGUAGES[script])
    candidates = (around, *official_languages(country), known)
    return next(each.tag for each in candidates if each.script == known.script)


def _contact_line(field: str, text: str, reader: Locale, country: str) -> ContactLine:
    direction = "ltr" if field in _LEFT_TO_RIGHT else direction_of(text, reader.direction)
    shown = re.sub(r"(?i)^https?://|/$", "", text) if field == "web" else text
    return ContactLine(field, shown, language_of(text, reader, country), direction, _href(field, text))


def _href(field: str, text: str) -> str:
    match field:
        case "web":
            return text
        case "email":
            return "mailto:" + quote(text, safe="@+")
        case "phone" if _NUMBER.fullmatch(text):
            return "tel:" + re.sub("[^+0-9]", "", text)
    return ""


def _severity(rule: FieldRule, imprint: Imprint) -> Severity | None:
    match rule.need:
        case "required":
            return "error"
        case "election":
            return "error" if imprint.election else None
        case "recommended":
            return "warning"
    return None


def _missing(rule: FieldRule, severity: Severity, imprint: Imprint) -> Diagnostic:
    country = Locale.parse("en").country(imprint.country).text
    verb = "asks for" if severity == "error" else "has no rule that stops you, but it is wise to give"
    message = f"{rule.name} is empty: {country} {verb} {rule.why}"
    instead = f", or {rule.unless}" if rule.unless else ""
    law = f" ({rule.law.name}; looked up {rule.law.looked_up})" if rule.law else ""
    hint = f'write {rule.name} = "…" under [imprint]{instead}{law}. {NOT_LEGAL_ADVICE}'
    return Diagnostic("imprint-missing", message, imprint.location(rule.name), severity, hint)


def _remarks(imprint: Imprint) -> Iterator[Diagnostic]:
    """What does not stop the printing, but would surprise."""
    given, rules = dict(imprint.fields), rules_of(imprint.country)
    if not rules.known:
        message = f"we have no rules for {Locale.parse('en').country(imprint.country).text}; nothing is required"
        yield Diagnostic("imprint-country", message, imprint.location("country"), "warning", rules.note)
    for name in given:
        owner = name.removesuffix("_address")
        rule = rules.field(name)
        if owner != name and owner not in given:
            message = f"{name} stands without {owner}, so it is not printed"
            yield Diagnostic("imprint-unused", message, imprint.location(name), "warning", f"fill in {owner}")
        elif rule is None:
            message = f"{name} is not printed: the imprint of {imprint.country} has no such line"
            known = ", ".join(each.name for each in rules.fields)
            yield Diagnostic("imprint-unused", message, imprint.location(name), "warning", f"its lines are {known}")


def _filled(table: Mapping[str, str], order: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, " ".join(table[name].split())) for name in order if table.get(name, "").strip())


def _country(code: str) -> str:
    return code.strip().upper()


def _hopeless(path: str, message: str) -> Diagnostic:
    return Diagnostic("imprint", message, Location(path), hint="begin again with the form of your country")


def _places(complainer: Complainer) -> tuple[tuple[str, int], ...]:
    """The lines of what later complaints may be about."""
    fields = ((name, complainer.line("imprint", name)) for name in IMPRINT_FIELDS)
    return (("country", complainer.line("", "country")), *fields)


def _complaints(tables: Mapping[str, object], complainer: Complainer) -> Iterator[Diagnostic]:
    yield from _unknown(tables, "", _TOP, complainer)
    yield from _country_faults(tables.get("country"), complainer)
    if not isinstance(tables.get("election", False), bool):
        yield complainer.say("election must be true or false", "", "election", "write election = true, without quotes")
    for name, known in (("contact", tuple(CONTACT_FIELDS)), ("imprint", IMPRINT_FIELDS)):
        table = tables.get(name, {})
        if not isinstance(table, dict):
            place = (name, "") if complainer.line(name) else ("", name)
            yield complainer.say(f"{name} must be a table", *place, f"write [{name}] on a line of its own")
            continue
        yield from _unknown(table, name, known, complainer)
        for key in filter(table.__contains__, known):
            for message, hint in _text_faults(key, table[key]):
                yield complainer.say(f"{key} {message}", name, key, hint)


def _unknown(
    table: Mapping[str, object], name: str, known: tuple[str, ...], complainer: Complainer
) -> Iterator[Diagnostic]:
    where = f" in [{name}]" if name else ""
    for key in table:
        if key not in known:
            near = get_close_matches(key.lower(), known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            place = (key, "") if not name and isinstance(table[key], dict) else (name, key)
            yield complainer.say(f"{_quotable(key)} is unknown{where}", *place, f"{hint}known are " + ", ".join(known))


def _country_faults(country: object, complainer: Complainer) -> Iterator[Diagnostic]:
    if country is None:
        hint = 'write country = "DE", the two letters (ISO 3166) of the country where the leaflet is handed out'
        yield complainer.say("the country is missing", "", "country", hint)
    elif not isinstance(country, str) or not is_country(_country(country)):
        code = _COUNTRY_NAMES.get(_country(country)) if isinstance(country, str) else None
        hint = f'write country = "{code or "DE"}", two letters (ISO 3166) between quotation marks'
        yield complainer.say(f"“{_quotable(str(country))}” is not the code of a country", "", "country", hint)


def _text_faults(key: str, value: object) -> Iterator[tuple[str, str]]:
    """What is wrong with a field, and how to mend it."""
    if not isinstance(value, str):
        yield "must be a text", f'put it between quotation marks: {key} = "{_quotable(str(value))}"'
        return
    value = value.strip()
    hidden = dict.fromkeys(f"U+{ord(each):04X}" for each in value if UNPRINTABLE.match(each) or _INVISIBLE.match(each))
    longest = CONTACT_FIELDS.get(key, (_LONGEST_FIELD, ""))[0]
    if "\n" in value:
        yield "has more than one line", "write it on one line, with commas between its parts"
    elif hidden:
        yield f"holds {', '.join(hidden)}, which cannot be printed", "delete it and type the words anew"
    elif len(value) > longest:
        yield f"has {len(value)} signs; {longest} at most fit its line", "shorten it"
    elif key == "web" and value and not is_web_address(value):
        yield f"= “{value}” is not a web address", "begin it with https://, and write letters such as ä as %C3%A4"
    elif key == "email" and value and not _EMAIL.fullmatch(value):
        yield f"= “{value}” is not an e-mail address", 'such as email = "group@example.org"'


def _quotable(text: str) -> str:
    """At most forty signs of a text that somebody else wrote, fit for a terminal."""
    return "".join("�" if UNPRINTABLE.match(each) or _INVISIBLE.match(each) else each for each in text[:40])
