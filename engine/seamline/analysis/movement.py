"""What the camera does in a shot, from the curves of its motion.

All is measured over the shot, in seconds and in widths of the picture, so that the same move has the same name at any
frame rate. A zoom of ln s and a turn of a radians count as .3 s and .3 a widths: that is how far they move the
picture's points on average. Each of pan, tilt, zoom and roll has a path, smoothed over .6 s; its range is the way
between the furthest points.

- `STATIC`: no range reaches 1.25 % of the width (a zoom of 4 %, a turn of 2.4 degrees; more in shots over 8 s: what
  is slower than .16 % a second one hardly sees) and 7.5 times the shake of a hand (both ways); and all shake, the root
  of the mean square of what smoothing took away, is below .08 %, or more where less than .8 of the picture
  follows: a tripod trembles as much. What puts each picture off by itself, as an old projector's gate does, is no
  shake.
- `HANDHELD`: the same, but it shakes more. So is what would be mixed, but goes less than 25 times its shake: a hand
  that sways and wanders.
- The pans, tilts, push, pull and roll: one range is the largest by far and its path ends away from where it began, by
  half the range or more. How fast does not matter, nor whether the camera stands before and after, nor whether it is
  held by hand.
- `PUSH` and `PULL`: zooms and travels alike. The point that the camera nears may lie beside the middle: that
  moves the whole picture too, by up to .75 times the zoom's range.
- `MIXED`: a second range is above .48 of the largest, at the same time or in turn (pan and tilt: a diagonal of more
  than 26 degrees), or the path returns by more than half.
- Unsure: less than .25 s or 4 steps, no motion to be seen in half of it, or a confidence below .5; and what moves over
  a ground that is black by two thirds, since lettering that rolls over black is no tilt (so is a light in the dark).

The thresholds lie between what stands still (.6 %) and moves (2 %), trembles (.03 %) and shakes (.1 % in each way),
is one move (.33) and two (.62), in `seamline.evaluation.movement_camera`; measured with
`python -m seamline.evaluation.movement_set`.
"""

from __future__ import annotations

import math
from fractions import Fraction

from seamline.analysis.shot_motion import DOWN, NEARER, RIGHT, TURNED, ShotMotion, shot_motion
from seamline.analysis.signals import Signals
from seamline.project.labels import Label, Movement

_LEAST_MOVE = 0.0125
_LEAST_SHAKE = 0.0008
_LEAST_OVER_SHAKE = 7.5
_LEAST_OVER_WANDER = 25.0
_LONG_S = 8.0
_ENOUGH_INLIERS = 0.8
_MIXED_SHARE = 0.48
_ASIDE_SHARE = 0.75
_LEAST_STAYED = 0.5

_LEAST_S, _LEAST_STEPS = 0.25, 4
_LEAST_KNOWN = 0.5
_MOST_BLANK = 0.65
_LEAST_CONFIDENCE = 0.5

# A logistic regression on whether the movement said is right, fitted to 400 shots of tuning seeds 1 to 3
_BIAS, _OF_MARGIN, _OF_INLIERS = -3.8, 3.8, 5.9
_MOST_MARGIN, _MOST_INLIERS = 0.7, 0.8

_WAYS = {
    RIGHT: (Movement.PAN_LEFT, Movement.PAN_RIGHT),
    DOWN: (Movement.TILT_UP, Movement.TILT_DOWN),
    NEARER: (Movement.PULL, Movement.PUSH),
    TURNED: (Movement.ROLL, Movement.ROLL),
}


def movement_of(signals: Signals, start_frame: int, end_frame: int, rate: Fraction) -> Label[Movement] | None:
    """The movement in the frames [start_frame, end_frame) of a film of `rate` frames a second.

    None while the curves of `MotionStage` are not known up to the end. The label's value is None where nothing sure
    can be said; its confidence is then that of the best guess, or 0 if there is none.
    """
    motion = shot_motion(signals, start_frame, end_frame, rate)
    return None if motion is None else named(motion)


def named(motion: ShotMotion) -> Label[Movement]:
    """The movement that these lengths are."""
    if motion.seconds < _LEAST_S or motion.steps < _LEAST_STEPS or motion.known < _LEAST_KNOWN:
        return Label(None, 0.0)
    movement, margin = _nearest(motion)
    confidence = confidence_01(margin, motion)
    is_lettering = motion.blank >= _MOST_BLANK and movement is not Movement.STATIC
    return Label(None if is_lettering or confidence < _LEAST_CONFIDENCE else movement, confidence)


def confidence_01(margin: float, motion: ShotMotion) -> float:
    """How surely the movement is right, by how far it is from being another and how much of the picture followed."""
    odds = _BIAS + _OF_MARGIN * min(margin, _MOST_MARGIN) + _OF_INLIERS * min(motion.inliers, _MOST_INLIERS)
    return 1 / (1 + math.exp(-odds))


def _nearest(motion: ShotMotion) -> tuple[Movement, float]:
    """The movement, and how far the nearest threshold is: the natural logarithm of the ratio to it."""
    main = int(motion.ranges.argmax())
    far = float(motion.ranges[main])
    least = _LEAST_MOVE * max(1.0, motion.seconds / _LONG_S)
    over = _log_ratio(far, max(least, _LEAST_OVER_SHAKE * motion.hand))
    if over < 0:
        # the fewer points follow, the more of the unrest is in the measuring
        unsteady = max(1.0, _ENOUGH_INLIERS / max(motion.inliers, 0.1)) ** 2
        shaken = _log_ratio(motion.shake, _LEAST_SHAKE * unsteady)
        return (Movement.HANDHELD if shaken > 0 else Movement.STATIC), min(abs(shaken), -over)
    shares = motion.ranges / far
    if main == NEARER:
        shares[[RIGHT, DOWN]] *= _MIXED_SHARE / _ASIDE_SHARE
    shares[main] = 0
    second = _log_ratio(float(shares.max()), _MIXED_SHARE)
    travel = float(motion.travels[main])
    # what returns wholly is as far from one way as what has no second part
    returned = 2 * (_LEAST_STAYED - abs(travel) / far)
    if second > 0 or returned > 0:
        wandered = _log_ratio(_LEAST_OVER_WANDER * motion.hand, far)
        if wandered > 0 and motion.shake > _LEAST_SHAKE:
            return Movement.HANDHELD, wandered
        over = min(over, -wandered)
        return Movement.MIXED, min(over, max(second, returned))
    return _WAYS[main][int(travel > 0)], min(over, -second, -returned)


def _log_ratio(value: float, threshold: float) -> float:
    return math.log(max(value, 1e-9) / threshold)
