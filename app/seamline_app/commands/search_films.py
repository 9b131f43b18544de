"""Films that are searched on the command line: analysed, looked at by an encoder, and put into the library."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import embed_shots
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.label_vectors import conse_vectors
from seamline.analysis.library_films import FilmEntry, LibraryError, default_library_folder
from seamline.analysis.library_index import LibraryIndex
from seamline.analysis.library_restore import restore, standing_for
from seamline.analysis.signals import Signals
from seamline.analysis.stages import embedding_stage
from seamline.exchange.film_facts import shown_text
from seamline.media.film import Film
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.encoder import LateEncoder
from seamline.models.encoders import BUILT_IN, EncoderChoice
from seamline.progress import Progress
from seamline.project.types import Project
from seamline_app.commands.analyze import finish
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.corrections import with_corrections


@dataclass(frozen=True, slots=True, eq=False)
class SearchedFilm:
    """A film with the vectors of its shots, and the curves that these were chosen by."""

    project: Project
    vectors: FrameVectors
    signals: Signals

    @property
    def shots(self) -> list[tuple[int, int]]:
        return [shot.range for shot in self.project.shots]


def searched_film(
    film: Film, opened: Path, choice: EncoderChoice, options: argparse.Namespace
) -> SearchedFilm:
    """The film, analysed and looked at by the encoder as far as it was not; shows its progress.

    `opened`: itself or a project of it. Raises SeamlineError or Cancelled; what was found until then is kept.
    """
    cache = AnalysisCache()
    by = BUILT_IN if choice.spec().key == LABEL_VECTORS.key else choice
    analysis = _analysed(film, cache, with_embeddings=by is BUILT_IN)
    project = with_corrections(film, analysis, opened, ignored=options.ignore_corrections)
    shots = [shot.range for shot in project.shots]
    encoder = LateEncoder(by.spec(), lambda: by.open_image(None))
    with step_progress(f"Looking at “{shown_text(film.path.name)}”") as progress:
        vectors = in_background(
            lambda: embed_shots(
                film,
                shots,
                encoder,
                cache.film_folder(film.fingerprint),
                signals=analysis.signals,
                progress=progress,
            )
        )
    if by is not choice:
        vectors = conse_vectors(vectors)
    return SearchedFilm(project, vectors, analysis.signals)


def open_index(choice: EncoderChoice) -> LibraryIndex:
    return LibraryIndex(default_library_folder(), choice.spec())


def put_in(index: LibraryIndex, film: SearchedFilm) -> None:
    """Have the library find the film. Raises LibraryError or MediaError."""
    vectors = standing_for(film.vectors, film.shots, film.project.film.rate, film.signals)
    index.put(FilmEntry.of(film.project), vectors, film.shots)


def bring_up_to_date(index: LibraryIndex) -> LibraryError | None:
    """Have the library find all films that the encoder has looked at, quickly; shows its progress.

    Where the disk does not let it write, what is in it can be read all the same: gives that error. Raises Cancelled.
    """

    def in_steps(text: str, work: Callable[[Progress], object]) -> None:
        with step_progress(text) as progress:
            in_background(lambda: work(progress))

    try:
        in_steps("Reading what is kept", lambda progress: restore(index, AnalysisCache(), progress=progress))
        in_steps("Sorting the library", lambda progress: index.tidy(progress=progress))
    except LibraryError as error:
        return error
    return None


def _analysed(film: Film, cache: AnalysisCache, *, with_embeddings: bool) -> Analysis:
    """The finished analysis. Raises MediaError, ModelError or Cancelled."""
    analysis = Analysis(film, cache=cache)
    stage = embedding_stage(film)
    if not analysis.is_complete and with_embeddings:
        analysis = Analysis(film, cache=cache, further=(stage,))  # on the same decode
    else:
        cache.load_signals(film.fingerprint, stage, analysis.signals)
    finish(analysis, film, cache, f"Finding seams in “{shown_text(film.path.name)}”")
    return analysis
