"""Numbering a film's frames from its packets, without decoding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.container import opened, reason_of
from seamline.media.timebase import FrameIndex, snap_rate
from seamline.progress import Progress

_STEP_PACKETS = 512


def index_frames(path: Path, *, progress: Progress | None = None) -> FrameIndex:
    """Every frame of the film at `path`, numbered in presentation order.

    Frames that an edit list leaves out are not numbered, as no player shows them. Progress counts bytes.
    Raises MediaError if there is no packet with a picture, or Cancelled.
    """
    pts: list[int | None] = []
    key: list[bool] = []
    last_duration = 0
    with opened(path) as (container, stream):
        time_base = Fraction(stream.time_base or Fraction(1, 1000))
        rates = [Fraction(r) for r in (stream.average_rate, stream.base_rate) if r]
        total_bytes = max(1, path.stat().st_size)
        try:
            for count, packet in enumerate(container.demux(stream)):
                if packet.size and not packet.is_discard:
                    pts.append(packet.pts)
                    key.append(packet.is_keyframe)
                    last_duration = packet.duration or last_duration
                if progress is not None and count % _STEP_PACKETS == 0:
                    progress.step(min(packet.pos or 0, total_bytes), total_bytes)
        except (OSError, ValueError, av.FFmpegError) as error:
            if not pts:
                raise MediaError(
                    f"“{path.name}” cannot be read ({reason_of(error)}): copy it again."
                ) from error
            # it breaks half-way: the frames up to there are the film
    if not pts:
        raise MediaError(f"“{path.name}” holds no frame: it is damaged. Export or copy it again.")
    times = _completed(pts)
    order = np.argsort(times, kind="stable")
    times = _strictly_rising(times[order])
    keyframes = np.flatnonzero(np.asarray(key)[order]).astype(np.int64)
    rate = _grid_rate(times, time_base, rates)
    step = last_duration or max(1, round(1 / (rate * time_base)))
    return FrameIndex(times, time_base, rate, keyframes, int(times[-1]) + step)


def _completed(pts: list[int | None]) -> NDArray[np.int64]:
    """`pts` with missing times put in the holes they left (in some transport streams), else after the end."""
    known = np.array(sorted(p for p in pts if p is not None), np.int64)
    missing = len(pts) - len(known)
    if len(known) == 0:
        return np.arange(len(pts), dtype=np.int64)
    if not missing:
        return np.array(pts, np.int64)
    steps = np.diff(known)
    step = max(1, int(np.median(steps))) if len(steps) else 1
    holes: list[int] = []
    for start, gap in zip(known[:-1], steps, strict=True):
        holes += [int(start) + step * k for k in range(1, round(int(gap) / step))]
    while len(holes) < missing:
        holes.append(max(int(known[-1]), holes[-1] if holes else 0) + step)
    fill = iter(holes)
    return np.array([next(fill) if p is None else p for p in pts], np.int64)


def _strictly_rising(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """`times` (rising) with every repeated time moved a tick behind the one before."""
    if np.all(np.diff(times) > 0):
        return times
    ticks = np.arange(len(times), dtype=np.int64)
    return np.maximum.accumulate(times - ticks) + ticks


def _grid_rate(times: NDArray[np.int64], time_base: Fraction, rates: list[Fraction]) -> Fraction:
    """The constant rate that the times keep; at variable rate, the one that the container counts on."""
    plausible = [r for r in rates if Fraction(1, 2) <= r <= 1000]
    if len(times) < 2:
        return snap_rate(plausible[0]) if plausible else Fraction(25)
    mean_rate = Fraction(len(times) - 1) / (Fraction(int(times[-1] - times[0])) * time_base)
    steps = np.diff(times)
    # constant: all steps alike but for what the container's clock rounds
    if int(steps.max() - steps.min()) <= 1:
        close = [r for r in plausible if abs(r - mean_rate) <= mean_rate / 200]
        return snap_rate(close[0] if close else mean_rate)
    usual_rate = 1 / (Fraction(int(np.median(steps))) * time_base)
    # the container's base rate counts every frame there could be; 90000 and the like are only its clock
    counted = [r for r in reversed(plausible) if usual_rate / 2 <= r <= min(Fraction(240), usual_rate * 5)]
    return snap_rate(counted[0] if counted else usual_rate)
