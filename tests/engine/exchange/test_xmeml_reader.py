"""Final Cut Pro 7 XML read: our own back again, and what other programs write"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from seamline.exchange.cut_list import CutList, ListTransition
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.project.types import Project, Seam, SeamKind

RATE_25 = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"


def document(track: str, *, timecode: str = "", more: str = "", rate: str = RATE_25) -> str:
    """A sequence with that on its first video track, and `more` after the track."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4"><sequence id="s">'
        f"<name>Reel</name>{rate}{timecode}<media><video><track>{track}</track>{more}</video></media>"
        "</sequence></xmeml>"
    )


def clip(start: int, end: int, first: int, last: int, inside: str = "<name>a.mov</name>") -> str:
    return f"<clipitem>{inside}<start>{start}</start><end>{end}</end><in>{first}</in><out>{last}</out></clipitem>"


def transition(start: int, end: int, alignment: str = "center", effect: str = "") -> str:
    return (
        f"<transitionitem><start>{start}</start><end>{end}</end><alignment>{alignment}</alignment>"
        f"<effect>{effect}</effect></transitionitem>"
    )


def frames(cut_list: CutList) -> list[tuple[int, int, int, int]]:
    return [(e.record_start, e.record_end, e.source_start, e.source_end) for e in cut_list.events]


def transitions(cut_list: CutList) -> list[tuple[ListTransition, int]]:
    return [(event.transition, event.transition_frames) for event in cut_list.events]


def test_our_own_list_comes_back_exactly(rate: Any, reference: Project) -> None:
    first = reference.first_timecode_frame
    for data in (text := write_xmeml(reference)), text.encode():
        cut_list = read_xmeml(data)
        assert cut_list.rate == rate.rate
        assert cut_list.drop_frame is rate.drop
        assert (cut_list.title, cut_list.format_name) == ("Reel One (final)", "Final Cut Pro 7 XML")
        assert cut_list.remarks == ()
        assert frames(cut_list) == [(first + s.start_frame, first + s.end_frame) * 2 for s in reference.shots]
        assert {event.source for event in cut_list.events} == {"Reel One (final).mov"}
        assert set(transitions(cut_list)) == {(ListTransition.CUT, 0)}


@pytest.mark.parametrize("length", range(2, 12))
def test_our_own_dissolves_come_back_on_their_frames(
    make_project: Callable[..., Project], rate: Any, length: int
) -> None:
    project = make_project([Seam(40, 41 + length, SeamKind.DISSOLVE)], rate=rate.rate, drop=rate.drop)
    cut_list = read_xmeml(write_xmeml(project, dissolves=True))
    first = project.first_timecode_frame
    assert frames(cut_list) == [(first, first + 41) * 2, (first + 41, first + 100) * 2]
    assert transitions(cut_list) == [(ListTransition.CUT, 0), (ListTransition.DISSOLVE, length)]


def test_an_hour_of_120_frames_a_second_comes_back(make_project: Callable[..., Project], cut: Any) -> None:
    for rate in (Fraction(120), Fraction(120_000, 1001)):
        cut_list = read_xmeml(write_xmeml(make_project([cut(119)], rate=rate, frames=300)))
        first = 3600 * 120
        assert cut_list.rate == rate
        assert frames(cut_list) == [(first, first + 119) * 2, (first + 119, first + 300) * 2]


def test_what_opentimelineio_writes_is_read() -> None:
    """Its file has the sequence inside a project, no doctype, file timecodes, a hidden edge, and a gap."""
    rate = 24
    time_of, span = otio.opentime.RationalTime, otio.opentime.TimeRange

    def shot(name: str, start: int, length: int) -> Any:
        media = otio.schema.ExternalReference(
            f"file:///films/{name}", span(time_of(1000, rate), time_of(500, rate))
        )
        return otio.schema.Clip(name, media, span(time_of(start, rate), time_of(length, rate)))

    timeline = otio.schema.Timeline("Edit", global_start_time=time_of(86400, rate))
    track = otio.schema.Track(kind="Video")
    timeline.tracks.append(track)
    dissolve = otio.schema.Transition("x", "SMPTE_Dissolve", time_of(5, rate), time_of(7, rate))
    gap = otio.schema.Gap("", span(time_of(0, rate), time_of(10, rate)))
    track.extend([shot("a.mov", 1010, 50), dissolve, shot("b.mov", 1020, 60), gap, shot("a.mov", 1000, 20)])
    cut_list = read_xmeml(otio.adapters.write_to_string(timeline, "fcp_xml"))
    assert (cut_list.title, cut_list.rate, cut_list.drop_frame) == ("Edit", 24, False)
    assert [event.source for event in cut_list.events] == ["a.mov", "b.mov", "a.mov"]
    assert frames(cut_list) == [
        (86400, 86445, 1010, 1055),
        (86445, 86510, 1015, 1080),
        (86520, 86540, 1000, 1020),
    ]
    assert transitions(cut_list)[1] == (ListTransition.DISSOLVE, 12)


