"""What is said where a cut can be moved no further."""

from __future__ import annotations

from collections.abc import Sequence

from seamline_widgets.audition_keys import key_text_of
from seamline_widgets.audition_pictures import Side

_VERBS = {Side.OUT: "ends", Side.IN: "begins"}
_ALONE = {
    (Side.OUT, False): "out_back",
    (Side.OUT, True): "out_on",
    (Side.IN, False): "in_back",
    (Side.IN, True): "in_on",
}


def limit_text(moved: Sequence[Side], stopped: Sequence[Side], *, is_later: bool) -> str:
    """A sentence: of the sides that should have moved, `stopped` have no frame left that way; where the other one has,
    the key that trims it alone."""
    end = "last" if is_later else "first"
    if len(stopped) > 1:
        return f"A ends and B begins with its {end} frame: there is nothing left to slide into"
    side = stopped[0]
    text = f"{side.letter} {_VERBS[side]} with its {end} frame"
    others = [other for other in moved if other is not side]
    if not others:
        return text
    return f"{text}: {key_text_of(_ALONE[others[0], is_later])} trims {others[0].letter} alone"
