"""Shots that were taken together, for the lists that the command line writes."""

from __future__ import annotations

import sys

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.film_footage import film_footage, kept_film_footage
from seamline.errors import ModelError
from seamline.models.encoder import open_efficientnet
from seamline.project.types import Project
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress


def with_footage(
    project: Project, analysis: Analysis, cache: AnalysisCache | None, *, labels: bool
) -> Project:
    """The project with its shots grouped.

    With `labels`, what is not known of its shots yet is looked at; else, or where the network for that is missing,
    which is told, they are grouped by what is, or stay as they were when the project was open last. Raises ModelError,
    MediaError or Cancelled.
    """
    film, shots = project.film, [shot.range for shot in project.shots]
    folder = None if cache is None else cache.film_folder(film.fingerprint)
    if labels:
        try:
            with step_progress("Grouping shots") as progress:
                footage = in_background(
                    lambda: film_footage(
                        film, shots, folder, analysis.signals, open_efficientnet, progress=progress
                    )
                )
            return project.with_footage(footage)
        except ModelError as error:
            sys.stderr.write(f"Which shots were taken together is told as far as it is known. {error}\n")
    if project.footage and all(project.footage_of(shot) is not None for shot in project.shots):
        return project
    found = kept_film_footage(shots, folder, analysis.signals, film.rate)
    return project.with_footage(found) if found else project
