"""A labelled history: an invented handbook of resolutions before and after years of edits, and what became what.

The text is made of our own words by a small grammar, with a fixed seed. Every edit is of a named kind, so that precision and
recall can be told apart for each; ``None`` is the label of a text that is new.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.translation.similarity import likeness

NOUNS = """water bread land road river school harvest council strike union wage roof street hospital forest well field mill
bridge market seed tool machine factory mine port ship letter song book newspaper meeting congress vote law court prison
border language child worker farmer tenant teacher nurse miner weaver fisher widow neighbour village town valley mountain
island coast drought flood fire debt rent price tax contract promise memory archive library kitchen garden orchard loom engine
lamp battery cable antenna radio archive printer leaflet banner committee delegate quorum minute budget fund quota permit
ferry cart bicycle tram railway canal reservoir pump filter pipe meter clinic vaccine midwife orphan pension shift overtime
safety helmet dust noise smoke lake delta swamp meadow pasture herd flock granary silo cellar""".split()
VERBS = """build repair defend share count sell buy open close read write print translate carry plant harvest refuse demand
remember forget protect inspect measure record publish answer question support visit teach learn heal feed light clean guard
occupy leave return divide unite elect recall dismiss invite greet warn mourn celebrate postpone cancel renew extend lower
raise pay lend borrow owe waste save store move turn stop begin finish""".split()
ADJECTIVES = """free common public old new small great clean safe cold warm honest secret local distant poor rich tired strong
empty full broken whole rural urban northern southern eastern western annual daily weekly open silent stubborn generous narrow
wide steep shallow deep bitter sweet dry wet fertile barren crowded lonely young lawful shared stolen promised forgotten""".split()
ADVERBS = ["never", "always", "often", "seldom", "together", "quietly", "openly", "again", "slowly", "gladly", "twice"]
SYLLABLES = "ba do ka li mo na ra su te vi zo hel mar ton ve ri las cor dan pel".split()
WHO = "everybody nobody somebody whoever we they you all".split()
PATTERNS = (
    "{Who} may {verb} the {noun} that the {noun} of {Name} {verb}s",
    "The {adj} {noun} belongs to those who {verb} it, and to {who} else",
    "When the {noun} is {adj}, {who} will {verb} a {noun} for the {adj} {noun}s of {Name}",
    "We {adv} {verb} what the {noun} of the {noun} has promised to {Name}",
    "No {noun} shall {verb} a {adj} {noun} without the consent of the {noun}",
    "In {Name}, {number} {noun}s {verb} the {noun} every {noun}",
    "The {noun}s of {Name} and {Name} {verb} their {noun}s {adv}",
    "Each {noun} elects {number} {noun}s, who {verb} the {adj} {noun} for one year",
    "There is a {adj} {noun} behind every {noun}, and {who} asks who will {verb} it",
    "Our {noun} has {number} {adj} {noun}s, a {noun} and a {adj} {noun}",
    "It is the {noun} who {verb}s, and the {noun} who has to {verb}",
    "Let the {adj} {noun}s {verb} before the {noun} does",
    "Since the {noun} of {Name} the {noun} has been {adj}, {adj} and {adv} {adj}",
    "To {verb} a {noun} one needs a {noun}, a {noun} and {number} {adj} {noun}s",
    "{Name} wrote that a {noun} without a {noun} is a {adj} {noun}",
    "Whatever the {noun} costs, the {noun} of {Name} will {verb} it {adv}",
)
HEADINGS = (
    "The {adj} {noun}", "On the {noun} of {Name}", "{Noun} and {noun}", "How to {verb} a {noun}", "{Noun}s", "{Name}",
    "{Noun}", "What we {verb}", "Rules for the {noun}", "A {noun} for every {noun}",
)  # fmt: skip
SLOGANS = (
    "{Verb} the {noun}!",
    "No {noun} without {noun}!",
    "{Adj} {noun}s for all!",
    "{Noun}!",
    "{Noun}, {noun}, {noun}!",
)
ITEMS = (
    "a {adj} {noun}",
    "the {noun} of {Name};",
    "{number} {noun}s and a {noun}",
    "to {verb} the {noun}s",
    "{noun}s that {verb}",
)


#: The shares of each kind of edit: a day's work on a large catalog, and years without an update.
SMALL = {
    "slight": 0.004,
    "edit": 0.003,
    "rewrite": 0.002,
    "inflect": 0.0005,
    "number": 0.0005,
    "added": 0.0025,
    "deleted": 0.0025,
}
HEAVY = {
    "slight": 0.08, "edit": 0.07, "rewrite": 0.05, "inflect": 0.02, "number": 0.02, "split": 0.02, "join": 0.02,
    "moved": 0.05, "replaced": 0.1, "deleted": 0.04, "added": 0.08,
}  # fmt: skip
PARTS = ("split", "join")


@dataclass(frozen=True, slots=True)
class History:
    """The texts before and after, and the label of each new text: the texts that it may come from, and its kind."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    labels: dict[str, tuple[frozenset[str], str]]


