"""How labels of shots are shown: a colour, a letter or sign, a name; and the letters that choose them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LabelLook:
    """One label: its `colour` as `#rrggbb`, `short`, at most three characters for chips, and its `name`.

    `key` chooses it: a digit for scales, a letter of the movements' menu. `hint` defines it.
    """

    colour: str
    short: str
    name: str
    key: str
    hint: str


# from near to far: one ramp from warm to cool that is lighter in the middle, told apart without red and green
SCALE_LOOKS: Final[dict[str, LabelLook]] = {
    "ECS": LabelLook("#d9738c", "ECS", "Extreme close shot", "1", "An eye or a mouth."),
    "CS": LabelLook("#e6a06a", "CS", "Close shot", "2", "A face, a hand, a small object."),
    "MS": LabelLook("#e8d98a", "MS", "Medium shot", "3", "A body from the knees or the waist up."),
    "FS": LabelLook("#7cc4b4", "FS", "Full shot", "4", "Barely the full body."),
    "LS": LabelLook("#6f9fd8", "LS", "Long shot", "5", "From a long distance."),
}

# Okabe and Ito's colours, lightened; what the picture does not tell apart is named together
MOVEMENT_LOOKS: Final[dict[str, LabelLook]] = {
    "static": LabelLook("#9a9a9a", "S", "Static", "S", "The camera is fixed; what it sees may move."),
    "pan-left": LabelLook("#62b8ea", "←", "Pan left", "L", "It turns or travels to the left."),
    "pan-right": LabelLook("#4a8fd0", "→", "Pan right", "R", "It turns or travels to the right."),
    "tilt-up": LabelLook("#4fd0a5", "↑", "Tilt up", "U", "It turns or rises upwards."),
    "tilt-down": LabelLook("#2fa07c", "↓", "Tilt down", "D", "It turns or sinks downwards."),
    "push": LabelLook("#f0b04a", "In", "Push in", "I", "It goes nearer, or zooms in."),
    "pull": LabelLook("#f0e06a", "Out", "Pull out", "O", "It goes back, or zooms out."),
    "roll": LabelLook("#b79ae0", "↻", "Roll", "T", "It turns about its own axis."),
    "handheld": LabelLook("#d78ab5", "HH", "Handheld", "H", "It is carried: it shakes, and goes nowhere."),
    "mixed": LabelLook("#c8a08a", "Mx", "Mixed", "M", "Several of these, at once or one after the other."),
}

LABEL_LOOKS: Final = {"scale": SCALE_LOOKS, "movement": MOVEMENT_LOOKS}

UNSURE_NAME: Final = "Unsure"
UNSURE_SHORT: Final = "?"
