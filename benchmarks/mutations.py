"""How many faults the checks of facts catch, and how often they cry wolf: faults put into all catalogs we have.

    python benchmarks/mutations.py [--each 1] [--every 1] [--seed 4] [--udhr FOLDER] [--show] [--json]

The catalogs are those of the sample documents and of the registry (``locales/``), and those of the Universal Declaration, which are
plain text with few facts. So two kinds of faults are counted apart. *Own*: in a number, link or emphasis that the translation
has. *Given*: the same fact is first put into both texts, at the end or between two words of the middle, as the language
writes it (its digits, separators and dates by CLDR; acronyms, addresses and code as they are), then only the translation's is
broken. That a fact so given raises no complaint before it is broken is counted too.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from babel.numbers import format_decimal

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.document import Segment
from pipeline.source.markdown import plain_text
from pipeline.translation.catalog import parse_catalog
from pipeline.translation.checks.facts import FACTS, facts_codes
from pipeline.translation.checks.folded import with_ascii_digits
from pipeline.translation.checks.model import Finding, Knowledge, Pair
from pipeline.translation.checks.safety import PLAIN_ROLES
from pipeline.translation.message import State
from pipeline.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
UDHR = REPOSITORY.parent / "shared" / "udhr" / "po"
ENGLISH = Locale.parse("en")
NUMBERS = frozenset({"number", "date"})
MARKUP = frozenset({"markup-lost", "markup-foreign", "markup-broken", "emphasis", "code-changed"})
ACRONYMS = ("ICOR", "UPML", "MLPD", "PCPCI", "NDMLP", "CPB", "KOL", "LKL", "SLF")


@dataclass(frozen=True, slots=True)
class Sample:
    """A translation that is thought to be right, and what is known beside it."""

    pair: Pair
    knowledge: Knowledge
    where: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as the original has it and as the translation has it; ``codes`` are what its loss is called."""

    kind: str
    ours: str
    theirs: str
    codes: frozenset[str]


# --- the catalogs -----------------------------------------------------------------------------------------------------------


def own_samples(root: Path) -> Iterator[Sample]:
    """All finished translations of the workspace's documents and registry."""
    inputs = Workspace(root).read()
    source = inputs.settings.source_locale
    knowledge = Knowledge(names=frozenset(each.acronym for each in inputs.registry.organisations if each.acronym))
    domains: dict[str, list[tuple[Segment, tuple[str, ...]]]] = {"organisations": []}
    for document in inputs.documents:
        short = document.short.footnotes if document.short else ()
        labels = (*document.body.footnotes, *short)
        domains[document.id] = [(each, labels) for each in document.own_segments()]
    segments = (each.segment(source) for each in inputs.registry.organisations)
    domains["organisations"] = [(each, ()) for each in segments if each is not None]
    for (tag, domain), catalog in sorted(inputs.catalogs.items()):
        for segment, labels in dict.fromkeys(domains.get(domain, ())):
            message = catalog.get(segment.key)
            if message is not None and message.state is State.TRANSLATED:
                pair = Pair(segment, message, segment.msgid, message.msgstr[0], source, Locale.parse(tag), catalog.path)
                markup = segment.role not in PLAIN_ROLES
                yield Sample(worded(replace(pair, labels=labels, markup=markup)), knowledge, f"{tag}/{domain}")


def declaration_samples(folder: Path) -> Iterator[Sample]:
    """All finished translations of the Universal Declaration."""
    for path in sorted(folder.glob("*.po")):
        locale = Locale.parse(path.stem.removesuffix("-1996").removesuffix("-monoton"))
        catalog = parse_catalog(path.read_bytes(), path.name, None)
        for message in catalog.messages:
            if message.msgid and not message.obsolete and message.state is State.TRANSLATED:
                segment = Segment(message.msgid, Location(path.name))
                pair = Pair(segment, message, message.msgid, message.msgstr[0], ENGLISH, locale, path.name)
                yield Sample(worded(pair), Knowledge(), f"udhr/{path.stem}")


