"""A feature film with thousands of seams stays fluent."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind
from seamline_widgets.timeline import TimelineView


def _best_ms(change: Callable[[], None]) -> float:
    times = []
    for _ in range(7):
        began = time.perf_counter()
        change()
        QApplication.processEvents()
        times.append(time.perf_counter() - began)
    return 1000 * min(times)  # the machine may be busy with other things


def test_a_long_film_with_many_seams_repaints_quickly(qtbot: QtBot) -> None:
    frames = 260_000
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1400, 180)
    view.set_film(frames, TimecodeRate(25).format)
    view.set_analysed(frames)
    seams = [
        Seam(at, at + 1) if at % 3 else Seam(at, at + 12, SeamKind.WIPE) for at in range(20, 5000 * 52, 52)
    ]
    values = (0.95 - 0.05 * np.random.default_rng(1).random(frames)).astype(np.float32)
    with qtbot.waitExposed(view):
        view.show()

    assert len(seams) == 5000
    assert _best_ms(lambda: view.set_similarity(values)) < 60
    assert _best_ms(lambda: view.set_seams(seams)) < 60
    assert _best_ms(lambda: view.set_playhead((view.playhead + 1) % frames)) < 20
    assert _best_ms(view.zoom_in) < 60


def test_an_hour_with_pictures_and_sound_repaints_quickly(
    qtbot: QtBot, plain_image: Callable[..., QImage]
) -> None:
    frames = 108_000
    view = TimelineView()
    qtbot.addWidget(view)
    view.set_rows(filmstrip=True, waveform=True)
    view.resize(1400, 220)
    view.set_film(frames, TimecodeRate(25).format)
    with qtbot.waitExposed(view):
        view.show()
    peak = np.random.default_rng(1).random(frames).astype(np.float32)
    pictures = [(at * 270, plain_image("#806040")) for at in range(400)]

    assert _best_ms(lambda: view.add_loudness(0, peak, peak * np.float32(0.5))) < 60
    assert _best_ms(lambda: view.add_pictures(pictures)) < 60
    assert _best_ms(lambda: view.set_playhead((view.playhead + 1) % frames)) < 20
    assert _best_ms(view.zoom_in) < 60
