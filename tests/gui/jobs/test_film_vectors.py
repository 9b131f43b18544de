"""What is known of a film's frames grows as they are looked at, and is read anew when the disk has more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from paper_encoder import SPEC, PaperEncoder

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.kept_vectors import KeptVectors
from seamline.media.open_film import open_film
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline_app.jobs.film_vectors import FilmVectors

if TYPE_CHECKING:
    from tests.films import FilmShelf


@pytest.fixture
def known(films: FilmShelf, tmp_path: Path) -> FilmVectors:
    return FilmVectors(open_film(films("mov_timecode").path), AnalysisCache(tmp_path))


def _vectors(*frames: int) -> FrameVectors:
    colours = np.array([(255, frame, 0) for frame in frames], np.float32)
    return FrameVectors(SPEC.key, np.array(frames, np.int64), PaperEncoder().of_colour(colours))


def test_what_is_kept_is_read_and_what_is_made_comes_in_order(known: FilmVectors) -> None:
    kept = KeptVectors(known.folder, SPEC.key)
    kept.put(np.array([40], np.int64), _vectors(40).vectors)
    kept.save()
    assert known.of(SPEC).frames.tolist() == [40]
    known.put(SPEC, _vectors(7, 90))
    assert known.of(SPEC).frames.tolist() == [7, 40, 90]


def test_looking_again_finds_what_has_come_to_the_disk(known: FilmVectors) -> None:
    assert len(known.of(SPEC)) == 0
    kept = KeptVectors(known.folder, SPEC.key)
    kept.put(np.array([12], np.int64), _vectors(12).vectors)
    kept.save()
    assert len(known.of(SPEC)) == 0
    known.look_again()
    assert known.of(SPEC).frames.tolist() == [12]


def test_what_stands_for_shots_follows_the_shots_and_what_is_known(known: FilmVectors) -> None:
    """Of a film whose seams are not known to be cuts, an eighth of a shot at either end counts as a mixture."""
    known.put(SPEC, _vectors(1, 7, 40))
    assert known.of_shots(SPEC, [(0, 25), (25, 100)]).frames.tolist() == [7, 40]
    assert known.of_shots(SPEC, [(0, 100)]).frames.tolist() == [7, 40]
    assert known.of_shots(SPEC, [(0, 39), (39, 100)]).frames.tolist() == [7]
    known.put(SPEC, _vectors(50))
    assert known.of_shots(SPEC, [(0, 39), (39, 100)]).frames.tolist() == [7, 50]
    assert known.of_shots(SPEC, [(0, 39), (39, 100)]) is known.of_shots(SPEC, ((0, 39), (39, 100)))


def test_vectors_of_labels_follow_those_of_the_built_in_encoder(
    known: FilmVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def labels_of(vectors: FrameVectors) -> FrameVectors:
        made.append(len(vectors))
        return FrameVectors(LABEL_VECTORS.key, vectors.frames, vectors.vectors[:, :2])

    monkeypatch.setattr("seamline.analysis.label_vectors.conse_vectors", labels_of)

    def put(*frames: int) -> None:
        values = np.ones((len(frames), EFFICIENTNET_LITE0_ENCODER.dimension), np.float32)
        key = EFFICIENTNET_LITE0_ENCODER.key
        known.put(EFFICIENTNET_LITE0_ENCODER, FrameVectors(key, np.array(frames, np.int64), values))

    put(3, 9)
    assert known.of(LABEL_VECTORS).frames.tolist() == [3, 9]
    put(5)
    assert known.of(LABEL_VECTORS).frames.tolist() == [3, 5, 9]
    assert made == [2, 1]  # no more than what is new
