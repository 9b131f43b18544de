"""A string-out of match cuts: of every pair the last seconds of one shot, and the first of the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from seamline.errors import ExchangeError
from seamline.project.match_cuts import JudgedPair, MatchSide
from seamline.project.match_playing import playable
from seamline.project.types import Project

USUAL_SECONDS = Fraction(2)


@dataclass(frozen=True, slots=True)
class StringClip:
    """Frames [start_frame, end_frame) of the constant grid of a film; [shot_start, shot_end) is all of the shot
    outside of gradual seams, so what lies between is its handles. `film`: the place of its film in `StringOut.films`.
    `name` says which pair it is of, `comment` why."""

    film: int
    start_frame: int
    end_frame: int
    shot_start: int
    shot_end: int
    name: str
    comment: str

    @property
    def length(self) -> int:
        return self.end_frame - self.start_frame


@dataclass(frozen=True, slots=True)
class StringMark:
    """A marker where the pair is cut: on the first frame of `StringOut.clips[clip]`, its incoming one."""

    clip: int
    name: str
    comment: str


@dataclass(frozen=True)
class StringOut:
    """Clips one behind the other, two a pair; `films` as projects, for their reels and timecodes."""

    title: str
    films: tuple[Project, ...]
    clips: tuple[StringClip, ...]

    @property
    def rate(self) -> Fraction:
        """That of the sequence: of the film its first clip is of."""
        return self.films[self.clips[0].film].film.rate

    @property
    def start_frame(self) -> int:
        """The sequence begins at 01:00:00:00, in the counting (drop frame or not) of its first clip's film."""
        return self.films[self.clips[0].film].timecode_rate.frames_a_day // 24

    @property
    def marks(self) -> tuple[StringMark, ...]:
        """One a pair."""
        return tuple(
            StringMark(2 * place + 1, f"Match {place + 1}", into.comment)
            for place, into in enumerate(self.clips[1::2])
        )

    @property
    def rates(self) -> frozenset[Fraction]:
        return frozenset(self.films[clip.film].film.rate for clip in self.clips)

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Each clip's frames of the sequence, half-open; a clip of another rate takes as many as it has time for."""
        places = []
        at = 0
        for clip in self.clips:
            length = _frames_at(self.rate, clip.length, self.films[clip.film].film.rate)
            places.append((at, at + length))
            at += length
        return tuple(places)


def string_out(
    pairs: Sequence[JudgedPair], films: Mapping[str, Project], *, seconds: Fraction = USUAL_SECONDS
) -> StringOut:
    """The pairs one after the other, of each shot at most `seconds`, cut where the editor left the cut, and nothing of
    gradual seams: a cut that lies in one comes to the nearest frame outside of it.

    `films`: by fingerprint. Raises ExchangeError where there is no pair, or a film of one is not among them, or has not
    the frames.
    """
    if not pairs:
        raise ExchangeError("There is no pair to export: keep one first (K).")
    if not 0 < seconds <= 3600:
        raise ExchangeError(f"A string-out takes 0 to 3,600 seconds of a shot, not {float(seconds):g}.")
    used: dict[str, int] = {}
    clips: list[StringClip] = []
    rate: Fraction | None = None
    for number, judged in enumerate(pairs, 1):
        pair = judged.pair
        comment = f"{pair.kind} match {pair.score_01:.2f}" + (f": {pair.reason}" if pair.reason else "")
        comment += f" | {judged.note}" if judged.note else ""
        for name, side, is_outgoing in (("out", pair.outgoing, True), ("in", pair.incoming, False)):
            project = films.get(side.fingerprint)
            if project is None:
                raise ExchangeError(
                    f"The film of pair {number} is not open: open both films of a pair, or leave the pair out."
                )
            if not pair.is_within(side.fingerprint, project.film.frame_count):
                raise ExchangeError(
                    f"Pair {number} lies beyond the end of “{project.film.path.name}”: leave the pair out (X rejects "
                    "it)."
                )
            rate = rate or project.film.rate
            place = used.setdefault(side.fingerprint, len(used))
            shown = playable(side, project)
            clip = _clip(project, place, shown, is_outgoing, seconds, f"Match {number} {name}", comment)
            clips.append(_ending_at_the_cut(clip, project.film.rate, rate) if is_outgoing else clip)
    ordered = tuple(films[fingerprint] for fingerprint in used)
    title = ordered[clips[0].film].film.path.stem
    return StringOut(f"{title} match cuts", ordered, tuple(clips))


def _clip(
    project: Project,
    place: int,
    side: MatchSide,
    is_outgoing: bool,
    seconds: Fraction,
    name: str,
    comment: str,
) -> StringClip:
    grid_frame = project.film.index.grid_frame
    most = max(1, round(seconds * project.film.rate))
    shot_start = grid_frame(side.start_frame)
    shot_end = max(shot_start + 1, grid_frame(side.end_frame))
    if is_outgoing:
        end = min(max(shot_start + 1, grid_frame(side.frame + 1)), shot_end)
        start = max(shot_start, end - most)
    else:
        start = min(grid_frame(side.frame), shot_end - 1)
        end = min(shot_end, start + most)
    return StringClip(place, start, end, shot_start, shot_end, name, comment)


def _frames_at(rate: Fraction, frames: int, film_rate: Fraction) -> int:
    """As many frames of `rate` as these of the film have time for, one at least."""
    return max(1, int(frames * rate / film_rate))


def _ending_at_the_cut(clip: StringClip, film_rate: Fraction, rate: Fraction) -> StringClip:
    """Without the first frames that a sequence of `rate` has no whole frame for, or it would lose the last ones."""
    shown = math.ceil(_frames_at(rate, clip.length, film_rate) * film_rate / rate)
    return replace(clip, start_frame=max(clip.start_frame, clip.end_frame - shown))
