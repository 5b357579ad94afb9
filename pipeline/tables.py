"""What the command line shows: tables and progress, in colour on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.commands import LanguageRow
    from pipeline.diagnostics import Diagnostic
    from pipeline.proofing import Proven
    from pipeline.renditions import Options
    from pipeline.report import Artifact, Report


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Something to tell how far the work is: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            tasks = {}

            def show(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=total)
                bar.update(tasks[what], completed=done, total=total)

            yield show
    else:
        yield _plain


def _plain(what: str, done: int, total: int) -> None:
    if done == total or done % 10 == 0:
        click.echo(f"{what}: {done} of {total}", err=True)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False).print(table)


def print_languages(rows: Iterable[LanguageRow]) -> None:
    """The table of a document's languages."""
    _table(
        ("Tag", "Language", "In English", "Script", "Direction", "Translated", "Needed by"),
        (
            (
                row.locale.tag,
                row.locale.endonym,
                row.locale.english_name,
                row.locale.script,
                row.locale.direction,
                _done(row),
                ", ".join(row.signatories) or f"({row.reason})",
            )
            for row in rows
        ),
    )


def _done(row: LanguageRow) -> str:
    if row.coverage is None:
        return "cannot be read"
    return f"{row.coverage.percent} %" + (" draft" if row.draft else "")


def languages_json(rows: Iterable[LanguageRow]) -> list[dict[str, object]]:
    """The table of a document's languages, for machines."""
    return [
        {
            "tag": row.locale.tag,
            "endonym": row.locale.endonym,
            "english_name": row.locale.english_name,
            "script": row.locale.script,
            "direction": row.locale.direction,
            "reason": row.reason,
            "signatories": list(row.signatories),
            "coverage": row.coverage.percent if row.coverage is not None else None,
            "draft": row.draft,
        }
        for row in rows
    ]


def print_report(report: Report, options: Options) -> None:
    """One line about a build; and that leaflets to be handed out may need an imprint, if they have none."""
    leaflets = [each for each in report.artifacts if each.pages]
    pages = len(report.artifacts) - len(leaflets)
    languages = len({each.locale for each in report.artifacts})
    made = sum(not each.cached for each in leaflets)
    click.echo(
        f"{_where(options)}: {_count(pages, 'web page')} and {_count(len(leaflets), 'leaflet')} "
        f"in {_count(languages, 'language')}; "
        f"{_count(made, 'leaflet')} typeset, {len(leaflets) - made} unchanged, {_count(len(report.pruned), 'file')} deleted"
    )
    if options.imprint is None and any(each.edition != "screen" for each in leaflets):
        click.echo("before you hand leaflets out: most countries want an imprint on them, see polyleaf imprint --help")


def _where(options: Options) -> str:
    return "build/site" if options.imprint is None else "build/print"


def fit_json(rows: Iterable[Artifact], diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """How each leaflet is set, for machines: sizes in points, leading and space against the design's, fill from 0 to 1."""
    names = (
        "document",
        "locale",
        "format",
        "pages",
        "sheets",
        "size_pt",
        "leading",
        "space",
        "fill",
        "layouts",
        "shortened",
    )
    fits = [{name: getattr(row, name) for name in names} for row in rows]
    return {"fits": fits, "diagnostics": [each.as_dict() for each in diagnostics]}


def print_fit(rows: Iterable[Artifact]) -> None:
    """The table of how each leaflet is set."""
    _table(
        ("Document", "Tag", "Format", "Pages", "Sheets", "Size", "Leading", "Space", "Filled", "Layouts"),
        (
            (
                row.document + (" (short version)" if row.shortened else ""),
                row.locale,
                row.format,
                str(row.pages),
                str(row.sheets),
                f"{row.size_pt:g} pt",
                f"{row.leading:.0%}",
                f"{row.space:.0%}",
                f"{row.fill:.0%}",
                str(row.layouts),
            )
            for row in rows
        ),
    )


def print_proofs(proofs: Iterable[Proven]) -> None:
    """What was proven of each file, and what is wrong with it."""
    shown = tuple(proofs)
    for each in shown:
        facts = each.proof.facts
        said = ", ".join(f"{verdict.standard} by {verdict.validator}" for verdict in facts.verdicts if verdict.passed)
        click.echo(
            f"{each.path}: {'passed' if each.proof.passed else 'refused'} as {each.edition} edition, "
            f"{_count(len(facts.asked), 'rule')} asked" + (f"; {said}" if said else "")
        )
        if facts.skipped:
            why = "" if each.known else ", for it is no leaflet of this workspace"
            click.echo(f"    not asked{why}: {', '.join(facts.skipped)}")
        for found in each.diagnostics():
            click.echo(str(found), err=True)
    refused = sum(not each.proof.passed for each in shown)
    click.echo(f"{_count(len(shown), 'file')} proven, {refused} refused")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")
