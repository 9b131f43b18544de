"""How near a figure is, by how much of its height the picture holds.

What part of the body is in the picture is the definition of the scales (Rao et al., A Unified Framework for Shot Type
Classification Based on Subject Centric Lens, ECCV 2020): the whole body barely, from the knees or the waist up, a
face, an eye. With a body's proportions that becomes one number: the height of the whole figure, as it would be,
against the height of the picture. Of the figures in the picture the closest one counts.
"""

from __future__ import annotations

import math

import numpy as np

from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.stage import FloatArray
from seamline.project.labels import ShotScale

SCALES = (ShotScale.LS, ShotScale.FS, ShotScale.MS, ShotScale.CS, ShotScale.ECS)
"""From furthest to nearest: the order of the probabilities below."""

_HEADS = 7.5
"""Of an adult's height, crown to chin being one (Drillis and Contini, Body segment parameters, 1966: 0.130 of it)."""
_KNEES, _SHOULDERS = 5.5, 1.75
"""Where the knees end, and the shoulders at their broadest, in heads below the crown."""
_HEADROOM = 0.2
"""In heads, above the crown of a close figure."""
_EYES_TO_MOUTH = 1.5
"""How often the band from the brows to below the mouth goes into the height of the face detector's box."""
_SMALL_FACE, _LARGE_FACE = (0.1, 7.5), (0.25, 10.0)
"""Heights of the face detector's box against the picture's, and how often each goes into the body's height: the box
leaves out the hair, but is drawn too large where the face has few pixels (measured on drawn figures of 7.5 heads,
2026-11: 9.8 to 11 times from a quarter of the picture on, 6 to 7.5 below a tenth; all of pictures of 16:9, which
the network sees the smaller the longer their sides)."""
_USUAL_WIDE = 16 / 9

BOUNDARIES = (
    0.5,  # a figure of half the picture's height is still the matter of it
    _HEADS / _KNEES,  # less than from the knees up
    _HEADS / (_SHOULDERS + _HEADROOM),  # a face, and no more than the shoulders
    _LARGE_FACE[1] * math.sqrt(_EYES_TO_MOUTH),  # halfway from the whole face to eyes and mouth alone
)
"""Heights of the figure against the picture's that divide the scales, from LS to ECS."""

_FACE_BELOW_CROWN = 0.6
"""Where the middle of the face detector's box is, in heads below the crown."""
_CUT_SPREAD, _CUT_TOLD = 0.05, 0.25
"""How the share of the body that ends at the knees scatters (of bodies, by posture), and how often a figure that is
cut above them is called a medium shot for that, by people who go by its height too."""
_FS = SCALES.index(ShotScale.FS)
_FS_TO_MS = np.array([0, -1, 1, 0, 0], np.float32)

_HEADLESS = np.eye(5, dtype=np.float32)[[0, 1, 2, 2, 2]]
"""A body whose head is above the picture is no close shot of a face."""

_TOP = 0.05
"""A face whose middle is above this share of the picture may be too much cut to be found."""

_FACE_SPREAD, _BODY_SPREAD = 0.22, 0.35
"""By how much measured heights scatter, as logarithms: faces by age, hair and turn of the head (a tenth to a fifth),
the body's by its posture too."""


def figure_certainty(row: FigureRow) -> float:
    """How likely it is that there is a figure where it was found, 0 to 1."""
    return 1 - (1 - _face_certainty(row)) * (1 - _body_certainty(row))


def _face_certainty(row: FigureRow) -> float:
    """Even chances at the score from which its makers take a face for one, 0.6."""
    return _rising(row.face_score - 0.6) if row.face_height > 0 else 0.0


def _body_certainty(row: FigureRow) -> float:
    """By the detector's score and the landmarks', which look once more, with their makers' threshold of 0.5."""
    if row.body_height <= 0:
        return 0.0
    certainty = _rising(row.body_score - 0.5) * row.body_certain
    if row.face_height <= 0 and row.body_height > BOUNDARIES[2] and row.body_y > _TOP:
        # so near, the face would have been found; a back, or something else
        certainty *= 0.3
    return certainty


