"""The row under the picture: where the playhead is, the transport buttons, seams and sound."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_resources.shortcuts import shortcut
from seamline_widgets.icons import icon
from seamline_widgets.theme import figures_font

_MOVES = (
    "go_to_start",
    "previous_seam",
    "step_back",
    "play_pause",
    "step_forward",
    "next_seam",
    "go_to_end",
)
_SEAM_EDITS = ("add_seam", "delete_seam")
BUTTON_IDS = (*_MOVES, *_SEAM_EDITS, "mute")


class TransportBar(QWidget):
    """Buttons for the actions named in `BUTTON_IDS`, the position, the speed, and the volume.

    `volume_changed(float)`: the user set the volume, 0 to 1, linear to the slider.
    Mute is a checkable action of the caller, or the button alone: `muted_changed(bool)` tells both.
    """

    volume_changed = Signal(float)
    muted_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {action_id: _tool_button(action_id) for action_id in BUTTON_IDS}
        self._speed = 0.0
        self._is_muted = False
        self._timecode = QLabel("--:--:--:--")
        self._timecode.setFont(figures_font(17))
        self._timecode.setStyleSheet(f"color: {palette.TEXT_STRONG};")
        self._timecode.setAccessibleName("Timecode of the playhead")
        self._position = QLabel()
        self._position.setFont(figures_font())
        self._position.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._position.setAccessibleName("Frame and length of the film")
        self._speed_label = QLabel()
        self._speed_label.setFont(figures_font())
        self._speed_label.setStyleSheet(f"color: {palette.ACCENT};")
        self._speed_label.setAccessibleName("Speed")
        self._separator = _separator()
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setValue(100)
        self._volume.setFixedWidth(88)
        # the arrow keys belong to the playhead
        self._volume.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._volume.setAccessibleName("Volume")
        self._volume.setToolTip("Volume")
        self._volume.valueChanged.connect(lambda percent: self.volume_changed.emit(percent / 100))
        self._buttons["mute"].clicked.connect(self._toggle_mute)
        self._lay_out()
        self.clear()

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Let the buttons trigger the caller's actions: tool tips, keys and the enabled state come from them.

        Ids that are not in `BUTTON_IDS` are left alone, so the whole table of actions may be passed.
        """
        for action_id in (*_MOVES, *_SEAM_EDITS):
            if action_id in actions:
                button, action = self._buttons[action_id], actions[action_id]
                button.clicked.connect(action.trigger)
                action.changed.connect(partial(_follow, button, action))
                _follow(button, action)
        if "mute" in actions:
            self._buttons["mute"].setToolTip(actions["mute"].toolTip())
            actions["mute"].triggered.connect(self._toggle_mute)

    def button(self, action_id: str) -> QToolButton:
        """The button of one of `BUTTON_IDS`."""
        return self._buttons[action_id]

    def set_position(self, timecode: str, frame: int) -> None:
        """Show where the playhead stands."""
        self._timecode.setText(timecode)
        self._frame = frame
        self._show_position()

    def set_film(self, frame_count: int, duration: str) -> None:
        """Show the film's length; `duration` as it shall be read, such as `00:01:00:00`."""
        self._frame_count = frame_count
        self._duration = duration
        self._show_position()

    def clear(self) -> None:
        """Show that there is no film."""
        self._frame, self._frame_count, self._duration = 0, 0, ""
        self._timecode.setText("--:--:--:--")
        self._show_position()
        self.set_speed(0)

    def set_speed(self, speed: float) -> None:
        """Show how fast the film plays: 0 stands, 1 plays, −1 plays backwards, others show as `2×`."""
        self._speed = speed
        is_playing = speed != 0
        button = self._buttons["play_pause"]
        button.setIcon(icon("pause" if is_playing else "play"))
        button.setAccessibleName("Pause" if is_playing else "Play")
        text = "" if speed in (0, 1) else f"{abs(speed):g}×"
        self._speed_label.setText(f"−{text}" if speed < 0 else text)

    @property
    def speed_text(self) -> str:
        """What the speed indicator says, empty at rest and at normal speed."""
        return self._speed_label.text()

    def set_volume(self, volume: float) -> None:
        """Put the slider at `volume`, 0 to 1, without emitting."""
        self._volume.blockSignals(True)
        self._volume.setValue(round(volume * 100))
        self._volume.blockSignals(False)

    def set_muted(self, is_muted: bool) -> None:
        """Show the sound as muted or not, without emitting."""
        self._is_muted = is_muted
        self._buttons["mute"].setIcon(icon("muted" if is_muted else "volume"))
        self._buttons["mute"].setAccessibleName("Unmute" if is_muted else "Mute")

    def set_sound_enabled(self, has_sound: bool) -> None:
        """Whether the film has a sound track; without one the volume cannot be operated."""
        self._volume.setEnabled(has_sound)
        self._buttons["mute"].setEnabled(has_sound)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._full_px - self._volume_px - self._ends_px, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # where room is short, first the slider goes (there is the mute button), then what keys do as well
        width = event.size().width()
        for part in (self._volume, self._separator):
            part.setVisible(width >= self._full_px)
        for action_id in ("go_to_start", "go_to_end"):
            self._buttons[action_id].setVisible(width >= self._full_px - self._volume_px)

    def _toggle_mute(self) -> None:
        if not self._buttons["mute"].isEnabled():
            return
        self.set_muted(not self._is_muted)
        self.muted_changed.emit(self._is_muted)

    def _show_position(self) -> None:
        if not self._frame_count:
            self._position.setText("No film")
            return
        frame = f"{self._frame:,}".replace(",", "\u2009")
        self._position.setText(f"{self._duration}  Frame {frame}")

    def _lay_out(self) -> None:
        position = QVBoxLayout()
        position.setSpacing(0)
        position.addWidget(self._timecode)
        position.addWidget(self._position)
        left = QHBoxLayout()
        left.addLayout(position)
        left.addStretch()
        left.addWidget(self._speed_label)
        middle = QHBoxLayout()
        middle.setSpacing(4)
        for action_id in _MOVES:
            middle.addWidget(self._buttons[action_id])
        right = QHBoxLayout()
        right.setSpacing(4)
        right.addStretch()
        for action_id in _SEAM_EDITS:
            right.addWidget(self._buttons[action_id])
        right.addWidget(self._separator)
        right.addWidget(self._buttons["mute"])
        right.addWidget(self._volume)
        # what is said of position and speed must not push the buttons about
        metrics = QFontMetrics(figures_font())
        self._position.setMinimumWidth(metrics.horizontalAdvance("00:00:00:00  Frame 000 000"))
        self._speed_label.setMinimumWidth(metrics.horizontalAdvance("−8×"))
        # equal sides keep the play button in the middle, under the middle of the picture
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 4, 12, 4)
        grid.setHorizontalSpacing(8)
        grid.addLayout(left, 0, 0)
        grid.addLayout(middle, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        self._full_px = super().minimumSizeHint().width()
        self._ends_px = 2 * (self._buttons["go_to_start"].sizeHint().width() + middle.spacing())
        self._volume_px = self._volume.width() + self._separator.width() + 2 * right.spacing()


def _tool_button(action_id: str) -> QToolButton:
    entry = shortcut(action_id)
    button = QToolButton()
    button.setObjectName(action_id)
    if entry.icon is not None:
        button.setIcon(icon(entry.icon))
    size = 28 if action_id == "play_pause" else palette.ICON_PX
    button.setIconSize(QSize(size, size))
    button.setAutoRaise(True)
    # Space and the arrows work the film wherever the last click was
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(entry.name)
    button.setToolTip(entry.name)
    return button


def _follow(button: QToolButton, action: QAction) -> None:
    """Let the button be enabled as the action is, with its tool tip."""
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())


def _separator() -> QFrame:
    line = QFrame()
    line.setFixedSize(17, 24)
    line.setStyleSheet(f"background: {palette.LINE}; margin: 0 8px;")
    return line
