"""Finished leaflets by the content of their page: made once, served until their page or the toolchain changes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path

from pipeline.typesetting.fitting import Layout, Setting
from pipeline.typesetting.leaflet import Leaflet

_FACTS = ("pages", "sheets", "size_pt", "fill", "layouts", "shortened")


@dataclass(frozen=True, slots=True)
class LeafletCache:
    """A folder of finished leaflets. Safe under several writers; an entry that is torn or was changed counts as absent."""

    folder: Path

    def get(self, key: str) -> Leaflet | None:
        """The leaflet made of the page with this key, None if there is none that is whole."""
        path = self._path(key)
        try:
            head, _, pdf = path.read_bytes().partition(b"\n")
            facts = json.loads(head)
            if facts["sha256"] != hashlib.sha256(pdf).hexdigest():
                return None
            return Leaflet(
                pdf,
                int(facts["pages"]),
                int(facts["sheets"]),
                float(facts["size_pt"]),
                float(facts["fill"]),
                _setting(facts["setting"]),
                int(facts["layouts"]),
                bool(facts["shortened"]),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, key: str, leaflet: Leaflet) -> None:
        """Keep a leaflet that is without fault."""
        facts = {
            "sha256": hashlib.sha256(leaflet.pdf).hexdigest(),
            "setting": astuple(leaflet.setting),
            **{name: getattr(leaflet, name) for name in _FACTS},
        }
        _write(self._path(key), json.dumps(facts).encode() + b"\n" + leaflet.pdf)

    def layout(self, key: str) -> Layout | None:
        """How the text with this key was set last, None if that is not known."""
        try:
            *setting, pages, filled = json.loads(self._path(key).with_suffix(".fit").read_bytes())
            return Layout(_setting(setting), int(pages), float(filled))
        except (OSError, ValueError, TypeError, RecursionError):
            return None

    def put_layout(self, key: str, layout: Layout) -> None:
        """Remember how a text was set: the next fitting begins there."""
        _write(
            self._path(key).with_suffix(".fit"),
            json.dumps([*astuple(layout.setting), layout.pages, layout.filled]).encode(),
        )

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _setting(numbers: list[float]) -> Setting:
    size, slack, tail = map(float, numbers)
    return Setting(size, slack, tail)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(beside).replace(path)
