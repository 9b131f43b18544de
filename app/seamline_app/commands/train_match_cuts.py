"""`seamline train match-cuts`: which shots would cut together by their movement, learnt from the user's films."""

from __future__ import annotations

import argparse
import sys

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.media.film import Film
from seamline.models import store
from seamline.models.encoder import ImageEncoder
from seamline.models.encoders import encoder_named
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.siamese_card import SIAMESE
from seamline.progress import Progress
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.output import put_out
from seamline_app.commands.train_runs import install, opener, trained
from seamline_app.exit_codes import INTERRUPTED, OK


def train_match_cuts(options: argparse.Namespace) -> int:
    """Train on `options.films`, and write the weights to `options.out`. Raises SeamlineError."""
    # torch and all else that only training needs: the program does without
    from seamline.training.match_cut_run import MatchCutRun, train_match_cuts
    from seamline.training.match_cut_sets import Labels

    cache = AnalysisCache()

    def shots_of(film: Film, progress: Progress) -> list[tuple[int, int]]:
        analysis = Analysis(film, cache=cache)
        analysis.run(progress=progress)
        project = with_corrections(film, analysis, film.path, ignored=False)
        return [(shot.start_frame, shot.end_frame) for shot in project.shots]

    run = MatchCutRun(
        tuple(options.films),
        options.out,
        seed=options.seed,
        pairs=options.pairs,
        epochs=options.epochs,
        labels=Labels(options.labels),
        threshold_levels=options.threshold,
        curves=options.curves,
        sources=options.sources,
    )
    result = trained(
        lambda progress: train_match_cuts(
            run, opener(cache), shots_of, _encoder(), cache.film_folder, progress=progress
        )
    )
    if result is None:
        return INTERRUPTED
    for sentence in result.left_out:
        sys.stderr.write(f"Left out: {sentence}\n")
    put_out(result.report + "\n")
    for path in run.outputs:
        sys.stderr.write(f"Wrote {path}\n")
    if not options.use:
        return OK
    return install(
        SIAMESE, options.out, "Putting it to use", "Match cuts are found by it from now on.", agreed=False
    )


def _encoder() -> ImageEncoder | None:
    """What copies among the films are found by, if it is installed."""
    if not store.seems_installed(EFFICIENTNET_LITE0):
        return None
    return encoder_named("efficientnet-lite0").open_image(None)
