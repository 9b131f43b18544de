"""Scenes of lettering: the countdown, the title, the end."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.scenes.lettering import write
from seamline.evaluation.scenes.shapes import arc, down_to, ease, ridge
from seamline.evaluation.scenes.stage import ASPECT, Camera, Paint, Stage

_MIDDLE = ASPECT / 2


def countdown(stage: Stage) -> Paint:
    """A film leader: three, two, one, with a turning hand."""
    paper = stage.canvas().wash("#cfc6b2", "#e6dfcd", "#c9bfa9").speckle(0.025)
    paper.glow(_MIDDLE, 0.5, 0.95, "#f7f1e2", opacity=0.75)
    ink = "#2b2a2e"
    marks = stage.canvas()
    for radius, width in ((0.40, 0.007), (0.345, 0.014)):
        marks.line(arc(_MIDDLE, 0.5, radius, 0, 360), width, ink, closed=True)
    marks.line([(-0.2, 0.5), (ASPECT + 0.2, 0.5)], 0.0035, ink, opacity=0.75)
    marks.line([(_MIDDLE, -0.1), (_MIDDLE, 1.1)], 0.0035, ink, opacity=0.75)
    numbers = [
        write(stage.canvas(), number, _MIDDLE, 0.695, height=0.39, weight=0.16, colour="#b4402f").art()
        for number in "321"
    ]
    # the swept part of the circle, in steps of one frame of a turn of 20 frames
    sweeps = []
    for step in range(20):
        wedge = np.vstack(
            [[(_MIDDLE, 0.5)], arc(_MIDDLE, 0.5, 1.15, -90, -90 + step * 18 + 0.01), [(_MIDDLE, 0.5)]]
        )
        hand = arc(_MIDDLE, 0.5, 1.15, -90 + step * 18, -89.9 + step * 18)[:1]
        sweep = stage.canvas(0, 0, ASPECT, 1).shape(wedge, "#4b4438", opacity=0.24)
        sweeps.append(sweep.line(np.vstack([[(_MIDDLE, 0.5)], hand]), 0.006, ink).art())
    scratches = stage.rng.uniform((0.05, 0.002, 0), (ASPECT - 0.05, 0.006, 1), (75, 3))
    scratch = (
        stage.canvas(-0.004, -0.3, 0.004, 1.3)
        .line([(0, -0.3), (0, 1.3)], 0.002, "#fffaf0", opacity=0.5)
        .art()
    )
    dust = stage.canvas(-0.05, -0.05, 0.05, 0.05).ellipse(0, 0, 0.006, 0.004, colour=ink, opacity=0.7).art()
    ground, cross = paper.art(), marks.art()

    def paint(time_s: float) -> Picture:
        step = min(74, round(time_s * 25))
        camera = Camera(0.0012 * np.sin(step * 1.9), 0.0016 * np.cos(step * 2.3))
        take = stage.backdrop(ground, camera, depth=1).put(sweeps[step % 20]).put(cross)
        take.put(numbers[min(2, step // 20)])
        x, size, y = scratches[step]
        take.put(dust, at=(x, y), scale=size * 250, angle_deg=x * 360)
        if step % 7 < 4:
            take.put(scratch, at=(scratches[step // 7][0], 0))
        return take.picture()

    return paint


def title(stage: Stage) -> Paint:
    """The film's name over night hills, with a seam being sewn below it."""
    sky = stage.canvas().wash("#0d1530", "#1b2a52", "#3a3f6f", "#85567a", "#e08a6b").speckle(0.02)
    for x, y, size in stage.rng.uniform((-0.2, 0, 0.0008), (ASPECT + 0.2, 0.55, 0.0024), (110, 3)):
        sky.ellipse(x, y, size, colour="#f6ead2", opacity=float(0.85 - y))
    sky.glow(_MIDDLE, 1.02, 0.75, "#ffd29a", opacity=0.55)
    hills = [
        stage.canvas(-0.4, 0.6, ASPECT + 0.4)
        .shape(
            down_to(ridge(stage.rng, -0.4, ASPECT + 0.4, height=height, spread=spread, waves=1.3), 1.12),
            colour,
        )
        .speckle(0.03)
        .art()
        for height, spread, colour in (
            (0.80, 0.06, ("#6a4a6e", "#8d5f74")),
            (0.88, 0.05, ("#3b3156", "#4d3c5e")),
            (0.96, 0.05, ("#171a38", "#1c1f3f")),
        )
    ]
    name = write(
        stage.canvas(), "Seamline", _MIDDLE, 0.47, height=0.2, weight=0.12, colour=("#fff6e3", "#f6dfbd")
    ).art()
    kind = write(
        stage.canvas(), "demo", _MIDDLE, 0.69, height=0.062, weight=0.12, colour="#f2a27e", spacing=0.55
    ).art()
    stitch = (
        stage.canvas(-0.05, -0.05, 0.05, 0.05)
        .line([(-0.017, 0.004), (0.017, -0.004)], 0.008, "#f2a27e")
        .art()
    )
    ground = sky.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(-0.05 + 0.02 * time_s, 0, 1 + 0.012 * time_s)
        take = stage.backdrop(ground, camera, depth=0.2)
        for depth, hill in zip((0.5, 0.9, 1.5), hills, strict=True):
            take.put(hill, depth=depth)
        take.put(name, depth=0.4).put(kind, depth=0.4, opacity=ease(time_s / 0.8))
        for at in range(24):
            take.put(
                stitch,
                depth=0.4,
                at=(_MIDDLE - 0.598 + at * 0.052, 0.562),
                opacity=ease((time_s - at * 0.055) * 5),
            )
        return take.picture()

    return paint


def the_end(stage: Stage) -> Paint:
    """The last title, on dark red cloth with a sewn border."""
    cloth = stage.canvas().wash("#5d1f2c", "#7a2a33", "#571b29").speckle(0.05)
    cloth.glow(_MIDDLE, 0.46, 1.0, "#b5483f", opacity=0.55)
    border = stage.canvas()
    for at in np.arange(0.14, ASPECT - 0.16, 0.052):
        for y in (0.12, 0.88):
            border.line([(at, y + 0.003), (at + 0.03, y - 0.003)], 0.008, "#f3d9b1")
    for at in np.arange(0.145, 0.84, 0.052):
        for x in (0.125, ASPECT - 0.125):
            border.line([(x - 0.003, at), (x + 0.003, at + 0.03)], 0.008, "#f3d9b1")
    words = write(
        stage.canvas(), "end", _MIDDLE, 0.58, height=0.24, weight=0.12, colour=("#fff3dd", "#f3d2a0")
    ).art()
    ground, frame = cloth.art(), border.art()

    def paint(time_s: float) -> Picture:
        camera = Camera(0, 0, 1.06 - 0.02 * time_s)
        return stage.backdrop(ground, camera, depth=1).put(frame).put(words, depth=1.6).picture()

    return paint
