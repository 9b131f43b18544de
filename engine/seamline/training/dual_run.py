"""One run of `seamline train search`: from a table of captions to weights of the dual encoder and a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from seamline.errors import ModelError
from seamline.exchange.files import write_text_atomically
from seamline.models import dual_encoder_weights
from seamline.models.dual_encoder import BASE, DualEncoder, DualEncoderSize
from seamline.models.store_files import sha256_of
from seamline.models.wordpiece import WordPieces
from seamline.progress import THOUSANDTHS, Part, Progress
from seamline.training.caption_pairs import (
    Caption,
    CaptionPairs,
    OpenFilm,
    held_sources,
    opened_pairs,
    read_captions,
)
from seamline.training.caption_pictures import pictures_of
from seamline.training.caption_rows import kept_rows, rows_file
from seamline.training.dual_folder import DualFolder
from seamline.training.dual_report import report_of
from seamline.training.dual_training import (
    BATCH,
    EPOCHS,
    DualTraining,
    Floats,
    Pairs,
    Recipe,
    Rows,
    features_of,
)
from seamline.training.label_clips import at_fault
from seamline.training.label_training import tensors_written
from seamline.training.outputs import check_outputs

_FEATURES_AT_ONCE = 16
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
    def reports(self) -> tuple[Path, Path]:
        """The report for people and the one for programs, beside the weights."""
        return self.out.with_suffix(".txt"), self.out.with_suffix(".json")

    @property
    def bases(self) -> dict[str, Path]:
        """The files that it begins with."""
        files = {"weights": self.weights, "resnet": self.resnet, "distilbert": self.distilbert}
        return {name: file for name, file in files.items() if file is not None}

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
    """Train, test on the films held back, and write weights and reports, over those of an earlier run.

    What it works with lies in a folder beside `run.out` until it is done; the same run goes on from where it was
    cancelled. Raises Cancelled, ExchangeError, MediaError or ModelError.
    """
    captions = read_captions(run.captions)
    texts = _texts(run, captions)
    inputs = [run.captions, run.vocabulary, *run.bases.values(), *(each.path for each in captions)]
    check_outputs(run.out, ".safetensors", inputs=inputs, reports=run.reports)
    folder = DualFolder(run.out)
    folder.check()
    paired = opened_pairs(captions, run.captions, open_film, seed=run.seed, progress=Part(progress, 0, 20))
    held = held_sources(paired.sources, run.seed)
    is_held = np.array([source in held for source in paired.sources])
    learnt, tested = np.flatnonzero(~is_held), np.flatnonzero(is_held)

    bases = {name: sha256_of(file) for name, file in run.bases.items()}
    network = _network(run)
    recipe = Recipe(run.epochs, run.seed, run.batch, run.is_frozen)
    training = DualTraining(network, recipe, _identity(recipe, paired, texts, bases))
    if folder.checkpoint.exists():
        training.load(folder.checkpoint)  # one of something else is told before anything is decoded
    folder.make()
    pictures = pictures_of(paired.pictures, folder.path, run.size.side, progress=Part(progress, 20, 100))
    pairs = Pairs(pictures, texts, paired.picture_of)
    trains_from = 100
    if run.is_frozen:
        trains_from = 800  # most of the time goes into the features
        trunks = [repr(sorted(bases.items())), repr(run.size), str(run.seed)]
        files = (
            rows_file(folder.path, "picture-features", [*trunks, *(each.key for each in paired.pictures)]),
            rows_file(folder.path, "caption-features", [*trunks, _hash_of(texts)]),
        )
        part = Part(progress, 100, trains_from)
        pairs = Pairs(*_features(network, pictures, texts, files, part), paired.picture_of)
    training.run(pairs, learnt, progress=Part(progress, trains_from, 950), checkpoint=folder.checkpoint)
    some = np.sort(np.random.default_rng(run.seed).permutation(learnt)[:_MOST_LEARNT])
    tests = {
        name: _similarity(training, pairs, rows, Part(progress, start, start + 25))
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
    went = (
        f"The loss went from {training.losses[0]:.4f} to {training.losses[-1]:.4f}. "
        if training.losses
        else ""
    )
    text += f"\n\n{went}The temperature is {facts['temperature']:.4f}."
    _write_weights(network, run.out, facts)
    for_people, for_programs = run.reports
    write_text_atomically(for_people, text + "\n", overwrite=True)
    facts_text = json.dumps(facts, ensure_ascii=False, indent=2)
    write_text_atomically(for_programs, facts_text + "\n", overwrite=True)
    del pairs, pictures  # some systems delete no file that is mapped
    folder.remove()
    return DualResult(run.out, text, facts)


def _texts(run: DualRun, captions: Sequence[Caption]) -> NDArray[np.int64]:
    """int64[captions, 2, 32]: ids and mask of each."""
    pieces = WordPieces(run.vocabulary)
    if pieces.size != run.size.text.vocabulary:
        raise ModelError(
            f"“{run.vocabulary.name}” has {pieces.size:,} pieces, and the network knows {run.size.text.vocabulary:,}. "
            "Choose vocab.txt of BERT, uncased."
        )
    try:
        return np.stack(pieces.encode([each.text for each in captions]), axis=1)
    except ModelError:
        for each in captions:
            try:
                pieces.encode([each.text])
            except ModelError as error:
                fault = "its caption holds no word that the network knows"
                raise at_fault(run.captions, each.line, fault) from error
        raise


def _network(run: DualRun) -> DualEncoder:
    """What is trained, with the weights that it begins with."""
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
    return network.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _features(
    network: DualEncoder,
    pictures: NDArray[np.uint8],
    texts: NDArray[np.int64],
    files: tuple[Path, Path],
    progress: Progress,
) -> tuple[Floats, Floats]:
    """What the trunks, which stay as they are, make of each picture and caption, mapped from these files."""
    images = kept_rows(
        files[0],
        (len(pictures), network.size.image.features),
        np.float32,
        lambda start, stop: features_of(network, pictures, start, stop, are_texts=False),
        named="The features of the pictures",
        at_once=_FEATURES_AT_ONCE,
        progress=Part(progress, 0, 600),
    )
    words = kept_rows(
        files[1],
        (len(texts), network.size.text.width),
        np.float32,
        lambda start, stop: features_of(network, texts, start, stop, are_texts=True),
        named="The features of the captions",
        at_once=_FEATURES_AT_ONCE,
        progress=Part(progress, 600, THOUSANDTHS),
    )
    return images, words


def _similarity(training: DualTraining, pairs: Pairs, rows: Rows, progress: Progress) -> Floats:
    """Of the captions `rows` to all pictures of theirs, in the order of these, each once."""
    gallery = np.unique(pairs.picture_of[rows])
    images = training.image_vectors(pairs, gallery, progress=Part(progress, 0, 700))
    texts = training.text_vectors(pairs, rows, progress=Part(progress, 700, THOUSANDTHS))
    return np.asarray(texts @ images.T, np.float32)


def _identity(recipe: Recipe, paired: CaptionPairs, texts: NDArray[np.int64], bases: dict[str, str]) -> str:
    """What a checkpoint must have been made of to be gone on from."""
    parts = f"{recipe!r} {paired.identity} {_hash_of(texts)} {sorted(bases.items())}"
    return hashlib.sha256(parts.encode()).hexdigest()


def _hash_of(texts: NDArray[np.int64]) -> str:
    return hashlib.sha256(np.ascontiguousarray(texts).data).hexdigest()


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
