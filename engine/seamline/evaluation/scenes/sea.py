"""Scenes at the water: a sunset sea seen twice, a lighthouse, windmills on a polder."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Art, Picture
from seamline.evaluation.scenes.shapes import arc, box, down_to, moved, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage

_HORIZON = 0.56


def sea(stage: Stage) -> Paint:
    """A sailing boat before a setting sun; the water glitters."""
    return _sea(stage, sun_x=1.12, boat=(0.5, 0.655, 0.8), start_zoom=1.0, zoom_rate=0.012)


def sea_nearer(stage: Stage) -> Paint:
    """The same sea, sun and boat, from a little nearer and further left: a cut that is hard to see."""
    return _sea(stage, sun_x=0.99, boat=(0.86, 0.69, 1.12), start_zoom=1.08, zoom_rate=0.0)


def _sea(
    stage: Stage, *, sun_x: float, boat: tuple[float, float, float], start_zoom: float, zoom_rate: float
) -> Paint:
    sky = stage.canvas().wash(
        "#3a2f63", "#7b4275", "#d45d6c", "#f68e5f", "#fdc46f", "#ffe0a0", "#ffe0a0", "#ffe0a0"
    )
    sky.speckle(0.02).glow(sun_x, _HORIZON - 0.04, 0.65, "#fff0b8", opacity=0.85)
    sky.ellipse(sun_x, _HORIZON - 0.045, 0.115, colour=("#fffbe0", "#ffe493"))
    for y, x, length in (
        (0.18, 0.4, 0.75),
        (0.25, 1.25, 0.6),
        (0.33, 0.25, 0.5),
        (0.41, 1.5, 0.55),
        (0.46, 0.7, 0.35),
    ):
        band = arc(x, y, length / 2, 0, 360, squash=0.05)
        sky.shape(band, ("#f9a878", "#b84f74"), opacity=0.6, blur=0.006)
    water = (
        stage.canvas(-0.3, _HORIZON).wash("#f2a566", "#c9647a", "#74447f", "#3a2c63", "#231d4b").speckle(0.03)
    )
    island = stage.canvas(-0.3, 0.4, ASPECT + 0.3, 0.6)
    line = smooth([(-0.3, 0.5), (0.0, 0.47), (0.12, 0.5), (0.3, 0.53), (0.5, _HORIZON)], closed=False)
    island.shape(down_to(line, _HORIZON + 0.002), ("#6d3b6d", "#a5566f"))
    dashes = [
        stage.canvas(-0.13, -0.02, 0.13, 0.02).shape(arc(0, 0, 0.1, 0, 360, squash=0.05), colour).art()
        for colour in ("#fff2bf", "#ffcf8a", "#5b3a7c")
    ]
    # glitter: places crowd below the sun and widen towards the camera
    count = 220
    nearness = stage.rng.random(count) ** 1.6
    spread = stage.rng.normal(0, 1, count) * (0.05 + 0.2 * nearness)
    phase = stage.rng.uniform(0, 2 * np.pi, count)
    speed = stage.rng.uniform(2.0, 5.0, count)
    waves_x = stage.rng.uniform(-0.2, ASPECT + 0.2, 90)
    waves_near = stage.rng.random(90) ** 1.3
    ship = _sailing_boat(stage)
    ground, surface, land = sky.art(), water.art(), island.art()
    depth_below = 1.06 - _HORIZON

    def paint(time_s: float) -> Picture:
        camera = Camera(0.015 * time_s, 0, start_zoom + zoom_rate * time_s)
        take = stage.backdrop(ground, camera, depth=0.6).put(land, depth=0.6).put(surface, depth=0.6)
        for at in range(90):
            y = _HORIZON + 0.015 + depth_below * waves_near[at]
            drift = waves_x[at] + 0.03 * np.sin(time_s + at)
            take.put(dashes[2], depth=0.6, at=(drift, y), scale=0.25 + 1.1 * waves_near[at], opacity=0.35)
        for at in range(count):
            strength = np.sin(phase[at] + speed[at] * time_s)
            if strength > 0.05:
                y = _HORIZON + 0.006 + depth_below * nearness[at]
                size = 0.12 + 0.62 * nearness[at]
                take.put(
                    dashes[at % 2], depth=0.6, at=(sun_x + spread[at], y), scale=size, opacity=float(strength)
                )
        x, y, size = boat
        rock = 2.2 * np.sin(1.7 * time_s)
        take.put(
            ship,
            depth=0.8,
            at=(x + 0.025 * time_s, y + 0.004 * np.sin(2.1 * time_s)),
            scale=size,
            angle_deg=rock,
        )
        return take.picture()

    return paint


def _sailing_boat(stage: Stage) -> Art:
    dark = "#2a1a3f"
    canvas = stage.canvas(-0.2, -0.36, 0.2, 0.1)
    canvas.shape(arc(0, 0.03, 0.15, 0, 360, squash=0.12), dark, opacity=0.45, blur=0.006)
    canvas.shape(
        smooth([(-0.12, -0.03), (0.0, -0.022), (0.14, -0.042), (0.1, 0.012), (0.0, 0.022), (-0.1, 0.012)]),
        dark,
    )
    canvas.line([(0, -0.03), (0, -0.33)], 0.005, dark)
    canvas.shape(
        smooth([(-0.006, -0.32), (-0.05, -0.2), (-0.115, -0.052), (-0.006, -0.05)], steps=8),
        ("#ffe9c4", "#f3a27c"),
    )
    canvas.shape([(0.008, -0.3), (0.055, -0.18), (0.125, -0.052), (0.008, -0.055)], ("#f7c79c", "#d9717a"))
    canvas.line([(-0.115, -0.046), (0.0, -0.044)], 0.004, dark)
    return canvas.art()


def lighthouse(stage: Stage) -> Paint:
    """A lighthouse before dawn; its beams turn, waves roll, the camera rises."""
    rng = stage.rng
    sky = (
        stage.canvas()
        .wash("#0c1f3a", "#173a5c", "#3d7189", "#a9b7a6", "#f3c79a", "#f6ab84", "#f6ab84", "#f6ab84")
        .speckle(0.02)
    )
    for x, y, size in rng.uniform((-0.2, -0.1, 0.0008), (ASPECT + 0.2, 0.4, 0.002), (80, 3)):
        sky.ellipse(x, y, size, colour="#e9f4ee", opacity=float(0.8 - y))
    cliff = stage.canvas(-0.3, 0.3, ASPECT + 0.3)
    edge = [
        (-0.35, 0.66),
        (0.0, 0.62),
        (0.3, 0.6),
        (0.52, 0.605),
        (0.6, 0.66),
        (0.63, 0.76),
        (0.72, 0.84),
        (0.78, 1.2),
    ]
    shape = np.vstack([smooth(edge, closed=False), [(-0.35, 1.2)]])
    cliff.shape(shape, ("#3f6a5c", "#152c3c"))
    for at in range(7):
        y = 0.7 + at * 0.07
        strata = smooth([(-0.35, y), (0.2, y + 0.02), (0.5, y - 0.01), (0.8, y + 0.03)], closed=False)
        band = np.vstack([strata, moved(strata, 0, 0.014)[::-1]])
        cliff.shape(band, "#0f2233", opacity=0.3, inside=(shape,))
    cliff.shape(
        down_to(smooth([(-0.35, 0.645), (0.0, 0.61), (0.3, 0.592), (0.55, 0.6)], closed=False), 0.67),
        ("#6f9a6a", "#3f6a5c"),
        inside=(shape,),
    )
    cliff.speckle(0.05)
    tower = stage.canvas(-0.1, -0.5, 0.1, 0.05)
    body = np.array([(-0.052, 0), (-0.034, -0.34), (0.034, -0.34), (0.052, 0)])
    tower.shape(body, "#f4ead8")
    for top in (-0.32, -0.2, -0.08):
        tower.shape(box(-0.1, top, 0.1, top + 0.06), "#c8453b", inside=(body,))
    tower.shape([(0.012, -0.34), (0.034, -0.34), (0.052, 0), (0.02, 0)], "#1c2b4a", opacity=0.35, blur=0.004)
    tower.shape(box(-0.046, -0.356, 0.046, -0.338), "#27324d").shape(
        box(-0.026, -0.41, 0.026, -0.355), "#fff3bf"
    )
    for x in (-0.026, -0.009, 0.009, 0.026):
        tower.line([(x, -0.41), (x, -0.355)], 0.003, "#27324d")
    tower.shape(smooth([(-0.034, -0.408), (0, -0.46), (0.034, -0.408)]), "#c8453b")
    house = stage.canvas(-0.1, -0.15, 0.14, 0.03).shape(box(-0.07, -0.07, 0.09, 0.02), ("#efe3cf", "#c2b49f"))
    house.shape([(-0.085, -0.066), (0.01, -0.128), (0.105, -0.066)], "#8f3b3a").shape(
        box(-0.02, -0.05, 0.012, -0.018), "#ffd98a"
    )
    beam = stage.canvas(0, -0.25, 2.1, 0.25)
    for reach in np.linspace(0.25, 1.9, 14):
        wedge = [(0, -0.006), (reach, -0.1 * reach), (reach + 0.06, 0), (reach, 0.1 * reach), (0, 0.006)]
        beam.shape(wedge, "#fff4c8", opacity=0.065, blur=0.02)
    halo = stage.canvas(-0.3, -0.3, 0.3, 0.3).glow(0, 0, 0.28, "#fff6cf", opacity=0.9)
    waves = []
    for at, colour in enumerate(
        (("#5b8f98", "#3d7484"), ("#3d7484", "#28596f"), ("#28596f", "#173f58"), ("#173f58", "#0d2942"))
    ):
        x = np.linspace(-0.6, ASPECT + 0.6, 400)
        y = 0.72 + at * 0.085 + (0.004 + 0.005 * at) * np.sin(x * (26 - at * 4)) + 0.003 * np.sin(x * 11 + at)
        crest = np.stack([x, y], axis=1)
        wave = stage.canvas(-0.6, 0.66, ASPECT + 0.6, 1.2).shape(down_to(crest, 1.2), colour)
        waves.append(wave.line(moved(crest, 0, 0.004), 0.004, "#d8ece4", opacity=0.5).speckle(0.03).art())
    ground, rock, light, home = sky.art(), cliff.art(), tower.art(), house.art()
    ray, shine = beam.art(), halo.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(-0.02, 0.05 - 0.025 * time_s, 1.04)
        take = stage.backdrop(ground, camera, depth=0.2)
        turn = 1.15 * time_s + 0.5
        for side in (0, np.pi):
            facing = float(np.cos(turn + side))
            take.put(
                ray,
                depth=0.7,
                at=(0.3, 0.225),
                scale=max(0.05, abs(facing)),
                angle_deg=-6 if facing > 0 else 186,
                opacity=abs(facing),
                light=True,
            )
        for at, wave in enumerate(waves[:3]):
            take.put(
                wave,
                depth=0.5 + 0.15 * at,
                at=(0.05 * np.sin(0.9 * time_s + at * 1.7), 0.006 * np.sin(1.3 * time_s + at)),
            )
        take.put(rock, depth=0.7).put(home, depth=0.7, at=(0.12, 0.605)).put(light, depth=0.7, at=(0.3, 0.61))
        take.put(shine, depth=0.7, at=(0.3, 0.225), scale=0.8 + 0.25 * float(np.sin(turn) ** 2), light=True)
        return take.put(waves[3], depth=1.1, at=(0.07 * np.sin(1.1 * time_s), 0)).picture()

    return paint


def windmills(stage: Stage) -> Paint:
    """Windmills turn behind rows of tulips; the camera tracks to the left."""
    rng = stage.rng
    sky = stage.canvas().wash("#7fb7d6", "#a9d3df", "#d9e9e0", "#f9efdb").speckle(0.02)
    clouds = stage.canvas(-0.5, 0, ASPECT + 0.5, 0.5)
    for _ in range(16):
        x, y = rng.uniform((-0.4, 0.08), (ASPECT + 0.4, 0.36))
        for puff in range(4):
            r = float(rng.uniform(0.02, 0.05))
            clouds.shape(
                arc(x + puff * 0.045, y + 0.008 * (puff % 2), r * 1.5, 0, 360, squash=0.5),
                ("#ffffff", "#e4ecec"),
                opacity=0.85,
                blur=0.003,
            )
    field = stage.canvas(-0.5, 0.54, ASPECT + 0.5, 1.2).wash("#a9c48a", "#6f9f62", "#3f7a4e")
    vanish = (0.95, 0.5)
    colours = ("#e23e57", "#f9b233", "#f26a8d", "#fff1d6", "#8e4a9e")
    for row in range(-26, 27):
        x = 0.95 + row * 0.2
        strip = [vanish, (x - 0.058, 1.2), (x + 0.058, 1.2)]
        field.shape(strip, (colours[row % 5], colours[row % 5]), inside=(box(-0.5, 0.6, ASPECT + 0.5, 1.2),))
    field.shape(box(-0.5, 0.535, ASPECT + 0.5, 0.61), ("#c9d6a8", "#8fb27c"), opacity=0.9, blur=0.01).speckle(
        0.08
    )
    trees = stage.canvas(-0.5, 0.4, ASPECT + 0.5, 0.62)
    for x, size in zip(np.arange(-0.5, ASPECT + 0.5, 0.032), rng.uniform(0.012, 0.035, 200), strict=False):
        trees.ellipse(float(x), 0.56, float(size), float(size) * 1.2, colour=("#6b9a8a", "#4f8069"))
    mill = _mill(stage)
    sails = stage.canvas(-0.26, -0.26, 0.26, 0.26)
    for at in range(4):
        c, s = np.cos(at * np.pi / 2), np.sin(at * np.pi / 2)
        turned = np.array([(c, s), (-s, c)])
        sails.shape(
            np.array([(0.045, 0.004), (0.235, 0.004), (0.235, 0.05), (0.045, 0.04)]) @ turned,
            "#f5ead2",
            opacity=0.95,
        )
        for x in np.linspace(0.045, 0.235, 7):
            sails.line(np.array([(x, 0.004), (x, 0.048)]) @ turned, 0.0025, "#6a4a3c")
        sails.line(np.array([(0, 0), (0.24, 0)]) @ turned, 0.006, "#4a3029")
    blades = sails.ellipse(0, 0, 0.012, colour="#4a3029").art()
    ground, cloud, flowers, wood = sky.art(), clouds.art(), field.art(), trees.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0.14 - 0.07 * time_s, 0.01, 1.04)
        take = stage.backdrop(ground, camera, depth=0.05).put(cloud, depth=0.12, at=(0.012 * time_s, 0))
        take.put(wood, depth=0.3).put(flowers, depth=0.6)
        for x, y, size, turn in ((1.62, 0.6, 0.42, 20), (1.2, 0.615, 0.6, 50), (0.5, 0.66, 1.12, 5)):
            depth = 0.3 + 0.5 * size
            take.put(mill, depth=depth, at=(x, y), scale=size)
            take.put(blades, depth=depth, at=(x, y - 0.31 * size), scale=size, angle_deg=turn + 42 * time_s)
        return take.picture()

    return paint


def _mill(stage: Stage) -> Art:
    canvas = stage.canvas(-0.14, -0.4, 0.14, 0.03)
    canvas.shape([(-0.1, 0.02), (-0.055, -0.29), (0.055, -0.29), (0.1, 0.02)], ("#9a5a44", "#6b3a35"))
    canvas.shape([(0.03, 0.02), (0.02, -0.29), (0.055, -0.29), (0.1, 0.02)], "#2b1c2c", opacity=0.3)
    canvas.shape(
        smooth([(-0.066, -0.285), (-0.05, -0.345), (0.0, -0.372), (0.05, -0.345), (0.066, -0.285)]),
        ("#4f5d6b", "#35404f"),
    )
    canvas.shape(box(-0.11, -0.12, 0.11, -0.108), "#3d2a2a")
    for x in np.linspace(-0.1, 0.1, 9):
        canvas.line([(float(x), -0.108), (float(x), -0.14)], 0.003, "#3d2a2a")
    canvas.line([(-0.105, -0.14), (0.105, -0.14)], 0.003, "#3d2a2a")
    canvas.shape(box(-0.02, -0.06, 0.02, 0.02, radius=0.012), "#2d1f26").shape(
        box(-0.012, -0.22, 0.012, -0.19), "#ffe2a0"
    )
    return canvas.art()
