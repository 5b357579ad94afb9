"""One line, one signatory: acronym, name, translation, country and language, with invented organisations."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pipeline.diagnostics import InvalidInput
from pipeline.locales import Locale
from pipeline.source.intake import RegistryRow, extended_registry, import_page
from pipeline.source.intake.countries import countries_in, country_named
from pipeline.source.intake.dates import dates_in
from pipeline.source.intake.groups import heading_details
from pipeline.source.intake.languages import language_of
from pipeline.source.intake.signatories import parse_signatory
from pipeline.source.organisations import parse_registry

# A line, and under it: acronym · name · translation · country · language (- for none).
LINES = """
RRT Salle de lecture du Togo (Reading Room of Togo)
    RRT · Salle de lecture du Togo · Reading Room of Togo · TG · fr
FRI (N) Free Readers of India (North)
    FRI (N) · Free Readers of India (North) · - · IN · en
FRX (N) Blue Door Free Readers of Xland (North) Blue Door
    FRX (N) Blue Door · Free Readers of Xland (North) Blue Door · - · - · en
Khanandegan Hezb-e Khanandegan-e Iran (Party of Readers)
    Khanandegan · Hezb-e Khanandegan-e Iran · Party of Readers · IR · fa-Latn
FRA/N Free Readers of Australia (North)
    FRA/N · Free Readers of Australia (North) · - · AU · en
OO (KK) Okuma Odası (Kuzey) (Reading Room (North)), Turkey
    OO (KK) · Okuma Odası (Kuzey) · Reading Room (North) · TR · tr
