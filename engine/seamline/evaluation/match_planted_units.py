"""The shots of a unit: those that match one another by what their ends share, and those that only seem to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from seamline.errors import MediaError
from seamline.evaluation.match_planted import (
    SHAPES,
    STILL,
    Going,
    Mass,
    Paint,
    PlantedShot,
    ShotEnd,
    Truth,
    truth_of,
)

RATE = 25
END_S = 0.6
"""Seconds at either end of a shot in which it holds still, or keeps its velocity."""

BETWEEN = "between"
"""The note of footage that lies between and that nobody asks about."""

_SECONDS = 1.5, 3.0
_TRIES, _UNIT_TRIES = 300, 300
_ASIDE = 0.1  # widths off the middle, from which a mirrored layout is another
_SHIFT = 0.024  # of x and y either way, as shares of the picture
_SWELL = 0.05  # of a size either way, as a natural logarithm: 10 % between two
_TURN_DEG, _HASTE = 7.0, 0.1  # of a velocity either way
_CAMERA_SPEEDS, _ZOOM_SPEEDS, _THING_SPEEDS = (0.14, 0.6), (0.18, 0.45), (0.16, 0.45)
_OTHER_HASTE = 2.1, 2.7
_MOST_ZOOMED = 0.9  # natural logarithm, over a shot

_Ends = tuple[ShotEnd, ShotEnd, int]
_OWN_ENDS = (False, True), (False, True), (True, False), (True, False), (True, True)
"""Whether head and tail of a unit's matching shots are its own."""


