"""The site in a real browser: what axe-core finds, zoom, keyboard, no JavaScript, paper, and a policy that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from pipeline.website.choosing import folded
from tests.browser import DOCUMENT, LANGUAGES, WINDOWS, Seen, fetched, launch, opened, sample_site, served
from tests.golden import REPOSITORY

sync_api = pytest.importorskip("playwright.sync_api")
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# The home page, a home page that reads from the right, and a text in each script.
HOMES = ("index.html", "ar/index.html")
TEXTS = tuple(f"{DOCUMENT}/{tag}/index.html" for tag in LANGUAGES)
PAGES = (*HOMES, *TEXTS)
# What axe looks for: all of WCAG 2.2 AA and what is held good besides; in the dark only what depends on colours.
WHOLE = {"type": "tag", "values": "wcag2a wcag2aa wcag21a wcag21aa wcag22a wcag22aa best-practice".split()}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# What axe found, an element on a line each.
_AXE = """
async rules => (await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })).violations.flatMap(
  found => found.nodes.map(node => `${found.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}: ${node.failureSummary}`))
"""

# What does not fit: a page that scrolls sideways, an element that cuts its text off, words outside the window.
_CUT = """
() => {
  const found = [], root = document.documentElement, hidden = style =>
    style.visibility === 'hidden' || (style.position === 'absolute' && (style.clipPath !== 'none' || style.clip !== 'auto'));
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide of ${root.clientWidth}`);
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility() || hidden(style) || element.closest('.skip')) continue;
    const wide = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const high = /hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    if (wide || high) found.push(`cut off: ${element.outerHTML.slice(0, 120)}`);
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects())
        if (box.width > 1 && (box.left < -1 || box.right > root.clientWidth + 1)) {
          found.push(`outside, ${Math.round(box.left)} to ${Math.round(box.right)}: ${node.data.trim().slice(0, 60)}`);
          break;
        }
    }
  }
  return found;
}
"""

# The element that the keyboard is on: its number among all that can be, and how it shows.
_FOCUS = """
() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    name: element.outerHTML.slice(0, 120),
    number: window.stops.indexOf(element),
    marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5) || style.boxShadow !== 'none',
    seen: box.width > 1 && box.height > 1 && box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= -1
      && box.right <= innerWidth + 1,
  };
}
"""
_STOPS = """
window.stops = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(
  element => element.checkVisibility({ visibilityProperty: true }))
"""
_SHOWN = (
    "selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()).map(each => each.{})"
)

SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_site(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def browsers() -> Iterator[dict[str, Browser]]:
    """A browser as it comes, and one whose owner has doubled the size of all text."""
    with sync_api.sync_playwright() as playwright:
        larger = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
        both = {"": launch(playwright), "200 %": launch(playwright, larger)}
        yield both
        for browser in both.values():
            browser.close()


@pytest.fixture(scope="module")
def browser(browsers: dict[str, Browser]) -> Browser:
    return browsers[""]


@contextmanager
def window(browser: Browser, address: str, size: tuple[int, int] = (1280, 800), **settings: object) -> Iterator[Seen]:
    with opened(browser, address, viewport={"width": size[0], "height": size[1]}, **settings) as seen:
        yield seen


def texts_of(page: Page, selector: str, field: str = "innerText") -> list[str]:
    found: list[str] = page.evaluate(_SHOWN.replace("{}", field), selector)
    return found


# --- what axe-core and the eye find -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path: str, address: str, browser: Browser) -> None:
    program = fetched("axe-core/axe.min.js").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    with window(browser, f"{address}/{path}", bypass_csp=True) as seen:
        seen.page.evaluate(program)
        for scheme, (width, height) in product(("light", "dark"), WINDOWS):
            seen.page.set_viewport_size({"width": width, "height": height})
            seen.page.emulate_media(color_scheme=scheme)
            if complaints := seen.page.evaluate(_AXE, WHOLE if scheme == "light" else COLOURS):
                found[f"{scheme}, {width} px"] = complaints
    assert found == {}


def test_axe_finds_what_is_wrong(tmp_path: Path, browser: Browser) -> None:
    program = fetched("axe-core/axe.min.js").read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(
        '<!DOCTYPE html><title>x</title><p style="color: #999; background: #fff">Too pale to be read', "utf-8"
    )
    with window(browser, (tmp_path / "page.html").as_uri()) as seen:
        seen.page.evaluate(program)
        complaints = " ".join(seen.page.evaluate(_AXE, WHOLE))
    assert "color-contrast: p" in complaints
    assert "html-has-lang" in complaints


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_and_nothing_scrolls_sideways(path: str, address: str, browsers: dict[str, Browser]) -> None:
    """WCAG 1.4.10 at 320 px, 1.4.4 with text at 200 %, both at once, and 1.4.12: text that a reader has spaced out."""
    for text, browser in browsers.items():
        with window(browser, f"{address}/{path}", bypass_csp=True) as seen:
            for spaced, (width, height) in product((False,) if text else (False, True), WINDOWS):
                seen.page.set_viewport_size({"width": width, "height": height})
                assert seen.page.evaluate("innerWidth") == width
                assert seen.page.evaluate(_CUT) == [], f"{path} at {width} px {text}{' spaced out' if spaced else ''}"
                if width == WINDOWS[-1][0]:
                    seen.page.add_style_tag(content=SPACED)


def test_the_larger_text_is_larger(address: str, browsers: dict[str, Browser]) -> None:
    measured = []
    for browser in browsers.values():
        with window(browser, f"{address}/{TEXTS[0]}") as seen:
            measured.append(
                seen.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.body p')).fontSize)")
            )
    assert measured[1] == pytest.approx(2 * measured[0], rel=0.01)


def test_a_page_from_the_right_mirrors_one_from_the_left(address: str, browser: Browser) -> None:
    """The title begins, and the first link of the header stands, where reading begins."""
    measure = """() => {
      const range = document.createRange(), main = document.querySelector('main').getBoundingClientRect();
      range.selectNodeContents(document.querySelector('h1'));
      const box = range.getClientRects()[0], links = [...document.querySelectorAll('body > header a')].map(
        link => link.getBoundingClientRect().left);
      return [getComputedStyle(document.documentElement).direction, box.left - main.left, main.right - box.right, links];
    }"""
    for tag in ("ar", "ur", "de", "ta"):
        with window(browser, f"{address}/{DOCUMENT}/{tag}/index.html") as seen:
            direction, left, right, links = seen.page.evaluate(measure)
            assert direction == ("rtl" if tag in {"ar", "ur"} else "ltr")
            assert (right < left) == (direction == "rtl"), (
                f"{tag}: the title stands {left} from the left, {right} from the right"
            )
            assert links == sorted(links, reverse=direction == "rtl"), tag


def test_nothing_moves(address: str, browser: Browser) -> None:
    moving = """[...document.querySelectorAll('*')].filter(each => {
      const style = getComputedStyle(each);
      return style.animationName !== 'none' || style.scrollBehavior === 'smooth'
        || style.transitionDuration.split(',').some(duration => parseFloat(duration) > 0.001);
    }).map(each => each.outerHTML.slice(0, 100))"""
    for path in (HOMES[0], TEXTS[0]):
        with window(browser, f"{address}/{path}", reduced_motion="reduce") as seen:
            assert seen.page.evaluate(moving) == []


# --- what a page asks for, and what it is allowed --------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_and_breaks_no_rule_of_its_own(
    path: str, site: Path, address: str, browser: Browser
) -> None:
    for place in (f"{address}/{path}", (site / path).as_uri()):
        with window(browser, place) as seen:
            seen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
            for field in seen.page.locator("input").all():
                field.fill("a")
            assert seen.complaints() == []


ATTACK = """
<script>document.title = 'taken'</script><img src="{stranger}/spy.png" alt="" onerror="document.title = 'taken'">
<style>h1 { color: rgb(1, 2, 3) }</style><p id="styled" style="color: rgb(1, 2, 3)">x</p><script src="{stranger}/spy.js"></script>
<iframe src="{stranger}/frame.html" title="x"></iframe><link rel="stylesheet" href="{stranger}/spy.css">
<form action="{stranger}/form"><button id="send">x</button></form><base href="{stranger}/"><object data="{stranger}/o"></object>
"""

FORBIDDEN = {
    *("script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr"),
    *("img-src", "frame-src", "base-uri", "form-action"),
}


@pytest.mark.parametrize("path", [HOMES[0], TEXTS[0]])
def test_what_somebody_smuggles_in_does_nothing(path: str, site: Path, browser: Browser, tmp_path: Path) -> None:
    """Over http and from a disk: no script, no style and no address but our own."""
    (tmp_path / "strange").mkdir()
    (tmp_path / "ours").mkdir()
    with served(tmp_path / "strange") as stranger, served(tmp_path / "ours") as ours:
        html = (site / path).read_text(encoding="utf-8")
        assert html.count("</body>") == 1
        page = tmp_path / "ours" / "page.html"
        page.write_text(html.replace("</body>", ATTACK.replace("{stranger}", stranger) + "</body>"), encoding="utf-8")
        for place in (f"{ours}/page.html", page.as_uri()):
            with window(browser, place) as seen:
                assert seen.page.title() != "taken"
                for selector in ("h1", "#styled"):
                    assert (
                        seen.page.locator(selector).first.evaluate("e => getComputedStyle(e).color") != "rgb(1, 2, 3)"
                    )
                assert seen.page.evaluate("document.baseURI") == seen.page.url
                seen.page.locator("#send").evaluate("button => button.click()")
                seen.page.wait_for_timeout(100)
                assert seen.page.url == place
                assert {each.split()[0] for each in seen.violations()} >= FORBIDDEN


# --- keyboard, filter, no JavaScript ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*HOMES, TEXTS[0], TEXTS[2]])
def test_everything_can_be_reached_with_the_keyboard_and_shows_it(path: str, address: str, browser: Browser) -> None:
    with window(browser, f"{address}/{path}") as seen:
        page = seen.page
        page.evaluate(_STOPS)
        reached, faults = [], []
        for _ in range(page.evaluate("stops.length")):
            page.keyboard.press("Tab")
            stop = page.evaluate(_FOCUS)
            reached.append(stop["number"])
            if not (stop["marked"] and stop["seen"]):
                faults.append(stop)
        assert faults == []
        assert reached == list(range(len(reached))), "the order of the keyboard is not the order of the page"


@pytest.mark.parametrize("path", TEXTS[:2])
def test_the_first_stop_skips_to_the_text(path: str, address: str, browser: Browser) -> None:
    with window(browser, f"{address}/{path}") as seen:
        page = seen.page
        page.evaluate(_STOPS)
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        assert target.startswith("#")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = "target => document.querySelector(target).contains(document.activeElement)"
        assert page.evaluate(inside, target), page.evaluate(_FOCUS)


FILTER = "nav.languages input"
LISTED = "nav.languages li a"


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("german", "de"),
        ("DEUTSCH", "de"),
        ("arab", "ar"),
        ("русский", "ru"),
        ("russkij", "ru"),
        ("türkce", "tr"),
        ("ελλην", "el"),
    ],
)
def test_the_chooser_finds_a_language_by_every_name(typed: str, tag: str, address: str, browser: Browser) -> None:
    with window(browser, f"{address}/{TEXTS[4]}") as seen:
        page = seen.page
        whole = texts_of(page, LISTED)
        page.locator(FILTER).focus()
        page.keyboard.type(typed)
        assert tag in texts_of(page, LISTED, "lang")
        assert 1 <= len(texts_of(page, LISTED)) < len(whole) / 3
        page.keyboard.press("Escape")
        assert page.locator(FILTER).input_value() == ""
        assert texts_of(page, LISTED) == whole
        assert seen.complaints() == []


def test_the_chooser_says_how_many_it_found(address: str, browser: Browser) -> None:
    with window(browser, f"{address}/{TEXTS[4]}") as seen:
        page = seen.page
        live = page.locator("nav.languages [aria-live=polite], nav.languages [role=status], nav.languages output").first
        page.locator(FILTER).fill("german")
        one = live.inner_text()
        page.locator(FILTER).fill("zzzz")
        assert texts_of(page, LISTED) == []
        none = live.inner_text()
        assert one.strip()
        assert none.strip()
        assert one != none


def test_the_chooser_works_from_a_disk(site: Path, browser: Browser) -> None:
    with window(browser, (site / TEXTS[4]).as_uri()) as seen:
        seen.page.locator(FILTER).fill("german")
        assert "de" in texts_of(seen.page, LISTED, "lang")
        assert len(texts_of(seen.page, LISTED)) < 4


@pytest.mark.parametrize("path", [HOMES[0], *TEXTS[:2]])
def test_without_javascript_all_languages_are_there_and_no_dead_field(
    path: str, address: str, browser: Browser
) -> None:
    with window(browser, f"{address}/{path}") as seen:
        whole = texts_of(seen.page, "nav a", "href")
    with window(browser, f"{address}/{path}", java_script_enabled=False) as seen:
        assert [each.get_attribute("href") for each in seen.page.locator("nav a").all() if each.is_visible()]
        assert sum(each.is_visible() for each in seen.page.locator("nav a").all()) == len(whole)
        assert not any(each.is_visible() for each in seen.page.locator("input, button, select").all())


# --- on paper -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS)
def test_on_paper_there_is_the_text_in_black(path: str, address: str, browser: Browser) -> None:
    with window(browser, f"{address}/{path}", color_scheme="dark") as seen:
        page = seen.page
        page.emulate_media(media="print", color_scheme="dark")
        assert texts_of(page, "nav, .downloads, .skip, input, button") == []
        colour = "selector => getComputedStyle(document.querySelector(selector)).{}"
        black, white = "rgb(0, 0, 0)", {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
        assert page.evaluate(colour.replace("{}", "color"), ".body p") == black
        assert {page.evaluate(colour.replace("{}", "backgroundColor"), each) for each in ("html", "body")} <= white
        assert page.evaluate("document.body.innerText").strip()
        assert re.search(rf"{DOCUMENT}/{path.split('/')[1]}/?\s*$", page.evaluate("document.body.innerText").strip())


def test_what_is_typed_is_folded_as_names_are(site: Path, browser: Browser) -> None:
    """The filter's own function in a browser against Python's, for every name of a language that CLDR knows."""
    script = (REPOSITORY / "templates/site/filter.html").read_text("utf-8")
    (function,) = re.findall(r"const plain = (.+?\.trim\(\));", script, re.DOTALL)
    names = sorted({name for tag in ("en", "de", "el", "vi", "ar", "ta") for name in Locale(tag).languages.values()})
    names += [own for tag in locale_identifiers() if "_" not in tag and (own := Locale(tag).get_display_name())]
    names += ["Avañe’ẽ", "Straße ΣΊΣΥΦΟΣ", "a–b‑c  d", "ﬁ½Å", "İstanbul", "کوردیی ناوەندی"]
    with window(browser, (site / TEXTS[4]).as_uri()) as seen:
        typed = seen.page.evaluate(f"names => {{ const plain = {function}; return names.map(plain) }}", names)
    assert len(names) > 1000
    assert {name: there for name, there in zip(names, typed, strict=True) if there != folded(name)} == {}
