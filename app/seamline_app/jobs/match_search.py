"""The work behind the panel “Match”, for one thread: what it takes is loaded when it is wanted first."""

from __future__ import annotations

from collections import OrderedDict

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.match_edges import edge_of_frame, shot_edges
from seamline.analysis.match_finder import WORTH_A_LOOK_01, MatchRule, find_matches, matching_cuts
from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.pace import Pace
from seamline.errors import MediaError, SeamlineError
from seamline.models.encoder import ImageEncoder, open_efficientnet
from seamline.models.figures import FigureFinder, open_figure_finder
from seamline.models.siamese_session import SiameseNetwork, open_siamese, siamese_key
from seamline.progress import Progress
from seamline.project.labels import Range
from seamline.project.own_frames import own_parts, shot_at
from seamline.project.types import Project, SeamKind
from seamline_app.folders import Folders
from seamline_app.jobs.match_films import (
    MatchedFilm,
    Tell,
    analysed_film,
    film_under_review,
    kept_project,
    open_by_path,
)
from seamline_app.jobs.match_wishes import (
    LookedUp,
    LookUpWish,
    Marked,
    MarkWish,
    Matched,
    MatchWish,
    shots_of,
)

MOST_PAIRS = 200
_FILMS_HELD = 2
"""Films whose edges stay in memory, 26 KB a shot: another kind, or another frame, is answered without a look."""


