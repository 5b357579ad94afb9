"""What the law of each country asks an imprint to say: the table ``imprint_rules.toml``, and the form to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from textwrap import wrap
from typing import Any, Literal

from pipeline.locales import Locale

NOT_LEGAL_ADVICE = (
    "This is not legal advice. Laws change and exceptions are many: look at the source, and ask somebody who knows."
)
Need = Literal["required", "recommended", "optional", "election"]
Checked = Literal["source", "memory"]

#: What an organizer may say about who made the leaflet; a country's law picks among them.
IMPRINT_FIELDS = (
    "responsible",
    "responsible_address",
    "publisher",
    "publisher_address",
    "publishing_place",
    "printer",
    "printer_address",
    "printing_place",
    "date",
    "promoter",
    "promoter_address",
    "on_behalf_of",
    "on_behalf_of_address",
)
#: Where the reader finds the group: the field, the most signs that its line in the box holds, what it is for.
CONTACT_FIELDS = {
    "group": (60, "name of your group"),
    "place": (80, "where you meet"),
    "time": (60, "when you meet: Tuesdays, 19:00"),
    "phone": (40, ""),
    "web": (100, "begins with https://; becomes a link, and may become a QR code"),
    "email": (80, ""),
}
_NEEDS = {
    "required": "REQUIRED",
    "recommended": "recommended",
    "optional": "optional",
    "election": "REQUIRED if the leaflet wants votes",
}
_CHECKED = {"source": "read on", "memory": "written down from memory, not read, on"}


@dataclass(frozen=True, slots=True)
class Law:
    """A law and where it can be read. ``checked`` is "source" if that page was read for the table on ``looked_up``."""

    name: str
    source: str
    looked_up: str
    checked: Checked


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a country's imprint. ``labels`` by language, the law's words; an address has none, it follows its name.

    ``unless`` names a field that does instead.
    """

    name: str
    need: Need
    why: str
    law: Law | None
    labels: tuple[tuple[str, str], ...] = ()
    unless: str = ""

    def label(self, language: str) -> tuple[str, str]:
        """Language and words of the label: in that language if the law has it, else in the law's first."""
        known = dict(self.labels)
        return (language, known[language]) if language in known else self.labels[0]


@dataclass(frozen=True, slots=True)
class Notice:
    """Words that every leaflet in the country carries."""

    text: str
    lang: str
    why: str
    law: Law | None


@dataclass(frozen=True, slots=True)
class CountryRules:
    """All rules of a country (ISO 3166), in the order of printing. ``known`` is False where we have none."""

    country: str
    known: bool
    note: str
    fields: tuple[FieldRule, ...]
    notices: tuple[Notice, ...] = ()

    def field(self, name: str) -> FieldRule | None:
        return next((each for each in self.fields if each.name == name), None)


def rules(text: str) -> Mapping[str, CountryRules]:
    """The countries of the table, by their code; the one named ``elsewhere`` stands for all others."""
    return {country: _country(country, table) for country, table in tomllib.loads(text).items()}


@lru_cache(maxsize=1)
def bundled_rules() -> Mapping[str, CountryRules]:
    """The table that comes with the package: a part of the program, and read but once."""
    return rules(files("pipeline.typesetting").joinpath("imprint_rules.toml").read_text(encoding="utf-8"))


def rules_of(country: str) -> CountryRules:
    """The rules of a country; those of ``elsewhere`` if the table has none."""
    table = bundled_rules()
    return table.get(country, table["elsewhere"])


def countries() -> tuple[str, ...]:
    """The countries that the table knows."""
    return tuple(sorted(code for code, each in bundled_rules().items() if each.known))


def imprint_form(country: str) -> str:
    """A file for an organizer to fill in: what the country asks for, why, and where that is written."""
    found = rules_of(country)
    name = Locale.parse("en").country(country).text
    lines = [
        *_comment(f"Contact box and imprint of a leaflet that is printed and handed out in {name}."),
        *_comment(NOT_LEGAL_ADVICE),
        *_comment("Write between the quotation marks; what you leave empty is not printed."),
        "",
        f'country = "{country}"',
    ]
    if any(each.need == "election" for each in found.fields):
        lines.append("election = false  # true if the leaflet asks to vote for or against somebody")
    lines += ["", "[contact]  # all optional"]
    for field, (_, meaning) in CONTACT_FIELDS.items():
        lines.append(f'{field} = ""' + (f"  # {meaning}" if meaning else ""))
    lines += ["", "[imprint]", *_comment(found.note)]
    for rule in found.fields:
        lines += ["", *_explained(rule), f'{rule.name} = ""']
    for notice in found.notices:
        words = f"Printed besides: “{notice.text}”: {notice.why}."
        lines += ["", *_comment(words), *_comment(_cited(notice.law))]
    return "\n".join(lines) + "\n"


def _explained(rule: FieldRule) -> Iterator[str]:
    need = _NEEDS[rule.need]
    if rule.unless:
        need += f", unless {rule.unless} is given"
    yield from _comment(f"{need}: {rule.why}.")
    if rule.labels:
        yield from _comment("Printed as " + " or ".join(f"“{label} …”" for _, label in rule.labels))
    yield from _comment(_cited(rule.law))


def _cited(law: Law | None) -> str:
    if law is None:
        return ""
    return f"Law: {law.name}. See {law.source} ({_CHECKED[law.checked]} {law.looked_up})"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, 110, break_long_words=False, break_on_hyphens=False)]


def _country(country: str, table: Mapping[str, Any]) -> CountryRules:
    laws = {key: Law(**each) for key, each in table["laws"].items()}
    return CountryRules(
        country=country,
        known=country != "elsewhere",
        note=table.get("note", ""),
        fields=tuple(
            FieldRule(
                name=each["name"],
                need=each["need"],
                why=each["why"],
                law=laws[each["law"]] if "law" in each else None,
                labels=tuple(each.get("label", {}).items()),
                unless=each.get("unless", ""),
            )
            for each in table["fields"]
        ),
        notices=tuple(
            Notice(each["text"], each["lang"], each["why"], laws[each["law"]]) for each in table.get("notices", ())
        ),
    )
