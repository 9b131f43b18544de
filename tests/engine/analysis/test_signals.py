"""Curves grow from the front, without holes."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock


def block(start: int, **values: list[float]) -> SignalBlock:
    return SignalBlock(start, {name: np.array(some, np.float32) for name, some in values.items()})


def test_a_curve_is_nan_where_it_is_not_known() -> None:
    signals = Signals(4)
    assert np.isnan(signals.curve("a")).all()
    signals.add(block(0, a=[1, 2]))
    assert signals.curve("a")[:2].tolist() == [1, 2]
    assert np.isnan(signals.curve("a")[2:]).all()
    assert "a" in signals
    assert "b" not in signals


def test_what_is_known_is_what_the_shortest_curve_knows() -> None:
    signals = Signals(5)
    assert signals.done_frames() == 0
    signals.add(block(0, a=[1, 2, 3], b=[1, 2, 3]))
    signals.add(block(3, a=[4, 5]))
    assert signals.done_frames("a") == 5
    assert signals.done_frames("a", "b") == signals.done_frames() == 3
    assert signals.done_frames("a", "c") == 0
    known = signals.block(["a", "b"])
    assert (known.start_frame, known.end_frame) == (0, 3)
    assert known.values["a"].tolist() == [1, 2, 3]


def test_blocks_may_come_again_but_leave_no_hole_and_do_not_leave_the_film() -> None:
    signals = Signals(4)
    signals.add(block(0, a=[1, 2, 3]))
    signals.add(block(1, a=[7, 8]))
    assert signals["a"][:3].tolist() == [1, 7, 8]
    assert signals.done_frames("a") == 3
    for start, values in ((4, [1.0]), (3, [1.0, 2.0])):
        with pytest.raises(ValueError, match="does not join"):
            signals.add(block(start, a=values))
    assert signals.done_frames("a") == 3


def test_a_copy_of_a_curve_is_the_callers_own() -> None:
    signals = Signals(2)
    signals.add(block(0, a=[1, 2]))
    signals.curve("a")[0] = 9
    assert signals["a"][0] == 1
