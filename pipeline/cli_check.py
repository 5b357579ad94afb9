"""The verbs that say how things are: check, status."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

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
from pipeline.diagnostics import Diagnostic, InvalidInput, in_order

if TYPE_CHECKING:
    from pipeline.check_report import ReportFormat
    from pipeline.status import Status, StatusRow

_FORMATS = ("text", "json", "sarif", "github")


def _explain(_context: click.Context, _option: click.Parameter, code: str | None) -> None:
    """Print the page about a code and leave; wrong usage if there is none."""
    if code is None:
        return
    from pipeline.explanations import explanation, near

    page = explanation(code)
    if page is None:
        meant = ", ".join(near(code)) or "those that “polyleaf check” prints between brackets"
        raise click.BadParameter(f"there is no page about “{code}”; there are {meant}", param_hint="--explain")
    click.echo(page.markdown, nl=not page.markdown.endswith("\n"))
    raise click.exceptions.Exit(0)


@click.command(short_help="Say what is wrong or not translated yet.")
@documents_argument
@locales_option
@click.option(
    "--format",
    "format",
    type=click.Choice(_FORMATS),
    help="For people (text), programs (json), code hosts (sarif, github).",
)
@as_json_option
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a code means and how to mend it.",
)
@click.pass_obj
@reporting
def check(
    folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], format: str | None, as_json: bool, strict: bool
) -> Iterable[Diagnostic]:
    """Say what is wrong in sources and catalogs, and what is not translated yet.

    Each complaint ends with its code: “polyleaf check --explain CODE” says more.
    """
    from pipeline.checking import check as check_workspace
    from pipeline.renditions import Options

    if as_json and format not in (None, "json"):
        raise click.UsageError(f"--json and --format {format} exclude each other")
    chosen = cast("ReportFormat", "json" if as_json else format or "text")
    options = Options(documents=documents, locales=canonical(locales))
    workspace = open_workspace(folder)
    try:
        found = check_workspace(workspace, options)
    except InvalidInput as invalid:
        if chosen == "text" or as_json:
            raise
        found = in_order(invalid.diagnostics)
        if chosen == "json":
            click.echo(json.dumps({"diagnostics": dicts(found)}, ensure_ascii=False, indent=1))
            return found
    if strict:
        found = tuple(replace(each, severity="error") if each.severity == "warning" else each for each in found)
    click.echo(_report(found, chosen, _from_here(folder)), nl=bool(found) or chosen != "github")
    return found


def _from_here(folder: Path) -> str:
    """The workspace's folder as somebody in the current one calls it; empty if it is not below."""
    try:
        return folder.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return ""


def _report(found: tuple[Diagnostic, ...], format: ReportFormat, folder: str) -> str:
    from pipeline import check_report
    from pipeline.explanations import explanation

    match format:
        case "json":
            return check_report.json_report(found)
        case "sarif":
            return check_report.sarif_report(found, explanation, folder)
        case "github":
            return check_report.github_report(found, folder)
        case "text":
            return check_report.text_report(found)


@click.command(short_help="Show how far each document is in each language.")
@documents_argument
@locales_option
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a page with a picture into this file.",
)
@as_json_option
@click.pass_obj
@reporting
def status(
    folder: Path, documents: tuple[str, ...], locales: tuple[str, ...], page: Path | None, as_json: bool
) -> Iterable[Diagnostic]:
    """Show how far each document is in each language, and how much work is left. What needs work comes first.

    Words are those of the source. Warnings are those of “polyleaf check”, besides what is fuzzy or not translated.
    """
    from pipeline.checking import check as check_workspace
    from pipeline.renditions import Options
    from pipeline.status import status as status_of
    from pipeline.status_page import write_status_page

    workspace, options = open_workspace(folder), Options(documents=documents, locales=canonical(locales))
    shown = status_of(workspace, options, check_workspace(workspace, options))
    if page is not None:
        written = write_status_page(workspace, shown, page)
        click.echo(f"{'wrote' if written else 'unchanged:'} {page}", err=as_json)
    if as_json:
        click.echo(json.dumps(shown.as_dicts(), ensure_ascii=False, indent=1))
    else:
        if page is None:
            print_status(shown)
        say(shown.diagnostics)
    return shown.diagnostics


def print_status(shown: Status) -> None:
    """The table of documents and languages, and what is left in all; on a narrow terminal without the languages' names."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False)
    wide = console.width >= 100
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("Document", "Tag", *(("Language",) if wide else ())):
        table.add_column(name, no_wrap=name == "Tag", overflow="fold")
    last = ("Words left", "Errors", "Warnings") if wide else ("Words", "Err.", "Warn.")
    for name in ("Done", "", "Fuzzy", "Missing", *last):
        table.add_column(name, justify="right", no_wrap=True)
    for row in shown.rows:
        language = (row.locale.endonym,) if wide else ()
        table.add_row(row.document, row.locale.tag, *language, *_cells(row))
    console.print(table)
    left = sum(each.words.left for each in shown.languages)
    whole = sum(each.coverage is not None and each.percent == 100 for each in shown.rows)
    click.echo(f"{whole} of {len(shown.rows)} translations are whole; {left:,} words are left")


def _cells(row: StatusRow) -> tuple[str, ...]:
    """The numbers of a row; nothing stands for 0, so that what is there is seen."""
    complaints = (str(row.errors or ""), str(row.warnings or ""))
    if row.coverage is None:
        return ("?", "broken", "", "", "", *complaints)
    return (
        f"{row.percent} %",
        "draft" if row.draft else "",
        str(row.coverage.fuzzy or ""),
        str(row.coverage.untranslated or ""),
        f"{row.words.left:,}" if row.words.left else "",
        *complaints,
    )


#: The verbs of this module, for the command line.
VERBS = (check, status)
