"""Films are searched off the window's thread: for words, frames, regions and files; the newest wish counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from paper_encoder import SPEC, PaperEncoder
from PySide6.QtGui import QColor, QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.kept_vectors import KeptVectors
from seamline.analysis.library_films import FilmEntry
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.types import Project
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.search_encoders import rgb_of
from seamline_app.jobs.search_job import (
    NO_WORDS,
    NOT_WANTED,
    SearchAnswer,
    SearchJob,
    SearchWish,
    Unanswered,
)
from seamline_app.jobs.search_terms import FilmFrame, Part, Picture, PictureFile, Role, Term, Words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf

SHOTS = ((0, 25), (25, 60), (60, 100))
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> PaperEncoder:
    encoder = PaperEncoder()
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(),))
    return encoder


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mov_timecode").path)


@pytest.fixture
def vectors(film: Film, encoder: PaperEncoder, tmp_path: Path) -> FilmVectors:
    """The first shot is red, the second green, the third blue, whatever the pictures show."""
    known = FilmVectors(film, AnalysisCache(tmp_path / "cache"))
    frames = np.array([5, 12, 30, 45, 70, 90], np.int64)
    colours = np.array([RED, RED, GREEN, GREEN, BLUE, BLUE], np.float32)
    known.put(SPEC, FrameVectors(SPEC.key, frames, encoder.of_colour(colours)))
    return known


@pytest.fixture
def job(qtbot: QtBot, tmp_path: Path) -> Iterator[SearchJob]:
    job = SearchJob(tmp_path / "library", AnalysisCache(tmp_path / "cache"))
    yield job
    job.close()
    assert not job.is_running


Ask = Callable[..., SearchAnswer | Unanswered]


@pytest.fixture
def ask(job: SearchJob, vectors: FilmVectors, qtbot: QtBot) -> Ask:
    """The job's answer to these terms."""

    def answer(*terms: Part | Term, **changes: object) -> SearchAnswer | Unanswered:
        every = tuple(each if isinstance(each, Term) else Term(each, "") for each in terms)
        wish = replace(SearchWish(every, vectors, SHOTS), **changes)  # type: ignore[arg-type]
        heard: list[SearchAnswer | Unanswered] = []
        job.answered.connect(heard.append)
        job.unanswered.connect(heard.append)
        job.search(wish)
        qtbot.waitUntil(lambda: bool(heard))
        job.answered.disconnect(heard.append)
        job.unanswered.disconnect(heard.append)
        return heard[0]

    return answer


def _best(answer: SearchAnswer | Unanswered) -> int:
    assert isinstance(answer, SearchAnswer)
    assert answer.found is not None
    return answer.found.hits[0].start_frame


def test_words_rank_the_shots(ask: Ask, encoder: PaperEncoder) -> None:
    answer = ask(Words("green"))
    assert _best(answer) == 25
    assert isinstance(answer, SearchAnswer)
    assert answer.encoder.name == "Paper"
    assert len(answer.found.hits) == 3 if answer.found is not None else False
    assert _best(ask(Words("blue"))) == 60
    assert encoder.opened == 1  # it stays open


def test_a_frame_that_is_known_costs_no_picture(
    ask: Ask, vectors: FilmVectors, encoder: PaperEncoder
) -> None:
    film = vectors.film
    assert _best(ask(FilmFrame(film.fingerprint, film.path, 70))) == 60
    assert encoder.seen == 0


def test_another_frame_and_a_region_are_decoded(
    ask: Ask, vectors: FilmVectors, encoder: PaperEncoder
) -> None:
    film = vectors.film
    ask(FilmFrame(film.fingerprint, film.path, 71))
    assert encoder.seen == 1
    ask(FilmFrame(film.fingerprint, film.path, 70, (0.25, 0.25, 0.25, 0.25)))
    assert encoder.seen == 2
    ask(FilmFrame(film.fingerprint, film.path, 71))
    assert encoder.seen == 2  # what was made of it is kept


def test_a_picture_from_outside(ask: Ask, tmp_path: Path) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(*BLUE))
    assert _best(ask(Picture(image))) == 60
    image.fill(QColor(*GREEN))
    image.save(str(tmp_path / "grün.png"))
    assert _best(ask(PictureFile(tmp_path / "grün.png", 1))) == 25


def test_less_of_something_turns_the_order(ask: Ask, vectors: FilmVectors) -> None:
    film = vectors.film
    both = (
        Term(FilmFrame(film.fingerprint, film.path, 5), ""),
        Term(FilmFrame(film.fingerprint, film.path, 30), ""),
    )
    unwanted = Term(FilmFrame(film.fingerprint, film.path, 12), "", Role.UNWANTED)
    assert _best(ask(*both)) == 0
    assert _best(ask(*both, unwanted)) == 25


def test_what_cannot_be_is_said_in_a_sentence(ask: Ask, tmp_path: Path) -> None:
    answer = ask(Term(Words("red"), "", Role.UNWANTED))
    assert isinstance(answer, Unanswered)
    assert (answer.text, answer.wants_network, answer.part) == (NOT_WANTED, False, None)
    answer = ask(Words("xyzzy"))
    assert isinstance(answer, Unanswered)
    assert "Nothing is known of “xyzzy”" in answer.text
    assert (answer.wants_network, answer.part) == (True, None)
    file = PictureFile(tmp_path / "none.png", 2)
    answer = ask(Words("red"), file)
    assert isinstance(answer, Unanswered)
    assert "“none.png” cannot be opened" in answer.text
    assert (answer.wants_network, answer.part) == (False, file)


