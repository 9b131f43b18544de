"""How match cuts are shown: a colour, a sign and a word for each kind, and for what the editor says of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seamline_resources import palette


@dataclass(frozen=True, slots=True)
class MatchLook:
    """`colour` is `#rrggbb`, `icon` a file in `icons/`; the words, so that nothing rests on colour alone."""

    colour: str
    icon: str
    name: str
    short_name: str


# Okabe and Ito's colours lightened, and mixtures of them, none of them a seam's
KIND_LOOKS: Final[dict[str, MatchLook]] = {
    "frame": MatchLook("#b79ae0", "match-frame", "Frame match", "Frame"),
    "motion": MatchLook("#e0bc90", "match-motion", "Motion match", "Motion"),
}

VERDICT_LOOKS: Final[dict[str, MatchLook]] = {
    "open": MatchLook(palette.TEXT_QUIET, "", "Not decided", "Open"),
    "kept": MatchLook("#4fd0a5", "check", "Kept", "Kept"),
    "rejected": MatchLook("#ff9d8a", "close", "Rejected", "Rejected"),
}
