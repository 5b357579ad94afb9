"""How far each document is in each language: words, rows, the table, the page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli_check import print_status
from pipeline.cli_check import status as status_verb
from pipeline.diagnostics import Diagnostic, Location
from pipeline.locales import Locale
from pipeline.renditions import Options
from pipeline.status import LanguageStatus, Status, StatusRow, Words, status
from pipeline.status_page import MOST_COLUMNS, MOST_ROWS, duration, picture, status_html
from pipeline.translation.localize import Coverage
from pipeline.word_count import word_count
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of, traces

EVERYTHING = Options()


def run(*arguments: object, folder: Path = ORCHARD) -> Result:
    return CliRunner().invoke(status_verb, [str(each) for each in arguments], obj=folder, catch_exceptions=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def row(of: Status, document: str, tag: str) -> StatusRow:
    return next(each for each in of.rows if (each.document, each.locale.tag) == (document, tag))


def language(of: Status, tag: str) -> LanguageStatus:
    return next(each for each in of.languages if each.locale.tag == tag)


def spoil(root: Path, path: str = "locales/fa/well.po") -> None:
    catalog = root / path
    catalog.write_text(re.sub(r'^msgid "(\w)', r'msgid "" \1', catalog.read_text("utf-8"), flags=re.MULTILINE), "utf-8")


# --- words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("Don’t sell the well-water!", 4),
        ("bread/water and salt", 4),
        ("before—after", 2),
        ("10 % of 1,000", 3),
        ("हिन्दी में लिखो", 3),
        ("خوانش‌گاه سرو", 2),
        ("물을 팔지 마라", 3),
        ("水", 1),
        ("我们需要干净的水和面包，不是空话。", 5),
        ("私たちの水", 2),
        ("UNESCO 的水", 2),
        ("น้ำสะอาดเพื่อทุกคน", 3),
        ("ទឹក\u200bស្អាត", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert word_count(text) == words


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_never_vanish_in_a_longer_text(one: str, other: str) -> None:
    assert word_count(one) >= 0
    assert word_count(f"{one}\n{other}") + 1 >= max(word_count(one), word_count(other))


@given(st.lists(st.from_regex(r"[a-zäñ]{1,9}", fullmatch=True), max_size=20))
def test_spaced_words_are_what_a_person_counts(words: list[str]) -> None:
    assert word_count(" ".join(words)) == len(words)


def test_markup_is_no_words(root: Path) -> None:
    one = row(status(Workspace(root), EVERYTHING), "well", "fr").words.total
    source = root / "sources" / "well.md"
    source.write_text(source.read_text("utf-8") + "\n[Two words](https://example.org/a/very/long/path)\n", "utf-8")
    assert row(status(Workspace(root), EVERYTHING), "well", "fr").words.total == one + 2


def test_what_is_not_to_be_translated_is_no_work(root: Path) -> None:
    before = row(status(Workspace(root), EVERYTHING), "well", "fr").words
    source = root / "sources" / "well.md"
    source.write_text(source.read_text("utf-8") + "\n<!-- i18n:skip -->\n\nCount me not.\n", "utf-8")
    assert row(status(Workspace(root), EVERYTHING), "well", "fr").words == before


@pytest.mark.parametrize(
    ("words", "percent", "minutes"),
    [
        (Words(), 100, 0),
        (Words(199, 0, 1), 99, 1),
        (Words(0, 1, 15), 0, 2),
        (Words(1, 0, 17), 5, 3),
        (Words(9), 100, 0),
    ],
)
def test_estimates_are_rounded_towards_more_work(words: Words, percent: int, minutes: int) -> None:
    assert (words.percent, words.minutes) == (percent, minutes)


# --- rows -----------------------------------------------------------------------------------------------------------------


def test_a_row_says_segments_and_words() -> None:
    german = row(status(Workspace(ORCHARD), EVERYTHING), "orchard", "de")
    assert german.coverage == Coverage(5, 0, 18)
    assert german.percent == 21
    assert german.words.left == german.words.untranslated > 18
    assert german.words.total > german.words.left
    assert not german.draft
    assert row(status(Workspace(ORCHARD), EVERYTHING), "orchard", "el").draft


def test_the_source_language_is_no_translation() -> None:
    assert "en" not in {each.locale.tag for each in status(Workspace(ORCHARD), EVERYTHING).rows}


def test_a_fuzzy_text_is_left(root: Path) -> None:
    before = row(status(Workspace(root), EVERYTHING), "well", "fr").words
    catalog = root / "locales" / "fr" / "well.po"
    text = catalog.read_text("utf-8")
    catalog.write_text(text.replace('\nmsgid "Open', '\n#, fuzzy\nmsgid "Open', 1), "utf-8")
    assert catalog.read_text("utf-8") != text
    after = row(status(Workspace(root), EVERYTHING), "well", "fr")
    assert after.coverage is not None
    assert after.coverage.fuzzy == 1
    assert after.words.fuzzy == after.words.left > 0
    assert after.words.total == before.total


def test_names_of_organisations_count_once_in_a_language(root: Path) -> None:
    both = status(Workspace(root), EVERYTHING)
    rows = [each.words.total for each in both.rows if each.locale.tag == "fr"]
    shared = sum(rows) - language(both, "fr").words.total
    assert shared > 0
    source = root / "sources" / "well.md"
    source.write_text(
        re.sub(r"^signatories:.*?(?=^---|^\w)", "", source.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE), "utf-8"
    )
    alone = status(Workspace(root), Options(locales=("fr",), documents=("orchard",)))
    assert language(alone, "fr").words == alone.rows[0].words


def test_what_needs_work_comes_first(root: Path) -> None:
    spoil(root)
    broken = Location("locales/el/orchard.po", 9)
    found = [Diagnostic("number", "a number is lost", broken, "error", locale="el")]
    rows = status(Workspace(root), EVERYTHING, found).rows
    assert [(each.document, each.locale.tag) for each in rows[:3]] == [
        ("well", "fa"),
        ("orchard", "el"),
        ("orchard", "de"),
    ]
    assert rows[0].coverage is None
    assert rows[1].errors == 1


def test_a_catalog_that_cannot_be_read_is_a_row_too(root: Path) -> None:
    spoil(root)
    shown = status(Workspace(root), EVERYTHING)
    broken = row(shown, "well", "fa")
    assert broken.as_dict()["words"] is None
    assert broken.as_dict()["percent"] is None
    assert language(shown, "fa").unreadable == 1
    assert not broken.whole
    assert shown.diagnostics
    assert [each.locale.tag for each in status(Workspace(root), Options(locales=("fr",))).rows] == ["fr", "fr"]


def test_complaints_are_counted_where_they_are_to_be_mended() -> None:
    place = Location("locales/fr/orchard.po", 3)
    names = Location("locales/fr/organisations.po", 4)
    found = [
        Diagnostic("number", "one", place, "warning", locale="fr"),
        Diagnostic("number", "two", place, "error", locale="fr"),
        Diagnostic("untranslated", "told by the words", place, "warning", locale="fr"),
        Diagnostic("fuzzy", "told by the words", place, "warning", locale="fr"),
        Diagnostic("header", "of all documents", names, "warning", locale="fr"),
        Diagnostic("number", "of another language", Location("locales/de/orchard.po", 3), "warning", locale="de"),
        Diagnostic("footnote", "of the source", Location("sources/orchard.md", 3)),
    ]
    shown = status(Workspace(ORCHARD), EVERYTHING, found)
    assert (row(shown, "orchard", "fr").warnings, row(shown, "orchard", "fr").errors) == (1, 1)
    assert (row(shown, "well", "fr").warnings, row(shown, "well", "fr").errors) == (0, 0)
    assert (language(shown, "fr").warnings, language(shown, "fr").errors) == (2, 1)
    assert row(shown, "orchard", "de").warnings == 1


def test_a_complaint_about_a_name_counts_where_the_name_is_shown() -> None:
    place = next(
        Location("locales/fr/organisations.po", number)
        for number, line in enumerate((ORCHARD / "locales/fr/organisations.po").read_text("utf-8").split("\n"), 1)
        if line.startswith("msgid") and "Apple Society" in line
    )
    shown = status(Workspace(ORCHARD), EVERYTHING, [Diagnostic("number", "m", place, "warning", locale="fr")])
    assert row(shown, "orchard", "fr").warnings == 1


# --- the verb -------------------------------------------------------------------------------------------------------------


def test_json_has_what_is_documented() -> None:
    rows = json.loads(run("--json").stdout)
    assert rows[0]["document"] == "orchard"
    for each in rows:
        assert list(each) == (
            "document locale translated fuzzy untranslated percent words warnings errors draft".split()
        )
        assert list(each["words"]) == "total translated fuzzy left percent minutes".split()
        assert each["words"]["left"] + each["words"]["translated"] == each["words"]["total"]


def test_the_table_is_for_people() -> None:
    shown = run("orchard", "--locale", "de")
    assert shown.exit_code == 0
    head, line, last = shown.output.splitlines()
    assert head.split() == "Document Tag Language Done Fuzzy Missing Words left Errors Warnings".split()
    left = row(status(Workspace(ORCHARD), EVERYTHING), "orchard", "de").words.left
    assert line.split() == ["orchard", "de", "Deutsch", "21", "%", "18", str(left)]
    assert re.fullmatch(r"0 of 1 translations are whole; \d+ words are left", last)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_fits_its_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    some = status(Workspace(ORCHARD), EVERYTHING)
    long = replace(
        some.rows[0], document="a-resolution-about-something-with-a-long-name", warnings=12, errors=3, draft=True
    )
    print_status(replace(some, rows=(long, *some.rows)))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert any(line.startswith("orchard ") for line in lines)
    assert max(map(len, lines)) <= width
    assert "…" not in "".join(lines)


def test_what_cannot_be_read_is_an_error(root: Path) -> None:
    spoil(root)
    shown = run(folder=root)
    assert shown.exit_code == 1
    assert re.search(r"^well +fa +فارسی +\? +broken +\d+ *$", shown.stdout, re.MULTILINE)
    assert re.search(r"^locales/fa/well\.po:\d+: error: ", shown.output, re.MULTILINE)


def test_asking_changes_nothing(root: Path) -> None:
    before = traces(root)
    run(folder=root)
    run("--json", folder=root)
    assert traces(root) == before


# --- the page -------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """A page as its reader's browser takes it: elements, with all their attributes, and text."""

    VOID = frozenset({"meta", "rect"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(shown: Status, root: Path = ORCHARD) -> Page:
    return Page(status_html(Workspace(root), shown))


def test_the_page_is_written_where_it_is_asked_for(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "status.html"
    assert run("--html", target, folder=root).output == f"wrote {target}\n"
    first = target.read_bytes()
    assert run("--html", target, folder=root).output == f"unchanged: {target}\n"
    assert target.read_bytes() == first
    both = run("--html", target, "--json", folder=root)
    assert json.loads(both.stdout)


def test_the_page_asks_for_nothing() -> None:
    html = status_html(Workspace(ORCHARD), status(Workspace(ORCHARD), EVERYTHING))
    page = Page(html)
    assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "image", "use"} == set()
    assert all(each.get("href", "#").startswith("#") for _, each in page.elements)
    assert not any(name.startswith("on") or name == "src" for _, each in page.elements for name in each)
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in next(each["content"] for each in page.all("meta") if "http-equiv" in each)
    ids = {each["id"] for each in page.all("section")}
    assert {each["href"].removeprefix("#") for each in page.all("a")} == ids


def test_the_picture_is_well_formed_and_says_in_words_what_it_shows() -> None:
    shown = status(Workspace(ORCHARD), EVERYTHING)
    html = status_html(Workspace(ORCHARD), shown)
    svg = ElementTree.fromstring(re.findall(r"<svg.*?</svg>", html, re.DOTALL)[0])
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.get("aria-label")
    titles = [each.text for each in svg.iter(f"{space}title")]
    assert len(titles) == len(shown.rows) == len(list(svg.iter(f"{space}rect")))
    left = row(shown, "orchard", "de").words.left
    assert f"orchard, German: 21 %, {left} words left" in titles
    persian = next(each for each in svg.iter(f"{space}text") if each.get("lang") == "fa")
    assert (persian.get("direction"), persian.get("unicode-bidi")) == ("rtl", "isolate")


def test_names_are_isolated_and_say_their_language() -> None:
    page = page_of(status(Workspace(ORCHARD), EVERYTHING))
    assert {"lang": "fa", "dir": "rtl"} in page.all("bdi")
    assert all(each.get("lang") for each in page.all("bdi"))


def test_what_an_author_wrote_is_text(root: Path) -> None:
    hostile = "<script>alert(1)</script> \"'&amp; \u202e"
    source = root / "sources" / "orchard.md"
    title = "<script>alert(1)</script> & “quoted”"
    source.write_text(source.read_text("utf-8").replace("An orchard for every village!", f'"{title}"'), "utf-8")
    settings = root / "polyleaf.toml"
    settings.write_text("[workspace]\ntitle = '<img src=x onerror=alert(1)>'\n", "utf-8")
    page = page_of(status(Workspace(root), EVERYTHING), root)
    assert page.all("script") == []
    assert page.all("img") == []
    assert title in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    odd = StatusRow(hostile, Locale.parse("fr"), Coverage(1, 0, 1), Words(1, 0, 1))
    drawn = picture(Status((odd,), (LanguageStatus(odd.locale, odd.words, 1),)))
    assert drawn.cells[0].title.startswith(hostile)


def test_a_catalog_that_cannot_be_read_stands_out(root: Path) -> None:
    spoil(root)
    page = page_of(status(Workspace(root), EVERYTHING), root)
    assert "1 of 2 documents cannot be read" in page.text
    assert any(each.get("class") == "unknown" for each in page.all("rect"))


def test_a_workspace_without_translations_has_a_page(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    shown = status(Workspace(tmp_path), EVERYTHING)
    page = page_of(shown, tmp_path)
    assert "0 of 0 translations are whole" in page.text
    assert page.all("svg") == []


def many(documents: int) -> Status:
    tags = [Locale.parse(tag) for tag in ("fr", "fa", "de")]
    rows = tuple(
        StatusRow(f"document-{number:03}", locale, Coverage(number, 1, documents - number), Words(9 * number, 9, 9))
        for locale in tags
        for number in range(documents)
    )
    return Status(rows, tuple(LanguageStatus(each, Words(900, 9, 9 * documents), documents) for each in tags))


def test_of_many_documents_the_picture_shows_the_languages() -> None:
    few, more = picture(many(MOST_COLUMNS)), picture(many(MOST_COLUMNS + 1))
    assert len(few.cells) == 3 * MOST_COLUMNS
    assert len(few.columns) == MOST_COLUMNS
    assert len(more.cells) == 3 * 3
    assert more.columns == ()
    for drawn in (few, more):
        assert all(each.x >= 0 and each.x + each.width <= drawn.width for each in drawn.cells)
        assert all(each.y >= 0 and each.y + drawn.cell_height <= drawn.height for each in drawn.cells)
        assert all(0 <= each.y <= drawn.height for each in (*drawn.rows, *drawn.columns))


def test_a_large_archive_is_a_small_page() -> None:
    one = status(Workspace(ORCHARD), EVERYTHING)
    documents = tuple(replace(one.documents[0], id=f"document-{number:03}") for number in range(300))
    page = page_of(replace(many(300), documents=documents))
    assert len(page.all("tr")) == 3 * (1 + MOST_ROWS)
    assert f"{300 - MOST_ROWS} documents need less work and are not listed" in page.text
    assert len(page.all("rect")) == 9


@given(st.integers(0, 10**6))
def test_a_duration_is_no_less_than_was_said_but_for_rounding(minutes: int) -> None:
    numbers = [int(each) for each in re.findall(r"\d+", duration(minutes))]
    said = numbers[0] * 60 + (numbers[1] if len(numbers) > 1 else 0) if " h" in duration(minutes) else numbers[0]
    assert abs(said - minutes) <= (30 if minutes >= 300 else 0)


@pytest.mark.browser
def test_no_page_is_wider_than_a_telephone(tmp_path: Path) -> None:
    """Chromium lays it out in a frame of 320 px; what is wider would make it scroll sideways."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("there is no Chromium")
    html = json.dumps(status_html(Workspace(ORCHARD), status(Workspace(ORCHARD), EVERYTHING))).replace("</", "<\\/")
    measure = (
        "document.title = [f.contentDocument.documentElement.scrollWidth, f.contentWindow.innerWidth].join(' of ')"
    )
    page = tmp_path / "page.html"
    frame = '<title></title><iframe id="f" width="320" height="600" style="border:0"></iframe>'
    page.write_text(f"{frame}<script>f.onload = () => {{ {measure} }}; f.srcdoc = {html}</script>", encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = [
        browser,
        *options,
        *quiet,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=320,600",
        "--dump-dom",
    ]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, timeout=60, check=True, text=True)
    found = re.search(r"<title>(\d+) of (\d+)</title>", done.stdout)
    assert found is not None
    assert int(found[1]) <= int(found[2]) == 320
