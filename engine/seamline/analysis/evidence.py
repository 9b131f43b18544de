"""Seamline's own seam network over a film: what each gap between two frames is part of."""

from __future__ import annotations

from collections.abc import Callable

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
_MARGIN_FRAMES = CONTEXT_GAPS + REACH_FRAMES


class EvidenceStage:
    """Gives `cut_evidence`, `dissolve_evidence`, `fade_evidence` and `wipe_evidence`: the probabilities, 0 to 1,
    that the gap behind each frame is part of such a seam; and `middle_evidence`, that it is a seam's middle.
    The last frame has no gap behind it: all are 0.

    Blocks of 200 gaps stand at multiples of 200, so a resumed run gives the same values. `session` is called
    once, when there is something to predict.
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
        self._next_gap = done_frames // BLOCK_GAPS * BLOCK_GAPS
        self._buffer_start = self._end = max(0, self._next_gap - _MARGIN_FRAMES)
        self._buffer = []
        return Resumption(self._buffer_start, self._next_gap)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        self._buffer.append(pictures)
        self._end += len(pictures)
        blocks = []
        while self._end > self._next_gap + BLOCK_GAPS + _MARGIN_FRAMES:
            blocks.append(self._block(BLOCK_GAPS))
        return blocks

    def finish(self) -> list[SignalBlock]:
        blocks = []
        while self._end > self._next_gap:
            blocks.append(self._block(min(BLOCK_GAPS, self._end - self._next_gap)))
        return blocks

    def _block(self, frames: int) -> SignalBlock:
        """The values of the next `frames` frames."""
        assert self._session is not None, "resume() comes first"
        start, end = self._next_gap, self._next_gap + frames
        held = np.concatenate(self._buffer)
        last = min(self._end, start + BLOCK_GAPS + _MARGIN_FRAMES + 1)
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


def _columns(values: FloatArray) -> list[FloatArray]:
    return [np.ascontiguousarray(column) for column in values.T]
