"""Offline kits: what a volunteer gets, and that whatever comes back, by whichever way, nothing of it is lost."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner, Result

from pipeline.cli_kits import kit
from pipeline.diagnostics import InvalidInput
from pipeline.kits import make_kit
from pipeline.kits_import import Asked, Brought, Imported, import_kits
from pipeline.kits_zip import digest, write_zip
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.message import State
from pipeline.translation.remarks import alternatives
from pipeline.updating import update
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, copy_of, traces

DE, FR = Locale.parse("de"), Locale.parse("fr")
ASK, STRIP = "What we ask", "Leave a strip of grass beside every wall."
CHILD, VILLAGE = "One tree for every child!", "No village without an orchard!"
PROMISE = "“A tree is a promise.”"
Files = dict[str, bytes]
NOTHING = Asked()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exported(root: Path, tag: str = "de", *documents: str) -> Files:
    return unpacked(make_kit(Workspace(root), tag, documents).content)


def typed(content: bytes, texts: Mapping[str, str], locale: Locale = DE, fuzzy: bool = False) -> bytes:
    """The catalog after a translator has typed these translations into it."""
    catalog = parse_catalog(content, "x.po", locale)
    assert set(texts) <= {each.msgid for each in catalog.messages}
    changed = (
        replace(each, msgstr=(texts[each.msgid],), fuzzy=fuzzy, raw=None, line=0) if each.msgid in texts else each
        for each in catalog.messages
    )
    return serialize(replace(catalog, messages=tuple(changed)))


def sent(folder: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """A ZIP that somebody has packed."""
    path = folder / name
    path.write_bytes(write_zip(files))
    return path


def mailed(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def brought(root: Path, *paths: Path, asked: Asked = NOTHING) -> Imported:
    return import_kits(Workspace(root), paths, asked)


def only(imported: Imported) -> Brought:
    assert not imported.refused, imported.diagnostics
    (one,) = imported.catalogs
    assert not one.lost
    return one


def catalog(root: Path, domain: str = "orchard", tag: str = "de") -> Catalog:
    path = root / "locales" / tag / f"{domain}.po"
    return parse_catalog(path.read_bytes(), f"locales/{tag}/{domain}.po", Locale.parse(tag))


def texts(found: Catalog) -> dict[str, str]:
    return {each.msgid: each.msgstr[0] for each in found.messages if any(each.msgstr)}


def said(imported: Imported) -> list[str]:
    return [f"{each.location}: {each.severity}: {each.message} [{each.code}]" for each in imported.diagnostics]


# --- handed out -------------------------------------------------------------------------------------------------------


def test_a_kit_holds_all_that_a_volunteer_needs(root: Path) -> None:
    (root / "locales" / "glossary.csv").write_text("term,note,fr\norchard,fruit trees,verger\ntree,,arbr*\n", "utf-8")
    files = exported(root, "fr")
    assert sorted(files) == [
        "START.html",
        "base/fr/orchard.po",
        "base/fr/organisations.po",
        "base/fr/well.po",
        "fr/orchard.po",
        "fr/organisations.po",
        "fr/well.po",
        "kit.json",
        "preview/orchard.html",
        "preview/well.html",
    ]
    for name in ("orchard", "organisations", "well"):
        there = (root / "locales" / "fr" / f"{name}.po").read_bytes()
        assert files[f"fr/{name}.po"] == files[f"base/fr/{name}.po"] == there
    start = files["START.html"].decode()
    assert "verger" in start
    assert "arbr…" in start
    assert "fruit trees" in start


def test_a_kit_for_some_documents(root: Path) -> None:
    catalogs = {name for name in exported(root, "fr", "well") if name.startswith("fr/")}
    assert catalogs == {"fr/well.po", "fr/organisations.po"}


def test_the_list_of_files_says_what_they_were_and_nothing_of_people(root: Path) -> None:
    files = exported(root)
    said = json.loads(files["kit.json"])
    assert set(said) == {"polyleaf-kit", "locale", "files", "snapshots"}
    assert said["locale"] == "de"
    assert said["files"] == {name: digest(content) for name, content in files.items() if name != "kit.json"}
    assert set(said["snapshots"]) == {"orchard", "organisations"}


def test_the_same_workspace_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    first = make_kit(Workspace(root), "de").content
    other = copy_of(ORCHARD, tmp_path / "elsewhere" / "under-another-name")
    assert make_kit(Workspace(root), "de").content == first
    assert make_kit(Workspace(other), "de").content == first
    assert str(tmp_path).encode() not in b"".join(unpacked(first).values())


def test_a_second_kit_writes_nothing_into_the_workspace(root: Path) -> None:
    make_kit(Workspace(root), "de")
    before = traces(root)
    make_kit(Workspace(root), "de")
    assert traces(root) == before


def test_a_new_language_gets_the_template_and_begun_catalogs(root: Path) -> None:
    files = exported(root, "eo")
    assert {name for name in files if name.endswith((".po", ".pot"))} == {
        *(f"{folder}eo/{name}.po" for folder in ("", "base/") for name in ("orchard", "well", "organisations")),
        *(f"base/{name}.pot" for name in ("orchard", "well", "organisations")),
    }
    begun = parse_catalog(files["eo/well.po"], "well.po", Locale.parse("eo"))
    assert begun.header_value("Language") == "eo"
    assert begun.count(State.UNTRANSLATED) == len(begun.messages) > 0
    assert "The well behind the mill" in files["preview/well.html"].decode()


@pytest.mark.parametrize(
    ("tag", "hint"), [("eo", "when it comes back, polyleaf kit import begins the language"), ("de-AT", "there is de")]
)
def test_a_new_language_may_be_a_slip(root: Path, tag: str, hint: str) -> None:
    (told,) = make_kit(Workspace(root), tag).diagnostics
    assert (told.code, told.severity, told.hint) == ("new-language", "warning", hint)
    assert not make_kit(Workspace(root), "de").diagnostics


def test_a_kit_for_the_language_of_the_source_is_refused(root: Path) -> None:
    with pytest.raises(InvalidInput, match="no document has to be translated into en") as refused:
        make_kit(Workspace(root), "en")
    assert [each.code for each in refused.value.diagnostics] == ["nothing-to-translate"]


def test_a_document_without_a_template_is_left_out_and_told(root: Path) -> None:
    (root / "locales" / "templates" / "well.pot").unlink()
    made = make_kit(Workspace(root), "eo")
    assert "eo/well.po" not in made.files
    assert "preview/well.html" in made.files
    assert [(each.code, each.location.path) for each in made.diagnostics] == [
        ("new-language", "locales"),
        ("no-template", "locales/templates/well.pot"),
    ]


def test_a_catalog_that_cannot_be_read_is_left_out_and_told(root: Path) -> None:
    path = root / "locales" / "fr" / "well.po"
    path.write_bytes(path.read_bytes()[:-20])
    made = make_kit(Workspace(root), "fr")
    assert "fr/well.po" not in made.files
    assert "fr/orchard.po" in made.files
    assert {each.location.path for each in made.diagnostics} == {"locales/fr/well.po"}


def test_a_torn_catalog_of_another_language_is_none_of_this_kit(root: Path) -> None:
    (root / "locales" / "el" / "orchard.po").write_bytes(b"torn")
    assert not make_kit(Workspace(root), "fr").diagnostics


# --- the pages --------------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """All that a page points to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found += [values[name] for name in ("href", "src") if name in values]
        self.ids |= {values["id"]} if "id" in values else set()


