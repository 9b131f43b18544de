"""Which media an item of an FCPXML storyline shows, and from where."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seamline.exchange.fcpxml_document import Resources, text_of, time_of

PICTURES = frozenset(
    {"asset-clip", "clip", "video", "ref-clip", "sync-clip", "mc-clip", "title", "audition", "spine"}
)
"""The elements that may show a picture; `gap` and `audio` show none."""

_CONTAINERS = frozenset({"clip", "sync-clip"})
_MOST_LEVELS = 16


class Remark(StrEnum):
    """What a reader tells about what it left out or changed; a count follows each."""

    LANES = "Connected clips above or below the main storyline are left out"
    COMPOUND = "Compound and multicam clips stand as one event each: the cuts inside them are not read"
    SEVERAL = "Clips that hold several pictures one after another stand as one event each, with the first one's source"
    AUDITION = "Of auditions only the chosen clip is read"
    RETIMED = "The speed of clips was changed: their source frames are rounded"
    CONFORMED = "Clips have another frame rate than the list: their source frames are rounded"
    NO_PICTURE = "Clips without a picture, or switched off, are left out"
    NO_MEDIA = "Clips refer to media that the list does not describe: their source counts from 0"
    OFF_GRID = "Cuts lie between two frames of the list and were moved to the nearest frame"
    TOO_SHORT = "Clips shorter than a frame are left out"
    FROM_ZERO = "Its places count from 0, not from its start timecode, and were moved there"
    OVERLAP = "Clips lie partly over the one before"
    TO_BLACK = "Transitions that lead to no picture are left out"
    UNFIT = "Transitions that do not fit between their clips were read as cuts"
    OTHER_EFFECT = "Transitions of other kinds were read as dissolves"


@dataclass(frozen=True, slots=True)
class Source:
    """Seconds [start, end) of the media `name`, from its timecode 00:00:00:00 or, where it has none, its begin."""

    name: str
    start: Fraction
    end: Fraction


def chosen(element: ET.Element, remarks: list[Remark]) -> ET.Element | None:
    """The element itself; of an audition the clip that is shown, None where there is none."""
    if element.tag != "audition":
        return element
    remarks.append(Remark.AUDITION)
    return next((child for child in element if child.tag in PICTURES - {"audition", "spine"}), None)


def duration_of(element: ET.Element, resources: Resources) -> Fraction | None:
    """An item's seconds, its own or its asset's; None where neither is written."""
    duration = time_of(element, "duration")
    asset = resources.assets.get(element.get("ref", ""))
    return asset.duration if duration is None and asset is not None else duration


def source_of(
    element: ET.Element, duration: Fraction, resources: Resources, remarks: list[Remark]
) -> Source | None:
    """What `element` shows for `duration` seconds; None where it shows nothing. Adds to `remarks`.

    A clip's `start` is a time of its own timeline, on which what it holds has an `offset`; so each level
    inwards moves the time by the difference. Media that is named only has its own timecode there.
    """
    name = text_of(element, "name")
    begin, end = Fraction(0), duration  # from the beginning of `element`
    for _ in range(_MOST_LEVELS):
        if element.get("enabled") == "0" or element.get("srcEnable") == "audio":
            return None
        if element.find("conform-rate") is not None:
            remarks.append(Remark.CONFORMED)
        children = _primary(element) if element.tag in _CONTAINERS else []
        start = _start_of(element, children, resources)
        begin, end = _retimed(element, start + begin, start + end, remarks)
        if element.tag not in _CONTAINERS:
            return _leaf(element, name, begin, end, resources, remarks)
        if not children:
            return None
        at = max(0, bisect_right([offset for offset, _ in children], begin) - 1)
        if at + 1 < len(children) and children[at + 1][0] < end:
            remarks.append(Remark.SEVERAL)
        offset, child = children[at]
        shown = chosen(child, remarks)
        if shown is None or shown.tag not in PICTURES:
            return None
        begin, end, element = begin - offset, end - offset, shown
    return None


def _leaf(
    element: ET.Element,
    name: str,
    begin: Fraction,
    end: Fraction,
    resources: Resources,
    remarks: list[Remark],
) -> Source | None:
    reference = element.get("ref", "")
    if element.tag in ("ref-clip", "mc-clip"):
        remarks.append(Remark.COMPOUND)
        return Source(name or resources.media.get(reference, ("", 0))[0], begin, end)
    if element.tag == "title" or reference in resources.effects:
        # drawn by the editing system: their times have no meaning outside it
        return Source(name or text_of(element, "name"), Fraction(0), end - begin)
    asset = resources.assets.get(reference)
    if asset is None:
        remarks.append(Remark.NO_MEDIA)
        return Source(name, Fraction(0), end - begin)
    return Source(asset.name or name, begin, end) if asset.has_picture else None


def _start_of(
    element: ET.Element, children: list[tuple[Fraction, ET.Element]], resources: Resources
) -> Fraction:
    """Where `element` begins on its own timeline: what is written, else where its media begins."""
    start = time_of(element, "start")
    if start is not None:
        return start
    if children:
        return children[0][0]
    reference = element.get("ref", "")
    if reference in resources.media:
        return resources.media[reference][1]
    return resources.assets[reference].start if reference in resources.assets else Fraction(0)


def _primary(container: ET.Element) -> list[tuple[Fraction, ET.Element]]:
    """What lies in a clip's own line, by the time on its timeline: items of its spine, if it has one."""
    found = []
    for child in container:
        if is_connected(child) or child.tag not in PICTURES | {"gap"}:
            continue
        offset = time_of(child, "offset") or Fraction(0)
        if child.tag != "spine":
            found.append((offset, child))
            continue
        items = (item for item in child if item.tag in PICTURES | {"gap"})
        found += [(offset + (time_of(item, "offset") or 0), item) for item in items]
    return sorted(found, key=lambda item: item[0])


