"""Joins begin and end exactly where the truth says, whatever they look like between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.evaluation.synthetic_plan import BLACK, WHITE, EditPlan, Join, Look, Piece
from seamline.evaluation.synthetic_render import piece_pictures, render, rendered_blocks
from seamline.evaluation.synthetic_sources import ArraySource
from seamline.evaluation.synthetic_wipes import MASKED_WIPES, MOVING_WIPES, wipe_masks
from seamline.exchange.csv_list import IGNORED, Transition

SIZE = (48, 27)
FULL = 5

JOINS = [
    Join(),
    Join("dissolve", "linear", 9),
    Join("dissolve", "s-curve", 9, eased=True),
    Join("dissolve", "additive", 8),
    Join("fade", "black", 13, 5, 6, BLACK),
    Join("fade", "white", 6, 6, 0, WHITE),
    Join("fade", "colour", 7, 0, 4, (200, 30, 90)),
    Join("fade", "title", 20, 4, 4, BLACK, titled=True, seed=3),
    *(Join("wipe", subtype, 7, seed=at + 5) for at, subtype in enumerate((*MASKED_WIPES, *MOVING_WIPES))),
    *(Join("wipe", "edge", 9, angle_deg=angle) for angle in (90, 180, 270)),
    Join("wipe", "diagonal", 11, angle_deg=37, softness=0.3, eased=True),
    Join("wipe", "circle closes", 9, border=0.03, colour=(255, 255, 0)),
]


def _footage(number: int, frames: int = 60) -> ArraySource:
    """Every picture of it, and every two of these sources, differ everywhere."""
    rng = np.random.default_rng(number)
    ground = rng.integers(0, 40, (27, 48, 3)) + 60 * (number + 1)
    return ArraySource(np.stack([(ground + 2 * (frame % 10)).astype(np.uint8) for frame in range(frames)]))


SOURCES = (_footage(0), _footage(2))


def _plan(join: Join) -> EditPlan:
    return EditPlan((Piece(0, 10, FULL), Piece(1, 20, FULL)), (join,))


@pytest.mark.parametrize("join", JOINS, ids=lambda join: f"{join.kind} {join.subtype} {join.angle_deg:g}")
def test_full_pictures_are_of_one_source_and_those_between_of_neither(join: Join) -> None:
    plan = _plan(join)
    pictures, truth = render(plan, SOURCES, SIZE)
    assert truth == [Transition(FULL - 1, FULL + join.frames, join.kind)]
    assert len(pictures) == plan.frame_count == 2 * FULL + join.frames
    out, into = truth[0].out_frame, truth[0].in_frame
    assert np.array_equal(pictures[: out + 1], SOURCES[0].pictures[10 : 10 + FULL])
    first = 20 + join.lead
    assert np.array_equal(pictures[into:], SOURCES[1].pictures[first : first + FULL])
    for at in range(out + 1, into):
        step = at - FULL
        mixed = pictures[at]
        assert not np.array_equal(mixed, SOURCES[0].pictures[10 + FULL + step]), step
        if step >= join.frames - join.lead:
            assert not np.array_equal(mixed, SOURCES[1].pictures[20 + step - (join.frames - join.lead)]), step


@pytest.mark.parametrize("subtype", MASKED_WIPES)
@pytest.mark.parametrize("softness", [0.0, 0.3])
def test_a_masked_wipe_grows_everywhere_from_nothing_to_all(subtype: str, softness: float) -> None:
    for seed in (6, 7):
        join = Join("wipe", subtype, 20, softness=softness, angle_deg=90, seed=seed)
        shown, line = wipe_masks(join, SIZE, np.linspace(0, 1, 22, dtype=np.float32))
        assert line is None
        assert shown[0].max() == 0
        assert shown[-1].min() == pytest.approx(1, abs=1e-6)
        assert np.diff(shown, axis=0).min() > -1e-6
        covered = shown.mean(axis=(1, 2))
        assert (np.diff(covered) > 0).all()
        assert covered[11] == pytest.approx(0.5, abs=0.4)


@pytest.mark.parametrize("subtype", MOVING_WIPES)
def test_a_moving_wipe_shows_ever_more_of_the_incoming_picture(subtype: str) -> None:
    black, white = (ArraySource(np.full((40, 27, 48, 3), level, np.uint8)) for level in (0, 255))
    for angle in (0, 90, 180, 270):
        plan = EditPlan((Piece(0, 0, 3), Piece(1, 0, 3)), (Join("wipe", subtype, 20, angle_deg=angle),))
        light = render(plan, (black, white), SIZE)[0].mean(axis=(1, 2, 3))
        assert (np.diff(light[2:24]) > 0).all()
        assert (light[2], light[23]) == (0, 255)


def test_a_wipe_from_the_left_goes_to_the_right() -> None:
    shown, _ = wipe_masks(Join("wipe", "edge", 9, angle_deg=0), SIZE, np.array([0.5], np.float32))
    assert shown[0, :, :22].min() == 1
    assert shown[0, :, 26:].max() == 0


def test_a_small_wipe_is_the_large_one_scaled_by_area() -> None:
    join = Join("wipe", "circle opens", 9, seed=4)
    shares = np.array([0.3, 0.6], np.float32)
    small, _ = wipe_masks(join, SIZE, shares)
    large, _ = wipe_masks(join, (480, 270), shares)
    means = large.reshape(2, 27, 10, 48, 10).mean(axis=(2, 4))
    assert np.abs(means - small).max() < 0.12


def test_dissolves_are_linear_in_the_values_as_stored() -> None:
    dark, light = (ArraySource(np.full((30, 27, 48, 3), level, np.uint8)) for level in (20, 220))
    plan = EditPlan((Piece(0, 0, 1), Piece(1, 0, 1)), (Join("dissolve", "linear", 3),))
    pictures, _ = render(plan, (dark, light), SIZE)
    assert pictures[:, 0, 0, 0].tolist() == [20, 70, 120, 170, 220]


def test_fades_hold_their_colour_in_between() -> None:
    join = Join("fade", "colour", 12, 4, 3, (200, 30, 90))
    pictures, _ = render(_plan(join), SOURCES, SIZE)
    held = pictures[FULL + 4 : FULL + 12 - 3]
    assert len(held) == 5
    assert (held == np.array((200, 30, 90))).all()


def test_fades_at_the_ends_are_there_and_not_scored() -> None:
    plan = replace(
        _plan(Join()),
        opening=Join("fade", "black", 8, 0, 6),
        closing=Join("fade", "black", 9, 5, 0),
    )
    pictures, truth = render(plan, SOURCES, SIZE)
    assert truth[0] == Transition(0, 8, "fade", IGNORED)
    assert truth[-1] == Transition(17, 26, "fade", IGNORED)
    assert len(pictures) == 27
    assert pictures[:2].max() == 0
    assert pictures[-4:].max() == 0
    assert np.array_equal(pictures[8], SOURCES[0].pictures[16])
    assert np.array_equal(pictures[17], SOURCES[1].pictures[24])


def test_blocks_of_any_length_are_the_same_film() -> None:
    look = Look(grain=12, bars=0.2, gamma=1.3, saturation=0.5)
    plan = EditPlan(
        (Piece(0, 0, 30, look), Piece(1, 0, 20)), (Join("dissolve", "linear", 6),), Look(grain=5), logo=9
    )
    whole, _ = render(plan, SOURCES, SIZE)
    small = np.concatenate(list(rendered_blocks(plan, SOURCES, SIZE, block_frames=7)))
    assert np.array_equal(whole, small)


def test_speed_and_direction_choose_the_frames() -> None:
    pieces = (Piece(0, 0, 6, speed=2), Piece(0, 30, 4, reverse=True), Piece(0, 5, 6, speed=0.5))
    plan = EditPlan(pieces, (Join(), Join()))
    assert [plan.numbers(at).tolist() for at in range(3)] == [
        [0, 2, 4, 6, 8, 10], [30, 29, 28, 27], [5, 5, 6, 6, 7, 7],
    ]  # fmt: skip
    pictures = piece_pictures(plan, SOURCES, 1, 0, 4, SIZE)
    assert np.array_equal(pictures, SOURCES[0].pictures[[30, 29, 28, 27]])


def test_a_plan_that_does_not_fit_together_is_refused() -> None:
    with pytest.raises(MediaError, match="2 pieces need 1 joins, not 0"):
        EditPlan((Piece(0, 0, 3), Piece(0, 0, 3)), ())
    with pytest.raises(MediaError, match="needs at least 1"):
        EditPlan((Piece(0, 0, 0),), ())
