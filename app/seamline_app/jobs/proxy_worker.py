"""Shows at once, small, what the player's thread is still decoding."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot

from seamline_app.jobs.desk import Desk, Shown
from seamline_app.jobs.frame_source import as_image

_log = logging.getLogger(__name__)


class ProxyWorker(QObject):
    """Lays the proxy of the frame sought last on the desk, unless its exact picture needs no decoding.

    Lives in a thread of its own: the player's is busy with the exact picture.
    """

    picture_waiting = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._done = (-1, -1)  # job and seek_id

    @Slot()
    def look(self) -> None:
        """Something new lies on the desk."""
        try:
            self._show()
        except Exception:  # noqa: BLE001  the thread boundary: the exact picture comes all the same
            _log.exception("no proxy")

    def _show(self) -> None:
        wanted = self._desk.wanted
        sought = wanted.job, wanted.seek_id
        if wanted.proxies is None or self._desk.closing or sought == self._done:
            return
        self._done = sought
        if self._desk.has_exact(wanted.frame):
            return
        rgb = wanted.proxies.picture_of(wanted.frame)
        # shown even if there is a newer wish by now: a scrub that is faster than this shall not stand still
        if rgb is not None and self._desk.put(
            Shown(wanted.job, wanted.seek_id, wanted.frame, as_image(rgb), is_proxy=True)
        ):
            self.picture_waiting.emit()
