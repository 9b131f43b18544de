"""Numbering a film's frames from its packets, without decoding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.container import opened, reason_of
from seamline.media.packet_times import without_wrong_times
from seamline.media.packets import packets_of
from seamline.media.timebase import FrameIndex, snap_rate
from seamline.progress import Progress

_STEP_PACKETS = 512
_PLAUSIBLE_RATES = (Fraction(1, 2), Fraction(1000))
_USUAL_RATE = Fraction(25)


def index_frames(path: Path, *, progress: Progress | None = None) -> FrameIndex:
    """Every frame of the film at `path`, numbered in presentation order.

    Frames that an edit list leaves out are not numbered, as no player shows them. Progress counts bytes.
    A time that damage has put far off is not believed. Raises MediaError if there is no packet with a picture or
    if the clock begins again on the way, or Cancelled.
    """
    pts: list[int | None] = []
    key: list[bool] = []
    last_duration = 0
    with opened(path) as (container, stream):
        time_base = Fraction(stream.time_base or Fraction(1, 1000))
        rates = [Fraction(r) for r in (stream.average_rate, stream.base_rate) if r]
        total_bytes = max(1, path.stat().st_size)
        try:
            for count, packet in enumerate(packets_of(container, stream)):
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
    plausible = [r for r in rates if _PLAUSIBLE_RATES[0] <= r <= _PLAUSIBLE_RATES[1]]
    told_rate = plausible[0] if plausible else _USUAL_RATE
    told = without_wrong_times(pts, path)
    times = _completed(told, max(1, round(1 / (told_rate * time_base))))
    order = np.argsort(times, kind="stable")
    told_times = times[order]
    times = _strictly_rising(told_times)
    keyframes = np.flatnonzero(np.asarray(key)[order]).astype(np.int64)
    rate = _grid_rate(np.unique(told_times), time_base, plausible)
    step = last_duration or max(1, round(1 / (rate * time_base)))
    return FrameIndex(times, time_base, rate, keyframes, int(times[-1]) + step)


def _completed(pts: list[int | None], told_step: int) -> NDArray[np.int64]:
    """`pts` (in decoding order) with missing times put where they must have been.

    Those before the first that is known lie before it; the others in the holes they left (in some transport
    streams), else after the end. `told_step` is from frame to frame where none is known.
    """
    known = np.array(sorted(p for p in pts if p is not None), np.int64)
    missing = len(pts) - len(known)
    if len(known) == 0:
        return np.arange(len(pts), dtype=np.int64) * told_step
    if not missing:
        return np.array(pts, np.int64)
    steps = np.diff(known)
    step = max(1, int(np.median(steps))) if len(steps) else told_step
    leading = next(place for place, time in enumerate(pts) if time is not None)
    fills = [int(known[0]) - step * k for k in range(leading, 0, -1)]
    for at in np.flatnonzero(steps >= 1.5 * step):
        # no more than are missing: a hole may be years long
        count = min(round(int(steps[at]) / step) - 1, missing - len(fills))
        fills += [int(known[at]) + step * k for k in range(1, count + 1)]
    fills += [int(known[-1]) + step * k for k in range(1, missing - len(fills) + 1)]
    fill = iter(fills)
    return np.array([next(fill) if p is None else p for p in pts], np.int64)


def _strictly_rising(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """`times` (rising) with every repeated time moved a tick behind the one before."""
    if np.all(np.diff(times) > 0):
        return times
    ticks = np.arange(len(times), dtype=np.int64)
    return np.maximum.accumulate(times - ticks) + ticks


def _grid_rate(times: NDArray[np.int64], time_base: Fraction, plausible: list[Fraction]) -> Fraction:
    """The constant rate that the times (each once) keep; at variable rate, the one that the container counts on."""
    told_rate = snap_rate(plausible[0]) if plausible else _USUAL_RATE
    if len(times) < 2:
        return told_rate
    mean_rate = Fraction(len(times) - 1) / (Fraction(int(times[-1] - times[0])) * time_base)
    steps = np.diff(times)
    # constant: all steps alike but for what the container's clock rounds
    if int(steps.max() - steps.min()) <= 1 and mean_rate <= _PLAUSIBLE_RATES[1]:
        close = [r for r in plausible if abs(r - mean_rate) <= mean_rate / 200]
        return snap_rate(close[0] if close else mean_rate)
    usual_rate = 1 / (Fraction(int(np.median(steps))) * time_base)
    if usual_rate > _PLAUSIBLE_RATES[1]:
        return told_rate  # a count of ticks, no clock
    # the container's base rate counts every frame there could be; 90000 and the like are only its clock
    counted = [r for r in reversed(plausible) if usual_rate / 2 <= r <= min(Fraction(240), usual_rate * 5)]
    return snap_rate(counted[0] if counted else usual_rate)
