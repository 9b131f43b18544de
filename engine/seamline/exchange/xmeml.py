"""Final Cut Pro 7 XML (xmeml 4), which Premiere Pro and DaVinci Resolve import."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from seamline.errors import ExchangeError
from seamline.exchange.events import Event, events_of
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.exchange.shot_words import PREMIERE_LABELS, ShotWords, words_of
from seamline.media.film import MediaInfo
from seamline.project.types import Project, SeamKind

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'
_FILE_ID = "file-1"
_MOST_LINKS = 200_000  # some 50 MB of text: 2,400 shots with 8 channels of sound
_DEFAULT_SAMPLE_RATE = 48_000
_INTERLACED_LOWER_FIRST = (480, 486)  # heights of NTSC pictures


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event and the transitions beside it, as half-open ranges of grid frames; None for a cut.

    `number` counts the events from 1; `video_index` counts the items of the video track, transitions too, as
    Premiere counts in its links.
    """

    number: int
    video_index: int
    event: Event
    lead: tuple[int, int] | None
    tail: tuple[int, int] | None


def write_xmeml(project: Project, *, dissolves: bool = False) -> str:
    """The cut list as a sequence: one video clip a shot, its sound beside it on one track a channel, all linked.

    Sequence frames count from 0 on the film's constant grid, and so do the media's, which equal them; both
    carry the film's start timecode. Each shot after the first has a marker that tells of its seam, and of what is
    written about the shot and how it is labelled; the first has one where there is something to tell. A shot's
    colour is its picture clip's label, in Premiere's own names. The clips keep the film's name, by which they are
    linked again.

    Gradual seams are cut in their middle: their frames are in the film already, and a transition over them
    would dissolve the film with itself. `dissolves` writes a centred cross dissolve over the frames of each
    dissolve nevertheless, for those who want to replace a shot below it; where it has less than one frame on
    either side of the cut, or no room in its shots, the cut stays. The sound is cut in any case.

    Raises ExchangeError where the format cannot hold the film: a rate that is neither whole nor NTSC, or more
    clips times channels than any importer takes.
    """
    _check_rate(project.film.rate)
    events = _placed(project, dissolves)
    channels = _channel_count(project.film.info)
    if len(events) * (1 + channels) ** 2 > _MOST_LINKS:
        raise ExchangeError(
            f"{len(events)} shots with {channels} channels of sound make a larger Final Cut Pro 7 XML than "
            "editing systems import: export OpenTimelineIO (.otio) or an EDL instead."
        )
    root = ET.Element("xmeml", version="4")
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    _add(sequence, "name", _text(PurePath(project.film.path.name).stem))
    _add(sequence, "duration", events[-1].event.end_frame)
    _add_rate(sequence, project.film.rate)
    _add(sequence, "in", -1)
    _add(sequence, "out", -1)
    _add_timecode(sequence, project)
    media = ET.SubElement(sequence, "media")
    video = ET.SubElement(media, "video")
    _add_picture(ET.SubElement(video, "format"), project, *project.film.info.display_size, square=True)
    _add_video_track(video, project, events, channels)
    if channels:
        _add_audio(media, project, events, channels)
    labels, footage = labels_by_shot(project), footage_by_shot(project)
    for placed in events:
        shot, number = placed.event.shot, placed.event.shot.number
        _add_marker(sequence, placed.event, words_of(project, shot), labels.get(number), footage.get(number))
    ET.indent(root, "\t")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def path_url(path: PurePath) -> str:
    """The address of an absolute path as Premiere writes it: file://localhost/C%3a/Films/F%C3%BCr.mov.

    A share of a Windows network keeps its server: file://server/share/name.
    """
    drive, posix = path.drive, path.as_posix()
    if drive.startswith("\\\\"):
        return f"file:{quote(os.fsencode(posix))}"
    if drive:
        return f"file://localhost/{drive[0]}%3a{quote(os.fsencode(posix[len(drive) :]))}"
    return f"file://localhost{quote(os.fsencode(posix))}"


def _placed(project: Project, dissolves: bool) -> list[_Placed]:
    """The events with the transitions that are to be written, each where it leaves its neighbours room."""
    events = events_of(project)
    leads: list[tuple[int, int] | None] = [None]
    free_from = 0
    for previous, event in pairwise(events):
        span = _dissolve_span(project, event) if dissolves else None
        fits = (
            span is not None
            and max(free_from, previous.start_frame) <= span[0]
            and span[1] <= event.end_frame
        )
        leads.append(span if fits else None)
        free_from = span[1] if span is not None and fits else event.start_frame
    placed = []
    transitions = 0
    for number, (event, lead, tail) in enumerate(zip(events, leads, [*leads[1:], None], strict=True), 1):
        transitions += lead is not None
        placed.append(_Placed(number, number + transitions, event, lead, tail))
    return placed


