"""Looks at an analysed film's shots with the networks that it is searched by, and puts it into the library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.analysis.embed_shots import embed_shots
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.pace import Pace
from seamline.models.encoder import EncoderSpec, ImageEncoder, LateEncoder
from seamline.models.encoders import BUILT_IN, EncoderChoice, installed_encoders
from seamline.progress import Progress, SubProgress
from seamline.project.labels import Range
from seamline.project.types import Project
from seamline_app.jobs.film_job import FilmJob
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.search_terms import FOR_WORDS

if TYPE_CHECKING:
    # what it takes is loaded in the job's thread, when it is wanted
    from seamline.analysis.library_index import LibraryIndex


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingWish:
    """The film as it is now; `encoder_id`: the network that the user chose, empty for the best ones."""

    film: FilmVectors
    project: Project
    encoder_id: str = ""

    @property
    def shots(self) -> tuple[Range, ...]:
        return tuple(shot.range for shot in self.project.shots)

    def asks_like(self, other: EmbeddingWish | None) -> bool:
        """Whether there is nothing in it that is not in the other."""
        return (
            other is not None
            and self.film is other.film
            and self.encoder_id == other.encoder_id
            and self.project.seams == other.project.seams
            and self.project.first_timecode_frame == other.project.first_timecode_frame
        )


class EmbeddingJob(FilmJob[EmbeddingWish]):
    """Has each wish fulfilled with the frames that lack, the newest last; those kept over restarts are not seen again.

    `grown`: a film's vectors have become more. `progressed(done, total)` counts frames; `ended(is_whole)`: nothing is
    looked at any more, all of it or stopped before. `failed(sentence)`: it cannot be gone on with.
    """

    grown = Signal()
    ended = Signal(bool)

    def __init__(
        self, pace: Pace, library_of: Callable[[EncoderSpec], LibraryIndex], parent: QObject | None = None
    ) -> None:
        super().__init__("embedding", parent)
        self._pace = pace
        self._library_of = library_of
        self._done: EmbeddingWish | None = None
        self._encoders: dict[str, ImageEncoder] = {}  # the task's alone, while one runs
        self._restored: set[str] = set()
        self._thread.done.connect(self._on_done)
        self._thread.cancelled.connect(lambda: self.ended.emit(False))

    @property
    def is_stopped(self) -> bool:
        """Whether the user stopped it, and it could go on."""
        return self._is_declined and self._wish is not None

    def ask(self, wish: EmbeddingWish) -> None:
        """Have this as what the film's frames are looked at for, from now on."""
        self._close_other_than(wish.film)
        self._wish = wish
        if not self.is_running and not self._is_declined and not wish.asks_like(self._done):
            self._waiting.start()

    def resume(self) -> None:
        """Go on where it was stopped."""
        if self._is_declined:
            self._is_declined = False
            self._start()

    def close_film(self) -> None:
        """There is another film, or none: nothing more is heard of this one."""
        super().close_film()
        self._done = None

    def forget_networks(self) -> None:
        """Others were installed, or some removed: begin again with what there is now."""
        wish = self._wish
        self.close()  # a task that was dropped may still be using one
        self._encoders, self._restored = {}, set()
        if wish is not None:
            self.ask(wish)

    def _start(self) -> None:
        if self._wish is not None and not self.is_running:
            self._thread.run(self._fulfil)

    def _on_done(self, fulfilled: object) -> None:
        assert fulfilled is None or isinstance(fulfilled, EmbeddingWish)
        self._done = fulfilled
        self.ended.emit(True)

    # -- in the job's thread

    def _fulfil(self, progress: Progress) -> EmbeddingWish | None:
        """The task: goes on until nothing of the newest wish is left."""
        done: EmbeddingWish | None = None
        while (wish := self._wish) is not None and not wish.asks_like(done):
            shots = wish.shots
            looked: set[str] = set()
            for choice in encoders_in_use(wish.encoder_id):
                source = BUILT_IN if choice.id in FOR_WORDS else choice
                if source.id not in looked:
                    looked.add(source.id)
                    self._embed(wish, shots, source, progress)
                self._put_in(wish, shots, choice.spec(), progress)
            done = wish
        return done

    def _put_in(
        self, wish: EmbeddingWish, shots: tuple[Range, ...], spec: EncoderSpec, progress: Progress
    ) -> None:
        """Have the film found among all films, and once a session those that another encoder has put there."""
        from seamline.analysis.library_restore import restore, standing_for

        library, quiet = self._library_of(spec), _Silent(progress)
        film = wish.film
        vectors = standing_for(film.of_shots(spec, shots), shots, film.film.rate, film.signals())
        library.put(FilmEntry.of(wish.project), vectors, shots)
        if spec.key not in self._restored:
            self._restored.add(spec.key)
            restore(library, film.cache, progress=quiet)
        library.tidy(progress=quiet)

    def _embed(
        self, wish: EmbeddingWish, shots: tuple[Range, ...], choice: EncoderChoice, progress: Progress
    ) -> None:
        film, spec = wish.film, choice.spec()

        def take(vectors: FrameVectors) -> None:
            film.put(spec, vectors)
            self.grown.emit()

        vectors = embed_shots(
            film.film,
            shots,
            LateEncoder(spec, partial(self._opened, choice)),
            film.folder,
            signals=film.signals(),
            progress=progress,
            on_vectors=take,
            pace=self._pace,
        )
        film.put(spec, vectors)
        self.grown.emit()

    def _opened(self, choice: EncoderChoice) -> ImageEncoder:
        if choice.id not in self._encoders:
            self._encoders[choice.id] = choice.open_image(None)
        return self._encoders[choice.id]


def encoders_in_use(chosen_id: str = "") -> tuple[EncoderChoice, ...]:
    """What a film has to be looked at with: the best for words, the best for pictures, and the one that was chosen."""
    installed = installed_encoders()
    with_words = [each for each in installed if each.open_text is not None]
    for_pictures = [each for each in installed if each.id not in FOR_WORDS]
    chosen = [each for each in installed if each.id == chosen_id]
    return tuple(dict.fromkeys((*chosen, *with_words[:1], *for_pictures[:1])))


class _Silent(SubProgress):
    """Carries the wish to stop, and tells nothing: the library counts otherwise."""

    def step(self, done: int, total: int) -> None:
        super().step(1, 1)
