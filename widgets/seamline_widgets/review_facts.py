"""What is known of a seam, what can be done with it, and how far the review is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from seamline_resources import palette
from seamline_resources.shortcuts import shortcut
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.review_chip import paint_chip
from seamline_widgets.review_glyphs import glyph
from seamline_widgets.review_seam import ReviewedSeam, length_text
from seamline_widgets.timeline_matches import SIGN_PX, MatchMark, paint_match_sign

GOING, DECIDING = ("previous_doubtful", "next_doubtful"), ("confirm_seam", "delete_seam")
CHANGING = ("change_kind", "nudge_back", "nudge_forward")
BUTTON_IDS = (*GOING, *DECIDING, *CHANGING)
_MINI_IDS = ("change_kind", *DECIDING, *GOING, "nudge_back", "nudge_forward")
_WORDS = {"confirm_seam": "Confirm", "delete_seam": "Delete"}
_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_BUTTON_PX, _LEAST_BUTTON_PX, _GAP = 28, 20, 4
COLUMN_PX, ROW_PX, MINI_PX = 220, 32, 68
TALL_PX = 128
"""From that height on, the column has room for two rows of buttons."""
_CHIP_PX = 16
_SIGN_GAP = 6


class SeamFacts(QWidget):
    """Chip, the sign of a match cut, kind, confidence and state; buttons for `BUTTON_IDS`; progress.

    From a button that has the focus, Left and Right go to the others, for the Tab key is a shortcut here; Space
    presses it. A column, or a row where it is low; where it is narrow too, chip and buttons alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(_STYLE)
        self._subject: ReviewedSeam | None = None
        self._matches: dict[int, MatchMark] = {}
        self.buttons = {action_id: _button(action_id, self) for action_id in BUTTON_IDS}
        for button in self.buttons.values():
            OwnKeys(button, (*_SIDEWAYS, Qt.Key.Key_Space))
            button.installEventFilter(self)
        self.kind = _label("Type of seam", palette.TEXT_STRONG, self)
        self.match = _label("Match cut", palette.TEXT_QUIET, self)
        self.state = _label("State of the seam", palette.TEXT_QUIET, self)
        self.progress = _label("Progress of the review", palette.TEXT_QUIET, self)
        self.left = _label("What is left of the review", palette.TEXT_QUIET, self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Reviewed seams")
        self._counts = (0, 0, 0)
        self._is_complete = False
        self._kind_texts: tuple[str, ...] = ("",)
        self.show_seam(None)
        self.set_progress(0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(COLUMN_PX, 144)

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Let the buttons trigger the caller's actions: tool tips, keys and the enabled state come from them."""
        for action_id, button in self.buttons.items():
            if action_id in actions:
                action = actions[action_id]
                button.clicked.connect(action.trigger)
                action.changed.connect(partial(_follow, button, action))
                _follow(button, action)

    def show_seam(self, subject: ReviewedSeam | None) -> None:
        self._subject = subject
        if subject is None:
            self._kind_texts = ("No seam here",)
            self.state.clear()
        else:
            name = palette.SEAM_LOOKS[subject.seam.kind].name
            if subject.is_question:
                name = f"Perhaps a {name.lower()}"
            parts = [part for part in (length_text(subject.seam), subject.confidence_text) if part]
            self._kind_texts = (
                "  ·  ".join((name, *parts)),
                "  ·  ".join((name, *parts[-1:])),
                name,
            )
            self.state.setText("" if subject.is_question else subject.state_text)
        self.kind.setAccessibleDescription(self._kind_texts[0])
        self._show_match()

    def set_matches(self, marks: Sequence[MatchMark]) -> None:
        """The seams that are match cuts, by their cut frames: their sign stands beside the chip, and says why."""
        self._matches = {mark.frame: mark for mark in marks}
        self._show_match()

    def _show_match(self) -> None:
        seam = None if self._subject is None or self._subject.is_question else self._subject.seam
        mark = None if seam is None else self._matches.get(seam.cut_frame)
        text = "" if mark is None else mark.text
        if text != self.match.toolTip() or mark is None:
            self.match.setToolTip(text)
            self.match.setAccessibleDescription(text)
            self.match.setPixmap(QPixmap() if mark is None else self._sign(mark.kind))
        self._arrange()
        self.update()

    def _sign(self, kind: str) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(SIGN_PX, SIGN_PX) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_match_sign(painter, QRectF(0, 0, SIGN_PX, SIGN_PX), kind)
        painter.end()
        return pixmap

    @property
    def _lead_px(self) -> int:
        """What stands before the kind."""
        chip_px = 0 if self._subject is None else _CHIP_PX + 10
        return chip_px + (SIGN_PX + _SIGN_GAP if self.match.toolTip() else 0)

    def set_progress(self, reviewed: int, total: int, doubtful: int, *, is_complete: bool = False) -> None:
        """How many seams were decided about, of how many; `doubtful`: how many places are worth asking about.

        `is_complete`: the whole film is analysed, so that there will be no more.
        """
        self._counts = reviewed, total, doubtful
        self._is_complete = is_complete
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(reviewed)
        long, _ = self._progress_texts()
        self.progress.setToolTip(" – ".join(part for part in long if part))
        self.progress.setAccessibleDescription(self.progress.toolTip())
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _SIDEWAYS
            and isinstance(watched, QPushButton)
        ):
            self._go_beside(watched, 1 if event.key() == Qt.Key.Key_Right else -1)
            return True
        return super().eventFilter(watched, event)

    def _go_beside(self, button: QPushButton, step: int) -> None:
        """Give the keyboard to the next button that can be pressed, as they are seen; from the last to the first."""
        row = [other for other in self.buttons.values() if other is button or other.isEnabled()]
        row.sort(key=lambda other: (other.y(), other.x()))
        row[(row.index(button) + step) % len(row)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._subject is not None:
            at = self.kind.geometry()
            left = 2 if self.kind.isVisible() else at.center().x() - _CHIP_PX // 2 + 1
            top = at.center().y() - _CHIP_PX // 2 + 1
            paint_chip(QPainter(self), QRectF(left, top, _CHIP_PX, _CHIP_PX), self._subject)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _progress_texts(self) -> tuple[tuple[str, str], tuple[str, ...]]:
        """At length, in two parts; and shorter and shorter in one, each with what is left."""
        reviewed, total, doubtful = self._counts
        left = total - reviewed
        if not total:
            none = "No seam was found" if self._is_complete else "No seams yet"
            return (none, ""), (none,)
        asked = f"{doubtful} doubtful" if doubtful else "none doubtful"
        if not left:
            more = f"{doubtful} doubtful place{'' if doubtful == 1 else 's'} left" if doubtful else ""
            return ("All reviewed", more or f"{total} seam{'' if total == 1 else 's'}"), ("All reviewed",)
        count = f"{reviewed} of {total}"
        shorter = [f"{count} reviewed, {left} left", f"{count}, {left} left", f"{left} left"]
        if doubtful:
            shorter.insert(0, f"{count}, {left} left, {asked}")
        return (f"Reviewed {count}", f"{left} left, {asked}"), tuple(shorter)

    def _line_texts(self) -> tuple[str, ...]:
        """What one line may say, at length first."""
        (first, second), shorter = self._progress_texts()
        return (f"{first} – {second}" if second else first, *shorter)

    def _arrange(self) -> None:
        is_mini = self.width() < COLUMN_PX
        for part in (self.kind, self.bar):
            part.setVisible(not is_mini)
        self.match.setVisible(not is_mini and bool(self.match.toolTip()))
        self.progress.setVisible(True)
        if is_mini:
            self._lay_mini()
        elif self.height() <= ROW_PX + 12:
            self._lay_row()
        else:
            self._lay_column()

    def _lay_column(self) -> None:
        width, is_tall = self.width(), self.height() >= TALL_PX
        line = self.fontMetrics().height() + 2
        buttons_px = 2 * _BUTTON_PX + _GAP if is_tall else _BUTTON_PX
        wants_two_lines = self._needs_two_lines(width)
        text_px = line * (2 if wants_two_lines and self.height() >= TALL_PX + 16 else 1)
        used = line + 8 + buttons_px + 8 + text_px + 4 + 4
        y = max(0, (self.height() - used) // 2)
        self._lay_header(QRect(0, y, width, line))
        y += line + 8
        if is_tall:
            half = (width - _GAP) // 2
            for at, action_id in enumerate(DECIDING):
                self._show_words(action_id, has_words=True)
                self.buttons[action_id].setGeometry(at * (half + _GAP), y, half, _BUTTON_PX)
            y += _BUTTON_PX + _GAP
            self._lay_buttons((*GOING, *CHANGING), QRect(0, y, width, _BUTTON_PX))
        else:
            self._lay_buttons(BUTTON_IDS, QRect(0, y, width, _BUTTON_PX))
        y += _BUTTON_PX + 8
        self._lay_progress(QRect(0, y, width, text_px), has_two_lines=text_px > line)
        self.bar.setGeometry(0, y + text_px + 4, width, 4)

    def _lay_row(self) -> None:
        width, height = self.width(), self.height()
        buttons_px = len(BUTTON_IDS) * (_BUTTON_PX + 2) - 2
        line = self.fontMetrics().height() + 2
        said = sum(self._text_px(text) + 16 for text in (self._kind_texts[0], self.state.text()))
        lead_px = max(_CHIP_PX + 10, self._lead_px)
        room = width - buttons_px - 24 - lead_px - said
        widths = [self._text_px(text) + 4 for text in self._line_texts()]
        progress_px = max(96, next((px for px in widths if px <= room), widths[-1]))
        left = width - progress_px
        middle = QRect(left - 12 - buttons_px, (height - _BUTTON_PX) // 2, buttons_px, _BUTTON_PX)
        self._lay_header(QRect(0, (height - line) // 2, min(middle.left() - 12, said + lead_px), line))
        self._lay_buttons(BUTTON_IDS, middle)
        self._lay_progress(QRect(left, (height - line - 6) // 2, progress_px, line), has_two_lines=False)
        self.bar.setGeometry(left, (height + line - 6) // 2 + 4, progress_px, 4)

    def _lay_mini(self) -> None:
        """Two columns: the chip stands where the eighth button would be; what is left, below."""
        self.state.hide()
        self.left.hide()
        line = self.fontMetrics().height() + 2
        text = next((t for t in self._line_texts()[::-1] if self._text_px(t) <= self.width()), "")
        has_room = (self.height() - 3 * 2 - line) // 4 >= _LEAST_BUTTON_PX
        self.progress.setVisible(bool(text) and has_room)
        self.progress.setText(text)
        self.progress.setGeometry(0, self.height() - line, self.width(), line)
        buttons_px = self.height() - (line if self.progress.isVisibleTo(self) else 0)
        width, height = (self.width() - _GAP) // 2, (buttons_px - 3 * 2) // 4
        for at, action_id in enumerate(_MINI_IDS, 1):
            row, column = divmod(at, 2)
            self._show_words(action_id, has_words=False)
            self.buttons[action_id].setGeometry(column * (width + _GAP), row * (height + 2), width, height)
        self.kind.setGeometry(0, 0, width, height)

    def _lay_header(self, area: QRect) -> None:
        left = self._lead_px
        self.match.setGeometry(
            area.left() + left - SIGN_PX - _SIGN_GAP - 2,
            area.center().y() - SIGN_PX // 2 + 1,
            SIGN_PX,
            SIGN_PX,
        )
        metrics = self.fontMetrics()
        state_px = metrics.horizontalAdvance(self.state.text())
        room = area.width() - left
        is_there = (
            bool(self.state.text()) and metrics.horizontalAdvance(self._kind_texts[-1]) + 8 + state_px <= room
        )
        self.state.setVisible(is_there)
        if is_there:
            self.state.setGeometry(area.right() - state_px, area.top(), state_px + 1, area.height())
            room -= state_px + 8
        fitting = (text for text in self._kind_texts if metrics.horizontalAdvance(text) <= room)
        self.kind.setText(next(fitting, self._kind_texts[-1]))
        self.kind.setGeometry(area.left() + left, area.top(), max(0, room), area.height())

    def _lay_buttons(self, ids: tuple[str, ...], area: QRect) -> None:
        """In groups: going, deciding, changing; spread over the area."""
        groups = [[i for i in group if i in ids] for group in (GOING, DECIDING, CHANGING)]
        groups = [group for group in groups if group]
        used = sum(len(group) * _BUTTON_PX + (len(group) - 1) * 2 for group in groups)
        gap = max(2, (area.width() - used) // max(1, len(groups) - 1))
        x = area.left()
        for group in groups:
            for action_id in group:
                self._show_words(action_id, has_words=False)
                self.buttons[action_id].setGeometry(x, area.top(), _BUTTON_PX, area.height())
                x += _BUTTON_PX + 2
            x += gap - 2

    def _lay_progress(self, area: QRect, *, has_two_lines: bool) -> None:
        (first, second), _ = self._progress_texts()
        texts = self._line_texts()
        line = area.height() // 2 if has_two_lines else area.height()
        self.left.setVisible(has_two_lines)
        if has_two_lines:
            self.progress.setText(first)
            self.left.setText(second)
            self.left.setGeometry(area.left(), area.top() + line, area.width(), line)
        else:
            self.progress.setText(next((t for t in texts if self._text_px(t) <= area.width()), texts[-1]))
        self.progress.setGeometry(area.left(), area.top(), area.width(), line)

    def _needs_two_lines(self, width: int) -> bool:
        (first, second), _ = self._progress_texts()
        return bool(second) and self._text_px(f"{first} – {second}") > width

    def _text_px(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _show_words(self, action_id: str, *, has_words: bool) -> None:
        self.buttons[action_id].setText(_WORDS[action_id] if has_words else "")


_STYLE = f"""
QPushButton {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE}; padding: 0; }}
QPushButton:hover {{ background: {palette.HOVERED}; }}
QPushButton:pressed {{ background: {palette.SELECTED}; }}
QPushButton:focus {{ border-color: {palette.ACCENT}; }}
QPushButton:disabled {{ color: {palette.TEXT_DISABLED}; border-color: {palette.LINE}; background: {palette.WINDOW}; }}
"""


def _button(action_id: str, parent: QWidget) -> QPushButton:
    entry = shortcut(action_id)
    button = QPushButton(parent)
    button.setObjectName(action_id)
    button.setIcon(glyph(action_id))
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(entry.name)
    button.setToolTip(entry.name)
    return button


def _follow(button: QPushButton, action: QAction) -> None:
    """Let the button be enabled as the action is, with its tool tip."""
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())


def _label(accessible_name: str, colour: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setStyleSheet(f"color: {QColor(colour).name()};")
    label.setAccessibleName(accessible_name)
    return label
