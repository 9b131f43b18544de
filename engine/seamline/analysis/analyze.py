"""The whole seam analysis of a film: cached, resumable, reported as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.consulting import ConsultingStage
from seamline.analysis.evidence import EvidenceStage
from seamline.analysis.pace import Pace
from seamline.analysis.pipeline import done_frames, run_stages
from seamline.analysis.proposals import SeamRule, find_seams
from seamline.analysis.run_report import RunMeter, RunReport
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stage import SignalBlock, Stage
from seamline.analysis.transitions import TransitionStage
from seamline.media.film import Film
from seamline.models.seam_net_session import SeamNetSession, weights_key
from seamline.models.session import fastest_card, open_session
from seamline.progress import Progress
from seamline.project.types import Seam

_SAVE_EVERY_S = 10.0
_SAVE_SHARE = 20
"""What is saved takes at most one in so many seconds: an hour's embeddings are tens of megabytes."""


def seam_stages(*, thorough: bool = False) -> tuple[Stage, ...]:
    """What seams are found by; the last one is, or consults, TransNetV2: about every frame if `thorough`."""
    card = fastest_card()
    evidence = EvidenceStage(weights_key(), SeamNetSession)
    if thorough:
        return SimilarityStage(), evidence, TransitionStage(card, lambda: open_session(card))
    return SimilarityStage(), ConsultingStage(evidence, card, lambda: open_session(card))


class Analysis:
    """One film's signals and seams, from the cache as far as they are there, else computed by `run`.

    The seams need similarity, the seam network, and TransNetV2: where the seam network is in doubt, or over every
    frame if `thorough`. `further` stages run on the same decode; one of them that fails is told of in the
    report and stops none of the others.
    """

    def __init__(
        self,
        film: Film,
        *,
        cache: AnalysisCache | None = None,
        rule: SeamRule | None = None,
        further: Sequence[Stage] = (),
        thorough: bool = False,
    ) -> None:
        self._film = film
        self._cache = cache
        self._rule = rule or SeamRule()
        self._needed = seam_stages(thorough=thorough)
        self._stages: tuple[Stage, ...] = (*self._needed, *further)
        self.signals = Signals(film.frame_count)
        self._missing: set[int] = set()
        self._saved: dict[str, int] = {}
        if cache is not None:
            self._missing.update(cache.load_missing(film.fingerprint))
            for stage in self._stages:
                cache.load_signals(film.fingerprint, stage, self.signals)
                if stage.signal_names:
                    self._saved[stage.name] = self.signals.done_frames(*stage.signal_names)

    @property
    def done_frames(self) -> int:
        """How many frames from the start every curve that the seams need is known for."""
        return min(done_frames(stage, self.signals, self._film.frame_count) for stage in self._needed)

    @property
    def device(self) -> str | None:
        """What the network runs on, None before it runs."""
        return getattr(self._needed[-1], "device", None)

    @property
    def is_complete(self) -> bool:
        """Whether the seams of the whole film are known, and all further stages have finished."""
        count = self._film.frame_count
        return all(done_frames(stage, self.signals, count) == count for stage in self._stages)

    @property
    def seams(self) -> tuple[Seam, ...]:
        """The seams of the part that is analysed."""
        return tuple(find_seams(self.signals, self._rule))

    def run(
        self,
        *,
        progress: Progress,
        on_block: Callable[[SignalBlock], None] | None = None,
        pace: Pace | None = None,
    ) -> RunReport:
        """Analyse what is missing. Raises MediaError, ModelError or Cancelled; what was found until then stays.

        `on_block` is called from this thread with every block of values, some ten frames or more each. `pace` may
        be changed from any thread meanwhile.
        """
        meter = RunMeter()
        next_save_s = time.monotonic() + _SAVE_EVERY_S
        before = self._progress_of_stages()

        def take(block: SignalBlock) -> None:
            nonlocal next_save_s
            meter.look()
            if on_block is not None:
                on_block(block)
            began_s = time.monotonic()
            if began_s > next_save_s:
                self._save()
                took_s = time.monotonic() - began_s
                next_save_s = began_s + max(_SAVE_EVERY_S, _SAVE_SHARE * took_s)

        needed = {stage.name for stage in self._needed}
        try:
            failures = run_stages(
                self._film,
                self._stages,
                self.signals,
                progress=progress,
                on_block=take,
                missing=self._missing,
                needed=needed,
                pace=pace,
            )
        finally:
            self._save()
        for failure in failures:
            if failure.stage in needed:
                raise failure.error
        after = self._progress_of_stages()
        computed = max(after[name] - before[name] for name in after)
        report = RunReport(
            self._film.frame_count,
            computed,
            len(self._missing),
            meter.seconds,
            self._used_devices() if computed else "cache",
            meter.cpu_seconds,
            meter.peak_memory_mib,
            tuple(failure.sentence for failure in failures),
        )
        if (computed or failures) and self._cache is not None:
            self._cache.save_report(self._film.fingerprint, report)
        return report

    def _progress_of_stages(self) -> dict[str, int]:
        """How many frames from the start each stage has given results for."""
        count = self._film.frame_count
        return {stage.name: done_frames(stage, self.signals, count) for stage in self._stages}

    def _used_devices(self) -> str:
        devices = (getattr(stage, "device", None) for stage in self._stages)
        return self.device or next((device for device in devices if device), "CPU")

    def _save(self) -> None:
        """Keep what has grown since the last time."""
        if self._cache is None:
            return
        if self._missing:
            self._cache.save_missing(self._film.fingerprint, self._missing)
        for stage in self._stages:
            known = self.signals.done_frames(*stage.signal_names) if stage.signal_names else 0
            if known > self._saved.get(stage.name, 0):
                self._cache.save_signals(self._film.fingerprint, stage, self.signals)
                self._saved[stage.name] = known
