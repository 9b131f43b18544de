"""However long, slow or damaged a film is: memory stays flat, cancelling is quick, a failing stage is alone."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import psutil
import pytest

from seamline.analysis.analyze import Analysis
from seamline.analysis.pipeline import run_stages
from seamline.analysis.signals import Signals
from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.analysis.stages import further_stages
from seamline.errors import Cancelled, MediaError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.timebase import FrameIndex
from seamline.progress import CancellableProgress, Progress

if TYPE_CHECKING:
    from films import FilmShelf

_MIB = 1 << 20


class Brightness:
    """The smallest stage there is."""

    name, version, key, signal_width, stored_frames = "brightness", 1, "", 1, None
    pictures = PictureSpec(4, 4, grey=True)
    signal_names = ("brightness",)
    _next = 0

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        self._next = done_frames
        return Resumption(done_frames, done_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        block = SignalBlock(self._next, {"brightness": pictures.mean((1, 2), dtype=np.float32)})
        self._next = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        return []


@pytest.fixture
def endless(films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Film]:
    """A film of so many tiny frames that no decoder has to make, of which only every n-th can be decoded."""

    def film_of(frames: int, *, every: int = 1) -> Film:
        class Decoder:
            def __init__(self, film: Film) -> None: ...

            def __enter__(self) -> Decoder:
                return self

            def __exit__(
                self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
            ) -> None: ...

            def __iter__(self) -> Iterator[tuple[int, av.VideoFrame]]:
                for number in range(0, frames, every):
                    yield number, av.VideoFrame(16, 16, "gray8")

        monkeypatch.setattr("seamline.analysis.picture_source.Decoder", Decoder)
        whole = open_film(films("mp4_small").path)
        times = np.arange(frames, dtype=np.int64)
        index = FrameIndex(times, Fraction(1, 25), Fraction(25), np.array([0], np.int64), frames)
        return replace(whole, index=index)

    return film_of


def test_memory_does_not_grow_with_the_film(endless: Callable[..., Film]) -> None:
    """Half an hour of film; what is kept of it are the curves alone."""
    frames = 45_000
    film, signals = endless(frames), Signals(frames)
    process = psutil.Process()
    sizes: list[int] = []

    def note(block: SignalBlock) -> None:
        if block.start_frame % 1000 == 0:
            sizes.append(process.memory_info().rss)

    stages = [Brightness()]
    assert run_stages(film, stages, signals, progress=CancellableProgress(), on_block=note) == []
    assert signals.done_frames("brightness") == frames
    growth = max(sizes[len(sizes) // 6 :]) - max(sizes[: len(sizes) // 6])
    assert growth < 6 * _MIB  # a quarter of a MiB a minute


def test_a_film_that_is_mostly_lost_takes_no_longer(endless: Callable[..., Film]) -> None:
    frames = 20_000
    film, missing = endless(frames, every=1000), set[int]()
    signals = Signals(frames)
    progress = CancellableProgress()
    began = time.process_time()
    run_stages(film, [Brightness()], signals, progress=progress, on_block=lambda block: None, missing=missing)
    assert signals.done_frames("brightness") == frames
    assert len(missing) == frames - frames // 1000
    assert time.process_time() - began < 10


def test_a_film_of_which_nothing_can_be_decoded_is_all_missing(endless: Callable[..., Film]) -> None:
    film, missing, signals = endless(100, every=101), set[int](), Signals(100)
    progress = CancellableProgress()
    run_stages(film, [Brightness()], signals, progress=progress, on_block=lambda block: None, missing=missing)
    assert signals.done_frames("brightness") == 100
    assert missing == set(range(1, 100))


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.6, 0.97])
def test_cancelling_with_all_stages_on_takes_no_half_second(
    moment: float, odd: Any, draw: Any, tmp_path: Path
) -> None:
    """At any share of a run, through the decoder, four networks' worth of stages and the file of thumbnails."""
    path = tmp_path / "film.mp4"
    odd.splice(path, [odd.Part(frames=150, size=(320, 180))], draw)
    film = open_film(path)
    waits = []
    for attempt in range(2):  # other programs may keep the machine busy: the quicker one counts
        cancelled_s: list[float] = []
        progress = CancellableProgress()

        def hear(
            block: SignalBlock, progress: CancellableProgress = progress, said: list[float] = cancelled_s
        ) -> None:
            if not said and block.end_frame >= moment * film.frame_count:
                said.append(time.monotonic())
                threading.Thread(target=progress.cancel).start()

        analysis = Analysis(film, further=further_stages(film, tmp_path / str(attempt)))
        with contextlib.suppress(Cancelled):  # unless it had finished by then
            analysis.run(progress=progress, on_block=hear)
        waits.append(time.monotonic() - cancelled_s[0])
        assert [t.name for t in threading.enumerate() if t.name.startswith("seamline-")] == []
        if waits[-1] < 0.5:
            break
    assert min(waits) < 0.5


@pytest.mark.parametrize("failing", ["MotionStage", "EmbeddingStage", "ThumbnailStage"])
@pytest.mark.parametrize("when", ["feed", "finish"])
def test_a_further_stage_that_fails_leaves_the_seams_and_the_others_whole(
    failing: str, when: str, odd: Any, draw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = open_film(odd.splice(tmp_path / "film.mp4", [odd.Part(frames=60)], draw))
    stages = further_stages(film, tmp_path / "strip")
    bad = next(stage for stage in stages if type(stage).__name__ == failing)

    def fail(*_: object) -> list[SignalBlock]:
        raise MemoryError("no memory is left")

    monkeypatch.setattr(bad, when, fail)
    analysis = Analysis(film, further=stages)
    report = analysis.run(progress=CancellableProgress())
    assert len(report.failures) == 1
    assert bad.name in report.failures[0]
    assert analysis.done_frames == 60
    assert (14, 15) in [(seam.out_frame, seam.in_frame) for seam in analysis.seams]
    for stage in stages:
        if stage is not bad:
            done = (
                analysis.signals.done_frames(*stage.signal_names)
                if stage.signal_names
                else stage.stored_frames
            )
            assert done is not None
            assert done >= 60


def test_a_folder_that_cannot_be_written_costs_the_thumbnails_alone(
    odd: Any, draw: Any, tmp_path: Path
) -> None:
    film = open_film(odd.splice(tmp_path / "film.mp4", [odd.Part()], draw))
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    analysis = Analysis(film, further=further_stages(film, in_the_way))
    report = analysis.run(progress=CancellableProgress())
    assert len(report.failures) == 1
    assert "small pictures cannot be kept" in report.failures[0]
    assert analysis.done_frames == 30


def test_a_film_that_goes_away_on_the_way_is_a_clear_sentence(odd: Any, draw: Any, tmp_path: Path) -> None:
    path = odd.splice(tmp_path / "film.mp4", [odd.Part()], draw)
    film = open_film(path)
    path.unlink()
    analysis = Analysis(film, further=further_stages(film, tmp_path / "strip"))
    with pytest.raises(MediaError, match="There is no file"):
        analysis.run(progress=CancellableProgress())
