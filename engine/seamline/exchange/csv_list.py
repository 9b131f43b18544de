"""Seams as comma- or tab-separated values: our list written, and lists of transitions read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.project.types import Project, Seam

COLUMNS = (
    "out_frame", "in_frame", "kind", "confidence",
    "out_timecode", "in_timecode", "out_time_s", "in_time_s", "origin",
)  # fmt: skip

SCORED, IGNORED, DISTRACTOR = 1, 0, -1


def write_csv(project: Project) -> str:
    """The seams, one a line, in ASCII with LF line ends; the header alone where there are none.

    Frames count from 0 in the film's own order; timecodes are the source's; times are seconds from the film's
    first frame to the start of the frame named. Every field is a number, a timecode or a word of ours, so no
    spreadsheet takes one for a formula.
    """
    return _table(project, ",")


def write_tsv(project: Project) -> str:
    """The table of `write_csv` with tabs between its columns, which pastes into a spreadsheet in any language."""
    return _table(project, "\t")


def _table(project: Project, delimiter: str) -> str:
    text = io.StringIO()
    # LF, which spreadsheets read too: with CRLF, line tools see a stray character in the last column
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    for seam in project.seams:
        writer.writerow(
            [
                seam.out_frame,
                seam.in_frame,
                str(seam.kind),
                f"{seam.confidence:.4f}",
                project.timecode(seam.out_frame),
                project.timecode(seam.in_frame),
                f"{float(project.film.index.time_of(seam.out_frame)):.6f}",
                f"{float(project.film.index.time_of(seam.in_frame)):.6f}",
                str(seam.origin),
            ]
        )
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of shot as a table holds it: frames as in Seam, `kind` in the table's own words.

    `scored`: 1 counts; 0 is ignored, found or not; -1 is a distractor, where nothing must be found.
    Raises ExchangeError where that cannot be.
    """

    out_frame: int
    in_frame: int
    kind: str = ""
    scored: int = SCORED

    def __post_init__(self) -> None:
        if not 0 <= self.out_frame < self.in_frame:
            raise ExchangeError(
                f"a transition needs 0 <= out frame < in frame, not {self.out_frame} and {self.in_frame}"
            )
        if self.scored not in (SCORED, IGNORED, DISTRACTOR):
            raise ExchangeError(f"“scored” is 1, 0 or -1, not {self.scored}")

    @classmethod
    def of(cls, seam: Seam) -> Transition:
        return cls(seam.out_frame, seam.in_frame, str(seam.kind))


def read_transitions(path: Path) -> tuple[Transition, ...]:
    """The transitions of a table with the columns out_frame,in_frame or start_frame,end_frame, in its order.

    The columns kind or type, and scored, may be missing; others are passed over. Reads ground truth, and
    what `write_csv` writes. Raises ExchangeError, with the line number where one line is at fault.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            header = set(reader.fieldnames or ())
            if not ({"out_frame", "start_frame"} & header and {"in_frame", "end_frame"} & header):
                raise ExchangeError(
                    f"“{path}” has no columns out_frame,in_frame or start_frame,end_frame: its first line "
                    "must name them, separated by commas."
                )
            return tuple(_transition(row, path, reader.line_num) for row in reader)
    except UnicodeDecodeError as error:
        raise ExchangeError(f"“{path}” is not a text file in UTF-8: save it as CSV (UTF-8).") from error
    except csv.Error as error:
        raise ExchangeError(f"“{path}” is not a table of comma-separated values ({error}).") from error
    except OSError as error:
        reason = error.strerror or error
        raise ExchangeError(
            f"“{path}” cannot be read ({reason}): check the name and its permissions."
        ) from error


def _transition(row: Mapping[str, str | None], path: Path, line: int) -> Transition:
    try:
        return Transition(
            _whole_number(row, "start_frame", "out_frame"),
            _whole_number(row, "end_frame", "in_frame"),
            row.get("type") or row.get("kind") or "",
            _whole_number(row, "scored") if row.get("scored") else SCORED,
        )
    except ExchangeError as error:
        raise ExchangeError(f"“{path}”, line {line}: {error}. Correct that line.") from error


def _whole_number(row: Mapping[str, str | None], *columns: str) -> int:
    text = next((value for column in columns if (value := row.get(column))), "")
    try:
        return int(text)
    except ValueError as error:
        raise ExchangeError(f"{columns[-1]} is a whole number, not “{text}”") from error
