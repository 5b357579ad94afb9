"""What is written can be searched, copied and heard: the text layer of a PDF, read back by poppler and by PDFium.

Words recovered is the lower of the two shares. Poppler reads in ``pdftotext``'s default order.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import page
import pikepdf
import polib
import pytest
from PIL import Image, ImageChops

from pipeline.fonts import FontSet, seal
from pipeline.locales import Locale
from pipeline.pool import Pool
from pipeline.typesetting import tagging, text_layer
from pipeline.workspace import Workspace
from tests.golden import in_worker
from tests.text_recovery import by_pdfium, by_poppler, page_of, recovered, scores, words_of, written, written_twice

REPOSITORY = Path(__file__).parents[1]
Writer = Callable[..., bytes]
TYPOGRAPHY = Workspace(REPOSITORY).typography

#: A sentence of our own in each script, and names as signatories write them.
TEXTS = {
    "en": "The typesetters of three towns meet each winter, and the office keeps affidavits of flour and coffee.",
    "ru": "Наборщики трёх городов встречаются каждую зиму и читают вслух письма друг друга.",
    "el": "Οι τυπογράφοι τριών πόλεων συναντιούνται κάθε χειμώνα και διαβάζουν γράμματα.",
    "zgh": "ⵉⵎⴰⵡⵏ ⵏ ⵜⵎⴰⵣⵉⵔⵜ ⴰⵔ ⵜⵜⵎⵢⴰⵇⵇⴰⵏ ⴽⵓ ⴰⵙⴳⴳⵯⴰⵙ",
    "hi": "तीन नगरों के अक्षर जोड़ने वाले हर शीत ऋतु में मिलते हैं, और एक दूसरे की चिट्ठियाँ पढ़ते हैं। संघर्ष",
    "ne": "तीन सहरका मुद्रकहरू प्रत्येक हिउँदमा भेट्छन् र एकअर्काका चिठीहरू पढ्छन्।",
    "si": "නගර තුනක අකුරු අමුණන්නෝ සෑම ශීත ඍතුවකම හමුවෙති. ශ්‍රී ලංකා වෘත්තීය සමිති",
    "ta": "மூன்று நகரங்களின் அச்சுக்கோப்பவர்கள் ஒவ்வொரு குளிர்காலத்திலும் சந்திக்கிறார்கள்.",
    "ml": "മൂന്നു നഗരങ്ങളിലെ അച്ചടിക്കാർ എല്ലാ ശൈത്യകാലത്തും കണ്ടുമുട്ടുന്നു, കത്തുകൾ വായിക്കുന്നു.",
    "bn": "তিন শহরের অক্ষরকর্মীরা প্রতি শীতে মিলিত হন এবং তাঁদের চিঠিপত্র পড়েন। শ্রমিক ঐক্য",
    "pa": "ਤਿੰਨ ਸ਼ਹਿਰਾਂ ਦੇ ਛਾਪਕ ਹਰ ਸਿਆਲ ਮਿਲਦੇ ਹਨ ਅਤੇ ਇੱਕ ਦੂਜੇ ਦੀਆਂ ਚਿੱਠੀਆਂ ਪੜ੍ਹਦੇ ਹਨ।",
    "km": "ជាងរៀបអក្សរ នៃទីក្រុងទាំងបី ជួបគ្នា រៀងរាល់រដូវរងា ហើយអាន សំបុត្រ",
    "my": "မြို့သုံးမြို့မှ စာစီသမားများ ဆောင်းရာသီတိုင်း တွေ့ဆုံကြသည်",
    "ar": "يلتقي صفّافو الحروف في ثلاث مدن كلَّ شتاء، ويقرؤون رسائلهم: رسالةً رسالة. الاتحاد 12 نقابة",
    "fa": "حروف‌چینان سه شهر هر زمستان گرد هم می‌آیند، و نامه‌های یکدیگر را می‌خوانند: نامهٔ نخست.",
    "ps": "د دریو ښارونو چاپګران هر ژمی سره ویني، او د یو بل لیکونه لولي.",
    "ckb": "پیتچنەکانی سێ شار هەموو زستانێک یەکتر دەبینن، و نامەکانی یەکتر دەخوێننەوە.",
    "ur": "تین شہروں کے حروف چیں ہر سردی میں ملتے ہیں، اور ایک دوسرے کے خطوط پڑھتے ہیں۔ مزدور یونین",
}
#: The share of the words that has to be found, by script or language; 1 for all others.
BARS = {"Deva": 0.95, "Sinh": 0.95, "Taml": 0.95, "Mlym": 0.95, "Beng": 0.95, "Guru": 0.95, "Arab": 0.85}


def bar(tag: str) -> float:
    return BARS.get(Locale.parse(tag).script, 1.0)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    cache = tmp_path_factory.mktemp("fonts")
    return seal(TYPOGRAPHY.all_families(), cache / "own", cache)


@pytest.fixture(scope="module")
def write(sealed: FontSet) -> Iterator[Writer]:
    """Writes a page in a process whose WeasyPrint is mended."""
    with Pool(sealed, 1) as pool:
        yield lambda html: in_worker(pool, written, html)


@pytest.fixture(scope="module")
def write_unmended(sealed: FontSet) -> Iterator[Writer]:
    """Writes a page in a process whose WeasyPrint is as it comes."""
    with Pool(sealed, 1) as pool:
        yield lambda html: in_worker(pool, written, html, False)


def ua_faults(pdf: bytes, folder: Path) -> str:
    """What ``page-validation`` has against a PDF as PDF/UA-1."""
    path = folder / "leaflet.pdf"
    path.write_bytes(pdf)
    said = str(page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1))
    return "" if "no failures" in said else said


def elements(pdf: bytes) -> list[dict[str, Any]]:
    """The elements of the tag tree: what they are, of what kind their children are, language and text."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            {
                "kind": str(each.S)[1:],
                "kids": [str(kid.S)[1:] for kid in each.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid],
                "lang": str(each.get("/Lang", "")),
                "text": str(each.get("/ActualText", "")),
            }
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"
        ]


