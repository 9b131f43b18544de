"""Figures of grouping, and the films that they are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from seamline.evaluation.grouping_films import assembled_film
from seamline.evaluation.grouping_metrics import Grouping, grouping_figures, repeat_figures
from seamline.evaluation.grouping_run import figures, main
from seamline.evaluation.grouping_takes import TAKES
from seamline.project.footage import ShotFootage


def test_figures_of_a_grouping_counted_by_hand() -> None:
    found = grouping_figures([Grouping([1, 1, 2, 2], [7, 7, 7, 8])])
    # pairs: two are true, three are told, one is both
    assert (found.pair_precision, found.pair_recall, found.pair_f1) == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    perfect = grouping_figures([Grouping([1, 1, 2], [5, 5, 1]), Grouping([1, 2], [2, 1])])
    assert (perfect.v_measure, perfect.pair_f1) == (1, 1)
    assert grouping_figures([Grouping([1, 2, 3], [1, 1, 1])]).homogeneity == pytest.approx(0)
    with pytest.raises(ValueError, match="2 for 1"):
        Grouping([1], [1, 2])


def test_a_repeat_is_right_to_two_frames() -> None:
    told = repeat_figures(
        [((10, 50), (12, 49)), ((10, 50), (13, 50)), (None, (1, 9)), ((3, 9), None), (None, None)]
    )
    assert (told.true, told.told, told.right) == (3, 3, 1)
    assert (told.precision, told.recall) == pytest.approx((1 / 3, 1 / 3))
    assert repeat_figures([]).precision == 1


def test_no_footage_is_in_both_halves() -> None:
    halves = [{take.origin for take in TAKES if take.is_reported == half} for half in (False, True)]
    assert not halves[0] & halves[1]
    assert len({(take.clip, take.start_frame) for take in TAKES}) == len(TAKES)


def test_an_assembled_film_is_what_it_says() -> None:
    takes = [take for take in TAKES if take.is_reported]
    films = [assembled_film(takes, seed) for seed in range(6)]
    for film in films:
        assert film.shots[0].start_frame == 0
        assert film.shots[-1].end_frame == film.plan.frame_count
        for shot, piece, start in zip(film.shots, film.plan.pieces, film.plan.starts, strict=True):
            assert (shot.start_frame, shot.take) == (start, piece.source)
            assert piece.first + piece.full_frames <= takes[piece.source].length
            if shot.repeats is not None:
                origin = next(s for s in film.shots if s.start_frame <= shot.repeats[0] < s.end_frame)
                first = (
                    film.plan.pieces[film.shots.index(origin)].first + shot.repeats[0] - origin.start_frame
                )
                assert (origin.take, first) == (shot.take, piece.first)
                assert shot.repeats[1] - shot.repeats[0] == shot.end_frame - shot.start_frame
                assert shot.repeats[1] <= origin.end_frame < shot.end_frame
    shots = [shot for film in films for shot in film.shots]
    assert sum(shot.repeats is not None for shot in shots) > 12
    dialogues = [
        film
        for film in films
        if any(a.take == b.take for a, b in zip(film.shots, film.shots[2:], strict=False))
    ]
    assert dialogues
    assert assembled_film(takes, 0) == films[0]
    assert assembled_film(takes, 1) != films[0]


def test_figures_of_films_that_were_grouped_rightly() -> None:
    film = assembled_film(TAKES, 3)
    numbers = {take: number for number, take in enumerate(dict.fromkeys(s.take for s in film.shots), 1)}
    right = [ShotFootage(*s.range, numbers[s.take], s.scene + 1, s.repeats) for s in film.shots]
    told = figures([(film.shots, right)])
    assert told["setups"]["v_measure"] == told["scenes"]["pair_f1"] == 1
    assert told["repeats"]["precision"] == told["repeats"]["recall"] == 1
    assert told["shots"] == len(film.shots)


def test_a_folder_without_the_clips_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "name the folder with the clips" in capsys.readouterr().err
