"""The pictures of planted shots: a ground, the masses that stand out from it, and a camera on its way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.match_planted import STILL, Going, PlantedShot
from seamline.evaluation.match_planted_plan import PlantedFilm
from seamline.evaluation.match_planted_units import BETWEEN, RATE, tail_shares
from seamline.evaluation.synthetic_camera import CameraPath, photographed
from seamline.evaluation.synthetic_drawn import DrawnSource
from seamline.evaluation.synthetic_film import Encoding, write_film
from seamline.evaluation.synthetic_plan import EditPlan, Join, Look, Piece
from seamline.evaluation.synthetic_sources import WHOLE, Pictures, Region, ShotSource, Size
from seamline.evaluation.synthetic_textures import (
    WORLD,
    WORLD_WIDTHS,
    Floats,
    buildings,
    clouds,
    coloured,
    gradient,
    palette,
    pattern,
    ridge,
)
from seamline.progress import Progress

SIZE = 320, 180

_KINDS_BETWEEN = "page", "pattern", "water", "crowd", "city", "landscape", "texture"
_SPRITE = 192
_GROUND_SPREAD, _MASS_SPREAD = 30.0, 16.0  # levels: a ground's and a mass's standard deviation, at most
_LEAST_SPREAD = 12.0  # of a ground that the camera travels over
_LEAST_CONTRAST = 0.27  # of the light of masses and ground, 0 to 1


class PlantedSource:
    """A planted shot as footage: the same shot shows the same pictures. One thread at a time."""

    def __init__(self, shot: PlantedShot) -> None:
        self.name = f"planted {shot.unit} {shot.note}".strip()
        self.frame_count = shot.frames
        self._shot = shot
        self._path = camera_path(shot)
        self._places = mass_places(shot)
        self._painted: tuple[Pictures, list[Floats]] | None = None

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        if self._painted is None:
            self._painted = _painted(self._shot, self._path, size)
        ground, sprites = self._painted
        world = (ground.shape[1], ground.shape[0])
        pictures = np.empty((len(numbers), size[1], size[0], 3), np.uint8)
        for at, number in enumerate(numbers):
            matrix = self._path.matrix(number, world, WORLD_WIDTHS, size)
            picture = photographed(ground, matrix, size, region)
            for sprite, place in zip(sprites, self._places[number], strict=True):
                picture = _laid(picture, sprite, place, region)
            pictures[at] = picture
        return pictures

    def close(self) -> None:
        """Forget what was painted; the next `frames` paints it again."""
        self._painted = None


def write_planted(
    film: PlantedFilm, path: Path, *, size: Size = SIZE, progress: Progress | None = None
) -> None:
    """The film on disk, encoded as films are, its shots' seams being cuts. Raises MediaError or Cancelled."""
    rng = np.random.default_rng([film.seed, 81])
    sources: list[ShotSource] = [_source(shot) for shot in film.shots]
    pieces = []
    for number, shot in enumerate(film.shots):
        edge = shot.reframed
        look = Look(region=(edge, edge, 1 - edge, 1 - edge), gamma=0.93) if edge else Look()
        pieces.append(Piece(number, 0, shot.frames, look))
    plan = EditPlan(tuple(pieces), tuple(Join() for _ in pieces[1:]), film.finish)
    write_film(plan, sources, path, size, Encoding(crf=int(rng.integers(18, 27))), progress=progress)


def _source(shot: PlantedShot) -> ShotSource:
    if shot.note != BETWEEN:
        return PlantedSource(shot)
    seed = shot.paint.world
    return DrawnSource(seed, shot.frames, kind=_KINDS_BETWEEN[seed % len(_KINDS_BETWEEN)])


