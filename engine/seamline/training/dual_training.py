"""Training the dual encoder by pairs of pictures and captions, with the published loss and rates.

Published (Priyamvada-iiita/Video-Frame-and-Timestamp-retrieval-based-on-Text-Query): the loss of `published_loss`;
AdamW at 1e-4 for ResNet50, 1e-5 for DistilBERT and 1e-3 for the projections and the temperature, with weight decay 1e-3
for the latter alone; rates times 0.8 where the loss has not fallen for more than two epochs; 25 epochs; the temperature
begins at 1. The loss is computed from what the projections give, whose length is about 22.6 (a layer norm of 512
values) and not 1: else its targets would hardly tell pairs apart at a temperature of 1. Batches of 64 are our choice.
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
from torch import Tensor, nn
from torch.nn import functional

from seamline.errors import Cancelled, ModelError
from seamline.models.dual_encoder import DualEncoder
from seamline.progress import Progress
from seamline.training.label_training import tensors_written

EPOCHS, BATCH = 25, 64
IMAGE_RATE, TEXT_RATE, HEADS_RATE = 1e-4, 1e-5, 1e-3
HEADS_DECAY = 1e-3
_PATIENCE_EPOCHS, _RATE_FACTOR = 2, 0.8
LEAST_TEMPERATURE = 0.01
"""Not published: below it nothing is learnt any more, and 0 would divide by it."""
_TRUNKS = ("image_trunk.", "text_trunk.")
_CHECKPOINT_EVERY_S = 120.0
"""At full size a checkpoint is 1.1 GB."""

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


class Inputs(Protocol):
    """What is trained with: an array, or something that reads the rows asked for and no others."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True)
