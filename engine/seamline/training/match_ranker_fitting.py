"""Makes `match_ranker.json` again: the weights by which pairs of shots are ranked as match cuts.

    python -m seamline.training.match_ranker_fitting --out FILE.json
    python -m seamline.training.match_ranker_fitting --leave-one-out --penalty 1e-3 --keep FOLDER

Two logistic regressions, of frame matches and of motion matches, and a third that joins their logits, fitted to the
lists of planted films (`seamline.evaluation.match_planted_plan`), a tenth of which are matches. Every feature says how
alike two shots are, so no weight may be below 0: a weight of the other sign would be a fact about drawn films. Fitted
to these alone, the shortlists of real films become worse: so the weights are drawn towards some that were set by hand.
What drawn films cannot tell, since they have no faces, stands as it was set. The second command writes nothing, and
tells how films are ranked that the weights were not fitted to.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import SCORE_INPUTS, MatchRanker
from seamline.errors import SeamlineError
from seamline.evaluation.match_cuts import FITTED_SEEDS, report
from seamline.evaluation.match_described import DescribedFilm, described_films, planted_folder
from seamline.evaluation.match_metrics import average_precision
from seamline.evaluation.match_planted import Truth
from seamline.evaluation.match_scores import PARTS, PairList, film_precisions
from seamline.exchange.files import check_target, write_text_atomically
from seamline.models.siamese_session import open_siamese
from seamline.progress import CancellableProgress

PRIOR: dict[str, dict[str, float]] = {
    "frame": {
        "light": 1.0,
        "mass": 3.0,
        "lines": 2.5,
        "subject": 3.5,
        "no_odd_subject": 0.8,
        "colour": 0.5,
        "figures": 9.0,
        "no_odd_figure": 1.2,
        "composition": 2.0,
        "content": 6.0,
        "not_against": 0.8,
    },
    "motion": {
        "flow": 3.0,
        "inner_flow": 1.0,
        "camera": 1.0,
        "going": 3.0,
        "travel": 5.0,
        "speed": 0.5,
        "where_moving": 0.5,
        "moving": 0.5,
        "siamese": 0.3,
    },
}
"""Weights set by hand, looking at what real films give: what the fit is drawn towards. Those of figures and content
were chosen on some of the judged real pairs (`evaluation.real_matches.csv`; see RESULTS)."""
NOT_DRAWN = frozenset({"figures", "no_odd_figure", "content"})
"""What drawn films do not have, faces and things: it weighs as it was set."""

FRAME_FEATURES = frozenset(PARTS["composition"]) | {"not_against", "same_motion"}
MOTION_FEATURES = frozenset(PARTS["motion"]) | {"siamese"}
"""What may weigh anything beside what is set."""

PENALTY = 2e-3
"""Of the squared distance from the PRIOR, beside the mean loss of a pair. Leaving out one film at a time, 3e-4 has an
average precision of .968, 1e-3 .961, this .955, 3e-3 .952, 1e-2 .939 (`--leave-one-out`, all lists as one; measured,
2026-11). Of the judged real pairs that it was chosen on, few of which match by motion, the better ones came first the
nearer the weights were to the PRIOR, up to 3e-3."""

ORIGIN = (
    "fitted to drawn films, drawn towards weights set by hand, some of which were chosen on judged real pairs"
)

_DECIMALS = 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fitted(pairs: PairList, *, penalty: float = PENALTY) -> MatchRanker:
    """The ranker for these pairs; those that the finder does not offer have no part in it.

    Raises ValueError where there is no match of either kind.
    """
    offered = ~pairs.left_out
    features = pairs.features[offered].astype(np.float64)
    weights = []
    for name, kind, may in (
        ("frame", Truth.FRAME, FRAME_FEATURES),
        ("motion", Truth.MOTION, MOTION_FEATURES),
    ):
        truth = pairs.are(kind)[offered]
        if not truth.any():
            raise ValueError(f"there is no {name} match to fit to")
        weights.append(_fitted_kind(features, truth, may, PRIOR[name], penalty))
    frame, motion = weights
    logits = features @ frame[:-1] + frame[-1], features @ motion[:-1] + motion[-1]
    inputs = MatchRanker.score_inputs(*logits)
    either = np.array([float(name == "either") for name in SCORE_INPUTS])
    score = logistic(inputs, pairs.matches[offered], penalty=penalty, towards=either)
    return MatchRanker(frame, motion, score)


def logistic(
    inputs: Floats,
    truth: Flags,
    *,
    penalty: float,
    towards: Floats | float = 0.0,
    known: Floats | float = 0.0,
) -> Floats:
    """float64[inputs + 1], the constant last: no weight below 0, the constant free.

    `known` is added to every logit. The loss is the mean cross-entropy and `penalty` times the squared distance of the
    weights from `towards`.
    """
    count, width = inputs.shape
    signs = np.where(truth, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (inputs @ weights[:-1] + weights[-1] + known)
        slopes = -signs / (1 + np.exp(np.clip(margins, -60, 60))) / count
        away = weights[:-1] - towards
        total = float(np.logaddexp(0, -margins).mean()) + penalty * float(away @ away)
        return total, np.append(inputs.T @ slopes + 2 * penalty * away, slopes.sum())

    start = np.append(np.maximum(np.full(width, 0.1), towards), -2.0)
    bounds = [(0.0, None)] * width + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return np.asarray(found.x, np.float64)


def _fitted_kind(
    features: Floats, truth: Flags, may: Collection[str], prior: dict[str, float], penalty: float
) -> Floats:
    weights = np.array([prior.get(name, 0.0) for name in PAIR_FEATURES] + [0.0])
    is_free = np.array([name in may and name not in NOT_DRAWN for name in PAIR_FEATURES], np.bool_)
    drawn_to = weights[:-1][is_free]
    known = features @ np.where(is_free, 0.0, weights[:-1])
    free = logistic(features[:, is_free], truth, penalty=penalty, towards=drawn_to, known=known)
    weights[:-1][is_free], weights[-1] = free[:-1], free[-1]
    return weights


def rounded(ranker: MatchRanker) -> MatchRanker:
    """As it is written."""
    return MatchRanker(*(np.round(each, _DECIMALS) for each in (ranker.frame, ranker.motion, ranker.score)))


def leave_one_out(
    films: Sequence[DescribedFilm], *, penalty: float = PENALTY
) -> tuple[float, dict[int, float]]:
    """The average precision of films by rankers that were fitted to all the others: of all lists as one, and of each
    film's own, by its seed. Raises ValueError of fewer than two films.
    """
    if len(films) < 2:
        raise ValueError("leaving out one film needs two or more")
    scores, truths, own = [], [], {}
    for film in films:
        others = PairList.of([other for other in films if other is not film])
        ranker, pairs = rounded(fitted(others, penalty=penalty)), PairList.of([film])
        _, _, score = ranker.scores(pairs.features)
        scores.append(pairs.offered(score))
        truths.append(pairs.matches)
        own.update(film_precisions(pairs, ranker))
    return average_precision(np.concatenate(scores), np.concatenate(truths)), own


def _told(films: Sequence[DescribedFilm], penalty: float) -> str:
    every, own = leave_one_out(films, penalty=penalty)
    said = ", ".join(f"{value:.3f}" for value in own.values())
    return (
        f"penalty {penalty:g}, each of {len(films)} films by weights fitted to the others: average precision "
        f"{every:.3f} of all lists as one; of each film's own {said}; {sum(own.values()) / len(own):.3f} on average\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write, or leave one out; exit code 0, or 1 where it failed."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.match_ranker_fitting")
    parser.add_argument(
        "--films", type=int, default=len(FITTED_SEEDS), metavar="N", help="(default: %(default)s)"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the planted films are kept")
    parser.add_argument("--penalty", type=float, default=PENALTY, help="(default: %(default)s)")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--out", type=Path, metavar="FILE.json")
    asked.add_argument(
        "--leave-one-out",
        action="store_true",
        help="tell how each film is ranked by weights fitted to the others",
    )
    options = parser.parse_args(arguments)
    if not 0 <= options.penalty < np.inf:
        parser.error(f"--penalty needs 0 or more, not {options.penalty:g}")
    if options.leave_one_out and options.films < 2:
        parser.error("--leave-one-out needs --films 2 or more")
    seeds = FITTED_SEEDS[: max(1, options.films)]
    try:
        if options.out is not None:
            check_target(options.out, overwrite=True)
        with planted_folder(options.keep) as folder:
            films = list(
                described_films(seeds, folder, siamese=open_siamese(), progress=CancellableProgress())
            )
            if options.out is None:
                sys.stdout.write(_told(films, options.penalty))
                return 0
            pairs = PairList.of(films)
            ranker = rounded(fitted(pairs, penalty=options.penalty))
            about = {
                "origin": ORIGIN,
                "fitted_to_seeds": list(seeds),
                "pairs": len(pairs.why),
                "penalty": options.penalty,
            }
            write_text_atomically(options.out, ranker.to_json(**about), overwrite=True)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"On the pairs that it was fitted to:\n{report(films, ranker)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
