"""FCPXML 1.8 to 1.14, as Final Cut Pro and DaVinci Resolve write it, read as a list of picture events."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList, ListEvent, ListTransition
from seamline.exchange.fcpxml_document import (
    Resources,
    note_of,
    parse_document,
    resources_of,
    text_of,
    time_of,
)
from seamline.exchange.fcpxml_source import (
    PICTURES,
    Remark,
    chosen,
    connected_pictures,
    duration_of,
    is_connected,
    source_of,
)

_VERSION = re.compile(r"1\.(\d{1,2})", re.ASCII)
_KNOWN_MINORS = range(8, 15)
MOST_ITEMS = 30_000
"""Of a storyline: more take over 2 s to read, and the longest films have some thousands."""

_MOST_REMARKED_NAMES = 5
_FINEST_PLACE = 2**40
_DROPPING_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))


def read_fcpxml(data: bytes | str) -> CutList:
    """The picture events of the first project that has clips, in the project's frames.

    `data` is a `.fcpxml` file's content, or that of the `Info.fcpxml` inside a `.fcpxmld` bundle. Places are
    counted from timecode 00:00:00:00: the project's for the record, the media's for the source. Each item of
    the main storyline is an event, titles and generators too (their source counts from 0); a gap is none.
    A transition belongs to the clip that it leads to, which then begins where the transition does, as in an
    EDL. What the list says beyond that stands in its remarks.

    Raises ExchangeError for anything that is not FCPXML of version 1, or has no project with a picture.
    """
    root = parse_document(data)
    version = text_of(root, "version")
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ExchangeError(f"FCPXML of version “{version[:20]}” is not known: export version 1.8 to 1.14.")
    resources = resources_of(root)
    project, sequence, sentences = _first_project(root)
    if int(match[1]) not in _KNOWN_MINORS:
        sentences.append(f"Version {version} is read as if it were 1.14; look through what was read.")
    rate = resources.rates.get(sequence.get("format", ""))
    if rate is None:
        raise ExchangeError(
            f"The project “{text_of(project, 'name')}” does not say its frame rate: export the list again."
        )
    spine = _Spine(sequence, rate, resources)
    events = spine.events()
    if not events:
        raise ExchangeError(
            f"The project “{text_of(project, 'name')}” has no clip with a picture in its main storyline: "
            "export another project."
        )
    drop_format = sequence.get("tcFormat")
    return CutList(
        title=text_of(project, "name"),
        format_name=f"FCPXML {version}",
        rate=rate,
        drop_frame=None if drop_format is None else drop_format == "DF" and rate in _DROPPING_RATES,
        events=events,
        remarks=(*sentences, *(f"{remark} ({n})." for remark, n in Counter(spine.remarks).items())),
    )


def _first_project(root: ET.Element) -> tuple[ET.Element, ET.Element, list[str]]:
    """The first project with anything in its storyline, its sequence, and a sentence about the others."""
    projects = list(root.iter("project"))
    for project in projects:
        sequence = project.find("sequence")
        if sequence is None or sequence.find("spine/*") is None:
            continue
        others = [f"“{text_of(other, 'name')}”" for other in projects if other is not project]
        if not others:
            return project, sequence, []
        named = ", ".join(others[:_MOST_REMARKED_NAMES])
        more = ", …" if len(others) > _MOST_REMARKED_NAMES else ""
        return (
            project,
            sequence,
            [f"Only the project “{text_of(project, 'name')}” was read; the list also holds {named}{more}."],
        )
    raise ExchangeError(
        "The list has no project with clips: in Final Cut Pro select a project, not an event or a clip, "
        "and export its XML."
    )


@dataclass(slots=True)
class _Item:
    """An item of the storyline in frames; `source` is None where it shows nothing."""

    record_start: int
    record_end: int
    source_start: int = 0
    source_end: int = 0
    source: str | None = None
    note: str = ""
    transition: ListTransition = ListTransition.CUT
    transition_frames: int = 0


class _Spine:
    """A sequence's main storyline. `remarks` gathers while `events` reads."""

    def __init__(self, sequence: ET.Element, rate: Fraction, resources: Resources) -> None:
        self.remarks: list[Remark] = []
        self._rate = rate
        self._resources = resources
        self._start = time_of(sequence, "tcStart") or Fraction(0)
        spine = sequence.find("spine")
        self._elements = [] if spine is None else list(spine)
        if len(self._elements) > MOST_ITEMS:
            raise ExchangeError(
                f"The project's storyline has {len(self._elements)} items; at most {MOST_ITEMS} are read: "
                "export a part of it."
            )

    def events(self) -> tuple[ListEvent, ...]:
        """The picture events in the order of their places. Raises ExchangeError where one cannot be."""
        items, transitions = self._placed()
        for at, element, place in transitions:
            self._apply(element, place, items[at - 1] if at else None, items[at] if at < len(items) else None)
        events = [
            ListEvent(
                item.source_start,
                item.source_end,
                item.record_start,
                item.record_end,
                source=item.source,
                transition=item.transition,
                transition_frames=item.transition_frames,
                note=item.note,
            )
            for item in items
            if item.source is not None
        ]
        events.sort(key=lambda event: event.record_start)
        self.remarks += [Remark.OVERLAP for a, b in pairwise(events) if b.record_start < a.record_end]
        lanes = connected_pictures(self._elements, self._resources)
        self.remarks += [Remark.LANES] * lanes
        return tuple(events)

    def _placed(self) -> tuple[list[_Item], list[tuple[int, ET.Element, Fraction]]]:
        """All items with their places, and each transition with its place and the item that follows it.

        An item without an offset begins where the one before ends, a transition without one in the middle.
        """
        items: list[_Item] = []
        transitions: list[tuple[int, ET.Element, Fraction]] = []
        shift = self._shift()
        place = self._start
        for element in self._elements:
            if is_connected(element):
                continue
            offset = time_of(element, "offset")
            if element.tag == "transition":
                half = (time_of(element, "duration") or Fraction(0)) / 2
                transitions.append((len(items), element, place - half if offset is None else offset + shift))
                continue
            if element.tag not in PICTURES and element.tag not in ("gap", "audio"):
                continue
            place = place if offset is None else offset + shift
            shown = chosen(element, self.remarks)
            duration = None if shown is None else duration_of(shown, self._resources)
            if shown is None or duration is None or duration <= 0:
                self.remarks.append(Remark.TOO_SHORT)
                continue
            item = self._item(shown, place, duration)
            place += duration
            if place.denominator > _FINEST_PLACE:
                # no editing system's; a sum of such fractions would grow without end
                place = item.record_end / self._rate
            if item.record_start < item.record_end:
                items.append(item)
            else:
                self.remarks.append(Remark.TOO_SHORT)
        return items, transitions

    def _shift(self) -> Fraction:
        """What to add to offsets: they count from the start timecode on, but some writers begin at 0."""
        offsets = [time_of(element, "offset") for element in self._elements]
        written = [offset for offset in offsets if offset is not None]
        if not written or min(written) >= self._start or min(written) != 0:
            return Fraction(0)
        self.remarks.append(Remark.FROM_ZERO)
        return self._start

    def _item(self, element: ET.Element, place: Fraction, duration: Fraction) -> _Item:
        item = _Item(self._frame(place), self._frame(place + duration))
        if element.tag == "gap":
            return item
        source = None
        if element.tag in PICTURES - {"spine"}:
            source = source_of(element, duration, self._resources, self.remarks)
        if source is None:
            self.remarks.append(Remark.NO_PICTURE)
            return item
        item.source_start, item.source_end = self._nearest(source.start), self._nearest(source.end)
        item.source, item.note = source.name, note_of(element)
        return item

    def _apply(self, element: ET.Element, place: Fraction, before: _Item | None, after: _Item | None) -> None:
        """Let `after` begin with a transition, and `before` end where it begins."""
        video = element.find("filter-video")
        if video is None and element.find("filter-audio") is not None:
            return  # of the sound alone
        if after is None or after.source is None:
            self.remarks.append(Remark.TO_BLACK)
            return
        duration = time_of(element, "duration") or Fraction(0)
        start, end = self._frame(place), self._frame(place + duration)
        earliest = 0 if before is None else before.record_start + max(1, before.transition_frames)
        ahead = after.record_start - start
        if not (earliest <= start <= after.record_start <= end <= after.record_end and start < end):
            self.remarks.append(Remark.UNFIT)
            return
        after.transition, after.transition_frames = self._kind(element, video), end - start
        after.record_start = start
        after.source_start = max(0, after.source_start - ahead)
        if before is not None and before.record_end > start:
            before.source_end = max(before.source_start, before.source_end - (before.record_end - start))
            before.record_end = start

    def _kind(self, element: ET.Element, video: ET.Element | None) -> ListTransition:
        effect = "" if video is None else self._resources.effects.get(video.get("ref", ""), "")
        named = f"{text_of(element, 'name')} {effect}".casefold()
        if "wipe" in named:
            return ListTransition.WIPE
        if video is not None and not re.search("dissolve|fade|dip to|4731e73a", named):
            self.remarks.append(Remark.OTHER_EFFECT)
        return ListTransition.DISSOLVE

    def _frame(self, time: Fraction) -> int:
        """The frame that begins at `time`, which every cut of a storyline should."""
        if (time * self._rate).denominator != 1:
            self.remarks.append(Remark.OFF_GRID)
        return self._nearest(time)

    def _nearest(self, time: Fraction) -> int:
        return math.floor(time * self._rate + Fraction(1, 2))
