"""One run of `seamline train same-footage`: from films to a model, the published networks and a report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.same_footage_metrics import (
    SCORE_HEAD,
    PairScores,
    best_threshold,
    calibration_error,
    log_loss,
    score_line,
    scores_at,
)
from seamline.evaluation.same_footage_plot import write_roc_plot
from seamline.exchange.files import written_whole
from seamline.exchange.segment_plot import check_plot_path
from seamline.models.encoder import ImageEncoder
from seamline.models.same_footage import SameFootageModel, model_bytes
from seamline.progress import THOUSANDTHS, Part, Progress
from seamline.training.outputs import check_outputs
from seamline.training.same_footage_films import (
    OpenFilm,
    PairFilm,
    joined,
    naming,
    opened_films,
    read_sources,
)
from seamline.training.same_footage_pairs import (
    DEFAULT_PAIRS,
    SameFootagePairs,
    Split,
    pairs_in,
    split_sources,
)
from seamline.training.same_footage_training import PairTraining, calibrated
from seamline.training.same_footage_vectors import FolderOf, PairVectors

OWN_THRESHOLD = 0.0
"""Of a network's logit, as published: what it learnt by heart says nothing of a better one."""
_COPY_FRAMES = 30
_NETWORKS = (
    ("perceptron, as published", "ordered", False),
    ("perceptron, order-symmetric", "symmetric", True),
)

