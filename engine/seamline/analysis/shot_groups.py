"""Which shots of a film were taken together: the same set-up, the same scene, the very same frames again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.shot_groups_pairs import ShotPairs, ShotPictures, alike_pairs, pictures_of
from seamline.analysis.shot_groups_repeats import MotionCurves, likeliest_earlier, repeated_frames
from seamline.analysis.shot_groups_setups import (
    SAME_GROUP_01,
    SAME_SETUP_01,
    SAME_TITLE_01,
    FootageModel,
    groups_of,
    pair_probabilities,
)
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, CONTRAST
from seamline.models.same_footage import shipped_model
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range

__all__ = ["FootageModel", "GroupRule", "group_shots"]

_BLANK_CONTRAST = 0.02  # standard deviation of luma, 0 to 1: a picture of one tone
_DARK, _LIGHT = 0.12, 0.88  # mean luma: nearly all black or white, as titles are
_SAME_TONE_SHARE = 0.15  # of brightness and of contrast, by which two pictures of the same title may differ
_MOST_LOOKED_AT = 4  # earlier shots that a shot may repeat


@dataclass(frozen=True, slots=True)
class GroupRule:
    """`same_setup_01`, `same_group_01`: how likely two pictures must be the same footage, and two groups on average;
    they go with the model. A set-up that comes again within `scene_frames` is of the same scene still: half a
    minute at 25 frames a second."""

    same_setup_01: float = SAME_SETUP_01
    same_group_01: float = SAME_GROUP_01
    scene_frames: int = 750


def group_shots(
    vectors: FrameVectors,
    shots: Sequence[Range],
    model: FootageModel | None = None,
    *,
    signals: Signals | None = None,
    rule: GroupRule | None = None,
    progress: Progress | None = None,
) -> tuple[ShotFootage, ...]:
    """What each of the `shots`, which are in order, shares with others; those without a vector are left out.

    **Set-ups**: pairs of shots whose most alike pictures are probably the same footage are joined, the likeliest
    first, unless what they are groups of by then is unlike on average. `model` is that of the vectors' encoder; without
    one, they are taken for those of the encoder that comes with Seamline. **Scenes**: shots between two of the same
    set-up, one soon after the other (Yeung, Yeo and Liu, Segmentation of video by clustering and graph analysis,
    Computer Vision and Image Understanding 71(1), 1998: scenes are where the graph of set-ups falls apart).
    **Repeats** need `signals`: see `shot_groups_repeats`.

    With `signals`, frames that fade or are black for a while do not count; a shot of one tone, such as black, is a
    set-up of its own; and dark or light shots, such as titles, share one only where they are nearly the same picture of
    the same tone. Without, black is a set-up as any.

    The same input gives the same numbers, which count in order of first appearance. Raises Cancelled by `progress`.
    """
    model, rule = model or shipped_model(), rule or GroupRule()
    tones = _tones(signals)
    pictures = pictures_of(vectors, shots, None if tones is None else tones[:, 1])
    ranges = [shots[place] for place in pictures.shots.tolist()]
    if not ranges:
        return ()
    pairs = alike_pairs(pictures, progress=progress)
    likely = pair_probabilities(pictures, pairs, model, progress=progress)
    needed = np.full(len(likely), rule.same_setup_01, np.float32)
    if tones is not None:
        _be_strict(needed, pictures, pairs, tones)
    pairs, likely = _some(pairs, likely >= needed), likely[likely >= needed]
    groups = groups_of(pictures, pairs, likely, model, same_group_01=rule.same_group_01)
    setups = _numbered(groups)
    curves = None if signals is None else MotionCurves.of(signals)
    repeats = [None] * len(ranges) if curves is None else _repeats(ranges, pairs, curves, progress)
    scenes = scenes_of(ranges, setups, rule.scene_frames, [each is not None for each in repeats])
    return tuple(
        ShotFootage(start, end, setup, scene, again, confidence)
        for (start, end), setup, scene, again, confidence in zip(
            ranges,
            setups,
            scenes,
            repeats,
            _confidences(groups, pairs, likely, rule.same_setup_01),
            strict=True,
        )
    )


def _repeats(
    shots: Sequence[Range], pairs: ShotPairs, curves: MotionCurves, progress: Progress | None
) -> list[Range | None]:
    earlier = likeliest_earlier(len(shots), pairs.first, pairs.second, pairs.cosines, _MOST_LOOKED_AT)
    starts = [start for start, _ in shots]
    found: list[Range | None] = []
    for place, shot in enumerate(shots):
        if progress is not None:
            progress.step(place, len(shots))
        places = set(earlier[place])
        # of what is shown a third time, the first time is told
        origins = (found[at] for at in earlier[place])
        places.update(bisect_right(starts, frames[0]) - 1 for frames in origins if frames is not None)
        is_known = bool(places) and shot[1] <= len(curves)
        found.append(
            repeated_frames(curves, shot, [shots[at] for at in sorted(places)]) if is_known else None
        )
    return found


def scenes_of(
    shots: Sequence[Range], setups: Sequence[int], scene_frames: int, are_repeats: Sequence[bool]
) -> list[int]:
    """For each shot its scene, from 1: one begins where no set-up from before comes again within so many frames.

    What is shown again, such as in a flashback, ties nothing to where it was first.
    """
    last: dict[int, int] = {}
    reaches = list(range(len(shots)))  # the last shot that each one is tied to
    for place, setup in enumerate(setups):
        if are_repeats[place]:
            continue
        before = last.get(setup)
        if before is not None and shots[place][0] - shots[before][1] <= scene_frames:
            reaches[before] = place
        last[setup] = place
    scenes, scene, reach = [], 0, -1
    for place, tied in enumerate(reaches):
        if place > reach:
            scene += 1
        reach = max(reach, tied)
        scenes.append(scene)
    return scenes


def _be_strict(
    needed: NDArray[np.float32], pictures: ShotPictures, pairs: ShotPairs, tones: NDArray[np.float32]
) -> None:
    """Ask more of pairs whose pictures show little. `tones`: brightness and contrast of frames, float32[frames, 2]."""
    first = pictures.frames[pairs.first, pairs.first_picture]
    second = pictures.frames[pairs.second, pairs.second_picture]
    is_known = np.maximum(first, second) < len(tones)
    one, other = tones[np.where(is_known, first, 0)], tones[np.where(is_known, second, 0)]
    is_extreme = np.all([(each[:, 0] < _DARK) | (each[:, 0] > _LIGHT) for each in (one, other)], axis=0)
    is_unlike = (np.abs(one - other) > _SAME_TONE_SHARE * np.maximum(one, other)).any(1)
    is_blank = np.minimum(one[:, 1], other[:, 1]) < _BLANK_CONTRAST
    needed[is_known & is_extreme] = np.maximum(needed[is_known & is_extreme], SAME_TITLE_01)
    needed[is_known & (is_blank | (is_extreme & is_unlike))] = np.inf


def _tones(signals: Signals | None) -> NDArray[np.float32] | None:
    if signals is None or BRIGHTNESS not in signals or CONTRAST not in signals:
        return None
    known = signals.done_frames(BRIGHTNESS, CONTRAST)
    return (
        np.stack([signals.known(name)[:known] for name in (BRIGHTNESS, CONTRAST)], axis=1) if known else None
    )


def _some(pairs: ShotPairs, which: NDArray[np.bool_]) -> ShotPairs:
    return ShotPairs(
        pairs.first[which],
        pairs.second[which],
        pairs.first_picture[which],
        pairs.second_picture[which],
        pairs.cosines[which],
    )


def _numbered(groups: NDArray[np.int64]) -> list[int]:
    """From 1 in order of first appearance."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(group, len(numbers) + 1) for group in groups.tolist()]


def _confidences(
    groups: NDArray[np.int64], pairs: ShotPairs, likely: NDArray[np.float32], needed_01: float
) -> list[float]:
    """How likely each shot is of the same footage as another of its group: 0.5 where that is just enough.

    1 for one that stands alone.
    """
    sure = np.full(len(groups), needed_01)
    inside = groups[pairs.first] == groups[pairs.second]
    for side in (pairs.first, pairs.second):
        np.maximum.at(sure, side[inside], likely[inside].astype(np.float64))
    is_alone = np.bincount(groups, minlength=len(groups))[groups] == 1
    scaled = 1 - 0.5 * (1 - sure) / max(1 - needed_01, 1e-9)
    return [float(value) for value in np.where(is_alone, 1, np.clip(scaled, 0, 1))]