def _dissolve_span(project: Project, event: Event) -> tuple[int, int] | None:
    """The dissolve's own frames on the grid, None where there is no dissolve around the cut."""
    seam = event.shot.seam
    if seam is None or seam.kind is not SeamKind.DISSOLVE:
        return None
    grid_frame = project.film.index.grid_frame
    span = grid_frame(seam.out_frame + 1), grid_frame(seam.in_frame)
    return span if span[0] < event.start_frame < span[1] else None


def _check_rate(rate: Fraction) -> None:
    if _rate_of(*_timebase(rate)) != rate:
        raise ExchangeError(
            f"A Final Cut Pro 7 XML knows whole frame rates and those of NTSC (such as 23.976 or 29.97); this film "
            f"has {float(rate):.4f}: export OpenTimelineIO (.otio) or CSV instead."
        )


def _timebase(rate: Fraction) -> tuple[int, bool]:
    """What the format calls a rate: whole frames a second, and whether they run 1000/1001 as fast."""
    return max(1, round(rate)), rate.denominator == 1001


def _rate_of(timebase: int, ntsc: bool) -> Fraction:
    return Fraction(timebase * 1000, 1001) if ntsc else Fraction(timebase)


def _channel_count(info: MediaInfo) -> int:
    """All channels of the file: what is known of the first sound track is taken for all of them."""
    return info.audio.channels * info.audio.track_count if info.audio is not None else 0


def _add_video_track(video: ET.Element, project: Project, events: Sequence[_Placed], channels: int) -> None:
    track = ET.SubElement(video, "track")
    for placed in events:
        event = placed.event
        if placed.lead is not None:
            _add_dissolve(track, project, *placed.lead)
        start, end = event.start_frame, event.end_frame
        # a transition hides the clip's edge, which is written as -1; in and out then reach over all of it
        clip = _add_clip(
            track,
            project,
            clip_id=_clip_id(0, placed.number),
            duration=events[-1].event.end_frame,
            record=(-1 if placed.lead else start, -1 if placed.tail else end),
            source=(placed.lead[0] if placed.lead else start, placed.tail[1] if placed.tail else end),
        )
        if placed.number == 1:
            _add_file(clip, project, events[-1].event.end_frame, channels)
        else:
            ET.SubElement(clip, "file", id=_FILE_ID)
        if channels:
            _add_links(clip, placed, channels)
        words = words_of(project, event.shot)
        if words is not None and words.colour is not None:
            _add(ET.SubElement(clip, "labels"), "label2", PREMIERE_LABELS[words.colour])
    _close_track(track)


def _add_audio(media: ET.Element, project: Project, events: Sequence[_Placed], channels: int) -> None:
    audio = ET.SubElement(media, "audio")
    _add(audio, "numOutputChannels", channels)
    _add_sound(ET.SubElement(audio, "format"), project.film.info)
    for channel in range(1, channels + 1):
        track = ET.SubElement(audio, "track")
        for placed in events:
            span = placed.event.start_frame, placed.event.end_frame
            clip = _add_clip(
                track,
                project,
                clip_id=_clip_id(channel, placed.number),
                duration=events[-1].event.end_frame,
                record=span,
                source=span,
            )
            ET.SubElement(clip, "file", id=_FILE_ID)
            source_track = ET.SubElement(clip, "sourcetrack")
            _add(source_track, "mediatype", "audio")
            _add(source_track, "trackindex", channel)
            _add_links(clip, placed, channels)
        _close_track(track)
        _add(track, "outputchannelindex", channel)


def _add_clip(
    track: ET.Element,
    project: Project,
    *,
    clip_id: str,
    duration: int,
    record: tuple[int, int],
    source: tuple[int, int],
) -> ET.Element:
    clip = ET.SubElement(track, "clipitem", id=clip_id)
    _add(clip, "masterclipid", "masterclip-1")
    _add(clip, "name", _text(project.film.path.name))
    _add(clip, "enabled", "TRUE")
    _add(clip, "duration", duration)
    _add_rate(clip, project.film.rate)
    for tag, frame in zip(("start", "end", "in", "out"), (*record, *source), strict=True):
        _add(clip, tag, frame)
    return clip


def _add_file(clip: ET.Element, project: Project, duration: int, channels: int) -> None:
    """The film in full; a second full description makes Resolve drop clips, so later clips name its id."""
    info = project.film.info
    file = ET.SubElement(clip, "file", id=_FILE_ID)
    _add(file, "name", _text(info.path.name))
    # absolute, not resolved: the name under which the editor knows the file
    _add(file, "pathurl", path_url(info.path.absolute()))
    _add_rate(file, project.film.rate)
    _add(file, "duration", duration)
    timecode = _add_timecode(file, project)
    reel = project.reel or info.reel
    if reel:
        _add(ET.SubElement(timecode, "reel"), "name", _text(reel))
    media = ET.SubElement(file, "media")
    square = info.sample_aspect == 1
    _add_picture(ET.SubElement(media, "video"), project, info.width, info.height, square=square)
    if channels:
        audio = ET.SubElement(media, "audio")
        _add_sound(audio, info)
        _add(audio, "channelcount", channels)


