"""Pictures that are dragged onto a view, and the frame that says they can be dropped there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from seamline_resources import palette

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")


class TakesPictures(QObject):
    """Has `widget` take pictures that are dropped there, files or parts of a page; all else goes to who takes it.

    `file_dropped(Path)`, `picture_dropped(QImage)`.
    """

    file_dropped = Signal(Path)
    picture_dropped = Signal(QImage)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._frame = _DropFrame(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if not _has_picture(event.mimeData()):
                return False
            event.acceptProposedAction()
            self._frame.appear()
            return True
        if kind == QEvent.Type.DragLeave:
            self._frame.hide()
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self._frame.hide()
            if not _has_picture(event.mimeData()):
                return False
            event.acceptProposedAction()
            self._take(event.mimeData())
            return True
        return super().eventFilter(watched, event)

    def _take(self, data: QMimeData) -> None:
        path = _picture_file(data)
        if path is not None:
            self.file_dropped.emit(path)
            return
        image = QImage(data.imageData())
        if not image.isNull():
            self.picture_dropped.emit(image)


class _DropFrame(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def appear(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(palette.ACCENT), 2))
        painter.drawRect(self.rect().adjusted(5, 5, -5, -5))


def _picture_file(data: QMimeData) -> Path | None:
    files = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return next((path for path in files if path.suffix.lower() in PICTURE_SUFFIXES), None)


def _has_picture(data: QMimeData) -> bool:
    return _picture_file(data) is not None or data.hasImage()
