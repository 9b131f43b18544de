"""Surfaces for drawn scenes: clouds, patterns, walls, pages, ridges."""

from __future__ import annotations

import colorsys
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_overlays import words
from seamline.evaluation.synthetic_sources import Pictures

WORLD = (1280, 720)
"""Width and height of a world in pixels."""

WORLD_WIDTHS = 1.5
"""How many pictures wide a world is: the camera can move by a quarter of one to each side."""

Floats = NDArray[np.float32]
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)


def palette(rng: np.random.Generator, light: float, count: int = 5) -> Floats:
    """float32[count, 3], 0 to 255: colours that go together, from dark to light, about `light` (0 to 1) bright."""
    hue, spread = rng.random(), rng.choice([0.04, 0.12, 0.4])
    # bright colours are pale ones; most footage is far from the strongest colours
    saturation = rng.uniform(0, 0.7) * rng.uniform(0.3, 1) * min(1.0, 2.2 * (1 - light) + 0.05)
    width = rng.uniform(0.1, 0.9) * min(light, 1 - light) + 0.04
    values = np.clip(light + np.linspace(-width, width, count), 0.01, 0.99)
    return np.array(
        [
            [255 * part for part in colorsys.hsv_to_rgb((hue + rng.normal(0, spread)) % 1, saturation, value)]
            for value in values
        ],
        np.float32,
    )


