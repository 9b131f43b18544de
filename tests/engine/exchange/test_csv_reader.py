"""Tables of shots and seams read: our own, other programs', and damaged ones."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.compare import compare
from seamline.exchange.csv_list import write_csv, write_tsv
from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.cut_list import CutList, ListTransition
from seamline.project.types import Project, Seam, SeamKind

# the columns of PySceneDetect 0.7, with the line of timecodes above them
SCENES = (
    "Timecode List:,00:00:02.502,00:00:02.544\n"
    "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),"
    "Length (frames),Length (timecode),Length (seconds)\n"
    "1,1,00:00:00.000,0.000,60,00:00:02.502,2.502,60,00:00:02.502,2.502\n"
    "2,61,00:00:02.502,2.502,61,00:00:02.544,2.544,1,00:00:00.042,0.042\n"
    "3,62,00:00:02.544,2.544,300,00:00:12.512,12.512,239,00:00:09.968,9.968\n"
)


def read(text: bytes | str, rate: Fraction = Fraction(25)) -> CutList:
    return read_csv_list(text, rate=rate)


def record(cut_list: CutList) -> list[tuple[int, int]]:
    return [(event.record_start, event.record_end) for event in cut_list.events]


@pytest.mark.parametrize("write", [write_csv, write_tsv])
def test_our_own_seams_become_shots(rate: Any, reference: Project, write: Callable[[Project], str]) -> None:
    cut_list = read(write(reference), rate.rate)
    seams = reference.seams
    starts = [0, *(seam.out_frame + 1 for seam in seams)]
    assert record(cut_list) == list(zip(starts, [*starts[1:], seams[-1].in_frame + 1], strict=True))
    for event, seam in zip(cut_list.events[1:], seams, strict=True):
        assert event.transition_frames == seam.in_frame - seam.out_frame - 1
        assert event.note == seam.kind
    assert cut_list.remarks == ("The table does not say where the film ends: the last shot has one frame.",)


def test_the_kinds_of_seams(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    project = make_project([cut(10), Seam(20, 31, SeamKind.FADE), Seam(50, 52, SeamKind.WIPE)])
    events = read(write_csv(project)).events
    assert [event.transition for event in events] == [
        ListTransition.CUT, ListTransition.CUT, ListTransition.DISSOLVE, ListTransition.WIPE,
    ]  # fmt: skip
    assert [event.record_start + event.transition_frames for event in events[1:]] == [10, 31, 52]


def test_ground_truth_is_read_without_what_does_not_count() -> None:
    cut_list = read(
        "start_frame,end_frame,type,scored\n50,51,cut,-1\n30,31,cut,\n10,20,dissolve,1\n40,41,cut,0\n"
    )
    assert record(cut_list) == [(0, 11), (11, 31), (31, 32)]
    assert "2 seams that do not count were left out." in cut_list.remarks


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("form", ["whole", "no first line", "times alone", "in windows form"])
def test_a_scene_list_of_pyscenedetect(delimiter: str, form: str) -> None:
    lines = [line.split(",") for line in SCENES.splitlines()]
    if form == "no first line":
        lines = lines[1:]
    if form == "times alone":
        lines = [lines[0], *([row[0], row[3], row[6]] for row in lines[1:])]
    end = "\r\n" if form == "in windows form" else "\n"
    text = end.join(delimiter.join(row) for row in lines) + end
    data = text.encode("utf-16" if form == "in windows form" else "utf-8-sig")
    cut_list = read(data, Fraction(24000, 1001))
    assert record(cut_list) == [(0, 60), (60, 61), (61, 300)]
    assert cut_list.drop_frame is None
    if form != "times alone":
        assert cut_list.remarks == ("The table counts its frames from 1; they are read from 0.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("start_frame,end_frame\n0,10\n10,21\n21,31\n", [(0, 10), (10, 21), (21, 31)]),
        ("start_frame,end_frame\n0,9\n10,20\n21,30\n", [(0, 10), (10, 21), (21, 31)]),
        ("startFrame,endFrame\n5,9\n", [(5, 9)]),
        ("first_frame,last_frame\n5,9\n", [(5, 10)]),
        ("Shot Start Frame,Length (frames)\n0,10\n10,5\n", [(0, 10), (10, 15)]),
        ("Start Frame,End Frame,Length\n5,9,5\n", [(5, 10)]),
        ("Start Frame,End Frame,Length\n5,9,4\n", [(5, 9)]),
        ("start,end\n0,25\n25,50\n", [(0, 25), (25, 50)]),
        ("start,end\n0.0,1\n1,2.04\n", [(0, 25), (25, 51)]),
        ("Start;End\n0;1,5\n1,5;2\n", [(0, 38), (38, 50)]),
        ("start_time,end_time\n0:01,0:02.04\n", [(25, 51)]),
        ("start_time,end_time\n00:00:01.000,00:00:02.040\n", [(25, 51)]),
        ("Start Timecode;End Timecode\n00:00:01,040;00:00:02,000\n", [(26, 50)]),
        ("In,Out\n01:00:00:00,01:00:02:00\n", [(90_000, 90_050)]),
        ("in_frame,out_frame\n0,9\n10,20\n", [(0, 10), (10, 21)]),
        ("start,end,Length\n5,9,5\n", [(5, 10)]),
        ("start_frame\n30\n0\n50\n", [(0, 30), (30, 50), (50, 51)]),
        ("start_frame,end_frame\n10.0,20.0\n\n,,\n0.0,10.0\n", [(0, 10), (10, 20)]),
    ],
)
def test_shot_tables_of_many_kinds(text: str, expected: list[tuple[int, int]]) -> None:
    assert record(read(text)) == expected


def test_record_and_source_columns_names_and_notes_are_told_apart() -> None:
    cut_list = read(
        "#,Reel,Source In,Source Out,Record In,Record Out,Comments\n"
        "2,A2,00:00:20:00,00:00:21:00,01:00:02:00,01:00:03:00,\n"
        '1,A1,00:00:10:00,00:00:12:00,01:00:00:00,01:00:02:00,"wide, late"\n'
    )
    first, second = cut_list.events
    assert (first.source_start, first.source_end, first.record_start, first.record_end) == (
        250,
        300,
        90_000,
        90_050,
    )
    assert (first.source, first.note, second.source, second.note) == ("A1", "wide, late", "A2", "")
    assert cut_list.drop_frame is False


def test_drop_frame_timecodes_are_counted_as_such() -> None:
    cut_list = read("Record In,Record Out\n00:00:59;29,00:01:00;02\n", Fraction(30000, 1001))
    assert (record(cut_list), cut_list.drop_frame) == ([(1799, 1800)], True)


def test_timecodes_of_every_rate_come_back(rate: Any, reference: Project) -> None:
    rows = [f"{reference.timecode(s.start_frame)},{reference.timecode(s.end_frame)}" for s in reference.shots]
    cut_list = read("\n".join(["Start TC,End TC", *rows]), rate.rate)
    first = reference.first_timecode_frame
    assert record(cut_list) == [(first + s.start_frame, first + s.end_frame) for s in reference.shots]
    assert cut_list.drop_frame is rate.drop


def test_the_table_of_a_film_without_seams_is_one_shot(make_project: Callable[..., Project]) -> None:
    project = make_project()
    cut_list = read(write_csv(project))
    assert record(cut_list) == [(0, 1)]
    comparison = compare(cut_list, project)
    assert comparison.alignment.is_certain
    assert not comparison.findings[1:]
    assert not comparison.differences()
    with_seams = make_project([Seam(29, 30), Seam(59, 60)])
    assert len(compare(cut_list, with_seams).differences()) == 2


def test_names_in_the_characters_of_windows() -> None:
    text = "Shot Name,Start Frame,End Frame,Name\n1,0,10,Straße – “B”\n"
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        assert read(text.encode(encoding)).events[0].source == "Straße – “B”"


def test_which_tables_count_the_films_own_frames(make_project: Callable[..., Project]) -> None:
    assert read(write_csv(make_project([Seam(9, 10)]))).counts_film_frames
    assert read(SCENES).counts_film_frames
    assert read("start_frame,end_frame\n0,5\n5,9\n").counts_film_frames
    assert not read("start_s,end_s\n0,5\n5,9\n").counts_film_frames
    assert not read("Start TC,End TC\n00:00:00:00,00:00:01:00\n").counts_film_frames
    assert not read("Record In Frame,Record Out Frame\n0,5\n").counts_film_frames


def test_overlaps_are_told() -> None:
    assert read("start_frame,end_frame\n0,12\n10,20\n").remarks == (
        "1 rows begin before the one before them ends.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("Shot,Name\n1,x\n", "no column that says where a shot starts, .* “Shot”, “Name”.*: name it"),
        ("1,2\n3,4\n", "columns: none"),
        ("start_frame,end_frame\n", "no rows"),
        ("start_frame,end_frame\n0,5\nfive,9\n", "Line 3, “start_frame” is a whole number, not “five”: correct"),
        ("start_frame,end_frame\n0\n", "Line 2, “end_frame” is a whole number, not “”"),
        ("start_frame,end_frame\n9,3\n", "Line 2: An event of the list takes no frames"),
        ("start_frame,end_frame\n-1,3\n", "not “-1”"),
        ("start_frame,end_frame\n" + "9" * 5000 + ",3\n", "whole number"),
        ("Start TC,End TC\n00:00:00:30,00:00:02:00\n", "Line 2, “Start TC”: The timecode “00:00:00:30” is out"),
        ("Start TC,End TC\n00:01:00;00,00:01:01;00\n", "drop frame"),
        ("Start TC,End TC\nsoon,later\n", "is a timecode such as 01:00:00:00, not “soon”"),
        ("start_s,end_s\n1e9,2\n", "is a time, not “1e9”"),
        ("out_frame,in_frame,kind\n9,12,dissolve\n10,11,cut\n", "overlaps another"),
        (b"start_frame,end_frame\n1,2\n\xfc", "Line 3, “start_frame” is a whole number, not “ü”"),
        (b"\xff\xfe\x00", "no column that says where a shot starts"),
        ("in_frame,out_frame\n", "no rows"),
        ('start_frame,end_frame,note\n1,2,"' + ("x" * 999 + "\n") * 200 + '"\n', "damaged .field larger"),
        ("start_frame,end_frame\n" + "1,2\n" * 30_001, "more than 30000 rows"),
        (b"start" * (7 << 20), "larger than 32 MB"),
        ("start," * 2_000_000, "Line 1 of the table has 12000000 characters"),
        ("start_frame,end_frame\n" + ("1" + "," * 38 + "\n") * 30_000, "Line 2, “end_frame”"),
        ("start_frame,end_frame\n" + ("1" + "," * 318 + "\n") * 100_000, "more than 4000000 cells"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_at_once_in_a_sentence(text: bytes | str, message: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ExchangeError, match=message) as caught:
        read(text)
    assert str(caught.value).endswith(".")
    assert time.monotonic() - begun < 2


def test_no_damage_gives_another_error(reference_texts: list[bytes]) -> None:
    draw = random.Random(5)
    refused = 0
    for number in range(600):
        data = reference_texts[number % len(reference_texts)]
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(len(data))
            match draw.randrange(3):
                case 0:
                    piece = draw.choice(
                        [b";", b",", b"\t", b'"', b"\n", b"\0", b"-", b"9" * 30, b":", b"\xff", b"."]
                    )
                    data = data[:at] + piece + data[at + 1 :]
                case 1:
                    data = data[:at] + data[at + draw.randrange(30) :]
                case _:
                    data = data[:at] + data[draw.randrange(at + 1) : at] + data[at:]
        try:
            assert read(data, Fraction(24000, 1001)).events
        except ExchangeError:
            refused += 1
    assert 100 < refused < 600


@pytest.fixture
def reference_texts(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> list[bytes]:
    project = make_project([cut(10), Seam(20, 31, SeamKind.FADE)], rate=Fraction(24000, 1001))
    return [
        SCENES.encode(),
        write_csv(project).encode(),
        b"Name\tRecord In\tRecord Out\na\t01:00:00:00\t01:00:01:00\nb\t01:00:01:00\t01:00:04:10\n",
        "start,end\n0,1.5\n1.5,2\n".encode("utf-16"),
    ]
