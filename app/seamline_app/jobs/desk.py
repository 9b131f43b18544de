"""What the window and the player's thread know of each other: the only state that both touch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film
from seamline_app.jobs.sound import SinkMaker


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the window wants the player to be. A newer wish takes the place of an older one.

    `job` counts the films opened; `seek_id` and `play_id` count the wishes, so that the same frame or
    speed can be wished for again. `speed` 0 is pause. `make_sink` is None where there is no sound device.
    `proxies` are small pictures of the film, shown until the exact ones are decoded.
    """

    job: int
    film: Film
    seek_id: int = 0
    frame: int = 0
    play_id: int = 0
    speed: float = 0.0
    limit: tuple[int, int] = (1920, 1080)
    volume_01: float = 1.0
    make_sink: SinkMaker | None = None
    proxies: Proxies | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on its way to the window; `seek_id` is the last seek that was done before it.

    `is_proxy`: the same frame, smaller and coarser; the exact picture is to follow.
    """

    job: int
    seek_id: int
    frame: int
    image: QImage
    is_proxy: bool = False

    @property
    def order(self) -> tuple[int, int, bool]:
        """Nothing may be shown after what has a higher one: no older wish, and no proxy after its exact picture."""
        return self.job, self.seek_id, not self.is_proxy


class Desk:
    """Wishes lie here for the thread, and the newest picture for the window."""

    def __init__(self, wanted: Wanted) -> None:
        self._lock = threading.Lock()
        self._wanted = wanted
        self._picture: Shown | None = None
        self._last_order = (-1, -1, False)
        self.shown_at_s = 0.0
        """When, in monotonic seconds, a picture was last laid down."""
        self.has_exact: Callable[[int], bool] = lambda _: False
        """Whether the exact picture of a frame can be shown without decoding; may be asked from any thread."""
        self.closing = False
        self.dropped_frames = 0

    @property
    def wanted(self) -> Wanted:
        return self._wanted

    def want(self, **changes: Any) -> Wanted:
        """Lay down a changed wish (fields of Wanted); only the window does."""
        self._wanted = replace(self._wanted, **changes)
        return self._wanted

    def put(self, picture: Shown) -> bool:
        """Lay down a picture; whether the window must be told (it knows of one not yet taken).

        One that comes too late, when something newer or finer was laid down already, is dropped.
        """
        with self._lock:
            if picture.order < self._last_order:
                return False
            self._last_order, self.shown_at_s = picture.order, time.monotonic()
            is_news = self._picture is None
            self._picture = picture
            return is_news

    def take(self) -> Shown | None:
        """The newest picture, once."""
        with self._lock:
            picture, self._picture = self._picture, None
            return picture
