"""`seamline compare`: a cut list of any editing system held against the film's own seams."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.proposals import SeamRule, propose
from seamline.errors import Cancelled, ExchangeError, MediaError
from seamline.exchange.compare import Comparison, NoOffsetError
from seamline.exchange.compare import compare as compared
from seamline.exchange.compare_report import as_table, as_text
from seamline.exchange.cut_list import CutList
from seamline.exchange.files import TargetExistsError, check_target, write_text_atomically
from seamline.exchange.film_cuts import check_rates
from seamline.exchange.lists import check_suffix, read_list
from seamline.media.timecode import TimecodeRate, count_of_label, means_drop_frame
from seamline.project.types import Project, Seam
from seamline_app.commands.analyze import analyse_with_bar, open_for_command
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError

DIFFERENT = 3
_LEAST_CONFIDENCE = 0.05  # of a candidate worth a word where the list has a cut


def compare(options: argparse.Namespace) -> int:
    """Print how `options.list` and the seams of `options.film` differ. Raises SeamlineError or Cancelled."""
    _check(options)
    cache = None if options.no_cache else AnalysisCache()
    try:
        film = open_for_command(options.film, cache)
        # all that can be wrong with the list is said before hours of analysis
        project = Project(film)
        cut_list = _list(options, project)
        offset = None if options.offset is None else _offset(options.offset, cut_list, project)
        analysis, _ = analyse_with_bar(film, cache, thorough=options.thorough)
    except Cancelled:
        sys.stderr.write("Interrupted.\n")
        return INTERRUPTED
    project = with_corrections(film, analysis, options.film, ignored=options.ignore_corrections)
    try:
        comparison = compared(
            cut_list,
            project,
            offset_frames=offset,
            most_moved_frames=options.moved,
            candidates=_candidates(analysis, project),
        )
    except NoOffsetError as error:
        sys.stderr.write(f"seamline: {error} (--offset gives it.)\n")
        return DIFFERENT
    if options.csv is not None:
        write_text_atomically(
            options.csv,
            as_table(comparison, project),
            overwrite=options.force,
            sources=(film.path, options.list),
        )
    put_out(as_text(comparison, project))
    return _verdict(comparison, options)


def _verdict(comparison: Comparison, options: argparse.Namespace) -> int:
    different = comparison.differences(
        tolerance_frames=options.tolerance, ignore_kinds=options.ignore_kinds, is_part=options.part
    )
    if options.csv is not None:
        sys.stderr.write(f"Wrote {options.csv}\n")
    if different:
        count = len(different)
        sys.stderr.write(f"List and film differ in {count} {'place' if count == 1 else 'places'}.\n")
        return DIFFERENT
    if not comparison.alignment.is_certain:
        sys.stderr.write(
            "List and film agree where they were laid together, but that offset is not certain: give it by "
            "--offset.\n"
        )
        return DIFFERENT
    sys.stderr.write("List and film agree.\n")
    return OK


def _check(options: argparse.Namespace) -> None:
    try:
        check_suffix(options.list)
        if options.csv is not None:
            check_target(options.csv, options.force, sources=(options.film, options.list))
    except TargetExistsError as error:
        raise UsageError(f"{error} (--force overwrites it.)") from error
    except ExchangeError as error:
        raise UsageError(str(error)) from error


def _list(options: argparse.Namespace, project: Project) -> CutList:
    path: Path = options.list
    cut_list = read_list(path, rate=project.film.rate, drop_frame=options.drop_frame)
    check_rates(cut_list, project)
    return cut_list


def _offset(text: str, cut_list: CutList, project: Project) -> int:
    """A frame of the list from a timecode in its counting, or from a frame number. Raises UsageError."""
    if re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    rate = cut_list.rate or project.film.rate
    drop_frame = project.timecode_rate.drop_frame if cut_list.drop_frame is None else cut_list.drop_frame
    try:
        if means_drop_frame(text):
            return count_of_label(text, rate)[0]
        return TimecodeRate.of(rate, drop_frame=drop_frame).parse(text)
    except MediaError as error:
        raise UsageError(str(error)) from error


def _candidates(analysis: Analysis, project: Project) -> list[Seam]:
    """What the analysis saw and did not take for a seam, and nobody decided about."""
    seams = project.not_decided(propose(analysis.signals).seams(SeamRule(_LEAST_CONFIDENCE)))
    shown = {(seam.out_frame, seam.in_frame) for seam in project.seams}
    return [seam for seam in seams if (seam.out_frame, seam.in_frame) not in shown]
