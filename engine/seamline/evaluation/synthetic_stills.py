"""Still pictures as footage: a camera moves over them, and small things may pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from seamline.errors import MediaError
from seamline.evaluation.synthetic_actors import drawn_actor, put_actor
from seamline.evaluation.synthetic_camera import CAMERA_MOVES, drawn_path, photographed
from seamline.evaluation.synthetic_sources import WHOLE, Pictures, Region, Size, covering, scaled

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})

_SAMPLED_WIDTH = 192
_WORLD_WIDTHS = 1.35  # how much wider the picture is than what the camera shows of it


class StillSource:
    """A picture file filmed: the same seed makes the same move. One thread at a time."""

    def __init__(self, path: Path, seed: int, frame_count: int = 240, *, move: str | None = None) -> None:
        rng = np.random.default_rng([seed, 2])
        if move is not None and move not in CAMERA_MOVES:
            raise MediaError(f"There is no camera move “{move}”: choose from {', '.join(CAMERA_MOVES)}.")
        moves, shares = list(CAMERA_MOVES), np.array(list(CAMERA_MOVES.values()))
        drawn = str(rng.choice(moves, p=shares / shares.sum()))
        self.name, self.frame_count = path.name, frame_count
        self._path = path
        self._camera = drawn_path(rng, frame_count, move or drawn)
        self._actors = []
        if rng.random() < 0.35:
            self._actors = [
                drawn_actor(rng, rng.uniform(0.02, 0.12), rng.uniform(0.002, 0.015),
                            rng.uniform(0, 255, 3).astype(np.float32))
                for _ in range(int(rng.integers(1, 5)))
            ]  # fmt: skip
        self._worlds: dict[Size, Pictures] = {}

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        times = max(1, math.ceil(_SAMPLED_WIDTH / size[0]))
        fine = (size[0] * times, size[1] * times)
        width = math.ceil(fine[0] / (region[2] - region[0]) * _WORLD_WIDTHS)
        world = self._world((width, max(1, round(width * size[1] / size[0]))))
        world_size = (world.shape[1], world.shape[0])
        pictures = np.empty((len(numbers), size[1], size[0], 3), np.uint8)
        for at, number in enumerate(numbers):
            matrix = self._camera.matrix(number, world_size, _WORLD_WIDTHS, fine)
            picture = photographed(world, matrix, fine, region)
            for actor in self._actors:
                put_actor(picture, actor, number, region)
            pictures[at] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if times > 1 else picture
        return pictures

    def _world(self, size: Size) -> Pictures:
        if size not in self._worlds:
            self._worlds = {size: _read(self._path, size)}
        return self._worlds[size]


def still_sources(folder: Path, seed: int, *, frame_count: int = 240) -> list[StillSource]:
    """Every picture file of a folder as footage, by name. Raises MediaError where there is none."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES)
    except OSError as error:
        raise MediaError(
            f"“{folder}” cannot be read ({error.strerror or error}): choose a folder of pictures."
        ) from error
    if not paths:
        raise MediaError(
            f"“{folder}” holds no picture ({', '.join(sorted(PICTURE_SUFFIXES))}): choose another."
        )
    return [StillSource(path, seed * 100_003 + at, frame_count) for at, path in enumerate(paths)]


def _read(path: Path, size: Size) -> Pictures:
    """The middle of the picture in the proportions of `size`, at that size."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        # imdecode, not imread: Windows' imread knows no names beyond its code page
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    except (OSError, cv2.error) as error:
        raise MediaError(f"“{path.name}” cannot be read ({error}): check the file.") from error
    if bgr is None:
        raise MediaError(f"“{path.name}” is no picture that can be read: save it as PNG or JPEG.")
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    whole = covering((rgb.shape[1], rgb.shape[0]), size)
    return np.asarray(scaled(rgb[None], size, whole)[0], np.uint8)
