"""`seamline train same-footage`: whether two frames are of the same footage, learnt from the user's films."""

from __future__ import annotations

import argparse
import sys

from seamline.analysis.cache import AnalysisCache
from seamline.exchange.files import make_folder, written_whole
from seamline.models import store
from seamline.models.encoders import BUILT_IN, encoder_named
from seamline.models.same_footage import model_bytes, own_model_name
from seamline_app.commands.output import put_out
from seamline_app.commands.train_runs import opener, trained
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError


def train_same_footage(options: argparse.Namespace) -> int:
    """Train on `options.films`, and write the model to `options.out`.

    Raises SeamlineError, as UsageError where the model could not be used as it is asked for.
    """
    if options.use and options.encoder != BUILT_IN.id:
        raise UsageError(
            f"Shots are grouped by {BUILT_IN.id} alone: give --use without --encoder, or --encoder without --use."
        )
    choice = encoder_named(options.encoder)
    # torch and all else that only training needs: the program does without
    from seamline.training.same_footage_run import PairRun, train_same_footage

    cache = AnalysisCache()
    run = PairRun(
        tuple(options.films),
        options.out,
        seed=options.seed,
        pairs=options.pairs,
        roc=options.roc,
        sources=options.sources,
    )
    result = trained(
        lambda progress: train_same_footage(
            run, choice.open_image(None), opener(cache), cache.film_folder, progress=progress
        )
    )
    if result is None:
        return INTERRUPTED
    for sentence in result.left_out:
        sys.stderr.write(f"Left out: {sentence}\n")
    put_out(result.report + "\n")
    sys.stderr.write(f"Wrote {', '.join(map(str, (run.out, *run.checkpoints.values())))}\n")
    if options.use:
        folder = store.user_directory()
        make_folder(folder)
        with written_whole(folder / own_model_name(result.model.encoder_key), overwrite=True) as part:
            part.write_bytes(model_bytes(result.model))
        sys.stderr.write("Shots are grouped by it from now on.\n")
    return OK
