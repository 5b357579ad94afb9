"""The verbs that look back: recover, and git-merge."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli_options import as_json_option, canonical, dicts, locales_option, open_workspace, reporting, say
from pipeline.diagnostics import Diagnostic, short

if TYPE_CHECKING:
    from pipeline.recovering import Lost

_SHOWN = 60


@click.command(short_help="Put back translations that the catalogs lost.")
@click.argument("documents", nargs=-1, metavar="[ID]...")
@locales_option
@click.option("--text", default="", metavar="WORDS", help="Only where the msgid or the msgstr has these words.")
@click.option(
    "--apply",
    "choices",
    multiple=True,
    metavar="N",
    help="Put this one of the list back: a number, 2-5, an id, or all; may be repeated.",
)
@as_json_option
@click.pass_obj
@reporting
def recover(folder: Path, *, documents: tuple[str, ...], as_json: bool, **asked: Any) -> Iterable[Diagnostic]:
    """Put back translations that the ledger remembers and the catalogs do not show any more.

    Without --apply it lists them. What is put back never replaces anything: it becomes the msgstr where there is none,
    else a comment “another translation”; where the msgid is gone, an obsolete message.
    """
    from pipeline.recovering import Wanted, find_lost, put_back

    workspace, wanted = open_workspace(folder), Wanted(canonical(asked["locales"]), documents, asked["text"])
    if asked["choices"]:
        done = put_back(workspace, wanted, asked["choices"])
        lost, written, diagnostics = done.lost, done.written, done.diagnostics
    else:
        found = find_lost(workspace, wanted)
        lost, written, diagnostics = found.lost, (), found.diagnostics
    if as_json:
        said = {"lost": [each.as_dict() for each in lost], "written": written, "diagnostics": dicts(diagnostics)}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return diagnostics
    say(diagnostics)
    for each in lost:
        _show(each)
    for path in written:
        click.echo(f"wrote {path}")
    some = f"{len(lost)} translation{'s' * (len(lost) != 1)}"
    told = "put back" if asked["choices"] else "in the ledger that the catalogs do not show"
    click.echo(f"{some} {told}")
    return diagnostics


def _show(lost: Lost) -> None:
    message = lost.kept.message
    click.echo(f"{lost.number:>4}  {lost.kept.id}  {lost.locale.tag}/{lost.domain}  {lost.kept.why}")
    click.echo(f"      msgid  {_short(message.msgid)}")
    for text in message.msgstr:
        click.echo(f"      msgstr {_short(text)}" + " (fuzzy)" * message.fuzzy)


def _short(text: str) -> str:
    return short(" ".join(text.split()), _SHOWN)


@click.command(name="git-merge", short_help="Merge catalogs for git, entry by entry.")
@click.argument("files", nargs=-1, metavar="[BASE OURS THEIRS PATH]")
@click.option("--install", "installing", is_flag=True, help="Tell the repository of this folder to merge catalogs so.")
@click.pass_obj
@reporting
def git_merge(folder: Path, files: tuple[str, ...], installing: bool) -> Iterable[Diagnostic]:
    """Merge two branches' versions of a .po file, entry by entry. Git calls it with %O %A %B %P; the result goes into OURS.

    What two people translated differently is kept in both versions, in a file that stays whole, and git shows the file as
    conflicted. Set it up once with --install.
    """
    from pipeline.git_merging import ATTRIBUTES, Versions, install, merge_versions, wrap_of

    if installing and not files:
        click.echo(f"git will call: {install(folder)}")
        click.echo("now write these lines into .gitattributes, for everybody:")
        for line in ATTRIBUTES:
            click.echo(f"    {line}")
        return ()
    if installing or len(files) != 4:
        raise click.UsageError("git-merge takes four files, %O %A %B %P, or --install")
    base, ours, theirs, path = files
    versions = Versions(folder / base, folder / ours, folder / theirs, path, wrap_of(folder))
    return say(merge_versions(versions))
