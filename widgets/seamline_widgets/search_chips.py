"""What a search consists of, as chips that can be taken away one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon, icon_pixmap
from seamline_widgets.own_keys import OwnKeys

_GAP, _MARGIN = 4, 8
_CHIP_PX, _BAR_PX = 28, 8
_PICTURE_SIZE = QSize(36, 20)
_STYLE = f"#chip {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE}; border-radius: 4px; }}"
_ROW_STYLE = f"""
QScrollArea, #chips {{ background: transparent; }}
QScrollBar:vertical {{ width: {_BAR_PX}px; }}
QScrollBar::handle:vertical {{ min-height: 10px; margin: 1px; border-radius: 3px; }}
"""


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a search: words, or a picture with what it is called; `is_unwanted`: less of it, not more.

    `key` says which part it is, to whoever made it.
    """

    key: int
    text: str
    is_unwanted: bool = False
    image: QImage | None = None


class ChipRow(QScrollArea):
    """Chips from left to right, and below where there is no more room; beyond some rows they are scrolled through.
    `removed(key)`: take that part away."""

    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[Chip, ...] = ()
        self._views: list[_ChipView] = []
        self._most_rows = 2
        self._page = QWidget()
        self._page.setObjectName("chips")
        self.setWidget(self._page)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(_ROW_STYLE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewportMargins(0, 0, 0, _MARGIN)
        self.verticalScrollBar().setSingleStep(_CHIP_PX + _GAP)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What is looked for")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_newest)
        self.hide()

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self._chips

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these; the row goes where there are none."""
        had_focus = any(view.button.hasFocus() for view in self._views)
        is_more = len(chips) > len(self._chips)
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._chips = tuple(chips)
        self._views = [_ChipView(chip, self._page) for chip in self._chips]
        for view in self._views:
            view.button.clicked.connect(lambda _=False, key=view.chip.key: self.removed.emit(key))
            view.show()
        self.setVisible(bool(self._views))
        self._place()
        if had_focus and self._views:
            self._views[-1].button.setFocus(Qt.FocusReason.TabFocusReason)
        if is_more:
            self._soon.start()

    def set_most_rows(self, rows: int) -> None:
        """Show as many rows at once, at the most."""
        if rows != self._most_rows:
            self._most_rows = rows
            self._place()

    def remove_button(self, key: int) -> QToolButton:
        """The button that takes that chip away."""
        return next(view.button for view in self._views if view.chip.key == key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        most_px = self._most_rows * (_CHIP_PX + _GAP) - _GAP
        width = self.width()
        boxes = self._boxes(width)
        is_scrolled = _bottom(boxes) > most_px
        if is_scrolled:
            width -= _BAR_PX
            boxes = self._boxes(width)
        for view, box in zip(self._views, boxes, strict=True):
            view.setGeometry(box)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if is_scrolled else policy.ScrollBarAlwaysOff
        )
        self._page.resize(width, _bottom(boxes))
        self.setFixedHeight(min(most_px, _bottom(boxes)) + _MARGIN)

    def _show_newest(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _boxes(self, width: int) -> list[QRect]:
        boxes, at = [], QPoint(_MARGIN, 0)
        most = max(80, width - 2 * _MARGIN)
        for view in self._views:
            wide = min(view.sizeHint().width(), most)
            if at.x() > _MARGIN and at.x() + wide > width - _MARGIN:
                at = QPoint(_MARGIN, at.y() + _CHIP_PX + _GAP)
            boxes.append(QRect(at, QSize(wide, _CHIP_PX)))
            at.setX(at.x() + wide + _GAP)
        return boxes


def _bottom(boxes: Sequence[QRect]) -> int:
    return max((box.bottom() + 1 for box in boxes), default=0)


class _ChipView(QFrame):
    def __init__(self, chip: Chip, parent: QWidget) -> None:
        super().__init__(parent)
        self.chip = chip
        self.setObjectName("chip")
        self.setStyleSheet(_STYLE)
        words = f"less like {chip.text}" if chip.is_unwanted else chip.text
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 2, 0)
        line.setSpacing(6)
        if chip.is_unwanted:
            sign = QLabel()
            sign.setPixmap(icon_pixmap("less-like", 16, palette.TEXT_QUIET, self.devicePixelRatioF()))
            line.addWidget(sign)
        if chip.image is not None and not chip.image.isNull():
            line.addWidget(self._picture(chip.image))
        text = _Elided(words)
        line.addWidget(text, 1)
        self.button = QToolButton()
        self.button.setIcon(icon("close", palette.TEXT_QUIET))
        self.button.setIconSize(QSize(12, 12))
        self.button.setStyleSheet("QToolButton { padding: 4px; }")
        self.button.setAccessibleName(f"Take “{words}” away")
        self.button.setToolTip(f"Take “{words}” away")
        OwnKeys(self.button, (Qt.Key.Key_Space,))
        line.addWidget(self.button)
        self.setToolTip(words)
        self.setAccessibleName(words)

    def _picture(self, image: QImage) -> QLabel:
        ratio = self.devicePixelRatioF()
        small = image.scaled(
            _PICTURE_SIZE * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small.setDevicePixelRatio(ratio)
        label = QLabel()
        label.setPixmap(QPixmap.fromImage(small))
        return label


class _Elided(QLabel):
    """A text with dots in its middle where there is too little room: a timecode at its end tells it from others."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._whole = super().sizeHint()

    def sizeHint(self) -> QSize:
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width()))
