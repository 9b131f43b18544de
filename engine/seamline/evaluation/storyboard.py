"""The demo film shot by shot: which scene, how long, how it leaves, how it sounds."""

from __future__ import annotations

from dataclasses import dataclass, field

from seamline.evaluation.scenes import city, mountains, near, room, sea, titles, woods
from seamline.evaluation.scenes.stage import Scene
from seamline.evaluation.soundtrack import Ambience
from seamline.evaluation.transitions import Cut, Dissolve, Fade, Transition, Wipe


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene over `frames` full pictures, then the transition into the next shot.

    `flashes` and `pops` are frames, counted from the first full one, that are whitened, and in which
    something is suddenly there: both look like a seam and are none.
    """

    scene: Scene
    frames: int
    ambience: Ambience
    leave: Transition = field(default_factory=Cut)
    flashes: tuple[int, ...] = ()
    pops: tuple[tuple[int, str], ...] = ()


_NUMBER = "number of the leader changes"

STORYBOARD: tuple[Shot, ...] = (
    Shot(
        titles.countdown,
        60,
        Ambience((880.0,), (2000, 6000), 0.02, pulse_hz=1.25, chord=0.3),
        pops=((20, _NUMBER), (40, _NUMBER)),
    ),
    Shot(
        titles.title, 70, Ambience((196.0, 246.9, 293.7, 440.0), (300, 1200), 0.04, chord=0.28), Dissolve(14)
    ),
    Shot(mountains.snow_mountains, 95, Ambience((146.8, 220.0, 329.6), (250, 700), 0.24, 0.4, chord=0.14)),
    Shot(woods.forest, 90, Ambience((329.6, 392.0, 493.9), (1500, 4500), 0.1, 0.7, 2.2, 0.2)),
    Shot(near.face, 58, Ambience((220.0, 261.6, 329.6), (150, 400), 0.05, chord=0.26)),
    Shot(mountains.viaduct, 72, Ambience((98.0, 147.0), (90, 500), 0.42, 4.0, 4.5, 0.2), Wipe(18)),
    Shot(
        mountains.dunes, 74, Ambience((130.8, 138.6, 196.0), (500, 1500), 0.2, 0.25, chord=0.15), Dissolve(24)
    ),
    Shot(mountains.balloon, 90, Ambience((261.6, 329.6, 392.0, 523.3), (600, 2200), 0.09, 0.3, chord=0.24)),
    Shot(sea.windmills, 70, Ambience((349.2, 440.0, 523.3), (120, 800), 0.16, 1.1, 1.5, 0.3)),
    Shot(sea.sea, 90, Ambience((174.6, 220.0, 261.6), (300, 1800), 0.3, 0.35, chord=0.13)),
    Shot(sea.sea_nearer, 58, Ambience((196.0, 246.9, 293.7), (600, 3500), 0.36, 0.6, chord=0.12)),
    Shot(near.clock, 12, Ambience((1200.0,), (2500, 6000), 0.05, pulse_hz=4.2, chord=0.4)),
    Shot(near.eye, 13, Ambience((73.4, 110.0), (80, 200), 0.1, chord=0.45)),
    Shot(city.skyline, 84, Ambience((110.0, 164.8, 207.7), (100, 600), 0.24, 0.2, chord=0.18), flashes=(46,)),
    Shot(
        city.rainy_street,
        104,
        Ambience((130.8, 155.6, 233.1), (1200, 7000), 0.3, 0.3, chord=0.1),
        flashes=(63,),
    ),
    Shot(
        room.wet_window,
        88,
        Ambience((174.6, 207.7, 261.6, 311.1), (500, 1400), 0.12, 0.2, 1.0, 0.34),
        Fade(14, 8, 14),
        pops=((room.CAPTION_FRAME, "caption pops in"),),
    ),
    Shot(
        woods.campfire, 96, Ambience((110.0, 146.8, 220.0), (900, 5000), 0.13, 2.3, chord=0.17), Dissolve(8)
    ),
    Shot(sea.lighthouse, 90, Ambience((82.4, 123.5), (200, 1000), 0.4, 0.4, chord=0.2)),
    Shot(
        titles.the_end,
        58,
        Ambience((196.0, 246.9, 293.7, 392.0), (300, 900), 0.03, chord=0.3),
        Fade(20, 8, 0),
    ),
)
