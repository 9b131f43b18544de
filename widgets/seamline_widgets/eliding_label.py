"""A line of text that says as much as there is room for, with dots where even the shortest is too long."""

from __future__ import annotations

from PySide6.QtCore import Qt

from seamline_widgets.fitting_label import FittingLabel


class ElidingLabel(FittingLabel):
    """A `FittingLabel` whose last text is shortened where it must be."""

    def _fit(self) -> None:
        super()._fit()
        room_px = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room_px))
