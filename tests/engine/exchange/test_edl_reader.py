"""EDLs read: our own at every rate, the forms of several editing systems, and broken ones."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pycmx
import pytest
from edls import HEAD, line, read, spans

from seamline.exchange.cut_list import ListEvent, ListTransition
from seamline.exchange.edl import EdlFlavour, EdlOptions, write_edl, write_edl_parts
from seamline.exchange.edl_reader import read_edl
from seamline.project.types import Project, Seam, SeamKind

NTSC = Fraction(30000, 1001)
CUT, DISSOLVE, WIPE = ListTransition.CUT, ListTransition.DISSOLVE, ListTransition.WIPE


OPTIONS = [
    EdlOptions(flavour, transitions, file32)
    for flavour in EdlFlavour
    for transitions in (False, True)
    for file32 in (False, True)
]


@pytest.mark.parametrize(
    "options",
    OPTIONS,
    ids=lambda o: f"{o.flavour}-{'D' if o.transitions else 'C'}-{'32' if o.file32 else '8'}",
)
def test_our_own_lists_come_back_frame_for_frame(rate: Any, reference: Project, options: EdlOptions) -> None:
    cut_list = read_edl(write_edl(reference, options).encode(), rate=rate.rate)
    assert (cut_list.title, cut_list.rate, cut_list.drop_frame) == ("Reel One (final)", None, rate.drop)
    assert cut_list.remarks == ()
    first = reference.first_timecode_frame
    shift = 0
    if options.flavour is EdlFlavour.EDITORIAL:
        shift = (
            {30: 107_892, 60: 215_784}[rate.timecode.nominal] if rate.drop else 3600 * rate.timecode.nominal
        )
        shift -= first
    seams = [None, *reference.seams]
    starts = [
        shot.start_frame if seam is None or not options.transitions else seam.out_frame + 1
        for shot, seam in zip(reference.shots, seams, strict=True)
    ]
    ends = [*starts[1:], reference.shots[-1].end_frame]
    kinds = {SeamKind.DISSOLVE: DISSOLVE, SeamKind.FADE: DISSOLVE, SeamKind.WIPE: WIPE}
    expected = []
    for start, end, seam in zip(starts, ends, seams, strict=True):
        kind = kinds.get(seam.kind, CUT) if seam is not None and options.transitions else CUT
        length = 0 if kind is CUT or seam is None else seam.in_frame - seam.out_frame - 1
        times = (first + start, first + end, first + start + shift, first + end + shift)
        expected.append(ListEvent(*times, "Reel One (final).mov", kind, length))
    assert list(cut_list.events) == expected


def test_every_minute_of_two_hours_of_drop_frame_comes_back(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    cuts = [cut(minute * 1798 + offset) for minute in range(1, 120) for offset in (-1, 0, 1, 2, 3)]
    project = make_project(cuts, rate=NTSC, drop=True, frames=216_000, start="08:59:00;02")
    text = write_edl(project)
    first = project.first_timecode_frame
    expected = [(first + shot.start_frame, first + shot.end_frame) for shot in project.shots]
    assert spans(read(text, NTSC)) == expected
    # with colons, as Avid writes drop frame
    assert spans(read(text.replace(";", ":"), NTSC)) == expected


def test_long_lists_and_parts_come_back(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(frame) for frame in range(1, 1500)], frames=1500, start=None)
    expected = [(frame, frame + 1) for frame in range(1500)]
    assert spans(read(write_edl(project))) == expected
    assert [span for part in write_edl_parts(project) for span in spans(read(part))] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_line_ends_and_codings(end: str, coding: str) -> None:
    text = HEAD + line("001", 0, 10) + "* FROM CLIP NAME: Größe – “M”.mov\n" + line("002", 10, 30)
    cut_list = read(text.replace("\n", end).encode(coding))
    assert cut_list.events[0] == ListEvent(0, 10, 0, 10, "Größe – “M”.mov")
    assert spans(cut_list) == [(0, 10), (10, 30)]


AVID = """\
TITLE:   Show_101.Copy.01 
FCM: DROP FRAME
001  ACC112   V     C        01:49:40:02 01:49:46:12 01:00:58:00 01:01:04:12 
* FROM CLIP NAME:  ACC112 WARBIRDS.NEW.01 
* SOURCE FILE: ACC112 WARBIRDS
* LOC: 01:01:00:14 RED     FIX NEEDED
M2   ACC112         059.6                01:49:40:02 
002  BOONE    V     C        01:00:00:00 01:00:00:00 01:01:04:12 01:01:04:12 
002  BL       V     D    024 00:00:00:00 00:00:01:00 01:01:04:12 01:01:05:12 
* FROM CLIP NAME:  BOONE
"""  # noqa: W291  as Avid writes it


def test_avids_form() -> None:
    cut_list = read(AVID, NTSC)
    assert (cut_list.title, cut_list.drop_frame) == ("Show_101.Copy.01", True)
    start = 107_892 + 58 * 30
    assert cut_list.events == (
        # 6 s and 12 frames by the labels, over a minute that drops two numbers
        ListEvent(197_204, 197_394, start, start + 190, "ACC112 WARBIRDS", note="01:01:00:14 RED FIX NEEDED"),
        ListEvent(0, 30, start + 190, start + 220, "BL", DISSOLVE, 24),
    )
    assert cut_list.remarks == ("1 event with a change of speed (M2), which is not read.",)


def test_file32_with_long_reels_and_reels_of_several_words() -> None:
    text = (
        "TITLE: x\n"
        "000001  BOONE_SMITH_ON_CAMERA_HOST_-720P V     C        00:00:01:00 00:00:02:00 00:00:00:00 00:00:01:00 \n"
        "*FROM CLIP NAME:  BOONE.NEW.01 \n"
        "000002  C 012 V 1 C V     C        00:00:01:00 00:00:02:00 00:00:01:00 00:00:02:00\n"
        "000003  a.b.c.d.mov V C 00.00.01.00 00.00.02.00 00.00.02.00 00.00.03.00\n"
    )
    cut_list = read(text)
    assert [event.source for event in cut_list.events] == ["BOONE.NEW.01", "C 012 V 1 C", "a.b.c.d.mov"]
    assert spans(cut_list) == [(0, 25), (25, 50), (50, 75)]
    assert cut_list.drop_frame is None


def test_fcm_lines_in_the_middle_are_about_the_sources() -> None:
    """As in Avid's lists: the record counts on without dropping while sources change."""
    text = (
        "TITLE: x\nFCM: NON-DROP FRAME\n"
        "001  A        V     C        00:00:59:00 00:01:01:00 01:00:59:00 01:01:01:00 \n"
        "FCM: DROP FRAME\n"
        "002  B        V     C        00:00:59:02 00:01:00:02 01:01:01:00 01:01:01:28 \n"
        "FCM: NON-DROP FRAME\n"
        "003  A        V     C        00:00:59:00 00:01:00:00 01:01:01:28 01:01:02:28 \n"
    )
    cut_list = read(text, NTSC)
    assert cut_list.drop_frame is False
    assert [(e.source_start, e.source_end) for e in cut_list.events] == [
        (1770, 1830),
        (1772, 1800),
        (1770, 1800),
    ]
    assert spans(cut_list) == [(109_770, 109_830), (109_830, 109_858), (109_858, 109_888)]


