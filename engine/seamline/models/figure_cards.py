"""The networks that find faces and bodies: three files of MediaPipe's wheel, which run as they are."""

from __future__ import annotations

from seamline.models.card import ModelCard, WheelMember

_WHEEL, _VERSION = "mediapipe", "0.10.14"
_HOMEPAGE = "https://github.com/google-ai-edge/mediapipe"
_LICENCE = "Apache-2.0"
_BLAZEFACE = (
    "Bazarevsky et al., BlazeFace: Sub-millisecond neural face detection on mobile GPUs, arXiv:1907.05047"
)
_BLAZEPOSE = "Bazarevsky et al., BlazePose: On-device real-time body pose tracking, arXiv:2006.10204"
_TAG = "cp311-cp311-manylinux_2_17_x86_64"
"""Of the wheel that is fetched on any machine: the files in it are the same in all of them."""


def _member(path: str) -> WheelMember:
    return WheelMember(_WHEEL, _VERSION, f"mediapipe/modules/{path}", tag=_TAG)


FACE_DETECTOR = ModelCard(
    id="mediapipe-face-full-range",
    name="MediaPipe's face detector (full range)",
    purpose="Finds faces, for the scale of a shot.",
    licence=_LICENCE,
    paper=_BLAZEFACE,
    homepage=_HOMEPAGE,
    source=_member("face_detection/face_detection_full_range_sparse.tflite"),
    sha256="2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    size_bytes=676_746,
    graph_version=1,
    convert=None,
)

POSE_DETECTOR = ModelCard(
    id="mediapipe-pose-detection",
    name="MediaPipe's body detector",
    purpose="Finds people, for the scale of a shot.",
    licence=_LICENCE,
    paper=_BLAZEPOSE,
    homepage=_HOMEPAGE,
    source=_member("pose_detection/pose_detection.tflite"),
    sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    size_bytes=2_959_046,
    graph_version=1,
    convert=None,
)

POSE_LANDMARKS = ModelCard(
    id="mediapipe-pose-landmark-full",
    name="MediaPipe's body landmarks (full)",
    purpose="Tells which parts of a body are in the picture, for the scale of a shot.",
    licence=_LICENCE,
    paper=_BLAZEPOSE,
    homepage=_HOMEPAGE,
    source=_member("pose_landmark/pose_landmark_full.tflite"),
    sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    size_bytes=6_440_512,
    graph_version=1,
    convert=None,
)

FIGURE_CARDS: tuple[ModelCard, ...] = (FACE_DETECTOR, POSE_DETECTOR, POSE_LANDMARKS)
"""All that the scale of a shot needs, from one wheel."""
