"""What of a picture's figures is kept as a row of numbers, and how it is read again."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray
from seamline.models.figures import Figures, is_enough

_NOSE, _SHOULDERS, _HIPS, _KNEES, _ANKLES = (0,), (11, 12), (23, 24), (25, 26), (27, 28)
"""Of BlazePose's 33 landmarks."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """Heights are shares of the height of the picture without its black bars, places shares of its sides; 0 where
    there is nothing of the kind.

    `looked`: 0 not at all, 1 for faces alone, 2 in full. `face_*`: of the largest face. `body_height`: of the whole
    body, or as it would be. `head` to `ankles`: how likely (0 to 1) that part of the body is seen in the picture.
    `flat`: the share of the picture that has one and the same brightness; `contrast`: the standard deviation of the
    brightness, 0 to 255; `changed`: how far the picture differs from the one looked at before; `bars`: what the bars
    take. `cut_*`: of what may be a part of a face larger than the picture. `wide`: the longer side of the picture
    without bars against its height. Of pictures that were not looked at, `flat`, `contrast` and `changed` alone are
    known, by a small picture.
    """

    looked: float = 0.0
    faces: float = 0.0
    face_score: float = 0.0
    face_height: float = 0.0
    face_x: float = 0.0
    face_y: float = 0.0
    body_score: float = 0.0
    body_certain: float = 0.0
    body_height: float = 0.0
    body_x: float = 0.0
    body_y: float = 0.0
    head: float = 0.0
    shoulders: float = 0.0
    hips: float = 0.0
    knees: float = 0.0
    ankles: float = 0.0
    flat: float = 0.0
    contrast: float = 0.0
    changed: float = 0.0
    bars: float = 0.0
    cut_score: float = 0.0
    cut_height: float = 0.0
    wide: float = 16 / 9

    @property
    def is_face_alone(self) -> bool:
        """Whether the face was so clear that nothing else was looked for."""
        return is_enough(self.face_score, self.face_height)

    def values(self) -> FloatArray:
        """float32[ROW_WIDTH]."""
        return np.array([getattr(self, field.name) for field in fields(self)], np.float32)

    @classmethod
    def of(cls, values: FloatArray) -> FigureRow:
        """The row that `values` gave."""
        return cls(*(float(value) for value in values))


ROW_WIDTH = len(fields(FigureRow))


def figure_row(
    figures: Figures, *, flat: float, contrast: float, changed: float, bars: float, wide: float
) -> FigureRow:
    """What is kept of the figures of one picture."""
    face = figures.faces[0] if figures.faces else None
    body = figures.body
    seen = {"head": _NOSE, "shoulders": _SHOULDERS, "hips": _HIPS, "knees": _KNEES, "ankles": _ANKLES}
    parts = dict.fromkeys(seen, 0.0)
    if body is not None:
        inside = _inside(body.landmarks.points)
        for name, numbers in seen.items():
            parts[name] = max(float(body.landmarks.visible[n]) * float(inside[n]) for n in numbers)
    return FigureRow(
        looked=2.0 if figures.is_full else 1.0,
        faces=float(len(figures.faces)),
        face_score=face.score if face else 0.0,
        face_height=face.height if face else 0.0,
        face_x=(face.box[0] + face.box[2]) / 2 if face else 0.0,
        face_y=(face.box[1] + face.box[3]) / 2 if face else 0.0,
        body_score=body.score if body else 0.0,
        body_certain=body.landmarks.score if body else 0.0,
        body_height=body.height if body else 0.0,
        body_x=body.centre[0] if body else 0.0,
        body_y=body.centre[1] if body else 0.0,
        flat=flat,
        contrast=contrast,
        changed=changed,
        bars=bars,
        wide=wide,
        cut_score=figures.cut_face.score if figures.cut_face else 0.0,
        cut_height=figures.cut_face.height if figures.cut_face else 0.0,
        **parts,
    )


def _inside(points: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(np.all((points >= 0) & (points <= 1), axis=1))
