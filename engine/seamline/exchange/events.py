"""The shots of a project as editing systems count them."""

from __future__ import annotations

from dataclasses import dataclass

from seamline.project.types import Project, Shot


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a cut list: `shot` on the constant grid of the film's rate.

    `start_frame` and `end_frame` are a half-open range of grid frames, counted from the film's first frame.
    """

    shot: Shot
    start_frame: int
    end_frame: int

    @property
    def length(self) -> int:
        return self.end_frame - self.start_frame


def events_of(project: Project) -> tuple[Event, ...]:
    """The project's shots without a gap: each event ends on the frame where the next one begins.

    At a constant rate the grid frames are the film's own. At a variable rate a shot that is shorter than half
    a grid frame may get no frame of the grid; it gets no event either, for editing systems refuse events of
    length 0, and its neighbours meet where it would have been. There is always at least one event.
    """
    grid_frame = project.film.index.grid_frame
    # each boundary is mapped once, so that neighbours cannot round apart
    starts = [grid_frame(shot.start_frame) for shot in project.shots]
    ends = [*starts[1:], max(1, grid_frame(project.film.frame_count))]
    return tuple(
        Event(shot, start, end)
        for shot, start, end in zip(project.shots, starts, ends, strict=True)
        if start < end
    )
