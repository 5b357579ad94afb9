"""The pages about what ``check`` says, one for each code: what it means, an example, how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process

from pipeline.workspace import bundled

FOLDER = "docs/checks"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The page about a code: its Markdown, and the sentence under its heading."""

    code: str
    markdown: str

    @property
    def summary(self) -> str:
        """The first paragraph, on one line."""
        paragraphs = [each for each in self.markdown.split("\n\n") if not each.startswith("#")]
        return " ".join(paragraphs[0].split()) if paragraphs else self.code


def explanation(code: str) -> Explanation | None:
    """The page about a code; None if there is none."""
    if not _CODE.fullmatch(code):
        return None
    path = _folder() / f"{code}.md"
    return Explanation(code, path.read_text(encoding="utf-8")) if path.is_file() else None


@lru_cache(maxsize=1)
def explained() -> tuple[str, ...]:
    """All codes that have a page, by name."""
    return tuple(sorted(path.stem for path in _folder().glob("*.md") if _CODE.fullmatch(path.stem)))


def near(code: str) -> tuple[str, ...]:
    """The codes that somebody may have meant, likest first; at most eight."""
    wanted = code.strip().lower()
    holding = [each for each in explained() if wanted and wanted in each]
    alike = [each for each, _, _ in process.extract(wanted, explained(), limit=5, score_cutoff=60)]
    return tuple(dict.fromkeys((*holding, *alike)))[:8]


def _folder() -> Path:
    return bundled() / FOLDER
