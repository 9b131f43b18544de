"""What stands below the picture of the audition: the cut, what is known of the pair, its buttons and keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_widgets.audition_cut import AuditionCut, Place
from seamline_widgets.audition_facts import AuditionFacts
from seamline_widgets.audition_keys import BY_ID, tip_of
from seamline_widgets.audition_legend import KeyLegend
from seamline_widgets.audition_strip import AuditionStrip
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.icons import icon
from seamline_widgets.match_items import MatchItem
from seamline_widgets.own_keys import OwnKeys

_PLAYING = ("previous", "play", "next")
_OVERLAYS = ("difference", "onion", "wipe", "side")
_SAYING = ("keep", "reject", "note")
_SOUND = ("mute",)
_ENDS = ("legend", "leave")
_SPARED = (("previous", "next"), ("mute",), ("put_back",), ("legend",), _OVERLAYS)
"""What goes first where the bar is narrow: the keys do the same."""
_INSET_PX = 12
_TRIMS_PX = 72
_WORDS_FROM_PX = 1120
_WORDED = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class AuditionBar(QWidget):
    """Shows what it is given. `pressed(action_id)`: a button was, one of `audition_keys`."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = AuditionStrip()
        self.facts = AuditionFacts()
        self.legend = KeyLegend()
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

    def set_place(self, place: Place | None) -> None:
        self.strip.set_place(place)

    def set_playing(self, is_playing: bool) -> None:
        button = self._buttons["play"]
        button.setIcon(icon("pause" if is_playing else "play"))
        button.setAccessibleName("Pause" if is_playing else "Play")

    def set_muted(self, is_muted: bool) -> None:
        button = self._buttons["mute"]
        button.setIcon(icon("muted" if is_muted else "volume"))
        button.setAccessibleName("Unmute" if is_muted else "Mute")

    def set_mode(self, mode: str) -> None:
        for action_id in _OVERLAYS:
            self._check(action_id, action_id == mode)

    def show_legend(self, is_shown: bool) -> None:
        self.legend.setVisible(is_shown)
        self._check("legend", is_shown)
        self._fit_legend()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()
        style = _WORDED if event.size().width() >= _WORDS_FROM_PX else Qt.ToolButtonStyle.ToolButtonIconOnly
        for action_id in (*_OVERLAYS, *_SAYING, *_ENDS):
            self._buttons[action_id].setToolButtonStyle(style)
        wide_px = self._buttons["play"].sizeHint().width() + 4
        needed_px = 2 * _INSET_PX + _TRIMS_PX + wide_px * len(self._buttons)
        for parts in _SPARED:
            for part in parts:
                self._buttons[part].setVisible(event.size().width() >= needed_px)
            needed_px -= wide_px * len(parts)
        self._trims.setVisible(event.size().width() >= needed_px)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # now: it was laid out before this was known

    def _fit_legend(self) -> None:
        self.legend.setFixedHeight(self.legend.high_for(max(1, self.width() - 2 * _INSET_PX)))

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
            line.setSpacing(4)
            if line is right:
                line.addStretch(1)
            for action_id in action_ids:
                line.addWidget(self._buttons[action_id])
                if action_id == "note":
                    line.addSpacing(12)
        left.addSpacing(4)
        left.addWidget(self._buttons["put_back"])
        left.addWidget(self._trims, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
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
        column.addWidget(self.legend)


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
