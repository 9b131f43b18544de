"""The pictures of an audition: exact, what is played first, bounded, and none of a pair that is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from audition_times import even_times, uneven_times
from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.match_cuts import MatchSide
from seamline_app.jobs import audition_reading, task_thread
from seamline_app.jobs.audition_job import AuditionJob
from seamline_app.jobs.audition_reading import (
    LARGEST_PX,
    MOST_BYTES,
    Auditioned,
    AuditionReading,
    AuditionSide,
    AuditionWish,
    size_limit,
)
from seamline_app.jobs.frame_source import as_image
from seamline_widgets.audition_cut import AuditionCut

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    """Six seconds with cuts at 60 and 110."""
    return open_film(films.make_film(films.folder / "audition.mp4", frames=150, cuts=(60, 110)).path)


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> Film:
    return open_film(films.make_film(films.folder / "audition other.mp4", frames=90, cuts=(40,)).path)


@pytest.fixture
def cache(tmp_path: Path) -> AnalysisCache:
    return AnalysisCache(tmp_path / "cache")


class Seen:
    def __init__(self, job: AuditionJob) -> None:
        self.came: list[Auditioned] = []
        self.failures: list[str] = []
        job.ready.connect(self.came.append)
        job.failed.connect(self.failures.append)


@pytest.fixture
def job(qtbot: QtBot, cache: AnalysisCache) -> Iterator[AuditionJob]:
    job = AuditionJob(cache)
    yield job
    job.close()
    assert not job.is_running


def _side(film: Film, start: int, end: int, frame: int) -> AuditionSide:
    return AuditionSide(MatchSide(film.fingerprint, start, end, frame), film.path, film)


def _wish(film: Film, other: Film) -> AuditionWish:
    return AuditionWish(_side(film, 0, 60, 50), _side(other, 40, 90, 44))


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each frame that is read from now on."""
    read: list[int] = []

    def count(rgb: np.ndarray[Any, np.dtype[np.uint8]]) -> QImage:
        read.append(1)
        return as_image(rgb)

    monkeypatch.setattr(audition_reading, "as_image", count)
    return read


def test_what_is_played_comes_first_and_then_the_handles(
    film: Film, other: Film, job: AuditionJob, painted_number: Callable[[QImage], int], qtbot: QtBot
) -> None:
    seen = Seen(job)
    job.show(_wish(film, other))
    qtbot.waitUntil(lambda: len(seen.came) == 2)
    part, whole = seen.came
    assert not part.is_whole
    assert sorted(part.outgoing) == list(range(26, 51))
    assert sorted(part.incoming) == list(range(44, 69))
    assert whole.is_whole
    assert sorted(whole.outgoing) == list(range(26, 60))  # no further than the shot
    assert sorted(whole.incoming) == list(range(40, 69))
    for pictures in (whole.outgoing, whole.incoming):
        assert [painted_number(pictures[frame]) for frame in pictures] == list(pictures)


def test_at_a_variable_rate_just_the_frames_are_read_that_play(
    make_film: Callable[..., Film], cache: AnalysisCache
) -> None:
    lasting_ms = [100] * 20 + [20] * 60 + [250] * 10
    film = make_film(len(lasting_ms), times_ms=[sum(lasting_ms[:frame]) for frame in range(len(lasting_ms))])
    assert film.index.is_variable
    wish = AuditionWish(_side(film, 0, 50, 29), _side(film, 50, 90, 70))
    cut = AuditionCut(wish.outgoing.side, wish.incoming.side, (29, 70), (film.index, film.index))
    reading = AuditionReading(cache)
    told: list[Auditioned] = []
    whole = reading.read(wish, told.append, CancellableProgress())
    (played,) = told
    assert (sorted(played.outgoing), sorted(played.incoming)) == tuple(map(list, cut.loop.parts))
    assert cut.loop.parts == (range(12, 30), range(70, 83))  # 8 of 100 ms and 10 of 20; 10 of 20 and 3 of 250
    assert sorted(whole.outgoing) == list(range(12, 50))
    assert sorted(whole.incoming) == list(range(50, 83))
    reading.close()


def test_a_film_is_opened_by_its_path_and_held_against_its_fingerprint(
    film: Film, other: Film, job: AuditionJob, qtbot: QtBot
) -> None:
    seen, wish = Seen(job), _wish(film, other)
    job.show(replace(wish, incoming=replace(wish.incoming, film=None)))
    qtbot.waitUntil(lambda: len(seen.came) == 2)
    changed = AuditionSide(MatchSide("changed", 0, 40, 10), other.path)
    job.show(replace(wish, incoming=changed))
    qtbot.waitUntil(lambda: len(seen.failures) == 1)
    assert other.path.name in seen.failures[0]
    assert "find match cuts again" in seen.failures[0]


