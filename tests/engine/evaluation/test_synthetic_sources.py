"""Footage for synthetic edits: from memory, from films, drawn, and from still pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.evaluation.synthetic_drawn import SCENE_KINDS, DrawnSource, drawn_sources
from seamline.evaluation.synthetic_sources import ArraySource, ShotSource, film_source
from seamline.evaluation.synthetic_stills import StillSource, still_sources

if TYPE_CHECKING:
    from films import FilmShelf


def test_a_film_gives_the_frames_of_its_range(films: FilmShelf) -> None:
    source = film_source(films("mp4").path, 10, 40)
    assert source.frame_count == 30
    pictures = source.frames([5, 0, 29, 5, 4], (160, 90))
    assert [films.read_number(picture) for picture in pictures] == [15, 10, 39, 15, 14]
    source.close()
    assert films.read_number(source.frames([7], (160, 90))[0]) == 17
    source.close()


def test_a_film_of_another_shape_loses_its_sides(films: FilmShelf) -> None:
    source = film_source(films("mp4").path)
    wide, square = source.frames([3], (160, 90))[0], source.frames([3], (90, 90))[0]
    source.close()
    assert np.abs(square.astype(np.int16) - wide[:, 35:125]).mean() < 3


def test_a_range_that_the_film_does_not_have_is_refused(films: FilmShelf) -> None:
    with pytest.raises(MediaError, match="has frames 0 to 99: there is no range 90 to 119"):
        film_source(films("mp4").path, 90, 120)


def test_a_region_is_cut_out_and_scaled() -> None:
    picture = np.zeros((1, 40, 80, 3), np.uint8)
    picture[:, :20, 40:] = 200
    source = ArraySource(picture)
    assert (source.frames([0], (20, 10), (0.5, 0, 1, 0.5)) == 200).all()
    assert source.frames([0], (8, 4))[0, 1, 6, 0] == 200


@pytest.mark.parametrize("kind", SCENE_KINDS)
def test_a_drawn_scene_is_the_same_whenever_it_is_asked(kind: str) -> None:
    first = DrawnSource(3, 60, kind=kind)
    forwards = first.frames(range(0, 60, 12), (96, 54))
    again = DrawnSource(3, 60, kind=kind).frames([48, 0, 24], (96, 54))
    assert np.array_equal(again, forwards[[4, 0, 2]])
    assert not np.array_equal(forwards[0], DrawnSource(4, 60, kind=kind).frames([0], (96, 54))[0])


def test_drawn_scenes_are_of_many_sorts() -> None:
    sources = drawn_sources(len(SCENE_KINDS), 9, frame_count=40)
    assert {source.kind for source in sources} == set(SCENE_KINDS)
    light = {source.kind: float(source.frames([20], (96, 54)).mean()) for source in sources}
    assert light["dark"] < 45
    assert light["bright"] > 150
    pictures = np.stack([source.frames([0, 39], (96, 54)) for source in sources]).astype(np.float32)
    apart = np.abs(pictures[:, None, 0] - pictures[None, :, 0]).mean(axis=(2, 3, 4))
    assert apart[~np.eye(len(sources), dtype=bool)].min() > 4
    with pytest.raises(MediaError, match="no drawn scene “opera”"):
        DrawnSource(1, kind="opera")


def _check_moves_steadily(source: ShotSource) -> None:
    pictures = source.frames(range(0, 30), (96, 54)).astype(np.float32)
    steps = np.abs(np.diff(pictures, axis=0)).mean(axis=(1, 2, 3))
    assert 0 < steps.max() < 30


def test_still_pictures_are_filmed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    picture = np.asarray(cv2.resize(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8), (400, 300)), np.uint8)
    for name in ("b.png", "ä.jpg"):
        (tmp_path / name).write_bytes(cv2.imencode(Path(name).suffix, picture)[1].tobytes())
    (tmp_path / "notes.txt").write_text("none")
    sources = still_sources(tmp_path, 4, frame_count=60)
    assert [source.name for source in sources] == ["b.png", "ä.jpg"]
    for move in ("pan", "push", "handheld"):
        _check_moves_steadily(StillSource(tmp_path / "b.png", 2, 60, move=move))
    first, again = (StillSource(tmp_path / "b.png", 7, 60).frames([5, 30], (64, 36)) for _ in range(2))
    assert np.array_equal(first, again)


def test_pictures_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no picture"):
        still_sources(tmp_path, 1)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(MediaError, match=r"“broken\.png” is no picture"):
        still_sources(tmp_path, 1)[0].frames([0], (64, 36))
    with pytest.raises(MediaError, match="cannot be read"):
        still_sources(tmp_path / "missing", 1)
