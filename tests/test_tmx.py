"""Translation memories as other programs write and read them: TMX 1.4b."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, Message
from pipeline.translation.tmx import LARGEST, read_tmx, write_tmx

EN, DE, PT, BRAZIL = (Locale.parse(tag) for tag in ("en", "de", "pt", "pt-BR"))


def catalog(*messages: Message, locale: Locale = DE, headers: str = "") -> Catalog:
    return Catalog(f"locales/{locale.tag}/letter.po", locale, Message("", (headers,)), messages)


def tmx(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n') -> bytes:
    return f'{head}<tmx version="1.4">\n<header srclang="en"/>\n<body>\n{body}\n</body>\n</tmx>\n'.encode()


def unit(source: str, target: str, tags: tuple[str, str] = ("en", "de"), attribute: str = "xml:lang") -> str:
    texts = zip(tags, (source, target), strict=True)
    return "<tu>" + "".join(f'<tuv {attribute}="{tag}"><seg>{text}</seg></tuv>' for tag, text in texts) + "</tu>"


def read(content: bytes, source: Locale = EN, target: Locale = DE) -> list[tuple[str, str]]:
    return [(each.msgid, each.msgstr[0]) for each in read_tmx(content, "memory.tmx", source, target)]


def complaint(content: bytes, source: Locale = EN, target: Locale = DE) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_tmx(content, "memory.tmx", source, target)
    (found,) = caught.value.diagnostics
    assert found.hint
    return f"{found.location}: {found.message} [{found.code}]"


# --- writing ----------------------------------------------------------------------------------------------------------


def test_what_is_translated_is_written_once_and_says_nothing_of_people_or_days() -> None:
    bread = Message("Bread & roses", ("Brot & Rosen",), translator_comments=("Ada, ada@example.org",))
    doubtful = Message("Water", ("Wasser",), fuzzy=True)
    dropped = Message("Roads", ("Wege",), obsolete=True)
    header = "Last-Translator: Ada <ada@example.org>\nPO-Revision-Date: 2026-11-22 00:00+0000\n"
    letter = catalog(bread, doubtful, dropped, Message("Not yet"), headers=header)
    written = write_tmx([letter, replace(letter, path="locales/de/other.po")], EN)
    assert written.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
        '<tmx version="1.4">\n'
        '<header creationtool="Polyleaf" creationtoolversion="0.1.0" segtype="paragraph" o-tmf="gettext" adminlang="en"'
        ' srclang="en" datatype="plaintext"/>\n'
        "<body>\n"
        "<tu>\n"
        '<tuv xml:lang="en"><seg>Bread &amp; roses</seg></tuv>\n'
        '<tuv xml:lang="de"><seg>Brot &amp; Rosen</seg></tuv>\n'
        "</tu>\n"
        "</body>\n"
        "</tmx>\n"
    )


def test_it_has_what_the_document_type_asks_for() -> None:
    root = ET.fromstring(write_tmx([catalog(Message("a <b>", ("ä <b>",), "title"))], EN))
    assert (root.tag, root.get("version"), [each.tag for each in root]) == ("tmx", "1.4", ["header", "body"])
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert set(root[0].attrib) == required
    (tu,) = root[1]
    assert [each.tag for each in tu] == ["prop", "tuv", "tuv"]
    assert [each.text for each in tu.iter("seg")] == ["a <b>", "ä <b>"]


def test_a_plural_is_written_for_one_and_for_many() -> None:
    forms = ("ноль", "один", "два", "мало", "много", "иные")
    arabic = "Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\n"
    plural = Message("{n} page", forms, msgid_plural="{n} pages")
    many = catalog(plural, locale=Locale.parse("ar"), headers=arabic)
    assert read(write_tmx([many], EN), target=Locale.parse("ar")) == [("{n} page", "один"), ("{n} pages", "мало")]
    broken = replace(many, header=Message("", ("Plural-Forms: nplurals=6; plural=n/0;\n",)))
    assert read(write_tmx([broken], EN), target=Locale.parse("ar"))[0] == ("{n} page", "один")


def test_what_only_a_draft_has_is_marked() -> None:
    draft = catalog(Message("Bread", ("Brot",)), headers="X-Polyleaf-State: draft\n")
    read_by_people = catalog(Message("Bread", ("Brot",)))
    mark = b'<prop type="x-state">draft</prop>'
    assert mark in write_tmx([draft], EN)
    assert mark not in write_tmx([draft, read_by_people], EN)


def test_control_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert read(write_tmx([catalog(Message("a\x0b\ufffe\tb", ("ä\x00\r\x1bö",)))], EN)) == [("a\tb", "ä\rö")]


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t<>&\"' ]"), min_size=1, max_size=12
)
MESSAGES = st.builds(
    lambda msgid, msgstr, context: Message(msgid, (msgstr,), context),
    TEXTS.filter(str.strip),
    TEXTS.filter(str.strip),
    st.sampled_from([None, "title"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MESSAGES, min_size=1, max_size=8, unique_by=lambda each: each.key))
def test_what_is_written_is_read_again(messages: list[Message]) -> None:
    spoken = tuple(replace(each, msgid=each.msgid.replace("\ufffe", "").replace("\uffff", "")) for each in messages)
    spoken = tuple(each for each in dict.fromkeys(spoken) if each.msgid.strip() and "\ufffe" not in each.msgstr[0])
    spoken = tuple(each for each in spoken if "\uffff" not in each.msgstr[0])
    if spoken:
        assert read_tmx(write_tmx([catalog(*spoken)], EN), "x.tmx", EN, DE) == spoken


# --- reading what programs write --------------------------------------------------------------------------------------

OMEGAT = """<tu creationid="ada" changedate="20260101T000000Z">
  <note>a note for ada@example.org</note>
  <prop type="file">letter.md</prop><prop type="prev">Water</prop>
  <tuv lang="EN-US"><seg><bpt i="0" x="0">&lt;b0&gt;</bpt>Bread<ept i="0">&lt;/b0&gt;</ept> for all</seg></tuv>
  <tuv lang="DE" changeid="ada"><seg><bpt i="0" x="0">&lt;b0&gt;</bpt>Brot<ept i="0">&lt;/b0&gt;</ept> für alle</seg></tuv>
