"""Leaflets come from the store or from the press; what is lacking is made together, and a crash costs its own job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.crew import Done, Failure, Result, Task
from pipeline.diagnostics import Diagnostic, Location
from pipeline.fonts import FontSet
from pipeline.leaflets import Job, Made, Press
from pipeline.renditions import Options, wanted_formats
from pipeline.source.document import Document
from pipeline.store import Store
from pipeline.tasks import share
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


class Hands:
    """A crew that needs no time, in this process. ``asked`` is what the press gave to it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Page, tuple[Finish, ...], Layout | None]] = []
        self.pictures: list[bytes] = []
        self.set: Callable[[Page, tuple[Finish, ...]], Result] = lambda page, finishes: Done(
            (tuple(replace(SET, pdf=finish.name.encode()) for finish in finishes), b"jpeg"), 4.0
        )

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        for task in tasks:
            if task.work is share:
                self.pictures.append(task.arguments[0])
                yield task, Done(b"drawn later", 0.5)
                continue
            page, finishes, hint, pictured = task.arguments
            self.asked.append((page, finishes, hint))
            result = self.set(page, finishes)
            if isinstance(result, Done) and not pictured:
                result = Done((result.value[0], b""), result.seconds)
            yield task, result

    def close(self) -> None:
        """Nothing to let go."""


@pytest.fixture
def hands() -> Hands:
    return Hands()


FONTS = FontSet((), "", (), "digest")


@pytest.fixture
def press(tmp_path: Path, hands: Hands) -> Press:
    return Press(Store(tmp_path), lambda: hands, FONTS)


def made(press: Press, *jobs: Job, progress: Callable[[str, int, int], None] = lambda *_: None) -> list[Made]:
    found: list[Made] = []
    press.make(jobs, found.append, progress)
    return found


def job(page: Page = PAGE, *finishes: Finish) -> Job:
    return Job(RENDITION, FORMAT, page, finishes or (SCREEN, DESK))


def test_all_editions_of_a_page_are_one_task(press: Press, hands: Hands) -> None:
    said = []
    found = made(press, job(), progress=lambda *each: said.append(each))
    assert [(page, finishes, hint) for page, finishes, hint in hands.asked] == [(PAGE, (SCREEN, DESK), None)]
    assert [(each.finish, each.leaflet.pdf, each.seconds) for each in found] == [
        (SCREEN, b"screen", 2.0),
        (DESK, b"desk", 2.0),
    ]
    assert said == [("leaflets", 0, 2), ("leaflets", 2, 2)]


def test_what_is_in_the_store_is_not_made_again(press: Press, hands: Hands) -> None:
    first = made(press, job())
    hands.asked.clear()
    again = made(press, job())
    assert hands.asked == []
    assert [each.leaflet for each in again] == [each.leaflet for each in first]
    assert {each.seconds for each in again} == {None}
    assert press.stored(PAGE, DESK) == first[1].leaflet
    assert press.stored(PAGE, ODD) is None
    assert replace(press, fonts=replace(FONTS, digest="another")).stored(PAGE, DESK) is None


def test_only_what_is_lacking_is_made_and_fitting_begins_where_it_ended(press: Press, hands: Hands) -> None:
    made(press, job())
    hands.asked.clear()
    found = made(press, job(PAGE, SCREEN, ODD))
    assert hands.asked == [(PAGE, (ODD,), Layout(SET.setting, 2, 1.98))]
    assert {each.finish: each.seconds is None for each in found} == {SCREEN: True, ODD: False}


def test_another_organizers_lines_begin_there_too(press: Press, hands: Hands) -> None:
    made(press, job())
    hands.asked.clear()
    html = PAGE.html.replace("<!--contact-->", "<!--contact-->Les Jardins", 1)
    assert html != PAGE.html
    made(press, job(replace(PAGE, html=html)))
    assert [hint for _, _, hint in hands.asked] == [Layout(SET.setting, 2, 1.98)]


