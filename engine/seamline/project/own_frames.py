"""The frames that are wholly a shot's own: neither in a dissolve, fade or wipe, nor behind one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from seamline.errors import ProjectError
from seamline.project.labels import Range
from seamline.project.types import Project, Seam, SeamKind

_OUT_FRAME = attrgetter("out_frame")
_START_FRAME = attrgetter("start_frame")


def own_runs(seams: Sequence[Seam], start_frame: int, end_frame: int) -> list[Range]:
    """The frames [start_frame, end_frame) without those between the ends of gradual seams: [start, end) each, rising.

    `seams`: of the film, in its order. Of a shot that runs from seam to seam there is one run, or none where the seams
    at its ends leave nothing of it; of other ranges there may be more.
    """
    runs: list[Range] = []
    at = start_frame
    # the one that begins before the range may reach into it
    for place in range(max(0, bisect_left(seams, start_frame, key=_OUT_FRAME) - 1), len(seams)):
        seam = seams[place]
        if seam.out_frame + 1 >= end_frame:
            break
        if seam.kind is SeamKind.CUT:
            continue
        if at <= seam.out_frame:
            runs.append((at, seam.out_frame + 1))
        at = max(at, seam.in_frame)
    if at < end_frame:
        runs.append((at, end_frame))
    return runs


def own_parts(project: Project) -> tuple[Range, ...]:
    """Of each of the project's shots, in their order, the frames wholly its own, [start, end): from the `in_frame` of
    the seam it begins with to the `out_frame` of the one it ends with. Of a shot that has none, start is end."""
    return tuple(_own_part(project, shot.range) for shot in project.shots)


def shot_at(project: Project, frame: int) -> tuple[Range, Range]:
    """The shot that this frame is wholly of, and the frames wholly that shot's own, [start, end) each.

    Raises ProjectError for a frame within a gradual seam, and for one that the film does not have.
    """
    if not 0 <= frame < project.film.frame_count:
        raise ProjectError(f"The film has frames 0 to {project.film.frame_count - 1}, and no frame {frame}.")
    shots = project.shots
    shot = shots[bisect_right(shots, frame, key=_START_FRAME) - 1].range
    own = _own_part(project, shot)
    if own[0] <= frame < own[1]:
        return shot, own
    seam = next(seam for seam in project.seams if seam.out_frame < frame < seam.in_frame)
    out, at, into = (project.timecode(each) for each in (seam.out_frame, frame, seam.in_frame))
    raise ProjectError(
        f"{at} lies in a {seam.kind}, where no shot is seen alone: choose a frame up to {out}, or from {into} on."
    )


def _own_part(project: Project, shot: Range) -> Range:
    runs = own_runs(project.seams, *shot)
    return runs[0] if runs else (shot[0], shot[0])
