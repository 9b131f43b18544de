"""Training the seam network: `python -m seamline.training.seam_net_training --out FILE.npz --steps N ...`.

Checkpoints lie beside the weights; the same command goes on from there. See docs/TRAINING.md.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from seamline.errors import Cancelled, ModelError, SeamlineError
from seamline.exchange.files import check_target, written_whole
from seamline.models.seam_net import CLASSES, SeamNet
from seamline.progress import CancellableProgress, Progress
from seamline.training.seam_films import UNLABELLED
from seamline.training.seam_net_weights import read_weights, write_weights
from seamline.training.seam_sources import add_arguments, folders_of
from seamline.training.training_windows import EDGE_GAPS, ReplayBuffer, Window, WindowProcess

BATCH = 8
_HIGHEST_RATE = 2e-3
_WARM_UP_STEPS = 100
_LEAST_RATE_SHARE = 0.01
_WEIGHT_DECAY = 1e-3
_GREATEST_GRADIENT = 2.0
_CLASS_WEIGHTS = (1.0, 8.0, 1.5, 1.5, 1.5)
_MIDDLE_WEIGHT = 6.0
_MIDDLE_SHARE = 0.3
_TORCH_SEED = 0
_CHECKPOINT_EVERY_S = 60
_REPORT_STEPS = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long to train, and from which seed films and batches are drawn."""

    steps: int
    seed: int = 11

    def learning_rate(self, step: int) -> float:
        """Rises over 100 steps, then falls along half a cosine to a hundredth."""
        warm = min(1.0, step / _WARM_UP_STEPS + 0.01)
        return _HIGHEST_RATE * warm * ((1 + math.cos(math.pi * step / self.steps)) / 2 + _LEAST_RATE_SHARE)


