"""Makes `same_footage.json` again: the calibration of the cosine that comes with the program.

    python -m seamline.training.same_footage_fitting --clips UNCUT... --films EDITED... --truth TABLES --out FILE.json

It has two numbers, fitted to set-up pairs (`same_footage_setups`): more were no better on films not trained with.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.cache import AnalysisCache
from seamline.errors import SeamlineError
from seamline.evaluation.same_footage_metrics import calibration_error, log_loss, scores_at
from seamline.exchange.files import write_text_atomically
from seamline.models.encoders import BUILT_IN
from seamline.progress import CancellableProgress, Progress
from seamline.training.outputs import check_outputs
from seamline.training.same_footage_films import PairFilm
from seamline.training.same_footage_setups import SetupPairs
from seamline.training.same_footage_study import footage
from seamline.training.same_footage_training import calibrated
from seamline.training.same_footage_vectors import PairVectors

PAIRS = 20_000
SEED = 1
_DECIMALS = 3


def fitted(
    films: Sequence[PairFilm], sources: Sequence[str], vectors: PairVectors, *, pairs: int, progress: Progress
) -> tuple[tuple[float, float], NDArray[np.float64], NDArray[np.bool_]]:
    """Slope and offset for these sources, and the cosines and truth they were fitted to. Raises MediaError."""
    drawn = list(SetupPairs(films, sources, pairs, seed=SEED))
    vectors.make(drawn, progress=progress)
    first, second, truth = vectors.both(drawn)
    cosines = np.einsum("nd,nd->n", first, second).astype(np.float64)
    return calibrated(cosines, truth), cosines, truth


def as_json(encoder_key: str, slope: float, offset: float) -> str:
    """What `same_footage.json` holds."""
    values = {
        "encoder_key": encoder_key,
        "slope": round(slope, _DECIMALS),
        "offset": round(offset, _DECIMALS),
    }
    return json.dumps(values) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; exit code 0, or 1 where it failed."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.same_footage_fitting")
    parser.add_argument("--clips", type=Path, nargs="+", default=[], metavar="PATH", help="uncut footage")
    parser.add_argument("--films", type=Path, nargs="+", default=[], metavar="PATH", help="edited films")
    parser.add_argument("--truth", type=Path, metavar="FOLDER", help="tables of seams, as CSV")
    parser.add_argument("--sources", type=Path, metavar="FILE.csv", help="which films show the same footage")
    parser.add_argument("--pairs", type=int, default=PAIRS, metavar="N")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    options = parser.parse_args(arguments)
    progress = CancellableProgress()
    try:
        sources_table = [] if options.sources is None else [options.sources]
        check_outputs(options.out, ".json", inputs=[*options.clips, *options.films, *sources_table])
        films, left_out = footage(
            options.clips, options.films, options.truth, options.sources, progress=progress
        )
        encoder = BUILT_IN.open_image(1)
        vectors = PairVectors(films, encoder, AnalysisCache().film_folder)
        sources = sorted({film.source for film in films})
        (slope, offset), cosines, truth = fitted(
            films, sources, vectors, pairs=options.pairs, progress=progress
        )
        write_text_atomically(options.out, as_json(encoder.spec.key, slope, offset), overwrite=True)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    probabilities = 1 / (1 + np.exp(-(slope * cosines + offset)))
    score = scores_at(0.5, probabilities, truth)
    sys.stdout.write(
        "".join(f"Left out: {sentence}\n" for sentence in left_out)
        + f"{len(films)} films of {len(sources)} sources, {len(truth)} pairs: slope {slope:.3f}, offset {offset:.3f}, "
        f"a half at a cosine of {-offset / slope:.3f}; on these pairs accuracy {score.accuracy:.3f}, "
        f"AUC {score.auc:.3f}, loss {log_loss(probabilities, truth):.3f}, "
        f"calibration error {calibration_error(probabilities, truth):.3f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
