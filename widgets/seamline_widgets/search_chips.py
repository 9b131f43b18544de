"""What a search consists of, as chips that can be taken away one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon, icon_pixmap
from seamline_widgets.own_keys import OwnKeys

_GAP, _MARGIN = 4, 8
_CHIP_PX = 28
_PICTURE_SIZE = QSize(36, 20)
_STYLE = f"#chip {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE}; border-radius: 4px; }}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a search: words, or a picture with what it is called; `is_unwanted`: less of it, not more.

    `key` says which part it is, to whoever made it.
    """

    key: int
    text: str
    is_unwanted: bool = False
    image: QImage | None = None


class ChipRow(QWidget):
    """Chips from left to right, and below where there is no more room. `removed(key)`: take that part away."""

    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[Chip, ...] = ()
        self._views: list[_ChipView] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What is looked for")
        self.hide()

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self._chips

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these; the row goes where there are none."""
        had_focus = any(view.button.hasFocus() for view in self._views)
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._chips = tuple(chips)
        self._views = [_ChipView(chip, self) for chip in self._chips]
        for view in self._views:
            view.button.clicked.connect(lambda _=False, key=view.chip.key: self.removed.emit(key))
            view.show()
        self.setVisible(bool(self._views))
        self._place()
        if had_focus and self._views:
            self._views[-1].button.setFocus(Qt.FocusReason.TabFocusReason)

    def remove_button(self, key: int) -> QToolButton:
        """The button that takes that chip away."""
        return next(view.button for view in self._views if view.chip.key == key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        boxes = self._boxes(self.width())
        for view, box in zip(self._views, boxes, strict=True):
            view.setGeometry(box)
        self.setFixedHeight(max((box.bottom() + 1 for box in boxes), default=0))

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
    """A text that shows as much as there is room for, with dots."""

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
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width()))
