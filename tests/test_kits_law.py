"""Kits go out, sources change, people type here and there, kits come back in any state: nothing anybody sent is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from unittest.mock import patch

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Location
from pipeline.kits_import import import_kits
from pipeline.kits_zip import digest, write_zip
from pipeline.locales import Locale
from pipeline.saving import save, snapshot
from pipeline.source.document import Role, Segment
from pipeline.translation.catalog import Catalog, parse_catalog, serialize
from pipeline.translation.remarks import alternatives
from pipeline.translation.update import merge, template
from pipeline.workspace import Workspace

DE = Locale.parse("de")
PO, POT = PurePosixPath("locales/de/letter.po"), PurePosixPath("locales/templates/letter.pot")
SENTENCES = (
    "Water belongs to everybody who lives beside it.",
    "Water belongs to everybody who lives near it.",
    "Nobody may sell bread above its price.",
    "Nobody may sell bread above its price, nor hide it.",
    "Roads are built by those who walk on them.",
    "Roads!",
    "Bread!",
    "Bread! Roads!",
    "Water belongs to everybody who lives beside it. Nobody may sell bread above its price.",
)
WAYS = ("kit", "folder", "mail", "renamed", "in base", "crlf", "without list", "flat")
WITHOUT_BASE = ("mail", "renamed", "in base", "without list", "flat")

edits = st.tuples(st.just("edit"), st.integers(0, 9), st.integers(0, len(SENTENCES) - 1), st.sampled_from("rid"))
typing = st.tuples(st.integers(0, 9), st.integers(0, 3), st.booleans())
typed_here = st.tuples(st.just("here"), st.lists(typing, min_size=1, max_size=3))
sent_back = st.tuples(
    st.just("back"), st.integers(0, 9), st.lists(typing, min_size=1, max_size=4), st.sampled_from(WAYS)
)
handed_out = st.tuples(st.just("out"))
histories = st.lists(st.one_of(edits, typed_here, sent_back, sent_back, handed_out), min_size=2, max_size=9)


@dataclass
class Office:
    """A workspace with one document, and the people around it."""

    workspace: Workspace
    source: list[str] = field(default_factory=lambda: list(SENTENCES[::2]))
    kits: list[dict[str, bytes]] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    number: int = 0

    def follow(self) -> None:
        """What ``update`` does."""
        segments = [
            Segment(msgid, Location("sources/letter.md"), Role.PARAGRAPH, f"text.{number}")
            for number, msgid in enumerate(self.source)
        ]
        pot = template("letter", segments, "Polyleaf", "2026-02-21 00:00+0000")
        self.workspace.write(POT, serialize(pot))
        before = self.workspace.bytes_of(PO)
        save(self.workspace, PO, before, merge(self.catalog() if before else None, pot, DE), "update")

    def catalog(self) -> Catalog:
        return parse_catalog(self.workspace.bytes_of(PO) or b"", str(PO), DE)

    def edit(self, place: int, sentence: int, how: str) -> None:
        at = place % (len(self.source) + (how == "i")) if self.source else 0
        self.source[at : at + (how != "i")] = [] if how == "d" else [SENTENCES[sentence]]
        self.source = list(dict.fromkeys(self.source))
        self.follow()

    def out(self) -> None:
        content = self.workspace.bytes_of(PO) or b""
        snapshot(self.workspace, "de", "letter", self.catalog())
        files = {"de/letter.po": content, "base/de/letter.po": content}
        said = {"polyleaf-kit": 1, "locale": "de", "files": {name: digest(each) for name, each in files.items()}}
        self.kits.append({**files, "kit.json": json.dumps(said).encode()})

    def typed(self, content: bytes, typings: Sequence[tuple[int, int, bool]]) -> bytes:
        """The catalog after somebody has typed; some texts are their own, some are what others type, too."""
        catalog = parse_catalog(content, str(PO), DE)
        messages = list(catalog.messages)
        for place, text, fuzzy in typings if messages else ():
            at = place % len(messages)
            self.number += 1
            words = f"Wort {text}" if text < 2 else f"Satz Nummer {self.number}."
            messages[at] = replace(messages[at], msgstr=(words,), fuzzy=fuzzy, raw=None, line=0)
        return serialize(replace(catalog, messages=tuple(messages)))

    def here(self, typings: Sequence[tuple[int, int, bool]]) -> None:
        """Somebody types with Poedit into the workspace itself; Polyleaf sees the file only afterwards."""
        self.workspace.write(PO, self.typed(self.workspace.bytes_of(PO) or b"", typings))

    def back(self, which: int, typings: Sequence[tuple[int, int, bool]], way: str) -> None:
        if not self.kits:
            return
        kit = self.kits[which % len(self.kits)]
        folder = "base/" if way == "in base" else ""
        work = self.typed(kit["de/letter.po"], typings)
        before = {each.msgstr[0] for each in parse_catalog(kit["de/letter.po"], str(PO), DE).messages}
        mine = {each.msgstr for each in polib.pofile(work.decode())} - before - {""}
        path = self.packed({**kit, f"{folder}de/letter.po": work}, work, way)
        done = import_kits(self.workspace, [path])
        assert not done.refused, done.diagnostics
        assert not any(each.lost for each in done.catalogs)
        now = self.catalog()
        there = {text for each in now.messages for text in (*each.msgstr, *alternatives(each))}
        assert mine - (self.handed_out() if way in WITHOUT_BASE else set()) <= there
        self.sent |= mine

    def handed_out(self) -> set[str]:
        """The texts of all kits. Who sends one of them back without a base has changed nothing, as far as anybody can tell:
        if it has been replaced here since, it is in the ledger alone.
        """
        given = (parse_catalog(kit["de/letter.po"], str(PO), DE) for kit in self.kits)
        return {text for catalog in given for each in catalog.messages for text in each.msgstr}

    def packed(self, kit: dict[str, bytes], work: bytes, way: str) -> Path:
        """What somebody sends back."""
        names = {"mail": "letter.po", "renamed": "de (1).po"}
        path = self.workspace.root / names.get(way, "kit.zip")
        match way:
            case "mail" | "renamed":
                path.write_bytes(work)
                return path
            case "folder":
                kit = {f"New folder/{name}": content for name, content in kit.items()}
            case "crlf":
                kit = {**kit, "de/letter.po": b"\xef\xbb\xbf" + work.replace(b"\n", b"\r\n")}
            case "without list":
                del kit["kit.json"]
            case "flat":
                kit = {"letter.po": work}
        path.write_bytes(write_zip(kit))
        return path


def goes_through(history: Sequence[tuple[object, ...]]) -> None:
    # There is no power to fail here, and waiting for the disk is most of the time.
    with TemporaryDirectory() as folder, patch("os.fsync"):
        office = Office(Workspace(Path(folder)))
        office.follow()
        office.out()
        for verb, *rest in history:
            getattr(office, str(verb))(*rest)
            kept = (office.workspace.bytes_of(PO) or b"").decode()
            ledgers = Path(folder, "locales", ".ledger").rglob("*.jsonl")
            kept += "".join(each.read_text("utf-8") for each in ledgers)
            assert not [text for text in office.sent if text not in kept]


@settings(max_examples=60, deadline=None)
@given(histories)
def test_nothing_that_anybody_sent_back_is_lost(history: Sequence[tuple[object, ...]]) -> None:
    goes_through(history)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(histories)
def test_nothing_is_lost_in_ten_thousand_histories(history: Sequence[tuple[object, ...]]) -> None:
    goes_through(history)
