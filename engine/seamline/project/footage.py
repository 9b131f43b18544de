"""Which shots of a film were taken together: the same set-up, the same scene, or the very same footage again."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seamline.errors import ProjectError


@dataclass(frozen=True, slots=True)
class ShotFootage:
    """What the frames [start_frame, end_frame) share with others of the film, by the analysis.

    `setup`: shots with the same number were taken from the same camera position (the A and B of a dialogue);
    numbered from 1 in order of first appearance. `scene`: likewise, runs of shots whose set-ups interlace.
    `repeats`: the earlier frames [start, end) that are shown again here, None where these are new.
    `confidence`: 0 to 1, how sure it is that the shot belongs to its set-up; 1 where it stands alone.
    """

    start_frame: int
    end_frame: int
    setup: int
    scene: int
    repeats: tuple[int, int] | None = None
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame < self.end_frame:
            raise ProjectError(
                f"Footage needs 0 <= start < end, not {self.start_frame} and {self.end_frame}."
            )
        if self.setup < 1 or self.scene < 1:
            raise ProjectError(f"Set-ups and scenes count from 1, not {self.setup} and {self.scene}.")
        if self.repeats is not None and not 0 <= self.repeats[0] < self.repeats[1] <= self.start_frame:
            raise ProjectError(
                f"Repeated footage needs 0 <= start < end <= {self.start_frame}, where the shot starts, "
                f"not {self.repeats[0]} and {self.repeats[1]}."
            )
        if not (math.isfinite(self.confidence) and 0 <= self.confidence <= 1):
            raise ProjectError(f"A confidence lies between 0 and 1, not at {self.confidence}.")

    @property
    def range(self) -> tuple[int, int]:
        return self.start_frame, self.end_frame


def setup_letters(number: int) -> str:
    """How set-up `number`, from 1, is called: A to Z, then AA, AB and so on, as spreadsheets call their columns."""
    if number < 1:
        raise ProjectError(f"Set-ups count from 1, not {number}.")
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
