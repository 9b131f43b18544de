"""The tabs “Segments” and “Map” of the window: live controls, files, closing while they work."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QThread
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from seamline.analysis import stages
from seamline.analysis.stage import Stage
from seamline.errors import ModelError
from seamline.exchange import folding
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline_app.jobs import map_job, map_process, segments_job
from seamline_app.main_window import MainWindow
from seamline_resources import palette
from seamline_widgets.film_map import FilmMap

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.folders import Folders

LEFT = Qt.MouseButton.LeftButton
SHOTS, SEGMENTS, MAP = 0, 5, 6
_LONGEST_CLOSE_S = 2.0


class PaperEncoder:
    """Stands for the network: a picture's direction is the colour of its lower part."""

    spec = EFFICIENTNET_LITE0_ENCODER
    device = "paper"

    def encode(self, pictures: np.ndarray, *, progress: object = None) -> np.ndarray:
        vectors = np.zeros((len(pictures), self.spec.dimension), np.float32)
        vectors[:, :3] = np.median(pictures[:, 80:110].reshape(len(pictures), -1, 3), axis=1) + 1
        # a little of its own for each picture, so that a map has something to lay out
        vectors[:, 3] = pictures[:, :40].mean(axis=(1, 2, 3)) / 4
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def further_stages() -> Callable[..., tuple[Stage, ...]]:
    return stages.further_stages


@pytest.fixture(autouse=True)
def _paper_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "open_efficientnet", lambda **_: PaperEncoder())


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that maps were drawn in."""
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def begin(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        begun.append(popen(*arguments, **options))
        return begun[-1]

    monkeypatch.setattr(map_job.subprocess, "Popen", begin)
    return begun


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first test's analysis kept, for the others."""
    return tmp_path_factory.mktemp("kept") / "cache"


@pytest.fixture
def long_film(long_film: FilmSpec, folders: Folders, kept: Path) -> Iterator[FilmSpec]:
    """The long film; only the first test here analyses it."""
    if kept.exists():
        shutil.copytree(kept, folders.cache, dirs_exist_ok=True)
    yield long_film
    if not kept.exists() and list(folders.cache.rglob("embedding-*.npz")):
        shutil.copytree(folders.cache, kept, ignore=shutil.ignore_patterns("map-*"))


def open_tab(hands: Hands, tab: int) -> None:
    bar = hands.window._views.side.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(tab).center())


def open_segments(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    open_tab(hands, SEGMENTS)
    hands.wait(lambda: hands.window._views.segments.is_shown, timeout_s=5)


def sampled(hands: Hands) -> list[int]:
    """The frames that have an embedding."""
    divided = hands.window.segments.divided
    assert divided is not None
    return divided.content.sampling.frames.tolist()


def starts(hands: Hands) -> list[int]:
    return [item.start_frame for item in hands.window._views.segments.list.items]


def quick_map(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """No process: points in a row. Gives the questions asked."""
    asked: list[bytes] = []

    def arranged(data: bytes, progress: object) -> bytes:
        asked.append(data)
        frames = np.arange(0, 600, 6, dtype=np.int64)
        line = np.stack([frames / 600, np.zeros(len(frames))], 1).astype(np.float32)
        return map_process.answer(map_job.FrameMap(frames, line))

    monkeypatch.setattr(map_job, "_arranged", arranged)
    return asked


def test_shots_are_what_is_seen_first_and_nothing_else_is_computed(
    hands: Hands, long_film: FilmSpec, started_threads: list[QThread]
) -> None:
    hands.open(long_film)
    assert hands.window._views.side.currentIndex() == SHOTS
    assert hands.window.shots.isVisible()
    hands.pause(200)
    assert hands.window.segments.divided is None
    assert not {"segments", "frame-map"} & {thread.objectName() for thread in started_threads}


def test_segments_appear_with_their_pictures_and_a_click_goes_there(
    hands: Hands, long_film: FilmSpec
) -> None:
    open_segments(hands, long_film)
    view = hands.window._views.segments.list
    assert starts(hands)[0] == 0
    assert set(starts(hands)) <= {0, *range(50, 600, 50)}
    assert len(starts(hands)) > 3
    second = view.items[1]
    hands.wait(lambda: second.keyframes[0] in view._model.pictures)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.keyframe_rect(1, 0).center())
    hands.sees(second.keyframes[0])
    assert view.current_row == 1
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(view.width() - 24, view.keyframe_rect(0, 0).bottom()))
    hands.sees(0)