def test_a_cut_that_slides_has_only_new_frames_read(
    film: Film, other: Film, cache: AnalysisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = counted_reads(monkeypatch)
    reading, wish = AuditionReading(cache), _wish(film, other)
    reading.read(wish, lambda _: None, CancellableProgress())
    count = len(read)
    slid = AuditionWish(
        replace(wish.outgoing, side=wish.outgoing.side.slid(-3)),
        replace(wish.incoming, side=wish.incoming.side.slid(-3)),
    )
    reading.keep_only(slid, None)
    whole = reading.read(slid, lambda _: None, CancellableProgress())
    assert min(whole.outgoing) == 23
    assert len(read) - count == 3  # before the second that is played; of the other shot all is there
    reading.close()
    assert not reading.held_bytes


def test_the_next_pair_is_there_when_it_is_asked_for(
    film: Film, other: Film, job: AuditionJob, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seen = Seen(job)
    ahead = AuditionWish(_side(film, 60, 110, 100), _side(film, 0, 60, 3))
    job.show(_wish(film, other), ahead)
    qtbot.waitUntil(lambda: len(seen.came) == 2)
    qtbot.waitUntil(lambda: not job.is_running)
    assert len(seen.came) == 2  # nothing is said of what is read ahead

    read = counted_reads(monkeypatch)
    job.show(ahead)
    qtbot.waitUntil(lambda: len(seen.came) == 4)
    assert all(came.wish is ahead for came in seen.came[2:])
    assert len(seen.came[2].outgoing) == 25
    assert len(read) == 9 + 3  # the handles alone: frames 101 to 109, and 0 to 2


def test_a_pair_that_is_left_is_read_no_further(
    film: Film, other: Film, job: AuditionJob, qtbot: QtBot
) -> None:
    seen, wish = Seen(job), AuditionWish(_side(film, 60, 110, 100), _side(film, 0, 60, 3))
    job.show(_wish(film, other))
    job.show(wish)
    qtbot.waitUntil(lambda: len(seen.came) == 2)
    assert all(came.wish is wish for came in seen.came)
    job.show(_wish(film, other))
    job.stop()
    qtbot.waitUntil(lambda: not job.is_running)
    assert len(seen.came) == 2
    assert not job._reading.held_bytes


def test_two_pairs_of_large_fast_films_stay_below_the_bound(film: Film) -> None:
    shot = MatchSide(film.fingerprint, 0, 120, 60)
    assert size_limit([(film, replace(shot, end_frame=film.frame_count))] * 2) == LARGEST_PX
    large = replace(film.info, width=3840, height=2160)
    for index, most in ((even_times(Fraction(60)), 60), (uneven_times([100] * 20 + [10] * 100), 101)):
        pictured = replace(film, info=large, index=index)
        width, height = size_limit([(pictured, shot)] * 2)
        assert 2 * 3 * most * 4 * width * height <= MOST_BYTES
        assert width >= 480


def test_a_burst_of_broken_times_makes_no_pictures_small_but_those_of_its_own_shot(film: Film) -> None:
    large = replace(film.info, width=3840, height=2160)
    broken = replace(film, info=large, index=uneven_times([40] * 100 + [1] * 900 + [40] * 100))
    good = MatchSide(film.fingerprint, 0, 100, 60)
    bad = MatchSide(film.fingerprint, 100, 1000, 300)
    assert size_limit([(broken, good)] * 2)[0] > 0.95 * LARGEST_PX[0]
    width, height = size_limit([(broken, good), (broken, bad)])
    assert 3 * (26 + 901) * 4 * width * height <= MOST_BYTES


def test_going_back_holds_no_more_than_going_on(
    film: Film, other: Film, cache: AnalysisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 12 << 20
    monkeypatch.setattr(audition_reading, "MOST_BYTES", most)
    a = AuditionWish(_side(film, 0, 60, 30), _side(other, 40, 90, 64))
    b = AuditionWish(_side(film, 60, 110, 84), _side(other, 0, 40, 20))
    reading = AuditionReading(cache)
    for wish, ahead in ((a, b), (b, None), (a, b), (b, a), (a, b)):
        reading.keep_only(wish, ahead)
        reading.read(wish, lambda _: None, CancellableProgress())
        assert reading.held_bytes <= most
        if ahead is not None:
            reading.read_ahead(ahead, CancellableProgress())
        assert reading.held_bytes <= most
    reading.close()


@pytest.mark.parametrize("ends", [False, True])
def test_films_stay_open_where_the_thread_could_not_be_joined(
    film: Film, other: Film, job: AuditionJob, ends: bool, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seen = Seen(job)
    job.show(_wish(film, other))
    qtbot.waitUntil(lambda: len(seen.came) == 2)
    with monkeypatch.context() as patch:
        if not ends:
            patch.setattr(task_thread, "joined", lambda thread, _: not thread.wait(10_000))
        job.close()
    job.close()
    assert bool(job._reading.held_bytes) is not ends
    job._reading.close()
