"""Seamline's own seam network over a film, and TransNetV2 where that one is in doubt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seamline.analysis.candidates import FAINT
from seamline.analysis.evidence import KIND_EVIDENCE, EvidenceStage
from seamline.analysis.fades import runs_of
from seamline.analysis.stage import FloatArray, Pictures, PictureSpec, Resumption, SignalBlock
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.models.card import ModelCard
from seamline.models.session import TransNetV2Session
from seamline.models.windows import MARGIN_FRAMES
from seamline.progress import Progress

# Measured on 49 films with 593 seams, 2026-11: as many are found as with TransNetV2 over every frame, and of 18 edited
# clips 11 % of the frames are given to it. Fainter runs are no seams and clearer ones are, whatever it says of them.
_WORTH_ASKING, _SURE = 0.5, 0.95
_ASKED_AROUND_FRAMES = 2


class ConsultingStage:
    """Gives the curves of `EvidenceStage`, and those of `TransitionStage` where the former rise but do not convince:
    runs over `FAINT` whose peak lies between .5 and .95. Elsewhere TransNetV2's curves are NaN.

    Windows are those frames with 25 on either side, as many as the published windows give the least; runs are
    those within one of the evidence's blocks, so that a resumed run asks about the same frames.
    `session` is called once, when the stage begins.
    """

    name = "consulting"
    version = 1
    pictures = PictureSpec(48, 27)
    signal_names = (*EvidenceStage.signal_names, CUT_PROBABILITY, TRANSITION_PROBABILITY)
    signal_width = 1
    stored_frames = None

    def __init__(
        self, evidence: EvidenceStage, card: ModelCard, session: Callable[[], TransNetV2Session]
    ) -> None:
        self.key = f"{evidence.key} {card.id} {card.sha256} graph {card.graph_version}"
        self._evidence = evidence
        self._open_session = session
        self._session: TransNetV2Session | None = None
        self._progress: Progress | None = None
        self._pictures: Pictures | None = None
        self._first_picture = 0

    @property
    def device(self) -> str | None:
        """What TransNetV2 runs on, None before the stage begins."""
        return None if self._session is None else self._session.device

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        if self._session is None:
            self._session = self._open_session()
        self._progress = progress
        resumption = self._evidence.resume(done_frames, progress)
        self._pictures, self._first_picture = None, resumption.first_picture
        return resumption

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        self._pictures = pictures if self._pictures is None else np.concatenate((self._pictures, pictures))
        return [self._consulted(block) for block in self._evidence.feed(pictures)]

    def finish(self) -> list[SignalBlock]:
        return [self._consulted(block) for block in self._evidence.finish()]

    def _consulted(self, block: SignalBlock) -> SignalBlock:
        """The block with TransNetV2's curves."""
        evidence = np.sum([block.values[name] for name in KIND_EVIDENCE], axis=0)
        single, many = np.full((2, len(evidence)), np.nan, np.float32)
        for start, end in _doubts(evidence):
            single[start:end], many[start:end] = self._asked(
                block.start_frame + start, block.start_frame + end
            )
        self._forget(block.end_frame - MARGIN_FRAMES)
        return SignalBlock(
            block.start_frame,
            block.values | {CUT_PROBABILITY: single, TRANSITION_PROBABILITY: many},
        )

    def _asked(self, start: int, end: int) -> tuple[FloatArray, FloatArray]:
        """Both heads for the frames from `start` to `end`, exclusive; beyond the film's ends stand copies."""
        assert self._session is not None, "resume() comes first"
        assert self._pictures is not None, "the evidence comes from pictures"
        frames = np.arange(start - MARGIN_FRAMES, end + MARGIN_FRAMES) - self._first_picture
        window = self._pictures[np.clip(frames, 0, len(self._pictures) - 1)]
        single, many = self._session.predict(window, progress=self._progress)
        kept = slice(MARGIN_FRAMES, MARGIN_FRAMES + end - start)
        return single[kept], many[kept]

    def _forget(self, frame: int) -> None:
        """Let go of the pictures before `frame`."""
        if self._pictures is not None and frame > self._first_picture:
            # a copy: a view would hold on to all of them
            self._pictures = self._pictures[frame - self._first_picture :].copy()
            self._first_picture = frame


def _doubts(evidence: FloatArray) -> list[tuple[int, int]]:
    """Half-open ranges of frames to ask about; those whose windows would meet are one."""
    doubts: list[tuple[int, int]] = []
    for a, b in runs_of(evidence > FAINT):
        if not _WORTH_ASKING <= evidence[a:b].max() < _SURE:
            continue
        start, end = max(0, a - _ASKED_AROUND_FRAMES), min(len(evidence), b + _ASKED_AROUND_FRAMES)
        if doubts and start - doubts[-1][1] <= 2 * MARGIN_FRAMES:
            doubts[-1] = doubts[-1][0], end
        else:
            doubts.append((start, end))
    return doubts
