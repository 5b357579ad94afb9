"""The verbs that bring texts in: init, import, update, languages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.cli_options import as_json_option, dicts, documents_argument, open_workspace, reporting, say
from pipeline.diagnostics import Diagnostic


@click.command(short_help="Begin a workspace.")
@click.pass_obj
@reporting
def init(folder: Path) -> Iterable[Diagnostic]:
    """Begin a workspace: settings, a registry and a first resolution to edit."""
    from pipeline.beginning import begin

    for path in begin(folder):
        click.echo(f"wrote {path}")
    click.echo("Now edit sources/, then run: polyleaf update, polyleaf build")
    return ()


@click.command(name="import", short_help="Turn a saved page into a source and registry rows.")
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


@click.command(short_help="Bring the catalogs up to date.")
@documents_argument
@click.option(
    "--typo",
    "typos",
    multiple=True,
    metavar="ID[#PLACE]",
    help="What changed in this document, or at this place of it, changes no meaning: translations stay as they are.",
)
@click.option("--accept-loss", is_flag=True, help="Write a catalog even if it has fewer translated words than before.")
@as_json_option
@click.pass_obj
@reporting
def update(
    folder: Path, documents: tuple[str, ...], typos: tuple[str, ...], accept_loss: bool, as_json: bool
) -> Iterable[Diagnostic]:
    """Bring the catalogs up to date with the sources. No translation is ever lost, nothing is rewritten needlessly."""
    from pipeline import updating

    updated = updating.update(open_workspace(folder), updating.Wishes(documents, typos, accept_loss))
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


@click.command(short_help="Show which languages a document has to speak.")
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
