"""How a row of the shot list is painted: picture or placeholder, the seam's chip, the playhead's shot."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from seamline.project.types import Origin
from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.shot_model import Column, ShotModel

ROW_PX = 44
THUMBNAIL_SIZE = QSize(64, 36)
_CHIP_PX = 16
SEAM_CHIP_PX = _CHIP_PX + 16
"""How wide the column of the seams is without their words."""
_BAR_PX = 3


class ShotDelegate(QStyledItemDelegate):
    """Paints the rows of a `ShotModel`; `current_row` is the shot under the playhead."""

    def __init__(self, model: ShotModel) -> None:
        super().__init__()
        self._model = model
        self.current_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        rect: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_current = index.row() == self.current_row
        if is_selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif is_current:
            painter.fillRect(rect, QColor(palette.RAISED))
        column = Column(index.column())
        if column is Column.THUMBNAIL:
            self._paint_thumbnail(painter, rect, index.row())
            if is_current:
                painter.fillRect(rect.left(), rect.top(), _BAR_PX, rect.height(), QColor(palette.ACCENT))
        elif column is Column.SEAM:
            self._paint_seam(painter, rect, index)
        else:
            is_quiet = column in (Column.NUMBER, Column.END)
            self._paint_text(painter, rect.adjusted(8, 0, -8, 0), index, is_quiet and not is_selected)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, row: int) -> None:
        box = QRect(0, 0, THUMBNAIL_SIZE.width(), THUMBNAIL_SIZE.height())
        box.moveCenter(rect.center())
        painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
        image = self._model.thumbnail(row)
        if image is None or image.isNull():
            ratio = painter.device().devicePixelRatio()
            pixmap = icon_pixmap("film", 16, palette.OUTLINE, ratio)
            painter.drawPixmap(box.center().x() - 7, box.center().y() - 7, pixmap)
            return
        size = image.size().scaled(THUMBNAIL_SIZE, Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(target), image, QRectF(image.rect()))

    def _paint_seam(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        seam = self._model.shots[index.row()].seam
        text_rect = rect.adjusted(8, 0, -8, 0)
        if seam is not None:
            look = palette.SEAM_LOOKS[seam.kind]
            chip = QRectF(rect.left() + 8, rect.center().y() - _CHIP_PX // 2 + 1, _CHIP_PX, _CHIP_PX)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.colour))
            painter.drawRoundedRect(chip, 2, 2)
            painter.setPen(QColor(palette.PICTURE_SURROUND))
            font = QFont(index.data(Qt.ItemDataRole.FontRole) or painter.font())
            font.setBold(True)
            font.setPixelSize(11)
            painter.setFont(font)
            painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), look.letter)
            if seam.origin is Origin.USER:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(palette.TEXT_STRONG), 1))
                painter.drawRoundedRect(chip.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
            text_rect.setLeft(int(chip.right()) + 8)
        painter.setFont(QFont())
        # whole or not at all: half a percentage would be a wrong one
        if painter.fontMetrics().horizontalAdvance(str(index.data())) <= text_rect.width() + 8:
            self._paint_text(painter, text_rect, index, is_quiet=seam is None)

    def _paint_text(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, is_quiet: bool
    ) -> None:
        font = index.data(Qt.ItemDataRole.FontRole)
        if font is not None:
            painter.setFont(font)
        painter.setPen(QColor(palette.TEXT_QUIET if is_quiet else palette.TEXT))
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.drawText(rect, int(Qt.AlignmentFlag(alignment)), str(index.data()))
