"""Photographs of web pages, each in a browser that has never seen anything."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()


def browser() -> str:
    """The program that takes the photographs; empty if there is none here."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def photograph(program: str, page: Path, window: tuple[int, int]) -> Image.Image:
    """The page as a window of this width and height shows it."""
    with tempfile.TemporaryDirectory() as empty:
        shot = Path(empty) / "shot.png"
        size = ",".join(map(str, window))
        options = [f"--user-data-dir={empty}/profile", f"--window-size={size}", f"--screenshot={shot}"]
        address = page.resolve().as_uri()
        subprocess.run([program, *FLAGS, *options, address], check=True, capture_output=True, timeout=120)
        return Image.open(shot).convert("RGB")
