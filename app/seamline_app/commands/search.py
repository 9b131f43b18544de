"""`seamline search`: the shots that show what words say, or that look like a picture."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from seamline.analysis.search import Query, find_shots
from seamline.errors import Cancelled, ModelError
from seamline.models.encoders import EncoderChoice
from seamline.project.file import is_project_path
from seamline_app.commands.background import in_background
from seamline_app.commands.export import FILM_SUFFIXES
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
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK
from seamline_app.usage import UsageError

_WRITERS = {"text": as_text, "csv": as_csv, "json": as_json}


def search(options: argparse.Namespace) -> int:
    """Find what was asked for and write it to standard output. Raises SeamlineError."""
    words, paths = _words_and_films(options.terms)
    terms = QueryTerms(words, options.like, options.frame, options.unwanted)
    choice = chosen_encoder(options.encoder, with_words=terms.has_words)
    try:
        # first: what cannot be looked for shall not be found out after an hour's analysis
        query = terms.query(choice)
        films = [searched_film(path, choice, options) for path in paths]
        found = _in_films(films, query, options.limit) if films and not options.library else []
        with open_index(choice) as index:
            for film in films:
                put_in(index, film)
            if options.library or not films:
                bring_up_to_date(index)
                if not index.films():
                    raise ModelError(_empty(choice))
                found = of_library(in_background(lambda: index.query(query.vector, options.limit)))
    except Cancelled:
        sys.stderr.write("Interrupted. What was found is kept: the same command goes on from there.\n")
        return INTERRUPTED
    put_out(_WRITERS[options.format](found))
    if (better := advice(choice)) is not None:
        sys.stderr.write(f"{better}\n")
    if not found:
        sys.stderr.write("Nothing was found: no shot has a picture that could be looked at.\n")
        return FAILED
    return OK


def _words_and_films(terms: list[str]) -> tuple[str, list[Path]]:
    """What is to be looked for, and the films after it."""
    at = len(terms)
    while at and _is_film(terms[at - 1]):
        at -= 1
    paths = [Path(text) for text in terms[at:]]
    for text in terms[:at]:
        if _is_film(text):
            raise UsageError(f"The film “{text}” stands between the words: name films last.")
    return " ".join(" ".join(terms[:at]).split()), list(dict.fromkeys(paths))


def _is_film(text: str) -> bool:
    path = Path(text)
    if path.suffix.lower() in FILM_SUFFIXES or is_project_path(path):
        return True
    return (os.sep in text or "/" in text) and path.is_file()


def _in_films(films: list[SearchedFilm], query: Query, limit: int) -> list[FoundShot]:
    """The best of a few films; each vector is compared."""
    found: list[tuple[float, FoundShot]] = []
    for film in films:
        hits = find_shots(film.vectors, film.shots, query, limit=limit).hits
        lowest = float("inf")
        for hit in hits:
            # in a film's own order, in which a shot that nearly repeats a better one comes later
            lowest = min(lowest, hit.score)
            found.append((lowest, FoundShot.of_film(film, hit)))
    return [shot for _, shot in sorted(found, key=lambda each: -each[0])][:limit]


def _empty(choice: EncoderChoice) -> str:
    return (
        f"There is no film in the library that {choice.name} has looked at: name a film to search, or put some in "
        "with “seamline library add FILM”."
    )
