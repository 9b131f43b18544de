"""The whole window for tests: over folders of its own, with a network that costs nothing, and hands to work it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from paper import put_seam_judgement
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu

from seamline.analysis.stage import Stage
from seamline.errors import Cancelled
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.project.types import Project
from seamline_app import main_window
from seamline_app.folders import Folders
from seamline_app.jobs.player import Player
from seamline_app.main_window import MainWindow
from seamline_widgets.shot_model import Column
from seamline_widgets.theme import apply_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf, FilmSpec

Floats = np.ndarray[Any, np.dtype[np.float32]]


class CheapNetwork:
    """Stands in for TransNetV2: a cut wherever the lower part of the picture changes a lot.

    `delay_s` is how long a window of pictures takes; like the real one, a cancellation breaks it off.
    """

    device = "paper"

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.predictions = 0

    def predict(self, pictures: np.ndarray, *, progress: Progress | None = None) -> tuple[Floats, Floats]:
        self.predictions += 1
        cancelled = threading.Event()
        take_back = progress.on_cancel(cancelled.set) if progress is not None else lambda: None
        try:
            if cancelled.wait(self.delay_s):
                raise Cancelled
        finally:
            take_back()
        # below the painted number, which changes with every frame
        scene = pictures[:, 12:].astype(np.float32)
        change = np.abs(np.diff(scene, axis=0)).mean(axis=(1, 2, 3))
        is_cut = np.append(change > 20, False).astype(np.float32)
        return is_cut, is_cut


class Hands:
    """Works a window as an editor does, and sees what an editor sees."""

    def __init__(self, window: MainWindow, qtbot: QtBot, films: FilmShelf) -> None:
        self.window = window
        self._qtbot = qtbot
        self._films = films
        self._project: Project | None = None

    def open(self, film: FilmSpec, *, analysed: bool = True) -> None:
        """Open `film` and wait for its first picture, and for the end of the analysis."""
        self.expect(film)
        self.window.open_film(film.path)
        self.wait(lambda: self.shows(film))
        self.sees(0)
        if analysed:
            self.wait(lambda: not self.window.analysis.is_running)

    def shows(self, film: FilmSpec) -> bool:
        """Whether `film` is open; the one before stays until then."""
        document = self.window.document
        return document is not None and document.film.path == film.path

    def expect(self, film: FilmSpec) -> None:
        """Say which film's timecodes are to be seen from now on."""
        self._project = Project(open_film(film.path))

    def wait(self, condition: Callable[[], bool], *, timeout_s: float = 15) -> None:
        self._qtbot.waitUntil(condition, timeout=round(timeout_s * 1000))

    def pause(self, duration_ms: int) -> None:
        """Do nothing for a while, as the window goes on."""
        self._qtbot.wait(duration_ms)  # QTest.qWait would keep Python's lock from the threads

    def press(self, key: str, times: int = 1) -> None:
        """Press a key named as in the table of shortcuts, such as `Ctrl+Shift+Z`."""
        if not self.window.isActiveWindow():
            # the offscreen plugin gives the focus to nobody when a dialog closes
            with self._qtbot.waitActive(self.window):
                self.window.activateWindow()
        for _ in range(times):
            QTest.keySequence(self.window, key)

    def painted_number(self) -> int:
        """The number painted into the picture that is on the screen."""
        area = self.window.picture.picture_rect()
        area.moveTopLeft(self.window.picture.mapTo(self.window, area.topLeft()))
        image = self.window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return self._films.read_number(rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3))

    def sees(self, frame: int) -> None:
        """Wait until `frame` is on the screen, and hold its painted number and its timecode against it."""
        self.wait(lambda: self.window.picture.frame == frame)
        assert self.painted_number() == frame
        assert self.window.timeline.playhead == frame
        assert self._project is not None
        assert self.timecode == self._project.timecode(frame)

    @property
    def timecode(self) -> str:
        labels = self.window.transport.findChildren(QLabel)
        return next(x.text() for x in labels if x.accessibleName() == "Timecode of the playhead")

    @property
    def cuts(self) -> list[int]:
        """The frames that begin a shot, as the list says them in timecode, but for the film's first."""
        assert self._project is not None
        of_timecode = {
            self._project.timecode(frame): frame for frame in range(self._project.film.frame_count)
        }
        return [of_timecode[text] for text in self.column(Column.START)[1:]]

    def column(self, column: Column) -> list[str]:
        """What the shot list says in that column, row by row."""
        model = self.window.shots.model
        return [model.index(row, column).data() for row in range(model.rowCount())]

    @property
    def message(self) -> str:
        return self.window.messages.text

    def timeline_point(self, frame: int, y: int | None = None) -> QPoint:
        """The middle of `frame` on the timeline, at mid-height unless told."""
        timeline = self.window.timeline
        return QPoint(round(timeline.x_of(frame + 0.5)), timeline.height() // 2 if y is None else y)

    def click_timeline(self, frame: int, y: int | None = None) -> None:
        QTest.mouseClick(self.window.timeline, Qt.MouseButton.LeftButton, pos=self.timeline_point(frame, y))

    def add_cut(self, frame: int) -> None:
        """Send the playhead to `frame` by a click and add a cut there by its key."""
        self.click_timeline(frame)
        self.press("M")

    def delete_at(self, *frames: int) -> None:
        """Delete the seams that begin a shot at these frames, one after the other, by the key."""
        for frame in frames:
            self.window.go_to(frame)
            self.press("Delete")

    def drag_timeline(self, start: QPoint, *stations: QPoint) -> None:
        """Press at `start`, move by way of the stations, release at the last one."""
        timeline, left = self.window.timeline, Qt.MouseButton.LeftButton
        QTest.mousePress(timeline, left, pos=start)
        for station in stations:
            QTest.mouseMove(timeline, station)
        QTest.mouseRelease(timeline, left, pos=stations[-1])

    def menu(self, *path: str) -> None:
        """Click through the menus to an entry, by how their texts begin."""
        bar = self.window.menuBar()
        action = _entry(bar.actions(), path[0])
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(action).center())
        for text in path[1:]:
            menu = action.menu()
            assert isinstance(menu, QMenu)
            self.wait(menu.isVisible)
            action = _entry(menu.actions(), text)
            assert action.isEnabled(), f"“{text}” cannot be chosen now"
            QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
            if (submenu := action.menu()) is not None:
                assert isinstance(submenu, QMenu)
                self.wait(submenu.isVisible)


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        apply_theme(qapp)


