"""MediaPipe's three figure networks as LiteRT runs them: one thread each, imported when first opened."""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.figure_decoding import Detection, Floats, anchor_centres, decoded, without_overlaps
from seamline.models.figure_windows import Picture, Window
from seamline.models.store import SET_UP_COMMAND

_opening = threading.Lock()

LANDMARKS = 33
"""How many points of a body BlazePose knows."""


class LiteRtNetwork:
    """A .tflite file ready to run in the calling thread. Raises ModelError when it cannot be run."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            # here, as it takes a tenth of a second and only the analysis needs it
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                "The scale of shots cannot be told without ai-edge-litert, which is not installed. "
                f"Run “{SET_UP_COMMAND}”: it installs it."
            ) from error
        try:
            with _opening, _standard_error_muted():
                self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelError(
                f"The network “{path.name}” cannot be loaded: {error}. "
                f"Run “{SET_UP_COMMAND}” to install it again."
            ) from error
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        self._outputs: list[int] = [each["index"] for each in self._interpreter.get_output_details()]

    def run(self, values: Floats) -> list[Floats]:
        """All outputs for float32[1, height, width, 3], in the file's order. Raises ModelError."""
        try:
            self._interpreter.set_tensor(self._input, values)
            self._interpreter.invoke()
            return [np.array(self._interpreter.get_tensor(index), np.float32) for index in self._outputs]
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"The network “{self._name}” stopped: {error}. Run “{SET_UP_COMMAND}” to install it again."
            ) from error


class _Detector:
    """A single-shot detector over a square of `_INPUT_PX`; `_ANCHORS_EACH` anchors a cell for each of `_STRIDES`."""

    _INPUT_PX: int
    _STRIDES: tuple[int, ...]
    _ANCHORS_EACH: int
    _OVERLAP = 0.3

    def __init__(self, path: Path) -> None:
        self._network = LiteRtNetwork(path)
        self._anchors = anchor_centres(self._INPUT_PX, self._STRIDES, self._ANCHORS_EACH)

    def detect(
        self, picture: Picture, window: Window | None = None, *, least_score: float
    ) -> list[Detection]:
        """What is in the window (default: all of the picture), best first, as shares of the picture."""
        window = window or Window.around(picture)
        cut = _minus_one_to_one(window.cut(picture, self._INPUT_PX))
        regressions, scores = self._network.run(cut)
        found = decoded(
            regressions[0], scores[0, :, 0], self._anchors, input_px=self._INPUT_PX, least_score=least_score
        )
        height, width = picture.shape[:2]
        return [window.placed(each, width, height) for each in without_overlaps(found, overlap=self._OVERLAP)]


class FaceDetector(_Detector):
    """BlazeFace, full range: faces up to some five metres away; 6 points: right and left eye (the face's own right),
    nose, mouth, right and left ear."""

    _INPUT_PX = 192
    _STRIDES = (4,)
    _ANCHORS_EACH = 1


class PoseDetector(_Detector):
    """BlazePose's person detector. The box is about the face; of the 4 points, the first is the middle of the hips,
    the second lies on the circle about it that holds the whole body, above it along the body; the third and fourth
    are the same of the upper body alone, from the middle of the shoulders."""

    _INPUT_PX = 224
    _STRIDES = (8, 16, 32, 32, 32)
    _ANCHORS_EACH = 2


@dataclass(frozen=True, slots=True)
class BodyLandmarks:
    """The 33 points of a body. `points`: float32[33, 2], x and y as shares of the picture's width and height, also
    of those that lie outside of it. `visible`: float32[33], 0 to 1, how likely each is seen. `score`: 0 to 1, how
    likely there is a body at all."""

    score: float
    points: Floats
    visible: Floats


class LandmarkNetwork:
    """BlazePose's landmarks of one person."""

    _INPUT_PX = 256
    _VALUES = 5  # x, y, z, visibility and presence

    def __init__(self, path: Path) -> None:
        self._network = LiteRtNetwork(path)

    def landmarks(self, picture: Picture, window: Window) -> BodyLandmarks:
        """Of the person in the window; see `body_window`."""
        cut = window.cut(picture, self._INPUT_PX)[None].astype(np.float32) / np.float32(255)
        outputs = self._network.run(cut)
        return read_landmarks(outputs[0], outputs[1], window, picture, input_px=self._INPUT_PX)


def read_landmarks(
    values: Floats, score: Floats, window: Window, picture: Picture, *, input_px: int
) -> BodyLandmarks:
    """The network's outputs, float32[1, 195] and float32[1, 1], as landmarks in the picture."""
    rows = values.reshape(-1, LandmarkNetwork._VALUES)[:LANDMARKS]
    height, width = picture.shape[:2]
    in_picture = window.to_picture(rows[:, :2] / np.float32(input_px))
    points = np.asarray(in_picture / np.array([width, height], np.float32), np.float32)
    odds = np.exp(np.clip(rows[:, 3], -30, 30))
    visible: Floats = np.asarray(odds / (1 + odds), np.float32)
    return BodyLandmarks(float(score.reshape(-1)[0]), points, visible)


def body_window(person: Detection, picture: Picture) -> Window:
    """Where the landmark network looks for a person that the detector has found: upright along the body, a quarter
    wider than the circle about it, as it was trained (BlazePose, section 3)."""
    height, width = picture.shape[:2]
    (hip_x, hip_y), (on_x, on_y) = (person.points[:2] * np.array([width, height])).tolist()
    radius = math.hypot(on_x - hip_x, on_y - hip_y)
    return Window(hip_x, hip_y, 2 * radius * 1.25, math.atan2(on_x - hip_x, hip_y - on_y))


def _minus_one_to_one(cut: Picture) -> Floats:
    values: NDArray[np.float32] = cut[None].astype(np.float32)
    return values / np.float32(127.5) - np.float32(1)


@contextlib.contextmanager
def _standard_error_muted() -> Iterator[None]:
    """LiteRT says on the standard error that it has begun, and has no switch for that (2.3.0)."""
    try:
        kept = os.dup(2)
    except OSError:  # a program without a console
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
