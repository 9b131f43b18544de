"""Films assembled from known footage, by which the grouping of shots is measured.

    python -m seamline.evaluation.grouping_films FOLDER

FOLDER holds the clips of `grouping_takes`, at any depth. Prints the figures of both halves; `--json` for programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seamline.evaluation.grouping_takes import Take
from seamline.evaluation.synthetic_plan import EditPlan, Join, Piece
from seamline.project.labels import Range

_SHORTEST, _LONGEST = 28, 80  # frames of a shot
_TRIMMED = 10  # frames at most that a repeat begins later, and ends earlier
_LONG_AGO = 1000  # frames after which a set-up may return


@dataclass(frozen=True, slots=True)
class TrueShot:
    """Frames [start_frame, end_frame) of an assembled film: which take they are of, which block of the plot, and the
    earlier frames that are shown again, if any."""

    start_frame: int
    end_frame: int
    take: int
    scene: int
    repeats: Range | None = None

    @property
    def range(self) -> Range:
        return self.start_frame, self.end_frame


@dataclass(frozen=True, slots=True)
class AssembledFilm:
    """A film on paper: where its pieces come from, and what is true of it."""

    plan: EditPlan
    shots: tuple[TrueShot, ...]


def assembled_film(takes: Sequence[Take], seed: int) -> AssembledFilm:
    """A film of some thirty shots: dialogues of two or three set-ups, lone shots, returns, and repeats, as drawn by
    `seed`. Of the `takes`, `seed` draws as many as the film has use for; numbers in it are theirs."""
    rng = np.random.default_rng([7, seed])
    draft = _Draft(takes, rng)
    order = rng.permutation(len(takes)).tolist()
    used: list[int] = []
    while order:
        count = min(int(rng.choice([1, 2, 2, 3])), len(order))
        cast, order = order[:count], order[count:]
        long_ago = [take for take in used if draft.frames_since(take) >= _LONG_AGO]
        if long_ago and rng.random() < 0.6:
            cast.append(int(rng.choice(long_ago)))  # a set-up returns
        draft.begin_scene()
        for _ in range(1 if len(cast) == 1 else int(rng.integers(2, 4))):
            for take in cast:
                draft.add(take)
        used += cast
        if rng.random() < 0.5:
            draft.repeat()
    return draft.film()


class _Draft:
    def __init__(self, takes: Sequence[Take], rng: np.random.Generator) -> None:
        self._takes, self._rng = takes, rng
        self._next = [0] * len(takes)
        self._scene = -1
        self._pieces: list[Piece] = []
        self._shots: list[TrueShot] = []
        self._at = 0

    def frames_since(self, take: int) -> int:
        """How long ago that take was last shown."""
        return self._at - max(
            (shot.end_frame for shot in self._shots if shot.take == take), default=-_LONG_AGO
        )

    def begin_scene(self) -> None:
        self._scene += 1

    def add(self, take: int) -> None:
        """The next frames of that take, as far as it has enough of them."""
        room = self._takes[take].length - self._next[take]
        length = int(self._rng.integers(_SHORTEST, _LONGEST + 1))
        if room < length:
            return
        self._put(take, self._next[take], length, None)
        self._next[take] += length

    def repeat(self) -> None:
        """Show part of an earlier shot again."""
        new = [place for place, shot in enumerate(self._shots) if shot.repeats is None]
        place = int(self._rng.choice(new))
        shot, piece = self._shots[place], self._pieces[place]
        head, tail = self._rng.integers(0, _TRIMMED + 1, 2)
        start, end = shot.start_frame + int(head), shot.end_frame - int(tail)
        if end - start >= _SHORTEST // 2 and place < len(self._shots) - 1:
            self.begin_scene()
            self._put(shot.take, piece.first + int(head), end - start, (start, end))

    def _put(self, take: int, first: int, length: int, repeats: Range | None) -> None:
        self._pieces.append(Piece(take, first, length))
        self._shots.append(TrueShot(self._at, self._at + length, take, self._scene, repeats))
        self._at += length

    def film(self) -> AssembledFilm:
        joins = tuple(Join() for _ in self._pieces[1:])
        return AssembledFilm(EditPlan(tuple(self._pieces), joins), tuple(self._shots))


if __name__ == "__main__":
    from seamline.evaluation.grouping_run import main

    raise SystemExit(main())
