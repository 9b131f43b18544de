"""What figures a picture shows: the faces, and the body of the person that is closest.

There is no floor below these networks: OpenCV 5.0 comes without its former detectors of people and faces (HOG and
cascades), and the one that it still has takes a network's file too. Where they are missing, opening raises ModelError
and shots have no scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seamline.models.figure_cards import FACE_DETECTOR, FIGURE_CARDS, POSE_DETECTOR, POSE_LANDMARKS
from seamline.models.figure_decoding import Detection
from seamline.models.figure_nets import (
    BodyLandmarks,
    FaceDetector,
    LandmarkNetwork,
    PoseDetector,
    body_window,
)
from seamline.models.figure_windows import Picture, Window
from seamline.models.store import locate

_LEAST_SCORE = 0.5
_MARGIN = 1.5
"""How much larger than the picture the window is in which faces are looked for.

A face that fills the picture is found if there is room about it: of 50 close-ups, 70 % were found without a margin and
92 % with this one, at a score of 0.5 (measured, 2026-11); no fewer of the small ones."""
_SURE_SCORE, _SURE_HEIGHT = 0.7, 0.27
"""A face so sure and so large decides alone: of its body there is no more in the picture than down to the hips."""
_CUT_MARGIN = 2.5
_LEAST_CUT_SCORE = 0.3
_LEAST_CUT_HEIGHT = 0.9
"""Of faces that are larger than the picture and seen in part: the network was not made for them and finds them with
low scores, a third of them at 0.5. That is a hint alone, where nothing else was found."""


@dataclass(frozen=True, slots=True)
class Body:
    """A person that the body detector has found. `height`: how tall the whole body is, or would be, against the
    picture's height; `centre`: of the face's box, as shares of the picture."""

    score: float
    height: float
    centre: tuple[float, float]
    landmarks: BodyLandmarks


@dataclass(frozen=True, slots=True)
class Figures:
    """`faces`: largest first. `body` is None where none was found; `is_full`: all was looked for that
    the faces leave open.
    `cut_face`: where there is neither, what may be a part of a face larger than the picture."""

    faces: tuple[Detection, ...]
    body: Body | None
    is_full: bool
    cut_face: Detection | None = None


class FigureFinder:
    """The three networks, opened. Raises ModelError when one cannot be run. One thread at a time."""

    def __init__(self, face: Path, pose: Path, landmarks: Path) -> None:
        self._faces = FaceDetector(face)
        self._people = PoseDetector(pose)
        self._landmarks = LandmarkNetwork(landmarks)

    def faces(self, picture: Picture) -> Figures:
        """What a face alone tells (5 ms on one core): uint8[height, width, 3], RGB."""
        return Figures(self._faces_in(picture, _MARGIN, _LEAST_SCORE), None, is_full=False)

    def figures(self, picture: Picture) -> Figures:
        """All that is to be seen (5 to 40 ms on one core): uint8[height, width, 3], RGB."""
        faces = self._faces_in(picture, _MARGIN, _LEAST_SCORE)
        if faces and is_enough(faces[0].score, faces[0].height):
            return Figures(faces, None, is_full=True)
        body = self._body_in(picture)
        cut = self._cut_face_in(picture) if not faces and body is None else None
        return Figures(faces, body, is_full=True, cut_face=cut)

    def _cut_face_in(self, picture: Picture) -> Detection | None:
        faces = self._faces_in(picture, _CUT_MARGIN, _LEAST_CUT_SCORE)
        found = [face for face in faces if face.height > _LEAST_CUT_HEIGHT]
        return max(found, key=lambda face: face.score, default=None)

    def _faces_in(self, picture: Picture, margin: float, least_score: float) -> tuple[Detection, ...]:
        whole = Window.around(picture)
        window = Window(whole.x, whole.y, whole.side * margin)
        found = self._faces.detect(picture, window, least_score=least_score)
        return tuple(sorted(found, key=lambda face: -face.height))

    def _body_in(self, picture: Picture) -> Body | None:
        people = self._people.detect(picture, least_score=_LEAST_SCORE)
        if not people:
            return None
        height, width = picture.shape[:2]
        closest = max(people, key=lambda person: body_window(person, picture).side)
        window = body_window(closest, picture)
        if window.side < 1:
            return None
        landmarks = self._landmarks.landmarks(picture, window)
        hip, on_circle = closest.points[:2] * np.array([width, height], np.float32)
        diameter = 2 * math.dist(hip.tolist(), on_circle.tolist())
        left, top, right, bottom = closest.box
        return Body(closest.score, diameter / height, ((left + right) / 2, (top + bottom) / 2), landmarks)


def is_enough(score: float, height: float) -> bool:
    """Whether a face decides alone, so that `FigureFinder.figures` looks for no body."""
    return score >= _SURE_SCORE and height >= _SURE_HEIGHT


def figures_key() -> str:
    """What the results depend on."""
    return " ".join(f"{card.sha256}"[:12] for card in FIGURE_CARDS)


def open_figure_finder() -> FigureFinder:
    """The installed networks. Raises ModelError, also when they are not installed."""
    return FigureFinder(locate(FACE_DETECTOR), locate(POSE_DETECTOR), locate(POSE_LANDMARKS))


def figure_finder_in(folder: Path) -> FigureFinder:
    """The networks as files of their published names in a folder. Raises ModelError."""
    names = [Path(getattr(card.source, "member", card.id)).name for card in FIGURE_CARDS]
    return FigureFinder(*(folder / name for name in names))
