"""The frames that stand for a shot in pictures: of a gradual seam they keep clear."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from seamline.project.types import Project, Shot


@dataclass(frozen=True, slots=True)
class ShotFrames:
    """The first, middle and last frame that show `shot` alone, in film order; they may be the same one."""

    shot: Shot
    first: int
    middle: int
    last: int


def shot_frames(project: Project) -> tuple[ShotFrames, ...]:
    """The frames of each shot of the project, in film order.

    A shot begins in the middle of a dissolve, fade or wipe for a cut list; a picture taken there would show
    two shots, or black. So `first` is the seam's first frame wholly of the new shot, `last` the next seam's
    last one wholly of the old. A shot that two gradual seams fill altogether is shown by what lies between.
    """
    found = []
    for shot, following in zip_longest(project.shots, project.shots[1:]):
        first, last = shot.start_frame, shot.end_frame - 1
        if shot.seam is not None:
            first = shot.seam.in_frame
        if following is not None and following.seam is not None:
            last = following.seam.out_frame
        if not shot.start_frame <= first <= last < shot.end_frame:
            first, last = shot.start_frame, max(shot.start_frame, shot.end_frame - 1)
        found.append(ShotFrames(shot, first, (first + last) // 2, last))
    return tuple(found)
