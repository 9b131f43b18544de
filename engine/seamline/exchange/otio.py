"""OpenTimelineIO: the film as one track of clips, exact at every rate."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio

from seamline.exchange.events import Event, events_of
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.exchange.shot_words import OTIO_COLOURS, words_of
from seamline.project.types import Project

METADATA_KEY = "seamline"
METADATA_VERSION = 1


def write_otio(project: Project) -> str:
    """The cut list as `.otio` JSON: one video track, one clip a shot, all of the same media.

    Times are frame counts at the film's exact rate (24000/1001 as OpenTimelineIO's own float of it) and start
    at the film's start timecode. Clips bear the file's name, which importers match against the media. What
    the format has no place for stands in the metadata under “seamline”: shot number, the film's own frames,
    the seam that the clip begins with, the shot's labels, and what it shares with others. What is written about a shot
    is a marker on the first frame of its clip, with the nearest of OpenTimelineIO's colours (CYAN where the shot has
    none), and metadata beside the seam.
    """
    rate = float(project.film.rate)
    first_frame = project.first_timecode_frame
    events, labels, footage = events_of(project), labels_by_shot(project), footage_by_shot(project)
    name = clean_text(project.film.path.name)
    media = otio.schema.ExternalReference(
        # absolute, not resolved: the name under which the editor knows the file
        target_url=project.film.path.absolute().as_uri(),
        available_range=time_range(first_frame, events[-1].end_frame, rate),
    )
    media.name = name
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    track.extend(
        otio.schema.Clip(
            name=name,
            media_reference=media.clone(),
            source_range=time_range(first_frame + event.start_frame, event.length, rate),
            metadata={
                METADATA_KEY: _shot_metadata(
                    project, event, labels.get(event.shot.number), footage.get(event.shot.number)
                )
            },
            markers=_markers(project, event, first_frame, rate),
        )
        for event in events
    )
    timeline = otio.schema.Timeline(
        name=clean_text(Path(name).stem),
        global_start_time=otio.opentime.RationalTime(first_frame, rate),
        metadata={METADATA_KEY: _film_metadata(project)},
    )
    timeline.tracks.append(track)
    return str(timeline.to_json_string(indent=2)) + "\n"


def time_range(start_frame: int, length: int, rate: float) -> otio.opentime.TimeRange:
    """`length` frames from `start_frame` on, counted at `rate`."""
    return otio.opentime.TimeRange(
        start_time=otio.opentime.RationalTime(start_frame, rate),
        duration=otio.opentime.RationalTime(length, rate),
    )


def _film_metadata(project: Project) -> dict[str, object]:
    rate = project.film.rate
    reel = project.reel or project.film.info.reel
    return {
        "version": METADATA_VERSION,
        "rate": f"{rate.numerator}/{rate.denominator}",
        "variable_frame_rate": project.film.index.is_variable,
        "drop_frame": project.timecode_rate.drop_frame,
        "start_timecode": project.timecode(0),
        "reel": None if reel is None else clean_text(reel),
    }


def _markers(project: Project, event: Event, first_frame: int, rate: float) -> list[otio.schema.Marker]:
    words = words_of(project, event.shot)
    if words is None:
        return []
    return [
        otio.schema.Marker(
            name=words.title,
            marked_range=time_range(first_frame + event.start_frame, 1, rate),
            # there is no marker without a colour
            color=otio.schema.MarkerColor.CYAN if words.colour is None else OTIO_COLOURS[words.colour],
            comment=words.comment,
        )
    ]


def _shot_metadata(
    project: Project, event: Event, labels: LabelWords | None, footage: FootageWords | None
) -> dict[str, object]:
    shot, seam, words = event.shot, event.shot.seam, words_of(project, event.shot)
    note: dict[str, object] = {}
    if words is not None:
        colour = None if words.colour is None else str(words.colour)
        note = {"name": words.name, "comment": words.comment, "colour": colour}
    if labels is not None:
        note["labels"] = labels.fields
    if footage is not None:
        note["footage"] = footage.fields
    return {
        **note,
        "shot": shot.number,
        "start_frame": shot.start_frame,
        "end_frame": shot.end_frame,
        "seam": None
        if seam is None
        else {
            "kind": str(seam.kind),
            "confidence": round(seam.confidence, 4),
            "origin": str(seam.origin),
            "out_frame": seam.out_frame,
            "in_frame": seam.in_frame,
        },
    }