def test_who_calls_may_say_how_a_list_counts() -> None:
    text = "TITLE: x\n001  A  V  C  01:01:00:02 01:01:01:02 01:01:00:02 01:01:01:02\n"
    assert (read(text, NTSC).drop_frame, spans(read(text, NTSC))) == (None, [(109_802, 109_832)])
    assert spans(read(text, NTSC, drop_frame=True)) == [(109_692, 109_722)]
    assert read(text, NTSC, drop_frame=True).events[0].source_start == 109_692
    dropping = text.replace("TITLE: x", "FCM: DROP FRAME")
    assert spans(read(dropping, NTSC)) == [(109_692, 109_722)]
    assert spans(read(dropping, NTSC, drop_frame=False)) == [(109_802, 109_832)]
    # at other rates nothing drops, whatever a list says
    odd = read(dropping, Fraction(25))
    assert (odd.drop_frame, spans(odd)) == (False, [(91_502, 91_527)])
    assert odd.remarks[0].startswith("The list says drop frame, which does not exist at 25 frames a second")


def test_semicolons_say_drop_frame_and_colons_beside_them_do_not() -> None:
    text = "TITLE: x\n001  A  V  C  01:01:00:00 01:01:01:00 01:01:00;02 01:01:01;02\n"
    cut_list = read(text, NTSC)
    assert cut_list.drop_frame is True
    assert cut_list.events == (ListEvent(109_800, 109_830, 109_692, 109_722, "A"),)


@pytest.mark.parametrize("second", ["002", "003"])
def test_the_two_lines_of_a_transition_are_one_event(second: str) -> None:
    text = (
        HEAD
        + line("001", 0, 9, source=100)
        + "* FROM CLIP NAME: a.mov\n"
        + line("002", 9, 9, source=109)
        + "FCM: NON-DROP FRAME\n"
        + line(second, 9, 30, how="D    010 ", source=500)
        + "EFFECTS NAME IS CROSS DISSOLVE\n* FROM CLIP NAME: a.mov\n* TO CLIP NAME: b.mov\n* COMMENT: soft\n"
        + line("004", 30, 30)
        + line("004", 30, 40, how="W002 005 ", reel="BL")
    )
    cut_list = read(text)
    assert cut_list.events == (
        ListEvent(100, 109, 0, 9, "a.mov"),
        ListEvent(500, 521, 9, 30, "b.mov", DISSOLVE, 10, "soft"),
        ListEvent(0, 10, 30, 40, "BL", WIPE, 5),
    )
    assert cut_list.remarks == ()


