"""`seamline train`: a network trained on the user's own labelled shots."""

from __future__ import annotations

import argparse
import sys

from seamline.analysis.cache import AnalysisCache
from seamline.models import store
from seamline.models.videomae_card import VIDEOMAE
from seamline_app.commands.agreement import agrees
from seamline_app.commands.output import put_out
from seamline_app.commands.train_runs import install, opener, trained
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK


def train(options: argparse.Namespace) -> int:
    """Train the shot label network. Raises SeamlineError."""
    # asked before hours of work, not after them
    if options.install and not agrees(VIDEOMAE, options):
        sys.stderr.write("Not agreed to; nothing was trained. Without --install it is.\n")
        return FAILED
    # torch and all else that only training needs: the program does without
    from seamline.training.label_clips import read_clips
    from seamline.training.label_run import LabelRun, train_labels

    read_clips(options.clips)  # what is wrong with the table is said before anything has to be downloaded
    weights = options.weights if options.weights is not None else store.installed_weights(VIDEOMAE)
    run = LabelRun(
        options.clips,
        weights,
        options.out,
        seed=options.seed,
        epochs=options.epochs,
        trunk={"auto": None, "yes": True, "no": False}[options.trunk],
    )
    opened = opener(AnalysisCache())
    result = trained(lambda progress: train_labels(run, opened, progress=progress))
    if result is None:
        return INTERRUPTED
    put_out(result.report + "\n")
    sys.stderr.write(f"Wrote {result.weights}\n")
    if not options.install:
        return OK
    return install(
        VIDEOMAE,
        result.weights,
        "Installing it for shot labels",
        "Installed it for shot labels.",
        agreed=True,  # asked above
    )