class Author:
    """Writes invented text, the same for the same seed, and never one text twice."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._written: set[str] = set()

    def unit(self) -> str:
        kind = self._random.choices(("paragraph", "heading", "item", "slogan", "article"), (52, 14, 22, 9, 3))[0]
        return self.new(kind)

    def new(self, kind: str) -> str:
        """A text of this kind that was not written before."""
        while True:
            text = self._text(kind)
            if text not in self._written:
                self._written.add(text)
                return text

    def _text(self, kind: str) -> str:
        choose = self._random
        if kind == "paragraph":
            return " ".join(
                f"{self.filled(choose.choice(PATTERNS))}." for _ in range(choose.choice((1, 1, 2, 2, 3, 4)))
            )
        if kind == "article":
            return f"{choose.choice(('Article', 'Section', 'Annex', 'Table'))} {choose.randint(1, 400)}"
        return self.filled(choose.choice({"heading": HEADINGS, "item": ITEMS, "slogan": SLOGANS}[kind]))

    def word(self) -> str:
        return self._random.choice(self._random.choice((NOUNS, NOUNS, VERBS, ADJECTIVES, ADVERBS)))

    def filled(self, pattern: str) -> str:
        choose = self._random.choice
        words = {
            "noun": lambda: choose(NOUNS), "verb": lambda: choose(VERBS), "adj": lambda: choose(ADJECTIVES),
            "adv": lambda: choose(ADVERBS), "who": lambda: choose(WHO), "number": lambda: str(self._random.randint(2, 90)),
            "name": lambda: "".join(choose(SYLLABLES) for _ in range(self._random.randint(2, 3))).capitalize(),
        }  # fmt: skip
        made = pattern
        while "{" in made:
            before, _, rest = made.partition("{")
            name, _, after = rest.partition("}")
            word = words[name.lower()]()
            made = f"{before}{word[0].upper() + word[1:] if name[0].isupper() else word}{after}"
        return made[0].upper() + made[1:] if pattern[0] in "{TWNIEOLSF" else made


def edited(author: Author, chance: random.Random, text: str, share: float) -> str:
    """The text with about this share of its words replaced, left out or added to; one at least."""
    words = text.split(" ")
    count = max(1, round(len(words) * share))
    for _ in range(count):
        at = chance.randrange(len(words))
        kind = chance.random()
        if kind < 0.5:
            tail = words[at][-1] if words[at][-1:] in ".,;!" else ""
            words[at] = author.word() + tail
        elif kind < 0.75 and len(words) > 2:
            del words[at]
        else:
            words.insert(at, author.word())
    made = " ".join(words)
    return made if made != text else f"{text} {author.word()}"


def history(entries: int, seed: int, rates: dict[str, float]) -> History:
    """A history of so many texts; ``rates`` are the shares of each kind of edit, the rest stays.

    Kinds: ``slight``, ``edit``, ``rewrite`` in place; ``number`` (a figure changes); ``inflect`` (letters of one word);
    ``split``, ``join``; ``moved`` (and edited); ``replaced`` (by another text), ``deleted``, ``added``.
    """
    author, chance = Author(seed), random.Random(seed + 1)
    before = [author.unit() for _ in range(entries)]
    kinds = chance.choices([*rates, "stays"], [*rates.values(), 1 - sum(rates.values())], k=entries)
    after: list[str] = []
    labels: dict[str, tuple[frozenset[str], str]] = {}
    moved: list[str] = []

    def put(text: str, kind: str, *origins: str, into: list[str] = after) -> None:
        into.append(text)
        if text not in known:
            true = (
                frozenset(origins)
                if kind in PARTS or any(likeness(text, each) >= 0.5 for each in origins)
                else frozenset()
            )
            labels.setdefault(text, (true, kind if true else "replaced"))

    known = set(before)
    for index, (text, kind) in enumerate(zip(before, kinds, strict=True)):
        _one(text, kind, _Hand(author, chance, before[index - 1], put, moved, after))
    for text in moved:
        after.insert(chance.randrange(len(after) + 1), text)
    return History(tuple(before), tuple(dict.fromkeys(after)), labels)


@dataclass(frozen=True, slots=True)
class _Hand:
    author: Author
    chance: random.Random
    left: str
    put: Callable[..., None]
    moved: list[str]
    after: list[str]


def _one(text: str, kind: str, hand: _Hand) -> None:
    """Apply one kind of edit to one text; a kind that a text is too short for is a slight edit."""
    shares = {"slight": 0.05, "edit": 0.2, "rewrite": 0.4}
    sentences = text.split(". ")
    if kind == "stays":
        hand.put(text, kind, text)
    elif kind == "deleted":
        return
    elif kind == "added":
        hand.put(text, "stays", text)
        hand.put(hand.author.unit(), kind)
    elif kind == "replaced":
        hand.put(hand.author.unit(), kind)
    elif kind == "moved":
        share = hand.chance.choice((0.05, 0.15))
        hand.put(edited(hand.author, hand.chance, text, share), kind, text, into=hand.moved)
    elif kind == "number" and any(letter.isdigit() for letter in text):
        digits = [letter for letter in text if letter.isdigit()]
        old = hand.chance.choice(digits)
        hand.put(text.replace(old, str((int(old) % 9) + 1), 1), kind, text)
    elif kind == "inflect":
        words = text.split(" ")
        at = max(range(len(words)), key=lambda index: len(words[index]))
        words[at] = f"{words[at].rstrip('.,;!s')}s{words[at][len(words[at].rstrip('.,;!s')) :].replace('s', '')}"
        made = " ".join(words)
        hand.put(made if made != text else f"{text} now", kind, text)
    elif kind == "split" and len(sentences) > 1:
        at = hand.chance.randrange(1, len(sentences))
        hand.put(". ".join(sentences[:at]) + ".", kind, text)
        hand.put(". ".join(sentences[at:]), kind, text)
    elif (
        kind == "join" and hand.after and hand.after[-1] == hand.left and text.endswith(".") and hand.left.endswith(".")
    ):
        hand.after.pop()
        hand.put(f"{hand.left} {text}", kind, hand.left, text, f"{hand.left} {text}")
    else:
        made = edited(hand.author, hand.chance, text, shares.get(kind, 0.05))
        hand.put(made, kind if kind in shares else "slight", text)