class Training:
    """A network in training: `SeamNet`, its optimiser, and how far they are."""

    def __init__(self, schedule: Schedule) -> None:
        torch.manual_seed(_TORCH_SEED)
        self.schedule, self.step, self.next_film = schedule, 0, 0
        self.net = SeamNet()
        self._rng = np.random.default_rng([schedule.seed, 0])
        self._optimiser = torch.optim.AdamW(self.net.parameters(), _HIGHEST_RATE, weight_decay=_WEIGHT_DECAY)

    def run(
        self,
        windows: Iterator[Window],
        *,
        progress: Progress,
        on_losses: Callable[[int, float], None] | None = None,
        checkpoint: Path | None = None,
    ) -> None:
        """Train to the schedule's end. `windows` begin with film `next_film`.

        `on_losses` is told the step and the mean loss of the last 50 steps. The checkpoint is written
        every minute and when cancelled. Raises Cancelled and whatever `windows` raises.
        """
        batches = ReplayBuffer(windows, self._rng)
        losses: list[float] = []
        saved = time.monotonic()
        try:
            while self.step < self.schedule.steps:
                progress.step(self.step, self.schedule.steps)
                losses.append(self._learn(batches.batch(BATCH)))
                self.next_film = batches.next_film
                if self.step % _REPORT_STEPS == 0 and on_losses is not None:
                    on_losses(self.step, float(np.mean(losses[-_REPORT_STEPS:])))
                if checkpoint is not None and time.monotonic() - saved > _CHECKPOINT_EVERY_S:
                    self.save(checkpoint)
                    saved = time.monotonic()
        except Cancelled:
            if checkpoint is not None and self.step:
                self.save(checkpoint)
            raise
        progress.step(self.step, self.schedule.steps)

    def _learn(self, batch: Sequence[Window]) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = self.schedule.learning_rate(self.step)
        self.net.train()
        loss = loss_of(self.net, batch)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own lack of types
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), _GREATEST_GRADIENT)
        self._optimiser.step()
        self.step += 1
        return loss.item()

    def save(self, path: Path) -> None:
        """Write all that going on needs, but for the windows held. Raises ExchangeError."""
        state = {
            "seed": self.schedule.seed,
            "steps": self.schedule.steps,
            "step": self.step,
            "next_film": self.next_film,
            "net": self.net.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "torch_random": torch.get_rng_state(),
            "random": self._rng.bit_generator.state,
        }
        with written_whole(path, overwrite=True) as part, part.open("wb") as file:
            torch.save(state, file)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint: films follow on those drawn, the buffer fills anew.

        Raises ModelError where it is damaged, or of another schedule.
        """
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True)
            if (state["seed"], state["steps"]) != (self.schedule.seed, self.schedule.steps):
                raise ModelError(
                    f"“{path}” is a checkpoint of {state['steps']} steps from seed {state['seed']}: give the "
                    "same, or delete it to begin anew."
                )
            self.net.load_state_dict(state["net"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._rng.bit_generator.state = state["random"]
            torch.set_rng_state(state["torch_random"])
            self.step, self.next_film = state["step"], state["next_film"]
        except ModelError:
            raise
        except Exception as error:  # what torch raises for a damaged file has no common base
            raise ModelError(f"The checkpoint “{path}” cannot be read: delete it to begin anew.") from error


def loss_of(net: SeamNet, batch: Sequence[Window]) -> Tensor:
    """Cross entropy of the classes and of the seams' middles, over the gaps that have context and a label."""
    counted = slice(EDGE_GAPS, -EDGE_GAPS)
    maps = torch.from_numpy(np.stack([window.maps for window in batch])).float()
    classes = torch.from_numpy(np.stack([window.classes for window in batch]))[:, counted]
    middle = torch.from_numpy(np.stack([window.middle for window in batch]))[:, counted]
    logits: Tensor = net(maps)[:, counted]
    by_class = functional.cross_entropy(
        logits[..., : len(CLASSES)].flatten(0, 1),
        classes.flatten(),
        weight=torch.tensor(_CLASS_WEIGHTS),
        ignore_index=UNLABELLED,
    )
    by_middle = functional.binary_cross_entropy_with_logits(
        logits[..., len(CLASSES)], middle, pos_weight=torch.tensor(_MIDDLE_WEIGHT), reduction="none"
    )
    return by_class + _MIDDLE_SHARE * by_middle[classes != UNLABELLED].mean()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the weights; exit code 0, 1 where it failed, 130 where it was interrupted."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.seam_net_training")
    add_arguments(parser)
    parser.add_argument("--seed", type=int, default=11, help="of films and batches")
    parser.add_argument("--steps", type=int, required=True, help=f"of {BATCH} windows each")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="the weights")
    parser.add_argument("--from", type=Path, dest="begin", metavar="FILE.npz", help="weights to begin with")
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    options = parser.parse_args(arguments)
    if options.steps < 1 or options.threads < 1:
        parser.error("--steps and --threads are 1 or more")
    progress = CancellableProgress()
    signal.signal(signal.SIGINT, lambda *_: progress.cancel())
    torch.set_num_threads(options.threads)
    checkpoint: Path = options.out.with_suffix(".checkpoint")
    training = Training(Schedule(options.steps, options.seed))

    def tell(step: int, loss: float) -> None:
        sys.stdout.write(f"step {step} of {options.steps}: loss {loss:.4f}\n")
        sys.stdout.flush()

    try:
        check_target(options.out, overwrite=True)
        if checkpoint.exists():
            training.load(checkpoint)
            sys.stdout.write(f"goes on after step {training.step}, from {checkpoint}\n")
        elif options.begin is not None:
            read_weights(training.net, options.begin)
        source = WindowProcess(folders_of(options), options.seed, training.next_film, progress=progress)
        with source as windows:
            training.run(windows, progress=progress, on_losses=tell, checkpoint=checkpoint)
        write_weights(training.net, options.out)
    except Cancelled:
        sys.stderr.write("Interrupted: the same command goes on from the checkpoint.\n")
        return 130
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with suppress(OSError):
        checkpoint.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
