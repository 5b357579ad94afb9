"""What the command line shows: tables and progress, in colour on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
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
    """Something to tell how far the work is: a bar on a terminal, else a line now and then; both with rate and time left."""
    if quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            tasks, pace = {}, Pace(time.monotonic)

            def show(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=total, rate="")
                rate = pace.rate(what, done)
                bar.update(tasks[what], completed=done, total=total, rate=f"{rate:.1f}/s" if rate else "")

            yield show
    else:
        yield PlainProgress(lambda line: click.echo(line, err=True), time.monotonic).show


class Pace:
    """How fast each kind of work goes, by this clock (in seconds)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: dict[str, tuple[float, int]] = {}

    def rate(self, what: str, done: int) -> float:
        """How many a second since this work was heard of first, without what was there already; 0 while that says nothing yet."""
        begun, there = self._begun.setdefault(what, (self._clock(), done))
        passed, made = self._clock() - begun, done - there
        return made / passed if made >= _TELLING and passed > 0 else 0.0


class PlainProgress:
    """Lines about progress: the first and the last of each kind of work, and between them one for each tenth or every 5 seconds."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._say, self._clock, self._pace = say, clock, Pace(clock)
        self._said: dict[str, tuple[float, int]] = {}

    def show(self, what: str, done: int, total: int) -> None:
        """Say that so much of the work is done, if it is time to."""
        rate, now = self._pace.rate(what, done), self._clock()
        if what in self._said:
            when, before = self._said[what]
            waited, far = now - when, (done - before) * 10 >= total
            due = done == total or waited >= _OFTEN or (far and waited >= _SELDOM)
            if done == before or not due:
                return
        self._said[what] = now, done
        left = f", {rate:.1f} a second, {_duration((total - done) / rate)} left" if rate and done < total else ""
        self._say(f"{what}: {done} of {total}{left}")


#: After so many it can be said how fast they come; seconds between two lines at least, and after which one is due.
_TELLING, _SELDOM, _OFTEN = 3, 1.0, 5.0


def _duration(seconds: float) -> str:
    """A time in words: seconds below two minutes, then minutes, then hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


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


def print_reasons(report: Report) -> None:
    """A line for each file that was made again: what has changed since."""
    for each in report.artifacts:
        if each.because:
            click.echo(f"{each.path}: {each.because}")


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
