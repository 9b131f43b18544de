"""What the search for match cuts holds from one wish to the next, and what of a gradual seam it leaves alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.pace import Pace
from seamline.analysis.signals import Signals
from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.types import Project, Seam, SeamKind
from seamline_app.folders import Folders
from seamline_app.jobs import match_search
from seamline_app.jobs.match_films import MatchedFilm
from seamline_app.jobs.match_search import MatchSearch
from seamline_app.jobs.match_wishes import MarkWish

if TYPE_CHECKING:
    from films import FilmShelf

CUT = Seam(19, 20)
FADE = Seam(59, 76, SeamKind.FADE)


def test_the_networks_for_faces_are_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    def opening() -> object:
        opened.append(object())
        return opened[-1]

    def looking(*_: Any, **options: Any) -> Any:
        options["open_figures"]()
        return SimpleNamespace(siamese=None)

    monkeypatch.setattr(match_search, "open_figure_finder", opening)
    monkeypatch.setattr(match_search, "edge_of_frame", looking)
    monkeypatch.setattr(match_search, "shot_edges", looking)
    monkeypatch.setattr(match_search, "open_siamese", lambda **_: SimpleNamespace(key="paper"))
    monkeypatch.setattr(match_search, "siamese_key", lambda: "paper")
    monkeypatch.setattr(match_search, "shots_of", lambda _: ((0, 50),))
    monkeypatch.setattr(match_search, "own_parts", lambda _: ((0, 50),))
    monkeypatch.setattr(match_search, "shot_at", lambda *_: ((0, 50), (0, 50)))
    search = MatchSearch(cast(Folders, SimpleNamespace(cache=tmp_path)), Pace())
    film: Any = SimpleNamespace(
        fingerprint="film",
        signals=None,
        project=SimpleNamespace(film=SimpleNamespace(path=tmp_path / "film.mp4")),
    )
    options: Any = (lambda _: None, None)
    for frame in (3, 9):
        search._edge_at(film, frame, *options)
    search._edges_of(film, *options)
    assert len(opened) == 1


@pytest.fixture
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4_gradual").path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What edges were asked for, each time."""
    calls: list[dict[str, Any]] = []

    def looking(_film: Film, *places: Any, **options: Any) -> Any:
        calls.append({"places": places[:-1], "own": options["own"]})
        return SimpleNamespace(siamese=options["siamese"])

    network = SimpleNamespace(key="paper")
    monkeypatch.setattr(match_search, "edge_of_frame", looking)
    monkeypatch.setattr(match_search, "shot_edges", looking)
    monkeypatch.setattr(match_search, "open_siamese", lambda **_: network)
    monkeypatch.setattr(match_search, "siamese_key", lambda: "paper")
    return calls


def matched(film: Film, *seams: Seam) -> MatchedFilm:
    project = Project(film).with_proposals(seams, film.frame_count)
    return MatchedFilm(project, Signals(film.frame_count))


@pytest.fixture
def search(tmp_path: Path) -> MatchSearch:
    return MatchSearch(cast(Folders, SimpleNamespace(cache=tmp_path)), Pace())


def heard(_: str) -> None:
    """Of what is being done."""


def test_edges_are_looked_for_outside_of_gradual_seams_and_anew_when_one_has_other_ends(
    film: Film, search: MatchSearch, asked: list[dict[str, Any]]
) -> None:
    shots = ((0, 20), (20, 68), (68, 100))
    search._edges_of(matched(film, CUT, FADE), heard, CancellableProgress())
    search._edges_of(matched(film, CUT, FADE), heard, CancellableProgress())
    assert asked == [{"places": (shots,), "own": ((0, 20), (20, 60), (76, 100))}]
    longer = Seam(57, 78, SeamKind.FADE)
    search._edges_of(matched(film, CUT, longer), heard, CancellableProgress())
    assert asked[1:] == [{"places": (shots,), "own": ((0, 20), (20, 58), (78, 100))}]


def test_nothing_is_looked_for_from_a_frame_in_a_gradual_seam(
    film: Film, search: MatchSearch, asked: list[dict[str, Any]]
) -> None:
    search._edge_at(matched(film, CUT, FADE), 59, heard, CancellableProgress())
    assert asked == [{"places": (59, (20, 68)), "own": (20, 60)}]
    with pytest.raises(ProjectError, match="lies in a fade"):
        search._edge_at(matched(film, CUT, FADE), 67, heard, CancellableProgress())
    assert len(asked) == 1


def test_only_cuts_are_told_to_be_match_cuts(
    film: Film, search: MatchSearch, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Seam] = []

    def cuts(_: ShotEdges, seams: list[Seam], **__: Any) -> tuple[()]:
        told.extend(seams)
        return ()

    of = matched(film, CUT, FADE)
    monkeypatch.setattr(match_search, "film_under_review", lambda *_: of)
    monkeypatch.setattr(match_search, "matching_cuts", cuts)
    search.mark(MarkWish(of.project), heard, CancellableProgress())
    assert told == [CUT]
