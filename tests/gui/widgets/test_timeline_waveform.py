"""The waveform: the numbers behind its columns, and the pixels it shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_waveform import LoudnessPyramid


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels, with the waveform."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.set_rows(filmstrip=False, waveform=True)
    widget.resize(1000, 220)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_analysed(1000)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _heights(view: TimelineView, x: int) -> tuple[int, int]:
    """How many pixels of the column show sound, and how many of them the brighter RMS."""
    image: QImage = view.grab().toImage()
    rows = view.rows
    shades = [image.pixelColor(x, y).lightness() for y in range(rows.curve_bottom + 2, rows.plot_bottom)]
    return sum(shade > 60 for shade in shades), sum(shade > 150 for shade in shades)


class TestPyramid:
    @pytest.mark.parametrize(
        ("first", "span", "columns"), [(0, 100_000, 1000), (0, 100_000, 77), (33_000.5, 41_234, 1400)]
    )
    def test_a_column_holds_what_the_frames_in_it_do(self, first: float, span: float, columns: int) -> None:
        rng = np.random.default_rng(3)
        peak = rng.random(100_000, dtype=np.float32)
        rms = peak * 0.5
        pyramid = LoudnessPyramid(100_000)
        for start in range(0, 100_000, 7777):
            pyramid.put(start, peak[start : start + 7777], rms[start : start + 7777])
        peaks, means = pyramid.columns(TimeScale(100_000, 1000, first, span), columns)
        a_column = span / columns
        for at in (0, columns // 3, columns - 1):
            low, high = int(first + at * a_column), int(np.ceil(first + (at + 1) * a_column))
            block = 8 ** int(np.log(max(1, a_column / 2)) / np.log(8))
            wide = slice(low // block * block, -(-high // block) * block)  # whole blocks, at both ends
            assert peaks[at] <= peak[wide].max()
            assert peaks[at] >= peak[low + block : max(low + block + 1, high - block)].max() - 1e-6
            assert means[at] == pytest.approx(np.sqrt(np.mean(rms[wide] ** 2)), rel=0.15)

    def test_one_loud_frame_is_seen_at_every_zoom(self) -> None:
        pyramid = LoudnessPyramid(300_000)
        peak = np.zeros(300_000, np.float32)
        peak[123_456] = 1
        pyramid.put(0, peak, peak)
        for span in (300_000, 100_000, 10_000, 500, 20):
            peaks, _ = pyramid.columns(TimeScale(300_000, 1000, 123_456 - span * 0.4, span), 1000)
            assert peaks.max() == 1
            assert abs(int(peaks.argmax()) - 400) <= 1

    def test_a_frame_wider_than_a_column_fills_its_columns(self) -> None:
        pyramid = LoudnessPyramid(100)
        peak = np.linspace(0, 1, 100, dtype=np.float32)
        pyramid.put(0, peak, peak)
        peaks, means = pyramid.columns(TimeScale(100, 1000, 40, 20), 1000)
        assert np.allclose(peaks[::50], peak[40:60])
        assert np.allclose(means, peaks)

    def test_what_goes_beyond_the_film_is_left_out(self) -> None:
        pyramid = LoudnessPyramid(10)
        loud = np.ones(8, np.float32)
        pyramid.put(5, loud, loud)
        assert pyramid.known_frames == 10
        pyramid.put(10, loud, loud)
        assert pyramid.known_frames == 10
        assert pyramid.columns(TimeScale.fitted(10, 10), 10)[0].tolist() == [0] * 5 + [1] * 5


class TestRow:
    def test_louder_sound_is_taller_and_rms_lies_within_peak(self, view: TimelineView) -> None:
        peak = np.full(1000, 0.9, np.float32)
        peak[:500] = 0.09
        view.add_loudness(0, peak, peak * np.float32(0.3))
        quiet, loud = _heights(view, 200), _heights(view, 700)
        assert 0 < quiet[1] < quiet[0] < loud[0] <= view.rows.wave_px
        assert loud[1] < loud[0]
        assert quiet[0] > 0.2 * loud[0]  # -20 dB is not a tenth: quiet sound can be seen

    def test_it_grows_as_it_is_read(self, view: TimelineView) -> None:
        half = np.full(500, 0.5, np.float32)
        view.add_loudness(0, half, half)
        assert _heights(view, 450)[0] > 10
        assert _heights(view, 550)[0] == 0
        view.add_loudness(500, half, half)
        assert _heights(view, 550)[0] > 10

    def test_more_than_full_scale_stays_in_its_row(self, view: TimelineView) -> None:
        loud = np.full(1000, 4, np.float32)
        view.add_loudness(0, loud, loud)
        assert view.rows.wave_px - 10 < _heights(view, 500)[0] < view.rows.wave_px

    def test_a_film_without_sound_says_so(self, view: TimelineView) -> None:
        before = view.grab().toImage()
        view.set_sound_note("No sound")
        after = view.grab().toImage()
        assert before != after
        rows = view.rows
        label = [
            after.pixelColor(x, y) for x in range(8, 80) for y in range(rows.curve_bottom, rows.plot_bottom)
        ]
        assert max(colour.lightness() for colour in label) > 100
        assert _heights(view, 500) == (0, 0)
        view.set_film(1000, TimecodeRate(25).format)
        view.set_analysed(1000)
        assert view.grab().toImage() == before
