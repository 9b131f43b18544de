"""Why two shots would cut together, in words that are true of both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_tables import Array, ShotEdges
from seamline.analysis.match_words import (
    Movement,
    camera_moves,
    camera_words,
    figure_place,
    flow_words,
    is_still,
    leading_lines,
    lighter_side,
    subject_place,
    thing_words,
)
from seamline.project.match_cuts import MatchKind

_MOST_PHRASES = 2
_SAME_SPEED, _LIKE_SPEED = 0.75, 0.5
_SAME_SIZE = 1.25
_MOST = 0.5
_SAME_WAY = 0.6
_STRONG = {"figures": 0.4, "subject": 0.35, "mass": 0.6, "light": 0.5, "lines": 0.4, "colour": 0.7}
"""From where on a measure is worth a phrase."""
_WEIGHTS = {"figures": 2.0, "subject": 1.5, "mass": 1.0, "light": 1.0, "lines": 1.0, "colour": 0.5}


def reason_of(
    tails: ShotEdges, heads: ShotEdges, out: int, into: int, kind: MatchKind, features: Array
) -> str:
    """A sentence without its full stop, such as “Both faces left of centre; pan left at the same speed”.

    `features`: float32[len(PAIR_FEATURES)] of the pair; what it is most alike by comes first, of its kind.
    """
    values = dict(zip(PAIR_FEATURES, features.tolist(), strict=True))
    frame = list(_frame_phrases(tails, heads, out, into, values))
    motion = list(_motion_phrases(tails, heads, out, into, values))
    if kind is MatchKind.MOTION:
        phrases = motion[:_MOST_PHRASES] + frame[:1]
    else:
        phrases = frame[:_MOST_PHRASES] + motion[:1]
    if kind is MatchKind.MOTION and not motion:
        phrases.insert(0, "motion somewhat alike")
    if not phrases:
        phrases.append("composition somewhat alike")
    sentence = "; ".join(phrases)
    return sentence[0].upper() + sentence[1:]


def _frame_phrases(
    tails: ShotEdges, heads: ShotEdges, out: int, into: int, values: dict[str, float]
) -> Iterator[str]:
    """What is alike in the two frames, the strongest first."""
    a, b = tails.tails, heads.heads
    told = {
        "figures": _figure_phrase(a.figures[out], b.figures[into]),
        "subject": _mass_phrase(a.mass[out], b.mass[into]),
        "mass": "the same parts of the frame stand out",
        "light": _light_phrase(a.light[out], b.light[into]),
        "lines": _lines_phrase(a.lines[out], b.lines[into]),
        "colour": "alike in colour",
    }
    strong = [name for name in told if values[name] >= _STRONG[name]]
    for name in sorted(strong, key=lambda name: -values[name] * _WEIGHTS[name]):
        said_better = name == "mass" and "subject" in strong
        if told[name] is not None and not said_better:
            yield str(told[name])


def _figure_phrase(a: Array, b: Array) -> str | None:
    first, second = figure_place(a), figure_place(b)
    if first is None or second is None or first[0] != second[0]:
        return None
    size = ", of one size" if max(a[3], b[3]) <= _SAME_SIZE * min(a[3], b[3]) else ""
    if first == second:
        return f"both {first[0]} {first[1]}{size}"
    return f"{first[0]} in nearly the same place{size}"


def _mass_phrase(a: Array, b: Array) -> str:
    first, second = subject_place(a), subject_place(b)
    if first is not None and first == second:
        return f"what stands out is {first} in both"
    return "what stands out is in nearly the same place"


def _light_phrase(a: Array, b: Array) -> str:
    first, second = lighter_side(a), lighter_side(b)
    if first is not None and first == second:
        return f"both lighter {first}"
    return "light and dark in the same places"


def _lines_phrase(a: Array, b: Array) -> str:
    first, second = leading_lines(a), leading_lines(b)
    if first is not None and first == second:
        return f"{first} in both"
    return "lines that run alike"


def _motion_phrases(
    tails: ShotEdges, heads: ShotEdges, out: int, into: int, values: dict[str, float]
) -> Iterator[str]:
    """What moves alike."""
    a, b = tails.tails, heads.heads
    one, other = (a.flow[out], a.camera[out], a.thing[out]), (b.flow[into], b.camera[into], b.thing[into])
    first, second = camera_words(a.camera[out]), camera_words(b.camera[into])
    told_camera = first is not None and second is not None and first.words == second.words
    if first is not None and second is not None and told_camera:
        yield f"{first.words} {_speeds(first, second)}"
    going, coming = thing_words(a.thing[out]), thing_words(b.thing[into])
    is_thing = going is not None and coming is not None and going.words == coming.words
    if not is_thing and not camera_moves(a.camera[out]) and not camera_moves(b.camera[into]):
        # beside a camera that moves, what shows none of that, as a plain sky, would seem to go the other way
        going, coming = flow_words(a.flow[out]), flow_words(b.flow[into])
    if going is not None and coming is not None and going.words == coming.words:
        is_most = not is_thing and min(going.share, coming.share) > _MOST
        what = "most of the picture" if is_most else "something"
        yield f"{what} moves {going.words} in both, {_speeds(going, coming)}"
    elif not told_camera and _cosine(a.flow[out], b.flow[into]) >= _SAME_WAY and values["moving"] > 0:
        yield "the same parts of the frame move the same way"
    elif is_still(*one) and is_still(*other):
        yield "both still"


def _cosine(a: Array, b: Array) -> float:
    return float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)


def _speeds(first: Movement, second: Movement) -> str:
    ratio = min(first.speed, second.speed) / max(first.speed, second.speed)
    if ratio >= _SAME_SPEED:
        return "at the same speed"
    if ratio >= _LIKE_SPEED:
        return "at about the same speed"
    return "faster going out" if first.speed > second.speed else "faster coming in"
