"""Training the dual encoder: the published loss, what can be learnt is learnt, what cannot is not, films are apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from paper_dual import TOY, telling

from seamline.errors import Cancelled, ModelError
from seamline.evaluation.retrieval_metrics import recall
from seamline.models.dual_encoder import DualEncoder
from seamline.progress import CancellableProgress
from seamline.training.dual_training import (
    HEADS_DECAY,
    DualTraining,
    Pairs,
    Recipe,
    features_of,
    published_loss,
)

COUNT = 10


@pytest.fixture
def network() -> DualEncoder:
    torch.manual_seed(1)
    made = DualEncoder(TOY).eval()
    telling(made.text_trunk)
    return made


@pytest.fixture(scope="module")
def noise() -> Pairs:
    """Pictures of noise with texts of random words: every pair can only be learnt by heart."""
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (COUNT, 4, 4, 3)).repeat(8, axis=1).repeat(8, axis=2).astype(np.uint8)
    ids = np.zeros((COUNT, 32), np.int64)
    ids[:, :6] = random.integers(4, TOY.text.vocabulary, (COUNT, 6))
    ids[:, 0] = 2
    mask = (ids > 0).astype(np.int64)
    return Pairs(pictures, np.stack([ids, mask], axis=1), np.arange(COUNT))


def features(network: DualEncoder, pairs: Pairs) -> Pairs:
    images = features_of(network, pairs.pictures, 0, COUNT, are_texts=False)
    texts = features_of(network, pairs.texts, 0, COUNT, are_texts=True)
    return Pairs(images, texts, pairs.picture_of)


def found_at_1(training: DualTraining, pairs: Pairs, truth: NDArray[np.int64] | None = None) -> float:
    rows = np.arange(COUNT)
    texts = training.text_vectors(pairs, rows, progress=CancellableProgress())
    images = training.image_vectors(pairs, rows, progress=CancellableProgress())
    assert np.abs(np.linalg.norm(texts, axis=1) - 1).max() < 1e-5
    return recall(texts @ images.T, rows if truth is None else truth).at(1)


def test_the_loss_is_the_published_one() -> None:
    random = np.random.default_rng(1)
    texts, images, tau = random.normal(size=(5, 7)), random.normal(size=(5, 7)), 1.3

    def softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    total = 0.0
    logits = np.array([[t @ i / tau for i in images] for t in texts])
    targets = softmax(
        np.array(
            [[(images[a] @ images[b] + texts[a] @ texts[b]) / 2 * tau for b in range(5)] for a in range(5)]
        )
    )
    for one, wanted in ((logits, targets), (logits.T, targets.T)):
        total += -(wanted * np.log(softmax(one))).sum(axis=1).mean() / 2
    given = torch.from_numpy(texts), torch.from_numpy(images), torch.tensor(tau, dtype=torch.float64)
    found = published_loss(*given)
    assert float(found) == pytest.approx(total, rel=1e-9)


class TestLearning:
    def test_the_whole_network_learns(self, network: DualEncoder, noise: Pairs) -> None:
        training = DualTraining(network, Recipe(epochs=30, seed=2, batch=COUNT))
        training.run(noise, np.arange(COUNT), progress=CancellableProgress())
        assert np.mean(training.losses[-10:]) < 0.7 * np.mean(training.losses[:10])
        assert float(network.temperature) != 1
        assert not network.training

    def test_with_shuffled_captions_the_right_ones_are_not(self, network: DualEncoder, noise: Pairs) -> None:
        pairs = features(network, noise)
        shuffled = Pairs(pairs.pictures, pairs.texts, np.roll(np.arange(COUNT), 3))
        training = DualTraining(network, Recipe(epochs=60, seed=2, batch=COUNT, is_frozen=True))
        training.run(shuffled, np.arange(COUNT), progress=CancellableProgress())
        assert found_at_1(training, pairs) < 0.3
        assert found_at_1(training, pairs, shuffled.picture_of) == 1, "it has learnt what it was told"

    def test_pairs_are_learnt_by_heart_with_trunks_that_stay_as_they_are(
        self, network: DualEncoder, noise: Pairs
    ) -> None:
        before = {name: values.clone() for name, values in network.state_dict().items()}
        pairs = features(network, noise)
        training = DualTraining(network, Recipe(epochs=80, seed=2, batch=COUNT, is_frozen=True))
        assert found_at_1(training, pairs) < 0.5
        training.run(pairs, np.arange(COUNT), progress=CancellableProgress())
        assert training.losses[-1] < training.losses[0] / 10
        assert found_at_1(training, pairs) == 1
        whole = DualTraining(network, Recipe(batch=COUNT))
        assert found_at_1(whole, noise) == 1, "the features are what the whole network sees"
        for name, values in network.state_dict().items():
            same = torch.equal(values, before[name])
            assert same == name.startswith(("image_trunk.", "text_trunk.")), name

    def test_rates_and_decay_are_the_published_ones(self, network: DualEncoder) -> None:
        groups = DualTraining(network, Recipe())._optimiser.param_groups
        assert [(each["lr"], each["weight_decay"]) for each in groups] == [
            (1e-3, HEADS_DECAY),
            (1e-4, 0),
            (1e-5, 0),
        ]
        assert sum(values.numel() for each in groups for values in each["params"]) == 1 + sum(
            values.numel() for values in network.parameters()
        )
        frozen = DualTraining(network, Recipe(is_frozen=True))._optimiser.param_groups
        assert len(frozen) == 1


def stopping_at(step: int) -> CancellableProgress:
    """Cancels itself before that step."""
    progress = CancellableProgress(lambda done, _: progress.cancel() if done == step - 1 else None)
    if step == 0:
        progress.cancel()
    return progress


def assert_the_same(one: DualEncoder, other: DualEncoder) -> None:
    for (name, here), there in zip(one.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(here, there), name


class TestGoingOn:
    """Four epochs of two steps each."""

    RECIPE = Recipe(epochs=4, seed=5, batch=7)

    def fresh(self, recipe: Recipe = RECIPE) -> DualTraining:
        torch.manual_seed(1)
        return DualTraining(DualEncoder(TOY).eval(), recipe, "these")

    @pytest.mark.parametrize("is_frozen", [False, True])
    def test_broken_off_anywhere_it_ends_with_the_same_weights(
        self, is_frozen: bool, noise: Pairs, tmp_path: Path
    ) -> None:
        recipe, path = replace(self.RECIPE, is_frozen=is_frozen), tmp_path / "training.checkpoint"
        straight = self.fresh(recipe)
        pairs = features(straight.network, noise) if is_frozen else noise
        straight.run(pairs, np.arange(COUNT), progress=CancellableProgress())
        for step in (1, 4, 7):  # in the middle of the first epoch, between two, in the middle of the last
            broken = self.fresh(recipe)
            if path.exists():
                broken.load(path)
            with pytest.raises(Cancelled):
                broken.run(pairs, np.arange(COUNT), progress=stopping_at(step), checkpoint=path)
            torch.manual_seed(99)  # what has been drawn elsewhere meanwhile does not matter
        resumed = self.fresh(recipe)
        resumed.load(path)
        assert (resumed.epoch, len(resumed.losses)) == (3, 3)
        resumed.run(pairs, np.arange(COUNT), progress=CancellableProgress())
        assert resumed.losses == straight.losses
        assert_the_same(resumed.network, straight.network)

    def test_what_a_killed_run_has_kept_by_the_clock_and_the_end_are_gone_on_from(
        self, noise: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        straight, path = self.fresh(), tmp_path / "training.checkpoint"
        straight.run(noise, np.arange(COUNT), progress=CancellableProgress(), checkpoint=path)
        done = self.fresh()
        done.load(path)
        assert done.epoch == 4, "kept at the end, for tests may be broken off as well"
        monkeypatch.setattr("seamline.training.dual_training._CHECKPOINT_EVERY_S", 0)

        def killed(step: int, _: int) -> None:
            if step == 5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.fresh().run(noise, np.arange(COUNT), progress=CancellableProgress(killed), checkpoint=path)
        resumed = self.fresh()
        resumed.load(path)
        resumed.run(noise, np.arange(COUNT), progress=CancellableProgress())
        assert_the_same(resumed.network, straight.network)

    def test_what_is_kept_already_is_not_written_again(self, noise: Pairs, tmp_path: Path) -> None:
        path = tmp_path / "training.checkpoint"
        with pytest.raises(Cancelled):
            self.fresh().run(noise, np.arange(COUNT), progress=stopping_at(0), checkpoint=path)
        assert not path.exists(), "nothing has been learnt"
        with pytest.raises(Cancelled):
            self.fresh().run(noise, np.arange(COUNT), progress=stopping_at(3), checkpoint=path)
        again, before = self.fresh(), path.stat().st_ino
        again.load(path)
        with pytest.raises(Cancelled):
            again.run(noise, np.arange(COUNT), progress=stopping_at(0), checkpoint=path)
        assert path.stat().st_ino == before

    def test_another_runs_checkpoint_and_a_damaged_one_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "training.checkpoint"
        DualTraining(DualEncoder(TOY), Recipe(), "those").save(path)
        with pytest.raises(ModelError, match="of other captions, weights or settings"):
            DualTraining(DualEncoder(TOY), Recipe(), "these").load(path)
        path.write_bytes(path.read_bytes()[:500])
        with pytest.raises(ModelError, match="cannot be read: delete it"):
            DualTraining(DualEncoder(TOY), Recipe(), "those").load(path)
