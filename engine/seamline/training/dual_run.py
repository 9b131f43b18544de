"""One run of `seamline train search`: from a table of captions to weights of the dual encoder and a report."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from seamline.errors import ModelError
from seamline.exchange.files import check_target, make_folder, write_text_atomically
from seamline.models import dual_encoder_weights
from seamline.models.dual_encoder import BASE, DualEncoder, DualEncoderSize
from seamline.models.videomae_card import sha256_of
from seamline.models.wordpiece import WordPieces
from seamline.progress import Progress
from seamline.training.caption_pairs import CaptionPairs, OpenFilm, held_sources, opened_pairs, read_captions
from seamline.training.caption_pictures import pictures_of
from seamline.training.dual_report import report_of
from seamline.training.dual_training import BATCH, EPOCHS, DualTraining, Pairs, Recipe, Rows, features_of
from seamline.training.label_training import tensors_written

_CHECKPOINT_FILE = "training.checkpoint"
_UNITS = 1000
_MOST_LEARNT = 2000
"""Of the captions learnt from, so many are looked for in the report: all pairs of more would not fit into memory."""


@dataclass(frozen=True, slots=True)
class DualRun:
    """What to train: `captions` is the table, `out` the weights to write, `vocabulary` BERT's vocab.txt.

    It begins with `weights`, a whole dual encoder, or else with what `resnet` (torchvision's resnet50) and `distilbert`
    (distilbert-base-uncased) name; what neither gives begins at random. `is_frozen`: only the projections are trained.
    """

    captions: Path
    out: Path
    vocabulary: Path
    weights: Path | None = None
    resnet: Path | None = None
    distilbert: Path | None = None
    seed: int = 0
    epochs: int = EPOCHS
    batch: int = BATCH
    is_frozen: bool = False
    size: DualEncoderSize = BASE

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said before it begins, as sentences."""
        if self.weights is not None:
            return ()
        random = [
            name
            for name, file in (("ResNet50", self.resnet), ("DistilBERT", self.distilbert))
            if file is None
        ]
        if not random:
            return ()
        names = " and ".join(random)
        if self.is_frozen:
            return (f"Frozen at random weights: {names}. What is found will be little better than chance.",)
        return (
            f"Begun with random weights: {names}. From scratch it takes hundreds of thousands of captions and days on "
            "a GPU to become of use. Give --resnet and --distilbert, or --weights.",
        )


@dataclass(frozen=True, slots=True)
class DualResult:
    """Where the weights are, and what became of it."""

    weights: Path
    report: str
    facts: dict[str, Any]


def train_search(run: DualRun, open_film: OpenFilm, *, progress: Progress) -> DualResult:
    """Train, test on the films held back, and write weights and reports, over what is there.

    What it works with lies in a folder beside `run.out` until it is done; the same run goes on from where it was
    cancelled. Raises Cancelled, ExchangeError, MediaError or ModelError.
    """
    captions = read_captions(run.captions)
    pieces = WordPieces(run.vocabulary)
    if pieces.size != run.size.text.vocabulary:
        raise ModelError(
            f"“{run.vocabulary.name}” has {pieces.size:,} pieces, and the network knows {run.size.text.vocabulary:,}. "
            "Choose vocab.txt of BERT, uncased."
        )
    ids, mask = pieces.encode([each.text for each in captions])
    check_target(run.out, overwrite=True)
    folder = run.out.with_name(f"{run.out.stem}-training")
    make_folder(folder)
    paired = opened_pairs(captions, run.captions, open_film, seed=run.seed, progress=_Part(progress, 0, 20))
    held = held_sources(paired.sources, run.seed)
    is_held = np.array([source in held for source in paired.sources])
    learnt, tested = np.flatnonzero(~is_held), np.flatnonzero(is_held)

    network, bases = _network(run)
    recipe = Recipe(run.epochs, run.seed, run.batch, run.is_frozen)
    training = DualTraining(network, recipe, _identity(recipe, paired, bases))
    pictures = pictures_of(paired.pictures, folder, run.size.side, progress=_Part(progress, 20, 100))
    pairs = Pairs(pictures, np.stack([ids, mask], axis=1), paired.picture_of)
    trains_from = 100
    if run.is_frozen:
        trains_from = 800  # most of the time goes into the features
        pairs = _features(
            network, pairs, len(paired.pictures), len(captions), _Part(progress, 100, trains_from)
        )
    checkpoint = folder / _CHECKPOINT_FILE
    if checkpoint.exists():
        training.load(checkpoint)
    training.run(pairs, learnt, progress=_Part(progress, trains_from, 950), checkpoint=checkpoint)
    some = np.sort(np.random.default_rng(run.seed).permutation(learnt)[:_MOST_LEARNT])
    tests = {
        name: _similarity(training, pairs, rows, _Part(progress, start, start + 25))
        for name, rows, start in (("held", tested, 950), ("learnt", some, 975))
    }
    text, facts = report_of(paired, tests, {"held": tested, "learnt": some}, run.seed)
    facts |= {
        "epochs": training.epoch,
        "losses": training.losses,
        "temperature": float(network.temperature),
        "seed": run.seed,
        "batch": run.batch,
        "frozen": run.is_frozen,
        "began_with": bases,
        "vocabulary_sha256": sha256_of(run.vocabulary),
    }
    learning = (
        f"The loss fell from {training.losses[0]:.4f} to {training.losses[-1]:.4f}" if training.losses else ""
    )
    text += f"\n\n{learning}; the temperature is {facts['temperature']:.4f}."
    _write_weights(network, run.out, facts)
    write_text_atomically(run.out.with_suffix(".txt"), text + "\n", overwrite=True)
    facts_text = json.dumps(facts, ensure_ascii=False, indent=2)
    write_text_atomically(run.out.with_suffix(".json"), facts_text + "\n", overwrite=True)
    del pairs, pictures  # some systems delete no file that is mapped
    shutil.rmtree(folder, ignore_errors=True)
    return DualResult(run.out, text, facts)


def _network(run: DualRun) -> tuple[DualEncoder, dict[str, str]]:
    """What is trained, and the sha256 of each file that it begins with."""
    files = {"weights": run.weights, "resnet": run.resnet, "distilbert": run.distilbert}
    bases = {name: sha256_of(file) for name, file in files.items() if file is not None}
    if run.weights is not None:
        network = dual_encoder_weights.load(run.weights, run.size)
    else:
        with torch.random.fork_rng():
            torch.manual_seed(run.seed)
            network = DualEncoder(run.size)
        if run.resnet is not None:
            network.image_trunk = dual_encoder_weights.load_resnet(run.resnet, run.size.image)
        if run.distilbert is not None:
            network.text_trunk = dual_encoder_weights.load_distilbert(run.distilbert, run.size.text)
    return network.to("cuda" if torch.cuda.is_available() else "cpu").eval(), bases


def _features(network: DualEncoder, pairs: Pairs, pictures: int, texts: int, progress: Progress) -> Pairs:
    middle = 600
    images = features_of(
        network, pairs.pictures, pictures, are_texts=False, progress=_Part(progress, 0, middle)
    )
    words = features_of(network, pairs.texts, texts, are_texts=True, progress=_Part(progress, middle, _UNITS))
    return Pairs(images, words, pairs.picture_of)


def _similarity(
    training: DualTraining, pairs: Pairs, rows: Rows, progress: Progress
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Of the captions `rows` to all pictures of theirs, in the order of these, each once."""
    gallery = np.unique(pairs.picture_of[rows])
    images = training.image_vectors(pairs, gallery, progress=_Part(progress, 0, 700))
    texts = training.text_vectors(pairs, rows, progress=_Part(progress, 700, _UNITS))
    return np.asarray(texts @ images.T, np.float32)


def _identity(recipe: Recipe, paired: CaptionPairs, bases: dict[str, str]) -> str:
    """What a checkpoint must have been made of to be gone on from."""
    return hashlib.sha256(f"{recipe!r} {paired.identity} {sorted(bases.items())}".encode()).hexdigest()


def _write_weights(network: DualEncoder, path: Path, facts: dict[str, Any]) -> None:
    """A .safetensors file with the names of `DualEncoder`, and in its metadata what it was made of."""
    state = {name: values.detach().cpu().contiguous() for name, values in network.state_dict().items()}
    metadata = {
        "format": "pt",
        "made_by": "seamline train search",
        "licence": "as the weights that it was trained from",
        "facts": json.dumps(facts, ensure_ascii=False),
    }
    with tensors_written(path) as part:
        save_file(state, part, metadata)
        part.chmod(0o644)  # safetensors keeps it from all others


class _Part:
    """A part of the whole progress, from `start` to `end` thousandths of it."""

    def __init__(self, progress: Progress, start: int, end: int) -> None:
        self._progress, self._start, self._end = progress, start, end

    def step(self, done: int, total: int) -> None:
        share = done / total if total else 1.0
        self._progress.step(round(self._start + (self._end - self._start) * share), _UNITS)

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        return self._progress.on_cancel(interrupt)
