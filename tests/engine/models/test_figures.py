"""The installed networks on drawn figures of known proportions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seamline.errors import ModelError
from seamline.evaluation.scale_figures import EYES, HEADS, FigureLook, draw_figure
from seamline.models.figure_nets import LiteRtNetwork
from seamline.models.figures import FigureFinder, open_figure_finder
from seamline.models.place_classes import CHANCE_FAR, open_place_reader


@pytest.fixture(scope="module")
def finder() -> FigureFinder:
    return open_figure_finder()


@pytest.fixture(scope="module")
def figure_look() -> FigureLook:
    return FigureLook.drawn_by_lot(3)


def test_the_whole_body_is_as_high_as_it_was_drawn(finder: FigureFinder, figure_look: FigureLook) -> None:
    seen = HEADS * 1.1
    figures = finder.figures(draw_figure(figure_look, top=-0.3, seen=seen))
    assert figures.body is not None
    assert figures.body.height == pytest.approx(HEADS / seen, rel=0.15)
    assert figures.body.landmarks.score > 0.9
    nose, left_ankle = figures.body.landmarks.points[[0, 27]]
    assert nose[1] == pytest.approx((0.3 + 0.65) / seen, abs=0.04)
    assert left_ankle[1] == pytest.approx((0.3 + HEADS - 0.25) / seen, abs=0.06)


def test_a_large_face_decides_alone(finder: FigureFinder, figure_look: FigureLook) -> None:
    seen = 1.5
    figures = finder.figures(draw_figure(figure_look, top=-0.15, seen=seen))
    assert figures.body is None
    (face,) = figures.faces
    assert face.height == pytest.approx(0.75 / seen, rel=0.15)
    assert (face.box[0] + face.box[2]) / 2 == pytest.approx(0.5, abs=0.05)
    eyes = face.points[:2]
    assert eyes[:, 1] == pytest.approx([(0.15 + EYES) / seen] * 2, abs=0.05)
    assert eyes[0, 0] < eyes[1, 0]  # the figure's right eye is on the picture's left


def test_where_nobody_is_nobody_is_found(finder: FigureFinder) -> None:
    figures = finder.figures(np.full((180, 320, 3), 128, np.uint8))
    assert (figures.faces, figures.body, figures.cut_face) == ((), None, None)


def test_opening_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    open_figure_finder()
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_no_network_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.tflite"
    path.write_bytes(b"nothing of the kind" * 10)
    with pytest.raises(ModelError, match=r"“broken\.tflite” cannot be loaded"):
        LiteRtNetwork(path)


def test_the_classes_are_the_networks_own() -> None:
    shares = open_place_reader().shares(np.eye(1280, dtype=np.float32)[:4])
    assert 0 <= shares.face <= 1
    assert 0 <= shares.far <= 1
    assert 0.05 < CHANCE_FAR < 0.15