def worded(pair: Pair) -> Pair:
    """The pair with the words of both texts."""
    if not pair.markup:
        return replace(pair, original_words=pair.original, words=pair.text)
    return replace(
        pair, original_words=plain_text(pair.original, pair.labels), words=plain_text(pair.text, pair.labels)
    )


def findings(sample: Sample) -> list[Finding]:
    """All that the checks of facts say."""
    return [finding for check in FACTS for finding in check(sample.pair, sample.knowledge)]


# --- the faults -------------------------------------------------------------------------------------------------------------


def figures_in(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\d+", with_ascii_digits(text)))


def written_like(digits: str, there: str) -> str:
    """ASCII digits in the digits of the text they replace."""
    zero = next(ord(each) - int(with_ascii_digits(each)) for each in there if each.isdigit())
    return "".join(chr(zero + int(each)) for each in digits)


def put(text: str, match: re.Match[str], digits: str) -> str:
    there = text[match.start() : match.end()]
    return text[: match.start()] + written_like(digits, there) + text[match.end() :]


def by_one(text: str, chance: random.Random) -> str | None:
    found = figures_in(text)
    if not found:
        return None
    match = chance.choice(found)
    value = max(0, int(match[0]) + chance.choice((1, -1)))
    return put(text, match, str(value).zfill(len(match[0]) if match[0].startswith("0") else 1))


def dropped(text: str, chance: random.Random) -> str | None:
    found = figures_in(text)
    if not found:
        return None
    match = chance.choice(found)
    return text[: match.start()] + text[match.end() :]


def swapped(text: str, chance: random.Random) -> str | None:
    found = [match for match in figures_in(text) if len(set(match[0])) > 1]
    if not found:
        return None
    match = chance.choice(found)
    digits = list(match[0])
    places = [index for index in range(len(digits) - 1) if digits[index] != digits[index + 1]]
    index = chance.choice(places)
    digits[index], digits[index + 1] = digits[index + 1], digits[index]
    return put(text, match, "".join(digits))


def letter_changed(text: str, chance: random.Random) -> str | None:
    found = list(re.finditer(r"[A-Z]{2,}", text))
    if not found:
        return None
    match = chance.choice(found)
    index = match.start() + chance.randrange(len(match[0]))
    letter = chance.choice([each for each in "ABCDEFGHKLMNOPRSTUVWZ" if each != text[index]])
    return text[:index] + letter + text[index + 1 :]


def acronym_dropped(text: str, chance: random.Random) -> str | None:
    match = re.search(r"[A-Z]{2,}", text)
    return text[: match.start()] + text[match.end() :] if match else None


def target_changed(text: str, chance: random.Random) -> str | None:
    match = re.search(r"\]\(<?https?://[^)>]+", text)
    if not match:
        return None
    index = chance.randrange(match.start() + 10, match.end())
    return text[:index] + ("x" if text[index] != "x" else "y") + text[index + 1 :]


def link_dropped(text: str, chance: random.Random) -> str | None:
    changed = re.sub(r"\[([^\]^]*)\]\([^)]*\)", r"\1", text, count=1)
    return changed if changed != text else None


def bracket_lost(text: str, chance: random.Random) -> str | None:
    changed = re.sub(r"\]\((?=<?http)", chance.choice(["(", "]", "] ("]), text, count=1)
    return changed if changed != text else None


def emphasis_dropped(text: str, chance: random.Random) -> str | None:
    changed = re.sub(r"(?<!\\)(\*\*?)(?=\S)(.+?)(?<=\S)\1", r"\2", text, count=1)
    return changed if changed != text else None


def star_lost(text: str, chance: random.Random) -> str | None:
    found = list(re.finditer(r"\*\*?", text))
    if len(found) < 2:
        return None
    match = chance.choice(found)
    return text[: match.start()] + text[match.end() :]


def code_broken(text: str, chance: random.Random) -> str | None:
    match = re.search(r"`([^`]+)`", text)
    if not match:
        return None
    broken = chance.choice([match[1], f"`{match[1]}x`", f"{match[1]}`", f"`{match[1][:-1]}`"])
    return text[: match.start()] + broken + text[match.end() :]


def footnote_lost(text: str, chance: random.Random) -> str | None:
    match = re.search(r"\[\^([^\]]+)\]", text)
    if not match:
        return None
    broken = chance.choice(["", f"[{match[1]}]", f"[^{match[1]}x]", f"[^{match[1]}", f"[^ {match[1]}]"])
    return text[: match.start()] + broken + text[match.end() :]


def address_changed(text: str, chance: random.Random) -> str | None:
    match = re.search(r"(?<!\()(?:https?://|[\w.]+@)[A-Za-z0-9./@-]+[A-Za-z0-9]", text)
    if not match:
        return None
    index = chance.randrange(match.start() + 8, match.end())
    return text[:index] + chance.choice(["", "q"]) + text[index + 1 :]


Fault = Callable[[str, random.Random], str | None]
NUMBER_FAULTS: dict[str, Fault] = {"changed by one": by_one, "dropped": dropped, "digits swapped": swapped}
FAULTS: dict[str, dict[str, Fault]] = {
    "number": NUMBER_FAULTS,
    "date": NUMBER_FAULTS,  # and the month, below
    "acronym": {"letter changed": letter_changed, "dropped": acronym_dropped},
    "link": {"target changed": target_changed, "dropped": link_dropped, "bracket lost": bracket_lost},
    "emphasis": {"dropped": emphasis_dropped, "star lost": star_lost},
    "code": {"broken": code_broken},
    "footnote": {"broken": footnote_lost},
    "address": {"letter changed": address_changed},
}
CODES = {
    "number": NUMBERS,
    "date": NUMBERS,
    "acronym": frozenset({"acronym", "name"}),
    "link": MARKUP,
    "emphasis": MARKUP,
    "code": MARKUP,
    "footnote": MARKUP,
    "address": frozenset({"address", "address-foreign"}),
}


# --- facts given ------------------------------------------------------------------------------------------------------------


def number_given(locale: Locale, chance: random.Random) -> tuple[str, str]:
    span = chance.choice(((1, 12), (13, 99), (100, 999), (1000, 2999), (1000, 9_999_999)))
    value = chance.randint(*span)
    if span != (1000, 9_999_999):
        return str(value), locale.digits(str(value))
    return f"{value:,}", locale.digits(grouped(value, locale))


def grouped(value: int, locale: Locale) -> str:
    try:
        return str(format_decimal(value, locale=locale.tag.replace("-", "_"), numbering_system="latn"))
    except (LookupError, ValueError):
        return f"{value:,}".replace(",", " ")


def date_given(locale: Locale, chance: random.Random) -> tuple[str, str]:
    day = date(1900, 1, 1) + timedelta(days=chance.randrange(130 * 365))
    return ENGLISH.date(day).text, locale.date(day).text


def fact(kind: str, locale: Locale, chance: random.Random) -> Fact:
    """A fact of the kind, in both languages."""
    if kind == "number":
        ours, theirs = number_given(locale, chance)
    elif kind == "date":
        ours, theirs = date_given(locale, chance)
    elif kind == "acronym":
        letters = "".join(chance.choices("ABCDEFGHKLMNOPRSTUVZ", k=chance.randint(3, 5)))
        ours = theirs = chance.choice((*ACRONYMS, letters))
    else:
        ours = theirs = chance.choice(GIVEN[kind])
    return Fact(kind, ours, theirs, CODES[kind])


GIVEN = {
    "link": ("[A1](https://example.org/press)", "[B](<https://example.org/a-b?c=1>)"),
    "emphasis": ("*Xyz*", "**Xyz abc**"),
    "code": ("`make test`", "`po`"),
    "footnote": ("x[^given]",),
    "address": ("https://example.org/press", "desk@example.org", "www.example.org/list"),
}


def with_fact(sample: Sample, given: Fact, chance: random.Random) -> Sample | None:
    """The sample with the fact in both texts, at the end or in the middle; None where the text is not Markdown and it is."""
    pair = sample.pair
    if not pair.markup and given.kind in ("link", "emphasis", "code", "footnote"):
        return None
    middle = chance.random() < 0.5 and not re.search(r"[\[\]*`<\\]", pair.original + pair.text)
    place = put_in_the_middle if middle else put_at_the_end
    changed = replace(
        pair,
        original=place(pair.original, given.ours),
        text=place(pair.text, given.theirs),
        labels=(*pair.labels, "given"),
    )
    return replace(sample, pair=worded(changed))


def put_at_the_end(text: str, words: str) -> str:
    return f"{text} ({words})"


def put_in_the_middle(text: str, words: str) -> str:
    pieces = text.split(" ")
    half = len(pieces) // 2
    return " ".join([*pieces[:half], f"({words})", *pieces[half:]])


# --- counting ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """What was put in and what was caught, by kind of fault."""

    put: Counter[str]
    caught: Counter[str]
    false: Counter[str]
    given: Counter[str]
    missed: list[tuple[str, str, str, str]]


def measure(samples: list[Sample], each: int, seed: int) -> Score:
    """Put faults into every sample: into what it has, and into ``each`` facts of every kind given to it."""
    score = Score(Counter(), Counter(), Counter(), Counter(), [])
    chance = random.Random(seed)
    for sample in samples:
        for kind, faults in FAULTS.items():
            if kind != "date" and has_own(kind, sample):
                break_it(sample, kind, "own", faults, score, chance)
            for _ in range(each):
                given = fact(kind, sample.pair.locale, chance)
                whole = with_fact(sample, given, chance)
                if whole is None:
                    continue
                score.given[kind] += 1
                before = Counter(each.code for each in findings(sample))
                more = Counter(each.code for each in findings(whole)) - before
                if more:
                    score.false[kind] += 1
                    score.missed.append(
                        (sample.where, f"given {kind}: false {dict(more)}", given.ours, whole.pair.text)
                    )
                break_given(whole, given, faults, score, chance)
    return score


def has_own(kind: str, sample: Sample) -> bool:
    """Whether both texts have a fact of the kind that can be broken."""
    signs = {
        "number": r"\d",
        "acronym": r"[A-Z]{2}",
        "link": r"\]\(",
        "emphasis": r"\*",
        "code": "`",
        "footnote": r"\[\^",
    }
    sign = signs.get(kind)
    pair = sample.pair
    if sign is None or not (re.search(sign, pair.original) and re.search(sign, pair.text)):
        return False
    return kind != "acronym" or bool(
        set(re.findall(r"[A-Z]{2,}", pair.original)) & set(re.findall(r"[A-Z]{2,}", pair.text))
    )


def break_it(
    sample: Sample, kind: str, origin: str, faults: dict[str, Fault], score: Score, chance: random.Random
) -> None:
    for name, fault in faults.items():
        broken = fault(sample.pair.text, chance)
        if broken is not None and broken != sample.pair.text:
            note(sample, replace(sample.pair, text=broken), f"{origin} {kind}: {name}", CODES[kind], score)


def break_given(whole: Sample, given: Fact, faults: dict[str, Fault], score: Score, chance: random.Random) -> None:
    """Break the given fact only, wherever it stands."""
    for name, fault in faults.items():
        broken = fault(given.theirs, chance)
        if broken is not None and broken != given.theirs:
            label = f"given {given.kind}: {name}"
            changed = broken.join(whole.pair.text.rsplit(given.theirs, 1))
            note(whole, replace(whole.pair, text=changed), label, given.codes, score)
    if given.kind == "date":
        other = another_month(given, whole.pair.locale, chance)
        changed = other.join(whole.pair.text.rsplit(given.theirs, 1))
        note(whole, replace(whole.pair, text=changed), "given date: month changed", given.codes, score)


def another_month(given: Fact, locale: Locale, chance: random.Random) -> str:
    day = english_day(given.ours)
    other = day.replace(day=min(day.day, 28), month=(day.month + chance.randrange(11)) % 12 + 1)
    text = locale.date(other).text
    shown, wanted = locale.digits(str(other.day)), locale.digits(str(day.day))
    return re.sub(rf"(?<!\d){shown}(?!\d)", wanted, text, count=1) if day.day != other.day else text


def english_day(text: str) -> date:
    month, day, year = re.findall(r"\w+", text)
    months = [ENGLISH.date(date(2000, number, 1)).text.split()[0] for number in range(1, 13)]
    return date(int(year), months.index(month) + 1, int(day))


def note(sample: Sample, broken: Pair, label: str, codes: frozenset[str], score: Score) -> None:
    score.put[label] += 1
    before = Counter((each.code, each.message) for each in findings(sample))
    after = Counter((each.code, each.message) for each in findings(replace(sample, pair=worded(broken))))
    if any(code in codes for code, _ in after - before):
        score.caught[label] += 1
    else:
        score.missed.append((sample.where, label, sample.pair.original, broken.text))


def untouched(samples: list[Sample]) -> tuple[list[tuple[Sample, Finding]], float]:
    """All findings of the catalogs as they are, and milliseconds of the processor for each pair."""
    began = time.process_time()
    found = [(sample, finding) for sample in samples for finding in findings(sample)]
    return found, (time.process_time() - began) * 1000 / max(1, len(samples))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="put faults into every so many translations only")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--udhr", type=Path, default=UDHR)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    samples = [*own_samples(REPOSITORY), *declaration_samples(options.udhr)]
    alarms, milliseconds = untouched(samples)
    score = measure(samples[:: options.every], options.each, options.seed)
    return report(samples, alarms, milliseconds, score, options)


