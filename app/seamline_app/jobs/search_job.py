"""Searches films for what words and pictures say: networks are opened when first needed, off the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import kept_frame_vectors
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import LibraryHit
from seamline.analysis.search import Found, Query, find_shots, strengths_together
from seamline.analysis.shot_curves import kept_shot_curves
from seamline.errors import ModelError, SeamlineError
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec
from seamline.models.encoders import EncoderChoice, installed_encoders
from seamline.progress import Progress
from seamline.project.labels import Range
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.search_terms import FilmFrame, Part, Role, Term, Words
from seamline_app.jobs.task_thread import TaskThread

if TYPE_CHECKING:
    # what it takes is loaded in the job's thread, when it is wanted
    from seamline.analysis.library_index import LibraryIndex
    from seamline_app.jobs.search_encoders import OpenEncoders

LIMIT = 60
"""Shots that are shown of one film; of all films together, half as many more."""
_LIBRARY_LIMIT = 90
_SMALL_PX = 144

NO_WORDS = "No network that knows words is installed.\nCLIP finds by words, by pictures, and by both."
NO_NETWORK = "No network is installed that pictures can be searched by."
NOT_WANTED = "Say what to look for, too: words, or a picture that it shall be like."


@dataclass(frozen=True, slots=True, eq=False)
class SearchWish:
    """What is looked for, and where: in the shots of the film that is open, or in all films that are known.

    `encoder_id`: the network to search by where it can, empty for the best.
    """

    terms: tuple[Term, ...]
    film: FilmVectors | None
    shots: tuple[Range, ...]
    is_everywhere: bool = False
    encoder_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SearchAnswer:
    """`found`: in the film that is open, None if there is none. `elsewhere`: shots of other films, best first; `films`:
    how many are known by this encoder."""

    wish: SearchWish
    encoder: EncoderChoice
    found: Found | None
    elsewhere: tuple[LibraryHit, ...] = ()
    films: int = 0

    @property
    def strengths_01(self) -> tuple[float, ...]:
        """How far each hit sticks out, those of `found` first: of its film, or, where all films are searched, of all
        these hits."""
        own = () if self.found is None else self.found.hits
        if not self.wish.is_everywhere:
            return tuple(hit.strength_01 for hit in own)
        scores = np.array([*(hit.score for hit in own), *(hit.score for hit in self.elsewhere)], np.float64)
        return tuple(strengths_together(scores, telling_score(self.wish, self.encoder)).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Unanswered:
    """Why nothing could be searched, as a sentence; `wants_network`: installing one would help; `part`: what of the
    wish cannot be read, so that nothing is found as long as it is asked for."""

    wish: SearchWish
    text: str
    wants_network: bool = False
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """The encoders that can be used now, best first."""

    encoders: tuple[EncoderChoice, ...]


class SearchJob(QObject):
    """Answers the newest wish alone.

    `answered(SearchAnswer)`, `unanswered(Unanswered)`, or `failed(sentence)`. `installed(Installed)` comes with every
    look and every wish; `pictured(Part, QImage)`: what a part that had to be read looks like, in small.
    """

    answered = Signal(object)
    unanswered = Signal(object)
    failed = Signal(str)
    installed = Signal(object)
    pictured = Signal(object, QImage)

    def __init__(self, library_folder: Path, cache: AnalysisCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = library_folder
        self._cache = cache
        self._encoders: OpenEncoders | None = None  # the thread's alone, while it runs
        self._libraries: dict[str, LibraryIndex] = {}
        self._lock = threading.Lock()
        # not nice: it is what the user is waiting for
        self._thread = TaskThread("search", self, nice=False)
        self._thread.done.connect(self._pass_on)
        self._thread.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def look(self) -> None:
        """See which encoders there are, unless a search is under way, which sees to it anyway."""
        if not self.is_running:
            self._thread.run(lambda _: Installed(installed_encoders()))

    def search(self, wish: SearchWish) -> None:
        """Answer this, and no more what was asked before."""
        self._thread.run(lambda progress: self._answer(wish, progress))

    def drop(self) -> None:
        """Nothing is to be searched any more."""
        self._thread.drop()

    def forget_networks(self) -> None:
        """Others were installed, or some removed."""
        self._thread.close()
        self._encoders = None

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()
        for library in self._libraries.values():
            library.close()
        self._libraries.clear()

    def library(self, spec: EncoderSpec) -> LibraryIndex:
        """The index of all films by that encoder, open. From any thread."""
        from seamline.analysis.library_index import LibraryIndex

        with self._lock:
            if spec.key not in self._libraries:
                self._libraries[spec.key] = LibraryIndex(self._folder, spec)
            return self._libraries[spec.key]

    # -- in the job's thread

    def _answer(self, wish: SearchWish, progress: Progress) -> SearchAnswer | Unanswered:
        from seamline_app.jobs.search_encoders import OpenEncoders, encoder_for

        if self._encoders is None:
            self._encoders = OpenEncoders(self._kept_vectors, self._tell_picture)
        self.installed.emit(Installed(installed_encoders()))
        if not any(term.role is not Role.UNWANTED for term in wish.terms):
            return Unanswered(wish, NOT_WANTED)
        choice = encoder_for(wish.terms, wish.encoder_id)
        if choice is None:
            has_words = any(isinstance(term.part, Words) for term in wish.terms)
            return Unanswered(wish, NO_WORDS if has_words else NO_NETWORK, wants_network=True)
        query = self._query(self._encoders, wish, choice, progress)
        if isinstance(query, Unanswered):
            return query
        progress.step(1, 3)
        spec = choice.spec()
        found = None
        if wish.film is not None:
            vectors, least = wish.film.of_shots(spec, wish.shots), telling_score(wish, choice)
            found = find_shots(vectors, wish.shots, query, limit=LIMIT, telling_score=least)
        progress.step(2, 3)
        if not wish.is_everywhere:
            return SearchAnswer(wish, choice, found)
        library = self.library(spec)
        films = library.films()
        own = "" if wish.film is None else wish.film.film.fingerprint
        hits = tuple(hit for hit in library.query(query.vector, _LIBRARY_LIMIT) if hit.fingerprint != own)
        others = sum(film.fingerprint != own for film in films) + (wish.film is not None)
        return SearchAnswer(wish, choice, found, hits, others)

    def _query(
        self, encoders: OpenEncoders, wish: SearchWish, choice: EncoderChoice, progress: Progress
    ) -> Query | Unanswered:
        nothing = np.zeros((0, choice.spec().dimension), np.float32)
        groups: dict[Role, list[NDArray[np.float32]]] = {role: [] for role in Role}
        for term in wish.terms:
            progress.step(0, 3)
            try:
                vector = encoders.vector(term.part, choice, wish.film, progress)
            except ModelError as error:
                return Unanswered(wish, str(error), wants_network=True)
            except SeamlineError as error:
                return Unanswered(wish, str(error), part=term.part)
            groups[term.role].append(vector[np.newaxis])
        wanted, liked, unwanted = (
            np.concatenate([nothing, *groups[role]]) for role in (Role.WANTED, Role.LIKED, Role.UNWANTED)
        )
        return Query(wanted, unwanted, liked)

    def _kept_vectors(self, frame: FilmFrame, spec: EncoderSpec) -> FrameVectors:
        """What is kept of that frame of a film of the library, also of one that is not there now."""
        from seamline.analysis.label_vectors import conse_vectors
        from seamline.models.conse_classes import LABEL_VECTORS

        film = self.library(spec).library.get(frame.fingerprint)
        is_of_labels = spec.key == LABEL_VECTORS.key
        source = EFFICIENTNET_LITE0_ENCODER if is_of_labels else spec
        signals = None
        if film is not None and source.key == EFFICIENTNET_LITE0_ENCODER.key:
            entry = film.entry
            signals = kept_shot_curves(self._cache, entry.fingerprint, entry.frame_count, entry.rate)
        kept = kept_frame_vectors(source, self._cache.film_folder(frame.fingerprint), signals=signals)
        vectors = kept.within(frame.frame, frame.frame + 1)
        return conse_vectors(vectors) if is_of_labels else vectors

    def _tell_picture(self, part: Part, rgb: NDArray[np.uint8]) -> None:
        # a fraction of a photograph's pixels will do for a picture of this size
        every = max(1, min(rgb.shape[:2]) // _SMALL_PX)
        self.pictured.emit(part, as_image(rgb[::every, ::every]))

    def _pass_on(self, result: object) -> None:
        signal_of: dict[type, Callable[[object], None]] = {
            SearchAnswer: self.answered.emit,
            Unanswered: self.unanswered.emit,
            Installed: self.installed.emit,
        }
        signal_of[type(result)](result)


def telling_score(wish: SearchWish, encoder: EncoderChoice) -> float | None:
    """From which score on the encoder's hits tell anything, None for a search without words."""
    return encoder.spec().telling_score if any(isinstance(term.part, Words) for term in wish.terms) else None
