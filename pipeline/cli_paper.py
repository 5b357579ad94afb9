"""The verbs that make and prove paper: build, fit, preflight, contact-sheet, imprint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import click

from pipeline.cli_options import (
    SHARD,
    as_json_option,
    canonical,
    documents_argument,
    locales_option,
    open_workspace,
    reporting,
    say,
)
from pipeline.diagnostics import Diagnostic

_EDITIONS = ("screen", "desk", "shop")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(path_type=Path)

formats_option = click.option(
    "-f", "--format", "formats", multiple=True, metavar="NAME", help="Only this format (web, a4 …); may be repeated."
)
paper_option = click.option(
    "--paper", default="", metavar="NAME", help="The counterparts of the formats on another paper: letter."
)
jobs_option = click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Typeset in so many processes (default: one per core)."
)
cluster_option = click.option(
    "--cluster", default="", metavar="ADDRESS", help="Typeset on the Dask cluster there: tcp://HOST:8786."
)


def _chosen(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say what to make."""
    for option in (jobs_option, paper_option, formats_option, locales_option, documents_argument):
        verb = option(verb)
    return verb


@click.command(short_help="Make web pages and leaflets.")
@_chosen
@click.option(
    "-e",
    "--edition",
    "editions",
    multiple=True,
    type=click.Choice(_EDITIONS),
    help="Only this edition: to read on a screen, to print at a desk, or for a print shop; may be repeated.",
)
@click.option("--flip", type=click.Choice(["long", "short"]), help="Turn the sheets of the desk edition on this edge.")
@click.option("--single-sided", is_flag=True, help="Two files for a printer that prints on one side: fronts and backs.")
@click.option("--imprint", type=_FILE, metavar="FILE", help="Your group's contact and imprint: see “polyleaf imprint”.")
@click.option("--icc", type=_FILE, metavar="FILE", help="The print shop's ICC profile: makes its edition PDF/X-4.")
@cluster_option
@click.option("--shard", type=SHARD, metavar="I/N", help="Only this part of the leaflets: see docs/releases.md.")
@click.option("--explain", is_flag=True, help="Say of each file that was made again what has changed.")
@as_json_option
@click.pass_obj
@reporting
def build(folder: Path, *, as_json: bool, explain: bool, **asked: Any) -> Iterable[Diagnostic]:
    """Make web pages and leaflets into build/site, and build/report.json. Only what changed is made again.

    Leaflets with your own imprint go to build/print/NAME instead, NAME being that of the file. A shard's go to
    build/shards/I-of-N, for “polyleaf release --join”.
    """
    from pipeline import tables
    from pipeline.build import build as build_workspace

    workspace, options = open_workspace(folder), _options(**asked)
    with tables.progress(quiet=as_json) as progress:
        report = build_workspace(workspace, options, progress)
    if explain and not as_json:
        tables.print_reasons(report)
    if as_json:
        click.echo(report.as_json(), nl=False)
    else:
        say(report.diagnostics)
        tables.print_report(report, options)
    return report.diagnostics


@click.command(short_help="Show how each language is set.")
@_chosen
@as_json_option
@click.pass_obj
@reporting
def fit(folder: Path, *, as_json: bool, **asked: Any) -> Iterable[Diagnostic]:
    """Show how each language is set: pages, type size, leading, space, and how full the last page is.

    Makes the screen editions that are missing, for that is how it is found out.
    """
    from pipeline import tables
    from pipeline.build import build as build_workspace

    options = _options(**asked, editions=("screen",))
    with tables.progress(quiet=as_json) as progress:
        report = build_workspace(open_workspace(folder), options, progress)
    rows = [each for each in report.artifacts if each.edition == "screen"]
    if as_json:
        click.echo(json.dumps(tables.fit_json(rows, report.diagnostics), ensure_ascii=False, indent=1))
    else:
        say(report.diagnostics)
        tables.print_fit(rows)
    return report.diagnostics


@click.command(short_help="Prove that PDFs can be read, printed and copied.")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option(
    "--profile", type=click.Choice(_EDITIONS), help="What the files are for (default: as their names say, else screen)."
)
@as_json_option
@click.pass_obj
@reporting
def preflight(folder: Path, files: tuple[Path, ...], profile: str | None, as_json: bool) -> Iterable[Diagnostic]:
    """Prove that finished PDFs can be read, printed and copied: fonts, boxes, inks, margins, text, QR codes, PDF/UA.

    Of a leaflet of this workspace it also proves that every segment is there and can be seen.
    """
    from pipeline import tables
    from pipeline.proofing import prove
    from pipeline.workspace import Workspace

    proofs = prove(Workspace(folder), files, cast("Any", profile))
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in proofs], ensure_ascii=False, indent=1))
    else:
        tables.print_proofs(proofs)
    return tuple(found for each in proofs for found in each.diagnostics())


@click.command(name="contact-sheet", short_help="Show all languages side by side.")
@click.argument("document", required=False, default="", metavar="[ID]")
@click.option("-f", "--format", "format", default="", metavar="NAME", help="Of this format (default: the first one).")
@click.option("-o", "--output", type=_NEW_FILE, metavar="FILE", help="Write it there; the name ends in .png or .pdf.")
@click.option("--each", type=_NEW_FILE, metavar="FOLDER", help="Write a picture of every leaflet into this folder.")
@click.pass_obj
@reporting
def contact_sheet(
    folder: Path, document: str, format: str, output: Path | None, each: Path | None
) -> Iterable[Diagnostic]:
    """Show the first pages of all languages side by side, of the leaflets for the screen that were built.

    For people who check by eye. Pictures of single leaflets (--each) are for sharing.
    """
    from pipeline.contact_sheet import Asked, make_contact_sheets

    for path in make_contact_sheets(open_workspace(folder), Asked(document, format, output, each)):
        click.echo(f"wrote {path}")
    return ()


@click.command(short_help="Print a form for your group's contact and imprint.")
@click.option(
    "--country", required=True, metavar="CODE", help="Where the leaflets are handed out: DE, AT, CH, FR, GB …"
)
@reporting
def imprint(country: str) -> Iterable[Diagnostic]:
    """Print a form for your group's contact and for the imprint that a country asks for. Not legal advice.

    Fill it in and give it to build: polyleaf imprint --country DE > us.toml; polyleaf build --imprint us.toml
    """
    from pipeline.locales import is_country
    from pipeline.typesetting.imprint_rules import imprint_form

    code = country.strip().upper()
    if not is_country(code):
        raise click.UsageError(f"{country} is not a country's code of two letters, such as DE")
    click.echo(imprint_form(code), nl=False)
    return ()


def _options(imprint: Path | None = None, icc: Path | None = None, **asked: Any) -> Any:
    """The options of a build, with the files they name read and checked. Raises InvalidInput."""
    from pipeline.renditions import Options

    own: dict[str, Any] = {}
    if imprint or icc:
        from pipeline.proofing import read_imprint, read_profile

        own = {"imprint": read_imprint(imprint) if imprint else None, "icc": read_profile(icc) if icc else b""}
    return Options(
        **{name: value for name, value in asked.items() if name not in ("jobs", "locales")},
        jobs=asked.get("jobs") or 0,
        locales=canonical(asked.get("locales", ())),
        **own,
    )
