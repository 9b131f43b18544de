"""Scenes in a town at night: a skyline, a street in the rain."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Art, Canvas, Picture
from seamline.evaluation.scenes.shapes import arc, box, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage


def _towers(stage: Stage, base: float, tall: float, colour: tuple[str, str], lit: float, unit: float) -> Art:
    """A row of buildings standing on `base`, up to `tall` high; the share `lit` of their windows shines."""
    rng = stage.rng
    canvas = stage.canvas(-0.5, base - tall - 0.15, ASPECT + 0.7, base)
    x = -0.5
    while x < ASPECT + 0.7:
        wide = float(rng.integers(4, 9)) * unit
        top = base - tall * float(rng.uniform(0.35, 1.0))
        canvas.shape(box(x, top, x + wide, base + 0.1), colour)
        style = int(rng.integers(0, 4))
        if style == 0:
            canvas.shape(box(x + wide * 0.2, top - unit, x + wide * 0.8, top), colour[0])
            canvas.line([(x + wide / 2, top - unit), (x + wide / 2, top - 4 * unit)], 0.003, colour[0])
            canvas.ellipse(x + wide / 2, top - 4 * unit, 0.004, colour="#ff5d5d")
        elif style == 1:
            canvas.shape([(x, top), (x + wide * 0.5, top - wide * 0.3), (x + wide, top)], colour[0])
        elif style == 2:
            canvas.shape(arc(x + wide / 2, top, wide / 2, 180, 360, squash=0.5), colour[0])
        glass = ("#ffd98a", "#ffc46b", "#fff1c4", "#9fd8e8")[int(rng.choice(4, p=(0.5, 0.25, 0.15, 0.1)))]
        for row in np.arange(top + unit * 0.6, base - unit * 0.3, unit * 1.05):
            for column in np.arange(x + unit * 0.5, x + wide - unit * 0.7, unit):
                if rng.random() < lit:
                    pane = box(column, row, column + unit * 0.5, row + unit * 0.6)
                    canvas.shape(pane, glass, opacity=float(rng.uniform(0.55, 1)))
        x += wide + float(rng.choice((0.0, unit * 0.4)))
    return canvas.speckle(0.04).art()


def skyline(stage: Stage) -> Paint:
    """A town at night above a river, the moon behind clouds; the camera pans left."""
    rng = stage.rng
    sky = stage.canvas().wash("#0b1033", "#1a1f57", "#43307a", "#8a3f86", "#d65f7d", "#f08a74").speckle(0.02)
    for x, y, size in rng.uniform((-0.3, -0.1, 0.0007), (ASPECT + 0.3, 0.45, 0.002), (90, 3)):
        sky.ellipse(x, y, size, colour="#f5e9ff", opacity=float(0.75 - y))
    sky.glow(1.32, 0.2, 0.36, "#d9d2ff", opacity=0.6).ellipse(1.32, 0.2, 0.075, colour="#fbf6e4")
    for x, y, r in ((1.30, 0.18, 0.012), (1.345, 0.215, 0.017), (1.31, 0.235, 0.009)):
        sky.ellipse(x, y, r, colour="#e2dac6", opacity=0.7)
    rows = [
        _towers(stage, 0.80, 0.42, ("#4d3478", "#8d4683"), 0.22, 0.017),
        _towers(stage, 0.80, 0.36, ("#2b2359", "#4f2e68"), 0.38, 0.022),
        _towers(stage, 0.80, 0.24, ("#141438", "#221a45"), 0.5, 0.028),
    ]
    river = (
        stage.canvas(-0.5, 0.79, ASPECT + 0.7, 1.12)
        .wash("#7a3f78", "#3b2a63", "#171a42", "#10132f")
        .speckle(0.04)
    )
    for x in rng.uniform(-0.4, ASPECT + 0.6, 150):
        length, y = float(rng.uniform(0.03, 0.16)), float(rng.uniform(0.8, 0.84))
        colour = ("#ffd98a", "#ffb36b", "#9fd8e8", "#ff7d8f")[int(rng.integers(0, 4))]
        river.line(
            [(x, y), (x, y + length)], float(rng.uniform(0.002, 0.007)), colour, opacity=0.3, blur=0.003
        )
    ripple = (
        stage.canvas(-0.12, -0.01, 0.12, 0.01).shape(arc(0, 0, 0.1, 0, 360, squash=0.025), "#0e1130").art()
    )
    ripples = rng.uniform((-0.3, 0.82, 0.4), (ASPECT + 0.3, 1.04, 1.2), (46, 3))
    boat = stage.canvas(-0.2, -0.1, 0.2, 0.05)
    boat.shape(
        smooth([(-0.16, -0.022), (0.15, -0.022), (0.175, -0.03), (0.145, 0.016), (-0.14, 0.016)]), "#0a0c24"
    )
    boat.shape(box(-0.12, -0.056, 0.08, -0.018, radius=0.006), "#161a3f")
    for x in np.arange(-0.11, 0.07, 0.026):
        boat.shape(box(float(x), -0.048, float(x) + 0.016, -0.03), "#ffe1a0")
    ground, water, ferry = sky.art(), river.art(), boat.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0.15 - 0.055 * time_s, 0, 1.0)
        take = stage.backdrop(ground, camera, depth=0.1)
        for depth, row in zip((0.4, 0.65, 0.9), rows, strict=True):
            take.put(row, depth=depth)
        take.put(water, depth=0.9)
        for at, (x, y, size) in enumerate(ripples):
            take.put(
                ripple, depth=0.9, at=(x + 0.02 * np.sin(1.5 * time_s + at), y), scale=size, opacity=0.55
            )
        return take.put(ferry, depth=0.9, at=(0.35 + 0.09 * time_s, 0.93)).picture()

    return paint


def _lamp(stage: Stage) -> Art:
    lamp = stage.canvas(-0.1, -0.75, 0.1, 0.02)
    lamp.line([(0, 0.01), (0, -0.6)], 0.011, "#0b1420").shape(box(-0.014, -0.06, 0.014, 0.015), "#0b1420")
    lamp.shape([(-0.022, -0.6), (0.022, -0.6), (0.033, -0.685), (-0.033, -0.685)], "#ffe9ae")
    lamp.shape([(-0.038, -0.683), (0.038, -0.683), (0.0, -0.725)], "#0b1420")
    return lamp.art()


def _walker(stage: Stage) -> Canvas:
    """A coat, a head and an umbrella, standing on (0, 0) without legs, seen from the side."""
    figure = stage.canvas(-0.25, -0.6, 0.25, 0.02)
    figure.line([(0.035, -0.28), (0.045, -0.5)], 0.006, "#10131d")
    coat = [
        (-0.03, -0.36),
        (0.028, -0.36),
        (0.05, -0.3),
        (0.058, -0.2),
        (0.07, -0.1),
        (-0.068, -0.1),
        (-0.055, -0.22),
        (-0.046, -0.31),
    ]
    figure.shape(smooth(coat), ("#d9a13b", "#a8642c")).line(
        [(0.018, -0.33), (0.05, -0.26), (0.04, -0.285)], 0.028, "#c28a35"
    )
    figure.ellipse(0.004, -0.395, 0.03, 0.036, colour="#e9b08e")
    figure.shape(
        smooth(
            [
                (-0.034, -0.385),
                (-0.03, -0.425),
                (0.004, -0.438),
                (0.034, -0.418),
                (0.028, -0.405),
                (-0.008, -0.405),
                (-0.02, -0.365),
            ]
        ),
        "#2c1a22",
    )
    canopy = np.vstack(
        [arc(0.03, -0.43, 0.19, 180, 360, squash=0.62)]
        + [
            arc(0.03 + s * 0.0633, -0.43, 0.0317, 0, -180, squash=0.4)
            for s in (2.5, 1.5, 0.5, -0.5, -1.5, -2.5)
        ]
    )
    figure.shape(canopy, ("#d8434e", "#8f2440"))
    for s in (-1, 1):
        figure.line(
            smooth([(0.03, -0.548), (0.03 + s * 0.06, -0.51), (0.03 + s * 0.0633, -0.43)], closed=False),
            0.0025,
            "#6f1a34",
            opacity=0.7,
        )
    return figure


def rainy_street(stage: Stage) -> Paint:
    """Someone walks home under an umbrella, past lamps and shop windows; the camera walks along."""
    rng = stage.rng
    sky = stage.canvas().wash("#0e1b2c", "#16304a", "#245064", "#3c7078", "#3c7078").speckle(0.03)
    houses = stage.canvas(-0.6, -0.15, ASPECT + 1.2, 0.75)
    x = -0.6
    while x < ASPECT + 1.2:
        wide = float(rng.uniform(0.3, 0.48))
        wall = (("#27405a", "#1b2c42"), ("#33465a", "#222f40"), ("#3c3f5c", "#262a42"))[
            int(rng.integers(0, 3))
        ]
        top = float(rng.uniform(-0.12, 0.12))
        houses.shape(box(x, top, x + wide, 0.75), wall)
        for row in np.arange(top + 0.06, 0.42, 0.135):
            for column in np.arange(x + 0.05, x + wide - 0.08, 0.105):
                pane = box(float(column), float(row), float(column) + 0.055, float(row) + 0.085)
                houses.shape(pane, ("#ffcf7f", "#f2a65a") if rng.random() < 0.3 else ("#13202f", "#1d3244"))
                houses.shape(
                    box(float(column) - 0.006, float(row) + 0.085, float(column) + 0.061, float(row) + 0.093),
                    "#0f1a28",
                )
        shop = ("#ffdf9e", "#f5a95c") if rng.random() < 0.7 else ("#9be0d8", "#3f9a9c")
        houses.shape(box(x + 0.035, 0.5, x + wide - 0.035, 0.715), shop)
        for bar in (0.36, 0.68):
            houses.line([(x + wide * bar, 0.5), (x + wide * bar, 0.715)], 0.006, "#101c2a")
        stripes = np.linspace(x + 0.02, x + wide - 0.02, 10)
        for k in range(9):
            awning = [
                (stripes[k], 0.455),
                (stripes[k + 1], 0.455),
                (stripes[k + 1] + 0.004, 0.52),
                (stripes[k] - 0.004, 0.52),
            ]
            houses.shape(awning, "#b43b45" if k % 2 else "#ead9bd")
        x += wide
    houses.speckle(0.05)
    front = houses.art()
    pavement = (
        stage.canvas(-0.6, 0.74, ASPECT + 1.2, 1.15).wash("#223a4c", "#182a3b", "#0d1826").speckle(0.05)
    )
    for x in rng.uniform(-0.5, ASPECT + 1.1, 70):
        warm = ("#ffcf7f", "#f2a65a", "#8fd6cf")[int(rng.integers(0, 3))]
        y = float(rng.uniform(0.76, 0.8))
        pavement.line(
            [(x, y), (x, y + float(rng.uniform(0.05, 0.2)))],
            float(rng.uniform(0.008, 0.03)),
            warm,
            opacity=0.16,
            blur=0.012,
        )
    lamp, figure = _lamp(stage), _walker(stage).art()
    halo = stage.canvas(-0.36, -0.36, 0.36, 0.36).glow(0, 0, 0.34, "#ffdf9c", opacity=0.65).art()
    leg = stage.canvas(-0.05, -0.02, 0.05, 0.14).line([(0, 0), (0.004, 0.105)], 0.022, "#1a2030")
    leg.line([(0.006, 0.112), (0.028, 0.114)], 0.016, "#0e121c")
    foot = leg.art()
    drop = (
        stage.canvas(-0.02, -0.06, 0.02, 0.06)
        .line([(0.008, -0.045), (-0.008, 0.045)], 0.0022, "#d5ecf2", opacity=0.55)
        .art()
    )
    rain = rng.uniform((-0.2, 0, 1.5, 0.5), (ASPECT + 0.3, 1.2, 2.3, 1.3), (110, 4))
    splash = (
        stage.canvas(-0.03, -0.015, 0.03, 0.015)
        .line(arc(0, 0, 0.02, 0, 360, squash=0.32), 0.002, "#cfe8ee", opacity=0.7)
        .art()
    )
    splashes = rng.uniform((-0.1, 0.82, 0), (ASPECT + 0.1, 1.0, 1), (24, 3))
    ground, floor = sky.art(), pavement.art()

    def paint(time_s: float) -> Picture:
        walked = 0.16 * time_s
        camera = Camera(walked, 0, 1.0)
        take = stage.backdrop(ground, camera, depth=0).put(front, depth=0.75).put(floor, depth=1)
        for x in (0.28, 1.12, 1.96):
            take.put(lamp, at=(x, 0.79)).put(halo, at=(x, 0.145), light=True, opacity=0.9)
        for x, y, phase in splashes:
            age = (time_s * 2.2 + phase) % 1
            take.put(splash, depth=0, at=(x, y), scale=0.3 + age, opacity=0.8 * (1 - age))
        x = 0.72 + walked
        stride = np.sin(time_s * 6.5)
        bob = 0.004 * abs(float(np.cos(time_s * 6.5)))
        for side in (-1, 1):
            take.put(foot, at=(x + 0.006 * side, 0.812 - bob), angle_deg=-24 * stride * side)
        take.put(figure, at=(x, 0.92 - bob))
        for at, (x, y, speed, size) in enumerate(rain):
            fall = (y + speed * time_s) % 1.25 - 0.12
            take.put(
                drop, depth=0, at=(x - 0.17 * fall + 0.1, fall), scale=size, opacity=0.5 + 0.4 * (at % 2)
            )
        return take.picture()

    return paint
