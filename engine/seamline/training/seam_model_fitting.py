"""Fitting the seam model: `python -m seamline.training.seam_model_fitting --out FILE.json ...`.

Runs with the seam network that lies in `seamline/models/weights`: put a newly trained one there first.
See docs/TRAINING.md.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize

from seamline.analysis.candidates import Candidate, Curves, find_candidates, known_curves
from seamline.analysis.consulting import ConsultingStage
from seamline.analysis.evidence import EvidenceStage
from seamline.analysis.seam_features import FEATURES, seam_features
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stage import FloatArray, Stage
from seamline.errors import Cancelled, ModelError, SeamlineError
from seamline.evaluation.metrics import evaluate
from seamline.evaluation.synthetic_sources import Pictures
from seamline.exchange.csv_list import Transition
from seamline.exchange.files import check_target, write_text_atomically
from seamline.models.seam_net_session import SeamNetSession, weights_key
from seamline.models.session import fastest_card, open_session
from seamline.progress import CancellableProgress, Progress
from seamline.training.seam_films import fitting_film, truth_of
from seamline.training.seam_sources import Footage, add_arguments, folders_of, gather

DRAWN_FILMS = 160
_MOST_FRAMES = 900
_FOOTAGE_WEIGHT = 2.0
"""What a candidate of the footage counts; one of a drawn film counts 1."""
_INVERSE_STRENGTH = 1.0
# that a network is surer must never make a seam less likely, whatever the examples happen to say
_EVIDENCE = (
    "evidence peak", "evidence mean", "middle peak",
    "cut probability", "transition probability", "transition mean",
)  # fmt: skip
# The seam network saw this footage while it was trained, and errs too little on it for two things to be learned
# here: that what a shift or a zoom of the whole picture explains is no seam, and what a second opinion is worth.
# Without these bounds the weights for gradual seams are -0.6 and 0.
_DISPLACEMENT_AT_MOST = {False: 0.0, True: -2.0}  # for cuts, and for gradual seams
_SECOND_OPINION_AT_LEAST = {False: 0.0, True: 0.2}
_MOST_ROUNDS = 2000
_LEAST_DEVIATION = 0.05
_DECIMALS = 4
SEAM, NO_SEAM, NEITHER = 1, 0, -1


@dataclass(frozen=True, eq=False, slots=True)
class Examples:
    """Candidates of one film: their `seam_features` float32[n, 15], labels int64[n] and what each counts."""

    candidates: Sequence[Candidate]
    features: FloatArray
    labels: NDArray[np.int64]
    weight: float


class CurveMaker:
    """The curves of pictures in memory, by the very stages of the analysis. Raises ModelError, Cancelled."""

    def __init__(self, progress: Progress) -> None:
        card = fastest_card()
        self._progress = progress
        self._stages: list[Stage] = [
            ConsultingStage(
                EvidenceStage(weights_key(), SeamNetSession), card, lambda: open_session(card, threads=1)
            ),
            SimilarityStage(),
        ]

    def curves(self, pictures: Pictures) -> Curves:
        """Of a film uint8[n, 27, 48, 3], n >= 1."""
        signals = Signals(len(pictures))
        for stage in self._stages:
            stage.resume(0, self._progress)
            for block in [*stage.feed(pictures), *stage.finish()]:
                signals.add(block)
        curves = known_curves(signals)
        assert curves is not None, "all stages ran"
        return curves


def examples_of(curves: Curves, truth: Sequence[Transition], weight: float) -> Examples | None:
    """The candidates in a film's curves with their labels; None where there is no candidate."""
    end = len(curves.cut)
    candidates = [candidate for candidate in find_candidates(curves) if candidate.in_frame < end]
    if not candidates:
        return None
    return Examples(candidates, seam_features(curves, candidates), labels(candidates, truth), weight)


def labels(candidates: Sequence[Candidate], truth: Sequence[Transition]) -> NDArray[np.int64]:
    """1 for a candidate that is a hit as in the evaluation (one to one, within 2 frames), 0 for a false alarm, -1
    for one that meets only an ignored transition."""
    predicted = [Transition(c.out_frame, c.in_frame, str(c.kind)) for c in candidates]
    evaluation = evaluate(truth, predicted)
    hits = {hit.predicted for hit in evaluation.hits}
    false_alarms = set(evaluation.false_alarms)
    return np.array([SEAM if p in hits else NO_SEAM if p in false_alarms else NEITHER for p in predicted])


