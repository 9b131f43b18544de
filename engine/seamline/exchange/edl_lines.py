"""The lines of an EDL as any system writes them: decoded, told apart, and not yet counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import MOST_EVENTS
from seamline.exchange.stranger_text import text_of_bytes

_MOST_BYTES = 64 * 1024 * 1024
_MOST_LINES = 500_000
_MOST_LINES_BEFORE_EVENTS = 10_000
_LONGEST_LINE = 1_000  # characters that are looked at; real lines have some 200
_LONGEST_NOTE = 500
_FEWEST_TIMES = 3  # a line with so many timecodes is meant for an event, and must be one

_NUMBER = re.compile(r"\d{1,8}[A-Za-z]?", re.ASCII)
_TIMECODE = re.compile(r"(\d{1,2})[:;.,](\d{2})[:;.,](\d{2})([:;.,])(\d{2,3})", re.ASCII)
_LENGTH = re.compile(r"\d{1,5}", re.ASCII)
_TRANSITION = re.compile(r"C|D|W\d{0,3}|K[BO]?", re.ASCII)
_TRACKS = re.compile(r"NONE|B|[AV][AV0-9/,]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Label:
    """A timecode as it is written; `drop_frame`: its frames stand after a semicolon or a comma."""

    text: str
    hours: int
    minutes: int
    seconds: int
    frames: int
    drop_frame: bool


@dataclass(slots=True)
class EventLine:
    """One event line, and the comments that follow it.

    `labels`: source in and out, record in and out. `drop_frame` is what the last FCM line before it says.
    `video_track` is None where the event has no picture.
    """

    line_number: int
    number: str
    reel: str
    tracks: str
    transition: str
    transition_frames: int
    labels: tuple[Label, Label, Label, Label]
    drop_frame: bool | None
    from_name: str = ""
    to_name: str = ""
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_speed: bool = False
    has_split: bool = False
    is_marker: bool = False

    @property
    def video_track(self) -> int | None:
        if self.tracks == "B":  # both: the first sound track and the picture
            return 1
        match = re.search(r"V(\d{0,2})", self.tracks)
        return None if match is None else int(match[1] or 1)

    @property
    def note(self) -> str:
        return "; ".join(self.notes)[:_LONGEST_NOTE]


def edl_text_of(data: bytes | str) -> str:
    """The text with LF line ends: UTF-8, UTF-16 with or without its mark, else Windows' Latin letters.

    Raises ExchangeError for what is no text, or is too large.
    """
    if len(data) > _MOST_BYTES:
        raise ExchangeError(
            f"The EDL has over {_MOST_BYTES // 1024**2} MB: it is no cut list. Choose another file."
        )
    text = data if isinstance(data, str) else text_of_bytes(data)
    if "\0" in text[:10_000]:
        raise ExchangeError("The file is not text, and so no EDL: choose another file.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > _MOST_LINES:
        raise ExchangeError(f"The EDL has over {_MOST_LINES} lines: export a part of it.")
    return text


@dataclass(slots=True)
class EdlLines:
    """All that a list says, in its order. `countings`: what its FCM lines say, True for drop frame."""

    title: str = ""
    events: list[EventLine] = field(default_factory=list)
    countings: list[bool] = field(default_factory=list)

    def add(self, line_number: int, line: str) -> None:
        """Raises ExchangeError for an event that cannot be read."""
        line = line[:_LONGEST_LINE].strip()
        if not line or line.startswith(">>>"):
            return
        last = self.events[-1] if self.events else None
        if "|C:ResolveColor" in line:
            if last is not None:
                last.is_marker = True
            return
        if not line.startswith("*"):
            if line[:6].upper() == "TITLE:":
                self.title = self.title or _printable(line[6:])
                return
            if line[:4].upper() == "FCM:":
                self._add_counting(line[4:].upper())
                return
            if line.startswith("M2 "):
                if last is not None:
                    last.has_speed = True
                return
            event = _event(line_number, line, self.countings[-1] if self.countings else None)
            if event is not None:
                self.events.append(event)
                if len(self.events) > MOST_EVENTS:
                    raise ExchangeError(f"The EDL has over {MOST_EVENTS} events: export a part of it.")
                return
        if last is not None:
            _comment(last, line)

    def _add_counting(self, words: str) -> None:
        if "DROP" in words:  # other words, such as FILM, do not say how timecode counts
            self.countings.append("NON" not in words)


def edl_lines(text: str) -> EdlLines:
    """The lines of a list. Raises ExchangeError, with the number of the line at fault."""
    lines = EdlLines()
    for line_number, line in enumerate(text.split("\n"), 1):
        lines.add(line_number, line)
        if line_number > _MOST_LINES_BEFORE_EVENTS and not lines.events:
            break  # no cut list: its reader says so
    return lines


def _event(line_number: int, line: str, drop_frame: bool | None) -> EventLine | None:
    """The event in a line, None for a line without one."""
    if sum(map(line.count, ":;.,")) < 2 * _FEWEST_TIMES:
        return None
    tokens = line.split()
    times = [i for i, token in enumerate(tokens) if token.count(":") + token.count(";") >= 2]
    if len(times) < _FEWEST_TIMES:
        # some programs write stops, and reels may hold them
        times = [i for i, token in enumerate(tokens) if _TIMECODE.fullmatch(token)]
        if len(times) < _FEWEST_TIMES:
            return None
    labels = [label for token in tokens[times[0] : times[0] + 4] if (label := _label(token)) is not None]
    head = tokens[: times[0]]
    if len(labels) != 4 or not head or not _NUMBER.fullmatch(head[0]):
        raise _unreadable(line_number, line)
    number = head.pop(0)
    transition, length = "", 0
    if len(head) > 1 and _LENGTH.fullmatch(head[-1]):
        length = int(head.pop())
        transition = "D"  # some programs lose the letter; only a transition has a length
    if len(head) > 1 and head[-1].upper() in ("B", "O") and head[-2].upper() == "K":
        head[-2:] = ["K" + head[-1]]
    if head and _TRANSITION.fullmatch(head[-1].upper()) and len(head) > 1:
        transition = head.pop().upper()
    if not head or not _TRACKS.fullmatch(head[-1].upper()):
        raise _unreadable(line_number, line)
    tracks = head.pop().upper()
    return EventLine(
        line_number,
        number,
        _printable(" ".join(head)),
        tracks,
        transition or "C",
        length,
        (labels[0], labels[1], labels[2], labels[3]),
        drop_frame,
    )


def _label(token: str) -> Label | None:
    match = _TIMECODE.fullmatch(token)
    if match is None:
        return None
    hours, minutes, seconds, separator, frames = match.groups()
    return Label(token, int(hours), int(minutes), int(seconds), int(frames), separator in ";,")


def _unreadable(line_number: int, line: str) -> ExchangeError:
    return ExchangeError(
        f"Line {line_number} of the EDL, “{_printable(line)[:120]}”, cannot be read: an event has a number, a "
        "reel, a track, a transition and four timecodes. Correct the line, or export the list again."
    )


def _comment(event: EventLine, line: str) -> None:
    # “* FROM CLIP NAME: x” from Resolve, “*FROM CLIP NAME:  X” from Avid, and some leave out the star
    key, colon, value = line.lstrip("* ").partition(":")
    key, value = key.strip().upper(), _printable(value)
    if key == "SPLIT":
        event.has_split = True
    if not colon or not value:
        return
    if key == "FROM CLIP NAME":
        event.from_name = value
    elif key == "TO CLIP NAME":
        event.to_name = value
    elif key == "SOURCE FILE":
        event.files.append(value)
    elif key in ("FROM CLIP", "FROM FILE"):
        event.files.append(re.split(r"[\\/]", value)[-1])
    elif key == "LOC" and any(value.endswith(f" {note}") for note in event.notes):
        pass  # a marker that repeats a comment
    elif key in ("COMMENT", "LOC") and len(event.notes) < _LONGEST_NOTE:
        event.notes.append(value)


def _printable(text: str) -> str:
    text = " ".join(text.split())
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
