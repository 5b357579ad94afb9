"""The CSS of languages for a web page, in as few bytes as it can be said in: a page may name fifty languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.locales import Locale
from pipeline.typesetting.typography import Typography

#: Where the language changes: what is looked up again there. Rules of a ``:where`` weigh nothing, so that those of a format win.
_AGAIN = "font-family:var(--font-body);hyphenate-character:var(--hyphen)"


def web_rules(typography: Typography, reader: Locale, others: Iterable[Locale]) -> str:
    """CSS that gives each language on a web page its faces and proportions, as ``language_rules`` does for print.

    What most languages have in common stands in one rule for all, before the rules of those that differ.
    """
    foreign = sorted(set(others) - {reader})
    own = _declarations(typography, reader)
    root = f":root{{{_css(own)};{_AGAIN}}}"
    if not foreign:
        return root
    each = {locale: _declarations(typography, locale) for locale in (reader, *foreign)}
    common = {name: Counter(facts[name] for facts in each.values()).most_common(1)[0][0] for name in own}
    common["font-size"] = Counter(_ratio(each[locale], own) for locale in each).most_common(1)[0][0]
    speakers: dict[tuple[str, str], list[str]] = {}
    for locale, facts in each.items():
        for name, value in {**facts, "font-size": _ratio(facts, own)}.items():
            if value != common[name]:
                speakers.setdefault((name, value), []).append(locale.tag)
    shared = {name: value for name, value in common.items() if any(key[0] == name for key in speakers)}
    shared.update({name: value for name, value in common.items() if value != own.get(name, "1em")})
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for (name, value), tags in speakers.items():
        said.setdefault(tuple(tags), {})[name] = value
    rules = (f":where(body {_selector(tags)}){{{_css(facts)}}}" for tags, facts in said.items())
    return "\n".join([root, f":where(body [lang]){{{_css(shared)};{_AGAIN}}}".replace("{;", "{"), *rules])


def _selector(tags: Iterable[str]) -> str:
    selectors = [f"[lang={tag}]" for tag in tags]
    return selectors[0] if len(selectors) == 1 else f":is({','.join(selectors)})"


def _css(declarations: Mapping[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in sorted(declarations.items()))


def _declarations(typography: Typography, locale: Locale) -> dict[str, str]:
    """The custom properties of a locale, the fonts that a reader may have behind ours."""
    properties = typography.properties(locale)
    shown = {name: value for name, value in properties.items() if not name.startswith("--web-")}
    for name in ("--font-body", "--font-head"):
        shown[name] = f"{properties[name]},{properties[name.replace('--', '--web-')]}".replace(", ", ",")
    if shown["--font-head"] == shown["--font-body"]:
        shown["--font-head"] = "var(--font-body)"
    return shown


def _ratio(declarations: Mapping[str, str], own: Mapping[str, str]) -> str:
    """How large text of a language is set among the reader's, so that both look alike."""
    return f"{float(declarations['--size']) / float(own['--size']):.4g}em"
