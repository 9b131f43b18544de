"""How much work a review is: `python -m seamline.evaluation.reviews TRUTH FILMS...` has editors simulated."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.learning import STIFFNESS
from seamline.analysis.proposals import Proposals, propose
from seamline.errors import SeamlineError
from seamline.evaluation.simulated_editor import Corrections, Order, SimulatedEditor
from seamline.exchange.csv_list import SCORED, Transition, read_transitions
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress

_WAYS = (("as proposed", Order.TIME, False), ("by time", Order.TIME, True), ("by doubt", Order.DOUBT, True))
_PARTS = ("rejected", "added", "renamed", "moved")


@dataclass(frozen=True, slots=True)
class FilmReviews:
    """What one film of `seam_count` true seams took, in each of the ways, in their order."""

    name: str
    seam_count: int
    ways: tuple[Corrections, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what all films that have a table of the same name in the truth folder take; exit code 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.reviews")
    parser.add_argument("truth", type=Path, help="folder of CSV tables, one a film, of the film's name")
    parser.add_argument("films", type=Path, nargs="+", help="folders of films")
    parser.add_argument(
        "--stiffness", type=float, default=STIFFNESS, help="of the model, %(default)s unless told"
    )
    options = parser.parse_args(arguments)
    pairs = [
        (table, film)
        for table in sorted(options.truth.glob("*.csv"))
        for folder in options.films
        for film in sorted(folder.glob(f"{table.stem}.*"))
    ]
    if not pairs:
        sys.stderr.write(f"No film in {options.films} has a table of its name in {options.truth}.\n")
        return 1
    try:
        films = [
            reviews(table.stem, _proposals(path), read_transitions(table), stiffness=options.stiffness)
            for table, path in pairs
        ]
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{report(films)}\n")
    return 0


def reviews(
    name: str, proposals: Proposals, truth: Sequence[Transition], *, stiffness: float = STIFFNESS
) -> FilmReviews:
    """One film reviewed from the start, in each of the ways."""
    ways = tuple(
        SimulatedEditor(proposals, truth, learns=learns, stiffness=stiffness).review(order)
        for _, order, learns in _WAYS
    )
    return FilmReviews(name, sum(true.scored == SCORED for true in truth), ways)


def report(films: Sequence[FilmReviews]) -> str:
    """The text, without a line end at its end: corrections a film, then of all films for 100 true seams."""
    lines = [f"{'':36}{'seams':>6}" + "".join(f"{name:>13}" for name, _, _ in _WAYS)]
    for film in films:
        counts = "".join(f"{way.count:13}" for way in film.ways)
        lines.append(f"{film.name:36}{film.seam_count:6}{counts}")
    seams = sum(film.seam_count for film in films)
    if not seams:
        return "\n".join([*lines, "No film has a true seam: there is nothing to count by."])
    sums = [_sum([film.ways[at] for film in films]) for at in range(len(_WAYS))]
    lines.append(f"{'all':36}{seams:6}" + "".join(f"{way.count:13}" for way in sums))
    lines.append(f"{'for 100 seams':42}" + "".join(f"{100 * way.count / seams:13.1f}" for way in sums))
    for part in _PARTS:
        counts = "".join(f"{100 * getattr(way, part) / seams:13.1f}" for way in sums)
        lines.append(f"  {part:40}{counts}")
    lines.append(f"{'looked at, for 100 seams':42}" + "".join(f"{100 * w.looks / seams:13.1f}" for w in sums))
    return "\n".join(lines)


def _sum(ways: Sequence[Corrections]) -> Corrections:
    return Corrections(*(sum(counts) for counts in zip(*map(astuple, ways), strict=True)))


def _proposals(path: Path) -> Proposals:
    cache = AnalysisCache()
    film = open_film(path, shelf=cache)
    analysis = Analysis(film, cache=cache)
    run = analysis.run(progress=CancellableProgress())
    if run.analysed_frames:
        sys.stderr.write(f"{path.name}: {run.analysed_frames} frames, {run.frames_per_s:.0f} a second\n")
    return propose(analysis.signals)


if __name__ == "__main__":
    sys.exit(main())
