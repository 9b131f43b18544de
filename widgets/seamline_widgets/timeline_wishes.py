"""Which pictures the timeline would show if it had them, said once the view has come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from seamline_widgets.timeline_filmstrip import FilmstripRow, Wish
from seamline_widgets.timeline_scale import TimeScale

_REST_MS = 60


class PictureWishes(QObject):
    """`wanted(tuple of Wish)`: what the row wants for the part in view, when that is more than it wanted before."""

    wanted = Signal(object)

    def __init__(self, row: FilmstripRow, parent: QObject) -> None:
        super().__init__(parent)
        self._row = row
        self._view: tuple[TimeScale, float, int] | None = None
        self._said: frozenset[Wish] = frozenset()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._say)

    def forget(self) -> None:
        """Another film: nothing has been said of it."""
        self._rest.stop()
        self._view = None
        self._said = frozenset()

    def look(self, scale: TimeScale, height_px: float) -> None:
        """Pictures of that height are in view; called whenever they are painted."""
        view = scale, height_px, self._row.version
        if view != self._view:
            self._view = view
            self._rest.start()

    def _say(self) -> None:
        if self._view is None:
            return
        wishes = self._row.wishes(*self._view[:2])
        # what is still on its way must not be begun again because a part of it has come
        if not self._said.issuperset(wishes):
            self._said = frozenset(wishes)
            self.wanted.emit(wishes)