def _add_picture(parent: ET.Element, project: Project, width: int, height: int, *, square: bool) -> None:
    """Rate and size; without them Premiere makes a sequence of 720x480. Pixels of another shape stay unnamed,
    as the format has names for a few of them only and importers look into the film."""
    info = project.film.info
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    _add_rate(characteristics, project.film.rate)
    _add(characteristics, "width", width)
    _add(characteristics, "height", height)
    if square:
        _add(characteristics, "anamorphic", "FALSE")
        _add(characteristics, "pixelaspectratio", "square")
    lower_first = info.height in _INTERLACED_LOWER_FIRST
    dominance = ("lower" if lower_first else "upper") if info.interlaced else "none"
    _add(characteristics, "fielddominance", dominance)


def _add_sound(parent: ET.Element, info: MediaInfo) -> None:
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    _add(characteristics, "depth", 16)  # what Premiere writes of any film
    _add(characteristics, "samplerate", (info.audio and info.audio.sample_rate) or _DEFAULT_SAMPLE_RATE)


def _add_links(clip: ET.Element, placed: _Placed, channels: int) -> None:
    """The clip of the same shot on every track, the clip's own included."""
    for track in range(channels + 1):
        link = ET.SubElement(clip, "link")
        _add(link, "linkclipref", _clip_id(track, placed.number))
        _add(link, "mediatype", "audio" if track else "video")
        _add(link, "trackindex", max(1, track))
        _add(link, "clipindex", placed.number if track else placed.video_index)
        if track:
            _add(link, "groupindex", 1)


def _add_dissolve(track: ET.Element, project: Project, start: int, end: int) -> None:
    transition = ET.SubElement(track, "transitionitem")
    _add(transition, "start", start)
    _add(transition, "end", end)
    _add(transition, "alignment", "center")
    _add_rate(transition, project.film.rate)
    effect = ET.SubElement(transition, "effect")
    for tag, text in (
        ("name", "Cross Dissolve"),
        ("effectid", "Cross Dissolve"),
        ("effectcategory", "Dissolve"),
        ("effecttype", "transition"),
        ("mediatype", "video"),
        ("wipecode", "0"),
        ("wipeaccuracy", "100"),
        ("startratio", "0"),
        ("endratio", "1"),
        ("reverse", "FALSE"),
    ):
        _add(effect, tag, text)


def _add_marker(
    sequence: ET.Element,
    event: Event,
    words: ShotWords | None,
    labels: LabelWords | None,
    footage: FootageWords | None,
) -> None:
    """Of the seam that the shot begins with, of what is written about the shot, its labels, and what it shares with
    others; none for none."""
    seam = event.shot.seam
    if seam is None and words is None and not (labels and labels.names) and not (footage and footage.names):
        return
    name, facts = f"Shot {event.shot.number}", ""
    if seam is not None:
        name += f": {seam.kind}"
        facts = f"{seam.kind}, confidence {seam.confidence:.4f}, out frame {seam.out_frame}, in frame {seam.in_frame}"
    if footage is not None:
        facts = footage.with_facts(facts)
    if labels is not None:
        facts = labels.with_facts(facts)
    marker = ET.SubElement(sequence, "marker")
    _add(marker, "name", name if words is None else words.name or name)
    _add(marker, "comment", facts if words is None else words.with_facts(facts))
    _add(marker, "in", event.start_frame)
    _add(marker, "out", -1)


def _add_timecode(parent: ET.Element, project: Project) -> ET.Element:
    rate = project.timecode_rate
    first_frame = project.first_timecode_frame % rate.frames_a_day
    timecode = ET.SubElement(parent, "timecode")
    _add_rate(timecode, project.film.rate)
    _add(timecode, "string", rate.format(first_frame))
    _add(timecode, "frame", first_frame)
    _add(timecode, "displayformat", "DF" if rate.drop_frame else "NDF")
    return timecode


def _add_rate(parent: ET.Element, rate: Fraction) -> None:
    timebase, ntsc = _timebase(rate)
    element = ET.SubElement(parent, "rate")
    _add(element, "timebase", timebase)
    _add(element, "ntsc", "TRUE" if ntsc else "FALSE")


def _close_track(track: ET.Element) -> None:
    _add(track, "enabled", "TRUE")
    _add(track, "locked", "FALSE")


def _clip_id(track: int, number: int) -> str:
    return f"clipitem-{track}-{number}"


def _add(parent: ET.Element, tag: str, content: str | int) -> None:
    ET.SubElement(parent, tag).text = str(content)


def _text(name: str) -> str:
    """`name` without the characters that XML 1.0 cannot hold; line breaks and tabs become spaces."""
    spaced = re.sub(r"[\t\r\n]+", " ", clean_text(name))
    return re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", spaced)
