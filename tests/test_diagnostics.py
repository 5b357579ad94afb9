"""A complaint says where, what and how to mend it, to people, editors and programs."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import Diagnostic, InvalidInput, Location, has_errors, in_order

LOST = Diagnostic(
    code="link-lost",
    message="the translation drops the link to https://example.org/map",
    location=Location("locales/fr/water.po", 48),
    hint="keep [words](https://example.org/map) in the msgstr",
    locale="fr",
    related=Location("sources/water.md", 12),
)
DIAGNOSTICS = st.builds(
    Diagnostic,
    code=st.sampled_from("ab"),
    message=st.sampled_from("xyz"),
    location=st.builds(Location, st.sampled_from(["a", "b"]), st.integers(0, 3)),
    severity=st.sampled_from(["error", "warning", "info"]),
)


def test_the_first_line_is_as_editors_expect_it() -> None:
    assert str(LOST).split("\n") == [
        "locales/fr/water.po:48: error: the translation drops the link to https://example.org/map [link-lost]",
        "    hint: keep [words](https://example.org/map) in the msgstr",
        "    see: sources/water.md:12",
    ]


def test_a_whole_file_has_no_line() -> None:
    assert str(Diagnostic("too-large", "too large", Location("a.md"))) == "a.md: error: too large [too-large]"


def test_programs_get_flat_fields_without_empty_ones() -> None:
    assert LOST.as_dict() == {
        "code": "link-lost",
        "severity": "error",
        "message": "the translation drops the link to https://example.org/map",
        "path": "locales/fr/water.po",
        "line": 48,
        "hint": "keep [words](https://example.org/map) in the msgstr",
        "locale": "fr",
        "related": "sources/water.md:12",
    }
    assert set(Diagnostic("c", "", Location("")).as_dict()) == {"code", "severity", "message", "path", "line"}


def test_complaints_come_by_place_and_once() -> None:
    first, second, tenth = (Diagnostic("c", "m", Location("a", line)) for line in (1, 2, 10))
    assert in_order([tenth, second, first, second]) == (first, second, tenth)


@given(st.lists(DIAGNOSTICS))
def test_order_does_not_depend_on_who_came_first(diagnostics: list[Diagnostic]) -> None:
    ordered = in_order(diagnostics)
    assert set(ordered) == set(diagnostics)
    assert [each.location for each in ordered] == sorted(each.location for each in ordered)
    assert in_order(ordered) == ordered


def test_only_an_error_is_an_error() -> None:
    place = Location("a")
    assert has_errors([Diagnostic("c", "m", place, "warning"), Diagnostic("c", "m", place)])
    assert not has_errors([Diagnostic("c", "m", place, "warning"), Diagnostic("c", "m", place, "info")])
    assert not has_errors([])


def test_invalid_input_crosses_processes_with_all_its_complaints() -> None:
    sent = InvalidInput(each for each in (LOST, LOST))
    received = pickle.loads(pickle.dumps(sent))  # noqa: S301  # our own bytes
    assert received.diagnostics == (LOST, LOST)
    assert str(received) == f"{LOST}\n{LOST}"
