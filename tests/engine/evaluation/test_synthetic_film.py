"""A synthetic edit as a film on disk: all its frames, and a table that reads back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from seamline.errors import Cancelled, ExchangeError, MediaError
from seamline.evaluation.synthetic_drawn import drawn_sources
from seamline.evaluation.synthetic_film import Encoding, write_film
from seamline.evaluation.synthetic_generator import plan_edit
from seamline.evaluation.synthetic_plan import EditPlan
from seamline.evaluation.synthetic_render import render
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import ArraySource
from seamline.exchange.csv_list import read_transitions
from seamline.progress import CancellableProgress

SIZE = (96, 54)
Edit = tuple[EditPlan, list[ArraySource]]


@pytest.fixture(scope="module")
def edit() -> Edit:
    sources = [ArraySource(source.frames(range(90), SIZE)) for source in drawn_sources(4, 2, frame_count=90)]
    return plan_edit(sources, GeneratorSettings(frames=(150, 150)), seed=8), sources


def test_the_film_has_every_frame_and_its_table_reads_back(edit: Edit, tmp_path: Path) -> None:
    plan, sources = edit
    path = tmp_path / "edit.mp4"
    steps: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    table = write_film(plan, sources, path, SIZE, Encoding(Fraction(24000, 1001), crf=10), progress=progress)
    with av.open(path) as container:
        assert container.streams.video[0].average_rate == Fraction(24000, 1001)
        shown = np.stack(
            [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in container.decode(video=0)]
        )
    pictures, truth = render(plan, sources, SIZE)
    assert len(shown) == len(pictures) == plan.frame_count
    assert np.abs(shown - pictures).mean(axis=(1, 2, 3)).max() < 12
    assert table == tmp_path / "edit.csv"
    assert list(read_transitions(table)) == truth
    assert steps[-1] == (plan.frame_count, plan.frame_count)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["edit.csv", "edit.mp4"]


def test_a_higher_crf_makes_a_smaller_film(edit: Edit, tmp_path: Path) -> None:
    sizes = []
    for crf in (12, 40):
        write_film(*edit, tmp_path / f"{crf}.mp4", SIZE, Encoding(crf=crf))
        sizes.append((tmp_path / f"{crf}.mp4").stat().st_size)
    assert sizes[1] < sizes[0] / 2


def test_what_exists_is_overwritten_only_when_asked(edit: Edit, tmp_path: Path) -> None:
    path = tmp_path / "edit.mp4"
    path.write_text("mine")
    with pytest.raises(ExchangeError, match="exists already"):
        write_film(*edit, path, SIZE)
    assert path.read_text() == "mine"
    write_film(*edit, path, SIZE, overwrite=True)
    assert path.stat().st_size > 1000


def test_what_appears_meanwhile_is_not_overwritten_either(edit: Edit, tmp_path: Path) -> None:
    path = tmp_path / "edit.mp4"

    def appear(done: int, _total: int) -> None:
        if done == 40:
            path.write_text("mine")

    with pytest.raises(ExchangeError, match="exists already"):
        write_film(*edit, path, SIZE, progress=CancellableProgress(appear))
    assert path.read_text() == "mine"


def test_an_encoder_that_stops_is_a_sentence_and_leaves_nothing(
    edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise av.FFmpegError(28, "No space left on device")

    monkeypatch.setattr("seamline.evaluation.synthetic_film._stream", stop)
    with pytest.raises(
        MediaError, match=r"edit\.mp4” was not written \(No space left on device\): make room"
    ):
        write_film(*edit, tmp_path / "edit.mp4", SIZE)
    assert list(tmp_path.iterdir()) == []


def test_cancelled_it_leaves_nothing(edit: Edit, tmp_path: Path) -> None:
    progress = CancellableProgress()

    def stop(done: int, _total: int) -> None:
        if done == 40:
            progress.cancel()

    progress = CancellableProgress(stop)
    with pytest.raises(Cancelled):
        write_film(*edit, tmp_path / "edit.mp4", SIZE, progress=progress)
    assert list(tmp_path.iterdir()) == []


def test_sizes_and_qualities_that_cannot_be_are_refused(edit: Edit, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="even and at least 16x16, not 97x54"):
        write_film(*edit, tmp_path / "edit.mp4", (97, 54))
    with pytest.raises(MediaError, match="from 0 to 51, not 60"):
        Encoding(crf=60)
    with pytest.raises(ExchangeError, match="no folder"):
        write_film(*edit, tmp_path / "missing" / "edit.mp4", SIZE)
