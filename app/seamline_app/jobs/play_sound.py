"""The sound of a film that plays, and what the user is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from seamline.errors import SeamlineError
from seamline.media.film import Film
from seamline.media.sound import SoundDecoder
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.desk import Wanted
from seamline_app.jobs.play_span import PlaySpan
from seamline_app.jobs.sound import NO_DEVICE, NO_SOUND_TRACK, HeardSound
from seamline_app.jobs.sound_loop import SoundLoop
from seamline_app.jobs.sound_pieces import SoundTrack


class PlaySound:
    """Starts and stops the sound as playing does; `tell` hears why there is none, "" when there is nothing to say.

    For one thread.
    """

    def __init__(self, film: Film, tell: Callable[[str], None]) -> None:
        self._film = film
        self._tell = tell
        self._told = ""
        self._sound = HeardSound()
        self._decoder: SoundDecoder | None = None
        if film.info.audio is None:
            self._say(NO_SOUND_TRACK)

    @property
    def is_playing(self) -> bool:
        """Whether there is sound that the pictures have to keep up with."""
        return self._sound.is_playing

    def set_volume(self, volume_01: float) -> None:
        self._sound.set_volume(volume_01)

    def start(self, wanted: Wanted, frame: int, span: PlaySpan) -> None:
        """Let the film be heard from `frame` on."""
        if self._film.info.audio is None:
            return
        if wanted.make_sink is None:
            self._say(NO_DEVICE)
            return
        if self._decoder is None:
            try:
                self._decoder = SoundDecoder(self._film)
            except SeamlineError as error:
                self._say(f"{error} Playing silently.")
                return
        self._sound.set_volume(wanted.volume_01)
        film_s = float(self._film.index.time_of(frame))
        # while looping, film time runs on, and the sound repeats without a gap
        looped = SoundLoop(self._decoder, span.start_s, span.end_s) if span.looping else None
        track: SoundTrack = looped or self._decoder
        self._sound.start(track, film_s, wanted.make_sink, time.monotonic())
        self._say(self._sound.trouble)

    def lead(self, clock: PlayClock, now_s: float) -> None:
        """Feed the device and keep `clock` with what is heard."""
        if self._sound.is_playing:
            self._sound.lead(clock, now_s)
            self._say(self._sound.trouble)

    def stop(self) -> None:
        self._sound.stop()

    def close(self) -> None:
        self._sound.stop()
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _say(self, status: str) -> None:
        if status != self._told:
            self._told = status
            self._tell(status)
