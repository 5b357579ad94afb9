"""tests/broken/po-*: one folder per way in which a catalog can be wrong, and exactly what we say about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic, InvalidInput
from pipeline.locales import Locale
from pipeline.translation.catalog import parse_catalog

BROKEN = Path(__file__).parent / "broken"
PATH = "locales/de/letter.po"
WAYS = sorted(BROKEN.glob("po-*"))


def complaints(way: Path) -> tuple[Diagnostic, ...]:
    """Why the catalog is refused."""
    with pytest.raises(InvalidInput) as caught:
        parse_catalog((way / PATH).read_bytes(), PATH, Locale.parse("de"))
    return caught.value.diagnostics


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_says_what_is_wrong_and_how_to_mend_it(way: Path) -> None:
    said = "".join(f"{each}\n" for each in complaints(way))
    assert said == (way / "expected.txt").read_text("utf-8")


def test_every_complaint_has_an_address_and_a_way_out() -> None:
    for way in WAYS:
        for each in complaints(way):
            assert each.location.path == PATH
            assert each.hint
            assert each.locale == "de"


def test_there_are_many_ways_to_be_wrong() -> None:
    assert len(WAYS) >= 40
