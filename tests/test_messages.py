"""The text for messengers: nothing lost, nothing cut that belongs together, nothing turned round."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unicode_segmentation_rs import graphemes

from pipeline.diagnostics import Location
from pipeline.locales import Locale
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document
from pipeline.translation.catalog import Catalog
from pipeline.translation.interface import Words
from pipeline.translation.localize import LocalizedDocument, localize
from pipeline.translation.message import Message, State
from pipeline.website import messages as module
from pipeline.website.messages import message_lines, messages
from pipeline.website.pieces import LONGEST, MessageLine, balanced, directed, in_pieces, units
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, REPOSITORY, rendition

EN, FA, FR, AR, AFF = map(Locale.parse, ("en", "fa", "fr", "ar", "ff-Adlm"))
ADDRESS = "https://orchard.example/orchard/fa/"
REGISTRY = """id,acronym,name,name_language,translation,country,languages
sib,,انجمن سیب,fa,Apple Society,IR,
ami,AP,Les Amis,fr,The Friends,FR,
"""
INVISIBLE = re.compile("[\u200e\u200f\u2066-\u2069]")
NUMBER = re.compile(r"\A[\u200e\u200f]?\((\w+)/(\w+)\)\n")


@lru_cache
def orchard(tag: str, document: str = "orchard") -> tuple[str, ...]:
    workspace = Workspace(ORCHARD)
    localized = rendition(workspace, document, tag).localized
    return messages(localized, workspace.words(localized.locale, workspace.read()), ADDRESS)


def document(body: str, locale: Locale = EN, front: str = "") -> LocalizedDocument:
    """A document in its own language."""
    text = f"---\ntitle: A letter\nlocale: {locale.tag}\n{front}---\n\n{body}\n"
    registry = parse_registry(REGISTRY, "sources/organisations.csv")
    return localize(parse_document(Source("letter", "sources/letter.md", text), registry, EN), None, None, locale)


def said(body: str, locale: Locale = EN) -> str:
    """What the messages say of a body, below the title."""
    (text,) = messages(document(body, locale), Words(locale), "")
    return text.partition("\n")[2].strip("\n")


def substance(text: str) -> str:
    """The text without what may differ between pieces and the whole: blanks and marks that nobody sees."""
    return "".join(INVISIBLE.sub("", text).split())


# --- what is said ---------------------------------------------------------------------------------------------------------


def test_a_document_becomes_one_message() -> None:
    assert orchard("en") == (
        """An orchard for every village!
Assembly of Orchards
Resolution · April 18, 2026

The society CPA (ML)! has planted 40 trees along the old road; whoever passes may eat.[1]

[A tree with three apples]

What we ask

1. Leave a strip of grass beside every wall.
2. Read the map of old orchards (https://orchard.example/map?year=2026&side=north) before you build.

\u2003“A tree is a promise.”

Tree · Years until fruit
Apple · 4
Pear · 7

– One tree for every child!
– No village without an orchard!

[1] By the custom of the valley, 10\u00a0% of the fruit belongs to those who walk.

4 organisations have signed

Founders · as of May 2, 2026
1. AP (V) Les Amis du pommier (Vallée)
2. \u2068انجمن سیب\u2069

Later signatories · further signatories possible
3. ΜΑ Μηλιά
4. Apfelkreis

Licence: CC0-1.0

Read this text in other languages:
https://orchard.example/orchard/fa/""",
    )


def test_a_text_from_right_to_left_has_its_own_digits_and_isolates_what_is_foreign() -> None:
    (text,) = orchard("fa")
    lines = text.split("\n")
    assert "انجمن \u2068CPA (ML)\u2069! کنار راه کهنه ۴۰ درخت کاشته است؛ هر که بگذرد می‌تواند بخورد.[۱]" in lines
    assert "\u200f۱. \u2068AP (V) Les Amis du pommier (Vallée)\u2069" in lines
    assert "۲. انجمن سیب" in lines
    assert "\u2068(https://orchard.example/map?year=2026&side=north)\u2069" in text
    assert lines[-1] == ADDRESS


