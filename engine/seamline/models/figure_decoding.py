"""From the raw outputs of the single-shot detectors to detections.

Both detectors judge a grid of places (anchors) each, and give for each a score and, in units of the input's pixels
and from the anchor's centre, a box and some points (Liu et al., SSD, arXiv:1512.02325; BlazeFace, arXiv:1907.05047).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SCORE_CLIP = 100.0
"""Raw scores beyond are as sure as can be; the exponential would overflow."""


@dataclass(frozen=True, slots=True)
class Detection:
    """`box` is left, top, right, bottom and `points` float32[k, 2] are x, y, both as shares of the picture's width
    and height; they may lie outside of 0 to 1. `score` is 0 to 1."""

    score: float
    box: tuple[float, float, float, float]
    points: Floats

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def anchor_centres(input_px: int, strides: tuple[int, ...], per_stride: int) -> Floats:
    """Centres of the anchors in the order of the outputs, as shares of the input: float32[n, 2], x and y.

    Each of `strides` stands for a grid of cells that wide, with `per_stride` anchors in each; grids that follow one
    another with the same stride are one grid with the anchors of both in each cell.
    """
    grids: list[Floats] = []
    at = 0
    while at < len(strides):
        stride, same = strides[at], 0
        while at < len(strides) and strides[at] == stride:
            same, at = same + 1, at + 1
        cells = -(-input_px // stride)
        along = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        x, y = np.meshgrid(along, along)
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), same * per_stride, axis=0))
    return np.concatenate(grids).astype(np.float32)


def decoded(
    regressions: Floats, raw_scores: Floats, anchors: Floats, *, input_px: int, least_score: float
) -> list[Detection]:
    """What scores at least `least_score`, overlaps not yet resolved, as shares of the input.

    `regressions`: float32[n, 4 + 2 k], of each anchor the offset of the box's centre, its width and height, and k
    points' offsets, in pixels of the input. `raw_scores`: float32[n], before the sigmoid.
    """
    scores = 1 / (1 + np.exp(-np.clip(raw_scores, -_SCORE_CLIP, _SCORE_CLIP).astype(np.float64)))
    found = np.flatnonzero(scores >= least_score)
    detections = []
    for n in found[np.argsort(-scores[found], kind="stable")]:
        values = regressions[n].reshape(-1, 2) / input_px
        centre, size = values[0] + anchors[n], values[1]
        left, top = centre - size / 2
        right, bottom = centre + size / 2
        detections.append(
            Detection(
                float(scores[n]),
                (float(left), float(top), float(right), float(bottom)),
                values[2:] + anchors[n],
            )
        )
    return detections


def without_overlaps(detections: list[Detection], *, overlap: float) -> list[Detection]:
    """One detection for each group that overlaps by more than `overlap` (intersection over union), best first.

    Its box and points are the means of the group, weighted by score, which is steadier than the best alone
    (BlazeFace, section 3.4); its score is the best one.
    """
    rest = sorted(detections, key=lambda d: -d.score)
    kept = []
    while rest:
        best = rest[0]
        group = [d for d in rest if intersection_over_union(best.box, d.box) > overlap]
        rest = [d for d in rest[1:] if all(d is not one for one in group)]
        group = group or [best]  # a box of no area overlaps nothing, not even itself
        weights = np.array([d.score for d in group])
        box = np.average([d.box for d in group], axis=0, weights=weights)
        points = np.average([d.points for d in group], axis=0, weights=weights).astype(np.float32)
        left, top, right, bottom = (float(value) for value in box)
        kept.append(Detection(best.score, (left, top, right, bottom), points))
    return kept


def intersection_over_union(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float]
) -> float:
    """Of two boxes (left, top, right, bottom); 0 for boxes of no area."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    total = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / total if total > 0 else 0.0
