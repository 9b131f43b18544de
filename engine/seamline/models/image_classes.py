"""ImageNet's thousand classes, which the built-in encoder was trained on, in words.

`image_classes.txt` beside this file has a line for each class, in the order of the network's outputs: its names, the
usual one first, and behind a colon, in our own words, what it is a kind of, what it is part of, or what its
photographs show besides: an alp is a mountain, and has snow.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COUNT: Final = 1000
_FILE = Path(__file__).with_name("image_classes.txt")

_KINDS: Final = (
    (0, 6, "fish"), (389, 397, "fish"),
    (7, 24, "bird"), (80, 100, "bird"), (127, 146, "bird"),
    (25, 32, "amphibian"), (33, 68, "reptile"),
    (70, 79, "insect"), (300, 326, "insect"), (321, 326, "butterfly"),
    (107, 126, "sea animal"), (147, 150, "sea animal"),
    (151, 268, "dog"), (269, 275, "wolf"), (269, 275, "wild dog"), (277, 280, "fox"),
    (281, 285, "cat"), (286, 293, "wild cat"), (294, 297, "bear"), (330, 332, "rabbit"), (365, 384, "monkey"),
    (101, 106, "animal"), (147, 388, "animal"),
    (984, 986, "flower"), (984, 986, "plant"),
)  # fmt: skip
"""First and last class, and what all of them are."""


@dataclass(frozen=True, slots=True)
class ImageClass:
    """`names`: what the class is called, one or more. `broader`: further words for what its pictures show."""

    names: tuple[str, ...]
    broader: tuple[str, ...]


@functools.cache
def image_classes() -> tuple[ImageClass, ...]:
    """The thousand, in the order of the network's outputs."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    classes = tuple(_class(index, line) for index, line in enumerate(lines))
    if len(classes) != COUNT:
        raise ValueError(f"{_FILE.name} names {len(classes)} classes instead of {COUNT}")
    return classes


def _class(index: int, line: str) -> ImageClass:
    names, _, broader = line.partition(" : ")
    kinds = [kind for first, last, kind in _KINDS if first <= index <= last]
    return ImageClass(_listed(names), (*_listed(broader), *kinds))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
