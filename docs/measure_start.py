"""Measure how soon the window is up: `python docs/measure_start.py [TIMES]`.

Starts the program as the command does, over folders that are thrown away and without a film, and ends it when the
window has painted all of itself once. Prints the seconds from the start of the process to that, TIMES times (7 unless
told), the first of them apart: files come from disk then.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

_PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QObject, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from seamline_app.folders import Folders
from seamline_app.main_window import MainWindow
from seamline_widgets.theme import apply_theme
app = QApplication([])
apply_theme(app)
window = MainWindow(Folders.under(Path(sys.argv[1])))
window.show()
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, app.quit)
        return False
watch = Watch()
window.timeline.installEventFilter(watch)
app.exec()
window.close()
"""


def start_s(folder: str) -> float:
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-c", _PROGRAM, folder], check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - began_s


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        first, *others = (start_s(folder) for _ in range(times + 1))
    said = ", ".join(f"{seconds:.2f}" for seconds in others)
    sys.stdout.write(f"first {first:.2f} s; then {said}, median {statistics.median(others):.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