@pytest.mark.parametrize("tag", ["de", "fa", "eo"])
def test_pages_open_from_a_folder_and_lead_nowhere_else(root: Path, tag: str) -> None:
    files = exported(root, tag)
    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        page = Links(content.decode())
        for link in page.found:
            inside = str(PurePosixPath(name).parent / link)
            assert link.startswith(("https://", "data:image/")) or link[1:] in page.ids or inside in files, link
        assert "<script" not in content.decode()
        assert not re.search(r"@import|url\(", content.decode())


def test_a_preview_shows_its_pictures(root: Path) -> None:
    assert 'src="data:image/png;base64,iVBOR' in exported(root)["preview/orchard.html"].decode()


@pytest.mark.parametrize(("tag", "direction", "words"), [("de", "ltr", "Diese Dateien"), ("fa", "rtl", "این پرونده‌ها")])
def test_the_instructions_are_in_the_language_of_the_kit(root: Path, tag: str, direction: str, words: str) -> None:
    (root / "locales" / tag / "interface.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'msgid "Files to translate"\nmsgstr "{words}"\n',
        "utf-8",
    )
    start = exported(root, tag)["START.html"].decode()
    assert f'<html lang="{tag}" dir="{direction}">' in start
    assert f"<h2>{words}</h2>" in start


