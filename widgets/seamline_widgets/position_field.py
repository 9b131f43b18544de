"""Where the playhead is, as a field: to be read, and to be typed into."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

from seamline.media.positions import PositionDisplay
from seamline_resources import palette
from seamline_widgets.theme import figures_font

_NAMES = {
    PositionDisplay.TIMECODE: "Timecode",
    PositionDisplay.FRAMES: "Frames",
    PositionDisplay.TIME: "Time",
}
_MARGIN_PX = 4
_NOTE_PX = 320
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PositionField(QWidget):
    """A position in large figures. A click, `edit` or Enter makes it an editor in the same place.

    `typed(str)`: what the user entered; the editor stays until the caller says `accept` or `refuse`. Escape and
    going elsewhere give up. `display_chosen(str)`: a `PositionDisplay` chosen in the menu of the right button.
    """

    typed = Signal(str)
    display_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display = PositionDisplay.TIMECODE
        self._came_from: QWidget | None = None
        self._is_editing = False
        self._note: QLabel | None = None
        self.setObjectName("position_field")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            "#position_field { border: 1px solid transparent; border-radius: 4px; }"
            f"#position_field:enabled:hover {{ background: {palette.HOVERED}; }}"
            f"#position_field:focus {{ border-color: {palette.ACCENT}; }}"
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName("Position, Enter to type another")
        font = figures_font(17)
        self._label = QLabel()
        self._label.setFont(font)
        self._label.setStyleSheet(f"color: {palette.TEXT_STRONG};")
        # as wide as any display of a usual film, so that changing it moves nothing
        self._label.setMinimumWidth(QFontMetrics(font).horizontalAdvance("00:00:00:00") + 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        layout.addWidget(self._label)
        self._editor = _Editor(self)
        self._editor.setFont(font)
        self._editor.setAccessibleName("Position to go to")
        self._editor.hide()
        self._editor.entered.connect(self._enter)
        self._editor.left.connect(self._leave)
        self._editor.textEdited.connect(self._forget_refusal)
        self.set_display(self._display)

    # -- what is shown

    @property
    def text(self) -> str:
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Show that; what is being typed stays."""
        self._label.setText(text)

    def set_display(self, display: PositionDisplay) -> None:
        """Say what the figures are."""
        self._display = display
        self._label.setAccessibleName(f"{_NAMES[display].rstrip('s')} of the playhead")

    # -- typing

    def edit(self) -> None:
        """Let the user type, over what is shown."""
        if not self.isEnabled():
            return
        if not self._is_editing:
            focus = QApplication.focusWidget()
            self._came_from = focus if focus is not None and focus.window() is self.window() else None
            self._is_editing = True
            self._editor.setText(self.text)
            self._forget_refusal()
            self._editor.setGeometry(self.rect())
            self._editor.show()
        self._editor.selectAll()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """What was typed is done: show the position again."""
        self._finish()

    def refuse(self, sentence: str) -> None:
        """Say why what was typed cannot be, and let the user go on typing."""
        if not self._is_editing:
            return
        self._editor.set_refused(is_refused=True)
        self._editor.setAccessibleDescription(sentence)
        self._editor.selectAll()
        self._show_note(sentence)

    @property
    def refusal(self) -> str:
        """The sentence that is shown below the field; empty if there is none."""
        return self._note.text() if self._note is not None and not self._note.isHidden() else ""

    def _enter(self, text: str) -> None:
        if text.strip():
            self.typed.emit(text)
        else:
            self._finish()

    def _leave(self, has_lost_focus: bool) -> None:
        self._finish(give_back_focus=not has_lost_focus)

    def _finish(self, *, give_back_focus: bool = True) -> None:
        if not self._is_editing:
            return
        self._is_editing = False
        self._forget_refusal()
        came_from, self._came_from = self._came_from, None
        if give_back_focus and self._editor.hasFocus():
            if came_from is not None and shiboken6.isValid(came_from) and came_from.isVisible():
                came_from.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._editor.clearFocus()  # hiding it would pass the focus on to some neighbour
        self._editor.hide()

    def _forget_refusal(self) -> None:
        self._editor.set_refused(is_refused=False)
        self._editor.setAccessibleDescription("")
        if self._note is not None:
            self._note.hide()

    def _show_note(self, sentence: str) -> None:
        """A note below the field, over what lies there: it takes no room of its own."""
        window = self.window()
        if self._note is None or self._note.parent() is not window:
            self._note = QLabel(window)
            self._note.setObjectName("position_note")
            self._note.setStyleSheet(
                f"#position_note {{ background: {palette.RAISED}; color: {palette.TEXT};"
                f" border: 1px solid {palette.ERROR}; border-radius: 4px; padding: 4px 8px; }}"
            )
            self._note.setWordWrap(True)
            self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        note = self._note
        note.setText(sentence)
        note.ensurePolished()  # the height depends on the style sheet's padding
        width_px = min(_NOTE_PX, window.width() - 2 * _MARGIN_PX)
        note.resize(width_px, note.heightForWidth(width_px))
        at = self.mapTo(window, QPoint(0, self.height() + _MARGIN_PX))
        if at.y() + note.height() > window.height():  # no room below
            at.setY(max(0, at.y() - self.height() - note.height() - 2 * _MARGIN_PX))
        at.setX(max(_MARGIN_PX, min(at.x(), window.width() - width_px - _MARGIN_PX)))
        note.move(at)
        note.raise_()
        note.show()

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._editor.setGeometry(self.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not self._is_editing:
            self.edit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choice = QActionGroup(menu)
        for display, name in _NAMES.items():
            entry = menu.addAction(name)
            entry.setCheckable(True)
            entry.setChecked(display is self._display)
            entry.triggered.connect(lambda _=False, display=display: self.display_chosen.emit(display.value))
            choice.addAction(entry)
        menu.popup(event.globalPos())


class _Editor(QLineEdit):
    """`entered(str)`: Enter. `left(bool)`: the user gave up; True if by going elsewhere."""

    entered = Signal(str)
    left = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(40)
        self.set_refused(is_refused=False)

    def set_refused(self, *, is_refused: bool) -> None:
        # with the border and the editor's own 2 px, the text stands where the label's does
        colour = palette.ERROR if is_refused else palette.ACCENT
        self.setStyleSheet(
            f"QLineEdit {{ color: {palette.TEXT_STRONG}; border: 1px solid {colour}; padding: 0 1px 1px 1px; }}"
        )

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # no key that is typed here is a command of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.entered.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit(False)
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit(True)
