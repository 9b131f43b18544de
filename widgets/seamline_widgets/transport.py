"""The row under the picture: where the playhead is, the transport buttons, seams and sound."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSlider, QToolButton, QWidget

from seamline.media.positions import FilmClock, PositionDisplay
from seamline_resources import palette
from seamline_resources.shortcuts import shortcut
from seamline_widgets.icons import icon
from seamline_widgets.own_keys import ARROWS, OwnKeys
from seamline_widgets.transport_readout import TransportReadout

_MOVES = (
    "go_to_start",
    "previous_seam",
    "step_back",
    "play_pause",
    "step_forward",
    "next_seam",
    "go_to_end",
)
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_MIDDLE = ("mark_in", *_MOVES, "mark_out")
_RIGHT = ("play_loop", "add_seam", "delete_seam")
_FIELD = ("go_to_timecode", "position_display")
BUTTON_IDS = (*_MIDDLE, *_RIGHT, "mute")


class TransportBar(QWidget):
    """Buttons for the actions named in `BUTTON_IDS`, the position, in and out, the speed, and the volume.

    `volume_changed(float)`: the user set the volume, 0 to 1, linear to the slider.
    Mute is a checkable action of the caller, or the button alone: `muted_changed(bool)` tells both.
    `position_typed(str)`: the user typed a position; the caller answers with `accept_position` or
    `refuse_position`. `display_changed(str)`: the user wants positions said as that `PositionDisplay`.
    """

    volume_changed = Signal(float)
    muted_changed = Signal(bool)
    position_typed = Signal(str)
    display_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {action_id: _tool_button(action_id) for action_id in BUTTON_IDS}
        self._is_muted = False
        self._readout = TransportReadout()
        self._readout.field.typed.connect(self.position_typed)
        self._readout.display_changed.connect(self.display_changed)
        self._separator = _separator()
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setValue(100)
        self._volume.setFixedWidth(72)
        # the arrow keys belong to the playhead, unless the Tab key brought the focus here
        OwnKeys(self._volume, (*ARROWS, *_ENDS))
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
        for action_id in (*_MIDDLE, *_RIGHT):
            if action_id in actions:
                button, action = self._buttons[action_id], actions[action_id]
                button.clicked.connect(action.trigger)
                action.changed.connect(partial(_follow, button, action))
                _follow(button, action)
        if "go_to_timecode" in actions:
            actions["go_to_timecode"].triggered.connect(self.edit_position)
        if "position_display" in actions:
            actions["position_display"].triggered.connect(self._readout.cycle_display)
        for action_id in _FIELD:
            if action_id in actions:
                actions[action_id].changed.connect(partial(self._explain_field, actions))
        self._explain_field(actions)
        if "mute" in actions:
            self._buttons["mute"].setToolTip(actions["mute"].toolTip())
            actions["mute"].triggered.connect(self._toggle_mute)

    def button(self, action_id: str) -> QToolButton:
        """The button of one of `BUTTON_IDS`."""
        return self._buttons[action_id]

    # -- position

    def set_clock(self, clock: FilmClock) -> None:
        """Show positions of that film, and its length."""
        self._readout.set_clock(clock)

    def set_frame(self, frame: int) -> None:
        """Show where the playhead stands."""
        self._readout.set_frame(frame)

    def set_in_out(self, in_frame: int | None, out_frame: int | None) -> None:
        """Show what is marked, and how long that is; `out_frame` belongs to it."""
        self._readout.set_in_out(in_frame, out_frame)

    @property
    def display(self) -> PositionDisplay:
        """How positions are said."""
        return self._readout.display

    def set_display(self, display: PositionDisplay) -> None:
        """Say positions in that manner, without emitting."""
        self._readout.set_display(display)

    def edit_position(self) -> None:
        """Let the user type a position where it is shown; nothing without a film."""
        self._readout.field.edit()

    def accept_position(self) -> None:
        """What was typed is done."""
        self._readout.field.accept()

    def refuse_position(self, sentence: str) -> None:
        """Show under the field why what was typed cannot be; the user goes on typing."""
        self._readout.field.refuse(sentence)

    def clear(self) -> None:
        """Show that there is no film."""
        self._readout.clear()
        self.set_dropped(0)
        self.set_speed(0)

    # -- playing

    def set_speed(self, speed: float) -> None:
        """Show how fast the film plays: 0 stands, 1 plays, −1 plays backwards, others show as `2×`."""
        is_playing = speed != 0
        button = self._buttons["play_pause"]
        button.setIcon(icon("pause" if is_playing else "play"))
        button.setAccessibleName("Pause" if is_playing else "Play")
        self._readout.set_speed(speed)

    @property
    def speed_text(self) -> str:
        """What the speed indicator says, empty at rest and at normal speed."""
        return self._readout.speed_text

    def set_dropped(self, count: int) -> None:
        """Show how many frames were left out while playing because the machine was late; nothing at 0."""
        self._readout.set_dropped(count)

    def set_volume(self, volume: float) -> None:
        """Put the slider at `volume`, 0 to 1, without emitting."""
        self._volume.blockSignals(True)
        self._volume.setValue(round(volume * 100))
        self._volume.blockSignals(False)

    @property
    def volume_01(self) -> float:
        """Where the slider is."""
        return self._volume.value() / 100

    def choose_volume(self, volume_01: float) -> None:
        """Put the slider there for the user, who did so elsewhere: `volume_changed` tells it."""
        self._volume.setValue(round(volume_01 * 100))

    def set_muted(self, is_muted: bool) -> None:
        """Show the sound as muted or not, without emitting."""
        self._is_muted = is_muted
        self._buttons["mute"].setIcon(icon("muted" if is_muted else "volume"))
        self._buttons["mute"].setAccessibleName("Unmute" if is_muted else "Mute")

    def set_sound_enabled(self, has_sound: bool) -> None:
        """Whether the film has a sound track; without one there is nothing to click. The action mutes all the same: the
        other film of a pair may be heard."""
        self._volume.setEnabled(has_sound)
        self._buttons["mute"].setEnabled(has_sound)

    def minimumSizeHint(self) -> QSize:
        spare_px = sum(width_px for _, width_px in self._spare)
        return QSize(self._full_px - spare_px, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # where room is short, first the slider goes (there is the mute button), then what keys do as well
        needed_px = self._full_px
        for parts, width_px in self._spare:
            for part in parts:
                part.setVisible(event.size().width() >= needed_px)
            needed_px -= width_px

    def _explain_field(self, actions: Mapping[str, QAction]) -> None:
        tips = [actions[action_id].toolTip() for action_id in _FIELD if action_id in actions]
        self._readout.field.setToolTip("\n".join(tips))

    def _toggle_mute(self) -> None:
        self.set_muted(not self._is_muted)
        self.muted_changed.emit(self._is_muted)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(4)
        for action_id in _MIDDLE:
            middle.addWidget(self._buttons[action_id])
        right = QHBoxLayout()
        right.setSpacing(4)
        right.addStretch()
        for action_id in _RIGHT:
            right.addWidget(self._buttons[action_id])
        right.addWidget(self._separator)
        right.addWidget(self._buttons["mute"])
        right.addWidget(self._volume)
        # equal sides keep the play button in the middle, under the middle of the picture
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 4)
        grid.setHorizontalSpacing(8)
        grid.addWidget(self._readout, 0, 0)
        grid.addLayout(middle, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        self._full_px = super().minimumSizeHint().width()
        volume_px = self._volume.width() + self._separator.width() + 2 * right.spacing()
        button_px = self._buttons["go_to_start"].sizeHint().width() + middle.spacing()
        ends = (("mark_in", "mark_out"), ("go_to_start", "go_to_end"))
        self._spare: list[tuple[list[QWidget], int]] = [([self._volume, self._separator], volume_px)]
        self._spare += [([self._buttons[end] for end in pair], 2 * button_px) for pair in ends]
        self._spare.append(([self._buttons["play_loop"]], button_px))


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
    """Let the button be enabled and checked as the action is, with its tool tip."""
    button.setEnabled(action.isEnabled())
    if action.isCheckable():
        button.setCheckable(True)
        button.setChecked(action.isChecked())
    button.setToolTip(action.toolTip())


def _separator() -> QFrame:
    line = QFrame()
    line.setFixedSize(17, 24)
    line.setStyleSheet(f"background: {palette.LINE}; margin: 0 8px;")
    return line
