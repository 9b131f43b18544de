"""Searches films for what words and pictures say: networks are opened when first needed, off the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from seamline.analysis.library_films import LibraryHit
from seamline.analysis.search import Found, Query, find_shots
from seamline.models.encoder import EncoderSpec
from seamline.models.encoders import EncoderChoice, installed_encoders
from seamline.progress import Progress
from seamline.project.labels import Range
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.search_terms import Role, Term, Words
from seamline_app.jobs.task_thread import TaskThread

if TYPE_CHECKING:
    # what it takes is loaded in the job's thread, when it is wanted
    from seamline.analysis.library_index import LibraryIndex
    from seamline_app.jobs.search_encoders import OpenEncoders

LIMIT = 60
"""Shots that are shown of one film; of all films together, half as many more."""
_LIBRARY_LIMIT = 90

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
    """`found`: in the film that is open, None if there is none. `elsewhere`: shots of other films, best first, with how
    far each sticks out, 0 to 1; `films`: how many are known by this encoder."""

    wish: SearchWish
    encoder: EncoderChoice
    found: Found | None
    elsewhere: tuple[LibraryHit, ...] = ()
    strengths_01: tuple[float, ...] = ()
    films: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Unanswered:
    """Why nothing could be searched, as a sentence; `wants_network`: installing one would help."""

    wish: SearchWish
    text: str
    wants_network: bool = False


@dataclass(frozen=True, slots=True)
class Installed:
    """The encoders that can be used now, best first."""

    encoders: tuple[EncoderChoice, ...]


class SearchJob(QObject):
    """Answers the newest wish alone.

    `answered(SearchAnswer)`, `unanswered(Unanswered)`, or `failed(sentence)`. `installed(Installed)` comes with every
    look and every wish.
    """

    answered = Signal(object)
    unanswered = Signal(object)
    failed = Signal(str)
    installed = Signal(object)

    def __init__(self, library_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = library_folder
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
            self._encoders = OpenEncoders()
        self.installed.emit(Installed(installed_encoders()))
        if not any(term.role is not Role.UNWANTED for term in wish.terms):
            return Unanswered(wish, NOT_WANTED)
        choice = encoder_for(wish.terms, wish.encoder_id)
        if choice is None:
            has_words = any(isinstance(term.part, Words) for term in wish.terms)
            return Unanswered(wish, NO_WORDS if has_words else NO_NETWORK, wants_network=True)
        query = self._query(self._encoders, wish, choice, progress)
        progress.step(1, 3)
        spec = choice.spec()
        found = None
        if wish.film is not None:
            found = find_shots(wish.film.of(spec), wish.shots, query, limit=LIMIT)
        progress.step(2, 3)
        if not wish.is_everywhere:
            return SearchAnswer(wish, choice, found)
        library = self.library(spec)
        films = library.films()
        own = "" if wish.film is None else wish.film.film.fingerprint
        hits = tuple(hit for hit in library.query(query.vector, _LIBRARY_LIMIT) if hit.fingerprint != own)
        others = sum(film.fingerprint != own for film in films) + (wish.film is not None)
        return SearchAnswer(
            wish, choice, found, hits, strengths_like(found, [hit.score for hit in hits]), others
        )

    def _query(
        self, encoders: OpenEncoders, wish: SearchWish, choice: EncoderChoice, progress: Progress
    ) -> Query:
        nothing = np.zeros((0, choice.spec().dimension), np.float32)
        groups: dict[Role, list[NDArray[np.float32]]] = {role: [] for role in Role}
        for term in wish.terms:
            progress.step(0, 3)
            vector = encoders.vector(term.part, choice, wish.film, progress)
            groups[term.role].append(vector[np.newaxis])
        wanted, liked, unwanted = (
            np.concatenate([nothing, *groups[role]]) for role in (Role.WANTED, Role.LIKED, Role.UNWANTED)
        )
        return Query(wanted, unwanted, liked)

    def _pass_on(self, result: object) -> None:
        signal_of: dict[type, Callable[[object], None]] = {
            SearchAnswer: self.answered.emit,
            Unanswered: self.unanswered.emit,
            Installed: self.installed.emit,
        }
        signal_of[type(result)](result)


def strengths_like(found: Found | None, scores: Sequence[float]) -> tuple[float, ...]:
    """How far such scores stick out, 0 to 1, by the measure of the film that is open, so that bars can be compared;
    without one, from .2 for the least of them to 1."""
    values = np.asarray(scores, np.float64)
    if not len(values):
        return ()
    if found is not None:
        strengths = found.strengths_01
        inner = (strengths > 0) & (strengths < 1)
        if len(np.unique(found.scores[inner])) >= 2:
            slope, start = np.polyfit(found.scores[inner].astype(np.float64), strengths[inner], 1)
            return tuple(np.clip(start + slope * values, 0, 1).tolist())
    low, high = values.min(), values.max()
    if high <= low:
        return (1.0,) * len(values)
    return tuple((0.2 + 0.8 * (values - low) / (high - low)).tolist())