def _retimed(
    element: ET.Element, begin: Fraction, end: Fraction, remarks: list[Remark]
) -> tuple[Fraction, Fraction]:
    """The times that a `timeMap` shows instead, straight between its points; played backwards in order."""
    time_map = element.find("timeMap")
    if time_map is None:
        return begin, end
    points: dict[Fraction, Fraction] = {}
    for point in time_map.iterfind("timept"):
        time, value = time_of(point, "time"), time_of(point, "value")
        if time is not None and value is not None:
            points[time] = value
    if len(points) < 2:
        return begin, end
    remarks.append(Remark.RETIMED)
    times = sorted(points)
    first, second = sorted((_mapped(begin, times, points), _mapped(end, times, points)))
    return first, second


def _mapped(time: Fraction, times: list[Fraction], points: dict[Fraction, Fraction]) -> Fraction:
    at = min(max(bisect_right(times, time) - 1, 0), len(times) - 2)
    before, after = times[at], times[at + 1]
    slope = (points[after] - points[before]) / (after - before)
    return points[before] + (time - before) * slope


def is_connected(element: ET.Element) -> bool:
    """Whether an item lies in a lane above or below the line that it is attached to."""
    return element.get("lane", "0").strip() not in ("", "0")


def connected_pictures(items: Iterable[ET.Element], resources: Resources) -> int:
    """How many pictures lie in lanes beside `items`, at any depth."""
    count = 0
    waiting = [(item, False) for item in items]
    while waiting:
        element, in_lane = waiting.pop()
        in_lane = in_lane or is_connected(element)
        if in_lane and element.tag in PICTURES - _CONTAINERS - {"audition", "spine"}:
            asset = resources.assets.get(element.get("ref", ""))
            count += element.get("srcEnable") != "audio" and (asset is None or asset.has_picture)
        waiting.extend((child, in_lane) for child in element)
    return count
