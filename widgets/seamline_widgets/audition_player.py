"""What of a cut is on the screen by now: the clock, the cut and the pictures together."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from seamline_widgets.audition_clock import AuditionClock
from seamline_widgets.audition_cut import AuditionCut, Place
from seamline_widgets.audition_pictures import AuditionPictures, Side


class CutPlayer(QObject):
    """Plays A's last second into B's first.

    `moved`: another frame is on; `changed`: it plays from elsewhere, or another cut, or stands.
    """

    moved = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cut: AuditionCut | None = None
        self._pictures = AuditionPictures()
        self._clock = AuditionClock(self)
        self._clock.moved.connect(self.moved)
        self._clock.changed.connect(self.changed)

    @property
    def place(self) -> Place | None:
        """What is on."""
        return self._clock.place

    @property
    def is_running(self) -> bool:
        """Whether it plays just now."""
        return self._clock.is_running

    @property
    def time_s(self) -> float:
        """How long it has played: times of the loop, which run on from turn to turn."""
        return self._clock.time_s

    def lead(self, time_s: float, at_s: float) -> None:
        """Go with what is heard, which was at `time_s` when the clock said `at_s`."""
        self._clock.lead(time_s, at_s)

    @property
    def has_pictures(self) -> bool:
        return bool(self._pictures)

    @property
    def picture(self) -> QImage | None:
        """Of the frame that is on, or the nearest that there is."""
        place = self.place
        return None if place is None else self._pictures.at(place.side, place.frame)[0]

    @property
    def pair(self) -> tuple[QImage | None, QImage | None, bool]:
        """The two frames at the cut, and whether they are just these and not the nearest that there are."""
        if self.cut is None:
            return None, None, False
        out, into = (self._pictures.at(side, self.cut.frames[side]) for side in Side)
        return out[0], into[0], out[1] and into[1]

    def set_cut(self, cut: AuditionCut, *, anew: bool = False) -> None:
        """Play on with that cut, from the frame that is on; `anew`: another pair, of which there is no picture yet."""
        self.cut = cut
        if anew:
            self._clock.stop()
            self._pictures = AuditionPictures()
        self._clock.set_loop(cut.loop, anew=anew)

    def set_pictures(self, pictures: AuditionPictures) -> None:
        """The first of a pair are played from the start."""
        if pictures and not self._pictures:
            self._clock.rewind()
        self._pictures = pictures

    def run(self, is_running: bool) -> None:
        """Go, or stand; without pictures it stands."""
        if is_running and self.has_pictures:
            self._clock.start()
        else:
            self._clock.stop()

    def step(self, by: int) -> None:
        """Stand so many frames further on."""
        self._clock.step(by)

    def stand_at(self, place: Place) -> None:
        """Stand at that frame, or at the nearest of its side that plays."""
        self._clock.stand_at(place)
