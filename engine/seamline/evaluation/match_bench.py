"""How long 2,000 shots take to be ranked as match cuts, and how much memory. What is known of the shots is simulated.

    python -m seamline.evaluation.match_bench [--shots 2000] [--exact]

That is the time after the analysis: no film is decoded. Grids are random and smooth as those of pictures are; one shot
in two has a face; one in twelve is made to match another, so that there is something to be found. Half of the shots
return to one set-up, as in a film that is a conversation; most of the others to one of twenty, and all are told apart
only by their pictures. With `--exact`, all pairs are compared too, and told how many of the best of these the index of
candidates leads to.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis import match_candidates
from seamline.analysis.match_finder import MatchRule, find_matches
from seamline.analysis.match_tables import (
    A_FACE,
    COLOUR_GRID,
    FIGURE_WIDTH,
    GRID,
    ORIENTATIONS,
    EdgeTable,
    ShotEdges,
)
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.project.footage import ShotFootage

SHOTS = 2000
LIMIT = 200

_SIAMESE = 128
_MATCHING_SHARE = 1 / 12
_SHOT_FRAMES = 100
_LARGEST_SETUP, _OTHER_SETUPS = 0.5, 20

Floats = NDArray[np.float32]


class SimulatedNetwork:
    """Compares features as the siamese network does, by a weighted distance; its weights are random."""

    key = "simulated"

    def __init__(self, seed: int) -> None:
        self._weights = np.random.default_rng([seed, 2]).normal(0, 0.1, _SIAMESE).astype(np.float32)

    def features(self, pictures: NDArray[np.uint8]) -> Floats:
        return np.zeros((len(pictures), _SIAMESE), np.float32)

    def score_01(self, a: Floats, b: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-np.abs(a - b) @ self._weights)), np.float32)


def simulated_edges(shots: int, seed: int = 1) -> ShotEdges:
    """What might be known of so many shots of one film; the same for the same seed."""
    rng = np.random.default_rng([seed, 1])
    starts = np.arange(shots, dtype=np.int64) * _SHOT_FRAMES
    heads = _table(rng, starts)
    tails = _table(rng, starts + _SHOT_FRAMES - 1)
    # some tails are nearly what some heads are
    count = round(shots * _MATCHING_SHARE)
    out, into = rng.permutation(shots)[:count], rng.permutation(shots)[:count]
    for name in ("light", "mass", "lines", "flow", "camera", "thing"):
        of_heads, of_tails = getattr(heads, name), getattr(tails, name)
        spread = float(of_heads.std()) / 5
        of_tails[out] = of_heads[into] + rng.normal(0, spread, of_heads[into].shape).astype(np.float32)
    ranges = np.stack([starts, starts + _SHOT_FRAMES], axis=1)
    return ShotEdges("simulated", ranges, heads, tails, SimulatedNetwork(seed))


def simulated_footage(edges: ShotEdges, seed: int = 1) -> tuple[ShotFootage, ...]:
    """Half of the shots are of the first set-up, a third of some others, and the rest of one each."""
    rng = np.random.default_rng([seed, 3])
    others = rng.integers(2, 2 + _OTHER_SETUPS, len(edges))
    alone = 2 + _OTHER_SETUPS + np.arange(len(edges))
    share = rng.random(len(edges))
    setups = np.where(share < _LARGEST_SETUP, 1, np.where(share < 5 / 6, others, alone))
    return tuple(
        ShotFootage(int(start), int(end), 1, int(setup))
        for (start, end), setup in zip(edges.shots, setups, strict=True)
    )


def _table(rng: np.random.Generator, frames: NDArray[np.int64]) -> EdgeTable:
    count = len(frames)
    figures = np.zeros((count, FIGURE_WIDTH), np.float32)
    has_face = rng.random(count) < 0.5
    figures[has_face, 0] = A_FACE
    figures[has_face, 1:3] = rng.uniform(0.15, 0.85, (int(has_face.sum()), 2))
    figures[has_face, 3:] = rng.uniform(0.1, 0.9, (int(has_face.sum()), 2))
    speeds = rng.exponential(0.2, (count, 1)).astype(np.float32)
    flow = speeds * _smooth(rng, count, 2, 3.0) * 3
    camera = np.empty((count, 4), np.float32)
    camera[:, :2] = flow.reshape(count, -1, 2).mean(axis=1)
    camera[:, 2] = rng.normal(0, 0.1, count)
    camera[:, 3] = rng.random(count)
    light = _smooth(rng, count, 1, 2.0)
    return EdgeTable(
        frames,
        np.ones(count, np.bool_),
        light - light.mean(axis=1, keepdims=True),
        rng.random((count, 3 * COLOUR_GRID[0] * COLOUR_GRID[1]), np.float32),
        np.clip(2 * _smooth(rng, count, 1, 2.0) + 0.4, 0, 1),
        _directions(np.abs(_smooth(rng, count, ORIENTATIONS, 1.5))),
        figures,
        flow,
        camera,
        _things(rng, count),
        rng.exponential(1, (count, _SIAMESE)).astype(np.float32),
        _directions(rng.exponential(1, (count, EFFICIENTNET_LITE0_ENCODER.dimension)).astype(np.float32)),
    )


def _things(rng: np.random.Generator, count: int) -> Floats:
    """float32[count, 3]: in half of the edges, a thing goes some way, and most of what moves goes so."""
    turns, speeds = rng.uniform(0, 2 * np.pi, count), rng.exponential(0.15, count) * (rng.random(count) < 0.5)
    things = [speeds * np.cos(turns), speeds * np.sin(turns), rng.random(count) * (speeds > 0)]
    return np.stack(things, axis=1).astype(np.float32)


def _smooth(rng: np.random.Generator, count: int, planes: int, blur_cells: float) -> Floats:
    """float32[count, cells * planes]: random grids without small detail."""
    grids = rng.standard_normal((count, GRID[1], GRID[0], planes), np.float32)
    blurred = [cv2.GaussianBlur(grid, (0, 0), blur_cells).reshape(-1) for grid in grids]
    return np.asarray(blurred, np.float32).reshape(count, GRID[0] * GRID[1] * planes)


def _directions(values: Floats) -> Floats:
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, processor seconds, and the process's most memory by then, with what it had before, in MiB.

    `best_found`: of the best pairs of all, the share that was given; None where not all were compared.
    """

    shots: int
    pairs_given: int
    wall_s: float
    processor_s: float
    before_mib: float
    most_mib: float
    best_found: float | None = None

    @property
    def text(self) -> str:
        exact = "" if self.best_found is None else f"; {self.best_found:.3f} of the best {LIMIT} are given"
        return (
            f"{self.shots:,} shots ({self.shots * (self.shots - 1):,} pairs): {self.wall_s:.2f} s "
            f"({self.processor_s:.2f} s of a processor), {self.pairs_given} pairs given, at most "
            f"{self.most_mib:.0f} MiB ({self.before_mib:.0f} MiB before){exact}"
        )


