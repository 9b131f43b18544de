"""What set-ups are called, as on a slate: the scene that they are first seen in, and a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seamline.project.footage import ShotFootage, setup_letters


@dataclass(frozen=True, slots=True)
class SetupName:
    """The set-up that is `place`-th (from 0) of those first seen in scene `scene`."""

    scene: int
    place: int

    @property
    def letters(self) -> str:
        """“A”; within its scene this is enough."""
        return setup_letters(self.place + 1)

    @property
    def text(self) -> str:
        """“3A”."""
        return f"{self.scene}{self.letters}"


def setup_names(footage: Iterable[ShotFootage]) -> Mapping[int, SetupName]:
    """By the numbers of the set-ups, their names."""
    counts: dict[int, int] = {}
    names: dict[int, SetupName] = {}
    for shot in sorted(footage, key=lambda shot: shot.start_frame):
        if shot.setup not in names:
            place = counts.get(shot.scene, 0)
            counts[shot.scene] = place + 1
            names[shot.setup] = SetupName(shot.scene, place)
    return names
