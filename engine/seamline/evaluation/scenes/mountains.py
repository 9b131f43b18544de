"""Scenes far from towns: mountains, dunes, a balloon, a viaduct."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Art, Canvas, Picture
from seamline.evaluation.scenes.shapes import arc, box, down_to, moved, ridge, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage


def _peak(canvas: Canvas, rng: np.random.Generator, x: float, top: float, base: float, width: float) -> None:
    """A mountain lit from the left, with snow above a ragged line."""

    def flank(side: int, steps: int = 9) -> list[tuple[float, float]]:
        t = np.linspace(0, 1, steps)
        wobble = rng.uniform(-0.012, 0.012, steps) * (t > 0)
        return [
            (x + side * width / 2 * a**1.12, top + (base - top) * a + b)
            for a, b in zip(t, wobble, strict=True)
        ]

    left, right = flank(-1), flank(1)
    spine = [(x, top)] + [
        (x + width * (0.05 * (-1) ** k * (0.4 + k / 9)) + 0.02, top + (base - top) * k / 8)
        for k in range(1, 9)
    ]
    outline = left[::-1] + right[1:]
    canvas.shape(outline, ("#aaa3cc", "#d9aaae"))
    canvas.shape(spine + right[::-1], ("#54568c", "#8f7398"))
    snow_y = top + (base - top) * 0.34
    teeth = [
        (
            x + width * (k - 6) / 12,
            snow_y + (0.055 if k % 2 else -0.035) * (base - top) + rng.uniform(-0.012, 0.012),
        )
        for k in range(13)
    ]
    cap = [(x - width, top - 0.1), (x + width, top - 0.1), *teeth[::-1]]
    canvas.shape(cap, ("#fdf4ec", "#f6dcd4"), inside=(outline,))
    canvas.shape(cap, ("#bdb8dc", "#a79dc9"), inside=(outline, spine + right[::-1]))


def _pines(
    canvas: Canvas, rng: np.random.Generator, skyline: np.ndarray, colour: str, size: float, step: float
) -> None:
    x = float(skyline[0, 0])
    while x < skyline[-1, 0]:
        y = float(np.interp(x, skyline[:, 0], skyline[:, 1])) + 0.01
        tall = size * rng.uniform(0.6, 1.15)
        wide = tall * 0.21
        for tier in range(4):
            low, high = y - tall * tier * 0.2, y - tall * (0.45 + tier * 0.185)
            half = wide * (1 - tier * 0.22)
            canvas.shape([(x - half, low), (x, high), (x + half, low), (x, low - 0.012 * size)], colour)
        x += step * rng.uniform(0.4, 1.5)


def snow_mountains(stage: Stage) -> Paint:
    """Evening over snow mountains; the camera pans right past dark pines."""
    rng = stage.rng
    sky = stage.canvas().wash("#46508c", "#8b7fb4", "#dc9fae", "#f9c9a5", "#fde3bd").speckle(0.02)
    sky.glow(0.55, 0.52, 0.7, "#fff0cf", opacity=0.9).ellipse(0.55, 0.5, 0.075, colour="#fff6df")
    for y, x, length in ((0.2, 1.2, 0.5), (0.26, 0.9, 0.3), (0.33, 1.45, 0.42), (0.13, 0.2, 0.35)):
        sky.shape(arc(x, y, length / 2, 0, 360, squash=0.045), "#ffe2d2", opacity=0.55, blur=0.004)
    far = stage.canvas(-0.4, 0.1, ASPECT + 0.5)
    far.shape(
        down_to(ridge(rng, -0.4, ASPECT + 0.5, height=0.52, spread=0.09, waves=3), 1.1),
        ("#9b8fbd", "#e6b7b1"),
    )
    near = stage.canvas(-0.4, 0.05, ASPECT + 0.6)
    for x, top, width in (
        (0.15, 0.36, 0.9),
        (2.05, 0.33, 0.95),
        (1.12, 0.2, 1.25),
        (0.62, 0.47, 0.7),
        (1.62, 0.46, 0.7),
    ):
        _peak(near, rng, x, top, 0.9, width)
    near.speckle(0.035)
    mist = stage.canvas(-0.4, 0.5, ASPECT + 0.6)
    mist.shape(box(-0.4, 0.78, ASPECT + 0.6, 0.95), "#fbdcd0", opacity=0.9, blur=0.06)
    trees = []
    for height, colour, size, step in ((0.86, "#4a4a78", 0.11, 0.024), (0.98, "#23264d", 0.22, 0.055)):
        line = ridge(rng, -0.5, ASPECT + 0.9, height=height, spread=0.04, waves=1.2)
        wood = stage.canvas(-0.5, 0.5, ASPECT + 0.9).shape(down_to(line, 1.12), colour)
        _pines(wood, rng, line, colour, size, step)
        trees.append(wood.art())
    ground, range_, peaks, fog = sky.art(), far.art(), near.art(), mist.art()
    bird = (
        stage.canvas(-0.03, -0.03, 0.03, 0.03)
        .line(
            smooth(
                [(-0.02, -0.006), (-0.008, -0.008), (0, 0), (0.008, -0.008), (0.02, -0.006)], closed=False
            ),
            0.0035,
            "#3c3f6b",
        )
        .art()
    )

    def paint(time_s: float) -> Picture:
        camera = Camera(-0.16 + 0.085 * time_s, 0, 1.02)
        take = stage.backdrop(ground, camera, depth=0.1).put(range_, depth=0.3).put(peaks, depth=0.5)
        for at in range(5):
            x, y = 0.5 + 0.06 * at + 0.07 * time_s, 0.3 - 0.03 * (at % 3) - 0.008 * time_s
            take.put(bird, depth=0.3, at=(x, y), scale=0.7 + 0.12 * np.sin(9 * time_s + at), angle_deg=-8)
        take.put(fog, depth=0.6).put(trees[0], depth=0.9).put(trees[1], depth=1.6)
        return take.picture()

    return paint


def dunes(stage: Stage) -> Paint:
    """A caravan crosses dunes under a low sun; the camera tilts down and comes nearer."""
    sky = stage.canvas().wash("#e2725b", "#f0985f", "#f7be74", "#fbdc9a", "#fdebb9").speckle(0.02)
    sky.glow(1.3, 0.36, 0.8, "#fff4cf", opacity=0.9).ellipse(1.3, 0.36, 0.105, colour="#fff7da")
    layers = []
    crests = (
        (
            0.3,
            [(-0.4, 0.60), (0.2, 0.52), (0.7, 0.58), (1.3, 0.53), (2.3, 0.58)],
            ("#e8a568", "#dd8f58"),
            "#c97a52",
        ),
        (
            0.6,
            [(-0.4, 0.66), (0.3, 0.70), (0.95, 0.595), (1.5, 0.68), (2.3, 0.64)],
            ("#e8955a", "#cf7549"),
            "#a9553f",
        ),
        (
            1.0,
            [(-0.4, 0.71), (0.35, 0.735), (1.0, 0.79), (1.6, 0.745), (2.3, 0.80)],
            ("#d97a48", "#b65a3c"),
            "#8c4236",
        ),
        (
            1.5,
            [(-0.4, 0.98), (0.35, 0.85), (0.9, 0.91), (1.5, 0.99), (2.3, 0.93)],
            ("#a94f3a", "#7c3532"),
            "#5c282d",
        ),
    )
    for depth, crest, light, shade in crests:
        line = smooth(crest, closed=False, steps=24)
        dune = stage.canvas(-0.4, 0.4, ASPECT + 0.4, 1.3).shape(down_to(line, 1.3), light)
        top = line[int(np.argmin(line[24:-24, 1])) + 24]
        face = smooth(
            [
                (top[0], top[1]),
                (top[0] - 0.05, top[1] + 0.10),
                (top[0] - 0.22, top[1] + 0.20),
                (top[0] - 0.25, 1.4),
            ],
            closed=False,
        )
        lee = np.vstack([face, [(-0.5, 1.4), (-0.5, 0)], line[line[:, 0] < top[0]]])
        dune.shape(lee, (shade, light[1]), inside=(down_to(line, 1.3),), opacity=0.8)
        for ripple in range(9):
            shift = 0.03 + ripple * 0.035
            dune.line(moved(line, 0, shift), 0.0022, shade, opacity=0.22)
        layers.append((depth, dune.speckle(0.03).art()))
    camel = _camel(stage)
    ground = sky.art()
    path = smooth(crests[2][1], closed=False, steps=24)

    def paint(time_s: float) -> Picture:
        camera = Camera(0.05, -0.07 + 0.03 * time_s, 1 + 0.035 * time_s)
        take = stage.backdrop(ground, camera, depth=0.15)
        for depth, dune in layers[:3]:
            take.put(dune, depth=depth)
        for at in range(4):
            x = 0.58 + at * 0.155 + 0.04 * time_s
            y = float(np.interp(x, path[:, 0], path[:, 1])) + 0.006 + 0.0025 * np.sin(7 * time_s + at * 2)
            take.put(camel, at=(x, y), scale=0.92 + 0.07 * (at % 2))
        return take.put(layers[3][1], depth=layers[3][0]).picture()

    return paint


def _camel(stage: Stage) -> Art:
    """A camel with its rider's pack, walking right, standing on (0, 0)."""
    dark = "#3d1f2b"
    canvas = stage.canvas(-0.12, -0.2, 0.12, 0.03)
    body = [
        (-0.05, -0.075),
        (-0.042, -0.1),
        (-0.02, -0.108),
        (-0.004, -0.132),
        (0.014, -0.107),
        (0.034, -0.1),
        (0.05, -0.085),
        (0.062, -0.1),
        (0.068, -0.13),
        (0.078, -0.142),
        (0.1, -0.134),
        (0.097, -0.125),
        (0.081, -0.122),
        (0.077, -0.092),
        (0.062, -0.068),
        (0.04, -0.06),
        (-0.035, -0.06),
    ]
    canvas.shape(smooth(body), dark)
    for foot, hip in ((-0.048, -0.04), (-0.03, -0.034), (0.034, 0.036), (0.052, 0.042)):
        canvas.line([(hip, -0.07), ((hip + foot) / 2 + 0.003, -0.035), (foot, 0)], 0.0065, dark)
    canvas.line([(-0.049, -0.085), (-0.058, -0.055)], 0.004, dark)
    canvas.shape(
        smooth([(-0.03, -0.108), (0.004, -0.136), (0.03, -0.104), (0.026, -0.08), (-0.026, -0.08)]),
        ("#d8604a", "#8f2f3c"),
    )
    return canvas.art()


