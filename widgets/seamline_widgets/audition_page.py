"""How the audition lies: the picture, which has most of the room, and below it what there is to say and to press."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.audition_bar import AuditionBar
from seamline_widgets.audition_stage import AuditionStage
from seamline_widgets.shot_comment import CommentEditor

_LEAST = QSize(160, 90)
_LEGEND_FROM_PX = 560
_NOTE_FROM_PX, _FACTS_FROM_PX, _BAR_FROM_PX = 320, 220, 150


class AuditionPage(QWidget):
    """As small as the picture of the film may be: what lies below the picture goes line by line where it is low."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = AuditionStage()
        self.bar = AuditionBar()
        self.note = CommentEditor(self)
        self._shows_legend: bool | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage, 1)
        layout.addWidget(self.bar)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Audition of a match cut")

    def set_legend(self, is_shown: bool | None) -> None:
        """Show the keys, or not; None: where there is room for them."""
        self._shows_legend = is_shown
        self._share_room()

    def minimumSizeHint(self) -> QSize:
        return _LEAST

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(palette.SUNKEN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.note.end(keep=True)  # it lies where the bar was
        self._share_room()

    def _share_room(self) -> None:
        high = self.height()
        shows = high >= _LEGEND_FROM_PX if self._shows_legend is None else self._shows_legend
        self.bar.setVisible(high >= _BAR_FROM_PX)
        self.bar.show_legend(shows and high >= _NOTE_FROM_PX)
        self.bar.facts.setVisible(high >= _FACTS_FROM_PX)
        self.bar.facts.set_shows_note(high >= _NOTE_FROM_PX)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # now: it was laid out before this was known
