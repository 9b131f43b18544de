"""Fine-tuning the shot label network: its heads on features that are computed once, or all of it.

The recipe of the published weights: the loss is the sum of the two tasks' cross-entropies, and the whole network
goes five times over the shots. The rest is not published: AdamW, a rate that rises over a tenth of the steps and
falls along half a cosine. A shot that has one label counts for that task alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor
from torch.nn import functional

from seamline.errors import ExchangeError, ModelError
from seamline.exchange.files import written_whole
from seamline.models.videomae import VideoMAE
from seamline.progress import Progress

UNLABELLED = -100
"""In the place of a class that a shot has no label of; torch's own sign for it."""
_HEADS = ("fc_norm.", "scale_cf.", "movement_cf.")
_WARM_UP_SHARE = 0.1
_GREATEST_GRADIENT = 1.0
_CHECKPOINT_EVERY_S = 5.0

Rows = NDArray[np.int64]
Targets = NDArray[np.int64]
"""int64[N, 2]: the class of the scale and of the movement, or UNLABELLED."""


class Inputs(Protocol):
    """What is trained with: an array, or something that reads the rows asked for and no others."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: `whole` the network, or its heads alone (with the norm before them)."""

    epochs: int
    seed: int
    whole: bool

    @property
    def batch(self) -> int:
        return 8 if self.whole else 32

    @property
    def highest_rate(self) -> float:
        return 5e-5 if self.whole else 1e-3

    @property
    def weight_decay(self) -> float:
        return 0.05 if self.whole else 0.01

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step."""
        warm = min(1.0, (step + 1) / max(1.0, _WARM_UP_SHARE * steps))
        return self.highest_rate * warm * (1 + math.cos(math.pi * step / steps)) / 2


class LabelTraining:
    """A network in training, and how many epochs it has had.

    `inputs` are float32[N, 768] of `VideoMAE.features`, or for the whole network uint8[N, 16, 224, 224, 3], of which
    never more than a batch is asked for; `rows` are the numbers of those that count.
    `identity` says what is trained with what; a checkpoint of another one is refused.
    """

    def __init__(self, network: VideoMAE, recipe: Recipe, identity: str = "") -> None:
        self.network, self.recipe, self.epoch = network, recipe, 0
        self._identity = identity
        self._trained = {
            name: values
            for name, values in network.named_parameters()
            if recipe.whole or name.startswith(_HEADS)
        }
        self._optimiser = torch.optim.AdamW(
            self._trained.values(), recipe.highest_rate, weight_decay=recipe.weight_decay
        )

    def run(
        self,
        inputs: Inputs,
        targets: Targets,
        rows: Rows,
        *,
        progress: Progress,
        checkpoint: Path | None = None,
    ) -> None:
        """Train to the last epoch; `targets` has as many rows as `inputs`. Progress counts steps. Raises Cancelled.

        A checkpoint is written between epochs, where five seconds or more have passed since the last.
        """
        per_epoch = -(-len(rows) // self.recipe.batch)
        steps = per_epoch * self.recipe.epochs
        for values in self.network.parameters():
            values.requires_grad_(False)
        for values in self._trained.values():
            values.requires_grad_(True)
        saved = time.monotonic()
        while self.epoch < self.recipe.epochs:
            order = np.random.default_rng([self.recipe.seed, self.epoch]).permutation(len(rows))
            for at in range(per_epoch):
                step = self.epoch * per_epoch + at
                progress.step(step, steps)
                some = rows[np.sort(order[at * self.recipe.batch : (at + 1) * self.recipe.batch])]
                self._learn(inputs[some], targets[some], self.recipe.rate(step, steps))
            self.epoch += 1
            if checkpoint is not None and time.monotonic() - saved >= _CHECKPOINT_EVERY_S:
                self.save(checkpoint)
                saved = time.monotonic()
        self.network.eval()
        progress.step(steps, steps)

    def predict(self, inputs: Inputs, rows: Rows, *, progress: Progress) -> Targets:
        """The most likely classes of both tasks, int64[len(rows), 2]. Progress counts rows. Raises Cancelled."""
        self.network.eval()
        found = np.empty((len(rows), 2), np.int64)
        with torch.inference_mode():
            for start in range(0, len(rows), self.recipe.batch):
                progress.step(start, len(rows))
                some = slice(start, start + self.recipe.batch)
                for task, logits in enumerate(self._logits(inputs[rows[some]])):
                    found[some, task] = logits.argmax(1).cpu().numpy()
        progress.step(len(rows), len(rows))
        return found

    def _learn(self, inputs: NDArray[Any], targets: Targets, rate: float) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        loss = loss_of(self._logits(inputs), torch.from_numpy(targets).to(self.network.mean.device))
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own lack of types
        torch.nn.utils.clip_grad_norm_(self._trained.values(), _GREATEST_GRADIENT)
        self._optimiser.step()

    def _logits(self, inputs: NDArray[Any]) -> tuple[Tensor, Tensor]:
        batch = torch.from_numpy(np.ascontiguousarray(inputs)).to(self.network.mean.device)
        if self.recipe.whole:
            logits: tuple[Tensor, Tensor] = self.network(batch)
            return logits
        return self.network.heads(batch)

    def save(self, path: Path) -> None:
        """Write all that going on needs. Raises ExchangeError."""
        state = {
            "identity": self._identity,
            "epoch": self.epoch,
            "trained": dict(self._trained),
            "optimiser": self._optimiser.state_dict(),
        }
        with tensors_written(path) as part, part.open("wb") as file:
            torch.save(state, file)

    def load(self, path: Path) -> None:
        """Go on after the epochs of a checkpoint. Raises ModelError where it is damaged, or of something else."""
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True, map_location=self.network.mean.device)
            if state["identity"] != self._identity:
                raise ModelError(
                    f"“{path}” is a checkpoint of other shots, weights or settings: give the same, or delete it to "
                    "begin anew."
                )
            if set(state["trained"]) != set(self._trained):
                raise KeyError("trained")
            with torch.no_grad():
                for name, values in self._trained.items():
                    values.copy_(state["trained"][name])
            self._optimiser.load_state_dict(state["optimiser"])
            self.epoch = int(state["epoch"])
        except ModelError:
            raise
        except Exception as error:  # what torch raises for a damaged file has no common base
            raise ModelError(f"The checkpoint “{path}” cannot be read: delete it to begin anew.") from error


@contextmanager
def tensors_written(path: Path) -> Iterator[Path]:
    """`written_whole` for torch and safetensors, whose errors are no OSError when the disk is full.

    Raises ExchangeError.
    """
    try:
        with written_whole(path, overwrite=True) as part:
            yield part
    except (RuntimeError, SafetensorError) as error:
        raise ExchangeError(
            f"“{path}” was not written, most likely as the disk is full ({error}): free some space there, or choose "
            "another folder."
        ) from error


def loss_of(logits: tuple[Tensor, Tensor], targets: Tensor) -> Tensor:
    """The sum of both tasks' cross-entropies, each the mean over the shots that have such a label."""
    loss = sum((values.sum() * 0 for values in logits), torch.zeros((), device=targets.device))
    for task, values in enumerate(logits):
        if bool((targets[:, task] != UNLABELLED).any()):
            loss = loss + functional.cross_entropy(values, targets[:, task], ignore_index=UNLABELLED)
    return loss
