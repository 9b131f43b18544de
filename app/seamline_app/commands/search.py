"""`seamline search`: the shots that show what words say, or that look like a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.search import STANDS_OUT_01, Query, find_shots, strengths_together
from seamline.errors import Cancelled, ModelError, SeamlineError
from seamline.exchange.film_facts import shown_text
from seamline.media.film import Film
from seamline.models.encoders import EncoderChoice
from seamline_app.commands.analyze import open_for_command
from seamline_app.commands.background import in_background
from seamline_app.commands.output import put_out
from seamline_app.commands.search_films import (
    SearchedFilm,
    bring_up_to_date,
    open_index,
    put_in,
    searched_film,
)
from seamline_app.commands.search_query import QueryTerms, advice, chosen_encoder
from seamline_app.commands.search_results import FoundShot, as_csv, as_json, as_text, of_library
from seamline_app.commands.search_terms import words_and_films
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK

_WRITERS = {"text": as_text, "csv": as_csv, "json": as_json}


def search(options: argparse.Namespace) -> int:
    """Find what was asked for and write it to standard output. Raises SeamlineError."""
    words, paths = words_and_films(
        options.terms, recursive=options.recursive, is_more_asked=bool(options.like or options.frame)
    )
    terms = QueryTerms(words, options.like, options.frame, options.unwanted)
    choice = chosen_encoder(options.encoder, with_words=terms.has_words)
    telling_score = choice.spec().telling_score if terms.is_words_alone else None
    try:
        # first: what cannot be looked for shall not be found out after an hour's analysis
        query = terms.query(choice)
        films = _searched(paths, choice, options)
        if options.library or not paths:
            found, most = _in_library(films, choice, query, options.limit, telling_score)
        else:
            found, most = _in_films(films, query, options.limit, telling_score)
            _remember(films, choice)
    except Cancelled:
        sys.stderr.write("Interrupted. What was found is kept: the same command goes on from there.\n")
        return INTERRUPTED
    put_out(_WRITERS[options.format](found))
    if not found:
        if films:
            sys.stderr.write("Nothing was found: no shot has a picture that could be looked at.\n")
        return FAILED
    if most < STANDS_OUT_01:
        sys.stderr.write("Nothing stands out: these shots are only the nearest.\n")
    if (better := advice(choice)) is not None:
        sys.stderr.write(f"{better}\n")
    return OK if len(films) == len(paths) else FAILED


def _searched(paths: list[Path], choice: EncoderChoice, options: argparse.Namespace) -> list[SearchedFilm]:
    """Those that can be searched; where there are several, the others are told of. Raises SeamlineError of a single
    one, or Cancelled."""

    def tell(path: Path, error: SeamlineError) -> None:
        if len(paths) == 1:
            raise error
        sys.stderr.write(f"Not {shown_text(path.name)}: {error}\n")

    opened: list[tuple[Path, Film]] = []
    for path in paths:
        try:
            opened.append((path, open_for_command(path, AnalysisCache())))
        except SeamlineError as error:
            tell(path, error)
    films: list[SearchedFilm] = []
    for path, film in opened:
        try:
            films.append(searched_film(film, path, choice, options))
        except SeamlineError as error:
            tell(path, error)
    return films


def _in_films(
    films: list[SearchedFilm], query: Query, limit: int, telling_score: float | None
) -> tuple[list[FoundShot], float]:
    """The best of a few films, each vector compared; and how far the one that sticks out most does, 0 to 1."""
    found: list[tuple[float, FoundShot]] = []
    most = 0.0
    for film in films:
        hits = find_shots(film.vectors, film.shots, query, limit=limit, telling_score=telling_score).hits
        most = max(most, *(hit.strength_01 for hit in hits), 0.0)
        lowest = float("inf")
        for hit in hits:
            # in a film's own order, in which a shot that nearly repeats a better one comes later
            lowest = min(lowest, hit.score)
            found.append((lowest, FoundShot.of_film(film, hit)))
    return [shot for _, shot in sorted(found, key=lambda each: -each[0])][:limit], most


def _in_library(
    films: list[SearchedFilm],
    choice: EncoderChoice,
    query: Query,
    limit: int,
    telling_score: float | None,
) -> tuple[list[FoundShot], float]:
    """The same of all films of the library, after `films` were put in. Raises LibraryError, ModelError or Cancelled."""
    with open_index(choice) as index:
        for film in films:
            put_in(index, film)
        fault = bring_up_to_date(index)
        if not index.films():
            raise ModelError(
                f"There is no film in the library that {choice.name} has looked at: name a film to search, or put "
                "some in with “seamline library add FILM”."
            )
        hits = in_background(lambda: index.query(query.vector, limit))
    if fault is not None:
        sys.stderr.write(f"Films may be missing. {fault}\n")
    strengths = strengths_together(np.array([hit.score for hit in hits], np.float32), telling_score)
    return of_library(hits), float(strengths.max(initial=0))


def _remember(films: list[SearchedFilm], choice: EncoderChoice) -> None:
    """Have the library find them, too; where it cannot, that is told, and what was found stands."""
    try:
        with open_index(choice) as index:
            for film in films:
                put_in(index, film)
    except SeamlineError as error:
        sys.stderr.write(f"The library does not have what was searched now. {error}\n")
