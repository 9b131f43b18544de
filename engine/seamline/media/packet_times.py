"""Which of the times that a film's packets tell can be true."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.timebase import Int64Array

# Between decoding and showing, no usual encoder moves a picture further than one group of 32 (H.266; H.264 has 16)
_REORDERED_PACKETS = 32
_LEAST_RUN = 8
_JOINED_SHARE = (
    20  # so much of a film (its twentieth) is not damaged in one piece: it was joined from several
)


def without_wrong_times(pts: list[int | None], path: Path) -> list[int | None]:
    """`pts` (in decoding order) with None for those that damage has put far from where the packet lies.

    Raises MediaError if the times begin again on the way: frames of one time cannot be told apart.
    """
    places = np.array([place for place, time in enumerate(pts) if time is not None], np.int64)
    times = np.array([time for time in pts if time is not None], np.int64)
    moved = np.argsort(times, kind="stable") - np.arange(len(times))
    if len(times) == 0 or np.abs(moved).max() <= _REORDERED_PACKETS:
        return pts
    wrong = _far_from_their_place(times)
    if _longest_run(wrong) > max(_LEAST_RUN, len(times) // _JOINED_SHARE):
        raise MediaError(
            f"The clock of “{path.name}” begins again on the way, as in files that were joined byte by byte: "
            "convert it to MP4 or MOV with another program, then open that."
        )
    told = list(pts)
    for place in places[wrong]:
        told[place] = None
    return told


def _far_from_their_place(times: Int64Array) -> NDArray[np.bool_]:
    """Those that lie outside what the longest rising run of times says before and behind them."""
    rising = _longest_rising(times)
    values = times[rising]
    numbers = np.arange(len(times))
    before = np.searchsorted(rising, numbers - _REORDERED_PACKETS, side="right") - 1
    behind = np.searchsorted(rising, numbers + _REORDERED_PACKETS)
    lowest = np.where(before >= 0, values[before.clip(0)], np.iinfo(np.int64).min)
    highest = np.where(behind < len(rising), values[behind.clip(max=len(rising) - 1)], np.iinfo(np.int64).max)
    wrong: NDArray[np.bool_] = (times < lowest) | (times > highest)
    return wrong


def _longest_rising(times: Int64Array) -> Int64Array:
    """The numbers of the longest subsequence that does not fall (patience sorting; Fredman, 1975)."""
    tails: list[int] = []
    tail_numbers: list[int] = []
    previous = np.full(len(times), -1, np.int64)
    for number, time in enumerate(times.tolist()):
        at = bisect_right(tails, time)
        previous[number] = tail_numbers[at - 1] if at else -1
        tails[at : at + 1] = [time]
        tail_numbers[at : at + 1] = [number]
    chain = [tail_numbers[-1]]
    while (number := int(previous[chain[-1]])) >= 0:
        chain.append(number)
    return np.array(chain[::-1], np.int64)


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
