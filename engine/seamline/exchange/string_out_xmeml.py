"""A string-out as Final Cut Pro 7 XML (xmeml 4): one file a film, picture and sound of every clip linked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from seamline.exchange.events import events_of
from seamline.exchange.string_out import StringClip, StringOut
from seamline.exchange.xmeml_parts import (
    HEAD,
    add,
    add_clip,
    add_file,
    add_picture,
    add_rate,
    add_sound,
    channel_count,
    check_rate,
    clip_name,
    close_track,
    file_id,
    plain_text,
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A clip, from 1, with its frames of the sequence, and its place on each track: the picture first."""

    number: int
    clip: StringClip
    record: tuple[int, int]
    indices: tuple[int, ...]


def write_string_out_xmeml(string: StringOut) -> str:
    """A sequence from 01:00:00:00 on, in the picture size of the first clip's film; a marker of the sequence where
    each pair is cut says which it is and why. A film with fewer channels leaves the further tracks empty under its
    clips.

    Its films have one rate. Raises ExchangeError for one that the format has no name for.
    """
    check_rate(string.rate)
    items = tuple(_items(string))
    first = string.films[string.clips[0].film]
    channels = max(channel_count(project.film.info) for project in string.films)
    root = ET.Element("xmeml", version="4")
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    add(sequence, "name", plain_text(string.title))
    add(sequence, "duration", string.places[-1][1])
    add_rate(sequence, string.rate)
    timecode = ET.SubElement(sequence, "timecode")
    add_rate(timecode, string.rate)
    add(timecode, "string", first.timecode_rate.format(string.start_frame))
    add(timecode, "frame", string.start_frame)
    add(timecode, "displayformat", "DF" if first.timecode_rate.drop_frame else "NDF")
    media = ET.SubElement(sequence, "media")
    video = ET.SubElement(media, "video")
    add_picture(ET.SubElement(video, "format"), first, *first.film.info.display_size, square=True)
    _add_track(video, string, items, 0)
    if channels:
        audio = ET.SubElement(media, "audio")
        add(audio, "numOutputChannels", channels)
        add_sound(ET.SubElement(audio, "format"), first.film.info)
        for channel in range(1, channels + 1):
            add(_add_track(audio, string, items, channel), "outputchannelindex", channel)
    for mark in string.marks:
        marker = ET.SubElement(sequence, "marker")
        add(marker, "name", mark.name)
        add(marker, "comment", plain_text(mark.comment))
        # from the sequence's first frame, whatever its timecode
        add(marker, "in", string.places[mark.clip][0])
        add(marker, "out", -1)
    ET.indent(root, "\t")
    return HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _items(string: StringOut) -> Iterator[_Item]:
    counts: dict[int, int] = {}
    for number, (clip, record) in enumerate(zip(string.clips, string.places, strict=True), 1):
        tracks = range(1 + channel_count(string.films[clip.film].film.info))
        for track in tracks:
            counts[track] = counts.get(track, 0) + 1
        yield _Item(number, clip, record, tuple(counts[track] for track in tracks))


def _add_track(parent: ET.Element, string: StringOut, items: tuple[_Item, ...], number: int) -> ET.Element:
    """Track `number` of `items`: 0 for the picture, then one a channel."""
    track = ET.SubElement(parent, "track")
    described: set[int] = set()
    for item in items:
        if number >= len(item.indices):
            continue
        project, place = string.films[item.clip.film], item.clip.film + 1
        length = events_of(project)[-1].end_frame
        clip = add_clip(
            track,
            project,
            clip_id=clip_name(number, item.number),
            duration=length,
            record=item.record,
            source=(item.clip.start_frame, item.clip.end_frame),
            media=place,
        )
        if number == 0 and place not in described:
            described.add(place)
            add_file(clip, project, length, channel_count(project.film.info), media=place)
        else:
            ET.SubElement(clip, "file", id=file_id(place))
        if number:
            source = ET.SubElement(clip, "sourcetrack")
            add(source, "mediatype", "audio")
            add(source, "trackindex", number)
        _add_links(clip, item)
    close_track(track)
    return track


def _add_links(clip: ET.Element, item: _Item) -> None:
    if len(item.indices) < 2:
        return
    for track, index in enumerate(item.indices):
        link = ET.SubElement(clip, "link")
        add(link, "linkclipref", clip_name(track, item.number))
        add(link, "mediatype", "audio" if track else "video")
        add(link, "trackindex", max(1, track))
        add(link, "clipindex", index)
        if track:
            add(link, "groupindex", 1)
