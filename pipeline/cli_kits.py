"""The verbs for volunteers without a network: kit export, kit import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.cli_options import as_json_option, canonical, dicts, open_workspace, reporting, say
from pipeline.diagnostics import Diagnostic


@click.group(short_help="Hand out work as ZIP files, and bring it back.")
def kit() -> None:
    """Hand out all that a volunteer without a network needs as one ZIP file, and bring the work back. Nothing gets lost."""


@kit.command(name="export", short_help="Make a ZIP file for a translator.")
@click.option("-l", "--locale", "locale", required=True, metavar="TAG", help="The language to translate into.")
@click.argument("documents", nargs=-1, metavar="[ID]...")
@click.argument("output", type=click.Path(path_type=Path), metavar="OUT.zip")
@as_json_option
@click.pass_obj
@reporting
def export(folder: Path, locale: str, documents: tuple[str, ...], output: Path, as_json: bool) -> Iterable[Diagnostic]:
    """Make a ZIP file for a translator: catalogs, how the pages look now, a glossary, and START.html, which explains.

    Without ids it holds every document that needs the language.
    """
    from pipeline.kits import make_kit
    from pipeline.workspace import Workspace

    if output.suffix.lower() != ".zip":
        raise click.UsageError(f"{output} is not the name of a ZIP file: polyleaf kit export -l {locale} OUT.zip")
    made = make_kit(open_workspace(folder), canonical([locale])[0], documents)
    Workspace(output.absolute().parent).write(output.name, made.content)
    if as_json:
        said = {"written": str(output), "files": made.files, "diagnostics": dicts(made.diagnostics)}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        say(made.diagnostics)
        catalogs = sum(name.endswith(".po") and not name.startswith("base/") for name in made.files)
        click.echo(f"wrote {output}: {catalogs} catalog{'s' * (catalogs != 1)}, {len(made.content) // 1024 + 1} kB")
    return made.diagnostics


@kit.command(name="import", short_help="Bring in what translators sent back.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "-l", "--locale", "locale", default="", metavar="TAG", help="The language of .po files that do not say it."
)
@click.option("--document", default="", metavar="ID", help="The document of .po files that cannot be recognised.")
@as_json_option
@click.pass_obj
@reporting
def import_(folder: Path, files: tuple[Path, ...], locale: str, document: str, as_json: bool) -> Iterable[Diagnostic]:
    """Bring in what translators sent back: ZIP files, or single .po files. Text by text, nothing is dropped.

    Where two people translated one text differently, both are kept, and shown.
    """
    from pipeline.kits_import import Asked, import_kits

    asked = Asked(canonical([locale])[0] if locale else "", document)
    done = import_kits(open_workspace(folder), files, asked)
    if as_json:
        said = {
            "catalogs": [each.as_dict() for each in done.catalogs],
            "refused": done.refused,
            "lost": sum(len(each.lost) for each in done.catalogs),
            "diagnostics": dicts(done.diagnostics),
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        say(done.diagnostics)
        for each in done.catalogs:
            late = "; the source has changed meanwhile" if each.late else ""
            differ = f", {len(each.conflicts)} translated in two ways" if each.conflicts else ""
            click.echo(f"{each.place.label} -> {each.path}: {each.taken} taken{differ}{late}")
        click.echo(f"{len(done.catalogs)} of {len(done.catalogs) + done.refused} files brought in")
    return done.diagnostics
