"""Training the dual encoder: the published loss, what can be learnt is learnt, what cannot is not, films are apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import save_file

from seamline.errors import Cancelled, ModelError
from seamline.evaluation.retrieval_metrics import recall
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models import dual_encoder_weights
from seamline.models.distilbert import DistilBert, DistilBertSize
from seamline.models.dual_encoder import DualEncoder, DualEncoderSize
from seamline.models.resnet50 import ResNetSize
from seamline.progress import CancellableProgress, Progress
from seamline.training.dual_run import DualRun, train_search
from seamline.training.dual_training import (
    HEADS_DECAY,
    DualTraining,
    Pairs,
    Recipe,
    features_of,
    published_loss,
)

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 200, 40),
    "blue": (30, 40, 220),
    "yellow": (230, 220, 40),
    "white": (240, 240, 240),
    "black": (12, 12, 12),
}
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "wall", *COLOURS]
TOY = DualEncoderSize(
    ResNetSize((1, 1, 1, 1), width=4),
    DistilBertSize(vocabulary=len(VOCABULARY), positions=32, width=16, layers=1, heads=2, inner=24),
    side=32,
)
COUNT = 10


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)


def telling(trunk: DistilBert) -> DistilBert:
    """Random weights by which texts differ, as pretrained ones': those to train from scratch hardly let them."""
    generator = torch.Generator().manual_seed(3)
    for values in trunk.parameters():
        if values.ndim == 2:
            torch.nn.init.normal_(values, std=0.4, generator=generator)
    return trunk


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
    ids[:, :6] = random.integers(4, len(VOCABULARY), (COUNT, 6))
    ids[:, 0] = 2
    mask = (ids > 0).astype(np.int64)
    return Pairs(pictures, np.stack([ids, mask], axis=1), np.arange(COUNT))


def features(network: DualEncoder, pairs: Pairs) -> Pairs:
    progress = CancellableProgress()
    images = features_of(network, pairs.pictures, COUNT, are_texts=False, progress=progress)
    texts = features_of(network, pairs.texts, COUNT, are_texts=True, progress=progress)
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


