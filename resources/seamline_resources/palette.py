"""Colours and measures of the window: neutral greys, one accent, seam colours that everyone can tell apart.

Greys carry no tint, so that the surroundings never bias the eye that judges a picture. Text has a contrast
of at least 4.5:1 to the greys it is used on (WCAG 2.2, success criterion 1.4.3). All colours are `#rrggbb`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PICTURE_SURROUND: Final = "#101010"
SUNKEN: Final = "#161616"  # lists, the timeline, fields
WINDOW: Final = "#1e1e1e"
RAISED: Final = "#2a2a2a"  # buttons, menus, banners
HOVERED: Final = "#343434"
SELECTED: Final = "#3d3d3d"
LINE: Final = "#383838"  # separators
OUTLINE: Final = "#4a4a4a"  # borders of what can be operated

TEXT: Final = "#dcdcdc"
TEXT_STRONG: Final = "#f4f4f4"
TEXT_QUIET: Final = "#a8a8a8"
TEXT_DISABLED: Final = "#6c6c6c"

ACCENT: Final = "#e0734a"  # playhead, progress, focus
ERROR: Final = "#ff8a80"
WARNING: Final = "#e6a532"  # what the machine could not keep up with
INFO: Final = "#c8c8c8"

CURVE: Final = "#b0b0b0"
GRID_LINE: Final = "#262626"

ICON_PX: Final = 20


@dataclass(frozen=True, slots=True)
class SeamLook:
    """How one kind of seam is drawn: a colour and a letter, so that nothing rests on colour alone."""

    colour: str
    letter: str
    name: str


# Okabe and Ito, "Color Universal Design", 2008, each lightened to stand out on dark grey
SEAM_LOOKS: Final[dict[str, SeamLook]] = {
    "cut": SeamLook("#f0e06a", "C", "Cut"),
    "dissolve": SeamLook("#5aa7ee", "D", "Dissolve"),
    "fade": SeamLook("#d78ab5", "F", "Fade"),
    "wipe": SeamLook("#45d6a0", "W", "Wipe"),
}

# what differs in a cut list; each is drawn in a shape of its own too
DIFFERENCES: Final[dict[str, str]] = {
    "missing": "#ff9d8a",
    "extra": "#4fd0a5",
    "moved": "#7fc4f0",
    "kind": "#e0a8c8",
}

# an editor's own marks on shots, by name: Okabe and Ito's again, with a grey; each also goes by its name in words
SHOT_COLOURS: Final[dict[str, str]] = {
    "red": "#ef8a62",
    "orange": "#e6a532",
    "yellow": "#f0e06a",
    "green": "#2fbf94",
    "blue": "#62b8ea",
    "violet": "#b79ae0",
    "pink": "#d78ab5",
    "grey": "#b0b0b0",
}