# --- words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TEXTS)
def test_the_words_of_a_page_are_found_again(write: Writer, tmp_path: Path, tag: str) -> None:
    pdf = write(page_of([TEXTS[tag]] * 2, tag, TYPOGRAPHY))
    found = min(scores(f"{TEXTS[tag]} {TEXTS[tag]}", pdf))
    assert found >= bar(tag), f"{by_poppler(pdf)}\n{by_pdfium(pdf)}"
    assert ua_faults(pdf, tmp_path) == ""


def test_names_of_all_scripts_on_one_page_are_found_again(write: Writer, tmp_path: Path) -> None:
    """Names have no commas: on a page that is mostly left to right, poppler takes the parts beside one for two texts."""
    names = {tag: "".join(sign for sign in text if sign not in ",،:.12") for tag, text in TEXTS.items()}
    divs = "".join(
        f'<div lang="{tag}" dir="{Locale.parse(tag).direction}" style="font-family:{families(tag)}">{name}</div>'
        for tag, name in names.items()
    )
    pdf = write(page_of([], "en", TYPOGRAPHY).replace("<body>", f"<body>{divs}"))
    assert min(scores(" ".join(names.values()), pdf)) > 0.95
    assert ua_faults(pdf, tmp_path) == ""


def families(tag: str) -> str:
    return ",".join(f"'{each}'" for each in TYPOGRAPHY.families(Locale.parse(tag)))


def test_without_the_mend_neither_words_nor_pdf_ua_are_right(write_unmended: Writer, tmp_path: Path) -> None:
    pdf = write_unmended(page_of([TEXTS["hi"]], "hi", TYPOGRAPHY))
    assert min(scores(TEXTS["hi"], pdf)) < 0.8
    assert "ToUnicode" in ua_faults(pdf, tmp_path)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("letterspacing kept words", "letter-spacing:.2em"),
        ("हिन्दी में अक्षर", "letter-spacing:.1em"),
        ("soft\u00adhyphen\u00adated words at the nar\u00adrow mar\u00adgin", "width:6em"),
        ("été naïve e\u0301te\u0301", ""),
        ("small Capitals here", "font-variant:small-caps"),
        ("“quoted” – 12 % of № 5…", ""),
        ("ellipsis is kept short here", "width:40em;white-space:nowrap;overflow:hidden;text-overflow:ellipsis"),
    ],
)
def test_what_else_a_line_may_hold(write: Writer, tmp_path: Path, text: str, style: str) -> None:
    html = page_of([], "hi", TYPOGRAPHY).replace("<body>", f'<body><p style="{style}">{text}</p>')
    pdf = write(html)
    plain = text.replace("\u00ad", "")
    assert recovered(plain, by_poppler(pdf)) == 1, by_poppler(pdf)
    assert ua_faults(pdf, tmp_path) == ""


def test_text_in_a_drawing_is_text(write: Writer) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><title>t</title><text x="9" y="30">{}</text></svg>'
    html = page_of([], "hi", TYPOGRAPHY).replace("<body>", f"<body>{drawing.format('संघर्ष की')}")
    assert words_of(by_poppler(write(html))) == words_of("संघर्ष की")


@pytest.mark.slow
@pytest.mark.parametrize("tag", "ar de-1996 el-monoton es fa fr hi pa ru sw ta tr zgh".split())
def test_the_words_of_the_declaration_are_found_again(write: Writer, shared: Path, tag: str) -> None:
    judge(write, shared / "udhr" / "po" / f"{tag}.po", tag.partition("-")[0])


@pytest.mark.slow
@pytest.mark.parametrize("tag", "am bn ckb fa-AF hy ka ml ne pl ps si sr uk ur vi".split())
def test_the_words_of_the_sample_are_found_again(write: Writer, tag: str) -> None:
    judge(write, REPOSITORY / "locales" / tag / "open-translation.po", tag)


