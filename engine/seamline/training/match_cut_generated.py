"""Flow pictures of generated films: a camera's and a figure's step from one frame to the next, seen over drawn worlds.

The same step over two worlds is a match by movement, whatever stands there.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.flow_pictures import (
    LONGEST_SIDE,
    SIDE,
    FlowField,
    Grey,
    flow_field,
    flow_grid,
    flow_picture,
    mean_grey,
)
from seamline.evaluation.synthetic_textures import clouds, coloured, page, palette, pattern
from seamline.progress import Progress
from seamline.training.match_cut_sets import FlowSet

WORLDS_A_STEP = 2
_WIDTH, _HEIGHT = LONGEST_SIDE, round(LONGEST_SIDE * 9 / 16)
_WORLD = (2 * _WIDTH, 2 * _HEIGHT)
WORLDS = 40
_SPEED = 0.0015, 0.02
"""In widths a frame: a pan through the picture in 27 s, or in 2 s, at 25 frames a second."""
_ARM = 0.3
"""What a zoom of ln 1, or a turn of a radian, moves the picture by in widths, on the whole."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one frame to the next: the camera's, in widths right and down, ln of how much nearer, radians clockwise; and
    an ellipse's, with its middle (shares of the picture), its half axes and its own way in widths; None without."""

    right: float
    down: float
    nearer: float
    turned: float
    figure: tuple[float, float, float, float, float, float] | None = None

    def mirrored(self, *, across: bool, upright: bool) -> Step:
        """As in a mirror at the side, below, or both: as fast, the other way."""
        x, y = -1 if across else 1, -1 if upright else 1
        figure = None
        if self.figure is not None:
            left, top, wide, tall, right, down = self.figure
            figure = (
                1 - left if across else left,
                1 - top if upright else top,
                wide,
                tall,
                x * right,
                y * down,
            )
        return Step(x * self.right, y * self.down, self.nearer, x * y * self.turned, figure)

    def faster(self, times: float) -> Step:
        """The same ways, so many times as far."""
        figure = None
        if self.figure is not None:
            figure = (*self.figure[:4], times * self.figure[4], times * self.figure[5])
        return Step(times * self.right, times * self.down, times * self.nearer, times * self.turned, figure)


def drawn_step(rng: np.random.Generator) -> Step:
    """Pans, tilts, zooms, rolls, two of them together, or a camera that stands while something passes."""
    speed = float(np.exp(rng.uniform(*np.log(_SPEED))))
    kind = rng.choice(
        ["pan", "tilt", "slant", "zoom", "roll", "mixed", "still"],
        p=[0.2, 0.13, 0.15, 0.15, 0.07, 0.15, 0.15],
    )
    way = float(rng.choice([-1, 1]))
    right = down = nearer = turned = 0.0
    if kind == "pan":
        right, down = way * speed, speed * float(rng.normal(0, 0.08))
    elif kind == "tilt":
        right, down = speed * float(rng.normal(0, 0.08)), way * speed
    elif kind in ("slant", "mixed"):
        angle = float(rng.uniform(0, 2 * np.pi))
        right, down = speed * float(np.cos(angle)), speed * float(np.sin(angle))
    if kind in ("zoom", "mixed"):
        nearer = way * speed / _ARM * (1.0 if kind == "zoom" else float(rng.uniform(0.3, 0.8)))
    if kind == "roll":
        turned = way * speed / _ARM
    figure = None
    if kind == "still" or rng.random() < 0.4:
        angle = float(rng.uniform(0, 2 * np.pi)) if rng.random() < 0.4 else float(rng.choice([0.0, np.pi]))
        own = speed * float(rng.uniform(0.7, 2))
        figure = (
            float(rng.uniform(0.15, 0.85)),
            float(rng.uniform(0.25, 0.8)),
            float(rng.uniform(0.06, 0.25)),
            float(rng.uniform(0.12, 0.45)),
            own * float(np.cos(angle)),
            own * float(np.sin(angle)),
        )
    return Step(right, down, nearer, turned, figure)


