"""A string-out as OpenTimelineIO: exact, whatever the rates of its films."""

from __future__ import annotations

import opentimelineio as otio

from seamline.exchange.events import events_of
from seamline.exchange.names import clean_text
from seamline.exchange.otio import METADATA_KEY, METADATA_VERSION, time_range
from seamline.exchange.string_out import StringOut


def write_string_out_otio(string: StringOut) -> str:
    """One video track; every clip in the frames of its own film, with all of the film at hand, so that its handles are
    there. A clip's marker says which pair it is of and why; the frames of its whole shot stand in its metadata."""
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    for clip in string.clips:
        project = string.films[clip.film]
        rate, first_frame = float(project.film.rate), project.first_timecode_frame
        media = otio.schema.ExternalReference(
            # absolute, not resolved: the name under which the editor knows the file
            target_url=project.film.path.absolute().as_uri(),
            available_range=time_range(first_frame, events_of(project)[-1].end_frame, rate),
        )
        name = clean_text(project.film.path.name)
        media.name = name
        source = time_range(first_frame + clip.start_frame, clip.length, rate)
        track.append(
            otio.schema.Clip(
                name=name,
                media_reference=media,
                source_range=source,
                markers=[
                    otio.schema.Marker(
                        name=clip.name,
                        marked_range=time_range(first_frame + clip.start_frame, 1, rate),
                        color=otio.schema.MarkerColor.CYAN,
                        comment=clean_text(clip.comment),
                    )
                ],
                metadata={METADATA_KEY: {"match": clip.name, "shot": [clip.shot_start, clip.shot_end]}},
            )
        )
    timeline = otio.schema.Timeline(
        name=clean_text(string.title), metadata={METADATA_KEY: {"version": METADATA_VERSION}}
    )
    timeline.tracks.append(track)
    return str(timeline.to_json_string(indent=2)) + "\n"
