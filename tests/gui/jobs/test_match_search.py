"""What the search for match cuts holds from one wish to the next."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from seamline.analysis.pace import Pace
from seamline_app.folders import Folders
from seamline_app.jobs import match_search
from seamline_app.jobs.match_search import MatchSearch


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