def test_a_hidden_edge_lies_at_the_far_end_of_its_transition() -> None:
    cut_list = read_xmeml(
        document(clip(0, -1, 100, 156) + transition(44, 56) + clip(-1, 100, 194, 250)),
    )
    assert frames(cut_list) == [(0, 44, 100, 144), (44, 100, 194, 250)]
    assert transitions(cut_list) == [(ListTransition.CUT, 0), (ListTransition.DISSOLVE, 12)]
    assert cut_list.remarks == ()


@pytest.mark.parametrize("cut_at", [45, 50, 55])
def test_a_cut_said_beside_a_transition_gets_its_handle(cut_at: int) -> None:
    track = clip(0, cut_at, 0, cut_at) + transition(44, 56) + clip(cut_at, 100, 150 + cut_at, 250)
    cut_list = read_xmeml(document(track))
    assert frames(cut_list) == [(0, 44, 0, 44), (44, 100, 194, 250)]
    assert transitions(cut_list)[1] == (ListTransition.DISSOLVE, 12)


def test_transitions_from_and_to_black() -> None:
    track = transition(10, 20, "start-black") + clip(-1, -1, 0, 90) + transition(80, 100, "end-black")
    cut_list = read_xmeml(document(track))
    assert frames(cut_list) == [(10, 100, 0, 90)]
    assert transitions(cut_list) == [(ListTransition.DISSOLVE, 10)]
    assert cut_list.remarks == ("A transition to black was left out.",)


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        ("<effectcategory>Dissolve</effectcategory>", ListTransition.DISSOLVE),
        ("<effectcategory>Wipe</effectcategory>", ListTransition.WIPE),
        ("<effectcategory>Iris</effectcategory>", ListTransition.WIPE),
        ("<effectid>Edge Wipe</effectid>", ListTransition.WIPE),
        ("<name>SMPTE_Dissolve</name>", ListTransition.DISSOLVE),
        ("", ListTransition.DISSOLVE),
    ],
)
def test_the_kind_of_a_transition(effect: str, kind: ListTransition) -> None:
    track = clip(0, -1, 0, 56) + transition(44, 56, effect=effect) + clip(-1, 100, 0, 56)
    assert transitions(read_xmeml(document(track)))[1] == (kind, 12)


def test_the_lowest_enabled_track_with_enabled_clips_is_read() -> None:
    shot = clip(0, 10, 0, 10, "<name>up.mov</name>")
    off = clip(0, 10, 0, 10, "<name>off.mov</name><enabled>FALSE</enabled>")
    more = (
        f"<track>{shot}<enabled>FALSE</enabled></track><track/>"
        f"<track>{off}{shot}<enabled>TRUE</enabled></track><track>{shot}</track>"
    )
    cut_list = read_xmeml(document(off, more=more))
    assert [event.source for event in cut_list.events] == ["up.mov"]
    assert cut_list.remarks == (
        "Video track 1 was left out.",
        "Video track 2 was left out.",
        "Video track 5 was left out.",
        "A disabled clip was left out.",
    )


def test_links_markers_and_filters_inside_a_clip_are_not_taken_for_its_frames() -> None:
    inside = (
        "<name>a.mov</name><link><linkclipref>x</linkclipref><start>7</start></link>"
        "<marker><name>m</name><in>3</in><out>-1</out></marker>"
        "<filter><enabled>FALSE</enabled><start>0</start><end>999</end></filter>"
    )
    cut_list = read_xmeml(document(clip(5, 10, 20, 25, inside)))
    assert frames(cut_list) == [(5, 10, 20, 25)]
    assert cut_list.remarks == ()


def timecode(label: str = "", frame: str = "", display: str = "NDF", rate: str = RATE_25) -> str:
    return (
        f"<timecode>{rate}<string>{label}</string><frame>{frame}</frame>"
        f"<displayformat>{display}</displayformat></timecode>"
    )


RATE_2997 = "<rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>"


@pytest.mark.parametrize(
    ("label", "frame", "display", "first", "drop", "remark"),
    [
        ("01:00:00;00", "107892", "DF", 107892, True, None),
        ("01;00;00;00", "107892", "DF", 107892, True, None),
        ("01:00:00:00", "", "DF", 107892, True, None),
        ("01:00:00;00", "", "", 107892, True, None),
        ("01:00:00:00", "108000", "NDF", 108000, False, None),
        ("", "107892", "DF", 107892, True, None),
        ("", "", "DF", 0, None, None),
        ("01:00:00;00", "108000", "DF", 107892, True, "differ; the timecode was taken"),
        ("00:01:00;00", "1798", "DF", 1798, True, "does not exist at its rate"),
    ],
)
def test_the_timecode_of_a_sequence(
    label: str, frame: str, display: str, first: int, drop: bool | None, remark: str | None
) -> None:
    text = document(clip(0, 9, 0, 9), timecode=timecode(label, frame, display, RATE_2997), rate=RATE_2997)
    cut_list = read_xmeml(text)
    assert frames(cut_list) == [(first, first + 9, 0, 9)]
    assert cut_list.drop_frame is drop
    assert len(cut_list.remarks) == (remark is not None)
    assert remark is None or remark in cut_list.remarks[0]


