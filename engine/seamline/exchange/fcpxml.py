"""FCPXML 1.9, for Final Cut Pro from 10.4.9 and DaVinci Resolve from 17: exact at every rate."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.events import Event, events_of
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.exchange.shot_words import ShotWords, words_of
from seamline.project.types import Project, SeamKind, Shot

FCPXML_VERSION = "1.9"
CROSS_DISSOLVE_UID = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
"""What Final Cut Pro itself calls its cross dissolve, and Resolve too, in their own exports."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
_FORMAT, _ASSET, _DISSOLVE = "r1", "r2", "r3"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Final Cut Pro names these sizes and rates; any other format goes without a name, as the DTD allows
_NAMED_SIZES = {
    (1280, 720): "720p",
    (1920, 1080): "1080p",
    (3840, 2160): "3840x2160p",
    (4096, 2160): "4096x2160p",
}
_NAMED_RATES = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}
_SEQUENCE_AUDIO_RATES = {
    32000: "32k", 44100: "44.1k", 48000: "48k", 88200: "88.2k", 96000: "96k", 176400: "176.4k", 192000: "192k",
}  # fmt: skip
_SURROUND_CHANNELS = 6


@dataclass(frozen=True, slots=True)
class _Clock:
    """Frames of the film as FCPXML's seconds: `first_frame` is the film's start timecode."""

    rate: Fraction
    first_frame: int

    def length(self, frames: int) -> str:
        seconds = frames / self.rate
        if seconds.denominator == 1:
            return f"{seconds.numerator}s"
        return f"{seconds.numerator}/{seconds.denominator}s"

    def place(self, frame: int) -> str:
        return self.length(self.first_frame + frame)


def write_fcpxml(project: Project, *, dissolves: bool = False) -> str:
    """The cut list as FCPXML: one asset, and a project whose primary storyline has one asset-clip a shot.

    All times are whole frames as reduced fractions of a second (1001/30000s), from the film's start timecode,
    in the clips as in the sequence. Clips bear the file's name, which importers match against the media. Each
    clip that begins with a seam has a marker with the seam's kind and confidence. A shot's name and comment are the
    clip's notes, and the marker's name and note; its colour is a word there, as markers have none. Its labels are
    keywords of the clip, and so are its set-up and scene where it shares them with others.

    Gradual seams are cut in their middle; with `dissolves` a cross dissolve lies over their frames too. It
    mixes the film with itself at the same frames and so changes no picture.

    Raises ExchangeError where the rate is no fraction that FCPXML can hold (32 bits).
    """
    rate = project.film.rate
    if max(rate.numerator, rate.denominator) >= 2**31:
        raise ExchangeError(
            f"FCPXML cannot hold the film's rate of {rate.numerator}/{rate.denominator} frames a second: "
            "convert the film to a standard rate, or export CSV."
        )
    clock = _Clock(rate, project.first_timecode_frame)
    events, labels, footage = events_of(project), labels_by_shot(project), footage_by_shot(project)
    transitions = _transitions(project, events) if dissolves else {}
    end_frame = events[-1].end_frame
    title = _xml_text(Path(clean_text(project.film.path.name)).stem)

    root = ET.Element("fcpxml", version=FCPXML_VERSION)
    root.append(_resources(project, clock, end_frame, with_dissolve=bool(transitions)))
    event_element = ET.SubElement(ET.SubElement(root, "library"), "event", name=title)
    project_element = ET.SubElement(event_element, "project", name=title)
    sequence = ET.SubElement(
        project_element,
        "sequence",
        format=_FORMAT,
        duration=clock.length(end_frame),
        tcStart=clock.place(0),
        tcFormat=_tc_format(project),
    )
    sequence.attrib.update(_sequence_audio(project))
    spine = ET.SubElement(sequence, "spine")
    for event in events:
        if event.start_frame in transitions:
            spine.append(_dissolve(clock, *transitions[event.start_frame]))
        number = event.shot.number
        spine.append(_clip(project, clock, event, labels.get(number), footage.get(number)))
    ET.indent(root)
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _resources(project: Project, clock: _Clock, end_frame: int, *, with_dissolve: bool) -> ET.Element:
    resources = ET.Element("resources")
    ET.SubElement(resources, "format", _format(project, clock))
    asset = ET.SubElement(
        resources,
        "asset",
        id=_ASSET,
        name=_file_name(project),
        start=clock.place(0),
        duration=clock.length(end_frame),
        hasVideo="1",
        format=_FORMAT,
        videoSources="1",
    )
    asset.attrib.update(_asset_audio(project))
    # absolute, not resolved: the name under which the editor knows the file
    ET.SubElement(asset, "media-rep", kind="original-media", src=project.film.path.absolute().as_uri())
    if with_dissolve:
        ET.SubElement(resources, "effect", id=_DISSOLVE, name="Cross Dissolve", uid=CROSS_DISSOLVE_UID)
    return resources


