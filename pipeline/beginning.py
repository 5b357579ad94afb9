"""The files a new workspace begins with."""

from __future__ import annotations

from pathlib import Path

from pipeline.diagnostics import Diagnostic, InvalidInput, Location
from pipeline.workspace import Workspace

_FILES = {
    "polyleaf.toml": """# The settings of this workspace.
[workspace]
title = "Our resolutions"
source-locale = "en"
# address = "https://example.org/resolutions"   # where the site is published; printed on leaflets

# [languages]
# add = ["eo"]        # wanted in every document, besides the signatories' languages
# remove = ["en"]

# [fallbacks]
# bci = "fr"          # where CLDR has no dates or country names for a language
""",
    ".gitignore": "/build/\n",
    "sources/organisations.csv": """id,acronym,name,name_language,translation,country,languages
garden-friends,FDJ,Les Ami·e·s du jardin,fr,Friends of the Garden,FR,
gartenfreunde,GF,Gartenfreunde,de,Garden Friends,CH,
""",
    "sources/first-resolution.md": """---
title: A garden in every street!
kind: Resolution
issuer: Assembly of Gardens
adopted: 2026-05-01
locale: en
signatories:
  - heading: Signatories
    as-of: 2026-05-15
    open: true
    members: [garden-friends, gartenfreunde]
---

<!-- translators: A line like this is shown to translators, and to nobody else. -->
Write your resolution here, in Markdown: paragraphs, lists, **strong** words, [links](https://example.org).

A garden in every street!

A bench in every garden!
""",
}


def begin(folder: Path) -> tuple[str, ...]:
    """Write the files of a new workspace; their paths. Raises InvalidInput if one of them is there already."""
    there = [name for name in _FILES if (folder / name).exists()]
    if there:
        hint = "this folder is a workspace already; begin a new one in an empty folder"
        raise InvalidInput(
            Diagnostic("file-exists", "the file is there already", Location(name), hint=hint) for name in there
        )
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(folder)
    for name, text in _FILES.items():
        workspace.write(name, text.encode())
    return tuple(_FILES)
