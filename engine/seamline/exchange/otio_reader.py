"""OpenTimelineIO timelines from anywhere, read as cut lists.

OpenTimelineIO itself is not let near them: version 0.18.1 ends the whole program with a memory fault at some
damaged documents (measured 2026-11: one to a hundred values replaced at random in a good one, three times of
three), and it refuses documents that hold any schema of a later version. A cut list needs few of the schemas.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import MOST_EVENTS, CutList, ListEvent, ListTransition
from seamline.exchange.names import clean_text
from seamline.media.timebase import snap_rate

_MOST_BYTES = 64 << 20
_MOST_OF = {b"{[": 1_000_000, b",": 8_000_000}  # a clip has some twelve lists and objects
_MOST_LEVELS = 50  # of nested sequences; real ones have three or four
_MOST_FRAMES = 2**50
_MOST_RATES = 100  # different ones; a timeline has a few
_MOST_MARKERS, _LONGEST_NOTE = 100, 500  # of one clip
_FINEST_PLACE = 2**40  # parts of a frame; a sum of fractions of any rates would grow without end
_AGAIN = "export the timeline again, or as an EDL."

_TIMELINE, _TRACK, _STACK, _CLIP, _GAP, _TRANSITION = (
    "Timeline",
    "Track",
    "Stack",
    "Clip",
    "Gap",
    "Transition",
)
_OLD_NAMES = {"Sequence": _TRACK, "Filler": _GAP}  # of OpenTimelineIO before 0.9
_PICTURES = frozenset({_CLIP, _STACK, _TRACK})
_TIME_EFFECTS = frozenset({"TimeEffect", "LinearTimeWarp", "FreezeFrame"})

_Node = Mapping[str, Any]


def read_otio(data: bytes | str) -> CutList:
    """The first video track with clips of an `.otio` document, of any version of its schemas.

    Source frames are those of the clips' own media ranges, record frames begin at the timeline's start timecode,
    both at the rate of that timecode, or the commonest of the track's items. A transition takes its frames from
    both its neighbours, as OpenTimelineIO means it; the event after it begins where it does. Raises ExchangeError.
    """
    remarks: list[str] = []
    timeline = _timeline(_parsed(data), remarks)
    track = _video_track(timeline, remarks)
    times = _Times()
    start = timeline.get("global_start_time")
    walk = _Walk(times, _rate_of(track, times) if start is None else times.time(start)[1])
    walk.position = Fraction(0) if start is None else walk.exact(start)
    if walk.position < 0:
        remarks.append("The timeline starts before 00:00:00:00; its frames are counted from its first one.")
        walk.position = Fraction(0)
    if track.get("source_range") is not None:
        remarks.append("The track is trimmed; it was read untrimmed.")
    for item in _children(track):
        walk.take(item)
    return CutList(
        title=_name(timeline),
        format_name="OpenTimelineIO",
        rate=walk.rate,
        drop_frame=_drop_frame(timeline),
        events=walk.finish(),
        remarks=(*remarks, *walk.remarks()),
    )


def _parsed(data: bytes | str) -> object:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > _MOST_BYTES:
        raise ExchangeError(
            f"The timeline has {len(raw) >> 20} MB; at most {_MOST_BYTES >> 20} are read: export a part of it."
        )
    if any(sum(raw.count(mark) for mark in marks) > most for marks, most in _MOST_OF.items()):
        raise ExchangeError("The timeline has more parts than the longest films have: export a part of it.")
    try:
        is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return json.loads(raw.decode("utf-16" if is_utf16 else "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ExchangeError(f"The timeline is not text in UTF-8 or UTF-16: {_AGAIN}") from error
    except RecursionError as error:
        raise ExchangeError(f"The timeline is nested too deep: {_AGAIN}") from error
    except ValueError as error:  # also of a number with thousands of digits
        raise ExchangeError(f"The timeline is damaged ({str(error)[:120]}): {_AGAIN}") from error


def _schema(node: object) -> str:
    """The name of a node's schema without its version; “” for what is none."""
    name = node.get("OTIO_SCHEMA") if isinstance(node, dict) else None
    plain = name.partition(".")[0] if isinstance(name, str) else ""
    return _OLD_NAMES.get(plain, plain)


