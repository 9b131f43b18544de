"""What the window and the player's threads tell each other: wishes one way, pictures and figures the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film
from seamline_app.jobs.play_span import PlaySpan
from seamline_app.jobs.sound import SinkMaker


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the window wants the player to be. A newer wish takes the place of an older one.

    `job` counts the films opened; `seek_id` and `play_id` count the wishes, so that the same frame or
    speed can be wished for again. `speed` 0 is pause. `make_sink` is None where there is no sound device.
    `first` and `last` are the frames that playing stays in while `looping`, None for the film's own ends.
    `proxies` are small pictures of the film, shown until the exact ones are decoded. `make_scrub_sink`
    is None unless frames that are sought shall be heard.
    """

    job: int
    film: Film
    seek_id: int = 0
    frame: int = 0
    play_id: int = 0
    speed: float = 0.0
    first: int | None = None
    last: int | None = None
    looping: bool = False
    limit: tuple[int, int] = (1920, 1080)
    volume_01: float = 1.0
    make_sink: SinkMaker | None = None
    proxies: Proxies | None = None
    make_scrub_sink: SinkMaker | None = None

    @property
    def span(self) -> PlaySpan:
        """The frames that playing stays in: the whole film unless looping."""
        if not self.looping:
            return PlaySpan.of(self.film.index)
        return PlaySpan.of(self.film.index, self.first, self.last, looping=True)

    @property
    def moves(self) -> tuple[object, ...]:
        """What it takes to be on the same way: where it differs, the older wish is outdated."""
        ends = (self.first, self.last) if self.looping else None
        return self.job, self.seek_id, self.play_id, ends

    @property
    def picture_key(self) -> tuple[int, tuple[int, int]]:
        """Whose pictures are wanted, and how large: what was made for another key is of no use."""
        return self.job, self.limit


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on its way to the window; `seek_id` is the last seek that was done before it.

    `is_proxy`: not the film's own picture: the same frame, smaller and coarser, or with `stands_in` a key
    frame near the one sought, under its own number. The exact picture is to follow. While `playing`,
    either kind may follow the other. `shown_frame` is the frame that is really seen, where a damaged film has
    lost `frame`; None where it is `frame`.
    """

    job: int
    seek_id: int
    frame: int
    image: QImage
    is_proxy: bool = False
    stands_in: bool = False
    playing: bool = False
    shown_frame: int | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Nothing may be shown after what has a higher one: no older wish, and nothing coarser."""
        fineness = 2 if self.playing or not self.is_proxy else 0 if self.stands_in else 1
        return self.job, self.seek_id, fineness


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the player is: what is read behind it follows. `wanted` is the wish that is being done."""

    wanted: Wanted
    frame: int
    speed: float


class Laid(Enum):
    """What became of a picture that was laid down."""

    FIRST = auto()
    """Nothing else lay there: the window must be told."""
    OVER_PLAYED = auto()
    """It took the place of one that was played and that the window had no time to take."""
    OVER_OTHER = auto()
    """It took the place of one that need not be seen any more."""
    TOO_LATE = auto()
    """It was dropped, as something newer or finer had been laid down already."""


class Desk:
    """Wishes lie here for the threads, and the newest picture for the window."""

    def __init__(self, wanted: Wanted) -> None:
        self._lock = threading.Lock()
        self._wanted = wanted
        self._picture: Shown | None = None
        self._last_order = (-1, -1, 0)
        self.shown_at_s = 0.0
        """When, in monotonic seconds, a picture was last laid down."""
        self.shown_frame: int | None = None
        """The number of that picture."""
        self.has_exact: Callable[[int], bool] = lambda _: False
        """Whether the exact picture of a frame can be shown without decoding; may be asked from any thread."""
        self.seconds_to: Callable[[int], float] = lambda _: 0.0
        """How long decoding the exact picture of a frame will take, about; may be asked from any thread."""
        self.focus: Focus | None = None
        """Laid down by the player's thread; None while nothing is to be read behind it."""
        self.closing = False
        self.dropped_frames = 0

    @property
    def wanted(self) -> Wanted:
        return self._wanted

    def want(self, **changes: Any) -> Wanted:
        """Lay down a changed wish (fields of Wanted); only the window does."""
        self._wanted = replace(self._wanted, **changes)
        return self._wanted

    def is_outdated(self, wanted: Wanted) -> bool:
        """Whether the film, the place or the speed wished for has changed since."""
        return self.closing or self._wanted.moves != wanted.moves

    def put(self, picture: Shown) -> Laid:
        """Lay down a picture, in place of one that was not yet taken."""
        with self._lock:
            if picture.order < self._last_order:
                return Laid.TOO_LATE
            self._last_order, self.shown_at_s = picture.order, time.monotonic()
            self.shown_frame = picture.frame
            waiting, self._picture = self._picture, picture
        if waiting is None:
            return Laid.FIRST
        return Laid.OVER_PLAYED if waiting.playing else Laid.OVER_OTHER

    def take(self) -> Shown | None:
        """The newest picture, once."""
        with self._lock:
            picture, self._picture = self._picture, None
            return picture
