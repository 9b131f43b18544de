"""The best pairs of some films side by side and one over the other, as a picture to judge by eye.

python -m seamline.evaluation.match_sheet FILM FILM ... --out FILE.jpg
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.film_footage import film_footage
from seamline.analysis.match_edges import shot_edges
from seamline.analysis.match_finder import MatchRule, find_matches
from seamline.analysis.match_tables import ShotEdges, SiameseNetwork
from seamline.analysis.stages import label_stages
from seamline.errors import SeamlineError
from seamline.exchange.files import check_target, written_whole
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler
from seamline.media.wanted_frames import wanted_frames
from seamline.models.encoder import open_efficientnet
from seamline.models.siamese_session import open_siamese
from seamline.progress import CancellableProgress, Progress
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range
from seamline.project.match_cuts import MatchPair, MatchSide
from seamline.project.own_frames import own_parts
from seamline.project.types import Project

_SIZE = (200, 112)
_LINE_PX = 18
_GAP_PX = 8
_COLUMNS = 2
_QUALITY = 82
_WHITE = (235, 235, 235)

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class SeenFilm:
    """A film with what its pairs are found by; `own`: of each shot the frames wholly its own, [start, end)."""

    film: Film
    edges: ShotEdges
    footage: tuple[ShotFootage, ...]
    own: tuple[Range, ...]


def seen(path: Path, cache: AnalysisCache, siamese: SiameseNetwork, progress: Progress) -> SeenFilm:
    """As the program looks at it: its cuts, faces and set-ups are found first. Raises SeamlineError or Cancelled."""
    film = open_film(path)
    analysis = Analysis(film, cache=cache, further=label_stages(film))
    if not analysis.is_complete:
        analysis.run(progress=progress)
    project = Project(film).with_proposals(analysis.seams, film.frame_count)
    shots, own = [shot.range for shot in project.shots], own_parts(project)
    folder, signals = cache.film_folder(film.fingerprint), analysis.signals
    edges = shot_edges(
        film,
        shots,
        folder,
        own=own,
        signals=signals,
        siamese=siamese,
        open_encoder=open_efficientnet,
        progress=progress,
    )
    footage = film_footage(film, shots, folder, signals, open_efficientnet, progress=progress)
    return SeenFilm(film, edges, tuple(footage), own)


def best_pairs(films: Sequence[SeenFilm], limit: int, *, most_a_shot: int = 2) -> list[MatchPair]:
    """Of all films with each other, best first; a shot goes out, and comes in, in a few of them at most."""
    rule = MatchRule(limit=3 * limit, most_a_shot=most_a_shot)
    found: list[MatchPair] = []
    for one in films:
        for other in films:
            footage = one.footage if one is other else ()
            found.extend(find_matches(one.edges, other.edges, footage=footage, rule=rule))
    going, coming = Counter[object](), Counter[object]()
    best = []
    for pair in sorted(found, key=lambda pair: -pair.score_01):
        out, into = (
            (pair.outgoing.fingerprint, pair.outgoing.range),
            (pair.incoming.fingerprint, pair.incoming.range),
        )
        if going[out] < most_a_shot and coming[into] < most_a_shot:
            going[out] += 1
            coming[into] += 1
            best.append(pair)
    return best[:limit]


def sheet(films: Sequence[SeenFilm], pairs: Sequence[MatchPair]) -> Picture:
    """uint8[height, width, 3], RGB: of each pair its number and kind, the frame out, the frame in, and both in one.

    Raises ValueError without a pair.
    """
    if not pairs:
        raise ValueError("a sheet needs a pair at least")
    sides = [side for pair in pairs for side in (pair.outgoing, pair.incoming)]
    shown = {film.film.fingerprint: _pictures(film.film, sides) for film in films}
    rows = [_row(number, pair, shown) for number, pair in enumerate(pairs, 1)]
    rows += [np.zeros_like(rows[0])] * (-len(rows) % _COLUMNS)
    high = len(rows) // _COLUMNS
    gap = np.zeros((high * len(rows[0]), _GAP_PX, 3), np.uint8)
    columns = [np.concatenate(rows[at : at + high]) for at in range(0, len(rows), high)]
    return np.concatenate([part for column in columns for part in (column, gap)][:-1], axis=1)


def _pictures(film: Film, sides: Iterable[MatchSide]) -> dict[int, Picture]:
    frames = sorted({side.frame for side in sides if side.fingerprint == film.fingerprint})
    scaler = Scaler(*_SIZE)
    found = wanted_frames(film, frames)
    return {number: scaler.rgb(frame, rotation_deg=film.info.rotation_deg) for number, frame in found}


def _row(number: int, pair: MatchPair, shown: dict[str, dict[int, Picture]]) -> Picture:
    out = shown[pair.outgoing.fingerprint][pair.outgoing.frame]
    into = shown[pair.incoming.fingerprint][pair.incoming.frame]
    both = np.asarray(cv2.addWeighted(out, 0.5, into, 0.5, 0), np.uint8)
    pictures = np.concatenate([out, into, both], axis=1)
    line = np.zeros((_LINE_PX, pictures.shape[1], 3), np.uint8)
    text = f"{number}  {pair.kind.value}  {pair.score_01:.2f}"
    cv2.putText(line, text, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, _WHITE, 1, cv2.LINE_AA)
    return np.concatenate([line, pictures])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_sheet", description="Shows the best pairs of some films."
    )
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.jpg")
    parser.add_argument("--limit", type=int, default=20, help="pairs (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        check_target(chosen.out, overwrite=True, sources=chosen.films)
        with tempfile.TemporaryDirectory() as folder:
            cache, siamese = AnalysisCache(Path(folder)), open_siamese()
            films = [seen(path, cache, siamese, CancellableProgress()) for path in chosen.films]
            pairs = best_pairs(films, max(1, chosen.limit))
            if not pairs:
                sys.stderr.write("There is no pair to show: give films of more shots.\n")
                return 1
            picture = cv2.cvtColor(sheet(films, pairs), cv2.COLOR_RGB2BGR)
            _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        with written_whole(chosen.out, overwrite=True) as part:
            part.write_bytes(data.tobytes())
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for number, pair in enumerate(pairs, 1):
        sys.stdout.write(f"{number:3} {pair.kind.value:7}{pair.score_01:5.2f}  {pair.reason}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
