"""Leaflets come from the store or from the press; what is lacking is made together, and a crash costs its own job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cache import LeafletCache
from pipeline.diagnostics import Diagnostic, Location
from pipeline.fonts import FontSet
from pipeline.leaflets import Job, Made, Press
from pipeline.pool import Outcome
from pipeline.renditions import Options, wanted_formats
from pipeline.source.document import Document
from pipeline.typesetting.fitting import Layout, Setting
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page
from pipeline.workspace import Workspace
from tests.golden import ORCHARD, design, print_page, rendition

SCREEN, DESK, ODD = Finish("screen"), Finish("desk"), Finish("desk", "odd")
SET = Leaflet(b"%PDF", 2, 1, 9.5, 0.98, Setting(9.5, 0.25), 3)
WORKSPACE = Workspace(ORCHARD)
RENDITION, PAGE = rendition(WORKSPACE, "well", "fr"), print_page("fr", "well")
FORMAT = design(WORKSPACE, "a4").format


class Asked(list[tuple[Page, tuple[Finish, ...], Layout | None]]):
    """What the press gave to its workers."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Workers that need no time, in this process."""
    asked = Asked()

    @contextmanager
    def pool(fonts: FontSet, jobs: int, tasks: int) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(1) as executor:
            yield executor

    def work(page: Page, finishes: tuple[Finish, ...], hint: Layout | None) -> Outcome:
        asked.append((page, finishes, hint))
        return tuple(replace(SET, pdf=finish.name.encode()) for finish in finishes), 4.0

    monkeypatch.setattr("pipeline.leaflets.worker_pool", pool)
    monkeypatch.setattr("pipeline.leaflets.work_on", work)
    return asked


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(LeafletCache(tmp_path), FontSet.__new__(FontSet), "toolchain", 1)


def made(press: Press, *jobs: Job, progress: Callable[[str, int, int], None] = lambda *_: None) -> list[Made]:
    return list(press.make(jobs, progress))


def job(page: Page = PAGE, *finishes: Finish) -> Job:
    return Job(RENDITION, FORMAT, page, finishes or (SCREEN, DESK))


def test_all_editions_of_a_page_are_one_task(press: Press, asked: Asked) -> None:
    said = []
    found = made(press, job(), progress=lambda *each: said.append(each))
    assert [(page, finishes, hint) for page, finishes, hint in asked] == [(PAGE, (SCREEN, DESK), None)]
    assert [(each.finish, each.leaflet.pdf, each.seconds) for each in found] == [
        (SCREEN, b"screen", 2.0),
        (DESK, b"desk", 2.0),
    ]
    assert said == [("leaflets", 0, 2), ("leaflets", 2, 2)]


def test_what_is_in_the_store_is_not_made_again(press: Press, asked: Asked) -> None:
    first = made(press, job())
    asked.clear()
    again = made(press, job())
    assert asked == []
    assert [each.leaflet for each in again] == [each.leaflet for each in first]
    assert {each.seconds for each in again} == {None}
    assert press.stored(PAGE, DESK) == first[1].leaflet
    assert press.stored(PAGE, ODD) is None
    assert replace(press, toolchain="another").stored(PAGE, DESK) is None


def test_only_what_is_lacking_is_made_and_fitting_begins_where_it_ended(press: Press, asked: Asked) -> None:
    made(press, job())
    asked.clear()
    found = made(press, job(PAGE, SCREEN, ODD))
    assert asked == [(PAGE, (ODD,), Layout(SET.setting, 2, 1.98))]
    assert {each.finish: each.seconds is None for each in found} == {SCREEN: True, ODD: False}


def test_another_organizers_lines_begin_there_too(press: Press, asked: Asked) -> None:
    made(press, job())
    asked.clear()
    html = PAGE.html.replace("<!--contact-->", "<!--contact-->Les Jardins", 1)
    assert html != PAGE.html
    made(press, job(replace(PAGE, html=html)))
    assert [hint for _, _, hint in asked] == [Layout(SET.setting, 2, 1.98)]


