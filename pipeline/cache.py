"""Finished leaflets by the content of their page: made once, served until their page or the toolchain changes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.typesetting.leaflet import Leaflet


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
            return Leaflet(pdf, int(facts["pages"]), float(facts["size_pt"]), float(facts["filled"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, key: str, leaflet: Leaflet) -> None:
        """Keep a leaflet that is without fault."""
        facts = {
            "sha256": hashlib.sha256(leaflet.pdf).hexdigest(),
            "pages": leaflet.pages,
            "size_pt": leaflet.size_pt,
            "filled": leaflet.filled,
        }
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(facts).encode() + b"\n" + leaflet.pdf)
        Path(beside).replace(path)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]
