"""The formats that a string-out is written in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.edl import MOST_EVENTS_A_PART, edl_counting, edl_head, edl_text
from seamline.exchange.files import check_target, write_text_atomically
from seamline.exchange.names import TITLE_LENGTH, ascii_text, edl_clip_name, edl_reel
from seamline.exchange.string_out import StringOut
from seamline.exchange.string_out_choice import check_rates
from seamline.exchange.string_out_fcpxml import write_string_out_fcpxml
from seamline.exchange.string_out_xmeml import write_string_out_xmeml
from seamline.exchange.xmeml_parts import channel_count
from seamline.project.types import Project

_COMMENT_LENGTH = 160


def write_string_out_edl(string: StringOut) -> str:
    """CMX3600 from record timecode 01:00:00:00 on, an event a clip with its sound, its source timecode the film's own;
    its films have one rate. A LOC line, as Avid writes its markers, stands where a pair is cut.

    Raises ExchangeError where the format cannot hold it: more than 999 clips, over 100 frames a second, or a timecode
    past midnight.
    """
    if len(string.clips) > MOST_EVENTS_A_PART:
        raise ExchangeError(
            f"An EDL numbers {MOST_EVENTS_A_PART} clips, and these are {len(string.clips)}: keep fewer pairs, or "
            "export OpenTimelineIO (.otio)."
        )
    counting = [edl_counting(project) for project in string.films]
    rate = counting[string.clips[0].film][0]
    hour = string.start_frame
    if hour + string.places[-1][1] >= rate.frames_a_day:
        raise ExchangeError("The string-out passes midnight, which an EDL cannot show: keep fewer pairs.")
    reels = _reels(string)
    lines = edl_head(ascii_text(string.title)[:TITLE_LENGTH].strip() or "Untitled", rate)
    marked = {mark.clip + 1 for mark in string.marks}
    for number, (clip, place) in enumerate(zip(string.clips, string.places, strict=True), 1):
        tracks = _tracks(string.films[clip.film])
        source_rate, first_frame = counting[clip.film]
        source = [source_rate.format(first_frame + frame) for frame in (clip.start_frame, clip.end_frame)]
        record = [rate.format(hour + frame) for frame in place]
        lines += [
            f"{number:03d}  {reels[clip.film]:<8} {tracks:<5} {'C':<4} {'':>3} {' '.join(source)} {' '.join(record)}  ",
            f"* FROM CLIP NAME: {edl_clip_name(string.films[clip.film])}",
        ]
        said = textwrap.wrap(_plain(f"{clip.name}: {clip.comment}"), _COMMENT_LENGTH)
        lines += [f"* COMMENT: {line}" for line in said]
        if number in marked:
            # Avid has colons here in drop frame, too, and readers know nothing else
            lines.append(f"* LOC: {record[0].replace(';', ':')} CYAN    {said[0]}")
        lines.append("")
    return edl_text(lines)


def _plain(text: str) -> str:
    """ASCII on one line, without the bar that begins the fields of Resolve's markers."""
    return " ".join(ascii_text(text).replace("|", " ").split())


def _tracks(project: Project) -> str:
    """The film's picture and its first two channels: what CMX3600 has a name for."""
    return ("V", "B", "AA/V")[min(2, channel_count(project.film.info))]


def _reels(string: StringOut) -> list[str]:
    """Two films never have one reel, or their frames could not be told apart."""
    reels: list[str] = []
    for project in string.films:
        reel, number = edl_reel(project), 2
        name = reel
        while name in reels:
            name = f"{reel[: 8 - len(str(number)) - 1]}_{number}"
            number += 1
        reels.append(name)
    return reels


def _otio(string: StringOut) -> str:
    from seamline.exchange.string_out_otio import write_string_out_otio  # its library takes long to load

    return write_string_out_otio(string)


@dataclass(frozen=True, slots=True)
class StringOutFormat:
    """One way to write a string-out down; `write` raises ExchangeError, for all but what `check_rates` refuses."""

    id: str
    name: str
    suffix: str
    write: Callable[[StringOut], str]


STRING_OUT_FORMATS = (
    StringOutFormat("edl", "CMX3600 EDL", ".edl", write_string_out_edl),
    StringOutFormat("xmeml", "Final Cut Pro 7 XML", ".xml", write_string_out_xmeml),
    StringOutFormat("fcpxml", "FCPXML 1.9", ".fcpxml", write_string_out_fcpxml),
    StringOutFormat("otio", "OpenTimelineIO", ".otio", _otio),
)


def string_out_format(name: str) -> StringOutFormat:
    """The format of that id, or of that suffix. Raises ExchangeError, which names those that there are."""
    for known in STRING_OUT_FORMATS:
        if name in (known.id, known.suffix):
            return known
    said = ", ".join(f"{known.id} ({known.suffix})" for known in STRING_OUT_FORMATS)
    raise ExchangeError(f"A string-out cannot be written as “{name}”: choose one of {said}.")


def export_string_out(
    string: StringOut, string_format: StringOutFormat, path: Path, *, overwrite: bool
) -> None:
    """The string-out at `path`, whole or not at all, and never over a film. Raises ExchangeError."""
    sources = [project.film.path for project in string.films]
    check_rates(string.rates, string_format.id)
    check_target(path, overwrite, sources=sources)
    write_text_atomically(path, string_format.write(string), overwrite=overwrite, sources=sources)
