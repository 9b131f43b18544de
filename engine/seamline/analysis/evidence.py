"""Seamline's own seam network over a film: what each gap between two frames is part of."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from seamline.analysis.stage import FloatArray, Pictures, PictureSpec, Resumption, SignalBlock
from seamline.models.seam_evidence import REACH_FRAMES, evidence_maps
from seamline.models.seam_net_session import CONTEXT_GAPS, SeamNetSession
from seamline.progress import Progress

CUT_EVIDENCE, DISSOLVE_EVIDENCE = "cut_evidence", "dissolve_evidence"
FADE_EVIDENCE, WIPE_EVIDENCE = "fade_evidence", "wipe_evidence"
MIDDLE_EVIDENCE = "middle_evidence"
KIND_EVIDENCE = (CUT_EVIDENCE, DISSOLVE_EVIDENCE, FADE_EVIDENCE, WIPE_EVIDENCE)

BLOCK_GAPS = 200
_FIRST_BLOCKS = (0, 50, 100, BLOCK_GAPS)
_MARGIN_FRAMES = CONTEXT_GAPS + REACH_FRAMES


class EvidenceStage:
    """Gives `cut_evidence`, `dissolve_evidence`, `fade_evidence` and `wipe_evidence`: the probabilities, 0 to 1,
    that the gap behind each frame is part of such a seam; and `middle_evidence`, that it is a seam's middle.
    The last frame has no gap behind it: all are 0.

    Blocks begin at 0, 50, 100 and the multiples of 200: soon at first, and the same in a resumed run.
    `session` is called once, when there is something to predict.
    """

    name = "evidence"
    version = 1
    pictures = PictureSpec(48, 27)
    signal_names = (*KIND_EVIDENCE, MIDDLE_EVIDENCE)
    signal_width = 1
    stored_frames = None

    def __init__(self, key: str, session: Callable[[], SeamNetSession]) -> None:
        self.key = key
        self._open_session = session
        self._session: SeamNetSession | None = None
        self._progress: Progress | None = None
        self._buffer: list[Pictures] = []
        self._buffer_start = self._end = self._next_gap = 0

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        if self._session is None:
            self._session = self._open_session()
        self._progress = progress
        self._next_gap = _block_at(done_frames).start
        self._buffer_start = self._end = max(0, self._next_gap - _MARGIN_FRAMES)
        self._buffer = []
        return Resumption(self._buffer_start, self._next_gap)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        self._buffer.append(pictures)
        self._end += len(pictures)
        blocks = []
        while self._end > _block_at(self._next_gap).stop + _MARGIN_FRAMES:
            blocks.append(self._block(_block_at(self._next_gap).stop))
        return blocks

    def finish(self) -> list[SignalBlock]:
        blocks = []
        while self._end > self._next_gap:
            blocks.append(self._block(min(_block_at(self._next_gap).stop, self._end)))
        return blocks

    def _block(self, end: int) -> SignalBlock:
        """The values of the frames from the next one to `end`, which is not among them."""
        assert self._session is not None, "resume() comes first"
        start = self._next_gap
        frames = end - start
        held = np.concatenate(self._buffer)
        last = min(self._end, _block_at(start).stop + _MARGIN_FRAMES + 1)
        window = held[: last - self._buffer_start]
        values = np.zeros((frames, len(self.signal_names)), np.float32)
        gaps = min(end, last - 1) - start
        if gaps > 0:
            classes, middle = self._session.predict(evidence_maps(window), progress=self._progress)
            first = start - self._buffer_start
            values[:gaps, :-1] = classes[first : first + gaps, 1:]
            values[:gaps, -1] = middle[first : first + gaps]
        kept_from = max(0, end - _MARGIN_FRAMES)
        self._buffer = [held[kept_from - self._buffer_start :]]
        self._buffer_start, self._next_gap = kept_from, end
        return SignalBlock(start, dict(zip(self.signal_names, _columns(values), strict=True)))


def _block_at(gap: int) -> range:
    """The block that the gap lies in."""
    for start, stop in pairwise(_FIRST_BLOCKS):
        if gap < stop:
            return range(start, stop)
    start = gap // BLOCK_GAPS * BLOCK_GAPS
    return range(start, start + BLOCK_GAPS)


def _columns(values: FloatArray) -> list[FloatArray]:
    return [np.ascontiguousarray(column) for column in values.T]
