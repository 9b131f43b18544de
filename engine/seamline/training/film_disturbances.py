"""What happens to whole films on their way: frames shown twice, flicker, weave, compression, dirt.

Each is drawn apart from the others. Sizes in levels are of 255.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_sources import Pictures

REPEATS, FLICKER, WEAVE, PULSES, DIRT = 0.15, 0.25, 0.15, 0.2, 0.1
"""The shares of films with each."""
_KEY_FRAMES_EVERY = (5, 8, 10, 12, 15, 25, 30)
_DIRT_LEVELS = (0, 20, 230, 255)
_DIRTY_FRAMES = 0.3


def drawn_repeats(frames: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
    """Which frame shows at each place of a film where some show twice; None for most films.

    Every frame twice, every fourth (24 frames a second as 30), or a tenth of all anywhere.
    """
    if rng.random() >= REPEATS:
        return None
    every = np.arange(frames)
    match int(rng.integers(0, 3)):
        case 0:
            return np.repeat(every, 2)
        case 1:
            again = np.arange(3, frames, 4)
        case _:
            again = rng.choice(frames, frames // 10)
    return np.sort(np.concatenate([every, again]))


def disturbed(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """The film, uint8[n, h, w, 3], with none, one or several of flicker, weave, pulses and dirt."""
    for share, disturbance in (
        (FLICKER, _flickering), (WEAVE, _weaving), (PULSES, _pulsing), (DIRT, _dirty),
    ):  # fmt: skip
        if rng.random() < share:
            pictures = disturbance(pictures, rng)
    return pictures


def _flickering(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Light that changes from frame to frame, or in waves; now and then also what black is."""
    count = len(pictures)
    spread = rng.uniform(0.005, 0.07)
    gain = 1 + rng.normal(0, spread, count)
    if rng.random() < 0.4:
        gain = 1 + np.convolve(rng.normal(0, spread * 2, count + 6), np.ones(7) / 7, "valid")
    lit = pictures.astype(np.float32) * gain[:, None, None, None].astype(np.float32)
    if rng.random() < 0.4:
        lit += rng.normal(0, rng.uniform(0, 5), (count, 1, 1, 1)).astype(np.float32)
    return np.clip(lit, 0, 255).astype(np.uint8)


def _weaving(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Each picture off its place by parts of a pixel, as in a worn gate."""
    spread = rng.uniform(0.1, 0.7)
    out = np.empty_like(pictures)
    for picture, target in zip(pictures, out, strict=True):
        matrix = np.array([[1, 0, rng.normal(0, spread)], [0, 1, rng.normal(0, spread)]], np.float32)
        size = picture.shape[1], picture.shape[0]
        cv2.warpAffine(picture, matrix, size, target, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return out


def _pulsing(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Detail that fades from key frame to key frame and comes back at once, as in starved compression."""
    every, strength = int(rng.choice(_KEY_FRAMES_EVERY)), rng.uniform(0.1, 0.8)
    out = pictures.copy()
    for at, picture in enumerate(pictures):
        weight = strength * ((at % every) / every if rng.random() < 0.9 else 1)
        out[at] = cv2.addWeighted(picture, 1 - weight, cv2.blur(picture, (3, 3)), weight, 0)
    return out


def _dirty(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Blotches of a few pixels on single pictures."""
    out = pictures.copy()
    height, width = pictures.shape[1:3]
    for picture in out:
        if rng.random() < _DIRTY_FRAMES:
            x, y = int(rng.integers(0, width - 2)), int(rng.integers(0, height - 2))
            level = rng.choice(_DIRT_LEVELS)
            tall, wide = int(rng.integers(1, 4)), int(rng.integers(1, 5))
            picture[y : y + tall, x : x + wide] = level
    return out
