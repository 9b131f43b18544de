"""A string-out has no frame of a dissolve, fade or wipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from seamline.exchange.edl_reader import read_edl
from seamline.exchange.string_out import string_out
from seamline.exchange.string_out_formats import string_out_format
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide
from seamline.project.types import Project, Seam, SeamKind

SEAMS = Seam(199, 240, SeamKind.FADE), Seam(499, 512, SeamKind.DISSOLVE)
"""Shots of frames 0 to 219, 220 to 505 and from 506 on, to the middle of either seam."""
OWN = {"first": (0, 200), "second": (240, 500), "third": (512, 2000)}


def fading(make_project: Callable[..., Project], **facts: object) -> Project:
    project = make_project(frames=2000, **facts)
    project = replace(project, film=replace(project.film, fingerprint="a" * 16), decisions=())
    return project.with_proposals(SEAMS, 2000)


def pair(out: tuple[int, int, int], into: tuple[int, int, int]) -> JudgedPair:
    sides = [MatchSide("a" * 16, *each) for each in (out, into)]
    return JudgedPair(MatchPair(sides[0], sides[1], MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5))


@pytest.mark.parametrize("seconds", [1, 2, 30])
def test_clips_and_their_handles_end_where_a_gradual_seam_begins(
    make_project: Callable[..., Project], seconds: int
) -> None:
    film = fading(make_project)
    # the first was kept in the middle of the fade, by its shots as they are cut
    pairs = [pair((0, 220, 210), (506, 2000, 512)), pair((220, 506, 499), (220, 506, 225))]
    string = string_out(pairs, {"a" * 16: film}, seconds=Fraction(seconds))
    assert [(clip.shot_start, clip.shot_end) for clip in string.clips] == [
        OWN["first"],
        OWN["third"],
        OWN["second"],
        OWN["second"],
    ]
    assert [clip.end_frame for clip in string.clips[::2]] == [200, 500]
    assert [clip.start_frame for clip in string.clips[1::2]] == [512, 240]
    for clip in string.clips:
        assert clip.shot_start <= clip.start_frame < clip.end_frame <= clip.shot_end
    length = min(25 * seconds, 200)
    assert string.clips[0].length == length


def test_the_edl_has_the_fades_last_whole_frame_as_its_last(make_project: Callable[..., Project]) -> None:
    film = fading(make_project)
    string = string_out([pair((0, 220, 219), (220, 506, 220))], {"a" * 16: film})
    first = film.first_timecode_frame
    events = read_edl(string_out_format("edl").write(string), rate=string.rate).events
    assert [(e.source_start - first, e.source_end - first) for e in events] == [(150, 200), (240, 290)]
