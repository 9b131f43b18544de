"""What is proposed at a threshold, beyond what is analysed too, and what is held for the editor's eyes."""

from __future__ import annotations

import time

from seamline.project.types import Origin, Seam
from seamline_app.found_seams import FoundSeams


def cut(frame: int, confidence: float, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame - 1, frame, confidence=confidence, origin=origin)


def frames(seams: tuple[Seam, ...]) -> list[int]:
    return sorted(seam.in_frame for seam in seams)


def test_the_threshold_is_that_of_the_last_proposals_too() -> None:
    found = FoundSeams((cut(10, 0.55), cut(200, 0.55), cut(300, 0.97)), 0.5)
    found.put((cut(10, 0.55),), 100)
    assert frames(found.proposed) == [10, 200, 300]
    found.threshold = 0.9
    assert frames(found.proposed) == [300]
    found.threshold = 0.5
    assert frames(found.proposed) == [10, 200, 300]


def test_what_is_looked_at_is_held() -> None:
    found = FoundSeams((), 0.9)
    found.put((cut(10, 0.95), cut(20, 0.6)), 100)
    assert frames(found.with_held(None)) == [10]
    assert frames(found.with_held(cut(20, 0.6))) == [10, 20]
    assert found.with_held(cut(10, 0.5)) == found.proposed
    assert found.with_held(cut(50, 1, Origin.USER)) == found.proposed
    # in the place of what it overlaps
    wide = Seam(5, 15, kind=type(cut(1, 1).kind)("dissolve"), confidence=0.3)
    assert found.with_held(wide) == (wide,)


def test_holding_one_of_thousands_takes_no_time() -> None:
    found = FoundSeams((), 0.5)
    found.put((cut(frame, 0.9) for frame in range(50, 500_000, 50)), 500_000)
    started = time.thread_time()
    assert len(found.with_held(cut(77, 0.2))) == len(found.proposed) + 1
    assert time.thread_time() - started < 0.5
