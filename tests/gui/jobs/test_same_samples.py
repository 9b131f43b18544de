"""The window, the command line and a library that is made again take the same frames for a film's shots."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.analyze import Analysis, seam_stages
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.evidence import DISSOLVE_EVIDENCE, FADE_EVIDENCE
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_index import LibraryIndex
from seamline.analysis.library_restore import restore
from seamline.analysis.pace import Pace
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, CONTRAST
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING, embedding_stage
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, Embeddings, EncoderSpec, l2_normalised
from seamline.models.encoders import BUILT_IN, EncoderChoice
from seamline.progress import Progress
from seamline.project.labels import Range
from seamline.project.types import Project, Seam, SeamKind
from seamline_app.commands import grouped
from seamline_app.commands.grouped import with_footage
from seamline_app.commands.search_films import SearchedFilm, put_in, searched_film
from seamline_app.jobs.embedding_job import EmbeddingJob, EmbeddingWish
from seamline_app.jobs.film_job import FilmJob
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.footage_job import FootageJob, FootageWish, Grouped

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf

FRAMES = 270
SEAMS = (
    Seam(37, 75, SeamKind.DISSOLVE, 0.9),
    Seam(119, 120, SeamKind.CUT, 0.9),
    Seam(150, 180, SeamKind.FADE, 0.9),
    Seam(229, 230, SeamKind.CUT, 0.9),
)
SETUPS = (0, 1, 0, 2, 0)
BLENDS = {*range(38, 75), *range(151, 180)}
FADED = np.abs(np.linspace(-1, 1, 31)[1:-1])
"""How light the frames 151 to 179 are."""


class NumberReader:
    """Sees which shot a picture is of; a mixture of two looks like that of any other two."""

    device = "paper"
    spec = EFFICIENTNET_LITE0_ENCODER

    def __init__(self, films: FilmShelf) -> None:
        self._films = films

    def encode(self, pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> Embeddings:
        return looks([self._films.read_number(picture) for picture in pictures])

    def choice(self) -> EncoderChoice:
        def open_it(_: object) -> NumberReader:
            return self

        return EncoderChoice(BUILT_IN.id, BUILT_IN.name, (), lambda: self.spec, open_it)


def looks(frames: list[int]) -> Embeddings:
    rng = np.random.default_rng(1)
    places, blend = rng.normal(size=(3, 1280)), rng.normal(size=1280)
    rows = []
    for frame in frames:
        shot = sum(frame >= (seam.out_frame + seam.in_frame + 1) // 2 for seam in SEAMS)
        own = np.random.default_rng(frame).normal(size=1280)
        rows.append(blend + 0.1 * own if frame in BLENDS else places[SETUPS[shot]] + 0.3 * own)
    return l2_normalised(np.array(rows, np.float32))


@pytest.fixture(scope="module")
def film(films: FilmShelf, tmp_path_factory: pytest.TempPathFactory) -> Film:
    gradual = [(s.out_frame, s.in_frame, str(s.kind)) for s in SEAMS if s.kind is not SeamKind.CUT]
    cuts = [seam.in_frame for seam in SEAMS if seam.kind is SeamKind.CUT]
    path = tmp_path_factory.mktemp("gradual") / "gradual.mp4"
    return open_film(films.make_film(path, frames=FRAMES, cuts=cuts, gradual=gradual).path)


def analyse(film: Film, cache: AnalysisCache) -> None:
    """Keep what the analysis of this film would be."""
    signals = Signals(FRAMES)
    stages = (*seam_stages(), embedding_stage(film))
    for stage in stages[:-1]:
        curves = {name: np.zeros(FRAMES, np.float32) for name in stage.signal_names}
        for name, seam in ((DISSOLVE_EVIDENCE, SEAMS[0]), (FADE_EVIDENCE, SEAMS[2])):
            if name in curves:
                curves[name][seam.out_frame : seam.in_frame] = 0.9
        for name in {BRIGHTNESS, CONTRAST} & set(curves):
            curves[name] += 0.4
            curves[name][151:180] *= FADED
        signals.add(SignalBlock(0, curves))
    every = stages[-1].pictures.every_frames
    signals.add(SignalBlock(0, {EMBEDDING: looks(list(range(0, FRAMES, every)))}, every))
    for stage in stages:
        cache.save_signals(film.fingerprint, stage, signals)


Put = dict[Path, FrameVectors]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch, films: FilmShelf) -> Put:
    """What libraries were given, by their folders; the film is analysed, and the network is there."""
    encoder = NumberReader(films)
    given: Put = {}
    plainly = LibraryIndex.put

    def put(index: LibraryIndex, entry: FilmEntry, vectors: FrameVectors, shots: list[Range]) -> None:
        given[index._folder.parent] = vectors
        plainly(index, entry, vectors, shots)

    monkeypatch.setattr(LibraryIndex, "put", put)
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(),))
    monkeypatch.setattr(grouped, "open_efficientnet", lambda: encoder)
    monkeypatch.setattr("seamline_app.jobs.footage_job.open_efficientnet", lambda **_: encoder)
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 1)
    monkeypatch.setattr(Analysis, "seams", SEAMS)
    return given


@pytest.fixture
def searched(
    film: Film, put: Put, films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SearchedFilm:
    """As the command line does it, with a cache of its own."""
    monkeypatch.setattr(
        "seamline_app.commands.search_films.AnalysisCache", lambda: AnalysisCache(tmp_path / "command")
    )
    analyse(film, AnalysisCache(tmp_path / "command"))
    options = argparse.Namespace(ignore_corrections=True)
    return searched_film(film, film.path, NumberReader(films).choice(), options)


@pytest.fixture
def known(film: Film, tmp_path: Path) -> FilmVectors:
    """As the window does it, with another cache."""
    analyse(film, AnalysisCache(tmp_path / "window"))
    return FilmVectors(film, AnalysisCache(tmp_path / "window"))


@pytest.fixture
def embed(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[FilmVectors, Project], None]]:
    with LibraryIndex(tmp_path / "window library", EFFICIENTNET_LITE0_ENCODER) as library:
        job = EmbeddingJob(Pace(), lambda _: library)

        def run(known: FilmVectors, project: Project) -> None:
            with qtbot.waitSignal(job.ended):
                job.ask(EmbeddingWish(known, project))

        yield run
        job.close()


def same(first: FrameVectors, second: FrameVectors) -> bool:
    return first.frames.tolist() == second.frames.tolist() and np.allclose(first.vectors, second.vectors)


def test_the_window_looks_at_the_frames_that_the_command_line_looks_at(
    searched: SearchedFilm,
    known: FilmVectors,
    embed: Callable[[FilmVectors, Project], None],
    put: Put,
    tmp_path: Path,
) -> None:
    assert len(searched.shots) == len(SEAMS) + 1
    embed(known, searched.project)
    in_window = known.of_shots(EFFICIENTNET_LITE0_ENCODER, searched.shots)
    assert same(in_window, searched.vectors)
    assert not set(in_window.frames.tolist()) & BLENDS
    assert all(len(in_window.within(*shot)) >= 3 for shot in searched.shots)
    everything = set(known.of(EFFICIENTNET_LITE0_ENCODER).frames.tolist())
    assert everything & BLENDS, "a frame of a dissolve can be asked for by its number all the same"
    with LibraryIndex(tmp_path / "command library", EFFICIENTNET_LITE0_ENCODER) as index:
        put_in(index, searched)
    of_window, of_command = put[tmp_path / "window library"], put[tmp_path / "command library"]
    assert same(of_window, of_command)
    assert not set(of_window.frames.tolist()) & BLENDS
    assert all(len(of_window.within(*shot)) >= 3 for shot in searched.shots)


def test_a_film_that_comes_into_a_library_again_is_as_it_was(
    searched: SearchedFilm, put: Put, tmp_path: Path
) -> None:
    folder = tmp_path / "command library"
    with LibraryIndex(folder, EFFICIENTNET_LITE0_ENCODER) as index:
        put_in(index, searched)
    before = put.pop(folder)
    next(folder.glob("*/films.sqlite")).unlink()
    with LibraryIndex(folder, EFFICIENTNET_LITE0_ENCODER) as index:
        assert restore(index, AnalysisCache(tmp_path / "command")) == 1
    assert same(put[folder], before)


def test_shots_are_grouped_alike_with_and_without_a_look_and_in_the_window(
    searched: SearchedFilm, known: FilmVectors, film: Film, tmp_path: Path, qtbot: QtBot
) -> None:
    cache = AnalysisCache(tmp_path / "command")
    analysis = Analysis(film, cache=cache)
    cache.load_signals(film.fingerprint, embedding_stage(film), analysis.signals)
    by_command = [
        with_footage(searched.project, analysis, cache, labels=labels).footage for labels in (True, False)
    ]
    job = FootageJob(Pace())
    heard: list[Grouped] = []
    job.grouped.connect(heard.append)
    job.ask(FootageWish(film, tmp_path / "window", tuple(searched.shots)))
    qtbot.waitUntil(lambda: bool(heard))
    job.close()
    assert by_command[0] == by_command[1] == heard[0].footage
    assert [shot.setup for shot in heard[0].footage] == [place + 1 for place in SETUPS]


def test_curves_of_a_thorough_analysis_say_as_well_where_shots_blend(film: Film, tmp_path: Path) -> None:
    spec: EncoderSpec = EFFICIENTNET_LITE0_ENCODER
    cache = AnalysisCache(tmp_path)
    signals = Signals(FRAMES)
    for stage in (*seam_stages(thorough=True), embedding_stage(film)):
        every = stage.pictures.every_frames
        width = () if stage.signal_width == 1 else (stage.signal_width,)
        shape = -(-FRAMES // every), *width
        curves = {name: np.full(shape, 0.4, np.float32) for name in stage.signal_names}
        signals.add(SignalBlock(0, curves, every))
        cache.save_signals(film.fingerprint, stage, signals)
    known = FilmVectors(film, cache)
    assert known.signals().done_frames(DISSOLVE_EVIDENCE, BRIGHTNESS) == FRAMES
    assert known.of_shots(spec, [(0, FRAMES)]).frames[0] == 0, "no margin for what is not known"
