"""Marker lists: what stands in them, and where pycmx finds the markers of Resolve's."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from fractions import Fraction

import opentimelineio as otio
import pycmx
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.markers import write_avid_markers, write_resolve_markers
from seamline.project.types import Project, Seam, SeamKind


def label_of(frame: int, project: Project) -> str:
    """A timecode by OpenTimelineIO, and not by the engine."""
    rate = otio.opentime.RationalTime.nearest_smpte_timecode_rate(float(project.film.rate))
    drop = project.timecode_rate.drop_frame
    return str(otio.opentime.to_timecode(otio.opentime.RationalTime(frame, rate), rate, drop_frame=drop))


def test_resolve_gets_a_marker_on_each_seam(make_project: Callable[..., Project]) -> None:
    seams = [Seam(29, 30, confidence=0.987), Seam(49, 62, SeamKind.DISSOLVE, 0.5)]
    assert write_resolve_markers(make_project(seams)) == (
        "TITLE: Reel One (final)\r\n"
        "FCM: NON-DROP FRAME\r\n"
        "\r\n"
        "001  001      V     C        01:00:01:05 01:00:01:06 01:00:01:05 01:00:01:06  \r\n"
        "cut, confidence 0.99 |C:ResolveColorBlue |M:Seam 1 |D:1\r\n"
        "\r\n"
        "002  001      V     C        01:00:02:00 01:00:02:01 01:00:02:00 01:00:02:01  \r\n"
        "dissolve, confidence 0.50 |C:ResolveColorGreen |M:Seam 2 |D:12\r\n"
        "\r\n"
    )


def test_resolves_markers_lie_on_the_first_changed_frame_at_each_rate(reference: Project) -> None:
    text = write_resolve_markers(reference)
    first = reference.first_timecode_frame
    edits = [e for event in pycmx.parse_cmx3600(io.StringIO(text, newline="")).events for e in event.edits]
    starts = [first + seam.out_frame + 1 for seam in reference.seams]
    assert [(e.record_in, e.record_out) for e in edits] == [
        (label_of(start, reference), label_of(start + 1, reference)) for start in starts
    ]
    assert all(e.source_in == e.record_in and e.source_out == e.record_out for e in edits)
    lengths = [int(length) for length in re.findall(r"\|D:(\d+)", text)]
    assert lengths == [max(1, seam.in_frame - seam.out_frame - 1) for seam in reference.seams]
    assert re.findall("ResolveColor([A-Z][a-z]+) ", text) == [
        {"cut": "Blue", "dissolve": "Green", "fade": "Yellow", "wipe": "Purple"}[str(seam.kind)]
        for seam in reference.seams
    ]


def test_avids_markers_lie_where_a_list_cuts_at_each_rate(reference: Project) -> None:
    rows = [line.split("\t") for line in write_avid_markers(reference).split("\r\n")]
    assert rows.pop() == [""]
    first = reference.first_timecode_frame
    assert rows == [
        [
            "Seamline",
            label_of(first + seam.cut_frame, reference),
            "V1",
            {"cut": "blue", "dissolve": "green", "fade": "yellow", "wipe": "magenta"}[str(seam.kind)],
            f"{seam.kind}, confidence {seam.confidence:.2f}",
            "1",
        ]
        for seam in reference.seams
    ]


def test_a_bar_or_a_line_break_in_the_films_name_ends_no_field(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    text = write_resolve_markers(make_project([cut(50)], name="a|b\nc\td | e.mov"))
    assert text.startswith("TITLE: a b c d e\r\n")
    assert text.count("|") == 3
    assert text.isascii()


def test_without_seams_there_are_no_markers(make_project: Callable[..., Project]) -> None:
    assert write_resolve_markers(make_project()) == "TITLE: Reel One (final)\r\nFCM: NON-DROP FRAME\r\n\r\n"
    assert write_avid_markers(make_project()) == ""


def test_at_a_variable_rate_no_two_markers_share_a_frame(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project(
        [cut(2), cut(3), cut(4), cut(5), cut(6)], start=None, times_ms=[0, 40, 80, 84, 88, 300, 1000, 1040]
    )
    labels = [line.split("\t")[1] for line in write_avid_markers(project).splitlines()]
    assert labels == ["00:00:00:02", "00:00:00:08", "00:00:01:00"]
    resolve = [line.split()[6] for line in write_resolve_markers(project).splitlines() if line[:3].isdigit()]
    assert resolve == labels


def test_what_an_edl_cannot_count_is_refused(make_project: Callable[..., Project]) -> None:
    for write in (write_resolve_markers, write_avid_markers):
        with pytest.raises(ExchangeError, match="at most 100 frames a second"):
            write(make_project(rate=Fraction(120)))
        with pytest.raises(ExchangeError, match="past midnight"):
            write(make_project(start="23:59:59:00"))
