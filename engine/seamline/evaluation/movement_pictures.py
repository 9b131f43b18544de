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
from seamline.evaluation.scenes.stage import Stage
from seamline.evaluation.storyboard import STORYBOARD
from seamline.evaluation.synthetic_actors import Actor, drawn_actor, put_actor
from seamline.evaluation.synthetic_overlays import caption, logo
from seamline.evaluation.synthetic_textures import (
    WORLD,
    buildings,
    clouds,
    coloured,
    page,
    palette,
    pattern,
    ridge,
)

Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]
_Complex = NDArray[np.complex128]

_SIZE = (320, 180)  # the step by which the decoder's pictures are made small
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


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """A plane of the world: uint8[h, w], its cover 0 to 1 where one sees past it; `depth` below 1 is further off."""

    world: Grey
    cover: _Floats | None = None
    depth: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class _Figure:
    """Something in front: its surface and its cover, with the middle of each at (`x`, `y`) in widths, by frame."""

    surface: Grey
    cover: _Floats
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    growth: NDArray[np.float64]


@dataclass(eq=False, slots=True)
class Filming:
    """A shot to be: its `track` over the layers, at `rate`, as hard as `hardnesses` say."""

    track: CameraTrack
    rate: Fraction
    layers: list[Layer]
    hardnesses: frozenset[str]
    seed: int
    figure: _Figure | None = None
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
    if "figure" in hardnesses:
        made.figure = _figure(rng, made.frame_count, rate)
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
    laid = [make(int(rng.integers(2**31)), _SIZE) for make in (caption, logo) if rng.random() < 0.7]
    flicker, ramp = rng.uniform(0.01, 0.07), rng.uniform(-0.4, 0.4)
    grain, quality = float(rng.uniform(1.5, 7)), int(rng.integers(25, 75))
    contrast = float(rng.uniform(0.08, 0.25))
    repeats = _repeats(rng, filmed)
    ends = (0,) if rng.random() < 0.5 else (filmed.frame_count - 1,)
    other = cv2.resize(_flat_world(rng), _STAGE_SIZE, interpolation=cv2.INTER_AREA)
    before: Grey | None = None
    for frame in range(filmed.frame_count):
        if repeats[frame] and before is not None:
            yield before
            continue
        picture = _photographed(filmed, frame)
        if filmed.figure is not None:
            picture = _in_front(picture, filmed.figure, frame)
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
    scale = _SIZE[0] / float(rng.uniform(480, 900))

    def small(world: NDArray[np.uint8]) -> Grey:
        size = (round(WORLD[0] * scale), round(WORLD[1] * scale))
        shrunk = np.asarray(cv2.resize(world, size, interpolation=cv2.INTER_AREA), np.uint8)
        return _blurred(shrunk, softness)

    softness = float(rng.uniform(1.5, 5)) if "soft" in hardnesses else 0.0
    if "depth" not in hardnesses:
        return [Layer(small(_flat_world(rng)))]
    light = float(rng.uniform(0.3, 0.7))
    back = coloured(clouds(rng, 0.8), palette(rng, light))
    layers = [Layer(small(_grey(back)), depth=float(rng.uniform(0.65, 0.85)))]
    make = [
        lambda: ridge(rng, palette(rng, light), 0.55, 0.45),
        lambda: buildings(rng, palette(rng, light), 0.6),
    ]
    front = make[int(rng.integers(2))]()
    cover = np.asarray(small(front[..., 3]) / 255, np.float32)
    layers.append(Layer(small(_grey(front[..., :3])), cover, 1.0))
    return layers


def _flat_world(rng: np.random.Generator) -> Grey:
    kind = rng.choice(["clouds", "page", "pattern", "scene"], p=[0.4, 0.1, 0.1, 0.4])
    light = float(rng.uniform(0.25, 0.75))
    if kind == "clouds":
        return _grey(coloured(clouds(rng, float(rng.uniform(0.6, 1))), palette(rng, light)))
    if kind == "page":
        return _grey(page(rng, palette(rng, 0.5)))
    if kind == "pattern":
        return _grey(pattern(rng, palette(rng, light)))
    shot = STORYBOARD[int(rng.integers(2, len(STORYBOARD)))]
    paint = shot.scene(Stage(WORLD[0], WORLD[1], int(rng.integers(2**31))))
    return _grey(paint(float(rng.uniform(0, 2))))