PCL (independiente) Partido Cubano de Lectores (independiente) (Cuban Readers' Party (independent))
    PCL (independiente) · Partido Cubano de Lectores (independiente) · Cuban Readers' Party (independent) · CU · es
SLT Sojus Tschitatelej Rossii (Union of Readers), Ukraine
    SLT · Sojus Tschitatelej Rossii · Union of Readers · UA · ru-Latn
RLA (N) South Africa
    RLA (N) · RLA (N) · - · ZA · -
FreeRRL Germany
    FreeRRL · FreeRRL · - · DE · -
RUI (N) Quiet Line India
    RUI (N) Quiet Line · RUI (N) Quiet Line · - · IN · -
LOKB Turkey-Kurdistan
    LOKB · LOKB · - · TR · -
RU of Macedonia (FYROM)
    - · RU of Macedonia (FYROM) · - · MK · en
German Reading Union (DLV)
    DLV · German Reading Union · - · DE · en
Readers’ Union Wallonia-Brussels (Belgium)
    - · Readers’ Union Wallonia-Brussels · - · BE · en
ABCL (Cyprus)
    ABCL · ABCL · - · CY · -
Readers’ Party of India (Marxist)
    - · Readers’ Party of India (Marxist) · - · IN · en
Philippines Readers’ Union (RUP - 1930)
    RUP - 1930 · Philippines Readers’ Union · - · PH · en
Popular Readers’ Union - Book Association , MEXICO
    - · Popular Readers’ Union - Book Association · - · MX · en
Movement “ Popular Reading” , Moldova
    - · Movement “ Popular Reading” · - · MD · en
Lesebund Deutschlands
    - · Lesebund Deutschlands · - · DE · de
Moroccan Readers
    - · Moroccan Readers · - · MA · en
Związek Czytelnia Polska
    - · Związek Czytelnia Polska · - · PL · pl
Free Readers, Rome, Italy
    - · Free Readers, Rome · - · IT · en
Workers’ Readers (USA)
    - · Workers’ Readers · - · US · en
“Xyzzy!”
    - · “Xyzzy!” · - · - · -
SOS Lecture (SOS Reading), France
    - · SOS Lecture · SOS Reading · FR · fr
"""


@pytest.mark.parametrize(("text", "wanted"), re.findall(r"^(\S.*)\n    (.*)$", LINES, re.MULTILINE))
def test_a_line_is_taken_apart(text: str, wanted: str) -> None:
    found = parse_signatory(text, "en")
    told = (found.acronym, found.name, found.translation, found.country, found.language)
    assert " · ".join(cell or "-" for cell in told) == wanted


def test_a_line_with_a_lost_bracket_stays_as_it_is() -> None:
    found = parse_signatory("FRI Free Readers (Ireland", "en")
    assert (found.acronym, found.name, found.country) == ("", "FRI Free Readers (Ireland", "IE")
    assert found.doubts


def test_nothing_that_cannot_be_parsed_is_dropped() -> None:
    page = "Readers!\n\nWe are the readers of this town.\n\nSignatories:\n1. Free Readers, Malta\n2. Book (Friends\n3. ???\n"
    imported = import_page(page, "saved.txt", "readers", ())
    assert [row.name for row in imported.rows] == ["Free Readers", "Book (Friends", "???"]
    looks = [(each.location.line, str(each.location)) for each in imported.diagnostics if each.code == "signatory-look"]
    assert looks == [(7, "saved.txt:7"), (8, "saved.txt:8")]


PAGE = """Readers!

We are the readers of this town and we want to read.

Signatories:
1. LKL Lesekreis Linde (Linden Tree Reading Circle), Germany
2. LKL Germany
3. Lesekreis  LINDE, Germany
4. LKL Leeskring Lelie, Netherlands
5. LKL Lesekreis Lilie, Germany
6. Cercle du Tilleul, France
"""


def test_the_registry_is_reused_and_never_doubled() -> None:
    known = (RegistryRow("linde", "LKL", "Lesekreis Linde", "de", "Linden Tree Reading Circle", "DE"),)
    imported = import_page(PAGE, "saved.txt", "readers", known)
    assert [row.id for row in imported.rows] == ["lkl", "lkl-de", "cercle-du-tilleul"]
    assert "members: [linde, lkl, lkl-de, cercle-du-tilleul]" in imported.source_text
    twice = [each.location.line for each in imported.diagnostics if each.code == "signatory-twice"]
    assert twice == [7, 8]


def test_ids_are_stable_and_unique() -> None:
    first, second = (import_page(PAGE, "saved.txt", "readers", ()) for _ in range(2))
    assert first == second
    assert len({row.id for row in first.rows}) == len(first.rows)


def test_organisations_of_the_registry_are_known_as_they_are() -> None:
    registry = "id,acronym,name,name_language,translation,country,languages\nlinde,LKL,Lesekreis Linde,de,,DE,\n"
    imported = import_page(PAGE, "saved.txt", "readers", parse_registry(registry, "organisations.csv").organisations)
    extended = extended_registry(registry, imported.rows)
    assert extended.startswith(registry)
    again = import_page(PAGE, "saved.txt", "readers", parse_registry(extended, "organisations.csv").organisations)
    assert again.rows == ()
    assert again.source_text == imported.source_text


def test_cells_are_quoted_where_they_must_be() -> None:
    row = RegistryRow("x", "", 'The "Elm", North', "en")
    assert extended_registry("", (row,)).split("\n")[1] == 'x,,"The ""Elm"", North",en,,,'


def test_a_registry_without_its_columns_is_refused() -> None:
    with pytest.raises(InvalidInput, match="columns are missing: acronym"):
        extended_registry("id,name\n", ())


@pytest.mark.parametrize("document_id", ["../x", "A", "", "a/b", "-a", "a b", "é"])
def test_an_id_never_becomes_a_path(document_id: str) -> None:
    with pytest.raises(InvalidInput, match="cannot name a document"):
        import_page(PAGE, "saved.txt", document_id, ())


@pytest.mark.parametrize("page", ["", " \n\t\n", "***", "<html><body><script>x</script></body></html>"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(InvalidInput, match="no text was found"):
        import_page(page, "saved.txt", None, ())


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("1er mai 2020", "fr", date(2020, 5, 1)),
        ("Berlin, den 3. Oktober 2021", "de", date(2021, 10, 3)),
        ("September 10th, 2021", "en", date(2021, 9, 10)),
        ("12 de octubre de 2020", "es", date(2020, 10, 12)),
        ("3 Mayıs 2019", "tr", date(2019, 5, 3)),
        ("12 октября 2020 г.", "ru", date(2020, 10, 12)),
        ("10 أيلول 2020", "ar", date(2020, 9, 10)),
        ("2021年9月10日", "zh", date(2021, 9, 10)),
        ("2021-09-10", "en", date(2021, 9, 10)),
        ("10.09.2021", "de", date(2021, 9, 10)),
        ("3 listopada 2020", "pl", date(2020, 11, 3)),
        ("3. listopada 2020.", "hr", date(2020, 10, 3)),
        ("30 May 2021 at 19:30", "en", date(2021, 5, 30)),
        ("31 February 2021", "en", None),
        ("03/04/2021", "en", None),
        ("May 2021", "en", None),
        ("__ May 2021", "en", None),
    ],
)
def test_dates_of_many_languages(text: str, language: str, day: date | None) -> None:
    assert [found.day for found in dates_in(text, language)] == [day]


@pytest.mark.parametrize(
    ("heading", "kept", "as_of", "is_open"),
    [
        ("Signataires (au 3 mai 2020, liste ouverte) :", "Signataires", date(2020, 5, 3), True),
        ("Unterzeichner (Stand 15.09.2021, weitere Unterzeichner möglich)", "Unterzeichner", date(2021, 9, 15), True),
        ("İmzacılar:", "İmzacılar", None, False),
        ("Additional Signatories (Non-WFRR):", "Additional Signatories (Non-WFRR)", None, False),
        ("The signatory unions (the joint statement is open for further subscriptions):", "The signatory unions", None, True),
        ("Signatories, as of 3 May 2020:", "Signatories", date(2020, 5, 3), False),
    ],
)  # fmt: skip
def test_headings_of_lists(heading: str, kept: str, as_of: date | None, is_open: bool) -> None:
    language = language_of(heading) or "en"
    assert heading_details(heading, "de" if "Stand" in heading else language) == (kept, as_of, is_open)


def test_names_of_languages_and_countries_can_be_had_from_the_compiler() -> None:
    for text in ("Komma Anagnoston Elladas", "Hizb al-Qurra", "Partija Čitalaca Srbije", "Đảng của Việt Nam"):
        assert Locale.parse(language_of(text, countries_in(text)) or "und").tag


@pytest.mark.parametrize(
    ("text", "code"),
    [("Côte d’Ivoire", "CI"), ("Ivory Coast", "CI"), ("Allemagne", "DE"), ("ΕΛΛΑΔΑ", "GR"), ("the U.S.A.", "US"), ("Elm", "")],
)  # fmt: skip
def test_countries_by_their_names(text: str, code: str) -> None:
    assert country_named(text) == code
