"""A character that no font of its language has is named before anything is typeset, with the segment it stands in."""

from __future__ import annotations

from pipeline.diagnostics import Location
from pipeline.typesetting.glyphs import letters, missing_glyphs
from pipeline.typesetting.page import Page, Run
from tests.golden import bare_page

FONTS = {"Latin": frozenset(range(0x20, 0x7F)), "Persian": frozenset(range(0x600, 0x700)) | {ord(" ")}}


def page(html: str, digits: str = "0123456789", *runs: Run) -> Page:
    families = (("en", ("Latin",)), ("fa", ("Persian", "Latin")))
    return bare_page(html, digits=digits, families=families, runs=runs)


def missing(html: str, *runs: Run, digits: str = "0123456789") -> list[str]:
    return [str(each) for each in missing_glyphs(page(html, digits, *runs), lambda family: FONTS[family])]


def test_letters_are_gathered_by_language() -> None:
    html = '<html lang="en"><title>T</title><style>s</style>a<p lang="fa">ب<br>پ<b>ت</b></p>c&amp;<img alt="x">d'
    assert letters(html) == {"en": set("ac&d"), "fa": set("بپت")}


def test_what_the_fonts_have_is_no_complaint() -> None:
    assert missing('<html lang="en">abc <p lang="fa">سلام abc</p>') == []


def test_white_space_and_format_characters_need_no_glyph() -> None:
    assert missing('<html lang="en">a\u200c\u2066b\u2069\u202f\u00a0\ufe0f\n\t\u00ad</html>') == []


def test_a_missing_character_is_named_with_its_segment_and_locale() -> None:
    run = Run("Peace ☮ now", Location("locales/en/x.po", 12), "en")
    (complaint,) = missing('<html lang="en">Peace ☮ now</html>', Run("other", Location("y"), "en"), run)
    assert complaint.startswith(
        "locales/en/x.po:12: error: no font for en has “☮” (U+262E PEACE SYMBOL), in “Peace ☮ now” [missing-glyph]"
    )


def test_a_character_is_missing_in_its_own_language_only() -> None:
    (complaint,) = missing('<html lang="en">س<p lang="fa">س</p></html>')
    assert complaint.startswith("templates: error: no font for en has “س” (U+0633 ARABIC LETTER SEEN)")


def test_page_numbers_need_their_digits() -> None:
    assert len(missing('<html lang="en">a</html>', digits="০১২৩৪৫৬৭৮৯")) == 10


def test_a_language_without_fonts_is_told_and_does_not_crash() -> None:
    assert len(missing('<html lang="en"><p lang="zgh">ⴰ</p></html>')) == 1
