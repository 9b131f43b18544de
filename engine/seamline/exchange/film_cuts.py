"""A film's seams on the constant grid that cut lists count on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList, ListEvent
from seamline.media.timebase import Int64Array, snap_rate
from seamline.project.types import Project, Seam, SeamKind


@dataclass(frozen=True, eq=False, slots=True)
class FilmCuts:
    """Grid frames of a film's seams, counted from its first frame; int64[n] each, rising.

    `starts` and `ends`: the first frame that is no longer the old shot alone, and the first wholly of the new
    one (a cut: the same). `middles`: where a list of cuts alone would cut. `end`: as far as the film is known.
    """

    seams: tuple[Seam, ...]
    starts: Int64Array
    ends: Int64Array
    middles: Int64Array
    end: int

    @classmethod
    def of(cls, project: Project) -> FilmCuts:
        grid_frame = project.film.index.grid_frame
        seams = project.seams
        ends = [grid_frame(seam.in_frame) for seam in seams]
        starts = [
            end if seam.kind is SeamKind.CUT else grid_frame(seam.out_frame + 1)
            for seam, end in zip(seams, ends, strict=True)
        ]
        middles = [grid_frame(seam.cut_frame) for seam in seams]
        known = max([project.analysed_frames or project.film.frame_count, *(s.in_frame + 1 for s in seams)])
        return cls(
            seams,
            np.array(starts, np.int64),
            np.array(ends, np.int64),
            np.array(middles, np.int64),
            grid_frame(min(known, project.film.frame_count)),
        )


def film_frame(project: Project, grid_frame: int) -> int:
    """The film's own frame that lies on that frame of the grid, or nearest to it; the number itself at constant rate.

    May lie outside the film where `grid_frame` does.
    """
    index = project.film.index
    if not index.is_variable or not 0 <= grid_frame < index.grid_frame(len(index)):
        return grid_frame
    shown = index.frame_at(Fraction(grid_frame) / index.rate)
    near = [frame for frame in (shown, shown + 1) if frame < len(index)]
    return min(near, key=lambda frame: abs(index.grid_frame(frame) - grid_frame))


def on_grid(cut_list: CutList, project: Project) -> CutList:
    """The list with its record frames on the film's grid; itself where it counts on that already.

    An event that takes no frame of the grid is left out, as it is in the lists that are written.
    """
    index = project.film.index
    if not cut_list.counts_film_frames or not index.is_variable:
        return cut_list
    frame_count = len(index)

    @cache  # an event begins where the one before it ends
    def grid_frame(frame: int) -> int:
        return index.grid_frame(min(frame, frame_count)) + max(0, frame - frame_count)

    events = tuple(event for event in cut_list.events if _takes_frames(event, grid_frame))
    return replace(
        cut_list, events=tuple(_moved(event, grid_frame) for event in events or cut_list.events[:1])
    )


def _takes_frames(event: ListEvent, grid_frame: Callable[[int], int]) -> bool:
    return grid_frame(event.record_start) < grid_frame(event.record_end)


def _moved(event: ListEvent, grid_frame: Callable[[int], int]) -> ListEvent:
    start, first_whole = event.record_start, event.record_start + event.transition_frames
    record = grid_frame(start), max(grid_frame(start) + 1, grid_frame(event.record_end))
    is_one_range = (event.source_start, event.source_end) == (start, event.record_end)
    source = record if is_one_range else (event.source_start, event.source_end)
    return replace(
        event,
        source_start=source[0],
        source_end=source[1],
        record_start=record[0],
        record_end=record[1],
        transition_frames=grid_frame(first_whole) - record[0],
    )


def check_rates(cut_list: CutList, project: Project) -> str:
    """Nothing, or a remark, where frames of the list are frames of the film one for one.

    A list at 24 counts the frames of a film at 23.976 as the film itself does, and so with 30 and 29.97: the frames
    are the same, only their speed is not. Raises ExchangeError at rates that count otherwise.
    """
    if cut_list.rate is None:
        return ""
    theirs, ours = snap_rate(cut_list.rate), project.film.rate
    if theirs == ours:
        return ""
    if round(theirs) == round(ours) and {theirs.denominator, ours.denominator} == {1, 1001}:
        return (
            f"The list runs at {rate_name(theirs)} frames a second, the film at {rate_name(ours)}: both count "
            f"{round(ours)} to the second, so their frames are taken one for one."
        )
    raise ExchangeError(
        f"The list runs at {rate_name(theirs)} frames a second and the film at {rate_name(ours)}, so their frames "
        "are not the same: export the list at the film's rate."
    )


def rate_name(rate: Fraction) -> str:
    """Such as 23.976, 25 or 59.94."""
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
