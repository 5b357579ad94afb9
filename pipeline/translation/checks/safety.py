"""What keeps a translation from being printed; and how any check is run, weighed, and dismissed by a translator."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.locales import Locale
from pipeline.source.document import Role, Segment
from pipeline.source.markdown import plain_text
from pipeline.translation.checks.bidi import isolates
from pipeline.translation.checks.characters import broken, control_characters
from pipeline.translation.checks.inline import markup_foreign
from pipeline.translation.checks.model import Check, Finding, Knowledge, Pair
from pipeline.translation.message import Message
from pipeline.translation.remarks import ignored

#: Segments that are words and nothing else; all others are inline Markdown.
PLAIN_ROLES = frozenset({Role.TITLE, Role.KIND, Role.ISSUER, Role.GROUP, Role.ORGANISATION, Role.INTERFACE})


def blank(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """White space would be printed in the place of a sentence."""
    if not pair.text.strip():
        yield Finding("blank", "the translation is only white space", "translate it")


#: Those that keep a translation from being printed.
UNSAFE: tuple[Check, ...] = (control_characters, blank, isolates, broken, markup_foreign)
_NOTHING = Knowledge()


@dataclass(frozen=True, slots=True)
class Rule:
    """How grave a finding is, and whether a translator may dismiss it for one message."""

    severity: Severity
    dismissible: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a translation stands: its catalog's path, the languages, and the document's footnotes."""

    path: str
    source: Locale
    locale: Locale
    labels: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """The rule of every code, out of the tables ``*_codes.toml``."""
    found = {"blank": Rule("error", False)}
    for name in ("facts", "language"):
        path = files("pipeline.translation.checks") / "tables" / f"{name}_codes.toml"
        for code, row in tomllib.loads(path.read_text("utf-8")).items():
            found[code] = Rule(cast("Severity", row["severity"]), bool(row["dismissible"]))
    return found


def pairs(segment: Segment, message: Message, place: Place) -> Iterator[Pair]:
    """Each msgstr of the message beside its original."""
    markup = segment.role not in PLAIN_ROLES
    for form, text in enumerate(message.msgstr):
        original = message.msgid if form == 0 or message.msgid_plural is None else message.msgid_plural
        yield Pair(
            segment,
            message,
            original,
            text,
            place.source,
            place.locale,
            place.path,
            place.labels,
            markup,
            plain_text(original, place.labels) if markup else original,
            plain_text(text, place.labels) if markup else text,
        )


def examined(pair: Pair, knowledge: Knowledge, checks: tuple[Check, ...]) -> Iterator[Diagnostic]:
    """What the checks find in a translation, but for what its translator has dismissed."""
    dismissed = ignored(pair.message)
    for check in checks:
        for finding in check(pair, knowledge):
            rule = rules()[finding.code]
            if not (rule.dismissible and finding.code in dismissed):
                yield _diagnostic(finding, rule, pair)


def _diagnostic(finding: Finding, rule: Rule, pair: Pair) -> Diagnostic:
    place = Location(pair.path, pair.message.line)
    return Diagnostic(
        finding.code, finding.message, place, rule.severity, finding.hint, pair.locale.tag, pair.segment.location
    )


def unsafe(segment: Segment, message: Message, place: Place) -> tuple[Diagnostic, ...]:
    """Why a translated message must not be printed; empty if it may."""
    found = (each for pair in pairs(segment, message, place) for each in examined(pair, _NOTHING, UNSAFE))
    return tuple(each for each in found if each.severity == "error")