@pytest.fixture(autouse=True)
def _silence(monkeypatch: pytest.MonkeyPatch) -> None:
    # what a machine's sound system writes into the log is none of these tests' business
    monkeypatch.setattr(
        main_window, "Player", partial(Player, find_sink=lambda: None, find_scrub_sink=lambda: None)
    )


@pytest.fixture
def further_stages() -> Callable[..., tuple[Stage, ...]]:
    """What the analysis takes from the film besides its seams: nothing. A file whose tests need it says so."""
    return lambda *_: ()


@pytest.fixture(autouse=True)
def _paper_analysis(
    monkeypatch: pytest.MonkeyPatch, further_stages: Callable[..., tuple[Stage, ...]]
) -> None:
    """TransNetV2, or what stands in for it, decides alone what is a seam."""
    put_seam_judgement(monkeypatch.setattr)
    monkeypatch.setattr("seamline_app.jobs.analysis_job.further_stages", further_stages)


@pytest.fixture(autouse=True)
def _nothing_to_look_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """No encoder: what searches and groups shots has tests of its own."""
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", ())
    monkeypatch.setattr("seamline_app.jobs.footage_job.FootageJob.ask", lambda *_: None)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> CheapNetwork:
    """The network that the analysis uses instead of the real one."""
    network = CheapNetwork()
    monkeypatch.setattr("seamline.analysis.analyze.open_session", lambda card: network)
    return network


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.under(tmp_path / "seamline")


@pytest.fixture
def make_window(qtbot: QtBot, folders: Folders) -> Iterator[Callable[[], MainWindow]]:
    """Opens a window over the test's folders; it is closed at the end of the test at the latest."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(folders)
        made.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def window(make_window: Callable[[], MainWindow], network: CheapNetwork) -> MainWindow:
    return make_window()


@pytest.fixture
def hands(window: MainWindow, qtbot: QtBot, films: FilmShelf) -> Hands:
    return Hands(window, qtbot, films)


@pytest.fixture
def more_hands(qtbot: QtBot, films: FilmShelf) -> Callable[[MainWindow], Hands]:
    """Hands for another window."""
    return lambda window: Hands(window, qtbot, films)


@pytest.fixture
def reopened(
    make_window: Callable[[], MainWindow], more_hands: Callable[[MainWindow], Hands]
) -> Callable[[Hands, FilmSpec], Hands]:
    """`reopened(hands, film)`: Seamline is closed and started again, and has `film` open; hands for the new window."""

    def again(hands: Hands, film: FilmSpec) -> Hands:
        hands.window.close()
        new = more_hands(make_window())
        new.open(film)
        return new

    return again


@pytest.fixture(scope="session")
def film(films: FilmShelf) -> FilmSpec:
    """Four seconds with cuts at frames 25 and 60, from timecode 10:00:00:00, reel A001C002, with sound."""
    return films("mov_timecode")


@pytest.fixture(scope="session")
def long_film(films: FilmShelf) -> FilmSpec:
    """Twenty-four seconds with a cut every two."""
    return films.make_film(films.folder / "long.mp4", frames=600, cuts=range(50, 600, 50))


@pytest.fixture
def answer(qtbot: QtBot) -> Iterator[Callable[[Callable[[Any], None]], None]]:
    """`answer(steps)` has the next modal dialog worked by `steps(dialog)`; it must come, and it must go."""
    waiting: list[Callable[[Any], None]] = []
    faults: list[BaseException] = []
    timer = QTimer(interval=20)
    idle_looks = 0

    def look() -> None:
        nonlocal idle_looks
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or not dialog.isVisible():
            idle_looks = 0
            return
        if not waiting:
            idle_looks += 1
            if idle_looks > 150:  # some seconds: a test that fails must not hang
                faults.append(AssertionError(f"the dialog “{dialog.windowTitle()}” stayed open"))
                dialog.reject()
            return
        if not dialog.isActiveWindow():
            dialog.activateWindow()
            return
        steps = waiting.pop(0)
        try:
            steps(dialog)
        except BaseException as fault:  # noqa: BLE001  raised again when the test ends
            faults.append(fault)
            dialog.reject()

    timer.timeout.connect(look)
    timer.start()
    yield waiting.append
    timer.stop()
    if faults:
        raise faults[0]
    assert not waiting, "a dialog that was expected did not come"


def _entry(actions: list[QAction], text: str) -> QAction:
    return next(action for action in actions if action.text().replace("&", "").startswith(text))
