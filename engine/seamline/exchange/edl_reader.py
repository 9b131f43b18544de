"""CMX3600 and File_32 lists of any editing system, read as picture events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList, ListEvent, ListTransition
from seamline.exchange.edl_lines import EdlLines, EventLine, Label, edl_lines, edl_text_of
from seamline.media.timecode import TimecodeRate

FORMAT_NAME = "CMX3600 EDL"

_BLACK = frozenset({"BL", "BLACK"})
_ENOUGH_EVENTS = 20  # so many timecodes in the lower half of a second are no chance


def read_edl(data: bytes | str, *, rate: Fraction, drop_frame: bool | None = None) -> CutList:
    """The picture events of an EDL whose frames are counted at `rate` frames a second, which no EDL says.

    Record timecode counts as `drop_frame` says, else as its semicolons, else as the first FCM line. Source
    timecode counts as its semicolons, else as the FCM line before the event: in lists of several sources these
    lines change with the source, while the record counts on (seen in Avid's lists). A transition's first line,
    of no length, is one event with its second. Of several picture tracks the lowest is read. Frames count from
    timecode 00:00:00:00. Sources are named by file, clip or reel, black is “BL”; notes hold comments and
    markers.

    Raises ExchangeError for what is no EDL, has no picture, or counts otherwise, with the number of the line.
    """
    lines = edl_lines(edl_text_of(data))
    if not lines.events:
        raise ExchangeError("The file has no events, and so is no EDL: export a CMX3600 list.")
    remarks: list[str] = []
    pictures = _pictures(lines.events, remarks)
    counting = _Counting.of(lines, rate, drop_frame, remarks)
    spans = [_record_span(line, counting) for line in pictures]
    if all(line.is_marker and end - start == 1 for line, (start, end) in zip(pictures, spans, strict=True)):
        raise ExchangeError(
            "This EDL holds markers and no cuts: export the timeline itself as a CMX3600 list."
        )
    events = _merged(pictures, spans, counting, remarks)
    if not events:
        raise ExchangeError("Every event of the EDL has the length 0: export the list again.")
    events.sort(key=lambda event: event.record_start)  # some lists are in the sources' order
    _remark_on_what_is_odd(pictures, events, counting, remarks)
    return CutList(
        title=lines.title,
        format_name=FORMAT_NAME,
        rate=None,
        drop_frame=counting.said_drop_frame,
        events=tuple(events),
        remarks=tuple(remarks),
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    """How timecode is turned into frames.

    `said_drop_frame` is what is known of the record, None where nothing says it. `semicolons`: whether the list
    tells the two countings apart by them; some write colons in drop frame too. `told`: whether the caller said
    how a list counts that knows one counting only.
    """

    record: TimecodeRate
    dropping: TimecodeRate
    plain: TimecodeRate
    said_drop_frame: bool | None
    semicolons: bool
    told: bool

    @classmethod
    def of(cls, lines: EdlLines, rate: Fraction, drop_frame: bool | None, remarks: list[str]) -> _Counting:
        said = drop_frame
        if said is None and any(label.drop_frame for event in lines.events for label in event.labels[2:]):
            said = True
        if said is None and lines.countings:
            said = lines.countings[0]
        dropping, plain = TimecodeRate.of(rate, drop_frame=True), TimecodeRate.of(rate)
        record = dropping if said else plain
        if said and not record.drop_frame:
            remarks.append(
                f"The list says drop frame, which does not exist at {float(rate):.6g} frames a second: its "
                "timecode was counted without dropping."
            )
        return cls(
            record,
            dropping,
            plain,
            said_drop_frame=None if said is None else record.drop_frame,
            semicolons=any(label.drop_frame for event in lines.events for label in event.labels),
            told=drop_frame is not None and len(set(lines.countings)) < 2,
        )

    def of_source(self, event: EventLine, label: Label) -> TimecodeRate:
        if self.told:
            return self.record
        if self.semicolons:
            return self.dropping if label.drop_frame else self.plain
        if event.drop_frame is None:
            return self.record
        return self.dropping if event.drop_frame else self.plain


def _frame_of(label: Label, rate: TimecodeRate) -> int:
    """The frames from 00:00:00:00 to a label, which need not exist (SMPTE ST 12-1).

    Reckoned here because a list may have 400,000 labels, at which `TimecodeRate.parse` takes 6 s.
    """
    minutes = label.hours * 60 + label.minutes
    frame = (minutes * 60 + label.seconds) * rate.nominal + label.frames
    return frame - rate.nominal // 15 * (minutes - minutes // 10) if rate.drop_frame else frame


def _record_frame(line: EventLine, label: Label, rate: TimecodeRate) -> int:
    """Raises ExchangeError for a label that does not exist: the list is not counted at that rate."""
    where = f"Line {line.line_number} of the EDL: the record timecode “{label.text}”"
    if label.frames >= rate.nominal:
        raise ExchangeError(
            f"{where} counts past the {rate.nominal} frames a second it is read at: give the list's own rate."
        )
    if label.hours > 23 or label.minutes > 59 or label.seconds > 59:
        raise ExchangeError(f"{where} is past 23:59:59: correct the line, or export the list again.")
    skipped = label.minutes % 10 and not label.seconds and label.frames < rate.nominal // 15
    if rate.drop_frame and skipped:
        raise ExchangeError(
            f"{where} does not exist in drop frame, which the list is read in: read it as non-drop frame."
        )
    return _frame_of(label, rate)


def _record_span(line: EventLine, counting: _Counting) -> tuple[int, int]:
    start, end = (_record_frame(line, label, counting.record) for label in line.labels[2:])
    if end < start:
        raise ExchangeError(
            f"Line {line.line_number} of the EDL: the event ends at {line.labels[3].text} before it begins at "
            f"{line.labels[2].text}. Correct the line; if the timeline passes midnight, let it begin earlier."
        )
    return start, end


def _source_span(line: EventLine, counting: _Counting) -> tuple[int, int, bool]:
    """Source frames, and whether the source runs backwards; past midnight it counts on.

    Sources may be counted otherwise than the timeline: labels that do not exist are taken as the sum they make.
    """
    start, end = (_frame_of(label, counting.of_source(line, label)) for label in line.labels[:2])
    if end >= start:
        return start, end, False
    day = counting.of_source(line, line.labels[0]).frames_a_day
    if start - end > day // 2:
        return start, end + day, False
    return end, start, True


def _pictures(lines: Sequence[EventLine], remarks: list[str]) -> list[EventLine]:
    """The events of the lowest picture track, without the upper layers of keys."""
    tracks = [line.video_track for line in lines]
    lowest = min((track for track in tracks if track is not None), default=None)
    if lowest is None:
        raise ExchangeError("The EDL has events of sound alone: export the picture track.")
    pictures = [line for line, track in zip(lines, tracks, strict=True) if track == lowest]
    without_picture = sum(track is None for track in tracks)
    if without_picture:
        remarks.append(f"{_events(without_picture)} of sound, or of no track, left out.")
    others = len(lines) - len(pictures) - without_picture
    if others:
        remarks.append(f"{_events(others)} of picture tracks above V{lowest} left out.")
    backgrounds = {(line.number, line.labels[2].text) for line in pictures if line.transition == "KB"}
    kept = [
        line
        for line in pictures
        if line.transition not in ("K", "KO") or (line.number, line.labels[2].text) not in backgrounds
    ]
    if len(kept) < len(pictures):
        remarks.append(f"{_events(len(pictures) - len(kept))} keyed over the picture left out.")
    return kept


def _merged(
    lines: Sequence[EventLine], spans: Sequence[tuple[int, int]], counting: _Counting, remarks: list[str]
) -> list[ListEvent]:
    """The events, those of no length merged with the transition that they begin, or left out."""
    events: list[ListEvent] = []
    empty: EventLine | None = None
    left_out = reversed_count = shortened = 0
    for line, (start, end) in zip(lines, spans, strict=True):
        if start == end:
            left_out += empty is not None
            empty = line
            continue
        transition = _transition(line)
        if empty is not None and (transition is ListTransition.CUT or empty.labels[2] != line.labels[2]):
            left_out += 1
            empty = None
        source_start, source_end, backwards = _source_span(line, counting)
        reversed_count += backwards
        frames = 0 if transition is ListTransition.CUT else line.transition_frames
        shortened += frames > end - start
        events.append(
            ListEvent(
                source_start,
                source_end,
                start,
                end,
                source=_source_name(line, empty),
                transition=transition,
                transition_frames=min(frames, end - start),
                note=line.note if empty is None or not empty.note else f"{empty.note}; {line.note}",
            )
        )
        empty = None
    left_out += empty is not None
    if left_out:
        remarks.append(f"{_events(left_out)} of no length left out.")
    if reversed_count:
        remarks.append(f"{_events(reversed_count)} whose source runs backwards: read as if forwards.")
    if shortened:
        remarks.append(f"{_events(shortened)} shorter than the transition they begin with: it is cut short.")
    return events


def _transition(line: EventLine) -> ListTransition:
    if line.transition == "D":
        return ListTransition.DISSOLVE
    return ListTransition.WIPE if line.transition.startswith("W") else ListTransition.CUT


def _source_name(line: EventLine, outgoing: EventLine | None) -> str:
    """The file, clip or reel that the event shows; `outgoing` is the first line of a transition."""
    if line.reel.upper() in _BLACK:
        return "BL"
    if _transition(line) is ListTransition.CUT:
        return next(iter(line.files), "") or line.from_name or line.reel
    # a transition's comments are of both its clips, the outgoing one first
    if len(line.files) > 1:
        return line.files[-1]
    if line.to_name:
        return line.to_name
    same_reel = outgoing is None or outgoing.reel == line.reel
    return (same_reel and (next(iter(line.files), "") or line.from_name)) or line.reel


def _remark_on_what_is_odd(
    lines: Sequence[EventLine], events: Sequence[ListEvent], counting: _Counting, remarks: list[str]
) -> None:
    speeds = sum(line.has_speed for line in lines)
    if speeds:
        remarks.append(f"{_events(speeds)} with a change of speed (M2), which is not read.")
    splits = sum(line.has_split for line in lines)
    if splits:
        remarks.append(f"{_events(splits)} with split edits, whose delay is not read.")
    overlaps = sum(following.record_start < event.record_end for event, following in pairwise(events))
    if overlaps:
        remarks.append(
            f"{_events(overlaps)} still running when the next one begins: several layers in one list."
        )
    nominal = counting.record.nominal
    most = max(label.frames for line in lines for label in line.labels)
    if nominal >= 48 and len(lines) >= _ENOUGH_EVENTS and most < (nominal + 1) // 2:
        remarks.append(
            f"No timecode counts past {most}: the list may be counted at half of {nominal} a second."
        )


def _events(count: int) -> str:
    return f"{count} event{'s' if count != 1 else ''}"