class World:
    """Drawn grounds and figures' surfaces, and the faults of a film: blur, grain, compression."""

    def __init__(self, seed: int, count: int = WORLDS) -> None:
        self._grounds = [_ground(np.random.default_rng([seed, number, 21])) for number in range(count)]

    def flow(self, step: Step, rng: np.random.Generator) -> FlowField:
        """The flow that is measured of that step over some ground, float32[180, 320, 2]."""
        ground, surface = (self._grounds[int(rng.integers(len(self._grounds)))] for _ in range(2))
        where = float(rng.uniform(0, 2 * np.pi)), rng.uniform(-0.15, 0.15, 2)
        contrast, light = float(rng.uniform(0.5, 1)), float(rng.uniform(0, 60))
        grain = float(rng.uniform(0, 3)) if rng.random() < 0.5 else 0.0
        quality = int(rng.integers(40, 96))
        softness = float(rng.uniform(0.5, 2.5)) if rng.random() < 0.3 else 0.0
        frames = []
        for moves in (False, True):
            picture = _seen(ground, surface, step, moves, where).astype(np.float32) * contrast + light
            if softness:
                picture = cv2.GaussianBlur(picture, (0, 0), softness).astype(np.float32)
            if grain:
                picture += rng.standard_normal(picture.shape, np.float32) * grain
            shown = np.clip(picture, 0, 255).astype(np.uint8)
            _, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
            frames.append(np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8))
        return flow_field(*frames)


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """`steps`: int64[n], which step each row of `flow` shows."""

    flow: FlowSet
    steps: NDArray[np.int64]


