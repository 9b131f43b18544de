"""The scale of a shot, by how much of a figure's height the picture holds.

What part of the body is in the picture is the definition of the scales (Rao et al., A Unified Framework for Shot Type
Classification Based on Subject Centric Lens, ECCV 2020): the whole body barely, from the knees or the waist up, a
face, an eye. With a body's proportions that becomes one number: the height of the whole figure, as it would be,
against the height of the picture. Of the figures in the picture the closest one counts.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Sequence

import numpy as np

from seamline.analysis.embeddings import embedding_signal
from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figures_stage import FIGURES, SAME_PICTURE
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray
from seamline.errors import SeamlineError
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.models.place_classes import CHANCE_FACE, CHANCE_FAR, PlaceReader, PlaceShares, open_place_reader
from seamline.project.labels import Label, ShotScale

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
2026-11: 9.8 to 11 times from a quarter of the picture on, 6 to 7.5 below a tenth)."""

BOUNDARIES = (
    0.5,  # a figure of half the picture's height is still the matter of it
    _HEADS / _KNEES,  # less than from the knees up
    _HEADS / (_SHOULDERS + _HEADROOM),  # a face, and no more than the shoulders
    _LARGE_FACE[1] * math.sqrt(_EYES_TO_MOUTH),  # halfway from the whole face to eyes and mouth alone
)
"""Heights of the figure against the picture's that divide the scales, from LS to ECS."""

_FACE_SPREAD, _BODY_SPREAD = 0.22, 0.35
"""By how much measured heights scatter, as logarithms: faces by age, hair and turn of the head (a tenth to a fifth),
the body's by its posture too."""

_OUTLIERS = 0.08
"""How often the closest figure is not what the shot is about, or people would call its scale another."""
_LEAST_CUT_SCORE = 0.3
_LEAST_CONFIDENCE = 0.5
_LEAST_CONTRAST = 8.0
"""Standard deviation of the brightness, 0 to 255: below, the picture is black, or one colour."""
_FLAT = 0.75
"""Where so much of a figureless picture has one brightness it is a title, or a drawing, and has no scale."""

_log = logging.getLogger(__name__)
_EMBEDDING = embedding_signal(EFFICIENTNET_LITE0_ENCODER.id)


def scale_of(signals: Signals, start_frame: int, end_frame: int) -> Label[ShotScale] | None:
    """The scale of the frames [start_frame, end_frame); None as long as not all of its curves are known.

    By the curve `figures`; where it shows no figure for certain, by the built-in embeddings too, if there are any. A
    label without a value says that neither tells enough.
    """
    if FIGURES not in signals or signals.done_frames(FIGURES) < end_frame:
        return None
    rows = _looks_within(signals, start_frame, end_frame)
    if not rows:
        return Label(None, 0.0)
    shares = None
    if any(_figure_weight(row) < 0.9 for row in rows):
        embeddings_known = signals.done_frames(_EMBEDDING) if _EMBEDDING in signals else 0
        if embeddings_known < end_frame and signals.done_frames(FIGURES) < signals.frame_count:
            return None  # they come from the same decode, and may be a little behind
        if embeddings_known >= end_frame:
            shares = _place_shares(_rows_within(signals, _EMBEDDING, start_frame, end_frame))
    return scale_of_rows(rows, shares)


def scale_of_rows(rows: Sequence[FigureRow], places: PlaceShares | None = None) -> Label[ShotScale]:
    """The scale of a shot of which `rows` were looked at; `places`: what its embeddings say, if anything."""
    weighed = [_probabilities(row, places) for row in rows]
    total = sum(weight for weight, _ in weighed)
    if total <= 0:
        return Label(None, 0.0)
    mean = sum((weight * probabilities for weight, probabilities in weighed), np.zeros(len(SCALES))) / total
    best = int(np.argmax(mean))
    confidence = float(_OUTLIERS / len(SCALES) + (1 - _OUTLIERS) * min(1.0, mean[best]))
    return Label(SCALES[best] if confidence >= _LEAST_CONFIDENCE else None, confidence)


def _probabilities(row: FigureRow, places: PlaceShares | None) -> tuple[float, FloatArray]:
    """How much a picture counts, and the probability of each of SCALES that it gives."""
    figure = _figure_weight(row)
    without = _without_figures(row, places)
    if places is not None and figure > 0:
        # a face in the rocks: what looks like a place has to show its figures clearly
        odds = figure / max(1e-3, 1 - figure) * _odds_against_far(places)
        figure = odds / (1 + odds)
    if row.looked < 2 and figure == 0:
        return 0.0, np.zeros(len(SCALES), np.float32)
    if without is None:
        return figure, _by_figure(row) if figure > 0 else np.zeros(len(SCALES), np.float32)
    mixed = figure * _by_figure(row) + (1 - figure) * without if figure > 0 else without
    # a moment without a figure is no word against the moments that have one
    return max(figure, 0.25), mixed


