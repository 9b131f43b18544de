"""What is known of one film's frames by each encoder, for the threads that make vectors and those that search them."""

from __future__ import annotations

import threading
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import joined, kept_frame_vectors
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stages import embedding_stage
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec


class FilmVectors:
    """Read from the disk when first asked for, then kept up by who makes more. From any thread."""

    def __init__(self, film: Film, cache: AnalysisCache) -> None:
        self.film = film
        self.cache = cache
        self._lock = threading.RLock()
        self._signals: Signals | None = None
        self._vectors: dict[str, FrameVectors] = {}
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
                signals = Signals(self.film.frame_count)
                for stage in (embedding_stage(self.film), SimilarityStage()):
                    self.cache.load_signals(self.film.fingerprint, stage, signals)
                self._signals = signals
            return self._signals

    def of(self, spec: EncoderSpec) -> FrameVectors:
        """All that are known by now, in the film's order."""
        with self._lock:
            self._freshen()
            known = self._vectors.get(spec.key)
            if known is None:
                known = self._vectors[spec.key] = self._read(spec)
            return known

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
            self._signals = None
            self._vectors = {}

    def _read(self, spec: EncoderSpec) -> FrameVectors:
        from seamline.analysis.label_vectors import conse_vectors
        from seamline.models.conse_classes import LABEL_VECTORS

        if spec.key == LABEL_VECTORS.key:  # made of the built-in encoder's
            return conse_vectors(self.of(EFFICIENTNET_LITE0_ENCODER))
        return kept_frame_vectors(spec, self.folder, signals=self.signals())
