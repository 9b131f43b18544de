"""Films whose shots are matched on the command line: analysed, grouped, and looked at where their shots meet."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.match_edges import edge_of_frame, shot_edges
from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.signals import Signals
from seamline.errors import MediaError, ProjectError, SeamlineError
from seamline.exchange.film_facts import shown_text
from seamline.media.film import Film
from seamline.media.positions import PositionDisplay
from seamline.media.typed_timecode import typed_frame
from seamline.models.encoder import open_efficientnet
from seamline.models.siamese_session import SiameseNetwork
from seamline.project.film_reference import is_on_strange_share
from seamline.project.locating import is_project_path
from seamline.project.match_cuts import JudgedPair
from seamline.project.own_frames import own_parts, shot_at
from seamline.project.types import Project
from seamline_app.commands.analyze import analyse_with_bar, open_for_command
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.grouped import with_footage
from seamline_app.usage import UsageError

OpenedFilms = dict[str, tuple[Film, Path]]
"""Films by fingerprint, each with what was named: itself, or a project of it."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchedFilm:
    """A film with its seams and groups of shots, and the curves that its shots' edges are chosen by."""

    project: Project
    signals: Signals
    cache: AnalysisCache
    siamese: SiameseNetwork

    def edges(self) -> ShotEdges:
        """Of all its shots. Raises SeamlineError or Cancelled; what was looked at is kept."""
        film, shots, own = (
            self.project.film,
            [shot.range for shot in self.project.shots],
            own_parts(self.project),
        )
        with step_progress(f"Looking where shots of “{shown_text(film.path.name)}” meet") as progress:
            return in_background(
                lambda: shot_edges(
                    film,
                    shots,
                    self.cache.film_folder(film.fingerprint),
                    own=own,
                    signals=self.signals,
                    siamese=self.siamese,
                    open_encoder=open_efficientnet,
                    progress=progress,
                )
            )

    def edges_at(self, position: str) -> ShotEdges:
        """Of the shot at that position alone, cut there. Raises UsageError for what is no position of the film, or lies
        in a gradual seam."""
        film = self.project.film
        try:
            frame = typed_frame(
                position, clock=self.project.clock, current_frame=0, display=PositionDisplay.FRAMES
            )
            shot, own = shot_at(self.project, frame)
        except (MediaError, ProjectError) as error:
            raise UsageError(str(error)) from error
        with step_progress("Looking at the frame") as progress:
            return in_background(
                lambda: edge_of_frame(
                    film,
                    frame,
                    shot,
                    self.cache.film_folder(film.fingerprint),
                    own=own,
                    signals=self.signals,
                    siamese=self.siamese,
                    open_encoder=open_efficientnet,
                    progress=progress,
                )
            )


def matched_film(
    film: Film, opened: Path, cache: AnalysisCache, siamese: SiameseNetwork, options: argparse.Namespace
) -> MatchedFilm:
    """The film, analysed; `opened`: itself or a project of it. Raises SeamlineError or Cancelled; what was found is
    kept."""
    analysis, _ = analyse_with_bar(film, cache, labels=True)
    project = with_corrections(film, analysis, opened, ignored=options.ignore_corrections)
    return MatchedFilm(with_footage(project, analysis, cache, labels=True), analysis.signals, cache, siamese)


def open_others(
    kept: Sequence[JudgedPair],
    places: Mapping[str, Path],
    at_hand: Collection[str],
    opened: Path,
    cache: AnalysisCache,
) -> OpenedFilms:
    """The films of these pairs that are not at hand, from where they were; `opened`: what names them.

    Says on standard error which cannot be had, and how many pairs that costs. Raises Cancelled.
    """
    names = Counter(
        name
        for judged in kept
        for name in {judged.pair.outgoing.fingerprint, judged.pair.incoming.fingerprint} - set(at_hand)
    )
    films: OpenedFilms = {}
    for name, count in names.items():
        path = places.get(name)
        try:
            if path is None:
                raise ProjectError("Nobody knows any more where their other film is: give it as OTHER.")
            if is_project_path(opened) and is_on_strange_share(path.absolute(), opened.absolute()):
                raise ProjectError(f"“{path}” is on another network share, so give it as OTHER.")
            film = open_for_command(path, cache)
            if film.fingerprint != name:
                raise ProjectError(f"“{path}” is not the film any more that they are of: give that as OTHER.")
            films[name] = film, path
        except SeamlineError as error:
            sys.stderr.write(f"{kept_pairs_are(count)} left out. {shown_text(str(error))}\n")
    return films


def kept_pairs_are(count: int) -> str:
    return "1 kept pair is" if count == 1 else f"{count:,} kept pairs are"
