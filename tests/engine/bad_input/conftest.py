"""Makers of odd films, and one look at a film through everything that reads it."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from paper import PaperSeamNet, PaperTransNetV2, put_networks

from seamline.analysis.analyze import Analysis
from seamline.analysis.candidates import known_curves
from seamline.analysis.figures_stage import FigureStage
from seamline.analysis.run_report import RunReport
from seamline.analysis.stages import further_stages
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.filmstrip import read_filmstrip
from seamline.media.loudness import read_loudness
from seamline.media.open_film import open_film
from seamline.models.encoder import open_efficientnet
from seamline.models.figures import FigureFinder, open_figure_finder
from seamline.models.seam_model import shipped_weights
from seamline.models.seam_net_session import SeamNetSession
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf

LONGEST_S = 30
"""For films of some dozens of frames, on a machine that has other things to do."""
_MOST_BYTES = 1 << 20  # of a picture of the filmstrip, 90 pixels high
_SMALLEST_CODE, _LARGEST_CODE = 16, 2000  # pixels of pictures whose barcode is there and worth reading


@dataclass(frozen=True)
class Sight:
    """What was seen of a film. `shown` has the barcode of each decoded picture by its number, None where it
    cannot be read; `strip` the numbers of the filmstrip's pictures."""

    film: Film
    report: RunReport
    seams: tuple[tuple[int, int], ...]
    shown: dict[int, int | None]
    strip: tuple[int, ...]
    loudness: NDArray[np.float32] | None


@pytest.fixture(scope="session")
def odd() -> Any:
    """The module tests/odd_films.py; tests/ is no package and not on sys.path."""
    if "odd_films" not in sys.modules:
        path = Path(__file__).parents[2] / "odd_films.py"
        spec = importlib.util.spec_from_file_location("odd_films", path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["odd_films"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["odd_films"])
    return sys.modules["odd_films"]


@pytest.fixture
def draw(films: FilmShelf) -> Callable[[int, tuple[int, int]], Any]:
    """A shot of 15 frames, then another; each frame with its number."""
    return lambda number, size: films.draw_frame(number, size, number >= 15)


@cache
def _encoder() -> Any:
    return open_efficientnet(threads=1)


@cache
def _figure_finder() -> FigureFinder:
    return open_figure_finder()


@cache
def _seam_net() -> SeamNetSession:
    return SeamNetSession()


class BlindSeamNet:
    """The seam network, run over all that comes. That it sees seams in bars that move decides nothing here."""

    def predict(
        self, maps: NDArray[np.float32], *, progress: Any = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        for seen in _seam_net().predict(maps, progress=progress):
            assert np.isfinite(seen).all()
        return PaperSeamNet().predict(maps)


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each network is opened once, as opening one takes longer than to run it over such films."""
    put_networks(monkeypatch.setattr, PaperTransNetV2())
    monkeypatch.setattr("seamline.analysis.analyze.SeamNetSession", BlindSeamNet)
    monkeypatch.setattr("seamline.analysis.stages.open_efficientnet", lambda **_: _encoder())
    monkeypatch.setitem(FigureStage.__init__.__kwdefaults__, "open_finder", _figure_finder)


@pytest.fixture
def seeing(networks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seam network and the model that comes with Seamline decide."""
    monkeypatch.setattr("seamline.analysis.analyze.SeamNetSession", _seam_net)
    monkeypatch.setattr("seamline.analysis.proposals.shipped_weights", shipped_weights)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("seamline-")]
    assert left == []


@pytest.fixture
def look(films: FilmShelf, tmp_path: Path) -> Callable[[Path], Sight]:
    """Opens, analyses, hears and decodes a film; fails where anything is not finite, whole and in order.

    Raises MediaError where the film has none of what is wanted, and lets every other error through.
    """

    def looked(path: Path) -> Sight:
        began = time.monotonic()
        film = open_film(path)
        count = film.frame_count
        analysis = Analysis(film, further=further_stages(film, tmp_path / f"{path.name}-strip"))
        report = analysis.run(progress=CancellableProgress())
        assert report.failures == ()
        assert analysis.is_complete
        assert report.frame_count == report.analysed_frames == count
        for stage in analysis._stages:
            for name in stage.signal_names:
                values = analysis.signals.known(name)
                assert len(values) == -(-count // analysis.signals.every_frames(name))
                asked_of_all = name not in (CUT_PROBABILITY, TRANSITION_PROBABILITY)
                assert np.isfinite(values if asked_of_all else values[~np.isnan(values)]).all()
        curves = known_curves(analysis.signals)
        assert curves is not None
        assert np.isfinite(curves.cut).all()
        assert np.isfinite(curves.transition).all()
        edges = [-1]
        for seam in analysis.seams:
            assert edges[-1] <= seam.out_frame < seam.in_frame < count
            edges.append(seam.in_frame)
        loudness = _loudness(film)
        pictures = dict(read_filmstrip(film, progress=CancellableProgress()))
        assert all(picture.shape[0] == 90 and picture.nbytes < _MOST_BYTES for picture in pictures.values())
        strip = tuple(pictures)
        assert set(strip) <= set(film.index.keyframes.tolist())
        shown = _shown(film, films)
        assert count - len(shown) == report.missing_frames
        assert time.monotonic() - began < LONGEST_S
        seams = tuple((seam.out_frame, seam.in_frame) for seam in analysis.seams)
        return Sight(film, report, seams, shown, strip, loudness)

    return looked


def _loudness(film: Film) -> NDArray[np.float32] | None:
    blocks = read_loudness(film, progress=CancellableProgress())
    if blocks is None:
        return None
    heard = list(blocks)
    assert [block.start_frame for block in heard] == [0, *(block.end_frame for block in heard[:-1])]
    assert heard[-1].end_frame == film.frame_count
    assert all(np.isfinite(block.peak).all() and np.isfinite(block.rms).all() for block in heard)
    return np.concatenate([block.rms for block in heard])


def _shown(film: Film, films: FilmShelf) -> dict[int, int | None]:
    shown: dict[int, int | None] = {}
    with Decoder(film) as decoder:
        for number, frame in decoder:
            assert max(shown, default=-1) < number < film.frame_count
            shown[number] = None
            if min(frame.width, frame.height) < _SMALLEST_CODE or frame.width > _LARGEST_CODE:
                continue
            with contextlib.suppress(ValueError):
                shown[number] = films.read_number(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    return shown
