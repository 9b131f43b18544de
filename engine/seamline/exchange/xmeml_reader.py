"""Final Cut Pro 7 XML (xmeml) read, as Premiere Pro, DaVinci Resolve, OpenTimelineIO and Final Cut write it."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from seamline.errors import ExchangeError, MediaError
from seamline.exchange.cut_list import MOST_EVENTS, CutList, ListEvent, ListTransition
from seamline.exchange.safe_xml import parsed
from seamline.exchange.xmeml_elements import (
    content,
    described_by_id,
    frame_of,
    has_speed_effect,
    is_enabled,
    name_of,
    plain_label,
    rate_of,
    transition_kind,
)
from seamline.media.timecode import TimecodeRate

_FORMAT_NAME = "Final Cut Pro 7 XML"
_LONGEST_NOTE = 500
_CLIP_TAGS = ("clipitem", "generatoritem")
_TRANSITION_TAG = "transitionitem"
_MOST_TRACKS_NAMED = 100  # in remarks; real sequences have fewer


def read_xmeml(data: bytes | str) -> CutList:
    """The video clips of the file's first sequence that has any, by record frame.

    Of several video tracks the lowest that is enabled and has enabled clips is read. An event begins where the
    transition before its clip begins and takes the transition's frames; the clip before ends there. Source
    frames count from the file's timecode where it has one, at the sequence's rate. `remarks` say what was left
    out or does not add up: other tracks and sequences, disabled clips, speed effects, nested sequences.

    Raises ExchangeError for anything that is not such a file, in a sentence with the next step.
    """
    root = parsed(data, "xmeml")
    if root.tag != "xmeml":
        raise ExchangeError(
            f"The file is XML, but begins with “{root.tag[:40]}” where a Final Cut Pro 7 XML begins with “xmeml”: "
            "export the sequence as Final Cut Pro XML."
        )
    return _Reading(root).cut_list()


@dataclass(slots=True)
class _Clip:
    """An event in the making: frames at the sequence's rate, the record counted from 0."""

    record_start: int
    record_end: int
    source_start: int
    source_end: int
    source: str
    transition: ListTransition
    transition_frames: int
    note: str
    enabled: bool

    def end_at(self, record_frame: int) -> None:
        overlap = self.record_end - record_frame
        self.record_end = record_frame
        self.source_end = max(self.source_start, self.source_end - overlap)


