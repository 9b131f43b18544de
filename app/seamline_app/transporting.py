"""The transport bar: playing and marking by its buttons and keys, positions typed in, and the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.errors import MediaError
from seamline.media.positions import PositionDisplay
from seamline.media.typed_timecode import typed_frame
from seamline.project.types import Project, Shot
from seamline_app.jobs.player import Player
from seamline_app.marks import Marks
from seamline_app.playback import Playback
from seamline_app.settings import Settings

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Transporting(QObject):
    """Joins bar, player and marks; remembers volume, muting and how positions are said."""

    def __init__(self, window: MainWindow, views: Views, player: Player, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._player = player
        self._settings = settings
        self._bar = views.transport
        self._timeline = views.timeline
        actions = window.actions_by_id
        self._playback = Playback(
            player, actions, lambda: window.shown_frame, window.go_to, window, shots=self._shots
        )
        self.marks = Marks(
            player,
            actions,
            lambda: window.shown_frame,
            window.go_to,
            self._shots,
            read=self._stored_marks,
            write=self._store_marks,
            parent=self,
        )
        self.marks.changed.connect(self._show_marks)
        self._timeline.in_out_moved.connect(self.marks.set_frames)
        views.shots.mark_wanted.connect(self.marks.set_frames)
        self._bar.set_actions(actions)
        self._bar.set_display(settings.position_display)
        self._bar.display_changed.connect(self._set_display)
        self._bar.position_typed.connect(self._go_to_typed)
        self._bar.set_volume(settings.volume)
        self._bar.set_muted(settings.muted)
        self._bar.volume_changed.connect(self._set_volume)
        self._bar.muted_changed.connect(self._set_muted)
        player.set_volume(settings.volume)
        player.set_muted(settings.muted)
        player.speed_changed.connect(self._bar.set_speed)
        player.dropped_changed.connect(self._bar.set_dropped)
        player.sound_status.connect(views.status.set_sound)
        actions["scrub_sound"].setChecked(settings.scrub_sound)
        player.set_scrub_sound(settings.scrub_sound)
        actions["scrub_sound"].toggled.connect(self._set_scrub_sound)

    def open(self, project: Project) -> None:
        """Another film is open, in the player too."""
        self._bar.set_dropped(0)
        self._bar.accept_position()  # what was being typed was meant for the film before
        self.marks.open(project.film.frame_count)

    def close(self) -> None:
        """No film is open any more."""
        self.marks.close()

    def typed_frame(self, text: str) -> int:
        """The frame of the open film that `text` means. Raises MediaError."""
        document = self._window.document
        if document is None:
            raise MediaError("No film is open: open one first.")
        return typed_frame(
            text,
            clock=document.project.clock,
            current_frame=self._window.shown_frame,
            display=self._bar.display,
        )

    def _go_to_typed(self, text: str) -> None:
        try:
            frame = self.typed_frame(text)
        except MediaError as error:
            self._bar.refuse_position(str(error))
            return
        self._bar.accept_position()
        self._window.go_to(frame)

    def _shots(self) -> tuple[Shot, ...]:
        document = self._window.document
        return document.project.shots if document is not None else ()

    def _stored_marks(self) -> object:
        document = self._window.document
        return document.setting("marks") if document is not None else None

    def _store_marks(self, marks: dict[str, int | None]) -> None:
        if self._window.document is not None:
            self._window.document.set_setting("marks", marks)

    def _show_marks(self) -> None:
        self._bar.set_in_out(self.marks.in_frame, self.marks.out_frame)
        self._timeline.set_in_out(self.marks.in_frame, self.marks.out_frame)

    def _set_display(self, display: str) -> None:
        self._settings.position_display = PositionDisplay(display)

    def _set_volume(self, volume: float) -> None:
        self._settings.volume = volume
        self._player.set_volume(volume)

    def _set_muted(self, muted: bool) -> None:
        self._settings.muted = muted
        self._player.set_muted(muted)

    def _set_scrub_sound(self, heard: bool) -> None:
        self._settings.scrub_sound = heard
        self._player.set_scrub_sound(heard)
