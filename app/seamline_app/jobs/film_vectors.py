"""What is known of one film's frames by each encoder, for the threads that make vectors and those that search them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import in_clear_parts, joined, kept_frame_vectors
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.shot_curves import kept_shot_curves
from seamline.analysis.signals import Signals
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec
from seamline.project.labels import Range


class FilmVectors:
    """Read from the disk when first asked for, then kept up by who makes more. From any thread."""

    def __init__(self, film: Film, cache: AnalysisCache) -> None:
        self.film = film
        self.cache = cache
        self._lock = threading.RLock()
        self._signals: Signals | None = None
        self._vectors: dict[str, FrameVectors] = {}
        self._searched: tuple[FrameVectors, tuple[Range, ...], FrameVectors] | None = None
        """What was asked for last by shots: all that were known, these shots, and what stands for them."""
        self._is_stale = False

    @property
    def folder(self) -> Path:
        """The film's own in the cache."""
        return self.cache.film_folder(self.film.fingerprint)

    def signals(self) -> Signals:
        """The curves that samples are chosen by, and that the built-in encoder's vectors are rows of."""
        with self._lock:
            self._freshen()
            if self._signals is None:
                film = self.film
                self._signals = kept_shot_curves(self.cache, film.fingerprint, film.frame_count, film.rate)
            return self._signals

    def of(self, spec: EncoderSpec) -> FrameVectors:
        """All that are known by now, in the film's order."""
        with self._lock:
            self._freshen()
            known = self._vectors.get(spec.key)
            if known is None:
                known = self._vectors[spec.key] = self._read(spec)
            return known

    def of_shots(self, spec: EncoderSpec, shots: Sequence[Range]) -> FrameVectors:
        """Those that stand for the shots: none of a mixture of two, as in a dissolve."""
        wanted = tuple(shots)
        with self._lock:
            known = self.of(spec)
            if self._searched is None or self._searched[0] is not known or self._searched[1] != wanted:
                chosen = in_clear_parts(known, wanted, self.film.rate, self.signals())
                self._searched = known, wanted, chosen
            return self._searched[2]

    def put(self, spec: EncoderSpec, vectors: FrameVectors) -> None:
        """These were made now."""
        with self._lock:
            if len(vectors):
                from seamline.analysis.label_vectors import conse_vectors
                from seamline.models.conse_classes import LABEL_VECTORS

                self._vectors[spec.key] = joined(vectors, self.of(spec))
                labels = self._vectors.get(LABEL_VECTORS.key)
                if spec.key == EFFICIENTNET_LITE0_ENCODER.key and labels is not None:
                    self._vectors[LABEL_VECTORS.key] = joined(conse_vectors(vectors), labels)

    def look_again(self) -> None:
        """There is more on the disk than before. Waits for nothing that is being read."""
        self._is_stale = True

    def _freshen(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._signals = self._searched = None
            self._vectors = {}

    def _read(self, spec: EncoderSpec) -> FrameVectors:
        from seamline.analysis.label_vectors import conse_vectors
        from seamline.models.conse_classes import LABEL_VECTORS

        if spec.key == LABEL_VECTORS.key:  # made of the built-in encoder's
            return conse_vectors(self.of(EFFICIENTNET_LITE0_ENCODER))
        return kept_frame_vectors(spec, self.folder, signals=self.signals())
