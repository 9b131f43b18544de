"""What a running analysis finds, let through a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from seamline.analysis.analyze import Analysis
from seamline.analysis.similarity import SIMILARITY
from seamline.analysis.stage import SignalBlock
from seamline.progress import CancellableProgress, SubProgress
from seamline_app.jobs.analysis_events import Activity, Findings
from seamline_app.jobs.judgement import Judgement

_EVENTS_EVERY_S = 0.2
_JUDGING_SHARE = 20
"""Judging the seams takes at most one in so many seconds."""


class Relay(SubProgress):
    """A Progress whose cancellation is another's, with a report of its own, at most five times a second."""

    def __init__(self, progress: CancellableProgress, report: Callable[[int, int], None]) -> None:
        super().__init__(progress)
        self._report = report
        self._last_s = 0.0

    def step(self, done: int, total: int) -> None:
        super().step(done, total)
        if time.monotonic() - self._last_s > _EVENTS_EVERY_S or done == total:
            self._last_s = time.monotonic()
            self._report(done, total)


class Batch:
    """Collects findings and lets them through at most five times a second."""

    def __init__(
        self,
        analysis: Analysis,
        judgement: Judgement,
        emit: Callable[[object], None],
        told_frames: int,
        *,
        also: Callable[[], None],
    ) -> None:
        self._also = also
        self._analysis = analysis
        self._judgement = judgement
        self._emit = emit
        self._sent_frames = told_frames
        self._began_s = time.monotonic()
        self._began_frames: int | None = None
        self._next_s = 0.0

    def add(self, _block: SignalBlock) -> None:
        if time.monotonic() > self._next_s:
            self.flush()

    def flush(self) -> None:
        """Let all through that is known by now."""
        began_s = time.monotonic()
        findings = findings_of(self._judgement, self._sent_frames)
        self._emit(findings)
        self._sent_frames += len(findings.similarity)
        self._also()
        # judging hours of film anew takes a while: it shall not be what the analysis does most
        self._next_s = began_s + max(_EVENTS_EVERY_S, _JUDGING_SHARE * (time.monotonic() - began_s))

    def progressed(self, done: int, total: int) -> None:
        if self._began_frames is None:
            self._began_s, self._began_frames = time.monotonic(), done
        elapsed_s = time.monotonic() - self._began_s
        speed = (done - self._began_frames) / elapsed_s if elapsed_s > 0.5 else 0.0
        text = "Finding seams" if self._analysis.done_frames < total else "Looking at the pictures"
        self._emit(Activity(text, done, total, speed, self._analysis.device or ""))


def findings_of(judgement: Judgement, start_frame: int) -> Findings:
    """All seams as they are judged now, with the similarity from `start_frame` on."""
    judged = judgement.now()
    values = judgement.signals.curve(SIMILARITY)[start_frame : judgement.similarity_frames]
    return Findings(start_frame, values, judged.seams, judged.done_frames, judged.faint, judged.taught)
