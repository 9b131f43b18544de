"""A string-out as OpenTimelineIO: exact, whatever the rates of its films."""

from __future__ import annotations

import opentimelineio as otio

from seamline.exchange.events import events_of
from seamline.exchange.names import clean_text
from seamline.exchange.otio import METADATA_KEY, METADATA_VERSION, time_range
from seamline.exchange.string_out import StringClip, StringMark, StringOut

_RESOLVE = "Resolve_OTIO"
_AUDIO_TYPES = {1: "Mono", 2: "Stereo"}  # what Resolve calls other layouts is not known


def write_string_out_otio(string: StringOut) -> str:
    """A video track, and one a sound track of the films; every clip in the frames of its own film, with all of the film
    at hand, so that its handles are there. A marker where a pair is cut says which it is and why; the frames of
    a clip's whole shot stand in its metadata.

    Picture and sound of a clip have one link group in the metadata that DaVinci Resolve writes and reads (as its
    exports are described in public projects: Channels counted from 0). A film with fewer sound tracks leaves gaps.
    """
    first = string.films[string.clips[0].film]
    timeline = otio.schema.Timeline(
        name=clean_text(string.title),
        global_start_time=otio.opentime.RationalTime(string.start_frame, float(string.rate)),
        metadata={METADATA_KEY: {"version": METADATA_VERSION, "drop_frame": first.timecode_rate.drop_frame}},
    )
    timeline.tracks.append(_video_track(string))
    counts = [
        0 if audio is None else audio.track_count for audio in (f.film.info.audio for f in string.films)
    ]
    timeline.tracks.extend(_audio_track(string, place) for place in range(max(counts)))
    return str(timeline.to_json_string(indent=2)) + "\n"


def _video_track(string: StringOut) -> otio.schema.Track:
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    marks = {mark.clip: mark for mark in string.marks}
    for place, clip in enumerate(string.clips):
        element = _clip(string, place)
        if place in marks:
            element.markers.append(_marker(string, clip, marks[place]))
        element.metadata[METADATA_KEY] = {"match": clip.name, "shot": [clip.shot_start, clip.shot_end]}
        track.append(element)
    return track


def _audio_track(string: StringOut, place: int) -> otio.schema.Track:
    """Of the films' `place`-th sound tracks, from 0."""
    track = otio.schema.Track(name=f"A{place + 1}", kind=otio.schema.TrackKind.Audio)
    layouts = set()
    for number, clip in enumerate(string.clips):
        project = string.films[clip.film]
        audio = project.film.info.audio
        if audio is None or place >= audio.track_count:
            gap = time_range(0, clip.length, float(project.film.rate))
            track.append(otio.schema.Gap(source_range=gap))
            continue
        element = _clip(string, number)
        element.metadata[_RESOLVE]["Channels"] = [
            {"Source Channel ID": channel, "Source Track ID": place} for channel in range(audio.channels)
        ]
        layouts.add(audio.channels)
        track.append(element)
    layout = _AUDIO_TYPES.get(max(layouts))
    if layout is not None:
        track.metadata[_RESOLVE] = {"Audio Type": layout}
    return track


def _clip(string: StringOut, place: int) -> otio.schema.Clip:
    clip = string.clips[place]
    project = string.films[clip.film]
    rate, first_frame = float(project.film.rate), project.first_timecode_frame
    name = clean_text(project.film.path.name)
    media = otio.schema.ExternalReference(
        # absolute, not resolved: the name under which the editor knows the file
        target_url=project.film.path.absolute().as_uri(),
        available_range=time_range(first_frame, events_of(project)[-1].end_frame, rate),
    )
    media.name = name
    return otio.schema.Clip(
        name=name,
        media_reference=media,
        source_range=time_range(first_frame + clip.start_frame, clip.length, rate),
        metadata={_RESOLVE: {"Link Group ID": place + 1}},
    )


def _marker(string: StringOut, clip: StringClip, mark: StringMark) -> otio.schema.Marker:
    project = string.films[clip.film]
    return otio.schema.Marker(
        name=mark.name,
        marked_range=time_range(project.first_timecode_frame + clip.start_frame, 1, float(project.film.rate)),
        color=otio.schema.MarkerColor.CYAN,
        comment=clean_text(mark.comment),
    )