def _figure_weight(row: FigureRow) -> float:
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
    if row.face_height <= 0 and row.body_height > BOUNDARIES[2]:
        # so near, the face would have been found; a back, or something else
        certainty *= 0.3
    return certainty


def _rising(above: float) -> float:
    return 1 / (1 + math.exp(-12 * above))


def _by_figure(row: FigureRow) -> FloatArray:
    """Probabilities of SCALES by the closest figure of the picture."""
    measured = []
    if row.face_height > 0:
        measured.append((math.log(_body_by_face(row.face_height)), _FACE_SPREAD, _face_certainty(row)))
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
    return _with_parts(probabilities, row) if row.body_certain > 1 / 2 else probabilities


def _body_by_face(height: float) -> float:
    """The height of the body that a face of that height belongs to."""
    (small, of_small), (large, of_large) = _SMALL_FACE, _LARGE_FACE
    along = math.log(height / small) / math.log(large / small)
    return height * (of_small + (of_large - of_small) * min(1.0, max(0.0, along)))


def _is_same_figure(row: FigureRow) -> bool:
    """Whether face and body lie over each other, give or take a face."""
    return math.hypot(row.face_x - row.body_x, row.face_y - row.body_y) < max(0.15, row.face_height)


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


def _without_figures(row: FigureRow, places: PlaceShares | None) -> FloatArray | None:
    """Probabilities of SCALES of a picture that has no figure; None where nothing speaks for any."""
    if places is None or row.looked < 2 or row.flat > _FLAT or row.contrast < _LEAST_CONTRAST:
        return None
    near_odds = _odds_against_far(places) ** 1.5
    near = near_odds / (1 + near_odds)
    part_odds = (places.face + 0.2 * CHANCE_FACE) / (2 * CHANCE_FACE)
    if row.cut_score > 0:
        part_odds *= 3 * row.cut_score / _LEAST_CUT_SCORE
    part = part_odds / (1 + part_odds)
    far = 1 - near
    # figures that were missed are small ones, the more likely the less the place says for itself, or cut ones
    small = 0.1 + 0.3 * (1 - min(1.0, places.far / 0.6))
    return np.array(
        [(0.97 - small) * far + 0.04 * near, small * far + 0.06 * near, 0.03 * far + 0.1 * near,
         near * (0.72 - 0.62 * part), near * (0.08 + 0.62 * part)],
        np.float32,
    )  # fmt: skip


def _odds_against_far(places: PlaceShares) -> float:
    """Above 1 where what is shown is less of a place than chance would have it, below where it is more."""
    share = min(max(places.far, 1e-3), 1 - 1e-3)
    return CHANCE_FAR / (1 - CHANCE_FAR) * (1 - share) / share


def _place_shares(embeddings: FloatArray) -> PlaceShares | None:
    reader = _place_reader()
    return reader.shares(embeddings) if reader is not None and len(embeddings) else None


@functools.cache
def _place_reader() -> PlaceReader | None:
    try:
        return open_place_reader()
    except SeamlineError as error:
        _log.warning("Shots without figures stay without a scale: %s", error)
        return None


def _looks_within(signals: Signals, start_frame: int, end_frame: int) -> list[FigureRow]:
    """What was looked at in the shot; else, where it shows the same as the last look before it, that look."""
    rows = [FigureRow.of(values) for values in _rows_within(signals, FIGURES, start_frame, end_frame)]
    looks = [row for row in rows if row.looked > 0]
    if not looks and rows and rows[0].changed <= SAME_PICTURE:
        before = _rows_within(signals, FIGURES, 0, start_frame)
        last = np.flatnonzero(before[:, 0] > 0)
        looks = [FigureRow.of(before[last[-1]])] if len(last) else []
    return looks


def _rows_within(signals: Signals, name: str, start_frame: int, end_frame: int) -> FloatArray:
    """The curve's rows of frames of the shot; float32[n, D], maybe none."""
    every = signals.every_frames(name)
    return signals[name][-(-start_frame // every) : -(-end_frame // every)]


def _normal_share(deviations: float) -> float:
    """How much of a normal distribution lies below so many standard deviations."""
    return (1 + math.erf(deviations / math.sqrt(2))) / 2
