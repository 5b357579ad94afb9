"""What the verbs of the command line share: options, how complaints are told, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.diagnostics import Diagnostic, InvalidInput, has_errors

if TYPE_CHECKING:
    from pipeline.workspace import Workspace


def reporting(verb: Callable[..., Iterable[Diagnostic]]) -> Callable[..., None]:
    """The verb, with its complaints printed and turned into an exit code."""

    @wraps(verb)
    def reported(*args: Any, **options: Any) -> None:
        try:
            diagnostics = tuple(verb(*args, **options))
        except InvalidInput as invalid:
            diagnostics = invalid.diagnostics
            if options.get("as_json"):
                click.echo(json.dumps({"diagnostics": dicts(diagnostics)}, ensure_ascii=False, indent=1))
            else:
                say(diagnostics)
        except OSError as error:
            name = error.filename or "a file"
            click.echo(f"{name}: error: {error.strerror or error} [file]", err=True)
            sys.exit(1)
        sys.exit(1 if has_errors(diagnostics) else 0)

    return reported


def open_workspace(folder: Path) -> Workspace:
    """The workspace in a folder; wrong usage if it is none."""
    from pipeline.workspace import Workspace

    workspace = Workspace(folder)
    if not workspace.exists():
        raise click.UsageError(f"{folder} is not a workspace: it has no folder sources/. “polyleaf init” makes one.")
    return workspace


def say(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The complaints, told on standard error."""
    shown = tuple(diagnostics)
    for each in shown:
        click.echo(str(each), err=True)
    return shown


as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
documents_argument = click.argument("documents", nargs=-1, metavar="[ID]...")
locales_option = click.option(
    "-l", "--locale", "locales", multiple=True, metavar="TAG", help="Only this language; may be repeated."
)


class _Shard(click.ParamType):  # type: ignore[type-arg]  # generic in click's types only
    """A part of the leaflets, such as 2/4."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pipeline.sharding import Shard

        try:
            return value if isinstance(value, Shard) else Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


SHARD = _Shard()


def dicts(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    """The complaints for programs."""
    return [each.as_dict() for each in diagnostics]


def canonical(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags as BCP 47 writes them; wrong usage for what is no tag."""
    from pipeline.locales import Locale

    try:
        return tuple(Locale.parse(tag).tag for tag in tags)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
