"""How far the last frames of one shot and the first of another are alike, by every measure there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_camera import STILL
from seamline.analysis.match_directions import EdgeDirections, between
from seamline.analysis.match_repeats import shown_again
from seamline.analysis.match_subjects import subjects_alike
from seamline.analysis.match_tables import NO_FIGURE, ShotEdges
from seamline.progress import Progress

Array = NDArray[np.float32]
Places = NDArray[np.int64]

PAIR_FEATURES = (
    "light",
    "mass",
    "lines",
    "subject",
    "no_odd_subject",
    "colour",
    "figures",
    "no_odd_figure",
    "composition",
    "content",
    "flow",
    "inner_flow",
    "camera",
    "going",
    "travel",
    "speed",
    "where_moving",
    "moving",
    "not_against",
    "same_motion",
    "siamese",
)
"""Each from 0 to 1, greater where the two are more alike.

light, mass, lines: how the grids correlate, less where there is little of it. subject: how near what stands out is in
place and size, where it is one thing in both; no_odd_subject: 0 where it is one thing in one picture, and all over
the other. colour: how near the colours are. figures: how near the largest faces (or bodies) are in place and height, 0
where a picture has none; no_odd_figure: 0 where one picture has a figure and the other has not, as far as that is sure.
composition: of light, mass and lines, the geometric mean. content: cosine of the built-in encoder's vectors.

flow: how far the directions agree, cell by cell, weighed by speed, where there is motion; inner_flow: the same of what
is left without the camera's; camera: how alike the camera's own motions are, where it moves; going: how alike direction
and speed are, of the camera, or, where it is slow, of the thing before it, wherever that is; travel: how alike the
ways are that things go in full motion against the ground, so that a runner whom the camera follows goes on as one who
crosses the picture; speed: the ratio of the mean speeds; where_moving: how far it moves in the same parts of the frame;
moving: how much the slower of the two moves; not_against: 1 unless they move against each other; same_motion: 1 where
both stand still, or camera and things go alike, near 0 where one stands and the other goes; siamese: what the network
says, .5 where none was asked.
"""

_LINES_OF_ANY = 0.35
"""Two pictures that have nothing in common have about this cosine of their lines."""
_COLOUR_REACH = 0.16
"""Mean difference of the cells' colours at which they are about a third as alike as the same."""
_FIGURE_REACH, _FIGURE_HEIGHT_REACH = 0.12, 0.45
"""Shares of the sides, and natural logarithm of the heights: standard deviations of what is alike to the eye."""
_OTHER_KIND = 30.0
"""Apart, of a face and a body: farther than any two faces."""
_MOVING = 0.12
"""Widths a second, of what counts in full."""
_FULL_MOTION = 0.3
"""Widths a second of a thing that the eye cannot but follow over a cut."""
_WAY_REACH_DEG = 30.0
"""Apart, at which two ways are a third as alike as the same."""
_SPEED_OF_NOISE = 0.03
"""Added to both speeds of a ratio: twice nearly nothing is no other speed."""
_OTHER_MOTION = 0.08  # widths a second
_CAMERA_SHARES = 0.3, 0.5
"""Of the points, by their weights, or of the cells: a motion that explains fewer than the first is none of the
camera's."""
_SAME_LIGHT, _SAME_LINES, _SAME_COLOUR, _SAME_CONTENT = 0.85, 0.75, 0.06, 0.8
_ROWS_AT_ONCE = 4096
_TABLE_SHARE = 40
"""Cells of a table for each pair: below, a product of matrices is faster."""


