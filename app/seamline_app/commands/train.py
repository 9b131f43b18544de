"""`seamline train`: a network trained on the user's own labelled shots."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models import library, store
from seamline.models.videomae_card import VIDEOMAE
from seamline.progress import Progress
from seamline_app.commands.agreement import agrees
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.output import put_out
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
    cache = AnalysisCache()

    def opened(path: Path, progress: Progress) -> Film:
        return open_film(path, shelf=cache, progress=progress)

    run = LabelRun(
        options.clips,
        weights,
        options.out,
        seed=options.seed,
        epochs=options.epochs,
        trunk={"auto": None, "yes": True, "no": False}[options.trunk],
    )
    try:
        with step_progress("Training") as progress:
            result = in_background(lambda: train_labels(run, opened, progress=progress))
    except Cancelled:
        sys.stderr.write("Interrupted: the same command goes on from there.\n")
        return INTERRUPTED
    put_out(result.report + "\n")
    sys.stderr.write(f"Wrote {result.weights}\n")
    return _install(result.weights) if options.install else OK


def _install(weights: Path) -> int:
    """Put them in the place of what is installed for shot labels; the user has agreed to the restriction."""
    try:
        with step_progress("Installing it for shot labels") as progress:
            in_background(
                lambda: library.install(VIDEOMAE, from_file=weights, agreed=True, progress=progress)
            )
    except Cancelled:
        sys.stderr.write(
            f"Interrupted: it is trained, but not installed. “{store.install_command(VIDEOMAE)} --from {weights}” "
            "installs it.\n"
        )
        return INTERRUPTED
    sys.stderr.write("Installed it for shot labels.\n")
    return OK
