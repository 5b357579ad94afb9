"""The command line: one short function per verb. Options become values, one call is made, diagnostics become an exit code.

Exit codes: 0 clean, 1 errors found, 2 wrong usage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli_options import (
    as_json_option,
    canonical,
    dicts,
    documents_argument,
    locales_option,
    open_workspace,
    reporting,
    say,
)
from pipeline.cli_paper import PAPER_VERBS
from pipeline.diagnostics import Diagnostic


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


@main.command(short_help="Begin a workspace.")
@click.pass_obj
@reporting
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
@as_json_option
@click.pass_obj
@reporting
def import_(folder: Path, file: str, document_id: str | None, as_json: bool) -> Iterable[Diagnostic]:
    """Turn a saved page (HTML or plain text; - is standard input) into a source and rows of the registry.

    No line is dropped: what could not be understood is kept as it is, and reported with its line.
    """
    from pipeline.importing import import_file

    imported = import_file(open_workspace(folder), file, document_id)
    if as_json:
        click.echo(json.dumps(imported.as_dict(), ensure_ascii=False, indent=1))
    else:
        say(imported.diagnostics)
        for path in imported.written:
            click.echo(f"wrote {path}")
        click.echo(
            f"{imported.signatories} signatories, {imported.new} new in the registry. Look at the files, then run: polyleaf update"
        )
    return imported.diagnostics


@main.command(short_help="Bring the catalogs up to date.")
@documents_argument
@as_json_option
@click.pass_obj
@reporting
def update(folder: Path, documents: tuple[str, ...], as_json: bool) -> Iterable[Diagnostic]:
    """Bring the catalogs up to date with the sources. No translation is ever lost, nothing is rewritten needlessly."""
    from pipeline import commands

    updated = commands.update(open_workspace(folder), documents)
    if as_json:
        click.echo(
            json.dumps(
                {"written": updated.written, "seen": updated.seen, "diagnostics": dicts(updated.diagnostics)}, indent=1
            )
        )
    else:
        say(updated.diagnostics)
        for path in updated.written:
            click.echo(f"wrote {path}")
        click.echo(f"{len(updated.written)} of {updated.seen} files changed")
    return updated.diagnostics


@main.command(short_help="Say what is wrong or not translated yet.")
@documents_argument
@locales_option
@as_json_option
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_obj
@reporting
def check(
    folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], as_json: bool, strict: bool
) -> Iterable[Diagnostic]:
    """Say what is wrong in sources and catalogs, and what is not translated yet."""
    from dataclasses import replace

    from pipeline import commands
    from pipeline.renditions import Options

    found = commands.check(open_workspace(folder), Options(documents=documents, locales=canonical(locales)))
    if strict:
        found = tuple(replace(each, severity="error") if each.severity == "warning" else each for each in found)
    if as_json:
        click.echo(json.dumps(dicts(found), ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(str(each))
        errors, warnings = (sum(each.severity == name for each in found) for name in ("error", "warning"))
        click.echo(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return found


@main.command(short_help="Show how far each document is in each language.")
@documents_argument
@locales_option
@as_json_option
@click.pass_obj
@reporting
def status(folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], as_json: bool) -> Iterable[Diagnostic]:
    """Show how far each document is in each language."""
    from pipeline import commands, tables
    from pipeline.renditions import Options

    rows, diagnostics = commands.status(
        open_workspace(folder), Options(documents=documents, locales=canonical(locales))
    )
    if as_json:
        click.echo(json.dumps(tables.status_json(rows), ensure_ascii=False, indent=1))
    else:
        tables.print_status(rows)
        say(diagnostics)
    return diagnostics


@main.command(short_help="Show which languages a document has to speak.")
@click.argument("document", metavar="ID")
@as_json_option
@click.pass_obj
@reporting
def languages(folder: Path, document: str, as_json: bool) -> Iterable[Diagnostic]:
    """Show which languages a document has to speak, who needs each, and how far it is."""
    from pipeline import commands, tables

    rows, diagnostics = commands.languages(open_workspace(folder), document)
    if as_json:
        click.echo(json.dumps(tables.languages_json(rows), ensure_ascii=False, indent=1))
    else:
        tables.print_languages(rows)
        say(diagnostics)
    return diagnostics


for verb in PAPER_VERBS:
    main.add_command(verb)
