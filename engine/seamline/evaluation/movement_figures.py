"""What is filmed: worlds, and what is in front of them and moves by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.scenes.stage import Stage
from seamline.evaluation.storyboard import STORYBOARD
from seamline.evaluation.synthetic_textures import WORLD, clouds, coloured, page, palette, pattern

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIZE = (320, 180)
"""Of the pictures: the step by which the decoder's pictures are made small."""


@dataclass(frozen=True, eq=False, slots=True)
class Figure:
    """Something in front: its surface and its cover, with the middle of each at (`x`, `y`) in widths, by frame."""

    surface: Grey
    cover: Floats
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    growth: NDArray[np.float64]


def figure(rng: np.random.Generator, frame_count: int, rate: Fraction, shares: tuple[float, float]) -> Figure:
    """An uneven shape over a share of the picture; it sways, passes by, or stays where the camera looks."""
    width, height = SIZE
    share = float(rng.uniform(*shares))
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
    surface = np.asarray(cv2.resize(flat_world(rng), size, interpolation=cv2.INTER_AREA), np.uint8)
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
    return Figure(surface, np.asarray(cover / 255, np.float32), x, y, growth)


def train(rng: np.random.Generator, frame_count: int, rate: Fraction) -> Figure:
    """A strip over the whole width and a quarter to six tenths of the height that runs through all the time."""
    width, height = SIZE
    size = (2 * width, 2 * height)
    half = round(float(rng.uniform(0.12, 0.3)) * height)
    cover = np.zeros((size[1], size[0]), np.float32)
    cover[height - half : height + half] = 1
    # wagons are alike: what leaves on one side comes in on the other
    wagon = np.asarray(
        cv2.resize(flat_world(rng), (width // 2, size[1]), interpolation=cv2.INTER_AREA), np.uint8
    )
    wagon[:, :6] = 30
    surface = np.ascontiguousarray(np.tile(wagon, (1, 4)))
    speed = float(rng.choice([-1, 1]) * rng.uniform(0.15, 1.2))
    gone = speed * np.arange(frame_count) / float(rate)
    x = 0.5 + np.mod(gone + 0.25, 0.5) - 0.25
    y = np.full(frame_count, rng.uniform(0.22, 0.36))
    return Figure(surface, cover, x, y, np.ones(frame_count))


def in_front(picture: Grey, figure: Figure, frame: int) -> Grey:
    width, height = SIZE
    growth = float(figure.growth[frame])
    place = (
        float(figure.x[frame]) * width - growth * width,
        float(figure.y[frame]) * width - growth * height,
    )
    matrix = np.array([[growth, 0, place[0]], [0, growth, place[1]]])
    surface = np.asarray(cv2.warpAffine(figure.surface, matrix, SIZE), np.uint8)
    cover = cv2.warpAffine(figure.cover, matrix, SIZE)
    return np.asarray(cv2.blendLinear(surface, picture, cover, 1 - cover), np.uint8)


def flat_world(rng: np.random.Generator) -> Grey:
    kind = rng.choice(["clouds", "page", "pattern", "scene"], p=[0.4, 0.1, 0.1, 0.4])
    light = float(rng.uniform(0.25, 0.75))
    if kind == "clouds":
        return grey(coloured(clouds(rng, float(rng.uniform(0.6, 1))), palette(rng, light)))
    if kind == "page":
        return grey(page(rng, palette(rng, 0.5)))
    if kind == "pattern":
        return grey(pattern(rng, palette(rng, light)))
    shot = STORYBOARD[int(rng.integers(2, len(STORYBOARD)))]
    paint = shot.scene(Stage(WORLD[0], WORLD[1], int(rng.integers(2**31))))
    return grey(paint(float(rng.uniform(0, 2))))


def asphalt(rng: np.random.Generator) -> Grey:
    """Ground with hardly any texture, and a few faint lines."""
    ground = rng.normal(0, 1, (WORLD[1] // 4, WORLD[0] // 4)).astype(np.float32)
    ground = cv2.resize(cv2.GaussianBlur(ground, (0, 0), 0.8), WORLD, interpolation=cv2.INTER_CUBIC).astype(
        np.float32
    )
    picture = 110 + ground * float(rng.uniform(4, 10))
    for _ in range(int(rng.integers(3, 12))):
        ends = rng.uniform(0, 1, (2, 2)) * WORLD
        (x, y), (to_x, to_y) = np.rint(ends).astype(int).tolist()
        cv2.line(
            picture, (x, y), (to_x, to_y), float(rng.uniform(85, 135)), int(rng.integers(2, 8)), cv2.LINE_AA
        )
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def grey(rgb: NDArray[np.uint8]) -> Grey:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.uint8)
