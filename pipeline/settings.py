"""The workspace's settings: what ``polyleaf.toml`` says, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.locales import Locale

PATH = "polyleaf.toml"
_TABLES = {
    "workspace": ("title", "source-locale", "address"),
    "languages": ("add", "remove"),
    "fallbacks": None,
    "documents": None,
}


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages that are wanted besides the signatories', and those that are not."""

    add: tuple[Locale, ...] = ()
    remove: tuple[Locale, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole workspace. ``address`` is where its site is published, empty if nowhere."""

    title: str = "Resolutions"
    source_locale: Locale = field(default_factory=lambda: Locale.parse("en"))
    address: str = ""
    languages: Languages = Languages()
    documents: Mapping[str, Languages] = field(default_factory=dict)
    fallbacks: Mapping[str, str] = field(default_factory=dict)

    def locale(self, tag: str) -> Locale:
        """The locale, with the fallback that this workspace declares for it."""
        return Locale.parse(tag, self.fallbacks)


def parse_settings(text: str) -> Settings:
    """The settings in a ``polyleaf.toml``. Raises InvalidInput with every complaint."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([_complaint(f"this is not valid TOML: {error}")]) from None
    complaints = list(_complaints(tables))
    if complaints:
        raise InvalidInput(complaints)
    workspace = tables.get("workspace", {})
    return Settings(
        title=workspace.get("title", "Resolutions"),
        source_locale=Locale.parse(workspace.get("source-locale", "en")),
        address=workspace.get("address", "").rstrip("/"),
        languages=_languages(tables.get("languages", {})),
        documents={name: _languages(each.get("languages", {})) for name, each in tables.get("documents", {}).items()},
        fallbacks=_fallbacks(tables.get("fallbacks", {})),
    )


def _languages(table: Mapping[str, list[str]]) -> Languages:
    add, remove = (tuple(map(Locale.parse, table.get(name, []))) for name in ("add", "remove"))
    return Languages(add, remove)


def _fallbacks(table: Mapping[str, str]) -> dict[str, str]:
    return {Locale.parse(tag).tag: Locale.parse(other).tag for tag, other in table.items()}


def _complaint(message: str, hint: str = "") -> Diagnostic:
    return Diagnostic("settings", message, Location(PATH), hint=hint)


def _complaints(tables: Mapping[str, object]) -> Iterator[Diagnostic]:
    for name, table in tables.items():
        if name not in _TABLES or not isinstance(table, dict):
            yield _complaint(f"[{name}] is unknown", "known tables are " + ", ".join(f"[{each}]" for each in _TABLES))
            continue
        known = _TABLES[name]
        for key in table:
            if known is not None and key not in known:
                yield _complaint(f"{key} is unknown in [{name}]", "known there are " + ", ".join(known))
        yield from _VALUES[name](table)


def _workspace(table: Mapping[str, object]) -> Iterator[Diagnostic]:
    for key, value in table.items():
        if not isinstance(value, str):
            yield _complaint(f"{key} must be a text between quotation marks")
        elif key == "source-locale":
            yield from _tags([value], "source-locale")
        elif key == "address" and value and not value.startswith(("https://", "http://")):
            yield _complaint(f"address = “{value}” is not a web address", "begin it with https://")


def _language_table(table: Mapping[str, object]) -> Iterator[Diagnostic]:
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            yield _complaint(f"{key} must be a list of language tags", f'such as {key} = ["fr", "pt-BR"]')
        else:
            yield from _tags(value, key)


def _fallback_table(table: Mapping[str, object]) -> Iterator[Diagnostic]:
    for tag, other in table.items():
        if not isinstance(other, str):
            yield _complaint(f"[fallbacks] {tag} must name one language", 'such as bci = "fr"')
        else:
            yield from _tags([tag, other], "[fallbacks]")


def _document_table(table: Mapping[str, object]) -> Iterator[Diagnostic]:
    for name, document in table.items():
        languages = document.get("languages") if isinstance(document, dict) else None
        if not isinstance(languages, dict):
            yield _complaint(f"[documents.{name}] must hold a table languages", f"write [documents.{name}.languages]")
        else:
            yield from _language_table(languages)


def _tags(tags: list[str], where: str) -> Iterator[Diagnostic]:
    for tag in tags:
        try:
            Locale.parse(tag)
        except ValueError as error:
            yield _complaint(f"{where}: {error}")


_VALUES = {
    "workspace": _workspace,
    "languages": _language_table,
    "fallbacks": _fallback_table,
    "documents": _document_table,
}
