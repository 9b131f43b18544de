"""Drawn edits keep to their settings, to their footage, and to their seed."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.evaluation.synthetic_distractors import DISTRACTOR_KINDS
from seamline.evaluation.synthetic_drawn import DrawnSource
from seamline.evaluation.synthetic_generator import plan_edit
from seamline.evaluation.synthetic_plan import STAYING_DISTRACTORS, Distractor, EditPlan, Join, Piece
from seamline.evaluation.synthetic_render import piece_pictures, render
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import ArraySource
from seamline.exchange.csv_list import DISTRACTOR, IGNORED, SCORED

SIZE = (48, 27)
BARE = {"looks": 0.0, "finishes": 0.0, "logos": 0.0}


def _footage(number: int, frames: int = 220) -> ArraySource:
    """Coloured clouds that drift by."""
    rng = np.random.default_rng(number)
    clouds = rng.integers(0, 256, (4, 14, 3), dtype=np.uint8)
    wide = np.asarray(cv2.resize(clouds, (48 + frames, 27), interpolation=cv2.INTER_CUBIC), np.uint8)
    return ArraySource(np.stack([wide[:, at : at + 48] for at in range(frames)]), f"clouds {number}")


SOURCES = [_footage(number) for number in range(8)]


def _plans(count: int, settings: GeneratorSettings | None = None, seed: int = 5) -> list[EditPlan]:
    return [plan_edit(SOURCES, settings, seed=seed, index=index) for index in range(count)]


def test_same_seed_same_film_and_another_index_another() -> None:
    first, again = (plan_edit(SOURCES, seed=5, index=2) for _ in range(2))
    assert first == again
    assert render(first, SOURCES, SIZE)[0].tobytes() == render(again, SOURCES, SIZE)[0].tobytes()
    assert plan_edit(SOURCES, seed=5, index=3) != first
    assert plan_edit(SOURCES, seed=6, index=2) != first


def test_every_picture_outside_joins_is_of_its_piece_alone() -> None:
    for plan in _plans(4, GeneratorSettings(frames=(300, 500), finishes=0, logos=0)):
        pictures, truth = render(plan, SOURCES, SIZE)
        assert len(pictures) == plan.frame_count
        assert truth == plan.truth
        for at, (start, piece) in enumerate(zip(plan.starts, plan.pieces, strict=True)):
            alone = piece_pictures(plan, SOURCES, at, 0, piece.full_frames, SIZE)
            assert np.array_equal(pictures[start : start + piece.full_frames], alone)


@pytest.mark.parametrize("lengths", [(220,), (40, 90), (9,)])
def test_no_frame_is_asked_of_a_source_that_has_none(lengths: tuple[int, ...]) -> None:
    sources = [ArraySource(SOURCES[at].pictures[:length]) for at, length in enumerate(lengths)]
    for index in range(25):
        plan = plan_edit(sources, GeneratorSettings(frames=(200, 400)), seed=1, index=index)
        for at, piece in enumerate(plan.pieces):
            numbers = plan.numbers(at)
            assert len(numbers) == plan.lead(at) + piece.full_frames + plan.tail(at)
            assert numbers.min() >= 0
            assert numbers.max() < sources[piece.source].frame_count


def test_footage_too_short_for_any_shot_is_refused() -> None:
    with pytest.raises(MediaError, match="has 5 frames, and a shot needs 6"):
        plan_edit([ArraySource(SOURCES[0].pictures[:5])], seed=1)
    with pytest.raises(MediaError, match="at least one piece of footage"):
        plan_edit([], seed=1)


def test_distractors_keep_away_from_joins_and_from_one_another() -> None:
    settings = GeneratorSettings(distractors_per_1000_frames=25, typical_shot_frames=90)
    seen: Counter[str] = Counter()
    for plan in _plans(25, settings):
        joins = [event.transition for event in plan.events if event.transition.scored != DISTRACTOR]
        others = [event for event in plan.events if event.transition.scored == DISTRACTOR]
        seen.update(event.subtype for event in others)
        for event in others:
            row = event.transition
            assert all(row.in_frame <= join.out_frame or join.in_frame <= row.out_frame for join in joins)
            assert row.in_frame < plan.frame_count
        for piece in plan.pieces:
            for before, after in zip(piece.distractors, piece.distractors[1:], strict=False):
                assert after.start >= before.start + before.frames + settings.margin_frames
    assert set(seen) == set(DISTRACTOR_KINDS)


def test_kinds_and_lengths_are_those_asked_for() -> None:
    settings = GeneratorSettings(
        frames=(2000, 2000), joins={"dissolve": 3, "wipe": 1}, wipes={"clock": 1}, dissolve_frames=(4, 9),
        wipe_frames=(12, 12), open_and_close=0, distractors_per_1000_frames=0, shot_frames=(10, 50),
    )  # fmt: skip
    counts: Counter[str] = Counter()
    for plan in _plans(6, settings):
        assert 2000 <= plan.frame_count <= 2000 + 50 + 12
        assert all(10 <= piece.full_frames <= 50 for piece in plan.pieces)
        for event in plan.events:
            between = event.transition.in_frame - event.transition.out_frame - 1
            counts[event.transition.kind] += 1
            if event.transition.kind == "dissolve":
                assert 4 <= between <= 9
            else:
                assert (event.subtype, between) == ("clock", 12)
    assert 2 < counts["dissolve"] / counts["wipe"] < 4.5


def test_all_kinds_come_in_sensible_shares() -> None:
    counts: Counter[str] = Counter()
    subtypes: Counter[str] = Counter()
    for plan in _plans(40):
        for event in plan.events:
            if event.transition.scored == SCORED:
                counts[event.transition.kind] += 1
                subtypes[event.subtype] += 1
    total = sum(counts.values())
    for kind, least, most in (
        ("cut", 0.5, 0.8), ("dissolve", 0.1, 0.25), ("fade", 0.03, 0.12), ("wipe", 0.04, 0.15),
    ):  # fmt: skip
        assert least < counts[kind] / total < most, (kind, counts)
    assert {"jump cut", "punch-in", "linear", "s-curve", "additive", "black", "white", "title"} <= set(
        subtypes
    )


def test_jump_cuts_skip_as_many_frames_as_asked() -> None:
    settings = GeneratorSettings(joins={"jump cut": 1}, jump_frames=(8, 40), odd_speeds=0, reversals=0,
                                 distractors_per_1000_frames=0, open_and_close=0)  # fmt: skip
    skips = []
    for plan in _plans(8, settings):
        for at, join in enumerate(plan.joins):
            before, after = plan.pieces[at], plan.pieces[at + 1]
            if join.subtype in ("jump cut", "punch-in"):
                assert before.source == after.source
                skipped = after.first - int(plan.numbers(at)[-1]) - 1
                if skipped >= 0:  # others go back
                    skips.append(skipped)
    assert len(skips) > 15
    assert all(8 <= skip <= 40 for skip in skips)


def test_a_join_that_nobody_can_see_is_not_scored() -> None:
    still = ArraySource(np.repeat(SOURCES[0].pictures[:1], 300, axis=0))
    settings = GeneratorSettings(joins={"cut": 1}, distractors_per_1000_frames=0, open_and_close=0, **BARE)
    plan = plan_edit([still], settings, seed=2)
    assert len(plan.truth) > 5
    assert {row.scored for row in plan.truth} == {IGNORED}
    seen = plan_edit([still, SOURCES[1]], settings, seed=2)
    assert SCORED in {row.scored for row in seen.truth}


def test_settings_that_cannot_be_are_refused_in_a_sentence() -> None:
    with pytest.raises(MediaError, match="dissolve_frames goes from at least 1 up, not from 9 to 3"):
        GeneratorSettings(dissolve_frames=(9, 3))
    with pytest.raises(MediaError, match="joins knows no “morph”: choose from cut"):
        GeneratorSettings(joins={"morph": 1})
    with pytest.raises(MediaError, match="one above 0"):
        GeneratorSettings(wipes={"clock": 0})


@pytest.mark.parametrize(
    ("kind", "stays"),
    [
        (kind, stays)
        for kind in DISTRACTOR_KINDS
        for stays in (False, True)
        if not stays or kind in STAYING_DISTRACTORS
    ],
)
def test_a_distractor_changes_its_own_pictures_alone(kind: str, stays: bool) -> None:
    each = Distractor(kind, 8, 6 if kind != "drop" else 1, 11, stays, source=3)
    plain = EditPlan((Piece(0, 0, 30),), ())
    plan = EditPlan((Piece(0, 0, 30, distractors=(each,)),), ())
    before, _ = render(plain, SOURCES, SIZE)
    after, truth = render(plan, SOURCES, SIZE)
    changed = np.flatnonzero((before != after).any(axis=(1, 2, 3)))
    assert len(changed)
    assert changed[0] >= 8
    out, into = truth[0].out_frame, truth[-1].in_frame
    assert out == 7
    if not stays and kind not in ("freeze", "duplicate", "drop"):
        assert changed[-1] < into
        assert np.array_equal(before[into], after[into])
    assert {row.scored for row in truth} == {DISTRACTOR}


def test_a_small_film_is_the_large_one_scaled_by_area() -> None:
    # without grain, which differs at each size
    kinds = ("plain", "city", "crowd", "talker")
    large = [DrawnSource(1, 120, kind=kind) for kind in kinds]
    small = [ArraySource(source.frames(range(120), SIZE)) for source in large]
    settings = GeneratorSettings(
        frames=(150, 150), joins={"cut": 1, "wipe": 2, "fade": 1, "dissolve": 1}, **BARE
    )
    plan = plan_edit(small, settings, seed=3)
    assert isinstance(plan.joins[0], Join)
    few, _ = render(plan, small, SIZE)
    many, _ = render(plan, large, (240, 135))
    scaled = np.stack([cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA) for picture in many])
    apart = np.abs(scaled.astype(np.int16) - few).mean(axis=(1, 2, 3))
    assert apart.mean() < 1
    assert apart.max() < 4
