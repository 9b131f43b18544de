"""The sound of the audition: begins, slides and stops with its pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from seamline_app.jobs.audition_reading import Auditioned, AuditionWish, Sounds
from seamline_app.jobs.audition_sound import AuditionSound
from seamline_app.jobs.audition_sounds import CutSound, HeldSound
from seamline_app.jobs.player import Player
from seamline_app.jobs.sound import NO_DEVICE, NO_SOUND_TRACK, SinkMaker
from seamline_widgets.audition_clock import now_s
from seamline_widgets.audition_cut import AuditionCut
from seamline_widgets.audition_pictures import Side
from seamline_widgets.audition_player import CutPlayer


class AuditionHearing(QObject):
    """As loud as the player, on its device; `say` hears why there is no sound, as of the player's own."""

    def __init__(self, player: Player, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._player = player
        self._say = say
        self._said_of_film = ""
        self._pictures: CutPlayer | None = None
        self._came: Auditioned | None = None
        self._make_sink: SinkMaker | None = None
        self._lost = ""  # what the device said when it failed
        self._is_on = False
        self.sound = AuditionSound(now_s, self)
        self.sound.troubled.connect(self._give_up)
        self.sound.set_volume(player.heard_volume_01)
        player.volume_changed.connect(self.sound.set_volume)
        player.sound_status.connect(self._remember)

    def begin(self, pictures: CutPlayer) -> None:
        """Be heard with these."""
        if self._pictures is None:
            self._pictures = pictures
            pictures.changed.connect(self._follow)
            self.sound.led.connect(pictures.lead)

    def take(self, came: Auditioned) -> None:
        """The sound of what plays now or will in a moment."""
        before = self._came
        if came.sounds is None and before is not None and _is_same(before.wish, came.wish):
            return  # it is read: what is heard of the pair goes on until then
        self._came = came
        if before is None or before.sounds != came.sounds:
            self._follow()

    def end(self) -> None:
        """Silence, and nothing said of it."""
        if self._pictures is not None:
            self._pictures.changed.disconnect(self._follow)
            self.sound.led.disconnect(self._pictures.lead)
            self._pictures = self._came = None
            self._stop()
            self._say(self._said_of_film)

    def close(self) -> None:
        """Stop, and join the thread."""
        self.end()
        self.sound.close()

    def _follow(self) -> None:
        """Let be heard what plays, from where it is."""
        pictures, came = self._pictures, self._came
        if pictures is None or pictures.cut is None:
            return
        sounds = came.sounds if came is not None and _is_of(came, pictures.cut) else None
        if came is None or sounds is None:
            self._stop()
            self._say("")  # what was said of another pair, or of the film
            return
        if not pictures.is_running:
            self._stop()
            return
        if not self._is_on:
            self._is_on, self._lost = True, ""
            self._make_sink = self._player.find_sink() if any(map(_can_be_heard, sounds)) else None
        self._say(self._trouble(came.wish, sounds))
        if self._make_sink is not None:
            sound = CutSound(*sounds, *pictures.cut.loop.stretches_s)
            self.sound.play(sound, pictures.time_s, now_s(), self._make_sink)

    def _stop(self) -> None:
        self._is_on = False
        self._make_sink = None
        self.sound.stop()

    def _trouble(self, wish: AuditionWish, sounds: Sounds) -> str:
        trouble = next((sound.trouble for sound in sounds if sound is not None and sound.trouble), "")
        if trouble:
            return trouble
        if sounds == (None, None):
            is_one = wish.outgoing.side.fingerprint == wish.incoming.side.fingerprint
            return NO_SOUND_TRACK if is_one else "Neither film has sound."
        if self._make_sink is None:
            return self._lost or NO_DEVICE
        silent = next((side for side in Side if sounds[side] is None), None)
        return "" if silent is None else f"The film of {silent.letter} has no sound."

    def _give_up(self, sentence: str) -> None:
        """Silent until it is played anew."""
        self._make_sink, self._lost = None, sentence
        self._say(sentence)

    def _remember(self, sentence: str) -> None:
        self._said_of_film = sentence


def _can_be_heard(sound: HeldSound | None) -> bool:
    return sound is not None and not sound.trouble


def _is_of(came: Auditioned, cut: AuditionCut) -> bool:
    """Whether it is the sound of the shots that are cut there."""
    return _shots(came.wish) == tuple((of.fingerprint, of.range) for of in (cut.outgoing, cut.incoming))


def _is_same(wish: AuditionWish, other: AuditionWish) -> bool:
    """Whether it is the same pair, wherever it is cut."""
    return _shots(wish) == _shots(other)


def _shots(wish: AuditionWish) -> tuple[tuple[str, tuple[int, int]], ...]:
    return tuple((of.side.fingerprint, of.side.range) for of in (wish.outgoing, wish.incoming))
