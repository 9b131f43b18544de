"""EDLs written line by line, and read by another program and by ours, for tests."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pycmx

from seamline.exchange.cut_list import CutList
from seamline.exchange.edl_reader import read_edl
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Project

HEAD = "TITLE: A\nFCM: NON-DROP FRAME\n"


def line(
    number: str,
    start: int,
    end: int,
    *,
    how: str = "C        ",
    track: str = "V",
    reel: str = "AX",
    source: int = 0,
) -> str:
    """An event line at 25 frames a second, its source from frame `source` on."""
    rate = TimecodeRate(25)
    times = (source, source + end - start, start, end)
    return f"{number}  {reel:<8} {track:<5} {how}{' '.join(rate.format(t) for t in times)} \n"


def read(text: str | bytes, rate: Fraction = Fraction(25), drop_frame: bool | None = None) -> CutList:
    return read_edl(text, rate=rate, drop_frame=drop_frame)


def spans(cut_list: CutList) -> list[tuple[int, int]]:
    return [(event.record_start, event.record_end) for event in cut_list.events]


def frame_of(label: str, nominal: int) -> int:
    """The frame that a timecode labels, reckoned here from SMPTE ST 12-1 and not by the engine."""
    hours, minutes, seconds, frames = map(int, re.split("[:;]", label))
    frame = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if ";" in label:
        total_minutes = hours * 60 + minutes
        frame -= nominal // 15 * (total_minutes - total_minutes // 10)
    return frame


def frames_by_pycmx(text: str, project: Project) -> list[tuple[int, int, int, int]]:
    """Source in and out, record in and out of each event."""
    events = pycmx.parse_cmx3600(io.StringIO(text, newline="")).events
    edits = [edit for event in events for edit in event.edits]
    nominal = project.timecode_rate.nominal
    return [
        (
            frame_of(edit.source_in, nominal),
            frame_of(edit.source_out, nominal),
            frame_of(edit.record_in, nominal),
            frame_of(edit.record_out, nominal),
        )
        for edit in edits
    ]
