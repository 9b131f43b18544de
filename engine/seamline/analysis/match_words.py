"""What an editor would say of one edge of a shot: where the figure is, how the light lies, which way it moves.

Each gives a word or two, or None where there is nothing so clear that it could be said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_subjects import cells, subjects_of
from seamline.analysis.match_tables import A_BODY, A_FACE, ORIENTATIONS, Array

LEAST_SPEED = 0.03
"""Widths a second: slower than that is not said to move."""
LEAST_GROWTH = 0.08
_CENTRE = 0.42, 0.58
_SURE_FIGURE = 0.6
_SURE_THING = 0.5
"""Below it, it may be a crowd."""
_SURE_SUBJECT = 0.5
_LIGHT_TILT = 0.55
_LEAST_LIGHT = 0.6
_LINES_LEAD = 1.8
_CAMERA_SHARE = 0.6
_PURE = 2.0
_DIRECTIONS = (
    "right",
    "down and right",
    "down",
    "down and left",
    "left",
    "up and left",
    "up",
    "up and right",
)
_LINES = {
    0: "upright lines",
    2: "lines that rise to the right",
    4: "level lines",
    6: "lines that fall to the right",
}


@dataclass(frozen=True, slots=True)
class Movement:
    """`words`, such as “pan left”; `speed` in widths a second, or growth a second; `share`: of the picture."""

    words: str
    speed: float
    share: float


def figure_place(figure: Array) -> tuple[str, str] | None:
    """What it is, “faces” or “figures”, and where across the picture, of float32[5]."""
    kind, x, _, _, sure = (float(value) for value in figure)
    if sure < _SURE_FIGURE or kind not in (A_FACE, A_BODY):
        return None
    return ("faces" if kind == A_FACE else "figures"), across(x)


def across(x: float) -> str:
    """Where that share of the width is."""
    low, high = _CENTRE
    return "left of centre" if x < low else "right of centre" if x > high else "in the centre"


def subject_place(mass: Array) -> str | None:
    """Where what stands out is, if it is one thing, of float32[144]."""
    x, y, _, _, sure = (float(value) for value in subjects_of(mass[None])[0])
    if sure < _SURE_SUBJECT:
        return None
    height = "high" if y < _CENTRE[0] - 0.06 else "low" if y > _CENTRE[1] + 0.06 else ""
    return ", ".join(part for part in (across(x), height) if part)


def lighter_side(light: Array) -> str | None:
    """Which part of the picture is the lighter one, of float32[144]."""
    x, y = cells()
    middle = 1 - np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) * 2
    patterns = {
        "on the left": x < 0.5,
        "on the right": x >= 0.5,
        "at the top": y < 0.5,
        "at the bottom": y >= 0.5,
        "in the middle": middle > 0.4,
        "at the edges": middle <= 0.4,
    }
    told = {name: _correlation(light, np.asarray(where, np.float64)) for name, where in patterns.items()}
    best = max(told, key=lambda name: told[name])
    return best if told[best] >= _LIGHT_TILT else None


def leading_lines(lines: Array) -> str | None:
    """Which way most edges run, if they clearly do, of float32[1152]."""
    by_way = (lines.reshape(-1, ORIENTATIONS) ** 2).sum(axis=0)
    best = int(by_way.argmax())
    beside = by_way[(best + np.array([-1, 1])) % ORIENTATIONS].max()
    others = np.delete(by_way, [(best - 1) % ORIENTATIONS, best, (best + 1) % ORIENTATIONS]).max()
    if best not in _LINES or by_way[best] < _LINES_LEAD * others or by_way[best] < beside:
        return None
    return _LINES[best]


def camera_words(camera: Array) -> Movement | None:
    """What the camera does, of float32[4]: what is seen goes the other way."""
    right, down, growth, share = (float(value) for value in camera)
    if share < _CAMERA_SHARE:
        return None
    along, tall, deep = abs(right), abs(down), abs(growth) / 4  # at the picture's edge, on the mean
    if max(along, tall) >= LEAST_SPEED and max(along, tall) >= _PURE * deep:
        if along >= _PURE * tall:
            return Movement("pan left" if right > 0 else "pan right", along, share)
        if tall >= _PURE * along:
            return Movement("tilt up" if down > 0 else "tilt down", tall, share)
        words = f"pan {'left' if right > 0 else 'right'} and tilt {'up' if down > 0 else 'down'}"
        return Movement(words, math.hypot(along, tall), share)
    if abs(growth) >= LEAST_GROWTH and deep >= _PURE * max(along, tall):
        return Movement("zoom in" if growth > 0 else "zoom out", abs(growth), share)
    return None


def flow_words(inner: Array) -> Movement | None:
    """Which way most of what moves goes, of float32[288]."""
    u, v = inner[0::2].astype(np.float64), inner[1::2].astype(np.float64)
    speeds = np.hypot(u, v)
    moves = speeds >= LEAST_SPEED
    if moves.sum() < 3:
        return None
    mean = float(u[moves].mean()), float(v[moves].mean())
    if math.hypot(*mean) < 0.7 * float(speeds[moves].mean()):
        return None  # this way and that
    return Movement(_direction(*mean), math.hypot(*mean), float(moves.mean()))


def thing_words(thing: Array) -> Movement | None:
    """Which way what moves before the camera goes, of float32[3]; its share says how sure that is."""
    right, down, share = (float(value) for value in thing)
    speed = math.hypot(right, down)
    return (
        Movement(_direction(right, down), speed, share)
        if speed >= LEAST_SPEED and share >= _SURE_THING
        else None
    )


def is_still(flow: Array, camera: Array, thing: Array) -> bool:
    """Whether nothing moves that could be told, of float32[288], float32[4] and float32[3]."""
    speeds = np.hypot(flow[0::2], flow[1::2])
    return not (speeds.max() >= LEAST_SPEED or thing.any() or camera_moves(camera))


def camera_moves(camera: Array) -> bool:
    """Whether it does, of float32[4], be it called a pan or not."""
    return float(np.hypot(*camera[:2])) >= LEAST_SPEED or abs(float(camera[2])) >= LEAST_GROWTH


def _direction(right: float, down: float) -> str:
    return _DIRECTIONS[round(math.atan2(down, right) / (math.pi / 4)) % 8]


def _correlation(light: Array, pattern: NDArray[np.float64]) -> float:
    centred = pattern - pattern.mean()
    length = max(float(np.linalg.norm(light)), _LEAST_LIGHT)
    return float(light @ centred / np.linalg.norm(centred)) / length
