"""The analysis as the window shows it: as it goes, stopped, gone on with, from the cache, and where it fails."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from seamline.errors import ModelError
from seamline.models.session import TransNetV2Session

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

    from seamline_app.folders import Folders
    from seamline_app.main_window import MainWindow

_LONG_CUTS = list(range(50, 600, 50))


def _has_curve(hands: Hands, start_frame: int, end_frame: int) -> bool:
    """Whether the timeline shows a bright line between these frames, which hold no seam, but for the threshold's."""
    timeline = hands.window.timeline
    left, right = round(timeline.x_of(start_frame)), round(timeline.x_of(end_frame))
    rows = timeline.rows
    area = QRect(left, rows.curve_top + 2, right - left, rows.curve_bottom - rows.curve_top - 4)
    image = timeline.grab(area).toImage()
    threshold_y = timeline.threshold_y() - area.top()
    return any(
        image.pixelColor(x, y).lightness() > 120
        for x in range(0, image.width(), 3)
        for y in range(image.height())
        if abs(y - threshold_y) > 3
    )


def _device(hands: Hands) -> str:
    return next(x.text() for x in hands.window.status.findChildren(QLabel) if x.accessibleName() == "Device")


class TestAsItGoes:
    def test_seams_and_curve_appear_while_the_film_plays(
        self, hands: Hands, network: CheapNetwork, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.2
        hands.open(long_film, analysed=False)
        hands.press("L")
        hands.wait(lambda: 50 in hands.cuts)
        assert hands.window.analysis.is_running
        assert hands.window.status.text == "Finding seams"
        assert _has_curve(hands, 2, 40)
        assert not _has_curve(hands, 505, 540)
        hands.wait(lambda: (hands.window.picture.frame or 0) > 5)
        assert hands.window.analysis.is_running
        hands.wait(lambda: "× real time" in hands.window.status.figures)
        assert " left" in hands.window.status.figures
        assert hands.window.analysis.is_running
        hands.wait(lambda: not hands.window.analysis.is_running)
        hands.press("K")
        assert hands.cuts == _LONG_CUTS
        assert _has_curve(hands, 505, 540)
        assert _device(hands) == "Analysed on paper"

    def test_stopped_by_key_it_keeps_what_it_has_and_goes_on_from_there(
        self, hands: Hands, network: CheapNetwork, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.1
        hands.open(long_film, analysed=False)
        hands.wait(lambda: 100 in hands.cuts)
        hands.press("Ctrl+.")
        hands.wait(lambda: not hands.window.analysis.is_running)
        kept = hands.cuts
        assert kept == _LONG_CUTS[: len(kept)]
        assert 100 in kept
        assert 550 not in kept
        assert hands.message == "The analysis is stopped; what was found is kept."
        assert hands.window.status.text.startswith("Analysed as far as ")
        assert not hands.window.actions_by_id["stop_analysis"].isEnabled()
        done = network.predictions
        network.delay_s = 0
        button = next(b for b in hands.window.messages.findChildren(QPushButton) if b.isVisible())
        assert button.text() == "Go on with the analysis"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert hands.window.analysis.is_running
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert hands.cuts == _LONG_CUTS
        assert hands.message == ""
        # five windows in all; the one that was broken off counts twice
        assert network.predictions - done <= 5 - done + 1

    def test_going_on_by_menu(self, hands: Hands, network: CheapNetwork, long_film: FilmSpec) -> None:
        network.delay_s = 0.1
        hands.open(long_film, analysed=False)
        hands.menu("Film", "Stop the analysis")
        hands.wait(lambda: not hands.window.analysis.is_running)
        network.delay_s = 0
        hands.menu("Film", "Go on with the analysis")
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert hands.cuts == _LONG_CUTS

    @pytest.mark.timed
    def test_opened_again_all_is_there_within_two_seconds_without_the_network(
        self,
        hands: Hands,
        network: CheapNetwork,
        long_film: FilmSpec,
        make_window: Callable[[], MainWindow],
        more_hands: Callable[[MainWindow], Hands],
    ) -> None:
        hands.open(long_film)
        hands.window.close()
        done = network.predictions
        again = more_hands(make_window())
        again.expect(long_film)
        began_s = time.monotonic()
        again.window.open_film(long_film.path)
        again.wait(lambda: not again.window.analysis.is_running and again.window.picture.frame == 0)
        assert time.monotonic() - began_s < 2
        assert again.cuts == _LONG_CUTS
        assert _has_curve(again, 505, 540)
        assert network.predictions == done
        assert _device(again) == "From the cache"

    def test_a_film_closed_on_the_way_goes_on_where_it_was(
        self,
        hands: Hands,
        network: CheapNetwork,
        long_film: FilmSpec,
        make_window: Callable[[], MainWindow],
        more_hands: Callable[[MainWindow], Hands],
    ) -> None:
        network.delay_s = 0.1
        hands.open(long_film, analysed=False)
        hands.wait(lambda: 150 in hands.cuts)
        hands.window.close()
        done, network.delay_s = network.predictions, 0
        again = more_hands(make_window())
        again.open(long_film)
        assert again.cuts == _LONG_CUTS
        assert network.predictions - done <= 5 - done + 1

    @pytest.mark.timed
    def test_the_window_never_stands_still(
        self, hands: Hands, network: CheapNetwork, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.02
        ticks = [time.monotonic()]
        timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: ticks.append(time.monotonic()))
        timer.start()
        hands.window.open_film(long_film.path)
        hands.expect(long_film)
        hands.wait(lambda: hands.window.picture.frame is not None)
        hands.press("L")
        # by signal: waiting by a condition would look at the whole list all the time
        done = threading.Event()
        hands.window.analysis.finished.connect(lambda _: done.set())
        hands.wait(done.is_set)
        timer.stop()
        longest_s = max(b - a for a, b in itertools.pairwise(ticks))
        assert longest_s < 0.2, f"nothing happened for {longest_s * 1000:.0f} ms"


class TestFailing:
    def test_a_network_that_is_not_installed(
        self, hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(card: Any) -> None:
            raise ModelError("The network TransNetV2 is not installed: run the set-up.")

        monkeypatch.setattr("seamline.analysis.analyze.open_session", missing)
        hands.open(film)
        assert hands.message == "The network TransNetV2 is not installed: run the set-up."
        hands.press("End")
        hands.sees(99)
        hands.press("M")
        assert hands.cuts == [99]

    def test_a_fault_nobody_thought_of(
        self, hands: Hands, network: CheapNetwork, film: FilmSpec, monkeypatch: pytest.MonkeyPatch,
        folders: Folders,
    ) -> None:  # fmt: skip
        def broken(pictures: Any, *, progress: Any = None) -> None:
            raise ZeroDivisionError("division by zero")

        with monkeypatch.context() as patched:
            patched.setattr(network, "predict", broken)
            hands.open(film)
        assert hands.message == (
            "The analysis stopped at an unexpected fault (ZeroDivisionError: division by zero). "
            f"The log in “{folders.log}” says more; what was found is kept."
        )
        hands.menu("Film", "Go on with the analysis")
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert hands.cuts == [25, 60]
        assert hands.message == ""


class TestRealNetwork:
    def test_it_finds_the_cuts(
        self, make_window: Callable[[], MainWindow], more_hands: Callable[..., Hands], film: FilmSpec
    ) -> None:
        hands = more_hands(make_window())
        hands.open(film, analysed=False)
        hands.wait(lambda: not hands.window.analysis.is_running, timeout_s=60)
        assert hands.cuts == [25, 60]
        assert _device(hands).startswith("Analysed on ")

    def test_a_cancellation_takes_effect_within_half_a_second(
        self,
        make_window: Callable[[], MainWindow],
        more_hands: Callable[..., Hands],
        long_film: FilmSpec,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        predict, is_predicting = TransNetV2Session.predict, threading.Event()

        def told(session: TransNetV2Session, *arguments: Any, **options: Any) -> Any:
            is_predicting.set()
            return predict(session, *arguments, **options)

        monkeypatch.setattr(TransNetV2Session, "predict", told)
        hands = more_hands(make_window())
        hands.open(long_film, analysed=False)
        hands.wait(is_predicting.is_set)
        hands.pause(100)
        assert hands.window.analysis.is_running
        began_s = time.monotonic()
        hands.press("Ctrl+.")
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert time.monotonic() - began_s < 0.5


def test_gone_on_with_after_another_film_failed_the_curve_has_no_hole(
    hands: Hands,
    network: CheapNetwork,
    long_film: FilmSpec,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # so that findings are under way when the other film is asked for, which drops them
    monkeypatch.setattr("seamline_app.jobs.analysis_batches._EVENTS_EVERY_S", 60)
    network.delay_s = 0.4
    hands.open(long_film, analysed=False)
    hands.pause(500)
    hands.window.open_film(tmp_path / "missing.mp4")
    hands.wait(lambda: "missing.mp4" in hands.message)
    hands.menu("Film", "Go on with the analysis")
    hands.wait(lambda: not hands.window.analysis.is_running)
    document = hands.window.document
    assert document is not None
    assert document.is_complete
    assert not np.isnan(document.similarity).any()


def test_film_details_never_go_to_a_film_opened_meanwhile(
    hands: Hands, film: FilmSpec, films: FilmShelf, answer: Callable[[Callable[[Any], None]], None]
) -> None:
    hands.open(film)
    other = films("mp4")

    def change(dialog: Any) -> None:
        dialog.findChildren(QLineEdit)[0].setText("REEL_OF_A")
        hands.wait(lambda: hands.shows(other))
        dialog.accept()

    details = next(x for x in hands.window.findChildren(QAction) if x.text().startswith("Film details"))
    answer(change)
    hands.window.open_film(other.path)
    details.trigger()
    document = hands.window.document
    assert document is not None
    assert document.film.path == other.path
    assert document.project.reel is None
    assert document.undo_name is None
