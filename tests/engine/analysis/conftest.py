"""A network of paper, films at hand, curves by hand, and a library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from paper import PaperTransNetV2, put_networks
from paper_library import RANGES, SPEC, film_at, vectors_of

from seamline.analysis import library_tidying
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_index import LibraryIndex
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
    spec = films.make_film(films.folder / "windows.mp4", frames=460, size=(96, 54), cuts=CUTS)
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


@pytest.fixture
def small_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs of two films are made after two films."""
    monkeypatch.setattr(library_tidying, "LOOSE_VECTORS", 120)
    monkeypatch.setattr(library_tidying, "GRAPH_VECTORS", 240)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LibraryIndex]:
    with LibraryIndex(tmp_path / "library", SPEC) as opened:
        yield opened


@pytest.fixture
def put(index: LibraryIndex, tmp_path: Path) -> Callable[[int], FilmEntry]:
    def put_film(number: int) -> FilmEntry:
        entry = film_at(tmp_path / f"film {number}.mov", b"film %d" % number)
        index.put(entry, vectors_of(number), RANGES)
        return entry

    return put_film