def test_what_nobody_has_translated_of_the_instructions_is_english_and_says_so(root: Path) -> None:
    start = exported(root, "eo")["START.html"].decode()
    assert '<li><span lang="en" dir="ltr">Copy web addresses letter by letter.</span></li>' in start


def test_texts_of_a_workspace_cannot_become_markup_of_the_instructions(root: Path) -> None:
    (root / "locales" / "glossary.csv").write_text('term,note,de\n<b>x</b>,"<script>",<i>y</i>\n', "utf-8")
    start = exported(root)["START.html"].decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in start
    assert "<script>" not in start
    assert "<i>" not in start


# --- brought back -----------------------------------------------------------------------------------------------------


def test_a_kit_comes_back_with_work_in_it(root: Path, tmp_path: Path) -> None:
    before = (root / "locales" / "de" / "orchard.po").read_text("utf-8")
    files = exported(root)
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir verlangen"})
    done = brought(root, sent(tmp_path, "kit.zip", files))
    orchard = next(each for each in done.catalogs if each.place.domain == "orchard")
    assert (orchard.taken, orchard.written, orchard.late, orchard.conflicts) == (1, True, False, ())
    assert not done.diagnostics
    # one line differs, as if somebody had typed it here
    after = before.replace('msgid "What we ask"\nmsgstr ""', 'msgid "What we ask"\nmsgstr "Was wir verlangen"')
    assert (root / "locales" / "de" / "orchard.po").read_text("utf-8") == after != before


