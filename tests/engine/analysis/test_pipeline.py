"""Stages are fed every frame once, in order, by one decode; stopping and failing leave nothing behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from paper import PaperTransNetV2

from seamline.analysis.evidence import EvidenceStage
from seamline.analysis.pace import Pace
from seamline.analysis.pipeline import StageFailure, run_stages
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock, Stage
from seamline.analysis.transitions import TransitionStage
from seamline.errors import Cancelled, MediaError, ModelError
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.seam_net_session import SeamNetSession, weights_key
from seamline.models.session import fastest_card
from seamline.progress import CancellableProgress, Progress

if TYPE_CHECKING:
    from films import FilmShelf


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("seamline-")]


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert threads() == []


class Reader:
    """A stage that writes down the number that each picture shows."""

    version, key = 1, ""
    signal_width = 1

    def __init__(
        self,
        read_number: Callable[[Any], int],
        name: str = "numbers",
        size: tuple[int, int] = (80, 45),
        *,
        grey: bool = False,
        every_frames: int = 1,
    ) -> None:
        self.name = name
        self.pictures = PictureSpec(*size, grey=grey, every_frames=every_frames)
        self.stored_frames = None
        self.signal_names = (name,)
        self.fed: list[int] = []
        self.look_back = 0
        self.before_feed: Callable[[], None] = lambda: None
        self.has_finished = False
        self._read_number = read_number
        self._next = 0
        self._skip = 0

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        first = max(0, done_frames - self.look_back)
        self._next, self._skip = done_frames, done_frames - first
        return Resumption(first, done_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        self.before_feed()
        assert pictures.shape[1:] == self.pictures.shape
        if self.pictures.grey:
            pictures = np.repeat(pictures[..., np.newaxis], 3, axis=-1)
        numbers = [self._read_number(picture) for picture in pictures]
        self.fed += numbers
        new = numbers[self._skip :]
        self._skip = max(0, self._skip - len(numbers))
        if not new:
            return []
        every = self.pictures.every_frames
        block = SignalBlock(self._next, {self.name: np.array(new, np.float32)}, every)
        self._next = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        self.has_finished = True
        return []


class Missing(Reader):
    """A stage that cannot begin."""

    def __init__(self, read_number: Callable[[Any], int], error: Exception) -> None:
        super().__init__(read_number, "bad")
        self._error = error

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        raise self._error


def run(
    film: Film, *stages: Reader, signals: Signals | None = None, progress: Progress | None = None
) -> Signals:
    signals = signals or Signals(film.frame_count)
    failures = run_on(film, stages, signals, progress)
    assert failures == []
    return signals


def run_on(
    film: Film, stages: Sequence[Reader], signals: Signals, progress: Progress | None = None
) -> list[StageFailure]:
    return run_stages(
        film, stages, signals, progress=progress or CancellableProgress(), on_block=lambda block: None
    )


class TestPipeline:
    def test_each_stage_gets_each_frame_once_in_order_in_its_size(self, films: FilmShelf) -> None:
        film = open_film(films("mp4").path)
        small = Reader(films.read_number)
        large = Reader(films.read_number, "large", (160, 90))
        signals = run(film, small, large)
        assert small.fed == large.fed == list(range(100))
        assert signals["numbers"].tolist() == signals["large"].tolist() == list(range(100))

    def test_one_that_gives_way_takes_longer_and_gives_the_same(self, films: FilmShelf) -> None:
        film = open_film(films("mp4").path)
        seconds = {}
        for share in (1.0, 0.1):
            stage, signals = Reader(films.read_number), Signals(film.frame_count)
            stage.before_feed = lambda: time.sleep(0.02)
            began_s = time.monotonic()
            run_stages(
                film,
                [stage],
                signals,
                progress=CancellableProgress(),
                on_block=lambda _: None,
                pace=Pace(share),
            )
            seconds[share] = time.monotonic() - began_s
            assert signals["numbers"].tolist() == list(range(100))
        # four batches of 20 ms, with 180 ms of rest behind each
        assert seconds[0.1] > seconds[1.0] + 0.5

    def test_pictures_of_a_turned_film_stand_upright(self, films: FilmShelf) -> None:
        stage = Reader(films.read_number, size=(90, 160))
        run(open_film(films("mp4_rotated").path), stage)
        assert stage.fed == list(range(100))

    @pytest.mark.parametrize("done", [1, 30, 75, 99])
    def test_it_goes_on_where_each_stage_stopped(self, films: FilmShelf, done: int) -> None:
        film = open_film(films("mp4").path)
        behind, ahead = Reader(films.read_number), Reader(films.read_number, "ahead")
        behind.look_back = 10
        signals = Signals(100)
        signals.add(SignalBlock(0, {"numbers": np.arange(done, dtype=np.float32)}))
        signals.add(SignalBlock(0, {"ahead": np.arange(min(100, done + 20), dtype=np.float32)}))
        run(film, behind, ahead, signals=signals)
        assert behind.fed == list(range(max(0, done - 10), 100))
        assert ahead.fed == list(range(min(100, done + 20), 100))
        assert signals["numbers"].tolist() == list(range(100))

    def test_a_film_that_is_done_is_not_opened(
        self, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        film = open_film(films("mp4").path)
        monkeypatch.setattr("seamline.analysis.picture_source.Decoder", None)
        signals = Signals(100)
        signals.add(SignalBlock(0, {"numbers": np.zeros(100, np.float32)}))
        run(film, Reader(films.read_number), signals=signals)

    def test_progress_counts_what_all_stages_know(self, films: FilmShelf) -> None:
        seen: list[tuple[int, int]] = []
        progress = CancellableProgress(lambda done, total: seen.append((done, total)))
        run(
            open_film(films("mp4").path),
            Reader(films.read_number),
            Reader(films.read_number, "b"),
            progress=progress,
        )
        done = [at for at, _ in seen]
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0, 100)
        assert {total for _, total in seen} == {100}

    @pytest.mark.timed
    def test_cancelling_stops_soon_and_keeps_what_is_known(self, films: FilmShelf) -> None:
        film = open_film(films("mp4").path)
        stage = Reader(films.read_number)
        progress = CancellableProgress()
        stage.before_feed = lambda: progress.cancel() if len(stage.fed) >= 50 else None
        signals = Signals(100)
        with pytest.raises(Cancelled):
            run(film, stage, signals=signals, progress=progress)
        assert 50 <= signals.done_frames("numbers") < 100
        assert threads() == []

    @pytest.mark.timed
    def test_cancelling_while_the_decoder_is_slow_takes_no_half_second(
        self, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        film = open_film(films("mp4").path)
        stuck = threading.Event()
        read = Decoder.read

        def slow(decoder: Decoder) -> Any:
            stuck.wait(0.3)
            return read(decoder)

        monkeypatch.setattr(Decoder, "read", slow)
        progress = CancellableProgress()
        threading.Timer(0.05, progress.cancel).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            run(film, Reader(films.read_number), progress=progress)
        assert time.monotonic() - began < 0.05 + 0.5

    @pytest.mark.parametrize("error", [ZeroDivisionError("here"), ModelError("It does not run.")])
    @pytest.mark.parametrize("done", [0, 50])
    def test_a_stage_that_fails_does_not_take_the_others_with_it(
        self, films: FilmShelf, error: Exception, done: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        good, bad = Reader(films.read_number), Reader(films.read_number, "bad")

        def fail() -> None:
            if len(bad.fed) >= done:
                raise error

        bad.before_feed = fail
        signals = Signals(100)
        failures = run_on(open_film(films("mp4").path), [bad, good], signals)
        assert [(failure.stage, failure.error) for failure in failures] == [("bad", error)]
        assert str(error) in failures[0].sentence
        assert signals["numbers"].tolist() == list(range(100))
        assert signals.done_frames("bad") == done
        assert "The stage bad stopped" in caplog.text

    @pytest.mark.parametrize(
        "error", [ModelError("It is not installed."), ImportError("It is not installed.")]
    )
    def test_a_stage_that_cannot_begin_does_not_take_the_others_with_it(
        self, films: FilmShelf, error: Exception
    ) -> None:
        signals = Signals(100)
        stages = [Missing(films.read_number, error), Reader(films.read_number)]
        failures = run_on(open_film(films("mp4").path), stages, signals)
        assert ["It is not installed." in failure.sentence for failure in failures] == [True]
        assert signals.done_frames("numbers") == 100

    def test_what_keeps_a_needed_stage_from_beginning_is_said_at_once(self, films: FilmShelf) -> None:
        other = Reader(films.read_number)
        missing = Missing(films.read_number, ModelError("It is not installed."))
        with pytest.raises(ModelError, match="not installed"):
            run_stages(
                open_film(films("mp4").path),
                [other, missing],
                Signals(100),
                progress=CancellableProgress(),
                on_block=lambda block: None,
                needed={"bad"},
            )
        assert other.fed == []

    def test_rare_and_grey_pictures_come_from_the_same_decode(self, films: FilmShelf) -> None:
        rare = Reader(films.read_number, "rare", every_frames=7)
        grey = Reader(films.read_number, "grey", grey=True)
        signals = run(open_film(films("mp4").path), rare, grey)
        assert signals["rare"].tolist() == rare.fed == list(range(0, 100, 7))
        assert signals["grey"].tolist() == list(range(100))
        assert signals.done_frames("rare") == 100

    def test_rare_pictures_go_on_where_they_stopped(self, films: FilmShelf) -> None:
        rare = Reader(films.read_number, "rare", every_frames=7)
        signals = Signals(100)
        signals.add(SignalBlock(0, {"rare": np.arange(0, 42, 7, dtype=np.float32)}, 7))
        run(open_film(films("mp4").path), rare, signals=signals)
        assert rare.fed == list(range(42, 100, 7))
        assert signals["rare"].tolist() == list(range(0, 100, 7))


class TestDecodeBreakingOff:
    """A disk that goes away, or damage without hope, in the middle of a film."""

    def test_what_was_decoded_until_then_is_worked_off(
        self, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        has_gone = disk_goes_at(monkeypatch, 75)
        quick, slow = Reader(films.read_number), Reader(films.read_number, "slow")

        def wait() -> None:
            has_gone.wait(5)
            time.sleep(0.1)

        slow.before_feed = wait
        signals = Signals(100)
        with pytest.raises(MediaError, match="The disk has gone"):
            run(open_film(films("mp4").path), quick, slow, signals=signals)
        assert signals["slow"].tolist()[:75] == signals["numbers"].tolist()[:75] == list(range(75))
        assert signals.done_frames("slow") == signals.done_frames("numbers") == 75
        assert [quick.has_finished, slow.has_finished] == [False, False]  # it was not the film's end

    def test_blocks_are_those_of_an_undisturbed_run(
        self, long_film: Film, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole, whole_blocks = windowed_run(long_film, Signals(460))
        signals = Signals(460)
        with monkeypatch.context() as patched:
            disk_goes_at(patched, 400)
            with pytest.raises(MediaError, match="The disk has gone"):
                windowed_run(long_film, signals)
        assert signals.done_frames("similarity") == 400
        for windowed in ("cut_probability", "cut_evidence"):
            # a window that is not full is left for the next run
            assert 0 < signals.done_frames(windowed) < 400
            assert signals.done_frames(windowed) in {end for name, _, end in whole_blocks if name == windowed}
        resumed, resumed_blocks = windowed_run(long_film, signals)
        for name in ("similarity", "relighting", *TransitionStage.signal_names, *EvidenceStage.signal_names):
            assert np.array_equal(whole[name], resumed[name]), name
        assert {block for block in resumed_blocks if block[0] != "similarity"} <= whole_blocks

    def test_cancelling_does_not_wait_until_all_is_worked_off(
        self, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        has_gone = disk_goes_at(monkeypatch, 100)
        stage, progress = Reader(films.read_number), CancellableProgress()
        cancelled_at: list[float] = []

        def wait() -> None:
            has_gone.wait(5)
            time.sleep(0.2)
            if not cancelled_at:
                cancelled_at.append(time.monotonic())
                progress.cancel()

        stage.before_feed = wait
        with pytest.raises(Cancelled):
            run(open_film(films("mp4").path), stage, progress=progress)
        assert time.monotonic() - cancelled_at[0] < 0.5
        assert len(stage.fed) <= 50


def disk_goes_at(monkeypatch: pytest.MonkeyPatch, frame: int) -> threading.Event:
    """Have every decoder fail where `frame` would come, for the end too; the event tells when it has."""
    has_gone = threading.Event()
    read = Decoder.read

    def failing(decoder: Decoder) -> Any:
        item = read(decoder)
        if item is None or item[0] >= frame:
            has_gone.set()
            raise MediaError("The disk has gone.")
        return item

    monkeypatch.setattr(Decoder, "read", failing)
    return has_gone


def windowed_run(film: Film, signals: Signals) -> tuple[Signals, set[tuple[str, int, int]]]:
    """The signals with what stages that work in windows add, and the blocks: a curve's name, from frame, to frame."""
    card = fastest_card()
    network: Any = PaperTransNetV2()
    stages: list[Stage] = [
        SimilarityStage(),
        TransitionStage(card, lambda: network),
        EvidenceStage(weights_key(), SeamNetSession),
    ]
    blocks: set[tuple[str, int, int]] = set()

    def note(block: SignalBlock) -> None:
        blocks.add((next(iter(block.values)), block.start_frame, block.end_frame))

    assert run_stages(film, stages, signals, progress=CancellableProgress(), on_block=note) == []
    return signals, blocks
