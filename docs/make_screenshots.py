"""Make the pictures in docs/img from the running window over the demo film: `python docs/make_screenshots.py`.

Presses keys and waits as a user would. Runs without a screen; takes a few minutes, as the film is analysed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from seamline.evaluation.demo import demo_folder, make_demo_film
from seamline.project.edits import note_shots
from seamline.project.types import ShotColour
from seamline_app.export_dialog import ExportDialog
from seamline_app.film_details import FilmDetailsDialog
from seamline_app.folders import Folders
from seamline_app.main_window import MainWindow
from seamline_widgets.command_palette import CommandPalette
from seamline_widgets.shortcuts_sheet import ShortcutsSheet
from seamline_widgets.theme import apply_theme

IMAGES = Path(__file__).parent / "img"
_LONGEST_WAIT_MS = 600_000


def wait(duration_ms: int) -> None:
    """Let the window live; QTest.qWait would hold Python's lock and starve the other threads."""
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(_LONGEST_WAIT_MS // 50):
        if holds():
            return
        wait(50)
    sys.exit("the window did not get there in time")


def save(widget: QWidget, name: str) -> None:
    wait(300)
    if not widget.grab().save(str(IMAGES / f"{name}.png")):
        sys.exit(f"{name}.png could not be written")
    sys.stdout.write(f"{name}.png\n")


def show_dialog(dialog: QDialog, name: str) -> None:
    dialog.show()
    save(dialog, name)
    dialog.close()


def at_100_percent(window: MainWindow, film: Path, folder: Path) -> None:
    save(window, "empty")
    broken = folder / "interview.mp4"
    broken.write_text("this is no film\n")
    window.open_film(broken)
    wait_until(lambda: bool(window.messages.text))
    save(window, "error")
    window.open_film(film)
    wait_until(lambda: window.document is not None and len(window.document.project.seams) >= 7)
    QTest.keyClick(window, Qt.Key.Key_Space)
    wait(1200)
    QTest.keyClick(window, Qt.Key.Key_Space)
    save(window, "analysing")
    wait_until(lambda: not window.analysis.is_running)
    correct(window)
    visit_dissolve(window)
    save(window, "window")
    # close in on the dissolve before the playhead, and take hold of it
    for _ in range(8):
        QTest.keyClick(window, Qt.Key.Key_Plus)
    save(window, "dissolve")
    QTest.keyClick(window, Qt.Key.Key_Backslash)
    mark_and_name(window)
    save(window, "shots")
    window.actions_by_id["shot_grid"].trigger()
    save(window, "grid")
    window.actions_by_id["shot_grid"].trigger()
    window.actions_by_id["show_history"].trigger()
    save(window, "steps")
    window.actions_by_id["select_all"].trigger()
    save(window, "selected")
    QTest.keyClick(window, Qt.Key.Key_Home)
    window.actions_by_id["show_review"].trigger()
    for action_id in ("picture_100", "safe_areas"):
        window.actions_by_id[action_id].trigger()
    wait(1000)
    save(window, "picture")
    for action_id in ("picture_fit", "safe_areas", "show_review"):
        window.actions_by_id[action_id].trigger()
    window.actions_by_id["command_palette"].trigger()
    palette = next(each for each in QApplication.topLevelWidgets() if isinstance(each, CommandPalette))
    QTest.keyClicks(palette.focusWidget() or palette, "seam")
    save(palette, "commands")
    palette.close()
    show_dialog(ShortcutsSheet(window), "shortcuts")
    if window.document is not None:
        show_dialog(FilmDetailsDialog(window.document.project, window), "film-details")
        dialog = ExportDialog(window.document.project, "premiere", window)
        for field in dialog.findChildren(QLineEdit):
            field.setText(f"/films/{Path(field.text()).name}")
        show_dialog(dialog, "export")


def mark_and_name(window: MainWindow) -> None:
    """Name, comment and colour some shots, and mark one of them."""
    document = window.document
    if document is None:
        return
    shots = document.project.shots
    for number, name, comment, colour in (
        (3, "Mountains", "", ShotColour.VIOLET),
        (5, "Portrait", "hold two frames longer", ShotColour.GREEN),
        (7, "Caravan", "", ShotColour.ORANGE),
    ):
        shot = shots[number - 1]
        document.do(note_shots(document.project, [shot], name=name, comment=comment, colour=colour))
    window.go_to(shots[4].start_frame + 20)
    wait(500)
    QTest.keyClick(window, Qt.Key.Key_X)
    wait(1000)


def correct(window: MainWindow) -> None:
    """Take back the number of the leader that looks like a cut, and confirm the two behind it."""
    QTest.keyClick(window, Qt.Key.Key_Home)
    QTest.keyClick(window, Qt.Key.Key_Down)
    wait(300)
    QTest.keyClick(window, Qt.Key.Key_Delete)
    for _ in range(2):
        wait(300)
        QTest.keyClick(window, Qt.Key.Key_Down)
        wait(300)
        QTest.keyClick(window, Qt.Key.Key_C)
    wait(1500)


def visit_dissolve(window: MainWindow) -> None:
    """Go to the second dissolve by keys."""
    QTest.keyClick(window, Qt.Key.Key_Home)
    for _ in range(7):
        wait(200)
        QTest.keyClick(window, Qt.Key.Key_Down)
    wait(1500)


def main() -> int:
    scale = os.environ.get("QT_SCALE_FACTOR")
    app = QApplication([])
    apply_theme(app)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_demo_film(demo_folder())
        film = folder / made.film_path.name
        shutil.copy(made.film_path, film)
        # the larger scale looks at what the first run analysed
        folders = Folders.under(Path(os.environ.get("SEAMLINE_SCREENSHOTS_FOLDER", name)))
        window = MainWindow(folders)
        window.resize(1360, 840)
        window.show()
        wait(300)
        if scale:
            window.open_film(film)
            wait_until(lambda: window.document is not None and not window.analysis.is_running)
            visit_dissolve(window)
            save(window, "window-200")
        else:
            at_100_percent(window, film, folder)
        window.close()
    return 0


if __name__ == "__main__":
    if os.environ.get("QT_SCALE_FACTOR"):
        sys.exit(main())
    with tempfile.TemporaryDirectory() as shared:
        environment = dict(os.environ, SEAMLINE_SCREENSHOTS_FOLDER=shared)
        for scale in ({}, {"QT_SCALE_FACTOR": "2"}):
            command = [
                sys.executable,
                "-c",
                "import runpy, sys; sys.exit(runpy.run_path(sys.argv[1])['main']())",
            ]
            code = subprocess.run([*command, __file__], env={**environment, **scale}, check=False).returncode
            if code:
                sys.exit(code)
