"""CMX3600 edit decision lists, as DaVinci Resolve writes them, for scene-cut import and conform."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seamline.errors import ExchangeError
from seamline.exchange.events import events_of
from seamline.exchange.footage_words import footage_by_shot
from seamline.exchange.label_words import labels_by_shot
from seamline.exchange.names import (
    REEL_LENGTH,
    TITLE_LENGTH,
    ascii_text,
    edl_clip_name,
    edl_reel,
    edl_title,
)
from seamline.exchange.shot_words import AVID_COLOURS, ShotWords, words_of
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Project, SeamKind

MOST_EVENTS_A_PART = 999
"""What a list in strict CMX3600 can number."""

_MOST_FRAMES_A_SECOND = 100  # the frames of a timecode have two digits
_MOST_TRANSITION_FRAMES = 999  # the length of a transition has three
_FILE32_REEL_LENGTH = 32
_COMMENT_LENGTH = 160  # of one line: readers have been seen to take 255 characters and no more
_END = "\r\n"  # what Resolve writes; readers on every system take it, old ones on Windows need it


class EdlFlavour(StrEnum):
    """Where the record timecode begins.

    SCENE_CUT: with the film's own, so that the list cuts the flattened film where its shots change. EDITORIAL:
    at 01:00:00:00, as on a timeline of its own.
    """

    SCENE_CUT = "scene cut"
    EDITORIAL = "editorial"


@dataclass(frozen=True, slots=True)
class EdlOptions:
    """How a list is written.

    `transitions`: dissolves and fades as D events and wipes as W001, over the frames they take; otherwise every
    gradual seam is cut in its middle, as is one of over 999 frames. They are for lists of a film that is put
    together again from its rushes: over the finished film, whose dissolves are in the picture already, they
    dissolve it with itself.
    `file32`: event numbers of 6 digits and reels of up to 32 characters, as Avid's File_32 has them.
    """

    flavour: EdlFlavour = EdlFlavour.SCENE_CUT
    transitions: bool = False
    file32: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """One event as it is written: grid frames from the film's first, what it begins with, its shot's note,
    labels, and what it shares with others."""

    start_frame: int
    end_frame: int
    kind: SeamKind = SeamKind.CUT
    transition_frames: int = 0
    words: ShotWords | None = None
    labels: str = ""
    footage: str = ""


def write_edl(project: Project, options: EdlOptions | None = None) -> str:
    """The cut list as ASCII text with CRLF line ends: one event a shot; each event's out is the next one's in.

    Without `options`: record timecode equals source timecode (a “scene cut” list), gradual seams are cut in
    their middle, numbers grow to four digits past 999. A shot's name and comment stand in COMMENT lines after its
    event, its colour in a LOC line as Avid writes its markers, its labels in a line like “SHOT: MS, PAN LEFT”, what
    it shares with others in one like “SAME FOOTAGE: SET-UP A, SCENE 2, SHOTS 1 3”; the clip name stays the film's.

    Raises ExchangeError where CMX3600 cannot hold the film: over 100 frames a second, or past midnight.
    """
    options = options or EdlOptions()
    return _list(project, options, _entries(project, options), edl_title(project))


def write_edl_parts(project: Project, options: EdlOptions | None = None) -> list[str]:
    """The cut list in parts of at most 999 events, for readers that take no more: each a list of its own.

    Each part numbers from 001; its title ends in “_part1”, “_part2” and so on. A list that needs one part
    alone is that of `write_edl`. Raises ExchangeError as that does.
    """
    options = options or EdlOptions()
    entries, title = _entries(project, options), edl_title(project)
    starts = range(0, len(entries), MOST_EVENTS_A_PART)
    if len(starts) == 1:
        return [_list(project, options, entries, title)]
    parts = []
    for number, start in enumerate(starts, 1):
        suffix = f"_part{number}"
        part_title = title[: TITLE_LENGTH - len(suffix)].rstrip() + suffix
        parts.append(_list(project, options, entries[start : start + MOST_EVENTS_A_PART], part_title))
    return parts


def edl_counting(project: Project) -> tuple[TimecodeRate, int]:
    """How the film's timecode counts, and its first frame, 0 to the frames of a day.

    Raises ExchangeError where an EDL cannot show it: over 100 frames a second, or past midnight.
    """
    rate = project.timecode_rate
    if rate.nominal > _MOST_FRAMES_A_SECOND:
        raise ExchangeError(
            f"An EDL counts at most {_MOST_FRAMES_A_SECOND} frames a second; this film has {rate.nominal}: "
            "export OpenTimelineIO (.otio) or CSV instead."
        )
    first_frame = project.first_timecode_frame % rate.frames_a_day
    if first_frame + events_of(project)[-1].end_frame >= rate.frames_a_day:
        raise ExchangeError(
            f"The film's timecode starts at {rate.format(first_frame)} and runs past midnight, where it "
            "begins again at 00:00:00:00; an EDL cannot show that. Give the film an earlier start timecode, "
            "or export OpenTimelineIO (.otio)."
        )
    return rate, first_frame


def edl_head(title: str, rate: TimecodeRate) -> list[str]:
    """The lines that every list begins with."""
    return [f"TITLE: {title}", f"FCM: {'DROP FRAME' if rate.drop_frame else 'NON-DROP FRAME'}", ""]


def edl_text(lines: Sequence[str]) -> str:
    return _END.join(lines) + _END


def _entries(project: Project, options: EdlOptions) -> list[_Entry]:
    events, labels, footage = events_of(project), _labels(project), _footage(project)
    if not options.transitions:
        return [
            _Entry(
                event.start_frame,
                event.end_frame,
                words=words_of(project, event.shot),
                labels=labels.get(event.shot.number, ""),
                footage=footage.get(event.shot.number, ""),
            )
            for event in events
        ]
    grid_frame = project.film.index.grid_frame
    starts, ends, kinds = [0], [0], [SeamKind.CUT]  # each event's start, its transition's end and kind
    for event in events[1:]:
        seam, start, end, kind = event.shot.seam, event.start_frame, event.start_frame, SeamKind.CUT
        if seam is not None and seam.kind is not SeamKind.CUT:
            first_mixed, first_whole = grid_frame(seam.out_frame + 1), grid_frame(seam.in_frame)
            # at a variable rate the grid may leave no frame of the transition, or of the shot before it
            fits = max(starts[-1], ends[-1] - 1) < first_mixed < first_whole < event.end_frame
            if fits and first_whole - first_mixed <= _MOST_TRANSITION_FRAMES:
                start, end, kind = first_mixed, first_whole, seam.kind
        starts.append(start)
        ends.append(end)
        kinds.append(kind)
    return [
        _Entry(
            start,
            following,
            kind,
            end - start,
            words_of(project, event.shot),
            labels.get(event.shot.number, ""),
            footage.get(event.shot.number, ""),
        )
        for event, start, following, kind, end in zip(
            events, starts, [*starts[1:], events[-1].end_frame], kinds, ends, strict=True
        )
    ]


def _labels(project: Project) -> dict[int, str]:
    """What is sure of the shots' labels, by the shots' numbers."""
    return {number: ", ".join(labels.short).upper() for number, labels in labels_by_shot(project).items()}


def _footage(project: Project) -> dict[int, str]:
    """What shots share with others, by their numbers; nothing for those that share nothing."""
    return {number: footage.edl_line for number, footage in footage_by_shot(project).items()}


def _list(project: Project, options: EdlOptions, entries: Sequence[_Entry], title: str) -> str:
    rate, first_frame = edl_counting(project)
    # record timecode less source timecode; an hour's frames are those of the label 01:00:00:00
    record_shift = 0 if options.flavour is EdlFlavour.SCENE_CUT else rate.frames_a_day // 24 - first_frame
    last_frame = entries[-1].end_frame + first_frame + record_shift
    if last_frame >= rate.frames_a_day:
        raise ExchangeError(
            "The film runs for 23 hours and more: from record timecode 01:00:00:00 on it passes midnight, which "
            "an EDL cannot show. Write a scene-cut list, or export OpenTimelineIO (.otio)."
        )
    digits = 6 if options.file32 else 3
    reel = _long_reel(project) if options.file32 else edl_reel(project)
    width = _FILE32_REEL_LENGTH if options.file32 else 8
    clip_name = edl_clip_name(project)

    def event_line(number: int, transition: str, length: str, start_frame: int, end_frame: int) -> str:
        source, record = (
            f"{rate.format(start_frame + shift)} {rate.format(end_frame + shift)}"
            for shift in (first_frame, first_frame + record_shift)
        )
        # number, reel, track, transition, its length, source in and out, record in and out, two spaces
        return (
            f"{number:0{digits}d}  {reel:<{width}} {'V':<5} {transition:<4} {length:>3} {source} {record}  "
        )

    lines = edl_head(title, rate)
    for number, entry in enumerate(entries, 1):
        start_frame, end_frame = entry.start_frame, entry.end_frame
        if entry.kind is SeamKind.CUT:
            lines += [
                event_line(number, "C", "", start_frame, end_frame),
                f"* FROM CLIP NAME: {clip_name}",
            ]
        else:
            # a transition has two lines: where the old shot is left, of no length, and the new shot
            letter = "W001" if entry.kind is SeamKind.WIPE else "D"
            lines += [
                event_line(number, "C", "", start_frame, start_frame),
                event_line(number, letter, f"{entry.transition_frames:03d}", start_frame, end_frame),
                f"* FROM CLIP NAME: {clip_name}",
                f"* TO CLIP NAME: {clip_name}",
            ]
        lines += _note_lines(entry.words, rate.format(start_frame + first_frame + record_shift))
        lines += [f"* SHOT: {entry.labels}"] if entry.labels else []
        lines += [f"* SAME FOOTAGE: {entry.footage}"] if entry.footage else []
        lines.append("")
    return edl_text(lines)


def _note_lines(words: ShotWords | None, record_timecode: str) -> list[str]:
    """The shot's name, the lines of its comment, and its colour where the event begins."""
    if words is None:
        return []
    texts = [words.name, *words.comment.split("\n")]
    # a bar is what begins the fields of Resolve's markers
    plain = [" ".join(ascii_text(text).replace("|", " ").split()) for text in texts]
    lines = [f"* COMMENT: {line}" for text in plain for line in textwrap.wrap(text, _COMMENT_LENGTH)]
    if words.colour is not None:
        # Avid has colons here in drop frame, too, and readers know nothing else
        colour = AVID_COLOURS[words.colour].upper()
        lines.append(
            f"* LOC: {record_timecode.replace(';', ':')} {colour:<7} {plain[0][:_COMMENT_LENGTH]}".rstrip()
        )
    return lines


def _long_reel(project: Project) -> str:
    """As `edl_reel`, of up to 32 characters."""
    for name in (project.reel, project.film.info.reel, project.film.path.stem):
        letters = re.sub(r"[^A-Z0-9]+", "_", ascii_text(name or "").upper()).strip("_")
        if letters:
            long = len(letters) > REEL_LENGTH
            return letters[:_FILE32_REEL_LENGTH].rstrip("_") if long else edl_reel(project)
    return edl_reel(project)
