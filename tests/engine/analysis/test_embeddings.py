"""Embeddings of every n-th frame: which frames, under which name, going on, and stopping."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embeddings import EmbeddingStage, embedding_signal
from seamline.analysis.pipeline import run_stages
from seamline.analysis.signals import Signals
from seamline.analysis.stage import PictureSpec, Resumption
from seamline.errors import Cancelled, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, open_efficientnet
from seamline.progress import CancellableProgress, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from films import FilmShelf

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]

PAPER = EncoderSpec("paper", "paper key", (96, 54), 3)
SIGNAL = "embedding:paper"


class PaperEncoder:
    """Stands for a network: an embedding is the number that the frame shows, turned into a direction."""

    spec = PAPER
    device = "paper"

    def __init__(self, read_number: Callable[[Pictures], int]) -> None:
        self.seen: list[int] = []
        self.before_encode: Callable[[], None] = lambda: None
        self._read_number = read_number

    def encode(self, pictures: Pictures, *, progress: Progress | None = None) -> Floats:
        self.before_encode()
        if progress is not None:
            progress.on_cancel(lambda: None)()
            progress.step(0, 1)
        numbers = [self._read_number(picture) for picture in pictures]
        self.seen += numbers
        return direction(numbers)


def direction(numbers: list[int] | range) -> Floats:
    angles = np.array(numbers, np.float32) / 100
    return np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)


@pytest.fixture
def encoder(films: FilmShelf) -> PaperEncoder:
    return PaperEncoder(films.read_number)


@pytest.fixture
def film(films: FilmShelf) -> Film:
    """100 frames, 25 a second."""
    return open_film(films("mp4").path)


def stage_of(encoder: PaperEncoder, *, rate: int = 25, samples_per_s: int = 4) -> EmbeddingStage:
    return EmbeddingStage(PAPER, lambda: encoder, rate=Fraction(rate), samples_per_s=samples_per_s)


def run(film: Film, stage: EmbeddingStage, signals: Signals, progress: Progress | None = None) -> None:
    failures = run_stages(
        film, [stage], signals, progress=progress or CancellableProgress(), on_block=lambda block: None
    )
    assert failures == []


@pytest.mark.parametrize(
    ("rate", "samples_per_s", "every_frames"),
    [
        (Fraction(25), 4, 6),
        (Fraction(24000, 1001), 4, 6),
        (Fraction(30000, 1001), 4, 7),
        (Fraction(60), 4, 15),
        (Fraction(25), 25, 1),
        (Fraction(3), 4, 1),
        (Fraction(1, 2), 4, 1),
        (Fraction(25), Fraction(1, 2), 50),
    ],
)
def test_frames_are_as_far_apart_as_comes_nearest(
    rate: Fraction, samples_per_s: int | Fraction, every_frames: int
) -> None:
    stage = EmbeddingStage(PAPER, pytest.fail, rate=rate, samples_per_s=samples_per_s)
    assert stage.every_frames == every_frames
    assert stage.pictures == PictureSpec(96, 54, every_frames=every_frames)


@pytest.mark.parametrize(("rate", "samples_per_s"), [(0, 4), (25, 0), (25, -1)])
def test_rates_that_mean_nothing_are_refused(rate: int, samples_per_s: int) -> None:
    with pytest.raises(ValueError, match="above 0"):
        EmbeddingStage(PAPER, pytest.fail, rate=Fraction(rate), samples_per_s=samples_per_s)


def test_every_nth_frame_of_a_film_is_encoded_once(film: Film, encoder: PaperEncoder) -> None:
    signals = Signals(film.frame_count)
    run(film, stage_of(encoder), signals)
    assert encoder.seen == list(range(0, 100, 6))
    assert signals.every_frames(SIGNAL) == 6
    assert signals[SIGNAL].dtype == np.float32
    assert np.array_equal(signals[SIGNAL], direction(range(0, 100, 6)))
    assert signals.done_frames(SIGNAL) == 100


@pytest.mark.parametrize("cancel_after", [1, 6, 13])
def test_a_cancelled_run_goes_on_where_it_stopped(
    film: Film, encoder: PaperEncoder, tmp_path: Path, cancel_after: int
) -> None:
    progress = CancellableProgress()
    encoder.before_encode = lambda: progress.cancel() if len(encoder.seen) >= cancel_after else None
    cache, signals = AnalysisCache(tmp_path), Signals(100)
    stage = stage_of(encoder)
    with pytest.raises(Cancelled):
        run(film, stage, signals, progress)
    cache.save_signals(film.fingerprint, stage, signals)
    done = len(encoder.seen)
    assert cancel_after <= done < 17

    encoder.before_encode = lambda: None
    encoder.seen.clear()
    again, restored = stage_of(encoder), Signals(100)
    cache.load_signals(film.fingerprint, again, restored)
    run(film, again, restored)
    assert encoder.seen == list(range(6 * done, 100, 6)), "nothing is encoded twice"
    assert np.array_equal(restored[SIGNAL], direction(range(0, 100, 6)))


def test_going_on_begins_at_a_multiple(encoder: PaperEncoder) -> None:
    stage = stage_of(encoder)
    for done, first in ((0, 0), (6, 6), (13, 12), (96, 96)):
        assert stage.resume(done, CancellableProgress()) == Resumption(first, first)


def test_what_it_depends_on_is_in_its_key(encoder: PaperEncoder) -> None:
    usual, dense = stage_of(encoder), stage_of(encoder, samples_per_s=8)
    other = EncoderSpec("paper", "another key", (96, 54), 3)
    trained = EmbeddingStage(other, lambda: encoder, rate=Fraction(25))
    assert len({usual.key, dense.key, trained.key}) == 3
    assert usual.key == stage_of(encoder).key


def test_the_encoder_is_opened_once_and_only_when_needed(film: Film, encoder: PaperEncoder) -> None:
    opened = []

    def open_encoder() -> PaperEncoder:
        opened.append(encoder)
        return encoder

    stage = EmbeddingStage(PAPER, open_encoder, rate=Fraction(25))
    devices = [stage.device]
    signals = Signals(100)
    run(film, stage, signals)
    run(film, stage, Signals(100))
    devices.append(stage.device)
    assert devices == [None, "paper"]
    assert len(opened) == 1
    unused = EmbeddingStage(PAPER, pytest.fail, rate=Fraction(25))
    run(film, unused, signals)
    assert unused.device is None


def test_an_encoder_that_is_not_installed_is_said_before_anything_is_decoded(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> PaperEncoder:
        raise ModelError("The network Paper is not installed on this machine.")

    stage = EmbeddingStage(PAPER, missing, rate=Fraction(25))
    with pytest.raises(ModelError, match="Paper is not installed"):
        stage.resume(0, CancellableProgress())


def test_the_installed_encoder_tells_shots_apart(films: FilmShelf) -> None:
    spec = films.make_film(films.folder / "two-shots.mp4", frames=24, size=(160, 90), cuts=(12,))
    film = open_film(spec.path)
    stage = EmbeddingStage(
        EFFICIENTNET_LITE0_ENCODER, lambda: open_efficientnet(threads=1), rate=Fraction(25), samples_per_s=4
    )
    signals = Signals(24)
    run(film, stage, signals)
    vectors = signals[embedding_signal("efficientnet-lite0")]
    assert vectors.shape == (4, 1280)
    alike = vectors @ vectors.T
    assert np.allclose(np.diag(alike), 1, atol=1e-5)
    within, across = min(alike[0, 1], alike[2, 3]), alike[:2, 2:].max()
    assert within > across
