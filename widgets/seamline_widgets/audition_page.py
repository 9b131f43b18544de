"""How the audition lies: the picture, which has most of the room, and below it what there is to say and to press."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.audition_bar import AuditionBar
from seamline_widgets.audition_legend import KeyLegend
from seamline_widgets.audition_stage import AuditionStage
from seamline_widgets.shot_comment import CommentEditor

_LEAST = QSize(160, 90)
_TWO_LINES_FROM_PX, _FACTS_FROM_PX, _BAR_FROM_PX = 280, 220, 150
NOTE_HINT = "Enter keeps it, Esc drops it"


class AuditionPage(QWidget):
    """As small as the picture of the film may be: what lies below the picture goes line by line where it is low.

    How much there is to say, and whether the keys are shown, leaves the picture as it is: the keys lie over it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = AuditionStage()
        self.bar = AuditionBar()
        self.note = CommentEditor(self)
        self.note.field.setPlaceholderText(NOTE_HINT)
        self.legend = KeyLegend(self)
        self.legend.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage, 1)
        layout.addWidget(self.bar)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Audition of a match cut")

    def set_legend(self, is_shown: bool) -> None:
        """Show the keys over the picture, or not."""
        self.legend.setVisible(is_shown)
        self.legend.raise_()
        self.bar.set_legend(is_shown)
        self._place_legend()

    def write_note(self, text: str) -> None:
        """Open the field for the note, at its button where there is one."""
        button, bar = self.bar.button("note"), self.bar.geometry()
        at = bar if button.isHidden() else QRect(button.mapTo(self, button.rect().topLeft()), button.size())
        title = f"Note: {NOTE_HINT}" if text else "Note on this match cut"
        self.note.begin(title, text, at)

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
        self.bar.setVisible(high >= _BAR_FROM_PX)
        self.bar.facts.setVisible(high >= _FACTS_FROM_PX)
        self.bar.facts.set_lines(2 if high >= _TWO_LINES_FROM_PX else 1)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # now: it was laid out before this was known
        self._place_legend()

    def _place_legend(self) -> None:
        """At the foot of the picture."""
        high = self.legend.high_for(max(1, self.width()))
        self.legend.setGeometry(0, self.stage.geometry().bottom() + 1 - high, self.width(), high)
