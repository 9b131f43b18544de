"""The frame that an editor means who types a position, in the manners that editing systems understand."""

from __future__ import annotations

import re
from fractions import Fraction

from seamline.errors import MediaError
from seamline.media.positions import FilmClock, PositionDisplay, time_text

_FRAMES = re.compile(r"([0-9]{1,9}) ?f(?:rames?)?")
_TIME = re.compile(r"(?:(?:([0-9]{1,9}):)?([0-9]{1,9}):)?([0-9]{0,9})(?:[.,]([0-9]{0,9}))?( ?s(?:ec)?)?")
_SEPARATOR = re.compile(r"[:;., ]")
_HALF_MS = Fraction(1, 2000)  # what a time loses that is shown to the millisecond


def typed_frame(
    text: str,
    *,
    clock: FilmClock,
    current_frame: int,
    display: PositionDisplay = PositionDisplay.TIMECODE,
) -> int:
    """The frame that `text` means, typed where positions are shown as `display` and `current_frame` is on screen.

    `01:02:03:04` is a source timecode; `:`, `;`, `.`, `,` and a space separate alike, at drop frame rates too.
    With fewer fields, or digits alone, it is read from the right: `12304` and `1.23.4` are 00:01:23:04, and
    an empty field counts as zero, so `2..` is 00:02:00:00. If that is outside the film, the leading fields
    are taken from the position shown: in a film that begins at 01:00:00:00, `2000` is 01:00:20:00.
    `+` and `-` go on or back: `+25` by frames, `-1:00` by a second, `+1.` by a second too; up to two digits alone are
    frames, more are read in pairs from the right, as in `+100`. `1500f` is a frame number, `12.5s` a time from
    the film's first frame, and both can be relative. Where frames are shown, digits alone are frames; where
    time is shown, `1:02.5` is a minute and two and a half seconds.

    What is relative stops at the film's ends. Raises MediaError for what cannot be read, for a label that
    drop frame skips, and for a position outside the film.
    """
    entry = _tidied(text)
    sign = -1 if entry.startswith("-") else 1 if entry.startswith("+") else 0
    body = entry[1:].lstrip() if sign else entry
    frames = _as_frames(body, display)
    if frames is not None:
        return _by_frames(clock, current_frame, sign, frames)
    time = _as_time(body, display)
    if time is not None:
        return _by_time(clock, current_frame, sign, time)
    fields = _as_fields(body, len(str(clock.counting.nominal - 1)))
    if fields is None:
        raise MediaError(
            f"“{text.strip()[:40]}” is not a position: type a timecode such as "
            f"{clock.text(current_frame, PositionDisplay.TIMECODE)}, or +25, -1:00, 1500f or 12.5s."
        )
    if not sign:
        return _at_label(clock, current_frame, fields)
    if len(fields) == 1:
        return _by_frames(clock, current_frame, sign, fields[0])
    place = clock.index.grid_frame(current_frame) + sign * _length(clock, fields)
    return clock.frame_on_grid(place)


def _tidied(text: str) -> str:
    text = " ".join(text.replace("\u2212", "-").replace("\u2013", "-").casefold().split())
    return re.sub(r" ?([:;.,+-]) ?", r"\1", text)


def _as_frames(body: str, display: PositionDisplay) -> int | None:
    match = _FRAMES.fullmatch(body.replace(" ", "") if display is PositionDisplay.FRAMES else body)
    if match is None and display is PositionDisplay.FRAMES:
        match = re.fullmatch(r"([0-9]{1,9})", body.replace(" ", ""))  # thousands may be set apart
    return int(match[1]) if match is not None else None


def _as_time(body: str, display: PositionDisplay) -> Fraction | None:
    """Seconds, where `body` says so by an s, or is a time where time is shown."""
    match = _TIME.fullmatch(body)
    if match is None or not any(match.group(1, 2, 3, 4)):
        return None
    hours, minutes, seconds, decimals, unit = match.groups()
    if unit is None and display is not PositionDisplay.TIME:
        return None
    decimals = decimals or "0"
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
    return whole + Fraction(int(decimals), 10 ** len(decimals))


def _as_fields(body: str, frame_digits: int) -> list[int] | None:
    """One to four numbers, the last being frames, before it seconds, minutes and hours; None if unreadable."""
    if not re.fullmatch(r"[0-9:;., ]*[0-9][0-9:;., ]*", body):
        return None
    parts = _SEPARATOR.split(body)
    frame_digits = max(2, frame_digits)
    if len(parts) == 1:
        leading, parts = body[:-frame_digits], [body[-frame_digits:]]
        while leading:
            leading, pair = leading[:-2], leading[-2:]
            parts.insert(0, pair)
    if len(parts) > 4 or any(len(part) > 3 for part in parts):
        return None
    return [int(part or 0) for part in parts]


def _at_label(clock: FilmClock, current_frame: int, fields: list[int]) -> int:
    missing = 4 - len(fields)
    try:
        return _frame_of(clock, [0] * missing + fields)
    except MediaError:
        if not missing:
            raise
        shown = re.split("[:;]", clock.text(current_frame, PositionDisplay.TIMECODE))
        try:
            return _frame_of(clock, [int(field) for field in shown[:missing]] + fields)
        except MediaError:
            pass
        raise  # what was typed, not what was made of it, is what the editor knows


def _frame_of(clock: FilmClock, fields: list[int]) -> int:
    hours, minutes, seconds, frames = fields
    digits = max(2, len(str(clock.counting.nominal - 1)))
    mark = ";" if clock.counting.drop_frame else ":"
    label = f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{frames:0{digits}d}"
    frame = clock.frame_of_count(clock.counting.parse(label))
    if frame is None:
        raise _outside(clock, label, PositionDisplay.TIMECODE)
    return frame


def _length(clock: FilmClock, fields: list[int]) -> int:
    """How many places of the grid a length is, with the numbers that drop frame skips in so many minutes."""
    hours, minutes, seconds, frames = [0] * (4 - len(fields)) + fields
    nominal = clock.counting.nominal
    minutes += 60 * hours
    dropped = nominal // 15 * (minutes - minutes // 10) if clock.counting.drop_frame else 0
    return nominal * (60 * minutes + seconds) + frames - dropped


def _by_frames(clock: FilmClock, current_frame: int, sign: int, frames: int) -> int:
    if sign:
        return min(max(0, current_frame + sign * frames), clock.last_frame)
    if frames > clock.last_frame:
        raise _outside(clock, f"Frame {frames}", PositionDisplay.FRAMES)
    return frames


def _by_time(clock: FilmClock, current_frame: int, sign: int, time: Fraction) -> int:
    index = clock.index
    if not sign:
        if time >= index.duration:
            raise _outside(clock, time_text(time), PositionDisplay.TIME)
        return index.frame_at(time + _HALF_MS)
    # the frame that begins nearest, so that at 23.976 too a second on and a second back come out even
    target = index.time_of(current_frame) + sign * time
    frame = index.frame_at(target)
    following = min(frame + 1, clock.last_frame)
    return min(frame, following, key=lambda near: abs(index.time_of(near) - target))


def _outside(clock: FilmClock, what: str, display: PositionDisplay) -> MediaError:
    first, last = clock.text(0, display), clock.text(clock.last_frame, display)
    return MediaError(
        f"{what} is outside the film: type a position from {first}, its first frame, to {last}, its last."
    )
