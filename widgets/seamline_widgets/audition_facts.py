"""What is known of the pair that is played, in a line: its kind and score, why it matches, what the editor said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_resources.match_looks import KIND_LOOKS, VERDICT_LOOKS
from seamline_widgets.audition_cut import AuditionCut
from seamline_widgets.audition_pictures import Side
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.match_items import MatchItem
from seamline_widgets.shot_paint import paint_line
from seamline_widgets.theme import figures_font

Timecodes = tuple[Callable[[int], str], Callable[[int], str]]
"""How frames are called, of A's film and of B's."""
Titles = tuple[tuple[str, str], tuple[str, str]]
_ICON_PX, _GAP_PX = 16, 6
_LEAST_REASON_PX = 80
_RIGHT = Qt.AlignmentFlag.AlignRight


def side_titles(item: MatchItem, cut: AuditionCut, timecodes: Timecodes | None) -> Titles:
    """Name and timecode of the frame at the cut of either side; no timecode where the cut has moved and nothing tells
    it."""
    known = (item.out_name, item.out_timecode), (item.in_name, item.in_timecode)
    came_with = item.pair.outgoing.frame, item.pair.incoming.frame
    titles = []
    for side in Side:
        (name, timecode), frame = known[side], cut.frames[side]
        if timecodes is not None:
            timecode = timecodes[side](frame)
        titles.append((name, timecode if timecodes is not None or frame == came_with[side] else ""))
    return titles[0], titles[1]


class AuditionFacts(QWidget):
    """One line; two where there is a note and room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: MatchItem | None = None
        self._shows_note = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Match cut")

    def set_item(self, item: MatchItem | None) -> None:
        self._item = item
        self.setAccessibleDescription("" if item is None else item.sentence)
        reason, note = ("", "") if item is None else (item.pair.reason, item.judged.note)
        self.setToolTip("\n".join(text for text in (reason, note) if text))
        self.updateGeometry()
        self.update()

    def set_shows_note(self, shows_note: bool) -> None:
        """Whether there is room for the note."""
        if shows_note != self._shows_note:
            self._shows_note = shows_note
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        has_note = self._shows_note and self._item is not None and bool(self._item.judged.note)
        return QSize(400, self._line_px() * (2 if has_note else 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        item = self._item
        if item is None:
            return
        painter = QPainter(self)
        line = QRect(0, 0, self.width(), self._line_px())
        look = KIND_LOOKS[item.pair.kind]
        left = _paint_icon(painter, line, look.icon, look.colour)
        left += _paint_word(painter, line.adjusted(left, 0, 0, 0), look.name, palette.TEXT) + 2 * _GAP_PX
        painter.setFont(figures_font())
        left += _paint_word(painter, line.adjusted(left, 0, 0, 0), item.score_text, palette.TEXT_STRONG)
        painter.setFont(QApplication.font())
        reason = line.adjusted(
            left + 2 * _GAP_PX, 0, -self._paint_verdict(painter, line, item.judged.verdict), 0
        )
        if reason.width() >= _LEAST_REASON_PX:
            paint_line(painter, reason, item.pair.reason, palette.TEXT)
        if item.judged.note and self.height() >= 2 * line.height():
            line.translate(0, line.height())
            left = _paint_icon(painter, line, "note", palette.TEXT_QUIET)
            note = " ".join(item.judged.note.split())
            paint_line(painter, line.adjusted(left, 0, 0, 0), note, palette.TEXT_QUIET)

    def _paint_verdict(self, painter: QPainter, line: QRect, verdict: Verdict) -> int:
        """At the right; gives how much of the line that takes."""
        look = VERDICT_LOOKS[verdict]
        wide = painter.fontMetrics().horizontalAdvance(look.name)
        if line.width() < 3 * wide:
            return 0
        paint_line(painter, line, look.name, look.colour, _RIGHT)
        if not look.icon:
            return wide + 2 * _GAP_PX
        left = line.right() + 1 - wide - _GAP_PX - _ICON_PX
        _paint_icon(painter, QRect(left, line.top(), _ICON_PX, line.height()), look.icon, look.colour)
        return wide + 3 * _GAP_PX + _ICON_PX

    def _line_px(self) -> int:
        return max(_ICON_PX, self.fontMetrics().height()) + 4


def _paint_icon(painter: QPainter, line: QRect, name: str, colour: str) -> int:
    pixmap = icon_pixmap(name, _ICON_PX, colour, painter.device().devicePixelRatio())
    painter.drawPixmap(line.left(), line.top() + (line.height() - _ICON_PX) // 2, pixmap)
    return _ICON_PX + _GAP_PX


def _paint_word(painter: QPainter, line: QRect, text: str, colour: str) -> int:
    paint_line(painter, line, text, colour)
    return painter.fontMetrics().horizontalAdvance(text)
