"""The segments of a film as rows: for a CSV file, for other tables, for the terminal."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from dataclasses import dataclass, fields

from seamline.analysis.segmentation import Segmentation
from seamline.project.types import Project


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """Frames [start_frame, end_frame); `end_timecode` is that of the frame after the last, as in cut lists.

    `keyframes` are frame numbers with a space between. `first_shot` and `last_shot` are numbers of the shots
    it has a part of, from 1. `opening` is film, candidate or split; `strength`, 0 to 1, the candidate's.
    """

    number: int
    start_frame: int
    end_frame: int
    start_timecode: str
    end_timecode: str
    duration_s: float
    first_shot: int
    last_shot: int
    opening: str
    strength: float
    keyframes: str


COLUMNS = tuple(field.name for field in fields(SegmentRow))


def segment_rows(segmentation: Segmentation, project: Project) -> list[SegmentRow]:
    """A row for each segment, in order; the project tells of timecode and shots."""
    starts = [shot.start_frame for shot in project.shots]
    time_of = project.film.index.time_of
    return [
        SegmentRow(
            segment.number,
            segment.start_frame,
            segment.end_frame,
            project.timecode(segment.start_frame),
            project.timecode(segment.end_frame),
            float(time_of(segment.end_frame) - time_of(segment.start_frame)),
            bisect_right(starts, segment.start_frame),
            bisect_right(starts, segment.end_frame - 1),
            str(segment.opening),
            segment.strength,
            " ".join(str(keyframe.frame) for keyframe in keyframes),
        )
        for segment, keyframes in zip(segmentation.segments, segmentation.keyframes, strict=True)
    ]


def write_segments_csv(segmentation: Segmentation, project: Project) -> str:
    """The segments, one a line, in ASCII with LF line ends; the header alone where there are none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in segment_rows(segmentation, project):
        values = {name: getattr(row, name) for name in COLUMNS}
        values["duration_s"] = f"{row.duration_s:.6f}"
        values["strength"] = f"{row.strength:.4f}"
        writer.writerow(values.values())
    return text.getvalue()