def balloon(stage: Stage) -> Paint:
    """Balloons rise over morning fields; the camera draws back."""
    rng = stage.rng
    sky = stage.canvas().wash("#5fb3c9", "#8fd0d3", "#c9e8d5", "#f6efcf", "#fbe0b5").speckle(0.02)
    sky.glow(0.3, 0.7, 0.8, "#fff6d6", opacity=0.8)
    clouds = []
    for _ in range(3):
        cloud = stage.canvas(-0.4, -0.15, 0.4, 0.15)
        for _puff in range(9):
            x, y, r = rng.uniform((-0.22, -0.03, 0.025), (0.22, 0.02, 0.062))
            cloud.shape(
                arc(x, y, r * 1.5, 0, 360, squash=0.6), ("#ffffff", "#f4e6d6"), opacity=0.9, blur=0.004
            )
        clouds.append(cloud.art())
    fields = []
    greens = (("#9cc6a2", "#b9d3a0"), ("#6fae86", "#8bbd79"), ("#3f8a6e", "#5c9f63"), ("#1f5d57", "#2f7458"))
    for at, colour in enumerate(greens):
        line = ridge(rng, -0.5, ASPECT + 0.5, height=0.70 + 0.085 * at, spread=0.035, waves=0.9, octaves=3)
        field = stage.canvas(-0.5, 0.55, ASPECT + 0.5, 1.2).shape(down_to(line, 1.2), colour)
        for row in range(10):
            field.line(
                moved(line, 0, 0.012 + row * 0.02), 0.0025, "#f5f0c4" if at < 2 else "#163f48", opacity=0.13
            )
        for x in rng.uniform(-0.5, ASPECT + 0.5, 14):
            y = float(np.interp(x, line[:, 0], line[:, 1])) + 0.002
            field.ellipse(float(x), y - 0.008, 0.011 + 0.005 * at, 0.013 + 0.006 * at, colour=colour[0])
        fields.append(field.speckle(0.04).art())
    big, small = _balloon(stage, "#e4572e", "#fbe3b2"), _balloon(stage, "#3b5ba5", "#f2c14e")
    ground = sky.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0, 0.02 - 0.015 * time_s, 1.28 - 0.055 * time_s)
        take = stage.backdrop(ground, camera, depth=0.1)
        for at, cloud in enumerate(clouds):
            take.put(cloud, depth=0.25, at=(0.25 + 0.62 * at + 0.02 * time_s, 0.2 + 0.13 * ((at * 2) % 3)))
        take.put(fields[0], depth=0.3).put(small, depth=0.35, at=(1.42, 0.6 - 0.02 * time_s), scale=0.34)
        take.put(fields[1], depth=0.5).put(fields[2], depth=0.8)
        take.put(
            big,
            depth=0.9,
            at=(0.78 + 0.02 * time_s, 0.5 - 0.035 * time_s),
            angle_deg=1.5 * np.sin(time_s * 1.3),
        )
        return take.put(fields[3], depth=1.2).picture()

    return paint


