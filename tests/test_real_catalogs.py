"""Catalogs of other people's programs: read as polib reads them, written back to the byte, one change is one place.

Django's catalogs come from its wheel in .venv/test-data, the Declaration of Human Rights from ../shared; tests/styles has one file
per program.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import polib
import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, Message, parse_catalog, plural_faults, serialize

STYLES = sorted((Path(__file__).parent / "styles").glob("*.po"))
TEST_DATA = Path(__file__).parents[1] / ".venv" / "test-data"
UDHR = Path(__file__).parents[2] / "shared" / "udhr" / "po"
DE = Locale.parse("de")
NEW = "**Neu** und «anders»\\\nüber zwei Zeilen, die zweite davon so lang, dass sie nicht in achtzig Spalten passt …"


@cache
def django() -> dict[str, bytes]:
    """Django's catalogs by their path in the wheel."""
    wheel = next(TEST_DATA.glob("django-*.whl"), None)
    if wheel is None:
        pytest.skip("Django's wheel is not in .venv/test-data: “sh tools/setup.sh dev” fetches it")
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".po")}


def django_locale(path: str) -> Locale:
    return Locale.parse(path.split("/locale/")[1].split("/", maxsplit=1)[0])


def polib_view(content: bytes) -> Iterator[tuple[object, ...]]:
    """What polib makes of each message, ``#~|`` apart, which it does not know."""
    for each in polib.pofile(content.decode("utf-8-sig").replace("\r\n", "\n")):
        forms = tuple(each.msgstr_plural[form] for form in sorted(each.msgstr_plural))
        yield (
            (each.msgctxt, each.msgid, each.msgid_plural or None),
            forms or (each.msgstr,),
            (each.fuzzy, bool(each.obsolete)),
            sorted(flag for flag in each.flags if flag != "fuzzy"),
            None if each.obsolete else each.previous_msgid,
            [line for line in each.tcomment.split("\n") if line.strip()],
            [line for line in each.comment.split("\n") if line.strip()],
        )


def our_view(catalog: Catalog) -> Iterator[tuple[object, ...]]:
    for each in catalog.messages:
        yield (
            (each.msgctxt, each.msgid, each.msgid_plural),
            each.msgstr,
            (each.fuzzy, each.obsolete),
            sorted(each.flags),
            None if each.obsolete else each.previous_msgid,
            [line for line in each.translator_comments if line.strip()],
            [line for line in each.extracted_comments if line.strip()],
        )


def refusals(content: bytes, path: str) -> set[str]:
    """Why a catalog of Django's is refused; empty if it is not, and then it is written back to the byte."""
    try:
        catalog = parse_catalog(content, path, django_locale(path))
    except InvalidInput as invalid:
        return {each.code for each in invalid.diagnostics}
    assert serialize(catalog) == content, path
    return set()


def with_one_changed(catalog: Catalog, index: int) -> Catalog:
    """The catalog with another translation of one message, as ``update`` would make it."""
    old = catalog.messages[index]
    new = replace(old, msgstr=(NEW, *old.msgstr[1:]), raw=None, line=0)
    return replace(catalog, messages=(*catalog.messages[:index], new, *catalog.messages[index + 1 :]))


def assert_only_its_lines_differ(content: bytes, catalog: Catalog, index: int) -> None:
    """What stands before and behind the changed message is there to the byte, and it reads back as it was meant."""
    raws = [each.raw or "" for each in (catalog.header, *catalog.messages)]
    before, after = "".join(raws[: index + 1]).encode(), ("".join(raws[index + 2 :]) + catalog.layout.ending).encode()
    assert raws[index + 1]
    begin = b"\xef\xbb\xbf" * catalog.layout.bom + before
    assert content.startswith(begin)
    assert content.endswith(after)
    changed = with_one_changed(catalog, index)
    written = serialize(changed)
    assert written != content
    assert written.startswith(begin)
    assert written.endswith(after)
    assert parse_catalog(written, catalog.path, catalog.locale) == changed


