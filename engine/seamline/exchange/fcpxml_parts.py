"""What every FCPXML that Seamline writes is made of: time as fractions, formats, assets, names."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction

from seamline.errors import ExchangeError
from seamline.exchange.names import clean_text
from seamline.project.types import Project

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Final Cut Pro names these sizes and rates; any other format goes without a name, as the DTD allows
_NAMED_SIZES = {
    (1280, 720): "720p",
    (1920, 1080): "1080p",
    (3840, 2160): "3840x2160p",
    (4096, 2160): "4096x2160p",
}
_NAMED_RATES = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}
_SEQUENCE_AUDIO_RATES = {
    32000: "32k", 44100: "44.1k", 48000: "48k", 88200: "88.2k", 96000: "96k", 176400: "176.4k", 192000: "192k",
}  # fmt: skip
_SURROUND_CHANNELS = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """Frames of the film as FCPXML's seconds: `first_frame` is the film's start timecode."""

    rate: Fraction
    first_frame: int

    def length(self, frames: int) -> str:
        seconds = frames / self.rate
        if seconds.denominator == 1:
            return f"{seconds.numerator}s"
        return f"{seconds.numerator}/{seconds.denominator}s"

    def place(self, frame: int) -> str:
        return self.length(self.first_frame + frame)


def clock_of(project: Project) -> Clock:
    """Raises ExchangeError where the rate is no fraction that FCPXML can hold (32 bits)."""
    rate = project.film.rate
    if max(rate.numerator, rate.denominator) >= 2**31:
        raise ExchangeError(
            f"FCPXML cannot hold the film's rate of {rate.numerator}/{rate.denominator} frames a second: "
            "convert the film to a standard rate, or export CSV."
        )
    return Clock(rate, project.first_timecode_frame)


def asset(project: Project, clock: Clock, end_frame: int, asset_id: str, format_id: str) -> ET.Element:
    """The film as a source, `end_frame` frames of its grid."""
    element = ET.Element(
        "asset",
        id=asset_id,
        name=file_name(project),
        start=clock.place(0),
        duration=clock.length(end_frame),
        hasVideo="1",
        format=format_id,
        videoSources="1",
    )
    element.attrib.update(_asset_audio(project))
    # absolute, not resolved: the name under which the editor knows the file
    ET.SubElement(element, "media-rep", kind="original-media", src=project.film.path.absolute().as_uri())
    return element


def picture_format(project: Project, clock: Clock, format_id: str) -> dict[str, str]:
    info = project.film.info
    width, height, aspect = info.width, info.height, info.sample_aspect
    if info.rotation_deg in (90, 270):
        width, height, aspect = height, width, 1 / aspect
    attributes = {"id": format_id}
    size_name, rate_name = _NAMED_SIZES.get((width, height)), _NAMED_RATES.get(clock.rate)
    if size_name and rate_name and aspect == 1 and not info.interlaced:
        attributes["name"] = f"FFVideoFormat{size_name}{rate_name}"
    attributes |= {"frameDuration": clock.length(1), "width": str(width), "height": str(height)}
    if aspect != 1:
        attributes |= {"paspH": str(aspect.numerator), "paspV": str(aspect.denominator)}
    return attributes


def _asset_audio(project: Project) -> dict[str, str]:
    """Nothing at all for a silent film: importers look for sound as soon as one of these is there."""
    audio = project.film.info.audio
    if audio is None:
        return {}
    return {
        "hasAudio": "1",
        "audioSources": str(audio.track_count),
        "audioChannels": str(audio.channels),
        "audioRate": str(audio.sample_rate),
    }


def sequence_audio(project: Project) -> dict[str, str]:
    audio = project.film.info.audio
    if audio is None:
        return {}
    return {
        # Final Cut Pro refuses “mono”, though the DTD knows it
        "audioLayout": "surround" if audio.channels >= _SURROUND_CHANNELS else "stereo",
        "audioRate": _SEQUENCE_AUDIO_RATES.get(audio.sample_rate, "48k"),
    }


def tc_format(project: Project) -> str:
    return "DF" if project.timecode_rate.drop_frame else "NDF"


def file_name(project: Project) -> str:
    return xml_text(project.film.path.name)


def xml_text(text: str) -> str:
    """`text` with U+FFFD for what XML 1.0 (section 2.2) has no place for, such as control characters."""
    return _NO_XML.sub("\ufffd", clean_text(text))
