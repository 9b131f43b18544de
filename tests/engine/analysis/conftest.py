"""A network of paper, films at hand, and curves by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import Progress

if TYPE_CHECKING:
    from films import FilmShelf


class PaperSession:
    """Stands for the network: a picture's probability is how far the next one's colour lies from its own."""

    device = "paper"

    def __init__(self) -> None:
        self.windows = 0
        self.before_window: Callable[[int], None] = lambda number: None

    def predict(
        self, pictures: NDArray[np.uint8], *, progress: Progress | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        self.before_window(self.windows)
        self.windows += 1
        still = pictures[:, 10:13]  # between the barcode and the bar that moves
        colour = still.astype(np.float32).mean((1, 2))
        single = np.zeros(len(colour), np.float32)
        single[:-1] = np.clip(np.abs(np.diff(colour, axis=0)).max(1) / 20, 0, 1)
        return single, single / np.float32(2)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> PaperSession:
    """What analyses run on instead of the network."""
    paper = PaperSession()
    monkeypatch.setattr("seamline.analysis.analyze.open_session", lambda card, **options: paper)
    return paper


@pytest.fixture(scope="session")
def long_film(films: FilmShelf) -> Film:
    """260 frames: five windows of the network and a bit."""
    spec = films.make_film(
        films.folder / "long.mp4", frames=260, size=(96, 54), cuts=(40, 90, 130, 149, 201, 251)
    )
    return open_film(spec.path)


@pytest.fixture
def signals_of() -> Callable[..., Signals]:
    """Signals of a film of `frames` from curves by hand; `cut` and `many` are {frame: probability}."""

    def make(
        frames: int,
        cut: dict[int, float],
        many: dict[int, float] | None = None,
        *,
        contrast: NDArray[np.float32] | None = None,
        similarity: NDArray[np.float32] | None = None,
        done: int | None = None,
    ) -> Signals:
        signals = Signals(frames)
        done = frames if done is None else done
        curves = {"cut_probability": cut, "transition_probability": cut if many is None else many}
        for name, points in curves.items():
            values = np.zeros(frames, np.float32)
            for frame, value in points.items():
                values[frame] = value
            signals.add(SignalBlock(0, {name: values[:done]}))
        if contrast is None:
            contrast = np.full(frames, 0.2, np.float32)
        if similarity is None:
            similarity = np.ones(frames, np.float32)
        signals.add(SignalBlock(0, {"contrast": contrast[:done], "similarity": similarity[:done]}))
        return signals

    return make