@pytest.mark.parametrize("tag", ["en", "fr", "fa", "el", "de"])
def test_no_markup_is_left(tag: str) -> None:
    (text,) = orchard(tag)
    assert not re.search(r"\*\*|\]\(|\[\^|^#|^>|\||<[a-z/]|^[-*] |&\w+;", text, re.MULTILINE)
    assert INVISIBLE.sub("", text).strip() == INVISIBLE.sub("", text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("One  \ntwo.", "One\ntwo."),
        ("A `code_x` and *a* **b**.", "A code_x and a b."),
        ("- a\n- b\n  - c\n\n    d\n- e", "– a\n– b\n\u2003– c\n\u2003\u2003d\n– e"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n<!-- translators: x -->\n\n1. b", "– a\n\n1. b"),
        ("> Q\n>\n> - l", "\u2003Q\n\n\u2003– l"),
        ("    code  here\n\n    more", "code  here\nmore"),
        ("A\n\n---\n\nB", "A\n\n———\n\nB"),
        ("<https://a.org/x>", "https://a.org/x"),
        ("[a.org/x](https://a.org/x/)", "a.org/x"),
        ("[bank.org](https://other.org)", "bank.org (https://other.org)"),
        ("[write](mailto:a%40b@c.example)", "write (a%40b@c.example)"),
        ("[call](tel:+123)", "call (+123)"),
        ("[there](other.md)", "there"),
        ("1 < 2 & \\*3\\*", "1 < 2 & *3*"),
        ("Text[^1]\n\n[^1]: One.\n\n    Two.", "Text[1]\n\n[1] One.\n\u2003Two."),
        ("| a | b |\n|---|--:|\n| 1 | |", "a · b\n1"),
    ],
)
def test_what_a_body_can_hold(body: str, text: str) -> None:
    assert said(body) == text


def test_a_line_goes_to_the_side_of_its_language() -> None:
    assert said("CPA", FA) == "\u200f\u2068CPA\u2069"
    assert said("CPA 1 درخت", FA) == "\u2068CPA 1\u2069 درخت"
    assert said("«درخت» CPA", EN) == "«\u2068درخت\u2069» CPA"
    assert directed("«درخت» CPA", "ltr") == "\u200e«درخت» CPA"
    assert directed("سیب 1", "rtl") == "سیب 1"
    assert directed("", "rtl") == ""
    assert directed("12", "rtl") == "\u200f12"
    assert directed("12", "ltr") == "12"


def test_a_bare_address_has_no_invisible_neighbour() -> None:
    text = said("متن https://a.org/x/ و <https://b.org/> است", FA)
    assert "https://a.org/x/ " in text
    assert "https://b.org/ " in text


def test_what_is_not_translated_is_said() -> None:
    translations = Message("A letter", ("یک نامه",)), Message("Read.", ("بخوانید.",))
    catalog = Catalog("locales/fa/letter.po", FA, Message(""), translations)
    (text,) = messages(localize(document("Read.\n\nWrite.").document, catalog, None, FA), Words(FA), "")
    assert text.startswith("یک نامه\n")
    assert "Parts that are not translated yet are shown in " in text
    assert "\nWrite." in text


def test_outdated_paragraphs_are_marked() -> None:
    localized = document("Read.\n\nWrite.")
    old = replace(localized.body[0], outdated=True, state=State.FUZZY, location=Location("x.po"))
    (text,) = messages(replace(localized, body=(old, localized.body[1])), Words(EN), "")
    assert "\n† Read.\n" in text
    assert "\nWrite." in text
    assert "† The original has changed since" in text


def test_drafts_credits_and_notes_are_said() -> None:
    localized = replace(document("Read."), drafts=("x.po",), credit="Mina", note="By hand.")
    (text,) = messages(localized, Words(EN), "")
    assert "Draft translation, not yet reviewed by a native speaker" in text
    assert text.endswith("Translators’ note: By hand.\n\nTranslated by Mina")


def test_each_phrase_is_one_of_the_templates() -> None:
    """Only so do translators get it."""
    templates = "".join(path.read_text("utf-8") for path in sorted((REPOSITORY / "templates").rglob("*.html")))
    code = Path(module.__file__).read_text("utf-8")
    phrases = re.findall(r'(?:phrase\(|signed = |, |changed = )["\']([A-Z{][^"\']*\w[^"\']*)["\']', code)
    assert len(phrases) > 7
    assert [each for each in phrases if each not in templates] == []


# --- pieces ---------------------------------------------------------------------------------------------------------------


def taken_apart(pieces: tuple[str, ...], locale: Locale) -> list[str]:
    """The pieces without their numbers, if these are right."""
    if len(pieces) == 1:
        return list(pieces)
    bare = []
    for number, piece in enumerate(pieces, 1):
        found = NUMBER.match(piece)
        assert found, piece[:20]
        assert found.groups() == (locale.digits(str(number)), locale.digits(str(len(pieces))))
        bare.append(piece[found.end() :])
    return bare


def test_a_long_document_is_cut_at_paragraphs() -> None:
    paragraphs = [f"Paragraph {number}. " + "Words of it are many. " * 30 for number in range(20)]
    pieces = messages(document("\n\n".join(paragraphs)), Words(EN), ADDRESS)
    assert len(pieces) == 4
    assert all(units(piece) < 4096 for piece in pieces)
    bare = taken_apart(pieces, EN)
    assert all(piece.startswith("Paragraph ") for piece in bare[1:])
    assert all(piece.endswith(("many.", ADDRESS)) for piece in bare)


