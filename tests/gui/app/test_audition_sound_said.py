"""What is heard of a pair and said of its sound: of no other pair, and always of what has come last."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from audition_times import even_times
from paper_sound import PaperDevice
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from seamline.errors import MediaError
from seamline.media.sound import SOUND_RATE
from seamline.project.match_cuts import MatchSide
from seamline_app.audition_hearing import AuditionHearing
from seamline_app.jobs.audition_reading import Auditioned, AuditionSide, AuditionWish, Sounds
from seamline_app.jobs.audition_sounds import CutSound, HeldSound, no_sound
from seamline_app.jobs.player import Player
from seamline_app.jobs.sound import DEVICE_LOST, NO_SOUND_TRACK
from seamline_widgets.audition_cut import AuditionCut
from seamline_widgets.audition_pictures import AuditionPictures
from seamline_widgets.audition_player import CutPlayer

TIMES = even_times(Fraction(25))
Sides = tuple[MatchSide, MatchSide]
PAIR: Sides = (MatchSide("one", 0, 60, 40), MatchSide("two", 100, 160, 110))
OTHER_PAIR: Sides = (MatchSide("one", 60, 160, 140), MatchSide("two", 100, 160, 110))


def sound_of(seconds: int = 1) -> HeldSound:
    return HeldSound(0, np.ones((seconds * SOUND_RATE, 2), np.int16))


def came(sounds: Sounds | None, sides: Sides = PAIR) -> Auditioned:
    out, into = (AuditionSide(side, Path("film.mp4")) for side in sides)
    return Auditioned(AuditionWish(out, into), {}, {}, sounds, is_whole=False)


class Listening:
    """A hearing whose device is never asked, and the pictures that it goes with."""

    def __init__(self, hearing: AuditionHearing, said: list[str]) -> None:
        self.hearing, self.pictures = hearing, CutPlayer()
        self._said = said
        self.plays: list[CutSound] = []
        self.stops = 0
        hearing.begin(self.pictures)

    @property
    def said(self) -> str:
        return self._said[-1] if self._said else ""

    def show(self, sides: Sides = PAIR, *, anew: bool = True) -> None:
        frames = sides[0].frame, sides[1].frame
        self.pictures.set_cut(AuditionCut(*sides, frames, (TIMES, TIMES)), anew=anew)

    def run(self, sides: Sides = PAIR) -> None:
        image = QImage(16, 9, QImage.Format.Format_RGB32)
        self.pictures.set_pictures(AuditionPictures({sides[0].frame: image}, {sides[1].frame: image}))
        self.pictures.run(True)


@pytest.fixture
def listening(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    said: list[str] = []
    hearing = AuditionHearing(Player(find_sink=PaperDevice().find), said.append, parent := QObject())
    listening = Listening(hearing, said)

    def stopped() -> None:
        listening.stops += 1

    monkeypatch.setattr(hearing.sound, "play", lambda cut, *_: listening.plays.append(cut))
    monkeypatch.setattr(hearing.sound, "stop", stopped)
    yield listening
    listening.pictures.run(False)
    hearing.close()
    del parent


def test_more_sound_is_heard_once_it_comes(listening: Listening) -> None:
    first, more = (sound_of(), sound_of()), (sound_of(3), sound_of(3))
    listening.show()
    listening.hearing.take(came(first))
    listening.run()
    assert [(cut.outgoing, cut.incoming) for cut in listening.plays] == [first]
    listening.hearing.take(came(more))
    assert [(cut.outgoing, cut.incoming) for cut in listening.plays] == [first, more]
    listening.hearing.take(came(more))
    assert len(listening.plays) == 2  # it is the same


def test_pictures_that_come_before_their_sound_are_silent_until_then(listening: Listening) -> None:
    listening.show()
    listening.hearing.take(came(None))
    listening.run()
    assert listening.plays == []
    assert listening.said == ""
    listening.hearing.take(came((sound_of(), sound_of())))
    assert len(listening.plays) == 1
    # slid further than sound is held: what is heard goes on until there is more
    stops = listening.stops
    slid = PAIR[0].slid(5), PAIR[1]
    listening.show(slid, anew=False)
    listening.hearing.take(came(None, slid))
    assert listening.stops == stops
    assert len(listening.plays) == 2
    more = sound_of(3), sound_of(3)
    listening.hearing.take(came(more, slid))
    assert listening.plays[-1].outgoing is more[0]


@pytest.mark.parametrize(
    ("sounds", "fingerprint", "sentence"),
    [
        ((True, False), "two", "The film of B has no sound."),
        ((False, True), "two", "The film of A has no sound."),
        ((False, False), "two", "Neither film has sound."),
        ((False, False), "one", NO_SOUND_TRACK),
        ((True, True), "two", ""),
    ],
)
def test_films_without_sound_are_told(
    sounds: tuple[bool, bool], fingerprint: str, sentence: str, listening: Listening
) -> None:
    sides = PAIR[0], MatchSide(fingerprint, 100, 160, 110)
    listening.show(sides)
    out, into = (sound_of() if has_sound else None for has_sound in sounds)
    listening.hearing.take(came((out, into), sides))
    listening.run(sides)
    assert listening.said == sentence
    assert len(listening.plays) == any(sounds)


def test_the_next_pair_is_not_heard_with_the_sound_of_the_last(listening: Listening) -> None:
    listening.show()
    listening.hearing.take(came((sound_of(), sound_of())))
    listening.run()
    assert len(listening.plays) == 1
    listening.show(OTHER_PAIR)
    listening.run(OTHER_PAIR)
    assert len(listening.plays) == 1
    listening.hearing.take(came((sound_of(), sound_of()), OTHER_PAIR))
    assert len(listening.plays) == 2


def test_what_is_said_of_a_pair_is_not_said_of_the_next(listening: Listening) -> None:
    broken = no_sound(MediaError("The sound of “x” cannot be decoded: convert it to AAC or PCM."))
    listening.show()
    listening.hearing.take(came((sound_of(), broken)))
    listening.run()
    assert listening.said == broken.trouble
    listening.pictures.run(False)
    assert listening.said == broken.trouble  # it is still that pair
    listening.show(OTHER_PAIR)  # and it may never come
    assert listening.said == ""


def test_a_device_that_is_lost_is_told_until_it_is_played_anew(listening: Listening) -> None:
    listening.show()
    listening.hearing.take(came((sound_of(), sound_of())))
    listening.run()
    listening.hearing.sound.troubled.emit(DEVICE_LOST)
    assert listening.said == DEVICE_LOST
    listening.hearing.take(came((sound_of(3), sound_of(3))))
    assert listening.said == DEVICE_LOST
    assert len(listening.plays) == 1
    listening.pictures.run(False)
    listening.pictures.run(True)
    assert listening.said == ""
    assert len(listening.plays) == 2
