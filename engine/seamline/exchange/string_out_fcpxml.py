"""A string-out as FCPXML 1.9: one asset a film, one asset-clip a shot."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from seamline.exchange.events import events_of
from seamline.exchange.fcpxml import FCPXML_VERSION
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
from seamline.exchange.string_out import StringOut


def write_string_out_fcpxml(string: StringOut) -> str:
    """A sequence in the format of the first clip's film, from 01:00:00:00 on; each clip in its film's own timecode,
    with all of the film at hand. What a pair is about is the clips' note, and a marker where it is cut.

    Raises ExchangeError where a rate is no fraction that FCPXML can hold.
    """
    root = ET.Element("fcpxml", version=FCPXML_VERSION)
    resources = ET.SubElement(root, "resources")
    clocks = [clock_of(project) for project in string.films]
    formats, assets = ([f"r{2 * place + n}" for place in range(len(clocks))] for n in (1, 2))
    for place, project in enumerate(string.films):
        ET.SubElement(resources, "format", picture_format(project, clocks[place], formats[place]))
    for place, project in enumerate(string.films):
        end_frame = events_of(project)[-1].end_frame
        resources.append(asset(project, clocks[place], end_frame, assets[place], formats[place]))
    first = string.clips[0].film
    clock, title = Clock(string.rate, string.start_frame), xml_text(string.title)
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name=title)
    sequence = ET.SubElement(
        ET.SubElement(event, "project", name=title),
        "sequence",
        format=formats[first],
        duration=clock.length(string.places[-1][1]),
        tcStart=clock.place(0),
        tcFormat=tc_format(string.films[first]),
    )
    sounding = next((project for project in string.films if project.film.info.audio is not None), None)
    if sounding is not None:
        sequence.attrib.update(sequence_audio(sounding))
    spine = ET.SubElement(sequence, "spine")
    marks = {mark.clip: mark for mark in string.marks}
    for number, (clip, (start, end)) in enumerate(zip(string.clips, string.places, strict=True)):
        project, own = string.films[clip.film], clocks[clip.film]
        element = ET.SubElement(
            spine,
            "asset-clip",
            ref=assets[clip.film],
            name=file_name(project),
            offset=clock.place(start),
            start=own.place(clip.start_frame),
            duration=clock.length(end - start),
            format=formats[clip.film],
            tcFormat=tc_format(project),
        )
        if project.film.info.audio is not None:
            element.set("audioRole", "dialogue")
        ET.SubElement(element, "note").text = xml_text(f"{clip.name}: {clip.comment}")
        if number in marks:
            ET.SubElement(
                element,
                "marker",
                start=own.place(clip.start_frame),
                duration=own.length(1),
                value=xml_text(marks[number].name),
                note=xml_text(marks[number].comment),
            )
    ET.indent(root)
    return HEAD + ET.tostring(root, encoding="unicode") + "\n"
