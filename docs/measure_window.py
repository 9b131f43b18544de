"""Measure how soon the window shows everything of a film that was analysed before.

    python docs/measure_window.py FILM

Analyses the film first if need be. Prints the seconds from the command to open it until picture, curve, seams
and shots are shown, for five openings in new windows.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from seamline_app.folders import Folders
from seamline_app.main_window import MainWindow
from seamline_widgets.theme import apply_theme


def wait(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def opening_s(film: Path) -> float:
    window = MainWindow(Folders.of_this_system())
    window.show()
    wait(200)
    began = time.monotonic()
    window.open_film(film)
    while window.picture.frame is None or window.analysis.is_running or window.document is None:
        wait(5)
    seconds = time.monotonic() - began
    if not window.document.is_complete:
        sys.exit(f"“{film}” could not be analysed: {window.messages.text}")
    window.close()
    return seconds


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    film = Path(sys.argv[1]).absolute()
    app = QApplication([])
    apply_theme(app)
    first = opening_s(film)
    again = [opening_s(film) for _ in range(5)]
    sys.stdout.write(
        f"first {first:.2f} s; again {', '.join(f'{s:.2f}' for s in again)}, median {statistics.median(again):.2f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
