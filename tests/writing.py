"""A small workspace for tests of ``update``: sources from a few paragraphs, and translators who fill its catalogs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.locales import Locale
from pipeline.translation.catalog import Catalog, Message, parse_catalog, serialize
from pipeline.updating import Updated, Wishes, update
from pipeline.workspace import Workspace

REGISTRY = "id,acronym,name,name_language,translation,country,languages\n"
WATER = "Water belongs to everybody who lives beside it."
BREAD = "Nobody may sell bread above its price."
ROADS = "Roads are built by those who walk on them, and by nobody else."


def source(*paragraphs: str, title: str) -> str:
    return "\n\n".join((f"---\ntitle: {title}\n---", *paragraphs)) + "\n"


def begun(root: Path, documents: Mapping[str, tuple[str, ...]], settings: str = "") -> Path:
    """A workspace in German and French with these paragraphs in its documents; nobody has translated anything."""
    (root / "sources").mkdir(parents=True)
    (root / "polyleaf.toml").write_text(settings or '[languages]\nadd = ["de", "fr"]\n', "utf-8")
    (root / "sources" / "organisations.csv").write_text(REGISTRY, "utf-8")
    for name, paragraphs in documents.items():
        write(root, name, *paragraphs)
    run(root)
    return root


def write(root: Path, name: str, *paragraphs: str) -> None:
    """The author saves a document."""
    (root / "sources" / f"{name}.md").write_text(source(*paragraphs, title=f"About {name}"), "utf-8")


def run(root: Path, *documents: str, **wishes: object) -> Updated:
    return update(Workspace(root), Wishes(documents, **wishes))  # type: ignore[arg-type]  # any wish


def catalog(root: Path, tag: str, domain: str) -> Catalog:
    path = root / "locales" / tag / f"{domain}.po"
    return parse_catalog(path.read_bytes(), f"locales/{tag}/{domain}.po", Locale.parse(tag))


def message(root: Path, tag: str, domain: str, msgid: str) -> Message:
    """The live message of a text, in no context."""
    found = catalog(root, tag, domain).get((None, msgid))
    assert found is not None, msgid
    return found


def translate(root: Path, tag: str, domain: str, texts: Mapping[str, str] | None = None) -> None:
    """A translator fills what has no translation yet, or only some texts; ``de: …`` where they are not told what to write."""
    before = catalog(root, tag, domain)
    wanted = {each.msgid: f"{tag}: {each.msgid}" for each in before.live if not any(each.msgstr)}
    save(root, tag, domain, before, wanted if texts is None else dict(texts))


def translate_all(root: Path) -> None:
    for path in sorted((root / "locales").glob("*/*.po")):
        if path.stem != "interface":
            translate(root, path.parent.name, path.stem)


def save(root: Path, tag: str, domain: str, before: Catalog, texts: Mapping[str, str]) -> None:
    messages = tuple(
        replace(each, msgstr=(texts[each.msgid],), fuzzy=False, previous_msgid=None, raw=None, line=0)
        if each.msgid in texts and not each.obsolete
        else each
        for each in before.messages
    )
    (root / "locales" / tag / f"{domain}.po").write_bytes(serialize(replace(before, messages=messages)))


def by_hand(root: Path, tag: str, domain: str, texts: Mapping[str, str]) -> None:
    """Somebody writes a catalog with an editor, such as a compendium."""
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    body = "".join(f'\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n' for msgid, msgstr in texts.items())
    path = root / "locales" / tag / f"{domain}.po"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'{header}"Language: {tag}\\n"\n{body}', "utf-8")


def catalogs_of(root: Path) -> dict[str, bytes]:
    """All catalogs and templates, but for those of the words of the interface."""
    paths = sorted((root / "locales").glob("*/*.po*"))
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in paths if path.stem != "interface"}
