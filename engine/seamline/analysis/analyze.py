"""The whole seam analysis of a film: cached, resumable, reported as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.pipeline import run_stages
from seamline.analysis.proposals import SeamRule, find_seams
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stage import SignalBlock, Stage
from seamline.analysis.transitions import TransitionStage
from seamline.media.film import Film
from seamline.models.registry import TRANSNETV2
from seamline.models.session import open_session
from seamline.progress import Progress
from seamline.project.types import Seam

_SAVE_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What an analysis ran at. `analysed_frames` were computed in this run, the others came from the cache.

    `missing_frames` of the film have no picture of their own: it is damaged there.
    """

    frame_count: int
    analysed_frames: int
    missing_frames: int
    seconds: float
    device: str

    @property
    def frames_per_s(self) -> float:
        return self.analysed_frames / self.seconds if self.seconds > 0 else 0.0

    @property
    def damage(self) -> str | None:
        """What to tell the user of frames without a picture, None where there are none."""
        if not self.missing_frames:
            return None
        frames = "1 frame" if self.missing_frames == 1 else f"{self.missing_frames} frames"
        return (
            f"{frames} of this film cannot be decoded; the picture before stands in there. "
            "Copy the film again if it should be whole."
        )


class Analysis:
    """One film's signals and seams, from the cache as far as they are there, else computed by `run`."""

    def __init__(
        self, film: Film, *, cache: AnalysisCache | None = None, rule: SeamRule | None = None
    ) -> None:
        self._film = film
        self._cache = cache
        self._rule = rule or SeamRule()
        self._transitions = TransitionStage(TRANSNETV2, lambda: open_session(TRANSNETV2))
        self._stages: tuple[Stage, ...] = (SimilarityStage(), self._transitions)
        self.signals = Signals(film.frame_count)
        self._missing: set[int] = set()
        if cache is not None:
            self._missing.update(cache.load_missing(film.fingerprint))
            for stage in self._stages:
                cache.load_signals(film.fingerprint, stage, self.signals)

    @property
    def done_frames(self) -> int:
        """How many frames from the start every curve is known for."""
        return self.signals.done_frames(*(name for stage in self._stages for name in stage.signal_names))

    @property
    def device(self) -> str | None:
        """What the network runs on, None before it runs."""
        return self._transitions.device

    @property
    def is_complete(self) -> bool:
        return self.done_frames == self._film.frame_count

    @property
    def seams(self) -> tuple[Seam, ...]:
        """The seams of the part that is analysed."""
        return tuple(find_seams(self.signals, self._rule))

    def run(self, *, progress: Progress, on_block: Callable[[SignalBlock], None] | None = None) -> RunReport:
        """Analyse what is missing. Raises MediaError, ModelError or Cancelled; what was found until then stays.

        `on_block` is called from this thread with every block of values, some ten frames or more each.
        """
        began = last_saved = time.monotonic()
        done_before = self.done_frames

        def take(block: SignalBlock) -> None:
            nonlocal last_saved
            if on_block is not None:
                on_block(block)
            if time.monotonic() - last_saved > _SAVE_EVERY_S:
                self._save()
                last_saved = time.monotonic()

        try:
            run_stages(
                self._film,
                self._stages,
                self.signals,
                progress=progress,
                on_block=take,
                missing=self._missing,
            )
        finally:
            if self.done_frames > done_before:
                self._save()
        computed = self.done_frames - done_before
        device = (self.device if computed else None) or "cache"
        seconds = time.monotonic() - began
        return RunReport(self._film.frame_count, computed, len(self._missing), seconds, device)

    def _save(self) -> None:
        if self._cache is not None:
            if self._missing:
                self._cache.save_missing(self._film.fingerprint, self._missing)
            for stage in self._stages:
                self._cache.save_signals(self._film.fingerprint, stage, self.signals)
