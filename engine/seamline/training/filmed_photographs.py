"""Photographs as footage: a camera pans, zooms and shakes over them.

The generator's own stills (`evaluation.synthetic_stills`) move otherwise and let things pass; the shipped
network was trained with these.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.evaluation.synthetic_sources import Pictures, Size
from seamline.progress import Progress

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
MOVES_A_PHOTOGRAPH = 2
FRAMES_A_MOVE = 160
_SEED = 7
_LEAST_BYTES = 60_000
_LEAST_SIDE = 400
_KEPT_SIDE = 240
_LEAST_DEVIATION = 15  # in levels of 255: drawings of one colour show no motion
_SAMPLED_TIMES = 4  # drawn finer, then the mean of each pixel


def photographs(folder: Path, *, progress: Progress | None = None) -> list[Pictures]:
    """Those in a folder and all below it that have something to see, by path: RGB uint8[h, w, 3], the shorter side 240.

    Passed over are pictures under 400 pixels or 60 kB, plain ones, and repetitions. Raises MediaError where there
    is none, and Cancelled.
    """
    paths = sorted((p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES), key=Path.as_posix)
    found: dict[bytes, Pictures] = {}
    for at, path in enumerate(paths):
        if progress is not None:
            progress.step(at, len(paths))
        if path.stat().st_size < _LEAST_BYTES:
            continue
        picture = _read(path)
        if picture is None or min(picture.shape[:2]) < _LEAST_SIDE:
            continue
        scale = _KEPT_SIDE / min(picture.shape[:2])
        size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        likeness = cv2.resize(picture, (8, 8), interpolation=cv2.INTER_AREA).tobytes()
        if picture.std() >= _LEAST_DEVIATION:
            found.setdefault(likeness, picture)
    if not found:
        raise MediaError(
            f"“{folder}” holds no photograph of {_LEAST_SIDE} pixels and more ({', '.join(SUFFIXES)}): "
            "choose another folder."
        )
    return list(found.values())


def filmed(
    pictures: list[Pictures],
    size: Size,
    *,
    frames: int = FRAMES_A_MOVE,
    moves: int = MOVES_A_PHOTOGRAPH,
    progress: Progress | None = None,
) -> list[Pictures]:
    """Each photograph with `moves` moves of a camera over it, uint8[frames, h, w, 3] each, the same every time."""
    rng = np.random.default_rng(_SEED)
    shots = []
    for at, picture in enumerate(pictures):
        if progress is not None:
            progress.step(at, len(pictures))
        shots += [_move(picture, frames, size, rng) for _ in range(moves)]
    return shots


def _move(picture: Pictures, frames: int, size: Size, rng: np.random.Generator) -> Pictures:
    height, width = picture.shape[:2]
    kind = int(rng.integers(0, 5))  # 0 stands, 1 pans, 2 zooms, 3 does both, 4 zooms by hand
    time = np.linspace(0, 1, frames)
    before = rng.uniform(0.35, 0.9)
    after = before if kind in (0, 1) else float(np.clip(before * np.exp(rng.normal(0, 0.5)), 0.25, 1))
    across = np.minimum(width, height * 16 / 9) * before * (after / before) ** time
    x = np.full(frames, rng.uniform(0.35, 0.65)) * width
    y = np.full(frames, rng.uniform(0.35, 0.65)) * height
    if kind in (1, 3):
        along, down = rng.normal(0, 0.35) * width, rng.normal(0, 0.15) * height
        way = time if rng.random() < 0.5 else (1 - np.cos(np.pi * time)) / 2
        x, y = x + along * (way - 0.5), y + down * (way - 0.5)
    roll_deg = np.zeros(frames)
    if kind == 4 or rng.random() < 0.3:
        shake = rng.uniform(0.002, 0.03)
        x = x + _wavering(frames, shake * width * 4, rng)
        y = y + _wavering(frames, shake * height * 4, rng)
        roll_deg = _wavering(frames, rng.uniform(0, 6), rng)
    x = np.clip(x, across / 2, width - across / 2)
    tall = across * 9 / 16
    y = np.clip(y, np.minimum(tall / 2, height / 2), np.maximum(height - tall / 2, height / 2))
    return _photographed(picture, across, x, y, roll_deg, size)


def _photographed(
    picture: Pictures,
    across: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    roll_deg: NDArray[np.float64],
    size: Size,
) -> Pictures:
    fine = size[0] * _SAMPLED_TIMES, size[1] * _SAMPLED_TIMES
    shot = np.empty((len(across), size[1], size[0], 3), np.uint8)
    for at, target in enumerate(shot):
        angle, scale = np.deg2rad(roll_deg[at]), across[at] / fine[0]
        c, s = np.cos(angle) * scale, np.sin(angle) * scale
        middle = fine[0] / 2, fine[1] / 2
        matrix = np.array(
            [
                [c, -s, x[at] - c * middle[0] + s * middle[1]],
                [s, c, y[at] - s * middle[0] - c * middle[1]],
            ],
            np.float32,
        )
        seen = cv2.warpAffine(
            picture,
            matrix,
            fine,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
        cv2.resize(seen, size, target, interpolation=cv2.INTER_AREA)
    return shot


def _wavering(frames: int, scale: float, rng: np.random.Generator) -> NDArray[np.float64]:
    window = np.hanning(61)
    noise = rng.normal(0, 1, frames + 60)
    return np.asarray(np.convolve(noise, window / window.sum(), "valid")[:frames] * scale)


def _read(path: Path) -> Pictures | None:
    # imdecode, not imread: Windows' imread knows no names beyond its code page
    bgr = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    return None if bgr is None else np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
