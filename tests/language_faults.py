"""Faults as translators make them, put into good translations: one function for each kind, None where there is no room for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

from pipeline.source.markdown import plain_text
from pipeline.translation.checks.language_rules import rules_of
from pipeline.translation.checks.model import Pair
from pipeline.translation.checks.script import TWINS

Fault = Callable[[Pair, Random], str | None]
LATIN_TWINS = {latin: other for other, latin in TWINS.items() if "CYRILLIC" in unicodedata.name(other)}


def broken(pair: Pair, text: str) -> Pair:
    """The pair with this text for a translation."""
    words = plain_text(text, pair.labels) if pair.markup else text
    return replace(pair, text=text, words=words, message=replace(pair.message, msgstr=(text,)))


def _inside(text: str, chance: Random) -> int:
    """A place between two letters, and not in the address of a link: that is compared letter by letter elsewhere."""
    addresses = [range(*match.span()) for match in re.finditer(r"\]\([^)]*\)", text)]
    places = [at for at in range(1, len(text)) if text[at - 1].isalpha() and text[at].isalpha()]
    places = [at for at in places if not any(at in each for each in addresses)]
    return chance.choice(places) if places else 0


def _inserted(sign: str) -> Fault:
    def fault(pair: Pair, chance: Random) -> str | None:
        at = _inside(pair.text, chance)
        return pair.text[:at] + sign + pair.text[at:] if at else None

    return fault


def joiner(pair: Pair, chance: Random) -> str | None:
    if pair.locale.script not in ("Latn", "Cyrl", "Grek"):
        return None
    return _inserted(chance.choice("\u200b\u200c\u200d"))(pair, chance)


def lost(pair: Pair, chance: Random) -> str | None:
    at = _inside(pair.text, chance)
    return pair.text[:at] + "\ufffd" + pair.text[at + 1 :] if at else None


def mojibake(pair: Pair, chance: Random) -> str | None:
    mangled = "".join(_cp1252(byte) for byte in pair.text.encode())
    return mangled if mangled != pair.text else None


def _cp1252(byte: int) -> str:
    """What a browser makes of a byte: Windows-1252, and the control characters for the five bytes that it lacks."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def decomposed(pair: Pair, chance: Random) -> str | None:
    text = unicodedata.normalize("NFD", pair.text)
    return text if len(text) > len(pair.text) and pair.locale.script in ("Latn", "Cyrl", "Grek", "Arab") else None


def twin(pair: Pair, chance: Random) -> str | None:
    """A letter of a look-alike alphabet in a word of at least three letters."""
    table = {"Latn": LATIN_TWINS, "Cyrl": TWINS, "Grek": TWINS}.get(pair.locale.script, {})
    places = [
        at
        for at in range(1, len(pair.words) - 1)
        if pair.words[at] in table and pair.words[at - 1].isalpha() and pair.words[at + 1].isalpha()
    ]
    if not places or pair.words != pair.text:
        return None
    at = chance.choice(places)
    return pair.text[:at] + table[pair.text[at]] + pair.text[at + 1 :]


def neighbour(pair: Pair, chance: Random) -> str | None:
    """One letter of the neighbour's keyboard."""
    letters = {own: wrong for wrong, own in rules_of(pair.locale).letters.items()}
    places = [at for at, each in enumerate(pair.text) if each in letters]
    if not places:
        return None
    at = chance.choice(places)
    return pair.text[:at] + letters[pair.text[at]] + pair.text[at + 1 :]