class MatchSearch:
    """`tell(text)` is told what is being done, whenever that is something else."""

    def __init__(self, folders: Folders, pace: Pace) -> None:
        self._folders = folders
        self._pace = pace
        self._siamese: SiameseNetwork | None = None
        self._encoder: ImageEncoder | None = None
        self._figures: FigureFinder | None = None
        self._edges: OrderedDict[tuple[str, tuple[Range, ...], tuple[Range, ...]], ShotEdges] = OrderedDict()

    def find(self, wish: MatchWish, tell: Tell, progress: Progress) -> Matched:
        """Raises SeamlineError or Cancelled; what was looked at is kept."""
        own = film_under_review(wish.project, self._cache())
        other = own if wish.other is None else self._other(wish, tell, progress)
        ways = self._ways(own, other, wish, tell, progress)
        tell("Comparing shots")
        rule = _rule(wish)
        footage = own.project.footage if other is own else ()
        found = [
            pair
            for tails, heads in ways
            for pair in find_matches(tails, heads, footage=footage, rule=rule, progress=progress)
        ]
        pairs = tuple(sorted(found, key=lambda pair: -pair.score_01)[:MOST_PAIRS])
        films = (own.project,) if other is own else (own.project, other.project)
        return Matched(wish, pairs, films)

    def mark(self, wish: MarkWish, tell: Tell, progress: Progress) -> Marked:
        """Raises SeamlineError or Cancelled; what was looked at is kept."""
        project = wish.project
        edges = self._edges_of(film_under_review(project, self._cache()), tell, progress)
        # over a gradual seam nobody's eye is carried as over a cut: no score is of such
        cuts = [seam for seam in project.seams if seam.kind is SeamKind.CUT]
        return Marked(wish, matching_cuts(edges, cuts, footage=project.footage))

    def look_up(self, wish: LookUpWish, progress: Progress) -> LookedUp:
        """Films that are gone, or are others by now, are left out. Raises Cancelled."""
        found: list[Project] = []
        for done, (fingerprint, path) in enumerate(wish.films.items()):
            progress.step(done, len(wish.films))
            try:
                film = open_by_path(path, self._cache(), progress)
                if film.fingerprint == fingerprint:
                    found.append(kept_project(film, path, self._folders, learns=wish.learns))
            except SeamlineError:
                continue
        return LookedUp(tuple(found))

    def forget(self) -> None:
        """There is another film: nothing of this one is held any more."""
        self._edges.clear()

    def _ways(
        self, own: MatchedFilm, other: MatchedFilm, wish: MatchWish, tell: Tell, progress: Progress
    ) -> tuple[tuple[ShotEdges, ShotEdges], ...]:
        """The ends of shots and the starts that each way of cutting has; between two films, there are two ways."""
        if wish.out_frame is not None:
            return (
                (self._edge_at(own, wish.out_frame, tell, progress), self._edges_of(other, tell, progress)),
            )
        if wish.in_frame is not None:
            return (
                (self._edges_of(other, tell, progress), self._edge_at(own, wish.in_frame, tell, progress)),
            )
        edges = self._edges_of(own, tell, progress)
        if other is own:
            return ((edges, edges),)
        others = self._edges_of(other, tell, progress)
        return (edges, others), (others, edges)

    def _other(self, wish: MatchWish, tell: Tell, progress: Progress) -> MatchedFilm:
        assert wish.other is not None
        tell(f"Opening “{wish.other.name}”")
        film = open_by_path(wish.other, self._cache(), progress)
        if film.fingerprint == wish.project.film.fingerprint:
            raise MediaError(
                f"“{wish.other.name}” is the film that is open: choose another film, or look in this film alone."
            )
        return analysed_film(
            film,
            wish.other,
            self._folders,
            learns=wish.learns,
            tell=tell,
            progress=progress,
            pace=self._pace,
        )

    def _edges_of(self, film: MatchedFilm, tell: Tell, progress: Progress) -> ShotEdges:
        shots, own = shots_of(film.project), own_parts(film.project)
        siamese = self._opened_siamese(tell, progress)
        key = film.fingerprint, shots, own
        held = self._edges.get(key)
        if held is None or held.siamese is not siamese:
            tell(f"Looking where shots of “{film.project.film.path.name}” meet")
            held = shot_edges(
                film.project.film,
                shots,
                self._cache().film_folder(film.fingerprint),
                own=own,
                signals=film.signals,
                siamese=siamese,
                open_encoder=self._opened_encoder,
                open_figures=self._opened_figures,
                progress=progress,
                pace=self._pace,
            )
            self._edges[key] = held
        self._edges.move_to_end(key)
        while len(self._edges) > _FILMS_HELD:
            self._edges.popitem(last=False)
        return held

    def _edge_at(self, film: MatchedFilm, frame: int, tell: Tell, progress: Progress) -> ShotEdges:
        tell("Looking at the frame")
        shot, own = shot_at(film.project, frame)
        return edge_of_frame(
            film.project.film,
            frame,
            shot,
            self._cache().film_folder(film.fingerprint),
            own=own,
            signals=film.signals,
            siamese=self._opened_siamese(tell, progress),
            open_encoder=self._opened_encoder,
            open_figures=self._opened_figures,
            progress=progress,
            pace=self._pace,
        )

    def _opened_siamese(self, tell: Tell, progress: Progress) -> SiameseNetwork:
        """That which is to be used now: another one may have been installed."""
        if self._siamese is None or self._siamese.key != siamese_key():
            tell("Opening the network")
            self._siamese = open_siamese(threads=1, progress=progress)
        return self._siamese

    def _opened_encoder(self) -> ImageEncoder:
        if self._encoder is None:
            self._encoder = open_efficientnet(threads=1)
        return self._encoder

    def _opened_figures(self) -> FigureFinder:
        if self._figures is None:
            self._figures = open_figure_finder()
        return self._figures

    def _cache(self) -> AnalysisCache:
        return AnalysisCache(self._folders.cache)


def _rule(wish: MatchWish) -> MatchRule:
    # from one frame, every shot may be wanted
    if wish.is_from_frame:  # all that there are, the nearest first
        return MatchRule(limit=MOST_PAIRS, kinds=wish.kinds, most_a_shot=MOST_PAIRS)
    return MatchRule(limit=MOST_PAIRS, kinds=wish.kinds, least_01=WORTH_A_LOOK_01)
