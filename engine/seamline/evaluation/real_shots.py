"""Real shots with their true labels: a list that names public clips by file and frames, and holds no footage.

The scales are those of MovieShots, judged by eye; for movement, what stays where in the picture was looked at along
fixed lines over time. A travelling camera is named by what the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from seamline.errors import ExchangeError, ProjectError
from seamline.exchange.csv_rows import read_rows
from seamline.project.labels import Movement, ShotScale

LIST = Path(__file__).with_name("real_shots.csv")

_COLUMNS = ("clip", "first_frame", "last_frame", "scale", "movement")
_Class = TypeVar("_Class", ShotScale, Movement)


@dataclass(frozen=True, slots=True)
class RealShot:
    """Frames [start_frame, end_frame) of the file named `clip`; None for the labels of a title.

    `scale_too` and `movement_too` are what a second careful eye might say instead. Raises ProjectError where that
    cannot be.
    """

    clip: str
    start_frame: int
    end_frame: int
    scale: ShotScale | None = None
    movement: Movement | None = None
    scale_too: ShotScale | None = None
    movement_too: Movement | None = None
    caption: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame < self.end_frame:
            raise ProjectError(
                f"a shot needs 0 <= first frame <= last frame, not {self.start_frame} and {self.end_frame - 1}"
            )
        for label, too in ((self.scale, self.scale_too), (self.movement, self.movement_too)):
            if too is not None and (label is None or too == label):
                raise ProjectError(f"a second answer, “{too}”, needs another first one, not “{label or ''}”")

    @property
    def scales(self) -> tuple[ShotScale, ...]:
        """What may be said of its scale, the better answer first."""
        return tuple(each for each in (self.scale, self.scale_too) if each is not None)

    @property
    def movements(self) -> tuple[Movement, ...]:
        return tuple(each for each in (self.movement, self.movement_too) if each is not None)


def read_real_shots(path: Path = LIST) -> tuple[RealShot, ...]:
    """The shots of a list with the columns clip, first_frame, last_frame (the shot's last), scale, movement.

    The columns scale_2, movement_2 and caption may be missing; others are passed over. Raises ExchangeError, with
    the line number where one line is at fault.
    """

    def check(columns: Sequence[str]) -> None:
        lacking = [column for column in _COLUMNS if column not in columns]
        if lacking:
            raise ExchangeError(
                f"“{path}” lacks the columns {', '.join(lacking)}: its first line must name them, separated "
                "by commas."
            )

    return read_rows(path, check, _shot)


def find_clips(folder: Path, shots: Iterable[RealShot]) -> dict[str, Path]:
    """Where the shots' clips lie in the folder or below it, by name; those that are not there are left out."""
    wanted = {shot.clip for shot in shots}
    # of several of one name, the first by path, so that it is always the same
    found = sorted((path for path in folder.rglob("*") if path.name in wanted), reverse=True)
    return {path.name: path for path in found if path.is_file()}


def _shot(row: Mapping[str, str | None], path: Path, line: int) -> RealShot:
    try:
        clip = row["clip"]
        if not clip:
            raise ExchangeError("a shot needs its clip's name")
        return RealShot(
            clip,
            _whole_number(row, "first_frame"),
            _whole_number(row, "last_frame") + 1,
            _class(row, "scale", ShotScale),
            _class(row, "movement", Movement),
            _class(row, "scale_2", ShotScale),
            _class(row, "movement_2", Movement),
            row.get("caption") or "",
        )
    except (ExchangeError, ProjectError) as error:
        raise ExchangeError(f"“{path}”, line {line}: {error}. Correct that line.") from error


def _whole_number(row: Mapping[str, str | None], column: str) -> int:
    try:
        return int(row[column] or "")
    except ValueError as error:
        raise ExchangeError(f"{column} is a whole number, not “{row[column] or ''}”") from error


def _class(row: Mapping[str, str | None], column: str, classes: type[_Class]) -> _Class | None:
    text = row.get(column)
    if not text:
        return None
    try:
        return classes(text)
    except ValueError as error:
        raise ExchangeError(f"{column} is one of {', '.join(classes)}, not “{text}”") from error
