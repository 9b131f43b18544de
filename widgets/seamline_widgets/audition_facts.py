"""What is known of the pair that is played, in a line: its kind and score, why it matches, what the editor said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, QTimer
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
_TOLD_MS = 5000
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


def found_texts(item: MatchItem, cut: AuditionCut, timecodes: Timecodes | None) -> tuple[str, ...]:
    """Where the pair was cut when it was scored, such as “found at A 01:00:07:05 → B 00:00:20:10”, then shorter;
    nothing where it is cut there now."""
    if not any(cut.trims):
        # slid before anybody knew where it was found
        is_elsewhere = item.judged.is_slid and cut.frames == item.pair.frames
        return ("found at another cut",) if is_elsewhere else ()
    names = timecodes if timecodes is not None else (_frame_name, _frame_name)
    out, into = (name(frame) for name, frame in zip(names, cut.proposed, strict=True))
    return f"found at A {out} → B {into}", "found at another cut"


class AuditionFacts(QWidget):
    """As many lines as `set_lines` says, whatever there is to say: what lies above stays where it is.

    The second one has the note, and for a few seconds what is told; where there is but one, they share it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: MatchItem | None = None
        self._found: tuple[str, ...] = ()
        self._lines = 2
        self._told = ""
        self._telling = QTimer(self, singleShot=True, interval=_TOLD_MS)
        self._telling.timeout.connect(lambda: self.tell(""))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Match cut")

    @property
    def told(self) -> str:
        """What is told just now."""
        return self._told

    @property
    def found_text(self) -> str:
        """Where the cut was that the score is of; empty where it is there."""
        return self._found[0] if self._found else ""

    def set_item(self, item: MatchItem | None) -> None:
        self._item = item
        self._describe()

    def set_found(self, texts: tuple[str, ...]) -> None:
        """The score and the reason are of another cut: say so, in the first of these words that there is room for."""
        if texts != self._found:
            self._found = texts
            self._describe()

    def set_lines(self, count: int) -> None:
        """How much room there is: 1 or 2."""
        if count != self._lines:
            self._lines = count
            self.updateGeometry()

    def tell(self, sentence: str) -> None:
        """Say that for a few seconds, or nothing any more."""
        self._telling.stop()
        if sentence:
            self._telling.start()
        if sentence != self._told:
            self._told = sentence
            self._describe()

    def sizeHint(self) -> QSize:
        return QSize(400, self._line_px() * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        item = self._item
        if item is None:
            return
        painter = QPainter(self)
        line = QRect(0, 0, self.width(), self._line_px())
        has_two = self.height() >= 2 * line.height()
        below = line.translated(0, line.height())
        if self._told and not has_two:
            paint_line(painter, line, self._told, palette.TEXT_STRONG)
            return
        rest = self._paint_score(painter, line, item)
        rest.setRight(rest.right() - self._paint_verdict(painter, line, item.judged.verdict))
        note = " ".join(item.judged.note.split())
        if note and not has_two and rest.width() >= 2 * _LEAST_REASON_PX:
            wide = min(_ICON_PX + _GAP_PX + painter.fontMetrics().horizontalAdvance(note), rest.width() // 2)
            self._paint_note(painter, rest.adjusted(rest.width() - wide, 0, 0, 0), note)
            rest.setRight(rest.right() - wide - _GAP_PX)
        if rest.width() >= _LEAST_REASON_PX:
            paint_line(painter, rest, item.pair.reason, self._ink(palette.TEXT))
        if self._told:
            paint_line(painter, below, self._told, palette.TEXT_STRONG)
        elif note and has_two:
            self._paint_note(painter, below, note)

    def _paint_score(self, painter: QPainter, line: QRect, item: MatchItem) -> QRect:
        """Of what kind and how good; gives what is left of the line."""
        look = KIND_LOOKS[item.pair.kind]
        left = _paint_icon(painter, line, look.icon, self._ink(look.colour))
        left += _paint_word(painter, line.adjusted(left, 0, 0, 0), look.name, self._ink(palette.TEXT))
        left += 2 * _GAP_PX
        if self._found:
            measure = painter.fontMetrics().horizontalAdvance
            fits = (text for text in self._found if left + measure(text) <= line.width() // 2)
            text = f"{next(fits, self._found[-1])}: "
            left += _paint_word(painter, line.adjusted(left, 0, 0, 0), text, palette.TEXT_QUIET)
        painter.setFont(figures_font())
        ink = self._ink(palette.TEXT_STRONG)
        left += _paint_word(painter, line.adjusted(left, 0, 0, 0), item.score_text, ink)
        painter.setFont(QApplication.font())
        return line.adjusted(left + 2 * _GAP_PX, 0, 0, 0)

    def _paint_note(self, painter: QPainter, line: QRect, note: str) -> None:
        left = _paint_icon(painter, line, "note", palette.TEXT_QUIET)
        paint_line(painter, line.adjusted(left, 0, 0, 0), note, palette.TEXT_QUIET)

    def _ink(self, colour: str) -> str:
        """Quiet where it is not of the cut that is shown."""
        return palette.TEXT_QUIET if self._found else colour

    def _describe(self) -> None:
        item = self._item
        sentence = "" if item is None else item.sentence
        about = f"{self.found_text}: {sentence}" if self._found and sentence else sentence
        self.setAccessibleDescription(f"{self._told}. {about}" if self._told else about)
        lines: list[str] = []
        if item is not None:
            reason = item.pair.reason
            lines = [
                f"{self.found_text}: {item.score_text} {reason}" if self._found else reason,
                item.judged.note,
            ]
        self.setToolTip("\n".join(line for line in lines if line))
        self.update()

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


def _frame_name(frame: int) -> str:
    return f"frame {frame}"