def _balloon(stage: Stage, first: str, second: str) -> Art:
    """A striped balloon with its basket, hung on (0, 0), about .5 heights tall."""
    canvas = stage.canvas(-0.25, -0.3, 0.25, 0.35)
    outline = smooth(
        [
            (0, -0.25),
            (0.13, -0.215),
            (0.198, -0.1),
            (0.175, 0.02),
            (0.1, 0.12),
            (0.045, 0.18),
            (-0.045, 0.18),
            (-0.1, 0.12),
            (-0.175, 0.02),
            (-0.198, -0.1),
            (-0.13, -0.215),
        ]
    )
    canvas.shape(outline, first)
    for at in range(3):
        for side in (-1, 1):
            edges = [
                outline * (share * side, 1) for share in ((at * 2 + 1) / 7 * 1.05, (at * 2 + 2) / 7 * 1.05)
            ]
            half = [edge[(edge[:, 0] * side >= 0)] for edge in edges]
            half = [part[np.argsort(part[:, 1])] for part in half]
            canvas.shape(np.vstack([half[0], half[1][::-1]]), second)
    shade = np.vstack([outline[outline[:, 0] > 0], (outline[outline[:, 0] > 0] * (0.45, 1))[::-1]])
    canvas.shape(shade, "#2a1b3d", opacity=0.2, blur=0.008, inside=(outline,))
    canvas.glow(-0.09, -0.12, 0.13, "#ffffff", opacity=0.35)
    canvas.line([(-0.04, 0.18), (-0.024, 0.235)], 0.0025, "#4a3328").line(
        [(0.04, 0.18), (0.024, 0.235)], 0.0025, "#4a3328"
    )
    canvas.shape(box(-0.028, 0.235, 0.028, 0.28, radius=0.008), ("#a8673d", "#6e3d28"))
    canvas.line([(-0.028, 0.238), (0.028, 0.238)], 0.006, "#5a3222")
    return canvas.art()


