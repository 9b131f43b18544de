"""What stands below the picture of the audition: the cut, what is known of the pair, its buttons and keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_widgets.audition_cut import AuditionCut
from seamline_widgets.audition_facts import AuditionFacts
from seamline_widgets.audition_grips import HandledStrip
from seamline_widgets.audition_keys import BY_ID, tip_of
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.icons import icon
from seamline_widgets.match_items import MatchItem
from seamline_widgets.own_keys import ARROWS, OwnKeys

_PLAYING = ("previous", "play", "next")
_OVERLAYS = ("difference", "onion", "wipe", "side")
_SAYING = ("keep", "reject", "note")
_SOUND = ("mute",)
_ENDS = ("legend", "leave")
_SPARED = (("mute",), ("put_back",), ("legend",), _OVERLAYS, ("note",), ("leave",), ("previous", "next"))
"""What goes first where the bar is narrow, after the volume and how far the cut was moved: the keys do the same."""
_INSET_PX = 12
_TRIMS_PX, _LEAST_TRIMS_PX = 120, 48
_VOLUME_PX = 72
_BETWEEN_PX = 4
_WORDS_FROM_PX = 1200
_WORDED = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ENDS_OF_VOLUME = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class AuditionBar(QWidget):
    """Shows what it is given. `pressed(action_id)`: a button was, one of `audition_keys`. `volume_changed(float)`: the
    user set the volume, 0 to 1, linear to the slider."""

    pressed = Signal(str)
    volume_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = HandledStrip()
        self.facts = AuditionFacts()
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 100)
        self.volume.setValue(100)
        self.volume.setFixedWidth(_VOLUME_PX)
        OwnKeys(self.volume, (*ARROWS, *_ENDS_OF_VOLUME))
        self.volume.setAccessibleName("Volume")
        self.volume.setToolTip("Volume, of the film too")
        self.volume.valueChanged.connect(lambda percent: self.volume_changed.emit(percent / 100))
        self._trims = FittingLabel()
        self._trims.setAccessibleName("How far the cut was moved")
        self._buttons = {
            action_id: _button(action_id)
            for action_id in (*_PLAYING, "put_back", *_OVERLAYS, *_SAYING, *_SOUND, *_ENDS)
        }
        for action_id, button in self._buttons.items():
            button.clicked.connect(lambda _=False, action_id=action_id: self._press(action_id))
        self._checked: set[str] = set()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Controls of the cut")
        self._lay_out()
        self.set_playing(False)
        self.set_muted(False)
        self.set_mode("play")

    @property
    def trims_text(self) -> str:
        """What is said of how far the cut was moved."""
        return self._trims.text()

    def button(self, action_id: str) -> QToolButton:
        return self._buttons[action_id]

    def set_item(self, item: MatchItem | None) -> None:
        self.facts.set_item(item)
        verdict = Verdict.OPEN if item is None else item.judged.verdict
        self._check("keep", verdict is Verdict.KEPT)
        self._check("reject", verdict is Verdict.REJECTED)
        self._check("note", item is not None and bool(item.judged.note))

    def set_cut(self, cut: AuditionCut | None, titles: tuple[tuple[str, str], tuple[str, str]]) -> None:
        """Show that cut; `titles` are name and timecode of either side."""
        self.strip.set_cut(cut, titles)
        self._trims.set_texts(("",) if cut is None else cut.trims_texts)
        is_moved = cut is not None and any(cut.trims)
        self._trims.setStyleSheet(f"color: {palette.TEXT_STRONG if is_moved else palette.TEXT_QUIET};")
        self._buttons["put_back"].setEnabled(is_moved)

    def set_playing(self, is_playing: bool) -> None:
        button = self._buttons["play"]
        button.setIcon(icon("pause" if is_playing else "play"))
        button.setAccessibleName("Pause" if is_playing else "Play")

    def set_muted(self, is_muted: bool) -> None:
        button = self._buttons["mute"]
        button.setIcon(icon("muted" if is_muted else "volume"))
        button.setAccessibleName("Unmute" if is_muted else "Mute")

    def set_volume(self, volume_01: float) -> None:
        """Put the slider there, without emitting."""
        self.volume.blockSignals(True)
        self.volume.setValue(round(100 * volume_01))
        self.volume.blockSignals(False)

    def set_mode(self, mode: str) -> None:
        for action_id in _OVERLAYS:
            self._check(action_id, action_id == mode)

    def set_legend(self, is_shown: bool) -> None:
        """Whether the keys are shown."""
        self._check("legend", is_shown)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width()
        style = _WORDED if wide >= _WORDS_FROM_PX else Qt.ToolButtonStyle.ToolButtonIconOnly
        for action_id in (*_OVERLAYS, *_SAYING, *_ENDS):
            self._buttons[action_id].setToolButtonStyle(style)
        button_px = self._buttons["play"].sizeHint().width() + _BETWEEN_PX
        needed_px = 2 * _INSET_PX + 3 * _INSET_PX + button_px * len(self._buttons) + _LEAST_TRIMS_PX
        self.volume.setVisible(wide >= needed_px + _TRIMS_PX - _LEAST_TRIMS_PX + _VOLUME_PX)
        self._trims.setVisible(wide >= needed_px)
        needed_px -= _LEAST_TRIMS_PX
        for parts in _SPARED:
            for part in parts:
                self._buttons[part].setVisible(wide >= needed_px)
            needed_px -= button_px * len(parts)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # now: it was laid out before this was known

    def _check(self, action_id: str, is_checked: bool) -> None:
        (self._checked.add if is_checked else self._checked.discard)(action_id)
        self._buttons[action_id].setChecked(is_checked)

    def _press(self, action_id: str) -> None:
        button = self._buttons[action_id]
        if button.isCheckable():
            button.setChecked(action_id in self._checked)  # what it shows is for the owner to say
        self.pressed.emit(action_id)

    def _lay_out(self) -> None:
        left, middle, right = (QHBoxLayout() for _ in range(3))
        for line, action_ids in ((left, _PLAYING), (middle, _OVERLAYS), (right, (*_SAYING, *_SOUND, *_ENDS))):
            line.setSpacing(_BETWEEN_PX)
            if line is right:
                line.addStretch(1)
            for action_id in action_ids:
                line.addWidget(self._buttons[action_id])
                if action_id == "note":
                    line.addSpacing(_INSET_PX)
                if action_id == "mute":
                    line.addWidget(self.volume)
        left.addWidget(self._buttons["put_back"])
        left.addWidget(self._trims, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_INSET_PX)
        for place, line in enumerate((left, middle, right)):
            grid.addLayout(line, 0, place)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_INSET_PX, 8, _INSET_PX, 8)
        column.setSpacing(4)
        column.addWidget(self.strip)
        column.addWidget(self.facts)
        column.addLayout(grid)


def _button(action_id: str) -> QToolButton:
    key = BY_ID[action_id]
    button = QToolButton()
    button.setIcon(icon(key.icon))
    button.setText(key.word)
    button.setIconSize(QSize(16, 16))
    button.setAutoRaise(True)
    button.setCheckable(action_id in (*_OVERLAYS, *_SAYING, "legend"))
    # the audition has the keys; the Tab key goes through the buttons
    OwnKeys(button, (Qt.Key.Key_Space,))
    button.setAccessibleName(key.name)
    button.setToolTip(tip_of(action_id))
    return button
