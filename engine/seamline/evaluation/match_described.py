"""Planted films made, opened and looked at as any film is: what the finder knows of each pair to judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_edges import shot_edges
from seamline.analysis.match_features import pair_features
from seamline.analysis.match_finder import MatchRule, find_matches
from seamline.analysis.match_tables import ShotEdges, SiameseNetwork
from seamline.analysis.shot_groups import group_shots
from seamline.evaluation.grouping_run import film_curves
from seamline.evaluation.match_planted import Truth, truth_of
from seamline.evaluation.match_planted_pictures import write_planted
from seamline.evaluation.match_planted_plan import PlantedFilm, planted_film
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.project.footage import ShotFootage


@dataclass(frozen=True, slots=True, eq=False)
class DescribedFilm:
    """A planted film with what the finder knows of it.

    `features`: float32[pairs, features] of its pairs to judge, in their order; `left_out`: bool[pairs], which of them
    the finder does not offer, as two shots of one set-up or two pictures of the same.
    """

    planted: PlantedFilm
    edges: ShotEdges
    footage: tuple[ShotFootage, ...]
    features: NDArray[np.float32]
    left_out: NDArray[np.bool_]

    def truth_of(self, outgoing: int, incoming: int) -> Truth:
        """Of any two shots, by their places, also where they are in no list."""
        return truth_of(self.planted.shots[outgoing], self.planted.shots[incoming])


@contextmanager
def planted_folder(keep: Path | None) -> Iterator[Path]:
    """Where planted films are made: the folder to `keep` them in, made if it is not there, else one for the while."""
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def described(
    planted: PlantedFilm, folder: Path, *, siamese: SiameseNetwork | None, progress: Progress
) -> DescribedFilm:
    """Make the film in `folder`, unless it is there already, and look at it. Its seams are known, not looked for.

    Raises SeamlineError or Cancelled.
    """
    path = folder / f"planted-{planted.seed}.mp4"
    if not path.exists():
        write_planted(planted, path, progress=progress)
    film = open_film(path)
    vectors, signals = film_curves(film)
    footage = group_shots(vectors, planted.ranges, signals=signals)
    kept = folder / f"planted-{planted.seed}"
    kept.mkdir(exist_ok=True)
    edges = shot_edges(film, planted.ranges, kept, signals=signals, siamese=siamese, progress=progress)
    out = np.array([pair.outgoing for pair in planted.pairs], np.int64)
    into = np.array([pair.incoming for pair in planted.pairs], np.int64)
    offered = _offered(edges, footage)
    left_out = np.array([(pair.outgoing, pair.incoming) not in offered for pair in planted.pairs], np.bool_)
    return DescribedFilm(planted, edges, footage, pair_features(edges, edges, out, into), left_out)


def described_films(
    seeds: Sequence[int], folder: Path, *, siamese: SiameseNetwork | None, progress: Progress
) -> Iterator[DescribedFilm]:
    """Those of the seeds, one after the other."""
    for done, seed in enumerate(seeds):
        progress.step(done, len(seeds))
        yield described(planted_film(seed), folder, siamese=siamese, progress=progress)


def offered_pairs(film: DescribedFilm, limit: int) -> list[tuple[int, int]]:
    """Places of the pairs that the finder offers of all there are, best first, by its own rules."""
    rule = MatchRule(limit=limit, leaves_out_cuts=False)
    return _places(film.edges, film.footage, rule)


def _offered(edges: ShotEdges, footage: Sequence[ShotFootage]) -> set[tuple[int, int]]:
    every = len(edges) ** 2
    return set(_places(edges, footage, MatchRule(limit=every, leaves_out_cuts=False, most_a_shot=len(edges))))


def _places(edges: ShotEdges, footage: Sequence[ShotFootage], rule: MatchRule) -> list[tuple[int, int]]:
    places = {(int(start), int(end)): place for place, (start, end) in enumerate(edges.shots)}
    found = find_matches(edges, edges, footage=footage, rule=rule)
    return [(places[pair.outgoing.range], places[pair.incoming.range]) for pair in found]
