"""Checks of single characters: those that nobody sees, that are broken, or that no font has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.source.faults import UNPRINTABLE
from pipeline.translation.checks.language_rules import words_of
from pipeline.translation.checks.model import Finding, Knowledge, Pair

#: What a msgstr may not hold: what a source may not, and carriage returns, which no editor shows.
CONTROLS = re.compile(f"[{UNPRINTABLE}\r]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
#: Between letters of these alphabets a joiner or a space of no width was pasted; elsewhere it is spelling.
_STRAY_JOINER = re.compile("(?<=[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff])[\u200b-\u200d]")
_NO_BREAK = "\u00a0"
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
#: Only the basic plane: the others get new scripts with every edition of Unicode, and ours is not the newest.
_BEYOND_ASCII = re.compile("[\u0370-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]")
_LOST = "\ufffd"
#: UTF-8 that was read as Windows-1252: é became Ã©, ž Å¾, ’ â€™, п Ð¿, ế áº¿, क à¤•. What looks like closing quotes and
#: dashes counts inside a word only.
_MOJIBAKE = re.compile(
    "[ÃÄÅÆÎÏÐÑØÙ][\u0080-\u009f€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ¡-ª¬-º¼-¿]|Â[¡«»¿\u00a0]|[ÃÅ]\u00a0(?=[a-z ])"
    "|[ÃÄÅÐÑØÙ][‘’“”–—…](?=\\w)|[ÕÖ][¡-ª¬-º¼-¿]"
    "|â€[\u0080-\u009f™œ¦“”˜]|á[º»][\u0080-\u00bf‚-…‘-”•–—†‡ˆ-‹ƒŒ-ž™]|á[ƒˆ‰‹Šœž›][\u0080-\u00bf‘-”‚-…•–—†‡˜™œš›žŸŒŽŠ€]|È[˜™š›](?=\\w)|â[´µ]|à[¤-ª¬®-¹]"
)
#: What NFC takes apart and nobody else does: nukta letters of India, Hebrew letters with points; marks of Greek.
_EXCLUDED = re.compile(
    "[\u0958-\u095f\u09dc-\u09df\u0a33\u0a36\u0a59-\u0a5e\u0b5c\u0b5d\u0f43-\u0fb9\ufb1d-\ufb4e\u037e\u0387]"
)


def control_characters(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """An invisible control can hide words, or turn the text around it."""
    found = CONTROLS.search(words_of(pair)) or CONTROLS.search(pair.text)
    if found:
        message = f"the translation holds the invisible character U+{ord(found[0]):04X}, which can turn text around"
        yield Finding("control-character", message, "delete it")


def invisible(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """What nobody sees splits words for a search and for a reader's voice."""
    words = words_of(pair)
    if words.isascii():
        return
    for found in (_INVISIBLE.search(words), _STRAY_JOINER.search(words)):
        if found and found[0] not in pair.original:
            name = unicodedata.name(found[0], "without a name").lower()
            message = f"the translation holds the invisible character U+{ord(found[0]):04X} ({name}) {_near(words, found.start())}"
            yield Finding(
                "invisible-character", message, "delete it; it often comes from copying out of another program"
            )
            return
    count = words.count(_NO_BREAK)
    if count >= 4 and count > words.count(" ") and _NO_BREAK not in pair.original:
        message = f"{count} of the spaces between the words are no-break spaces, so that lines cannot be broken there"
        yield Finding(
            "invisible-character", message, "type ordinary spaces; they often come from copying out of a web page"
        )


def broken(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Letters that were lost or mangled when a file was saved in another encoding."""
    words = words_of(pair)
    if words.isascii():
        return
    if _LOST in words and _LOST not in pair.original:
        message = f"a letter was lost: there is a � {_near(words, words.index(_LOST))}"
        yield Finding("lost-letter", message, "type the letter again, and save the file as UTF-8")
    mangled = _MOJIBAKE.search(words)
    if mangled and mangled[0] not in pair.original:
        message = (
            f"“{mangled[0]}” looks like a letter that was saved in another encoding, {_near(words, mangled.start())}"
        )
        yield Finding("mojibake", message, "type the letter again, and save the file as UTF-8")


def unknown(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """Characters that mean something in one font only, or nothing at all."""
    words = words_of(pair)
    if words.isascii():
        return
    private = _PRIVATE.search(words)
    if private and private[0] not in pair.original:
        message = f"U+{ord(private[0]):04X} is a letter of one font only, and another letter or none in all others"
        yield Finding("unknown-character", message, "type the letter of Unicode, or ask which one it should be")
    for sign in dict.fromkeys(_BEYOND_ASCII.findall(words)):
        if unicodedata.category(sign) == "Cn" and sign not in pair.original:
            message = f"U+{ord(sign):04X} is no character of Unicode {unicodedata.unidata_version}"
            yield Finding("unknown-character", message, "type the letter again")
            return


def composed(pair: Pair, knowledge: Knowledge) -> Iterator[Finding]:
    """A letter typed as base and accent looks the same, and is neither found nor sorted as the same.

    Unicode Standard Annex 15. What only NFC does is no fault: to take nukta letters apart, to reorder vowel signs.
    """
    words = words_of(pair)
    if unicodedata.is_normalized("NFC", words) or unicodedata.normalize("NFC", pair.original) != pair.original:
        return
    usual = _EXCLUDED.sub(lambda match: unicodedata.normalize("NFC", match[0]), words)
    for word in usual.split():
        normal = unicodedata.normalize("NFC", word)
        if normal != word and sorted(normal) != sorted(word):
            at = next((at for at, (one, other) in enumerate(zip(word, normal, strict=False)) if one != other), 0)
            shown = " ".join(f"U+{ord(each):04X}" for each in word[at : at + 2])
            message = f"“{word}” has a letter in an unusual spelling ({shown} instead of U+{ord(normal[at]):04X})"
            yield Finding("not-nfc", message, f"type the word again, or copy it from here: {normal}")
            return


def _near(text: str, at: int) -> str:
    """Where in the text: the words before a place."""
    before = text[:at].split()[-3:]
    return f"after “{' '.join(before)}”" if before else "at the beginning"
