"""SMPTE timecode labels for frame counts (SMPTE ST 12-1), by the `timecode` library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from timecode.timecode import Timecode

from seamline.errors import MediaError

_LABEL = re.compile(r"^(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2,3})$")
_DROP_FRAME_RATES = {30: "29.97", 60: "59.94"}  # nominal rate -> the library's name of the rate


@dataclass(frozen=True, slots=True)
class TimecodeRate:
    """How frames are counted: `nominal` frames to the counted second, and whether numbers are dropped.

    Drop frame exists at 29.97 and 59.94 frames a second only (nominal 30 and 60); 23.976 never drops.
    """

    nominal: int
    drop_frame: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.nominal <= 999:
            raise MediaError(
                f"A timecode cannot count {self.nominal} frames a second; 1 to 999 are possible."
            )
        if self.drop_frame and self.nominal not in _DROP_FRAME_RATES:
            raise MediaError(
                f"Drop frame exists at 29.97 and 59.94 frames a second only, not at {self.nominal}: "
                "use a timecode with colons."
            )

    @classmethod
    def of(cls, rate: Fraction, *, drop_frame: bool = False) -> TimecodeRate:
        """The counting of a film at `rate` frames a second; `drop_frame` is ignored where it cannot be."""
        nominal = max(1, round(rate))
        can_drop = nominal in _DROP_FRAME_RATES and rate.denominator == 1001
        return cls(nominal, drop_frame and can_drop)

    @property
    def frames_a_day(self) -> int:
        """How many labels there are before 24 hours wrap to 00:00:00:00."""
        dropped_an_hour = 54 * self.nominal // 15 if self.drop_frame else 0
        return 24 * (3600 * self.nominal - dropped_an_hour)

    def format(self, frame: int) -> str:
        """The label of frame `frame` counted from 00:00:00:00, such as `01:00:00:00` or, dropping, `00:01:00;02`.

        Wraps at 24 hours, as recorders do; a negative count wraps backwards.
        """
        frame %= self.frames_a_day
        label = str(Timecode(self._library_rate, frames=frame + 1, force_non_drop_frame=not self.drop_frame))
        hours, minutes, seconds, frames = re.split("[:;.,]", label)
        return self._written(int(hours), minutes, seconds, int(frames))

    def parse(self, label: str) -> int:
        """The frame count of a label `hh:mm:ss:ff`; `;`, `.` and `,` before the frames are read too.

        Raises MediaError for a label that does not exist at this rate, such as 00:01:00;00 when dropping.
        """
        match = _LABEL.match(label.strip())
        if match is None:
            raise MediaError(f"“{label}” is not a timecode: write it as 01:00:00:00.")
        hours, minutes, seconds, _, frames = match.groups()
        if int(hours) > 23 or int(minutes) > 59 or int(seconds) > 59 or int(frames) >= self.nominal:
            raise MediaError(
                f"The timecode “{label}” is out of range: at most 23:59:59:{self.nominal - 1:02d} at this rate."
            )
        written = self._written(int(hours), minutes, seconds, int(frames))
        count = Timecode(self._library_rate, written, force_non_drop_frame=not self.drop_frame).frame_number
        if self.format(count) != written:
            raise MediaError(
                f"The timecode “{label}” does not exist in drop frame: the first frame numbers "
                "of each minute but every tenth are skipped. Use the next one."
            )
        return int(count)

    def _written(self, hours: int, minutes: str, seconds: str, frames: int) -> str:
        digits = max(2, len(str(self.nominal - 1)))
        return f"{hours:02d}:{minutes}:{seconds}{';' if self.drop_frame else ':'}{frames:0{digits}d}"

    @property
    def _library_rate(self) -> str:
        # whole rates count without dropping; the library drops at its names of the NTSC rates only
        return _DROP_FRAME_RATES[self.nominal] if self.drop_frame else str(self.nominal)


def means_drop_frame(label: str) -> bool:
    """Whether a written label says drop frame: a semicolon (or, from some recorders, a comma) before the frames."""
    return ";" in label or "," in label


def count_of_label(label: str, rate: Fraction) -> tuple[int, bool]:
    """The frame count that a written timecode means in a film at `rate`, and whether it drops frames.

    Raises MediaError for a label that does not exist at that rate, or drops frames where none are dropped.
    """
    drop_frame = means_drop_frame(label)
    counting = TimecodeRate.of(rate, drop_frame=drop_frame)
    if drop_frame and not counting.drop_frame:
        raise MediaError(
            f"The timecode “{label.strip()}” is drop frame, which exists at 29.97 and 59.94 frames a second only; "
            f"this film has {float(rate):g}: write it with colons."
        )
    return counting.parse(label), drop_frame