def judge(write: Writer, path: Path, tag: str) -> None:
    # Links and emphasis are Markdown's signs, not words.
    plain = re.compile(r"\]\([^)]*\)|[\[\]()*^`_]")
    paragraphs = [plain.sub("", entry.msgstr) for entry in polib.pofile(str(path))]
    pdf = write(page_of(paragraphs, tag, TYPOGRAPHY))
    poppler, pdfium = scores(" ".join(paragraphs), pdf)
    print(f"{tag}: words recovered by poppler {poppler:.3f}, by PDFium {pdfium:.3f}")
    assert min(poppler, pdfium) >= bar(tag)


# --- pictures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["en", "hi", "ta", "km", "ar", "fa", "ur"])
def test_no_pixel_changes(write: Writer, write_unmended: Writer, tag: str) -> None:
    """As poppler draws. PDFium ignores the last number of a string that begins with ``<>``, and WeasyPrint writes such."""
    html = page_of([TEXTS[tag]] * 2, tag, TYPOGRAPHY)
    before, after = (raster(writer(html)) for writer in (write_unmended, write))
    assert ImageChops.difference(before, after).getbbox() is None


def raster(pdf: bytes) -> Image.Image:
    done = subprocess.run(["pdftoppm", "-r", "100", "-"], input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout))


# --- tags -----------------------------------------------------------------------------------------------------------------


def test_foreign_words_say_their_language(write: Writer, tmp_path: Path) -> None:
    body = '<div lang="ar" dir="rtl">نقابة</div><p>The <span lang="hi">संघ</span> and <b lang="en">home</b></p>'
    html = page_of([], "en", TYPOGRAPHY).replace(
        "<body>", f'<body style="font-family:{families("ar")},{families("hi")}">{body}'
    )
    pdf = write(html)
    assert {(each["kind"], each["lang"]) for each in elements(pdf) if each["lang"]} == {("Div", "ar"), ("Span", "hi")}
    assert ua_faults(pdf, tmp_path) == ""


@pytest.mark.parametrize(
    "body",
    [
        "<ol><li><p>One</p><p>Two</p></li><li>Three</li></ol>",
        "<ol><li><p>One</p><ol><li><p>In</p><p>side</p></li></ol><p>Two</p></li></ol>",
        "<table><tr><th scope='row'>a</th><td><ol><li><p>One</p><p>Two</p></li></ol></td></tr></table>",
        '<ol class="row"> <li>One</li> <li>Two</li> <li>Three</li> </ol>',
    ],
)
def test_lists_hold_items_and_items_hold_a_body(
    write: Writer, write_unmended: Writer, tmp_path: Path, body: str
) -> None:
    html = page_of([], "en", TYPOGRAPHY).replace(
        "<body>", f"<style>.row li{{display:inline-block}}</style><body>{body}"
    )
    assert "KIDS" in ua_faults(write_unmended(html), tmp_path)
    pdf = write(html)
    assert ua_faults(pdf, tmp_path) == ""
    for each in elements(pdf):
        if each["kind"] == "L":
            assert set(each["kids"]) <= {"LI", "L"}
        if each["kind"] == "LI":
            assert each["kids"] in (["Lbl", "LBody"], ["LBody"])


def test_a_line_of_nastaliq_says_its_text_in_reading_order(write: Writer) -> None:
    pdf = write(page_of(["مزدور یونین"], "ur", TYPOGRAPHY))
    assert [each["text"] for each in elements(pdf) if each["text"]] == ["مزدور یونین"]


# --- the mend itself ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [text_layer, tagging])
def test_another_weasyprint_is_not_mended(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    monkeypatch.setattr(module, "version", lambda _: "70.1")
    with pytest.raises(RuntimeError, match=r"70\.1"):
        module.mend()


def test_the_versions_are_the_engines() -> None:
    from pipeline.typesetting import engine

    assert text_layer.PINNED == tagging.PINNED == engine.PINNED


def test_the_same_bytes_twice_and_after_another_page(write: Writer) -> None:
    urdu = page_of([TEXTS["ur"], TEXTS["ar"]], "ur", TYPOGRAPHY)
    first = write(urdu)
    write(page_of([TEXTS["bn"], TEXTS["ur"][::-1]], "bn", TYPOGRAPHY))
    assert write(urdu) == first


def test_the_same_bytes_in_another_process(write: Writer, sealed: FontSet) -> None:
    html = page_of([TEXTS["hi"]], "hi", TYPOGRAPHY)
    with Pool(sealed, 1) as other:
        assert in_worker(other, written, html) == write(html)


def test_one_layout_written_twice_is_the_same_bytes(sealed: FontSet) -> None:
    """Signs of the first page get another meaning on the second: the second writing must not know it from the first."""
    html = page_of(["Latin: 12, now."], "ar", TYPOGRAPHY).replace("<p>", '<p dir="ltr" lang="en">', 1)
    html = html.replace("</body>", f"<p>{TEXTS['ar']}</p></body>")
    with Pool(sealed, 1) as other:
        first, second = in_worker(other, written_twice, html)
    assert first == second