def test_a_leaflet_with_a_fault_is_not_kept(press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Diagnostic("does-not-fit", "x", Location("sources/well.md"))
    leaflets = (Leaflet(diagnostics=(fault,)), Leaflet(diagnostics=(fault,)))
    monkeypatch.setattr("pipeline.leaflets.work_on", lambda *_: (leaflets, 1.0))
    assert [each.leaflet for each in made(press, job())] == list(leaflets)
    assert press.stored(PAGE, SCREEN) is None
    assert press.cache.layout(PAGE.fit_key("toolchain")) is None


def test_how_a_short_version_was_set_says_nothing_of_the_whole(
    press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.leaflets.work_on", lambda *_: ((replace(SET, shortened=True),) * 2, 1.0))
    made(press, job())
    assert press.stored(PAGE, SCREEN) == replace(SET, shortened=True)
    assert press.cache.layout(PAGE.fit_key("toolchain")) is None


@pytest.mark.parametrize("crash", [BrokenProcessPool("killed"), ValueError("no such glyph"), MemoryError()])
def test_a_crash_is_a_complaint_about_every_edition_of_its_job_alone(
    press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch, crash: Exception
) -> None:
    other = replace(PAGE, html=PAGE.html + " ")

    def work(page: Page, finishes: tuple[Finish, ...], hint: Layout | None) -> Outcome:
        if page == other:
            raise crash
        return tuple(SET for _ in finishes), 1.0

    monkeypatch.setattr("pipeline.leaflets.work_on", work)
    found = {(each.job.page, each.finish): each.leaflet for each in made(press, job(), job(other))}
    assert found[PAGE, SCREEN] == found[PAGE, DESK] == SET
    for finish in (SCREEN, DESK):
        (complaint,) = found[other, finish].diagnostics
        assert (complaint.code, complaint.location.path, complaint.locale) == (
            "typesetter-crash",
            "sources/well.md",
            "fr",
        )
        assert "the typesetter crashed: " in complaint.message


# --- finishes, names and formats --------------------------------------------------------------------------------------------


def test_every_finish_has_a_name_and_a_key_of_its_own() -> None:
    finishes = [
        SCREEN,
        DESK,
        ODD,
        Finish("desk", "even"),
        Finish("desk", flip="long"),
        Finish("desk", flip="short"),
        Finish("shop"),
        Finish("shop", icc=b"a"),
        Finish("shop", icc=b"b"),
        Finish("shop", created=RENDITION.document.adopted),
    ]
    assert len({each.key() for each in finishes}) == len(finishes)
    assert [each.name for each in finishes[:4]] == ["screen", "desk", "desk-odd", "desk-even"]


def test_a_file_is_named_by_document_language_format_and_edition() -> None:
    names = [RENDITION.pdf_name(FORMAT, each) for each in (SCREEN, DESK, ODD, Finish("shop"))]
    assert names == ["well.fr.a4.pdf", "well.fr.a4.desk.pdf", "well.fr.a4.desk-odd.pdf", "well.fr.a4.shop.pdf"]


def finishes(options: Options, document: Document = RENDITION.document) -> list[Finish]:
    return list(options.finishes(document, WORKSPACE.read().settings))


def test_options_say_how_leaflets_are_made() -> None:
    day = RENDITION.document.adopted
    assert finishes(Options()) == [SCREEN, DESK]
    assert finishes(Options(editions=("shop",), icc=b"x")) == [Finish("shop", icc=b"x", created=day)]
    assert finishes(Options(single_sided=True, flip="long")) == [
        SCREEN,
        Finish("desk", "odd", "long"),
        Finish("desk", "even", "long"),
    ]
    assert finishes(Options(icc=b"x")) == [SCREEN, DESK], "only the shop's file has a profile"


def test_formats_are_taken_in_their_counterparts_for_the_paper() -> None:
    formats = WORKSPACE.formats

    def names(*given: str, paper: str = "iso") -> list[str]:
        return [each.name for each in wanted_formats(formats, given, paper)]

    assert names("web", "a4", "a4") == ["web", "a4"]
    assert names("web", "a4", "dl-trifold", paper="letter") == ["web", "letter", "letter-trifold"]
    assert names("letter") == names("letter", paper="letter") == ["letter"]
    assert names("a4", "letter", paper="letter") == ["letter"]