def clouds(rng: np.random.Generator, roughness: float) -> Floats:
    """float32[h, w], 0 to 1: noise of many sizes; `roughness` is how much of the small ones, 0 to 1."""
    total = np.zeros((WORLD[1], WORLD[0]), np.float32)
    weight = 1.0
    for columns in (3, 7, 16, 37, 85, 190, 420, 900):
        small = rng.random((max(2, columns * 9 // 16), columns), dtype=np.float32)
        total += weight * cv2.resize(small, WORLD, interpolation=cv2.INTER_CUBIC)
        weight *= roughness
        if weight < 0.02:
            break
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / (high - low), np.float32)


def coloured(levels: Floats, colours: Floats) -> Pictures:
    """uint8[h, w, 3]: levels 0 to 1 through a gradient of colours."""
    table = np.stack(
        [np.interp(np.linspace(0, len(colours) - 1, 256), np.arange(len(colours)), colours[:, c]) for c in range(3)],
        axis=1,
    )  # fmt: skip
    return np.asarray(table.astype(np.uint8)[(levels * 255).astype(np.uint8)], np.uint8)


def gradient(rng: np.random.Generator, colours: Floats) -> Pictures:
    """A smooth ground: low texture, as walls, skies and studio backdrops."""
    x, y = _places()
    turn = rng.uniform(0, 2 * math.pi)
    if rng.random() < 0.5:
        levels = x * math.cos(turn) + y * math.sin(turn)
    else:
        levels = -np.hypot(x - rng.uniform(-0.3, 0.3), y - rng.uniform(-0.3, 0.3))
    low, high = float(levels.min()), float(levels.max())
    dither = rng.normal(0, 0.004, levels.shape)
    return coloured(np.asarray(np.clip((levels - low) / (high - low) + dither, 0, 1), np.float32), colours)


def pattern(rng: np.random.Generator, colours: Floats) -> Pictures:
    """Stripes, squares, dots or tiles over and over."""
    x, y = _places()
    turn, period = rng.choice([0, 0, rng.uniform(0, math.pi)]), rng.uniform(0.02, 0.2)
    across = (x * math.cos(turn) + y * math.sin(turn)) / period
    down = (y * math.cos(turn) - x * math.sin(turn)) / period
    kind = rng.integers(4)
    if kind == 0:
        levels = np.sin(2 * math.pi * across) * rng.uniform(1, 8)
    elif kind == 1:
        levels = np.sin(math.pi * across) * np.sin(math.pi * down) * 8
    elif kind == 2:
        levels = (rng.uniform(0.15, 0.45) - np.hypot(across % 1 - 0.5, down % 1 - 0.5)) * 20
    else:
        gap = rng.uniform(0.04, 0.2)
        row = np.floor(down)
        shifted = across + (row % 2) * 0.5
        shade = (np.sin(np.floor(shifted) * 127.1 + row * 311.7) * 4375.5) % 1
        levels = np.where((shifted % 1 < gap) | (down % 1 < gap), -1, shade)
    uneven = 0.15 * clouds(rng, 0.5)
    return coloured(np.asarray(np.clip(levels / 2 + 0.5 - 0.1 + uneven, 0, 1), np.float32), colours)


def page(rng: np.random.Generator, colours: Floats) -> Pictures:
    """A page, a screen or a poster full of lettering."""
    inverse = rng.random() < 0.4
    ground = colours[0] * 0.4 if inverse else 255 - (255 - colours[-1]) * 0.35
    ink = (255 - colours[1] * 0.2 if inverse else colours[0] * 0.35).tolist()
    picture = np.empty((WORLD[1], WORLD[0], 3), np.uint8)
    picture[:] = ground.astype(np.uint8)
    columns = int(rng.integers(1, 4))
    line = int(rng.integers(12, 46))
    for column in range(columns):
        left, y = 40 + column * (WORLD[0] - 40) // columns, line
        room = (WORLD[0] - 40) // columns - 30
        while y < WORLD[1] + line:
            big = rng.random() < 0.06
            height = line * 1.6 if big else line * 0.62
            text = words(rng, max(1, round(room / height / 3.2)))
            scale = cv2.getFontScaleFromHeight(cv2.FONT_HERSHEY_SIMPLEX, max(4, round(height)))
            part = picture[:, left : left + room]
            if rng.random() > 0.08:
                target = np.ascontiguousarray(part)
                cv2.putText(target, text, (0, y), int(rng.choice(_FONTS)) if big else 0, scale, ink,
                            max(1, line // 16), cv2.LINE_AA)  # fmt: skip
                part[:] = target
            y += int(height * 1.7)
    return picture


def buildings(rng: np.random.Generator, colours: Floats, top: float) -> Pictures:
    """uint8[h, w, 4]: houses with rows of windows, about from `top` (share of the height) downwards."""
    layer = np.zeros((WORLD[1], WORLD[0], 4), np.uint8)
    left = 0
    while left < WORLD[0]:
        width = int(rng.integers(50, 240))
        roof = int(WORLD[1] * np.clip(top + rng.normal(0, 0.1), 0.03, 0.9))
        wall = colours[rng.integers(len(colours))] * rng.uniform(0.6, 1.1)
        wall_colour = [*np.clip(wall, 0, 255).tolist(), 255.0]
        cv2.rectangle(layer, (left, roof), (left + width, WORLD[1]), wall_colour, -1)
        pitch = (int(rng.integers(10, 34)), int(rng.integers(12, 40)))
        lit = np.clip(wall * rng.choice([0.3, 0.6, 1.7, 2.5]) + rng.normal(0, 10, 3), 0, 255)
        share = rng.uniform(0.3, 1)
        for x in range(left + 6, left + width - pitch[0], pitch[0]):
            for y in range(roof + 8, WORLD[1], pitch[1]):
                if rng.random() < share:
                    corner = (x + pitch[0] * 6 // 10, y + pitch[1] * 6 // 10)
                    cv2.rectangle(layer, (x, y), corner, [*lit.tolist(), 255.0], -1)
        left += width + int(rng.choice([0, 0, 8, 40]))
    return layer


def ridge(rng: np.random.Generator, colours: Floats, top: float, roughness: float) -> Pictures:
    """uint8[h, w, 4]: land below an uneven line, about from `top` (share of the height) downwards."""
    x = np.linspace(0, 1, WORLD[0])
    line = np.full(WORLD[0], top)
    for power in range(9):
        waves = 2.0**power
        line += (
            0.12 * roughness**power * np.sin(2 * math.pi * (waves * x * rng.uniform(0.7, 1.4) + rng.random()))
        )
    rows = (np.arange(WORLD[1]) + 0.5)[:, None]
    alpha = np.clip(rows - line[None, :] * WORLD[1] + 0.5, 0, 1)
    layer = np.empty((WORLD[1], WORLD[0], 4), np.uint8)
    layer[..., :3] = coloured(clouds(rng, rng.uniform(0.3, 0.9)), colours)
    layer[..., 3] = (alpha * 255).astype(np.uint8)
    return layer


def _places() -> tuple[Floats, Floats]:
    """float32[h, w] twice: places from the middle, in world heights."""
    x = (np.arange(WORLD[0]) - WORLD[0] / 2) / WORLD[1]
    y = (np.arange(WORLD[1]) - WORLD[1] / 2) / WORLD[1]
    across, down = np.broadcast_arrays(x[None, :], y[:, None])
    return np.asarray(across, np.float32), np.asarray(down, np.float32)
