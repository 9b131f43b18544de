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
    """Sees a face as high as the picture is bright."""

    def __init__(self) -> None:
        self.full_looks = 0
        self.face_looks = 0

    def _figures(self, picture: Pictures, is_full: bool) -> Figures:
        height = float(picture.mean()) / 255
        face = Detection(0.9, (0.4, 0.0, 0.6, height), np.zeros((6, 2), np.float32))
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
    """Flat pictures, every fourth frame of shots of so many pictures: uint8[n, 36, 64, 3]."""
    greys = [60 + 80 * (number % 3) for number, length in enumerate(lengths) for _ in range(length)]
    return np.stack([np.full((36, 64, 3), grey, np.uint8) for grey in greys])


def rows_of(pictures: Pictures, finder: PaperFinder | None = None, *, batch: int = 7) -> NDArray[np.float32]:
    signals = Signals(4 * len(pictures))
    one = stage(finder or PaperFinder())
    one.resume(0, CancellableProgress())
    for start in range(0, len(pictures), batch):
        for block in one.feed(pictures[start : start + batch]):
            signals.add(block)
    assert one.finish() == []
    assert signals.done_frames(FIGURES) == 4 * len(pictures)
    return signals[FIGURES]


def test_every_shot_of_a_picture_or_more_is_looked_at() -> None:
    rows = rows_of(shots(1, 1, 2, 3, 1, 9))
    assert rows.shape == (17, ROW_WIDTH)
    looked = [FigureRow.of(row).looked for row in rows]
    assert [looked[first] for first in (0, 1, 2, 4, 7, 8)] == [2] * 6


def test_a_still_shot_is_looked_at_once_a_block() -> None:
    finder = PaperFinder()
    rows = rows_of(shots(100), finder)
    assert finder.full_looks == 3  # blocks of 48 pictures: eight seconds
    assert finder.face_looks == 0
    assert np.flatnonzero(rows[:, 0]).tolist() == [0, 48, 96]


def test_a_shot_that_moves_is_looked_at_twice_a_second() -> None:
    finder = PaperFinder()
    greys = 100 + 4 * (np.arange(48) // 3 % 2)
    rows = rows_of(np.stack([np.full((36, 64, 3), grey, np.uint8) for grey in greys]), finder)
    assert finder.full_looks == 1
    assert 12 <= finder.face_looks <= 16
    assert np.diff(np.flatnonzero(rows[:, 0])).max() <= 4


def test_cuts_without_end_cost_no_more_than_some_looks() -> None:
    finder = PaperFinder()
    rows_of(shots(*[1] * 48), finder)
    assert finder.full_looks == 6
    assert finder.face_looks == 18


def test_where_a_face_is_gone_it_is_looked_at_in_full() -> None:
    pictures = shots(48)
    pictures[10:] = 45  # not another shot
    pictures[20:] = 24
    assert FigureRow.of(rows_of(pictures)[20]).looked == 2


@pytest.mark.parametrize("done_rows", [1, 47, 48, 70])
def test_a_run_that_goes_on_gives_the_same(done_rows: int) -> None:
    pictures = shots(5, 1, 30, 2, 9, 28, 15)
    whole = rows_of(pictures)
    again = stage(PaperFinder())
    resumption = again.resume(4 * done_rows, CancellableProgress())
    assert resumption.first_picture == resumption.first_result <= 4 * done_rows
    (block,) = again.feed(pictures[resumption.first_picture // 4 :])
    assert block.start_frame == resumption.first_result
    assert np.array_equal(block.values[FIGURES], whole[resumption.first_result // 4 :])


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
    assert FigureStage((64, 36), rate=Fraction(24)).every_frames == 4
    assert FigureStage((64, 36), rate=Fraction(60000, 1001)).every_frames == 8


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
