"""What the player's thread puts on the screen: exact pictures, decoded or from the store, and proxies."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from seamline.media.film import Film
from seamline_app.jobs.behind_worker import BehindWorker
from seamline_app.jobs.desk import Desk, Focus, Laid, Shown, Wanted
from seamline_app.jobs.frame_source import FramePicture, FrameSource, as_image
from seamline_app.jobs.picture_store import PictureStore

# what plays and what was just shown; pictures read before they are wanted have a store of their own
_CACHE_BYTES = 160 << 20
_POLL_S = 0.002
_LONGEST_WAIT_S = 30.0


class Screen(QObject):
    """One film's pictures on their way to the desk. For the player's thread; `has` and `seconds_to` from any."""

    picture_waiting = Signal()
    moved = Signal()
    """The desk's focus is another one: there may be something to read before it is wanted."""

    def __init__(
        self, desk: Desk, store: PictureStore, behind: BehindWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._store = store
        self._behind = behind
        self.wanted: Wanted | None = None
        """The wish that is being done."""
        self.source: FrameSource | None = None
        self.shown: int | None = None
        """The number of the frame laid down last."""
        self.shown_at_s = 0.0
        self.shows_proxy = False

    def open(self, film: Film) -> None:
        """Raises MediaError."""
        self.source = FrameSource(film, cache_bytes=_CACHE_BYTES)
        self._desk.has_exact = self.has
        self._desk.seconds_to = self.seconds_to

    def close(self) -> None:
        self._desk.has_exact = lambda _: False
        self._desk.seconds_to = lambda _: 0.0
        self._desk.focus = None
        self._store.clear()
        if self.source is not None:
            self.source.close()
        self.source = self.shown = None
        self.shows_proxy = False

    def has(self, frame: int) -> bool:
        """Whether the exact picture of `frame` needs no decoding."""
        source, wanted = self.source, self.wanted
        if source is None or wanted is None:
            return False
        return source.has(frame) or self._store.has(wanted.picture_key, frame)

    def seconds_to(self, frame: int) -> float:
        """How long decoding the exact picture of `frame` will take, about."""
        source = self.source
        return 0.0 if source is None or self.has(frame) else source.seconds_to(frame)

    def show(self, frame: int, give_up: Callable[[], bool], *, speed: float) -> bool:
        """Show `frame`, unless `give_up` says on the way that a newer wish makes it pointless. Raises MediaError."""
        wanted, source = self.wanted, self.source
        if source is None or wanted is None:
            return False
        self._wait_for_behind(wanted, frame, give_up)
        picture = self._store.get(wanted.picture_key, frame) or source.read(frame, wanted.limit, give_up)
        if picture is None:
            return False
        self._lay_down(wanted, frame, picture, speed, is_proxy=False)
        return True

    def _wait_for_behind(self, wanted: Wanted, frame: int, give_up: Callable[[], bool]) -> None:
        """Where what is read behind comes by `frame` sooner than one could oneself: leave it the processor."""
        source = self.source
        until_s = time.monotonic() + _LONGEST_WAIT_S
        while (
            source is not None
            and not self.has(frame)
            and self._behind.seconds_to(wanted.job, frame) < source.seconds_to(frame)
            and time.monotonic() < until_s
            and not give_up()
        ):
            time.sleep(_POLL_S)

    def show_proxy(self, frame: int, *, speed: float) -> bool:
        """Show `frame` small, as playing has come too early for it; whether there is a proxy."""
        wanted = self.wanted
        rgb = wanted.proxies.picture_of(frame) if wanted is not None and wanted.proxies is not None else None
        if rgb is None or wanted is None:
            return False
        self._lay_down(wanted, frame, FramePicture(as_image(rgb), frame), speed, is_proxy=True)
        return True

    def prepare(self, frame: int, give_up: Callable[[], bool]) -> None:
        """Have `frame` ready for when it is wanted. Raises MediaError."""
        wanted, source = self.wanted, self.source
        if (
            source is not None
            and wanted is not None
            and frame < wanted.film.frame_count
            and not self.has(frame)
        ):
            source.prepare(frame, give_up)

    def focus(self, speed: float) -> None:
        """Say where the player is now, and at which speed."""
        if self.wanted is None or self.shown is None:
            return
        self._desk.focus = Focus(self.wanted, self.shown, speed)
        if speed <= 0 or self.wanted.looping:
            self.moved.emit()

    def _lay_down(
        self, wanted: Wanted, frame: int, picture: FramePicture, speed: float, *, is_proxy: bool
    ) -> None:
        self.shown, self.shown_at_s, self.shows_proxy = frame, time.monotonic(), is_proxy
        shown = Shown(
            wanted.job,
            wanted.seek_id,
            frame,
            picture.image,
            is_proxy,
            playing=speed != 0,
            shown_frame=picture.shown_frame,
        )
        laid = self._desk.put(shown)
        if laid is Laid.FIRST:
            self.picture_waiting.emit()
        elif laid is Laid.OVER_PLAYED and 0 < abs(speed) <= 1:
            self._desk.dropped_frames += 1  # the window was too busy to take the one before
        self.focus(speed)
