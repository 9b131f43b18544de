"""What an analysis ran at: kept with its results, shown to the user."""

from __future__ import annotations

import dataclasses
import json
import math
import time
from dataclasses import dataclass
from typing import Any

import psutil

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RunReport:
    """What an analysis ran at. `analysed_frames` were computed in this run, the others came from the cache.

    `missing_frames` of the film have no picture of their own: it is damaged there. `cpu_seconds` are those of
    all processors together and `peak_memory_mib` the largest resident size seen, both of the whole program.
    `failures`: a sentence for each step that stopped before the film's end.
    """

    frame_count: int
    analysed_frames: int
    missing_frames: int
    seconds: float
    device: str
    cpu_seconds: float = 0.0
    peak_memory_mib: float = 0.0
    failures: tuple[str, ...] = ()

    @property
    def frames_per_s(self) -> float:
        return self.analysed_frames / self.seconds if self.seconds > 0 else 0.0

    @property
    def processors_busy(self) -> float:
        """How many processors worked on average."""
        return self.cpu_seconds / self.seconds if self.seconds > 0 else 0.0

    @property
    def damage(self) -> str | None:
        """What to tell the user of frames without a picture, None where there are none."""
        if not self.missing_frames:
            return None
        frames = "1 frame" if self.missing_frames == 1 else f"{self.missing_frames} frames"
        return (
            f"{frames} of this film cannot be decoded; the picture before stands in there. "
            "Copy the film again if it should be whole."
        )

    def to_json(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> RunReport:
        """Raises ValueError for anything but what `to_json` writes."""
        fields: Any = json.loads(text)
        kinds = {field.name: field.type for field in dataclasses.fields(cls)}
        if not isinstance(fields, dict) or fields.keys() != kinds.keys():
            raise ValueError("a run report has exactly the fields " + ", ".join(kinds))
        fields["failures"] = tuple(str(failure) for failure in fields["failures"])
        whole = ("frame_count", "analysed_frames", "missing_frames")
        if not isinstance(fields["device"], str) or not all(type(fields[name]) is int for name in whole):
            raise ValueError("counts are whole numbers, the device is a word")
        for name in ("seconds", "cpu_seconds", "peak_memory_mib"):
            fields[name] = float(fields[name])
            if not math.isfinite(fields[name]):
                raise ValueError(f"{name} must be finite")
        return cls(**fields)


class RunMeter:
    """Time, processor time and memory of this program from now on."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._began, self._cpu_began = time.monotonic(), time.process_time()
        self.peak_memory_mib = 0.0
        self.look()

    def look(self) -> None:
        """Note the memory in use now. Takes some 20 microseconds."""
        self.peak_memory_mib = max(self.peak_memory_mib, self._process.memory_info().rss / _MIB)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def cpu_seconds(self) -> float:
        return time.process_time() - self._cpu_began
