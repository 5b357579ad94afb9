"""What makes typesetting faster changes nothing on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.fonts import FontSet, seal
from pipeline.pool import Pool
from pipeline.typesetting.leaflet import Finish, Leaflet
from pipeline.typesetting.page import Page
from pipeline.workspace import Workspace
from tests.golden import REPOSITORY, in_worker, print_page

Both = tuple[tuple[Leaflet, ...], tuple[Leaflet, ...]]
SCREEN = (Finish("screen"),)
pytestmark = pytest.mark.slow
TAGS = ("de", "ur", "bn")


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    cache = tmp_path_factory.mktemp("fonts")
    sealed: FontSet = seal(Workspace(REPOSITORY).typography.all_families(), cache / "own", cache)
    with Pool(sealed, 1) as pool:
        yield pool


def with_and_without(page: Page) -> Both:
    """In a worker: the leaflet with the memos, and without them."""
    from weasyprint.text import line_break

    from pipeline.typesetting import engine, speed  # noqa: F401  # the engine installs them
    from pipeline.worker import work_on

    mended = work_on(page, SCREEN, None)
    with speed.without(speed.MEMOS):
        plain = work_on(page, SCREEN, None)
        assert line_break.strut is speed._strut, "the memos were in use"
    return mended, plain


def balance(page: Page) -> Both:
    """In a worker: the leaflet with our columns, and with WeasyPrint's."""
    from pipeline.typesetting import engine, speed  # noqa: F401
    from pipeline.worker import work_on

    ours = work_on(page, SCREEN, None)
    with speed.without(speed.MENDS[len(speed.MEMOS) :]):
        theirs = work_on(page, SCREEN, None)
    return ours, theirs


def refuses_other_versions() -> tuple[bool, bool, bool]:
    """In a worker: whether the mends go in with the proven versions, twice, and with another."""
    from pipeline.typesetting import speed

    proven = dict(speed.PROVEN)
    try:
        first, again = speed.mend(), speed.mend()
        speed.PROVEN["weasyprint"] = "70.1"
        return first, again, speed.mend.__wrapped__()
    finally:
        speed.PROVEN.update(proven)


def differing_dictionaries() -> list[str]:
    """In a worker: hyphenation dictionaries that are read otherwise than Pyphen reads them."""
    import pyphen

    from pipeline.typesetting import speed

    differing = []
    for tag in ("fr", "hu_HU", "af_ZA", "ru_RU", "el_GR"):
        ours, theirs = (pyphen.HyphDict.__new__(pyphen.HyphDict) for _ in range(2))
        speed.read_patterns(ours, pyphen.LANGUAGES[tag])
        speed._read_patterns(theirs, pyphen.LANGUAGES[tag])
        read = {letters: ours.patterns.get(letters) for letters in ours.patterns}
        if read != theirs.patterns or ours.maxlen != theirs.maxlen:
            differing.append(tag)
    return differing


def heights_in_order() -> list[float]:
    from pipeline.typesetting.columns import Piece, heights

    lines = tuple(Piece(top, top, top + 10) for top in range(0, 70, 10))
    return list(heights(lines, 3))


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_remembered_changes_no_byte(workers: Pool, tag: str) -> None:
    page = print_page(tag, "own-language", REPOSITORY)
    mended, plain = in_worker(workers, with_and_without, page)
    assert mended[0].diagnostics == ()
    assert mended == plain


def test_decorated_words_and_features_change_no_byte(workers: Pool) -> None:
    """Where a style asks for more than plain text, WeasyPrint prepares it."""
    page = print_page("en")
    style = "p{text-decoration:underline;font-variant-caps:small-caps;box-sizing:border-box}p::first-line{color:red}</style>"
    mended, plain = in_worker(workers, with_and_without, replace(page, html=page.html.replace("</style>", style, 1)))
    assert mended[0].pdf.startswith(b"%PDF")
    assert mended == plain


@pytest.mark.parametrize("tag", ["de", "ur"])
def test_columns_are_no_taller_than_weasyprints(workers: Pool, tag: str) -> None:
    (ours,), (theirs,) = in_worker(workers, balance, print_page(tag, "own-language", REPOSITORY))
    assert ours.pages <= theirs.pages
    assert ours.size_pt >= theirs.size_pt


def test_spanning_columns_are_weasyprints(workers: Pool) -> None:
    page = print_page("en")
    spanning = replace(page, html=page.html.replace("</style>", ".text h2{column-span:all}</style>", 1))
    ours, theirs = in_worker(workers, balance, spanning)
    assert ours == theirs


def test_heights_begin_with_the_smallest_that_fits(workers: Pool) -> None:
    assert in_worker(workers, heights_in_order) == [30, 40, 50, 60, 70]


def test_mends_go_in_twice_and_with_proven_versions_only(workers: Pool) -> None:
    assert in_worker(workers, refuses_other_versions) == (True, True, False)


def test_hyphenation_dictionaries_are_read_as_pyphen_does(workers: Pool) -> None:
    assert in_worker(workers, differing_dictionaries) == []