def test_a_long_paragraph_is_cut_at_sentences_then_at_words() -> None:
    sentences = in_pieces([MessageLine("So it is with us all. " * 20)], EN, 100)
    assert all(piece.endswith("all.") for piece in sentences)
    words = in_pieces([MessageLine("so it is with us all " * 20)], EN, 100)
    assert all(re.search(r"\b(so|it|is|with|us|all)\Z", piece) for piece in words)


def test_a_heading_stays_with_what_it_heads() -> None:
    lines = [MessageLine("word " * 16), MessageLine("Heading", heading=True), MessageLine("text " * 12)]
    _, second = taken_apart(in_pieces(lines, EN, 100), EN)
    assert second.startswith("Heading\n\ntext")


def test_numbers_are_in_the_reader_s_digits() -> None:
    pieces = in_pieces([MessageLine("سیب " * 30)] * 4, FA, 200)
    assert pieces[0].startswith("\u200f(۱/")
    assert taken_apart(pieces, FA)
    adlam = Locale.parse("ff-Adlm")
    assert all(units(piece) <= 60 for piece in in_pieces([MessageLine("𞤀𞤁𞤂 " * 80)], adlam, 60))


def test_characters_outside_the_basic_plane_count_twice() -> None:
    pieces = in_pieces([MessageLine("𞤀" * 9000)], EN)
    assert [units(piece) <= LONGEST for piece in pieces] == [True] * len(pieces)
    assert len(pieces) == 5


def test_a_hostile_text_is_cut_in_time() -> None:
    text = "\u2068a\u2069" * 40_000 + "e" + "\u0301" * 20_000 + "https://a.org/" + "x" * 9_000
    pieces = in_pieces([MessageLine(balanced(text))], EN)
    assert all(units(piece) <= LONGEST for piece in pieces)
    assert substance("".join(taken_apart(pieces, EN))) == substance(text)


LETTERS = "ab. !?سیب۱۲٣。है́ि👩🏽‍🚒🇫🇷 \u200b\u00a0𞤀́"
WORD = st.one_of(
    st.text(LETTERS, min_size=1, max_size=12),
    st.text(LETTERS, max_size=10).map(lambda text: f"\u2068{text}\u2069"),
    st.text("ab/._-", min_size=1, max_size=15).map(lambda path: f"https://a.org/{path}z"),
)
LINE_TEXT = (
    st.lists(WORD, min_size=1, max_size=14)
    .map(" ".join)
    .map(lambda text: balanced(text).strip("\n "))
    .filter(lambda text: text.split())
)
LINES = st.lists(
    st.builds(MessageLine, LINE_TEXT, st.sampled_from(["\n", "\n\n"]), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=60)
@given(LINES, st.sampled_from([EN, FA, AR, AFF]))
def test_the_pieces_hold_all_the_text(lines: list[MessageLine], locale: Locale) -> None:
    longest = 120
    pieces = in_pieces(lines, locale, longest)
    bare = taken_apart(pieces, locale)
    assert all(bare)
    assert all(units(piece) <= longest for piece in pieces)
    assert substance("".join(bare)) == substance("".join(line.text for line in lines))
    for piece in pieces:
        assert balanced(piece) == piece


@settings(max_examples=60)
@given(LINES)
def test_nothing_is_cut_that_belongs_together(lines: list[MessageLine]) -> None:
    """No link, no isolate and no character as readers see it."""

    def counted(texts: list[str], of: Callable[[str], list[str]]) -> list[str]:
        return sorted(each for text in texts for each in of(text))

    bare = taken_apart(in_pieces(lines, EN, 120), EN)
    whole = [line.text for line in lines]
    links = re.compile(r"https://a\.org/\S+?z(?![/\w._-])")
    isolates = re.compile("\u2068[^\u2068\u2069]*\u2069")
    assert counted(bare, links.findall) == counted(whole, links.findall)
    assert counted(bare, isolates.findall) == counted(whole, isolates.findall)

    def clusters(text: str) -> list[str]:
        return [each for each in graphemes(text, True) if not INVISIBLE.fullmatch(each) and each.strip()]

    assert counted(bare, clusters) == counted(whole, clusters)


@pytest.mark.slow
def test_the_sample_in_every_language() -> None:
    from pipeline.renditions import renditions

    workspace = Workspace(REPOSITORY)
    inputs = workspace.read()
    for each in renditions(inputs):
        words = workspace.words(each.locale, inputs)
        pieces = messages(each.localized, words, ADDRESS)
        assert all(units(piece) < 4096 for piece in pieces)
        bare = taken_apart(pieces, each.locale)
        lines = message_lines(each.localized, words, ADDRESS)
        assert substance("".join(bare)) == substance("".join(line.text for line in lines))
        assert all(balanced(piece) == piece for piece in pieces)
        for organisation in each.localized.document.signatories():
            assert any(organisation.name in piece for piece in pieces)
        day = each.localized.document.adopted
        assert day is None or isinstance(day, date)
