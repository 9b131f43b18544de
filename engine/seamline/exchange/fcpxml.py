"""FCPXML 1.9, for Final Cut Pro from 10.4.9 and DaVinci Resolve from 17: exact at every rate."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

from seamline.exchange.events import Event, events_of
from seamline.exchange.fcpxml_parts import (
    HEAD,
    Clock,
    asset,
    clock_of,
    file_name,
    picture_format,
    sequence_audio,
    tc_format,
    xml_text,
)
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.exchange.shot_words import ShotWords, words_of
from seamline.project.types import Project, SeamKind, Shot

FCPXML_VERSION = "1.9"
CROSS_DISSOLVE_UID = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
"""What Final Cut Pro itself calls its cross dissolve, and Resolve too, in their own exports."""

_FORMAT, _ASSET, _DISSOLVE = "r1", "r2", "r3"


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
    clock = clock_of(project)
    events, labels, footage = events_of(project), labels_by_shot(project), footage_by_shot(project)
    transitions = _transitions(project, events) if dissolves else {}
    end_frame = events[-1].end_frame
    title = xml_text(Path(clean_text(project.film.path.name)).stem)

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
        tcFormat=tc_format(project),
    )
    sequence.attrib.update(sequence_audio(project))
    spine = ET.SubElement(sequence, "spine")
    for event in events:
        if event.start_frame in transitions:
            spine.append(_dissolve(clock, *transitions[event.start_frame]))
        number = event.shot.number
        spine.append(_clip(project, clock, event, labels.get(number), footage.get(number)))
    ET.indent(root)
    return HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _resources(project: Project, clock: Clock, end_frame: int, *, with_dissolve: bool) -> ET.Element:
    resources = ET.Element("resources")
    ET.SubElement(resources, "format", picture_format(project, clock, _FORMAT))
    resources.append(asset(project, clock, end_frame, _ASSET, _FORMAT))
    if with_dissolve:
        ET.SubElement(resources, "effect", id=_DISSOLVE, name="Cross Dissolve", uid=CROSS_DISSOLVE_UID)
    return resources


def _clip(
    project: Project, clock: Clock, event: Event, labels: LabelWords | None, footage: FootageWords | None
) -> ET.Element:
    place = clock.place(event.start_frame)
    clip = ET.Element(
        "asset-clip",
        ref=_ASSET,
        name=file_name(project),
        offset=place,
        start=place,
        duration=clock.length(event.length),
        format=_FORMAT,
        tcFormat=tc_format(project),
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


def _dissolve(clock: Clock, start_frame: int, end_frame: int) -> ET.Element:
    transition = ET.Element(
        "transition",
        name="Cross Dissolve",
        offset=clock.place(start_frame),
        duration=clock.length(end_frame - start_frame),
    )
    ET.SubElement(transition, "filter-video", ref=_DISSOLVE, name="Cross Dissolve")
    return transition
