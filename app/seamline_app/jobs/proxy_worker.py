"""Shows at once, small or from nearby, what the player's thread is still decoding."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot

from seamline.errors import SeamlineError
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline_app.jobs.desk import Desk, Laid, Shown, Wanted
from seamline_app.jobs.frame_source import as_image

_log = logging.getLogger(__name__)

# where the exact picture comes sooner, a key frame would only flash up before it
_FAR_S = 0.12


class ProxyWorker(QObject):
    """Lays the proxy of the frame sought last on the desk, unless its exact picture needs no decoding.

    Where there is no proxy yet and the way is long, it is the nearest key frame, under its own number, if
    that is nearer than what is on the screen. Lives in a thread of its own: the player's is busy with the
    exact picture.
    """

    picture_waiting = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._done = (-1, -1)  # job and seek_id
        self._reader: FrameReader | None = None
        self._film: Film | None = None

    @Slot()
    def look(self) -> None:
        """Something new lies on the desk."""
        try:
            self._show()
        except SeamlineError as error:
            _log.warning("nothing stands in: %s", error)
        except Exception:  # noqa: BLE001  the thread boundary: the exact picture comes all the same
            _log.exception("no proxy")

    @Slot()
    def shut_down(self) -> None:
        """Let go of everything, in the thread that it belongs to, and end the thread."""
        self._close()
        self.thread().quit()

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._film = None

    def _show(self) -> None:
        wanted = self._desk.wanted
        sought = wanted.job, wanted.seek_id
        if self._desk.closing or sought == self._done:
            return
        self._done = sought
        if self._film is not wanted.film:
            self._close()
        if self._desk.has_exact(wanted.frame):
            return
        rgb = wanted.proxies.picture_of(wanted.frame) if wanted.proxies is not None else None
        # shown even if there is a newer wish by now: a scrub that is faster than this shall not stand still
        if rgb is not None:
            self._put(Shown(wanted.job, wanted.seek_id, wanted.frame, as_image(rgb), is_proxy=True))
        elif not wanted.speed and (key := self._better_keyframe(wanted)) is not None:
            picture = self._reader_of(wanted.film).read(key, limit=wanted.limit)
            shown = Shown(
                wanted.job,
                wanted.seek_id,
                key,
                as_image(picture.rgb),
                is_proxy=True,
                stands_in=True,
                shown_frame=picture.shown_frame,
            )
            self._put(shown)

    def _better_keyframe(self, wanted: Wanted) -> int | None:
        """The key frame nearest to the frame sought; None where waiting for that frame is better."""
        if self._desk.seconds_to(wanted.frame) < _FAR_S or self._desk.is_outdated(wanted):
            return None
        index, shown = wanted.film.index, self._desk.shown_frame
        before = index.keyframe_before(wanted.frame)
        key = min(
            (before, *index.keyframes[index.keyframes > wanted.frame][:1].tolist()),
            key=lambda number: abs(number - wanted.frame),
        )
        is_nearer = shown is None or abs(key - wanted.frame) < abs(shown - wanted.frame)
        return key if is_nearer and key != wanted.frame else None

    def _reader_of(self, film: Film) -> FrameReader:
        if self._reader is None:
            self._reader, self._film = FrameReader(film, cache_bytes=0), film
        return self._reader

    def _put(self, picture: Shown) -> None:
        if self._desk.put(picture) is Laid.FIRST:
            self.picture_waiting.emit()
