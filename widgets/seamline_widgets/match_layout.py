"""Where the parts of a row of paired pictures are: beside each other where the list is wide, else below each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

_MARGIN, _GAP, _SEAM_PX = 8, 8, 2
_WIDE_FROM_PX = 400
_WIDE_PICTURE_SHARE = 0.27
_MOST_PICTURE_PX = 228
_BUTTON_PX, _PLAY_PX = 24, 36
_LINES = 3
"""Below the pictures: the kind and score, and two of the reason or one of it and one of the note."""


class MatchButton(Enum):
    """What a row can be pressed for; the value is the icon."""

    PLAY = "play"
    KEEP = "check"
    REJECT = "close"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class MatchLayout:
    """The parts of the row that is at `row`."""

    row: QRect

    @property
    def is_wide(self) -> bool:
        return self.row.width() >= _WIDE_FROM_PX

    @property
    def pictures(self) -> tuple[QRect, QRect]:
        """The frame out at the left, the frame in at the right."""
        row_px = self.row.width()
        wide = int(_WIDE_PICTURE_SHARE * row_px) if self.is_wide else (row_px - 2 * _MARGIN - _SEAM_PX) // 2
        wide = max(16, min(wide, _MOST_PICTURE_PX))
        high = wide * 9 // 16
        left = QRect(self.row.left() + _MARGIN, self.row.top() + _MARGIN, wide, high)
        return left, left.translated(wide + _SEAM_PX, 0)

    @property
    def names(self) -> tuple[QRect, QRect]:
        """Below each picture: two lines where the list is wide, else one."""
        first, second = self.pictures
        top, high = first.bottom() + 5, (2 if self.is_wide else 1) * line_px()
        return (
            QRect(first.left(), top, first.width() - 8, high),
            QRect(second.left(), top, second.width(), high),
        )

    @property
    def words(self) -> QRect:
        """All else that is said: the kind and the score in its first line, what the pair has in common below."""
        first, second = self.pictures
        if self.is_wide:
            left = second.right() + 1 + 12
            return QRect(QPoint(left, first.top()), QPoint(self.row.right() - _MARGIN, self._bottom))
        top = self.names[0].bottom() + 3
        return QRect(QPoint(first.left(), top), QPoint(self.row.right() - _MARGIN, self._bottom))

    @property
    def most_lines(self) -> int:
        """How many lines there are for the words."""
        return max(_LINES, self.words.height() // line_px())

    def button(self, button: MatchButton) -> QRect:
        """Where it is: on the pictures, for the mouse."""
        first, second = self.pictures
        if button is MatchButton.PLAY:
            box = QRect(0, 0, _PLAY_PX, _PLAY_PX)
            box.moveCenter(QPoint(first.right() + 1, first.center().y() + 1))
            return box
        place = (MatchButton.KEEP, MatchButton.REJECT, MatchButton.NOTE).index(button)
        right = second.right() + 1 - 4 - (2 - place) * _BUTTON_PX
        return QRect(right - _BUTTON_PX, second.top() + 4, _BUTTON_PX, _BUTTON_PX)

    def button_at(self, position: QPoint) -> MatchButton | None:
        return next((button for button in MatchButton if self.button(button).contains(position)), None)

    @property
    def _bottom(self) -> int:
        return self.row.bottom() - _MARGIN


def row_px(width: int) -> int:
    """The height of a row in a list of that width."""
    layout = MatchLayout(QRect(0, 0, width, 1000))
    below = layout.names[0].bottom() + 1
    return below + _MARGIN if layout.is_wide else below + 2 + _LINES * line_px() + _MARGIN


def line_px() -> int:
    return QFontMetrics(QApplication.font()).height() + 2
