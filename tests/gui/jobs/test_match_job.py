"""Match cuts are found in a thread of its own: in one film, between two, from a frame; stopped, and dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from paper import PaperTransNetV2, put_networks

from seamline.analysis.match_edges import shot_edges
from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.pace import Pace
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.project.edits import DeleteSeam
from seamline.project.journal import Journal
from seamline.project.match_cuts import MatchKind, MatchPair
from seamline.project.types import Project, Seam
from seamline_app.folders import Folders
from seamline_app.jobs import match_films, match_search
from seamline_app.jobs.match_job import MatchJob
from seamline_app.jobs.match_wishes import LookedUp, LookUpWish, Marked, MarkWish, Matched, MatchWish

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf, FilmSpec


class PaperSiamese:
    key = "paper"

    def features(self, pictures: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.zeros((len(pictures), 128), np.float32)

    def score_01(self, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.ones(np.broadcast_shapes(a.shape, b.shape)[:-1], np.float32)


class PaperFinder:
    """Pairs every shot with the one after the next; `looked` are the shots whose edges were looked at."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.looked: list[list[tuple[int, int]]] = []
        self.rules: list[Any] = []
        self.error: Exception | None = None

    def edges(self, film: Film, shots: Sequence[tuple[int, int]], *more: Any, **options: Any) -> ShotEdges:
        self.looked.append(list(shots))
        if self.error is not None:
            raise self.error
        progress: Progress = options["progress"]
        while not self.gate.wait(0.01):
            progress.step(1, 9)
        return shot_edges(film, shots, *more, **options)

    def find(self, tails: ShotEdges, heads: ShotEdges, *, rule: Any, **_: Any) -> tuple[MatchPair, ...]:
        self.rules.append(rule)
        kind = min(rule.kinds)
        return tuple(
            MatchPair(tails.outgoing(a), heads.incoming(b), kind, 0.9 - 0.1 * b, 0.5, 0.5, 0.5, "Paper")
            for a in range(len(tails))
            for b in range(len(heads))
            if (tails.fingerprint != heads.fingerprint) or tails.shots[a, 1] < heads.shots[b, 0]
        )


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> PaperFinder:
    finder = PaperFinder()
    siamese = PaperSiamese()
    monkeypatch.setattr(match_search, "open_siamese", lambda **_: siamese)
    monkeypatch.setattr(match_search, "siamese_key", lambda: "paper")
    monkeypatch.setattr(match_search, "shot_edges", finder.edges)
    monkeypatch.setattr(match_search, "find_matches", finder.find)
    monkeypatch.setattr(match_search, "open_efficientnet", _no_encoder)
    monkeypatch.setattr(match_films, "label_stages", lambda _: ())
    put_networks(monkeypatch.setattr, PaperTransNetV2())
    return finder


def _no_encoder(**_: Any) -> Any:
    raise ModelError("There is no encoder: install one.")


@pytest.fixture(autouse=True)
def _without_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Edges without the built-in encoder's vectors, which these tests do not look at."""
    monkeypatch.setattr(
        "seamline.analysis.match_edges._Looking._vectors",
        lambda _, edges, __: np.zeros((len(edges), 0), np.float32),
    )


@pytest.fixture
def film(films: FilmShelf) -> Film:
    return open_film(films("mov_timecode").path)


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    """With cuts at 20 and 45, of another length."""
    return films.make_film(films.folder / "match other.mp4", frames=70, cuts=(20, 45))


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.under(tmp_path / "seamline")


class Ears:
    def __init__(self, job: MatchJob) -> None:
        self.found: list[Matched] = []
        self.marked: list[Marked] = []
        self.looked_up: list[LookedUp] = []
        self.failures: list[str] = []
        self.texts: list[str] = []
        self.ends = 0
        job.found.connect(self.found.append)
        job.marked.connect(self.marked.append)
        job.looked_up.connect(self.looked_up.append)
        job.failed.connect(self.failures.append)
        job.unmarked.connect(self.failures.append)
        job.progressed.connect(lambda text, *_: self.texts.append(text))
        job.ended.connect(self._end)

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def job(qtbot: QtBot, folders: Folders) -> Iterator[MatchJob]:
    job = MatchJob(folders, Pace())
    yield job
    job.close()
    assert not job.is_finding


@pytest.fixture
def ears(job: MatchJob) -> Ears:
    return Ears(job)


def _project(film: Film, *cuts: int) -> Project:
    seams = [Seam(cut - 1, cut, id=str(cut)) for cut in cuts]
    return Project(film).with_proposals(seams, film.frame_count)


def _shots(matched: Matched) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [(pair.outgoing.range, pair.incoming.range) for pair in matched.pairs]


def test_pairs_of_the_film_that_is_open(film: Film, job: MatchJob, ears: Ears, qtbot: QtBot) -> None:
    job.find(MatchWish(_project(film, 25, 60)))
    assert job.is_finding
    qtbot.waitUntil(lambda: ears.ends == 1)
    (matched,) = ears.found
    assert _shots(matched) == [((0, 25), (60, 100))]  # for the paper finder, neighbours are cut so already
    assert matched.films == (matched.wish.project,)
    assert "Comparing shots" in ears.texts
    assert f"Looking where shots of “{film.path.name}” meet" in ears.texts


