"""The XML of an FCPXML file from a stranger: bounded, without entities, and the values in it checked."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Never
from urllib.parse import unquote, urlsplit

from seamline.errors import ExchangeError
from seamline.exchange.names import clean_text
from seamline.exchange.safe_xml import parsed

MOST_BYTES = 32 * 2**20
_MOST_TEXT = 1000
_TIME = re.compile(r"\s*([+-]?\d{1,19})(?:/(\d{1,10})|\.(\d{1,12}))?s\s*", re.ASCII)
_MOST_SECONDS = 10**9

# what Final Cut Pro calls its rates, at the end of a format's name; interlaced ones count fields
_RATE_NAMES = {
    "p2398": Fraction(24000, 1001),
    "p24": Fraction(24),
    "p25": Fraction(25),
    "p2997": Fraction(30000, 1001),
    "p30": Fraction(30),
    "p50": Fraction(50),
    "p5994": Fraction(60000, 1001),
    "p60": Fraction(60),
    "i50": Fraction(25),
    "i5994": Fraction(30000, 1001),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """Media as the file's resources name it; times in seconds, `start` from timecode 00:00:00:00."""

    name: str
    start: Fraction
    duration: Fraction | None
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources that clips refer to, by their ids. `media` gives the name and the start of compounds."""

    rates: dict[str, Fraction] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    media: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)


def parse_document(data: bytes | str) -> ET.Element:
    """The root of an FCPXML document. Raises ExchangeError for anything that is none, or is too large."""
    if len(data) > MOST_BYTES:
        raise ExchangeError(
            f"The list has {len(data) // 2**20} MB; at most {MOST_BYTES // 2**20} MB are read: "
            "export one project alone."
        )
    # white space before the XML declaration is harmless, but no XML
    data = data.lstrip() if isinstance(data, bytes) else data.lstrip("\ufeff \t\r\n")
    root = parsed(data, "fcpxml")
    if root.tag != "fcpxml":
        raise ExchangeError("The file holds XML, but no FCPXML: choose a file that ends in .fcpxml.")
    return root


def resources_of(root: ET.Element) -> Resources:
    """What stands under `resources`; entries without an id are passed over. Raises ExchangeError."""
    found = Resources()
    for element in root.iterfind("resources/*"):
        resource_id = element.get("id")
        if resource_id is None:
            continue
        match element.tag:
            case "format":
                rate = _rate(element)
                if rate is not None:
                    found.rates[resource_id] = rate
            case "asset":
                found.assets[resource_id] = _asset(element)
            case "media":
                inside = element.find("*")  # a sequence or a multicam
                start = time_of(inside, "tcStart") or Fraction(0)
                found.media[resource_id] = (text_of(element, "name"), start)
            case "effect":
                found.effects[resource_id] = f"{text_of(element, 'name')} {text_of(element, 'uid')}"
    return found


def _rate(element: ET.Element) -> Fraction | None:
    duration = time_of(element, "frameDuration")
    if duration is None:
        name = re.search(r"[pi]\d+$", element.get("name", ""), re.ASCII)
        return _RATE_NAMES.get(name[0]) if name else None
    if not Fraction(1, 1000) < duration <= 1:
        _refuse("frameDuration", element)
    return 1 / duration


def _asset(element: ET.Element) -> Asset:
    has_video = element.get("hasVideo")
    return Asset(
        name=_file_name(element) or text_of(element, "name"),
        start=time_of(element, "start") or Fraction(0),
        duration=time_of(element, "duration"),
        has_picture=has_video == "1" or (has_video is None and element.get("hasAudio") != "1"),
    )


def _file_name(asset: ET.Element) -> str:
    """The last part of the media's address, for matching alone; nothing is ever opened by it."""
    media = asset.find("media-rep")
    source = (asset if media is None else media).get("src", "")
    try:
        url = urlsplit(source)
    except ValueError:
        return ""
    return _one_line(PurePosixPath(unquote(url.path)).name) if url.scheme == "file" else ""


def time_of(element: ET.Element | None, attribute: str) -> Fraction | None:
    """An attribute's seconds, exact (`1001/30000s`, `3600s`, `0.5s`), or None where it is not there.

    Raises ExchangeError where it is no time, or 30 years long.
    """
    written = None if element is None else element.get(attribute)
    if element is None or written is None:
        return None
    match = _TIME.fullmatch(written)
    if match is None:
        _refuse(attribute, element)
    whole, denominator, decimals = match.groups()
    if decimals is not None:
        time = Fraction(f"{whole}.{decimals}")
        numerator, divisor = time.numerator, time.denominator
    else:
        numerator, divisor = int(whole), int(denominator or 1)
    if divisor == 0 or abs(numerator) > _MOST_SECONDS * divisor:
        _refuse(attribute, element)
    return Fraction(numerator, divisor)


def _refuse(attribute: str, element: ET.Element) -> Never:
    written = _one_line(element.get(attribute, ""))[:60]
    raise ExchangeError(
        f"“{attribute}” of {_one_line(element.tag)[:60]} says “{written}”, which cannot be: export the list again."
    )


def text_of(element: ET.Element, attribute: str) -> str:
    """An attribute as one line of at most 1000 characters, empty where it is not there."""
    return _one_line(element.get(attribute, ""))


def note_of(element: ET.Element) -> str:
    """What was written down about a clip: its note, else the names of its markers."""
    note = element.findtext("note")
    if note:
        return _one_line(note)
    markers = [text_of(marker, "value") for marker in element if marker.tag in ("marker", "chapter-marker")]
    return _one_line("; ".join(markers))


def _one_line(text: str) -> str:
    return " ".join(clean_text(text[: 4 * _MOST_TEXT]).split())[:_MOST_TEXT]
