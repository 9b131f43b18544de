"""Which frames stand for a shot: its first, middle and last clear ones, and more where the picture becomes another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.evidence import DISSOLVE_EVIDENCE, FADE_EVIDENCE, WIPE_EVIDENCE
from seamline.analysis.motion_stage import PAN, TILT, ZOOM
from seamline.analysis.shot_motion import ARM
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, SIMILARITY
from seamline.analysis.stages import EMBEDDING

Range = tuple[int, int]
Frames = NDArray[np.int64]

LEAST_SAMPLES = 3

_LEAST_APART_S = Fraction(1, 2)
_MOST_APART_S = 6
_BLIND_APART_S = 3  # where nothing is known of what changes
_FURTHEST_KEY_S = 1
_OTHER_COSINE = 0.8
"""Of the built-in encoder: below it the picture counts as another one than that of the sample before."""
_OTHER_CHANGE = 0.5
"""Of widths that the picture has moved by, and of structural similarity lost beyond what a frame of this shot usually
loses: from here on the picture counts as another one."""
_GRADUAL = (DISSOLVE_EVIDENCE, FADE_EVIDENCE, WIPE_EVIDENCE)
_BLENDED = 0.5
# 10 < mean grey < 245 is clear, as published for successor segmentation
_DARKEST, _BRIGHTEST = 10 / 255, 245 / 255
_BLIND_MARGIN_S = Fraction(1, 4)


def sample_frames(
    shots: Sequence[Range],
    rate: Fraction,
    *,
    signals: Signals | None = None,
    keyframes: Frames | None = None,
) -> Frames:
    """The numbers of the frames to embed, int64[n], strictly rising.

    Of each shot [start_frame, end_frame), of a film of `rate` frames a second: the first, the middle and the last of
    its clear frames (all, where it has fewer than three), and between them one wherever the picture has become
    another one since the sample before, at least half a second apart, and never more than six seconds. What changes
    is told by the built-in encoder's curve, else by those of motion and similarity, where `signals` has them for the
    whole shot; without either there is one every three seconds. Where `keyframes` are given, int64[k], rising, as in
    the film's index, a sample is moved to one that is near, as it costs next to nothing to decode: by less than a
    fifth of the shot, a second at most, and a quarter of a second for those between. The frames of a shot depend on
    its own range and curves alone, so a seam that moves changes those of two shots.
    """
    chosen = [shot_samples(start, end, rate, signals, keyframes) for start, end in shots]
    return np.unique(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)


def shot_samples(
    start_frame: int,
    end_frame: int,
    rate: Fraction,
    signals: Signals | None = None,
    keyframes: Frames | None = None,
) -> Frames:
    """Those of one shot, int64[n >= 1]."""
    start, end = clear_part(start_frame, end_frame, rate, signals)
    if end - start <= LEAST_SAMPLES:
        return np.arange(start, end, dtype=np.int64)
    keys = _Keyframes(start, end, keyframes)
    # so little that no two of the three come to the same
    reach = min((end - start - 2) // 5, round(_FURTHEST_KEY_S * rate))
    anchors = [keys.near(frame, reach) for frame in (start, (start + end - 1) // 2, end - 1)]
    least = max(1, round(_LEAST_APART_S * rate))
    changes = _Changes(start_frame, end_frame, rate, signals)
    between = changes.samples(anchors[0], anchors[1], least) + changes.samples(anchors[1], anchors[2], least)
    moved = [keys.near(frame, least // 2) for frame in between]
    return np.array(sorted({*anchors, *moved}), np.int64)


class _Keyframes:
    """Those of the frames [start, end)."""

    def __init__(self, start: int, end: int, keyframes: Frames | None) -> None:
        self._frames = np.empty(0, np.int64)
        if keyframes is not None:
            low, high = np.searchsorted(keyframes, (start, end))
            self._frames = keyframes[low:high]

    def near(self, frame: int, reach: int) -> int:
        """The one nearest to `frame`, the earlier of two, if it is no more than `reach` away; else `frame`."""
        if not len(self._frames):
            return frame
        nearest = int(self._frames[np.abs(self._frames - frame).argmin()])
        return nearest if abs(nearest - frame) <= reach else frame


def clear_part(start_frame: int, end_frame: int, rate: Fraction, signals: Signals | None = None) -> Range:
    """The frames of the shot [start_frame, end_frame) without those of dissolves, fades and wipes, and without blank
    ones, at its ends: [start, end), never less than a third of them, nor less than three where it has three.

    Where the curves of the seam network are not known, a quarter of a second, but no more than an eighth of the
    shot, is left out at both ends.
    """
    if not 0 <= start_frame < end_frame:
        raise ValueError(f"A shot needs 0 <= start < end, not {start_frame} and {end_frame}.")
    length = end_frame - start_frame
    most = min(length // 3, max(0, length - LEAST_SAMPLES) // 2)
    known = signals is not None and signals.done_frames(*_GRADUAL, BRIGHTNESS) >= end_frame
    if signals is None or not known:
        margin = min(round(_BLIND_MARGIN_S * rate), length // 8, most)
        return start_frame + margin, end_frame - margin
    part = slice(start_frame, end_frame)
    brightness = signals[BRIGHTNESS][part]
    is_blank = (brightness <= _DARKEST) | (brightness >= _BRIGHTEST)
    # the gap behind each frame; of the blend's last gap, the frame behind it is clear
    gap = (
        np.max([signals[name][max(0, start_frame - 1) : end_frame] for name in _GRADUAL], axis=0) >= _BLENDED
    )
    behind, ahead = gap[-length:], gap[:length] if len(gap) > length else np.append(False, gap[:-1])
    return start_frame + _run(is_blank | behind, most), end_frame - _run((is_blank | ahead)[::-1], most)


def _run(flags: NDArray[np.bool_], most: int) -> int:
    """How many are set before the first that is not, `most` at most."""
    clear = np.flatnonzero(~flags)
    return min(most, int(clear[0])) if len(clear) else most


class _Changes:
    """Where in a shot the picture becomes another one."""

    def __init__(self, start_frame: int, end_frame: int, rate: Fraction, signals: Signals | None) -> None:
        self._most = max(1, round(_MOST_APART_S * rate))
        self._blind = max(1, round(_BLIND_APART_S * rate))
        self._signals = signals
        self._rows: NDArray[np.float32] | None = None
        self._every = 1
        self._start = start_frame
        self._paths: NDArray[np.float64] | None = None
        if signals is None:
            return
        every = signals.every_frames(EMBEDDING)
        rows = signals.known(EMBEDDING)
        if len(rows) and signals.done_frames(EMBEDDING) >= end_frame:
            self._rows, self._every = rows, every
        elif signals.done_frames(PAN, TILT, ZOOM, SIMILARITY) >= end_frame:
            self._paths = _paths(signals, start_frame, end_frame)

    def samples(self, low: int, high: int, least: int) -> list[int]:
        """Those between the samples `low` and `high`, at least `least` frames from each other and from both."""
        found: list[int] = []
        last = low
        if self._rows is not None:
            first = -(-(low + least) // self._every)
            places = range(first * self._every, high - least + 1, self._every)
        else:
            places = range(low + least, high - least + 1, least)
        for place in places:
            if place - last < least:
                continue
            if self._is_other(last, place, next_gap=least if self._rows is None else self._every):
                found.append(place)
                last = place
        return found

    def _is_other(self, last: int, place: int, next_gap: int) -> bool:
        if place + next_gap - last > self._most:
            return True
        if self._rows is not None:
            cosine = float(self._rows[round(last / self._every)] @ self._rows[place // self._every])
            return cosine < _OTHER_COSINE
        if self._paths is not None:
            a, b = self._paths[[last - self._start, place - self._start]]
            return float(np.abs(b - a).sum()) >= _OTHER_CHANGE
        return place + next_gap - last > self._blind


def _paths(signals: Signals, start_frame: int, end_frame: int) -> NDArray[np.float64]:
    """Of each frame of the shot how far the picture has come since its first, right, down, nearer and changed:
    float64[frames, 4]. The step into the first frame comes from another shot and does not count."""
    part = slice(start_frame + 1, end_frame)
    pan, tilt, zoom, similarity = (
        signals[name][part].astype(np.float64) for name in (PAN, TILT, ZOOM, SIMILARITY)
    )
    lost = 1 - similarity
    usual = np.median(lost) if len(lost) else 0.0
    steps = np.stack([pan, tilt * 9 / 16, zoom * ARM, np.maximum(lost - usual, 0)], axis=1)
    return np.concatenate([np.zeros((1, 4)), np.cumsum(np.nan_to_num(steps), axis=0)])
