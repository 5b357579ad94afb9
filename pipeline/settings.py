"""The workspace's settings: what ``polyleaf.toml`` says, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pipeline.diagnostics import Diagnostic, InvalidInput
from pipeline.locales import Locale
from pipeline.toml_places import Complainer, read_toml
from pipeline.translation.po_writing import WIDTH
from pipeline.typesetting.formats import ISO
from pipeline.typesetting.leaflet import EDITIONS, Edition

PATH = "polyleaf.toml"
#: How grave a complaint of ``check`` is, by its code.
Weight = Literal["error", "warning", "info", "off"]
LONGEST_GRACE = 3650
_TABLES: dict[str, tuple[str, ...] | None] = {
    "workspace": ("title", "source-locale", "address"),
    "languages": ("add", "remove"),
    "fallbacks": None,
    "build": ("formats", "editions", "paper"),
    "documents": None,
    "translation": ("wrap", "grace-days"),
    "memory": ("variants",),
    "checks": None,
    "release": ("threshold", "keep"),
}


_EXAMPLES = {"formats": "a4", "editions": "desk"}


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages that are wanted besides the signatories', and those that are not."""

    add: tuple[Locale, ...] = ()
    remove: tuple[Locale, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaflets:
    """What a build makes unless it is asked for something else: formats, editions, and the paper they are for."""

    formats: tuple[str, ...] = ("web", "a4")
    editions: tuple[Edition, ...] = ("screen", "desk")
    paper: str = ISO


@dataclass(frozen=True, slots=True)
class Translating:
    """How catalogs are written and used.

    ``wrap`` is the width of their lines, None if they end at newlines only. ``grace_days`` is how long the translation of
    a paragraph that has changed since may go on being shown. ``variants`` are the varieties of a language, by tag, whose
    translations may be offered.
    """

    wrap: int | None = WIDTH
    grace_days: int = 0
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """How much of a document has to be translated, in per cent: to be released, and to stay so once it was."""

    threshold: int = 100
    keep: int = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole workspace. ``address`` is where its site is published, empty if nowhere.

    ``severities`` are those of some codes of ``check``, if not the usual ones. ``releases`` are what a release asks of some
    documents, by id.
    """

    title: str = "Resolutions"
    source_locale: Locale = field(default_factory=lambda: Locale.parse("en"))
    address: str = ""
    languages: Languages = Languages()
    documents: Mapping[str, Languages] = field(default_factory=dict)
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    leaflets: Leaflets = Leaflets()
    translating: Translating = field(default_factory=Translating)
    severities: Mapping[str, Weight] = field(default_factory=dict)
    release: Release = Release()
    releases: Mapping[str, Release] = field(default_factory=dict)

    def release_of(self, document_id: str) -> Release:
        """What a release asks of a document: its own table's, else what holds for all."""
        return self.releases.get(document_id, self.release)

    def locale(self, tag: str) -> Locale:
        """The locale, with the fallback that this workspace declares for it."""
        return Locale.parse(tag, self.fallbacks)


def parse_settings(text: str) -> Settings:
    """The settings in a ``polyleaf.toml``. Raises InvalidInput with every complaint."""
    tables, complainer = read_toml(text, "settings", PATH)
    complaints = list(_complaints(tables, complainer))
    if complaints:
        raise InvalidInput(complaints)
    workspace = tables.get("workspace", {})
    release = _release(tables.get("release", {}), Release())
    documents = tables.get("documents", {})
    return Settings(
        title=workspace.get("title", "Resolutions"),
        source_locale=Locale.parse(workspace.get("source-locale", "en")),
        address=workspace.get("address", "").rstrip("/"),
        languages=_languages(tables.get("languages", {})),
        documents={name: _languages(each.get("languages", {})) for name, each in documents.items()},
        fallbacks=_fallbacks(tables.get("fallbacks", {})),
        leaflets=_leaflets(tables.get("build", {})),
        translating=_translating(tables.get("translation", {}), tables.get("memory", {})),
        severities=dict(tables.get("checks", {})),
        release=release,
        releases={name: _release(each["release"], release) for name, each in documents.items() if "release" in each},
    )


def _languages(table: Mapping[str, list[str]]) -> Languages:
    add, remove = (tuple(map(Locale.parse, table.get(name, []))) for name in ("add", "remove"))
    return Languages(add, remove)


def _leaflets(table: Mapping[str, Any]) -> Leaflets:
    default = Leaflets()
    return Leaflets(
        tuple(table.get("formats", default.formats)),
        tuple(table.get("editions", default.editions)),
        table.get("paper", default.paper),
    )


def _translating(translation: Mapping[str, Any], memory: Mapping[str, Any]) -> Translating:
    wrap = translation.get("wrap", WIDTH)
    variants = {
        Locale.parse(tag).tag: tuple(Locale.parse(each).tag for each in others)
        for tag, others in memory.get("variants", {}).items()
    }
    return Translating(None if wrap == "none" else wrap, translation.get("grace-days", 0), variants)


def _release(table: Mapping[str, int], general: Release) -> Release:
    return Release(table.get("threshold", general.threshold), table.get("keep", general.keep))


def _fallbacks(table: Mapping[str, str]) -> dict[str, str]:
    return {Locale.parse(tag).tag: Locale.parse(other).tag for tag, other in table.items()}


def _complaints(tables: Mapping[str, object], complainer: Complainer) -> Iterator[Diagnostic]:
    for name, table in tables.items():
        if name not in _TABLES:
            hint = "known tables are " + ", ".join(f"[{each}]" for each in _TABLES)
            key = "" if isinstance(table, dict) else name
            yield complainer.say(f"[{name}] is unknown", "" if key else name, key, hint)
        elif not isinstance(table, dict):
            yield complainer.say(f"{name} must be a table", "", name, f"write [{name}] on a line of its own")
        else:
            yield from _unknown_keys(table, name, _TABLES[name], complainer)
            yield from _VALUES[name](table, name, complainer)


def _unknown_keys(
    table: Mapping[str, object], name: str, known: tuple[str, ...] | None, complainer: Complainer
) -> Iterator[Diagnostic]:
    for key in table:
        if known is not None and key not in known:
            hint = "known there are " + ", ".join(known)
            yield complainer.say(f"{key} is unknown in [{name}]", name, key, hint)


def _workspace(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for key in filter(table.__contains__, _TABLES["workspace"] or ()):
        value = table[key]
        if not isinstance(value, str):
            yield complainer.say(f"{key} must be a text", name, key, f'put it between quotation marks: {key} = "…"')
        elif key == "source-locale":
            yield from _tags([value], name, key, complainer)
        elif key == "address" and value and not value.startswith(("https://", "http://")):
            message = f"address = “{value}” is not a web address"
            yield complainer.say(message, name, key, "begin it with https://")


def _language_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for key in filter(table.__contains__, _TABLES["languages"] or ()):
        value = table[key]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield from _tags(value, name, key, complainer)
        else:
            yield complainer.say(
                f"{key} must be a list of language tags", name, key, f'such as {key} = ["fr", "pt-BR"]'
            )


def _fallback_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for tag, other in table.items():
        if isinstance(other, str):
            yield from _tags([tag, other], name, tag, complainer)
        else:
            yield complainer.say(f"{tag} must name one language", name, tag, 'such as bci = "fr"')


def _build_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for key in filter(table.__contains__, ("formats", "editions")):
        value = table[key]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            yield complainer.say(f"{key} must be a list of names", name, key, f'such as {key} = ["{_EXAMPLES[key]}"]')
        elif key == "editions" and set(value) - set(EDITIONS):
            unknown = ", ".join(sorted(set(value) - set(EDITIONS)))
            yield complainer.say(f"editions: there is no {unknown}", name, key, "there are " + ", ".join(EDITIONS))
    if not isinstance(table.get("paper", ISO), str):
        yield complainer.say("paper must be a name", name, "paper", 'such as paper = "letter"')


def _translation_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    wrap = table.get("wrap", WIDTH)
    if wrap not in (WIDTH, "none") or isinstance(wrap, float):
        yield complainer.say(
            f'wrap must be {WIDTH} or "none"', name, "wrap", "take what the other tools of your team use"
        )
    days = table.get("grace-days", 0)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= LONGEST_GRACE:
        hint = "such as grace-days = 30; 0 shows the original at once"
        yield complainer.say(f"grace-days must be a number of days up to {LONGEST_GRACE}", name, "grace-days", hint)


def _memory_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    variants = table.get("variants", {})
    lists = variants.values() if isinstance(variants, dict) else [None]
    if not all(isinstance(each, list) and all(isinstance(tag, str) for tag in each) for each in lists):
        hint = 'such as variants = {"pt-BR" = ["pt"], "fa-AF" = ["fa"]}'
        yield complainer.say("variants must name the varieties of each language", name, "variants", hint)
    elif isinstance(variants, dict):
        yield from _tags(
            [*variants, *(tag for each in variants.values() for tag in each)], name, "variants", complainer
        )


def _checks_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for code, weight in table.items():
        if weight not in get_args(Weight):
            hint = f'such as {code} = "error"; there are ' + ", ".join(get_args(Weight))
            yield complainer.say(f"{code} must be one of the weights that a complaint can have", name, code, hint)


def _release_table(table: Mapping[str, object], name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    limits: dict[str, int] = {"threshold": Release().threshold, "keep": Release().keep}
    for key in filter(table.__contains__, limits):
        value = table[key]
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:
            yield complainer.say(f"{key} must be a number of per cent, 0 to 100", name, key, f"such as {key} = 90")
        else:
            limits[key] = value
    if limits["keep"] > limits["threshold"]:
        message = f"keep = {limits['keep']} is above threshold = {limits['threshold']}"
        hint = "what is published stays so until it falls below keep, so keep is the lower one"
        yield complainer.say(message, name, "keep" if "keep" in table else "threshold", hint)


def _document_table(table: Mapping[str, object], _name: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for name, document in table.items():
        own = f"documents.{name}"
        inner = document if isinstance(document, dict) else {}
        if not any(isinstance(inner.get(each), dict) for each in _DOCUMENT_TABLES):
            yield complainer.say(f"[{own}] must hold a table languages", own, "", f"write [{own}.languages]")
            continue
        yield from _unknown_keys(inner, own, tuple(_DOCUMENT_TABLES), complainer)
        for key in filter(inner.__contains__, _DOCUMENT_TABLES):
            if not isinstance(inner[key], dict):
                yield complainer.say(f"{key} must be a table", own, key, f"write [{own}.{key}]")
                continue
            yield from _unknown_keys(inner[key], f"{own}.{key}", _TABLES[key], complainer)
            yield from _DOCUMENT_TABLES[key](inner[key], f"{own}.{key}", complainer)


def _tags(tags: list[str], table: str, key: str, complainer: Complainer) -> Iterator[Diagnostic]:
    for tag in tags:
        try:
            Locale.parse(tag)
        except ValueError as error:
            yield complainer.say(f"{key}: {error}", table, key, "write the tag, not the name, of the language")


_DOCUMENT_TABLES = {"languages": _language_table, "release": _release_table}
_VALUES = {
    "workspace": _workspace,
    "languages": _language_table,
    "fallbacks": _fallback_table,
    "documents": _document_table,
    "build": _build_table,
    "translation": _translation_table,
    "memory": _memory_table,
    "checks": _checks_table,
    "release": _release_table,
}
