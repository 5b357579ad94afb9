"""An ICC profile of a press, as small as one can be: it knows light and dark, and prints with black alone."""

from __future__ import annotations

import struct
from itertools import product

NAME = "A small press"


def profile(space: bytes = b"CMYK", kind: bytes = b"prtr", without: str = "") -> bytes:
    """ICC version 2 with 8-bit tables, which LittleCMS reads. ``without`` leaves a tag out."""
    name = NAME.encode() + b"\0"
    to_lab = b"".join(bytes((255 - black, 128, 128)) for *_, black in product((0, 255), repeat=4))
    to_ink = b"".join(bytes((0, 0, 0, 255 - light)) for light, *_ in product((0, 255), repeat=3))
    tags = {
        "desc": b"desc" + struct.pack(">II", 0, len(name)) + name + bytes(78),
        "cprt": b"text" + bytes(4) + b"none\0",
        "wtpt": b"XYZ " + bytes(4) + _xyz(0.9642, 1, 0.8249),
        "A2B0": _table(4, 3, to_lab),
        "B2A0": _table(3, 4, to_ink),
    }
    tags.pop(without, None)
    offset, entries, parts = 128 + 4 + 12 * len(tags), b"", b""
    for tag, part in tags.items():
        part += bytes(-len(part) % 4)
        entries += struct.pack(">4sII", tag.encode(), offset + len(parts), len(part))
        parts += part
    header = struct.pack(">I4xI4s4s4s12x4s28x", offset + len(parts), 0x02400000, kind, space, b"Lab ", b"acsp")
    header += _xyz(0.9642, 1, 0.8249) + bytes(48)
    return header + struct.pack(">I", len(tags)) + entries + parts


def _xyz(*numbers: float) -> bytes:
    return struct.pack(">3i", *(round(number * 65536) for number in numbers))


def _table(channels_in: int, channels_out: int, corners: bytes) -> bytes:
    """``lut8Type`` with straight curves and two grid points a side."""
    unit = struct.pack(">9i", *(65536 if place % 4 == 0 else 0 for place in range(9)))
    straight = bytes(range(256))
    return (
        b"mft1" + bytes(4) + bytes((channels_in, channels_out, 2, 0)) + unit
        + straight * channels_in + corners + straight * channels_out
    )  # fmt: skip
