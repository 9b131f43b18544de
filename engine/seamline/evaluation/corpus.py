"""The seams of many films held against their truth: `python -m seamline.evaluation.corpus TRUTH FILMS...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.fades import runs_of
from seamline.analysis.proposals import SeamRule, propose
from seamline.analysis.transitions import CUT_PROBABILITY
from seamline.errors import SeamlineError
from seamline.evaluation.calibration import Judged, judged, reliability, reliability_table
from seamline.evaluation.metrics import DEFAULT_TOLERANCE_FRAMES, evaluate
from seamline.evaluation.report import FilmScore, report
from seamline.exchange.csv_list import Transition, read_transitions, write_csv
from seamline.exchange.files import write_text_atomically
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.types import Project

_PUBLISHED_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class _Clip:
    """A film and its truth: nothing at all for one of a single shot."""

    name: str
    path: Path
    truth: tuple[Transition, ...]


@dataclass(slots=True)
class _Scores:
    """What was found in the clips so far."""

    seamline: list[FilmScore] = field(default_factory=list)
    published: list[FilmScore] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    published_seams: int = 0
    not_shared: list[tuple[str, Transition]] = field(default_factory=list)
    """Those of the published rule's seams that Seamline does not propose."""
    frames: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report of all films that have a table of the same name in the truth folder; exit code 0 or 1."""
    options = _parser().parse_args(arguments)
    scored, single = _Scores(), _Scores()
    try:
        clips = list(_clips_with_truth(options.truth, options.films))
        uncut = [
            _Clip(path.name, path, ())
            for folder in options.single
            for path in sorted(folder.iterdir())
            if path.is_file() and path.suffix.lower() != ".csv"
        ]
        if not clips:
            sys.stderr.write(f"No film in {options.films} has a table of its name in {options.truth}.\n")
            return 1
        for clip in clips:
            project = _score(clip, scored, options.tolerance)
            if options.write is not None:
                options.write.mkdir(parents=True, exist_ok=True)
                write_text_atomically(options.write / clip.name, write_csv(project), overwrite=True)
        for clip in uncut:
            _score(clip, single, options.tolerance)
    except (SeamlineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"TransNetV2 as --thorough runs it, single-frame head over .5\n{report(scored.published)}\n\n"
    )
    sys.stdout.write(f"Seamline\n{report(scored.seamline)}\n")
    sys.stdout.write(f"\n{_agreement(scored)}\n")
    if single.seamline:
        sys.stdout.write(f"\n{_single_shots(single)}\n")
    sys.stdout.write(f"\n{_calibration(scored.judged + single.judged)}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.corpus")
    parser.add_argument("truth", type=Path, help="folder of CSV tables, one a film, of the film's name")
    parser.add_argument("films", type=Path, nargs="+", help="folders of films")
    parser.add_argument("--tolerance", type=int, default=DEFAULT_TOLERANCE_FRAMES, metavar="FRAMES")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write what was found there, as CSV")
    parser.add_argument(
        "--single",
        type=Path,
        nargs="+",
        default=[],
        metavar="FOLDER",
        help="folders of films of a single shot each: whatever is found there is a false alarm. They need no "
        "tables, and count apart from the others",
    )
    return parser


def _clips_with_truth(truth: Path, folders: Sequence[Path]) -> Iterator[_Clip]:
    for table in sorted(truth.glob("*.csv")):
        films = [path for folder in folders for path in sorted(folder.glob(f"{table.stem}.*"))]
        # a table may lie beside its film
        for film in [path for path in films if path.suffix.lower() != ".csv"]:
            yield _Clip(table.name, film, read_transitions(table))


def _score(clip: _Clip, scores: _Scores, tolerance: int) -> Project:
    cache = AnalysisCache()
    film = open_film(clip.path, shelf=cache)
    analysis = _analysed(film, cache)
    project = Project(film).with_proposals(analysis.seams, analysis.done_frames)
    found = [Transition.of(seam) for seam in project.seams]
    published = _published(_analysed(film, cache, thorough=True))
    scores.published_seams += len(published)
    scores.not_shared += [(clip.name, seam) for seam in published if not _meets_any(seam, found)]
    for into, transitions in ((scores.seamline, found), (scores.published, published)):
        into.append(
            FilmScore(
                clip.name,
                evaluate(clip.truth, transitions, tolerance),
                exact=evaluate(clip.truth, transitions, 0),
            )
        )
    proposals = propose(analysis.signals)
    candidates = [
        (Transition(candidate.out_frame, candidate.in_frame, str(candidate.kind)), float(confidence))
        for candidate, confidence in zip(proposals.candidates, proposals.confidence, strict=True)
    ]
    scores.judged += judged(clip.truth, candidates, tolerance)
    scores.frames += project.film.frame_count
    return project


def _analysed(film: Film, cache: AnalysisCache, *, thorough: bool = False) -> Analysis:
    analysis = Analysis(film, cache=cache, thorough=thorough)
    run = analysis.run(progress=CancellableProgress())
    if run.analysed_frames:
        how = ", TransNetV2 over every frame" if thorough else ""
        sys.stderr.write(
            f"{film.path.name}: {run.analysed_frames} frames, {run.frames_per_s:.0f} a second{how}\n"
        )
    return analysis


def _meets_any(seam: Transition, found: Sequence[Transition]) -> bool:
    """Whether one of them lies where that seam is, or a frame beside it."""
    return any(other.out_frame <= seam.in_frame and seam.out_frame <= other.in_frame for other in found)


def _published(analysis: Analysis) -> list[Transition]:
    """The published rule alone: every run of the single-frame head over the threshold."""
    curve = analysis.signals[CUT_PROBABILITY]
    runs = runs_of(curve > _PUBLISHED_THRESHOLD)
    return [Transition(start, end) for start, end in runs if end < len(curve)]


def _single_shots(single: _Scores) -> str:
    """How many false alarms where there is nothing to find, and where."""

    def false_alarms(films: Sequence[FilmScore]) -> int:
        return sum(len(film.evaluation.false_alarms) for film in films)

    lines = [
        f"Single shots: {len(single.seamline)} clips, {single.frames} frames; false alarms of Seamline "
        f"{false_alarms(single.seamline)}, of TransNetV2 as published {false_alarms(single.published)}"
    ]
    lines += [
        f"  {film.name}: {false.kind} at frames {false.out_frame}-{false.in_frame}"
        for film in single.seamline
        for false in film.evaluation.false_alarms
    ]
    return "\n".join(lines)


def _agreement(scored: _Scores) -> str:
    count, missing = scored.published_seams, len(scored.not_shared)
    lines = [
        f"Of {count} seams of TransNetV2 as published, Seamline proposes {count - missing} within a frame"
    ]
    lines += [f"  not {name}: frames {seam.out_frame}-{seam.in_frame}" for name, seam in scored.not_shared]
    return "\n".join(lines)


def _calibration(judgements: Sequence[Judged]) -> str:
    least = SeamRule().confidence
    return (
        f"Confidences of the seams (at least {least:g})\n{reliability_table(reliability(judgements, least))}\n\n"
        f"Confidences of all candidates\n{reliability_table(reliability(judgements))}"
    )


if __name__ == "__main__":
    sys.exit(main())
