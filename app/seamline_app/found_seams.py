"""What the analysis found, divided by the editor's threshold into proposals and places that are just none."""

from __future__ import annotations

from collections.abc import Iterable

from seamline.project.types import Origin, Seam


class FoundSeams:
    """`proposed` is what is at least as likely as `threshold`, `faint` what is less; both in order.

    Beyond what is analysed, `proposed` goes on with `last_proposals`: what was proposed when the film was open last.
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
        self._judged, self._done_frames = tuple(sorted(judged)), done_frames
        self._divide()

    def with_held(self, selection: Iterable[Seam]) -> tuple[Seam, ...]:
        """The proposals, with those that the editor has before the eyes even if they are none any more."""
        proposals = self.proposed
        known = {seam.id for seam in proposals}
        for held in selection:
            if held.origin is Origin.ANALYSIS and held.id not in known:
                proposals = (*(seam for seam in proposals if not seam.overlaps(held)), held)
        return proposals

    def _divide(self) -> None:
        found = tuple(seam for seam in self._judged if seam.confidence >= self._threshold)
        self.faint = tuple(seam for seam in self._judged if seam.confidence < self._threshold)
        from_frame = max(self._done_frames, found[-1].in_frame if found else 0)
        self.proposed = (*found, *(seam for seam in self._last_proposals if seam.out_frame >= from_frame))
