"""Rows that are kept in a file: made once, whole batches at a time, and never into a full disk."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from seamline.errors import Cancelled, ExchangeError
from seamline.progress import CancellableProgress
from seamline.training.caption_rows import kept_rows


class Maker:
    """Row n holds n twice; it remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __call__(self, start: int, stop: int) -> np.ndarray:
        self.asked.append((start, stop))
        return np.arange(start, stop, dtype=np.float32).repeat(2).reshape(-1, 2)

    def rows(self, path: Path, progress: CancellableProgress | None = None) -> np.ndarray:
        return kept_rows(
            path,
            (10, 2),
            np.float32,
            self,
            named="The rows",
            at_once=4,
            progress=progress or CancellableProgress(),
        )


def test_what_is_there_is_not_made_again_and_a_torn_batch_is(tmp_path: Path) -> None:
    path, maker = tmp_path / "rows.raw", Maker()
    stop = CancellableProgress(lambda done, _: stop.cancel() if done == 4 else None)
    with pytest.raises(Cancelled):
        maker.rows(path, stop)
    with path.open("ab") as file:
        file.write(b"\xff" * 11)  # a row and a bit, of a process that was killed
    np.testing.assert_array_equal(maker.rows(path), np.arange(10).repeat(2).reshape(10, 2))
    assert maker.asked == [(0, 4), (4, 8), (8, 10)]
    np.testing.assert_array_equal(maker.rows(path)[9], [9, 9])
    assert len(maker.asked) == 3


def test_a_disk_that_is_too_full_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker()
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100 << 20))
    with pytest.raises(ExchangeError, match=r"^The rows take 0\.0 GB, and “.*” has 0\.1 GB free: free some"):
        maker.rows(tmp_path / "rows.raw")
    assert maker.asked == []
    with pytest.raises(
        ExchangeError, match=r"^The rows cannot be kept in “.*none” .*: free some space there"
    ):
        maker.rows(tmp_path / "none" / "rows.raw")
