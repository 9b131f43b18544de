"""What looks like a change of shot and is none, put into the pictures of one piece."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_look import blurred, gain_table, through_table
from seamline.evaluation.synthetic_overlays import caption, laid_over, logo, passer
from seamline.evaluation.synthetic_plan import Distractor
from seamline.evaluation.synthetic_sources import Pictures

Numbers = NDArray[np.int64]


def disturbed(pictures: Pictures, numbers: Numbers, each: Distractor, inset: Pictures | None) -> Pictures:
    """The pictures with the distractor in those that it concerns.

    `numbers` count from the piece's first full frame. `inset` are pictures of the same size for a picture in
    the picture, None for other kinds.
    """
    steps = numbers - each.start
    concerned = np.flatnonzero((steps >= 0) & (each.stays | (steps < each.frames)))
    effect = _EFFECTS.get(each.kind)
    if effect is None or not len(concerned):
        return pictures  # freezes and skips are in the order of the pictures
    result = pictures.copy()
    if inset is not None:
        result[concerned] = _picture_in_picture(pictures[concerned], inset[concerned], each)
    else:
        result[concerned] = effect(pictures[concerned], steps[concerned], each)
    return result


def _flash(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    colour, strength = _light(rng), rng.uniform(0.5, 0.97)
    return _brightened(pictures, np.asarray(strength * 0.55**steps, np.float64), colour)


def _strobe(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    colour, strength, period = _light(rng), rng.uniform(0.4, 0.95), int(rng.integers(2, 7))
    lit = steps % period < rng.integers(1, max(2, period // 2 + 1))
    return _brightened(pictures, np.asarray(strength * lit, np.float64), colour)


def _lightning(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    strengths = rng.uniform(0, 0.9, each.frames) * (rng.random(each.frames) < 0.6)
    strengths[0] = rng.uniform(0.4, 0.9)
    return _lit(pictures, 1 + 3 * strengths[steps], (0.9, 0.97, 1.1))


def _explosion(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    x, y, size = rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.9), rng.uniform(0.4, 1.2)
    height, width = pictures.shape[1:3]
    across = (np.arange(width, dtype=np.float32) + 0.5) / width - x
    down = (np.arange(height, dtype=np.float32) + 0.5) / height - y
    distance = np.hypot(across[None, :] * 16 / 9, down[:, None])
    result = np.empty_like(pictures)
    for at, (picture, step) in enumerate(zip(pictures, steps, strict=True)):
        rise = min(1.0, (int(step) + 1) / 3)
        force = rise * max(0.0, 1 - int(step) / each.frames) ** 1.5
        glow = np.clip(1.6 * force - distance / size * (1.2 - force), 0, 1)[..., None]
        colour = np.array((255, 200 + 50 * force, 90 + 150 * force), np.float32)
        lighter = np.minimum(255, picture * (1 + 0.8 * force))
        result[at] = np.rint(lighter + (colour - lighter) * glow)
    return result


def _light_switch(pictures: Pictures, _steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    gain = rng.uniform(1.4, 2.6) if rng.random() < 0.5 else rng.uniform(0.25, 0.65)
    cast = np.clip(rng.normal(1, 0.08, 3), 0.8, 1.2)
    return through_table(pictures, gain_table(gain, (float(cast[0]), float(cast[1]), float(cast[2]))))


def _exposure(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    depth = rng.uniform(0.35, 0.75)
    gains = 1 - depth * np.sin(math.pi * (steps + 1) / (each.frames + 1)) ** 2
    return _lit(pictures, gains, (1, 1, 1))


def _whip_pan(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    """The picture and its mirror image stand side by side, over and over: by one width it ends on the other."""
    rng = np.random.default_rng(each.seed)
    way = rng.choice([-1, 1]) * (1 if each.stays else 2)
    width = pictures.shape[2]

    def place(step: float) -> float:
        share = min(1.0, max(0.0, step / (each.frames + 1)))
        return float(way * width * share * share * (3 - 2 * share))

    result = np.empty_like(pictures)
    for at, (picture, step) in enumerate(zip(pictures, steps + 1, strict=True)):
        both = np.concatenate([picture, picture[:, ::-1]], axis=1)
        start, end = place(step - 0.25), place(step + 0.25)  # a shutter of 180 degrees
        smear = max(1, round(abs(end - start)))
        if smear > 1:
            wide = np.concatenate([both, both, both], axis=1)
            both = np.asarray(cv2.blur(wide, (smear, 1)), np.uint8)[:, 2 * width : 4 * width]
        shift = (start + end) / 2
        low = math.floor(shift)
        first, second = (np.roll(both, -by, axis=1)[:, :width] for by in (low, low + 1))
        result[at] = cv2.addWeighted(first, 1 - (shift - low), second, shift - low, 0)
    return result


def _shake(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    strength = rng.uniform(0.01, 0.07)
    jolts = rng.normal(0, strength, (each.frames, 3)) * np.linspace(1, 0.2, each.frames)[:, None]
    height, width = pictures.shape[1:3]
    result = np.empty_like(pictures)
    for at, (picture, step) in enumerate(zip(pictures, steps, strict=True)):
        across, down, turn = (float(value) for value in jolts[step])
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn * 30, 1 + strength)
        matrix[:, 2] += (across * width, down * height)
        result[at] = cv2.warpAffine(
            picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
    return result


def _caption(pictures: Pictures, _steps: Numbers, each: Distractor) -> Pictures:
    return laid_over(pictures, caption(each.seed, (pictures.shape[2], pictures.shape[1])))


def _sliding_caption(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    overlay = caption(each.seed, (pictures.shape[2], pictures.shape[1]))
    result = np.empty_like(pictures)
    for at, step in enumerate(steps):
        away = max(0.0, 1 - (int(step) + 1) / (each.frames + 1)) ** 2
        shift = ((-away, 0.0), (0.0, away * 0.5), (away, 0.0))[each.seed % 3]
        result[at] = laid_over(pictures[at : at + 1], overlay, shift)[0]
    return result


def _logo(pictures: Pictures, _steps: Numbers, each: Distractor) -> Pictures:
    return laid_over(pictures, logo(each.seed, (pictures.shape[2], pictures.shape[1])))


def _passing(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    width = pictures.shape[2]
    wide = passer(each.seed, (width, pictures.shape[1]))
    result = np.empty_like(pictures)
    for at, step in enumerate(steps):
        share = (int(step) + 1) / (each.frames + 1)
        start = round((share if each.seed % 2 else 1 - share) * 2 * width)
        result[at] = laid_over(pictures[at : at + 1], wide[:, start : start + width])[0]
    return result


def _focus(pictures: Pictures, steps: Numbers, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    most = rng.uniform(0.02, 0.09)
    result = np.empty_like(pictures)
    for at, step in enumerate(steps):
        share = min(1.0, (int(step) + 1) / (each.frames + 1))
        amount = share if each.stays else math.sin(math.pi * share)
        result[at] = blurred(pictures[at : at + 1], most * amount)[0]
    return result


def _picture_in_picture(pictures: Pictures, inset: Pictures, each: Distractor) -> Pictures:
    rng = np.random.default_rng(each.seed)
    share = rng.uniform(0.22, 0.5)
    height, width = pictures.shape[1:3]
    box = (max(2, round(width * share)), max(2, round(height * share)))
    left = round((width - box[0]) * rng.choice([0.05, 0.95]))
    top = round((height - box[1]) * rng.choice([0.06, 0.94]))
    result = pictures.copy()
    for picture, shown in zip(result, inset, strict=True):
        picture[top : top + box[1], left : left + box[0]] = cv2.resize(
            shown, box, interpolation=cv2.INTER_AREA
        )
    return result


def _unchanged(pictures: Pictures, _steps: Numbers, _each: Distractor) -> Pictures:
    return pictures


_EFFECTS: dict[str, Callable[[Pictures, Numbers, Distractor], Pictures]] = {
    "flash": _flash,
    "strobe": _strobe,
    "lightning": _lightning,
    "explosion": _explosion,
    "light": _light_switch,
    "exposure dip": _exposure,
    "whip pan": _whip_pan,
    "shake": _shake,
    "caption": _caption,
    "sliding caption": _sliding_caption,
    "logo": _logo,
    "passing object": _passing,
    "focus": _focus,
    "picture in picture": _unchanged,
}

DISTRACTOR_KINDS = (*_EFFECTS, "freeze", "duplicate", "drop")


def _light(rng: np.random.Generator) -> tuple[float, float, float]:
    warm = float(rng.uniform(-12, 12))
    return min(255.0, 250 + warm), 250.0, min(255.0, 250 - warm)


def _brightened(
    pictures: Pictures, strengths: NDArray[np.float64], colour: tuple[float, float, float]
) -> Pictures:
    weight = strengths.astype(np.float32)[:, None, None, None]
    return np.rint(pictures + (np.array(colour, np.float32) - pictures) * weight).astype(np.uint8)


def _lit(pictures: Pictures, gains: NDArray[np.float64], cast: tuple[float, float, float]) -> Pictures:
    result = pictures.copy()
    for at, gain in enumerate(gains):
        if gain != 1:
            towards = cast if gain > 1 else (1.0, 1.0, 1.0)
            result[at] = through_table(pictures[at : at + 1], gain_table(float(gain), towards))[0]
    return result
