"""What is asked of the job that finds match cuts, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seamline.project.labels import Range
from seamline.project.match_cuts import MatchKind, MatchPair
from seamline.project.own_frames import own_parts
from seamline.project.types import Project, Seam


@dataclass(frozen=True, slots=True, eq=False)
class MatchWish:
    """Pairs of shots of `project`, the film that is open, as its seams are now.

    `other`: pairs of one shot of it and one of the film or project there instead. `out_frame`: only out of that frame
    of the film that is open; `in_frame`: only into that frame of it. `learns`: whether the other film's corrections
    teach about the rest of it.
    """

    project: Project
    kinds: frozenset[MatchKind] = frozenset(MatchKind)
    other: Path | None = None
    out_frame: int | None = None
    in_frame: int | None = None
    learns: bool = True

    @property
    def is_from_frame(self) -> bool:
        """Whether one side of the pairs is cut where the editor stands."""
        return self.out_frame is not None or self.in_frame is not None

    def is_alike(self, wish: MatchWish) -> bool:
        """Whether `wish` looks in the same place, however the seams are there."""
        mine, its = ((of.other, of.out_frame, of.in_frame) for of in (self, wish))
        return mine == its and self.project.film is wish.project.film

    def is_current(self, project: Project) -> bool:
        """Whether `project` has the shots that were asked about, with the same frames wholly their own."""
        return (
            project.film is self.project.film
            and shots_of(project) == shots_of(self.project)
            and own_parts(project) == own_parts(self.project)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The pairs, best first, and the films they are of."""

    wish: MatchWish
    pairs: tuple[MatchPair, ...]
    films: tuple[Project, ...]

    def could_hold(self, pair: MatchPair) -> bool:
        """Whether it is of these films, and cut at the frame that was looked from, if one was."""
        out, into = pair.outgoing, pair.incoming
        own, *others = (project.film.fingerprint for project in self.films)
        if {out.fingerprint, into.fingerprint} != {own, *others}:
            return False
        frames = (self.wish.out_frame, out), (self.wish.in_frame, into)
        return all(
            frame is None or (side.fingerprint == own and side.frame == frame) for frame, side in frames
        )


@dataclass(frozen=True, slots=True, eq=False)
class MarkWish:
    """Which seams of `project` are match cuts."""

    project: Project


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """The seams that are match cuts, in the film's order."""

    wish: MarkWish
    found: tuple[tuple[Seam, MatchPair], ...]


@dataclass(frozen=True, slots=True, eq=False)
class LookUpWish:
    """The films of these fingerprints, which were at these paths; `project`: of the film that is open."""

    project: Project
    films: Mapping[str, Path]
    learns: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class LookedUp:
    """Those of the films that are still there, by what is known of them without a decode."""

    films: tuple[Project, ...]


def shots_of(project: Project) -> tuple[Range, ...]:
    return tuple(shot.range for shot in project.shots)