class _Reading:
    """One file while it is read; `remarks` grows."""

    def __init__(self, root: ET.Element) -> None:
        self._files = described_by_id(root, "file")
        self._sequences = described_by_id(root, "sequence")
        self._sources: dict[ET.Element, tuple[str, int]] = {}
        self._remarks: dict[str, int] = {}  # a sentence about what was met, and how often
        self._sequence = self._chosen_sequence(root)
        rate = rate_of(self._sequence) or rate_of(self._sequence.find("timecode"))
        if rate is None:
            raise ExchangeError(
                f"The sequence “{name_of(self._sequence)}” does not say its frame rate: export it again."
            )
        self._rate = rate

    def cut_list(self) -> CutList:
        first_frame, drop_frame = self._timecode(self._sequence, self._rate)
        clips = self._without_overlap(self._clips(self._chosen_track()))
        notes = self._marked([clip.record_start for clip in clips])
        events = tuple(
            ListEvent(
                source_start=clip.source_start,
                source_end=clip.source_end,
                record_start=first_frame + clip.record_start,
                record_end=first_frame + clip.record_end,
                source=clip.source,
                transition=clip.transition,
                transition_frames=clip.transition_frames,
                note=clip.note or notes.get(at, ""),
            )
            for at, clip in enumerate(clips)
        )
        return CutList(
            title=name_of(self._sequence),
            format_name=_FORMAT_NAME,
            rate=self._rate,
            drop_frame=drop_frame,
            events=events,
            remarks=tuple(
                sentence if count == 1 else f"{sentence[:-1]} ({count} times)."
                for sentence, count in self._remarks.items()
            ),
        )

    def _remark(self, sentence: str) -> None:
        self._remarks[sentence] = self._remarks.get(sentence, 0) + 1

    def _chosen_sequence(self, root: ET.Element) -> ET.Element:
        nested = {child for clip in root.iter("clipitem") for child in clip.findall("sequence")}
        sequences = [s for s in root.iter("sequence") if s not in nested]
        with_clips = [s for s in sequences if any(_has_clips(track) for track in _video_tracks(s))]
        if not with_clips:
            raise ExchangeError(
                "The file has no sequence with video clips: choose the sequence in the editing system, then "
                "export it as Final Cut Pro XML."
            )
        for _ in with_clips[1:]:
            self._remark("Another sequence was left out; the first one is read.")
        return with_clips[0]

    def _chosen_track(self) -> ET.Element:
        tracks = [
            (number, track)
            for number, track in enumerate(_video_tracks(self._sequence), 1)
            if _has_clips(track)
        ]
        shown = [number for number, track in tracks if is_enabled(track) and _has_clips(track, enabled=True)]
        chosen = shown[0] if shown else None
        for number, _ in tracks[:_MOST_TRACKS_NAMED]:
            if number != chosen:
                self._remark(f"Video track {number} was left out.")
        for number, track in tracks:
            if number == chosen:
                return track
        raise ExchangeError(
            f"Every video clip of the sequence “{name_of(self._sequence)}” is disabled: enable what shall be read, "
            "then export it again."
        )

    def _clips(self, track: ET.Element) -> list[_Clip]:
        items = [item for item in track if item.tag in _CLIP_TAGS or item.tag == _TRANSITION_TAG]
        if len(items) > 2 * MOST_EVENTS:
            raise ExchangeError(
                f"The list has {len(items)} clips and transitions on one track; events are read up to "
                f"{MOST_EVENTS}: export a part of it."
            )
        around: list[ET.Element | None] = [None, *items, None]
        clips = []
        for at, item in enumerate(items, 1):
            before, after = around[at - 1], around[at + 1]
            if item.tag == _TRANSITION_TAG:
                if after is None or after.tag not in _CLIP_TAGS or content(item, "alignment") == "end-black":
                    self._remark("A transition to black was left out.")
                continue
            lead = before if before is not None and before.tag == _TRANSITION_TAG else None
            tail = after if after is not None and after.tag == _TRANSITION_TAG else None
            clip = self._clip(item, lead, tail)
            if clip.enabled:
                clips.append(clip)
            else:
                self._remark("A disabled clip was left out.")
        return sorted(clips, key=lambda clip: clip.record_start)

    def _clip(self, item: ET.Element, lead: ET.Element | None, tail: ET.Element | None) -> _Clip:
        start, end = frame_of(item, "start"), frame_of(item, "end")
        if start == -1:
            start = _hidden_edge(item, lead, "start")
        if end == -1:
            end = _hidden_edge(item, tail, "end")
        source, first_frame = self._source(item)
        own_rate = rate_of(item) or self._rate
        if round(own_rate) != round(self._rate):
            self._remark("A clip has another frame rate than the sequence; its source frames were converted.")
        elif own_rate != self._rate:
            self._remark("A clip and the sequence differ as NTSC rates do; frames were taken one for one.")
        source_in = max(0, frame_of(item, "in", 0))
        source_out = frame_of(item, "out", -1)
        source_start = self._frames_at_rate(source_in, own_rate)
        source_end = source_start + end - start
        if source_out != -1:
            source_end = source_start + self._frames_at_rate(source_out - source_in, own_rate)
        if item.find("subclipinfo") is not None:
            self._remark("A clip is a subclip; its source frames may count from its own start.")
        if has_speed_effect(item):
            self._remark("A clip runs at another speed; its source frames are only what the list says.")
        elif abs((source_end - source_start) - (end - start)) > 1:
            self._remark("A clip takes more or fewer frames of its source than of the sequence.")
        transition, transition_frames = ListTransition.CUT, 0
        if lead is not None:
            lead_start, lead_end = frame_of(lead, "start"), frame_of(lead, "end")
            if lead_start < start < lead_end and start - lead_start <= source_start:
                # some writers give the cut here, not -1: the handle before it is seen in the transition
                source_start -= start - lead_start
                start = lead_start
            if lead_start <= start < lead_end:
                transition, transition_frames = transition_kind(lead), lead_end - start
        return _Clip(
            record_start=start,
            record_end=end,
            source_start=first_frame + source_start,
            source_end=first_frame + source_end,
            source=source,
            transition=transition,
            transition_frames=transition_frames,
            note=content(item, "logginginfo/lognote"),
            enabled=is_enabled(item),
        )

    def _marked(self, starts: list[int]) -> dict[int, str]:
        """What the sequence's markers say, by the clip that each lies in or after."""
        notes: dict[int, str] = {}
        for marker in self._sequence.findall("marker"):
            said = "; ".join(filter(None, (name_of(marker), content(marker, "comment"))))
            if not re.fullmatch(r"[0-9]{1,12}", content(marker, "in")) or not said:
                continue
            at = bisect_right(starts, int(content(marker, "in"))) - 1
            if len(notes.get(at, "")) < _LONGEST_NOTE:
                notes[at] = "; ".join(filter(None, (notes.get(at, ""), " ".join(said.split()))))[
                    :_LONGEST_NOTE
                ]
        return notes

    def _without_overlap(self, clips: list[_Clip]) -> list[_Clip]:
        """The clips, each cut off where the next begins; what a transition before the next hides is dropped."""
        for clip, following in pairwise(clips):
            if clip.record_end > following.record_start:
                if following.transition is ListTransition.CUT:
                    self._remark("A clip overlaps the next one and was cut off there.")
                clip.end_at(following.record_start)
        kept = []
        for clip in clips:
            length = clip.record_end - clip.record_start
            if length <= 0:
                self._remark("A clip of no length, or hidden by its neighbour, was left out.")
                continue
            if clip.transition_frames > length:
                self._remark("Two transitions overlap; the first was cut off.")
                clip.transition_frames = length
            kept.append(clip)
        return kept

    def _source(self, item: ET.Element) -> tuple[str, int]:
        """The name of what a clip shows, and the frame count of its first frame's timecode (0: none)."""
        file, nested = item.find("file"), item.find("sequence")
        if file is not None:
            described = self._files.get(file.get("id", ""), file)
        elif nested is not None:
            self._remark("A nested sequence was read as one shot.")
            described = self._sequences.get(nested.get("id", ""), nested)
        else:
            return name_of(item), 0
        if described not in self._sources:
            rate = rate_of(described) or self._rate
            url = content(described, "pathurl")
            name = name_of(described) or unquote(url.rstrip("/").rpartition("/")[2])
            self._sources[described] = name, self._timecode(described, rate)[0]
        name, first_frame = self._sources[described]
        return name or name_of(item), first_frame

    def _timecode(self, parent: ET.Element, parent_rate: Fraction) -> tuple[int, bool | None]:
        """The start timecode as a frame count at the sequence's rate, and whether it drops frames; 0 and None
        where there is none. Where string and frame differ, the string holds: it is what the editor sees."""
        element = parent.find("timecode")
        if element is None:
            return 0, None
        label, count = content(element, "string"), frame_of(element, "frame", -1)
        if not label and count < 0:
            return 0, None
        rate = rate_of(element) or parent_rate
        display = content(element, "displayformat").upper()
        counting = TimecodeRate.of(rate, drop_frame=display == "DF" if display else ";" in label)
        if label:
            try:
                labelled = counting.parse(plain_label(label))
            except MediaError as error:
                if count < 0:
                    raise ExchangeError(
                        f"{error} Correct it in the list, or export the list again."
                    ) from error
                self._remark("A timecode does not exist at its rate; the frame count beside it was taken.")
            else:
                if count not in (-1, labelled):
                    self._remark("A timecode and the frame count beside it differ; the timecode was taken.")
                count = labelled
        return self._frames_at_rate(count, rate), counting.drop_frame

    def _frames_at_rate(self, frames: int, rate: Fraction) -> int:
        """`frames` at `rate` as frames of the sequence. Rates that only NTSC sets apart are frame for frame."""
        if round(rate) == round(self._rate):
            return frames
        return math.floor(frames * self._rate / rate + Fraction(1, 2))


def _video_tracks(sequence: ET.Element) -> list[ET.Element]:
    return sequence.findall("media/video/track")


def _has_clips(track: ET.Element, *, enabled: bool = False) -> bool:
    return any(item.tag in _CLIP_TAGS and (not enabled or is_enabled(item)) for item in track)


def _hidden_edge(item: ET.Element, transition: ET.Element | None, edge: str) -> int:
    if transition is None:
        raise ExchangeError(
            f"The clip “{name_of(item)}” has its {edge} hidden by a transition that is not there: export the "
            "list again."
        )
    return frame_of(transition, edge)
