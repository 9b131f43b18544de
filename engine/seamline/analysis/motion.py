"""How the camera moved between two frames: one pan, tilt, zoom and roll for the whole picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

GreyPicture = NDArray[np.uint8]
"""uint8[height, width]."""

_Flow = NDArray[np.float32]  # [height, width, 2]: where each pixel went, x and y in pixels
_Similarity = NDArray[np.float64]  # [2, 3], about the picture's centre
_Points = NDArray[np.bool_]

# Measured on planted warps of 160x90 pictures: a patch at the edge gives its own flow to pixels far from its
# centre, and the preset ends at a quarter of the picture's size. Both flatten zoom and roll, by 15 % together;
# one octave more and a margin leave 2 %. A wider margin leaves 1 %, and too little of what is behind a figure.
_MARGIN_PX = 8
_FINEST_SCALE = 1
_STEP_PX = 6

_INLIER_PX = 0.5
_RANSAC_ROUNDS = 200
_LEAST_POINTS = 12
# Measured on 8 edited films: the median share is .05 to .25 across cuts (.5 where graphics stay through them,
# which do follow one motion), .7 to 1 within shots
_LEAST_SHARE = 0.25

# Mean square gradient along its weaker direction, in squared levels a pixel at half size: noise of a standard
# deviation of 1 level has .2, of 3 levels 1.1
_LEAST_TEXTURE = 1.0
_TEXTURE_BLOCK_PX = 5


@dataclass(frozen=True, slots=True)
class Motion:
    """How the picture's content moved from one frame to the next, measured about the picture's centre.

    `pan` and `tilt`: its shift to the right over the picture's width, and downwards over its height (a camera
    that pans right moves the content left). `zoom`: natural logarithm of its growth, above 0 when the camera
    zooms or goes in. `roll`: its turn clockwise in radians. `inliers`: the share, 0 to 1, of the points with
    texture that follow this motion within half a pixel; 0 where too little texture is there to tell.
    `residual`: mean absolute difference, 0 to 1, that is left once the motion is made up for.
    `flow_magnitude`: mean length of the optical flow over the picture's width. `blank`: the share of the picture,
    0 to 1, that is black, bars at its edges left out; 0 from an estimator of pairs.

    The motion is all 0 where no similarity is believed, with `inliers` below a quarter: across a cut most of all.
    """

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    roll: float = 0.0
    inliers: float = 0.0
    residual: float = 0.0
    flow_magnitude: float = 0.0
    blank: float = 0.0


class MotionEstimator:
    """Fits a similarity to the optical flow between pictures of one size. One thread at a time.

    Flow by dense inverse search (Kroeger et al., Fast Optical Flow using Dense Inverse Search, ECCV 2016), taken
    at a grid of points where there is texture; the fit by RANSAC. Shifts up to about an eighth of the picture's
    width are found by the flow alone, those up to a third with the help of phase correlation.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        # one for flows that begin from a shift: OpenCV 5.0 keeps such a start for all later calls without one
        self._from_rest, self._from_shift = _flow_finder(), _flow_finder()
        rows, columns = np.mgrid[
            _MARGIN_PX : height - _MARGIN_PX : _STEP_PX, _MARGIN_PX : width - _MARGIN_PX : _STEP_PX
        ]
        self._rows, self._columns = rows.ravel(), columns.ravel()
        self._centre = np.array([(width - 1) / 2, (height - 1) / 2])
        points = np.stack([self._columns, self._rows], axis=1) - self._centre
        self._points = points.astype(np.float32)
        self._window = cv2.createHanningWindow(self._size, cv2.CV_32F)
        last = np.array([width, height]) - 0.5
        self._corners = np.array([[-0.5, -0.5], [last[0], -0.5], last, [-0.5, last[1]]])

    def between(self, before: GreyPicture, now: GreyPicture) -> Motion:
        """The motion from one picture, uint8[height, width], to the next."""
        points = self._textured(before)
        flow = self._flow(before, now)
        similarity, inliers = self._fitted(flow, points)
        if similarity is None and points.any():
            further = self._flow(before, now, self._shift(before, now))
            similarity, share = self._fitted(further, points)
            inliers = max(inliers, share)
            flow = further if similarity is not None else flow
        width, height = self._size
        magnitude = float(cv2.magnitude(flow[..., 0], flow[..., 1]).mean()) / width
        if similarity is None:
            residual = float(cv2.absdiff(before, now).mean()) / 255
            return Motion(inliers=inliers, residual=residual, flow_magnitude=magnitude)
        (cosine, _, right), (sine, _, down) = similarity.tolist()
        return Motion(
            pan=right / width,
            tilt=down / height,
            zoom=math.log(math.hypot(cosine, sine)),
            roll=math.atan2(sine, cosine),
            inliers=inliers,
            residual=self._residual(before, now, similarity),
            flow_magnitude=magnitude,
        )

    def _textured(self, picture: GreyPicture) -> _Points:
        """Which of the grid's points have texture in both directions around them; none if they are too few."""
        width, height = self._size
        half = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        # OpenCV divides by 255, by the sum of Sobel's weights and by the block's area
        weaker = cv2.cornerMinEigenVal(half, _TEXTURE_BLOCK_PX, ksize=3)
        found: _Points = weaker[self._rows // 2, self._columns // 2] >= _LEAST_TEXTURE / 255**2
        return found if found.sum() >= _LEAST_POINTS else np.zeros_like(found)

    def _flow(self, before: GreyPicture, now: GreyPicture, start: _Flow | None = None) -> _Flow:
        if start is not None:
            return np.asarray(self._from_shift.calc(before, now, start), np.float32)
        # the stub lacks None: begin from no motion
        return np.asarray(self._from_rest.calc(before, now, None), np.float32)  # type: ignore[call-overload]

    def _shift(self, before: GreyPicture, now: GreyPicture) -> _Flow:
        """The shift that explains most of the two spectra, as a flow to begin from."""
        shift, _ = cv2.phaseCorrelate(before.astype(np.float32), now.astype(np.float32), self._window)
        width, height = self._size
        return np.tile(np.array(shift, np.float32), (height, width, 1))

    def _fitted(self, flow: _Flow, wanted: _Points) -> tuple[_Similarity | None, float]:
        """The similarity that most of the wanted points follow, and their share; none if the share is too small."""
        if not wanted.any():
            return None, 0.0
        points = self._points[wanted]
        similarity, follows = cv2.estimateAffinePartial2D(
            points,
            points + flow[self._rows[wanted], self._columns[wanted]],
            method=cv2.RANSAC,
            ransacReprojThreshold=_INLIER_PX,
            maxIters=_RANSAC_ROUNDS,
        )
        if similarity is None:
            return None, 0.0
        share = float(np.mean(follows))
        return (np.asarray(similarity, np.float64) if share >= _LEAST_SHARE else None), share

    def residual(self, before: GreyPicture, now: GreyPicture, turn: complex, shift: complex) -> float:
        """Mean absolute difference, 0 to 1, once `before` is moved: z to turn * z + shift, about the middle."""
        matrix = [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]]
        return self._residual(before, now, np.array(matrix))

    def _residual(self, before: GreyPicture, now: GreyPicture, similarity: _Similarity) -> float:
        moved = similarity.copy()
        moved[:, 2] += self._centre - similarity[:, :2] @ self._centre
        # what comes from outside is left as it is now, and makes no difference
        warped = cv2.warpAffine(before, moved, self._size, now.copy(), borderMode=cv2.BORDER_TRANSPARENT)
        corners = self._corners @ moved[:, :2].T + moved[:, 2]
        inside_px, _ = cv2.intersectConvexConvex(corners.astype(np.float32), self._corners.astype(np.float32))
        if inside_px < 1:
            return 0.0
        return float(cv2.norm(warped, now, cv2.NORM_L1)) / inside_px / 255


def _flow_finder() -> cv2.DISOpticalFlow:
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    finder.setFinestScale(_FINEST_SCALE)
    return finder
