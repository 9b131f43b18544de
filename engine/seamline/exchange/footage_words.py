"""Which shots were taken together, in the words that exports can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from seamline.project.footage import ShotFootage
from seamline.project.setup_names import SetupName, setup_names
from seamline.project.types import Project

FOOTAGE_COLUMNS = ("setup", "setup_confidence", "scene_number", "repeat_of")
"""What tables have of footage, where a shot of the film has any."""

_MOST_SHOTS = 12  # that a line of an EDL, or a marker's comment, names


@dataclass(frozen=True, slots=True)
class FootageWords:
    """What one shot shares with others.

    `name`: the set-up's. `setup_shots`: the numbers of all shots from its set-up, its own among them.
    `is_scene_shared`: whether another shot is of the same scene. `repeats`: the timecodes of the earlier frames that it
    shows again, the second one that of the frame after them.
    """

    footage: ShotFootage
    name: SetupName
    setup_shots: tuple[int, ...]
    is_scene_shared: bool
    repeats: tuple[str, str] | None

    @property
    def setup(self) -> str:
        """The set-up as on a slate: “2A”."""
        return self.name.text

    @property
    def repeat_of(self) -> str:
        """“01:00:10:00 - 01:00:12:05”, or nothing."""
        return "" if self.repeats is None else " - ".join(self.repeats)

    @property
    def sentence(self) -> str:
        """For notes: “set-up 2A, scene 2, shots 1 3 5”; nothing for a shot that shares nothing."""
        if not self._shares:
            return ""
        parts = [f"set-up {self.setup}", f"scene {self.footage.scene}"]
        if len(self.setup_shots) > 1:
            parts.append(f"shots {self._shots}")
        if self.repeats is not None:
            parts.append(f"repeat of {self.repeat_of}")
        return ", ".join(parts)

    def with_facts(self, facts: str) -> str:
        """What is shared, and what else is told: “set-up 2A, scene 2, shots 1 3; cut, confidence 0.99”."""
        return "; ".join(filter(None, (self.sentence, facts)))

    @property
    def edl_line(self) -> str:
        """“SET-UP 2A, SCENE 2, SHOTS 1 3 5”; nothing for a shot that shares nothing."""
        return self.sentence.upper()

    @property
    def names(self) -> tuple[str, ...]:
        """Keywords, such as (“Set-up 2A”, “Scene 2”, “Repeat”); none for a shot that shares nothing."""
        if not self._shares:
            return ()
        names = (f"Set-up {self.setup}", f"Scene {self.footage.scene}")
        return names if self.repeats is None else (*names, "Repeat")

    @property
    def short(self) -> str:
        """For captions, of every shot: “2A · scene 2”."""
        text = f"{self.setup} · scene {self.footage.scene}"
        return text if self.repeats is None else f"{text} · repeat"

    @property
    def cells(self) -> tuple[str, ...]:
        """One a column of FOOTAGE_COLUMNS."""
        return self.setup, f"{self.footage.confidence:.4f}", str(self.footage.scene), self.repeat_of

    @property
    def fields(self) -> dict[str, object]:
        """For JSON: set-up, its shots, scene, and the frames and timecodes that are shown again, None for none."""
        repeats = None
        if self.footage.repeats is not None and self.repeats is not None:
            (start_frame, end_frame), (start, end) = self.footage.repeats, self.repeats
            repeats = {
                "start_frame": start_frame,
                "end_frame": end_frame,
                "start_timecode": start,
                "end_timecode": end,
            }
        return {
            "setup": self.setup,
            "confidence": round(self.footage.confidence, 4),
            "setup_shots": list(self.setup_shots),
            "scene": self.footage.scene,
            "repeats": repeats,
        }

    @property
    def _shares(self) -> bool:
        return len(self.setup_shots) > 1 or self.is_scene_shared or self.repeats is not None

    @property
    def _shots(self) -> str:
        said = " ".join(map(str, self.setup_shots[:_MOST_SHOTS]))
        left = len(self.setup_shots) - _MOST_SHOTS
        return f"{said} and {left} more" if left > 0 else said


def footage_by_shot(project: Project) -> dict[int, FootageWords]:
    """What the project's shots share, by their numbers; shots that nobody looked at are not in it.

    To be asked for once an export: without any, files have no place for it.
    """
    if not project.footage:
        return {}
    found = {
        shot.number: footage for shot in project.shots if (footage := project.footage_of(shot)) is not None
    }
    scenes = Counter(footage.scene for footage in found.values())
    setups = {setup: tuple(shot.number for shot in shots) for setup, shots in project.shots_by_setup.items()}
    names = setup_names(project.footage)
    return {
        number: FootageWords(
            footage,
            names[footage.setup],
            setups[footage.setup],
            scenes[footage.scene] > 1,
            None
            if footage.repeats is None
            else (project.timecode(footage.repeats[0]), project.timecode(footage.repeats[1])),
        )
        for number, footage in found.items()
    }


def footage_cells(footage: FootageWords | None) -> Sequence[str]:
    """One a column of FOOTAGE_COLUMNS; empty ones where nobody looked at the shot."""
    return ("",) * len(FOOTAGE_COLUMNS) if footage is None else footage.cells