def test_another_kind_takes_no_other_look(
    film: Film, job: MatchJob, ears: Ears, finder: PaperFinder, qtbot: QtBot
) -> None:
    project = _project(film, 25, 60)
    job.find(MatchWish(project))
    qtbot.waitUntil(lambda: ears.ends == 1)
    job.find(MatchWish(project, frozenset({MatchKind.MOTION})))
    qtbot.waitUntil(lambda: ears.ends == 2)
    assert len(finder.looked) == 1
    assert finder.rules[-1].kinds == {MatchKind.MOTION}
    job.find(MatchWish(_project(film, 25, 66)))
    qtbot.waitUntil(lambda: ears.ends == 3)
    assert finder.looked[-1] == [(0, 25), (25, 66), (66, 100)]


def test_from_a_frame_only_its_shot_is_cut_there(
    film: Film, job: MatchJob, ears: Ears, finder: PaperFinder, qtbot: QtBot
) -> None:
    project = _project(film, 25, 60)
    job.find(MatchWish(project, out_frame=12))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert {pair.outgoing.frame for pair in ears.found[0].pairs} == {12}
    assert finder.rules[-1].most_a_shot == finder.rules[-1].limit
    job.find(MatchWish(project, in_frame=70))
    qtbot.waitUntil(lambda: ears.ends == 2)
    assert {pair.incoming.frame for pair in ears.found[1].pairs} == {70}
    assert {pair.incoming.range for pair in ears.found[1].pairs} == {(60, 100)}


def test_from_a_frame_into_another_film_and_out_of_it(
    film: Film, other: FilmSpec, job: MatchJob, ears: Ears, finder: PaperFinder, qtbot: QtBot
) -> None:
    project = _project(film, 25, 60)
    job.find(MatchWish(project, other=other.path, out_frame=12))
    qtbot.waitUntil(lambda: ears.ends == 1)
    pairs = ears.found[0].pairs
    assert {pair.outgoing.frame for pair in pairs} == {12}
    assert {pair.fingerprints for pair in pairs} == {(film.fingerprint, open_film(other.path).fingerprint)}
    assert sorted(pair.incoming.range for pair in pairs) == [(0, 20), (20, 45), (45, 70)]
    assert finder.rules[-1].most_a_shot == finder.rules[-1].limit
    assert finder.looked == [[(0, 20), (20, 45), (45, 70)]]  # of the film that is open, the frame alone
    job.find(MatchWish(project, other=other.path, in_frame=70))
    qtbot.waitUntil(lambda: ears.ends == 2)
    assert {pair.incoming.frame for pair in ears.found[1].pairs} == {70}
    assert {pair.fingerprints[1] for pair in ears.found[1].pairs} == {film.fingerprint}
    assert ears.found[1].films[0].film is film


def test_a_film_that_was_never_analysed_is_analysed_for_it(
    film: Film, other: FilmSpec, job: MatchJob, ears: Ears, folders: Folders, qtbot: QtBot
) -> None:
    job.find(MatchWish(_project(film, 25, 60), other=other.path))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert not ears.failures
    (matched,) = ears.found
    assert [seam.cut_frame for seam in matched.films[1].seams] == [20, 45]
    ways = {pair.outgoing.fingerprint == film.fingerprint for pair in matched.pairs}
    assert ways == {True, False}
    scores = [pair.score_01 for pair in matched.pairs]
    assert scores == sorted(scores, reverse=True)
    assert f"Analysing “{other.path.name}”" in ears.texts
    ears.texts.clear()
    job.find(MatchWish(_project(film, 25, 60), other=other.path))
    qtbot.waitUntil(lambda: ears.ends == 2)
    assert f"Analysing “{other.path.name}”" not in ears.texts


def test_what_was_corrected_in_the_other_film_counts_and_stays(
    film: Film, other: FilmSpec, job: MatchJob, ears: Ears, folders: Folders, qtbot: QtBot
) -> None:
    opened = open_film(other.path)
    journal = Journal(_project(opened, 20, 45), folders.edits)
    journal.do(DeleteSeam(journal.project.seams[1]))
    journal.close()
    before = journal.path.read_bytes()
    job.find(MatchWish(_project(film, 25, 60), other=other.path))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert [seam.cut_frame for seam in ears.found[0].films[1].seams] == [20]
    assert journal.path.read_bytes() == before


def test_the_film_itself_is_no_other_film(film: Film, job: MatchJob, ears: Ears, qtbot: QtBot) -> None:
    job.find(MatchWish(_project(film, 25, 60), other=film.path))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert "choose another film" in ears.failures[0]
    assert not ears.found


def test_a_film_that_is_gone_is_told_of(
    film: Film, job: MatchJob, ears: Ears, tmp_path: Path, qtbot: QtBot
) -> None:
    job.find(MatchWish(_project(film, 25, 60), other=tmp_path / "gone.mov"))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert "gone.mov" in ears.failures[0]