def _format(project: Project, clock: _Clock) -> dict[str, str]:
    info = project.film.info
    width, height, aspect = info.width, info.height, info.sample_aspect
    if info.rotation_deg in (90, 270):
        width, height, aspect = height, width, 1 / aspect
    attributes = {"id": _FORMAT}
    size_name, rate_name = _NAMED_SIZES.get((width, height)), _NAMED_RATES.get(clock.rate)
    if size_name and rate_name and aspect == 1 and not info.interlaced:
        attributes["name"] = f"FFVideoFormat{size_name}{rate_name}"
    attributes |= {"frameDuration": clock.length(1), "width": str(width), "height": str(height)}
    if aspect != 1:
        attributes |= {"paspH": str(aspect.numerator), "paspV": str(aspect.denominator)}
    return attributes


def _asset_audio(project: Project) -> dict[str, str]:
    """Nothing at all for a silent film: importers look for sound as soon as one of these is there."""
    audio = project.film.info.audio
    if audio is None:
        return {}
    return {
        "hasAudio": "1",
        "audioSources": str(audio.track_count),
        "audioChannels": str(audio.channels),
        "audioRate": str(audio.sample_rate),
    }


def _sequence_audio(project: Project) -> dict[str, str]:
    audio = project.film.info.audio
    if audio is None:
        return {}
    return {
        # Final Cut Pro refuses “mono”, though the DTD knows it
        "audioLayout": "surround" if audio.channels >= _SURROUND_CHANNELS else "stereo",
        "audioRate": _SEQUENCE_AUDIO_RATES.get(audio.sample_rate, "48k"),
    }


def _clip(
    project: Project, clock: _Clock, event: Event, labels: LabelWords | None, footage: FootageWords | None
) -> ET.Element:
    place = clock.place(event.start_frame)
    clip = ET.Element(
        "asset-clip",
        ref=_ASSET,
        name=_file_name(project),
        offset=place,
        start=place,
        duration=clock.length(event.length),
        format=_FORMAT,
        tcFormat=_tc_format(project),
    )
    if project.film.info.audio is not None:
        clip.set("audioRole", "dialogue")
    seam, words = event.shot.seam, words_of(project, event.shot)
    if words is not None and (words.name or words.comment):
        # what Final Cut Pro's timeline index shows as the clip's notes
        ET.SubElement(clip, "note").text = "\n".join(filter(None, (words.name, words.comment)))
    keywords = (*(labels.names if labels else ()), *(footage.names if footage else ()))
    if keywords:
        # over the whole clip, so that Final Cut Pro lists and finds it by them; commas part keywords
        duration = clock.length(event.length)
        ET.SubElement(clip, "keyword", start=place, duration=duration, value=", ".join(keywords))
    if seam is not None or words is not None:
        ET.SubElement(
            clip, "marker", {"start": place, "duration": clock.length(1), **_marker_text(event.shot, words)}
        )
    return clip


def _marker_text(shot: Shot, words: ShotWords | None) -> dict[str, str]:
    """What is written about the shot comes first; the seam's kind is the marker's name where the shot has none."""
    value, seam = "", shot.seam
    lines: list[str] = []
    if words is not None:
        value = words.name
        lines += [words.comment] if words.comment else []
        lines += [f"Colour: {words.colour}"] if words.colour is not None else []
    if seam is not None:
        value = value or f"{str(seam.kind).capitalize()} {seam.confidence:.2f}"
        lines.append(
            f"Shot {shot.number}: {seam.kind} from frame {seam.out_frame} to {seam.in_frame}, "
            f"confidence {seam.confidence:.4f}, by {seam.origin}"
        )
    text = {"value": value or f"Shot {shot.number}"}
    return text | {"note": "\n".join(lines)} if lines else text


def _transitions(project: Project, events: tuple[Event, ...]) -> dict[int, tuple[int, int]]:
    """The first frame and the end of each gradual seam's mixture, by the frame where the new clip begins.

    A mixture that the constant grid leaves no frame, or that would reach over a whole shot or into another
    mixture, is left out: importers refuse such a transition.
    """
    grid_frame = project.film.index.grid_frame
    transitions: dict[int, tuple[int, int]] = {}
    earliest = events[0].start_frame
    for previous, event in pairwise(events):
        seam = event.shot.seam
        if seam is None or seam.kind is SeamKind.CUT:
            continue
        start, end = grid_frame(seam.out_frame + 1), grid_frame(seam.in_frame)
        room_before = max(earliest, previous.start_frame)
        if room_before <= start <= event.start_frame <= end <= event.end_frame and start < end:
            transitions[event.start_frame] = (start, end)
            earliest = end
    return transitions


def _dissolve(clock: _Clock, start_frame: int, end_frame: int) -> ET.Element:
    transition = ET.Element(
        "transition",
        name="Cross Dissolve",
        offset=clock.place(start_frame),
        duration=clock.length(end_frame - start_frame),
    )
    ET.SubElement(transition, "filter-video", ref=_DISSOLVE, name="Cross Dissolve")
    return transition


def _tc_format(project: Project) -> str:
    return "DF" if project.timecode_rate.drop_frame else "NDF"


def _file_name(project: Project) -> str:
    return _xml_text(project.film.path.name)


def _xml_text(text: str) -> str:
    """`text` with U+FFFD for what XML 1.0 (section 2.2) has no place for, such as control characters."""
    return _NO_XML.sub("\ufffd", clean_text(text))
