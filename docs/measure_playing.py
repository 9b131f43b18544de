"""Measure what the window does while it analyses a film: frames dropped in playing, and how long it does not listen.

    python docs/measure_playing.py FILM [SECONDS]

Opens the film in a new window over folders that are thrown away, so that all of it has to be analysed. Plays for
SECONDS (20 unless told), then works on for as long with keys and drags on the timeline; a timer of the window's own
thread, due every 4 ms, shows when that thread was busy. Prints dropped frames, the longest and the 99th percentile of
the waits, how many were over 50 ms, and how fast the analysis went before and while playing.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline_app.folders import Folders
from seamline_app.main_window import MainWindow
from seamline_widgets.theme import apply_theme

_EVERY_MS = 4
_LIMIT_MS = 50
_KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_N, Qt.Key.Key_Plus, Qt.Key.Key_Minus)


class Watch(QObject):
    """Notes how late a timer of this thread comes."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_ms: list[float] = []
        self.worked_ms: list[float] = []
        self._last_s = self._last_worked_s = 0.0
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self.waits_ms, self.worked_ms = [], []
        self._last_s, self._last_worked_s = time.monotonic(), time.thread_time()
        self._timer.start()

    def stop(self) -> str:
        self._timer.stop()
        waits = np.array(self.waits_ms)
        over = int((waits > _LIMIT_MS).sum())
        worked = np.array(self.worked_ms)
        busy = int((worked > _LIMIT_MS).sum())
        return (
            f"longest {waits.max():.0f} ms, 99 % under {np.percentile(waits, 99):.0f} ms, {over} over {_LIMIT_MS} ms; "
            f"of the thread's own work: longest {worked.max():.0f} ms, {busy} over {_LIMIT_MS} ms"
        )

    def _look(self) -> None:
        now_s = time.monotonic()
        worked_s = time.thread_time()
        self.waits_ms.append(1000 * (now_s - self._last_s))
        self.worked_ms.append(1000 * (worked_s - self._last_worked_s))
        self._last_s, self._last_worked_s = now_s, worked_s


def wait(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    film, seconds = Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) == 3 else 20
    app = QApplication([])
    apply_theme(app)
    with tempfile.TemporaryDirectory() as folder:
        measure(MainWindow(Folders.under(Path(folder))), film, seconds)
    return 0


def measure(window: MainWindow, film: Path, seconds: int) -> None:
    window.resize(1600, 900)
    window.show()
    window.open_film(film)
    while window.document is None or window.picture.frame is None:
        wait(5)
    document = window.document
    watch = Watch()
    watch.start()
    before = document.project.analysed_frames
    wait(5000)
    speed = (document.project.analysed_frames - before) / 5
    say(f"analysing alone: {speed:.0f} frames/s; {watch.stop()}")
    watch.start()
    before, began = document.project.analysed_frames, window.player.frame
    QTest.keyClick(window, Qt.Key.Key_Space)
    wait(1000 * seconds)
    played, dropped = window.player.frame - began, window.player.dropped_frames
    QTest.keyClick(window, Qt.Key.Key_Space)
    speed = (document.project.analysed_frames - before) / seconds
    state = "analysing" if window.analysis.is_running else "the analysis had ended"
    say(f"playing ({state}, {speed:.0f} frames/s): {played} frames, {dropped} dropped; {watch.stop()}")
    watch.start()
    fate = random.Random(7)
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        if fate.random() < 0.5:
            QTest.keyClick(window, fate.choice(_KEYS))
        else:
            window.timeline.scrubbed.emit(fate.randrange(document.film.frame_count))
        wait(30)
    state = "analysing" if window.analysis.is_running else "the analysis had ended"
    say(f"working ({state}): {watch.stop()}")
    window.close()


if __name__ == "__main__":
    sys.exit(main())
