"""Which domains a workspace has, and what is in their templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.extraction import Domain, domains, interface_segments
from pipeline.source.document import Role
from pipeline.translation.catalog import parse_catalog
from pipeline.workspace import Workspace, bundled
from tests.golden import ORCHARD, REPOSITORY, copy_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of(ORCHARD, tmp_path / "orchard")


def domains_of(root: Path, *only: str) -> dict[str, Domain]:
    workspace = Workspace(root)
    return {
        each.name: each for each in domains(workspace, workspace.read(only, catalogs=False)) if each.name != "interface"
    }


def tags(domain: Domain) -> list[str]:
    return [each.tag for each in domain.locales]


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "sources" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_document_is_a_domain_and_so_are_the_names_of_organisations() -> None:
    found = domains_of(ORCHARD)
    assert list(found) == ["orchard", "well", "organisations"]
    assert sorted(tags(found["orchard"])) == ["de", "el", "fa", "fr"]
    assert sorted(tags(found["well"])) == ["fa", "fr"]
    assert sorted(tags(found["organisations"])) == ["de", "el", "fa", "fr"]
    assert list(domains_of(ORCHARD, "well")) == ["well", "organisations"]


def test_a_domains_bytes_are_its_template_and_what_is_on_the_disk() -> None:
    for name, domain in domains_of(ORCHARD).items():
        path = Workspace(ORCHARD).template_path(name)
        assert domain.content == (ORCHARD / path).read_bytes()
        assert parse_catalog(domain.content, f"{name}.pot", None) == domain.template


def test_every_text_is_there_once_with_its_segments() -> None:
    for domain in domains_of(ORCHARD).values():
        keys = [each.key for each in domain.template.messages]
        assert len(set(keys)) == len(keys)
        assert set(keys) == {each.key for each in domain.segments if each.msgid}


def test_a_template_is_as_old_as_its_newest_source_never_as_now(root: Path) -> None:
    dates = {name: each.template.header_value("POT-Creation-Date")[:10] for name, each in domains_of(root).items()}
    assert dates == {"orchard": "2026-04-18", "well": "2026-04-19", "organisations": "2026-04-19"}
    edit(root, "well.md", "adopted: 2026-04-19\n", "")
    assert domains_of(root)["well"].template.header_value("POT-Creation-Date") == "2026-01-01 00:00+0000"
    assert domains_of(root)["organisations"].template.header_value("POT-Creation-Date")[:10] == "2026-04-18"


def test_a_digest_changes_with_a_text_and_with_a_correction_and_with_nothing_else(root: Path) -> None:
    before = {name: each.digest for name, each in domains_of(root).items()}
    edit(root, "well.md", "Open the well!", "<!-- a note of the author's own -->\n\nOpen the well!")
    assert {name: each.digest for name, each in domains_of(root).items()} == before
    edit(root, "well.md", "a note of the author's own", "i18n:typo shut -> open")
    corrected = {name: each.digest for name, each in domains_of(root).items()}
    assert {name for name in before if corrected[name] != before[name]} == {"well"}
    edit(root, "well.md", "Open the well!", "Open the old well!")
    edited = {name: each.digest for name, each in domains_of(root).items()}
    assert edited["well"] != corrected["well"]
    assert edited["orchard"] == before["orchard"]


def test_a_workspace_without_names_to_translate_has_no_domain_for_them(root: Path) -> None:
    registry = root / "sources" / "organisations.csv"
    head, *rows = registry.read_text("utf-8").splitlines()
    without = (",".join((*row.split(",")[:4], "", *row.split(",")[5:])) for row in rows)
    registry.write_text("\n".join([head, *without, ""]), "utf-8")
    names = [
        each.segment(Workspace(root).settings.source_locale) for each in Workspace(root).read().registry.organisations
    ]
    assert ("organisations" in domains_of(root)) is any(names)


def test_the_settings_choose_the_width_of_a_template(root: Path) -> None:
    wrapped = domains_of(root)["well"].content
    settings = (root / "polyleaf.toml").read_text("utf-8")
    (root / "polyleaf.toml").write_text(f'{settings}\n[translation]\nwrap = "none"\n', "utf-8")
    text = "The well behind the mill belongs to nobody: everybody may draw from it. Whoever comes has a right to it."
    edit(root, "well.md", "everybody may draw from it.", "everybody may draw from it. Whoever comes has a right to it.")
    assert f'msgid "{text}"\n'.encode() in domains_of(root)["well"].content
    assert text.encode() not in wrapped


# --- the words of the templates ----------------------------------------------------------------------------------------


def test_the_phrases_of_a_template_come_with_their_notes_and_plurals() -> None:
    page = (
        "{# translators: on the button #}\n{{ _('Read on') }} {{ _n('{n} page', '{n} pages', 3) }}"
        "{{ label('Draft') }} {{ other('no phrase') }}"
    )
    files = {
        "templates/b.html": page,
        "templates/a.html": "{{ _('First') }}",
        "templates/style.css": "{{ _('never') }}",
    }
    found = list(interface_segments(files))
    assert [(each.location.path, each.msgid, each.msgid_plural, each.note) for each in found] == [
        ("templates/a.html", "First", None, ""),
        ("templates/b.html", "Read on", None, "on the button"),
        ("templates/b.html", "{n} page", "{n} pages", ""),
        ("templates/b.html", "Draft", None, ""),
    ]
    assert {each.role for each in found} == {Role.INTERFACE}
    assert "no phrase" not in {each.msgid for each in found}
    assert "never" not in {each.msgid for each in found}


def interface_of(root: Path) -> Domain | None:
    workspace = Workspace(root)
    return next((each for each in domains(workspace, workspace.read(catalogs=False)) if each.name == "interface"), None)


def test_a_workspace_whose_templates_say_something_new_has_the_words_of_the_interface(root: Path) -> None:
    page = root / "templates" / "parts" / "greeting.html"
    page.parent.mkdir(parents=True)
    page.write_text("{{ _('Good water to you!') }}", "utf-8")
    found = interface_of(root)
    assert found is not None
    assert "Good water to you!" in {each.msgid for each in found.template.messages}
    assert sorted(tags(found)) == ["de", "el", "fa", "fr"]


def test_a_workspace_that_uses_the_tools_own_templates_needs_none(root: Path) -> None:
    """Whoever adds a phrase to templates/ adds it to every locales/*/interface.po."""
    assert interface_of(root) is None


def test_the_tool_itself_has_the_domain_in_every_language_it_speaks() -> None:
    assert bundled() == REPOSITORY
    found = interface_of(REPOSITORY)
    assert found is not None
    assert set(tags(found)) >= {"de", "fr", "fa"}
