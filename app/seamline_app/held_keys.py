"""Actions that their keys trigger once, however long they are held, and which of these keys are down."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QWidget

_LEAVING = (QEvent.Type.WindowDeactivate, QEvent.Type.WindowBlocked, QEvent.Type.Hide)
_SETTLED_MS = 20


class HeldKeys(QObject):
    """Watches the keys that trigger `actions` in `window`, whichever they are, and on any layout of keys.

    `triggered(str)`: an action was triggered, by its key, a button or a menu; not by a key that repeats.
    `released(str)`: the key of that action went up, which no shortcut tells. `lost`: keys were down when the
    window was left, so that nobody will say when they go up; they count as released.
    """

    triggered = Signal(str)
    released = Signal(str)
    lost = Signal()

    def __init__(self, window: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__(window)
        self._window = window
        self._held: dict[int, str] = {}
        self._going_up: dict[int, int] = {}  # key -> when
        self._pressed: int | None = None
        # a key triggers its action at once or not at all
        self._pass = QTimer(self, singleShot=True, interval=0)
        self._pass.timeout.connect(self._forget_press)
        # first some time, then what has been waiting meanwhile
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settled.start)
        self._settled.timeout.connect(self._let_go)
        for action_id, action in actions.items():
            action.setAutoRepeat(False)
            action.triggered.connect(lambda _=False, action_id=action_id: self._on_triggered(action_id))
        window.installEventFilter(self)

    def is_held(self, action_id: str) -> bool:
        """Whether a key of that action is down; true already when the key triggers it."""
        return action_id in self._held.values()

    def release_all(self) -> None:
        """Count all keys as released."""
        if self._held:
            self._held.clear()
            self._going_up.clear()
            self._watch_application(is_watching=False)
            self.lost.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.KeyRelease:
            if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
                self._go_up(event.key(), event.timestamp())
        elif watched is self._window:
            # Qt asks every widget from the focus upwards whether a key is its own before it is a shortcut;
            # what somebody types into a field does not come as far as the window
            if kind is QEvent.Type.ShortcutOverride:
                if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
                    self._go_down(event.key(), event.timestamp())
            elif kind in _LEAVING:
                self.release_all()
        return False

    def _go_down(self, key: int, timestamp_ms: int) -> None:
        if self._going_up.get(key) == timestamp_ms:
            del self._going_up[key]  # a repeat, see below
        elif key in self._going_up:
            self._let_go()
        else:
            self._held.pop(key, None)  # its release never came
        self._pressed = key
        self._pass.start()

    def _forget_press(self) -> None:
        self._pressed = None

    def _on_triggered(self, action_id: str) -> None:
        key, self._pressed = self._pressed, None
        if key is not None:
            if key in self._held:
                return
            if not self._held:
                # what has the focus may keep the release to itself; all of the application is watched only
                # while a key is down, as each of its events passes through here then
                self._watch_application(is_watching=True)
            self._held[key] = action_id
        self.triggered.emit(action_id)

    def _go_up(self, key: int, timestamp_ms: int) -> None:
        if key not in self._held or key in self._going_up:
            return
        self._going_up[key] = timestamp_ms
        if timestamp_ms:
            # Qt's xcb plugin takes a repeat for a real release and press where the latter is a little late in
            # its queue (measured with Qt 6 under Xvfb: every second one); both have the same timestamp then
            self._settling.start()
        else:
            self._let_go()

    def _let_go(self) -> None:
        """The keys that went up stay up."""
        action_ids = [self._held.pop(key) for key in self._going_up]
        self._going_up.clear()
        if not self._held:
            self._watch_application(is_watching=False)
        for action_id in action_ids:
            if not self.is_held(action_id):
                self.released.emit(action_id)

    def _watch_application(self, *, is_watching: bool) -> None:
        app = QCoreApplication.instance()
        if app is None:
            return
        # never both: each event counts once
        watched, other = (app, self._window) if is_watching else (self._window, app)
        other.removeEventFilter(self)
        watched.installEventFilter(self)
