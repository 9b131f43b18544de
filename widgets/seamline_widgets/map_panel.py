"""The map of the film with what is around it: how it is coloured, and what to do while there is none."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.film_map import FilmMap
from seamline_widgets.map_colours import TIME_STOPS
from seamline_widgets.notice import Notice
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.theme import figures_font

EMPTY_HINT = "The map of the film's frames appears here"
BY_TIME, BY_SEGMENT = "time", "segment"


class MapPanel(QWidget):
    """`colouring_changed`: the user chose other colours. `pressed`: the button of the notice."""

    colouring_changed = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = FilmMap()
        self.notice = Notice()
        self.colouring = QComboBox()
        self.colouring.addItem("by time", BY_TIME)
        self.colouring.addItem("by segment", BY_SEGMENT)
        self.colouring.setAccessibleName("How the points are coloured")
        OwnKeys(self.colouring, (*UP_AND_DOWN, Qt.Key.Key_Space))
        self.fit_button = QPushButton("Show &all")
        self.fit_button.setToolTip("Show all points; the wheel zooms, a drag moves the map")
        OwnKeys(self.fit_button, (Qt.Key.Key_Space,))
        self._legend = _TimeLegend()
        self._stack = QStackedWidget()
        self.colouring.currentIndexChanged.connect(self._on_colouring)
        self.fit_button.clicked.connect(self.map.fit)
        self.notice.pressed.connect(self.pressed)
        self._lay_out()
        self.say(EMPTY_HINT)

    @property
    def is_by_segment(self) -> bool:
        """Whether the points show which segment they belong to."""
        return bool(self.colouring.currentData() == BY_SEGMENT)

    @property
    def is_shown(self) -> bool:
        """Whether the map can be seen, and not a notice in its place."""
        return self._stack.currentIndex() == 1

    def say(self, text: str, *, button: str = "", is_working: bool = False) -> None:
        """Show why there is no map to see."""
        self.notice.say(text, button=button, is_working=is_working)
        self._stack.setCurrentIndex(0)

    def show_map(self) -> None:
        """Show the map in place of the notice."""
        self._stack.setCurrentIndex(1)

    def set_ends(self, first: str, last: str) -> None:
        """The timecodes of the film's ends, for the legend."""
        self._legend.set_ends(first, last)

    def _on_colouring(self) -> None:
        self._legend.setVisible(not self.is_by_segment)
        self.colouring_changed.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        label = QLabel("&Coloured")
        label.setBuddy(self.colouring)
        label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        head.addWidget(label)
        head.addWidget(self.colouring)
        head.addStretch()
        head.addWidget(self.fit_button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.map, 1)
        column.addWidget(self._legend)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)


class _TimeLegend(QWidget):
    """From the film's first timecode to its last, in the colours of the points."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = "", ""
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_ends(self, first: str, last: str) -> None:
        self._ends = first, last
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(figures_font())
        painter.setPen(QColor(palette.TEXT_QUIET))
        room = self.rect().adjusted(12, 0, -12, 0)
        wide = painter.fontMetrics().horizontalAdvance(self._ends[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._ends[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._ends[1])
        bar = QRect(room.left() + wide + 12, room.center().y() - 3, room.width() - 2 * wide - 24, 6)
        gradient = QLinearGradient(bar.left(), 0, bar.right(), 0)
        for at, stop in enumerate(TIME_STOPS):
            gradient.setColorAt(at / (len(TIME_STOPS) - 1), QColor(stop))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bar.width() > 8:
            painter.drawRoundedRect(QRectF(bar), 3, 3)