</tu>"""
TRADOS = """<tu creationdate="20030502T143356Z" creationid="ADA">
<tuv xml:lang="EN-GB"><seg>{\\cs6 <ut>{\\b </ut>Bread<ut>}</ut> for all</seg></tuv>
<tuv xml:lang="DE-DE"><seg>{\\cs6 <ut>{\\b </ut>Brot<ut>}</ut> für alle</seg></tuv>
</tu>""".replace("{\\cs6 ", "")
WEBLATE = """<tu tuid="1"><note>x</note><tuv xml:lang="en"><seg>Bread for all</seg></tuv>
<tuv xml:lang="de"><seg>Brot für alle</seg></tuv></tu>"""
LOKALIZE = """<tu><prop type="x-file">x.po</prop><tuv xml:lang="en_US"><seg>Bread <hi>for</hi> all</seg></tuv>
<tuv xml:lang="de_DE"><seg>Brot <it pos="begin">&lt;p&gt;</it>für <hi type="x">alle</hi></seg></tuv></tu>"""


@pytest.mark.parametrize("body", [OMEGAT, TRADOS, WEBLATE, LOKALIZE], ids=["OmegaT", "Trados", "Weblate", "Lokalize"])
def test_the_codes_of_other_programs_and_the_names_of_people_are_left_out(body: str) -> None:
    messages = read_tmx(tmx(body), "memory.tmx", EN, DE)
    assert messages == (Message("Bread for all", ("Brot für alle",)),)
    assert "ada" not in str(messages).lower()


def test_text_within_a_code_is_text() -> None:
    body = unit(
        'A map<ph>&lt;img alt="<sub>of <it>*</it>rivers</sub>"&gt;</ph>.', "Eine Karte<ph>…<sub>der Flüsse</sub></ph>."
    )
    assert read(tmx(body)) == [("A mapof rivers.", "Eine Karteder Flüsse.")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"])
def test_encodings(encoding: str) -> None:
    named = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    text = tmx(unit("Bread", "Brötchen")).decode().replace("UTF-8", named)
    assert read(text.encode(encoding)) == [("Bread", "Brötchen")]


@pytest.mark.parametrize(
    ("tags", "source", "target", "found"),
    [
        (("en", "de"), "en", "de", True),
        (("EN-US", "DE-DE"), "en", "de", True),
        (("en_GB", "de-AT"), "en", "de", True),
        (("en", "de"), "en", "de-AT", True),
        (("en", "de-AT"), "en", "de-CH", False),
        (("de", "en"), "en", "de", True),
        (("en", "sr-Latn-RS"), "en", "sr-Latn", True),
        (("en", "sr-Cyrl-RS"), "en", "sr-Latn", False),
        (("en", "zh-TW"), "en", "zh-Hant", True),
        (("en", "prs"), "en", "fa-AF", True),
        (("en", "ku"), "en", "kmr", True),
        (("en", "not a language"), "en", "de", False),
        (("en", "nds"), "en", "de", False),
    ],
)
def test_a_region_more_or_less_is_the_same_language(
    tags: tuple[str, str], source: str, target: str, found: bool
) -> None:
    content = tmx(unit("a", "b", tags))
    if found:
        original = "b" if tags == ("de", "en") else "a"
        assert read(content, Locale.parse(source), Locale.parse(target))[0][0] == original
    else:
        assert "[no-translations]" in complaint(content, Locale.parse(source), Locale.parse(target))


def test_of_several_languages_the_nearest_is_taken() -> None:
    texts = {"en": "bus", "pt-PT": "autocarro", "pt-BR": "ônibus", "fr": "bus"}
    body = "<tu>" + "".join(f'<tuv xml:lang="{tag}"><seg>{text}</seg></tuv>' for tag, text in texts.items()) + "</tu>"
    assert read(tmx(body), EN, BRAZIL) == [("bus", "ônibus")]
    assert read(tmx(body), EN, PT) == [("bus", "autocarro"), ("bus", "ônibus")]
    assert read(tmx(body), BRAZIL, PT) == [("ônibus", "autocarro")]
    assert read(tmx(body), PT, BRAZIL) == [("autocarro", "ônibus")]


def test_every_translation_of_a_text_is_there_and_the_very_same_once() -> None:
    body = unit("Bread", "Brot") + unit("Bread", "Das Brot") + unit("Bread", "Brot") + unit(" ", "x") + unit("y", "")
    assert read(tmx(body)) == [("Bread", "Brot"), ("Bread", "Das Brot")]


def test_lines_are_known() -> None:
    (first, second) = read_tmx(tmx(unit("a", "b") + "\n\n" + unit("c", "d")), "memory.tmx", EN, DE)
    assert (first.line, second.line) == (6, 8)


def test_a_unit_without_the_languages_is_left_out() -> None:
    alone = '<tu><tuv xml:lang="en"><seg>Bread</seg></tuv></tu><tu/>'
    assert read(tmx(alone + unit("Water", "Wasser"))) == [("Water", "Wasser")]


def test_a_namespace_does_no_harm() -> None:
    content = tmx(unit("a", "b")).replace(b'version="1.4"', b'version="1.4" xmlns="http://www.lisa.org/tmx14"')
    assert read(content) == [("a", "b")]


# --- hostile and broken files -----------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?>\n<!DOCTYPE tmx [<!ENTITY l0 "lol">{LAUGHS}]>\n'
THIEF = '<?xml version="1.0"?>\n<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
REMOTE = '<?xml version="1.0"?>\n<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://example.org/x.dtd"> %x;]>\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (tmx(unit("&l9;", "b"), BOMB), "memory.tmx:2: the file declares a document type of its own [tmx-doctype]"),
        (tmx(unit("&x;", "b"), THIEF), "memory.tmx:2: the file declares a document type of its own [tmx-doctype]"),
        (tmx(unit("a", "b"), REMOTE), "memory.tmx:2: the file declares a document type of its own [tmx-doctype]"),
        (
            tmx(unit("a", "b"), '<!DOCTYPE html SYSTEM "x">\n'),
            "memory.tmx:1: the file declares a document type of its own [tmx-doctype]",
        ),
        (tmx(unit("a&nbsp;b", "c")), "memory.tmx:6: nobody knows what &nbsp; means [tmx-entity]"),
        (tmx(unit("a", "b"))[:-30], "memory.tmx:6: the file is damaged, or no TMX: unclosed token [not-tmx]"),
        (b"", "memory.tmx:1: the file is damaged, or no TMX: no element found [not-tmx]"),
        (b"a,b\nc,d\n", "memory.tmx:1: the file is damaged, or no TMX: syntax error [not-tmx]"),
        (b"<html>\n<body/></html>", "memory.tmx:1: the file is XML, but no TMX: it begins with <html> [not-tmx]"),
        (
            tmx(unit("a&#x1F;", "b")),
            "memory.tmx:6: the file is damaged, or no TMX: reference to invalid character number [not-tmx]",
        ),
        (
            tmx(unit("a", "b"), '<?xml version="1.0" encoding="utf-16"?>\n'),
            "memory.tmx:1: the file is damaged, or no TMX: encoding specified in XML declaration is incorrect [not-tmx]",
        ),
        (
            tmx(unit("a", "b"), '<?xml version="1.0" encoding="klingon"?>\n'),
            "memory.tmx:1: the file's encoding is unknown (unknown encoding: klingon) [not-tmx]",
        ),
        (
            tmx(unit("a", "b"), '<?xml version="1.0" encoding="shift_jis"?>\n'),
            "memory.tmx:1: the file's encoding is unknown (multi-byte encodings are not supported) [not-tmx]",
        ),
        (
            b"<tmx>" * 100_000,
            "memory.tmx:1: its elements are nested too deeply [not-tmx]",
        ),
        (
            tmx(unit("a", "b", ("en", "fr"))),
            "memory.tmx: the file has no translation from en into de [no-translations]",
        ),
        (tmx(""), "memory.tmx: the file has no translation from en into de [no-translations]"),
        (b" " * (LARGEST + 1), "memory.tmx: the file is larger than 50 MB [too-large]"),
    ],
    ids=range(17),
)
def test_what_is_no_sound_tmx_is_refused_with_its_place(content: bytes, said: str) -> None:
    assert complaint(content) == said


def test_the_languages_that_are_there_are_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_tmx(tmx(unit("a", "b", ("en-US", "fr"))), "memory.tmx", EN, DE)
    assert caught.value.diagnostics[0].hint == "its languages are en-US, fr"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_a_crash(data: st.DataObject) -> None:
    content = bytearray(tmx(OMEGAT + TRADOS + WEBLATE + LOKALIZE))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        messages = read_tmx(bytes(content), "memory.tmx", EN, DE)
    except InvalidInput as refused:
        json.dumps([each.as_dict() for each in refused.diagnostics])
    else:
        assert all(each.msgid.strip() and each.msgstr[0].strip() for each in messages)
