"""Drawn footage of many sorts: grounds in layers, things that move, a camera, light and grain."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from seamline.errors import MediaError
from seamline.evaluation.synthetic_actors import Actor, drawn_actor, put_actor
from seamline.evaluation.synthetic_camera import CAMERA_MOVES, CameraPath, drawn_path, photographed
from seamline.evaluation.synthetic_look import gain_table, grained, through_table
from seamline.evaluation.synthetic_sources import WHOLE, Pictures, Region, Size
from seamline.evaluation.synthetic_textures import (
    WORLD,
    WORLD_WIDTHS,
    Floats,
    buildings,
    clouds,
    coloured,
    gradient,
    page,
    palette,
    pattern,
    ridge,
)

_SAMPLED_WIDTH = 192  # small pictures are drawn finer, and take the mean of each pixel


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """A flat world: uint8[h, w, 3], or [h, w, 4] where one sees through. `drift` is pictures a frame."""

    world: Pictures
    depth: float = 1
    drift: tuple[float, float] = (0, 0)


@dataclass(frozen=True, eq=False, slots=True)
class _Scene:
    layers: list[Layer]
    actors: list[Actor]


class DrawnSource:
    """Footage that is drawn: the same seed shows the same. One thread at a time.

    `kind` is one of `SCENE_KINDS`; without it the seed chooses. Raises MediaError for another.
    """

    def __init__(self, seed: int, frame_count: int = 240, *, kind: str | None = None) -> None:
        if kind is not None and kind not in SCENE_KINDS:
            raise MediaError(f"There is no drawn scene “{kind}”: choose from {', '.join(SCENE_KINDS)}.")
        rng = np.random.default_rng([seed, 0])
        self.kind = kind or str(rng.choice(SCENE_KINDS))
        self.frame_count = frame_count
        self.name = f"drawn {self.kind} {seed}"
        self._seed = seed
        moves = list(CAMERA_MOVES)
        shares = np.array(list(CAMERA_MOVES.values()))
        self._path = drawn_path(rng, frame_count, str(rng.choice(moves, p=shares / shares.sum())))
        self._gains = _drawn_light(rng, frame_count)
        self._grain = float(rng.uniform(2, 14)) if rng.random() < 0.4 else 0.0
        self._scene: _Scene | None = None
        self._scaled: OrderedDict[Size, list[Layer]] = OrderedDict()

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        times = max(1, math.ceil(_SAMPLED_WIDTH / size[0]))
        fine = (size[0] * times, size[1] * times)
        scene, layers = self._drawn(), self._layers_for(fine[0] / (region[2] - region[0]))
        pictures = np.empty((len(numbers), size[1], size[0], 3), np.uint8)
        for at, number in enumerate(numbers):
            picture = _composed(layers, self._path, number, fine, region)
            for actor in scene.actors:
                put_actor(picture, actor, number, region)
            gain = float(self._gains[number])
            if abs(gain - 1) > 0.004:
                picture = through_table(picture[None], gain_table(gain))[0]
            pictures[at] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if times > 1 else picture
        if self._grain:
            pictures = grained(pictures, self._grain, np.asarray(numbers, np.int64))
        return pictures

    def _drawn(self) -> _Scene:
        if self._scene is None:
            rng = np.random.default_rng([self._seed, 1])
            self._scene = _SCENES[self.kind](rng)
        return self._scene

    def _layers_for(self, picture_width: float) -> list[Layer]:
        """The layers at about the resolution of a picture so wide, so that a camera need not skip pixels."""
        zoom = float(self._path.zoom.min())
        width = min(WORLD[0], max(64, math.ceil(picture_width * WORLD_WIDTHS * zoom)))
        size = (width, round(width * WORLD[1] / WORLD[0]))
        if size not in self._scaled:
            self._scaled[size] = [
                Layer(
                    np.asarray(
                        cv2.resize(_premultiplied(layer.world), size, interpolation=cv2.INTER_AREA), np.uint8
                    ),
                    layer.depth,
                    layer.drift,
                )
                for layer in self._drawn().layers
            ]
            while len(self._scaled) > 2:
                self._scaled.popitem(last=False)
        return self._scaled[size]


def drawn_sources(count: int, seed: int, *, frame_count: int = 240) -> list[DrawnSource]:
    """So many pieces of drawn footage, all kinds in turn; the same for the same seed."""
    return [
        DrawnSource(seed * 100_003 + number, frame_count, kind=SCENE_KINDS[number % len(SCENE_KINDS)])
        for number in range(count)
    ]


def _composed(layers: list[Layer], path: CameraPath, frame: int, size: Size, region: Region) -> Pictures:
    picture: Pictures | None = None
    for layer in layers:
        world = (layer.world.shape[1], layer.world.shape[0])
        matrix = path.matrix(frame, world, WORLD_WIDTHS, size, layer.depth)
        matrix[:, 2] += (layer.drift[0] * frame * size[0], layer.drift[1] * frame * size[1])
        shown = photographed(layer.world, matrix, size, region)
        if picture is None:
            picture = shown
        else:
            clear = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(shown, 3)), cv2.COLOR_GRAY2RGB)
            ground = cv2.multiply(picture, clear, scale=1 / 255)
            picture = np.asarray(cv2.add(ground, cv2.cvtColor(shown, cv2.COLOR_RGBA2RGB)), np.uint8)
    assert picture is not None
    return picture


def _premultiplied(world: Pictures) -> Pictures:
    if world.shape[2] == 3:
        return world
    alpha = cv2.cvtColor(cv2.extractChannel(world, 3), cv2.COLOR_GRAY2RGB)
    rgb = cv2.multiply(cv2.cvtColor(world, cv2.COLOR_RGBA2RGB), alpha, scale=1 / 255)
    return np.dstack([rgb, world[..., 3]]).astype(np.uint8)


def _drawn_light(rng: np.random.Generator, frame_count: int) -> Floats:
    """float32[n]: mostly steady light, else flicker, or a slow change."""
    frames, kind = np.arange(frame_count), rng.random()
    gains = np.ones(frame_count)
    if kind < 0.1:
        gains += rng.normal(0, rng.uniform(0.01, 0.08), frame_count)
    elif kind < 0.25:
        gains += rng.uniform(0.05, 0.35) * np.sin(2 * np.pi * (frames / rng.uniform(60, 400) + rng.random()))
    return np.asarray(gains, np.float32)


def _actors(
    rng: np.random.Generator, count: int, size: tuple[float, float], speed: float, colours: Floats
) -> list[Actor]:
    return [
        drawn_actor(
            rng,
            float(rng.uniform(*size)),
            speed * float(rng.uniform(0.2, 1.8)),
            np.clip(colours[rng.integers(len(colours))] * rng.uniform(0.5, 1.5), 0, 255),
        )
        for _ in range(count)
    ]


def _plain(rng: np.random.Generator) -> _Scene:
    colours = palette(rng, rng.uniform(0.2, 0.8))
    others = palette(rng, rng.uniform(0.2, 0.8))
    actors = _actors(rng, int(rng.integers(0, 5)), (0.05, 0.4), 0.006, others)
    return _Scene([Layer(gradient(rng, colours))], actors)


def _dark(rng: np.random.Generator) -> _Scene:
    ground = coloured(clouds(rng, 0.5), palette(rng, rng.uniform(0.015, 0.09)))
    lights = palette(rng, rng.uniform(0.4, 0.9))
    return _Scene([Layer(ground)], _actors(rng, int(rng.integers(0, 12)), (0.004, 0.05), 0.004, lights))


def _bright(rng: np.random.Generator) -> _Scene:
    ground = gradient(rng, palette(rng, rng.uniform(0.85, 0.97)))
    return _Scene(
        [Layer(ground)], _actors(rng, int(rng.integers(0, 4)), (0.03, 0.3), 0.006, palette(rng, 0.7))
    )


def _texture(rng: np.random.Generator) -> _Scene:
    ground = coloured(clouds(rng, rng.uniform(0.5, 1)), palette(rng, rng.uniform(0.25, 0.75)))
    others = palette(rng, rng.uniform(0.2, 0.8))
    return _Scene([Layer(ground)], _actors(rng, int(rng.integers(0, 4)), (0.05, 0.3), 0.01, others))


def _pattern(rng: np.random.Generator) -> _Scene:
    ground = pattern(rng, palette(rng, rng.uniform(0.3, 0.7)))
    others = palette(rng, rng.uniform(0.2, 0.8))
    return _Scene([Layer(ground)], _actors(rng, int(rng.integers(0, 4)), (0.05, 0.3), 0.01, others))


def _page(rng: np.random.Generator) -> _Scene:
    return _Scene([Layer(page(rng, palette(rng, 0.5)))], [])


def _landscape(rng: np.random.Generator) -> _Scene:
    light = rng.uniform(0.25, 0.8)
    layers = [Layer(gradient(rng, palette(rng, light)), 0.1)]
    for depth in np.linspace(0.25, 1.1, int(rng.integers(2, 5))):
        top = 0.3 + 0.45 * float(depth) + rng.normal(0, 0.04)
        layers.append(Layer(ridge(rng, palette(rng, light * rng.uniform(0.4, 1)), top, 0.45), float(depth)))
    return _Scene(layers, _actors(rng, int(rng.integers(0, 3)), (0.01, 0.08), 0.008, palette(rng, 0.5)))


def _city(rng: np.random.Generator) -> _Scene:
    night = rng.random() < 0.4
    light = rng.uniform(0.08, 0.2) if night else rng.uniform(0.4, 0.75)
    layers = [Layer(gradient(rng, palette(rng, light)), 0.1)]
    layers += [
        Layer(buildings(rng, palette(rng, light), 0.55 - 0.25 * float(depth)), float(depth))
        for depth in np.linspace(0.4, 1, int(rng.integers(1, 4)))
    ]
    cars = _actors(rng, int(rng.integers(0, 8)), (0.02, 0.12), 0.02, palette(rng, rng.uniform(0.3, 0.8)))
    return _Scene(layers, cars)


def _crowd(rng: np.random.Generator) -> _Scene:
    ground = coloured(clouds(rng, 0.6), palette(rng, rng.uniform(0.2, 0.7)))
    colours = palette(rng, rng.uniform(0.3, 0.7), 9)
    return _Scene([Layer(ground)], _actors(rng, int(rng.integers(12, 45)), (0.03, 0.16), 0.012, colours))


def _action(rng: np.random.Generator) -> _Scene:
    ground = (
        pattern(rng, palette(rng, 0.5))
        if rng.random() < 0.4
        else coloured(clouds(rng, 0.7), palette(rng, 0.5))
    )
    colours = palette(rng, rng.uniform(0.2, 0.8), 7)
    drift = (float(rng.uniform(-0.03, 0.03)), float(rng.normal(0, 0.005)))
    return _Scene(
        [Layer(ground, 1, drift)], _actors(rng, int(rng.integers(3, 12)), (0.1, 0.5), 0.05, colours)
    )


def _water(rng: np.random.Generator) -> _Scene:
    colours = palette(rng, rng.uniform(0.2, 0.7))
    layers = [Layer(coloured(clouds(rng, 0.8), colours), 0.8, (float(rng.uniform(-0.004, 0.004)), 0.001))]
    for _ in range(int(rng.integers(1, 3))):
        levels = clouds(rng, 0.8)
        veil = np.empty((*levels.shape, 4), np.uint8)
        veil[..., :3] = coloured(levels, colours[::-1])
        veil[..., 3] = (levels**2 * 200).astype(np.uint8)
        layers.append(Layer(veil, 1, (float(rng.uniform(-0.008, 0.008)), float(rng.uniform(-0.004, 0.004)))))
    return _Scene(layers, [])


def _talker(rng: np.random.Generator) -> _Scene:
    """One big thing in the middle that hardly moves, before a ground out of focus."""
    ground = coloured(clouds(rng, rng.uniform(0.1, 0.5)), palette(rng, rng.uniform(0.15, 0.8)))
    blurred = np.asarray(cv2.GaussianBlur(ground, (0, 0), rng.uniform(4, 30)), np.uint8)
    skin = np.array([rng.uniform(90, 235), rng.uniform(60, 190), rng.uniform(40, 160)], np.float32)
    cloth = palette(rng, rng.uniform(0.1, 0.8))[2]
    place = (float(rng.uniform(0.6, 1.2)), float(rng.uniform(0.35, 0.5)))
    sway = (float(rng.normal(0, 0.015)), float(rng.normal(0, 0.01)))
    body, head = (_ellipse(0.5, 0.5), (place[0], place[1] + 0.7)), (_ellipse(0.17, 0.24), place)
    parts = [
        (*body, cloth, 0.3),
        (*head, skin, 1),
        (_ellipse(0.05, 0.012), (place[0], place[1] + 0.12), skin * 0.5, 1),
    ]
    turns = float(rng.uniform(0.008, 0.03))
    actors = [
        Actor(outline, (float(c[0]), float(c[1]), float(c[2])), at, (0, 0),
              (sway[0] * share, sway[1] * share), turns, 0, 0.0 if share < 1 or at == place else 0.4, None)
        for outline, at, c, share in parts
    ]  # fmt: skip
    return _Scene([Layer(blurred, 0.7)], actors)


def _ellipse(rx: float, ry: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    angles = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    return np.stack([rx * np.cos(angles), ry * np.sin(angles)], axis=1)


_SCENES: dict[str, Callable[[np.random.Generator], _Scene]] = {
    "plain": _plain,
    "dark": _dark,
    "bright": _bright,
    "texture": _texture,
    "pattern": _pattern,
    "page": _page,
    "landscape": _landscape,
    "city": _city,
    "crowd": _crowd,
    "action": _action,
    "water": _water,
    "talker": _talker,
}

SCENE_KINDS = tuple(_SCENES)
