"""Telling pairs of frames apart: the published perceptron, its order-symmetric variant, and calibration.

As published (EPFL, “Predicting if two frames are part of the same video”): both embeddings one behind the other, two
hidden layers of 250 with ReLU, two outputs, cross-entropy, Adam at .005, batches of 128, two epochs. For embeddings of
512 these are 319,502 parameters. The symmetric variant is the same but for what goes in: |a - b| and a * b.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor, nn

from seamline.errors import ModelError
from seamline.models.same_footage import PairNetwork
from seamline.progress import Progress
from seamline.training.label_training import tensors_written

HIDDEN = 250
EPOCHS = 2
BATCH = 128
RATE = 5e-3
_RIDGE = 1e-4
_LEAST_SLOPE = 1e-3

Embeddings = NDArray[np.float32]
Truth = NDArray[np.bool_]


class PairPerceptron(nn.Module):
    """Two logits for two embeddings: “not the same” and “the same”."""

    def __init__(self, dimension: int, *, symmetric: bool) -> None:
        super().__init__()
        self.symmetric, self.dimension = symmetric, dimension
        self.layers = nn.ModuleList(
            [nn.Linear(2 * dimension, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 2)]
        )

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """float32[n, 2] for float32[n, dimension] twice."""
        parts = ((first - second).abs(), first * second) if self.symmetric else (first, second)
        values = torch.cat(parts, dim=1)
        for layer in self.layers[:-1]:
            values = torch.relu(layer(values))
        logits: Tensor = self.layers[-1](values)
        return logits


class PairTraining:
    """A perceptron in training: the epochs it has had, and the mean loss of the last one (None before it).

    `identity` says what it is trained with; a checkpoint of another one is refused, unless it is finished.
    """

    def __init__(self, dimension: int, *, symmetric: bool, seed: int, identity: str = "") -> None:
        # torch's own generator is put back, for nobody else's draws shall depend on ours
        state = torch.get_rng_state()
        torch.manual_seed(seed)
        self.network = PairPerceptron(dimension, symmetric=symmetric)
        torch.set_rng_state(state)
        self.optimiser = torch.optim.Adam(self.network.parameters(), RATE)
        self.epoch, self.loss = 0, None
        self._seed, self._identity = seed, identity

    loss: float | None

    def run(
        self,
        first: Embeddings,
        second: Embeddings,
        truth: Truth,
        *,
        epochs: int = EPOCHS,
        progress: Progress,
        checkpoint: Path | None = None,
    ) -> None:
        """Train up to so many epochs; a checkpoint is written after each. Progress counts batches. Raises Cancelled,
        ExchangeError."""
        inputs = torch.from_numpy(first), torch.from_numpy(second)
        targets = torch.from_numpy(truth.astype(np.int64))
        per_epoch = -(-len(truth) // BATCH)
        while self.epoch < epochs:
            # broken off in the middle of an epoch, it is as it was before that
            before = copy.deepcopy((self.network.state_dict(), self.optimiser.state_dict()))
            try:
                self.loss = self._epoch(inputs, targets, per_epoch, epochs, progress)
            except BaseException:
                self.network.load_state_dict(before[0])
                self.optimiser.load_state_dict(before[1])
                raise
            self.epoch += 1
            if checkpoint is not None:
                self.save(checkpoint)
        progress.step(per_epoch * epochs, per_epoch * epochs)

    def _epoch(
        self, inputs: tuple[Tensor, Tensor], targets: Tensor, batches: int, epochs: int, progress: Progress
    ) -> float:
        order = torch.from_numpy(np.random.default_rng([self._seed, self.epoch]).permutation(len(targets)))
        total = 0.0
        self.network.train()
        for at in range(batches):
            progress.step(self.epoch * batches + at, batches * epochs)
            some = order[at * BATCH : (at + 1) * BATCH]
            loss = nn.functional.cross_entropy(self.network(inputs[0][some], inputs[1][some]), targets[some])
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own lack of types
            self.optimiser.step()
            total += float(loss.detach()) * len(some)
        return total / len(targets)

    def scores(self, first: Embeddings, second: Embeddings) -> NDArray[np.float64]:
        """float64[n]: how much more “the same” is than “not the same”, in logits; 0 is the network's own threshold."""
        self.network.eval()
        with torch.inference_mode():
            logits = self.network(torch.from_numpy(first), torch.from_numpy(second)).double()
        return np.asarray((logits[:, 1] - logits[:, 0]).numpy(), np.float64)

    def test_loss(self, first: Embeddings, second: Embeddings, truth: Truth) -> float:
        """The mean cross-entropy on pairs it was not trained with."""
        scores = self.scores(first, second)
        return float(np.logaddexp(0, np.where(truth, -scores, scores)).mean())

    def layers(self) -> PairNetwork:
        """What the program runs of a symmetric one. Raises ValueError for the published one, which has an order."""
        if not self.network.symmetric:
            raise ValueError("only the symmetric network runs in the program")
        state = [parameter.detach().numpy().copy() for parameter in self.network.parameters()]
        return PairNetwork(tuple(zip(state[0::2], state[1::2], strict=True)))

    def save(self, path: Path) -> None:
        """Write network, optimiser, epoch and loss. Raises ExchangeError."""
        state = {
            "identity": self._identity,
            "symmetric": self.network.symmetric,
            "epoch": self.epoch,
            "loss": self.loss,
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        with tensors_written(path) as part, part.open("wb") as file:
            torch.save(state, file)

    def load(self, path: Path) -> None:
        """Go on after the epochs of a checkpoint; one of something else that is finished does not matter.

        Raises ModelError where it is damaged, or of something else in the midst.
        """
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
            if state["identity"] != self._identity or state["symmetric"] != self.network.symmetric:
                if int(state["epoch"]) >= EPOCHS:
                    return
                raise ModelError(
                    f"“{path}” is a checkpoint of other films or settings, broken off: give the same, or delete it to "
                    "begin anew."
                )
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.epoch = int(state["epoch"])
            self.loss = None if state["loss"] is None else float(state["loss"])
        except ModelError:
            raise
        except Exception as error:  # what torch raises for a damaged file has no common base
            raise ModelError(f"The checkpoint “{path}” cannot be read: delete it to begin anew.") from error


def calibrated(
    scores: NDArray[np.floating], truth: Truth, weights: NDArray[np.float64] | None = None
) -> tuple[float, float]:
    """Slope and offset of the logistic that makes probabilities of scores, the slope above 0.

    Platt, Probabilistic Outputs for Support Vector Machines, 1999, with his targets, which keep a bound from what is
    told apart wholly. `weights`: of each pair, 1 unless given.
    """
    values = np.asarray(scores, np.float64)
    centre, spread = float(values.mean()), max(float(values.std()), 1e-9)
    inputs = (values - centre) / spread
    counted = np.ones(len(truth)) if weights is None else weights
    same, other = float(counted[truth].sum()), float(counted[~truth].sum())
    targets = np.where(truth, (same + 1) / (same + 2), 1 / (other + 2))

    def loss(guess: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = guess[0] * inputs + guess[1]
        off = counted * (1 / (1 + np.exp(-np.clip(logits, -500, 500))) - targets)
        value = counted @ (np.logaddexp(0, logits) - targets * logits) + _RIDGE * guess[0] ** 2
        return float(value), np.array([off @ inputs + 2 * _RIDGE * guess[0], off.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, bounds=[(_LEAST_SLOPE, None), (None, None)])
    slope = float(found.x[0]) / spread
    return slope, float(found.x[1]) - slope * centre
