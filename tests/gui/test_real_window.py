"""The program as it is started, on a screen: an X server without a monitor."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.films import FilmShelf

_SCREEN = (1400, 900)
_PATIENCE_S = 60
_ACCENT = (0xE0, 0x73, 0x4A)


class Screen:
    """An X server that keeps its picture in a file: `display` is its name."""

    def __init__(self, folder: Path) -> None:
        read_end, write_end = os.pipe()
        width, height = _SCREEN
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-fbdir", folder,
             "-nolisten", "tcp"],
            pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start: run it by hand to see why"
        self.display = f":{number}"
        self._frame_buffer = folder / "Xvfb_screen0"

    def picture(self) -> np.ndarray:
        """What the screen shows, uint8[height, width, 3], RGB."""
        # XWD (X11/XWDFile.h): 25 big-endian words of header, a name, the colours of 12 bytes each, then BGRX rows
        data = self._frame_buffer.read_bytes()
        header = np.frombuffer(data, ">u4", 25)
        start = int(header[0] + header[19] * 12)
        width, height, bytes_per_line = int(header[4]), int(header[5]), int(header[12])
        rows = np.frombuffer(data, np.uint8, height * bytes_per_line, start).reshape(height, bytes_per_line)
        return rows[:, : width * 4].reshape(height, width, 4)[..., 2::-1]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    if sys.platform != "linux":
        pytest.skip("an X server is Linux's way to a window; here the other tests of the window must do")
    if shutil.which("Xvfb") is None:
        sentence = (
            "Xvfb is missing: install it (on Debian “apt-get install xvfb”) so that a real window can open."
        )
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    folder = tmp_path / "screen"
    folder.mkdir()
    screen = Screen(folder)
    yield screen
    screen.close()


def _environment(screen: Screen, home: Path) -> dict[str, str]:
    places = {f"XDG_{what}_HOME": str(home / what.lower()) for what in ("CACHE", "CONFIG", "DATA", "STATE")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, parents=True)
    return {
        **kept, **places, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1",
    }  # fmt: skip


def _colours(picture: np.ndarray) -> int:
    """How many different colours there are."""
    packed = picture.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    return len(np.unique(packed))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "terminate"])
def test_the_window_opens_shows_the_film_and_goes_when_told(
    screen: Screen, films: FilmShelf, tmp_path: Path, ending: signal.Signals
) -> None:
    assert _colours(screen.picture()) < 10
    program = subprocess.Popen(
        [sys.executable, "-m", "seamline_app", films("mov_timecode").path],
        env=_environment(screen, tmp_path / "home"), cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        began_s = time.monotonic()
        # letters, buttons and curve, and the colour of the playhead
        while not (_colours(picture := screen.picture()) > 200 and (picture == _ACCENT).all(axis=2).any()):
            assert program.poll() is None, f"the program ended: {program.communicate()}"
            assert time.monotonic() - began_s < _PATIENCE_S, "no window came up"
            time.sleep(0.2)
        program.send_signal(ending)
        output, errors = program.communicate(timeout=10)
    finally:
        if program.poll() is None:
            program.kill()
            program.communicate()
    assert program.returncode == 0
    assert output == ""
    assert "Traceback" not in errors
    assert not re.search(r"QThread|QObject|warning|error", errors, re.IGNORECASE), errors
