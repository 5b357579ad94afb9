"""The verbs about what a language has translated before: memory export, memory import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.cli_options import as_json_option, canonical, open_workspace, reporting, say
from pipeline.diagnostics import Diagnostic

locale_option = click.option("-l", "--locale", required=True, metavar="TAG", help="The language.")


@click.group(short_help="Hand translations on, or take them in.")
def memory() -> None:
    """Hand on what a language has translated, or take in what was translated elsewhere.

    “polyleaf update” fills in what other catalogs of the language have translated already, and offers what is near.
    """


@memory.command(name="export", short_help="Write a language's translations as TMX or compendium.")
@click.argument("target", metavar="OUT.tmx|OUT.po", type=click.Path(dir_okay=False, path_type=Path))
@locale_option
@as_json_option
@click.pass_obj
@reporting
def export(folder: Path, target: Path, locale: str, as_json: bool) -> Iterable[Diagnostic]:
    """Write a language's translations: OUT.tmx for OmegaT, Weblate and others, OUT.po as a gettext compendium."""
    from pipeline.remembering import export_memory

    exported = export_memory(open_workspace(folder), canonical([locale])[0], target)
    if as_json:
        click.echo(json.dumps(exported.as_dict(), ensure_ascii=False, indent=1))
    else:
        say(exported.diagnostics)
        click.echo(f"wrote {exported.path}: {_counted(exported.translations, 'translation')}")
    return exported.diagnostics


@memory.command(name="import", short_help="Take translations in, to be offered as fuzzy.")
@click.argument("file", metavar="FILE.tmx|FILE.po", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@locale_option
@as_json_option
@click.pass_obj
@reporting
def import_(folder: Path, file: Path, locale: str, as_json: bool) -> Iterable[Diagnostic]:
    """Take the translations of a TMX file or a foreign catalog into locales/TAG/memory.po.

    “polyleaf update” offers them as fuzzy, never as done. What is in the memory already stays.
    """
    from pipeline.remembering import import_memory

    imported = import_memory(open_workspace(folder), canonical([locale])[0], file)
    if as_json:
        click.echo(json.dumps(imported.as_dict(), ensure_ascii=False, indent=1))
    else:
        say(imported.diagnostics)
        click.echo(
            f"{imported.path}: {_counted(imported.new, 'new text')}, {imported.known} known already,"
            f" {imported.beside} kept beside another translation"
        )
    return imported.diagnostics


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' * (count != 1)}"
