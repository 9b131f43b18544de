"""Training films carry the right class at every gap, whatever happens to them."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.csv_list import Transition
from seamline.models.seam_net import CLASSES
from seamline.training import film_disturbances, seam_films
from seamline.training.seam_films import (
    UNLABELLED,
    LabelledFilm,
    fitting_film,
    labelled,
    training_film,
    truth_of,
    with_repeats_and_disturbances,
)
from seamline.training.seam_sources import EditedFilm, Footage

BLACK = np.zeros((40, 27, 48, 3), np.uint8)
TRUTH = (
    Transition(4, 5, "cut"),
    Transition(10, 16, "dissolve"),
    Transition(20, 25, "wipe"),
    Transition(28, 30, "fade", 0),
    Transition(33, 34, "cut", -1),
)


def test_a_gap_has_the_class_of_the_seam_it_is_part_of() -> None:
    film = labelled(BLACK, TRUTH)
    expected = np.zeros(39, int)
    expected[4] = CLASSES.index("cut")
    expected[10:16] = CLASSES.index("dissolve")
    expected[20:25] = CLASSES.index("wipe")
    expected[28:30] = UNLABELLED
    assert film.classes.tolist() == expected.tolist()
    # a dissolve of six gaps has its middle on a frame, between two of them
    assert np.flatnonzero(film.middle).tolist() == [4, 12, 13, 22]


def test_the_table_comes_back_from_the_classes() -> None:
    rows = truth_of(labelled(BLACK, TRUTH))
    assert [(row.out_frame, row.in_frame, row.scored) for row in rows] == [
        (4, 5, 1), (10, 16, 1), (20, 25, 1), (28, 30, 0),
    ]  # fmt: skip
    assert [row.kind for row in rows if row.scored] == ["cut", "dissolve", "wipe"]
    assert truth_of(labelled(BLACK, ())) == ()
    assert truth_of(labelled(BLACK[:1], ())) == ()


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ExchangeError, match="3 to 4 is a “morph”: name it one of cut, dissolve, fade, wipe"):
        labelled(BLACK, [Transition(3, 4, "morph")])


def test_labels_must_be_of_the_gaps() -> None:
    with pytest.raises(ValueError, match="40 pictures have 39 gaps"):
        LabelledFilm(BLACK, np.zeros(40, np.int64), np.zeros(39, np.float32))


def test_a_frame_shown_again_within_a_gradual_seam_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one shown again next to a cut does not: the cut stays one gap long."""
    film = labelled(BLACK, TRUTH)
    order = np.repeat(np.arange(40), 2)
    monkeypatch.setattr(seam_films, "drawn_repeats", lambda frames, rng: order)
    monkeypatch.setattr(seam_films, "disturbed", lambda pictures, rng: pictures)
    twice = with_repeats_and_disturbances(film, np.random.default_rng(0))
    assert len(twice.pictures) == 80
    assert [(row.out_frame, row.in_frame) for row in truth_of(twice) if row.scored] == [
        (9, 10), (21, 32), (41, 50),
    ]  # fmt: skip


def test_reversed_films_have_their_seams_reversed(
    footage: Footage, edited_film: EditedFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cut of this footage shows as the greatest change, so labels that slipped would be seen."""
    monkeypatch.setattr(seam_films, "EDITED_SHARE", 1.0)
    monkeypatch.setattr(seam_films, "_REVERSED", 1.0)
    for share in ("_RELIT", "_NOISY"):
        monkeypatch.setattr(seam_films, share, 0.0)
    monkeypatch.setattr(seam_films, "drawn_repeats", lambda frames, rng: None)
    monkeypatch.setattr(seam_films, "disturbed", lambda pictures, rng: pictures)
    film = training_film(footage, seed=1, number=0)
    change = np.abs(np.diff(film.pictures.astype(int), axis=0)).mean((1, 2, 3))
    assert np.flatnonzero(film.classes).tolist() == np.flatnonzero(change > 60).tolist()
    assert len(np.flatnonzero(film.classes)) >= 10


@pytest.mark.parametrize("make", [training_film, fitting_film])
def test_the_same_seed_and_number_give_the_same_film(make: type, footage: Footage) -> None:
    one, again, other = make(footage, 3, 5), make(footage, 3, 5), make(footage, 3, 6)
    assert np.array_equal(one.pictures, again.pictures)
    assert np.array_equal(one.classes, again.classes)
    assert one.pictures.shape != other.pictures.shape or not np.array_equal(one.pictures, other.pictures)


def test_drawn_films_have_all_kinds(footage: Footage) -> None:
    films = [training_film(footage, 1, number) for number in range(8)]
    assert {int(c) for film in films for c in np.unique(film.classes)} >= {0, 1, 2, 3, 4}
    for film in films:
        assert film.pictures.dtype == np.uint8
        assert film.pictures.flags.c_contiguous
        assert film.pictures.shape[1:] == (27, 48, 3)


def test_disturbances_change_pictures_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.random.default_rng(3).integers(60, 200, (30, 27, 48, 3), np.uint8)
    before = pictures.copy()
    for name in ("FLICKER", "WEAVE", "PULSES", "DIRT"):
        monkeypatch.setattr(film_disturbances, name, 0.0)
    assert np.array_equal(film_disturbances.disturbed(pictures, np.random.default_rng(1)), pictures)
    for name in ("FLICKER", "WEAVE", "PULSES", "DIRT"):
        monkeypatch.setattr(film_disturbances, name, 1.0)
        changed = film_disturbances.disturbed(pictures, np.random.default_rng(1))
        monkeypatch.setattr(film_disturbances, name, 0.0)
        assert changed.shape == pictures.shape
        assert changed.dtype == np.uint8
        assert not np.array_equal(changed, pictures), name
    assert np.array_equal(pictures, before)


def test_repeats_leave_no_frame_out_and_go_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_disturbances, "REPEATS", 1.0)
    lengths = set()
    for seed in range(12):
        order = film_disturbances.drawn_repeats(100, np.random.default_rng(seed))
        assert order is not None
        assert set(np.diff(order).tolist()) <= {0, 1}
        assert (order[0], order[-1]) == (0, 99)
        lengths.add(len(order))
    assert lengths == {200, 125, 110}
