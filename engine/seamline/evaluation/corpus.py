"""The seams of many films held against their truth: `python -m seamline.evaluation.corpus TRUTH FILMS...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.fades import runs_of
from seamline.analysis.proposals import SeamRule
from seamline.analysis.transitions import CUT_PROBABILITY
from seamline.errors import SeamlineError
from seamline.evaluation.metrics import evaluate
from seamline.evaluation.report import FilmScore, report
from seamline.exchange.csv_list import Transition, read_transitions, write_csv
from seamline.exchange.files import write_text_atomically
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.types import Project


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report of all films that have a table of the same name in the truth folder; exit code 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.corpus")
    parser.add_argument("truth", type=Path, help="folder of CSV tables, one a film, of the film's name")
    parser.add_argument("films", type=Path, nargs="+", help="folders of films")
    parser.add_argument("--tolerance", type=int, default=2)
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write what was found there, as CSV")
    options = parser.parse_args(arguments)
    pairs = [
        (table, film)
        for table in sorted(options.truth.glob("*.csv"))
        for folder in options.films
        for film in sorted(folder.glob(f"{table.stem}.*"))
    ]
    if not pairs:
        sys.stderr.write(f"No film in {options.films} has a table of its name in {options.truth}.\n")
        return 1
    ours: list[FilmScore] = []
    plain: list[FilmScore] = []
    try:
        for table, path in pairs:
            analysis, project = _analysed(path)
            truth = read_transitions(table)
            found = [Transition.of(seam) for seam in project.seams]
            ours.append(FilmScore(table.name, evaluate(truth, found, options.tolerance)))
            plain.append(FilmScore(table.name, evaluate(truth, _published(analysis), options.tolerance)))
            if options.write is not None:
                options.write.mkdir(parents=True, exist_ok=True)
                write_text_atomically(options.write / table.name, write_csv(project), overwrite=True)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"TransNetV2 as published, single-frame head over .5\n{report(plain)}\n\n")
    sys.stdout.write(f"Seamline\n{report(ours)}\n")
    return 0


def _analysed(path: Path) -> tuple[Analysis, Project]:
    cache = AnalysisCache()
    film = open_film(path, shelf=cache)
    analysis = Analysis(film, cache=cache)
    run = analysis.run(progress=CancellableProgress())
    if run.analysed_frames:
        sys.stderr.write(f"{path.name}: {run.analysed_frames} frames, {run.frames_per_s:.0f} a second\n")
    return analysis, Project(film).with_proposals(analysis.seams, analysis.done_frames)


def _published(analysis: Analysis) -> list[Transition]:
    """The published rule alone: every run of the single-frame head over the threshold."""
    curve = analysis.signals[CUT_PROBABILITY]
    runs = runs_of(curve > SeamRule().cut_threshold)
    return [Transition(start, end) for start, end in runs if end < len(curve)]


if __name__ == "__main__":
    sys.exit(main())