def fitted(examples: Iterable[Examples]) -> NDArray[np.float64]:
    """The weights of two logistic regressions, for cuts and for gradual seams: float64[2, 16], the constant last.

    Features are standardised for the penalty, which falls on the weights alone; the weights given
    are for features as they are. Raises ModelError where there are not both seams and others to
    learn from.
    """
    kept = list(examples)
    rows = []
    for is_gradual, name in ((False, "cuts"), (True, "gradual seams")):
        chosen = [
            np.array([c.is_gradual == is_gradual for c in one.candidates]) & (one.labels != NEITHER)
            for one in kept
        ]
        pairs = list(zip(kept, chosen, strict=True))
        features = np.concatenate([one.features[these] for one, these in pairs] or [np.empty((0, 0))])
        is_seam = np.concatenate([one.labels[these] for one, these in pairs] or [np.empty(0)])
        weights = np.concatenate([np.full(these.sum(), one.weight) for one, these in pairs] or [np.empty(0)])
        if len(set(is_seam.tolist())) < 2:
            raise ModelError(
                f"Among {len(is_seam)} candidates for {name} there are not both seams and others: "
                "give more footage, or draw more films."
            )
        bounds: dict[str, tuple[float | None, float | None]] = dict.fromkeys(_EVIDENCE, (0.0, None))
        bounds["displacement"] = None, _DISPLACEMENT_AT_MOST[is_gradual]
        bounds["transition probability"] = _SECOND_OPINION_AT_LEAST[is_gradual], None
        rows.append(_regression(features.astype(np.float64), is_seam, weights, bounds))
    return np.stack(rows)


def _regression(
    features: NDArray[np.float64],
    is_seam: NDArray[np.float64],
    weights: NDArray[np.float64],
    bounds: Mapping[str, tuple[float | None, float | None]],
) -> NDArray[np.float64]:
    """Weights and constant, float64[16], of the logistic regression with a ridge; `bounds` holds the least and the
    greatest weight of some features."""
    mean, deviation = features.mean(0), features.std(0)
    deviation[deviation < _LEAST_DEVIATION] = 1
    inputs = np.concatenate([(features - mean) / deviation, np.ones((len(features), 1))], axis=1)
    ridge = np.append(np.full(features.shape[1], 1 / _INVERSE_STRENGTH), 0)

    def loss(guess: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = inputs @ guess
        value = weights @ (np.logaddexp(0, scores) - is_seam * scores) + 0.5 * ridge @ guess**2
        slope = inputs.T @ (weights * (1 / (1 + np.exp(-scores)) - is_seam)) + ridge * guess
        return float(value), slope

    limits = np.array([bounds.get(name, (None, None)) for name in FEATURES], np.float64)  # NaN for None
    scaled_limits = np.append(limits * deviation[:, np.newaxis], [[np.nan, np.nan]], axis=0)
    found = minimize(
        loss,
        np.zeros(inputs.shape[1]),
        jac=True,
        bounds=Bounds(
            np.nan_to_num(scaled_limits[:, 0], nan=-np.inf), np.nan_to_num(scaled_limits[:, 1], nan=np.inf)
        ),
        options={"maxiter": _MOST_ROUNDS},
    )
    scaled = found.x[:-1] / deviation
    return np.append(scaled, found.x[-1] - scaled @ mean)


def as_json(weights: NDArray[np.float64]) -> str:
    """What `seam_model.json` holds, to four decimals."""
    # adding 0 makes -0.0 a plain 0.0
    return json.dumps({"weights": (np.round(weights, _DECIMALS) + 0.0).tolist()}) + "\n"


def all_examples(footage: Footage, *, drawn_films: int, seed: int, progress: Progress) -> list[Examples]:
    """Those of drawn films and of the footage, whole. Raises SeamlineError or Cancelled."""
    maker = CurveMaker(progress)
    total = drawn_films + len(footage.clips) + len(footage.films)
    found = []
    for number in range(drawn_films):
        progress.step(number, total)
        film = fitting_film(footage, seed, number)
        film = film.stretch(0, min(_MOST_FRAMES, len(film.pictures)))
        found.append(examples_of(maker.curves(film.pictures), truth_of(film), 1.0))
    for number, whole in enumerate([*footage.clips, *footage.films], drawn_films):
        progress.step(number, total)
        found.append(examples_of(maker.curves(whole.pictures), whole.truth, _FOOTAGE_WEIGHT))
    progress.step(total, total)
    return [examples for examples in found if examples is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the model; exit code 0, 1 where it failed, 130 where it was interrupted."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.seam_model_fitting")
    add_arguments(parser)
    parser.add_argument("--seed", type=int, default=77, help="of the drawn films")
    parser.add_argument("--drawn", type=int, default=DRAWN_FILMS, metavar="N", help="how many films to draw")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="the model")
    options = parser.parse_args(arguments)

    def report(done: int, total: int) -> None:
        sys.stdout.write(f"{done} of {total}\n")
        sys.stdout.flush()

    silent, progress = CancellableProgress(), CancellableProgress(report)

    def interrupt(_number: int, _frame: object) -> None:
        silent.cancel()
        progress.cancel()

    signal.signal(signal.SIGINT, interrupt)
    try:
        check_target(options.out, overwrite=True)
        footage = gather(folders_of(options), progress=silent)
        examples = all_examples(footage, drawn_films=options.drawn, seed=options.seed, progress=progress)
        weights = fitted(examples)
        write_text_atomically(options.out, as_json(weights), overwrite=True)
    except Cancelled:
        sys.stderr.write("Interrupted.\n")
        return 130
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, cut, gradual in zip((*FEATURES, "constant"), *weights, strict=True):
        sys.stdout.write(f"{name:24} {cut:8.3f} {gradual:8.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
