"""Of a film that has lost frames, what is seen in their place is told by its own number."""

from __future__ import annotations

import pytest

from seamline.media.decoder import Decoder

LOST = range(20, 30)


@pytest.fixture
def damaged(monkeypatch, make_film):
    whole = Decoder._numbered

    def numbered(decoder, *, from_start):
        return (item for item in whole(decoder, from_start=from_start) if item[0] not in LOST)

    monkeypatch.setattr(Decoder, "_numbered", numbered)
    return make_film(60, gop=50)


@pytest.fixture
def seen(qtbot, watch, damaged):
    seen = watch()
    seen.stand_ins = []
    seen.player.stand_in.connect(lambda *numbers: seen.stand_ins.append(numbers))
    seen.player.open(damaged)
    qtbot.waitUntil(lambda: seen.frames == [0])
    return seen


def test_a_lost_frame_keeps_the_playhead_and_tells_what_is_seen(qtbot, seen) -> None:
    for frame, shown in ((10, 10), (25, 19), (29, 19), (30, 30), (10, 10)):
        seen.player.seek(frame)
        qtbot.waitUntil(lambda frame=frame: seen.player.frame == frame)
        assert seen.painted[-1] == shown
        assert seen.player.is_exact == (frame == shown)
    assert seen.stand_ins == [(25, 19), (29, 19), (30, 30)]


def test_one_that_was_read_ahead_is_told_too(qtbot, seen, damaged, monkeypatch) -> None:
    monkeypatch.setattr("seamline_app.jobs.screen._CACHE_BYTES", 0)
    seen.player.open(damaged, frame=40)
    qtbot.waitUntil(lambda: seen.player.frame == 40)
    worker = seen.player._threads[0][1]
    store, key = worker.screen._store, seen.player._desk.wanted.picture_key
    qtbot.waitUntil(lambda: all(store.has(key, frame) for frame in LOST))
    monkeypatch.setattr(worker.screen.source, "read", None)
    seen.player.seek(24)
    qtbot.waitUntil(lambda: seen.player.frame == 24)
    assert seen.stand_ins == [(24, 19)]


def test_playing_goes_over_the_hole(qtbot, seen) -> None:
    seen.player.seek(15)
    qtbot.waitUntil(lambda: seen.player.frame == 15)
    seen.forget()
    seen.player.play(1)
    qtbot.waitUntil(lambda: seen.player.frame > 33)
    seen.player.pause()
    assert seen.stand_ins[-1][0] == seen.stand_ins[-1][1] >= 30
    assert {shown for _, shown in seen.stand_ins[:-1]} == {19}
    assert {frame for frame, _ in seen.stand_ins[:-1]} <= set(LOST)
    assert seen.painted == [19 if frame in LOST else frame for frame in seen.frames]
    seen.player.seek(25)
    qtbot.waitUntil(lambda: seen.stand_ins[-1] == (25, 19))
    seen.player.close()
    assert seen.stand_ins[-1] == (0, 0)