def _rising(above: float) -> float:
    return 1 / (1 + math.exp(-12 * above))


def scale_by_figure(row: FigureRow) -> FloatArray:
    """Probabilities of SCALES by the closest figure of the picture."""
    measured = []
    if row.face_height > 0:
        measured.append(
            (math.log(_body_by_face(row.face_height, row.wide)), _FACE_SPREAD, _face_certainty(row))
        )
    if row.body_height > 0:
        measured.append((math.log(row.body_height), _BODY_SPREAD, _body_certainty(row)))
    if len(measured) == 2 and not _is_same_figure(row):
        # the closest counts, if it is one
        measured = [max(measured, key=lambda each: each[0] + math.log(max(each[2], 1e-3)))]
    weights = np.array([certain / spread**2 for _, spread, certain in measured])
    height = float(np.average([each[0] for each in measured], weights=np.maximum(weights, 1e-6)))
    spread = min(each[1] for each in measured)
    below = [_normal_share((math.log(bound) - height) / spread) for bound in BOUNDARIES]
    probabilities = np.diff(np.array([0.0, *below, 1.0])).astype(np.float32)
    probabilities = _with_cut(probabilities, row, math.exp(height))
    if row.face_height <= 0 and row.body_y < 0:
        probabilities = probabilities @ _HEADLESS
    return _with_parts(probabilities, row) if row.body_certain > 1 / 2 else probabilities


def _body_by_face(height: float, wide: float = _USUAL_WIDE) -> float:
    """The height of the body that a face of that height belongs to."""
    (small, of_small), (large, of_large) = _SMALL_FACE, _LARGE_FACE
    widening = wide / _USUAL_WIDE
    along = math.log(height / (small * widening)) / math.log(large / small)
    return height * (of_small + (of_large - of_small) * min(1.0, max(0.0, along)))


def _is_same_figure(row: FigureRow) -> bool:
    """Whether face and body lie over each other, give or take a face."""
    return math.hypot(row.face_x - row.body_x, row.face_y - row.body_y) < max(0.15, row.face_height)


def _with_cut(probabilities: FloatArray, row: FigureRow, height: float) -> FloatArray:
    """A full shot includes the whole body: where a figure of that height must be cut by the lower edge of the
    picture above its knees, it is none, however small the figure (people at the foot of an upright picture)."""
    face_y = row.face_y if row.face_height > 0 else row.body_y
    crown_y = face_y - _FACE_BELOW_CROWN / _HEADS * height
    seen = (1 - max(0.0, crown_y)) / height
    cut = 1 / (1 + math.exp((seen - _KNEES / _HEADS) / _CUT_SPREAD))
    if row.body_height > 0:
        cut *= 1 - row.body_certain * row.ankles  # it sits, or crouches
    moved = _CUT_TOLD * cut * probabilities[_FS]
    return np.asarray(probabilities + moved * _FS_TO_MS, np.float32)


def _with_parts(probabilities: FloatArray, row: FigureRow) -> FloatArray:
    """What is seen of the body is the definition, so it outweighs a height that lies near a boundary."""
    legs = max(row.knees, row.ankles)
    # LS, FS, MS, CS, ECS: how likely feet are seen at each scale, and legs
    feet_seen = np.array([0.7, 0.8, 0.1, 0.02, 0.01])
    legs_seen = np.array([0.8, 0.9, 0.4, 0.05, 0.01])
    likelihood = (row.ankles * feet_seen + (1 - row.ankles) * (1 - feet_seen)) * (
        legs * legs_seen + (1 - legs) * (1 - legs_seen)
    )
    weighed = probabilities * np.sqrt(likelihood)  # the two are nearly one piece of evidence
    return np.asarray(weighed / max(float(weighed.sum()), 1e-9), np.float32)


def _normal_share(deviations: float) -> float:
    """How much of a normal distribution lies below so many standard deviations."""
    return (1 + math.erf(deviations / math.sqrt(2))) / 2