def camera_path(shot: PlantedShot) -> CameraPath:
    rng = np.random.default_rng([shot.paint.world, shot.take, 3])
    shares = tail_shares(shot.frames)
    gone = []
    for of_head, of_tail in zip(_parts(shot.head.camera), _parts(shot.tail.camera), strict=True):
        speed = of_head * (1 - shares) + of_tail * shares
        gone.append(np.cumsum(speed) / RATE)
    right, down, nearer = gone
    # whatever way it goes, the widest view is that of the world in full
    zoom = np.exp(nearer - nearer.min()) * float(rng.uniform(1, 1.1))
    hand = float(rng.uniform(0, 0.0025)) if rng.random() < 0.6 else 0.0
    x, y = (_sway(rng, shot.frames, hand) for _ in range(2))
    start_x, start_y = rng.uniform(-0.1, 0.1, 2) if shot.head.camera == shot.tail.camera == STILL else (0, 0)
    # what stands at the middle of the picture is enlarged with it
    return CameraPath(
        start_x + (right + x) * zoom, start_y + (down + y) * 16 / 9 * zoom, zoom, np.zeros(shot.frames)
    )


def mass_places(shot: PlantedShot) -> list[list[tuple[float, float, float, float]]]:
    """For each frame and mass: left, top, width and height as shares of the picture."""
    rng = np.random.default_rng([shot.paint.world, shot.take, 4])
    shares = tail_shares(shot.frames)
    tracks = []
    for first, last in zip(shot.head.masses, shot.tail.masses, strict=True):
        if shot.head.moving == shot.tail.moving == STILL:
            x, y = first.x + (last.x - first.x) * shares, first.y + (last.y - first.y) * shares
        else:
            going = [
                one * (1 - shares) + other * shares
                for one, other in zip(_parts(shot.head.moving), _parts(shot.tail.moving), strict=True)
            ]
            x = first.x + np.concatenate([[0], np.cumsum(going[0][1:])]) / RATE
            y = first.y + np.concatenate([[0], np.cumsum(going[1][1:])]) / RATE * 16 / 9
        width = first.width + (last.width - first.width) * shares
        height = first.height + (last.height - first.height) * shares
        # nothing that lives stands quite still
        lively = float(rng.uniform(0, 0.004))
        x, y = x + _sway(rng, shot.frames, lively), y + _sway(rng, shot.frames, lively)
        tracks.append(np.stack([x - width / 2, y - height / 2, width, height], axis=1))
    return [[tuple(track[frame].tolist()) for track in tracks] for frame in range(shot.frames)]


def _parts(going: Going) -> tuple[float, float, float]:
    return going.right, going.down, going.nearer


def _sway(rng: np.random.Generator, frames: int, strength: float) -> NDArray[np.float64]:
    seconds = np.arange(frames) / RATE
    return np.asarray(
        strength * np.sin(2 * math.pi * (seconds * rng.uniform(0.3, 1.2) + rng.random()))
        + strength / 3 * np.sin(2 * math.pi * (seconds * rng.uniform(2, 5) + rng.random()))
    )


def _painted(shot: PlantedShot, path: CameraPath, size: Size) -> tuple[Pictures, list[Floats]]:
    """uint8[h, w, 3] of the ground, float32[s, s, 4] of each mass: red, green and blue times its cover, and that."""
    colours = np.random.default_rng([shot.paint.colours, 1])
    light = float(colours.uniform(0.15, 0.85))
    ways = [way for way in (-1, 1) if 0.06 <= light + way * (_LEAST_CONTRAST + 0.03) <= 0.94]
    apart = float(colours.uniform(_LEAST_CONTRAST, 0.5)) * float(colours.choice(ways))
    ground_colours = palette(colours, light)
    mass_colours = palette(colours, float(np.clip(light + apart, 0.05, 0.95)))
    rng = np.random.default_rng([shot.paint.world, 2])
    is_travelling = shot.head.camera != STILL or shot.tail.camera != STILL
    ground = _ground(rng, ground_colours, light, is_travelling)
    width = min(WORLD[0], max(64, math.ceil(size[0] * WORLD_WIDTHS * float(path.zoom.max()))))
    world = (width, round(width * WORLD[1] / WORLD[0]))
    ground = np.asarray(cv2.resize(ground, world, interpolation=cv2.INTER_AREA), np.uint8)
    masses = shot.head.masses
    return ground, [_sprite(rng, mass.shape, mass_colours, light + apart) for mass in masses]


