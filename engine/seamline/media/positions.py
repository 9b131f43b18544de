"""How a film's positions are said: by source timecode, by frame number, or by time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seamline.media.timebase import FrameIndex
from seamline.media.timecode import TimecodeRate


class PositionDisplay(StrEnum):
    TIMECODE = "timecode"
    FRAMES = "frames"
    TIME = "time"

    @property
    def following(self) -> PositionDisplay:
        """The next one, and after the last the first."""
        every = list(PositionDisplay)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True, eq=False)
class FilmClock:
    """A film's frames as positions that can be read and said.

    `counting` is how its timecode counts, `first_timecode_frame` the count of its first frame. Frame numbers
    and time begin with 0 at the first frame, whatever the timecode.
    """

    index: FrameIndex
    counting: TimecodeRate
    first_timecode_frame: int = 0

    @property
    def last_frame(self) -> int:
        return len(self.index) - 1

    def text(self, frame: int, display: PositionDisplay) -> str:
        """Where `frame` is: `01:00:00:00` (`;` before the frames in drop frame), `1 909`, or `0:01:16.360`."""
        if display is PositionDisplay.FRAMES:
            return grouped(frame)
        if display is PositionDisplay.TIME:
            return time_text(self.index.time_of(frame))
        return self.counting.format(self.first_timecode_frame + self.index.grid_frame(frame))

    def length_text(self, start_frame: int, end_frame: int, display: PositionDisplay) -> str:
        """How long the frames [start_frame, end_frame) are, in the same manner."""
        if display is PositionDisplay.FRAMES:
            return grouped(end_frame - start_frame)
        index = self.index
        if display is PositionDisplay.TIME:
            return time_text(index.time_of(end_frame) - index.time_of(start_frame))
        return self.counting.format(index.grid_frame(end_frame) - index.grid_frame(start_frame))

    def frame_on_grid(self, grid_frame: int) -> int:
        """The inverse of `FrameIndex.grid_frame`, clamped to the film.

        Where a variable rate left the place out, the frame that is on screen there; where several frames
        share it, the first of them.
        """
        frames, place_of = range(len(self.index)), self.index.grid_frame
        first = bisect_left(frames, grid_frame, key=place_of)
        if first < len(frames) and place_of(first) == grid_frame:
            return first
        return max(0, bisect_right(frames, grid_frame, key=place_of) - 1)

    def frame_of_count(self, count: int) -> int | None:
        """The frame whose timecode counts `count`, over midnight too; None where the film has no such place."""
        place = (count - self.first_timecode_frame) % self.counting.frames_a_day
        # the last frame of a variable film may be on screen for many places
        end = max(self.index.grid_frame(len(self.index)), self.index.grid_frame(self.last_frame) + 1)
        return self.frame_on_grid(place) if place < end else None


def grouped(number: int) -> str:
    """`number` with its thousands set apart by thin spaces."""
    return f"{number:,}".replace(",", "\u2009")


def time_text(time: Fraction) -> str:
    """Seconds as `h:mm:ss.mmm`, to the nearest millisecond."""
    seconds, milliseconds = divmod(round(time * 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{milliseconds:03d}"