def viaduct(stage: Stage) -> Paint:
    """A train crosses a viaduct in the evening; the camera follows it."""
    rng = stage.rng
    sky = (
        stage.canvas()
        .wash("#274060", "#4a6a8c", "#a9a4ae", "#f0b98c", "#fbd893", "#fbd893", "#fbd893")
        .speckle(0.02)
    )
    sky.glow(1.45, 0.5, 0.75, "#fff0c4", opacity=0.9).ellipse(1.45, 0.5, 0.06, colour="#fff8e0")
    hills = []
    for height, spread, colour in (
        (0.56, 0.07, ("#5d7592", "#a59aa0")),
        (0.66, 0.06, ("#3f6070", "#6e8283")),
    ):
        line = ridge(rng, -0.5, ASPECT + 0.7, height=height, spread=spread, waves=1.6)
        hills.append(
            stage.canvas(-0.5, 0.4, ASPECT + 0.7).shape(down_to(line, 1.12), colour).speckle(0.04).art()
        )
    stone, dark = ("#c8a487", "#6b5a5e"), "#54454c"
    bridge = stage.canvas(-0.8, 0.5, ASPECT + 0.9, 1.12)
    step, deck = 0.29, 0.6
    outline = [(-0.8, deck)]
    outline.append((ASPECT + 0.9, deck))
    x = ASPECT + 0.9
    while x > -0.8:
        centre = x - step / 2
        radius = step * 0.41
        outline += [(centre + radius, 1.12), (centre + radius, deck + 0.2)]
        outline += [tuple(p) for p in arc(centre, deck + 0.2, radius, 0, -180)]
        outline += [(centre - radius, 1.12)]
        x -= step
    bridge.shape(outline, stone).speckle(0.06)
    bridge.line([(-0.8, deck + 0.035), (ASPECT + 0.9, deck + 0.035)], 0.005, dark, opacity=0.5)
    bridge.shape(box(-0.8, deck - 0.018, ASPECT + 0.9, deck + 0.012), ("#e0bd9a", "#a9876f"))
    woods = stage.canvas(-0.9, 0.6, ASPECT + 1.2, 1.2)
    line = ridge(rng, -0.9, ASPECT + 1.2, height=0.99, spread=0.06, waves=1.5)
    woods.shape(down_to(line, 1.2), "#16303b")
    for x, size in zip(np.arange(-0.9, ASPECT + 1.2, 0.045), rng.uniform(0.03, 0.07, 200), strict=False):
        y = float(np.interp(x, line[:, 0], line[:, 1]))
        woods.ellipse(float(x), y - 0.01, float(size) * 0.8, float(size), colour=("#2a5552", "#16303b"))
    train = stage.canvas(-1.3, -0.13, 0.36, 0.02)
    train.shape(
        smooth([(0, 0), (0, -0.1), (0.2, -0.1), (0.29, -0.055), (0.32, 0.0)], steps=14)[:-1],
        ("#c8443a", "#8c2430"),
    )
    train.shape(box(0.0, -0.1, 0.17, 0), ("#c8443a", "#8c2430"))
    train.shape([(0.2, -0.082), (0.245, -0.068), (0.263, -0.05), (0.2, -0.05)], "#ffe9a8")
    for car in range(4):
        right = -0.012 - car * 0.31
        train.shape(box(right - 0.298, -0.1, right, 0, radius=0.012), ("#c8443a", "#8c2430"))
    for car in range(-1, 4):
        right = -0.012 - car * 0.31
        for window in range(6):
            if car == -1 and window < 3:
                continue
            left = right - 0.278 + (window * 0.044 if car >= 0 else window * 0.044 - 0.14)
            train.shape(box(left, -0.078, left + 0.033, -0.042, radius=0.005), ("#fff2be", "#ffd27a"))
    train.shape(box(-1.26, -0.026, 0.312, -0.017), "#f5dcae")
    ground, arches, wood, cars = sky.art(), bridge.art(), woods.art(), train.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(-0.22 + 0.14 * time_s, -0.03, 1.0)
        take = stage.backdrop(ground, camera, depth=0.08).put(hills[0], depth=0.2).put(hills[1], depth=0.4)
        take.put(cars, at=(0.35 + 0.42 * time_s, 0.583)).put(arches).put(wood, depth=1.7)
        return take.picture()

    return paint
