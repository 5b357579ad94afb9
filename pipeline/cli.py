"""The command line: one short function per verb. Options become values, one call is made, diagnostics become an exit code.

Exit codes: 0 clean, 1 errors found, 2 wrong usage.
"""

from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path

import click

from pipeline import __version__

# What a command reads stays until it ends: to look for cycles in it again and again costs a fifth of the time.
_COLLECT_AFTER = 200_000
#: Where each verb is. A module is imported when one of its verbs is asked for.
_VERBS = {
    **dict.fromkeys(("init", "import", "update", "languages"), "cli_texts"),
    **dict.fromkeys(("check", "status"), "cli_check"),
    **dict.fromkeys(("recover", "git-merge"), "cli_history"),
    "kit": "cli_kits",
    "memory": "cli_memory",
    **dict.fromkeys(("build", "fit", "preflight", "contact-sheet", "imprint"), "cli_paper"),
    **dict.fromkeys(("release", "verify", "prune"), "cli_release"),
}


class _Verbs(click.Group):
    """The verbs, each read when it is needed: who asks for one does not wait for all."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module = import_module(f"pipeline.{_VERBS[cmd_name]}")
        name = cmd_name.replace("-", "_")
        verb = getattr(module, f"{name}_" if name == "import" else name)
        assert isinstance(verb, click.Command)
        return verb


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
