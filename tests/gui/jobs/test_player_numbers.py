"""The number that the player gives is that painted in the picture, however it came to the screen."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from seamline.media.film import Film
from seamline.media.open_film import open_film

NTSC = Fraction(30000, 1001)
FRAMES = 260


@pytest.fixture(scope="module")
def numbered(films, tmp_path_factory):
    """Films by kind, each made once."""
    folder: Path = tmp_path_factory.mktemp("painted")
    made: dict[str, Film] = {}

    def times_ms() -> list[int]:
        steps = random.Random(7).choices([17, 33, 40, 50, 100], k=FRAMES - 1)
        return [sum(steps[:n]) for n in range(FRAMES)]

    kinds = {
        "b_frames": {"encoding": films.encoding(keyint=25, b_frames=3)},
        "short_gop": {"encoding": films.encoding(keyint=12, b_frames=0)},
        "long_gop": {"encoding": films.encoding(keyint=250)},
        "ntsc": {"encoding": films.encoding(keyint=30), "rate": NTSC},
        "variable": {"encoding": films.encoding(keyint=25), "times_ms": times_ms()},
    }

    def make(kind: str) -> Film:
        if kind not in made:
            path = folder / f"{kind}.mp4"
            films.make_film(path, frames=FRAMES, size=(96, 72), cuts=(), **kinds[kind])
            made[kind] = open_film(path)
        return made[kind]

    return make


@pytest.fixture(params=["b_frames", "short_gop", "long_gop", "ntsc", "variable"])
def film(numbered, request) -> Film:
    return numbered(request.param)


@pytest.fixture
def seen(qtbot, watch, film):
    seen = watch()
    seen.player.open(film)
    qtbot.waitUntil(lambda: seen.frames == [0])
    return seen


def shows(qtbot, seen, frame: int) -> None:
    qtbot.waitUntil(lambda: seen.player.frame == frame and seen.player.is_exact)


def test_after_jumps_and_steps(qtbot, seen):
    for frame in random.Random(2).sample(range(FRAMES), 12):
        seen.player.seek(frame)
        shows(qtbot, seen, frame)
        for delta in (1, 1, -1, -1, -1):
            frame = min(max(0, frame + delta), FRAMES - 1)
            seen.player.seek(frame)
            shows(qtbot, seen, frame)
    assert seen.painted == seen.frames


@pytest.mark.parametrize("film", ["b_frames", "short_gop", "variable"], indirect=True)
def test_stepping_back_over_key_frames_and_on_again(qtbot, seen):
    seen.player.seek(140)
    shows(qtbot, seen, 140)
    for frame in (*range(139, 110, -1), *range(111, 135)):
        seen.player.seek(frame)
        shows(qtbot, seen, frame)
    assert seen.painted == seen.frames


def test_while_scrubbing_to_and_fro(qtbot, seen):
    wishes = [round(130 + 125 * random.Random(n).uniform(-1, 1)) for n in range(60)]
    for frame in wishes:
        seen.player.seek(frame)
        qtbot.wait(3)
    shows(qtbot, seen, wishes[-1])
    assert seen.painted == seen.frames


@pytest.mark.parametrize(
    ("film", "speed"),
    [(kind, speed) for kind in ("b_frames", "long_gop") for speed in (1, 4, -1, -4)]
    + [("b_frames", 0.5), ("b_frames", -0.5), ("ntsc", 1), ("ntsc", -1), ("variable", 2), ("variable", -1)],
    indirect=["film"],
)
def test_while_playing(qtbot, seen, speed):
    seen.player.seek(130)
    shows(qtbot, seen, 130)
    seen.forget()
    seen.player.play(speed)
    qtbot.waitUntil(lambda: len(seen.frames) >= 8)
    seen.player.pause()
    qtbot.wait(60)
    assert seen.painted == seen.frames
    assert seen.frames == sorted(set(seen.frames), reverse=speed < 0)


@pytest.mark.parametrize(
    ("film", "speed"),
    [("b_frames", 1), ("long_gop", 1), ("long_gop", -1), ("ntsc", -1), ("variable", 1), ("variable", 4)],
    indirect=["film"],
)
def test_around_the_turns_of_a_loop(qtbot, seen, speed):
    seen.player.set_range(121, 127)
    seen.player.set_looping(True)
    seen.player.seek(124)
    shows(qtbot, seen, 124)
    seen.forget()
    seen.player.play(speed)
    qtbot.waitUntil(lambda: len(seen.frames) >= 10)
    seen.player.pause()
    qtbot.wait(60)
    assert seen.painted == seen.frames
    assert set(seen.frames) <= set(range(121, 128))


@pytest.mark.parametrize("film", ["b_frames", "long_gop"], indirect=True)
def test_seeks_while_playing_forth_and_back(qtbot, seen):
    for speed, frame in ((1, 200), (-1, 180), (2, 20), (-2, 240), (0.5, 77)):
        seen.player.play(speed)
        seen.player.seek(frame)
        seen.forget()
        qtbot.waitUntil(lambda: len(seen.frames) >= 5)
    seen.player.pause()
    qtbot.wait(60)
    assert seen.painted == seen.frames
