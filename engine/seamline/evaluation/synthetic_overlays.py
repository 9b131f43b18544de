"""What is laid over pictures: captions, logos, title cards, passing objects."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_plan import Colour
from seamline.evaluation.synthetic_sources import Pictures, Size

_DRAWN_WIDTH = 768  # drawn at least so wide, then scaled by area
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
_SYLLABLES = (
    "an", "ber", "col", "da", "en", "fri", "gor", "hal", "in", "ka", "lo",
    "mar", "ne", "os", "per", "ra", "sol", "ti", "u", "va", "wen",
)  # fmt: skip

Overlay = NDArray[np.float32]
"""float32[h, w, 4]: RGB premultiplied with alpha, all 0 to 1."""


def words(rng: np.random.Generator, count: int) -> str:
    """Words that mean nothing, for drawn lettering."""
    made = ["".join(rng.choice(_SYLLABLES, rng.integers(1, 5))) for _ in range(count)]
    text = " ".join(made)
    return text.upper() if rng.random() < 0.3 else text.title() if rng.random() < 0.5 else text


def laid_over(pictures: Pictures, overlay: Overlay, shift: tuple[float, float] = (0, 0)) -> Pictures:
    """The overlay over each picture, moved right and down by shares of the picture's width and height."""
    height, width = overlay.shape[:2]
    if shift != (0, 0):
        matrix = np.array([[1, 0, shift[0] * width], [0, 1, shift[1] * height]])
        overlay = np.asarray(cv2.warpAffine(overlay, matrix, (width, height)), np.float32)
    rows = np.flatnonzero(overlay[..., 3].any(axis=1))
    if not len(rows):
        return pictures
    part = slice(rows[0], rows[-1] + 1)
    result = pictures.copy()
    kept = 1 - overlay[part, :, 3:]
    result[:, part] = np.rint(pictures[:, part] * kept + 255 * overlay[part, :, :3]).astype(np.uint8)
    return result


@lru_cache(maxsize=64)
def caption(seed: int, size: Size) -> Overlay:
    """A lower third or a subtitle: lettering in the lower part of the picture, on a plate or alone."""
    rng = np.random.default_rng(seed)
    canvas, height = _canvas(size)
    width = canvas.shape[1]
    lines = [words(rng, int(rng.integers(2, 6))) for _ in range(int(rng.integers(1, 4)))]
    line_height = rng.uniform(0.045, 0.09)
    top = rng.uniform(0.62, 0.9 - line_height * 1.4 * (len(lines) - 1))
    left = rng.uniform(0.04, 0.3)
    ink = _rgba(rng.choice([(255, 255, 255), (250, 230, 90), (20, 20, 20)], p=[0.7, 0.15, 0.15]))
    if rng.random() < 0.6:
        plate = _rgba(rng.integers(0, 256, 3), rng.uniform(0.5, 1))
        if abs(int(ink[:3].mean()) - int(plate[:3].mean())) < 80:
            plate[:3] = 255 - ink[:3]
        edges = (
            left - 0.03,
            top - line_height * 1.2,
            rng.uniform(0.55, 1.01),
            top + line_height * 1.4 * len(lines),
        )
        corners = [(round(edges[at] * width), round(edges[at + 1] * height)) for at in (0, 2)]
        cv2.rectangle(canvas, corners[0], corners[1], plate.tolist(), -1, cv2.LINE_AA)
    font = int(rng.choice(_FONTS[:4]))
    for number, line in enumerate(lines):
        at = (round(left * width), round((top + number * line_height * 1.4) * height))
        if rng.random() < 0.5:
            _letter(canvas, line, (at[0] + 2, at[1] + 2), line_height * height, font, _rgba((0, 0, 0)))
        _letter(canvas, line, at, line_height * height, font, ink)
    return _finished(canvas, size)


