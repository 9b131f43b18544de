"""The whole analysis: however often it is interrupted, in the end it is what one run gives, to the bit."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from av.video.frame import VideoFrame

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.errors import Cancelled, MediaError, ModelError
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.session import fastest_card, open_session
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf
    from paper import PaperTransNetV2

CURVES = (
    "similarity", "brightness", "contrast", "cut_probability", "transition_probability",
    "cut_evidence", "dissolve_evidence", "fade_evidence", "wipe_evidence", "middle_evidence",
)  # fmt: skip
FRAMES = 460
CUTS = [40, 90, 130, 149, 201, 251, 330, 420]
WINDOWS_DONE = {0: 0, 50: 1, 100: 2, 200: 3, 400: 5}
"""How many windows TransNetV2 has been asked about when that many frames are known: cuts near to one another share one,
but none reaches over the border of a block of the seam network."""


def same(a: Signals, b: Signals) -> bool:
    return all(np.array_equal(a.curve(name), b.curve(name), equal_nan=True) for name in CURVES)


def whole_run(film: Film, *, thorough: bool = False) -> Analysis:
    analysis = Analysis(film, thorough=thorough)
    analysis.run(progress=CancellableProgress())
    assert analysis.is_complete
    return analysis


def test_it_finds_the_cuts_of_a_film(long_film: Film, session: PaperTransNetV2) -> None:
    analysis = Analysis(long_film)
    assert (analysis.done_frames, analysis.is_complete, analysis.seams) == (0, False, ())
    report = analysis.run(progress=CancellableProgress())
    assert [seam.in_frame for seam in analysis.seams] == CUTS
    assert (report.frame_count, report.analysed_frames, report.missing_frames) == (FRAMES, FRAMES, 0)
    assert report.device == "paper"
    assert report.frames_per_s == pytest.approx(FRAMES / report.seconds)
    assert session.windows == 6


def test_every_block_is_told_as_it_comes(long_film: Film, session: PaperTransNetV2) -> None:
    told = Signals(FRAMES)
    done: list[int] = []
    analysis = Analysis(long_film)

    def hear(block: SignalBlock) -> None:
        told.add(block)
        done.append(analysis.done_frames)

    analysis.run(progress=CancellableProgress(), on_block=hear)
    assert same(told, analysis.signals)
    assert done == sorted(done)
    assert done[-1] == FRAMES


@pytest.mark.parametrize("windows", [[0], [1], [2, 3], [4], [5], [0, 1, 2, 3, 4, 5]])
def test_interrupted_and_gone_on_with_it_equals_one_run(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, windows: list[int]
) -> None:
    whole = whole_run(long_film)
    known = 0
    for stop_at in windows:
        progress = CancellableProgress()
        session.before_window = cancels_at(stop_at, progress)
        analysis = Analysis(long_film, cache=AnalysisCache(tmp_path))
        assert analysis.done_frames == known
        session.windows = WINDOWS_DONE[analysis.signals.done_frames("cut_probability")]
        with pytest.raises(Cancelled):
            analysis.run(progress=progress)
        assert session.windows == stop_at + 1
        known = analysis.done_frames
        assert same_start(analysis.signals, whole.signals, known)
    session.before_window = lambda number: None
    last = Analysis(long_film, cache=AnalysisCache(tmp_path))
    report = last.run(progress=CancellableProgress())
    assert report.analysed_frames == FRAMES - known
    assert same(last.signals, whole.signals)
    assert last.seams == whole.seams


def cancels_at(window: int, progress: CancellableProgress) -> Callable[[int], None]:
    return lambda number: progress.cancel() if number == window else None


def same_start(part: Signals, whole: Signals, frames: int) -> bool:
    return all(
        np.array_equal(part.curve(name)[:frames], whole.curve(name)[:frames], equal_nan=True)
        for name in CURVES
    )


def test_a_second_run_computes_nothing(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Analysis(long_film, cache=AnalysisCache(tmp_path))
    first.run(progress=CancellableProgress())

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be computed")

    monkeypatch.setattr("seamline.analysis.analyze.open_session", refuse)
    monkeypatch.setattr("seamline.analysis.picture_source.Decoder", refuse)
    second = Analysis(long_film, cache=AnalysisCache(tmp_path))
    assert second.is_complete
    assert second.seams == first.seams
    report = second.run(progress=CancellableProgress())
    assert (report.analysed_frames, report.device) == (0, "cache")
    assert same(second.signals, first.signals)


def test_only_the_curve_that_is_lost_is_computed_again(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Analysis(long_film, cache=AnalysisCache(tmp_path))
    first.run(progress=CancellableProgress())
    for path in tmp_path.rglob("similarity*"):
        path.write_bytes(b"damaged")

    def refuse(*_: object, **__: object) -> None:
        raise ModelError("The network is not installed.")

    monkeypatch.setattr("seamline.analysis.analyze.open_session", refuse)
    second = Analysis(long_film, cache=AnalysisCache(tmp_path))
    second.run(progress=CancellableProgress())
    assert same(second.signals, first.signals)


def test_without_the_network_it_says_so(
    long_film: Film, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelError("The network is not installed.")

    monkeypatch.setattr("seamline.analysis.analyze.open_session", missing)
    with pytest.raises(ModelError, match="not installed"):
        Analysis(long_film, cache=AnalysisCache(tmp_path)).run(progress=CancellableProgress())


def test_a_film_that_fails_half_way_keeps_what_was_analysed(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = whole_run(long_film)
    read = Decoder.read

    def failing(decoder: Decoder) -> Any:
        item = read(decoder)
        if item is not None and item[0] == 440:
            raise MediaError("Reading failed on the way: check its disk.")
        return item

    analysis = Analysis(long_film, cache=AnalysisCache(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(Decoder, "read", failing)
        with pytest.raises(MediaError, match="check its disk"):
            analysis.run(progress=CancellableProgress())
    assert analysis.done_frames == 200
    assert len(analysis.seams) == 4
    assert analysis.seams == whole.seams[: len(analysis.seams)]
    again = Analysis(long_film, cache=AnalysisCache(tmp_path))
    assert again.done_frames == analysis.done_frames
    again.run(progress=CancellableProgress())
    assert same(again.signals, whole.signals)


@pytest.mark.parametrize("kind", ["mp4_faststart", "mkv", "ts", "avi"])
def test_films_cut_short_or_damaged_are_analysed_as_far_as_they_go(
    films: FilmShelf, session: PaperTransNetV2, tmp_path: Path, kind: str
) -> None:
    whole = films(kind).path
    for name, make in (("cut", films.truncated), ("broken", films.broken)):
        film = open_film(make(whole, tmp_path / f"{name}{whole.suffix}"))
        analysis = whole_run(film)
        assert 24 in {seam.out_frame for seam in analysis.seams}


def test_one_frame_and_a_few_are_films(films: FilmShelf, session: PaperTransNetV2) -> None:
    assert whole_run(open_film(films("mp4_one_frame").path)).seams == ()


def test_a_full_disk_stops_no_analysis(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("seamline.analysis.cache.tempfile.mkstemp", full)
    monkeypatch.setattr("seamline.analysis.cache._log.disabled", True)
    cache = AnalysisCache(tmp_path)
    analysis = Analysis(long_film, cache=cache)
    analysis.run(progress=CancellableProgress())
    assert analysis.is_complete
    assert cache.write_error == "No space left on device"


@pytest.fixture(scope="module")
def shorter_film(films: FilmShelf) -> Film:
    """210 frames, the first of the long film: enough for three windows, as the networks take their time."""
    spec = films.make_film(films.folder / "three windows.mp4", frames=210, size=(96, 54), cuts=CUTS[:5])
    return open_film(spec.path)


@pytest.mark.parametrize("thorough", [False, True])
def test_the_installed_networks_see_the_cuts_and_go_on_to_the_bit(
    shorter_film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thorough: bool
) -> None:
    network = open_session(fastest_card())
    monkeypatch.setattr("seamline.analysis.analyze.open_session", lambda card: network)
    whole = whole_run(shorter_film, thorough=thorough)
    asked = ~np.isnan(whole.signals.curve("cut_probability"))
    assert asked.all() if thorough else 0 < asked.sum() < shorter_film.frame_count / 2
    # the bars that move in this film are unlike anything that is filmed, and hide a cut now and then
    assert len(set(CUTS[:5]) & {seam.in_frame for seam in whole.seams}) >= len(CUTS[:5]) - 1
    progress = CancellableProgress()
    first = Analysis(shorter_film, cache=AnalysisCache(tmp_path), thorough=thorough)

    def stop(block: SignalBlock) -> None:
        if "cut_probability" in block.values:
            progress.cancel()

    with pytest.raises(Cancelled):
        first.run(progress=progress, on_block=stop)
    second = Analysis(shorter_film, cache=AnalysisCache(tmp_path), thorough=thorough)
    assert second.signals.done_frames("cut_probability") == 50
    assert second.run(progress=CancellableProgress()).device == network.device
    assert same(second.signals, whole.signals)
    assert second.seams == whole.seams


def test_frames_without_a_picture_are_told_again_from_the_cache(
    long_film: Film, session: PaperTransNetV2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Decoder._numbered
    lost = {40, 41, 97}

    def holed(decoder: Decoder, *, from_start: bool) -> Iterator[tuple[int, VideoFrame]]:
        return (item for item in whole(decoder, from_start=from_start) if item[0] not in lost)

    monkeypatch.setattr(Decoder, "_numbered", holed)
    first = Analysis(long_film, cache=AnalysisCache(tmp_path)).run(progress=CancellableProgress())
    again = Analysis(long_film, cache=AnalysisCache(tmp_path)).run(progress=CancellableProgress())
    assert (first.missing_frames, first.analysed_frames) == (3, FRAMES)
    assert (again.missing_frames, again.analysed_frames) == (3, 0)
