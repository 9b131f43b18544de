"""Dissolves, fades and wipes as events of an EDL, read back by pycmx."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import pycmx
from edls import frames_by_pycmx

from seamline.exchange.edl import EdlOptions, write_edl
from seamline.project.types import Project, Seam, SeamKind

TRANSITIONS = EdlOptions(transitions=True)


def test_transitions_take_the_mixed_frames(reference: Project) -> None:
    """Every event's frames: of the dissolve, wipe and fade from the first mixed frame on."""
    first = reference.first_timecode_frame
    starts, lengths, letters = [0], ["0"], ["C"]
    for seam in reference.seams:
        starts.append(seam.out_frame + 1)
        lengths.append(str(seam.in_frame - seam.out_frame - 1))
        letters.append({"cut": "C", "wipe": "W"}.get(str(seam.kind), "D"))
    spans = [
        (first + start, first + end) for start, end in pairwise([*starts, reference.shots[-1].end_frame])
    ]
    text = write_edl(reference, TRANSITIONS)
    events = list(pycmx.parse_cmx3600(io.StringIO(text, newline="")).events)
    assert [event.number for event in events] == list(range(1, len(spans) + 1))
    last = [event.edits[-1] for event in events]
    assert [e.transition.kind[:1] for e in last] == letters
    assert [str(int(e.transition.operand or 0)) for e in last] == lengths
    read = frames_by_pycmx(text, reference)
    assert [frames for frames in read if frames[0] != frames[1]] == [(*span, *span) for span in spans]
    empty = [frames for frames in read if frames[0] == frames[1]]
    assert empty == [(span[0],) * 4 for span, letter in zip(spans, letters, strict=True) if letter != "C"]


def test_a_dissolve_has_two_lines(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(39, 52, SeamKind.DISSOLVE)], start=None)
    assert write_edl(project, TRANSITIONS).split("\r\n")[6:10] == [
        "002  A001C002 V     C        00:00:01:15 00:00:01:15 00:00:01:15 00:00:01:15  ",
        "002  A001C002 V     D    012 00:00:01:15 00:00:04:00 00:00:01:15 00:00:04:00  ",
        "* FROM CLIP NAME: Reel One (final).mov",
        "* TO CLIP NAME: Reel One (final).mov",
    ]


def test_transitions_that_touch_leave_a_frame_between(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(0, 20, SeamKind.DISSOLVE), Seam(20, 99, SeamKind.WIPE)], start=None)
    frames = frames_by_pycmx(write_edl(project, TRANSITIONS), project)
    assert [f[:2] for f in frames] == [(0, 1), (1, 1), (1, 21), (21, 21), (21, 100)]


def test_a_transition_of_more_than_three_digits_is_cut_in_its_middle(
    make_project: Callable[..., Project],
) -> None:
    project = make_project([Seam(9, 1010, SeamKind.FADE)], frames=1200, start=None)
    assert frames_by_pycmx(write_edl(project, TRANSITIONS), project)[0] == (0, 510, 0, 510)
    project = make_project([Seam(9, 1009, SeamKind.FADE)], frames=1200, start=None)
    assert " D    999 " in write_edl(project, TRANSITIONS)


def test_a_transition_that_the_grid_leaves_no_frame_is_a_cut(make_project: Callable[..., Project]) -> None:
    times = [0, 40, 80, 84, 88, 92, 96, 120, 160, 200]
    project = make_project([Seam(2, 5, SeamKind.DISSOLVE)], times_ms=times, start=None)
    assert project.film.index.is_variable
    assert frames_by_pycmx(write_edl(project, TRANSITIONS), project) == [(0, 2, 0, 2), (2, 5, 2, 5)]
