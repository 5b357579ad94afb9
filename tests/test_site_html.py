"""Every page of a built site: valid, says the Nu checker (the one behind validator.w3.org), light, and linked as it should be."""

from __future__ import annotations

import io
import json
import posixpath
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.browser import fetched, sample_site

pytestmark = pytest.mark.slow

# What a text page may weigh without its pictures, in bytes.
HEAVIEST = 60_000
# What a messenger takes in one piece, in UTF-16 code units.
LONGEST_MESSAGE = 4_096
_INLINE = re.compile(r"<(style|script)\b[^>]*>(.*?)</\1>", re.DOTALL)
ATOM, SITEMAP, XHTML = (
    f"{{http://www.{name}}}" for name in ("w3.org/2005/Atom", "sitemaps.org/schemas/sitemap/0.9", "w3.org/1999/xhtml")
)


@dataclass(slots=True)
class Read(HTMLParser):
    """What a page links to: ``links`` of any element, ``heads`` its link and meta elements, ``ids`` what can be led to."""

    links: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    lang: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.links += [found[name] for name in ("href", "src") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        if tag in {"link", "meta"}:
            self.heads.append(found)
        if tag == "html":
            self.lang = found["lang"]

    def named(self, name: str) -> list[str]:
        """The contents of the meta elements of this name or property."""
        return [each["content"] for each in self.heads if name in (each.get("name"), each.get("property"))]

    def linked(self, relation: str) -> list[dict[str, str]]:
        return [each for each in self.heads if each.get("rel") == relation]

    def alternates(self) -> dict[str, str]:
        """The address of the page in each language."""
        return {each["hreflang"]: each["href"] for each in self.linked("alternate") if "hreflang" in each}


@dataclass(frozen=True, slots=True)
class Built:
    """A built site: its folder, where it is published, its pages by their place in the folder."""

    folder: Path
    address: str
    pages: dict[str, Read]

    def file(self, address: str) -> Path:
        """The file behind an absolute address of the site."""
        assert address.startswith(f"{self.address}/"), address
        path = unquote(address.removeprefix(f"{self.address}/"))
        return self.folder / (f"{path}index.html" if path.endswith("/") or not path else path)

    def url(self, path: str) -> str:
        return f"{self.address}/{path.removesuffix('index.html')}"


def _read(path: Path) -> Read:
    page = Read()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = sample_site(tmp_path_factory.getbasetemp().parent)
    pages = {path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*.html"))}
    (canonical,) = pages["index.html"].linked("canonical")
    return Built(folder, canonical["href"].rstrip("/"), pages)


# --- the pages themselves ---------------------------------------------------------------------------------------------


def _complaints(*pages: Path) -> list[dict[str, object]]:
    """What the Nu checker says of pages; it must be installed with Java.

    Not what language it takes a page for: it guesses by chance, and in one run of many it finds Tagalog in a Haitian page. What
    language a page is in, the tests below know.
    """
    jar = fetched("vnu-jar/build/dist/vnu.jar")
    if not shutil.which("java"):
        pytest.skip("there is no Java")
    options = ["--format", "json", "--also-check-css", "--no-langdetect", "--exit-zero-always"]
    command = ["java", "-Xss8m", "-jar", str(jar), *options, *map(str, pages)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=400)
    messages: list[dict[str, object]] = json.loads(done.stderr)["messages"]
    return messages


def test_the_nu_checker_finds_nothing(site: Built) -> None:
    assert len(site.pages) > 80
    found = _complaints(*(site.folder / path for path in site.pages))
    assert not found, "\n".join(sorted({_line(each, site.folder) for each in found})[:40])


def test_the_nu_checker_finds_something_where_there_is_something(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><style>p { colour: red }</style><p id="a"><p id="a">'
    )
    assert {"Duplicate ID “a”.", "CSS: “colour”: Property “colour” doesn't exist."} <= {
        str(each["message"]) for each in _complaints(page)
    }


def _line(message: dict[str, object], folder: Path) -> str:
    """One complaint on one line, with the place in the page."""
    place = str(message.get("url", "")).removeprefix(f"file:{folder}/")
    extract = " ".join(str(message.get("extract", "")).split())
    return f"{place}:{message.get('lastLine')}: {message['type']}: {message['message']} «{extract}»"


def test_no_text_page_weighs_more_than_a_slow_telephone_bears(site: Built) -> None:
    weights = {path: (site.folder / path).stat().st_size for path in site.pages}
    assert {path: size for path, size in weights.items() if size >= HEAVIEST} == {}


def test_a_page_is_one_file(site: Built) -> None:
    """Its weight is all there is: style and script are in it, and the only other file a browser asks for is a picture."""
    for path, page in site.pages.items():
        asked = {"stylesheet", "preload", "modulepreload", "icon", "manifest", "prefetch", "dns-prefetch", "preconnect"}
        assert not any(asked & set(each.get("rel", "").split()) for each in page.heads), path
        html = (site.folder / path).read_text(encoding="utf-8")
        assert not re.search(r"<script\b[^>]*\ssrc|\sstyle=|\son[a-z]+=", _INLINE.sub("", html)), path
        for _, inside in _INLINE.findall(html):
            assert not re.search(r"@import|url\((?!#)|\bimport\b|fetch\(|XMLHttpRequest|innerHTML", inside), path


def test_a_page_says_its_language_and_name_once(site: Built) -> None:
    for path, page in site.pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        html = (site.folder / path).read_text(encoding="utf-8")
        assert len(re.findall("<title( lang=[^>]+)?>[^<]+</title>", html)) == len(re.findall("<h1[ >]", html)) == 1, (
            path
        )
        folders = path.split("/")[:-1]
        assert not folders or page.lang == folders[-1], path


# --- what they lead to ------------------------------------------------------------------------------------------------


def test_every_link_leads_somewhere(site: Built) -> None:
    lost = []
    for path, page in site.pages.items():
        for link in set(page.links):
            if re.match("https?:|mailto:", link):
                if link.startswith(f"{site.address}/") and not site.file(link.split("#")[0]).is_file():
                    lost.append(f"{path}: {link}")
                continue
            target, _, fragment = link.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target))) if target else path
            there += "/index.html" if target.endswith("/") else ""
            if not (site.folder / there).is_file() or (fragment and unquote(fragment) not in site.pages[there].ids):
                lost.append(f"{path}: {link}")
    assert lost == []


