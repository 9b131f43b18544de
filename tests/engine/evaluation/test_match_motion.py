"""How exactly motion is told: against what ends were made to show, of drawn films and of tables made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.match_flows import camera_flow
from seamline.analysis.match_tables import EdgeTable, ShotEdges
from seamline.analysis.signals import Signals
from seamline.evaluation import match_motion
from seamline.evaluation.match_described import DescribedFilm, described
from seamline.evaluation.match_motion import Told, drawn_goings, main, report, told
from seamline.evaluation.match_planted import STILL, Going, Mass, Paint, PlantedShot, ShotEnd
from seamline.evaluation.match_planted_plan import PlantedFilm
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.progress import CancellableProgress

RIGHT, NEARER = Going(0.2), Going(nearer=0.3)
WIDTHS = {"light": 144, "colour": 120, "mass": 144, "lines": 1152, "figures": 5, "flow": 288}
WIDTHS |= {"camera": 4, "thing": 3, "siamese": 0, "vectors": 0}


def _shot(tail: ShotEnd, note: str = "", setup: int = 1) -> PlantedShot:
    head = ShotEnd(tail.masses)
    return PlantedShot("unit", setup, Paint(setup, setup), head, tail, 40, note)


def _film(*tails: ShotEnd, note: str = "", **told_of_tails: list[list[float]]) -> DescribedFilm:
    """A film of shots whose heads stand still; of their tails, nothing is told but what is given."""
    count = len(tails)
    nothing = {name: np.zeros((count, width), np.float32) for name, width in WIDTHS.items()}
    given = nothing | {name: np.array(rows, np.float32) for name, rows in told_of_tails.items()}
    heads, last = (
        EdgeTable(np.arange(count), np.ones(count, np.bool_), **columns) for columns in (nothing, given)
    )
    shots = tuple(_shot(tail, note, setup) for setup, tail in enumerate(tails))
    planted = PlantedFilm(7, shots, ())
    edges = ShotEdges("film", np.array(planted.ranges, np.int64), heads, last)
    return DescribedFilm(planted, edges, (), np.zeros((0, 0), np.float32), np.zeros(0, np.bool_))


@pytest.fixture
def as_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn is what was planned of tails, and nothing is drawn about it."""
    monkeypatch.setattr(match_motion, "drawn_goings", lambda shot, *_: (shot.tail.camera, shot.tail.moving))


def _by_name(*films: DescribedFilm) -> dict[str, Told]:
    return {each.name: each for each in told(films)}


@pytest.mark.usefixtures("as_planned")
def test_an_error_is_a_share_of_the_speed() -> None:
    ends = [ShotEnd(moving=RIGHT)] * 4
    film = _film(*ends, thing=[[0.2, 0, 1], [0.2, 0.04, 1], [-0.2, 0, 1], [0, 0, 0]])
    things = _by_name(film)["things"]

    assert things.errors == pytest.approx([0, 0.2, 2, 1], abs=1e-6)
    assert things.median == pytest.approx(0.6)
    assert things.off_share == 0.5


@pytest.mark.usefixtures("as_planned")
def test_the_picture_goes_the_other_way_than_the_camera_and_grows_as_it_comes_nearer() -> None:
    cameras = [[-0.2, 0, 0, 1], [0, 0, 0.3, 1]]
    film = _film(ShotEnd(camera=RIGHT), ShotEnd(camera=NEARER), camera=cameras)
    found = _by_name(film)

    assert found["cameras"].errors == pytest.approx([0, 0], abs=1e-6)
    assert found["cameras by the grid"].errors == pytest.approx([1, 1])  # of a flow that is all 0
    seen = camera_flow(np.array(cameras, np.float32)).tolist()
    by_grid = _film(ShotEnd(camera=RIGHT), ShotEnd(camera=NEARER), flow=seen)
    assert _by_name(by_grid)["cameras by the grid"].errors == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.usefixtures("as_planned")
