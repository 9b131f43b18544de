"""Films on the command line are matched by the frames that are wholly a shot's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.signals import Signals
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.types import Project, Seam, SeamKind
from seamline_app.commands import match_films
from seamline_app.commands.match_films import MatchedFilm
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, object]]:
    """For which shots, or frames, edges were asked for, and which frames of them are wholly their own."""
    calls: list[tuple[object, object]] = []

    def looking(_: Film, at: object, *__: Any, own: object, **___: Any) -> None:
        calls.append((at, own))

    monkeypatch.setattr(match_films, "shot_edges", looking)
    monkeypatch.setattr(match_films, "edge_of_frame", looking)
    return calls


@pytest.fixture
def fading(films: FilmShelf, tmp_path: Path) -> MatchedFilm:
    """A dissolve of frames 25 to 36, a fade of frames 60 to 75."""
    film = open_film(films("mp4_gradual").path)
    seams = Seam(24, 37, SeamKind.DISSOLVE), Seam(59, 76, SeamKind.FADE)
    project = Project(film).with_proposals(seams, film.frame_count)
    nothing: Any = None
    return MatchedFilm(project, Signals(film.frame_count), AnalysisCache(tmp_path), nothing)


def test_edges_lie_outside_of_gradual_seams(fading: MatchedFilm, asked: list[tuple[object, object]]) -> None:
    fading.edges()
    assert asked == [([(0, 31), (31, 68), (68, 100)], ((0, 25), (37, 60), (76, 100)))]


def test_a_position_in_a_gradual_seam_is_refused_with_the_nearest_that_are_not(
    fading: MatchedFilm, asked: list[tuple[object, object]]
) -> None:
    fading.edges_at("59")
    assert asked == [(59, (37, 60))]
    with pytest.raises(UsageError, match=r"lies in a fade, .* up to 00:00:02:09, or from 00:00:03:01 on"):
        fading.edges_at("67")
    assert len(asked) == 1
