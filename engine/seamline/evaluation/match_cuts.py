"""How well the finder of match cuts does on planted ones, beside each of its parts and beside chance.

    python -m seamline.evaluation.match_cuts
    python -m seamline.evaluation.match_cuts --films 2 --keep FOLDER

Makes films of drawn shots of which some match at the cut (`match_planted_plan`), looks at them as at any film, and
ranks their pairs. The ranker was fitted to other seeds (`seamline.training.match_ranker_fitting`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seamline.analysis.match_ranker import MatchRanker, shipped_ranker
from seamline.errors import SeamlineError
from seamline.evaluation.calibration import reliability_table
from seamline.evaluation.match_described import DescribedFilm, described_films, planted_folder
from seamline.evaluation.match_metrics import Ranking, ranking_table
from seamline.evaluation.match_scores import (
    PairList,
    calibration,
    feature_rankings,
    film_precisions,
    kind_rankings,
    known_setups,
    rankings,
    shortlists,
    traps,
)
from seamline.models.siamese_session import open_siamese
from seamline.progress import CancellableProgress
from seamline.project.match_cuts import MatchKind

FITTED_SEEDS = range(1, 9)
"""What the ranker that comes with the program was fitted to. Results are of REPORTED_SEEDS, and of any other."""
REPORTED_SEEDS = range(601, 609)


def report(films: Sequence[DescribedFilm], ranker: MatchRanker) -> str:
    """All figures as text, without a line end at its end."""
    return "\n".join(_lines(films, ranker))


def as_dict(films: Sequence[DescribedFilm], ranker: MatchRanker) -> dict[str, Any]:
    """The same for programs."""
    pairs = PairList.of(films)
    return {
        "seeds": [film.planted.seed for film in films],
        "all": _as_rows([*rankings(pairs, ranker), known_setups(pairs, ranker)]),
        "films": film_precisions(pairs, ranker),
        **{kind.value: _as_rows(kind_rankings(pairs, ranker, kind)) for kind in MatchKind},
        "features": _as_rows(feature_rankings(pairs)),
        "traps": [asdict(trap) for trap in traps(pairs, ranker)],
        "expected_calibration_error": calibration(pairs, ranker).expected_error,
        "shortlists": [asdict(each) for each in shortlists(films)],
    }


def _as_rows(found: Sequence[Ranking]) -> list[dict[str, Any]]:
    return [asdict(each) for each in found]


def _lines(films: Sequence[DescribedFilm], ranker: MatchRanker) -> Iterator[str]:
    pairs = PairList.of(films)
    shots = sum(len(film.planted.shots) for film in films)
    seeds = ", ".join(str(film.planted.seed) for film in films)
    yield f"{len(films)} films ({shots} shots) of the seeds {seeds}; all their lists of pairs as one:"
    yield ranking_table([*rankings(pairs, ranker), known_setups(pairs, ranker)])
    own = film_precisions(pairs, ranker)
    if own:
        mean = sum(own.values()) / len(own)
        said = ", ".join(f"{value:.3f}" for value in own.values())
        yield f"average precision of each film's own list: {said}; {mean:.3f} on average"
    for kind in MatchKind:
        yield f"{kind.value} matches among all pairs that match in no way:"
        yield ranking_table(kind_rankings(pairs, ranker, kind))
    yield "each feature alone, nothing left out:"
    yield ranking_table(feature_rankings(pairs))
    yield f"{'what misleads':18}{'pairs':>7}{'left out':>10}{'below a match':>15}"
    for trap in traps(pairs, ranker):
        yield f"{trap.why:18}{trap.pairs:7}{trap.left_out:10.3f}{trap.below_matches:15.3f}"
    is_lost = pairs.left_out & pairs.matches
    yield f"of {int(pairs.matches.sum())} matches, {int(is_lost.sum())} are not offered"
    yield reliability_table(calibration(pairs, ranker))
    lists = shortlists(films)
    shown = ", ".join(f"{each.matches} of {each.offered}" for each in lists)
    yield f"of the first pairs that the finder offers of a whole film, matches are {shown}"
    mean = sum(each.precision for each in lists) / len(lists)
    share = sum(each.prevalence for each in lists) / len(lists)
    yield f"that is {mean:.3f} on average; {share:.4f} of all pairs of a film match"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_cuts",
        description="Plants match cuts in drawn films, has them found, and tells how well that was done.",
    )
    first, count = REPORTED_SEEDS.start, len(REPORTED_SEEDS)
    fitted = f"fitted to {FITTED_SEEDS.start} to {FITTED_SEEDS.stop - 1}"
    parser.add_argument("--films", type=int, default=count, help="how many (default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=first, help=f"of the first; {fitted} (default: %(default)s)"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where the films are kept, to be used again"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    seeds = range(chosen.seed, chosen.seed + max(1, chosen.films))
    try:
        with planted_folder(chosen.keep) as folder:
            siamese = open_siamese()
            films = list(described_films(seeds, folder, siamese=siamese, progress=CancellableProgress()))
            ranker = shipped_ranker()
            text = json.dumps(as_dict(films, ranker), indent=2) if chosen.json else report(films, ranker)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
