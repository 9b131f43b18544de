"""From rows of figures to a shot's scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seamline.analysis import scale
from seamline.analysis.figure_rows import ROW_WIDTH, FigureRow
from seamline.analysis.figure_scale import BOUNDARIES, SCALES
from seamline.analysis.figures_stage import FIGURES
from seamline.analysis.scale import scale_of, scale_of_rows
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.models.place_classes import PlaceShares
from seamline.project.labels import ShotScale

EMPTY = FigureRow(looked=2, contrast=60, flat=0.2)
FAR, NEAR = PlaceShares(far=0.7, face=0.0), PlaceShares(far=0.005, face=0.2)


def face(height: float, score: float = 0.9) -> FigureRow:
    return replace(EMPTY, faces=1, face_score=score, face_height=height, face_x=0.5, face_y=0.4)


def body(height: float, **parts: float) -> FigureRow:
    return replace(
        EMPTY, body_score=0.9, body_certain=1.0, body_height=height, body_x=0.5, body_y=0.4, head=1, **parts
    )


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (face(1.9), ShotScale.ECS),
        (face(0.9), ShotScale.CS),
        (face(0.5), ShotScale.CS),
        (face(0.25), ShotScale.MS),
        (body(1.7, hips=1), ShotScale.MS),
        (body(1.4, hips=1, knees=1), ShotScale.MS),
        (body(0.9, hips=1, knees=1, ankles=1), ShotScale.FS),
        (body(0.65, hips=1, knees=1, ankles=1), ShotScale.FS),
        (body(0.25, hips=1, knees=1, ankles=1), ShotScale.LS),
    ],
)
def test_the_height_of_the_figure_is_the_scale(row: FigureRow, wanted: ShotScale) -> None:
    label = scale_of_rows([row])
    assert label.value is wanted
    assert label.confidence > 0.55


def test_boundaries_rise_from_far_to_near() -> None:
    assert list(BOUNDARIES) == sorted(BOUNDARIES)
    assert len(BOUNDARIES) == len(SCALES) - 1


def test_feet_in_the_picture_make_a_full_shot_of_a_sitting_figure() -> None:
    sitting = body(1.45, hips=1, knees=1, ankles=1)
    standing = body(1.45, hips=1)
    assert scale_of_rows([sitting]).value is ShotScale.FS
    assert scale_of_rows([standing]).value is ShotScale.MS


def test_the_closest_figure_counts() -> None:
    behind = replace(body(0.4, ankles=1, knees=1, hips=1), body_x=0.9)
    before = replace(behind, faces=1, face_score=0.9, face_height=0.5, face_x=0.2, face_y=0.4)
    assert scale_of_rows([before]).value is ShotScale.CS


def test_most_of_the_shot_decides() -> None:
    walking_in = [body(0.8, hips=1, knees=1, ankles=1)] * 7 + [face(0.5)] * 2
    assert scale_of_rows(walking_in).value is ShotScale.FS


def test_moments_in_which_the_figure_was_missed_do_not_count() -> None:
    rows = [face(0.6), EMPTY, replace(EMPTY, looked=1), replace(EMPTY, looked=1)]
    assert scale_of_rows(rows).value is ShotScale.CS


def test_at_a_boundary_it_is_unsure() -> None:
    label = scale_of_rows([replace(body(BOUNDARIES[0], hips=1, knees=1, ankles=1), body_score=0.6)])
    assert label.confidence < 0.75


def test_without_figures_and_places_nothing_is_said() -> None:
    assert scale_of_rows([EMPTY]).value is None
    assert scale_of_rows([EMPTY]).confidence == 0


def test_a_landscape_is_a_long_shot() -> None:
    assert scale_of_rows([EMPTY], FAR).value is ShotScale.LS


def test_near_things_are_never_far() -> None:
    assert scale_of_rows([EMPTY], NEAR).value in {ShotScale.ECS, ShotScale.CS, None}
    insert = scale_of_rows([EMPTY], PlaceShares(far=0.005, face=0.0))
    assert insert.value is ShotScale.CS


def test_a_hint_of_a_cut_face_makes_a_near_thing_a_part_of_a_face() -> None:
    eye = replace(EMPTY, cut_score=0.45, cut_height=1.6)
    assert scale_of_rows([eye], PlaceShares(far=0.005, face=0.1)).value is ShotScale.ECS


def test_a_part_of_a_face_needs_skin_or_a_hint() -> None:
    flower = PlaceShares(far=0.005, face=0.005, animal=0.1)
    assert scale_of_rows([EMPTY], flower).value is ShotScale.CS
    assert scale_of_rows([EMPTY], NEAR).value is ShotScale.ECS


def test_a_figure_cut_above_its_knees_is_hardly_a_full_shot() -> None:
    whole = replace(face(0.1), face_y=0.2)
    at_the_foot = replace(whole, face_y=0.9)
    assert scale_of_rows([whole]).value is ShotScale.FS
    assert scale_of_rows([at_the_foot]).confidence < scale_of_rows([whole]).confidence - 0.1
    crouching = replace(at_the_foot, body_height=0.75, body_score=0.9, body_certain=1, ankles=1, knees=1)
    crouching = replace(crouching, body_x=0.5, body_y=0.9)
    assert scale_of_rows([crouching]).value is ShotScale.FS


def test_a_body_whose_head_is_above_the_picture_is_no_close_shot() -> None:
    chest = replace(body(4.2), body_y=-0.1, head=0)
    assert scale_of_rows([chest]).value is ShotScale.MS


def test_small_faces_of_upright_pictures_have_more_pixels() -> None:
    lying, upright = replace(face(0.13), face_y=0.1), replace(face(0.13), face_y=0.1, wide=1.0)
    assert scale_of_rows([lying]).value is ShotScale.FS
    assert scale_of_rows([upright]).confidence < scale_of_rows([lying]).confidence


def test_a_doubtful_face_in_a_picture_of_an_animal_is_not_believed() -> None:
    butterfly = PlaceShares(far=0.001, face=0.001, animal=0.99)
    assert scale_of_rows([face(0.15, score=0.6)], butterfly).value is ShotScale.CS
    assert scale_of_rows([face(0.15, score=0.6)], replace(butterfly, animal=0.1)).value is not ShotScale.CS


def test_looks_that_find_nobody_make_a_far_place_likelier() -> None:
    place = PlaceShares(far=0.15, face=0.0)
    one, four = (scale_of_rows([EMPTY] * looks, place) for looks in (1, 4))
    assert four.confidence > one.confidence
    assert (one.value, four.value) == (None, ShotScale.LS)


def test_where_faces_alone_were_looked_for_the_place_counts() -> None:
    assert scale_of_rows([replace(EMPTY, looked=1)] * 3, FAR).value is ShotScale.LS


@pytest.mark.parametrize("row", [replace(EMPTY, flat=0.9), replace(EMPTY, contrast=2.0)])
def test_titles_and_black_have_no_scale(row: FigureRow) -> None:
    assert scale_of_rows([row], NEAR).value is None


def test_a_doubtful_face_in_a_landscape_is_not_believed() -> None:
    assert scale_of_rows([face(0.2, score=0.55)], FAR).value is ShotScale.LS
    assert scale_of_rows([face(0.2, score=0.97)], FAR).value is ShotScale.MS


def signals_of(rows: list[FigureRow], *, frame_count: int, every: int = 4) -> Signals:
    signals = Signals(frame_count)
    values = np.stack([row.values() for row in rows])
    assert values.shape[1] == ROW_WIDTH
    signals.add(SignalBlock(0, {FIGURES: values}, every))
    return signals


def test_nothing_is_said_before_the_shot_is_known() -> None:
    signals = signals_of([face(0.6)] * 5, frame_count=100)
    assert scale_of(Signals(100), 0, 10) is None
    assert scale_of(signals, 0, 21) is None
    label = scale_of(signals, 0, 20)
    assert label is not None
    assert label.value is ShotScale.CS


def test_only_the_shots_own_rows_count() -> None:
    signals = signals_of([face(0.6), face(0.6), face(0.25), face(0.25)], frame_count=16)
    first, second = scale_of(signals, 0, 8), scale_of(signals, 8, 16)
    assert first is not None
    assert second is not None
    assert (first.value, second.value) == (ShotScale.CS, ShotScale.MS)


def test_a_seam_in_a_still_picture_leaves_both_sides_their_scale() -> None:
    rows = [face(0.25), face(0.6), FigureRow(changed=0.5), FigureRow(changed=0.6)]
    after = scale_of(signals_of(rows, frame_count=16), 8, 16)
    assert after is not None
    assert after.value is ShotScale.CS
    other = scale_of(signals_of([*rows[:2], FigureRow(changed=20), rows[3]], frame_count=16), 8, 16)
    assert other is not None
    assert other.value is None


def test_a_shot_between_two_rows_is_unsure() -> None:
    label = scale_of(signals_of([face(0.6)] * 4, frame_count=16), 1, 4)
    assert label is not None
    assert label.value is None


def test_without_figures_it_waits_for_the_embeddings(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        def shares(self, embeddings: object) -> PlaceShares:
            return FAR

    monkeypatch.setattr(scale, "_place_reader", Reader)
    signals = signals_of([EMPTY] * 10, frame_count=48)
    assert scale_of(signals, 0, 24) is None
    signals.add(SignalBlock(0, {scale._EMBEDDING: np.ones((2, 1280), np.float32)}, 12))
    label = scale_of(signals, 0, 24)
    assert label is not None
    assert label.value is ShotScale.LS


def test_at_the_films_end_it_no_longer_waits() -> None:
    label = scale_of(signals_of([EMPTY] * 12, frame_count=48), 0, 24)
    assert label is not None
    assert label.value is None
