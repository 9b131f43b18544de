"""Final Cut Pro 7 XML (xmeml 4), which Premiere Pro and DaVinci Resolve import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from xml.etree import ElementTree as ET

from seamline.errors import ExchangeError
from seamline.exchange.events import Event, events_of
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.shot_words import PREMIERE_LABELS, ShotWords, words_of
from seamline.exchange.xmeml_parts import (
    HEAD,
    add,
    add_clip,
    add_file,
    add_picture,
    add_rate,
    add_sound,
    add_timecode,
    channel_count,
    check_rate,
    clip_name,
    close_track,
    file_id,
    plain_text,
)
from seamline.project.types import Project, SeamKind

_MOST_LINKS = 200_000  # some 50 MB of text: 2,400 shots with 8 channels of sound


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
    check_rate(project.film.rate)
    events = _placed(project, dissolves)
    channels = channel_count(project.film.info)
    if len(events) * (1 + channels) ** 2 > _MOST_LINKS:
        raise ExchangeError(
            f"{len(events)} shots with {channels} channels of sound make a larger Final Cut Pro 7 XML than "
            "editing systems import: export OpenTimelineIO (.otio) or an EDL instead."
        )
    root = ET.Element("xmeml", version="4")
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    add(sequence, "name", plain_text(PurePath(project.film.path.name).stem))
    add(sequence, "duration", events[-1].event.end_frame)
    add_rate(sequence, project.film.rate)
    add(sequence, "in", -1)
    add(sequence, "out", -1)
    add_timecode(sequence, project)
    media = ET.SubElement(sequence, "media")
    video = ET.SubElement(media, "video")
    add_picture(ET.SubElement(video, "format"), project, *project.film.info.display_size, square=True)
    _add_video_track(video, project, events, channels)
    if channels:
        _add_audio(media, project, events, channels)
    labels, footage = labels_by_shot(project), footage_by_shot(project)
    for placed in events:
        shot, number = placed.event.shot, placed.event.shot.number
        _add_marker(sequence, placed.event, words_of(project, shot), labels.get(number), footage.get(number))
    ET.indent(root, "\t")
    return HEAD + ET.tostring(root, encoding="unicode") + "\n"


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


def _add_video_track(video: ET.Element, project: Project, events: Sequence[_Placed], channels: int) -> None:
    track = ET.SubElement(video, "track")
    for placed in events:
        event = placed.event
        if placed.lead is not None:
            _add_dissolve(track, project, *placed.lead)
        start, end = event.start_frame, event.end_frame
        # a transition hides the clip's edge, which is written as -1; in and out then reach over all of it
        clip = add_clip(
            track,
            project,
            clip_id=clip_name(0, placed.number),
            duration=events[-1].event.end_frame,
            record=(-1 if placed.lead else start, -1 if placed.tail else end),
            source=(placed.lead[0] if placed.lead else start, placed.tail[1] if placed.tail else end),
        )
        if placed.number == 1:
            add_file(clip, project, events[-1].event.end_frame, channels)
        else:
            ET.SubElement(clip, "file", id=file_id(1))
        if channels:
            _add_links(clip, placed, channels)
        words = words_of(project, event.shot)
        if words is not None and words.colour is not None:
            add(ET.SubElement(clip, "labels"), "label2", PREMIERE_LABELS[words.colour])
    close_track(track)


def _add_audio(media: ET.Element, project: Project, events: Sequence[_Placed], channels: int) -> None:
    audio = ET.SubElement(media, "audio")
    add(audio, "numOutputChannels", channels)
    add_sound(ET.SubElement(audio, "format"), project.film.info)
    for channel in range(1, channels + 1):
        track = ET.SubElement(audio, "track")
        for placed in events:
            span = placed.event.start_frame, placed.event.end_frame
            clip = add_clip(
                track,
                project,
                clip_id=clip_name(channel, placed.number),
                duration=events[-1].event.end_frame,
                record=span,
                source=span,
            )
            ET.SubElement(clip, "file", id=file_id(1))
            source_track = ET.SubElement(clip, "sourcetrack")
            add(source_track, "mediatype", "audio")
            add(source_track, "trackindex", channel)
            _add_links(clip, placed, channels)
        close_track(track)
        add(track, "outputchannelindex", channel)


def _add_links(clip: ET.Element, placed: _Placed, channels: int) -> None:
    """The clip of the same shot on every track, the clip's own included."""
    for track in range(channels + 1):
        link = ET.SubElement(clip, "link")
        add(link, "linkclipref", clip_name(track, placed.number))
        add(link, "mediatype", "audio" if track else "video")
        add(link, "trackindex", max(1, track))
        add(link, "clipindex", placed.number if track else placed.video_index)
        if track:
            add(link, "groupindex", 1)


def _add_dissolve(track: ET.Element, project: Project, start: int, end: int) -> None:
    transition = ET.SubElement(track, "transitionitem")
    add(transition, "start", start)
    add(transition, "end", end)
    add(transition, "alignment", "center")
    add_rate(transition, project.film.rate)
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
        add(effect, tag, text)


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
    add(marker, "name", name if words is None else words.name or name)
    add(marker, "comment", facts if words is None else words.with_facts(facts))
    add(marker, "in", event.start_frame)
    add(marker, "out", -1)