def _children(node: _Node) -> list[Any]:
    children = node.get("children")
    return children if isinstance(children, list) else []


def _name(node: _Node) -> str:
    name = node.get("name")
    return clean_text(name) if isinstance(name, str) else ""


def _timeline(document: object, remarks: list[str]) -> _Node:
    if _schema(document) in ("SerializableCollection", "SerializeableCollection"):
        assert isinstance(document, dict)
        found = [item for item in _children(document) if _schema(item) in (_TIMELINE, _TRACK)]
        if len(found) > 1:
            remarks.append(f"The file holds {len(found)} timelines; the first was read.")
        document = found[0] if found else None
    if not isinstance(document, dict) or _schema(document) not in (_TIMELINE, _TRACK):
        raise ExchangeError(f"The file holds no OpenTimelineIO timeline: {_AGAIN}")
    return document


def _video_track(timeline: _Node, remarks: list[str]) -> _Node:
    stack = timeline.get("tracks")
    tracks = (
        [timeline] if _schema(timeline) == _TRACK else _children(stack) if isinstance(stack, dict) else []
    )
    video = [
        track
        for track in tracks
        if _schema(track) == _TRACK
        and track.get("kind", "Video") == "Video"
        and any(_schema(item) in _PICTURES for item in _children(track))
    ]
    if not video:
        raise ExchangeError(f"The timeline “{_name(timeline)}” has no video track with clips: {_AGAIN}")
    if len(video) > 1:
        remarks.append(f"The timeline has {len(video)} video tracks with clips; the first (lowest) was read.")
    return video[0]


def _drop_frame(timeline: _Node) -> bool | None:
    """What our own timelines say; the format itself knows no drop frame."""
    metadata = timeline.get("metadata")
    ours = metadata.get("seamline") if isinstance(metadata, dict) else None
    drop_frame = ours.get("drop_frame") if isinstance(ours, dict) else None
    return drop_frame if isinstance(drop_frame, bool) else None


class _Times:
    """The times of one document; it refuses a document with more different rates than timelines have."""

    def __init__(self) -> None:
        self._rates: dict[float, Fraction] = {}

    def time(self, node: object) -> tuple[Fraction, Fraction]:
        """Value and exact rate of a RationalTime."""
        value, rate = (node.get("value"), node.get("rate")) if isinstance(node, dict) else (None, None)
        numbers = [x for x in (value, rate) if isinstance(x, int | float) and not isinstance(x, bool)]
        if len(numbers) != 2 or not all(-_MOST_FRAMES < x < _MOST_FRAMES for x in numbers):
            raise ExchangeError(f"A time of the timeline is none ({str(node)[:80]}): {_AGAIN}")
        return Fraction(numbers[0]), self._rate(numbers[1])

    def range_of(self, item: _Node, level: int = 0) -> tuple[object, tuple[Fraction, Fraction]]:
        """Start of an item as it stands in the document, and value and rate of its duration."""
        if level > _MOST_LEVELS:
            raise ExchangeError(
                f"The timeline has more than {_MOST_LEVELS} sequences in one another: {_AGAIN}"
            )
        span = _own_range(item)
        if span is not None:
            return span.get("start_time"), self.time(span.get("duration"))
        if _schema(item) not in (_STACK, _TRACK):
            raise ExchangeError(f"“{_name(item) or _schema(item)}” has no range, nor has its media: {_AGAIN}")
        durations = [
            self.range_of(child, level + 1)[1]
            for child in _children(item)
            if isinstance(child, dict) and _schema(child) != _TRANSITION
        ]
        if not durations:
            raise ExchangeError(f"The nested sequence “{_name(item)}” is empty: {_AGAIN}")
        rate = durations[0][1]
        length = Fraction(0)
        for value, own_rate in durations:
            own = value * rate / own_rate
            length = max(length, own) if _schema(item) == _STACK else _bounded(length + own)
        return {"value": 0, "rate": float(rate)}, (length, rate)

    def _rate(self, number: float) -> Fraction:
        if number in self._rates:
            return self._rates[number]
        if not 1 <= number <= 1000:
            raise ExchangeError(
                f"The timeline's rate is {number:g} frames a second; 1 to 1000 can be: {_AGAIN}"
            )
        if len(self._rates) >= _MOST_RATES:
            raise ExchangeError(f"The timeline has more than {_MOST_RATES} different frame rates: {_AGAIN}")
        exact = snap_rate(Fraction(number).limit_denominator(1_000_000))
        self._rates[number] = exact
        return exact


