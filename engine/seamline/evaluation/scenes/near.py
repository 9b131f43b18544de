"""Scenes from very near: a face, an eye, a clock."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.scenes.shapes import arc, box, moved, smooth
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage

_MIDDLE = ASPECT / 2


def face(stage: Stage) -> Paint:
    """A face near, that blinks and looks aside; the camera comes nearer."""
    wall = stage.canvas().wash("#1f5a66", "#2f7f82", "#1d5562").speckle(0.035)
    wall.ellipse(_MIDDLE, 0.46, 0.47, colour=("#f6c667", "#ec8f5a"))
    for radius in (0.51, 0.55):
        wall.line(arc(_MIDDLE, 0.46, radius, 0, 360), 0.004, "#f6c667", opacity=0.6)
    skin, shade, hair = ("#f2b991", "#e59c77"), "#c9765c", "#2b1a2e"
    m = _MIDDLE
    back = stage.canvas()
    back.shape(
        smooth(
            [
                (m - 0.02, 0.04),
                (m + 0.2, 0.1),
                (m + 0.29, 0.32),
                (m + 0.27, 0.6),
                (m + 0.31, 0.8),
                (m + 0.17, 0.86),
                (m - 0.17, 0.86),
                (m - 0.31, 0.8),
                (m - 0.27, 0.6),
                (m - 0.29, 0.32),
                (m - 0.2, 0.1),
            ]
        ),
        (hair, "#43233d"),
    )
    bust = stage.canvas(bottom=1.25)
    bust.shape(
        smooth(
            [
                (m - 0.46, 1.25),
                (m - 0.4, 1.0),
                (m - 0.22, 0.915),
                (m, 0.89),
                (m + 0.22, 0.915),
                (m + 0.4, 1.0),
                (m + 0.46, 1.25),
            ]
        ),
        ("#c4473f", "#8a2a3a"),
    )
    bust.shape(
        smooth(
            [
                (m - 0.085, 0.7),
                (m + 0.085, 0.7),
                (m + 0.09, 0.86),
                (m + 0.15, 0.92),
                (m, 1.01),
                (m - 0.15, 0.92),
                (m - 0.09, 0.86),
            ]
        ),
        (shade, skin[1]),
    )
    oval = smooth(
        [
            (m, 0.165),
            (m + 0.15, 0.2),
            (m + 0.2, 0.36),
            (m + 0.185, 0.52),
            (m + 0.125, 0.68),
            (m + 0.045, 0.755),
            (m, 0.765),
            (m - 0.045, 0.755),
            (m - 0.125, 0.68),
            (m - 0.185, 0.52),
            (m - 0.2, 0.36),
            (m - 0.15, 0.2),
        ]
    )
    head = stage.canvas()
    for side in (-1, 1):
        head.ellipse(m + side * 0.2, 0.47, 0.03, 0.05, colour=skin[1]).ellipse(
            m + side * 0.212, 0.545, 0.012, colour="#f9d76f"
        )
    head.shape(oval, skin)
    head.shape(
        np.vstack([oval[oval[:, 0] > m + 0.02], (oval[oval[:, 0] > m + 0.02] - (0.11, 0))[::-1]]),
        shade,
        opacity=0.28,
        blur=0.02,
        inside=(oval,),
    )
    for side in (-1, 1):
        head.ellipse(m + side * 0.11, 0.575, 0.05, 0.036, colour="#ec6f63", opacity=0.4, blur=0.012)
    head.line(
        smooth(
            [(m + 0.012, 0.43), (m + 0.03, 0.52), (m + 0.036, 0.555), (m + 0.006, 0.572), (m - 0.016, 0.563)],
            closed=False,
        ),
        0.007,
        shade,
    )
    head.shape(
        smooth(
            [
                (m - 0.062, 0.646),
                (m - 0.022, 0.633),
                (m, 0.64),
                (m + 0.022, 0.633),
                (m + 0.062, 0.646),
                (m + 0.025, 0.675),
                (m - 0.025, 0.675),
            ]
        ),
        ("#c33f4c", "#d95960"),
    )
    head.line(smooth([(m - 0.062, 0.646), (m, 0.652), (m + 0.062, 0.646)], closed=False), 0.0035, "#82263a")
    fringe = stage.canvas()
    fringe.shape(
        smooth(
            [
                (m - 0.225, 0.47),
                (m - 0.235, 0.27),
                (m - 0.15, 0.1),
                (m + 0.02, 0.075),
                (m + 0.17, 0.11),
                (m + 0.24, 0.28),
                (m + 0.225, 0.47),
                (m + 0.185, 0.36),
                (m + 0.1, 0.265),
                (m - 0.04, 0.26),
                (m - 0.12, 0.315),
                (m - 0.19, 0.38),
            ]
        ),
        (hair, "#3a2038"),
    )
    for k in range(5):
        fringe.line(
            smooth(
                [
                    (m + 0.03 - 0.03 * k, 0.09 + 0.004 * k),
                    (m - 0.06 - 0.03 * k, 0.16 + 0.01 * k),
                    (m - 0.1 - 0.026 * k, 0.25 + 0.02 * k),
                ],
                closed=False,
            ),
            0.004,
            "#6b4160",
            opacity=0.55,
        )
    for side in (-1, 1):
        fringe.line(
            smooth(
                [(m + side * 0.05, 0.405), (m + side * 0.1, 0.382), (m + side * 0.15, 0.402)], closed=False
            ),
            0.013,
            hair,
        )
    almond = smooth(
        [(-0.052, 0.004), (-0.02, -0.026), (0.02, -0.026), (0.052, 0.002), (0.02, 0.024), (-0.02, 0.024)]
    )
    white = stage.canvas(-0.08, -0.06, 0.08, 0.06).shape(almond, ("#efe4dc", "#fffaf3")).art()
    iris = (
        stage.canvas(-0.08, -0.06, 0.08, 0.06)
        .ellipse(0, 0, 0.025, colour=("#274a3f", "#5f9a6b"))
        .ellipse(0, 0, 0.012, colour="#14101c")
        .ellipse(-0.008, -0.009, 0.006, colour="#ffffff")
        .art()
    )
    lid = (
        stage.canvas(-0.08, -0.06, 0.08, 0.06)
        .line(
            smooth([(-0.056, 0.006), (-0.02, -0.028), (0.02, -0.028), (0.056, 0.002)], closed=False),
            0.01,
            hair,
        )
        .art()
    )
    closed = (
        stage.canvas(-0.08, -0.06, 0.08, 0.06)
        .shape(almond * (1.08, 1.3), skin)
        .line(smooth([(-0.054, 0.006), (0, 0.026), (0.054, 0.004)], closed=False), 0.01, hair)
        .art()
    )
    ground, behind, body, skull, front = wall.art(), back.art(), bust.art(), head.art(), fringe.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0, -0.01, 1.0 + 0.045 * time_s)
        turn = 0.006 * float(np.sin(1.6 * time_s))
        take = (
            stage.backdrop(ground, camera, depth=0.4)
            .put(behind, at=(turn * 0.5, 0))
            .put(body)
            .put(skull, at=(turn, 0))
        )
        look = 0.014 * float(np.tanh(3 * np.sin(2.2 * time_s)))
        blink = (time_s % 1.5) > 1.38
        for side in (-1, 1):
            at = (m + side * 0.098 + turn * 1.3, 0.462)
            if blink:
                take.put(closed, at=at)
            else:
                take.put(white, at=at).put(iris, at=(at[0] + look, at[1])).put(lid, at=at)
        return take.put(front, at=(turn, 0)).picture()

    return paint


def eye(stage: Stage) -> Paint:
    """One eye, as near as can be; the pupil narrows."""
    skin = stage.canvas().wash("#eeb08a", "#f4bd97", "#e39b78").speckle(0.03)
    m = _MIDDLE
    skin.glow(m - 0.5, 0.75, 0.6, "#ec7a66", opacity=0.45)
    skin.line(
        smooth([(m - 0.62, 0.16), (m - 0.2, 0.03), (m + 0.3, 0.05), (m + 0.68, 0.2)], closed=False),
        0.075,
        "#3a1f2e",
    )
    skin.line(
        smooth([(m - 0.6, 0.42), (m - 0.25, 0.235), (m + 0.22, 0.225), (m + 0.62, 0.44)], closed=False),
        0.014,
        "#b9654f",
        opacity=0.7,
        blur=0.004,
    )
    almond = smooth(
        [
            (m - 0.58, 0.57),
            (m - 0.25, 0.32),
            (m + 0.2, 0.31),
            (m + 0.58, 0.54),
            (m + 0.22, 0.73),
            (m - 0.24, 0.74),
        ]
    )
    skin.shape(almond, ("#d9cfd0", "#fffaf4"))
    iris = stage.canvas().ellipse(m, 0.515, 0.235, colour=("#12414a", "#2f9a8f"))
    for angle in np.arange(0, 360, 7):
        a = np.radians(angle)
        iris.line(
            [
                (m + 0.11 * np.cos(a), 0.515 + 0.11 * np.sin(a)),
                (m + 0.22 * np.cos(a), 0.515 + 0.22 * np.sin(a)),
            ],
            0.006,
            "#9fe0c4",
            opacity=0.35,
        )
    iris.line(arc(m, 0.515, 0.23, 0, 360), 0.014, "#0b2a33")
    lids = stage.canvas()
    upper = smooth([(m - 0.6, 0.58), (m - 0.25, 0.315), (m + 0.2, 0.305), (m + 0.6, 0.55)], closed=False)
    lids.line(upper, 0.032, "#2a1524")
    for k in range(2, len(upper) - 1, 2):
        x, y = upper[k]
        reach = (x - m) * 0.22
        lids.line(
            smooth([(x, y), (x + reach * 0.4, y - 0.06), (x + reach + 0.02, y - 0.095)], closed=False),
            0.012,
            "#2a1524",
        )
    lids.line(
        smooth([(m - 0.58, 0.58), (m - 0.24, 0.742), (m + 0.22, 0.732), (m + 0.58, 0.555)], closed=False),
        0.01,
        "#a8543f",
    )
    shadow = stage.canvas().shape(
        np.vstack([upper, moved(upper, 0, 0.07)[::-1]]), "#3a2038", opacity=0.35, blur=0.012, inside=(almond,)
    )
    pupil = stage.canvas(-0.2, -0.2, 0.2, 0.2).ellipse(0, 0, 0.12, colour="#0a0d14").art()
    glint = (
        stage.canvas(-0.2, -0.2, 0.2, 0.2)
        .shape(box(-0.05, -0.045, 0.05, 0.045, radius=0.01), "#ffffff", opacity=0.92)
        .art()
    )
    ground, ring, lashes, dark = skin.art(), iris.art(), lids.art(), shadow.art()

    def paint(time_s: float) -> Picture:
        take = stage.backdrop(ground, Camera(0, 0, 1.02 + 0.06 * time_s), depth=1).put(ring)
        take.put(pupil, at=(m, 0.515), scale=1.05 - 0.5 * min(1.0, time_s * 1.6)).put(
            glint, at=(m - 0.075, 0.44)
        )
        return take.put(dark).put(lashes).picture()

    return paint


def clock(stage: Stage) -> Paint:
    """A station clock; the second hand moves on."""
    wall = (
        stage.canvas()
        .wash("#16263f", "#223a5a", "#14223a")
        .speckle(0.04)
        .glow(_MIDDLE, 0.5, 0.95, "#4b78a0", opacity=0.5)
    )
    m = _MIDDLE
    wall.ellipse(m + 0.02, 0.525, 0.475, colour="#070d1a", opacity=0.5, blur=0.02)
    wall.ellipse(m, 0.5, 0.47, colour=("#d9a54f", "#8a5a2b")).ellipse(
        m, 0.5, 0.43, colour=("#fdf6e4", "#eaddc0")
    )
    for at in range(60):
        a = np.radians(at * 6)
        inner, wide = (0.335, 0.022) if at % 5 == 0 else (0.375, 0.007)
        wall.line(
            [
                (m + inner * np.sin(a), 0.5 - inner * np.cos(a)),
                (m + 0.395 * np.sin(a), 0.5 - 0.395 * np.cos(a)),
            ],
            wide,
            "#1c2230",
        )
    hands = [
        stage.canvas(-0.1, -0.45, 0.1, 0.15).line([(0, 0.07), (0, -reach)], wide, colour)
        for reach, wide, colour in (
            (0.22, 0.03, "#1c2230"),
            (0.33, 0.021, "#1c2230"),
            (0.28, 0.008, "#c9392f"),
        )
    ]
    hands[2].ellipse(0, -0.28, 0.024, colour="#c9392f").ellipse(0, 0, 0.02, colour="#c9392f")
    ground, arts = wall.art(), [hand.art() for hand in hands]

    def paint(time_s: float) -> Picture:
        take = stage.backdrop(ground, Camera(0, 0, 1.1 + 0.05 * time_s), depth=1)
        angles = (305.0, 51.0, 140 + 45 * time_s)
        for hand, angle in zip(arts, angles, strict=True):
            take.put(hand, at=(m, 0.5), angle_deg=angle)
        return take.picture()

    return paint