class Pairs:
    """What training sees. `picture_of`: int64[captions], the picture of each.

    `pictures`: uint8[pictures, 224, 224, 3], and `texts`: int64[captions, 2, 32], ids and mask; where the trunks are
    frozen, what these make of them: float32[pictures, 2048] and float32[captions, 768].
    """

    pictures: Inputs
    texts: Inputs
    picture_of: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `is_frozen`: the projections alone, on what the trunks give as they are."""

    epochs: int = EPOCHS
    seed: int = 0
    batch: int = BATCH
    is_frozen: bool = False


def published_loss(texts: Tensor, images: Tensor, temperature: Tensor) -> Tensor:
    """The loss of a batch of pairs; float32[N, D] each, row by row of one pair.

    Logits are T I^T / tau; what they should be is no identity but softmax(((I I^T + T T^T) / 2) * tau) over each row,
    so that pairs that are alike may be taken for each other; the mean of the cross entropies of both directions. Of
    the second, logits and targets are transposed, as published: its targets do not add up to 1.
    """
    logits = texts @ images.T / temperature
    targets = functional.softmax((images @ images.T + texts @ texts.T) / 2 * temperature, dim=-1)
    by_text = -(targets * functional.log_softmax(logits, dim=-1)).sum(1)
    by_image = -(targets.T * functional.log_softmax(logits.T, dim=-1)).sum(1)
    return ((by_text + by_image) / 2).mean()


class DualTraining:
    """A network in training, how many epochs it has had whole, and the mean loss of each.

    `identity` says what is trained with what; a checkpoint of another one is refused.
    """

    def __init__(self, network: DualEncoder, recipe: Recipe, identity: str = "") -> None:
        self.network, self.recipe, self.epoch = network, recipe, 0
        self.losses: list[float] = []
        self._begun: list[float] = []  # the losses of the steps of an epoch that is under way
        self._random: list[Tensor] = []  # torch's generators after the last of them
        self._is_kept = True
        self._identity = identity
        self._device = network.temperature.device
        self._temperature = nn.Parameter(network.temperature.clone())
        heads = [*network.image_head.parameters(), *network.text_head.parameters(), self._temperature]
        groups: list[dict[str, Any]] = [{"params": heads, "lr": HEADS_RATE, "weight_decay": HEADS_DECAY}]
        network.requires_grad_(not recipe.is_frozen)
        for head in (network.image_head, network.text_head):
            head.requires_grad_(True)
        if not recipe.is_frozen:
            groups.append({"params": list(network.image_trunk.parameters()), "lr": IMAGE_RATE})
            groups.append({"params": list(network.text_trunk.parameters()), "lr": TEXT_RATE})
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.0)
        self._schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self._optimiser, mode="min", patience=_PATIENCE_EPOCHS, factor=_RATE_FACTOR
        )

    def run(self, pairs: Pairs, rows: Rows, *, progress: Progress, checkpoint: Path | None = None) -> None:
        """Train to the last epoch on the captions `rows`. Progress counts steps. Raises Cancelled or ModelError.

        A checkpoint is written every two minutes, when cancelled, and at the end. The order, and what dropout leaves
        out, follow from the seed and the epoch alone; gone on from a checkpoint, which may be of the middle of an
        epoch, the weights become the same.
        """
        per_epoch = max(1, math.ceil(len(rows) / self.recipe.batch))
        steps = per_epoch * self.recipe.epochs
        saved = time.monotonic()
        while self.epoch < self.recipe.epochs:
            order = np.random.default_rng([self.recipe.seed, self.epoch]).permutation(rows)
            # as even as can be: a last batch of one pair would have nothing to tell it from
            batches = np.array_split(order, per_epoch)
            with self._learning():
                while len(self._begun) < per_epoch:
                    try:
                        progress.step(self.epoch * per_epoch + len(self._begun), steps)
                    except Cancelled:
                        self._keep(checkpoint)
                        raise
                    self._learn(pairs, np.sort(batches[len(self._begun)]))
                    if time.monotonic() - saved >= _CHECKPOINT_EVERY_S:
                        self._keep(checkpoint)
                        saved = time.monotonic()
            self.epoch += 1
            self.losses.append(float(np.mean(self._begun)))
            self._begun = []
            self._schedule.step(self.losses[-1])
        self._keep(checkpoint)
        progress.step(steps, steps)

    def _keep(self, checkpoint: Path | None) -> None:
        if checkpoint is not None and not self._is_kept:
            self.save(checkpoint)

    @contextmanager
    def _learning(self) -> Iterator[None]:
        """Dropout and batch norms as in training, drawn from the seed, or on from where a step of this epoch left off;
        torch's own draws go on as if nothing was."""
        if self.recipe.is_frozen:
            self.network.image_head.train()
            self.network.text_head.train()
        else:
            self.network.train()
        try:
            with torch.random.fork_rng():
                torch.manual_seed(self.recipe.seed * 1_000_003 + self.epoch)
                if self._begun:
                    _put_back(self._random, self._device)
                yield
        finally:
            self.network.eval()

    def _learn(self, pairs: Pairs, rows: Rows) -> None:
        images, texts = self._given(pairs.pictures[pairs.picture_of[rows]]), self._given(pairs.texts[rows])
        loss = published_loss(self._text_outputs(texts), self._image_outputs(images), self._temperature)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise ModelError(
                f"Training came to a loss that is no number in epoch {self.epoch + 1}. Begin with other weights, or "
                "freeze the trunks."
            )
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own lack of types
        self._optimiser.step()
        with torch.no_grad():
            self._temperature.clamp_(min=LEAST_TEMPERATURE)
            self.network.temperature.copy_(self._temperature)
        self._begun.append(value)
        self._random, self._is_kept = _generators(self._device), False

    def image_vectors(self, pairs: Pairs, rows: Rows, *, progress: Progress) -> Floats:
        """Directions of the pictures `rows`, float32[len(rows), 512] of length 1. Progress counts them."""
        return self._vectors(pairs.pictures, rows, self._image_outputs, progress)

    def text_vectors(self, pairs: Pairs, rows: Rows, *, progress: Progress) -> Floats:
        """Directions of the captions `rows`, the same way."""
        return self._vectors(pairs.texts, rows, self._text_outputs, progress)

    def _vectors(self, inputs: Inputs, rows: Rows, outputs: Any, progress: Progress) -> Floats:
        self.network.eval()
        found = np.empty((len(rows), self.network.size.shared), np.float32)
        with torch.inference_mode():
            for start in range(0, len(rows), self.recipe.batch):
                progress.step(start, len(rows))
                some = slice(start, start + self.recipe.batch)
                found[some] = (
                    functional.normalize(outputs(self._given(inputs[rows[some]])), dim=1).cpu().numpy()
                )
        progress.step(len(rows), len(rows))
        return found

    def _image_outputs(self, given: Tensor) -> Tensor:
        features = given if self.recipe.is_frozen else self.network.image_features(given)
        y: Tensor = self.network.image_head(features)
        return y

    def _text_outputs(self, given: Tensor) -> Tensor:
        features = given if self.recipe.is_frozen else self.network.text_features(given[:, 0], given[:, 1])
        y: Tensor = self.network.text_head(features)
        return y

    def _given(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device)

    def save(self, path: Path) -> None:
        """Write all that going on needs. Raises ExchangeError."""
        state = {
            "identity": self._identity,
            "epoch": self.epoch,
            "losses": self.losses,
            "begun": self._begun,
            "random": self._random,
            "network": self._kept(),
            "temperature": self._temperature.detach(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
        }
        with tensors_written(path) as part, part.open("wb") as file:
            torch.save(state, file)
        self._is_kept = True

    def load(self, path: Path) -> None:
        """Go on after the last step of a checkpoint. Raises ModelError where it is damaged, or of something else."""
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True, map_location=self._device)
            if state["identity"] != self._identity:
                raise ModelError(
                    f"“{path}” is a checkpoint of other captions, weights or settings: give the same, or delete it to "
                    "begin anew."
                )
            kept = self._kept()
            if set(state["network"]) != set(kept):
                raise KeyError("network")
            with torch.no_grad():
                for name, values in kept.items():
                    values.copy_(state["network"][name])
                self._temperature.copy_(state["temperature"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._schedule.load_state_dict(state["schedule"])
            self.epoch, self.losses = int(state["epoch"]), [float(each) for each in state["losses"]]
            self._begun, self._random = [float(each) for each in state["begun"]], list(state["random"])
        except ModelError:
            raise
        except Exception as error:  # what torch raises for a damaged file has no common base
            raise ModelError(f"The checkpoint “{path}” cannot be read: delete it to begin anew.") from error

    def _kept(self) -> dict[str, Tensor]:
        """What training changes of the network, with the running means of its norms."""
        return {
            name: values
            for name, values in self.network.state_dict().items()
            if not (self.recipe.is_frozen and name.startswith(_TRUNKS))
        }


def features_of(network: DualEncoder, inputs: Inputs, start: int, stop: int, *, are_texts: bool) -> Floats:
    """What the frozen trunk makes of the pictures or texts [start, stop) of `Pairs`, float32[stop - start, 2048] or
    [stop - start, 768]."""
    network.eval()
    given = torch.from_numpy(np.ascontiguousarray(inputs[np.arange(start, stop)])).to(
        network.temperature.device
    )
    with torch.inference_mode():
        made = network.text_features(given[:, 0], given[:, 1]) if are_texts else network.image_features(given)
    features: Floats = made.cpu().numpy()
    return features


def _generators(device: torch.device) -> list[Tensor]:
    """The states of torch's generators that dropout on this device draws from, the processor's first."""
    on_gpu = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
    return [torch.get_rng_state(), *on_gpu]


def _put_back(states: list[Tensor], device: torch.device) -> None:
    torch.set_rng_state(states[0].cpu())
    if device.type == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1].cpu(), device)
