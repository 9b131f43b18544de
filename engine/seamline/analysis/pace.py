"""How much of the time the threads of an analysis work, beside something that must not wait for them."""

from __future__ import annotations

import threading

FULL = 1.0
_LONGEST_REST_S = 0.5


class Pace:
    """Tells the threads of an analysis how long to rest after each piece of work. `share` may change at any time.

    `share`: of the time, over 0 and at most 1; at 1 nobody rests.
    """

    def __init__(self, share: float = FULL) -> None:
        self.share = share

    @property
    def share(self) -> float:
        return self._share

    @share.setter
    def share(self, share: float) -> None:
        if not 0 < share <= FULL:
            raise ValueError(f"A share of the time lies over 0 and at most at 1, not at {share}.")
        self._share = share

    def rest(self, worked_s: float, stop: threading.Event) -> None:
        """After that much work, do nothing for as long as the share leaves, or until `stop` is set."""
        if self._share < FULL:
            stop.wait(min(worked_s * (FULL / self._share - 1), _LONGEST_REST_S))
