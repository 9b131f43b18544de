"""`seamline analyze`: the whole job, without a screen."""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.run_report import RunReport
from seamline.analysis.stages import label_stages
from seamline.errors import Cancelled, ExchangeError, MediaError, ModelError
from seamline.evaluation.demo import DEMO_RATE, demo_folder, make_demo_film
from seamline.exchange.csv_list import write_csv
from seamline.exchange.files import TargetExistsError, check_target
from seamline.exchange.film_facts import shown_text
from seamline.exchange.formats import ANALYSIS_FORMATS, ExportFormat, export
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.remarks import remarks
from seamline.media.timecode import count_of_label
from seamline.progress import CancellableProgress
from seamline.project.edits import SetFilmDetails
from seamline.project.locating import film_of_project, is_project_path
from seamline.project.types import Project
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import cancelled_by_signals, frame_progress
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.grouped import with_footage
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError


def analyze(options: argparse.Namespace) -> int:
    """Find the seams of `options.film` and write the lists asked for. Raises SeamlineError or Cancelled."""
    targets = [(f, getattr(options, f.id)) for f in ANALYSIS_FORMATS if getattr(options, f.id) is not None]
    _check_targets(targets, options.film, overwrite=options.force)
    cache = None if options.no_cache else AnalysisCache()
    film = open_for_command(options.film, cache)
    _check_writable(with_details(Project(film), options), targets)
    try:
        analysis, report = analyse_with_bar(film, cache, thorough=options.thorough, labels=options.labels)
        project = with_corrections(film, analysis, options.film, ignored=options.ignore_corrections)
        project = with_footage(project, analysis, cache, labels=options.labels)
    except Cancelled:
        kept = "" if cache is None else " What was found is kept: the same command goes on from there."
        sys.stderr.write(f"Interrupted.{kept}\n")
        return INTERRUPTED
    project = with_details(project, options)
    for export_format, path in targets:
        export(project, export_format, path, overwrite=options.force, run=run_facts(report))
    if not targets:
        put_out(write_csv(project))
    _tell(project, report, [path for _, path in targets])
    return OK


def open_for_command(path: Path | None, cache: AnalysisCache | None) -> Film:
    """The film at `path`, or that of the project there, or the demo film; Ctrl+C cancels.

    Raises MediaError, ProjectError or Cancelled.
    """
    if path is not None and is_project_path(path):
        path = film_of_project(path)
    if path is None:
        sys.stderr.write("No film given: using the demo film.\n")
        with frame_progress("Drawing it", DEMO_RATE) as drawing:
            path = make_demo_film(demo_folder(), progress=drawing).film_path
    progress = CancellableProgress()
    with cancelled_by_signals(progress.cancel):
        return open_film(path, shelf=cache, progress=progress)


def analyse_with_bar(
    film: Film, cache: AnalysisCache | None, *, thorough: bool = False, labels: bool | None = None
) -> tuple[Analysis, RunReport]:
    """The finished analysis; shows its progress.

    With `labels`, what shots are labelled by is looked at, too; with False, read as far as it is kept; None leaves it.
    Raises MediaError, ModelError or Cancelled.
    """
    for_labels = () if labels is None else label_stages(film)
    analysis = Analysis(film, cache=cache, thorough=thorough, further=for_labels if labels else ())
    if cache is not None and not labels:
        # what was looked at before, in the window or here, labels shots at no cost
        for stage in for_labels:
            cache.load_signals(film.fingerprint, stage, analysis.signals)
    with frame_progress("Finding seams", film.rate) as progress:
        report = in_background(lambda: analysis.run(progress=progress))
    if cache is not None and cache.complaint is not None:
        sys.stderr.write(f"{cache.complaint}\n")
    for failure in report.failures:
        sys.stderr.write(f"{failure}\n")
    if report.damage is not None:
        sys.stderr.write(f"{report.damage}\n")
    return analysis, report


def finish(analysis: Analysis, film: Film, cache: AnalysisCache | None, text: str) -> None:
    """Run the analysis to its end; shows its progress, as `text`.

    Raises MediaError, Cancelled, or ModelError where any stage of it has failed.
    """
    with frame_progress(text, film.rate) as progress:
        report = in_background(lambda: analysis.run(progress=progress))
    if report.failures:
        raise ModelError(" ".join(report.failures))
    for complaint in (cache.complaint if cache is not None else None, report.damage):
        if complaint is not None:
            sys.stderr.write(f"{complaint}\n")


def run_facts(report: RunReport) -> dict[str, object]:
    """The run as JSON's types, for the report."""
    return {
        "frames": report.frame_count,
        "frames_analysed_now": report.analysed_frames,
        "frames_damaged": report.missing_frames,
        "seconds": round(report.seconds, 3),
        "frames_per_s": round(report.frames_per_s, 2),
        "device": report.device,
    }


def _check_targets(
    targets: list[tuple[ExportFormat, Path]], film_path: Path | None, *, overwrite: bool
) -> None:
    paths = [path.absolute() for _, path in targets]
    if len(set(paths)) < len(paths):
        raise UsageError("Two outputs have the same file name: give each its own.")
    for path in paths:
        try:
            check_target(path, overwrite, sources=[] if film_path is None else [film_path])
        except TargetExistsError as error:
            raise UsageError(f"{error} (--force overwrites it.)") from error
        except ExchangeError as error:
            raise UsageError(str(error)) from error


def _check_writable(project: Project, targets: list[tuple[ExportFormat, Path]]) -> None:
    """Raise now what would be found out after the analysis: the film overwritten, a rate that a format cannot say."""
    for export_format, path in targets:
        if path.exists() and path.samefile(project.film.path):
            raise UsageError(f"“{path}” is the film itself: choose another name.")
        if export_format.write is not None:
            export_format.write(project, None)


def with_details(project: Project, options: argparse.Namespace) -> Project:
    """The project with the reel and start timecode that were given; what was not given stays."""
    reel, start_frame, drop_frame = project.reel, project.start_frame, project.drop_frame
    if options.reel is not None:
        reel = options.reel
    if options.start_timecode is not None:
        try:
            start_frame, drop_frame = count_of_label(options.start_timecode, project.film.rate)
        except MediaError as error:
            raise UsageError(str(error)) from error
    return SetFilmDetails(reel, start_frame, drop_frame).apply(project)


def _tell(project: Project, report: RunReport, paths: list[Path]) -> None:
    seams, corrections = len(project.seams), len(project.decisions)
    frames = project.film.frame_count
    said = f"{seams} {'seam' if seams == 1 else 'seams'} in {frames} {'frame' if frames == 1 else 'frames'}"
    if corrections:
        said += f", {corrections} of your corrections included"
    if report.analysed_frames:
        speed = Fraction(report.frames_per_s) / project.film.rate
        said += f"; {report.seconds:.1f} s, {float(speed):.1f}x real time, {report.device}"
    else:
        said += "; from the cache"
    sys.stderr.write(f"{said}.\n")
    for path in paths:
        sys.stderr.write(f"Wrote {shown_text(str(path))}\n")
    if paths and project.film.info.start_frame is None and project.start_frame is None:
        sys.stderr.write(
            "The film has no timecode: the lists count from 00:00:00:00 (--start-timecode sets it).\n"
        )
    for remark in remarks(project.film):
        sys.stderr.write(f"{remark}\n")
