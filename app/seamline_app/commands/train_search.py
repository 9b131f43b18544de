"""`seamline train search`: the dual encoder trained on the user's own captions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.errors import ModelError
from seamline.models import store
from seamline.models.dual_encoder_card import BERT_VOCABULARY, DUAL_ENCODER
from seamline_app.commands.output import put_out
from seamline_app.commands.train_runs import opener, trained
from seamline_app.commands.train_search_options import check
from seamline_app.exit_codes import INTERRUPTED, OK


def train_search(options: argparse.Namespace) -> int:
    """Train the dual encoder as `options` say. Raises SeamlineError, as UsageError where they exclude each other."""
    check(options)
    # torch and all else that only training needs: the program does without
    from seamline.training.caption_pairs import read_captions
    from seamline.training.dual_run import DualRun, train_search

    read_captions(
        options.captions
    )  # what is wrong with the table is said before anything has to be downloaded
    run = DualRun(
        options.captions,
        options.out,
        options.vocabulary or _vocabulary(),
        weights=options.weights,
        resnet=options.resnet,
        distilbert=options.distilbert,
        seed=options.seed,
        epochs=options.epochs,
        batch=options.batch,
        is_frozen=options.freeze,
    )
    for warning in run.warnings:
        sys.stderr.write(f"{warning}\n")
    opened = opener(AnalysisCache())
    result = trained(lambda progress: train_search(run, opened, progress=progress))
    if result is None:
        return INTERRUPTED
    put_out(result.report + "\n")
    sys.stderr.write(
        f"Wrote {', '.join(map(str, (run.out, *run.reports)))}\n"
        f"“{store.install_command(DUAL_ENCODER)} --from {run.out}” installs it.\n"
    )
    return OK


def _vocabulary() -> Path:
    try:
        return store.installed_weights(BERT_VOCABULARY)
    except ModelError as error:
        raise ModelError(
            f"Words cannot be read without {BERT_VOCABULARY.name}, and it is not installed. Give --vocabulary FILE: "
            "vocab.txt of distilbert-base-uncased."
        ) from error
