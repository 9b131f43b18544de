"""`seamline evaluate`: the seams found, or a list of them, held against a list of true ones."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled
from seamline.evaluation.metrics import evaluate as evaluated
from seamline.evaluation.report import FilmScore, Timecode, facts, report
from seamline.exchange.csv_list import Transition, read_transitions
from seamline.project.types import Project
from seamline_app.commands.analyze import analyse_with_bar, open_for_command
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import INTERRUPTED, OK


def evaluate(options: argparse.Namespace) -> int:
    """Print how good the seams of `options.film` (a film, or a CSV table of seams) are against `options.truth`.

    Raises SeamlineError.
    """
    truth = read_transitions(options.truth)
    timecode: Timecode | None = None
    if options.film.suffix.lower() == ".csv":
        found = read_transitions(options.film)
    else:
        try:
            found, timecode = _analysed(
                options.film, use_cache=not options.no_cache, thorough=options.thorough
            )
        except Cancelled:
            sys.stderr.write("Interrupted.\n")
            return INTERRUPTED
    score = FilmScore(
        options.truth.name,
        evaluated(truth, found, tolerance_frames=options.tolerance),
        timecode,
        exact=evaluated(truth, found, tolerance_frames=0),
        every_mistake=True,
    )
    if options.json:
        put_out(json.dumps(facts(score), ensure_ascii=False, indent=2) + "\n")
    else:
        put_out(report([score]) + "\n")
    return OK


def _analysed(path: Path, *, use_cache: bool, thorough: bool) -> tuple[tuple[Transition, ...], Timecode]:
    """What is found in the film, and how its frames are labelled. Raises SeamlineError or Cancelled."""
    cache = AnalysisCache() if use_cache else None
    film = open_for_command(path, cache)
    analysis, _ = analyse_with_bar(film, cache, thorough=thorough)
    project = Project(film)

    def timecode(frame: int) -> str:
        return project.timecode(min(frame, film.frame_count))  # a list may be of a longer version of the film

    return tuple(Transition.of(seam) for seam in analysis.seams), timecode
