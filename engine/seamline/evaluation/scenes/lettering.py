"""Round, single-stroke letters for titles: only the signs that the demo film needs."""

from __future__ import annotations

import numpy as np

from seamline.evaluation.scenes.canvas import Canvas, Colour
from seamline.evaluation.scenes.shapes import FloatArray, arc, moved

# Strokes stand on y = 0 and reach up to y = -1 (capitals, ascenders) or -0.66 (small letters).
_X = 0.66
_R = _X / 2


def _strokes(sign: str) -> tuple[list[FloatArray], float]:
    """The strokes of a sign and how wide it is."""
    line = np.array
    match sign:
        case "S":
            upper, lower = arc(0.27, -0.755, 0.245, -28, -270), arc(0.27, -0.255, 0.255, -90, 152)
            return [np.vstack([upper, lower])], 0.54
        case "a":
            return [arc(_R, -_R, _R, 0, 360), line([(_X, -_X), (_X, 0.0)])], _X
        case "d":
            return [arc(_R, -_R, _R, 0, 360), line([(_X, -1.0), (_X, 0.0)])], _X
        case "e":
            return [np.vstack([[(0.03, -_R)], line([(_X, -_R)]), arc(_R, -_R, _R, 0, -315)])], _X
        case "f":
            return [
                np.vstack([arc(0.36, -0.78, 0.22, -80, -180), [(0.14, 0.0)]]),
                line([(0.0, -_X), (0.32, -_X)]),
            ], 0.36
        case "i":
            return [line([(0.0, -_X), (0.0, 0.0)]), line([(0.0, -0.93), (0.0, -0.925)])], 0.0
        case "l":
            return [line([(0.0, -1.0), (0.0, 0.0)])], 0.0
        case "m":
            first = np.vstack([[(0.0, 0.0)], arc(0.23, -0.43, 0.23, -180, 0), [(0.46, 0.0)]])
            return [line([(0.0, -_X), (0.0, 0.0)]), first, moved(first, 0.46, 0)], 0.92
        case "n":
            bow = np.vstack([[(0.0, 0.0)], arc(0.27, -0.39, 0.27, -180, 0), [(0.54, 0.0)]])
            return [line([(0.0, -_X), (0.0, 0.0)]), bow], 0.54
        case "o":
            return [arc(_R, -_R, _R, 0, 360)], _X
        case "1":
            return [line([(0.0, -0.78), (0.26, -1.0), (0.26, 0.0)])], 0.3
        case "2":
            return [np.vstack([arc(0.28, -0.72, 0.28, -165, 35), [(0.0, 0.0), (0.58, 0.0)]])], 0.58
        case "3":
            upper, lower = arc(0.27, -0.76, 0.24, -160, 90), arc(0.27, -0.27, 0.27, -90, 155)
            return [np.vstack([upper, lower])], 0.56
        case _:
            return [], 0.3


def write(
    canvas: Canvas,
    text: str,
    x: float,
    y: float,
    *,
    height: float,
    weight: float,
    colour: Colour,
    spacing: float = 0.3,
) -> Canvas:
    """Write `text` centred on `x`, standing on `y`; `weight` and `spacing` in parts of its `height`."""
    signs = [_strokes(sign) for sign in text]
    total = sum(width for _, width in signs) + spacing * (len(signs) - 1)
    pen = x - total / 2 * height
    for strokes, width in signs:
        for stroke in strokes:
            canvas.line(moved(stroke * height, pen, y), weight * height, colour)
        pen += (width + spacing) * height
    return canvas
