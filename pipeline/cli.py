"""The command line: one short function per verb. Options become values, one call is made, diagnostics become an exit code.

Exit codes: 0 clean, 1 errors found, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.diagnostics import Diagnostic, InvalidInput, has_errors

if TYPE_CHECKING:
    from pipeline.workspace import Workspace


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=False, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Work in this folder instead of the current one.",
)
@click.version_option(__version__, prog_name="polyleaf")
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """One resolution in; a web page and print-ready leaflets in every signatory's language out.

    \b
    A workspace is a folder with
      sources/    the resolutions (*.md) and organisations.csv, the registry of signatories
      locales/    one folder per language with gettext catalogs (*.po) for translators
      templates/  your own design, if you have one
      build/      everything made: build/site has web pages and PDFs
    """
    context.obj = folder


def _reporting(verb: Callable[..., Iterable[Diagnostic]]) -> Callable[..., None]:
    """The verb, with its complaints printed and turned into an exit code."""

    @wraps(verb)
    def reported(*args: Any, **options: Any) -> None:
        try:
            diagnostics = tuple(verb(*args, **options))
        except InvalidInput as invalid:
            diagnostics = invalid.diagnostics
            if options.get("as_json"):
                click.echo(json.dumps({"diagnostics": _dicts(diagnostics)}, ensure_ascii=False, indent=1))
            else:
                _say(diagnostics)
        except OSError as error:
            name = error.filename or "a file"
            click.echo(f"{name}: error: {error.strerror or error} [file]", err=True)
            sys.exit(1)
        sys.exit(1 if has_errors(diagnostics) else 0)

    return reported


def _workspace(folder: Path) -> Workspace:
    from pipeline.workspace import Workspace

    workspace = Workspace(folder)
    if not workspace.exists():
        raise click.UsageError(f"{folder} is not a workspace: it has no folder sources/. “polyleaf init” makes one.")
    return workspace


def _say(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    shown = tuple(diagnostics)
    for each in shown:
        click.echo(str(each), err=True)
    return shown


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
_documents = click.argument("documents", nargs=-1, metavar="[ID]...")
_locales = click.option(
    "-l", "--locale", "locales", multiple=True, metavar="TAG", help="Only this language; may be repeated."
)


@main.command(short_help="Begin a workspace.")
@click.pass_obj
@_reporting
def init(folder: Path) -> Iterable[Diagnostic]:
    """Begin a workspace: settings, a registry and a first resolution to edit."""
    from pipeline.beginning import begin

    for path in begin(folder):
        click.echo(f"wrote {path}")
    click.echo("Now edit sources/, then run: polyleaf update, polyleaf build")
    return ()


@main.command(name="import", short_help="Turn a saved page into a source and registry rows.")
@click.argument("file", metavar="FILE|-")
@click.option("--id", "document_id", metavar="ID", help="The id of the document (default: from the title).")
@_as_json
@click.pass_obj
@_reporting
def import_(folder: Path, file: str, document_id: str | None, as_json: bool) -> Iterable[Diagnostic]:
    """Turn a saved page (HTML or plain text; - is standard input) into a source and rows of the registry.

    No line is dropped: what could not be understood is kept as it is, and reported with its line.
    """
    from pipeline.importing import import_file

    imported = import_file(_workspace(folder), file, document_id)
    if as_json:
        click.echo(json.dumps(imported.as_dict(), ensure_ascii=False, indent=1))
    else:
        _say(imported.diagnostics)
        for path in imported.written:
            click.echo(f"wrote {path}")
        click.echo(
            f"{imported.signatories} signatories, {imported.new} new in the registry. Look at the files, then run: polyleaf update"
        )
    return imported.diagnostics


@main.command(short_help="Bring the catalogs up to date.")
@_documents
@_as_json
@click.pass_obj
@_reporting
def update(folder: Path, documents: tuple[str, ...], as_json: bool) -> Iterable[Diagnostic]:
    """Bring the catalogs up to date with the sources. No translation is ever lost, nothing is rewritten needlessly."""
    from pipeline import commands

    updated = commands.update(_workspace(folder), documents)
    if as_json:
        click.echo(
            json.dumps(
                {"written": updated.written, "seen": updated.seen, "diagnostics": _dicts(updated.diagnostics)}, indent=1
            )
        )
    else:
        _say(updated.diagnostics)
        for path in updated.written:
            click.echo(f"wrote {path}")
        click.echo(f"{len(updated.written)} of {updated.seen} files changed")
    return updated.diagnostics


@main.command(short_help="Say what is wrong or not translated yet.")
@_documents
@_locales
@_as_json
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_obj
@_reporting
def check(
    folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], as_json: bool, strict: bool
) -> Iterable[Diagnostic]:
    """Say what is wrong in sources and catalogs, and what is not translated yet."""
    from dataclasses import replace

    from pipeline import commands
    from pipeline.editions import Options

    found = commands.check(_workspace(folder), Options(documents=documents, locales=_canonical(locales)))
    if strict:
        found = tuple(replace(each, severity="error") if each.severity == "warning" else each for each in found)
    if as_json:
        click.echo(json.dumps(_dicts(found), ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(str(each))
        errors, warnings = (sum(each.severity == name for each in found) for name in ("error", "warning"))
        click.echo(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return found


@main.command(short_help="Show how far each document is in each language.")
@_documents
@_locales
@_as_json
@click.pass_obj
@_reporting
def status(folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], as_json: bool) -> Iterable[Diagnostic]:
    """Show how far each document is in each language."""
    from pipeline import commands, tables
    from pipeline.editions import Options

    rows, diagnostics = commands.status(_workspace(folder), Options(documents=documents, locales=_canonical(locales)))
    if as_json:
        click.echo(json.dumps(tables.status_json(rows), ensure_ascii=False, indent=1))
    else:
        tables.print_status(rows)
        _say(diagnostics)
    return diagnostics


@main.command(short_help="Show which languages a document has to speak.")
@click.argument("document", metavar="ID")
@_as_json
@click.pass_obj
@_reporting
def languages(folder: Path, document: str, as_json: bool) -> Iterable[Diagnostic]:
    """Show which languages a document has to speak, who needs each, and how far it is."""
    from pipeline import commands, tables

    rows, diagnostics = commands.languages(_workspace(folder), document)
    if as_json:
        click.echo(json.dumps(tables.languages_json(rows), ensure_ascii=False, indent=1))
    else:
        tables.print_languages(rows)
        _say(diagnostics)
    return diagnostics


@main.command(short_help="Make web pages and leaflets.")
@_documents
@_locales
@click.option(
    "-f", "--format", "formats", multiple=True, metavar="NAME", help="Only this format (web, a4 …); may be repeated."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Typeset in so many processes (default: one per core)."
)
@click.option("--release", is_flag=True, help="Refuse languages that are drafts or not whole.")
@click.option("--allow-drafts", is_flag=True, help="With --release: let drafts pass.")
@click.option("--allow-partial", is_flag=True, help="With --release: let unfinished translations pass.")
@_as_json
@click.pass_obj
@_reporting
def build(
    folder: Path,
    documents: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    jobs: int | None,
    release: bool,
    allow_drafts: bool,
    allow_partial: bool,
    as_json: bool,
) -> Iterable[Diagnostic]:
    """Make web pages and leaflets into build/site, and build/report.json. Only what changed is typeset again."""
    from pipeline import tables
    from pipeline.build import build as build_workspace
    from pipeline.editions import Options

    options = Options(documents, _canonical(locales), formats, jobs or 0, release, allow_drafts, allow_partial)
    workspace = _workspace(folder)
    with tables.progress(quiet=as_json) as progress:
        report = build_workspace(workspace, options, progress)
    if as_json:
        click.echo(report.as_json(), nl=False)
    else:
        _say(report.diagnostics)
        tables.print_report(report)
    return report.diagnostics


def _dicts(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    return [each.as_dict() for each in diagnostics]


def _canonical(tags: Iterable[str]) -> tuple[str, ...]:
    from pipeline.locales import Locale

    try:
        return tuple(Locale.parse(tag).tag for tag in tags)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