def pair_features(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> Array:
    """float32[n, len(PAIR_FEATURES)] of the pairs of the tail of shot `out[i]` of `tails` and the head of shot
    `into[i]` of `heads`."""
    return PairComparer(tails, heads).features(out, into)


class PairComparer:
    """Gives the features of pairs; what belongs to one side alone is computed once."""

    def __init__(self, tails: ShotEdges, heads: ShotEdges) -> None:
        self._tails, self._heads = tails, heads
        self._out, self._into = EdgeDirections.of(tails.tails), EdgeDirections.of(heads.heads)
        self._siamese = tails.siamese or heads.siamese

    def features(self, out: Places, into: Places) -> Array:
        """As `pair_features`."""
        found = np.empty((len(out), len(PAIR_FEATURES)), np.float32)
        for start in range(0, len(out), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            found[part] = self._some(out[part], into[part])
        return found

    def directions(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Of tails and heads, by composition and by motion: float32[n, D], alike where the cosine is high."""
        a, b = self._out, self._into
        return (a.composed(), b.composed()), (a.flow, b.flow)

    def motions(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Of tails and heads, by the camera or what goes before a slow one, and by what goes against the ground:
        float32[n, D], alike where they are near; all 0 where there is none of it."""
        a, b = self._out, self._into
        return (_carried(a), _carried(b)), (_travelling(a), _travelling(b))

    def figures(self) -> tuple[Array, Array]:
        """Of tails and heads: float32[n, 4], near where figures of one kind are alike in place and height; all 0 where
        there is none."""
        return _placed(self._out.figures), _placed(self._into.figures)

    def alike(self, out: Places, into: Places, progress: Progress | None = None) -> NDArray[np.bool_]:
        """bool[n]: whether both show the same things in the same places, or the shots are one picture by any of their
        edges, as two takes are, or a repeat. Raises Cancelled."""
        a, b = self._out, self._into
        light, lines = _dots(a.light, b.light, out, into), _dots(a.lines, b.lines, out, into)
        content = _dots(a.vectors, b.vectors, out, into)
        known = np.any(a.vectors[out], axis=1) & np.any(b.vectors[into], axis=1)
        colour = self.colours_apart(out, into)
        same_place = (light > _SAME_LIGHT) & (lines > _SAME_LINES) & (colour < _SAME_COLOUR)
        same_things = same_place & (~known | (content > _SAME_CONTENT))
        return np.asarray(same_things | shown_again(self._tails, self._heads, out, into, progress))

    def colours_apart(self, out: Places, into: Places) -> Array:
        """float32[n]: the mean distance of the cells' colours."""
        return np.asarray(np.abs(self._out.colour[out] - self._into.colour[into]).mean(axis=1), np.float32)

    def _some(self, out: Places, into: Places) -> Array:
        a, b = self._out, self._into
        light = _positive(_dots(a.light, b.light, out, into))
        mass = _positive(_dots(a.mass, b.mass, out, into))
        lines = _positive((_dots(a.lines, b.lines, out, into) - _LINES_OF_ANY) / (1 - _LINES_OF_ANY))
        colour = np.exp(-self.colours_apart(out, into) / _COLOUR_REACH)
        figures, no_odd_figure = _figures_alike(a.figures[out], b.figures[into])
        slower = np.minimum(a.speed[out], b.speed[into])
        moving = _ramp(slower)
        along = _dots(a.flow, b.flow, out, into)
        inner = _dots(a.inner, b.inner, out, into)
        inner_moving = _ramp(np.minimum(a.inner_speed[out], b.inner_speed[into]))
        share = np.minimum(a.camera[out, 3], b.camera[into, 3])
        cameras = _motions_alike(a.camera[out, :3], b.camera[into, :3]) * between(share, *_CAMERA_SHARES)
        carried = _motions_alike(a.carrier[out], b.carrier[into]) * np.minimum(a.sure[out], b.sure[into])
        values = {
            "light": light,
            "mass": mass,
            "lines": lines,
            "subject": subjects_alike(a.subject[out], b.subject[into]),
            "no_odd_subject": 1 - np.abs(a.subject[out, 4] - b.subject[into, 4]),
            "colour": colour,
            "figures": figures,
            "no_odd_figure": no_odd_figure,
            "composition": np.cbrt(light * mass * lines),
            "content": _positive(_dots(a.vectors, b.vectors, out, into)),
            "flow": _positive(along) * moving,
            "inner_flow": _positive(inner) * inner_moving,
            "camera": cameras * share,
            "going": carried,
            "travel": _travel_alike(a.travel[out], b.travel[into])
            * np.minimum(a.travel_sure[out], b.travel_sure[into]),
            "speed": _ratio(a.speed[out], b.speed[into]),
            "where_moving": _positive(_dots(a.where, b.where, out, into)) * moving,
            "moving": moving,
            "not_against": 1 - _positive(-along) * moving,
            "same_motion": 1 / (1 + (_length(a.motion[out] - b.motion[into]) / _OTHER_MOTION) ** 2),
            "siamese": self._siamese_01(out, into),
        }
        columns = np.stack([values[name] for name in PAIR_FEATURES], axis=1)
        return np.asarray(np.clip(columns, 0, 1), np.float32)

    def _siamese_01(self, out: Places, into: Places) -> Array:
        a, b = self._out.siamese, self._into.siamese
        if self._siamese is None or not a.shape[1] or a.shape[1] != b.shape[1]:
            return np.full(len(out), 0.5, np.float32)
        return np.asarray(self._siamese.score_01(a[out], b[into]), np.float32)


def _dots(a: Array, b: Array, out: Places, into: Places) -> Array:
    if a.shape[1] != b.shape[1]:
        return np.zeros(len(out), np.float32)
    rows, places = np.unique(out, return_inverse=True)
    if len(rows) * len(b) <= _TABLE_SHARE * len(out):
        # a table of all is made faster than rows are gathered for so many of its cells
        return np.asarray((a[rows] @ b.T)[places, into], np.float32)
    return np.asarray(np.einsum("nd,nd->n", a[out], b[into]), np.float32)


def _positive(values: NDArray[np.floating]) -> Array:
    return np.asarray(np.clip(values, 0, 1), np.float32)


def _ramp(speed: Array) -> Array:
    return np.asarray(between(speed, STILL, _MOVING), np.float32)


def _ratio(a: Array, b: Array) -> Array:
    a, b = a + _SPEED_OF_NOISE, b + _SPEED_OF_NOISE
    return np.asarray(np.minimum(a, b) / np.maximum(a, b), np.float32)


def _figures_alike(a: Array, b: Array) -> tuple[Array, Array]:
    has_a, has_b = a[:, 0] != NO_FIGURE, b[:, 0] != NO_FIGURE
    apart = np.hypot(a[:, 1] - b[:, 1], a[:, 2] - b[:, 2])
    larger = np.abs(np.log(np.maximum(a[:, 3], 1e-3)) - np.log(np.maximum(b[:, 3], 1e-3)))
    near = np.exp(-0.5 * ((apart / _FIGURE_REACH) ** 2 + (larger / _FIGURE_HEIGHT_REACH) ** 2))
    sure = np.minimum(a[:, 4], b[:, 4])
    alike = np.where(has_a & has_b & (a[:, 0] == b[:, 0]), near * sure, 0)
    odd = np.where(has_a != has_b, np.maximum(a[:, 4], b[:, 4]), 0)
    return np.asarray(alike, np.float32), np.asarray(1 - odd, np.float32)


def _placed(figures: Array) -> Array:
    placed = np.stack(
        [
            _OTHER_KIND * figures[:, 0],
            figures[:, 1] / _FIGURE_REACH,
            figures[:, 2] / _FIGURE_REACH,
            np.log(np.maximum(figures[:, 3], 1e-3)) / _FIGURE_HEIGHT_REACH,
        ],
        axis=1,
    )
    return np.asarray(placed * (figures[:, :1] != NO_FIGURE), np.float32)


def _motions_alike(a: Array, b: Array) -> Array:
    """1 where direction and speed are the same, and fast enough to be seen."""
    first, second = _length(a), _length(b)
    near = 1 - _length(a - b) / np.maximum(_SPEED_OF_NOISE, np.maximum(first, second))
    return _positive(near) * _ramp(np.minimum(first, second))


def _travel_alike(a: Array, b: Array) -> Array:
    """1 where things go the same way in full motion, at whatever speeds, as far as these are of one kind."""
    first, second = _length(a), _length(b)
    along = np.einsum("nd,nd->n", a, b) / np.maximum(first * second, 1e-9)
    turned = np.degrees(np.arccos(np.clip(along, -1, 1)))
    seen = between(np.minimum(first, second), STILL, _FULL_MOTION)
    return np.asarray(
        np.exp(-((turned / _WAY_REACH_DEG) ** 2)) * np.sqrt(_ratio(first, second)) * seen, np.float32
    )


def _carried(edges: EdgeDirections) -> Array:
    return _by_ratio(edges.carrier) * (edges.sure[:, None] > 0)


def _travelling(edges: EdgeDirections) -> Array:
    return _by_ratio(edges.travel) * (edges.travel_sure[:, None] > 0)


def _by_ratio(velocities: Array) -> Array:
    """The same ways, as long as how many times the speed of a still picture they are, as a logarithm."""
    speeds = np.maximum(_length(velocities), STILL)[:, None]
    return np.asarray(velocities / speeds * np.log(speeds / STILL), np.float32)


def _length(rows: Array) -> Array:
    return np.asarray(np.linalg.norm(rows, axis=1), np.float32)
