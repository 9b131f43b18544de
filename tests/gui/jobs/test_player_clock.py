"""Film time runs evenly, and is drawn towards the sound without jerks."""

from __future__ import annotations

import pytest

from seamline_app.jobs.clock import PlayClock


@pytest.mark.parametrize("speed", [1, 8, -2, 0])
def test_film_time_runs_at_the_speed(speed):
    clock = PlayClock()
    clock.start(10, speed, now_s=100)
    assert clock.film_s(100) == 10
    assert clock.film_s(101.5) == 10 + 1.5 * speed


def test_small_differences_are_made_up_gently():
    clock = PlayClock()
    clock.start(0, 1, now_s=0)
    clock.follow(1.04, now_s=1)
    assert 1 < clock.film_s(1) < 1.01
    for tick in range(200):
        clock.follow(1.04 + tick * 0.02, now_s=1 + tick * 0.02)
    assert clock.film_s(5) == pytest.approx(5.04, abs=0.001)


def test_great_differences_are_made_up_at_once():
    clock = PlayClock()
    clock.start(0, 1, now_s=0)
    clock.follow(0.5, now_s=1)
    assert clock.film_s(1) == 0.5
