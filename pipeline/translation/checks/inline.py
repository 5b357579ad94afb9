"""The inline tree: what is not words must be the same in both texts, in whatever order the language puts it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.source.document import Role, Section
from pipeline.source.faults import flattened
from pipeline.source.markdown import environment_for, inline_tokens
from pipeline.translation.checks.language_rules import original_words_of, words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

_MARKUP = re.compile(r"[\[\]()*_`<>\\!&\n]")
_PLACEHOLDER = re.compile(r"\{[A-Za-z_][\w.]*\}|%\([A-Za-z_]\w*\)[sd]|%[sd](?![^\W\d_])")
#: Marks that stayed words, because their pair or their bracket is missing; a star inside a word is written on purpose.
_LEFT_OVER = re.compile(
    r"(?P<star>\*\*?(?![^\W_])|(?<![^\W_])\*\*?)|(?P<line>(?<![\w])__?(?=[^\W_])|(?<=[^\W_])__?(?!\w))"
    r"|(?P<tick>`+)|(?P<bracket>\]\s?(?:\(|\[|<|https?:)|\[\^)|(?P<tag></?[a-z][a-z0-9]{0,9}(?:\s[^<>]*)?/?>)"
)
_KINDS = {"star": "*", "line": "_", "tick": "`", "bracket": "a bracket of a link or footnote", "tag": "an HTML tag"}


@dataclass(frozen=True, slots=True)
class Tree:
    """All in an inline text that is not words, each as often as it is there."""

    links: Counter[str]
    pictures: Counter[str]
    footnotes: Counter[str]
    titled: Counter[str]
    code: Counter[str]
    emphasis: Counter[str]
    breaks: int


@lru_cache(maxsize=256)
def tree(text: str, labels: tuple[str, ...]) -> Tree:
    """The tree of a run of inline Markdown; nothing in it can become a block."""
    found = list(flattened(inline_tokens(text, environment_for(Section(("", ""), (), labels)))))
    return Tree(
        Counter(str(each.attrGet("href")) for each in found if each.type == "link_open"),
        Counter(str(each.attrGet("src")) for each in found if each.type == "image"),
        Counter(str(each.meta["label"]) for each in found if each.type == "footnote_ref"),
        Counter(str(each.attrGet("href") or each.attrGet("src")) for each in found if each.attrGet("title")),
        Counter(each.content for each in found if each.type == "code_inline"),
        Counter(each.tag for each in found if each.type in ("em_open", "strong_open")),
        sum(each.type == "hardbreak" for each in found),
    )


def _trees(pair: Pair) -> tuple[Tree, Tree] | None:
    """The original's and the translation's; None where neither can have any markup."""
    if not pair.markup or not (_MARKUP.search(pair.original) or _MARKUP.search(pair.text)):
        return None
    return tree(pair.original, pair.labels), tree(pair.text, pair.labels)


def _kinds(tree: Tree) -> tuple[tuple[str, Counter[str]], ...]:
    return (
        ("link to", tree.links),
        ("picture", tree.pictures),
        ("footnote", tree.footnotes),
        ("title on", tree.titled),
    )


def markup_foreign(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """What the original does not have might lead readers astray: it is never printed."""
    trees = _trees(pair)
    for (kind, ours), (_, theirs) in zip(*map(_kinds, trees), strict=True) if trees else ():
        for each in sorted(theirs.keys() - ours.keys()):
            message = f"the translation has a {kind} {each} that the original does not have"
            yield Finding("markup-foreign", message, "use the addresses of the original, letter by letter")


def markup_lost(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A link, picture or footnote that readers of the original have, and readers of the translation do not."""
    trees = _trees(pair)
    for (kind, ours), (_, theirs) in zip(*map(_kinds, trees), strict=True) if trees else ():
        for each in sorted((ours - theirs).keys()):
            hint = f"keep [words]({each}) in the translation" if kind == "link to" else "copy it from the original"
            yield Finding("markup-lost", f"the translation drops the {kind} {each}", hint)


