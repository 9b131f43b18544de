"""The keys of one action: taken away, added, or pressed anew, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_resources.key_map import MOST_KEYS, KeyMap
from seamline_resources.key_names import UnusableKeyError, normal_key
from seamline_resources.shortcuts import Shortcut, shortcut
from seamline_widgets.actions import key_text, keys_text, plain_name
from seamline_widgets.key_recorder import KeyRecorder

_HELP = "Enter: press new keys.  Insert: one key more.  Delete: take the last one away."


class KeyEditor(QFrame):
    """Shows an action and asks for its keys. Changes nothing: `keys_wanted(action_id, keys)`, keys as a tuple, and
    `reset_wanted(action_id)` say what the user wants. `finished`: the keyboard can go back to where it was.

    `reserved` are keys that belong to something else than an action, with a sentence about each.
    """

    keys_wanted = Signal(str, object)
    reset_wanted = Signal(str)
    finished = Signal()

    def __init__(self, reserved: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reserved = {normal_key(key): sentence for key, sentence in reserved.items()}
        self._map = KeyMap()
        self._entry: Shortcut | None = None
        self._adds = False
        self._pending = ""
        self._name = QLabel()
        self._name.setStyleSheet(f"color: {palette.TEXT_STRONG}; font-weight: bold;")
        self._preset = QLabel()
        self._preset.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._chips: list[QPushButton] = []
        self._add = _button("Add a key", "Press one key more for this action (Insert)")
        self._add.clicked.connect(lambda: self.record(adds=True))
        self._recorder = KeyRecorder("Press the new key")
        self._recorder.setMinimumWidth(200)
        self._recorder.pressed.connect(self._take)
        self._recorder.cancelled.connect(self._stop)
        self._recorder.left.connect(self._on_left)
        self._reset = _button("Reset", "Give this action the keys of the preset")
        self._reset.clicked.connect(self._ask_reset)
        self._says = QLabel()
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setWordWrap(True)
        self._says.setAccessibleName("About the keys")
        self._yes = _button("Take it", "Take the key from the other action", is_default=True)
        self._yes.clicked.connect(self._take_from_other)
        self._no = _button("Leave it", "Leave the key where it is", is_default=True)
        self._no.clicked.connect(self._stop)
        for button in (self._yes, self._no):
            button.installEventFilter(self)
        self._lay_out()
        self.show_action(None, self._map)

    @property
    def says(self) -> str:
        """What stands below the keys: help, a conflict, or why a key cannot be used."""
        return self._says.text()

    def show_action(self, action_id: str | None, key_map: KeyMap) -> None:
        """Show the keys of that action, or that none is chosen."""
        self._map = key_map
        self._entry = shortcut(action_id) if action_id is not None else None
        self._pending = ""
        self._show()

    def show_fixed(self, name: str, sentence: str) -> None:
        """Show something that is no action, and why its keys cannot be changed."""
        self.show_action(None, self._map)
        self._name.setText(name)
        self._say(sentence)

    def record(self, *, adds: bool) -> None:
        """Wait for a key: one more, or in the place of those that there are."""
        if self._entry is None:
            return
        if adds and len(self._map.keys_of(self._entry.action_id)) >= MOST_KEYS:
            self._say(f"An action has at most {MOST_KEYS} keys: take one of them away first.", is_error=True)
            return
        self._adds, self._pending = adds, ""
        self._recorder.set_placeholder("Press one key more" if adds else "Press the new key")
        self._show(is_recording=True)
        self._say("Esc: leave the keys as they are.")
        self._recorder.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.KeyPress:
            self._stop()  # the question, not the dialog
            return True
        return super().eventFilter(watched, event)

    def _take(self, pressed: str) -> None:
        assert self._entry is not None
        try:
            key = normal_key(pressed)
        except UnusableKeyError as error:
            self._say(str(error), is_error=True)
            return
        if key in self._reserved:
            self._say(self._reserved[key], is_error=True)
            return
        other = self._map.conflict(self._entry.action_id, key)
        if other is None:
            self._give(key)
            return
        self._pending = key
        self._show()
        self._say(f"{key_text(key)} is “{plain_name(shortcut(other))}”. Take it from there?", is_error=True)
        for button in (self._yes, self._no):
            button.show()
        self._yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_from_other(self) -> None:
        self._give(self._pending)

    def _give(self, key: str) -> None:
        assert self._entry is not None
        kept = self._map.keys_of(self._entry.action_id) if self._adds else ()
        self._ask((*kept, key))

    def _ask(self, keys: tuple[str, ...]) -> None:
        assert self._entry is not None
        self._pending = ""
        self.keys_wanted.emit(self._entry.action_id, keys)
        self.finished.emit()

    def _ask_reset(self) -> None:
        if self._entry is not None:
            self.reset_wanted.emit(self._entry.action_id)
            self.finished.emit()

    def remove(self, key: str | None = None) -> None:
        """Take that key away, or the last one."""
        if self._entry is None:
            return
        keys = self._map.keys_of(self._entry.action_id)
        if keys:
            gone = keys[-1] if key is None else key
            self._ask(tuple(other for other in keys if other != gone))

    def _stop(self) -> None:
        self._pending = ""
        self._show()
        self.finished.emit()

    def _on_left(self) -> None:
        if not self._pending and self._recorder.isVisible() and not self._recorder.hasFocus():
            self._show()

    def _show(self, *, is_recording: bool = False) -> None:
        entry = self._entry
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        self._yes.hide()
        self._no.hide()
        self._recorder.setVisible(is_recording)
        keys = self._map.keys_of(entry.action_id) if entry is not None else ()
        self._add.setVisible(entry is not None and not is_recording and len(keys) < MOST_KEYS)
        self._reset.setVisible(entry is not None and self._map.is_changed(entry.action_id))
        self._say(_HELP if entry is not None else "")
        if entry is None:
            self._name.setText("No action chosen")
            self._preset.clear()
            return
        self._name.setText(plain_name(entry))
        usual = keys_text(KeyMap(self._map.preset).keys_of(entry.action_id)) or "no key"
        self._preset.setText(f"{self._map.preset}: {usual}")
        for at, key in enumerate(keys):
            text = key_text(key)
            chip = _button(f"{text}  ×", f"Take {text} away")
            chip.setAccessibleName(f"Take {text} away")
            chip.clicked.connect(lambda _=False, key=key: self.remove(key))
            self._chips.append(chip)
            self._keys.insertWidget(at, chip)
            chip.show()  # at once: Qt would wait for the next round of events

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._says.setText(text)
        self._says.setStyleSheet(f"color: {palette.TEXT_STRONG if is_error else palette.TEXT_QUIET};")

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self._name)
        heading.addStretch()
        heading.addWidget(self._preset)
        self._keys = QHBoxLayout()
        self._keys.setSpacing(4)
        self._keys.addWidget(self._add)
        self._keys.addWidget(self._recorder)
        self._keys.addStretch()
        self._keys.addWidget(self._reset)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._says, 1)
        below.addWidget(self._yes)
        below.addWidget(self._no)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for row in (heading, self._keys, below):
            column.addLayout(row)
        self.setObjectName("key-editor")
        self.setStyleSheet(f"#key-editor {{ background: {palette.SUNKEN}; border-radius: 4px; }}")
        # what is asked and answered must not push the list about
        self._says.setMinimumHeight(self._yes.sizeHint().height())
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(kept)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


def _button(text: str, tip: str, *, is_default: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(is_default)
    return button
