"""An archive of invented resolutions, for the other benchmarks: as many documents as wanted, of about 1,000 words each.

    python benchmarks/archive.py FOLDER [--documents 1000] [--words 1000] [--languages 0]

The words are drawn from our own sample, by a fixed seed; one paragraph in seven stands in several documents, as formulas do.
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
LANGUAGES = (
    "de fr es it pt nl pl ru uk el tr ar fa ur hi bn ne ta ml si sw id vi hy ka ro bs sr hr sv am ckb kmr ps pa ht ln "
    "fa-AF sr-Latn zgh"
).split()
HEADER = """---
title: {title}
kind: Resolution
issuer: World Federation of Reading Rooms
adopted: {year}-{month:02}-{day:02}
signatories:
  - heading: Signatories
    members: [linde, ormeau, viento, mandacaru]
---

"""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who writes resolutions out of the words of others."""

    chance: random.Random
    vocabulary: tuple[str, ...]
    formulas: tuple[str, ...]

    def words(self, count: int) -> str:
        text = " ".join(self.chance.choices(self.vocabulary, k=count))
        return text[0].upper() + text[1:]

    def paragraph(self) -> str:
        if self.formulas and self.chance.random() < 0.15:
            return self.chance.choice(self.formulas)
        sentences = (self.words(self.chance.randint(7, 22)) for _ in range(self.chance.randint(1, 5)))
        return ". ".join(sentences) + "."

    def blocks(self, words: int) -> list[str]:
        made: list[str] = []
        while words > 0:
            kind = self.chance.random()
            if kind < 0.08:
                block = f"## {self.words(self.chance.randint(2, 6))}"
            elif kind < 0.2:
                block = "\n".join(
                    f"- {self.words(self.chance.randint(4, 15))}." for _ in range(self.chance.randint(2, 5))
                )
            elif kind < 0.25:
                block = f"> {self.paragraph()}"
            else:
                block = wrapped(self.marked(self.paragraph()))
            made.append(block)
            words -= len(block.split())
        return made

    def marked(self, text: str) -> str:
        """One paragraph in five carries a link, one in five stresses a word."""
        words = text.split()
        at = self.chance.randrange(len(words))
        kind = self.chance.random()
        if kind < 0.2:
            words[at] = f"[{words[at]}](https://example.org/{at})"
        elif kind < 0.4:
            words[at] = f"**{words[at]}**"
        return " ".join(words)


def wrapped(text: str, width: int = 100) -> str:
    """The text in lines, as people write it."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line += f" {word}" if line else word
    return "\n".join([*lines, line])


def author(seed: int = 4) -> Author:
    """The same author for the same seed."""
    chance = random.Random(seed)
    text = "".join(path.read_text("utf-8").split("---", 2)[2] for path in sorted((REPOSITORY / "sources").glob("*.md")))
    vocabulary = tuple(sorted(set(re.findall(r"[a-z’]{2,}", text.lower()))))
    writer = Author(chance, vocabulary, ())
    return Author(chance, vocabulary, tuple(writer.paragraph() for _ in range(60)))


def make(folder: Path, documents: int, words: int, languages: int) -> None:
    """Write the workspace: sources, the registry of the sample, and settings that ask for so many languages."""
    writer = author()
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "sources/organisations.csv").write_bytes((REPOSITORY / "sources/organisations.csv").read_bytes())
    wanted = ", ".join(f'"{tag}"' for tag in LANGUAGES[:languages])
    signing = {"de", "fr", "es", "pt"} - set(LANGUAGES[:languages])
    unwanted = ", ".join(f'"{tag}"' for tag in sorted(signing))
    (folder / "polyleaf.toml").write_text(f"[languages]\nadd = [{wanted}]\nremove = [{unwanted}]\n", "utf-8")
    for number in range(documents):
        date = {"year": 2000 + number % 25, "month": 1 + number % 12, "day": 1 + number % 28}
        text = HEADER.format(title=f"{writer.words(7)} {number}", **date) + "\n\n".join(writer.blocks(words)) + "\n"
        (folder / f"sources/letter-{number:04}.md").write_text(text, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--languages", type=int, default=0)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.documents, arguments.words, arguments.languages)
