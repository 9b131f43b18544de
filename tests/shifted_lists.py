"""Cut lists made from a film's seams, for tests of comparing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from seamline.exchange.compare import Comparison, Outcome
from seamline.exchange.cut_list import CutList, ListEvent
from seamline.project.types import Project, Seam

MakeProject = Callable[..., Project]


def random_cuts(count: int, frames: int, seed: int = 1) -> list[int]:
    places = np.random.default_rng(seed).choice(np.arange(1, frames // 4), count, replace=False) * 4
    return sorted(places.tolist())


def film_of(make_project: MakeProject, cuts: Sequence[int], frames: int, **options: object) -> Project:
    return make_project([Seam(frame - 1, frame) for frame in cuts], frames=frames, **options)


def list_of(
    cuts: Sequence[int], start: int, end: int, *, source_shift: int | None = None, **options: object
) -> CutList:
    """Events from `start` to `end` that cut at `cuts`; by source they have jumps, unless a shift is told."""
    bounds = [start, *cuts, end]
    events = []
    for number, (first, last) in enumerate(pairwise(bounds)):
        source = number * 100_000 + 1000 if source_shift is None else first + source_shift
        name = f"A{number:03d}" if source_shift is None else "FILM"
        events.append(ListEvent(source, source + last - first, first, last, name))
    return CutList("Reel", "test list", None, None, tuple(events), **options)  # type: ignore[arg-type]


def shifted(cuts: Sequence[int], by: int) -> list[int]:
    return [frame + by for frame in cuts]


def counts(comparison: Comparison) -> dict[str, int]:
    found = {str(outcome): comparison.count(outcome) for outcome in Outcome}
    return {name: count for name, count in found.items() if count}
