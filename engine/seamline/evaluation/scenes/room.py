"""A scene indoors: a room behind a wet window."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.scenes.lettering import write
from seamline.evaluation.scenes.shapes import box, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage

CAPTION_FRAME = 38
"""The frame of `wet_window`, counted from 0, in which a caption is suddenly there."""


def wet_window(stage: Stage) -> Paint:
    """A reader by a lamp, rain running down the window; a caption pops in; the camera moves up to it."""
    rng = stage.rng
    wall = stage.canvas().wash("#6b3d3f", "#8a4d45", "#70393d").speckle(0.04)
    for x in np.arange(-0.28, ASPECT + 0.3, 0.085):
        wall.line([(float(x), -0.12), (float(x), 0.86)], 0.012, "#5b3138", opacity=0.25)
    wall.shape(box(-0.3, 0.86, ASPECT + 0.3, 1.12), ("#3f2430", "#2a1826")).shape(
        box(-0.3, 0.845, ASPECT + 0.3, 0.865), "#a8694f"
    )
    view = box(0.62, 0.1, 1.3, 0.72)
    wall.shape(box(0.585, 0.065, 1.335, 0.755), ("#e8d3b0", "#c2a07a")).shape(view, ("#16334f", "#3f6d80"))
    for k, (x, top) in enumerate(
        ((0.60, 0.46), (0.74, 0.4), (0.85, 0.5), (0.98, 0.36), (1.1, 0.46), (1.2, 0.42))
    ):
        wall.shape(box(x, top, x + 0.13, 0.72), ("#122842", "#1c3a54"), inside=(view,))
        for row in np.arange(top + 0.025, 0.7, 0.04):
            for column in (0.02, 0.055, 0.09):
                if rng.random() < 0.4 + 0.05 * (k % 2):
                    wall.shape(
                        box(x + column, row, x + column + 0.02, row + 0.022),
                        "#ffcf87",
                        inside=(view,),
                        blur=0.002,
                    )
    frame = stage.canvas()
    frame.line([(0.96, 0.1), (0.96, 0.72)], 0.02, "#e2cba6").line(
        [(0.62, 0.36), (1.3, 0.36)], 0.016, "#e2cba6"
    )
    frame.shape(box(0.55, 0.745, 1.37, 0.775), ("#f3e2c2", "#b99771"))
    for x, side in ((0.52, 1), (1.4, -1)):
        folds = [
            (x - side * 0.06, 0.04),
            (x + side * 0.2, 0.04),
            (x + side * 0.14, 0.3),
            (x + side * 0.05, 0.52),
            (x + side * 0.07, 0.82),
            (x - side * 0.07, 0.82),
        ]
        frame.shape(smooth(folds), ("#c4553f", "#8c3040"))
        for fold in (0.0, 0.04, 0.08):
            frame.line(
                smooth(
                    [
                        (x + side * (fold + 0.03), 0.06),
                        (x + side * fold * 0.8, 0.5),
                        (x + side * fold * 0.5, 0.8),
                    ],
                    closed=False,
                ),
                0.006,
                "#6f2338",
                opacity=0.4,
            )
    frame.line([(0.42, 0.045), (1.5, 0.045)], 0.014, "#d8b27a")
    frame.shape(box(0.84, 0.7, 0.9, 0.745, radius=0.008), ("#d9764a", "#a54a38"))
    for angle in (-60, -30, -5, 20, 50):
        stem = np.radians(angle - 90)
        tip = (0.87 + 0.1 * np.cos(stem), 0.7 + 0.12 * np.sin(stem))
        frame.shape(
            smooth(
                [
                    (0.87, 0.705),
                    ((0.87 + tip[0]) / 2 - 0.018, (0.7 + tip[1]) / 2),
                    tip,
                    ((0.87 + tip[0]) / 2 + 0.018, (0.7 + tip[1]) / 2),
                ]
            ),
            ("#5fa06f", "#2f6b57"),
        )
    chair = stage.canvas(0, 0.2, 1.2, 1.15)
    chair.shape(
        smooth(
            [
                (0.2, 0.5),
                (0.26, 0.43),
                (0.36, 0.44),
                (0.4, 0.56),
                (0.42, 0.74),
                (0.62, 0.76),
                (0.66, 0.82),
                (0.64, 0.98),
                (0.22, 0.99),
                (0.17, 0.8),
            ]
        ),
        ("#2f7271", "#1c4750"),
    )
    chair.line([(0.25, 0.98), (0.24, 1.05)], 0.018, "#27161f").line(
        [(0.6, 0.98), (0.61, 1.05)], 0.018, "#27161f"
    )
    chair.shape(
        smooth([(0.37, 0.56), (0.45, 0.55), (0.5, 0.63), (0.5, 0.78), (0.4, 0.8), (0.35, 0.68)]),
        ("#e6b24c", "#c07c3a"),
    )
    chair.line(
        smooth([(0.44, 0.78), (0.6, 0.775), (0.66, 0.8), (0.67, 0.93), (0.675, 1.0)], closed=False),
        0.062,
        ("#3b4a7c", "#28325c"),
    )
    chair.line([(0.675, 1.02), (0.73, 1.025)], 0.034, "#2a1a22")
    chair.ellipse(0.432, 0.465, 0.05, 0.06, colour="#e8ad8a").shape(
        box(0.405, 0.5, 0.452, 0.57, radius=0.012), "#d9987a"
    )
    chair.shape(
        smooth(
            [
                (0.372, 0.5),
                (0.365, 0.42),
                (0.41, 0.385),
                (0.47, 0.395),
                (0.486, 0.43),
                (0.44, 0.432),
                (0.412, 0.46),
                (0.41, 0.54),
                (0.375, 0.545),
            ]
        ),
        "#3a1f24",
    )
    chair.line(
        smooth([(0.43, 0.6), (0.485, 0.68), (0.56, 0.66)], closed=False), 0.042, ("#d9a244", "#c98b3f")
    )
    chair.shape([(0.545, 0.6), (0.6, 0.625), (0.61, 0.7), (0.555, 0.68)], "#fff3da").shape(
        [(0.6, 0.625), (0.665, 0.6), (0.672, 0.675), (0.61, 0.7)], "#eddcbb"
    )
    lamp = (
        stage.canvas(0, 0.1, 0.5, 1.15)
        .line([(0.13, 1.04), (0.13, 0.4)], 0.012, "#2a1822")
        .ellipse(0.13, 1.045, 0.06, 0.012, colour="#2a1822")
    )
    lamp.shape([(0.08, 0.3), (0.18, 0.3), (0.225, 0.43), (0.035, 0.43)], ("#ffe9b4", "#ffc873"))
    halo = stage.canvas(-0.4, -0.1, 1.0, 1.0).glow(0.13, 0.4, 0.62, "#ffc873", opacity=0.55).art()
    trail = (
        stage.canvas(-0.01, -0.09, 0.01, 0.02)
        .line([(0, -0.07), (0, 0)], 0.0028, "#cfe6ee", opacity=0.35)
        .ellipse(0, 0, 0.0045, 0.006, colour="#e9f6f8", opacity=0.8)
        .art()
    )
    drops = rng.uniform((0.63, 0.0, 0.06), (1.29, 0.62, 0.3), (60, 3))
    strip = stage.canvas(0.34, 0.82, 1.44, 0.97).shape(
        box(0.44, 0.835, 1.34, 0.945, radius=0.02), "#141019", opacity=0.82
    )
    caption = write(
        strip, "one mile on", ASPECT / 2, 0.913, height=0.048, weight=0.12, colour="#fff3dc", spacing=0.42
    ).art()
    ground, window, reader, light = wall.speckle(0.02).art(), frame.art(), chair.art(), lamp.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(-0.02 + 0.012 * time_s, 0, 1 + 0.03 * time_s)
        take = stage.backdrop(ground, camera, depth=0.8)
        for x, y, speed in drops:
            fall = (y + speed * time_s) % 0.62
            take.put(
                trail, depth=0.8, at=(x + 0.004 * np.sin(40 * fall), 0.1 + fall), opacity=min(1.0, fall * 12)
            )
        take.put(window, depth=0.8).put(reader, depth=1.1).put(light, depth=1.1)
        take.put(halo, depth=1.1, light=True, opacity=0.92 + 0.05 * float(np.sin(5 * time_s)))
        if round(time_s * 25) >= CAPTION_FRAME:
            take.put(caption, depth=0)
        return take.picture()

    return paint
