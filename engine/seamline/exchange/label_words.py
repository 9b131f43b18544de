"""Shot scale and camera movement, in the words that exports can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seamline.project.label_statistics import UNSURE
from seamline.project.labels import Label, Movement, ShotScale
from seamline.project.types import Project

UNSURE_NAME = "Unsure"
UNLABELLED_NAME = "Not looked at"
EDITOR_MARK = "*"

SCALE_NAMES = {
    ShotScale.ECS: "Extreme close shot",
    ShotScale.CS: "Close shot",
    ShotScale.MS: "Medium shot",
    ShotScale.FS: "Full shot",
    ShotScale.LS: "Long shot",
}
MOVEMENT_NAMES = {
    Movement.STATIC: "Static",
    Movement.PAN_LEFT: "Pan left",
    Movement.PAN_RIGHT: "Pan right",
    Movement.TILT_UP: "Tilt up",
    Movement.TILT_DOWN: "Tilt down",
    Movement.PUSH: "Push in",
    Movement.PULL: "Pull out",
    Movement.ROLL: "Roll",
    Movement.HANDHELD: "Handheld",
    Movement.MIXED: "Mixed",
}
PAPER_LABEL_COLOURS = {
    "ECS": "#d9738c",
    "CS": "#e6a06a",
    "MS": "#e8d98a",
    "FS": "#7cc4b4",
    "LS": "#6f9fd8",
    "static": "#9a9a9a",
    "pan-left": "#62b8ea",
    "pan-right": "#4a8fd0",
    "tilt-up": "#4fd0a5",
    "tilt-down": "#2fa07c",
    "push": "#f0b04a",
    "pull": "#f0e06a",
    "roll": "#b79ae0",
    "handheld": "#d78ab5",
    "mixed": "#c8a08a",
}
"""Fills of bars and strips, those of the window; the words stand beside them."""

LABEL_COLUMNS = (
    "scale", "scale_confidence", "scale_origin",
    "movement", "movement_published", "movement_confidence", "movement_origin",
)  # fmt: skip
"""What tables have of labels, where a shot of the film has any."""


@dataclass(frozen=True, slots=True)
class LabelWords:
    """The labels of one shot, of which there is one at least, be it unsure."""

    scale: Label[ShotScale] | None
    movement: Label[Movement] | None

    @property
    def names(self) -> tuple[str, ...]:
        """What is sure, such as (“Medium shot”, “Pan left”); maybe nothing."""
        return tuple(self._said(SCALE_NAMES))

    @property
    def short(self) -> tuple[str, ...]:
        """The same in few letters, such as (“MS”, “pan left”)."""
        return tuple(self._said({scale: scale.value for scale in ShotScale}, lower=True))

    @property
    def short_marked(self) -> tuple[str, ...]:
        """The same with EDITOR_MARK after what is the editor's word: (“MS*”, “pan left”)."""
        users = [label.is_user for label in (self.scale, self.movement) if label is not None and label.value]
        marks = (EDITOR_MARK if is_user else "" for is_user in users)
        return tuple(f"{said}{mark}" for said, mark in zip(self.short, marks, strict=True))

    @property
    def is_scale_editors(self) -> bool:
        """Whether the scale is the editor's word."""
        return self.scale is not None and self.scale.is_user

    @property
    def is_movement_editors(self) -> bool:
        """Whether the movement is the editor's word."""
        return self.movement is not None and self.movement.is_user

    @property
    def sentence(self) -> str:
        """For notes of markers: “Medium shot, pan left”; empty where nothing is sure."""
        text = ", ".join(self.names)
        return text[:1] + text[1:].lower()

    def with_facts(self, facts: str) -> str:
        """What is sure, and what else is told, such as “Medium shot, pan left; cut, confidence 0.99”."""
        return "; ".join(filter(None, (self.sentence, facts)))

    @property
    def scale_name(self) -> str:
        """One of SCALE_NAMES, “Unsure”, or nothing where nobody looked."""
        return _name_of(
            self.scale, SCALE_NAMES.get(self.scale.value) if self.scale and self.scale.value else None
        )

    @property
    def movement_name(self) -> str:
        """One of MOVEMENT_NAMES, “Unsure”, or nothing where nobody looked."""
        value = self.movement.value if self.movement else None
        return _name_of(self.movement, MOVEMENT_NAMES[value] if value else None)

    @property
    def cells(self) -> tuple[str, ...]:
        """One a column of LABEL_COLUMNS; without a confidence for what is unsure, as it is that of the best guess."""
        movement = self.movement
        published = movement.value.published.value if movement and movement.value else _value(movement)
        return (
            _value(self.scale),
            *_certainty(self.scale),
            _value(movement),
            published,
            *_certainty(movement),
        )

    @property
    def fields(self) -> dict[str, object]:
        """For JSON: `scale` and `movement` where they were looked at.

        `value` and `confidence`, which would be that of the best guess, are None where that is unsure.
        """
        fields: dict[str, object] = {}
        if self.scale is not None:
            fields["scale"] = {
                "value": self.scale.value and self.scale.value.value,
                **_said_by(self.scale),
            }
        if self.movement is not None:
            value = self.movement.value
            fields["movement"] = {
                "value": value and value.value,
                "published": value and value.published.value,
                **_said_by(self.movement),
            }
        return fields

    def _said(self, scales: dict[ShotScale, str], *, lower: bool = False) -> Iterator[str]:
        if self.scale is not None and self.scale.value is not None:
            yield scales[self.scale.value]
        if self.movement is not None and self.movement.value is not None:
            name = MOVEMENT_NAMES[self.movement.value]
            yield name.lower() if lower else name


def labels_by_shot(project: Project) -> dict[int, LabelWords]:
    """The labels of the project's shots, by the shots' numbers; shots that nobody looked at are not in it.

    To be asked for once an export: without any, files have no place for labels.
    """
    found: dict[int, LabelWords] = {}
    for shot in project.shots:
        labels = project.labels_of(shot)
        if labels.scale is not None or labels.movement is not None:
            found[shot.number] = LabelWords(labels.scale, labels.movement)
    return found


def cells_of(labels: LabelWords | None) -> Sequence[str]:
    """One a column of LABEL_COLUMNS; empty ones where there are no labels."""
    return ("",) * len(LABEL_COLUMNS) if labels is None else labels.cells


def _value(label: Label[ShotScale] | Label[Movement] | None) -> str:
    if label is None:
        return ""
    return UNSURE if label.value is None else label.value.value


def _name_of(label: Label[ShotScale] | Label[Movement] | None, name: str | None) -> str:
    return "" if label is None else name or UNSURE_NAME


def _certainty(label: Label[ShotScale] | Label[Movement] | None) -> tuple[str, str]:
    if label is None:
        return "", ""
    return "" if label.value is None else f"{label.confidence:.4f}", _origin(label)


def _said_by(label: Label[ShotScale] | Label[Movement]) -> dict[str, object]:
    confidence = None if label.value is None else round(label.confidence, 4)
    return {"confidence": confidence, "origin": _origin(label)}


def _origin(label: Label[ShotScale] | Label[Movement]) -> str:
    return "editor" if label.is_user else "analysis"
