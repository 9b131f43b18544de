"""The icons that come with Seamline: 24 by 24 units, black on transparent, tinted where they are used."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def icon_svg(name: str) -> bytes:
    """The SVG text of icon `name`, such as `play`. Raises FileNotFoundError where there is none."""
    return (files("seamline_resources") / "icons" / f"{name}.svg").read_bytes()