def test_source_frames_count_from_the_timecode_of_the_file_named_before_or_after() -> None:
    full = f"<file id='f'><name>b.mov</name>{RATE_25}{timecode('10:00:00:00')}</file>"
    track = clip(0, 9, 5, 14, "<name>x</name><file id='f'/>") + clip(9, 12, 0, 3, full)
    cut_list = read_xmeml(document(track))
    assert frames(cut_list) == [(0, 9, 900_005, 900_014), (9, 12, 900_000, 900_003)]
    assert {event.source for event in cut_list.events} == {"b.mov"}


def test_a_file_without_a_name_is_called_by_its_address() -> None:
    inside = "<name>x</name><file id='f'><pathurl>file://localhost/C%3a/F%C3%BCr%20Elise.mov</pathurl></file>"
    assert read_xmeml(document(clip(0, 9, 0, 9, inside))).events[0].source == "Für Elise.mov"


def test_a_clip_at_another_rate_is_converted() -> None:
    # as Premiere writes it: start and end at the sequence's rate, in and out at the clip's own
    rate = "<rate><timebase>50</timebase><ntsc>FALSE</ntsc></rate>"
    file = f"<file id='f'><name>a.mov</name>{rate}{timecode('00:00:10:00', rate=rate)}</file>"
    cut_list = read_xmeml(document(clip(0, 9, 10, 28, rate + file)))
    assert frames(cut_list) == [(0, 9, 255, 264)]
    assert cut_list.remarks == (
        "A clip has another frame rate than the sequence; its source frames were converted.",
    )


def test_a_clip_at_24_in_a_sequence_at_23_976_is_taken_frame_for_frame() -> None:
    plain = "<rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>"
    file = f"<file id='f'><name>a.mov</name>{plain}{timecode('01:00:00:00', rate=plain)}</file>"
    cut_list = read_xmeml(
        document(clip(0, 2000, 10, 2010, plain + file), rate=plain.replace("FALSE", "TRUE"))
    )
    assert cut_list.rate == Fraction(24_000, 1001)
    assert frames(cut_list) == [(0, 2000, 86_410, 88_410)]
    assert cut_list.remarks == (
        "A clip and the sequence differ as NTSC rates do; frames were taken one for one.",
    )


def speed(*parameters: tuple[str, str]) -> str:
    inside = "".join(
        f"<parameter><parameterid>{name}</parameterid><value>{value}</value></parameter>"
        for name, value in parameters
    )
    return f"<filter><effect><effectid>timeremap</effectid>{inside}</effect></filter>"


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        (speed(("speed", "50"), ("reverse", "FALSE")), True),
        (speed(("speed", "100"), ("reverse", "TRUE")), True),
        (speed(("speed", "100"), ("variablespeed", "1")), True),
        (speed(("speed", "100.00"), ("reverse", "FALSE"), ("variablespeed", "0")), False),
        ("<filter><effect><effectid>basic</effectid></effect></filter>", False),
    ],
)
def test_a_speed_effect_is_told(effect: str, told: bool) -> None:
    cut_list = read_xmeml(document(clip(0, 9, 0, 9, effect)))
    assert cut_list.remarks == (
        ("A clip runs at another speed; its source frames are only what the list says.",) if told else ()
    )


def test_nested_sequences_generators_and_other_sequences_are_told() -> None:
    media = f"<media><video><track>{clip(0, 5, 0, 5)}</track></video></media>"
    inner = f"<sequence id='n'><name>Inner</name>{RATE_25}{media}</sequence>"
    track = clip(0, 9, 0, 9, inner) + clip(9, 12, 0, 3).replace("clipitem", "generatoritem")
    text = document(track)
    other = text[text.index("<sequence") : text.index("</xmeml>")].replace("Reel", "Other")
    cut_list = read_xmeml(text.replace("</xmeml>", f"{other}</xmeml>"))
    assert cut_list.title == "Reel"
    assert [event.source for event in cut_list.events] == ["Inner", "a.mov"]
    assert cut_list.remarks == (
        "Another sequence was left out; the first one is read.",
        "A nested sequence was read as one shot.",
    )


def test_what_does_not_add_up_is_told() -> None:
    track = clip(0, 12, 0, 12) + clip(10, 20, 0, 15) + clip(20, 20, 0, 0)
    cut_list = read_xmeml(document(track))
    assert frames(cut_list) == [(0, 10, 0, 10), (10, 20, 0, 15)]
    assert cut_list.remarks == (
        "A clip takes more or fewer frames of its source than of the sequence.",
        "A clip overlaps the next one and was cut off there.",
        "A clip of no length, or hidden by its neighbour, was left out.",
    )