def test_controls_act_at_once_and_are_remembered(
    hands: Hands, long_film: FilmSpec, make_window: Callable[[], MainWindow]
) -> None:
    open_segments(hands, long_film)
    controls = hands.window._views.segments.controls
    before = starts(hands)
    controls.min_s.setFocus()
    controls.min_s.selectAll()
    QTest.keyClicks(controls.min_s, "5\r")
    hands.wait(lambda: starts(hands) != before)
    lengths = np.diff([*starts(hands), 600])
    assert lengths.min() >= 125
    assert make_window()._views.segments.choices.min_s == 5


def test_of_many_changes_in_a_row_the_last_one_counts(hands: Hands, long_film: FilmSpec) -> None:
    open_segments(hands, long_film)
    controls, answers = hands.window._views.segments.controls, []
    hands.window.segments.job.divided.connect(answers.append)
    controls.sensitivity.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(20):
        QTest.keyClick(controls.sensitivity, Qt.Key.Key_Left)
    hands.wait(lambda: bool(answers) and answers[-1].segmentation.settings.sensitivity == 0.3)
    assert len(answers) < 5


def test_a_corrected_seam_moves_the_segments(hands: Hands, long_film: FilmSpec) -> None:
    open_segments(hands, long_film)
    assert 250 in starts(hands)
    hands.window.go_to(253)
    hands.sees(253)
    hands.window.document.move(hands.window.document.seam_before(252).id, 251, 252)
    hands.wait(lambda: 252 in starts(hands) and 250 not in starts(hands))


def test_lengths_that_no_film_of_this_rate_allows_are_refused_in_a_sentence(
    hands: Hands, long_film: FilmSpec
) -> None:
    open_segments(hands, long_film)
    panel = hands.window._views.segments
    before = starts(hands)
    panel.controls.min_s.setValue(0.3)
    panel.controls.max_s.setValue(0.6)  # 8 frames and 15
    hands.wait(lambda: "do not fit every film" in panel.refusal)
    assert starts(hands) == before
    panel.controls.max_s.setValue(4)
    hands.wait(lambda: not panel.refusal)


