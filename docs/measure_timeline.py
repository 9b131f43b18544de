"""Measure how long the timeline takes to repaint, with three hours of film and every row shown.

    python docs/measure_timeline.py [RATIO] [camera]

260,000 values, 5,000 seams, 5,000 shots with labels, 400 pictures and sound on 1900 x 300 logical pixels; RATIO is
that of device pixels to logical ones, 1 if not given; with “camera” its curves too, on 360 pixels. Prints median and
95th percentile in milliseconds at several zooms: with the playhead moved, the threshold dragged, the view panned and
zoomed, and in brackets the median of the processor time alone, which other programs disturb less. Pictures that are
not made to size yet are drawn as they are, so no figure waits for one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.argv[1:2] not in ([], ["camera"]):
    os.environ["QT_SCALE_FACTOR"] = sys.argv[1]

import numpy as np
from PySide6.QtGui import QImage, qRgb
from PySide6.QtWidgets import QApplication

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_NAME, UNSURE_SHORT
from seamline_widgets.theme import apply_theme
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_labels import LabelBlock
from seamline_widgets.timeline_shots import ShotBlock

SHOWS_CAMERA = "camera" in sys.argv
FRAMES, SEAMS = 260_000, 5_000
SPANS = {
    "whole film": FRAMES * 19 // 20,
    "1 h": 90_000,
    "10 min": 15_000,
    "1 min": 1_500,
    "10 s": 250,
    "20 frames": 20,
}
REPEATS = 60


def filled_view() -> TimelineView:
    rng = np.random.default_rng(1)
    view = TimelineView()
    view.set_rows(filmstrip=True, waveform=True, labels=True, camera=SHOWS_CAMERA)
    view.resize(1900, 360 if SHOWS_CAMERA else 300)
    view.set_film(FRAMES, TimecodeRate(25).format)
    view.set_analysed(FRAMES)
    values = np.clip(0.95 - np.abs(rng.normal(0, 0.03, FRAMES)), 0, 1).astype(np.float32)
    starts = [52 * at + int(rng.integers(20, 40)) for at in range(SEAMS)]
    seams = [seam(start, at, float(rng.uniform(0.5, 1))) for at, start in enumerate(starts)]
    values[starts] = rng.uniform(0, 0.5, SEAMS)
    view.set_similarity(values)
    view.set_seams(seams)
    view.set_faint([Seam(s - 12, s - 11, confidence=0.3) for s in starts[::5]])
    cuts = [0, *(one.cut_frame for one in seams), FRAMES]
    view.set_shots(
        [
            ShotBlock(
                a, b, "The harbour, from afar" if at % 3 else str(at + 1), (None, "#62b8ea")[at % 5 == 0]
            )
            for at, (a, b) in enumerate(pairwise(cuts))
        ]
    )
    view.set_shot_labels(*(labels(cuts, kind, rng) for kind in LABEL_LOOKS))
    if SHOWS_CAMERA:
        view.set_camera(*(rng.normal(0, 0.004, FRAMES).astype(np.float32) for _ in range(4)))
    view.set_threshold(0.5)
    view.set_in_out(60_000, 200_000)
    peak = np.abs(rng.normal(0.3, 0.15, FRAMES)).astype(np.float32)
    view.add_loudness(0, peak, peak * np.float32(0.5))
    view.add_pictures((at * FRAMES // 400, picture(at)) for at in range(400))
    view.show()
    return view


def seam(start: int, at: int, confidence: float) -> Seam:
    if at % 6:
        return Seam(
            start, start + 1, confidence=confidence, origin=Origin.USER if at % 4 == 0 else Origin.ANALYSIS
        )
    return Seam(start, start + 10, (SeamKind.DISSOLVE, SeamKind.FADE, SeamKind.WIPE)[at % 3], confidence)


def labels(cuts: list[int], kind: str, rng: np.random.Generator) -> list[LabelBlock]:
    looks = list(LABEL_LOOKS[kind].values())
    blocks = []
    for start, end in pairwise(cuts):
        look, fate = looks[int(rng.integers(len(looks)))], rng.random()
        sure = float(rng.uniform(0.4, 1))
        if fate < 0.1:
            blocks.append(LabelBlock(start, end, UNSURE_SHORT, UNSURE_NAME, None, 0.3))
        elif fate < 0.95:
            blocks.append(LabelBlock(start, end, look.short, look.name, look.colour, sure, fate > 0.85))
    return blocks


def picture(at: int) -> QImage:
    image = QImage(160, 90, QImage.Format.Format_RGB32)
    image.fill(qRgb(at * 7 % 200, at * 13 % 200, at * 29 % 200))
    return image


def times_ms(view: TimelineView, change: Callable[[int], None]) -> tuple[float, float, float]:
    """Median and 95th percentile of the time a repaint takes, and the median of its processor time."""
    walls, works = [], []
    for at in range(REPEATS + 3):
        change(at)
        view.repaint()
        began, began_work = time.perf_counter(), time.thread_time()
        change(at + 1)  # what the change itself costs counts too
        view.repaint()
        works.append(time.thread_time() - began_work)
        walls.append(time.perf_counter() - began)
        if at % 8 == 0:
            QApplication.processEvents()
    kept, work = 1000 * np.array(walls[3:]), 1000 * np.array(works[3:])
    return float(np.median(kept)), float(np.percentile(kept, 95)), float(np.median(work))


def figures(view: TimelineView, span: int) -> list[tuple[float, float, float]]:
    first = (FRAMES - span) // 2
    step = max(1.0, span / 190)

    def pan(at: int) -> None:
        by = at % 9 * step
        view.show_frames(first + by, first + by + span)

    def zoom(at: int) -> None:
        view.show_frames(first + at % 9 * step, first + span + at % 9 * step * 2)

    view.show_frames(first, first + span)
    view.set_playhead(first + span // 2)
    QApplication.processEvents()
    return [
        times_ms(view, lambda at: view.set_playhead(first + at % span)),
        times_ms(view, lambda at: view.set_threshold(0.4 + at % 20 / 100)),
        times_ms(view, pan),
        times_ms(view, zoom),
    ]


def main() -> int:
    app = QApplication([])
    apply_theme(app)
    view = filled_view()
    app.processEvents()
    sys.stdout.write(
        f"{view.width()} x {view.height()} at {view.devicePixelRatioF():g} device pixels; "
        "median / 95th percentile (processor time), ms\n"
    )
    sys.stdout.write(f"{'':<12}{'playhead':>20}{'threshold':>20}{'pan':>20}{'zoom':>20}\n")
    for name, span in SPANS.items():
        row = "".join(f"{mid:>7.1f} /{p95:>5.1f} ({work:>3.1f})" for mid, p95, work in figures(view, span))
        sys.stdout.write(f"{name:<12}{row}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
