"""The ladder of known scales, labelled stills, and their scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.evaluation import scale_ladder, scale_stills
from seamline.evaluation.scale_ladder import PhotographedFigure, Rung, cropped, drawn_ladder, rungs_of
from seamline.evaluation.scale_stills import open_still_scale, read_labels
from seamline.media.jpeg import encode_jpeg
from seamline.project.labels import ShotScale

FIGURE = PhotographedFigure("a.jpg", crown_x=500, crown_y=100, sole_y=850, chin_y=200, eyes_y=150)


def test_the_rungs_go_from_far_to_near() -> None:
    rungs = list(rungs_of(FIGURE))
    heights = [rung.box[3] for rung in rungs[:9]]
    assert heights == sorted(heights, reverse=True)
    assert {rung.scale for rung in rungs} == set(ShotScale)
    knees = next(rung for rung in rungs if rung.what == "down to the knees")
    assert knees.box[1] + knees.box[3] == pytest.approx(600)


def test_a_crop_shows_its_part_of_the_photograph() -> None:
    photograph = np.zeros((900, 1600, 3), np.uint8)
    photograph[400:500, 800:900] = 255
    picture = cropped(photograph, Rung(ShotScale.CS, "", (640, 360, 320, 180)))
    assert picture is not None
    assert picture.shape == (180, 320, 3)
    assert picture[90, 210].tolist() == [255, 255, 255]
    assert picture[90, 150].tolist() == [0, 0, 0]
    assert cropped(photograph, Rung(ShotScale.LS, "", (-400, 0, 1600, 900))) is None
    assert cropped(photograph, Rung(ShotScale.ECS, "", (640, 360, 71, 40))) is None


def test_a_figure_upside_down_is_refused() -> None:
    with pytest.raises(MediaError, match="not upright"):
        PhotographedFigure("a.jpg", 500, 850, 100, 200, 150)


def test_the_networks_tell_the_drawn_ladder() -> None:
    still_scale = open_still_scale(None)
    said = {rung.what: (rung.scale, still_scale.label(picture).value) for rung, picture in drawn_ladder(0)}
    for what in (
        "the whole body",
        "down to the knees",
        "down to the waist",
        "head and shoulders",
        "the head",
    ):
        truth, value = said[what]
        assert value is truth, what
    assert all(value in {truth, None} for truth, value in said.values())


def test_labels_are_read_by_either_name(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,scale\na_001.jpg,ECU\nb_002.jpg,FS\n", "utf-8")
    assert read_labels(tmp_path) == [
        (tmp_path / "a_001.jpg", ShotScale.ECS),
        (tmp_path / "b_002.jpg", ShotScale.FS),
    ]
    (tmp_path / "labels.csv").write_text("file,scale\na.jpg,huge\n", "utf-8")
    with pytest.raises(MediaError, match="needs the columns file and scale"):
        read_labels(tmp_path)


def test_stills_are_measured_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["file,scale"]
    for number, (rung, picture) in enumerate(drawn_ladder(1)):
        if rung.scale in {ShotScale.CS, ShotScale.MS}:
            name = f"still_{number:03d}.jpg"
            (tmp_path / name).write_bytes(encode_jpeg(picture, quality=95))
            lines.append(f"{name},{rung.scale}")
    (tmp_path / "labels.csv").write_text("\n".join(lines), "utf-8")
    assert scale_stills.main([str(tmp_path)]) == 0
    assert "all: 5, exact 1.000" in capsys.readouterr().out


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scale_stills.main([str(tmp_path)]) == 1
    assert scale_ladder.main([str(tmp_path)]) == 1
    assert "figures.csv” cannot be read" in capsys.readouterr().err
