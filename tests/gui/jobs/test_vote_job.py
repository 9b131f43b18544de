"""The label network is asked about each shot once, in a thread of its own, and lets go when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from seamline.analysis.pace import Pace
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline_app.jobs import vote_job
from seamline_app.jobs.film_job import FilmJob
from seamline_app.jobs.vote_job import Said, VoteJob, VoteWish

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf

RANGES = ((0, 25), (25, 60), (60, 100))


class PaperNetwork:
    """Says of every shot that it is a long one, and waits at `gate` before each."""

    def __init__(self) -> None:
        self.key = "paper"
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0

    def hold(self, job: VoteJob, wish: VoteWish, qtbot: QtBot) -> None:
        """Have the job ask, and wait at its first shot."""
        self.gate.clear()
        job.ask(wish)
        qtbot.waitUntil(lambda: self.asked == 1)

    def probabilities(self, pictures: np.ndarray[Any, Any], *, progress: Progress | None = None) -> Any:
        self.asked += 1
        while not self.gate.wait(0.01):
            if progress is not None:
                progress.step(0, 1)
        return np.eye(5, dtype=np.float32)[4], np.eye(4, dtype=np.float32)[0]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> PaperNetwork:
    network = PaperNetwork()
    monkeypatch.setattr(vote_job, "is_installed", lambda card: True)
    monkeypatch.setattr(vote_job, "open_session", lambda card: network)
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 1)
    return network


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mov_timecode").path)


class Ears:
    def __init__(self, job: VoteJob, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.said: list[tuple[int, int]] = []
        self.ended = 0
        self.failures: list[str] = []
        job.said.connect(self._hear)
        job.ended.connect(self._end)
        job.failed.connect(self.failures.append)

    def _hear(self, said: Said) -> None:
        self.said += said.probabilities

    def _end(self) -> None:
        self.ended += 1

    def wait(self, ends: int = 1) -> None:
        """Until it has ended so often."""
        self._qtbot.waitUntil(lambda: self.ended == ends)


@pytest.fixture
def make_job(qtbot: QtBot) -> Iterator[Callable[[], tuple[VoteJob, Ears]]]:
    made: list[VoteJob] = []

    def make() -> tuple[VoteJob, Ears]:
        job = VoteJob(Pace())
        made.append(job)
        return job, Ears(job, qtbot)

    yield make
    for job in made:
        job.close()
        assert not job.is_running


Made = Callable[[], tuple[VoteJob, Ears]]


def test_every_shot_is_asked_about_and_kept_over_a_restart(
    network: PaperNetwork, film: Film, make_job: Made, qtbot: QtBot, tmp_path: Path
) -> None:
    job, ears = make_job()
    job.ask(VoteWish(film, tmp_path, RANGES))
    ears.wait()
    assert sorted(ears.said) == list(RANGES)
    assert network.asked == 3
    again, more_ears = make_job()
    again.ask(VoteWish(film, tmp_path, (*RANGES[:2], (60, 90))))
    more_ears.wait()
    assert sorted(more_ears.said) == [*RANGES[:2], (60, 90)]
    assert network.asked == 4


def test_shots_that_change_meanwhile_are_not_asked_about_and_the_new_ones_are(
    network: PaperNetwork,
    film: Film,
    make_job: Made,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vote_job, "_SHOTS_AT_A_TIME", 1)
    job, ears = make_job()
    network.hold(job, VoteWish(film, tmp_path, RANGES), qtbot)
    job.ask(VoteWish(film, tmp_path, ((0, 25), (25, 70), (70, 100))))
    network.gate.set()
    ears.wait()
    assert sorted(ears.said) == [(0, 25), (25, 70), (70, 100)]


def test_stopped_it_asks_no_more_about_that_film(
    network: PaperNetwork, film: Film, make_job: Made, qtbot: QtBot, tmp_path: Path
) -> None:
    job, ears = make_job()
    network.hold(job, VoteWish(film, tmp_path, RANGES), qtbot)
    job.stop()
    ears.wait()
    network.gate.set()
    job.ask(VoteWish(film, tmp_path, ((0, 30), (30, 100))))
    qtbot.wait(100)
    assert not job.is_running
    assert ears.said == []


def test_nothing_is_heard_after_the_film_is_closed_or_the_job(
    network: PaperNetwork, film: Film, make_job: Made, qtbot: QtBot, tmp_path: Path
) -> None:
    job, ears = make_job()
    network.hold(job, VoteWish(film, tmp_path, RANGES), qtbot)
    job.close_film()
    network.gate.set()
    qtbot.wait(100)
    job.ask(VoteWish(film, tmp_path, RANGES))
    job.close()
    qtbot.wait(50)
    assert (ears.said, ears.ended, job.is_running) == ([], 0, False)


def test_another_network_is_asked_anew(
    network: PaperNetwork, film: Film, make_job: Made, qtbot: QtBot, tmp_path: Path
) -> None:
    job, ears = make_job()
    job.ask(VoteWish(film, tmp_path, RANGES))
    ears.wait()
    network.key = "own"
    job.forget_network()
    ears.wait(ends=2)
    assert network.asked == 6


def test_where_there_is_no_network_nothing_happens(
    network: PaperNetwork,
    film: Film,
    make_job: Made,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vote_job, "is_installed", lambda card: False)
    job, ears = make_job()
    job.ask(VoteWish(film, tmp_path, RANGES))
    ears.wait()
    assert (ears.said, ears.failures) == ([], [])


def test_one_that_cannot_be_opened_is_told_of_once(
    network: PaperNetwork,
    film: Film,
    make_job: Made,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(card: object) -> None:
        raise ModelError("It is damaged: install it again.")

    monkeypatch.setattr(vote_job, "open_session", fail)
    job, ears = make_job()
    job.ask(VoteWish(film, tmp_path, RANGES))
    qtbot.waitUntil(lambda: bool(ears.failures))
    job.ask(VoteWish(film, tmp_path, RANGES[:1]))
    qtbot.wait(100)
    assert ears.failures == ["It is damaged: install it again."]