@lru_cache(maxsize=64)
def logo(seed: int, size: Size) -> Overlay:
    """A small sign in a corner."""
    rng = np.random.default_rng(seed)
    canvas, height = _canvas(size)
    width = canvas.shape[1]
    x = round(width * rng.choice([0.09, 0.91]))
    y = round(height * rng.choice([0.12, 0.88]))
    radius = round(height * rng.uniform(0.035, 0.09))
    colour = _rgba(rng.integers(0, 256, 3), rng.uniform(0.4, 1))
    shape = rng.integers(3)
    if shape == 0:
        cv2.circle(canvas, (x, y), radius, colour.tolist(), -1, cv2.LINE_AA)
    elif shape == 1:
        cv2.rectangle(canvas, (x - 2 * radius, y - radius), (x + 2 * radius, y + radius), colour.tolist(), -1)
    _letter(
        canvas, words(rng, 1)[:3], (x - radius, y + radius // 2), radius * 1.1, int(rng.choice(_FONTS[:4])),
        _rgba((255, 255, 255) if shape == 2 else 255 - colour[:3]),
    )  # fmt: skip
    return _finished(canvas, size)


@lru_cache(maxsize=32)
def title_card(colour: Colour, seed: int, size: Size) -> Pictures:
    """uint8[h, w, 3]: lettering in the middle of a plain picture."""
    rng = np.random.default_rng(seed)
    canvas, height = _canvas(size)
    width = canvas.shape[1]
    bright = sum(colour) > 380
    ink = _rgba((20, 20, 20) if bright else rng.choice([(255, 255, 255), (230, 220, 180), (220, 60, 50)]))
    line_height = rng.uniform(0.06, 0.15)
    font = int(rng.choice(_FONTS))
    lines = int(rng.integers(1, 5))
    for number in range(lines):
        text = words(rng, int(rng.integers(1, 4)))
        scale = cv2.getFontScaleFromHeight(font, round(line_height * height))
        (long, _), _ = cv2.getTextSize(text, font, scale, 1)
        fits = min(1.0, 0.9 * width / max(1, long))
        at = (
            round((width - long * fits) / 2),
            round((0.5 + (number - lines / 2 + 0.8) * line_height * 1.6) * height),
        )
        _letter(canvas, text, at, line_height * height * fits, font, ink)
    ground = np.empty((1, size[1], size[0], 3), np.uint8)
    ground[:] = colour
    return np.asarray(laid_over(ground, _finished(canvas, size))[0], np.uint8)


@lru_cache(maxsize=32)
def passer(seed: int, size: Size) -> Overlay:
    """float32[h, 3w, 4]: something big and near, more than a picture wide, with soft uneven edges."""
    rng = np.random.default_rng(seed)
    width, height = 3 * size[0], size[1]
    across = np.linspace(-1.5, 1.5, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wobble = sum(
        rng.uniform(0, 0.1) * np.sin(2 * math.pi * (k * down + rng.random())) for k in (0.5, 1, 2, 3)
    )
    half, softness = rng.uniform(0.4, 0.85), rng.uniform(0.02, 0.2)
    alpha = np.clip((half + wobble - np.abs(across)) / softness + 0.5, 0, 1)
    colour = rng.uniform(0, 0.8, 3) * rng.choice([0.25, 1])
    texture = rng.normal(1, 0.15, (5, 9)).astype(np.float32)
    shade = np.asarray(cv2.resize(texture, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    rgb = np.clip(shade[..., None] * colour, 0, 1) * alpha[..., None]
    return np.dstack([rgb, alpha]).astype(np.float32)


def _canvas(size: Size) -> tuple[Pictures, int]:
    """uint8[h, w, 4], transparent, large enough to be scaled down by a whole number; and its height."""
    times = max(1, math.ceil(_DRAWN_WIDTH / size[0]))
    canvas = np.zeros((size[1] * times, size[0] * times, 4), np.uint8)
    return canvas, canvas.shape[0]


def _finished(canvas: Pictures, size: Size) -> Overlay:
    overlay = canvas.astype(np.float32) / 255
    overlay[..., :3] *= overlay[..., 3:]
    return np.asarray(cv2.resize(overlay, size, interpolation=cv2.INTER_AREA), np.float32)


def _letter(
    canvas: Pictures, text: str, at: tuple[int, int], height: float, font: int, ink: NDArray[np.float64]
) -> None:
    scale = cv2.getFontScaleFromHeight(font, max(2, round(height * 0.7)))
    cv2.putText(canvas, text, at, font, scale, ink.tolist(), max(1, round(height / 12)), cv2.LINE_AA)


def _rgba(colour: object, opacity: float = 1) -> NDArray[np.float64]:
    return np.array([*np.asarray(colour, np.float64), 255 * opacity])
