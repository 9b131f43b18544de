"""What is kept between runs: whole or not at all, and never a reason to stop."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stage import SignalBlock
from seamline.errors import MediaError
from seamline.media.timebase import FrameIndex

FILM = "0123456789abcdef"
FRAMES = 100


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("seamline.analysis.cache").setLevel(logging.CRITICAL)


@pytest.fixture
def index() -> FrameIndex:
    pts = np.cumsum(np.random.default_rng(2).integers(1, 90, FRAMES)).astype(np.int64)
    return FrameIndex(
        pts, Fraction(1, 90_000), Fraction(30000, 1001), np.array([0, 12, 50]), int(pts[-1]) + 7
    )


def known(done: int = 60) -> Signals:
    signals = Signals(FRAMES)
    random = np.random.default_rng(done)
    stage = SimilarityStage()
    signals.add(SignalBlock(0, {n: random.random(done, np.float32) for n in stage.signal_names}))
    return signals


def loaded(cache: AnalysisCache, frames: int = FRAMES, stage: SimilarityStage | None = None) -> Signals:
    signals = Signals(frames)
    cache.load_signals(FILM, stage or SimilarityStage(), signals)
    return signals


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_index_comes_back_as_it_was(tmp_path: Path, index: FrameIndex) -> None:
    AnalysisCache(tmp_path).save_index(FILM, index)
    back = AnalysisCache(tmp_path).load_index(FILM)
    assert back is not None
    assert np.array_equal(back.pts, index.pts)
    assert np.array_equal(back.keyframes, index.keyframes)
    assert (back.time_base, back.rate, back.end_pts) == (index.time_base, index.rate, index.end_pts)
    assert AnalysisCache(tmp_path).load_index("another") is None


def test_curves_come_back_to_the_bit_as_far_as_they_were_known(tmp_path: Path) -> None:
    signals = known(60)
    AnalysisCache(tmp_path).save_signals(FILM, SimilarityStage(), signals)
    back = loaded(AnalysisCache(tmp_path))
    assert back.done_frames() == 60
    for name in SimilarityStage.signal_names:
        assert np.array_equal(back.curve(name), signals.curve(name), equal_nan=True)


def test_a_longer_state_replaces_a_shorter_one(tmp_path: Path) -> None:
    cache = AnalysisCache(tmp_path)
    for done in (20, 60, 100):
        cache.save_signals(FILM, SimilarityStage(), known(done))
    assert loaded(cache).done_frames() == 100
    assert len(files(tmp_path)) == 1


def test_nothing_known_is_nothing_kept(tmp_path: Path) -> None:
    AnalysisCache(tmp_path).save_signals(FILM, SimilarityStage(), Signals(FRAMES))
    assert files(tmp_path) == []


@pytest.mark.parametrize("change", ["version", "key", "name"])
def test_another_stage_version_or_model_finds_nothing(tmp_path: Path, change: str) -> None:
    cache = AnalysisCache(tmp_path)
    cache.save_signals(FILM, SimilarityStage(), known())
    other = SimilarityStage()
    setattr(other, change, 99 if change == "version" else "another")
    assert loaded(cache, stage=other).done_frames() == 0
    assert loaded(cache).done_frames() == 60


@pytest.mark.parametrize("fingerprint", ["", "..", "/etc", "../../..", "\\\\server\\share", "C:", "a\0b"])
def test_what_is_no_fingerprint_names_no_folder(fingerprint: str, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="is no fingerprint of a film"):
        AnalysisCache(tmp_path).film_folder(fingerprint)


def test_curves_longer_than_the_film_are_not_taken(tmp_path: Path) -> None:
    cache = AnalysisCache(tmp_path)
    cache.save_signals(FILM, SimilarityStage(), known(60))
    assert loaded(cache, frames=59).done_frames() == 0


def test_curves_of_different_lengths_are_not_taken(tmp_path: Path) -> None:
    cache = AnalysisCache(tmp_path)
    cache.save_signals(FILM, SimilarityStage(), known(60))
    (path,) = files(tmp_path)
    for arrays in (
        {"similarity": np.zeros(3), "brightness": np.zeros(4), "contrast": np.zeros(3)},
        {"similarity": np.zeros((3, 2)), "brightness": np.zeros((3, 2)), "contrast": np.zeros((3, 2))},
        {"similarity": np.zeros(3)},
    ):
        np.savez(path, **arrays)
        assert loaded(cache).done_frames() == 0


def _cut(data: bytearray, random: np.random.Generator) -> bytes:
    return bytes(data[: int(random.integers(0, len(data)))])


def _flipped(data: bytearray, random: np.random.Generator) -> bytes:
    for at in random.integers(0, len(data), 3):
        data[at] = int(random.integers(0, 256))
    return bytes(data)


@pytest.mark.parametrize("damage", [_cut, _flipped])
def test_a_damaged_file_counts_as_not_there_or_is_still_right(
    tmp_path: Path, index: FrameIndex, damage: Callable[[bytearray, np.random.Generator], bytes]
) -> None:
    cache = AnalysisCache(tmp_path)
    cache.save_index(FILM, index)
    cache.save_signals(FILM, SimilarityStage(), known())
    random = np.random.default_rng(6)
    for path in files(tmp_path):
        whole = path.read_bytes()
        for _ in range(150):
            path.write_bytes(damage(bytearray(whole), random))
            back = cache.load_index(FILM)
            assert back is None or np.array_equal(back.pts, index.pts)
            signals = loaded(cache)
            assert signals.done_frames() in (0, 60)
            if signals.done_frames():
                assert np.array_equal(signals["contrast"][:60], known()["contrast"][:60])
        path.write_bytes(whole)


def test_other_files_of_that_name_count_as_not_there(tmp_path: Path, index: FrameIndex) -> None:
    cache = AnalysisCache(tmp_path)
    cache.save_index(FILM, index)
    (path,) = files(tmp_path)
    for data in (b"", b"not an archive", b"\x93NUMPY" + bytes(20), np.arange(3).tobytes()):
        path.write_bytes(data)
        assert cache.load_index(FILM) is None
    np.savez(path, pts=np.array([3, 2, 1]), keyframes=np.array([0]), numbers=np.array([1, 25, 25, 1, 9]))
    assert cache.load_index(FILM) is None
    np.savez(path, pts=np.array([1, 2]), keyframes=np.array([0]), numbers=np.array([1, 0, 25, 1, 9]))
    assert cache.load_index(FILM) is None


class TestWhatCannotBeWritten:
    def test_a_folder_that_cannot_be_made_is_told_and_no_error(
        self, tmp_path: Path, index: FrameIndex
    ) -> None:
        (tmp_path / "films").write_text("a file where the folder should be")
        cache = AnalysisCache(tmp_path)
        cache.save_index(FILM, index)
        cache.save_signals(FILM, SimilarityStage(), known())
        assert cache.write_error
        assert cache.load_index(FILM) is None
        assert loaded(cache).done_frames() == 0

    def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: FrameIndex
    ) -> None:
        cache = AnalysisCache(tmp_path)
        cache.save_signals(FILM, SimilarityStage(), known(60))
        before = {path: path.read_bytes() for path in files(tmp_path)}
        open_file = os.fdopen

        class FullDisk:
            """Takes 200 bytes, then no more."""

            def __init__(self, descriptor: int, mode: str) -> None:
                self._file: Any = open_file(descriptor, mode)
                self._room = 200

            def write(self, data: bytes) -> int:
                self._room -= len(data)
                if self._room < 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return int(self._file.write(data))

            def __enter__(self) -> FullDisk:
                return self

            def __exit__(self, *_: object) -> None:
                self._file.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(self._file, name)

        monkeypatch.setattr("seamline.analysis.cache.os.fdopen", FullDisk)
        cache.save_signals(FILM, SimilarityStage(), known(100))
        cache.save_index(FILM, index)
        assert str(cache.write_error) == os.strerror(errno.ENOSPC)
        assert {path: path.read_bytes() for path in files(tmp_path)} == before
        monkeypatch.undo()
        cache.save_signals(FILM, SimilarityStage(), known(100))
        # one that failed is told, whatever went well after it
        assert cache.complaint is not None
        assert "free some space" in cache.complaint
        assert AnalysisCache(tmp_path).complaint is None
        assert loaded(cache).done_frames() == 100