def test_a_leaflet_with_a_fault_is_not_kept(press: Press, hands: Hands) -> None:
    fault = Diagnostic("does-not-fit", "x", Location("sources/well.md"))
    leaflets = (Leaflet(diagnostics=(fault,)), Leaflet(diagnostics=(fault,)))
    hands.set = lambda *_: Done((leaflets, b""), 1.0)
    assert [each.leaflet for each in made(press, job())] == list(leaflets)
    assert press.stored(PAGE, SCREEN) is None
    assert press.store.layout(press.keys(PAGE, SCREEN, SET)[1]) is None


def test_how_a_short_version_was_set_says_nothing_of_the_whole(press: Press, hands: Hands) -> None:
    hands.set = lambda *_: Done(((replace(SET, shortened=True),) * 2, b""), 1.0)
    made(press, job())
    assert press.stored(PAGE, SCREEN) == replace(SET, shortened=True)
    assert press.store.layout(press.keys(PAGE, SCREEN, SET)[1]) is None


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (Failure("crash", "killed"), "typesetter-crash", "the typesetter crashed: killed"),
        (Failure("error", "ValueError: x"), "typesetter-crash", "the typesetter crashed: ValueError: x"),
        (Failure("time", "120 s"), "took-too-long", "the typesetter did not come to an end: 120 s"),
        (Failure("memory", "2 GB"), "too-much-memory", "the typesetter needed too much memory: 2 GB"),
    ],
)
def test_a_failure_is_a_complaint_about_every_edition_of_its_job_alone(
    press: Press, hands: Hands, failure: Failure, code: str, words: str
) -> None:
    other = replace(PAGE, html=PAGE.html + " ")
    well = hands.set
    hands.set = lambda page, finishes: failure if page == other else well(page, finishes)
    found = {(each.job.page, each.finish): each.leaflet for each in made(press, job(), job(other))}
    assert found[PAGE, SCREEN].pdf == b"screen"
    assert found[PAGE, DESK].pdf == b"desk"
    for finish in (SCREEN, DESK):
        (complaint,) = found[other, finish].diagnostics
        assert (complaint.code, complaint.locale) == (code, "fr")
        assert complaint.location.path in ("sources/well.md", "locales/fr/well.po")
        assert complaint.message == words


def test_a_picture_is_drawn_with_the_leaflet_and_kept(press: Press, hands: Hands) -> None:
    found = made(press, replace(job(), picture=True))
    assert {each.finish.name: each.picture for each in found} == {"screen": b"jpeg", "desk": b""}
    hands.asked.clear()
    again = made(press, replace(job(), picture=True))
    assert {each.finish.name: (each.picture, each.seconds) for each in again} == {
        "screen": (b"jpeg", None),
        "desk": (b"", None),
    }
    assert hands.asked == []


def test_a_picture_that_is_lacking_is_drawn_of_the_leaflet_in_the_store(press: Press, hands: Hands) -> None:
    made(press, job())
    hands.asked.clear()
    found = made(press, replace(job(), picture=True))
    assert {each.finish.name: each.picture for each in found} == {"screen": b"drawn later", "desk": b""}
    assert (hands.asked, hands.pictures) == ([], [b"screen"])
    assert press.stored_picture(next(each.leaflet for each in found if each.finish.name == "screen")) == b"drawn later"


def test_jobs_are_not_gathered_before_the_first_is_given_back(press: Press, hands: Hands) -> None:
    """A build of a thousand documents does not hold all their pages."""
    taken = []
    found: list[Made] = []

    def jobs() -> Iterator[Job]:
        for number in range(5):
            taken.append(number)
            yield job(replace(PAGE, html=f"{PAGE.html}{number}"))

    press.make(jobs(), lambda each: found.append(each) or taken.append(f"made {len(found)}"), lambda *_: None)  # type: ignore[func-returns-value]  # in order
    assert taken.index("made 1") < taken.index(4)


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
