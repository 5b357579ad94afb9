"""What the command line shows: tables and progress, in colour on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

from pipeline.build import Report
from pipeline.commands import LanguageRow, StatusRow


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


def _done(row: LanguageRow | StatusRow) -> str:
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


def print_status(rows: Iterable[StatusRow]) -> None:
    """The table of documents and languages."""
    _table(
        ("Document", "Tag", "Language", "Translated", "Segments", "Fuzzy", "Missing"),
        (
            (
                row.document,
                row.locale.tag,
                row.locale.endonym,
                _done(row),
                f"{row.coverage.translated}/{row.coverage.total}",
                str(row.coverage.fuzzy or ""),
                str(row.coverage.untranslated or ""),
            )
            for row in rows
        ),
    )


def status_json(rows: Iterable[StatusRow]) -> list[dict[str, object]]:
    """The table of documents and languages, for machines."""
    return [
        {
            "document": row.document,
            "locale": row.locale.tag,
            "translated": row.coverage.translated,
            "fuzzy": row.coverage.fuzzy,
            "untranslated": row.coverage.untranslated,
            "coverage": row.coverage.percent,
            "draft": row.draft,
        }
        for row in rows
    ]


def print_report(report: Report) -> None:
    """One line about a build."""
    leaflets = [each for each in report.artifacts if each.pages]
    pages = len(report.artifacts) - len(leaflets)
    languages = len({each.locale for each in report.artifacts})
    made = sum(not each.cached for each in leaflets)
    click.echo(
        f"build/site: {_count(pages, 'web page')} and {_count(len(leaflets), 'leaflet')} in {_count(languages, 'language')}; "
        f"{_count(made, 'leaflet')} typeset, {len(leaflets) - made} unchanged, {_count(len(report.pruned), 'file')} deleted"
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")
