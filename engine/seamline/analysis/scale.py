"""The scale of a shot: by its closest figure, and where there is none for certain, by what else it shows."""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Sequence

import numpy as np

from seamline.analysis.embeddings import embedding_signal
from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figure_scale import SCALES, figure_certainty, scale_by_figure
from seamline.analysis.figures_stage import FIGURES, SAME_PICTURE
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray
from seamline.errors import SeamlineError
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.models.place_classes import (
    CHANCE_ANIMAL,
    CHANCE_FACE,
    CHANCE_FAR,
    PlaceReader,
    PlaceShares,
    open_place_reader,
)
from seamline.project.labels import Label, ShotScale

_OUTLIERS = 0.08
"""How often the closest figure is not what the shot is about, or people would call its scale another."""
_CERTAIN, _DOUBTFUL = 0.9, 0.2
"""Of a figure: from the first on, what else the picture shows is not asked; below the second, there is none."""
_MOST_FOR_FIGURES = 3.0
"""What looks like no place need not show people: flowers and bottles do not."""
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
    if any(figure_certainty(row) < _CERTAIN for row in rows):
        embeddings_known = signals.done_frames(_EMBEDDING) if _EMBEDDING in signals else 0
        if embeddings_known < end_frame and signals.done_frames(FIGURES) < signals.frame_count:
            return None  # they come from the same decode, and may be a little behind
        if embeddings_known >= end_frame:
            shares = _place_shares(_rows_within(signals, _EMBEDDING, start_frame, end_frame))
    return scale_of_rows(rows, shares)


def scale_of_rows(rows: Sequence[FigureRow], places: PlaceShares | None = None) -> Label[ShotScale]:
    """The scale of a shot of which `rows` were looked at; `places`: what its embeddings say, if anything."""
    # a moment without a face is no word against the moments that have one
    telling = [row for row in rows if row.looked == 2 or figure_certainty(row) > 0]
    empty = sum(row.looked == 2 and figure_certainty(row) < _DOUBTFUL for row in rows)
    missed = 1 / math.sqrt(max(1, empty))  # the looks are not independent of one another
    weighed = [_probabilities(row, places, missed) for row in telling or rows]
    total = sum(weight for weight, _ in weighed)
    if total <= 0:
        return Label(None, 0.0)
    mean = sum((weight * probabilities for weight, probabilities in weighed), np.zeros(len(SCALES))) / total
    best = int(np.argmax(mean))
    confidence = float(_OUTLIERS / len(SCALES) + (1 - _OUTLIERS) * min(1.0, mean[best]))
    return Label(SCALES[best] if confidence >= _LEAST_CONFIDENCE else None, confidence)


def _probabilities(row: FigureRow, places: PlaceShares | None, missed: float) -> tuple[float, FloatArray]:
    """How much a picture counts, and the probability of each of SCALES that it gives.

    `missed`: how much likelier than in a single look it is that a small figure was missed.
    """
    figure = figure_certainty(row)
    without = _without_figures(row, places, missed)
    if places is not None and figure > 0:
        # a face in the rocks: what looks like a place has to show its figures clearly
        odds = figure / max(1e-3, 1 - figure) * _odds_of_figures(places)
        figure = odds / (1 + odds)
    if without is None:
        return figure, scale_by_figure(row) if figure > 0 else np.zeros(len(SCALES), np.float32)
    mixed = figure * scale_by_figure(row) + (1 - figure) * without if figure > 0 else without
    # a moment without a figure is no word against the moments that have one
    return max(figure, 0.25), mixed


def _without_figures(row: FigureRow, places: PlaceShares | None, missed: float) -> FloatArray | None:
    """Probabilities of SCALES of a picture that has no figure; None where nothing speaks for any."""
    if places is None or row.flat > _FLAT or row.contrast < _LEAST_CONTRAST:
        return None
    near_odds = _odds_against_far(places) ** 1.5
    near = near_odds / (1 + near_odds)
    part_odds = ((places.face + 0.2 * CHANCE_FACE) / (2 * CHANCE_FACE)) ** 1.5
    if row.cut_score > 0:
        part_odds *= (row.cut_score / _LEAST_CUT_SCORE) ** 2
    part = part_odds / (1 + part_odds)
    far = 1 - near
    # figures that were missed are small ones, the more likely the less the place says for itself, or cut ones
    small = missed * (0.1 + 0.3 * (1 - min(1.0, places.far / 0.6)))
    return np.array(
        [(0.97 - small) * far + 0.04 * near, small * far + 0.06 * near, 0.03 * far + 0.1 * near,
         near * (0.72 - 0.62 * part), near * (0.08 + 0.62 * part)],
        np.float32,
    )  # fmt: skip


def _odds_of_figures(places: PlaceShares) -> float:
    """How much likelier figures are where the picture looks like that: less so in places, and in pictures of animals,
    which have a face too."""
    person = min(1.0, (1 - places.animal) / (1 - CHANCE_ANIMAL))
    return min(_MOST_FOR_FIGURES, _odds_against_far(places)) * person


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
    """What was looked at in the shot; else, where it shows the same as the last look before it, that look; else all
    rows, which tell at least whether there is a picture."""
    rows = [FigureRow.of(values) for values in _rows_within(signals, FIGURES, start_frame, end_frame)]
    looks = [row for row in rows if row.looked > 0]
    if not looks and rows and rows[0].changed <= SAME_PICTURE:
        before = _rows_within(signals, FIGURES, 0, start_frame)
        last = np.flatnonzero(before[:, 0] > 0)
        looks = [FigureRow.of(before[last[-1]])] if len(last) else []
    return looks or rows


def _rows_within(signals: Signals, name: str, start_frame: int, end_frame: int) -> FloatArray:
    """The curve's rows of frames of the shot; float32[n, D], maybe none."""
    every = signals.every_frames(name)
    return signals[name][-(-start_frame // every) : -(-end_frame // every)]