def test_a_transition_whose_letter_is_lost_is_a_dissolve_and_too_long_a_one_is_cut_short() -> None:
    cut_list = read(
        HEAD + line("001", 0, 9) + line("002", 9, 30, how="     010 ") + line("003", 30, 35, how="D 9 ")
    )
    assert [(e.transition, e.transition_frames) for e in cut_list.events] == [
        (CUT, 0),
        (DISSOLVE, 10),
        (DISSOLVE, 5),
    ]
    assert cut_list.remarks == ("1 event shorter than the transition they begin with: it is cut short.",)


def test_only_the_picture_of_the_lowest_track_is_read() -> None:
    tracks = ["V", "AA", "AA/V", "NONE", "B", "A2", "V2", "A2/V", "V1", "A12V"]
    cut_list = read(HEAD + "".join(line(f"{i:03d}", i, i + 1, track=t) for i, t in enumerate(tracks)))
    assert [tracks[event.record_start] for event in cut_list.events] == [
        "V",
        "AA/V",
        "B",
        "A2/V",
        "V1",
        "A12V",
    ]
    assert cut_list.remarks == (
        "3 events of sound, or of no track, left out.",
        "1 event of picture tracks above V1 left out.",
    )


def test_keys_over_a_picture_are_left_out() -> None:
    keyed = line("002", 9, 30, how="K B  000 ", reel="BG") + line("002", 9, 30, how="K    010 ", reel="TITLE")
    cut_list = read(HEAD + line("001", 0, 9) + keyed + line("003", 30, 40, how="KO   005 "))
    assert [(e.source, e.transition) for e in cut_list.events] == [("AX", CUT), ("BG", CUT), ("AX", CUT)]
    assert cut_list.remarks == ("1 event keyed over the picture left out.",)


def test_comments_name_the_source() -> None:
    text = (
        HEAD
        + line("001", 0, 1, reel="A1")
        + line("002", 1, 2)
        + "FROM CLIP NAME: shot 2\n* FROM CLIP: S:\\path\\to\\b.exr\n* COMMENT: one\n* LOC: 01:00:00:00 RED two\n* x\n"
        + line("003", 2, 3)
        + "* FROM CLIP NAME: a\n* TO CLIP NAME: b\n"
    )
    assert [(e.source, e.note) for e in read(text).events] == [
        ("A1", ""),
        ("b.exr", "one; 01:00:00:00 RED two"),
        ("a", ""),
    ]


def test_lists_in_the_order_of_their_sources_come_in_record_order() -> None:
    assert spans(read(HEAD + line("002", 10, 20) + line("001", 0, 10))) == [(0, 10), (10, 20)]


def test_overlaps_speeds_reversals_and_lonely_lines_are_remarked() -> None:
    text = (
        HEAD
        + line("001", 0, 10)
        + "M2   AX  037.5   00:00:00:00\n"
        + line("002", 5, 20)
        + line("003", 20, 20)
    )
    assert read(text).remarks == (
        "1 event of no length left out.",
        "1 event with a change of speed (M2), which is not read.",
        "1 event still running when the next one begins: several layers in one list.",
    )
    backwards = "001  A  V  C  00:00:02:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
    assert read(backwards).remarks == ("1 event whose source runs backwards: read as if forwards.",)
    assert read(backwards).events[0].source_start == 25
    midnight = read("001  A  V  C  23:59:59:00 00:00:01:00 00:00:00:00 00:00:02:00\n")
    assert (midnight.events[0].source_end - midnight.events[0].source_start, midnight.remarks) == (50, ())


def test_a_list_that_never_counts_past_half_the_rate_is_remarked_on() -> None:
    text = HEAD + "".join(line(f"{i:03d}", i * 7, i * 7 + 7) for i in range(40))
    assert read(text, Fraction(50)).remarks == (
        "No timecode counts past 24: the list may be counted at half of 50 a second.",
    )
    assert read(text).remarks == ()


def test_pycmx_finds_the_same_frames_in_every_flavour(rate: Any, reference: Project) -> None:
    for options in OPTIONS:
        text = write_edl(reference, options)
        events = pycmx.parse_cmx3600(io.StringIO(text, newline="")).events
        edits = [edit for event in events for edit in event.edits if edit.record_in != edit.record_out]
        read_ = read_edl(text, rate=rate.rate)
        formatted = rate.timecode.format
        assert [(e.source_in, e.source_out, e.record_in, e.record_out) for e in edits] == [
            tuple(map(formatted, (e.source_start, e.source_end, e.record_start, e.record_end)))
            for e in read_.events
        ]