@pytest.mark.usefixtures("as_planned")
def test_only_ends_that_were_made_to_move_as_they_are_shown_count() -> None:
    moving = _film(ShotEnd(moving=RIGHT), ShotEnd(), ShotEnd(camera=RIGHT))
    found = _by_name(moving)
    assert {name: len(each.errors) for name, each in found.items()} == {
        "things": 1,
        "cameras": 1,
        "cameras by the grid": 1,
    }
    assert len(_by_name(moving, moving)["cameras"].errors) == 2
    # a shot used again is enlarged, and so faster than was planned
    assert told([_film(ShotEnd(moving=RIGHT), note="duplicate")]) == []


@pytest.mark.usefixtures("as_planned")
def test_the_report_names_the_films_and_all_measures() -> None:
    text = report([_film(ShotEnd(moving=RIGHT), thing=[[0.2, 0.04, 1]])])
    assert text.startswith("films of the seeds 7\n")
    assert [line.split() for line in text.splitlines()[2:]] == [
        ["things", "1", "0.200", "0.000"],
    ]


def _curves(film: Film) -> tuple[FrameVectors, Signals]:
    """One vector, and no curve: set-ups are not looked for here."""
    vectors = np.eye(1, EFFICIENTNET_LITE0_ENCODER.dimension, dtype=np.float32)
    return FrameVectors(EFFICIENTNET_LITE0_ENCODER.key, np.zeros(1, np.int64), vectors), Signals(
        film.frame_count
    )


def test_the_drawn_motion_is_the_planned_one_with_what_lives() -> None:
    disc = Mass("disc", 0.3, 0.5, 0.3, 0.5)
    going = Going(0.2, 0.1)
    for setup in range(1, 6):
        shot = replace(
            _shot(ShotEnd((disc,), STILL, going), setup=setup), head=ShotEnd((disc,), STILL, going)
        )
        camera, thing = drawn_goings(shot, 3, 30)
        # over a second a sway is slow
        assert (thing.right, thing.down) == pytest.approx((going.right, going.down), abs=0.02)
        assert (camera.right, camera.down) == pytest.approx((0, 0), abs=0.02)
        assert (camera.nearer, thing.nearer) == (0, 0)
        end = ShotEnd(camera=Going(0.1, -0.05, 0.3))
        camera, thing = drawn_goings(replace(_shot(end, setup=setup), head=end), 3, 30)
        assert camera.nearer == pytest.approx(0.3)
        assert thing == STILL


def test_what_was_drawn_is_told_nearly_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.evaluation.match_described.film_curves", _curves)
    disc = Mass("disc", 0.3, 0.5, 0.3, 0.5)
    ends = ShotEnd((disc,), STILL, RIGHT), ShotEnd(camera=Going(-0.3, 0.1)), ShotEnd(camera=NEARER)
    shots = tuple(
        replace(_shot(end, setup=setup), head=end, frames=30) for setup, end in enumerate(ends, start=1)
    )
    film = described(PlantedFilm(3, shots, ()), tmp_path, siamese=None, progress=CancellableProgress())
    found = _by_name(film)

    # heads and tails
    assert [len(each.errors) for each in found.values()] == [2, 4, 4]
    assert found["things"].errors.max() < 0.05
    pan, zoom = found["cameras"].errors.reshape(2, 2).T
    assert pan.max() < 0.05
    assert zoom.max() < 0.25


@pytest.mark.usefixtures("as_planned")
def test_the_command_tells_of_the_films_that_were_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked: list[int] = []

    def films(seeds: list[int], folder: Path, **_: object) -> list[DescribedFilm]:
        assert folder.is_dir()
        asked[:] = seeds
        return [_film(ShotEnd(moving=RIGHT))]

    monkeypatch.setattr(match_motion, "described_films", films)
    monkeypatch.setattr(match_motion, "open_siamese", lambda: None)

    assert main(["--seeds", "401", "403", "--keep", str(tmp_path / "kept")]) == 0
    assert asked == [401, 403]
    assert "things" in capsys.readouterr().out
    assert main([]) == 0
    assert asked == [1, 2, 3, 4, 5, 6, 7, 8]