class TestGoingOn:
    def trained(self, network: DualEncoder, noise: Pairs, epochs: int, path: Path | None) -> DualTraining:
        training = DualTraining(network, Recipe(epochs=4, seed=5, batch=7), "these")
        if path is not None:
            training.load(path)
        progress = CancellableProgress()
        if epochs < 4:
            progress = CancellableProgress(
                lambda done, _: progress.cancel() if training.epoch == epochs else None
            )
            with pytest.raises(Cancelled):
                training.run(noise, np.arange(COUNT), progress=progress)
        else:
            training.run(noise, np.arange(COUNT), progress=progress)
        return training

    def fresh(self) -> DualEncoder:
        torch.manual_seed(1)
        return DualEncoder(TOY)

    def test_a_broken_run_ends_with_the_same_weights(
        self, noise: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.training.dual_training._CHECKPOINT_EVERY_S", 0)
        straight = self.trained(self.fresh(), noise, 4, None)
        path = tmp_path / "training.checkpoint"
        broken = DualTraining(self.fresh(), Recipe(epochs=4, seed=5, batch=7), "these")
        progress = CancellableProgress(lambda *_: progress.cancel() if broken.epoch == 2 else None)
        with pytest.raises(Cancelled):
            broken.run(noise, np.arange(COUNT), progress=progress, checkpoint=path)
        torch.manual_seed(99)  # what has been drawn elsewhere meanwhile does not matter
        resumed = self.trained(self.fresh(), noise, 4, path)
        assert resumed.losses == straight.losses
        for (name, here), there in zip(
            resumed.network.state_dict().items(), straight.network.state_dict().values(), strict=True
        ):
            assert torch.equal(here, there), name

    def test_another_runs_checkpoint_and_a_damaged_one_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "training.checkpoint"
        DualTraining(self.fresh(), Recipe(), "those").save(path)
        with pytest.raises(ModelError, match="of other captions, weights or settings"):
            DualTraining(self.fresh(), Recipe(), "these").load(path)
        path.write_bytes(path.read_bytes()[:500])
        with pytest.raises(ModelError, match="cannot be read: delete it"):
            DualTraining(self.fresh(), Recipe(), "those").load(path)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four images of each of six colours, two captions an image."""
    folder = tmp_path_factory.mktemp("captions")
    random = np.random.default_rng(4)
    text = "image,caption\n"
    for number, name in enumerate(list(COLOURS) * 4):
        noisy = np.clip(np.array(COLOURS[name]) + random.normal(0, 6, (48, 64, 3)), 0, 255)
        Image.fromarray(noisy.astype(np.uint8)).save(folder / f"{number}.png")
        text += f"{number}.png,a {name} wall\n{number}.png,{name}\n"
    (folder / "captions.csv").write_text(text)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    return folder / "captions.csv"


class TestRuns:
    def run(self, table: Path, folder: Path, **others: object) -> DualRun:
        base = folder / "distilbert.safetensors"
        save_file(telling(DistilBert(TOY.text)).state_dict(), base)
        made = {"distilbert": base, "epochs": 24, "batch": 12, "size": TOY, "seed": 1} | others
        return DualRun(table, folder / "out.safetensors", table.parent / "vocab.txt", **made)  # type: ignore[arg-type]

    def test_colours_learnt_from_some_pictures_are_found_in_others(self, table: Path, tmp_path: Path) -> None:
        run = self.run(table, tmp_path, is_frozen=True)
        assert run.warnings[0].startswith("Frozen at random weights: ResNet50. ")
        result = train_search(run, opened, progress=CancellableProgress())
        held = result.facts["held"]
        assert held["gallery"]["recall"]["1"] > 0.8
        assert held["gallery"]["queries"] == 10
        assert held["gallery"]["chance"]["1"] < 0.45
        assert "which nothing was learnt from" in result.report
        assert "batches of 64" in result.report
        loaded = dual_encoder_weights.load(run.out, TOY)
        assert float(loaded.temperature) == pytest.approx(result.facts["temperature"])
        facts = json.loads(dual_encoder_weights.metadata_of(run.out)["facts"])
        assert facts == json.loads((tmp_path / "out.json").read_text())
        assert set(facts["began_with"]) == {"distilbert"}
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {"distilbert.safetensors", "out.safetensors", "out.txt", "out.json"}

    def test_a_run_goes_on_from_whole_weights_and_from_where_it_was_cancelled(
        self, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.training.dual_training._CHECKPOINT_EVERY_S", 0)
        torch.manual_seed(1)
        network = DualEncoder(TOY)
        save_file(network.state_dict(), tmp_path / "whole.safetensors")
        options = {
            "weights": tmp_path / "whole.safetensors",
            "distilbert": None,
            "epochs": 3,
        }
        run = self.run(table, tmp_path, **options)
        assert run.warnings == ()
        stop = CancellableProgress(lambda done, _: stop.cancel() if done > 700 else None)
        with pytest.raises(Cancelled):
            train_search(run, opened, progress=stop)
        assert (tmp_path / "out-training" / "training.checkpoint").is_file()
        assert not run.out.exists()
        result = train_search(run, opened, progress=CancellableProgress())
        assert len(result.facts["losses"]) == 3
        before = network.state_dict()
        for name, values in dual_encoder_weights.load(run.out, TOY).state_dict().items():
            if name.endswith(("conv1.weight", "q_lin.weight", "fc.weight", "running_mean", "temperature")):
                assert not torch.equal(values, before[name]), name

    def test_another_vocabulary_is_refused_before_any_film_is_opened(
        self, table: Path, tmp_path: Path
    ) -> None:
        short = tmp_path / "short.txt"
        short.write_text("\n".join(VOCABULARY[:-1]))
        run = self.run(table, tmp_path)

        def never(path: Path, progress: Progress) -> Film:
            raise AssertionError(path)

        other = DualRun(run.captions, run.out, short, size=TOY)
        with pytest.raises(ModelError, match="has 11 pieces, and the network knows 12"):
            train_search(other, never, progress=CancellableProgress())

    def test_it_is_said_what_begins_at_random(self, tmp_path: Path) -> None:
        run = DualRun(tmp_path, tmp_path, tmp_path, is_frozen=True)
        assert run.warnings[0].startswith("Frozen at random weights: ResNet50 and DistilBERT. ")
        assert (
            DualRun(tmp_path, tmp_path, tmp_path)
            .warnings[0]
            .startswith("Begun with random weights: ResNet50 and")
        )
        assert DualRun(tmp_path, tmp_path, tmp_path, resnet=tmp_path, distilbert=tmp_path).warnings == ()
