"""`seamline evaluate`: the seams found, held against a list of true ones."""

from __future__ import annotations

import argparse
import sys

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled
from seamline.evaluation.metrics import evaluate as evaluated
from seamline.evaluation.report import FilmScore, report
from seamline.exchange.csv_list import Transition, read_transitions
from seamline.project.types import Project
from seamline_app.commands.analyze import analyse_with_bar, open_for_command
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import INTERRUPTED, OK


def evaluate(options: argparse.Namespace) -> int:
    """Print precision, recall and F1 of `options.film` against `options.truth`. Raises SeamlineError."""
    truth = read_transitions(options.truth)
    cache = None if options.no_cache else AnalysisCache()
    film = open_for_command(options.film, cache)
    try:
        analysis, _ = analyse_with_bar(film, cache)
    except Cancelled:
        sys.stderr.write("Interrupted.\n")
        return INTERRUPTED
    found = [Transition(seam.out_frame, seam.in_frame, str(seam.kind)) for seam in analysis.seams]
    evaluation = evaluated(truth, found, tolerance_frames=options.tolerance)
    project = Project(film)

    def timecode(frame: int) -> str:
        return project.timecode(min(frame, film.frame_count))  # a list may be of a longer version of the film

    text = report([FilmScore(options.truth.name, evaluation, timecode)]) + "\n"
    if options.tolerance:
        exact = evaluated(truth, found, tolerance_frames=0)
        text += f"frame-exact: precision {exact.precision:.3f} recall {exact.recall:.3f} F1 {exact.f1:.3f}\n"
    put_out(text)
    return OK