class Drafts:
    """Shots as they are drawn, each with ends that match none but those they are to match."""

    def __init__(self, rng: np.random.Generator, seed: int) -> None:
        self.rng = rng
        self.shots: list[PlantedShot] = []
        self._seed, self._setups = seed, 0

    def paint(self) -> Paint:
        self._setups += 1
        number = self._seed * 1000 + self._setups
        return Paint(number, number)

    def add(
        self,
        unit: str,
        drawn: Callable[[], _Ends],
        *,
        paint: Paint | None = None,
        note: str = "",
        own: tuple[bool, bool] = (False, False),
    ) -> PlantedShot:
        """A new set-up whose ends match and resemble nothing outside what was meant. Raises MediaError."""
        paint = paint or self.paint()
        for _ in range(_TRIES):
            head, tail, frames = drawn()
            shot = PlantedShot(unit, self._setups, paint, head, tail, frames, note, *own)
            if all(self._is_sound(shot, other) for other in self.shots):
                self.shots.append(shot)
                return shot
        raise MediaError(f"There is no room for another shot of “{unit}” in planted film {self._seed}.")

    def add_copies(self, shot: PlantedShot, take: ShotEnd) -> None:
        """The shot used again, a little reframed, and another take of its set-up."""
        reframed = float(self.rng.uniform(0.015, 0.04))
        self.shots.append(replace(shot, note="duplicate", reframed=reframed))
        self.shots.append(replace(shot, note="take", head=take, tail=take, take=1))

    def add_between(self, count: int) -> None:
        for _ in range(count):
            paint = self.paint()
            frames = int(self.rng.integers(RATE * 3 // 2, RATE * 3))
            self.shots.append(
                PlantedShot(BETWEEN, self._setups, paint, ShotEnd(), ShotEnd(), frames, BETWEEN)
            )

    @staticmethod
    def _is_sound(shot: PlantedShot, other: PlantedShot) -> bool:
        """Whether the two match where that was meant and nowhere else; in a unit, no trap is an unclear one."""
        for out, into in ((shot, other), (other, shot)):
            truth = truth_of(out, into)
            is_meant = out.unit == into.unit and out.matches_at_tail and into.matches_at_head
            if is_meant != (truth.kind is not None):
                return False
            is_trap = out.unit == into.unit and (out.matches_at_tail or into.matches_at_head)
            if is_trap and truth == Truth.UNCLEAR:
                return False
        return True


def frame_unit(drafts: Drafts, unit: str) -> None:
    """Ten shots about one layout of masses."""
    _with_room(drafts, unit, lambda: _add_frame(drafts, unit, _layout(drafts.rng)))


def motion_unit(drafts: Drafts, unit: str, *, by_camera: bool) -> None:
    """Ten shots about one velocity, of the camera or of a thing."""
    make, draw = (_camera_ends, _camera_going) if by_camera else (_thing_ends, _thing_going)
    _with_room(drafts, unit, lambda: _add_motion(drafts, unit, draw(drafts.rng), make))


def _with_room(drafts: Drafts, unit: str, add: Callable[[], None]) -> None:
    """Add a unit; where it cannot be told from what the film has, draw another."""
    for _ in range(_UNIT_TRIES):
        kept = len(drafts.shots)
        try:
            add()
        except MediaError:
            del drafts.shots[kept:]
        else:
            return
    raise MediaError(f"There is no room for “{unit}” in a planted film: take another seed.")


def _add_frame(drafts: Drafts, unit: str, layout: tuple[Mass, ...]) -> None:
    rng = drafts.rng
    mirrored = tuple(mass.mirrored for mass in layout)

    def own(head: bool, tail: bool) -> _Ends:
        here, there = ShotEnd(_shifted(rng, layout)), ShotEnd(_elsewhere(rng, layout))
        return here if head else there, here if tail else there, _length(rng, 1.5 if head == tail else 2.0)

    def resting(masses: tuple[Mass, ...]) -> _Ends:
        end = ShotEnd(_shifted(rng, masses))
        return end, end, _length(rng)

    shots = [drafts.add(unit, partial(own, head, tail), own=(head, tail)) for head, tail in _OWN_ENDS]
    drafts.add_copies(shots[-1], ShotEnd(_shifted(rng, shots[-1].head.masses, 0.5)))
    if all(abs(mass.x - 0.5) > _ASIDE for mass in layout):
        drafts.add(unit, lambda: resting(mirrored), note="mirrored")
    drafts.add(unit, lambda: resting(_elsewhere(rng, layout)), note="elsewhere")
    paint = Paint(shots[0].paint.colours, drafts.paint().world)
    drafts.add(unit, lambda: resting(_layout(rng)), note="same colours", paint=paint)


def _add_motion(
    drafts: Drafts, unit: str, going: Going, make: Callable[[np.random.Generator, Going, Going], _Ends | None]
) -> None:
    rng = drafts.rng

    def drawn(head: Going, tail: Going) -> _Ends:
        for _ in range(_TRIES):
            ends = make(rng, head, tail)
            if ends is not None:
                return ends
        raise MediaError(f"Nothing in a picture can go that fast for long enough: {head}, {tail}.")

    def own(head: bool, tail: bool) -> _Ends:
        going_now = _hastened(rng, going)
        return drawn(going_now if head else STILL, going_now if tail else STILL)

    def throughout(other: Callable[[], Going]) -> _Ends:
        going_now = _hastened(rng, other())
        return drawn(going_now, going_now)

    for head, tail in _OWN_ENDS:
        shot = drafts.add(unit, partial(own, head, tail), own=(head, tail))
    drafts.add_copies(shot, replace(shot.head, masses=_shifted(rng, shot.head.masses, 0.5)))
    shot_again = drafts.shots.pop()
    drafts.shots.append(replace(shot_again, tail=replace(shot_again.tail, masses=shot.tail.masses)))
    drafts.add(unit, lambda: throughout(lambda: going.times(-1)), note="opposite")
    drafts.add(unit, lambda: throughout(lambda: _other_way(rng, going)), note="other direction")
    drafts.add(unit, lambda: throughout(lambda: _other_speed(rng, going)), note="other speed")


def _layout(rng: np.random.Generator) -> tuple[Mass, ...]:
    if rng.random() < 0.7:
        return (_mass(rng, (0.17, 0.83), (0.38, 0.8)),)
    return _mass(rng, (0.15, 0.38), (0.3, 0.62)), _mass(rng, (0.62, 0.85), (0.3, 0.62))


def _mass(rng: np.random.Generator, x: tuple[float, float], heights: tuple[float, float]) -> Mass:
    shape = str(rng.choice(SHAPES))
    height = float(rng.uniform(*heights)) * (0.5 if shape == "slab" else 1)
    aspect = {"person": 0.85, "slab": float(rng.uniform(2.2, 3))}.get(shape, float(rng.uniform(0.7, 1.4)))
    width = min(0.6, height * aspect * 9 / 16)
    if shape == "person":
        y = 1 - height / 2 + float(rng.uniform(-0.02, 0.12))
    else:
        y = float(rng.uniform(max(0.2, height / 2 - 0.05), min(0.8, 1.05 - height / 2)))
    return Mass(shape, float(rng.uniform(*x)), y, width, height)


def _shifted(rng: np.random.Generator, masses: tuple[Mass, ...], share: float = 1.0) -> tuple[Mass, ...]:
    """Each a few hundredths off, and up to a twentieth larger or smaller each way."""
    return tuple(
        replace(
            mass,
            x=mass.x + share * float(rng.uniform(-_SHIFT, _SHIFT)),
            y=mass.y + share * float(rng.uniform(-_SHIFT, _SHIFT)),
            width=mass.width * math.exp(share * rng.uniform(-_SWELL, _SWELL)),
            height=mass.height * math.exp(share * rng.uniform(-_SWELL, _SWELL)),
        )
        for mass in masses
    )


def _elsewhere(rng: np.random.Generator, masses: tuple[Mass, ...]) -> tuple[Mass, ...]:
    """The same things at other places."""
    return tuple(
        replace(
            mass,
            x=float(rng.uniform(0.12, 0.88)),
            y=float(mass.y + rng.uniform(-0.1, 0.1))
            if mass.shape == "person"
            else float(rng.uniform(0.22, 0.78)),
        )
        for mass in masses
    )


def _length(rng: np.random.Generator, least_s: float = _SECONDS[0], most_s: float = _SECONDS[1]) -> int:
    return round(RATE * float(rng.uniform(least_s, max(least_s, most_s))))


def _camera_going(rng: np.random.Generator) -> Going:
    kind, way = rng.choice(["pan", "tilt", "slant", "zoom"], p=[0.45, 0.2, 0.15, 0.2]), rng.choice([-1, 1])
    if kind == "zoom":
        return Going(0, 0, float(way * rng.uniform(*_ZOOM_SPEEDS)))
    speed = float(np.exp(rng.uniform(*np.log(_CAMERA_SPEEDS))))
    turn = {"pan": 0.0, "tilt": 90.0, "slant": float(rng.choice([-1, 1]) * rng.uniform(30, 60))}[str(kind)]
    return Going(way * speed).turned(turn)


def _thing_going(rng: np.random.Generator) -> Going:
    speed = float(np.exp(rng.uniform(*np.log(_THING_SPEEDS))))
    way = 180.0 * float(rng.integers(2))
    return Going(speed).turned(way + float(rng.choice([0, 0, 30, -30, 90])) + float(rng.uniform(-8, 8)))


def _hastened(rng: np.random.Generator, going: Going) -> Going:
    return going.turned(float(rng.uniform(-_TURN_DEG, _TURN_DEG))).times(
        math.exp(rng.uniform(-_HASTE, _HASTE))
    )


def _other_way(rng: np.random.Generator, going: Going) -> Going:
    if going.nearer:
        return Going(going.speed).turned(float(rng.uniform(0, 360)))
    return going.turned(float(rng.choice([-1, 1]) * rng.uniform(60, 120)))


def _other_speed(rng: np.random.Generator, going: Going) -> Going:
    factor = float(rng.uniform(*_OTHER_HASTE))
    return going.times(factor if rng.random() < 0.5 else 1 / factor)


def _camera_ends(rng: np.random.Generator, head: Going, tail: Going) -> _Ends | None:
    most_s = _MOST_ZOOMED / max(abs(head.nearer), abs(tail.nearer), 0.3)
    return ShotEnd((), head), ShotEnd((), tail), _length(rng, most_s=most_s)


def _thing_ends(rng: np.random.Generator, head: Going, tail: Going) -> _Ends | None:
    """Something that is in the picture at both ends; nothing, where what was drawn leaves it."""
    least_s = _SECONDS[0]
    frames = _length(rng, least_s)
    gone_right, gone_down = travelled(head, tail, frames)
    mass = _mass(rng, (0.12, 0.88), (0.25, 0.5))
    if mass.shape == "person":
        mass = replace(mass, shape="disc", y=float(rng.uniform(0.2, 0.8)))
    late = replace(mass, x=mass.x + gone_right, y=mass.y + gone_down * 16 / 9)
    if not (0.1 <= late.x <= 0.9 and 0.12 <= late.y <= 0.88):
        return None
    return ShotEnd((mass,), STILL, head), ShotEnd((late,), STILL, tail), frames


def travelled(head: Going, tail: Going, frames: int) -> tuple[float, float]:
    """How far to the right and down, in widths, from the first frame to the last."""
    shares = tail_shares(frames)
    right = (head.right * (1 - shares) + tail.right * shares)[1:].sum() / RATE
    down = (head.down * (1 - shares) + tail.down * shares)[1:].sum() / RATE
    return float(right), float(down)


def tail_shares(frames: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """float64[frames], 0 to 1: how much of the tail's velocity there is in each frame; the rest is the head's."""
    seconds = np.arange(frames) / RATE
    start, end = END_S, max(END_S + 1 / RATE, frames / RATE - END_S)
    t = np.clip((seconds - start) / (end - start), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float64)
