"""Squares cut out of a picture for a network, and the way back from its coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.models.figure_decoding import Detection, Floats

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Window:
    """A square about (`x`, `y`), `side` long, turned clockwise by `turn` (radians); all in the picture's pixels."""

    x: float
    y: float
    side: float
    turn: float = 0.0

    @classmethod
    def around(cls, picture: Picture) -> Window:
        """The smallest that holds all of the picture."""
        height, width = picture.shape[:2]
        return cls(width / 2, height / 2, max(width, height))

    def cut(self, picture: Picture, size_px: int) -> Picture:
        """uint8[size_px, size_px, 3]: what lies in the window, black outside of the picture."""
        # beforehand, as warping takes single pixels where it shrinks
        shrink = max(1.0, self.side / size_px)
        scale = 1.0
        if shrink > 1.0:
            height, width = picture.shape[:2]
            small = max(1, round(width / shrink)), max(1, round(height / shrink))
            picture = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.uint8)
            scale = 1 / shrink
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        step = self.side * scale / size_px
        # pixel centres: the output's pixel i lies at i + 0.5
        half = (size_px - 1) / 2
        x, y = self.x * scale - 0.5, self.y * scale - 0.5
        matrix = np.array(
            [
                [cos * step, -sin * step, x - step * half * (cos - sin)],
                [sin * step, cos * step, y - step * half * (sin + cos)],
            ]
        )
        cut = cv2.warpAffine(
            picture, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        return np.asarray(cut, np.uint8)

    def to_picture(self, shares: Floats) -> Floats:
        """The pixel positions in the picture of points given as shares of the window: float32[k, 2]."""
        offset = (np.asarray(shares, np.float64) - 0.5) * self.side
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        x = self.x + cos * offset[:, 0] - sin * offset[:, 1]
        y = self.y + sin * offset[:, 0] + cos * offset[:, 1]
        return np.stack([x, y], axis=1).astype(np.float32)

    def placed(self, detection: Detection, width: int, height: int) -> Detection:
        """A detection in this window, not turned, as shares of the picture of that size."""
        size = np.array([width, height], np.float32)
        corners = self.to_picture(np.array(detection.box, np.float32).reshape(2, 2)) / size
        (left, top), (right, bottom) = corners.tolist()
        return Detection(
            detection.score, (left, top, right, bottom), self.to_picture(detection.points) / size
        )
