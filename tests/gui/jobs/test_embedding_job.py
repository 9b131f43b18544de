"""A film's shots are looked at in a thread of its own, each frame once, and put into the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paper_encoder import SPEC, PaperEncoder

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.library_index import LibraryIndex
from seamline.analysis.pace import Pace
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoders import BUILT_IN, EncoderChoice
from seamline.project.types import Project, Seam
from seamline_app.jobs.embedding_job import EmbeddingJob, EmbeddingWish, encoders_in_use
from seamline_app.jobs.film_job import FilmJob
from seamline_app.jobs.film_vectors import FilmVectors

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> PaperEncoder:
    encoder = PaperEncoder()
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(),))
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 1)
    return encoder


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mov_timecode").path)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[LibraryIndex]:
    with LibraryIndex(tmp_path / "library", SPEC) as library:
        yield library


class Ears:
    def __init__(self, job: EmbeddingJob) -> None:
        self.ends: list[bool] = []
        self.grown = 0
        self.failures: list[str] = []
        job.ended.connect(self.ends.append)
        job.failed.connect(self.failures.append)
        job.grown.connect(self._grow)

    def _grow(self) -> None:
        self.grown += 1


Made = Callable[[], tuple[EmbeddingJob, Ears]]


@pytest.fixture
def make_job(qtbot: QtBot, library: LibraryIndex) -> Iterator[Made]:
    made: list[EmbeddingJob] = []

    def make() -> tuple[EmbeddingJob, Ears]:
        job = EmbeddingJob(Pace(), lambda _: library)
        made.append(job)
        return job, Ears(job)

    yield make
    for job in made:
        job.close()
        assert not job.is_running


def _project(film: Film, *cuts: int) -> Project:
    seams = [Seam(cut - 1, cut, id=str(cut)) for cut in cuts]
    return Project(film).with_proposals(seams, film.frame_count)


def _vectors(film: Film, tmp_path: Path) -> FilmVectors:
    return FilmVectors(film, AnalysisCache(tmp_path / "cache"))


def test_every_shot_is_looked_at_kept_and_put_into_the_library(
    film: Film, make_job: Made, library: LibraryIndex, encoder: PaperEncoder, qtbot: QtBot, tmp_path: Path
) -> None:
    vectors = _vectors(film, tmp_path)
    job, ears = make_job()
    job.ask(EmbeddingWish(vectors, _project(film, 25, 60)))
    qtbot.waitUntil(lambda: ears.ends == [True])
    known = vectors.of(SPEC)
    assert len(known) == encoder.seen >= 9
    assert all(len(known.within(*shot)) >= 3 for shot in ((0, 25), (25, 60), (60, 100)))
    assert ears.grown >= 1
    assert [entry.path for entry in library.films()] == [film.path]
    again, more_ears = make_job()
    again.ask(EmbeddingWish(_vectors(film, tmp_path), _project(film, 25, 60)))
    qtbot.waitUntil(lambda: more_ears.ends == [True])
    assert encoder.seen == len(known)  # over a restart


def test_a_seam_that_moves_has_two_shots_looked_at_and_no_more(
    film: Film, make_job: Made, encoder: PaperEncoder, qtbot: QtBot, tmp_path: Path
) -> None:
    vectors = _vectors(film, tmp_path)
    job, ears = make_job()
    job.ask(EmbeddingWish(vectors, _project(film, 25, 60)))
    qtbot.waitUntil(lambda: len(ears.ends) == 1)
    before, first = set(vectors.of(SPEC).frames.tolist()), encoder.seen
    job.ask(EmbeddingWish(vectors, _project(film, 25, 66)))
    qtbot.waitUntil(lambda: len(ears.ends) == 2)
    new = set(vectors.of(SPEC).frames.tolist()) - before
    assert new
    assert all(frame >= 25 for frame in new)
    assert encoder.seen - first == len(new)
    job.ask(EmbeddingWish(vectors, _project(film, 25, 66)))
    qtbot.wait(60)
    assert len(ears.ends) == 2  # there is nothing new in it


def test_a_wish_that_comes_meanwhile_is_fulfilled_too(
    film: Film, make_job: Made, library: LibraryIndex, encoder: PaperEncoder, qtbot: QtBot, tmp_path: Path
) -> None:
    vectors = _vectors(film, tmp_path)
    job, ears = make_job()
    encoder.gate.clear()
    job.ask(EmbeddingWish(vectors, _project(film, 25, 60)))
    qtbot.waitUntil(lambda: encoder.opened == 1)
    job.ask(EmbeddingWish(vectors, _project(film, 50)))
    encoder.gate.set()
    qtbot.waitUntil(lambda: ears.ends == [True])
    known = library.library.get(film.fingerprint)
    assert known is not None
    assert known.shots.tolist() == [[0, 50], [50, 100]]


def test_stopped_it_looks_at_no_more_until_it_is_told_to_go_on(
    film: Film, make_job: Made, encoder: PaperEncoder, qtbot: QtBot, tmp_path: Path
) -> None:
    vectors = _vectors(film, tmp_path)
    job, ears = make_job()
    encoder.gate.clear()
    job.ask(EmbeddingWish(vectors, _project(film, 25, 60)))
    qtbot.waitUntil(lambda: encoder.opened == 1)
    job.stop()
    qtbot.waitUntil(lambda: ears.ends == [False])
    assert job.is_stopped
    job.ask(EmbeddingWish(vectors, _project(film, 30)))
    qtbot.wait(60)
    assert not job.is_running
    encoder.gate.set()
    job.resume()
    qtbot.waitUntil(lambda: ears.ends == [False, True])


def test_nothing_is_heard_after_the_film_is_closed_or_the_job(
    film: Film, make_job: Made, encoder: PaperEncoder, qtbot: QtBot, tmp_path: Path
) -> None:
    job, ears = make_job()
    encoder.gate.clear()
    job.ask(EmbeddingWish(_vectors(film, tmp_path), _project(film, 25)))
    qtbot.waitUntil(lambda: encoder.opened == 1)
    job.close_film()
    qtbot.wait(60)
    job.ask(EmbeddingWish(_vectors(film, tmp_path), _project(film, 25)))
    job.close()
    qtbot.wait(30)
    assert (ears.ends, ears.failures, job.is_running) == ([], [], False)


def test_a_network_that_cannot_be_opened_is_told_of_once(
    film: Film,
    make_job: Made,
    encoder: PaperEncoder,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: int | None) -> PaperEncoder:
        raise ModelError("It is damaged: install it again.")

    broken = EncoderChoice("paper", "Paper", (), lambda: SPEC, fail)
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (broken,))
    vectors = _vectors(film, tmp_path)
    job, ears = make_job()
    job.ask(EmbeddingWish(vectors, _project(film, 25)))
    qtbot.waitUntil(lambda: bool(ears.failures))
    job.ask(EmbeddingWish(vectors, _project(film, 30)))
    qtbot.wait(60)
    assert ears.failures == ["It is damaged: install it again."]
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(),))
    job.forget_networks()
    qtbot.waitUntil(lambda: ears.ends == [True])


def test_without_networks_nothing_is_done(
    film: Film, make_job: Made, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", ())
    job, ears = make_job()
    job.ask(EmbeddingWish(_vectors(film, tmp_path), _project(film, 25)))
    qtbot.waitUntil(lambda: ears.ends == [True])
    assert ears.failures == []


def test_a_film_is_looked_at_for_words_and_for_pictures(
    encoder: PaperEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_words, labels = (
        encoder.choice(),
        EncoderChoice("label-vectors", "Class names", (), lambda: SPEC, lambda _: encoder, lambda: encoder),
    )
    pictures = EncoderChoice(BUILT_IN.id, BUILT_IN.name, (), BUILT_IN.spec, BUILT_IN.open_image)

    def used(*installed: EncoderChoice, chosen: str = "") -> list[str]:
        monkeypatch.setattr("seamline.models.encoders.ENCODERS", installed)
        return [choice.id for choice in encoders_in_use(chosen)]

    assert used(with_words, labels, pictures) == ["paper"]
    assert used(labels, pictures) == ["label-vectors", pictures.id]
    assert used(with_words, labels, pictures, chosen=pictures.id) == [pictures.id, "paper"]
    assert used(pictures) == [pictures.id]
