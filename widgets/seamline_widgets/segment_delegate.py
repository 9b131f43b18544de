"""How a row of the list of segments is painted: its words, its pictures, the playhead's segment."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.segment_model import SegmentItem, SegmentModel
from seamline_widgets.theme import figures_font

MOST_KEYFRAMES = 4
"""The pictures that a row has room for."""

Index = QModelIndex | QPersistentModelIndex
_MARGIN, _GAP, _BAR_PX = 8, 4, 3
_PICTURE_SIZE = QSize(96, 54)


class SegmentDelegate(QStyledItemDelegate):
    """Paints the rows of a `SegmentModel`; `current_row` and `current_frame` are those at the playhead."""

    def __init__(self, model: SegmentModel) -> None:
        super().__init__()
        self._model = model
        self.current_row = self.current_frame = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, row_px())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        item = self._model.items[index.row()]
        is_current = index.row() == self.current_row
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif is_current:
            painter.fillRect(rect, QColor(palette.RAISED))
        if is_current:
            painter.fillRect(rect.left(), rect.top(), _BAR_PX, rect.height(), QColor(palette.ACCENT))
        self._paint_words(painter, rect, item)
        for place, frame in enumerate(item.keyframes[:MOST_KEYFRAMES]):
            self._paint_picture(painter, picture_rect(rect, place), frame)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, item: SegmentItem) -> None:
        painter.setFont(figures_font())
        metrics = painter.fontMetrics()
        line = QRect(
            rect.left() + _MARGIN, rect.top() + _MARGIN, rect.width() - 2 * _MARGIN, metrics.height()
        )
        number_px = metrics.horizontalAdvance("0000")
        painter.setPen(QColor(palette.TEXT_QUIET))
        painter.drawText(
            QRect(line.left(), line.top(), number_px, line.height()),
            Qt.AlignmentFlag.AlignLeft,
            str(item.number),
        )
        right = line.right()
        left = line.left() + number_px
        times = f"{item.start} – {item.end}"
        if metrics.horizontalAdvance(f"{times}  {item.length}") > line.width() - number_px:
            times = item.start
        left_end = left + metrics.horizontalAdvance(times)
        for text, colour in ((item.shots, palette.TEXT_QUIET), (item.length, palette.TEXT)):
            wide = metrics.horizontalAdvance(text)
            others = metrics.horizontalAdvance(f"  {item.length}") if text is item.shots else 0
            if right - wide - others - metrics.horizontalAdvance("  ") >= left_end:
                painter.setPen(QColor(colour))
                box = QRect(right - wide, line.top(), wide + 1, line.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
                right -= wide + metrics.horizontalAdvance("  ")
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(
            QRect(left, line.top(), right - left, line.height()), Qt.AlignmentFlag.AlignLeft, times
        )

    def _paint_picture(self, painter: QPainter, box: QRect, frame: int) -> None:
        painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
        image = self._model.pictures.get(frame)
        if image is None or image.isNull():
            pixmap = icon_pixmap("film", 16, palette.OUTLINE, painter.device().devicePixelRatio())
            painter.drawPixmap(box.center().x() - 7, box.center().y() - 7, pixmap)
        else:
            size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        if frame == self.current_frame:
            painter.setPen(QPen(QColor(palette.ACCENT), 2))
            painter.drawRect(box.adjusted(0, 0, -1, -1))


def picture_rect(row: QRect, place: int) -> QRect:
    """The box of a picture; smaller where the list is narrow."""
    room_px = (row.width() - 2 * _MARGIN - (MOST_KEYFRAMES - 1) * _GAP) // MOST_KEYFRAMES
    width = max(16, min(_PICTURE_SIZE.width(), room_px))
    height = round(_PICTURE_SIZE.height() * width / _PICTURE_SIZE.width())
    bottom = row.top() + row.height() - _MARGIN
    top = bottom - _PICTURE_SIZE.height()
    return QRect(row.left() + _MARGIN + place * (width + _GAP), top, width, height)


def row_px() -> int:
    """The height of a row."""
    return _MARGIN + QFontMetrics(figures_font()).height() + _GAP + _PICTURE_SIZE.height() + _MARGIN
