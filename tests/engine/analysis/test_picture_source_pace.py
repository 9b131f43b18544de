"""An analysis that gives way rests after what it has worked, not after what it has waited."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from seamline.analysis import picture_source
from seamline.analysis.ahead import Ahead
from seamline.analysis.pace import Pace
from seamline.analysis.picture_source import PictureSource
from seamline.analysis.stage import PictureSpec
from seamline.media.open_film import open_film

if TYPE_CHECKING:
    from films import FilmShelf

WAIT_S = 0.3


class NotedPace(Pace):
    """Never rests, and notes for what it might have."""

    def __init__(self) -> None:
        super().__init__()
        self.worked_s: list[float] = []

    def rest(self, worked_s: float, stop: threading.Event) -> None:
        self.worked_s.append(worked_s)


@pytest.mark.timed
def test_waiting_for_room_in_the_queue_is_no_work(films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Ahead._put

    def slowly(ahead: Ahead[object], item: object) -> bool:
        time.sleep(WAIT_S)  # as with a queue that is full
        return put(ahead, item)  # type: ignore[arg-type]

    monkeypatch.setattr(Ahead, "_put", slowly)
    monkeypatch.setattr(picture_source, "_BATCH_FRAMES", 50)
    pace = NotedPace()
    with PictureSource(open_film(films("mp4").path), [PictureSpec(80, 45)], 0, pace) as source:
        assert sum(batch is not None for batch in source.batches(timeout_s=5)) == 2
    assert len(pace.worked_s) == 100
    assert max(pace.worked_s) < WAIT_S / 2
