"""Pseudo-locales change words and nothing else, and a whole leaflet can be made of them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.source.markdown import grammar
from pipeline.translation.catalog import Message, State, parse_catalog, serialize
from pipeline.translation.localize import localize
from pipeline.translation.pseudo import CLOSE, OPEN, Kind, pseudo, pseudo_catalog
from pipeline.translation.update import template
from pipeline.workspace import Inputs, Workspace
from tests.golden import ORCHARD, REPOSITORY

KINDS: tuple[Kind, ...] = ("long", "rtl")
LONG, RTL = Locale.parse("qps-long"), Locale.parse("qps-rtl")


def test_words_become_longer_and_carry_accents() -> None:
    text = (
        "Nobody should have to ask a stranger what their own papers say, and nobody should have to pay for an answer."
    )
    longer = pseudo(text, "long")
    assert longer.startswith(f"{OPEN}Ńóóḃóóḋý")
    assert 1.3 < len(longer) / len(text) < 1.5
    assert "á" in longer
    assert not re.search("[ace]", longer)


def test_letters_become_arabic_ones_without_any_control() -> None:
    made = pseudo("Water, for all?", "rtl")
    assert made == "⁅شاتعر، فور الل؟⁆"
    assert {unicodedata.bidirectional(letter) for letter in made} == {"AL", "ON", "WS", "CS"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "kept",
    [
        "`code of the gate`",
        "](https://example.org/a_(b)?x=1 'the well')",
        "](<a place.png>)",
        "[^note]",
        "<https://example.org/a>",
        "&nbsp;",
        "{signatories}",
        "%(name)s",
        "%d",
        "https://example.org/open",
        "www.example.org",
        "someone@example.org",
        "10 September 2014".split(maxsplit=1)[0],
        "1.000,50",
        "2001–2002",
        "30th",
        "ICOR",
        "\\*",
    ],
)
def test_what_is_not_words_stays(kind: Kind, kept: str) -> None:
    text = f"See [the well {kept} by **night**" if kept.startswith("](") else f"See {kept} by **night**"
    made = pseudo(text, kind, ("note",))
    assert kept in made
    assert "night" not in made
    assert made.count("**") == 2


def test_a_heading_in_capitals_is_no_acronym() -> None:
    assert pseudo("WATER FOR ALL 30", "long").startswith("⁅ẂÁ")


def test_the_brackets_stand_around_each_text_and_mirror() -> None:
    assert (pseudo("Water", "long")[0], pseudo("Water", "long")[-1]) == (OPEN, CLOSE)
    assert unicodedata.mirrored(OPEN)
    assert unicodedata.mirrored(CLOSE)


@pytest.mark.parametrize("kind", KINDS)
def test_where_brackets_would_be_markup_they_are_left_out(kind: Kind) -> None:
    made = pseudo("**«**a**»**", kind)
    assert grammar(made, ()) == grammar("**«**a**»**", ())


PIECES = st.sampled_from(
    ["water", "Tor", " ", "*", "**", "_", "`", "[", "](https://example.org)", "![", "](x.png)", "[^1]", "[^2]", "\\", "\\\n",
     "{n}", "&amp;", "<", ">", "12", ".", ",", "«", "»", "é", "ж", "中", "ICOR", "http://a.example", "(", ")", '"', "\u200d"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(KINDS))
def test_the_markup_of_any_text_survives(text: str, kind: Kind) -> None:
    labels = ("1",)
    assert grammar(pseudo(text, kind, labels), labels) == grammar(text, labels)


@given(st.text(max_size=60), st.sampled_from(KINDS))
def test_any_text_can_be_made_and_is_made_the_same_again(text: str, kind: Kind) -> None:
    made = pseudo(text, kind)
    assert made == pseudo(text, kind)
    assert [each for each in made if each.isdigit()] == [each for each in text if each.isdigit()]
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e") - set(text)


# --- whole catalogs ----------------------------------------------------------------------------------------------------


def read(root: Path) -> Inputs:
    return Workspace(root).read()


@pytest.mark.parametrize("locale", [LONG, RTL], ids=str)
@pytest.mark.parametrize("root", [REPOSITORY, ORCHARD], ids=["polyleaf", "orchard"])
def test_every_document_is_whole_in_a_pseudo_locale_and_has_no_fault(root: Path, locale: Locale) -> None:
    inputs = read(root)
    names = template(
        "organisations", (s for o in inputs.registry.organisations if (s := o.segment(Locale.parse("en")))), "P", ""
    )
    for document in inputs.documents:
        catalog = pseudo_catalog(template(document.id, document.own_segments(), "P", ""), locale)
        assert catalog.path == f"locales/{locale.tag}/{document.id}.po"
        localized = localize(document, catalog, pseudo_catalog(names, locale), locale)
        assert localized.diagnostics == ()
        assert localized.coverage.percent == 100
        assert {each.locale for each in localized.segments() if each.state is State.TRANSLATED} == {locale}
        assert all(each.text[0] == OPEN and each.text[-1] == CLOSE for each in localized.segments())


def test_a_pseudo_catalog_is_a_catalog() -> None:
    plural = Message("{n} well", ("", ""), msgid_plural="{n} wells")
    made = pseudo_catalog(template("w", read(ORCHARD).documents[0].own_segments(), "P", "2026-02-21 00:00+0000"), RTL)
    made = type(made)(made.path, RTL, made.header, (*made.messages, plural))
    assert parse_catalog(serialize(made), made.path, RTL) == made
    assert made.header_value("Language") == "qps-rtl"
    assert made.header_value("Plural-Forms") == RTL.plural_forms


def test_plural_forms_are_made_of_the_plural() -> None:
    catalog = pseudo_catalog(template("w", (), "P", ""), LONG)
    extracted = type(catalog)("w.pot", None, catalog.header, (Message("a well", ("", ""), msgid_plural="{n} wells"),))
    assert pseudo_catalog(extracted, LONG).messages[0].msgstr == (pseudo("a well", "long"), pseudo("{n} wells", "long"))


def test_another_language_is_no_pseudo_locale() -> None:
    with pytest.raises(ValueError, match="de is not a pseudo-locale: there are qps-long, qps-rtl"):
        pseudo_catalog(template("w", (), "P", ""), Locale.parse("de"))


def test_the_fonts_of_print_have_every_sign_of_them() -> None:
    tables = pytest.importorskip("fontTools.ttLib")
    fonts = Path("/usr/share/fonts/truetype/noto")
    if not (fonts / "NotoSans-Regular.ttf").is_file():
        pytest.skip("the fonts of Noto are not here")
    alphabet = (
        "The quick brown fox jumps over the lazy dog, QUICK BROWN FOX JUMPS OVER LAZY DOG?; abcdefghijklmnopqrstuvwxyz"
    )
    sans = set(tables.TTFont(fonts / "NotoSans-Regular.ttf").getBestCmap())
    naskh = set(tables.TTFont(fonts / "NotoNaskhArabic-Regular.ttf").getBestCmap())
    assert {letter for letter in pseudo(alphabet, "long") if ord(letter) not in sans} == set()
    assert {letter for letter in pseudo(alphabet, "rtl") if ord(letter) not in naskh | sans} == set()