def test_every_page_says_where_it_is(site: Built) -> None:
    for path, page in site.pages.items():
        assert [each["href"] for each in page.linked("canonical")] == [site.url(path)], path
        assert page.named("og:url") in ([], [site.url(path)]), path


def test_every_language_links_back(site: Built) -> None:
    """An alternate that does not link back is ignored; each page names itself and one for all other languages."""
    for path, page in site.pages.items():
        alternates = page.alternates()
        assert "x-default" in alternates, path
        if path != "index.html":
            assert alternates[page.lang] == site.url(path), path
        for tag, address in alternates.items():
            there = site.pages[site.file(address).relative_to(site.folder).as_posix()]
            assert there.alternates() == alternates, f"{path} → {tag}"
            assert tag in (there.lang, "x-default"), f"{path} → {tag}"


def test_every_page_that_is_listed_is_in_the_site_and_the_other_way_round(site: Built) -> None:
    """The sitemap names all pages, with all their languages, and nothing else."""
    root = ElementTree.parse(site.folder / "sitemap.xml").getroot()
    parts = [root]
    if root.tag == f"{SITEMAP}sitemapindex":
        parts = [ElementTree.parse(site.file(each.text or "")).getroot() for each in root.iter(f"{SITEMAP}loc")]
    seen: dict[str, dict[str, str]] = {}
    for url in (url for part in parts for url in part.iter(f"{SITEMAP}url")):
        links = {link.attrib["hreflang"]: link.attrib["href"] for link in url.iter(f"{XHTML}link")}
        seen[url.findtext(f"{SITEMAP}loc", "")] = links
    assert seen == {site.url(path): page.alternates() for path, page in site.pages.items()}


def test_every_feed_leads_to_pages_in_its_language(site: Built) -> None:
    named = {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), each["href"])): page.lang
        for path, page in site.pages.items()
        for each in page.linked("alternate")
        if each.get("type") == "application/atom+xml"
    }
    assert set(named) == {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("feed.xml")}
    assert len(named) >= len({page.lang for page in site.pages.values()})
    for path, lang in named.items():
        feed = ElementTree.parse(site.folder / path).getroot()
        assert feed.tag == f"{ATOM}feed"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
        for link in feed.iter(f"{ATOM}link"):
            assert site.file(link.attrib["href"]).is_file(), f"{path}: {link.attrib}"
        for entry in feed.iter(f"{ATOM}entry"):
            (page,) = (each.attrib["href"] for each in entry.iter(f"{ATOM}link") if each.get("rel") == "alternate")
            assert site.pages[site.file(page).relative_to(site.folder).as_posix()].lang == lang


def test_what_is_shared_is_there(site: Built) -> None:
    """The picture has the size that it is said to have, and a messenger takes each piece of text."""
    pictured = [path for path, page in site.pages.items() if page.named("og:image")]
    assert pictured
    for path in pictured:
        page = site.pages[path]
        (address,) = page.named("og:image")
        with Image.open(io.BytesIO(site.file(address).read_bytes())) as picture:
            assert [str(side) for side in picture.size] == [
                *page.named("og:image:width"),
                *page.named("og:image:height"),
            ]
        assert page.named("og:image:alt")[0].strip()
    pieces = [link for page in site.pages.values() for link in page.links if link.endswith(".txt")]
    assert pieces
    for piece in site.folder.rglob("*.txt"):
        assert len(piece.read_text(encoding="utf-8").encode("utf-16-le")) // 2 < LONGEST_MESSAGE, piece