def test_without_the_encoder_the_next_step_is_said(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(**_: object) -> None:
        raise ModelError("The network EfficientNet-Lite0 is not installed. Run “set-up”.")

    monkeypatch.setattr(stages, "open_efficientnet", missing)
    hands.open(film)
    panels = hands.window._views
    for tab, notice in ((SEGMENTS, panels.segments.notice), (MAP, panels.map.notice)):
        open_tab(hands, tab)
        hands.wait(lambda notice=notice: "Run “set-up”" in notice.text)
        assert notice.text.startswith("The segments need the film's embeddings.")


def test_a_film_kept_without_embeddings_asks_for_its_analysis(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seamline_app.jobs.analysis_job.further_stages", lambda *_: ())
    for is_there, step in ((True, "Go on with the analysis"), (False, segments_job.SET_UP_COMMAND)):
        monkeypatch.setattr(segments_job, "is_installed", lambda _, is_there=is_there: is_there)
        hands.open(film)
        open_tab(hands, SEGMENTS)
        hands.wait(lambda step=step: step in hands.window._views.segments.notice.text)


def test_the_table_and_the_array_are_written(
    hands: Hands, long_film: FilmSpec, tmp_path: Path, answer: Callable[[Callable[[QFileDialog], None]], None]
) -> None:
    open_segments(hands, long_film)
    panel = hands.window._views.segments
    for name in ("table.csv", "vectors.npy", "score.png"):
        answer(_choose(tmp_path / name))
        QTest.mouseClick(panel.export_button, LEFT)
        hands.wait(lambda name=name: name in hands.message, timeout_s=20)
        hands.wait(panel.export_button.isVisible)
    lines = (tmp_path / "table.csv").read_text().splitlines()
    assert len(lines) == len(starts(hands)) + 1
    assert np.load(tmp_path / "vectors.npy").shape == (len(sampled(hands)), 1280)
    assert (tmp_path / "score.png").read_bytes().startswith(b"\x89PNG")


def test_clips_are_written_and_told_of_and_never_over_others(
    hands: Hands, long_film: FilmSpec, tmp_path: Path, answer: Callable[[Callable[[QFileDialog], None]], None]
) -> None:
    open_segments(hands, long_film)
    count = len(starts(hands))
    for told in (f"Wrote {count} clips to", "none is ever written over: choose another folder"):
        answer(_choose(tmp_path))
        QTest.mouseClick(hands.window._views.segments.clips_button, LEFT)
        hands.wait(lambda told=told: told in hands.message, timeout_s=60)
        assert len(list(tmp_path.glob("long-*.mp4"))) == count
    assert not list(tmp_path.glob(".seamline*"))


def test_writing_clips_can_be_cancelled(
    hands: Hands,
    long_film: FilmSpec,
    tmp_path: Path,
    answer: Callable[[Callable[[QFileDialog], None]], None],
    slow_clips: list[int],
) -> None:
    open_segments(hands, long_film)
    panel = hands.window._views.segments
    answer(_choose(tmp_path))
    QTest.mouseClick(panel.clips_button, LEFT)
    hands.wait(lambda: bool(slow_clips))
    assert panel.doing == "Writing clips"
    QTest.mouseClick(panel.cancel_button, LEFT)
    hands.wait(lambda: hands.message.startswith("Stopped: 0 of"))
    assert panel.clips_button.isVisible()
    assert not list(tmp_path.glob("*.mp4"))


def test_the_map_is_drawn_when_its_tab_is_opened_and_kept(
    hands: Hands, long_film: FilmSpec, processes: list[subprocess.Popen[bytes]], folders: Folders
) -> None:
    hands.open(long_film)
    assert processes == []
    open_tab(hands, MAP)
    panel = hands.window._views.map
    hands.wait(lambda: panel.is_shown, timeout_s=60)
    assert len(processes) == 1
    assert panel.map.frames.tolist() == sampled(hands)
    assert list(folders.cache.rglob("map-*.npz"))
    seen_from(hands, panel.map, 300)
    hands.open(long_film)
    hands.wait(lambda: panel.is_shown, timeout_s=5)
    assert len(processes) == 1


def seen_from(hands: Hands, film_map: FilmMap, frame: int) -> None:
    """Hover over a frame's point, then click it."""
    at = film_map.point_of(frame)
    QTest.mouseMove(film_map, at)
    shown = film_map.hovered_frame
    assert shown is not None
    hands.wait(lambda: shown in film_map._pictures)
    QTest.mouseClick(film_map, LEFT, pos=at)
    hands.sees(shown)
    QTest.mouseMove(film_map, QPoint(1, 1))
    image, accent = film_map.grab().toImage(), QColor(palette.ACCENT)
    # a ring around its point, wherever between two pixels that lies
    colours = [image.pixelColor(film_map.point_of(shown) + QPoint(right, 0)) for right in range(5, 10)]
    apart = [(c.red() - accent.red(), c.green() - accent.green(), c.blue() - accent.blue()) for c in colours]
    assert min(max(map(abs, each)) for each in apart) < 40


def test_a_map_that_is_damaged_on_disk_is_drawn_again(
    hands: Hands, long_film: FilmSpec, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = quick_map(monkeypatch)
    hands.open(long_film)
    open_tab(hands, MAP)
    hands.wait(lambda: hands.window._views.map.is_shown)
    (kept,) = folders.cache.rglob("map-*.npz")
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    hands.open(long_film)
    hands.wait(lambda: hands.window._views.map.is_shown)
    assert len(asked) == 2
    assert kept.read_bytes() == whole


def test_points_follow_the_segments_when_coloured_by_them(
    hands: Hands, long_film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_map(monkeypatch)
    hands.open(long_film)
    open_tab(hands, MAP)
    panel = hands.window._views.map
    hands.wait(lambda: panel.is_shown, timeout_s=5)
    QTest.keyClick(panel.colouring, Qt.Key.Key_Down)
    before = panel.map.grab().toImage()
    hands.window._views.segments.controls.min_s.setValue(6)
    hands.wait(lambda: panel.map.grab().toImage() != before)


def test_cancelled_the_map_can_be_asked_for_again(
    hands: Hands,
    long_film: FilmSpec,
    processes: list[subprocess.Popen[bytes]],
    endless_map: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hands.open(long_film)
    open_tab(hands, MAP)
    panel = hands.window._views.map
    hands.wait(lambda: panel.notice.button.text() == "Cancel")
    QTest.mouseClick(panel.notice.button, LEFT)
    hands.wait(lambda: panel.notice.text == "The map is not drawn.")
    assert processes[0].returncode not in (0, None)
    open_tab(hands, SHOTS)
    open_tab(hands, MAP)
    hands.pause(200)
    assert len(processes) == 1, "what was declined is not begun again by itself"
    quick_map(monkeypatch)
    QTest.mouseClick(panel.notice.button, LEFT)
    hands.wait(lambda: panel.is_shown, timeout_s=5)


def test_a_process_that_fails_is_told_of(
    hands: Hands, long_film: FilmSpec, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(map_job, "_PROGRAM", ("-c", "import sys; sys.exit('no memory')"))
    hands.open(long_film)
    open_tab(hands, MAP)
    panel = hands.window._views.map
    hands.wait(lambda: "exit status 1" in panel.notice.text)
    assert panel.notice.button.text() == "Draw the map"
    assert "no memory" in caplog.text


def test_closing_while_the_map_is_drawn(
    hands: Hands,
    long_film: FilmSpec,
    processes: list[subprocess.Popen[bytes]],
    endless_map: None,
    started_threads: list[QThread],
) -> None:
    hands.open(long_film)
    open_tab(hands, MAP)
    hands.wait(lambda: bool(processes))
    assert _closes_soon(hands.window, started_threads)
    assert processes[0].returncode is not None


def test_closing_while_clips_are_written(
    hands: Hands,
    long_film: FilmSpec,
    tmp_path: Path,
    answer: Callable[[Callable[[QFileDialog], None]], None],
    slow_clips: list[int],
    started_threads: list[QThread],
) -> None:
    open_segments(hands, long_film)
    answer(_choose(tmp_path))
    QTest.mouseClick(hands.window._views.segments.clips_button, LEFT)
    hands.wait(lambda: bool(slow_clips))
    assert _closes_soon(hands.window, started_threads)
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".mp4"]


def test_closing_while_segments_are_computed_and_another_film_meanwhile(
    hands: Hands, long_film: FilmSpec, film: FilmSpec, started_threads: list[QThread]
) -> None:
    open_segments(hands, long_film)
    hands.open(film)
    hands.wait(lambda: hands.window._views.segments.is_shown, timeout_s=5)
    assert hands.window._views.segments.list.items[-1].end_frame == 100
    hands.window._views.segments.controls.sensitivity.setValue(90)
    hands.pause(85)  # the wait is over, the thread at work
    assert _closes_soon(hands.window, started_threads)


def test_tabs_by_keys(hands: Hands, long_film: FilmSpec) -> None:
    hands.open(long_film)
    side = hands.window._views.side
    hands.menu("View", "Segments")
    assert side.currentIndex() == SEGMENTS
    assert side.tabBar().hasFocus()
    QTest.keyClick(side.tabBar(), Qt.Key.Key_Right)
    assert side.currentIndex() == MAP
    assert hands.window.picture.frame == 0, "the arrow was the tabs', not the playhead's"
    hands.menu("View", "Shots")
    assert hands.window.shots.isVisible()


@pytest.fixture
def endless_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that draws maps comes to no end by itself."""
    monkeypatch.setattr(map_job, "_PROGRAM", ("-c", "import time; time.sleep(99)"))


@pytest.fixture
def slow_clips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Folding comes to no end by itself; gives the clips begun."""
    begun: list[int] = []

    def fold(self: Any, path: Path, start: int, end: int, done: int) -> None:
        begun.append(start)
        while True:
            self._step(done)
            time.sleep(0.01)

    monkeypatch.setattr(folding._Folding, "fold", fold)
    return begun


def _closes_soon(window: MainWindow, threads: Sequence[QThread]) -> bool:
    began_s = time.monotonic()
    assert window.close()
    return time.monotonic() - began_s < _LONGEST_CLOSE_S and all(thread.isFinished() for thread in threads)


def _choose(path: Path) -> Callable[[QFileDialog], None]:
    def steps(dialog: QFileDialog) -> None:
        if path.suffix:
            dialog.selectNameFilter(next(f for f in dialog.nameFilters() if f"*{path.suffix}" in f))
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert name is not None
        name.setFocus()
        name.selectAll()
        QTest.keyClicks(name, str(path))
        QTest.keyClick(name, Qt.Key.Key_Return)
        if dialog.isVisible():  # the first Return was for the list of proposals
            QTest.keyClick(name, Qt.Key.Key_Return)

    return steps
