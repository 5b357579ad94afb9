"""The verbs of publishing: release, verify, prune."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli_options import SHARD, as_json_option, documents_argument, open_workspace, reporting, say
from pipeline.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pipeline.releasing import Released

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_RELEASE = click.Path(exists=True, path_type=Path)


@click.command(short_help="Make a release: what is whole, with archives and sums.")
@click.argument("version", metavar="VERSION")
@documents_argument
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="TAG|ID/TAG",
    help="Let this language pass though it is not whole, or a draft: everywhere, or of one document; may be repeated.",
)
@click.option("--allow-drafts", is_flag=True, help="Let translations pass that are whole but drafts.")
@click.option(
    "--previous",
    type=_RELEASE,
    metavar="DIR|FILE",
    help="The release before: its folder, or its whole ZIP file (default: the newest in build/release).",
)
@click.option(
    "--join",
    "joined",
    multiple=True,
    type=_FOLDER,
    metavar="DIR",
    help="Take over what another machine made (polyleaf release --shard); may be repeated.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Typeset in so many processes (default: one per core)."
)
@click.option("--cluster", default="", metavar="ADDRESS", help="Typeset on the Dask cluster with this scheduler.")
@click.option("--shard", type=SHARD, metavar="I/N", help="Only this part of its leaflets, into build/shards/I-of-N.")
@as_json_option
@click.pass_obj
@reporting
def release(
    folder: Path,
    *,
    version: str,
    documents: tuple[str, ...],
    allowed: tuple[str, ...],
    allow_drafts: bool,
    previous: Path | None,
    joined: tuple[Path, ...],
    jobs: int | None,
    cluster: str,
    shard: Any,
    as_json: bool,
) -> Iterable[Diagnostic]:
    """Make a release into build/release/VERSION: the site, ZIP files, SHA256SUMS and manifest.json.

    What is not whole is left out, and said so; a language that was published whole before stays in that version. A release
    never changes afterwards.
    """
    from pipeline import tables
    from pipeline.gate import Lenience
    from pipeline.releasing import Shared, Wish, release

    lenience = Lenience(frozenset(map(_canonical_name, allowed)), allow_drafts)
    wish = Wish(version, documents, lenience, previous, joined, jobs or 0, cluster, shard)
    with tables.progress(quiet=as_json) as progress:
        released = release(open_workspace(folder), wish, progress)
    if isinstance(released, Shared):
        say(released.diagnostics)
        click.echo(f"wrote {released.path}")
    elif as_json:
        click.echo(json.dumps(released.as_dict(), ensure_ascii=False, indent=1))
    else:
        say(released.diagnostics)
        for line in summary(released):
            click.echo(line)
    return released.diagnostics


@click.command(short_help="Check a release: every file, archive and link.")
@click.argument("directory", type=_FOLDER, metavar="DIR")
@as_json_option
@reporting
def verify(directory: Path, as_json: bool) -> Iterable[Diagnostic]:
    """Check a release, without a network and without its workspace: sums, files, archives, leaflets, links."""
    from pipeline.verifying import verify

    found = verify(directory)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return found.diagnostics
    say(found.diagnostics)
    if found.diagnostics:
        click.echo(f"{len(found.diagnostics)} things are wrong with this release.")
    else:
        click.echo(
            f"Release {found.version} is whole: {found.files} files ({_size(found.bytes)}), "
            f"{found.archives} archives, {found.links} links."
        )
    return found.diagnostics


@click.command(short_help="Make room among the finished leaflets.")
@click.option("--size", default="2GB", metavar="SIZE", show_default=True, help="How much may stay, such as 500MB.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@as_json_option
@click.pass_obj
@reporting
def prune(folder: Path, size: str, dry_run: bool, as_json: bool) -> Iterable[Diagnostic]:
    """Make room in build/.cache: what was not used for longest goes first. A build makes again what it needs."""
    from pipeline.pruning import parse_size, prune

    try:
        most = parse_size(size)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--size") from None
    pruned = prune(open_workspace(folder).root, most, dry_run)
    if as_json:
        click.echo(json.dumps({"files": pruned.files, "bytes": pruned.bytes, "left": pruned.left}, indent=1))
    else:
        would = "would go" if dry_run else "are gone"
        click.echo(f"{pruned.files} files ({_size(pruned.bytes)}) {would}; {_size(pruned.left)} stay.")
    return ()


def summary(released: Released) -> Iterable[str]:
    """What was released, what stays from an earlier version, and what was left out and why, language by language."""
    manifest = released.manifest
    if released.again:
        yield f"{manifest.version} is released already, the same bytes."
        return
    fresh = [each for each in manifest.texts if not each.kept_from]
    documents = {each.document for each in fresh}
    languages = {each.locale for each in fresh}
    yield f"Released {_count(len(documents), 'document')} in {_count(len(languages), 'language')}: {released.path}"
    if released.previous:
        yield f"The release before is {released.previous}."
    tags = sorted({each.locale for each in manifest.left_out})
    if tags:
        yield "Not in its present version:"
    for tag in tags:
        for each in (each for each in manifest.left_out if each.locale == tag):
            stays = f"the version of {each.kept_from} stays published" if each.kept_from else "left out"
            yield f"  {tag}  {each.document}: {stays}"
            yield from (f"      {why.place}: {why.message} [{why.code}]" for why in each.reasons)
            yield from (f"      hint: {hint}" for hint in dict.fromkeys(why.hint for why in each.reasons) if hint)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _size(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB" if number < 1_000_000_000 else f"{number / 1_000_000_000:.2f} GB"


def _canonical_name(name: str) -> str:
    """What --allow names, with the tag as BCP 47 writes it; wrong usage for what is no tag."""
    from pipeline.cli_options import canonical

    document, stroke, tag = name.rpartition("/")
    return f"{document}{stroke}{canonical([tag])[0]}"