def test_a_file_that_was_read_shows_what_it_looks_like(ask: Ask, job: SearchJob, tmp_path: Path) -> None:
    pictures: list[tuple[Part, QImage]] = []
    job.pictured.connect(lambda part, image: pictures.append((part, image)))
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor(*BLUE))
    image.save(str(tmp_path / "blue.png"))
    file = PictureFile(tmp_path / "blue.png", 1)
    ask(file)
    ((part, small),) = pictures
    assert part == file
    assert (small.width(), small.height()) == (200, 150)
    assert small.pixelColor(100, 70).blue() == 255


def test_a_frame_of_a_film_that_is_not_there_is_known_by_what_is_kept(
    ask: Ask, job: SearchJob, encoder: PaperEncoder, tmp_path: Path
) -> None:
    gone = FilmFrame("abc123", tmp_path / "gone.mov", 12)
    answer = ask(gone)
    assert isinstance(answer, Unanswered)
    assert answer.part == gone
    kept = KeptVectors(AnalysisCache(tmp_path / "cache").film_folder("abc123"), SPEC.key)
    kept.put(np.array([12], np.int64), encoder.of_colour(np.array([BLUE])))
    kept.save()
    assert _best(ask(gone)) == 60
    assert encoder.seen == 0


def test_without_a_network_that_knows_words_pictures_can_still_be_searched(
    ask: Ask, vectors: FilmVectors, encoder: PaperEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(knows_words=False),))
    answer = ask(Words("red"))
    assert isinstance(answer, Unanswered)
    assert (answer.text, answer.wants_network) == (NO_WORDS, True)
    assert _best(ask(FilmFrame(vectors.film.fingerprint, vectors.film.path, 30))) == 25


def test_the_newest_wish_alone_is_answered(
    job: SearchJob, vectors: FilmVectors, encoder: PaperEncoder, qtbot: QtBot
) -> None:
    answers: list[SearchAnswer] = []
    job.answered.connect(answers.append)
    encoder.gate.clear()
    film = vectors.film
    job.search(SearchWish((Term(FilmFrame(film.fingerprint, film.path, 71), ""),), vectors, SHOTS))
    qtbot.waitUntil(lambda: encoder.opened == 1)
    job.search(SearchWish((Term(Words("red"), ""),), vectors, SHOTS))
    qtbot.waitUntil(lambda: bool(answers))
    encoder.gate.set()
    qtbot.wait(50)
    assert [_best(answer) for answer in answers] == [0]


def test_all_films_are_searched_and_the_open_one_as_it_is_now(
    ask: Ask, job: SearchJob, film: Film, films: FilmShelf, encoder: PaperEncoder
) -> None:
    other = Project(open_film(films("mp4").path))
    frames, colours = np.array([3, 9], np.int64), np.array([GREEN, RED], np.float32)
    vectors = FrameVectors(SPEC.key, frames, encoder.of_colour(colours))
    library = job.library(SPEC)
    library.put(FilmEntry.of(other), vectors, ((0, 5), (5, 12)))
    library.put(FilmEntry.of(Project(film)), vectors, ((0, 5), (5, 12)))  # as it was once
    answer = ask(Words("green"), is_everywhere=True)
    assert _best(answer) == 25
    assert isinstance(answer, SearchAnswer)
    assert [(hit.path, hit.frame) for hit in answer.elsewhere] == [(other.film.path, 3), (other.film.path, 9)]
    assert answer.films == 2
    assert answer.found is not None
    hits = (*answer.found.hits, *answer.elsewhere)
    by_score = [
        strength for _, strength in sorted(zip((hit.score for hit in hits), answer.strengths_01, strict=True))
    ]
    assert by_score == sorted(by_score), "one measure for all of them"
    assert (by_score[0], by_score[-1]) == pytest.approx((0.2, 1))
    alone = ask(Words("green"), is_everywhere=True, film=None, shots=())
    assert isinstance(alone, SearchAnswer)
    assert alone.found is None
    assert len(alone.elsewhere) == 4


def test_words_have_to_tell_something_to_stand_out_and_the_picture_itself_always_does(
    ask: Ask, encoder: PaperEncoder, vectors: FilmVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strengths(part: Part, least: float | None, *, is_everywhere: bool) -> tuple[float, ...]:
        choice = replace(encoder.choice(), spec=lambda: replace(SPEC, telling_score=least))
        monkeypatch.setattr("seamline.models.encoders.ENCODERS", (choice,))
        answer = ask(part, is_everywhere=is_everywhere)
        assert isinstance(answer, SearchAnswer)
        return answer.strengths_01

    between = encoder.of_colour(np.array([(10, 100, 120)]))  # .64 like the blue shot, .34 like the green one
    monkeypatch.setattr(encoder, "encode_texts", lambda texts, **_: between)
    frame = FilmFrame(vectors.film.fingerprint, vectors.film.path, 30)
    for is_everywhere in (False, True):
        assert max(strengths(Words("sea"), None, is_everywhere=is_everywhere)) > 0.15
        assert max(strengths(Words("sea"), 50.0, is_everywhere=is_everywhere)) < 0.01
        assert strengths(frame, 50.0, is_everywhere=is_everywhere)[0] == 1


def test_pictures_of_qt_become_pictures_of_numbers() -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 10, 60))
    image.setPixelColor(2, 1, QColor(0, 0, 0, 0))
    rgb = rgb_of(image)
    assert rgb.shape == (2, 3, 3)
    assert rgb[0, 0].tolist() == [200, 10, 60]
    assert rgb[1, 2].tolist() == [128, 128, 128]
