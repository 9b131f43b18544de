"""Which pictures are looked at, and that a run that goes on gives the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.figure_rows import ROW_WIDTH, FigureRow
from seamline.analysis.figures_stage import FIGURES, FigureStage, active_rows
from seamline.analysis.signals import Signals
from seamline.errors import Cancelled, ModelError
from seamline.models.figure_decoding import Detection
from seamline.models.figures import FigureFinder, Figures
from seamline.progress import CancellableProgress

RATE = Fraction(24)
Pictures = NDArray[np.uint8]


class PaperFinder:
    """Sees a face as high as the picture is bright, of the given score."""

    def __init__(self, score: float = 0.9) -> None:
        self.score = score
        self.full_looks = 0
        self.face_looks = 0

    def _figures(self, picture: Pictures, is_full: bool) -> Figures:
        height = float(picture.mean()) / 255
        face = Detection(self.score, (0.4, 0.0, 0.6, height), np.zeros((6, 2), np.float32))
        return Figures((face,) if height > 0.1 else (), None, is_full)

    def faces(self, picture: Pictures) -> Figures:
        self.face_looks += 1
        return self._figures(picture, is_full=False)

    def figures(self, picture: Pictures) -> Figures:
        self.full_looks += 1
        return self._figures(picture, is_full=True)


def stage(finder: PaperFinder) -> FigureStage:
    return FigureStage((64, 36), rate=RATE, open_finder=lambda: cast(FigureFinder, finder))


def shots(*lengths: int) -> Pictures:
    """Flat pictures, every sixth frame of shots of so many pictures: uint8[n, 36, 64, 3]."""
    greys = [60 + 80 * (number % 3) for number, length in enumerate(lengths) for _ in range(length)]
    return np.stack([np.full((36, 64, 3), grey, np.uint8) for grey in greys])


def rows_of(pictures: Pictures, finder: PaperFinder | None = None, *, batch: int = 7) -> NDArray[np.float32]:
    signals = Signals(6 * len(pictures))
    one = stage(finder or PaperFinder())
    one.resume(0, CancellableProgress())
    for start in range(0, len(pictures), batch):
        for block in one.feed(pictures[start : start + batch]):
            signals.add(block)
    assert one.finish() == []
    assert signals.done_frames(FIGURES) == 6 * len(pictures)
    return signals[FIGURES]


def test_every_shot_of_half_a_second_is_looked_at() -> None:
    lengths = (1, 1, 2, 3, 9, 2, 16)
    rows = rows_of(shots(*lengths))
    assert rows.shape == (sum(lengths), ROW_WIDTH)
    of_shots = np.split(rows[:, 0], np.cumsum(lengths)[:-1])
    assert [looked[0] for looked in of_shots[:3]] == [2, 2, 2]
    assert all(looked.any() for looked in of_shots)


def test_a_still_shot_is_looked_at_once_a_block() -> None:
    finder = PaperFinder()
    rows = rows_of(shots(200), finder)
    assert finder.full_looks == 3  # blocks of 96 pictures: 24 seconds
    assert finder.face_looks == 0
    assert np.flatnonzero(rows[:, 0]).tolist() == [0, 96, 192]


def moving(pictures: int) -> Pictures:
    """One shot in which something moves all the time: uint8[n, 36, 64, 3]."""
    greys = 100 + 4 * (np.arange(pictures) // 3 % 2)
    return np.stack([np.full((36, 64, 3), grey, np.uint8) for grey in greys])


def test_a_shot_that_moves_is_looked_at_for_faces_every_second_and_a_half() -> None:
    finder = PaperFinder()
    rows = rows_of(moving(48), finder)
    assert finder.full_looks == 1
    assert 5 <= finder.face_looks <= 8
    assert np.diff(np.flatnonzero(rows[:, 0])).max() <= 9


def test_as_long_as_no_face_is_sure_every_other_look_is_in_full() -> None:
    finder = PaperFinder(score=0.6)
    rows_of(moving(48), finder)
    assert finder.full_looks in {3, 4}
    assert finder.face_looks in {3, 4}


def test_cuts_without_end_cost_no_more_than_is_allowed() -> None:
    finder = PaperFinder(score=0.6)  # never so sure that the body is not looked for
    rows_of(shots(*[1] * 96), finder)
    most = 12 + 3 * 24
    assert most - 18 <= 6 * finder.full_looks + finder.face_looks <= most


def test_what_was_due_in_full_is_made_up_for() -> None:
    pictures = shots(*[1] * 24, 24)
    rows = rows_of(pictures, PaperFinder(score=0.6))
    assert any(FigureRow.of(row).looked == 2 for row in rows[24:])


def test_pictures_not_looked_at_still_tell_whether_there_is_something() -> None:
    row = FigureRow.of(rows_of(shots(3))[2])
    assert row.looked == 0
    assert row.flat == 1
    assert row.contrast == pytest.approx(0)


def test_where_a_face_is_gone_it_is_looked_at_in_full() -> None:
    pictures = shots(48)
    pictures[10:] = 45  # not another shot
    pictures[20:] = 24
    assert FigureRow.of(rows_of(pictures)[20]).looked == 2


@pytest.mark.parametrize("done_rows", [1, 95, 96, 140])
def test_a_run_that_goes_on_gives_the_same(done_rows: int) -> None:
    pictures = shots(10, 2, 60, 4, 18, 56, 30)
    whole = rows_of(pictures)
    again = stage(PaperFinder())
    resumption = again.resume(6 * done_rows, CancellableProgress())
    assert resumption.first_picture == resumption.first_result <= 6 * done_rows
    (block,) = again.feed(pictures[resumption.first_picture // 6 :])
    assert block.start_frame == resumption.first_result
    assert np.array_equal(block.values[FIGURES], whole[resumption.first_result // 6 :])


def test_cancelling_stops_between_pictures() -> None:
    progress = CancellableProgress()
    one = stage(PaperFinder())
    one.resume(0, progress)
    progress.cancel()
    with pytest.raises(Cancelled):
        one.feed(shots(3))


def test_missing_networks_are_told_before_anything_is_decoded() -> None:
    def missing() -> Any:
        raise ModelError("not installed")

    with pytest.raises(ModelError, match="not installed"):
        FigureStage((64, 36), rate=RATE, open_finder=missing).resume(0, CancellableProgress())


def test_high_rates_are_not_looked_at_more_often() -> None:
    assert FigureStage((64, 36), rate=Fraction(24)).every_frames == 6
    assert FigureStage((64, 36), rate=Fraction(60000, 1001)).every_frames == 12


def test_bars_above_and_below_do_not_count() -> None:
    picture = np.full((180, 320, 3), 120, np.uint8)
    assert active_rows(picture) == (0, 180)
    picture[:22], picture[158:] = 16, 16
    assert active_rows(picture) == (22, 158)


def test_a_dark_ground_is_no_bar() -> None:
    picture = np.full((180, 320, 3), 120, np.uint8)
    picture[140:] = 10
    assert active_rows(picture) == (0, 180)
    assert active_rows(np.zeros((180, 320, 3), np.uint8)) == (0, 180)


def test_faces_are_measured_against_what_lies_between_the_bars() -> None:
    picture = np.full((1, 180, 320, 3), 128, np.uint8)
    picture[:, :22], picture[:, 158:] = 0, 0
    row = FigureRow.of(rows_of(picture)[0])
    assert row.bars == pytest.approx(44 / 180)
    assert row.face_height == pytest.approx(128 / 255, abs=0.01)
