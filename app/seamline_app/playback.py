"""What the transport keys and buttons do to the player."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from seamline_app.jobs.player import Player

_FASTEST = 8.0


class Playback(QObject):
    """Space, J K L, arrows, Home and End, as an editor's hands expect them.

    `playhead()` gives the frame that counts as shown, `go_to(frame)` shows another one, paused.
    """

    def __init__(
        self,
        player: Player,
        actions: Mapping[str, QAction],
        playhead: Callable[[], int],
        go_to: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        for action_id, handler in {
            "play_pause": self.toggle,
            "shuttle_back": lambda: self.shuttle(-1),
            "shuttle_stop": player.pause,
            "shuttle_forward": lambda: self.shuttle(1),
            "step_back": lambda: go_to(playhead() - 1),
            "step_forward": lambda: go_to(playhead() + 1),
            "jump_back": lambda: go_to(playhead() - self._second()),
            "jump_forward": lambda: go_to(playhead() + self._second()),
            "go_to_start": lambda: go_to(0),
            "go_to_end": lambda: go_to(self._last()),
        }.items():
            actions[action_id].triggered.connect(handler)

    def toggle(self) -> None:
        """Play at normal speed, or pause."""
        if self._player.speed:
            self._player.pause()
        else:
            self._player.play(1.0)

    def shuttle(self, direction: int) -> None:
        """Play that way; pressed again, twice as fast, up to eight times; against the motion, at normal speed."""
        speed = self._player.speed
        if speed * direction > 0:
            self._player.play(direction * min(_FASTEST, abs(speed) * 2))
        else:
            self._player.play(float(direction))

    def _second(self) -> int:
        film = self._player.film
        return max(1, round(film.rate)) if film is not None else 1

    def _last(self) -> int:
        film = self._player.film
        return film.frame_count - 1 if film is not None else 0