def _rate_of(track: _Node, times: _Times) -> Fraction:
    """The commonest rate of what says its own: media may be at another than the timeline."""
    items = [item for item in _children(track) if _schema(item) in _PICTURES | {_GAP}]
    spans = [span for item in items if (span := _own_range(item)) is not None]
    if not spans:
        first = next(item for item in items if _schema(item) in _PICTURES)
        return times.range_of(first)[1][1]
    return Counter(times.time(span.get("duration"))[1] for span in spans).most_common(1)[0][0]


def _own_range(item: _Node) -> _Node | None:
    span = item.get("source_range")
    if span is None and _schema(item) == _CLIP:
        span = _media(item).get("available_range")
    return span if isinstance(span, dict) else None


def _nearest(place: Fraction) -> int:
    return (2 * place.numerator + place.denominator) // (2 * place.denominator)


def _bounded(place: Fraction) -> Fraction:
    if place.denominator <= _FINEST_PLACE:
        return place
    return Fraction(round(place * _FINEST_PLACE), _FINEST_PLACE)


def _media(clip: _Node) -> _Node:
    """The reference that is active: one until Clip.1, one of several since."""
    references = clip.get("media_references")
    if isinstance(references, dict):
        key = clip.get("active_media_reference_key")
        media = references.get(key) if isinstance(key, str) else None
    else:
        media = clip.get("media_reference")
    return media if isinstance(media, dict) else {}


