"""Progress on a file or a pipe: lines now and then, with rate and time left once they mean something."""

from __future__ import annotations

import pytest

from pipeline.tables import Pace, PlainProgress, progress


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def lines(steps: list[tuple[float, int]], total: int, there: int = 0) -> list[str]:
    """What is said of leaflets that are ready at these seconds; ``there`` were so before."""
    clock, said = Clock(), []
    plain = PlainProgress(said.append, clock)
    plain.show("leaflets", there, total)
    for seconds, done in steps:
        clock.now = 100 + seconds
        plain.show("leaflets", done, total)
    return said


def test_one_line_for_each_tenth_and_the_last() -> None:
    said = lines([(n * 0.5, n) for n in range(1, 41)], 40)
    assert said[:3] == [
        "leaflets: 0 of 40",
        "leaflets: 4 of 40, 2.0 a second, 18 s left",
        "leaflets: 8 of 40, 2.0 a second, 16 s left",
    ]
    assert said[-1] == "leaflets: 40 of 40"
    assert len(said) == 11


def test_one_line_every_five_seconds_where_a_tenth_takes_longer() -> None:
    said = lines([(n, n) for n in range(1, 21)], 10_000)
    assert [each.split(" of")[0] for each in said] == [f"leaflets: {n}" for n in (0, 5, 10, 15, 20)]
    assert said[-1].endswith("1.0 a second, 2.8 h left")


def test_no_more_than_a_line_a_second() -> None:
    assert len(lines([(n * 0.02, n) for n in range(1, 101)], 100)) == 3


def test_no_rate_after_two() -> None:
    assert lines([(5, 1), (10, 2), (15, 3)], 9) == [
        "leaflets: 0 of 9",
        "leaflets: 1 of 9",
        "leaflets: 2 of 9",
        "leaflets: 3 of 9, 0.2 a second, 30 s left",
    ]


def test_what_was_in_the_store_does_not_count_as_fast() -> None:
    assert lines([(10, 95)], 100, there=90)[1] == "leaflets: 95 of 100, 0.5 a second, 10 s left"


def test_nothing_is_said_twice() -> None:
    assert lines([(0, 0), (6, 0), (12, 0)], 0) == ["leaflets: 0 of 0"]


def test_each_kind_of_work_has_its_own_pace() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.rate("leaflets", 0) == 0
    clock.now += 10
    assert pace.rate("pages", 50) == 0
    assert pace.rate("leaflets", 50) == 5
    clock.now += 10
    assert pace.rate("pages", 60) == 1


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=True) as show:
        show("leaflets", 1, 1)
    assert capsys.readouterr() == ("", "")


def test_on_a_pipe_it_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=False) as show:
        show("leaflets", 0, 1)
        show("leaflets", 1, 1)
    assert capsys.readouterr() == ("", "leaflets: 0 of 1\nleaflets: 1 of 1\n")
