"""Which model tells same footage for which encoder, and what it says."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, l2_normalised
from seamline.models.same_footage import (
    FORMAT,
    PUBLISHED_THRESHOLD,
    PairNetwork,
    SameFootageModel,
    model_bytes,
    own_model_name,
    read_model,
    same_footage_model,
    shipped_model,
)

SPEC = EncoderSpec("other", "other 1", (8, 8), 6)


def at_cosine(cosine: float) -> tuple[np.ndarray, np.ndarray]:
    first = np.array([[1, 0, 0, 0, 0, 0]], np.float32)
    second = np.array([[cosine, np.sqrt(1 - cosine**2), 0, 0, 0, 0]], np.float32)
    return first, second


def network(seed: int = 0) -> PairNetwork:
    rng = np.random.default_rng(seed)
    sizes = (12, 5, 5, 2)
    return PairNetwork(
        tuple(
            (rng.normal(size=(b, a)).astype(np.float32), rng.normal(size=b).astype(np.float32))
            for a, b in itertools.pairwise(sizes)
        )
    )


def test_the_built_in_encoder_has_a_calibrated_one(tmp_path: Path) -> None:
    model = same_footage_model(EFFICIENTNET_LITE0_ENCODER, tmp_path)
    assert model is shipped_model()
    cosines = np.array([0.0, 0.3, 0.6, 0.9, 1.0])
    said = model.probability_of(cosines)
    assert (np.diff(said) > 0).all()
    assert said[0] < 0.05
    assert said[-1] > 0.95


def test_another_encoder_has_the_published_threshold(tmp_path: Path) -> None:
    model = same_footage_model(SPEC, tmp_path)
    assert model.origin == "published threshold"
    assert model.probability(*at_cosine(PUBLISHED_THRESHOLD))[0] == pytest.approx(0.5, abs=1e-4)
    assert model.probability(*at_cosine(0.7))[0] > 0.5 > model.probability(*at_cosine(0.67))[0]


@pytest.mark.parametrize("with_network", [False, True])
def test_the_users_own_takes_its_place(tmp_path: Path, with_network: bool) -> None:
    own = SameFootageModel(SPEC.key, 3.0, -1.0, "mine", network() if with_network else None)
    (tmp_path / own_model_name(SPEC.key)).write_bytes(model_bytes(own))
    read = same_footage_model(SPEC, tmp_path)
    assert read.origin == "trained on this machine"
    rng = np.random.default_rng(1)
    a, b = (l2_normalised(rng.normal(size=(9, 6)).astype(np.float32)) for _ in range(2))
    np.testing.assert_array_equal(read.probability(a, b), own.probability(a, b))
    np.testing.assert_allclose(read.probability(a, b), read.probability(b, a), atol=1e-6)
    assert read.probability(a, b).dtype == np.float32
    assert read.probability(a[:0], b[:0]).shape == (0,)


def test_what_is_damaged_or_of_another_encoder_counts_as_not_there(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    good = model_bytes(SameFootageModel(SPEC.key, 3.0, -1.0, "", network()))
    path.write_bytes(good)
    assert read_model(path, SPEC) is not None
    assert read_model(path, EncoderSpec("other", "other 2", (8, 8), 6)) is None
    assert read_model(path, EncoderSpec("other", "other 1", (8, 8), 7)) is None
    assert read_model(tmp_path / "none.npz", SPEC) is None
    np.savez(path, format=[FORMAT], encoder_key=np.frombuffer(SPEC.key.encode(), np.uint8), calibration=3.0)
    assert read_model(path, SPEC) is None
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert read_model(path, SPEC) is None
    rng = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(good[: int(rng.integers(len(good)))] if rng.random() < 0.3 else good)
        for place in rng.integers(0, max(1, len(damaged)), 4):
            if damaged:
                damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        read_model(path, SPEC)  # gives a model or none, and raises nothing


def test_layers_that_do_not_fit_are_refused() -> None:
    weights = np.zeros((2, 12), np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        PairNetwork(((weights, np.zeros(3, np.float32)),))
    with pytest.raises(ValueError, match="numbers"):
        PairNetwork(((np.full_like(weights, np.nan), np.zeros(2, np.float32)),))
    with pytest.raises(ValueError, match="2 outputs"):
        PairNetwork(((np.zeros((3, 12), np.float32), np.zeros(3, np.float32)),))
    with pytest.raises(ValueError, match="2 outputs"):
        PairNetwork(())
