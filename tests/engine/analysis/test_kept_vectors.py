"""Embeddings are kept by frame, whole or not at all, and what is damaged counts as not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis import kept_vectors
from seamline.analysis.kept_vectors import KeptVectors
from seamline.models.encoder import l2_normalised

KEY = "some weights"


def made(count: int, dimension: int = 1280, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return l2_normalised(rows)


def frames(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)


def test_what_is_put_comes_back_by_frame(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, KEY)
    said = kept.put(frames(30, 10), made(2))
    kept.save()
    again = KeptVectors(tmp_path, KEY, dimension=1280)
    assert again.vectors().frames.tolist() == [10, 30]
    assert np.array_equal(again.vectors().vectors, said[::-1])
    assert again.has(frames(10, 11, 30)).tolist() == [True, False, True]
    assert len(again) == 2


@pytest.mark.parametrize("dimension", [512, 1280])
@pytest.mark.parametrize("sparse", [False, True])
def test_half_precision_changes_no_cosine_that_matters(dimension: int, sparse: bool) -> None:
    exact = made(200, dimension)
    if sparse:
        exact = l2_normalised(np.maximum(exact, 0) ** 3)
    halves = KeptVectors(None, KEY).put(np.arange(200), exact)
    assert np.abs(halves @ halves.T - exact @ exact.T).max() < 2e-4
    assert np.abs(np.linalg.norm(halves, axis=1) - 1).max() < 1e-6


def test_of_a_frame_put_twice_the_later_counts(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, KEY)
    kept.put(frames(5), made(1, seed=1))
    last = kept.put(frames(5), made(1, seed=2))
    assert np.array_equal(kept.vectors().vectors, last)


def test_another_encoder_or_another_folder_has_nothing(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, KEY)
    kept.put(frames(1), made(1))
    kept.save()
    assert len(KeptVectors(tmp_path, "other weights")) == 0
    assert len(KeptVectors(tmp_path / "other film", KEY)) == 0
    assert len(KeptVectors(None, KEY)) == 0
    assert len(KeptVectors(tmp_path, KEY, dimension=512)) == 0, "the file is of another length"
    assert KeptVectors(None, KEY, dimension=512).vectors().vectors.shape == (0, 512)


def test_every_damage_counts_as_not_there(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, KEY)
    kept.put(np.arange(20), made(20, 64))
    kept.save()
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    random = np.random.default_rng(3)
    for _ in range(80):
        data = bytearray(whole)
        if random.random() < 0.3:
            del data[random.integers(len(data)) :]
        else:
            for at in random.integers(len(data), size=3):
                data[at] ^= int(random.integers(1, 256))
        path.write_bytes(bytes(data))
        found = KeptVectors(tmp_path, KEY, dimension=64).vectors()
        assert len(found) in (0, 20)
        if len(found):  # what was damaged was no part of the arrays
            assert np.array_equal(found.vectors, kept.vectors().vectors)
    path.write_bytes(whole)
    assert len(KeptVectors(tmp_path, KEY)) == 20


@pytest.mark.parametrize(
    "arrays",
    [
        {"frames": np.arange(2), "vectors": np.full((2, 8), np.nan, np.float16)},
        {"frames": np.arange(2), "vectors": np.zeros((2, 8), np.float16)},
        {"frames": np.arange(3), "vectors": np.eye(2, 8, dtype=np.float16)},
        {"frames": np.array([0, -1]), "vectors": np.eye(2, 8, dtype=np.float16)},
        {"frames": np.arange(2), "vectors": np.eye(2, 8, dtype=np.float32)},
        {"frames": np.int64(2), "vectors": np.float16(1)},
        {"frames": np.arange(2)},
    ],
)
def test_arrays_that_are_no_vectors_count_as_not_there(arrays: dict[str, Any], tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, KEY)
    kept.put(frames(1), made(1, 8))
    kept.save()
    (path,) = tmp_path.iterdir()
    with path.open("wb") as file:
        np.savez(file, **arrays)
    assert len(KeptVectors(tmp_path, KEY)) == 0


def test_of_too_many_those_put_first_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_vectors, "_MOST_BYTES", 10 * (2 * 64 + 8))
    kept = KeptVectors(tmp_path, KEY)
    kept.put(np.arange(90, 100), made(10, 64))
    kept.put(np.arange(4), made(4, 64))
    kept.save()
    assert KeptVectors(tmp_path, KEY).vectors().frames.tolist() == [0, 1, 2, 3, 94, 95, 96, 97, 98, 99]


def test_what_cannot_be_written_is_said_in_the_log_and_still_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "film").write_text("a file where the folder would be")
    kept = KeptVectors(tmp_path / "film", KEY)
    kept.put(frames(1), made(1))
    kept.save()
    assert "could not be kept" in caplog.text
    assert len(kept.vectors()) == 1
    (tmp_path / "film").unlink()
    kept.save()
    assert len(KeptVectors(tmp_path / "film", KEY)) == 1