def test_a_kit_that_nobody_touched_changes_nothing(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    before = traces(root / "locales" / "de")
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert [(each.taken, each.written) for each in done.catalogs] == [(0, False), (0, False)]
    assert traces(root / "locales" / "de") == before


def test_the_same_kit_twice_changes_nothing_more(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir verlangen", STRIP: "Anders"})
    path = sent(tmp_path, "kit.zip", files)
    brought(root, path)
    before = traces(root / "locales")
    brought(root, path)
    assert traces(root / "locales") == before


def test_two_translators_at_once(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    anna = typed(files["de/orchard.po"], {ASK: "Was wir fordern", CHILD: "Jedem Kind ein Baum!"})
    bela = typed(files["de/orchard.po"], {ASK: "Unsere Forderungen", VILLAGE: "Kein Dorf ohne Obst!"})
    paths = [sent(tmp_path, f"{name}.zip", {**files, "de/orchard.po": po}) for name, po in (("a", anna), ("b", bela))]
    first, second = (
        next(each for each in brought(root, path).catalogs if each.place.domain == "orchard") for path in paths
    )
    assert (first.taken, len(first.conflicts)) == (2, 0)
    assert len(second.conflicts) == 1
    now = catalog(root)
    assert texts(now)[CHILD] == "Jedem Kind ein Baum!"
    assert texts(now)[VILLAGE] == "Kein Dorf ohne Obst!"
    both = now.get((None, ASK))
    assert both is not None
    assert {*both.msgstr, *alternatives(both)} == {"Was wir fordern", "Unsere Forderungen"}
    (clash,) = second.conflicts
    assert (clash.msgid, clash.ours, clash.theirs) == (ASK, ("Was wir fordern",), ("Unsere Forderungen",))
    assert (clash.location.path, clash.location.line) == ("locales/de/orchard.po", both.line)
    (told,) = second.diagnostics
    assert told.severity == "warning"
    assert "Was wir fordern" in told.message
    assert "Unsere Forderungen" in told.message


def test_both_kits_in_one_go(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    anna = {**files, "de/orchard.po": typed(files["de/orchard.po"], {ASK: "Was wir fordern"})}
    bela = {**files, "de/orchard.po": typed(files["de/orchard.po"], {VILLAGE: "Kein Dorf ohne Obst!"})}
    done = brought(root, sent(tmp_path, "a.zip", anna), sent(tmp_path, "b.zip", bela))
    assert sum(each.taken for each in done.catalogs) == 2
    assert not done.diagnostics
    assert {ASK, VILLAGE} <= texts(catalog(root)).keys()


def test_work_here_meanwhile_stays(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    path = root / "locales" / "de" / "orchard.po"
    path.write_bytes(typed(path.read_bytes(), {CHILD: "Hier getippt!"}))
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern"})
    brought(root, sent(tmp_path, "kit.zip", files))
    assert texts(catalog(root))[CHILD] == "Hier getippt!"
    assert texts(catalog(root))[ASK] == "Was wir fordern"


def test_a_late_kit_arrives_after_the_source_has_changed(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    edit = {STRIP: "Leave a wide strip of grass beside every wall.", VILLAGE: "No town without its own orchard!"}
    source = root / "sources" / "orchard.md"
    text = source.read_text("utf-8").replace(PROMISE, "“Whoever plants believes in tomorrow.”")
    for old, new in edit.items():
        text = text.replace(old, new)
    source.write_text(text, "utf-8")
    update(Workspace(root))
    work = {
        STRIP: "Spät: ein Streifen Gras.",
        VILLAGE: "Spät: kein Dorf!",
        PROMISE: "Spät: ein Versprechen.",
        ASK: "Spät",
    }
    files["de/orchard.po"] = typed(files["de/orchard.po"], work)
    done = brought(root, sent(tmp_path, "kit.zip", files))
    orchard = next(each for each in done.catalogs if each.place.domain == "orchard")
    assert orchard.late
    assert not orchard.lost
    now = catalog(root)
    states = {each.msgstr[0]: (each.msgid, each.state, each.obsolete) for each in now.messages if any(each.msgstr)}
    assert states["Spät"] == (ASK, State.TRANSLATED, False)
    assert states["Spät: ein Streifen Gras."] == (edit[STRIP], State.FUZZY, False)
    assert states["Spät: kein Dorf!"] == (edit[VILLAGE], State.FUZZY, False)
    assert states["Spät: ein Versprechen."][1:] in ((State.TRANSLATED, True), (State.FUZZY, False))
    update(Workspace(root))
    assert set(work.values()) <= set(texts(catalog(root)).values())


def test_a_new_language_comes_back(root: Path, tmp_path: Path) -> None:
    files = exported(root, "eo")
    files["eo/well.po"] = typed(files["eo/well.po"], {"Open the well!": "Malfermu la puton!"}, Locale.parse("eo"))
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert not done.diagnostics
    assert [each.path for each in done.catalogs if each.written] == ["locales/eo/well.po"]
    assert texts(catalog(root, "well", "eo")) == {"Open the well!": "Malfermu la puton!"}
    assert not (root / "locales" / "eo" / "orchard.po").exists()


def test_work_that_was_done_in_the_folder_base_is_taken(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["base/de/orchard.po"] = typed(files["base/de/orchard.po"], {ASK: "Im falschen Ordner", STRIP: "Ganz neu."})
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert texts(catalog(root))[ASK] == "Im falschen Ordner"
    assert texts(catalog(root))[STRIP] == "Ganz neu."
    assert not done.refused


# --- what packing and mailing does to a kit ---------------------------------------------------------------------------


def repacked_by_macos(files: Files) -> Files:
    beside = {f"__MACOSX/de/._{PurePosixPath(name).name}": b"\0\5\x16\7" for name in files}
    return {**files, **beside, ".DS_Store": b"\0\0\0\1Bud1", "de/.DS_Store": b"\0"}


def in_a_folder(files: Files) -> Files:
    return {f"Übersetzung (2)/kit_de/{name}": content for name, content in files.items()}


def only_the_folder(files: Files) -> Files:
    return {name: content for name, content in files.items() if name.startswith("de/")}


def flat(files: Files) -> Files:
    return {PurePosixPath(name).name: content for name, content in files.items() if name.startswith("de/")}


def with_compiled_files(files: Files) -> Files:
    return {**files, "de/orchard.mo": b"\xde\x12\x04\x95\0\0", "de/orchard.po~": b"older", "notes.txt": b"Hello"}


def beside_another_kit(files: Files) -> Files:
    return {**{f"one/{name}": content for name, content in files.items()}, "two/START.html": b""}


PACKINGS: list[Callable[[Files], Files]] = [
    repacked_by_macos,
    in_a_folder,
    only_the_folder,
    flat,
    with_compiled_files,
    beside_another_kit,
]


@pytest.mark.parametrize("packing", PACKINGS, ids=lambda each: each.__name__)
def test_however_the_kit_was_packed_its_work_arrives(
    root: Path, tmp_path: Path, packing: Callable[[Files], Files]
) -> None:
    files = exported(root)
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern", STRIP: "Ein Streifen."})
    done = brought(root, sent(tmp_path, "kit.zip", packing(files)))
    assert not done.diagnostics
    assert {each.path for each in done.catalogs} == {"locales/de/orchard.po", "locales/de/organisations.po"}
    assert texts(catalog(root))[ASK] == "Was wir fordern"
    assert texts(catalog(root))[STRIP] == "Ein Streifen."


def crlf(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")


def bom(content: bytes) -> bytes:
    return b"\xef\xbb\xbf" + content


def poedit(content: bytes) -> bytes:
    """Other headers, and long lines where there were short ones."""
    mine = b'"Last-Translator: Someone\\n"\n"X-Generator: Poedit 3.4.2\\n"\n"X-Poedit-Basepath: .\\n"\n"Plural-Forms'
    return content.replace(b'"Plural-Forms', mine, 1).replace(b'"\n"', b"").replace(b"\\n", b'\\n"\n"')


@pytest.mark.parametrize("habit", [crlf, bom, poedit, lambda content: crlf(bom(poedit(content)))])
def test_what_programs_do_to_a_file_is_not_brought_in(
    root: Path, tmp_path: Path, habit: Callable[[bytes], bytes]
) -> None:
    files = exported(root)
    before = (root / "locales" / "de" / "orchard.po").read_text("utf-8")
    done = habit(typed(files["de/orchard.po"], {ASK: "Was wir verlangen"}))
    brought(root, sent(tmp_path, "kit.zip", {**files, "de/orchard.po": done}))
    after = before.replace('msgid "What we ask"\nmsgstr ""', 'msgid "What we ask"\nmsgstr "Was wir verlangen"')
    now = (root / "locales" / "de" / "orchard.po").read_text("utf-8")
    assert now.split("\n\n")[1:] == after.split("\n\n")[1:]
    assert b"\r" not in (root / "locales" / "de" / "orchard.po").read_bytes()


NAMES = [
    "orchard.po",
    "orchard_de.po",
    "orchard-de (1).po",
    "Kopie von orchard.po",
    "de.po",
    "messages.po",
    "ORCHARD.PO",
    "well.po",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_catalog_sent_by_mail_finds_its_place(root: Path, tmp_path: Path, name: str) -> None:
    content = typed(exported(root)["de/orchard.po"], {ASK: "Was wir fordern", STRIP: "Ein Streifen Gras, neu."})
    one = only(brought(root, mailed(tmp_path, name, content)))
    assert one.path == "locales/de/orchard.po"
    assert not one.conflicts  # the ledger knew what it was made from
    assert texts(catalog(root))[STRIP] == "Ein Streifen Gras, neu."


def test_a_catalog_without_a_language_is_known_by_its_name(root: Path, tmp_path: Path) -> None:
    content = typed(exported(root)["de/orchard.po"], {ASK: "Was wir fordern"}).replace(b'"Language: de\\n"\n', b"")
    assert only(brought(root, mailed(tmp_path, "orchard_de.po", content))).place.locale == DE


def test_a_catalog_that_says_nothing_of_itself_is_asked_about(root: Path, tmp_path: Path) -> None:
    content = typed(exported(root)["de/orchard.po"], {ASK: "Was wir fordern"}).replace(b'"Language: de\\n"\n', b"")
    path = mailed(tmp_path, "messages.po", content)
    refused = brought(root, path)
    assert said(refused) == ["messages.po: error: neither its header nor its name says the language [language-unknown]"]
    assert only(brought(root, path, asked=Asked("de"))).taken == 1


EMPTY = b'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n'


def test_texts_that_another_tool_has_cut_differently_arrive(root: Path, tmp_path: Path) -> None:
    """As po4a writes them: with the line breaks of the source, and lines for places."""
    original = 'msgid ""\n"Leave a strip of grass\\n"\n"beside every wall."\n'
    text = f'#: sources/orchard.md:30\n{original}msgstr ""\n"Ein Streifen\\n"\n"Gras."\n'
    brought(root, mailed(tmp_path, "orchard.po", EMPTY + b"\n" + text.encode()))
    both = catalog(root).get((None, STRIP))
    assert both is not None
    assert {*both.msgstr, *alternatives(both)} == {"Lasst an jeder Mauer einen Streifen Gras.", "Ein Streifen Gras."}


def test_a_catalog_of_no_document_is_asked_about(root: Path, tmp_path: Path) -> None:
    path = mailed(tmp_path, "messages.po", EMPTY + b'\nmsgid "Nobody knows this"\nmsgstr "Niemand"\n')
    refused = brought(root, path)
    assert said(refused) == [
        "messages.po: error: neither its texts nor its name say of which document it is [document-unknown]"
    ]
    one = only(brought(root, path, asked=Asked("", "orchard")))
    assert one.path == "locales/de/orchard.po"
    assert texts(catalog(root))["Nobody knows this"] == "Niemand"


def test_asking_for_a_document_that_there_is_not(root: Path, tmp_path: Path) -> None:
    done = brought(root, mailed(tmp_path, "messages.po", EMPTY), asked=Asked("", "../../etc/passwd"))
    assert said(done) == ["messages.po: error: there is no catalog “../../etc/passwd” [unknown-document]"]


# --- refused ----------------------------------------------------------------------------------------------------------


def test_a_torn_catalog_stays_out_and_the_others_go_in(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern"})
    lines = files["de/organisations.po"].decode().split("\n")
    lines[-2] = lines[-2].rstrip('"')
    files["de/organisations.po"] = "\n".join(lines).encode()
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert done.refused == 1
    assert texts(catalog(root))[ASK] == "Was wir fordern"
    assert {each.location.path for each in done.diagnostics} == {"kit.zip/de/organisations.po"}
    assert all(each.location.line and each.severity == "error" for each in done.diagnostics)


def test_the_wrong_language_inside(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["de/orchard.po"] = files["de/orchard.po"].replace(b"Language: de", b"Language: fr")
    done = brought(root, sent(tmp_path, "kit.zip", files))
    message = "the header says Language: fr, but the file is in the folder of de (German)"
    assert said(done) == [f"kit.zip/de/orchard.po:6: error: {message} [wrong-language]"]


def test_a_kit_of_another_language_than_the_one_that_was_said(root: Path, tmp_path: Path) -> None:
    done = brought(root, sent(tmp_path, "kit.zip", exported(root, "de", "orchard")), asked=Asked("fr"))
    assert said(done)[0] == "kit.zip/de/orchard.po: error: the kit is of de (German), not of fr [wrong-language]"
    assert not done.catalogs


def test_a_list_of_files_that_names_no_language(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["kit.json"] = files["kit.json"].replace(b'"locale": "de"', b'"locale": "../fr"')
    before = traces(root)
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert {each.code for each in done.diagnostics} == {"kit-manifest"}
    assert done.refused == 2
    assert traces(root) == before


def test_a_torn_catalog_of_ours_is_not_written_over(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    path = root / "locales" / "de" / "orchard.po"
    path.write_bytes(path.read_bytes()[:-3])
    torn = path.read_bytes()
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern"})
    done = brought(root, sent(tmp_path, "kit.zip", files))
    assert path.read_bytes() == torn
    assert done.refused == 1
    assert "kit.zip/de/orchard.po: error: not taken, because locales/de/orchard.po cannot be read [not-taken]" in said(
        done
    )
    assert {each.location.path for each in done.diagnostics} == {"locales/de/orchard.po", "kit.zip/de/orchard.po"}


def test_one_bad_kit_does_not_hold_up_the_other(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern"})
    good, bad = sent(tmp_path, "good.zip", files), sent(tmp_path, "bad.zip", {**files, "../x.po": b""})
    done = brought(root, bad, good)
    assert said(done) == ["bad.zip: error: “../x.po” leads out of the kit [kit-unsafe]"]
    assert texts(catalog(root))[ASK] == "Was wir fordern"
    assert not (tmp_path / "x.po").exists()


def test_what_a_translator_replaces_is_in_the_ledger(root: Path, tmp_path: Path) -> None:
    files = exported(root)
    path = root / "locales" / "de" / "orchard.po"
    files["de/orchard.po"] = typed(files["de/orchard.po"], {CHILD: "Nichts für Kinder!"})
    brought(root, sent(tmp_path, "kit.zip", files))
    ledger = "".join(each.read_text("utf-8") for each in (root / "locales" / ".ledger").rglob("*.jsonl"))
    assert "Ein Baum für jedes Kind!" in path.read_text("utf-8") + ledger
    assert "Nichts für Kinder!" in path.read_text("utf-8")


# --- the verbs --------------------------------------------------------------------------------------------------------


def run(root: Path, *arguments: object) -> Result:
    return CliRunner().invoke(kit, [str(each) for each in arguments], obj=root, catch_exceptions=False)


def test_from_one_end_to_the_other(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "kit.zip"
    shown = run(root, "export", "-l", "de", "orchard", out)
    assert (shown.exit_code, shown.output.split(":")[0]) == (0, f"wrote {out}")
    assert "2 catalogs" in shown.output
    files = unpacked(out.read_bytes())
    files["de/orchard.po"] = typed(files["de/orchard.po"], {ASK: "Was wir fordern"})
    shown = run(root, "import", sent(tmp_path, "back.zip", files))
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "back.zip/de/orchard.po -> locales/de/orchard.po: 1 taken",
        "back.zip/de/organisations.po -> locales/de/organisations.po: 0 taken",
        "2 of 2 files brought in",
    ]


def test_json_for_programs(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "kit.zip"
    told = json.loads(run(root, "export", "-l", "de", out, "--json").output)
    assert told["written"] == str(out)
    assert "de/orchard.po" in told["files"]
    files = unpacked(out.read_bytes())
    one, two = (typed(files["de/orchard.po"], {ASK: text}) for text in ("Was wir fordern", "Unsere Forderungen"))
    shown = run(
        root, "import", "--json", mailed(tmp_path, "1.po", one), mailed(tmp_path, "2.po", two), tmp_path / "no.zip"
    )
    told = json.loads(shown.output)
    assert shown.exit_code == 1
    assert (told["lost"], told["refused"]) == (0, 1)
    assert [(each["from"], each["path"], each["taken"]) for each in told["catalogs"]] == [
        ("1.po", "locales/de/orchard.po", 1),
        ("2.po", "locales/de/orchard.po", 0),
    ]
    (clash,) = told["catalogs"][1]["conflicts"]
    assert clash["msgid"] == ASK
    assert (clash["ours"], clash["theirs"]) == (["Was wir fordern"], ["Unsere Forderungen"])
    assert clash["line"] == catalog(root).get((None, ASK)).line  # type: ignore[union-attr]  # it is there
    assert [each["code"] for each in told["diagnostics"]].count("no-file") == 1


def test_a_kit_is_a_zip_file(root: Path) -> None:
    shown = run(root, "export", "-l", "de", "orchard")
    assert shown.exit_code == 2
    assert "orchard is not the name of a ZIP file" in shown.output
