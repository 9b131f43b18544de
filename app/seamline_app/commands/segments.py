"""`seamline segments`: a film divided where its content changes, as tables, arrays, plots and clips."""

from __future__ import annotations

import argparse
import sys

import numpy as np

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.segmentation import FilmContent, Segmentation, SegmentationSettings, segment_film
from seamline.analysis.stages import EMBEDDING, embedding_stage
from seamline.analysis.successor import SuccessorMethod
from seamline.errors import Cancelled, SeamlineError
from seamline.exchange.segments_csv import segment_rows
from seamline.media.film import Film
from seamline.project.types import Project
from seamline_app.commands.analyze import finish, open_for_command
from seamline_app.commands.background import in_background
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.output import in_columns, put_out
from seamline_app.commands.segments_files import SegmentFiles, read_pictures
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError

_METHODS = {
    "pipeline": SuccessorMethod.PIPELINE,
    "notebook": SuccessorMethod.NOTEBOOK,
    "dynamic": SuccessorMethod.DYNAMIC,
    "surveyed": SuccessorMethod.SURVEYOR,
}


def segments(options: argparse.Namespace) -> int:
    """Divide `options.film` and write what was asked for. Raises SeamlineError or Cancelled."""
    try:
        settings = SegmentationSettings(
            _METHODS[options.preset], options.sensitivity, options.min, options.max, options.keyframes
        )
    except SeamlineError as error:
        raise UsageError(str(error)) from error
    files = SegmentFiles(options)
    files.check(options.film)
    cache = None if options.no_cache else AnalysisCache()
    film = open_for_command(options.film, cache)
    files.check(film.path)
    files.check_clips(film)
    _check_lengths(settings, film)
    try:
        # all threads: where `seamline analyze` ran before, the embeddings are all that is missing
        analysis = Analysis(film, cache=cache, further=[embedding_stage(film, threads=None)])
        finish(analysis, film, cache, "Looking at the film")
    except Cancelled:
        kept = "" if cache is None else " What was found is kept: the same command goes on from there."
        sys.stderr.write(f"Interrupted.{kept}\n")
        return INTERRUPTED
    project = with_corrections(film, analysis, options.film, ignored=options.ignore_corrections)
    content = FilmContent.of(analysis.signals, EMBEDDING, film.rate, project.seams)
    try:
        segmentation = in_background(lambda: segment_film(content, settings))
        if options.distinct:
            segmentation = _distinct(segmentation, film)
        files.write(segmentation, content, project)
    except Cancelled:
        sys.stderr.write(f"Interrupted.{files.told_of_clips()}\n")
        return INTERRUPTED
    if not files.is_any:
        put_out(_table(segmentation, project))
    _tell(segmentation, files)
    return OK


def _check_lengths(settings: SegmentationSettings, film: Film) -> None:
    try:
        settings.lengths.limits(film.rate)
    except SeamlineError as error:
        raise UsageError(str(error)) from error


def _distinct(segmentation: Segmentation, film: Film) -> Segmentation:
    pictures = read_pictures(film, segmentation.keyframe_numbers, "Comparing keyframes")
    grey = {frame: picture.mean(2).astype(np.uint8) for frame, picture in pictures.items()}
    return segmentation.without_near_duplicates(grey)


def _table(segmentation: Segmentation, project: Project) -> str:
    """The segments in columns, for people."""
    lines = [("#", "start", "end", "seconds", "shots", "strength", "keyframes")]
    for row in segment_rows(segmentation, project):
        shots = (
            f"{row.first_shot}" if row.first_shot == row.last_shot else f"{row.first_shot}-{row.last_shot}"
        )
        strength = f"{row.strength:.2f}" if row.opening == "candidate" else row.opening
        keys = " ".join(project.timecode(int(frame)) for frame in row.keyframes.split())
        lines.append(
            (
                str(row.number),
                row.start_timecode,
                row.end_timecode,
                f"{row.duration_s:.2f}",
                shots,
                strength,
                keys,
            )
        )
    return in_columns(lines, right=(0, 3, 4, 5))


def _tell(segmentation: Segmentation, files: SegmentFiles) -> None:
    count, frames = len(segmentation.segments), segmentation.sampling.frame_count
    keys = len(segmentation.keyframe_numbers)
    said = f"{count} {'segment' if count == 1 else 'segments'} in {frames} {'frame' if frames == 1 else 'frames'}"
    sys.stderr.write(f"{said}, {keys} {'keyframe' if keys == 1 else 'keyframes'}.\n")
    for path in files.written:
        sys.stderr.write(f"Wrote {path}\n")
    if told := files.told_of_clips():
        sys.stderr.write(f"{told.strip()}\n")
