"""The left part of the transport bar: position, length, in and out, speed, and frames that were dropped."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from seamline.media.positions import FilmClock, PositionDisplay, grouped
from seamline_resources import palette
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.position_field import PositionField
from seamline_widgets.theme import figures_font

_NO_POSITION = "--:--:--:--"


class TransportReadout(QWidget):
    """All of it in one `PositionDisplay`, which `display_changed(str)` tells when the user changes it."""

    display_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock: FilmClock | None = None
        self._frame = 0
        self._in_frame: int | None = None
        self._out_frame: int | None = None
        self._display = PositionDisplay.TIMECODE
        self.field = PositionField()
        self.field.display_chosen.connect(self._choose_display)
        self._line = FittingLabel()
        self._line.setFont(figures_font())
        self._line.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._line.setAccessibleName("Frame and length of the film, in and out")
        self._line.setContentsMargins(4, 0, 0, 0)  # under the figures of the field
        self._speed = QLabel()
        self._speed.setFont(figures_font())
        self._speed.setStyleSheet(f"color: {palette.ACCENT};")
        self._speed.setAccessibleName("Speed")
        self._dropped = QLabel()
        self._dropped.setFont(figures_font())
        self._dropped.setStyleSheet(f"color: {palette.WARNING};")
        self._dropped.setAccessibleName("Frames dropped while playing")
        self._lay_out()
        self.clear()
        self.set_dropped(0)

    # -- position

    @property
    def display(self) -> PositionDisplay:
        return self._display

    def set_display(self, display: PositionDisplay) -> None:
        """Say positions and lengths in that manner, without emitting."""
        self._display = display
        self.field.set_display(display)
        self._show()

    def cycle_display(self) -> None:
        self._choose_display(self._display.following)

    def set_clock(self, clock: FilmClock) -> None:
        """Show positions of that film."""
        self._clock = clock
        self.field.setEnabled(True)
        self._show()

    def set_frame(self, frame: int) -> None:
        """Show where the playhead stands."""
        self._frame = frame
        self._show()

    def set_in_out(self, in_frame: int | None, out_frame: int | None) -> None:
        """Show what is marked; the out frame is the last one that belongs to it."""
        self._in_frame, self._out_frame = in_frame, out_frame
        self._show()

    def clear(self) -> None:
        """Show that there is no film."""
        self.field.accept()
        self.field.setEnabled(False)
        self._clock = None
        self._frame = 0
        self._in_frame = self._out_frame = None
        self._show()

    # -- speed and dropped frames

    @property
    def speed_text(self) -> str:
        return self._speed.text()

    def set_speed(self, speed: float) -> None:
        text = "" if speed in (0, 1) else f"{abs(speed):g}×"
        self._speed.setText(f"−{text}" if speed < 0 else text)

    def set_dropped(self, count: int) -> None:
        """Show how many frames were not shown in time; nothing at 0."""
        self._dropped.setVisible(count > 0)
        self._dropped.setText(f"{grouped(count)} dropped")
        frames = "1 frame was" if count == 1 else f"{grouped(count)} frames were"
        self._dropped.setToolTip(
            f"{frames} left out while playing, as this machine was late.\n"
            "The picture stays with the sound, and the frame number is right."
        )

    # -- how it is said

    def _choose_display(self, display: str) -> None:
        if display != self._display:
            self.set_display(PositionDisplay(display))
            self.display_changed.emit(self._display.value)

    def _show(self) -> None:
        clock = self._clock
        if clock is None:
            self.field.set_text(_NO_POSITION)
            self._line.set_texts(["No film"])
            self._line.setToolTip("")
            return
        self.field.set_text(clock.text(self._frame, self._display))
        length = clock.length_text(0, clock.last_frame + 1, self._display)
        if self._display is PositionDisplay.FRAMES:
            length, other = f"{length} frames", clock.text(self._frame, PositionDisplay.TIMECODE)
        else:
            other = f"Frame {grouped(self._frame)}"
        marks = self._marks(clock)
        self._line.setToolTip("\n".join([f"Length of the film: {length}", *marks[:1]]))
        if marks:
            # where the playhead is comes first: the timeline shows the marks too
            self._line.set_texts([*(f"{other}  {text}" for text in marks), other])
        else:
            self._line.set_texts([f"{length}  {other}", other])

    def _marks(self, clock: FilmClock) -> list[str]:
        """What is marked, in full and shorter and shorter."""
        if self._in_frame is None and self._out_frame is None:
            return []
        if self._in_frame is None or self._out_frame is None:
            name, frame = ("In", self._in_frame) if self._out_frame is None else ("Out", self._out_frame)
            position = clock.text(frame or 0, self._display)
            return [f"{name} {position}", position]
        start, end = (clock.text(frame, self._display) for frame in (self._in_frame, self._out_frame))
        length = clock.length_text(self._in_frame, self._out_frame + 1, self._display)
        ends = f"In {start}  Out {end}"
        return [f"{ends}  ({length})", f"{start}–{end}  {length}", ends, f"In–out {length}", f"({length})"]

    def _lay_out(self) -> None:
        metrics = QFontMetrics(figures_font())
        # what is said of the speed must not push anything about
        self._speed.setMinimumWidth(metrics.horizontalAdvance("−0.25×"))
        above = QHBoxLayout()
        above.addWidget(self.field)
        above.addStretch()
        above.addWidget(self._speed)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._line, 1)
        below.addWidget(self._dropped)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addLayout(below)