def test_a_failure_is_a_sentence_and_the_next_search_goes_on(
    film: Film, job: MatchJob, ears: Ears, finder: PaperFinder, qtbot: QtBot
) -> None:
    finder.error = ModelError("The network is damaged. Run the set-up again.")
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: ears.failures == ["The network is damaged. Run the set-up again."])
    finder.error = None
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: len(ears.found) == 1)


@pytest.mark.parametrize("end", [MatchJob.stop, MatchJob.close_film])
def test_what_is_stopped_or_closed_says_nothing_more(
    film: Film,
    job: MatchJob,
    ears: Ears,
    finder: PaperFinder,
    qtbot: QtBot,
    end: Callable[[MatchJob], None],
) -> None:
    finder.gate.clear()
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: len(finder.looked) == 1)
    end(job)
    assert not job.is_finding
    finder.gate.set()
    job.find(MatchWish(_project(film, 25)))
    qtbot.waitUntil(lambda: len(ears.found) == 1)
    assert len(ears.found[0].wish.project.shots) == 2


def test_a_newer_wish_takes_the_place_of_the_older(
    film: Film, job: MatchJob, ears: Ears, finder: PaperFinder, qtbot: QtBot
) -> None:
    finder.gate.clear()
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: len(finder.looked) == 1)
    job.find(MatchWish(_project(film, 30, 60)))
    finder.gate.set()
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert [len(found.pairs) for found in ears.found] == [1]
    assert ears.found[0].pairs[0].outgoing.range == (0, 30)


def test_marking_waits_for_finding_and_comes_too(
    film: Film,
    job: MatchJob,
    ears: Ears,
    finder: PaperFinder,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    def cuts(edges: ShotEdges, seams: Sequence[Seam], **_: Any) -> tuple[tuple[Seam, MatchPair], ...]:
        pair = MatchPair(edges.outgoing(0), edges.incoming(1), MatchKind.FRAME, 0.8, 0.8, 0.1, 0.5, "Paper")
        return ((seams[0], pair),)

    monkeypatch.setattr(match_search, "matching_cuts", cuts)
    finder.gate.clear()
    project = _project(film, 25, 60)
    job.find(MatchWish(project))
    job.mark(MarkWish(project))
    assert job.is_finding
    assert job.is_marking
    finder.gate.set()
    qtbot.waitUntil(lambda: ears.ends == 2)
    assert len(ears.found) == 1
    ((seam, pair),) = ears.marked[0].found
    assert (seam.cut_frame, pair.incoming.start_frame) == (25, 25)
    assert len(finder.looked) == 1


def test_other_films_of_kept_pairs_are_looked_up_without_a_decode(
    film: Film, other: FilmSpec, job: MatchJob, ears: Ears, tmp_path: Path, qtbot: QtBot
) -> None:
    known = open_film(other.path)
    films = {known.fingerprint: other.path, "another": other.path, "gone": tmp_path / "gone.mp4"}
    job.look_up(LookUpWish(_project(film, 25), films))
    qtbot.waitUntil(lambda: len(ears.looked_up) == 1)
    (project,) = ears.looked_up[0].films
    assert project.film.fingerprint == known.fingerprint
    assert len(project.shots) == 1
    assert not ears.ends


def test_films_that_are_looked_up_while_others_are_come_too(
    film: Film, other: FilmSpec, job: MatchJob, ears: Ears, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gate, begun = threading.Event(), threading.Event()
    open_by_path = match_search.open_by_path

    def held(*arguments: Any) -> Film:
        begun.set()
        gate.wait(10)
        return open_by_path(*arguments)

    monkeypatch.setattr(match_search, "open_by_path", held)
    project, there = _project(film, 25), open_film(other.path)
    job.look_up(LookUpWish(project, {there.fingerprint: other.path}))
    qtbot.waitUntil(begun.is_set)
    job.look_up(LookUpWish(project, {film.fingerprint: film.path}))
    assert job.looked_for == {there.fingerprint, film.fingerprint}
    gate.set()
    qtbot.waitUntil(lambda: not job.is_looking_up)
    found = [project.film.fingerprint for looked_up in ears.looked_up for project in looked_up.films]
    assert found == [there.fingerprint, film.fingerprint]
    assert job.looked_for == frozenset()


def test_nothing_of_a_film_that_is_closed_is_held(
    film: Film, job: MatchJob, ears: Ears, qtbot: QtBot
) -> None:
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: ears.ends == 1)
    assert job._search is not None
    edges = job._search._edges
    assert edges
    job.close_film()
    qtbot.waitUntil(lambda: not edges)
    assert ears.ends == 1
    # and of one that is closed as a wish of the next film comes
    job.find(MatchWish(_project(film, 25, 60)))
    qtbot.waitUntil(lambda: ears.ends == 2)
    job.close_film()
    job.find(MatchWish(_project(film, 30, 60)))
    qtbot.waitUntil(lambda: ears.ends == 3)
    assert [shots[0] for _, shots, _own in edges] == [(0, 30)]