def other_script(pair: Pair, chance: Random) -> str | None:
    """What a reader of another alphabet wrote."""
    if sum(map(str.isalpha, pair.words)) < 4:
        return None
    foreign = "Превод је обећање" if pair.locale.script == "Latn" else "Eine Übersetzung verspricht etwas"
    return " ".join([foreign] * (1 + len(pair.words) // 40))


def _end(text: str) -> re.Match[str] | None:
    return re.search(r"[.!?:;。।۔።։؟՜;]+(?=[*_]*$)", text)


def end_lost(pair: Pair, chance: Random) -> str | None:
    found = _end(pair.text)
    kept = pair.original.rstrip("*_")[-1:]
    if found is None or kept not in ".!?:" or (rules_of(pair.locale).within and kept in "!?"):
        return None
    return pair.text[: found.start()] + pair.text[found.end() :]


def end_changed(pair: Pair, chance: Random) -> str | None:
    found = _end(pair.text)
    kinds = {".": "?", "!": "?", "?": ".", ":": "?"}
    kept = pair.original.rstrip("*_")[-1:]
    if found is None or kept not in kinds or pair.locale.language in ("hy", "el"):
        return None
    return pair.text[: found.start()] + kinds[kept] + pair.text[found.end() :]


def foreign_mark(pair: Pair, chance: Random) -> str | None:
    for each in rules_of(pair.locale).marks:
        at = pair.text.rfind(each.own)
        if at > 0 and pair.text[at - 1].isalpha() and pair.text[at + 1 : at + 2] in (" ", ""):
            text = pair.text[:at] + each.sign + pair.text[at + 1 :]
            if each.found.search(plain_text(text, pair.labels) if pair.markup else text) or at == len(pair.text) - 1:
                return text
    return None


def unopened(pair: Pair, chance: Random) -> str | None:
    return re.sub("[¿¡]", "", pair.text, count=1) if re.search("[¿¡]", pair.text) else None


def unclosed(pair: Pair, chance: Random) -> str | None:
    at = _inside(pair.text, chance)
    opening = chance.choice("(«„“[")
    return pair.text[:at] + f" {opening}" + pair.text[at:] if at and opening != "[" else None


def untranslated(pair: Pair, chance: Random) -> str | None:
    return pair.original if len(pair.original.split()) >= 2 else None


def half_translated(pair: Pair, chance: Random) -> str | None:
    """One sentence of the original left among those of the translation."""
    sentences = re.split(r"(?<=[.!?]) ", pair.original)
    last = sentences[-1]
    return f"{pair.text} {last}" if len(sentences) > 1 and len(re.findall(r"\w+", last)) >= 7 else None


def doubled(pair: Pair, chance: Random) -> str | None:
    rules = rules_of(pair.locale)
    words = pair.text.split(" ")
    plain = [at for at, each in enumerate(words) if len(each) > 1 and each.isalpha()]
    if rules.repeats:
        plain = [at for at in plain if words[at].casefold() in rules.doubled]
    if not plain:
        return None
    at = chance.choice(plain)
    return " ".join([*words[: at + 1], *words[at:]])


def shortened(pair: Pair, chance: Random) -> str | None:
    return pair.text[: len(pair.text) * 3 // 10] if len(pair.original) >= 80 else None


def halved(pair: Pair, chance: Random) -> str | None:
    return pair.text[: len(pair.text) // 2] if len(pair.original) >= 150 else None


def overlong(pair: Pair, chance: Random) -> str | None:
    return f"{pair.text} {pair.text} {pair.text} {pair.text}" if len(pair.original) >= 80 else None


def spaced(pair: Pair, chance: Random) -> str | None:
    return chance.choice((f" {pair.text}", f"{pair.text} ", f"\u00a0{pair.text}"))


def broken_line(pair: Pair, chance: Random) -> str | None:
    return chance.choice((f"\n{pair.text}", f"{pair.text}\n"))


def left_over(pair: Pair, chance: Random) -> str | None:
    return (
        f"{pair.text} {chance.choice(('TODO:', '???', '[…]', 'FIXME'))}"
        if pair.locale.language not in ("es", "pt")
        else None
    )


#: Each kind with the code that must be found for it.
FAULTS: dict[str, tuple[Fault, str]] = {
    "override": (_inserted("\u202e"), "control-character"),
    "isolate": (_inserted("\u2067"), "bidi-isolate"),
    "mark of order of bytes": (_inserted("\ufeff"), "invisible-character"),
    "soft hyphen": (_inserted("\u00ad"), "invisible-character"),
    "joiner": (joiner, "invisible-character"),
    "lost letter": (lost, "lost-letter"),
    "other encoding": (mojibake, "mojibake"),
    "private use": (_inserted("\ue123"), "unknown-character"),
    "decomposed": (decomposed, "not-nfc"),
    "twin": (twin, "mixed-script"),
    "neighbour's letter": (neighbour, "wrong-letter"),
    "other script": (other_script, "wrong-script"),
    "end lost": (end_lost, "end-mark"),
    "end changed": (end_changed, "end-mark"),
    "foreign mark": (foreign_mark, "foreign-mark"),
    "not opened": (unopened, "opening-mark"),
    "not closed": (unclosed, "unbalanced"),
    "untranslated": (untranslated, "unchanged"),
    "half translated": (half_translated, "unchanged"),
    "doubled": (doubled, "doubled-word"),
    "shortened": (shortened, "length"),
    "halved": (halved, "length"),
    "overlong": (overlong, "length"),
    "space": (spaced, "edge-space"),
    "line break": (broken_line, "line-end"),
    "left over": (left_over, "leftover"),
}
