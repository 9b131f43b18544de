"""How exactly the motion of drawn cameras and things is told where shots begin and end.

    python -m seamline.evaluation.match_motion
    python -m seamline.evaluation.match_motion --seeds 401 402 --keep FOLDER

The shots of planted films (`match_planted_plan`) move in a known way at their ends. An error is how far the velocity
that was told lies from the one that was drawn over the five frames that points are followed in, as a share of its
speed; pixels are looked at three frames further, so that what is sped up counts as an error. What was planned would be
no truth here: a hand shakes, what lives stirs, and pictures are up to a tenth closer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_flows import camera_of
from seamline.analysis.match_pictures import NEAREST
from seamline.analysis.match_tables import EdgeTable
from seamline.errors import SeamlineError
from seamline.evaluation.match_cuts import FITTED_SEEDS
from seamline.evaluation.match_described import DescribedFilm, described_films, planted_folder
from seamline.evaluation.match_planted import STILL, Going, PlantedShot
from seamline.evaluation.match_planted_pictures import camera_path, mass_places
from seamline.evaluation.match_planted_plan import PlantedFilm
from seamline.evaluation.match_planted_units import RATE
from seamline.models.siamese_session import open_siamese
from seamline.progress import CancellableProgress

OFF = 0.25
"""Of the speed: a velocity that is further from the one that was drawn is counted apart."""

_TALL = 9 / 16  # the pictures' height against their width
_REFRAMED = "duplicate"  # its edges are cut off, so that what is left is enlarged

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What one measure told of all edges at which a camera, or a thing, was made to move.

    `errors`: float64[n], 0 for the velocity that was drawn, 1 for none at all.
    """

    name: str
    errors: Floats

    @property
    def median(self) -> float:
        return float(np.median(self.errors))

    @property
    def off_share(self) -> float:
        """Of the edges, 0 to 1: those with an error of more than OFF."""
        return float((self.errors > OFF).mean())


def told(films: Sequence[DescribedFilm]) -> list[Told]:
    """Of things and cameras as the finder knows them, and of cameras by the grid of speeds alone; what was not made to
    move in any film is not there."""
    found: dict[str, list[Floats]] = {}
    for film in films:
        for table, is_head in ((film.edges.heads, True), (film.edges.tails, False)):
            things, cameras = _drawn(film.planted, table, is_head=is_head)
            for name, errors in _errors(things, cameras, table):
                found.setdefault(name, []).append(errors)
    every = {name: np.concatenate(errors) for name, errors in found.items()}
    return [Told(name, errors) for name, errors in every.items() if len(errors)]


def drawn_goings(shot: PlantedShot, first: int, last: int) -> tuple[Going, Going]:
    """How the camera and the first mass go from one of the shot's frames to a later one, as they are drawn; the camera
    by what it shows at the picture's middle, halfway."""
    seconds = (last - first) / RATE
    path = camera_path(shot)
    zoom = path.zoom[[first, last]]
    growth = (zoom[1] - zoom[0]) / zoom.mean()
    right, down = (
        float(each[1] - each[0] - growth * each.mean()) / seconds
        for each in (path.x[[first, last]], path.y[[first, last]] * _TALL)
    )
    camera = Going(right, down, float(np.log(zoom[1] / zoom[0])) / seconds)
    places = mass_places(shot)
    if not places[first]:
        return camera, STILL
    (left, top, width, height), (then_left, then_top, then_width, then_height) = (
        places[frame][0] for frame in (first, last)
    )
    gone_right = then_left - left + (then_width - width) / 2
    gone_down = (then_top - top + (then_height - height) / 2) * _TALL
    return camera, Going(gone_right / seconds, gone_down / seconds)


def _drawn(planted: PlantedFilm, table: EdgeTable, *, is_head: bool) -> tuple[Floats, Floats]:
    """float64[n, 3] each: how things and cameras go where they were made to; elsewhere, and where a shot is used again,
    enlarged, 0."""
    found = np.zeros((2, len(table), 3))
    for row, (shot, (start, _)) in enumerate(zip(planted.shots, planted.ranges, strict=True)):
        end = shot.head if is_head else shot.tail
        if shot.note == _REFRAMED or end.is_still:
            continue
        frame = int(table.frames[row]) - start
        camera, thing = drawn_goings(
            shot, *((frame, frame + NEAREST) if is_head else (frame - NEAREST, frame))
        )
        for place, going, asked in ((0, thing, end.moving), (1, camera, end.camera)):
            if asked != STILL:
                found[place, row] = going.right, going.down, going.nearer
    return found[0], found[1]


def _errors(things: Floats, cameras: Floats, table: EdgeTable) -> Iterator[tuple[str, Floats]]:
    # the picture goes the other way than the camera, and grows as that comes nearer
    shown = cameras * [-1, -1, 1]
    grids = np.array([camera_of(flow) for flow in table.flow], np.float64).reshape(len(table), 4)
    yield "things", _off(table.thing[:, :2], things[:, :2])
    yield "cameras", _off(table.camera[:, :3], shown)
    yield "cameras by the grid", _off(grids[:, :3], shown)


def _off(velocities: NDArray[np.floating], drawn: Floats) -> Floats:
    """float64[m], of those of float[n, k] that were made to move."""
    speeds = np.linalg.norm(drawn, axis=1)
    moves = speeds > 0
    apart = np.linalg.norm(velocities[moves] - drawn[moves], axis=1)
    return np.asarray(apart / speeds[moves], np.float64)


def report(films: Sequence[DescribedFilm]) -> str:
    """All figures as text, without a line end at its end."""
    return "\n".join(_lines(films))


def _lines(films: Sequence[DescribedFilm]) -> Iterator[str]:
    yield f"films of the seeds {', '.join(str(film.planted.seed) for film in films)}"
    yield f"{'error, of the speed':28}{'edges':>7}{'median':>8}{'over ' + str(OFF):>11}"
    for each in told(films):
        yield f"{each.name:28}{len(each.errors):7}{each.median:8.3f}{each.off_share:11.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_motion",
        description="Tells how exactly the motion of drawn cameras and things is told where shots begin and end.",
    )
    first, last = FITTED_SEEDS.start, FITTED_SEEDS.stop - 1
    parser.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=list(FITTED_SEEDS),
        metavar="SEED",
        help=f"of the films (default: {first} to {last})",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where the films are kept, to be used again"
    )
    chosen = parser.parse_args(arguments)
    try:
        with planted_folder(chosen.keep) as folder:
            films = described_films(
                chosen.seeds, folder, siamese=open_siamese(), progress=CancellableProgress()
            )
            text = report(list(films))
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
