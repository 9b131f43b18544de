"""What is read before it is wanted, what stands in until the exact picture comes, and what was left out."""

from __future__ import annotations

import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.timebase import FrameIndex
from seamline_app.jobs import proxy_worker
from seamline_app.jobs.behind_worker import BehindWorker
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.play_span import PlaySpan
from seamline_app.jobs.read_plan import read_plan


def index_of(frames: int, gop: int) -> FrameIndex:
    return FrameIndex(
        np.arange(frames), Fraction(1, 25), Fraction(25), np.arange(0, frames, gop), end_pts=frames
    )


def plan(index: FrameIndex, frame: int, speed: float, *, room: int, span: PlaySpan | None = None):
    return read_plan(index, frame, speed, span or PlaySpan.of(index), room=room, decoded_a_s=150)


@pytest.mark.parametrize("gop", [1, 12, 25, 250])
@pytest.mark.parametrize("room", [4, 41, 165, 512])
@pytest.mark.parametrize("speed", [0, 1, -0.25, -1, -4, -8])
def test_what_is_read_and_kept_fits_the_store(gop, room, speed):
    index = index_of(600, gop)
    for span in (PlaySpan.of(index), PlaySpan.of(index, 130, 140, looping=True)):
        for frame in (0, 1, 130, 249, 250, 263, 599):
            spans = plan(index, frame, speed, room=room, span=span).spans
            assert sum(map(len, spans)) <= room


def test_paused_the_frames_before_are_read_nearest_first():
    index = index_of(600, 25)
    reads = plan(index, 263, 0, room=165).reads
    assert reads[0] == range(250, 263)
    assert reads[1] == range(225, 250)


def test_backwards_long_groups_are_read_in_blocks_that_meet():
    reads = plan(index_of(600, 250), 499, -1, room=80).reads
    assert [frame for block in reads for frame in reversed(block)] == list(range(498, 498 - 79, -1))


def test_fast_backwards_frames_are_left_out_evenly():
    reads = plan(index_of(600, 25), 599, -8, room=165).reads
    assert {block.step for block in reads} == {7}


def test_a_loop_is_read_around_its_ends():
    index = index_of(600, 250)
    loop = PlaySpan.of(index, 100, 199, looping=True)
    assert plan(index, 190, 1, room=50, span=loop).reads == (range(190, 200), range(100, 125))
    back = plan(index, 105, -1, room=165, span=loop).reads
    assert back[0] == range(100, 105)
    assert back[1].stop == 200


@pytest.fixture
def decoded(monkeypatch) -> list[tuple[str, int]]:
    """Frames that are decoded for the screen, and by which thread."""
    done: list[tuple[str, int]] = []
    read = FrameSource.read

    def noted(self, frame, limit, give_up, **options):
        if not self.has(frame):
            done.append((threading.current_thread().name, frame))
        return read(self, frame, limit, give_up, **options)

    monkeypatch.setattr(FrameSource, "read", noted)
    return done


def test_stepping_back_over_a_key_frame_decodes_nothing_then(qtbot, watch, make_film, decoded, monkeypatch):
    monkeypatch.setattr("seamline_app.jobs.screen._CACHE_BYTES", 0)
    seen = watch()
    seen.player.open(make_film(300, gop=25), frame=103)
    qtbot.waitUntil(lambda: seen.frames == [103])
    qtbot.waitUntil(lambda: seen.player._threads[0][1].screen.has(99))
    decoded.clear()
    for frame in range(102, 94, -1):
        seen.player.seek(frame)
        qtbot.waitUntil(lambda frame=frame: seen.player.frame == frame)
    assert not {frame for _, frame in decoded} & set(range(94, 103))
    assert seen.painted == seen.frames


def test_when_reading_ahead_fails_reverse_goes_on_without(qtbot, watch, make_film, monkeypatch):
    def fails(self, focus):
        raise MediaError("The film is gone.")

    monkeypatch.setattr(BehindWorker, "_read_one", fails)
    seen = watch()
    seen.player.open(make_film(50), frame=30)
    qtbot.waitUntil(lambda: seen.frames == [30])
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(-2)
    assert seen.painted == seen.frames
    assert seen.frames[-1] == 0
    assert seen.failures == []