def _ground(rng: np.random.Generator, colours: Floats, light: float, is_travelling: bool) -> Pictures:
    kind = str(rng.choice(["clouds", "pattern", "landscape", "city", "plain"], p=[0.3, 0.15, 0.2, 0.15, 0.2]))
    if is_travelling and kind in ("plain", "pattern"):
        kind = "clouds"  # on a plain ground nothing goes by, and on an even pattern nobody knows which way
    if kind == "clouds":
        ground = coloured(clouds(rng, float(rng.uniform(0.6, 0.95))), colours)
    elif kind == "pattern":
        ground = pattern(rng, colours)
    else:
        ground = gradient(rng, colours)
        if kind == "landscape":
            for top in (float(rng.uniform(0.3, 0.55)), float(rng.uniform(0.55, 0.8))):
                ground = _over(ground, ridge(rng, colours, top, 0.45))
        elif kind == "city":
            ground = _over(ground, buildings(rng, colours, float(rng.uniform(0.2, 0.6))))
    if is_travelling and rng.random() < 0.5:
        for _ in range(int(rng.integers(3, 7))):
            blob = colours[rng.integers(len(colours))] * float(rng.uniform(0.5, 1.5))
            middle = (int(rng.integers(WORLD[0])), int(rng.integers(WORLD[1])))
            axes = (int(rng.integers(30, 130)), int(rng.integers(30, 130)))
            cv2.ellipse(
                ground, middle, axes, float(rng.uniform(0, 180)), 0, 360, np.clip(blob, 0, 255).tolist(), -1
            )
    # what is in front is in focus, what is behind often is not
    if kind == "city" or rng.random() < 0.4:
        sigma = float(rng.uniform(3, 6 if is_travelling else 14))
        ground = np.asarray(cv2.GaussianBlur(ground, (0, 0), sigma), np.uint8)
    return _calmed(ground, light, (_LEAST_SPREAD if is_travelling else 0, _GROUND_SPREAD))


def _over(ground: Pictures, layer: Pictures) -> Pictures:
    cover = layer[..., 3:].astype(np.float32) / 255
    return np.asarray(ground * (1 - cover) + layer[..., :3] * cover, np.uint8)


def _calmed(picture: Pictures, light: float, spreads: tuple[float, float]) -> Pictures:
    """About `light` bright, with a standard deviation between the two, in levels."""
    levels = picture.astype(np.float32)
    mean, spread = float(levels.mean()), float(levels.std())
    share = float(np.clip(spread, *spreads)) / max(spread, 1.0)
    return np.asarray(np.clip((levels - mean) * share + 255 * light, 0, 255), np.uint8)


def _sprite(rng: np.random.Generator, shape: str, colours: Floats, light: float) -> Floats:
    square = coloured(_surface(rng), colours)
    square = _calmed(square, float(np.clip(light, 0.05, 0.95)), (0, _MASS_SPREAD))
    # lit from one side
    side = np.linspace(-1, 1, _SPRITE, dtype=np.float32) * float(rng.uniform(-22, 22))
    lit = np.clip(square + side[None, :, None], 0, 255)
    cover = _cover(shape)
    return np.dstack([lit * cover[..., None], cover]).astype(np.float32)