def some(messages: tuple[Message, ...]) -> list[int]:
    """The first message, the last, and one between."""
    return sorted({0, len(messages) // 2, len(messages) - 1} - {-1})


# --- one file per program ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_what_a_program_wrote_is_written_back_to_the_byte(path: Path) -> None:
    content = path.read_bytes()
    catalog = parse_catalog(content, path.name, DE)
    assert serialize(catalog) == content


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_polib_reads_the_same_messages(path: Path) -> None:
    content = path.read_bytes()
    assert list(our_view(parse_catalog(content, path.name, DE))) == list(polib_view(content))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_one_changed_message_changes_its_own_lines_only(path: Path) -> None:
    content = path.read_bytes()
    catalog = parse_catalog(content, path.name, DE)
    for index in range(len(catalog.messages)):
        assert_only_its_lines_differ(content, catalog, index)


def test_the_programs_are_those_that_translators_use() -> None:
    stems = {path.stem for path in STYLES}
    assert stems >= {"msgcat", "poedit", "lokalize", "weblate", "po4a", "omegat", "virtaal", "emacs"}
    table = (Path(__file__).parent / "styles" / "README.md").read_text("utf-8")
    assert stems == set(re.findall(r"`([a-z0-9-]+)\.po`", table))


def test_the_windows_file_keeps_its_mark_and_its_line_ends_when_it_is_changed() -> None:
    content = (Path(__file__).parent / "styles" / "poedit-windows.po").read_bytes()
    written = serialize(with_one_changed(parse_catalog(content, "x.po", DE), 1))
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\n") == written.count(b"\r\n") > 0


# --- Django, a thousand catalogs in a hundred languages ----------------------------------------------------------------


@pytest.mark.slow
def test_django_survives_the_disk() -> None:
    tags = {path.split("/locale/")[1].split("/")[0] for path in django()}
    assert (len(django()) >= 1_000, len(tags) >= 90) == (True, True)
    for path, content in django().items():
        assert serialize(parse_catalog(content, path, None)) == content, path


@pytest.mark.slow
def test_django_reads_as_polib_reads_it() -> None:
    for path, content in django().items():
        if path.startswith("django/conf/"):
            assert list(our_view(parse_catalog(content, path, None))) == list(polib_view(content)), path


@pytest.mark.slow
def test_one_changed_message_of_django_changes_its_own_lines_only() -> None:
    for path, content in django().items():
        if path.startswith(("django/conf/", "django/contrib/humanize/")):
            catalog = parse_catalog(content, path, None)
            for index in some(catalog.messages):
                assert_only_its_lines_differ(content, catalog, index)


@pytest.mark.slow
def test_nothing_of_django_is_refused_and_its_miscounted_plural_forms_are_told() -> None:
    """Some of its catalogs came from Transifex with three forms under a header of two; msgfmt refuses these."""
    miscounted = 0
    for path, content in django().items():
        assert not refusals(content, path), path
        catalog = parse_catalog(content, path, django_locale(path))
        match = re.search(r"nplurals=(\d+)", catalog.header_value("Plural-Forms"))
        wanted = int(match[1]) if match else catalog.locale.nplurals if catalog.locale else 0
        odd = [each for each in catalog.live if each.msgid_plural is not None and len(each.msgstr) != wanted]
        assert len(list(plural_faults(catalog))) == len(odd), path
        miscounted += bool(odd)
    assert miscounted > 20


# --- the Declaration ---------------------------------------------------------------------------------------------------


def test_the_declaration_survives_the_disk_and_a_change(shared: Path) -> None:
    paths = sorted((shared / "udhr" / "po").glob("*.po"))
    assert len(paths) == 13
    for path in paths:
        content = path.read_bytes()
        catalog = parse_catalog(content, path.name, Locale.parse(path.stem))
        assert serialize(catalog) == content
        assert list(our_view(catalog)) == list(polib_view(content))
        for index in chain(some(catalog.messages), range(0, len(catalog.messages), 7)):
            assert_only_its_lines_differ(content, catalog, index)
