"""Scenes in the woods: a walk through the mist, a night by the fire."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.scenes.shapes import arc, box, down_to, ridge, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage


def forest(stage: Stage) -> Paint:
    """A walker in red goes through a misty wood; near trunks pass by fast."""
    rng = stage.rng
    sky = stage.canvas().wash("#f2efc9", "#cfe3c0", "#9fcab3", "#78b3a5", "#5b9a95").speckle(0.02)
    sky.glow(0.95, 0.2, 0.8, "#fffbe0", opacity=0.95)
    woods = []
    for depth, foot, count, wide, colour in (
        (0.25, 0.76, 30, 0.016, ("#a6cdb4", "#7fb3a3")),
        (0.5, 0.82, 20, 0.028, ("#6fa893", "#4d8a80")),
        (0.85, 0.89, 13, 0.046, ("#3f7d6f", "#29605d")),
        (2.0, 1.06, 7, 0.11, ("#12353a", "#0b2329")),
    ):
        right = ASPECT + 0.4 + 0.8 * depth
        wood = stage.canvas(-0.5, -0.15, right, 1.15)
        floor = ridge(rng, -0.5, right, height=foot, spread=0.02, waves=1.4)
        places = np.linspace(-0.5, right, count) + rng.uniform(-0.4, 0.4, count) * (right + 0.5) / count
        for place in places:
            x, half = float(place), wide * float(rng.uniform(0.35, 0.62))
            lean = float(rng.uniform(-0.02, 0.02))
            trunk = [
                (x - half * 2.1, foot + 0.05),
                (x - half, foot - 0.07),
                (x - half * 0.75 + lean, -0.15),
                (x + half * 0.75 + lean, -0.15),
                (x + half, foot - 0.07),
                (x + half * 2.1, foot + 0.05),
            ]
            wood.shape(smooth(trunk, steps=6), colour)
            for _ in range(4):
                y, side = float(rng.uniform(-0.05, 0.5)), int(rng.choice((-1, 1)))
                tip = (x + side * wide * float(rng.uniform(2, 4)), y - float(rng.uniform(0.03, 0.1)))
                wood.line(
                    smooth([(x + lean / 2, y), ((x + tip[0]) / 2, y - 0.01), tip], closed=False),
                    wide * 0.16,
                    colour[0],
                )
                if depth < 1:
                    wood.shape(
                        arc(tip[0], tip[1], wide * 1.6, 0, 360, squash=0.6),
                        colour[0],
                        opacity=0.6,
                        blur=0.004,
                    )
        wood.shape(down_to(floor, 1.15), colour[1])
        for x in np.arange(-0.5, right, 0.014 + 0.012 * depth):
            y = float(np.interp(x, floor[:, 0], floor[:, 1]))
            tall = float(rng.uniform(0.008, 0.03)) * (0.6 + depth)
            wood.line(
                [(float(x), y + 0.005), (float(x) + float(rng.uniform(-0.012, 0.012)), y - tall)],
                0.003 + 0.003 * depth,
                colour[1],
            )
        woods.append((depth, wood.speckle(0.035).art()))
    ray = stage.canvas(-0.5, -0.2, ASPECT + 0.5, 1.1)
    for x in (0.35, 0.62, 0.95, 1.3):
        ray.shape(
            [(x, -0.2), (x + 0.08, -0.2), (x - 0.12, 1.1), (x - 0.32, 1.1)],
            "#fff7cf",
            opacity=0.16,
            blur=0.02,
        )
    figure = stage.canvas(-0.1, -0.34, 0.1, 0.02)
    figure.shape(
        smooth(
            [
                (-0.024, -0.245),
                (0.022, -0.245),
                (0.036, -0.17),
                (0.048, -0.09),
                (-0.046, -0.09),
                (-0.034, -0.17),
            ]
        ),
        ("#e2483d", "#a8262f"),
    )
    figure.ellipse(0.004, -0.272, 0.022, 0.026, colour="#f0bd98")
    figure.shape(
        smooth(
            [(-0.026, -0.24), (-0.028, -0.285), (0.0, -0.308), (0.024, -0.292), (0.01, -0.278), (0.0, -0.25)]
        ),
        ("#e2483d", "#b92c33"),
    )
    figure.shape(box(-0.052, -0.23, -0.022, -0.15, radius=0.012), "#6b4a2c")
    leg = (
        stage.canvas(-0.04, -0.02, 0.04, 0.12)
        .line([(0, 0), (0, 0.082)], 0.017, "#233038")
        .line([(0.0, 0.088), (0.016, 0.09)], 0.012, "#14191f")
        .art()
    )
    ground, rays, walker = sky.art(), ray.art(), figure.art()

    def paint(time_s: float) -> Picture:
        walked = 0.17 * time_s
        take = stage.backdrop(ground, Camera(walked - 0.15), depth=0.05)
        take.put(woods[0][1], depth=0.25).put(rays, depth=0.15, light=True, opacity=0.8).put(
            woods[1][1], depth=0.5
        )
        take.put(woods[2][1], depth=0.85)
        x, stride = 0.78 + walked * 0.95, np.sin(time_s * 7)
        bob = 0.004 * abs(float(np.cos(time_s * 7)))
        for side in (-1, 1):
            take.put(leg, at=(x, 0.838 - bob), angle_deg=-26 * stride * side)
        take.put(walker, at=(x, 0.932 - bob))
        return take.put(woods[3][1], depth=2.0).picture()

    return paint


def campfire(stage: Stage) -> Paint:
    """Two by a fire under turning stars; one star falls."""
    rng = stage.rng
    sky = stage.canvas().wash("#060b24", "#0c1a42", "#1b3563", "#3b5f86", "#7d94a3", "#7d94a3").speckle(0.02)
    stars = stage.canvas(-1.4, -1.4, 1.4, 1.4)
    for _ in range(420):
        x, y = rng.uniform(-1.4, 1.4, 2)
        size = float(rng.uniform(0.0008, 0.0026)) * (1.7 if rng.random() < 0.08 else 1)
        stars.ellipse(
            float(x),
            float(y),
            size,
            colour=("#ffffff", "#ffe9c9", "#cfe2ff")[int(rng.integers(0, 3))],
            opacity=float(rng.uniform(0.4, 1)),
        )
    for _ in range(26):
        along = float(rng.uniform(-1.2, 1.2))
        x, y = along, 0.45 * along + float(rng.normal(0, 0.09))
        stars.ellipse(
            x,
            y,
            float(rng.uniform(0.08, 0.2)),
            float(rng.uniform(0.04, 0.08)),
            colour="#9fb4e8",
            opacity=0.05,
            blur=0.03,
        )
    far = (
        stage.canvas(-0.3, 0.4, ASPECT + 0.3)
        .shape(
            down_to(ridge(rng, -0.3, ASPECT + 0.3, height=0.7, spread=0.08, waves=2.2), 1.12),
            ("#1d3358", "#33506f"),
        )
        .speckle(0.04)
    )
    land = stage.canvas(-0.3, 0.6, ASPECT + 0.3)
    land.shape(
        down_to(
            smooth([(-0.3, 0.86), (0.3, 0.83), (0.9, 0.85), (1.5, 0.82), (2.1, 0.87)], closed=False), 1.12
        ),
        ("#12213a", "#0a1122"),
    )
    land.shape([(0.24, 0.875), (0.47, 0.6), (0.7, 0.885)], ("#f0944d", "#b4502f")).shape(
        [(0.47, 0.6), (0.7, 0.885), (0.86, 0.845)], ("#a34a32", "#5c2930")
    )
    land.shape([(0.44, 0.88), (0.47, 0.69), (0.54, 0.882)], ("#ffdf96", "#ffb75c"))
    for x, side, coat in ((0.98, 1, "#243a5c"), (1.36, -1, "#5a2b3c")):
        land.shape(
            smooth(
                [
                    (x - side * 0.035, 0.76),
                    (x + side * 0.02, 0.765),
                    (x + side * 0.04, 0.82),
                    (x + side * 0.075, 0.82),
                    (x + side * 0.09, 0.9),
                    (x - side * 0.05, 0.905),
                    (x - side * 0.06, 0.83),
                ]
            ),
            (coat, "#141a2c"),
        )
        land.ellipse(x + side * 0.002, 0.728, 0.026, 0.03, colour="#d99a74").ellipse(
            x - side * 0.006, 0.715, 0.028, 0.022, colour="#1a1422"
        )
        land.line([(x + side * 0.01, 0.79), (x + side * 0.07, 0.825)], 0.018, coat)
    land.line([(1.12, 0.9), (1.23, 0.878)], 0.016, "#3a2018").line(
        [(1.12, 0.878), (1.23, 0.9)], 0.016, "#2c1812"
    ).speckle(0.03)
    flames = []
    for tall, wide, colour in (
        (0.14, 0.05, ("#ff8a3c", "#e2492e")),
        (0.1, 0.036, ("#ffc24f", "#ff8f3a")),
        (0.055, 0.02, ("#fff6c9", "#ffd76b")),
    ):
        outline = smooth(
            [
                (0, -tall),
                (wide * 0.5, -tall * 0.55),
                (wide, -tall * 0.2),
                (wide * 0.5, 0.0),
                (-wide * 0.5, 0.0),
                (-wide, -tall * 0.2),
                (-wide * 0.55, -tall * 0.5),
            ]
        )
        flames.append(stage.canvas(-0.1, -0.2, 0.1, 0.05).shape(outline, colour).art())
    warm = stage.canvas(-0.6, -0.6, 0.6, 0.6).glow(0, 0, 0.55, "#ff9a4a", opacity=0.55).art()
    spark = stage.canvas(-0.01, -0.01, 0.01, 0.01).ellipse(0, 0, 0.0028, colour="#ffd27a").art()
    sparks = rng.uniform((-0.03, 0, 0.2), (0.03, 1, 0.45), (22, 3))
    tail = stage.canvas(-0.3, -0.02, 0.02, 0.02)
    for k in range(12):
        tail.line([(-0.25 + k * 0.02, 0), (0, 0)], 0.003, "#ffffff", opacity=0.14)
    meteor = tail.art()
    ground, turning, hills, camp = sky.art(), stars.art(), far.art(), land.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0.01 * time_s, 0.03 - 0.012 * time_s, 1.02)
        take = stage.backdrop(ground, camera, depth=0.1)
        take.put(turning, depth=0.1, at=(0.9, 0.42), angle_deg=14 + 2.4 * time_s)
        if 1.2 < time_s < 2.0:
            gone = (time_s - 1.2) / 0.8
            take.put(
                meteor,
                depth=0.1,
                at=(1.1 + 0.42 * gone, 0.12 + 0.2 * gone),
                angle_deg=25.5,
                opacity=float(np.sin(np.pi * gone)),
            )
        take.put(hills, depth=0.35).put(camp)
        for at, flame in enumerate(flames):
            sway = 7 * float(np.sin(9 * time_s + at * 2)) + 4 * float(np.sin(17 * time_s + at))
            take.put(
                flame,
                at=(1.175, 0.885),
                scale=0.92 + 0.1 * float(np.sin(13 * time_s + at * 1.3)),
                angle_deg=sway,
            )
        for x, phase, speed in sparks:
            age = (time_s * speed * 2 + phase) % 1
            take.put(
                spark,
                at=(1.175 + x * (1 + age) + 0.012 * np.sin(9 * age + phase * 7), 0.84 - 0.35 * age),
                opacity=1 - age,
            )
        return take.put(
            warm,
            at=(1.175, 0.84),
            light=True,
            opacity=0.75 + 0.12 * float(np.sin(11 * time_s) * np.sin(7 * time_s)),
        ).picture()

    return paint