def _surface(rng: np.random.Generator) -> Floats:
    """float32[s, s], 0 to 1: uneven as clouds, or striped."""
    total = np.zeros((_SPRITE, _SPRITE), np.float32)
    roughness = float(rng.uniform(0.4, 0.95))
    for octave, cells in enumerate((3, 6, 13, 27, 60)):
        small = rng.random((cells, cells), dtype=np.float32)
        total += roughness**octave * cv2.resize(small, (_SPRITE, _SPRITE), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.3:
        turn, period = rng.uniform(0, math.pi), rng.uniform(0.06, 0.25)
        places = np.arange(_SPRITE, dtype=np.float32) / _SPRITE / period
        total += 2 * np.sin(
            2 * math.pi * (places[None, :] * math.cos(turn) + places[:, None] * math.sin(turn))
        )
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / max(high - low, 1e-6), np.float32)


def _cover(shape: str) -> Floats:
    """float32[s, s], 0 to 1; the outermost pixels are outside."""
    fine = 4 * _SPRITE
    drawn = np.zeros((fine, fine), np.uint8)
    low, high = 12, fine - 12

    def at(x: float, y: float) -> tuple[int, int]:
        return round(low + x * (high - low)), round(low + y * (high - low))

    def polygon(*points: tuple[float, float]) -> None:
        cv2.fillPoly(drawn, [np.array([at(*point) for point in points], np.int32)], 255)

    def ellipse(x: float, y: float, rx: float, ry: float, value: int = 255) -> None:
        axes = (round(rx * (high - low)), round(ry * (high - low)))
        cv2.ellipse(drawn, at(x, y), axes, 0, 0, 360, value, -1)

    if shape == "person":
        ellipse(0.5, 0.24, 0.2, 0.24)
        polygon((0.41, 0.4), (0.59, 0.4), (0.6, 0.56), (0.4, 0.56))
        ellipse(0.5, 0.76, 0.5, 0.24)
        polygon((0, 0.76), (1, 0.76), (1, 1), (0, 1))
    elif shape == "disc":
        ellipse(0.5, 0.5, 0.5, 0.5)
    elif shape == "wedge":
        polygon((0.5, 0), (1, 1), (0, 1))
    elif shape == "slab":
        polygon((0.15, 0), (1, 0), (0.85, 1), (0, 1))
    elif shape == "arch":
        ellipse(0.5, 0.45, 0.5, 0.45)
        polygon((0, 0.45), (1, 0.45), (1, 1), (0, 1))
        ellipse(0.5, 0.55, 0.22, 0.2, 0)
        cv2.rectangle(drawn, at(0.28, 0.55), at(0.72, 1.01), 0, -1)
    else:
        polygon((0.03, 0), (0.97, 0), (1, 0.03), (1, 0.97), (0.97, 1), (0.03, 1), (0, 0.97), (0, 0.03))
    small = cv2.resize(drawn, (_SPRITE, _SPRITE), interpolation=cv2.INTER_AREA)
    return np.asarray(small / 255, np.float32)


def _laid(
    picture: Pictures, sprite: Floats, place: tuple[float, float, float, float], region: Region
) -> Pictures:
    height, width = picture.shape[:2]
    left, top, wide, high = place
    scale_x = wide / (region[2] - region[0]) * width / _SPRITE
    scale_y = high / (region[3] - region[1]) * height / _SPRITE
    x = (left - region[0]) / (region[2] - region[0]) * width
    y = (top - region[1]) / (region[3] - region[1]) * height
    # only the part of the picture that it covers is drawn anew
    across = slice(max(0, math.floor(x) - 1), max(0, min(width, math.ceil(x + scale_x * _SPRITE) + 1)))
    down = slice(max(0, math.floor(y) - 1), max(0, min(height, math.ceil(y + scale_y * _SPRITE) + 1)))
    part = picture[down, across]
    if not part.size:
        return picture
    x, y = x - across.start, y - down.start
    matrix = np.array([[scale_x, 0, x - 0.5 + scale_x / 2], [0, scale_y, y - 0.5 + scale_y / 2]])
    laid = cv2.warpAffine(sprite, matrix, (part.shape[1], part.shape[0]), flags=cv2.INTER_LINEAR)
    part[:] = np.asarray(part * (1 - laid[..., 3:]) + laid[..., :3], np.uint8)
    return picture
