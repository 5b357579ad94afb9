"""Which languages a document has to speak, and who needs them."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from pipeline.locales import Locale
from pipeline.source.document import Document
from pipeline.source.languages import Need, needs
from pipeline.source.organisations import parse_registry
from pipeline.source.parsing import Source, parse_document

REGISTRY = parse_registry(
    """id,acronym,name,name_language,translation,country,languages
linde,,Linde,de,,DE,
arve,,Arve,de,,CH,
togo,,Togo,fr,,TG,
haiti,,Ayiti,ht,,HT,ht
sarajevo,,Lipa,bs,,BA,
nowhere,,X,en,,,
""",
    "organisations.csv",
)


def document(*signatories: str) -> Document:
    text = f"---\ntitle: x\nsignatories: [{', '.join(signatories)}]\n---\n"
    return parse_document(Source("a", "sources/a.md", text), REGISTRY, Locale.parse("en"))


def locales(*tags: str) -> list[Locale]:
    return [Locale.parse(tag) for tag in tags]


def table(found: Iterable[Need]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(need.locale.tag, need.signatories, need.reason) for need in found]


def test_its_own_language_first_then_by_how_many_need_it() -> None:
    assert table(needs(document("linde", "arve", "togo", "haiti"), (), (), ())) == [
        ("en", (), "source"),
        ("de", ("linde", "arve"), "signatories"),
        ("fr", ("arve", "togo"), "signatories"),
        ("ht", ("haiti",), "signatories"),
        ("it", ("arve",), "signatories"),
    ]


def test_a_country_with_several_scripts() -> None:
    tags = {need.locale.tag for need in needs(document("sarajevo"), (), (), ())}
    assert tags == {"en", "bs", "bs-Cyrl", "hr", "sr", "sr-Latn"}


def test_who_has_neither_country_nor_languages_needs_nothing() -> None:
    assert table(needs(document("nowhere"), (), (), ())) == [("en", (), "source")]


def test_settings_add_and_take_away_and_catalogs_speak_for_themselves() -> None:
    found = table(needs(document("linde", "togo"), locales("eo", "de"), locales("fr"), locales("pt", "fr")))
    assert found == [
        ("en", (), "source"),
        ("de", ("linde",), "signatories"),
        ("eo", (), "settings"),
        ("pt", (), "catalog"),
    ]


def test_its_own_language_cannot_be_taken_away() -> None:
    assert table(needs(document(), (), locales("en"), ())) == [("en", (), "source")]


TAGS = st.lists(st.sampled_from(locales("en", "de", "fr", "eo", "pt", "sr-Latn")), max_size=4)
MEMBERS = st.lists(st.sampled_from(sorted(REGISTRY.by_id())), unique=True)


@given(MEMBERS, TAGS, TAGS, TAGS)
def test_every_language_once_and_the_order_is_total(
    members: list[str], add: list[Locale], remove: list[Locale], catalogs: list[Locale]
) -> None:
    found = needs(document(*members), add, remove, catalogs)
    tags = [need.locale.tag for need in found]
    assert tags[0] == "en"
    assert len(tags) == len(set(tags))
    assert found == needs(document(*members), reversed(add), reversed(remove), reversed(catalogs))
    assert not set(tags[1:]) & {locale.tag for locale in remove}
