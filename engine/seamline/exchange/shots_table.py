"""Shots as comma-separated values: a row each, the film's first one too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from seamline.exchange.csv_list import guarded
from seamline.exchange.footage_words import FOOTAGE_COLUMNS, FootageWords, footage_by_shot, footage_cells
from seamline.exchange.label_words import LABEL_COLUMNS, cells_of, labels_by_shot
from seamline.exchange.shot_statistics import shot_lengths_s
from seamline.exchange.shot_words import words_of
from seamline.project.types import Project, Seam

SHOT_COLUMNS = (
    "number", "first_frame", "last_frame", "frames", "start_timecode", "end_timecode", "length_s",
    "kind", "confidence", "name", "comment", "colour", *LABEL_COLUMNS,
)  # fmt: skip


def write_shots_table(project: Project) -> str:
    """The shots, one a line, with LF line ends; every table has the same columns, and FOOTAGE_COLUMNS
    behind them where the shots were grouped.

    Frames count from 0 in the film's own order, the last one included; `end_timecode` is that of the frame after it,
    as in cut lists. `length_s` is from the frames' own times. `kind` and `confidence` are of the seam that the shot
    begins with, empty for the first one. What an editor wrote is guarded, and labels are said, as `write_csv` does.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    footage = footage_by_shot(project)
    writer.writerow(SHOT_COLUMNS + FOOTAGE_COLUMNS if footage else SHOT_COLUMNS)
    writer.writerows(_rows(project, footage))
    return text.getvalue()


def _rows(project: Project, footage: Mapping[int, FootageWords]) -> Iterator[tuple[object, ...]]:
    labels = labels_by_shot(project)
    for shot, length_s in zip(project.shots, shot_lengths_s(project), strict=True):
        words = words_of(project, shot)
        yield (
            shot.number,
            shot.start_frame,
            shot.end_frame - 1,
            shot.length,
            project.timecode(shot.start_frame),
            project.timecode(shot.end_frame),
            f"{float(length_s):.6f}",
            *_seam_cells(shot.seam),
            "" if words is None else guarded(words.name),
            "" if words is None else guarded(words.comment_line),
            "" if words is None else words.colour or "",
            *cells_of(labels.get(shot.number)),
            *(footage_cells(footage.get(shot.number)) if footage else ()),
        )


def _seam_cells(seam: Seam | None) -> tuple[str, str]:
    return ("", "") if seam is None else (str(seam.kind), f"{seam.confidence:.4f}")
