"""The shots of a project as a table, changed row by row so that selection and scroll position stay."""

from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from seamline.project.types import Origin, Project, Shot
from seamline_resources import palette
from seamline_widgets.theme import figures_font

Index = QModelIndex | QPersistentModelIndex
CONFIRMED = "✓"
"""What stands beside a seam that the editor has confirmed."""
_KEPT_THUMBNAILS = 1000
_ROOT = QModelIndex()


class Column(IntEnum):
    THUMBNAIL = 0
    NUMBER = 1
    START = 2
    END = 3
    LENGTH = 4
    SEAM = 5


_TITLES = {
    Column.THUMBNAIL: "",
    Column.NUMBER: "#",
    Column.START: "Start",
    Column.END: "End",
    Column.LENGTH: "Length",
    Column.SEAM: "Begins with",
}
_HINTS = {
    Column.START: "Timecode of the shot's first frame",
    Column.END: "Timecode of the frame after the shot's last one, as cut lists write it: "
    "the next shot starts here",
    Column.LENGTH: "Seconds and frames",
    Column.SEAM: "The seam the shot begins with, and how sure the analysis is; ✓: confirmed",
}
_FIGURES = (Column.NUMBER, Column.START, Column.END, Column.LENGTH)


class ShotModel(QAbstractTableModel):
    """Rows are `project.shots`; the end timecode is exclusive, equal to the next shot's start."""

    def __init__(self) -> None:
        super().__init__()
        self._project: Project | None = None
        self._shots: tuple[Shot, ...] = ()
        self._row_of_thumbnail: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._font = figures_font()
        self._is_narrow = False

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave out the title for which a column of mere seam letters has no room."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.SEAM, Column.SEAM)

    @property
    def shots(self) -> tuple[Shot, ...]:
        return self._shots

    def set_project(self, project: Project | None) -> bool:
        """Show another state of the film, telling views of the changed rows only.

        Returns whether it is another film than before.
        """
        old = self._project
        if project is None or old is None or project.film.fingerprint != old.film.fingerprint:
            self.beginResetModel()
            self._project = project
            self._shots = project.shots if project else ()
            self._thumbnails.clear()
            self._index_thumbnails()
            self.endResetModel()
            return True
        self._project = project
        self._replace_shots(project.shots)
        labels_changed = (
            project.first_timecode_frame != old.first_timecode_frame
            or project.timecode_rate != old.timecode_rate
        )
        if labels_changed and self._shots:
            self._tell_changed(0, len(self._shots) - 1, Column.START, Column.LENGTH)
        return False

    def thumbnail_frame(self, row: int) -> int:
        """The frame that stands for the shot: the first that is wholly its own."""
        shot = self._shots[row]
        frame = shot.seam.in_frame if shot.seam is not None else shot.start_frame
        return min(frame, shot.end_frame - 1)

    def thumbnail(self, row: int) -> QImage | None:
        """The picture of the shot, None while there is none."""
        return self._thumbnails.get(self.thumbnail_frame(row))

    def set_thumbnail(self, frame: int, image: QImage) -> None:
        """Keep the picture of film frame `frame`; the oldest of more than a thousand is let go."""
        self._thumbnails[frame] = image
        self._thumbnails.move_to_end(frame)
        while len(self._thumbnails) > _KEPT_THUMBNAILS:
            self._thumbnails.popitem(last=False)
        row = self._row_of_thumbnail.get(frame)
        if row is not None:
            self._tell_changed(row, row, Column.THUMBNAIL, Column.THUMBNAIL)

    def row_at(self, frame: int) -> int:
        """The row of the shot that film frame `frame` belongs to, -1 where there is none."""
        low, high = 0, len(self._shots)
        while low < high:
            middle = (low + high) // 2
            if self._shots[middle].end_frame <= frame:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self._shots) and self._shots[low].start_frame <= frame else -1

    def row_of_seam(self, seam_id: str) -> int:
        """The row of the shot that begins with that seam, -1 where there is none."""
        for row, shot in enumerate(self._shots):
            if shot.seam is not None and shot.seam.id == seam_id:
                return row
        return -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shots)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if self._is_narrow and section == Column.SEAM else _TITLES[Column(section)]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HINTS.get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._project is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._shots[index.row()], column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self._text(self._shots[index.row()], column).replace(CONFIRMED, "confirmed")
            return text or f"Picture of shot {index.row() + 1}"
        if role == Qt.ItemDataRole.FontRole and column in _FIGURES:
            return self._font
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def _text(self, shot: Shot, column: Column) -> str:
        project = self._project
        if project is None or column is Column.THUMBNAIL:
            return ""
        if column is Column.NUMBER:
            return str(shot.number)
        if column is Column.START:
            return project.timecode(shot.start_frame)
        if column is Column.END:
            return project.timecode(shot.end_frame)
        if column is Column.LENGTH:
            grid = project.film.index.grid_frame
            return length_text(grid(shot.end_frame) - grid(shot.start_frame), project.timecode_rate.nominal)
        return _seam_text(shot)

    def _replace_shots(self, shots: tuple[Shot, ...]) -> None:
        old = self._shots
        shortest = min(len(old), len(shots))
        head = 0
        while head < shortest and old[head] == shots[head]:
            head += 1
        tail = 0
        while tail < shortest - head and _same_shot(old[-1 - tail], shots[-1 - tail]):
            tail += 1
        shared = shortest - head - tail  # rows in between that exist before and after
        grown = len(shots) - len(old)
        at = head + shared
        if grown > 0:
            self.beginInsertRows(QModelIndex(), at, at + grown - 1)
            self._shots = shots
            self._index_thumbnails()
            self.endInsertRows()
        elif grown < 0:
            self.beginRemoveRows(QModelIndex(), at, at - grown - 1)
            self._shots = shots
            self._index_thumbnails()
            self.endRemoveRows()
        else:
            self._shots = shots
            self._index_thumbnails()
        if shared:
            self._tell_changed(head, head + shared - 1, Column.THUMBNAIL, Column.SEAM)
        if grown and tail:
            self._tell_changed(len(shots) - tail, len(shots) - 1, Column.NUMBER, Column.NUMBER)

    def _index_thumbnails(self) -> None:
        self._row_of_thumbnail = {self.thumbnail_frame(row): row for row in range(len(self._shots))}

    def _tell_changed(self, first: int, last: int, from_column: Column, to_column: Column) -> None:
        self.dataChanged.emit(self.index(first, from_column), self.index(last, to_column))


def length_text(frames: int, nominal_rate: int) -> str:
    """`frames` as seconds and frames, `2:14`, or minutes too, `1:02:14`."""
    digits = max(2, len(str(nominal_rate - 1)))
    seconds, rest = divmod(frames, nominal_rate)
    if seconds < 60:
        return f"{seconds}:{rest:0{digits}d}"
    return f"{seconds // 60}:{seconds % 60:02d}:{rest:0{digits}d}"


def _seam_text(shot: Shot) -> str:
    seam = shot.seam
    if seam is None:
        return "Start of film"
    name = palette.SEAM_LOOKS[seam.kind].name
    if seam.is_confirmed:
        return f"{name}  {CONFIRMED}"
    return f"{name}  by you" if seam.origin is Origin.USER else f"{name}  {seam.confidence:.0%}"


def _same_shot(one: Shot, other: Shot) -> bool:
    """Whether nothing but the number differs."""
    return (one.start_frame, one.end_frame, one.seam) == (other.start_frame, other.end_frame, other.seam)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    right = column in (Column.NUMBER, Column.LENGTH)
    return (
        Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    ) | Qt.AlignmentFlag.AlignVCenter