def _figure(rng: np.random.Generator, frame_count: int, rate: Fraction) -> _Figure:
    """An uneven shape over a tenth to half of the picture; it sways, passes by, or stays where the camera looks."""
    width, height = _SIZE
    share = float(rng.uniform(0.1, 0.5))
    tall = float(rng.uniform(0.8, 2.2))
    radius = math.sqrt(share * width * height / math.pi / tall)
    size = (2 * width, 2 * height)
    angles = np.linspace(0, 2 * math.pi, 60)
    uneven = 1 + 0.15 * np.sin(angles * int(rng.integers(2, 5)) + rng.random() * 6)
    points = np.stack(
        [width + radius * uneven * np.cos(angles), height + tall * radius * uneven * np.sin(angles)], 1
    )
    cover = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(cover, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA)
    surface = np.asarray(cv2.resize(_flat_world(rng), size, interpolation=cv2.INTER_AREA), np.uint8)
    seconds = np.arange(frame_count) / float(rate)
    x, y = np.full(frame_count, rng.uniform(0.35, 0.65)), np.full(frame_count, rng.uniform(0.25, 0.4))
    kind = rng.choice(["sways", "passes", "followed"], p=[0.5, 0.3, 0.2])
    reach = 0.01 if kind == "followed" else float(rng.uniform(0.02, 0.15))
    if kind == "passes":
        span = 1 + 2 * radius / width
        speed = float(rng.choice([-1, 1]) * rng.uniform(0.1, 0.4))
        x = (rng.uniform(0, span) + speed * seconds) % span - radius / width
    x = x + reach * np.sin(2 * math.pi * (seconds * rng.uniform(0.2, 1.2) + rng.random()))
    y = y + reach / 2 * np.sin(2 * math.pi * (seconds * rng.uniform(0.2, 1.2) + rng.random()))
    growth = 1 + rng.uniform(0, 0.1) * np.sin(2 * math.pi * (seconds * rng.uniform(0.1, 0.5) + rng.random()))
    return _Figure(surface, np.asarray(cover / 255, np.float32), x, y, growth)


def _photographed(filmed: Filming, frame: int) -> Grey:
    """What the camera sees, over the time that its shutter is open where motion blurs."""
    if "motion blur" not in filmed.hardnesses:
        return _seen(filmed, frame)
    last = filmed.frame_count - 1
    right, down = filmed.track.right, filmed.track.down
    ends = min(frame + 1, last)
    moved_px = _SHUTTER * _SIZE[0] * max(abs(right[ends] - right[frame]), abs(down[ends] - down[frame]))
    steps = min(6, 1 + math.ceil(moved_px / 1.5))
    total = np.zeros((_SIZE[1], _SIZE[0]), np.float32)
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
            cv2.warpAffine(layer.world, matrix, _SIZE, borderMode=cv2.BORDER_REFLECT_101), np.uint8
        )
        if picture is None or layer.cover is None:
            picture = shown
        else:
            cover = cv2.warpAffine(layer.cover, matrix, _SIZE, borderMode=cv2.BORDER_REFLECT_101)
            picture = np.asarray(cv2.blendLinear(shown, picture, cover, 1 - cover), np.uint8)
    assert picture is not None
    return picture


def _placed(layer: Layer, turn: complex, shift: complex) -> NDArray[np.float64]:
    """float64[2, 3]: from the world's pixels to the picture's, of which one is as large at first."""
    height, width = layer.world.shape
    matrix = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    middle = np.array(
        [(_SIZE[0] - 1) / 2 + shift.real * _SIZE[0], (_SIZE[1] - 1) / 2 + shift.imag * _SIZE[0]]
    )
    return np.column_stack([matrix, middle - matrix @ [(width - 1) / 2, (height - 1) / 2]])


def _in_front(picture: Grey, figure: _Figure, frame: int) -> Grey:
    width, height = _SIZE
    growth = float(figure.growth[frame])
    place = (
        float(figure.x[frame]) * width - growth * width,
        float(figure.y[frame]) * width - growth * height,
    )
    matrix = np.array([[growth, 0, place[0]], [0, growth, place[1]]])
    surface = np.asarray(cv2.warpAffine(figure.surface, matrix, _SIZE), np.uint8)
    cover = cv2.warpAffine(figure.cover, matrix, _SIZE)
    return np.asarray(cv2.blendLinear(surface, picture, cover, 1 - cover), np.uint8)


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
        edge = round(share / 2 * _SIZE[1])
        barred[:edge], barred[-edge:] = 0, 0
    else:
        edge = round(-share / 2 * _SIZE[0])
        barred[:, :edge], barred[:, -edge:] = 0, 0
    return barred


def _blurred(picture: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma else picture


def _grey(rgb: NDArray[np.uint8]) -> Grey:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.uint8)
