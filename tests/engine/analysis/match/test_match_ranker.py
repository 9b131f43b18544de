"""What ranks pairs: three logistic models, read with every name checked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import FORMAT, MatchRanker, ranker_of, read_ranker, shipped_ranker
from seamline.errors import ModelError


def row(**values: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([[values.get(name, 0.0) for name in PAIR_FEATURES]], np.float32)


def paper() -> MatchRanker:
    return ranker_of(
        {
            "format": FORMAT,
            "frame": {"light": 4.0, "constant": -2.0},
            "motion": {"flow": 6.0, "constant": -3.0},
            "score": {"either": 1.0, "constant": 0.5},
        }
    )


def test_frame_and_motion_are_apart_and_either_is_enough() -> None:
    frame, motion, score = paper().scores(np.concatenate([row(light=1), row(flow=1), row()]))
    assert frame == pytest.approx([1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2)), 1 / (1 + np.exp(2))])
    assert motion[1] > 0.95 > motion[0]
    assert score[0] > 0.9
    assert score[1] > 0.9
    assert score[2] < 0.3


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(paper().to_json(origin="a test"), "utf-8")
    again = read_ranker(path)
    assert json.loads(path.read_text("utf-8"))["origin"] == "a test"
    for name in ("frame", "motion", "score"):
        assert np.array_equal(getattr(again, name), getattr(paper(), name))


def test_the_shipped_one_ranks_a_match_above_what_has_nothing_in_common() -> None:
    everything = np.ones((1, len(PAIR_FEATURES)), np.float32)
    frame, motion, score = shipped_ranker().scores(np.concatenate([everything, row(not_against=1)]))
    assert frame[0] > 0.9
    assert motion[0] > 0.9
    assert score[0] > 0.9
    assert score[1] < 0.1


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 99},
        {"frame": {"brightness": 1.0}},
        {"frame": {"light": "much"}},
        {"motion": {"flow": float("nan")}},
        {"score": None},
    ],
)
def test_damaged_weights_are_refused(damage: dict[str, object]) -> None:
    values = json.loads(paper().to_json()) | damage
    with pytest.raises(ModelError, match="install Seamline again"):
        ranker_of(values)


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    with pytest.raises(ModelError, match=r"ranker\.json"):
        read_ranker(path)
    path.write_text("[1, 2", "utf-8")
    with pytest.raises(ModelError, match=r"ranker\.json"):
        read_ranker(path)
    path.write_text("[1, 2]", "utf-8")
    with pytest.raises(ModelError):
        read_ranker(path)
