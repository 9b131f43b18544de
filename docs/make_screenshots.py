"""Make the pictures in docs/img from the running window over drawn films: `python docs/make_screenshots.py`.

Presses keys and waits as a user would. Runs without a screen; takes a few minutes, as the films are analysed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from seamline.evaluation.demo import demo_folder, make_demo_film
from seamline.evaluation.match_planted_pictures import write_planted
from seamline.evaluation.match_planted_plan import planted_film
from seamline.project.edits import note_shots
from seamline.project.types import ShotColour
from seamline_app.export_dialog import ExportDialog
from seamline_app.folders import Folders
from seamline_app.main_window import MainWindow
from seamline_widgets.footage_panel import FootagePanel
from seamline_widgets.match_panel import MatchPanel
from seamline_widgets.side_tabs import SideTabs
from seamline_widgets.statistics_panel import StatisticsPanel
from seamline_widgets.theme import apply_theme

View = TypeVar("View", bound=QWidget)

IMAGES = Path(__file__).parent / "img"
SEARCHED = "balloon"
PLANTED_SEED = 5
RETURNS = 10
"""The place of a shot of the demo film that takes up an earlier set-up."""
TRIMMED = 4
"""By how many frames the first shot of the pair that is auditioned ends earlier."""
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


def child(window: MainWindow, kind: type[View]) -> View:
    """The view of that kind."""
    found = window.findChild(kind)
    if found is None:
        sys.exit(f"there is no {kind.__name__}")
    return found


def tabs(window: MainWindow) -> SideTabs:
    return child(window, SideTabs)


def press(view: QWidget, text: str) -> None:
    """The button of it that says so and is to be seen."""
    buttons = view.findChildren(QAbstractButton)
    button = next(each for each in buttons if each.text() == text and each.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def open_analysed(window: MainWindow, film: Path) -> None:
    window.open_film(film)
    wait_until(lambda: window.document is not None and window.document.film.path == film)
    wait_until(lambda: window.document is not None and window.document.is_complete)
    wait_until(lambda: not window.analysis.is_running)
    wait(2000)


def show_demo(window: MainWindow, film: Path) -> None:
    """Reviewing, the timeline, shots, footage, labels, a search and an export of the demo film."""
    actions = window.actions_by_id
    open_analysed(window, film)
    correct(window)
    visit_dissolve(window)
    save(window, "window")
    # close in on the dissolve before the playhead, and take hold of it
    for _ in range(8):
        QTest.keyClick(window, Qt.Key.Key_Plus)
    wait(2000)  # for the pictures of the filmstrip
    save(window, "dissolve")
    QTest.keyClick(window, Qt.Key.Key_Backslash)
    mark_and_name(window)
    save(window, "shots")
    actions["shot_grid"].trigger()
    save(window, "grid")
    actions["shot_grid"].trigger()
    actions["show_camera"].trigger()
    tabs(window).setCurrentWidget(child(window, StatisticsPanel))
    save(window, "movement")
    actions["show_camera"].trigger()
    if window.document is not None:
        window.go_to(window.document.project.shots[RETURNS].start_frame + 10)
    tabs(window).setCurrentWidget(child(window, FootagePanel))
    wait(3000)
    save(window, "footage")
    actions["find_pictures"].trigger()
    field = window.focusWidget() or window
    QTest.keyClicks(field, SEARCHED)
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait(3000)
    save(window, "find")
    press(window, "Clear")
    if window.document is not None:
        dialog = ExportDialog(window.document.project, "premiere", window)
        for field in dialog.findChildren(QLineEdit):
            field.setText(f"/films/{Path(field.text()).name}")
        dialog.show()
        save(dialog, "export")
        dialog.close()


def show_match_cuts(window: MainWindow, film: Path) -> None:
    """The list of pairs, and one of them auditioned."""
    open_analysed(window, film)
    window.activateWindow()  # after a dialog no window is; the list shows its focus in an active one alone
    begin = window.actions_by_id["find_match_cuts"]
    begin.trigger()
    panel = child(window, MatchPanel)
    press(panel, "Frame")
    QTest.mouseClick(panel.head.find_button, Qt.MouseButton.LeftButton)
    wait_until(lambda: bool(panel.list.items))
    wait(3000)
    QTest.keyClick(panel.head.shown_box, Qt.Key.Key_End)  # “Everything”: what is decided stays in view
    begin.trigger()
    for key in ("Home", "K", "Down", "Down", "K", "Home", "Down"):
        QTest.keySequence(panel.list, key)
        wait(500)
    save(window, "match")
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    wait(3000)
    for _ in range(TRIMMED):
        QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    wait(2000)
    QTest.keyClick(window, Qt.Key.Key_O)
    wait(500)
    save(window, "audition")
    QTest.keyClick(window, Qt.Key.Key_Escape)


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
    app = QApplication([])
    apply_theme(app)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_demo_film(demo_folder())
        film = folder / made.film_path.name
        shutil.copy(made.film_path, film)
        planted = folder / "planted.mp4"
        write_planted(planted_film(PLANTED_SEED), planted)
        window = MainWindow(Folders.under(folder / "home"))
        window.resize(1360, 840)
        window.show()
        wait(300)
        show_demo(window, film)
        show_match_cuts(window, planted)
        window.close()
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
