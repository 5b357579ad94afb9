"""The command line: one short function per verb. Options become values, one call is made, diagnostics become an exit code.

Exit codes: 0 clean, 1 errors found, 2 wrong usage.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli_check import VERBS as CHECK_VERBS
from pipeline.cli_history import VERBS as HISTORY_VERBS
from pipeline.cli_kits import VERBS as KIT_VERBS
from pipeline.cli_memory import VERBS as MEMORY_VERBS
from pipeline.cli_options import (
    as_json_option,
    dicts,
    documents_argument,
    open_workspace,
    reporting,
    say,
)
from pipeline.cli_paper import PAPER_VERBS
from pipeline.diagnostics import Diagnostic

# What a command reads stays until it ends: to look for cycles in it again and again costs a fifth of the time.
_COLLECT_AFTER = 200_000


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
    gc.set_threshold(_COLLECT_AFTER)
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


for verb in (*CHECK_VERBS, *HISTORY_VERBS, *KIT_VERBS, *MEMORY_VERBS, *PAPER_VERBS):
    main.add_command(verb)
