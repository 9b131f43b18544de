"""How set-ups are shown: a colour for each that comes back, and a name on it."""

from __future__ import annotations

from typing import Final

# Okabe and Ito's colours and mixtures of them, in an order in which neighbours, the A and B of a dialogue, differ most
SETUP_COLOURS: Final[tuple[str, ...]] = (
    "#62b8ea",
    "#f0b04a",
    "#4fd0a5",
    "#e08fb8",
    "#f0e06a",
    "#b79ae0",
    "#ef8a62",
    "#9cc86a",
    "#8fa8f0",
    "#d8b48a",
)

SINGLE_COLOUR: Final = "#6a6a6a"
"""Of a set-up that the film shows once."""