Floats = NDArray[np.float32]
Examples = tuple[Floats, Floats, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class PairRun:
    """What to train with: `films` are paths, `out` the model's file; `roc` where to draw the curve, `sources` a table
    of the films that show the same footage."""

    films: tuple[Path, ...]
    out: Path
    seed: int = 0
    pairs: int = DEFAULT_PAIRS
    roc: Path | None = None
    sources: Path | None = None

    @property
    def checkpoints(self) -> dict[str, Path]:
        """Where each network is kept, beside the model."""
        return {suffix: self.out.with_suffix(f".{suffix}.pt") for _, suffix, _ in _NETWORKS}


@dataclass(frozen=True, slots=True)
class PairResult:
    """What the program uses, the report, and a sentence for each film that was left out."""

    model: SameFootageModel
    report: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one way of telling made of the test's pairs: its scores there, their threshold, and the calibration."""

    name: str
    threshold: float
    train: PairScores
    test: PairScores
    test_loss: float
    test_calibration: float
    validation_loss: float
    slope: float
    offset: float


def train_same_footage(
    run: PairRun, encoder: ImageEncoder, open_film: OpenFilm, folder_of: FolderOf, *, progress: Progress
) -> PairResult:
    """Draw the pairs, embed their frames, train, test, and write model, networks and curve, over what is there.

    Beside `run.out` two checkpoints are written, `.ordered.pt` and `.symmetric.pt`, with optimiser, epoch and loss; the
    same run goes on from them, and another one replaces them if they are finished. Raises Cancelled, ExchangeError,
    MediaError or ModelError.
    """
    if run.roc is not None:
        check_plot_path(run.roc)
    read = [*run.films, *_given(run.sources)]
    check_outputs(run.out, ".npz", [*run.checkpoints.values(), *_given(run.roc)], inputs=read)
    named = {} if run.sources is None else read_sources(run.sources)
    films, left_out = opened_films(run.films, open_film, sources=named, progress=Part(progress, 0, 20))
    # what cannot be, for want of films or for a checkpoint of others, is told before anything is decoded
    with naming(left_out):
        split_sources(films, run.seed)
    trainings = {
        suffix: PairTraining(
            encoder.spec.dimension,
            symmetric=symmetric,
            seed=run.seed,
            identity=f"{_identity(run, encoder.spec.key, films)} {suffix}",
        )
        for _, suffix, symmetric in _NETWORKS
    }
    for suffix, training in trainings.items():
        if run.checkpoints[suffix].exists():
            training.load(run.checkpoints[suffix])
    vectors = PairVectors(films, encoder, folder_of)
    vectors.make_frames(_copy_frames(films), progress=Part(progress, 20, 150))
    films = joined(films, vectors.alike())
    with naming(left_out):
        splits = split_sources(films, run.seed)
    drawn = {
        split: SameFootagePairs(
            films, sources_in(splits, split), split, max(1, pairs_in(split, run.pairs)), seed=run.seed
        )
        for split in Split
    }
    vectors.make((pair for pairs in drawn.values() for pair in pairs), progress=Part(progress, 150, 900))
    examples = {split: vectors.both(pairs) for split, pairs in drawn.items()}

    told = [told_by("cosine", _cosines, examples)]
    for number, (name, suffix, _) in enumerate(_NETWORKS):
        training = trainings[suffix]
        part = Part(progress, 900 + 45 * number, 945 + 45 * number)
        training.run(*examples[Split.TRAIN], progress=part, checkpoint=run.checkpoints[suffix])
        told.append(told_by(name, training.scores, examples, threshold=OWN_THRESHOLD))

    usable = (told[0], told[2])  # the published network's answer depends on the order of the two
    best = min(usable, key=lambda each: each.validation_loss)
    network = trainings["symmetric"].layers() if best is told[2] else None
    model = SameFootageModel(encoder.spec.key, best.slope, best.offset, "trained on this machine", network)
    if run.roc is not None:
        curves = [(_cosines(*examples[split][:2]), examples[split][2]) for split in (Split.TRAIN, Split.TEST)]
        write_roc_plot(run.roc, curves[0], curves[1], told[0].threshold, overwrite=True)
    with written_whole(run.out, overwrite=True) as part_path:
        part_path.write_bytes(model_bytes(model))
    progress.step(THOUSANDTHS, THOUSANDTHS)
    losses = {name: trainings[suffix].loss for name, suffix, _ in _NETWORKS}
    report = _report(films, splits, told, losses, best)
    return PairResult(model, report, tuple(left_out))


def _given(path: Path | None) -> list[Path]:
    return [] if path is None else [path]


def told_by(
    name: str,
    scores_of: Callable[[Floats, Floats], NDArray[np.floating]],
    examples: dict[Split, Examples],
    *,
    threshold: float | None = None,
) -> Told:
    """The threshold, or the one that is best on the training pairs, tested; and calibrated on those for validation."""
    scores = {split: scores_of(*pairs[:2]) for split, pairs in examples.items()}
    truth = {split: pairs[2] for split, pairs in examples.items()}
    if threshold is None:
        threshold = best_threshold(scores[Split.TRAIN], truth[Split.TRAIN])
    slope, offset = calibrated(scores[Split.VALIDATION], truth[Split.VALIDATION])
    probabilities = {
        split: 1 / (1 + np.exp(-np.clip(slope * np.asarray(some, np.float64) + offset, -60, 60)))
        for split, some in scores.items()
    }
    return Told(
        name,
        threshold,
        scores_at(threshold, scores[Split.TRAIN], truth[Split.TRAIN]),
        scores_at(threshold, scores[Split.TEST], truth[Split.TEST]),
        log_loss(probabilities[Split.TEST], truth[Split.TEST]),
        calibration_error(probabilities[Split.TEST], truth[Split.TEST]),
        log_loss(probabilities[Split.VALIDATION], truth[Split.VALIDATION]),
        slope,
        offset,
    )


def sources_in(splits: dict[str, Split], split: Split) -> list[str]:
    """The sources of a split, sorted."""
    return sorted(source for source, of in splits.items() if of is split)


def _cosines(first: Floats, second: Floats) -> Floats:
    return np.asarray(np.einsum("nd,nd->n", first, second), np.float32)


def _copy_frames(films: Sequence[PairFilm]) -> dict[int, set[int]]:
    """Frames to find copies by: one every two seconds, at most thirty, at whole seconds as in a copy."""
    found = {}
    for number, film in enumerate(films):
        every = max(2, -(-int(film.duration) // _COPY_FRAMES))
        found[number] = {film.frame_at(Fraction(at)) for at in range(0, int(film.duration) + 1, every)}
    return found


def _identity(run: PairRun, encoder_key: str, films: Sequence[PairFilm]) -> str:
    """What a checkpoint must have been made of to be gone on from; which films are copies, and what each is used for,
    follows from it."""
    lines = [f"{run.seed} {run.pairs} {encoder_key}"]
    lines += [f"{film.film.fingerprint} {film.source}" for film in films]
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def _report(
    films: Sequence[PairFilm],
    splits: dict[str, Split],
    told: Sequence[Told],
    losses: dict[str, float | None],
    best: Told,
) -> str:
    lines = [
        f"{len(films)} films of {len(splits)} sources: "
        + ", ".join(f"{len(sources_in(splits, split))} to {_USES[split]}" for split in Split)
        + "."
    ]
    groups: dict[str, list[str]] = {}
    for film in films:
        groups.setdefault(film.source, []).append(film.film.path.name)
    lines += [f"The same footage: {', '.join(names)}." for names in groups.values() if len(names) > 1]
    lines.append(
        "Tested with: "
        + ", ".join(film.film.path.name for film in films if splits[film.source] is Split.TEST)
        + "."
    )
    lines += ["", SCORE_HEAD]
    for each in told:
        lines.append(score_line(f"{each.name}, training", [each.train]))
        lines.append(score_line(f"{each.name}, test", [each.test]))
    lines.append("")
    for each in told:
        loss = losses.get(each.name)
        lines.append(
            f"{each.name}: threshold {each.threshold:.3f}"
            + ("" if loss is None else f", training loss {loss:.4f}")
            + f"; calibrated: test loss {each.test_loss:.4f}, calibration error {each.test_calibration:.3f}"
        )
    lines.append(f"The model is the {best.name}, which had the lesser loss in validation.")
    return "\n".join(lines)


_USES = {Split.TRAIN: "train", Split.VALIDATION: "validate", Split.TEST: "test"}
