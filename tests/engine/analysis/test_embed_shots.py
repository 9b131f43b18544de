"""Shots are embedded once: what is kept or in the curve is taken, the rest decoded, in the film's order."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis import embed_shots as module
from seamline.analysis.embed_shots import (
    embed_frames,
    embed_shots,
    frames_to_embed,
    in_clear_parts,
    kept_frame_vectors,
    known_of_shots,
    rows_of,
)
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.shot_samples import clear_part, sample_frames
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING
from seamline.errors import Cancelled, MediaError, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, l2_normalised
from seamline.progress import CancellableProgress, Progress

if TYPE_CHECKING:
    from films import FilmShelf

SHOTS = [(0, 25), (25, 60), (60, 100)]
SPEC = EncoderSpec("counting", "counting 1", (160, 90), 20)


class CountingEncoder:
    """Gives each picture a vector of its frame's number, and remembers which it saw."""

    device = "paper"

    def __init__(self, films: FilmShelf, spec: EncoderSpec = SPEC) -> None:
        self.spec = spec
        self.seen: list[int] = []
        self.batches: list[int] = []
        self._films = films

    def encode(self, pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> NDArray[np.float32]:
        numbers = [self._films.read_number(picture) for picture in pictures]
        self.seen += numbers
        self.batches.append(len(numbers))
        return np.stack([vector_of(number, self.spec.dimension) for number in numbers])


def vector_of(number: int, dimension: int = SPEC.dimension) -> NDArray[np.float32]:
    row = np.random.default_rng(number).normal(size=(1, dimension)).astype(np.float32)
    return np.asarray(l2_normalised(row)[0], np.float32)


def quiet() -> CancellableProgress:
    return CancellableProgress()


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4").path)


@pytest.fixture
def encoder(films: FilmShelf) -> CountingEncoder:
    return CountingEncoder(films)


def test_each_sample_is_decoded_exactly_and_once(
    film: Film, encoder: CountingEncoder, tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    told: list[FrameVectors] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    found = embed_shots(film, SHOTS, encoder, tmp_path, progress=progress, on_vectors=told.append)
    wanted = sample_frames(SHOTS, film.rate, keyframes=film.index.keyframes)
    assert encoder.seen == wanted.tolist() == found.frames.tolist()
    expected = np.stack([vector_of(int(frame)) for frame in wanted])
    assert np.abs(found.vectors - expected).max() < 1e-3
    assert np.array_equal(np.concatenate([each.vectors for each in told]), found.vectors)
    assert (steps[0], steps[-1]) == ((0, len(wanted)), (len(wanted), len(wanted)))
    assert steps == sorted(steps)
    again = embed_shots(film, SHOTS, encoder, tmp_path, progress=quiet(), on_vectors=told.append)
    assert len(encoder.seen) == len(wanted), "nothing is embedded twice"
    assert np.array_equal(again.vectors, found.vectors), "kept to the last bit"
    kept = kept_frame_vectors(SPEC, tmp_path)
    assert np.array_equal(kept.frames, found.frames)


def test_a_moved_seam_embeds_frames_of_its_two_shots_alone(
    film: Film, encoder: CountingEncoder, tmp_path: Path
) -> None:
    embed_shots(film, SHOTS, encoder, tmp_path, progress=quiet())
    encoder.seen.clear()
    embed_shots(film, [(0, 25), (25, 68), (68, 100)], encoder, tmp_path, progress=quiet())
    assert encoder.seen
    assert all(25 <= frame < 100 for frame in encoder.seen)
    encoder.seen.clear()
    embed_shots(film, SHOTS, encoder, tmp_path, progress=quiet())
    assert encoder.seen == [], "undone: nothing is embedded again"


def test_cancelled_in_the_middle_it_goes_on_from_there(
    film: Film, encoder: CountingEncoder, tmp_path: Path
) -> None:
    progress = CancellableProgress()
    with pytest.raises(Cancelled):
        embed_frames(
            film,
            np.arange(0, 100, 2),
            encoder,
            tmp_path,
            progress=progress,
            on_vectors=lambda some: progress.cancel() if 20 in some.frames else None,
        )
    first = list(encoder.seen)
    assert 0 < len(first) < 50
    assert not [each for each in threading.enumerate() if each.name == "seamline-embedding"]
    found = embed_frames(film, np.arange(0, 100, 2), encoder, tmp_path, progress=quiet())
    assert encoder.seen == list(range(0, 100, 2)), "none twice, none left out"
    assert found.frames.tolist() == encoder.seen


def test_a_network_that_stops_keeps_what_it_has_said(
    film: Film, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = encoder.encode

    def failing(pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> NDArray[np.float32]:
        if len(encoder.seen) >= 6:
            raise ModelError("Out of memory.")
        return encode(pictures, progress=progress)

    monkeypatch.setattr(encoder, "encode", failing)
    with pytest.raises(ModelError, match="Out of memory"):
        embed_frames(film, np.arange(50), encoder, tmp_path, progress=quiet())
    assert kept_frame_vectors(SPEC, tmp_path).frames.tolist() == encoder.seen
    assert not [each for each in threading.enumerate() if each.name == "seamline-embedding"]


def test_batches_are_large_but_for_the_first(film: Film, encoder: CountingEncoder) -> None:
    embed_frames(film, np.arange(60), encoder, None, progress=quiet())
    assert encoder.batches == [2, 4, 8, 16, 16, 14]


def built_in_signals(film: Film, frames: int | None = None) -> Signals:
    signals = Signals(film.frame_count)
    numbers = range(0, frames or film.frame_count, 12)
    rows = np.stack([vector_of(number, 1280) for number in numbers])
    signals.add(SignalBlock(0, {EMBEDDING: rows}, 12))
    return signals


@pytest.fixture
def built_in(films: FilmShelf) -> CountingEncoder:
    return CountingEncoder(films, EFFICIENTNET_LITE0_ENCODER)


def test_rows_of_the_curve_count_as_samples(film: Film, built_in: CountingEncoder, tmp_path: Path) -> None:
    signals = built_in_signals(film)
    found = embed_shots(film, SHOTS, built_in, tmp_path, signals=signals, progress=quiet())
    assert len(built_in.seen) < len(sample_frames(SHOTS, film.rate, signals=signals))
    assert not set(built_in.seen) & set(range(0, 100, 12))
    for start, end in SHOTS:
        assert len(found.within(start, end)) >= 3
    place = found.frames.tolist().index(36)
    assert np.array_equal(found.vectors[place], signals.known(EMBEDDING)[3])
    everything = kept_frame_vectors(built_in.spec, tmp_path, signals=signals)
    assert set(range(0, 100, 12)) | set(built_in.seen) == set(everything.frames.tolist())


def test_a_curve_known_in_part_is_taken_as_far_as_it_goes(film: Film, built_in: CountingEncoder) -> None:
    found = embed_shots(film, SHOTS, built_in, None, signals=built_in_signals(film, 40), progress=quiet())
    assert {12, 24} & set(found.frames.tolist())
    assert all(len(found.within(start, end)) >= 3 for start, end in SHOTS)


def test_the_curve_is_of_no_use_to_another_encoder(film: Film, encoder: CountingEncoder) -> None:
    found = embed_shots(film, SHOTS, encoder, None, signals=built_in_signals(film), progress=quiet())
    assert found.frames.tolist() == encoder.seen


def test_a_shot_too_short_for_rows_gets_its_frames(film: Film, built_in: CountingEncoder) -> None:
    shots = [(0, 13), (13, 15), (15, 16), (16, 100)]
    found = embed_shots(film, shots, built_in, None, signals=built_in_signals(film), progress=quiet())
    assert [len(found.within(start, end)) for start, end in shots[1:3]] == [2, 1]
    assert len(found.within(0, 13)) >= 3


def test_a_row_that_is_a_sample_stands_for_no_other(film: Film) -> None:
    signals = built_in_signals(film)
    for start in range(38, 60):
        for length in range(3, 41):
            shot = start, start + length
            frames = frames_to_embed([shot], film, EFFICIENTNET_LITE0_ENCODER, signals)
            rows = in_clear_parts(
                rows_of(EFFICIENTNET_LITE0_ENCODER, signals), [shot], film.rate, signals
            ).frames
            assert len(np.union1d(frames, rows)) >= 3, shot


def test_what_is_known_is_what_would_be_embedded(
    film: Film, built_in: CountingEncoder, tmp_path: Path
) -> None:
    signals = built_in_signals(film)
    assert len(known_of_shots(SHOTS, film.rate, built_in.spec, tmp_path, signals)) > 0
    found = embed_shots(film, SHOTS, built_in, tmp_path, signals=signals, progress=quiet())
    known = known_of_shots(SHOTS, film.rate, built_in.spec, tmp_path, signals)
    assert known.frames.tolist() == found.frames.tolist()
    np.testing.assert_array_equal(known.vectors, found.vectors)
    for start, end in SHOTS:
        low, high = clear_part(start, end, film.rate, signals)
        assert len(known.within(start, low)) == len(known.within(high, end)) == 0


def test_frames_that_cannot_be_decoded_are_left_out(
    films: FilmShelf, encoder: CountingEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = films.broken(films("mp4_short_gop").path, tmp_path / "broken.mp4", start=0.4, end=0.5)
    film = open_film(path)

    class AnyEncoder(CountingEncoder):
        def encode(
            self, pictures: NDArray[np.uint8], *, progress: Progress | None = None
        ) -> NDArray[np.float32]:
            self.seen += [0] * len(pictures)
            return np.stack([vector_of(1) for _ in pictures])

    steps: list[tuple[int, int]] = []
    wanted = np.arange(film.frame_count)
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    found = embed_frames(film, wanted, AnyEncoder(films), tmp_path / "kept", progress=progress)
    assert 60 < len(found) < film.frame_count
    assert steps[-1] == (film.frame_count, film.frame_count), "it came to the end"
    assert "cannot be decoded" in caplog.text


def test_a_film_that_is_gone_is_told(films: FilmShelf, encoder: CountingEncoder, tmp_path: Path) -> None:
    path = films.make_film(tmp_path / "short.mp4", frames=6, size=(64, 48)).path
    film = open_film(path)
    path.unlink()
    with pytest.raises(MediaError):
        embed_shots(film, [(0, 6)], encoder, None, progress=quiet())


def test_no_shots_need_neither_film_nor_network(film: Film, encoder: CountingEncoder) -> None:
    found = embed_shots(film, [], encoder, None, progress=quiet())
    assert (found.vectors.shape, encoder.seen) == ((0, 20), [])


def test_damaged_vectors_are_made_again(film: Film, encoder: CountingEncoder, tmp_path: Path) -> None:
    first = embed_shots(film, SHOTS, encoder, tmp_path, progress=quiet())
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-40])
    encoder.seen.clear()
    again = embed_shots(film, SHOTS, encoder, tmp_path, progress=quiet())
    assert encoder.seen == first.frames.tolist()
    assert np.array_equal(again.vectors, first.vectors)


def test_long_work_is_kept_on_the_way(
    film: Film, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SAVE_EVERY_S", 0.0)
    counts: list[int] = []
    embed_frames(
        film,
        np.arange(30),
        encoder,
        tmp_path,
        progress=quiet(),
        on_vectors=lambda _: counts.append(len(kept_frame_vectors(SPEC, tmp_path))),
    )
    assert counts == [0, 2, 6, 14]
