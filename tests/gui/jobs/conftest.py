"""Films whose pictures carry their number and whose samples carry their time, and a sound device of paper."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtGui import QImage

from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.sound import SOUND_RATE, Samples
from seamline_app.jobs.player import Player

BITS = 12
_SAMPLES_A_STEP = 480

MakeFilm = Callable[..., Film]
MakePlayer = Callable[..., Player]


def painted_number(image: QImage) -> int:
    """The number that a picture of `make_film` shows, at whatever size."""
    number = 0
    for bit in range(BITS):
        x = int((bit + 0.5) * image.width() / BITS)
        number |= (image.pixelColor(x, image.height() // 2).lightness() > 128) << bit
    return number


def picture_of(number: int, width: int, height: int) -> np.ndarray:
    bits = np.array([number >> bit & 1 for bit in range(BITS)], np.uint8)
    row = np.repeat(bits * 200 + 25, width // BITS)
    return np.repeat(np.broadcast_to(row, (height, len(row)))[..., None], 3, axis=2).copy()


def sample_at(film_s: float | Fraction) -> int:
    """The value of the sound track's samples at that time: it rises by 1 every 10 ms from 1."""
    return int(film_s * SOUND_RATE) // _SAMPLES_A_STEP + 1


@pytest.fixture(scope="session")
def make_film(tmp_path_factory: pytest.TempPathFactory) -> MakeFilm:
    """Films of 12-bit numbered pictures, made once: `times_ms` at variable rate, else `rate` frames a second."""
    folder = tmp_path_factory.mktemp("films")
    made: dict[object, Film] = {}

    def make(
        frames: int = 50,
        *,
        rate: int = 25,
        gop: int = 12,
        size: tuple[int, int] = (240, 120),
        times_ms: Sequence[int] = (),
        sound: bool = False,
    ) -> Film:
        key = (frames, rate, gop, size, tuple(times_ms), sound)
        if key not in made:
            path = folder / f"{len(made)}.{'mkv' if times_ms else 'mov'}"
            _write(path, times_ms or [n * 1000 // rate for n in range(frames)], rate, gop, size, sound)
            made[key] = open_film(path)
        return made[key]

    return make


def _write(
    path: Path, times_ms: Sequence[int], rate: int, gop: int, size: tuple[int, int], sound: bool
) -> None:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=rate, options={"g": str(gop), "sc_threshold": "0", "bf": "2"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        for number, time_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(picture_of(number, *size), format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound:
            _write_sound(container, times_ms[-1] / 1000 + 1 / rate)


def _write_sound(container: av.container.OutputContainer, duration_s: float) -> None:
    raise NotImplementedError


class PaperSink:
    """Takes samples in the pace of the clock times `speed`, from `wakes_after_s` on, and keeps them."""

    def __init__(self, speed: float = 1.0, wakes_after_s: float = 0.0, fails: bool = False) -> None:
        self.written: list[Samples] = []
        self.volume_01 = -1.0
        self.stopped = False
        self.failed = fails
        self._speed = speed
        self._awake_at_s = time.monotonic() + wakes_after_s

    @property
    def count(self) -> int:
        return sum(map(len, self.written))

    def free(self) -> int:
        return self.played() + SOUND_RATE // 5 - self.count

    def write(self, samples: Samples) -> None:
        self.written.append(samples)

    def played(self) -> int:
        awake_s = max(0.0, time.monotonic() - self._awake_at_s)
        return min(self.count, int(awake_s * self._speed * SOUND_RATE))

    def set_volume(self, volume_01: float) -> None:
        self.volume_01 = volume_01

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def make_player(qapp: object) -> Iterator[MakePlayer]:
    """Players without a sound device unless one is given; closed at the end."""
    players: list[Player] = []

    def make(**options: object) -> Player:
        options.setdefault("find_sink", lambda: None)
        players.append(Player(**options))
        return players[-1]

    yield make
    for player in players:
        player.close()
