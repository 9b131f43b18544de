"""Pairs from before whose cut lies in what is a gradual seam now are listed where they play."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.types import Project, Seam, SeamKind
from seamline_app.jobs.match_wishes import MatchWish
from seamline_app.match_list import MatchFilms, MatchNames

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.fixture
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4_gradual").path)


def fading(film: Film, out_frame: int, in_frame: int) -> Project:
    return Project(film).with_proposals([Seam(out_frame, in_frame, SeamKind.FADE)], film.frame_count)


def test_a_kept_pair_is_cut_at_the_nearest_frame_outside_of_the_fade(film: Film) -> None:
    name = film.fingerprint
    pair = MatchPair(
        MatchSide(name, 0, 68, 66), MatchSide(name, 68, 100, 70), MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5
    )
    item = MatchNames(MatchFilms(fading(film, 59, 76))).item(JudgedPair(pair, Verdict.KEPT))
    assert item.pair.frames == (59, 76)
    assert item.key == pair.key
    assert (item.out_timecode, item.in_timecode) == ("00:00:02:09", "00:00:03:01")
    assert item.out_name == "Shot 1"


def test_what_was_found_is_out_of_date_when_a_gradual_seam_has_other_ends(film: Film) -> None:
    wish = MatchWish(fading(film, 59, 76))
    moved = fading(film, 57, 78)
    assert [shot.range for shot in moved.shots] == [shot.range for shot in wish.project.shots]
    assert wish.is_current(fading(film, 59, 76))
    assert not wish.is_current(moved)
