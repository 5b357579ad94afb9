"""Which faces, proportions and habits a language is set with: custom properties, layered ``und`` → script → language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
from tinycss2.ast import Declaration, ParseError, QualifiedRule, StringToken

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale

#: Every property a typography file may set; ``und.css`` sets them all.
PROPERTIES = (
    "--font-body",
    "--font-head",
    "--web-font-body",
    "--web-font-head",
    "--size",
    "--leading",
    "--head-leading",
    "--head-weight",
    "--emphasis-style",
    "--emphasis-weight",
    "--hyphens",
    "--hyphen",
    "--align",
)
#: Hyphenation dictionaries that the system has, by language; Debian's packages are hyphen-hi, hyphen-bn …
SYSTEM_DICTIONARIES = {
    "bn": "hyph_bn_IN.dic",
    "hi": "hyph_hi_IN.dic",
    "ml": "hyph_ml_IN.dic",
    "ta": "hyph_ta_IN.dic",
}
#: Languages for which there is a hyphenation dictionary: one of Pyphen's (a test compares), or one of the system's.
HYPHENATED = frozenset(SYSTEM_DICTIONARIES) | frozenset(
    "af as be bg ca cs da de el en eo es et eu fr gl hr hu id is it kn lt lv mn mr nb nl nn or pa pl pt ro ru sa sk sl sq sr sv"
    " te th uk zu".split()
)


@dataclass(frozen=True, slots=True)
class Typography:
    """All layers, by the name of their file without ``.css``: ``und``, ``und-Arab``, ``ur``, ``fa-AF`` …"""

    layers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    def properties(self, locale: Locale) -> dict[str, str]:
        """The custom properties for a locale, the more special layer winning."""
        layers = dict(self.layers)
        merged: dict[str, str] = {}
        for name in ("und", f"und-{locale.script}", locale.language, f"{locale.language}-{locale.script}", locale.tag):
            merged.update(layers.get(name, ()))
        if not hyphenated(locale):
            merged["--hyphens"], merged["--align"] = "manual", "start"
        return merged

    def families(self, locale: Locale) -> tuple[str, ...]:
        """The font families that may draw the locale's text, body first."""
        properties = self.properties(locale)
        return tuple(
            dict.fromkeys([*font_families(properties["--font-body"]), *font_families(properties["--font-head"])])
        )

    def all_families(self) -> tuple[str, ...]:
        """Every family that some layer prints with, sorted."""
        stacks = (value for _, layer in self.layers for name, value in layer if name in ("--font-body", "--font-head"))
        return tuple(sorted({family for stack in stacks for family in font_families(stack)}))


def hyphenated(locale: Locale) -> bool:
    """Whether words of the locale may be hyphenated: a dictionary exists for the language in this script."""
    home = Locale.parse(locale.language).script
    return locale.language in HYPHENATED and (locale.script == home or locale.tag == "sr-Latn")


def parse_typography(files: Mapping[str, str]) -> Typography:
    """The typography in CSS files, by path. Raises InvalidInput with every complaint."""
    complaints: list[Diagnostic] = []
    layers = []
    for path, text in sorted(files.items()):
        properties, found = _properties(text, path)
        complaints += found
        layers.append((path.rsplit("/", 1)[-1].removesuffix(".css"), tuple(sorted(properties.items()))))
    missing = [name for name in PROPERTIES if name not in dict(dict(layers).get("und", ()))]
    if missing:
        hint = "und.css must set every property; the other files only what differs"
        message = "und.css does not set " + ", ".join(missing)
        complaints.append(Diagnostic("typography", message, Location("templates/typography/und.css"), hint=hint))
    if complaints:
        raise InvalidInput(complaints)
    return Typography(tuple(layers))


def _properties(text: str, path: str) -> tuple[dict[str, str], list[Diagnostic]]:
    found: dict[str, str] = {}
    complaints = []
    hint = "a typography file is one rule, :root { --leading: 1.5; … }, that sets only " + ", ".join(PROPERTIES)
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        place = Location(path, rule.source_line)
        if not isinstance(rule, QualifiedRule) or tinycss2.serialize(rule.prelude).strip() != ":root":
            complaints.append(Diagnostic("typography", "only a rule for :root may stand here", place, hint=hint))
            continue
        for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            place = Location(path, each.source_line)
            if isinstance(each, ParseError):
                complaints.append(Diagnostic("typography", f"this is not CSS: {each.message}", place, hint=hint))
            elif not isinstance(each, Declaration) or each.name not in PROPERTIES:
                name = getattr(each, "name", "this")
                complaints.append(
                    Diagnostic("typography", f"“{name}” is not a property of typography", place, hint=hint)
                )
            else:
                found[each.name] = tinycss2.serialize(each.value).strip()
    return found, complaints


@lru_cache(maxsize=256)
def font_families(stack: str) -> tuple[str, ...]:
    """The family names in a ``font-family`` value.

    >>> font_families('"Noto Serif", "Noto Sans"')
    ('Noto Serif', 'Noto Sans')
    """
    return tuple(token.value for token in tinycss2.parse_component_value_list(stack) if isinstance(token, StringToken))


def language_rules(typography: Typography, reader: Locale, others: Iterable[Locale], medium: str) -> str:
    """CSS that gives the reader's locale and every other language on the page its faces and proportions.

    A format uses ``var(--font-body)``, ``var(--font-head)``, ``var(--leading)`` …; the rules weigh nothing, so that its own
    win. Text in another language is scaled so that it looks as large as the text around it.
    """
    own = typography.properties(reader)
    rules = [_rule(":root", own, medium)]
    for locale in sorted(set(others) - {reader}):
        properties = typography.properties(locale)
        ratio = float(properties["--size"]) / float(own["--size"])
        extra = f"font-size:{ratio:.4g}em;" if ratio != 1 else ""
        rules.append(_rule(f':where([lang="{locale.tag}"]:not(:root))', properties, medium, extra))
    return "\n".join(rules)


def _rule(selector: str, properties: Mapping[str, str], medium: str, extra: str = "") -> str:
    shown = {name: value for name, value in properties.items() if not name.startswith("--web-")}
    if medium == "web":
        shown["--font-body"] = f"{properties['--font-body']}, {properties['--web-font-body']}"
        shown["--font-head"] = f"{properties['--font-head']}, {properties['--web-font-head']}"
    body = "".join(f"{name}:{value};" for name, value in sorted(shown.items()))
    return f"{selector}{{{body}font-family:var(--font-body);hyphenate-character:var(--hyphen);{extra}}}"
