"""Acronyms in the lines of signatories: where they end, and whether they spell a name."""

from __future__ import annotations

import re

from pipeline.source.intake.countries import country_named
from pipeline.source.intake.text import comparable, folded

_TOKEN = re.compile(r"[^\W\d_][\w.&]*(?:[-–/][\w.]+)*")
_YEAR = re.compile(r"\s*[-–,]?\s*(?:1[89]|20)\d\d$")
#: Brackets that say which wing of a party it is, and are no acronym of their own.
WINGS = frozenset("ml mlm m l pl maoist marxist leninist".split())


def is_acronym(word: str) -> bool:
    """Whether a word looks like an acronym: two capitals at least, and more capitals than small letters.

    >>> [is_acronym(word) for word in ("UoR", "RR-ByH", "URC-Lire", "RRP - 1930", "ABCL", "Party", "FreeRRCL")]
    [True, True, True, True, True, False, True]
    """
    word = _YEAR.sub("", word)
    if not _TOKEN.fullmatch(word) or len(word) > 16:
        return False
    base: str = re.split(r"[-–/]", word)[0]
    capitals = sum(char.isupper() for char in base)
    small = sum(char.islower() for char in base)
    return capitals >= 2 and capitals >= small


def is_wing(text: str) -> bool:
    """Whether a bracket names a wing of a party rather than a translation, a country or an acronym.

    >>> is_wing("Marxist-Leninist"), is_wing("ML"), is_wing("independiente"), is_wing("Red Roof"), is_wing("DLP")
    (True, True, True, False, False)
    """
    parts = re.split(r"[\s\-–/]+", folded(text))
    stems = "marxi marksi leninis lenini maois independ unabhang provision unified majorit minorit марксис ленин маоис"
    wing_stems = tuple(folded(stems).split())
    return all(part.replace(".", "") in WINGS or part.startswith(wing_stems) for part in parts)


def initials(name: str) -> list[str]:
    """The words of a name, folded: split at hyphens and apostrophes too."""
    return [word for word in re.split(r"[\W_]+", folded(name)) if word]


def spells(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym run through a name, most of them as initials.

    >>> spells("RRSA", "Reading Rooms of South Africa"), spells("CPI", "Reading Line")
    (True, False)
    """
    letters = [char for char in folded(re.split(r"[\s(\-–/]", acronym.strip())[0]) if char.isalnum()]
    parts = initials(name)
    if not letters or not parts or parts[0][0] != letters[0]:
        return False
    hits, word, place = 0, -1, 0
    for letter in letters:
        following = next((index for index in range(word + 1, len(parts)) if parts[index][0] == letter), None)
        if following is not None:
            word, place, hits = following, 1, hits + 1
            continue
        found = parts[word].find(letter, place)
        if found < 0:
            return False
        place = found + 1
    return hits * 2 > len(letters) or hits == len(letters)


def leading_acronym(line: str) -> tuple[str, str] | None:
    """The acronym that opens a line, with its brackets and tail words, and the name after it; None if there is none.

    The name is empty if nothing but a country, or nothing, follows.

    >>> leading_acronym("RUX (N) Blue Door Readers' Union of Xland (North) Blue Door")
    ('RUX (N) Blue Door', "Readers' Union of Xland (North) Blue Door")
    >>> leading_acronym("RRI (N) Quiet Line India"), leading_acronym("SOS Paris"), leading_acronym("ULF France")
    (('RRI (N) Quiet Line', 'India'), None, ('ULF', 'France'))
    """
    first, _, rest = line.partition(" ")
    rest = rest.strip()
    if not is_acronym(first):
        return _short_name(first, rest)
    acronym, wing = first, False
    while (bracket := re.match(r"\([^()\s]+\)\s*", rest)) and (not country_named(bracket.group().strip(" ()"))):
        acronym, rest, wing = f"{acronym} {bracket.group().strip()}", rest[bracket.end() :], True
    rest = re.sub(r"^[-–—:]\s+", "", rest) if spells(first, re.sub(r"^[-–—:]\s+", "", rest)) else rest
    if not rest or country_named(rest.strip(" ()")):
        return acronym, rest
    tail = _tail(first, rest)
    if tail:
        return f"{acronym} {tail}", rest[len(tail) :].strip()
    if line.isupper() and not spells(first, rest):
        return None
    if spells(first, rest):
        return acronym, rest
    return _without_name(acronym, rest) if wing else _country_at_end(acronym, rest)


def _short_name(first: str, rest: str) -> tuple[str, str] | None:
    """A line that opens with a word of its own name, as people call the organisation for short."""
    word = comparable(first)
    if len(word) < 4 or not first[:1].isupper() or first.endswith((",", ":")) or len(rest.split()) < 2:
        return None
    repeated = word in comparable(rest).split() and word not in comparable(rest).split()[:1]
    return (first, rest) if repeated and not country_named(first) else None


def _tail(first: str, rest: str) -> str:
    """The words after an acronym that come again at the end of the name."""
    parts = re.sub(r"\s*\([^()]*\)\s*$", "", rest).split(" ")
    for count in range(min(4, (len(parts) - 1) // 2), 0, -1):
        head = parts[:count]
        if head == parts[-count:] and spells(first, " ".join(parts[count:])):
            return " ".join(head)
    return ""


def _without_name(acronym: str, rest: str) -> tuple[str, str] | None:
    """``RRI (N) Quiet Line India``: a few words that belong to the acronym, and a country."""
    parts = rest.split(" ")
    for count in range(len(parts) - 1, 0, -1):
        if country_named(" ".join(parts[count:])) and count <= 3:
            longest = next(start for start in range(1, count + 1) if country_named(" ".join(parts[start:])))
            return f"{acronym} {' '.join(parts[:longest])}", " ".join(parts[longest:])
    return (acronym, rest) if len(parts) > 2 else None


def _country_at_end(acronym: str, rest: str) -> tuple[str, str] | None:
    return (acronym, rest) if country_named(rest) else None