def measured(shots: int, seed: int = 1, *, is_exact: bool = False) -> Cost:
    """The cost of one ranking of simulated shots."""
    edges = simulated_edges(shots, seed)
    footage = simulated_footage(edges, seed)
    rule = MatchRule(limit=LIMIT)
    before_mib = _most_mib()
    wall_s, processor_s = time.perf_counter(), time.process_time()
    given = find_matches(edges, edges, footage=footage, rule=rule)
    wall_s, processor_s = time.perf_counter() - wall_s, time.process_time() - processor_s
    cost = Cost(shots, len(given), wall_s, processor_s, before_mib, _most_mib())
    if not is_exact:
        return cost
    usual = match_candidates.ALL_PAIRS
    try:
        match_candidates.ALL_PAIRS = shots * shots
        best = find_matches(edges, edges, footage=footage, rule=rule)
    finally:
        match_candidates.ALL_PAIRS = usual
    keys = {pair.key for pair in given}
    return replace(cost, best_found=sum(pair.key in keys for pair in best) / max(1, len(best)))


def _most_mib() -> float:
    """The most memory that this process has held so far; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    import resource

    # Linux counts KiB, macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_bench",
        description="Ranks the pairs of simulated shots, and tells how long that takes.",
    )
    parser.add_argument("--shots", type=int, default=SHOTS, help="(default: %(default)s)")
    parser.add_argument("--exact", action="store_true", help="compare all pairs, too")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(f"{measured(max(2, chosen.shots), is_exact=chosen.exact).text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
