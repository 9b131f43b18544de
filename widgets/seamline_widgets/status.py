"""The status line: what runs, how far it is, how fast, how long still, and on what device."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from seamline_resources import palette
from seamline_widgets.percent import percent_text
from seamline_widgets.theme import figures_font

_DOT = "·   "
_LONGEST_DEVICE_PX = 280


class StatusLine(QWidget):
    """Fits into a `QStatusBar` (`addWidget(status, 1)`) or at the foot of a layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = _quiet_label("Activity")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 4)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress")
        self._figures = _quiet_label("Speed and time left")
        self._figures.setFont(figures_font())
        self._review = _quiet_label("Review")
        self._sound = _quiet_label("Sound")
        self._device = _quiet_label("Device")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(self._text)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._figures)
        layout.addWidget(self._review)
        layout.addStretch()
        layout.addWidget(self._sound)
        layout.addWidget(self._device)
        # figures are taller than words: the views above shall not move when they come and go
        margins = layout.contentsMargins()
        self.setMinimumHeight(self._figures.sizeHint().height() + margins.top() + margins.bottom())
        self.set_idle("")

    @property
    def text(self) -> str:
        """What the line says runs."""
        return self._text.text()

    @property
    def figures(self) -> str:
        """What the line says of progress, speed and time left."""
        return self._figures.text()

    def set_activity(
        self,
        text: str,
        done: int,
        total: int,
        *,
        times_real_time: float | None = None,
        seconds_left: float | None = None,
    ) -> None:
        """Show a running job at `done` of `total` frames; speed and time left where they are known."""
        self._text.setText(text)
        share = done / total if total > 0 else 0.0
        self._bar.setValue(round(1000 * min(1.0, max(0.0, share))))
        self._bar.show()
        parts = [percent_text(share).rjust(5)]
        if times_real_time is not None:
            parts.append(f"{times_real_time:.1f}× real time")
        if seconds_left is not None:
            parts.append(f"{format_duration(seconds_left)} left")
        self._figures.setText("   ".join(parts))
        self._figures.show()

    def set_idle(self, text: str) -> None:
        """Show that nothing runs, and `text`, such as what was found."""
        self._text.setText(text)
        self._bar.setValue(0)
        self._bar.hide()
        self._figures.clear()
        self._figures.hide()

    @property
    def review(self) -> str:
        """What the line says of the editor's review."""
        return self._review.text().removeprefix(_DOT)

    def set_review(self, text: str) -> None:
        """Show how far the editor's review is and what comes of it, whether something runs or not."""
        self._review.setText(_DOT + text if text else "")

    def set_sound(self, text: str) -> None:
        """Show why there is no sound; an empty text where there is nothing to say."""
        self._sound.setText(text)

    def set_device(self, text: str) -> None:
        """Show what computes, such as `CPU, 8 threads`; a long text is cut short, and whole in the tooltip."""
        shown = self._device.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _LONGEST_DEVICE_PX)
        self._device.setText(shown)
        self._device.setToolTip(text if shown != text else "")


def format_duration(seconds: float) -> str:
    """`seconds` as `m:ss` or `h:mm:ss`, rounded to a second."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _quiet_label(accessible_name: str) -> QLabel:
    label = QLabel()
    label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAccessibleName(accessible_name)
    return label