@dataclass
class _Walk:
    """Along a track: `position` is the exact place, in record frames, where the next item begins."""

    times: _Times
    rate: Fraction
    position: Fraction = Fraction(0)
    events: list[ListEvent] = field(default_factory=list)
    transition: _Node | None = None
    told: Counter[str] = field(default_factory=Counter)

    def exact(self, time: object) -> Fraction:
        """A time in frames of the list's rate."""
        return self._converted(*self.times.time(time))

    def frame(self, exact: Fraction) -> int:
        """The frame at `exact`; of a place between two frames the nearer."""
        frame = _nearest(exact)
        if 1000 * abs(exact.numerator - frame * exact.denominator) > exact.denominator:
            self.told["{} times lie between frames; the nearest frames were taken."] += 1
        return frame

    def take(self, item: object) -> None:
        schema = _schema(item)
        if not isinstance(item, dict) or not schema:
            raise ExchangeError(f"The timeline's track holds something that is no clip: {_AGAIN}")
        if schema == _TRANSITION:
            if self.transition is not None:
                self.told["{} transitions follow another one and were left out."] += 1
            self.transition = item
            return
        source_start, duration = self.times.range_of(item)
        length = self._converted(*duration)
        if length < 0:
            raise ExchangeError(f"An item of the timeline takes {float(length):g} frames: {_AGAIN}")
        # only places are rounded: a rounded length would move all that follows
        end = _bounded(self.position + length)
        record = _nearest(self.position), self.frame(end)
        if record[0] == record[1]:
            self.told["{} items shorter than a frame were left out."] += 1
        elif schema not in _PICTURES:
            self._drop_transition()
            if schema != _GAP:
                self.told["{} items of an unknown kind were read as gaps."] += 1
        elif item.get("enabled") is False:
            self._drop_transition()
            self.told["{} disabled clips were left out."] += 1
        else:
            self._append(item, self.exact(source_start), length, record)
        self.position = end

    def finish(self) -> tuple[ListEvent, ...]:
        self._drop_transition()
        if not self.events:
            raise ExchangeError(f"The timeline's video track has no clip that is shown: {_AGAIN}")
        return tuple(self.events)

    def remarks(self) -> tuple[str, ...]:
        return tuple(text.format(count) for text, count in self.told.items())

    def _converted(self, value: Fraction, rate: Fraction) -> Fraction:
        return value if rate == self.rate else value * self.rate / rate

    def _append(self, item: _Node, source_start: Fraction, length: Fraction, record: tuple[int, int]) -> None:
        if len(self.events) >= MOST_EVENTS:
            raise ExchangeError(f"The timeline has more than {MOST_EVENTS} clips: export a part of it.")
        if _schema(item) != _CLIP:
            self.told["{} nested sequences were read as one event each."] += 1
        effects = item.get("effects")
        if isinstance(effects, list) and any(_schema(effect) in _TIME_EFFECTS for effect in effects):
            self.told["{} retimed clips were read as if at normal speed."] += 1
        if source_start < 0:
            self.told["{} clips begin before their media; their source frames were set to 0."] += 1
            source_start = Fraction(0)
        source = self.frame(source_start), _nearest(source_start + length)
        early, late, kind, note = self._transition_before(source[0], record)
        self.events.append(
            ListEvent(
                source_start=source[0] - early,
                source_end=source[1],
                record_start=record[0] - early,
                record_end=record[1],
                source=_source(item),
                transition=kind,
                transition_frames=early + late,
                note=_marker_text(item) or note,
            )
        )

    def _transition_before(
        self, source_start: int, record: tuple[int, int]
    ) -> tuple[int, int, ListTransition, str]:
        """How many frames a transition begins before the cut and goes on after it, its kind, and its name."""
        transition, self.transition = self.transition, None
        if transition is None:
            return 0, 0, ListTransition.CUT, ""
        offsets = [self.exact(transition.get(name)) for name in ("in_offset", "out_offset")]
        early, late = map(self.frame, offsets)
        before = self.events[-1] if self.events and self.events[-1].record_end == record[0] else None
        room = record[0]
        if before is not None:
            # what is left of the event before keeps a frame, and its own transition
            room = before.record_end - before.record_start - max(1, before.transition_frames)
        if not (0 <= early <= min(room, source_start) and 0 <= late <= record[1] - record[0]):
            self.told["{} transitions longer than their clips were read as cuts."] += 1
            return 0, 0, ListTransition.CUT, ""
        if early + late == 0:
            return 0, 0, ListTransition.CUT, ""
        if before is not None and early:
            source_end = max(before.source_start, before.source_end - early)
            self.events[-1] = replace(before, record_end=before.record_end - early, source_end=source_end)
        kind = transition.get("transition_type")
        name = f"{clean_text(kind) if isinstance(kind, str) else ''} {_name(transition)}".strip()
        return early, late, ListTransition.WIPE if "wipe" in name.lower() else ListTransition.DISSOLVE, name

    def _drop_transition(self) -> None:
        if self.transition is not None:
            self.told["{} transitions into a gap or the end were left out."] += 1
            self.transition = None


def _marker_text(item: _Node) -> str:
    """The names and comments of the item's markers."""
    markers = item.get("markers")
    texts: list[str] = []
    for marker in markers[:_MOST_MARKERS] if isinstance(markers, list) else ():
        if isinstance(marker, Mapping):
            said = [marker.get("name"), marker.get("comment")]
            texts += [text for text in said if isinstance(text, str) and text]
    return " ".join(clean_text("; ".join(texts)[:_LONGEST_NOTE]).split())


def _source(item: _Node) -> str:
    """The media's file name, else the clip's name."""
    url = _media(item).get("target_url")
    try:
        path = unquote(urlsplit(url).path) if isinstance(url, str) else ""
    except ValueError:  # an address that is none
        path = ""
    return clean_text(PurePosixPath(path.replace("\\", "/")).name) or _name(item)