def generated(seed: int, steps: int, *, worlds: int = WORLDS, progress: Progress | None = None) -> Generated:
    """So many steps, over two of the worlds each, one behind the other; by the seed alone. Raises Cancelled."""
    world, fields = World(seed, worlds), []
    for number in range(steps):
        if progress is not None:
            progress.step(number, steps)
        step = drawn_step(np.random.default_rng([seed, number, 22]))
        fields += [
            world.flow(step, np.random.default_rng([seed, number, 23, at])) for at in range(WORLDS_A_STEP)
        ]
    shown = np.repeat(np.arange(steps, dtype=np.int64), WORLDS_A_STEP)
    return Generated(set_of(fields, np.arange(len(fields))), shown)


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Pairs with the truth about them: rows of `flow`, int64[n] twice; bool[n] whether they are a match; and of what
    sort each is."""

    flow: FlowSet
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    truth: NDArray[np.bool_]
    sorts: NDArray[np.str_]


def planted(seed: int, steps: int, *, worlds: int = WORLDS, progress: Progress | None = None) -> Planted:
    """A tenth of the pairs are matches: one step over two worlds. Three of the nine others a step are as fast in
    another direction; six are of other steps. Raises Cancelled."""
    world, fields = World(seed, worlds), []
    drawn = [drawn_step(np.random.default_rng([seed, number, 22])) for number in range(steps)]
    first, second, truth, sorts = [], [], [], []

    def add(step: Step, number: int, at: int) -> int:
        fields.append(world.flow(step, np.random.default_rng([seed, number, 23, at])))
        return len(fields) - 1

    for number, step in enumerate(drawn):
        if progress is not None:
            progress.step(number, steps)
        one, match = add(step, number, 0), add(step, number, 1)
        first.append(one)
        second.append(match)
        truth.append(True)
        sorts.append("match")
        for at, (across, upright) in enumerate(((True, False), (False, True), (True, True))):
            other = step.mirrored(across=across, upright=upright)
            if _apart(step, other):
                first.append(one)
                second.append(add(other, number, 2 + at))
                truth.append(False)
                sorts.append("other way")
    starts = [row for row, sort in zip(first, sorts, strict=True) if sort == "match"]
    ends = [row for row, sort in zip(second, sorts, strict=True) if sort == "match"]
    rng = np.random.default_rng([seed, 24])
    while len(first) < 10 * steps:  # of few steps, some pairs come twice
        a, b = (int(each) for each in rng.integers(steps, size=2))
        if a != b and _apart(drawn[a], drawn[b]):
            first.append(starts[a])
            second.append(ends[b])
            truth.append(False)
            sorts.append("other step")
    return Planted(
        set_of(fields, np.arange(len(fields))),
        np.array(first, np.int64),
        np.array(second, np.int64),
        np.array(truth, np.bool_),
        np.array(sorts),
    )


def set_of(fields: list[FlowField], shots: NDArray[np.int64]) -> FlowSet:
    """What is learnt from of these fields."""
    pictures = np.empty((len(fields), SIDE, SIDE, 3), np.uint8)
    for at, field in enumerate(fields):
        pictures[at] = flow_picture(field)
    return FlowSet(
        pictures,
        np.array([mean_grey(picture) for picture in pictures], np.float32),
        np.stack([flow_grid(field) for field in fields]),
        np.asarray(shots, np.int64),
    )


def _apart(one: Step, other: Step) -> bool:
    """Whether the true movement of the two differs enough to be called no match, at the nine places of a grid."""
    a, b = _true_grid(one), _true_grid(other)
    return float((a * b).sum()) < 0.5 * float(np.linalg.norm(a)) * float(np.linalg.norm(b))


def _true_grid(step: Step) -> NDArray[np.float64]:
    y, x = np.mgrid[-0.5:0.5:9j, -0.5:0.5:9j]
    y = y * _HEIGHT / _WIDTH
    right = -step.right + x * step.nearer - y * step.turned
    down = -step.down + y * step.nearer + x * step.turned
    if step.figure is not None:
        left, top, wide, tall, own_right, own_down = step.figure
        inside = ((x + 0.5 - left) / wide) ** 2 + ((y * _WIDTH / _HEIGHT + 0.5 - top) / tall) ** 2 < 1
        right, down = np.where(inside, own_right, right), np.where(inside, own_down, down)
    return np.stack([right, down])


def _seen(
    ground: Grey, surface: Grey, step: Step, moves: bool, where: tuple[float, NDArray[np.float64]]
) -> Grey:
    """One of the two frames: the ground by the camera, the figure in front."""
    share = 1.0 if moves else 0.0
    turn = np.exp(share * (step.nearer + 1j * step.turned))
    shift = -share * complex(step.right, step.down) * _WIDTH + complex(*where[1]) * _WIDTH
    picture = np.asarray(
        cv2.warpAffine(ground, _matrix(turn, shift), (_WIDTH, _HEIGHT), borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )
    if step.figure is None:
        return picture
    left, top, wide, tall, right, down = step.figure
    place = (left + share * right) * _WIDTH, top * _HEIGHT + share * down * _WIDTH
    cover = np.zeros((_HEIGHT, _WIDTH), np.float32)
    fine = 16  # cv2.ellipse takes sixteenths of a pixel
    cv2.ellipse(
        cover,
        (round(place[0] * fine), round(place[1] * fine)),
        (round(wide * _WIDTH * fine), round(tall * _HEIGHT * fine)),
        0,
        0,
        360,
        1.0,
        -1,
        cv2.LINE_8,
        4,
    )
    own = share * complex(right, down) * _WIDTH
    skin = cv2.warpAffine(surface, _matrix(1, own), (_WIDTH, _HEIGHT), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(cv2.blendLinear(np.asarray(skin, np.uint8), picture, cover, 1 - cover), np.uint8)


def _matrix(turn: complex, shift: complex) -> NDArray[np.float64]:
    """float64[2, 3]: from the world's pixels to the picture's; both turn about their middles."""
    turned = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    middle = np.array([(_WIDTH - 1) / 2 + shift.real, (_HEIGHT - 1) / 2 + shift.imag])
    return np.column_stack([turned, middle - turned @ [(_WORLD[0] - 1) / 2, (_WORLD[1] - 1) / 2]])


def _ground(rng: np.random.Generator) -> Grey:
    light = float(rng.uniform(0.25, 0.75))
    kind = rng.choice(["clouds", "page", "pattern"], p=[0.6, 0.2, 0.2])
    if kind == "clouds":
        drawn = coloured(clouds(rng, float(rng.uniform(0.6, 1))), palette(rng, light))
    else:
        drawn = (page if kind == "page" else pattern)(rng, palette(rng, light))
    grey = cv2.cvtColor(np.ascontiguousarray(drawn), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, _WORLD, interpolation=cv2.INTER_AREA), np.uint8)
