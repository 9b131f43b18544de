"""Groups of shots from the same set-up, out of pairs that probably are."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.shot_groups_pairs import ShotPairs, ShotPictures
from seamline.progress import Progress

SAME_SETUP_01 = 0.96
"""How likely two pictures must be the same footage for their shots to be of one set-up: more than for two of one film,
which the model is made for. Like the next one, that with the highest pairwise F1 on one half of
`evaluation.grouping_takes`, by the built-in encoder and the model that comes with the program."""
SAME_GROUP_01 = 0.8
"""Likewise for what two groups show on average, so that no chain of shots joins what is unlike at its ends."""
SAME_TITLE_01 = 0.99
"""Likewise for two shots that are nearly all black or nearly all white: any two titles look alike."""

_BATCH = 4096


class FootageModel(Protocol):
    """What tells how likely pictures are of the same footage."""

    def probability(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[n], 0 to 1, for the vectors of n pairs of pictures, float32[n, dimension] each."""


def pair_probabilities(
    pictures: ShotPictures, pairs: ShotPairs, model: FootageModel, *, progress: Progress | None = None
) -> NDArray[np.float32]:
    """float32[n]: how likely the most alike pictures of each pair are the same footage."""
    likely = np.zeros(len(pairs.first), np.float32)
    for start in range(0, len(likely), _BATCH):
        if progress is not None:
            progress.step(start, len(likely))
        part = slice(start, start + _BATCH)
        likely[part] = model.probability(
            pictures.vectors[pairs.first[part], pairs.first_picture[part]],
            pictures.vectors[pairs.second[part], pairs.second_picture[part]],
        )
    return likely


def groups_of(
    pictures: ShotPictures,
    pairs: ShotPairs,
    likely: NDArray[np.float32],
    model: FootageModel,
    *,
    same_group_01: float = SAME_GROUP_01,
) -> NDArray[np.int64]:
    """int64[shots]: for each the place of the first shot of its group.

    Of the pairs given, the likeliest is joined first; two groups are joined only where their mean pictures, too, are
    of the same footage. Equally likely pairs in the order of the film.
    """
    count = len(pictures.shots)
    parents = list(range(count))
    sums = pictures.vectors.mean(1).astype(np.float64)
    sizes = [1] * count
    refused: set[tuple[int, int, int, int]] = set()

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for at in np.lexsort((pairs.second, pairs.first, -likely)).tolist():
        a, b = sorted((root(int(pairs.first[at])), root(int(pairs.second[at]))))
        state = a, b, sizes[a], sizes[b]
        if a == b or state in refused:
            continue
        if (
            sizes[a] + sizes[b] > 2
            and float(model.probability(_unit(sums[a]), _unit(sums[b]))[0]) < same_group_01
        ):
            refused.add(state)
            continue
        parents[b] = a
        sums[a] += sums[b]
        sizes[a] += sizes[b]
    return np.array([root(place) for place in range(count)], np.int64)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)[None]
