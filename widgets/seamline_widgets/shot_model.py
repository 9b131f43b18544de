"""The shots of a project as rows, sorted and filtered, changed so that selection and scroll position stay."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from seamline.project.labels import ShotLabels
from seamline.project.types import Project, Shot, ShotNote
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_order import runs, sorted_shots
from seamline_widgets.shot_texts import (
    ASCENDING,
    DESCENDING,
    FIGURES,
    HINTS,
    STACKED_HINT,
    STACKED_TITLES,
    TITLES,
    cell_text,
    spoken,
    tool_tip,
)
from seamline_widgets.shot_texts import CONFIRMED as CONFIRMED
from seamline_widgets.shot_texts import Column as Column
from seamline_widgets.shot_texts import length_text as length_text
from seamline_widgets.theme import figures_font

Index = QModelIndex | QPersistentModelIndex
_KEPT_THUMBNAILS = 600
_MOST_RUNS = 24
_COLUMNS = len(Column)
_ROOT = QModelIndex()


class ShotModel(QAbstractTableModel):
    """Rows are those of `project.shots` that the filter accepts, in the order asked for.

    Both is done here, on the whole list at once: a proxy model would ask Python for every comparison, which
    takes 270 ms for 5,000 shots. A shot keeps its identity, and so its place in a selection, by the id of the
    seam that it begins with, empty for the film's first. End timecodes are exclusive, equal to the next start.
    """

    def __init__(self) -> None:
        super().__init__()
        self._project: Project | None = None
        self._shots: list[Shot] = []
        self._starts: list[int] = []
        self._ids: list[str] = []
        self._rows: dict[str, int] | None = None
        self._filter = ShotFilter()
        self._kept: frozenset[str] = frozenset()
        self._column, self._is_descending = Column.NUMBER, False
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._font = figures_font()
        self._titles = dict(TITLES)
        self._labels_are_stacked = False

    @property
    def project(self) -> Project | None:
        return self._project

    @property
    def shots(self) -> list[Shot]:
        """What the rows show, from above."""
        return self._shots

    @property
    def count(self) -> int:
        """How many shots there are, shown or not."""
        return len(self._starts)

    @property
    def filter(self) -> ShotFilter:
        return self._filter

    def note(self, row: int) -> ShotNote:
        """What the editor wrote about that shot."""
        assert self._project is not None
        return self._project.note_of(self._shots[row])

    def set_project(self, project: Project | None, kept: Iterable[str] = ()) -> bool:
        """Show another state of the film, telling views of the changed rows only.

        Those of the shots of the ids `kept` that are shown, and of which only notes and labels have changed, stay,
        though the filter should not accept them any more: until the next state, or another filter.
        Returns whether it is another film than before.
        """
        old, self._project = self._project, project
        is_other = project is None or old is None or project.film.fingerprint != old.film.fingerprint
        self._starts = [shot.start_frame for shot in project.shots] if project else []
        self._kept = frozenset() if is_other or self._filter.is_empty else self._same_shots(kept)
        if is_other:
            self.beginResetModel()
            self._shots = self._wanted()
            self._ids = [shot_id(shot) for shot in self._shots]
            self._rows = None
            self._thumbnails.clear()
            self.endResetModel()
            return True
        assert project is not None
        assert old is not None
        says_else = (
            project.notes != old.notes
            or project.labels != old.labels
            or project.first_timecode_frame != old.first_timecode_frame
            or project.timecode_rate != old.timecode_rate
        )
        self._show(self._wanted(), says_else=says_else)
        return False

    def set_filter(self, filter_: ShotFilter) -> None:
        """Show the shots that it accepts, now and in later states of the project."""
        if filter_ != self._filter:
            self._filter, self._kept = filter_, frozenset()
            self._show(self._wanted())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by what that column says; the pictures' go by number."""
        self._column = Column.NUMBER if column == Column.THUMBNAIL else Column(column)
        self._is_descending = order is Qt.SortOrder.DescendingOrder
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._show(self._wanted())

    @property
    def order(self) -> tuple[Column, bool]:
        """The column that the rows are ordered by, and whether the greatest comes first."""
        return self._column, self._is_descending

    def sort_next(self, column: Column) -> None:
        """Order by that column; the other way round if it is ordered by that one already."""
        is_again = self._column == (Column.NUMBER if column is Column.THUMBNAIL else column)
        orders = Qt.SortOrder
        turned = is_again and not self._is_descending
        self.sort(column, orders.DescendingOrder if turned else orders.AscendingOrder)

    def sort_next_label(self) -> None:
        """By scale and the other way round, then by movement and the other way round, and again."""
        is_turned = self.order in ((Column.SCALE, True), (Column.MOVEMENT, False))
        self.sort_next(Column.MOVEMENT if is_turned else Column.SCALE)

    def stack_labels(self, are_stacked: bool) -> None:
        """Head the column of scale as that of both labels."""
        if are_stacked != self._labels_are_stacked:
            self._labels_are_stacked = are_stacked
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.SCALE, Column.SCALE)

    def set_title(self, column: Column, title: str) -> None:
        """Head that column with what it has room for."""
        if title != self._titles[column]:
            self._titles[column] = title
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def labels(self, row: int) -> ShotLabels:
        """What that shot is labelled with."""
        assert self._project is not None
        return self._project.labels_of(self._shots[row])

    def thumbnail_frame(self, row: int) -> int:
        """The frame that stands for the shot: the first that is wholly its own."""
        return thumbnail_frame(self._shots[row])

    def thumbnail(self, row: int) -> QImage | None:
        """The picture of the shot, None while there is none."""
        return self._thumbnails.get(self.thumbnail_frame(row))

    def set_thumbnail(self, frame: int, image: QImage) -> None:
        """Keep the picture of film frame `frame`; the oldest of many is let go."""
        self._thumbnails[frame] = image
        self._thumbnails.move_to_end(frame)
        while len(self._thumbnails) > _KEPT_THUMBNAILS:
            self._thumbnails.popitem(last=False)
        row = self.row_at(frame)
        if row >= 0 and self.thumbnail_frame(row) == frame:
            # a tile of the grid is its name's cell, pictures and all
            self.dataChanged.emit(self.index(row, Column.THUMBNAIL), self.index(row, Column.NAME))

    def row_at(self, frame: int) -> int:
        """The row of the shot that film frame `frame` belongs to, -1 where it is not shown."""
        shot = self.shot_at(frame)
        return -1 if shot is None else self.row_of(shot_id(shot))

    def shot_at(self, frame: int) -> Shot | None:
        """The shot that film frame `frame` belongs to, shown or not."""
        at = bisect_right(self._starts, frame) - 1
        if self._project is None or not 0 <= at < len(self._starts):
            return None
        shot = self._project.shots[at]
        return shot if frame < shot.end_frame else None

    def row_of(self, seam_id: str) -> int:
        """The row of the shot that begins with that seam, with none for an empty id; -1 where it is not shown."""
        if self._rows is None:
            self._rows = {shot_id(shot): row for row, shot in enumerate(self._shots)}
        return self._rows.get(seam_id, -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shots)

    def columnCount(self, parent: Index = _ROOT) -> int:
        # asked for every tile when the grid is laid out: the length of an enumeration takes longer
        return 0 if parent.isValid() else _COLUMNS

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        is_name = index.isValid() and index.column() == Column.NAME
        return flags | Qt.ItemFlag.ItemIsEditable if is_name else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(Column(section))
        if role == Qt.ItemDataRole.ToolTipRole:
            is_both = section == Column.SCALE and self._labels_are_stacked
            return STACKED_HINT if is_both else HINTS.get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        project = self._project
        if not index.isValid() or project is None:
            return None
        shot, column = self._shots[index.row()], Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return cell_text(shot, project, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column is Column.NAME:
                return spoken(shot, project)
            text = cell_text(shot, project, column).replace(CONFIRMED, "confirmed")
            return f"Picture of shot {shot.number}" if column is Column.THUMBNAIL else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(shot, project)
        if role == Qt.ItemDataRole.FontRole and column in FIGURES:
            return self._font
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def _title(self, column: Column) -> str:
        title = self._titles[column]
        arrow = DESCENDING if self._is_descending else ASCENDING
        by = self._column
        if column is Column.SCALE and self._labels_are_stacked:
            title = STACKED_TITLES.get(by, STACKED_TITLES[None])
            return f"{title}{arrow}" if by in STACKED_TITLES else title
        return f"{title} {arrow}".lstrip() if column is by else title

    def _same_shots(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these ids whose shots are shown, and are the same in the newest state."""
        wanted = set(ids)
        shown = {one: shot for one, shot in zip(self._ids, self._shots, strict=True) if one in wanted}
        shots = self._project.shots if self._project is not None and shown else ()
        return frozenset(one for shot in shots if shown.get(one := shot_id(shot)) == shot)

    def _wanted(self) -> list[Shot]:
        project = self._project
        if project is None:
            return []
        shots = list(project.shots)
        if not self._filter.is_empty:
            accepts, kept = self._filter.matcher(project), self._kept
            shots = [shot for shot in shots if accepts(shot) or (kept and shot_id(shot) in kept)]
        return sorted_shots(shots, project, self._column, descending=self._is_descending)

    def _show(self, shots: list[Shot], *, says_else: bool = False) -> None:
        ids = [shot_id(shot) for shot in shots]
        if ids != self._ids:
            self._arrange(shots, self._ids, ids)
            self._ids, self._rows = ids, None
        before, self._shots = self._shots, shots
        pairs = zip(before, shots, strict=True)
        changed = [row for row, (one, other) in enumerate(pairs) if one is not other and one != other]
        if shots and (says_else or changed):
            first, last = (0, len(shots) - 1) if says_else else (changed[0], changed[-1])
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def _arrange(self, shots: list[Shot], old: list[str], new: list[str]) -> None:
        """Take out rows, order those that stay, put in rows; or all anew where that would be many steps."""
        were, are = set(old), set(new)
        gone = runs([row for row, seam_id in enumerate(old) if seam_id not in are])
        come = runs([row for row, seam_id in enumerate(new) if seam_id not in were])
        has_twins = len(were) < len(old) or len(are) < len(new)
        if has_twins or len(gone) + len(come) > _MOST_RUNS:
            self.beginResetModel()
            self._shots, self._rows = shots, None
            self.endResetModel()
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(_ROOT, first, last)
            del self._shots[first : last + 1]
            self._rows = None
            self.endRemoveRows()
        stay = [seam_id for seam_id in old if seam_id in are]
        if stay != [seam_id for seam_id in new if seam_id in were]:
            self._reorder(stay, [shot for shot, seam_id in zip(shots, new, strict=True) if seam_id in were])
        for first, last in come:
            self.beginInsertRows(_ROOT, first, last)
            self._shots[first:first] = shots[first : last + 1]
            self._rows = None
            self.endInsertRows()

    def _reorder(self, before: list[str], shots: list[Shot]) -> None:
        self.layoutAboutToBeChanged.emit()
        rows = {shot_id(shot): row for row, shot in enumerate(shots)}
        held = self.persistentIndexList()
        moved = [self.createIndex(rows[before[index.row()]], index.column()) for index in held]
        self._shots, self._rows = shots, None
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()


def shot_id(shot: Shot) -> str:
    """The id of the seam that the shot begins with; empty for the film's first shot."""
    return shot.seam.id if shot.seam is not None else ""


def thumbnail_frame(shot: Shot) -> int:
    """The frame whose picture stands for a shot: the first that is wholly its own."""
    frame = shot.seam.in_frame if shot.seam is not None else shot.start_frame
    return min(frame, shot.end_frame - 1)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    right = column in (Column.NUMBER, Column.LENGTH)
    return (
        Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    ) | Qt.AlignmentFlag.AlignVCenter