def report(samples, alarms, milliseconds, score, options) -> int:
    errors = sum(facts_codes()[finding.code]["severity"] == "error" for _, finding in alarms)
    warned = len({id(sample) for sample, _ in alarms})
    total, caught = score.put.total(), score.caught.total()
    if options.json:
        print(
            json.dumps(
                {"pairs": len(samples), "errors": errors, "warned": warned, "put": score.put, "caught": score.caught}
            )
        )
    else:
        print(f"{len(samples)} translations; {milliseconds:.3f} ms each; untouched: {errors} errors, ", end="")
        print(f"{warned} with warnings ({warned / len(samples):.2%})")
        for sample, finding in alarms:
            print(
                f"  {sample.where}: {finding.message} [{finding.code}] | {sample.pair.original[:60]!r} → {sample.pair.text[:60]!r}"
            )
        for label in sorted(score.put):
            print(
                f"  {score.caught[label]:7} of {score.put[label]:7}  {score.caught[label] / score.put[label]:8.3%}  {label}"
            )
        for kind in sorted(score.given):
            print(f"  {score.false[kind]:7} of {score.given[kind]:7}  false alarms about a given {kind} that is right")
        print(f"{caught} of {total} faults caught: {caught / total:.3%}")
        if options.show:
            groups = defaultdict(list)
            for where, label, original, text in score.missed:
                groups[label].append((where, original, text))
            for label, found in sorted(groups.items()):
                print(f"--- {label}: {len(found)}")
                for where, original, text in found[:12]:
                    print(f"  {where}\n    {original[-160:]}\n    {text[-160:]}")
    return 0 if caught >= 0.99 * total and not errors and warned < 0.01 * len(samples) else 1


if __name__ == "__main__":
    sys.exit(main())
