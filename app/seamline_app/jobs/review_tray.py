"""What the review's threads are asked for: pictures of the seam before the eyes, then of those that may come next."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film


@dataclass(frozen=True, slots=True)
class Order:
    """One picture that is to be made: of `frame`, not larger than `limit` (width, height)."""

    job: int
    film: Film
    frame: int
    limit: tuple[int, int]


class ReviewTray:
    """Wishes on their way to the threads: what is looked at comes before what may be, and the newest list alone counts.

    Exact pictures of a list are begun at `exact_from_s` (monotonic), so that an editor who goes on at once has
    nothing decoded for seams that were passed by. Each picture is handed out once: an exact one not again before it
    was put back or has arrived, however often it is wanted meanwhile.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job = 0
        self._film: Film | None = None
        self._limit = (1, 1)
        self._wanted: list[int] = []
        self._ahead: list[int] = []
        self._has_exact: set[int] = set()
        self._has_proxy: set[int] = set()
        self._in_flight: set[tuple[int, tuple[int, int]]] = set()  # exact pictures: frame and limit
        self._exact_from_s = 0.0
        self.proxies: Proxies | None = None
        self.paused = False
        self.closing = False

    def begin(self, job: int, film: Film) -> None:
        """Another film: nothing is wanted of it yet."""
        with self._lock:
            self._job, self._film, self.proxies = job, film, None
            self._in_flight.clear()
            self._forget((), (), self._limit)

    def put(
        self,
        frames: Sequence[int],
        limit: tuple[int, int],
        *,
        exact: Iterable[int],
        coarse: Iterable[int],
        exact_from_s: float,
    ) -> None:
        """Want these frames in place of all others; of `exact` and `coarse` there are pictures already."""
        with self._lock:
            self._forget(frames, (), limit)
            self._has_exact.update(exact, (frame for frame, size in self._in_flight if size == limit))
            self._has_proxy.update(coarse)
            self._exact_from_s = exact_from_s

    def put_ahead(self, frames: Sequence[int], *, exact: Iterable[int], coarse: Iterable[int]) -> None:
        """Want these too, when nothing else is to be done."""
        with self._lock:
            self._ahead = list(frames)
            self._has_exact.update(exact)
            self._has_proxy.update(coarse)

    def hurry(self) -> None:
        """Have the exact pictures begun now: there is nothing to show meanwhile."""
        with self._lock:
            self._exact_from_s = 0.0

    def take_exact(self) -> Order | None:
        with self._lock:
            if self._film is None or self.paused or self.closing or time.monotonic() < self._exact_from_s:
                return None
            order = self._taken(self._has_exact)
            if order is not None:
                self._in_flight.add((order.frame, order.limit))
            return order

    def take_proxy(self) -> Order | None:
        with self._lock:
            if self._film is None or self.proxies is None or self.closing:
                return None
            return self._taken(self._has_proxy | self._has_exact, self._has_proxy)

    def put_back(self, order: Order) -> None:
        """The exact picture was given up on the way: it may be asked for again."""
        with self._lock:
            if order.job == self._job:
                self._has_exact.discard(order.frame)
                self._in_flight.discard((order.frame, order.limit))

    def arrived(self, frame: int, limit: tuple[int, int]) -> None:
        """An exact picture of the film that is open has come to the window, or word that there is none."""
        with self._lock:
            self._in_flight.discard((frame, limit))

    def is_stale(self, order: Order) -> bool:
        """Whether the exact picture that is being decoded shall be given up."""
        with self._lock:
            if self.closing or self.paused or order.job != self._job or order.limit != self._limit:
                return True
            if order.frame in self._wanted:
                return False
            return order.frame not in self._ahead or any(f not in self._has_exact for f in self._wanted)

    def _forget(self, wanted: Sequence[int], ahead: Sequence[int], limit: tuple[int, int]) -> None:
        self._wanted, self._ahead, self._limit = list(wanted), list(ahead), limit
        self._has_exact.clear()
        self._has_proxy.clear()

    def _taken(self, done: set[int], mark: set[int] | None = None) -> Order | None:
        frame = next((f for f in (*self._wanted, *self._ahead) if f not in done), None)
        if frame is None or self._film is None:
            return None
        (done if mark is None else mark).add(frame)
        return Order(self._job, self._film, frame, self._limit)
