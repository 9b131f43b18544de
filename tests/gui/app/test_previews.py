"""The window's rows of pictures and sound, and what the diagnostics say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

import seamline
from seamline_resources import palette

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

    from seamline_app.main_window import MainWindow

Answer = Callable[[Callable[[Any], None]], None]


def _shades(hands: Hands, top: int, bottom: int) -> set[str]:
    """The colours of a row, away from the playhead."""
    image = hands.window.timeline.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(40, image.width(), 7) for y in range(top + 3, bottom - 3)
    }


def _strip(hands: Hands) -> set[str]:
    rows = hands.window.timeline.rows
    return _shades(hands, rows.curve_top - rows.strip_px, rows.curve_top)


def _wave(hands: Hands) -> set[str]:
    rows = hands.window.timeline.rows
    return _shades(hands, rows.curve_bottom, rows.plot_bottom)


class TestRows:
    def test_pictures_and_sound_are_there_before_the_analysis(
        self, hands: Hands, network: CheapNetwork, film: FilmSpec
    ) -> None:
        network.delay_s = 3
        hands.open(film, analysed=False)
        hands.wait(lambda: len(_strip(hands)) > 50)
        hands.wait(lambda: palette.CURVE in _wave(hands))
        assert hands.window.analysis.is_running
        assert hands.cuts == []

    def test_a_film_without_sound_says_so(self, hands: Hands, films: FilmShelf) -> None:
        hands.open(films("mp4"))
        hands.wait(lambda: len(_strip(hands)) > 50)
        assert palette.CURVE not in _wave(hands)

    def test_both_belong_to_the_film_that_is_open(
        self, hands: Hands, film: FilmSpec, films: FilmShelf
    ) -> None:
        hands.open(film)
        hands.wait(lambda: palette.CURVE in _wave(hands))
        hands.open(films("mp4"))
        assert palette.CURVE not in _wave(hands)
        hands.open(film)
        hands.wait(lambda: palette.CURVE in _wave(hands))

    def test_the_mouse_scrubs_and_keys_work_over_both(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        timeline = hands.window.timeline
        for frame, y in ((40, timeline.rows.curve_top - 10), (80, timeline.rows.plot_bottom - 10)):
            hands.click_timeline(frame, y)
            hands.sees(frame)
        hands.press("Left")
        hands.sees(79)
        at = timeline.rows.plot_bottom - 10
        hands.drag_timeline(hands.timeline_point(10, at), hands.timeline_point(33, at))
        hands.sees(33)

    def test_each_is_switched_off_and_on_in_the_menu_and_remembered(
        self, hands: Hands, film: FilmSpec, make_window: Callable[[], MainWindow]
    ) -> None:
        hands.open(film)
        timeline = hands.window.timeline
        both_px, curve_px = timeline.height(), timeline.rows.curve_bottom - timeline.rows.curve_top
        hands.menu("View", "Filmstrip")
        assert (timeline.rows.has_strip, timeline.rows.has_wave) == (False, True)
        assert timeline.height() < both_px  # the picture above has its room
        hands.menu("View", "Waveform")
        assert (timeline.rows.has_strip, timeline.rows.has_wave) == (False, False)
        assert timeline.rows.curve_bottom - timeline.rows.curve_top > curve_px
        hands.menu("View", "Filmstrip")
        hands.wait(lambda: len(_strip(hands)) > 50)
        hands.window.close()
        again = make_window().timeline
        assert (again.rows.has_strip, again.rows.has_wave) == (True, False)
        assert again.height() == timeline.height()

    def test_closing_while_they_are_read_is_clean(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.window.open_film(long_film.path)
        hands.wait(lambda: hands.shows(long_film))
        assert hands.window.close()  # the threads that still ran would be told at the end of the test


class TestDiagnostics:
    def test_without_a_film_it_says_what_runs_here(self, hands: Hands, answer: Answer) -> None:
        texts = []

        def read(dialog: Any) -> None:
            texts.append(dialog.plain_text())
            dialog.reject()

        answer(read)
        hands.menu("Help", "Diagnostics")
        hands.wait(lambda: bool(texts))
        for part in ("Versions", f"Seamline: {seamline.__version__}", "FFmpeg", "Processor: ", "Log: "):
            assert part in texts[0]
        assert "unknown" not in texts[0]
        assert "Last analysis" not in texts[0]

    def test_it_tells_and_copies_what_the_analysis_ran_at(
        self, hands: Hands, film: FilmSpec, answer: Answer
    ) -> None:
        hands.open(film)

        def copy(dialog: Any) -> None:
            button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
            dialog.reject()

        answer(copy)
        hands.menu("Help", "Diagnostics")
        hands.wait(lambda: "Last analysis" in QGuiApplication.clipboard().text())
        text = QGuiApplication.clipboard().text()
        for part in (
            f"File: {film.path}", "Frames: 100 analysed", "frames/s, ", "times real time", "processors busy",
            " MiB", "Device: paper", "Missing frames: None", "Failures: None", "Analysed: 100", "Cache of this film",
        ):  # fmt: skip
            assert part in text

    def test_another_session_tells_it_too(
        self, hands: Hands, film: FilmSpec, answer: Answer,
        make_window: Callable[[], MainWindow], more_hands: Callable[[MainWindow], Hands],
    ) -> None:  # fmt: skip
        hands.open(film)
        hands.window.close()
        again = more_hands(make_window())
        again.open(film)
        texts = []

        def read(dialog: Any) -> None:
            texts.append(dialog.plain_text())
            dialog.reject()

        answer(read)
        again.menu("Help", "Diagnostics")
        again.wait(lambda: bool(texts))
        assert "Frames: 100 analysed" in texts[0]
        assert "Device: paper" in texts[0]
