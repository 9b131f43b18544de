"""One run of `seamline train labels`: from a table of labelled shots to weights and a report."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from seamline.exchange.files import make_folder, write_text_atomically
from seamline.media.film import Film
from seamline.models import videomae_weights
from seamline.models.store_files import sha256_of
from seamline.models.videomae import BASE, VideoMAE, VideoMAESize
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.progress import THOUSANDTHS, Part, Progress
from seamline.training.label_clips import LabelledClip, at_fault, held_films, read_clips
from seamline.training.label_inputs import FilmShot, features_of
from seamline.training.label_pictures import pictures_of
from seamline.training.label_report import report, scores_of
from seamline.training.label_training import (
    UNLABELLED,
    Inputs,
    LabelTraining,
    Recipe,
    Targets,
    tensors_written,
)
from seamline.training.outputs import check_outputs

WEIGHTS_FILE, REPORT_FILE, FACTS_FILE = "labels.safetensors", "report.txt", "report.json"
_CHECKPOINT_FILE = "label_training.checkpoint"
_HEADS_EPOCHS, _WHOLE_EPOCHS = 30, 5

OpenFilm = Callable[[Path, Progress], Film]


@dataclass(frozen=True, slots=True)
class LabelRun:
    """What to train: `clips` is the table, `weights` what to begin with, `out` a folder for all that is made.

    `epochs`: 30 for the heads and 5 for the whole network, if None. `trunk`: whether the whole network is trained;
    None: if torch has a GPU. `size`: of the network in `weights`.
    """

    clips: Path
    weights: Path
    out: Path
    seed: int = 0
    epochs: int | None = None
    trunk: bool | None = None
    size: VideoMAESize = BASE


@dataclass(frozen=True, slots=True)
class LabelResult:
    """Where the weights are, and what became of it."""

    weights: Path
    report: str


def train_labels(run: LabelRun, open_film: OpenFilm, *, progress: Progress) -> LabelResult:
    """Train, test on the films held back, and write weights and report into `run.out`, over what is there.

    The same run goes on from where it was cancelled. Raises Cancelled, ExchangeError, MediaError or ModelError.
    """
    clips = read_clips(run.clips)
    films = _opened(clips, run.clips, open_film, progress)
    shots = [FilmShot(films[clip.film], clip.start_frame, clip.end_frame) for clip in clips]
    held = held_films(clips, [shot.film.fingerprint for shot in shots], run.seed)
    is_held = np.array([shot.film.fingerprint in held for shot in shots])
    targets = _targets(clips)
    make_folder(run.out)
    checkpoint = run.out / _CHECKPOINT_FILE
    check_outputs(
        run.out / WEIGHTS_FILE,
        ".safetensors",
        [run.out / REPORT_FILE, run.out / FACTS_FILE, checkpoint],
        inputs=[run.clips, run.weights, *films],
    )

    device = "cuda" if torch.cuda.is_available() else "cpu"
    whole = run.trunk if run.trunk is not None else device == "cuda"
    network = videomae_weights.load(run.weights, run.size).to(device)
    sha256 = sha256_of(run.weights)
    recipe = Recipe(run.epochs or (_WHOLE_EPOCHS if whole else _HEADS_EPOCHS), run.seed, whole)
    training = LabelTraining(network, recipe, _identity(sha256, recipe, shots, targets))
    inputs: Inputs
    # most of the time goes into the features, or into training all of it
    split = 250 if whole else 900
    tested_share = 50 if whole else 10
    if whole:
        inputs = pictures_of(network.size, shots, run.out, progress=Part(progress, 0, split))
    else:
        inputs = features_of(network, shots, run.out, sha256, progress=Part(progress, 0, split))
    learnt, tested = np.flatnonzero(~is_held), np.flatnonzero(is_held)
    trains_from = split + tested_share
    before = training.predict(inputs, tested, progress=Part(progress, split, trains_from))
    if checkpoint.exists():
        training.load(checkpoint)
    trains_to = THOUSANDTHS - tested_share
    training.run(
        inputs, targets, learnt, progress=Part(progress, trains_from, trains_to), checkpoint=checkpoint
    )
    said = training.predict(inputs, tested, progress=Part(progress, trains_to, THOUSANDTHS))
    scores = scores_of(targets[tested], said, before, targets[learnt])
    names = sorted({shot.film.path.name for shot, out in zip(shots, is_held, strict=True) if out})
    text = report(scores, len(learnt), len({shots[at].film.fingerprint for at in learnt}), names)
    facts: dict[str, Any] = {score.name.lower(): score.facts for score in scores}
    facts |= {
        "base_sha256": sha256,
        "epochs": recipe.epochs,
        "seed": recipe.seed,
        "whole": whole,
        "held": names,
    }
    _write_weights(network, run.out / WEIGHTS_FILE, facts)
    write_text_atomically(run.out / REPORT_FILE, text + "\n", overwrite=True)
    facts_text = json.dumps(facts, ensure_ascii=False, indent=2)
    write_text_atomically(run.out / FACTS_FILE, facts_text + "\n", overwrite=True)
    with contextlib.suppress(OSError):
        checkpoint.unlink(missing_ok=True)
    return LabelResult(run.out / WEIGHTS_FILE, text)


def _opened(
    clips: Sequence[LabelledClip], table: Path, open_film: OpenFilm, progress: Progress
) -> dict[Path, Film]:
    films: dict[Path, Film] = {}
    for clip in clips:
        progress.step(0, THOUSANDTHS)
        if clip.film not in films:
            films[clip.film] = open_film(clip.film, Part(progress, 0, 0))
        count = films[clip.film].frame_count
        if clip.end_frame > count:
            raise at_fault(
                table, clip.line, f"“{clip.film.name}” has frames 0 to {count - 1}, so it ends before"
            )
    return films


def _targets(clips: Sequence[LabelledClip]) -> Targets:
    return np.array(
        [
            (
                UNLABELLED if clip.scale is None else SCALES.index(clip.scale),
                UNLABELLED if clip.movement is None else MOVEMENTS.index(clip.movement),
            )
            for clip in clips
        ],
        np.int64,
    )


def _identity(sha256: str, recipe: Recipe, shots: Sequence[FilmShot], targets: Targets) -> str:
    """What a checkpoint must have been made of to be gone on from."""
    parts = [sha256, repr(recipe), *(shot.key for shot in shots), targets.tobytes().hex()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write_weights(network: VideoMAE, path: Path, facts: dict[str, Any]) -> None:
    """A .safetensors file with the published names, and in its metadata what it was made of."""
    state = {name: values.detach().cpu().contiguous() for name, values in network.state_dict().items()}
    metadata = {
        "format": "pt",
        "made_by": "seamline train labels",
        "base_sha256": facts["base_sha256"],
        "licence": "as the weights that it was trained from",
        "facts": json.dumps(facts, ensure_ascii=False),
    }
    with tensors_written(path) as part:
        save_file(state, part, metadata)
        part.chmod(0o644)  # safetensors keeps it from all others