def markup_repeated(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A link or footnote more often than in the original is most often a slip of copying."""
    trees = _trees(pair)
    for (kind, ours), (_, theirs) in zip(*map(_kinds, trees), strict=True) if trees else ():
        for each in sorted(key for key in (theirs - ours) if key in ours):
            message = f"the translation has the {kind} {each} {theirs[each]} times, the original {_times(ours[each])}"
            yield Finding("markup-repeated", message, "delete what is too much")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def emphasis(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """What the authors stress is stressed in every language, by the means of its script."""
    trees = _trees(pair)
    if trees is None:
        return
    ours, theirs = trees[0].emphasis, trees[1].emphasis
    if ours == theirs:
        return
    if pair.locale.script in _without_italics() and _allowed_without_italics(ours, theirs):
        return
    for tag, sign in (("em", "*words*"), ("strong", "**words**")):
        if ours[tag] > theirs[tag]:
            lost = "an emphasis" if ours[tag] - theirs[tag] == 1 else f"{ours[tag] - theirs[tag]} emphases"
            yield Finding("emphasis", f"the translation drops {lost} {sign}", f"write {sign} around the same words")
        elif ours[tag] < theirs[tag]:
            hint = "delete the stars; a star that readers shall see has a backslash in front: \\*"
            yield Finding("emphasis", f"the translation has more emphasis {sign} than the original", hint)


def _allowed_without_italics(ours: Counter[str], theirs: Counter[str]) -> bool:
    """Where there are no italics, a weak emphasis may be strong, or be left to quotation marks or word order."""
    return theirs["strong"] >= ours["strong"] and theirs.total() <= ours.total()


@lru_cache(maxsize=1)
def _without_italics() -> frozenset[str]:
    path = files("pipeline.translation.checks") / "tables" / "facts_scripts.toml"
    table: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return frozenset(table["without-italics"])


def markup_broken(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Marks that readers would see, because something of them is missing."""
    if not pair.markup:
        return
    words = words_of(pair)
    if not _LEFT_OVER.search(words) and words.count("[") == words.count("]"):
        return
    ours, theirs = _left_over(original_words_of(pair)), _left_over(words)
    for kind, shown in _KINDS.items():
        if theirs[kind] > ours[kind]:
            hint = "compare the marks with those of the original: each has its pair, without a space inside"
            yield Finding("markup-broken", f"readers would see {shown}, which does not belong to the words", hint)


def _left_over(words: str) -> Counter[str]:
    found = Counter(match.lastgroup or "" for match in _LEFT_OVER.finditer(words))
    found["bracket"] += words.count("[") != words.count("]")
    return found


def code_changed(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Code is for machines, or is the name of something in them: no language changes it."""
    trees = _trees(pair)
    if trees and trees[0].code != trees[1].code:
        for each in sorted((trees[0].code - trees[1].code).keys()):
            yield Finding(
                "code-changed", f"the translation lacks `{each}`", "copy it from the original, with its marks `"
            )
        if not trees[0].code - trees[1].code:
            extra = ", ".join(f"`{each}`" for each in sorted((trees[1].code - trees[0].code).keys()))
            yield Finding(
                "code-changed", f"the translation has {extra}, which the original lacks", "delete the marks `"
            )


def line_break(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Where the authors begin a new line, so does the translation: slogans, addresses, verse."""
    trees = _trees(pair)
    if trees and trees[0].breaks != trees[1].breaks:
        message = f"the translation has {trees[1].breaks} line breaks, the original {trees[0].breaks}"
        yield Finding("line-break", message, "end a line with a backslash where the original does")


def placeholders(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Words in braces are filled in by a program."""
    if pair.segment.role is Role.INTERFACE:  # the interface refuses such a phrase itself
        return
    if not any(sign in text for text in (pair.original, pair.text) for sign in "{%"):
        return
    ours, theirs = (Counter(_PLACEHOLDER.findall(text)) for text in (pair.original, pair.text))
    if ours != theirs and not (pair.segment.msgid_plural and theirs < ours):  # the dual says its number in words
        shown = ", ".join(sorted(((ours - theirs) + (theirs - ours)).keys()))
        message = f"the placeholders of the translation differ from the original's: {shown}"
        hint = "words in braces are filled in by the program: keep them as they are, once each"
        yield Finding("placeholder-changed", message, hint)
