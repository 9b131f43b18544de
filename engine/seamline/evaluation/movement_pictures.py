"""Pictures that a camera on a known path takes, and what makes its movement hard to see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.movement_camera import CameraTrack
from seamline.evaluation.movement_figures import (
    SIZE,
    Figure,
    Floats,
    Grey,
    asphalt,
    figure,
    flat_world,
    grey,
    in_front,
    train,
)
from seamline.evaluation.synthetic_actors import Actor, drawn_actor, put_actor
from seamline.evaluation.synthetic_overlays import caption, logo
from seamline.evaluation.synthetic_textures import WORLD, buildings, clouds, coloured, palette, ridge

_Complex = NDArray[np.complex128]

_STAGE_SIZE = (160, 90)
_SHUTTER = 0.5  # of a frame: the film camera's half turn

HARDNESSES = (
    "figure",
    "crowd",
    "low texture",
    "soft",
    "motion blur",
    "flicker",
    "exposure",
    "grain",
    "bars",
    "lettering",
    "compressed",
    "depth",
    "repeated",
    "seam",
)
"""What may make a shot hard: `figure` is one thing in front, up to half of the picture; `repeated` frames as in 12
pictures a second or in 24 made 30; `seam` a frame of the next shot at one end."""

SEVERE = ("large figure", "train", "gate weave", "dark", "asphalt")
"""What makes it harder still: `large figure` is up to two thirds of the picture; `train` runs across the whole width;
`gate weave` is old film's, from frame to frame and without a path; of a `dark` picture most is crushed to black;
`asphalt` has hardly any texture, and cars on it."""


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """A plane of the world: uint8[h, w], its cover 0 to 1 where one sees past it; `depth` below 1 is further off."""

    world: Grey
    cover: Floats | None = None
    depth: float = 1.0


@dataclass(eq=False, slots=True)
class Filming:
    """A shot to be: its `track` over the layers, at `rate`, as hard as `hardnesses` say."""

    track: CameraTrack
    rate: Fraction
    layers: list[Layer]
    hardnesses: frozenset[str]
    seed: int
    figures: list[Figure] = field(default_factory=list)
    crowd: list[Actor] = field(default_factory=list)
    views: list[tuple[_Complex, _Complex]] = field(init=False)

    def __post_init__(self) -> None:
        self.views = [self.track.views(layer.depth) for layer in self.layers]

    @property
    def frame_count(self) -> int:
        return len(self.track.right)


def filming(
    rng: np.random.Generator, track: CameraTrack, rate: Fraction, hardnesses: frozenset[str]
) -> Filming:
    """The world for a path: drawn scenes, clouds, pages, patterns, houses and hills."""
    made = Filming(track, rate, _layers(rng, hardnesses), hardnesses, int(rng.integers(2**31)))
    if "large figure" in hardnesses:
        made.figures.append(figure(rng, made.frame_count, rate, (0.5, 0.66)))
    elif "figure" in hardnesses:
        made.figures.append(figure(rng, made.frame_count, rate, (0.1, 0.5)))
    if "train" in hardnesses:
        made.figures.append(train(rng, made.frame_count, rate))
    if "asphalt" in hardnesses:
        for _ in range(int(rng.integers(1, 4))):
            size, speed = float(rng.uniform(0.1, 0.2)), float(rng.uniform(0.1, 0.6) / rate)
            made.crowd.append(drawn_actor(rng, size, speed, palette(rng, 0.5)[0]))
    if "crowd" in hardnesses:
        tints = palette(rng, 0.5)
        for _ in range(int(rng.integers(4, 14))):
            size, speed = float(rng.uniform(0.03, 0.14)), float(rng.uniform(0.05, 0.5) / rate)
            made.crowd.append(drawn_actor(rng, size, speed, tints[rng.integers(len(tints))]))
    return made


def pictures_of(filmed: Filming) -> Iterator[Grey]:
    """uint8[90, 160], one a frame."""
    rng = np.random.default_rng([filmed.seed, 5])
    hard = filmed.hardnesses
    bars = float(rng.choice([0.12, 0.24, -0.25]))
    laid = [make(int(rng.integers(2**31)), SIZE) for make in (caption, logo) if rng.random() < 0.7]
    flicker, ramp = rng.uniform(0.01, 0.07), rng.uniform(-0.4, 0.4)
    grain, quality = float(rng.uniform(1.5, 7)), int(rng.integers(25, 75))
    contrast = float(rng.uniform(0.08, 0.25))
    repeats = _repeats(rng, filmed)
    ends = (0,) if rng.random() < 0.5 else (filmed.frame_count - 1,)
    other = cv2.resize(flat_world(rng), _STAGE_SIZE, interpolation=cv2.INTER_AREA)
    crushed, lit, weave = (
        float(rng.uniform(0.5, 0.8)),
        float(rng.uniform(0.8, 2)),
        float(rng.uniform(0.0003, 0.0015)),
    )
    floor: float | None = None
    before: Grey | None = None
    for frame in range(filmed.frame_count):
        if repeats[frame] and before is not None:
            yield before
            continue
        picture = _photographed(filmed, frame)
        for each in filmed.figures:
            picture = in_front(picture, each, frame)
        for actor in filmed.crowd:
            put_actor(picture, actor, frame, (0, 0, 1, 1))
        gain = 1.0
        if "flicker" in hard:
            gain += float(rng.normal(0, flicker))
        if "exposure" in hard:
            gain += ramp * frame / filmed.frame_count
        if "low texture" in hard:
            picture = cv2.convertScaleAbs(picture, alpha=contrast, beta=110 * (1 - contrast)).astype(np.uint8)
        if gain != 1:
            picture = cv2.convertScaleAbs(picture, alpha=gain).astype(np.uint8)
        if "dark" in hard:
            if floor is None:
                floor = float(np.quantile(picture, crushed))
            picture = cv2.convertScaleAbs(
                cv2.subtract(picture, np.full_like(picture, floor)), alpha=lit
            ).astype(np.uint8)
        if "gate weave" in hard:
            picture = _woven(rng, picture, weave)
        if "asphalt" in hard:
            noise = rng.standard_normal(picture.shape, np.float32) * 1.5
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
        if "grain" in hard:
            noise = rng.standard_normal(picture.shape, np.float32) * grain
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
        if "lettering" in hard:
            for overlay in laid:
                picture = (picture * (1 - overlay[..., 3]) + 255 * overlay[..., :3].mean(axis=2)).astype(
                    np.uint8
                )
        if "bars" in hard:
            picture = _barred(picture, bars)
        if "compressed" in hard:
            _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
            picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
        small = np.asarray(cv2.resize(picture, _STAGE_SIZE, interpolation=cv2.INTER_AREA), np.uint8)
        if "seam" in hard and frame in ends:
            small = np.asarray(cv2.addWeighted(small, 0.3, other, 0.7, 0), np.uint8)
        before = small
        yield small


def _layers(rng: np.random.Generator, hardnesses: frozenset[str]) -> list[Layer]:
    scale = SIZE[0] / float(rng.uniform(480, 900))

    def small(world: NDArray[np.uint8]) -> Grey:
        size = (round(WORLD[0] * scale), round(WORLD[1] * scale))
        shrunk = np.asarray(cv2.resize(world, size, interpolation=cv2.INTER_AREA), np.uint8)
        return _blurred(shrunk, softness)

    softness = float(rng.uniform(1.5, 5)) if "soft" in hardnesses else 0.0
    if "asphalt" in hardnesses:
        return [Layer(small(asphalt(rng)))]
    if "depth" not in hardnesses:
        return [Layer(small(flat_world(rng)))]
    light = float(rng.uniform(0.3, 0.7))
    back = coloured(clouds(rng, 0.8), palette(rng, light))
    layers = [Layer(small(grey(back)), depth=float(rng.uniform(0.65, 0.85)))]
    make = [
        lambda: ridge(rng, palette(rng, light), 0.55, 0.45),
        lambda: buildings(rng, palette(rng, light), 0.6),
    ]
    front = make[int(rng.integers(2))]()
    cover = np.asarray(small(front[..., 3]) / 255, np.float32)
    layers.append(Layer(small(grey(front[..., :3])), cover, 1.0))
    return layers


def _photographed(filmed: Filming, frame: int) -> Grey:
    """What the camera sees, over the time that its shutter is open where motion blurs."""
    if "motion blur" not in filmed.hardnesses:
        return _seen(filmed, frame)
    last = filmed.frame_count - 1
    right, down = filmed.track.right, filmed.track.down
    ends = min(frame + 1, last)
    moved_px = _SHUTTER * SIZE[0] * max(abs(right[ends] - right[frame]), abs(down[ends] - down[frame]))
    steps = min(6, 1 + math.ceil(moved_px / 1.5))
    total = np.zeros((SIZE[1], SIZE[0]), np.float32)
    for step in range(steps):
        cv2.accumulate(_seen(filmed, frame + _SHUTTER * step / steps), total)
    return np.asarray(np.rint(total / steps), np.uint8)


def _seen(filmed: Filming, frame: float) -> Grey:
    """The layers, the furthest first, at a frame or between two."""
    picture: Grey | None = None
    for layer, (turns, shifts) in zip(filmed.layers, filmed.views, strict=True):
        numbers = np.arange(len(turns))
        matrix = _placed(layer, np.interp(frame, numbers, turns), np.interp(frame, numbers, shifts))
        shown = np.asarray(
            cv2.warpAffine(layer.world, matrix, SIZE, borderMode=cv2.BORDER_REFLECT_101), np.uint8
        )
        if picture is None or layer.cover is None:
            picture = shown
        else:
            cover = cv2.warpAffine(layer.cover, matrix, SIZE, borderMode=cv2.BORDER_REFLECT_101)
            picture = np.asarray(cv2.blendLinear(shown, picture, cover, 1 - cover), np.uint8)
    assert picture is not None
    return picture


def _placed(layer: Layer, turn: complex, shift: complex) -> NDArray[np.float64]:
    """float64[2, 3]: from the world's pixels to the picture's, of which one is as large at first."""
    height, width = layer.world.shape
    matrix = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    middle = np.array([(SIZE[0] - 1) / 2 + shift.real * SIZE[0], (SIZE[1] - 1) / 2 + shift.imag * SIZE[0]])
    return np.column_stack([matrix, middle - matrix @ [(width - 1) / 2, (height - 1) / 2]])


def _woven(rng: np.random.Generator, picture: Grey, strength: float) -> Grey:
    """Put off by so many widths in each way, each frame by itself: a gate's play has no path."""
    right, down = rng.normal(0, strength * SIZE[0], 2)
    matrix = np.array([[1, 0, right], [0, 1, down]])
    return np.asarray(cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _repeats(rng: np.random.Generator, filmed: Filming) -> NDArray[np.bool_]:
    """bool[n]: which frames show the one before again."""
    numbers = np.arange(filmed.frame_count)
    if "repeated" not in filmed.hardnesses:
        return np.zeros(filmed.frame_count, np.bool_)
    if filmed.rate >= 50:
        return np.asarray(numbers % 2 == 1)
    return np.asarray(numbers % 5 == 4 if rng.random() < 0.5 else numbers % 2 == 1)


def _barred(picture: Grey, share: float) -> Grey:
    barred = picture.copy()
    if share > 0:
        edge = round(share / 2 * SIZE[1])
        barred[:edge], barred[-edge:] = 0, 0
    else:
        edge = round(-share / 2 * SIZE[0])
        barred[:, :edge], barred[:, -edge:] = 0, 0
    return barred


def _blurred(picture: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma else picture
