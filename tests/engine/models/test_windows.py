"""Windows, published and long, fed in pieces and resumed, are those of one whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.errors import Cancelled
from seamline.models.session import TransNetV2Session
from seamline.models.windows import LONG, PUBLISHED, Prediction, WindowedPredictor, WindowLayout, resume_point
from seamline.progress import CancellableProgress, Progress

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


class Recorder:
    """A predictor whose results are the frame numbers that the pictures carry."""

    def __init__(self) -> None:
        self.windows: list[list[int]] = []

    def predict(
        self,
        pictures: Pictures,
        *,
        progress: Progress | None = None,
    ) -> tuple[Probabilities, Probabilities]:
        numbers = numbers_of(pictures)
        self.windows.append(numbers.astype(int).tolist())
        return numbers, -numbers


def numbered(start: int, end: int) -> Pictures:
    pictures = np.zeros((end - start, 27, 48, 3), np.uint8)
    pictures[:, 0, 0, 0], pictures[:, 0, 0, 1] = np.divmod(np.arange(start, end), 256)
    return pictures


def numbers_of(pictures: Pictures) -> Probabilities:
    return (pictures[:, 0, 0, 0] * np.float32(256) + pictures[:, 0, 0, 1]).astype(np.float32)


def published_windows(frame_count: int) -> list[list[int]]:
    """The published inference, written down literally: pad, then cut windows of 100 at each 50."""
    remainder = frame_count % 50
    after = 25 + 50 - (remainder if remainder != 0 else 50)
    padded = [0] * 25 + list(range(frame_count)) + [frame_count - 1] * after
    return [padded[at : at + 100] for at in range(0, len(padded) - 99, 50)]


def in_pieces(pictures: Pictures, size: int) -> Iterator[Pictures]:
    for at in range(0, len(pictures), size):
        yield pictures[at : at + size]


def run(predictor: WindowedPredictor, pictures: Pictures, piece: int) -> list[Prediction]:
    predictions = [one for part in in_pieces(pictures, piece) for one in predictor.feed(part)]
    return predictions + predictor.finish()


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.parametrize("frame_count", [1, 2, 25, 49, 50, 51, 74, 75, 76, 99, 100, 101, 150, 175, 333])
def test_windows_are_the_published_ones(frame_count: int, piece: int) -> None:
    recorder = Recorder()
    predictions = run(WindowedPredictor(recorder, layout=PUBLISHED), numbered(0, frame_count), piece)
    assert recorder.windows == published_windows(frame_count)
    assert [one.start_frame for one in predictions] == list(range(0, frame_count, 50))
    for head, sign in (("single", 1), ("many", -1)):
        values = np.concatenate([getattr(one, head) for one in predictions])
        assert np.array_equal(values, sign * np.arange(frame_count)), "each frame once, in order"


@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize("frame_count", [1, 49, 50, 51, 75, 76, 150, 349, 350, 351, 400, 825, 1300])
def test_a_long_window_shows_what_its_published_windows_show(frame_count: int, piece: int) -> None:
    recorder = Recorder()
    predictions = run(WindowedPredictor(recorder, layout=LONG), numbered(0, frame_count), piece)
    cut_up = [window[at : at + 100] for window in recorder.windows for at in range(0, len(window) - 99, 50)]
    assert cut_up == published_windows(frame_count)
    assert [one.start_frame for one in predictions] == [
        start for start in (0, 50, 150, 350, 800, 1250) if start < frame_count
    ]
    values = np.concatenate([one.single for one in predictions])
    assert np.array_equal(values, np.arange(frame_count)), "each frame once, in order"


@pytest.mark.parametrize("layout", [PUBLISHED, LONG, WindowLayout(100, first_frames=(150,))])
@pytest.mark.parametrize("frame_count", [76, 100, 101, 175, 333, 900])
def test_a_resumed_run_has_the_windows_of_a_whole_one(frame_count: int, layout: WindowLayout) -> None:
    whole = Recorder()
    expected = run(WindowedPredictor(whole, layout=layout), numbered(0, frame_count), 10)
    for done in range(0, frame_count + 1, 1 if frame_count < 200 else 23):
        first_result, first_picture = resume_point(done, layout)
        again = Recorder()
        predictor = WindowedPredictor(again, start_frame=first_result, layout=layout)
        predictions = run(predictor, numbered(first_picture, frame_count), 64)
        remaining = [one.start_frame for one in expected if one.start_frame >= first_result]
        assert first_result <= done
        assert [one.start_frame for one in predictions] == remaining
        assert again.windows == whole.windows[len(expected) - len(remaining) :]


def test_results_come_as_soon_as_their_window_is_whole() -> None:
    predictor = WindowedPredictor(Recorder(), layout=WindowLayout(100, first_frames=(50,)))
    assert predictor.feed(numbered(0, 74)) == []
    assert [one.start_frame for one in predictor.feed(numbered(74, 75))] == [0]
    assert predictor.feed(numbered(75, 174)) == []
    assert [one.start_frame for one in predictor.feed(numbered(174, 275))] == [50, 150]


def test_a_film_without_pictures_has_no_results() -> None:
    predictor = WindowedPredictor(Recorder())
    assert predictor.feed(numbered(0, 0)) == []
    assert predictor.finish() == []


def test_nothing_is_predicted_after_the_end() -> None:
    predictor = WindowedPredictor(Recorder())
    predictor.feed(numbered(0, 60))
    assert len(predictor.finish()) == 2, "50 frames, and the rest"
    assert predictor.finish() == []


@pytest.mark.parametrize("start_frame", [-50, 1, 75, 100, 450])
def test_only_where_a_window_begins_can_be_started_from(start_frame: int) -> None:
    with pytest.raises(ValueError, match="where a window begins"):
        WindowedPredictor(Recorder(), start_frame=start_frame, layout=LONG)


@pytest.mark.parametrize(("frames", "first"), [(0, ()), (75, ()), (100, (50, 30))])
def test_windows_stand_where_published_ones_do(frames: int, first: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="multiples of 50"):
        WindowLayout(frames, first_frames=first)


def test_the_network_gives_identical_results_resumed(
    int8_session: TransNetV2Session, film: Callable[[int, int], Pictures]
) -> None:
    pictures = film(130, 9)
    layout = WindowLayout(100, first_frames=(50,))
    whole = run(WindowedPredictor(int8_session, layout=layout), pictures, 33)
    first_result, first_picture = resume_point(61, layout)
    predictor = WindowedPredictor(int8_session, start_frame=first_result, layout=layout)
    resumed = run(predictor, pictures[first_picture:], 50)
    assert len(resumed) == 1
    for expected, found in zip(whole[1:], resumed, strict=True):
        assert expected.start_frame == found.start_frame
        assert np.array_equal(expected.single, found.single)
        assert np.array_equal(expected.many, found.many)


def test_a_cancelled_job_gets_no_more_windows(int8_session: TransNetV2Session) -> None:
    progress = CancellableProgress()
    predictor = WindowedPredictor(int8_session, progress=progress)
    progress.cancel()
    with pytest.raises(Cancelled):
        predictor.feed(numbered(0, 75))
