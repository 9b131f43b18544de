"""What every Final Cut Pro 7 XML that Seamline writes is made of: clips, files, pictures, sound, rates, timecode."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from seamline.errors import ExchangeError
from seamline.exchange.names import clean_text
from seamline.media.film import MediaInfo
from seamline.project.types import Project

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'
_DEFAULT_SAMPLE_RATE = 48_000
_INTERLACED_LOWER_FIRST = (480, 486)  # heights of NTSC pictures


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


def check_rate(rate: Fraction) -> None:
    """Raises ExchangeError where the format has no name for the rate."""
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


def channel_count(info: MediaInfo) -> int:
    """All channels of the file: what is known of the first sound track is taken for all of them."""
    return info.audio.channels * info.audio.track_count if info.audio is not None else 0


def add_clip(
    track: ET.Element,
    project: Project,
    *,
    clip_id: str,
    duration: int,
    record: tuple[int, int],
    source: tuple[int, int],
    media: int = 1,
) -> ET.Element:
    """One clip of a track, of the `media`-th film of the sequence; frames are half-open, of grids from 0."""
    clip = ET.SubElement(track, "clipitem", id=clip_id)
    add(clip, "masterclipid", f"masterclip-{media}")
    add(clip, "name", plain_text(project.film.path.name))
    add(clip, "enabled", "TRUE")
    add(clip, "duration", duration)
    add_rate(clip, project.film.rate)
    for tag, frame in zip(("start", "end", "in", "out"), (*record, *source), strict=True):
        add(clip, tag, frame)
    return clip


def file_id(media: int) -> str:
    return f"file-{media}"


def add_file(clip: ET.Element, project: Project, duration: int, channels: int, *, media: int = 1) -> None:
    """The film in full; a second full description makes Resolve drop clips, so later clips name its id."""
    info = project.film.info
    file = ET.SubElement(clip, "file", id=file_id(media))
    add(file, "name", plain_text(info.path.name))
    # absolute, not resolved: the name under which the editor knows the file
    add(file, "pathurl", path_url(info.path.absolute()))
    add_rate(file, project.film.rate)
    add(file, "duration", duration)
    timecode = add_timecode(file, project)
    reel = project.reel or info.reel
    if reel:
        add(ET.SubElement(timecode, "reel"), "name", plain_text(reel))
    kinds = ET.SubElement(file, "media")
    square = info.sample_aspect == 1
    add_picture(ET.SubElement(kinds, "video"), project, info.width, info.height, square=square)
    if channels:
        audio = ET.SubElement(kinds, "audio")
        add_sound(audio, info)
        add(audio, "channelcount", channels)


def add_picture(parent: ET.Element, project: Project, width: int, height: int, *, square: bool) -> None:
    """Rate and size; without them Premiere makes a sequence of 720x480. Pixels of another shape stay unnamed,
    as the format has names for a few of them only and importers look into the film."""
    info = project.film.info
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    add_rate(characteristics, project.film.rate)
    add(characteristics, "width", width)
    add(characteristics, "height", height)
    if square:
        add(characteristics, "anamorphic", "FALSE")
        add(characteristics, "pixelaspectratio", "square")
    lower_first = info.height in _INTERLACED_LOWER_FIRST
    dominance = ("lower" if lower_first else "upper") if info.interlaced else "none"
    add(characteristics, "fielddominance", dominance)


def add_sound(parent: ET.Element, info: MediaInfo) -> None:
    characteristics = ET.SubElement(parent, "samplecharacteristics")
    add(characteristics, "depth", 16)  # what Premiere writes of any film
    add(characteristics, "samplerate", (info.audio and info.audio.sample_rate) or _DEFAULT_SAMPLE_RATE)


def add_timecode(parent: ET.Element, project: Project) -> ET.Element:
    rate = project.timecode_rate
    first_frame = project.first_timecode_frame % rate.frames_a_day
    timecode = ET.SubElement(parent, "timecode")
    add_rate(timecode, project.film.rate)
    add(timecode, "string", rate.format(first_frame))
    add(timecode, "frame", first_frame)
    add(timecode, "displayformat", "DF" if rate.drop_frame else "NDF")
    return timecode


def add_rate(parent: ET.Element, rate: Fraction) -> None:
    timebase, ntsc = _timebase(rate)
    element = ET.SubElement(parent, "rate")
    add(element, "timebase", timebase)
    add(element, "ntsc", "TRUE" if ntsc else "FALSE")


def close_track(track: ET.Element) -> None:
    add(track, "enabled", "TRUE")
    add(track, "locked", "FALSE")


def clip_name(track: int, number: int) -> str:
    return f"clipitem-{track}-{number}"


def add(parent: ET.Element, tag: str, content: str | int) -> None:
    ET.SubElement(parent, tag).text = str(content)


def plain_text(name: str) -> str:
    """`name` without the characters that XML 1.0 cannot hold; line breaks and tabs become spaces."""
    spaced = re.sub(r"[\t\r\n]+", " ", clean_text(name))
    return re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", spaced)
