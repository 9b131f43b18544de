"""The shots that the nearest frames of a library lie in: each once, by its best frame, and from several films."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME_BITS = 32
_FRAME_MASK = (1 << FRAME_BITS) - 1
_MOST_OF_ONE_FILM = 1 / 3


@dataclass(frozen=True, slots=True)
class FoundShot:
    """The shot with this number, from 1, of a film; `frame` is the best of it."""

    film_number: int
    shot_number: int
    start_frame: int
    end_frame: int
    frame: int
    score: float


def keys_of(film_number: int, frames: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64[n]: what stands for those frames of that film in an index."""
    return np.uint64(film_number) << np.uint64(FRAME_BITS) | frames.astype(np.uint64)


def film_numbers(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (keys >> np.uint64(FRAME_BITS)).astype(np.int64)


def frames_of(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (keys & np.uint64(_FRAME_MASK)).astype(np.int64)


def best_of_shots(
    film_number: int, shots: NDArray[np.int64], frames: NDArray[np.int64], scores: NDArray[np.float32]
) -> list[FoundShot]:
    """The shots, int64[n, 2], that any of a film's frames lie in; frames that lie in none are left out."""
    best: dict[int, tuple[float, int]] = {}
    places = np.searchsorted(shots[:, 0], frames, side="right") - 1
    for place, frame, score in zip(places.tolist(), frames.tolist(), scores.tolist(), strict=True):
        is_in = place >= 0 and frame < shots[place, 1]
        if is_in and (place not in best or (score, -frame) > best[place]):
            best[place] = (score, -frame)
    return [
        FoundShot(film_number, place + 1, int(shots[place, 0]), int(shots[place, 1]), -minus_frame, score)
        for place, (score, minus_frame) in best.items()
    ]


def spread_over_films(found: Sequence[FoundShot], limit: int) -> list[FoundShot]:
    """The best of them, at most `limit`, best first.

    No film gives more than a third of these as long as others have any: a film that is about what is sought would
    else be all that is seen.
    """
    in_order = sorted(found, key=lambda shot: (-shot.score, shot.film_number, shot.start_frame))
    share = max(1, math.ceil(limit * _MOST_OF_ONE_FILM))
    taken: list[FoundShot] = []
    left: list[FoundShot] = []
    counts: Counter[int] = Counter()
    for shot in in_order:
        counts[shot.film_number] += 1
        (taken if counts[shot.film_number] <= share else left).append(shot)
    some = taken[:limit] + left[: max(0, limit - len(taken))]
    return sorted(some, key=lambda shot: (-shot.score, shot.film_number, shot.start_frame))
