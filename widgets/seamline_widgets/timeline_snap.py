"""Where a drag on the timeline snaps to: frames that mean something, a few pixels away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SNAP_PX = 6.0


@dataclass(frozen=True, slots=True)
class SnapTargets:
    """Places in frames: `single` ones, and `seams` (int64[n], in order), of which a crowd catches nothing.

    Otherwise there would be no place left between seams that stand closer than the hand can aim.
    """

    single: tuple[int, ...]
    seams: NDArray[np.int64]

    def nearest(self, place: float, frame_px: float) -> int | None:
        """The target within `SNAP_PX` of `place` when a frame is `frame_px` wide.

        None where frames are so wide that the hand hits each of them: none is ever out of reach.
        """
        if frame_px >= SNAP_PX:
            return None
        reach = SNAP_PX / frame_px
        near = (*self.single, *self._seams_near(place, reach))
        target = min(near, key=lambda one: abs(one - place), default=None)
        return target if target is not None and abs(target - place) <= reach else None

    def shift(self, places: Iterable[int], frame_px: float) -> tuple[int, int] | None:
        """By how many frames the one of `places` that is nearest to a target misses it, and that target."""
        hits = [
            (target - place, target)
            for place in places
            if (target := self.nearest(place, frame_px)) is not None
        ]
        return min(hits, key=lambda hit: abs(hit[0]), default=None)

    def _seams_near(self, place: float, reach: float) -> list[int]:
        after = int(np.searchsorted(self.seams, place))
        near = self.seams[max(0, after - 2) : after + 2].tolist()
        return [
            seam
            for at, seam in enumerate(near)
            if (at == 0 or seam - near[at - 1] > 2 * reach)
            and (at + 1 == len(near) or near[at + 1] - seam > 2 * reach)
        ]
