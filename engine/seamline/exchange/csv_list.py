"""Seams as comma- or tab-separated values: our list written, and lists of transitions read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.csv_rows import read_rows
from seamline.exchange.footage_words import FOOTAGE_COLUMNS, footage_by_shot, footage_cells
from seamline.exchange.label_words import LABEL_COLUMNS, cells_of, labels_by_shot
from seamline.exchange.shot_words import words_of
from seamline.project.types import Project, Seam

COLUMNS = (
    "out_frame", "in_frame", "kind", "confidence",
    "out_timecode", "in_timecode", "out_time_s", "in_time_s", "origin", "name", "comment", "colour",
)  # fmt: skip

# the wide signs too, which spreadsheets take for the narrow ones in Japanese; quotes go where semicolons end cells
_SIGN = r"(?=[\s\"]*['=+\-@\uff1d\uff0b\uff0d\uff20])"
_FORMULA = re.compile(f"(^|;){_SIGN}")
_GUARD = re.compile(f"(^|;)'{_SIGN}")

SCORED, IGNORED, DISTRACTOR = 1, 0, -1


def write_csv(project: Project) -> str:
    """The seams, one a line, with LF line ends; the header alone where there are none.

    Frames count from 0 in the film's own order; timecodes are the source's; times are seconds from the film's
    first frame to the start of the frame named. `name`, `comment` (on one line) and `colour` are what is written
    about the shot that begins there, so the film's first shot has no row for its own: `write_shots_table` has one.
    Every other field is a number, a timecode or a word of ours; what an editor wrote has an apostrophe where a
    spreadsheet would take it for a formula (`unguarded` takes it off). Where a shot has labels, the columns
    LABEL_COLUMNS follow: a class's word, “unsure”, or nothing where nobody looked; a confidence from 0 to 1, none for
    “unsure”; and whose word it is, analysis or editor. Where the shots were grouped, FOOTAGE_COLUMNS come last: the
    set-up's letters, how sure that is, the scene's number, and the timecodes of the frames that are shown again.
    """
    return _table(project, ",")


def write_tsv(project: Project) -> str:
    """The table of `write_csv` with tabs between its columns, which pastes into a spreadsheet in any language."""
    return _table(project, "\t")


def _table(project: Project, delimiter: str) -> str:
    text = io.StringIO()
    # LF, which spreadsheets read too: with CRLF, line tools see a stray character in the last column
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    labels, footage = labels_by_shot(project), footage_by_shot(project)
    writer.writerow(COLUMNS + (LABEL_COLUMNS if labels else ()) + (FOOTAGE_COLUMNS if footage else ()))
    for shot in project.shots[1:]:
        seam, words = shot.seam, words_of(project, shot)
        if seam is None:
            continue
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
                "" if words is None else guarded(words.name),
                "" if words is None else guarded(words.comment_line),
                "" if words is None else words.colour or "",
                *(cells_of(labels.get(shot.number)) if labels else ()),
                *(footage_cells(footage.get(shot.number)) if footage else ()),
            ]
        )
    return text.getvalue()


def guarded(text: str) -> str:
    """`text` for a cell of a table, with an apostrophe before what a spreadsheet would begin a formula with.

    After semicolons too, which end a cell in half the world; before apostrophes, so that `unguarded` can tell ours.
    """
    return _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """`text` without the apostrophes that `guarded` set."""
    return _GUARD.sub(r"\1", text)


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

    def check(columns: Sequence[str]) -> None:
        header = set(columns)
        if not ({"out_frame", "start_frame"} & header and {"in_frame", "end_frame"} & header):
            raise ExchangeError(
                f"“{path}” has no columns out_frame,in_frame or start_frame,end_frame: its first line "
                "must name them, separated by commas."
            )

    return read_rows(path, check, _transition)


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
