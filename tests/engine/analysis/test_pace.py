"""An analysis that gives way rests as long as it is told, and still gives the same."""

from __future__ import annotations

import threading
import time

import pytest

from seamline.analysis.pace import Pace


@pytest.mark.parametrize("share", [0, -0.5, 1.1, float("nan")])
def test_a_share_that_makes_no_sense_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share of the time"):
        Pace(share)


def test_it_rests_in_proportion_to_the_work() -> None:
    class Stop:
        rested_s = 0.0

        def wait(self, seconds: float) -> None:
            self.rested_s += seconds

    stop, pace = Stop(), Pace()
    pace.rest(1.0, stop)  # type: ignore[arg-type]
    assert stop.rested_s == 0
    pace.share = 0.25
    pace.rest(0.01, stop)  # type: ignore[arg-type]
    assert stop.rested_s == pytest.approx(0.03)
    pace.rest(60.0, stop)  # type: ignore[arg-type]
    assert stop.rested_s < 1.03


def test_a_stop_ends_the_rest() -> None:
    stop = threading.Event()
    stop.set()
    began_s = time.monotonic()
    Pace(0.001).rest(10.0, stop)
    assert time.monotonic() - began_s < 0.3
