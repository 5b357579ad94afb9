"""Which faces, proportions and habits a language is set with: custom properties, layered ``und`` → script → language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
from fontTools.unicodedata import Scripts, script_name
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
    "--writing-mode",
)
#: Scripts whose letters the families of ``und.css`` have; ``Zzzz`` is the layer of all others without a file of their own.
_OF_UND = frozenset({"Latn", "Grek", "Cyrl"})
#: The ending of the Noto CJK families that draws a script as its readers write it (Han differs by region), and pan-Unicode
#: families with the rarer ideographs.
_CJK_BY_SCRIPT = {
    **dict.fromkeys(("Jpan", "Hira", "Kana", "Hrkt"), "JP"),
    **dict.fromkeys(("Kore", "Hang"), "KR"),
    **dict.fromkeys(("Hant", "Bopo"), "TC"),
    **dict.fromkeys(("Hans", "Hani"), "SC"),
}
_CJK_BY_TERRITORY = {("Hant", "HK"): "HK", ("Hant", "MO"): "HK"}
_RARE_HAN = ("HanaMinA", "HanaMinB")
#: Families that have the punctuation which scripts share with a larger neighbour.
_NEIGHBOURS = {"Yiii": "Noto Sans CJK SC"}
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
        """The custom properties for a locale, the more special layer winning.

        Where no file names fonts for a script, Noto's are taken that bear the script's name.
        """
        layers = dict(self.layers)
        merged = dict(layers.get("und", ()))
        if locale.script not in _OF_UND:
            body, head = map(_stack, families_by_rule(locale))
            merged.update({**dict(layers.get("und-Zzzz", ())), "--font-body": body, "--font-head": head})
        own = (locale.language, f"{locale.language}-{locale.script}", locale.tag) if locale.language != "und" else ()
        for name in (f"und-{locale.script}", *own):
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

    def optional_families(self, locales: Iterable[Locale] | None = None) -> tuple[str, ...]:
        """The families that the locales would be drawn with and that no layer names, sorted; not all of them need be there.

        Without locales: those of every script that Unicode has.
        """
        asked = every_script() if locales is None else locales
        return tuple(sorted({family for each in asked for family in self.families(each)} - set(self.all_families())))

    def all_families(self) -> tuple[str, ...]:
        """Every family that some layer prints with, sorted."""
        stacks = (value for _, layer in self.layers for name, value in layer if name in ("--font-body", "--font-head"))
        return tuple(sorted({family for stack in stacks for family in font_families(stack)}))


def families_by_rule(locale: Locale) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The families for text and for headings of a script that no typography file names fonts for: Noto's, by its name.

    Source of the names: Unicode Standard Annex 24, as Noto uses them.

    >>> families_by_rule(Locale.parse("chr"))[1]
    ('Noto Sans Cherokee', 'Noto Serif Cherokee', 'Noto Sans')
    """
    script = locale.script
    region = _CJK_BY_TERRITORY.get((script, locale.territory)) or _CJK_BY_SCRIPT.get(script)
    name = f"CJK {region}" if region else script_name(script, default=script).replace("_", " ")
    serif, sans = f"Noto Serif {name}", f"Noto Sans {name}"
    behind = ("Noto Sans Arabic",) if locale.direction == "rtl" else (_NEIGHBOURS.get(script, "Noto Sans"),)
    last = dict.fromkeys([*(_RARE_HAN if region else behind), "Noto Sans"])
    return (serif, sans, *last), (sans, serif, *last)


def every_script() -> tuple[Locale, ...]:
    """A locale for each script of Unicode, and for each region's way of writing Han."""
    several = [*_CJK_BY_SCRIPT, *(script for script in Scripts.NAMES if script not in _CJK_BY_SCRIPT)]
    regions = [Locale(f"und-{script}-{territory}", "und", script, territory) for script, territory in _CJK_BY_TERRITORY]
    return (*(Locale(f"und-{script}", "und", script) for script in several), *regions)


def _stack(families: Iterable[str]) -> str:
    return ", ".join(f'"{family}"' for family in families)


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
    win. Text in another language is scaled so that it looks as large as the text around it. ``--writing-mode`` is set on web
    pages of a vertical script alone: ``writing-mode: var(--writing-mode, horizontal-tb)``.
    """
    own = typography.properties(reader)
    mode = own["--writing-mode"]
    vertical = f"--writing-mode:{mode};" if medium == "web" and mode.startswith("vertical") else ""
    alike: dict[str, list[str]] = {}
    for locale in sorted(set(others) - {reader}):
        properties = typography.properties(locale)
        ratio = float(properties["--size"]) / float(own["--size"])
        extra = f"font-size:{ratio:.4g}em;" if ratio != 1 else ""
        alike.setdefault(_declarations(properties, medium, extra), []).append(f'[lang="{locale.tag}"]')
    rules = [f":where({','.join(tags)}):where(:not(:root)){declared}" for declared, tags in alike.items()]
    return "\n".join([f":root{_declarations(own, medium, vertical)}", *rules])


def _declarations(properties: Mapping[str, str], medium: str, extra: str = "") -> str:
    shown = {name: value for name, value in properties.items() if not name.startswith(("--web-", "--writing-"))}
    if medium == "web":
        shown["--font-body"] = f"{properties['--font-body']}, {properties['--web-font-body']}"
        shown["--font-head"] = f"{properties['--font-head']}, {properties['--web-font-head']}"
    body = "".join(f"{name}:{value};" for name, value in sorted(shown.items()))
    return f"{{{body}font-family:var(--font-body);hyphenate-character:var(--hyphen);{extra}}}"
