"""The list of shots beside the picture: small pictures, timecodes, lengths, and the seam each begins with."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget

from seamline.project.types import Project
from seamline_resources import palette
from seamline_widgets.shot_delegate import ROW_PX, SEAM_CHIP_PX, THUMBNAIL_SIZE, ShotDelegate
from seamline_widgets.shot_model import Column, ShotModel
from seamline_widgets.theme import figures_font

EMPTY_HINT = "The shots of the film appear here"
_ASK_AFTER_MS = 60


class ShotListView(QTableView):
    """One row a shot.

    `thumbnail_wanted(frame)`: a visible row lacks its picture; asked once for each frame, after scrolling
    has settled. `shot_activated(frame)`: double click or Enter on the shot that starts there.
    `seam_selected(id)`: the user chose a row; an empty id for the first shot, which begins with no seam.
    """

    thumbnail_wanted = Signal(int)
    shot_activated = Signal(int)
    seam_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ShotModel()
        self._delegate = ShotDelegate(self._model)
        self._asked: set[int] = set()
        self._is_selecting = False
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_thumbnails)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Shots")
        self._size_columns()
        self.activated.connect(self._activate)
        # without its argument, which the timer would take for milliseconds
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    def set_shots(self, project: Project | None) -> None:
        """Show the shots of `project`, or none; selection and scroll position stay within one film."""
        self._is_selecting = True
        is_other_film = self._model.set_project(project)
        self._is_selecting = False
        if is_other_film:
            self._asked.clear()
            self._delegate.current_row = -1
        self._ask_timer.start()
        self.viewport().update()

    def set_thumbnail(self, frame: int, image: QImage) -> None:
        """Show `image` where film frame `frame` stands for a shot."""
        ratio = self.devicePixelRatioF()
        size = image.size().scaled(THUMBNAIL_SIZE * ratio, Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() < image.width():
            image = image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._model.set_thumbnail(frame, image)
        # should it be dropped from memory some day, it may be asked for again
        self._asked.discard(frame)

    def set_current_frame(self, frame: int, *, follow: bool = False) -> None:
        """Mark the shot that `frame` belongs to; with `follow`, scroll to it whenever it changes."""
        row = self._model.row_at(frame)
        before = self._delegate.current_row
        if row == before:
            return
        self._delegate.current_row = row
        for changed in (before, row):
            self._update_row(changed)
        if follow and row >= 0:
            self._scroll_to(row)

    def set_selected(self, seam_id: str | None) -> None:
        """Select the shot that begins with that seam, or none, without emitting."""
        row = self._model.row_of_seam(seam_id) if seam_id else -1
        self._is_selecting = True
        if row < 0:
            self.selectionModel().clear()
        else:
            index = self._model.index(row, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self._scroll_to(row)
        self._is_selecting = False

    def selectionChanged(  # noqa: N802  a Qt override
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        super().selectionChanged(selected, deselected)
        rows = self.selectionModel().selectedRows()
        if rows and not self._is_selecting:
            seam = self._model.shots[rows[0].row()].seam
            self.seam_selected.emit(seam.id if seam is not None else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(Column.END, self.width() < self._full_px)
        self._model.set_narrow(self.width() < self._titled_px)
        self._ask_timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._model.shots:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(palette.TEXT_QUIET))
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), EMPTY_HINT)

    def visible_rows(self) -> range:
        """The rows of which something can be seen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else len(self._model.shots) - 1) + 1)

    def _size_columns(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        metrics = QFontMetrics(figures_font())
        samples = {
            Column.NUMBER: "0000",
            Column.START: "00:00:00:00",
            Column.END: "00:00:00:00",
            Column.LENGTH: "0:00:00",
        }
        for column, sample in samples.items():
            self.setColumnWidth(column, metrics.horizontalAdvance(sample) + 16)
        self.setColumnWidth(Column.THUMBNAIL, THUMBNAIL_SIZE.width() + 16)
        header.setSectionResizeMode(Column.SEAM, QHeaderView.ResizeMode.Stretch)
        seam_px = QFontMetrics(self.font()).horizontalAdvance("Dissolve  100%") + 40
        bar_px = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        figures_px = sum(self.columnWidth(column) for column in samples)
        self._full_px = figures_px + self.columnWidth(Column.THUMBNAIL) + seam_px + bar_px
        # the end is the next row's start: it is what a narrow list can do without, then the seam in words
        wordless_px = self._full_px - self.columnWidth(Column.END) - seam_px
        title = self._model.headerData(Column.SEAM, Qt.Orientation.Horizontal)
        self._titled_px = wordless_px + QFontMetrics(self.font()).horizontalAdvance(title) + 16
        self.setMinimumWidth(wordless_px + SEAM_CHIP_PX)

    def sizeHint(self) -> QSize:
        return QSize(self._full_px, 480)

    def _update_row(self, row: int) -> None:
        if 0 <= row < len(self._model.shots):
            y = self.rowViewportPosition(row)
            self.viewport().update(0, y, self.viewport().width(), self.rowHeight(row))

    def _scroll_to(self, row: int) -> None:
        # rows that have just come are not part of the scroll range before they are laid out
        self.executeDelayedItemsLayout()
        self.scrollTo(self._model.index(row, Column.NUMBER), QAbstractItemView.ScrollHint.EnsureVisible)

    def _activate(self, index: QModelIndex) -> None:
        self.shot_activated.emit(self._model.shots[index.row()].start_frame)

    def _ask_for_thumbnails(self) -> None:
        for row in self.visible_rows():
            frame = self._model.thumbnail_frame(row)
            if self._model.thumbnail(row) is None and frame not in self._asked:
                self._asked.add(frame)
                self.thumbnail_wanted.emit(frame)