@pytest.fixture
def slow_far_seeks(monkeypatch):
    """The player's thread takes 0.3 s for what it must decode from far; key frames are as quick as ever."""
    read = FrameSource.read
    monkeypatch.setattr(FrameSource, "seconds_to", lambda self, frame: 0.0 if self.has(frame) else 1.0)

    def slowly(self, frame, limit, give_up, **options):
        until_s = time.monotonic() + (0 if self.has(frame) else 0.3)
        while time.monotonic() < until_s:
            time.sleep(0.01)
            if give_up():
                return None
        return read(self, frame, limit, give_up, **options)

    monkeypatch.setattr(FrameSource, "read", slowly)


def test_the_nearest_key_frame_stands_in_under_its_own_number(qtbot, watch, make_film, slow_far_seeks):
    seen = watch()
    exact: list[bool] = []
    seen.player.picture_ready.connect(lambda *_: exact.append(seen.player.is_exact))
    seen.player.open(make_film(300, gop=100))
    qtbot.waitUntil(lambda: seen.frames == [0])
    for frame, key in ((230, 200), (190, None), (60, 100)):
        seen.forget()
        exact.clear()
        seen.player.seek(frame)
        qtbot.waitUntil(lambda frame=frame: seen.player.frame == frame)
        # what is on the screen already may be the nearer
        assert seen.frames == seen.painted == ([key, frame] if key is not None else [200, frame])[-2:]
        assert exact == [False, True]


def test_where_no_key_frame_can_be_read_the_log_has_one_line(
    qtbot, watch, make_film, slow_far_seeks, monkeypatch, caplog
):
    def gone(self, film):
        raise MediaError("There is no film any more.")

    seen = watch()
    seen.player.open(make_film(300, gop=100))
    qtbot.waitUntil(lambda: seen.frames == [0])
    monkeypatch.setattr(proxy_worker.ProxyWorker, "_reader_of", gone)
    seen.player.seek(230)
    qtbot.waitUntil(lambda: seen.player.frame == 230)
    records = [record for record in caplog.records if record.name == proxy_worker.__name__]
    assert [record.message for record in records] == ["nothing stands in: There is no film any more."]
    assert records[0].exc_info is None


def test_near_the_picture_shown_nothing_stands_in(qtbot, watch, make_film, slow_far_seeks, monkeypatch):
    seen = watch()
    seen.player.open(make_film(300, gop=100), frame=140)
    qtbot.waitUntil(lambda: seen.player.frame == 140)
    seen.forget()
    seen.player.seek(150)
    qtbot.waitUntil(lambda: seen.player.frame == 150)
    monkeypatch.setattr(proxy_worker, "_FAR_S", 2.0)
    seen.player.seek(290)
    qtbot.waitUntil(lambda: seen.player.frame == 290)
    assert seen.frames == [150, 290]


def test_frames_left_out_are_told_and_counted_anew(qtbot, watch, make_film, monkeypatch):
    seen = watch()
    counts: list[int] = []
    times_s: list[float] = []
    seen.player.dropped_changed.connect(counts.append)
    seen.player.dropped_changed.connect(lambda _: times_s.append(time.monotonic()))
    seen.player.open(make_film(300, gop=25))
    qtbot.waitUntil(lambda: seen.frames == [0])
    read = FrameSource.read

    def slowly(self, *arguments, **options):
        time.sleep(0.1)
        return read(self, *arguments, **options)

    monkeypatch.setattr(FrameSource, "read", slowly)
    monkeypatch.setattr(FrameSource, "seconds_to", lambda self, frame: 1.0)
    seen.player.play(1)
    qtbot.waitUntil(lambda: len(counts) >= 3)
    seen.player.pause()
    qtbot.wait(150)
    assert counts == sorted(counts)
    assert counts[-1] == seen.player.dropped_frames > 0
    assert min(np.diff(times_s[:3])) > 0.2
    monkeypatch.setattr(FrameSource, "read", read)
    seen.player.play(0.25)
    qtbot.waitUntil(lambda: 0 in counts)
