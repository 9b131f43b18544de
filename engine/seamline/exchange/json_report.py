"""Everything known about a film's seams and shots, for other programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.project.types import Project, Seam, Shot

SCHEMA = "seamline-report"
SCHEMA_VERSION = 1


def write_json(project: Project, run: Mapping[str, object] | None = None) -> str:
    """The report as indented JSON with LF line ends; `docs/EXCHANGE.md` names its fields.

    `run`, what the caller tells of the analysis (device, speed, model), is passed through and must be JSON
    already. Frames count from 0, shots are half-open, rates are “24000/1001”, times are seconds from the
    film's first frame.
    """
    labels, footage = labels_by_shot(project), footage_by_shot(project)
    report = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "film": _film(project),
        "analysed_frames": project.analysed_frames,
        "seams": [_seam(project, seam) for seam in project.seams],
        "shots": [
            _shot(project, shot, labels.get(shot.number), footage.get(shot.number)) for shot in project.shots
        ],
        "run": None if run is None else dict(run),
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _film(project: Project) -> dict[str, object]:
    film, info = project.film, project.film.info
    display_width, display_height = info.display_size
    reel = project.reel or info.reel
    return {
        "name": clean_text(film.path.name),
        "fingerprint": film.fingerprint,
        "bytes": info.bytes,
        "container": info.container,
        "codec": info.codec,
        "pixel_format": info.pixel_format,
        "width": info.width,
        "height": info.height,
        "sample_aspect": _ratio(info.sample_aspect),
        "rotation_deg": info.rotation_deg,
        "display_width": display_width,
        "display_height": display_height,
        "interlaced": info.interlaced,
        "rate": _ratio(film.rate),
        "variable_frame_rate": film.index.is_variable,
        "frames": film.frame_count,
        "duration_s": _seconds(film.index.duration),
        "start_timecode": project.timecode(0),
        "start_timecode_origin": _start_origin(project),
        "drop_frame": project.timecode_rate.drop_frame,
        "reel": None if reel is None else clean_text(reel),
        "audio": None
        if info.audio is None
        else {
            "codec": info.audio.codec,
            "sample_rate": info.audio.sample_rate,
            "channels": info.audio.channels,
            "tracks": info.audio.track_count,
        },
    }


def _start_origin(project: Project) -> str:
    if project.start_frame is not None:
        return "editor"
    return "none" if project.film.info.start_frame is None else "file"


def _seam(project: Project, seam: Seam) -> dict[str, object]:
    index = project.film.index
    return {
        "out_frame": seam.out_frame,
        "in_frame": seam.in_frame,
        "cut_frame": seam.cut_frame,
        "kind": str(seam.kind),
        "confidence": round(seam.confidence, 4),
        "origin": str(seam.origin),
        "out_timecode": project.timecode(seam.out_frame),
        "in_timecode": project.timecode(seam.in_frame),
        "out_time_s": _seconds(index.time_of(seam.out_frame)),
        "in_time_s": _seconds(index.time_of(seam.in_frame)),
    }


def _shot(
    project: Project, shot: Shot, labels: LabelWords | None, footage: FootageWords | None
) -> dict[str, object]:
    start, end = project.film.index.time_of(shot.start_frame), project.film.index.time_of(shot.end_frame)
    return {
        "number": shot.number,
        "start_frame": shot.start_frame,
        "end_frame": shot.end_frame,
        "length_frames": shot.length,
        "start_timecode": project.timecode(shot.start_frame),
        "end_timecode": project.timecode(shot.end_frame),
        "start_s": _seconds(start),
        "end_s": _seconds(end),
        "length_s": _seconds(end - start),
        **_note(project, shot),
        # nothing where nobody looked at the shot
        **({} if labels is None else {"labels": labels.fields}),
        **({} if footage is None else {"footage": footage.fields}),
    }


def _note(project: Project, shot: Shot) -> dict[str, object]:
    """Nothing where nothing is written about the shot."""
    note = project.note_of(shot)
    if not (note.name or note.comment or note.colour):
        return {}
    colour = None if note.colour is None else str(note.colour)
    return {"name": clean_text(note.name), "comment": clean_text(note.comment), "colour": colour}


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _seconds(time: Fraction) -> float:
    return round(float(time), 6)
