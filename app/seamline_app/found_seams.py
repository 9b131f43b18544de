"""What the analysis found, divided by the editor's threshold into proposals and places that are just none."""

from __future__ import annotations

from collections.abc import Iterable

from seamline.project.types import BY_PLACE, Origin, Seam


class FoundSeams:
    """`proposed` is what is at least as likely as `threshold`, `faint` what is less; both in order.

    Beyond what is analysed, `proposed` goes on with those of `last_proposals`, what was proposed when the film was open
    last, that are so likely.
    """

    def __init__(self, last_proposals: tuple[Seam, ...], threshold: float) -> None:
        self._last_proposals = last_proposals
        self._threshold = threshold
        self._judged: tuple[Seam, ...] = ()
        self._done_frames = 0
        self.proposed: tuple[Seam, ...] = ()
        self.faint: tuple[Seam, ...] = ()

    @property
    def threshold(self) -> float:
        return self._threshold

    @threshold.setter
    def threshold(self, threshold: float) -> None:
        self._threshold = threshold
        self._divide()

    def put(self, judged: Iterable[Seam], done_frames: int) -> None:
        """Have that as what the analysis found in the first `done_frames` frames."""
        self._judged, self._done_frames = tuple(sorted(judged, key=BY_PLACE)), done_frames
        self._divide()

    def with_held(self, held: Seam | None) -> tuple[Seam, ...]:
        """The proposals, with the one that the editor has before the eyes even if it is none any more."""
        if (
            held is None
            or held.origin is not Origin.ANALYSIS
            or any(seam.id == held.id for seam in self.proposed)
        ):
            return self.proposed
        return (*(seam for seam in self.proposed if not seam.overlaps(held)), held)

    def _divide(self) -> None:
        found = tuple(seam for seam in self._judged if seam.confidence >= self._threshold)
        self.faint = tuple(seam for seam in self._judged if seam.confidence < self._threshold)
        from_frame = max(self._done_frames, found[-1].in_frame if found else 0)
        last = (seam for seam in self._last_proposals if seam.out_frame >= from_frame)
        self.proposed = (*found, *(seam for seam in last if seam.confidence >= self._threshold))
