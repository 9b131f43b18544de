"""Films whose pictures carry their number and whose samples carry their time, and players that are watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from paper_sound import PaperDevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.sound import SOUND_RATE
from seamline_app.jobs.player import Player

if TYPE_CHECKING:
    from films import FilmShelf

_STEP = SOUND_RATE // 100


@pytest.fixture(scope="session")
def painted_number(films: FilmShelf) -> Callable[[QImage], int]:
    """Reads the number that a picture of `make_film` shows, at whatever size; of a distorted one, -1."""

    def read(image: QImage) -> int:
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        try:
            return films.read_number(lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3))
        except ValueError:
            return -1

    return read


@pytest.fixture(scope="session")
def make_film(films: FilmShelf, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Film]:
    """Films of numbered pictures, each made once: at `times_ms`, else 25 frames a second.

    With `sound`, samples rise by 1 every 10 ms, from 1.
    """
    folder = tmp_path_factory.mktemp("numbered")
    made: dict[object, Film] = {}

    def make(
        frames: int = 50,
        *,
        gop: int = 12,
        size: tuple[int, int] = (240, 120),
        times_ms: Sequence[int] = (),
        sound: bool = False,
    ) -> Film:
        key = (frames, gop, size, tuple(times_ms), sound)
        if key not in made:
            path = folder / f"film {len(made)}.mov"
            pictures = partial(films.draw_frame, size=size, look=0)
            _write(path, pictures, times_ms or range(0, frames * 40, 40), gop, size, sound)
            made[key] = open_film(path)
        return made[key]

    return make


def _write(
    path: Path,
    picture_of: Callable[[int], NDArray[np.uint8]],
    times_ms: Sequence[int],
    gop: int,
    size: tuple[int, int],
    sound: bool,
) -> None:
    with av.open(str(path), "w") as container:
        options = {"g": str(gop), "sc_threshold": "0", "preset": "veryfast"}
        video = container.add_stream("libx264", rate=25, options=options)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        audio = container.add_stream("pcm_s16le", rate=SOUND_RATE, layout="stereo") if sound else None
        for number, time_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(picture_of(number), format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for step in range((times_ms[-1] + 40) // 10 if audio is not None else 0):
            samples = np.full((1, 2 * _STEP), step + 1, np.int16)
            heard = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
            heard.sample_rate, heard.pts, heard.time_base = SOUND_RATE, step * _STEP, Fraction(1, SOUND_RATE)
            container.mux(audio.encode(heard))


@pytest.fixture
def device() -> PaperDevice:
    return PaperDevice()


class Watched:
    """A player, and all that it said."""

    def __init__(self, player: Player, painted_number: Callable[[QImage], int]) -> None:
        self.player = player
        self.frames: list[int] = []
        self.painted: list[int] = []
        self.images: list[QImage] = []
        self.times_s: list[float] = []
        self.speeds: list[float] = []
        self.failures: list[str] = []
        self.sound: list[str] = []
        self._painted_number = painted_number
        player.picture_ready.connect(self._on_picture)
        player.speed_changed.connect(self.speeds.append)
        player.failed.connect(self.failures.append)
        player.sound_status.connect(self.sound.append)

    def _on_picture(self, image: QImage, frame: int) -> None:
        assert self.player.frame == frame
        self.times_s.append(time.monotonic())
        self.frames.append(frame)
        self.painted.append(self._painted_number(image))
        self.images.append(image)

    def forget(self) -> None:
        for said in (self.frames, self.painted, self.images, self.times_s, self.speeds, self.sound):
            said.clear()


@pytest.fixture
def watch(qapp: QApplication, painted_number: Callable[[QImage], int]) -> Iterator[Callable[..., Watched]]:
    """Players with all that they say; without a sound device unless one is given."""
    players: list[Player] = []

    def make(**options: Any) -> Watched:
        options.setdefault("find_sink", lambda: None)
        players.append(Player(**options))
        return Watched(players[-1], painted_number)

    yield make
    for player in players:
        player.close()
