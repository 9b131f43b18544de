"""A network of paper, films at hand, and curves by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from paper import PaperTransNetV2, put_networks

from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.media.film import Film
from seamline.media.open_film import open_film

if TYPE_CHECKING:
    from films import FilmShelf

CUTS = (40, 90, 130, 149, 201, 251, 330, 420)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> PaperTransNetV2:
    """What analyses run on instead of the networks."""
    network = PaperTransNetV2()
    put_networks(monkeypatch.setattr, network)
    return network


@pytest.fixture(scope="session")
def long_film(films: FilmShelf) -> Film:
    """460 frames: TransNetV2's windows begin to count at 0, 50, 150 and 350."""
    spec = films.make_film(films.folder / "long.mp4", frames=460, size=(96, 54), cuts=CUTS)
    return open_film(spec.path)


@pytest.fixture
def signals_of() -> Callable[..., Signals]:
    """Signals of a film of `frames` from curves by hand; `cut`, `many`, each kind's `evidence` and `middle` are
    {frame: probability}. Where none is given, the seam network sees the cuts that TransNetV2 sees."""

    def make(
        frames: int,
        cut: dict[int, float],
        many: dict[int, float] | None = None,
        *,
        contrast: NDArray[np.float32] | None = None,
        similarity: NDArray[np.float32] | None = None,
        evidence: dict[str, dict[int, float]] | None = None,
        middle: dict[int, float] | None = None,
        done: int | None = None,
    ) -> Signals:
        signals = Signals(frames)
        done = frames if done is None else done
        evidence = {"cut": cut} if evidence is None else evidence
        curves = {"cut_probability": cut, "transition_probability": cut if many is None else many}
        curves |= {f"{kind}_evidence": evidence.get(kind, {}) for kind in ("cut", "dissolve", "fade", "wipe")}
        curves["middle_evidence"] = middle or {}
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
        still = {name: np.zeros(done, np.float32) for name in ("relighting", "displacement")}
        signals.add(SignalBlock(0, still))
        return signals

    return make
