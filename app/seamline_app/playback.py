"""What the transport keys and buttons do to the player."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from seamline.project.types import Shot
from seamline_app.held_keys import HeldKeys
from seamline_app.jobs.player import Player

_FASTEST = 8.0
_SLOW = 0.25
_HOLD_MS = 200  # a shorter press is a tap
_SHUTTLE = {-1: "shuttle_back", 1: "shuttle_forward"}


class Playback(QObject):
    """Space, J K L, arrows, Home and End, as an editor's hands expect them.

    J and L play backwards and forwards, again for twice as fast; K stops. With K held, a tap of J or L is
    one frame back or on, and J or L held is slow motion until one of the two keys goes up. The keys are
    those that the actions have at the moment.

    `playhead()` gives the frame that counts as shown, `go_to(frame)` shows another one, paused; `shots()`
    gives the film's shots. `window` is where the keys go.
    """

    def __init__(
        self,
        player: Player,
        actions: Mapping[str, QAction],
        playhead: Callable[[], int],
        go_to: Callable[[int], None],
        window: QWidget,
        *,
        shots: Callable[[], Sequence[Shot]] = tuple,
    ) -> None:
        super().__init__(window)
        self._player = player
        self._playhead = playhead
        self._go_to = go_to
        self._shots = shots
        self._loop = actions["play_loop"]
        self._slow_direction = 0
        self._hold = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._hold.timeout.connect(self._play_slowly)
        self._by_key: dict[str, Callable[[], None]] = {
            "play_pause": self.toggle,
            "shuttle_back": lambda: self._direct(-1),
            "shuttle_stop": self._stop,
            "shuttle_forward": lambda: self._direct(1),
        }
        self._keys = HeldKeys(window, {action_id: actions[action_id] for action_id in self._by_key})
        self._keys.triggered.connect(lambda action_id: self._by_key[action_id]())
        self._keys.released.connect(self._on_released)
        self._keys.lost.connect(self._end_slow)
        for action_id, handler in {
            "step_back": lambda: go_to(playhead() - 1),
            "step_forward": lambda: go_to(playhead() + 1),
            "jump_back": lambda: go_to(playhead() - self._second()),
            "jump_forward": lambda: go_to(playhead() + self._second()),
            "previous_shot_middle": self._to_previous_middle,
            "next_shot_middle": self._to_next_middle,
            "go_to_start": lambda: go_to(0),
            "go_to_end": lambda: go_to(self._last()),
        }.items():
            actions[action_id].triggered.connect(lambda _=False, handler=handler: handler())

    def toggle(self) -> None:
        """Play at normal speed, or pause."""
        if self._player.speed:
            self._player.pause()
        else:
            self._player.play(1.0)

    def shuttle(self, direction: int) -> None:
        """Play that way; pressed again, twice as fast, up to eight times; against the motion, at normal speed."""
        speed = self._player.speed
        if direction > 0 and not speed and self._playhead() == self._last() and not self._loop.isChecked():
            return  # as J does nothing at the first frame; the space bar begins anew
        if speed * direction >= 1:
            self._player.play(direction * min(_FASTEST, abs(speed) * 2))
        else:
            self._player.play(float(direction))

    # -- with the stop key held

    def _direct(self, direction: int) -> None:
        if not self._keys.is_held("shuttle_stop"):
            self.shuttle(direction)
            return
        # the step shows at once; only if the key stays down is it meant to go on
        self._slow_direction = direction
        self._go_to(self._playhead() + direction)
        self._hold.start()

    def _stop(self) -> None:
        held = [direction for direction, key in _SHUTTLE.items() if self._keys.is_held(key)]
        if self._keys.is_held("shuttle_stop") and len(held) == 1:
            self._slow_direction = held[0]
            self._play_slowly()
        else:
            self._player.pause()

    def _play_slowly(self) -> None:
        self._player.play(_SLOW * self._slow_direction)

    def _on_released(self, action_id: str) -> None:
        if action_id in ("shuttle_stop", _SHUTTLE.get(self._slow_direction)):
            self._end_slow()

    def _end_slow(self) -> None:
        if not self._slow_direction:
            return
        self._slow_direction = 0
        self._hold.stop()
        if self._player.speed:
            self._player.pause()

    # -- places to go to

    def _to_next_middle(self) -> None:
        middles = self._middles()
        at = bisect_right(middles, self._playhead())
        if at < len(middles):
            self._go_to(middles[at])

    def _to_previous_middle(self) -> None:
        middles = self._middles()
        at = bisect_left(middles, self._playhead())
        if at > 0:
            self._go_to(middles[at - 1])

    def _middles(self) -> list[int]:
        return [shot.start_frame + shot.length // 2 for shot in self._shots()]

    def _second(self) -> int:
        film = self._player.film
        return max(1, round(film.rate)) if film is not None else 1

    def _last(self) -> int:
        film = self._player.film
        return film.frame_count - 1 if film is not None else 0
