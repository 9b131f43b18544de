"""Training the siamese network for match cuts, as published: binary cross-entropy, Adam, batches of 64 pairs, early
stopping with a patience of 3. What is kept is the epoch with the least loss on the pairs for validation.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from seamline.errors import ModelError
from seamline.models.siamese import Siamese
from seamline.models.siamese_layout import PUBLISHED, SiameseSize
from seamline.progress import Progress
from seamline.training.label_training import tensors_written
from seamline.training.match_cut_pairs import Batch, pairs_of
from seamline.training.match_cut_sets import FlowSet, Pictures

RATE = 1e-3
"""Adam's default, as nothing else is published."""
PATIENCE = 3
DEFAULT_EPOCHS = 30
_CHECKPOINT_EVERY_S = 5.0
_BATCH_PICTURES = 16

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: `epochs` at most. `mirrored`: all pictures of a batch are now and then mirrored, and their hues
    with them, which changes no label by motion; published labels it would change."""

    epochs: int = DEFAULT_EPOCHS
    seed: int = 0
    rate: float = RATE
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Epoch:
    """Mean loss and share of right answers: of the pairs learnt from, meanwhile; of those for validation, after it."""

    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


class MatchCutTraining:
    """A network in training, and what became of each epoch.

    `identity` says what it is trained with; a checkpoint of something else is refused.
    """

    def __init__(
        self,
        recipe: Recipe,
        identity: str = "",
        size: SiameseSize = PUBLISHED,
        *,
        network: Siamese | None = None,
    ) -> None:
        if network is None:
            # torch's own generator is put back, for nobody else's draws shall depend on ours
            state = torch.get_rng_state()
            torch.manual_seed(recipe.seed)
            network = Siamese(size)
            torch.set_rng_state(state)
        self.network, self.recipe = network, recipe
        self.epochs: list[Epoch] = []
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stub
        self._optimiser = torch.optim.Adam(self.network.parameters(), recipe.rate)
        self._identity = identity
        self._pictures = ""
        self._loaded: Path | None = None
        self._best = copy.deepcopy(self.network.state_dict())

    @property
    def best_epoch(self) -> int:
        """The number of the epoch that is kept, from 0; -1 before the first."""
        losses = [epoch.validation_loss for epoch in self.epochs]
        return int(np.argmin(losses)) if losses else -1

    @property
    def is_finished(self) -> bool:
        """Whether the last epoch is over, or three have brought nothing."""
        count = len(self.epochs)
        return count >= self.recipe.epochs or count - 1 - self.best_epoch >= PATIENCE > 0

    def trains_on(self, pictures: str) -> None:
        """Say what the pictures and their use are, which come of the films. Raises ModelError where the checkpoint that
        was loaded is of others."""
        if self._loaded is not None and self._pictures != pictures:
            raise ModelError(
                f"“{self._loaded}” is a checkpoint of other shots of these films, or was written when others of them "
                "were known to be copies: delete it to begin anew."
            )
        self._pictures = pictures

    def run(
        self,
        train: FlowSet,
        batches: Sequence[Batch],
        validation: FlowSet,
        held: Sequence[Batch],
        *,
        progress: Progress,
        checkpoint: Path | None = None,
    ) -> None:
        """Train until `is_finished`; the network has the best epoch's weights then. Progress counts batches.

        A checkpoint is written between epochs, where five seconds or more have passed since the last. Raises Cancelled
        or ExchangeError.
        """
        steps = len(batches) * self.recipe.epochs
        saved_s = time.monotonic()
        while not self.is_finished:
            number = len(self.epochs)
            rng = np.random.default_rng([self.recipe.seed, number, 31])
            losses, right, count = 0.0, 0, 0
            self.network.train()
            for at, place in enumerate(rng.permutation(len(batches)).tolist()):
                progress.step(number * len(batches) + at, steps)
                batch = batches[place]
                loss, hits = self._learn(train, batch, rng)
                losses, right, count = (
                    losses + loss * len(batch.truth),
                    right + hits,
                    count + len(batch.truth),
                )
            held_loss, held_accuracy = loss_and_accuracy(*self.told(validation, held))
            self.epochs.append(Epoch(losses / count, right / count, held_loss, held_accuracy))
            if self.best_epoch == number:
                self._best = copy.deepcopy(self.network.state_dict())
            if checkpoint is not None and time.monotonic() - saved_s >= _CHECKPOINT_EVERY_S:
                self.save(checkpoint)
                saved_s = time.monotonic()
        self.network.load_state_dict(self._best)
        self.network.eval()
        progress.step(steps, steps)

    def told(self, flow: FlowSet, batches: Sequence[Batch]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What the network says of these pairs, in logits, and what is true."""
        first, second, truth = pairs_of(batches)
        return logits_of(self.network, flow.pictures, first, second), truth

    def _learn(self, flow: FlowSet, batch: Batch, rng: np.random.Generator) -> tuple[float, int]:
        pictures = scaled(flow.pictures[batch.rows], self.network.size.side)
        if self.recipe.mirrored:
            pictures = mirrored(pictures, across=bool(rng.integers(2)), upright=bool(rng.integers(2)))
        features = self.network.features(torch.from_numpy(pictures))
        pairs, truth = torch.from_numpy(batch.pairs), torch.from_numpy(batch.truth.astype(np.float32))
        logits = self.network.logits(features[pairs[:, 0]], features[pairs[:, 1]])
        loss = functional.binary_cross_entropy_with_logits(logits, truth)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own lack of types
        self._optimiser.step()
        return float(loss.detach()), int(((logits.detach() > 0) == (truth > 0)).sum())

    def save(self, path: Path) -> None:
        """Write all that going on needs. Raises ExchangeError."""
        state = {
            "identity": self._identity,
            "pictures": self._pictures,
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "network": self.network.state_dict(),
            "best": self._best,
            "optimiser": self._optimiser.state_dict(),
        }
        with tensors_written(path) as part, part.open("wb") as file:
            torch.save(state, file)

    def load(self, path: Path) -> None:
        """Go on after the epochs of a checkpoint. Raises ModelError where it is damaged, or of something else."""
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
            if state["identity"] != self._identity:
                raise ModelError(
                    f"“{path}” is a checkpoint of other films or settings: give the same, or delete it to begin anew."
                )
            epochs = [Epoch(**each) for each in state["epochs"]]
            Siamese(self.network.size).load_state_dict(state["best"])  # fits, before anything is changed
            self.network.load_state_dict(state["network"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._best, self.epochs = state["best"], epochs
            self._pictures, self._loaded = state["pictures"], path
        except ModelError:
            raise
        except Exception as error:  # what torch raises for a damaged file has no common base
            raise ModelError(f"The checkpoint “{path}” cannot be read: delete it to begin anew.") from error


def features_of(network: Siamese, pictures: Pictures, rows: NDArray[np.int64]) -> Tensor:
    """float32[len(rows), 128]; each picture goes through the twin once."""
    network.eval()
    with torch.inference_mode():
        return torch.cat(
            [
                network.features(
                    torch.from_numpy(scaled(pictures[rows[at : at + _BATCH_PICTURES]], network.size.side))
                )
                for at in range(0, len(rows), _BATCH_PICTURES)
            ]
        )


def logits_of(
    network: Siamese, pictures: Pictures, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """float64[n] for pairs of rows; above 0 is a match."""
    rows, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    features = features_of(network, pictures, rows)
    one, other = np.split(places.ravel(), 2)
    with torch.inference_mode():
        logits = network.logits(features[torch.from_numpy(one)], features[torch.from_numpy(other)])
    return np.asarray(logits.double().numpy(), np.float64)


def loss_and_accuracy(logits: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean binary cross-entropy, and the share of pairs on whose right side of 0 the logit lies."""
    return float(np.logaddexp(0, np.where(truth, -logits, logits)).mean()), float(
        ((logits > 0) == truth).mean()
    )


def scaled(pictures: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """uint8[n, side, side, 3]: a smaller network's pictures are the same ones, made small."""
    pictures = np.ascontiguousarray(pictures)
    if pictures.shape[1] == side:
        return pictures
    return np.stack(
        [cv2.resize(each, (side, side), interpolation=cv2.INTER_AREA) for each in pictures]
    ).astype(np.uint8)


def mirrored(pictures: NDArray[np.uint8], *, across: bool, upright: bool) -> NDArray[np.uint8]:
    """Flow pictures as if the film had been mirrored at the side, below, or both; hues are directions, and turn too."""
    if not (across or upright):
        return pictures
    found = np.empty_like(pictures)
    for picture, target in zip(pictures, found, strict=True):
        hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
        half_deg = hsv[..., 0].astype(np.int16)
        if across:
            half_deg = 90 - half_deg
        if upright:
            half_deg = -half_deg
        hsv[..., 0] = np.mod(half_deg, 180).astype(np.uint8)
        shown = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
        target[...] = shown[:: -1 if upright else 1, :: -1 if across else 1]
    return found
