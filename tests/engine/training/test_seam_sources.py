"""Footage is gathered in a fixed order, without a frame of a seam in any shot."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from seamline.errors import Cancelled, MediaError
from seamline.exchange.csv_list import Transition
from seamline.progress import CancellableProgress
from seamline.training.filmed_photographs import filmed, photographs
from seamline.training.seam_sources import (
    EditedFilm,
    FootageFolders,
    gather,
    pictures_of,
    pieces,
    shots_between_seams,
)

if TYPE_CHECKING:
    from films import FilmShelf

NUMBERED = np.zeros((450, 27, 48, 3), np.uint8)
NUMBERED[:, 0, 0, 0], NUMBERED[:, 0, 0, 1] = np.divmod(np.arange(450), 256)


def numbers(pictures: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[int, int]:
    first, last = (int(p[0, 0, 0]) * 256 + int(p[0, 0, 1]) for p in (pictures[0], pictures[-1]))
    return first, last


def test_a_clip_is_divided_into_equal_parts() -> None:
    parts = pieces(EditedFilm("clip", NUMBERED))
    assert [numbers(part.pictures) for part in parts] == [(0, 224), (225, 449)]
    assert len(pieces(EditedFilm("short", NUMBERED[:50]))) == 1


def test_shots_lie_between_seams_and_are_long_enough() -> None:
    truth = (
        Transition(300, 310, "dissolve"),
        Transition(99, 100, "cut"),
        Transition(120, 121, "cut", 0),
        Transition(200, 210, "cut", -1),
        Transition(425, 426, "cut"),
    )
    shots = shots_between_seams(EditedFilm("film", NUMBERED, truth))
    # the shots of 21 and of 24 frames are too short; a distractor divides nothing, an ignored seam does
    assert [numbers(each.pictures) for each in shots] == [(0, 99), (121, 300), (310, 425)]


@pytest.fixture
def photograph_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    (folder / "deeper").mkdir(parents=True)
    rng = np.random.default_rng(1)
    for at, name in enumerate(("b.png", "deeper/a.png")):
        cv2.imwrite(str(folder / name), rng.integers(0, 256, (400 + at, 500, 3), np.uint8))
    shutil.copyfile(folder / "b.png", folder / "again.png")
    cv2.imwrite(str(folder / "small.png"), rng.integers(0, 256, (300, 500, 3), np.uint8))
    cv2.imwrite(str(folder / "light.png"), rng.integers(250, 256, (500, 500, 3), np.uint8))
    (folder / "broken.png").write_bytes(rng.bytes(70_000))
    (folder / "note.txt").write_text("none")
    return folder


def test_photographs_are_large_various_and_different(photograph_folder: Path) -> None:
    found = photographs(photograph_folder)
    assert [picture.shape for picture in found] == [(240, 300, 3), (240, 299, 3)]


def test_a_folder_without_photographs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no photograph of 400 pixels and more"):
        photographs(tmp_path)


def test_filmed_photographs_are_the_same_every_time() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (24, 32, 3), np.uint8)
    large = picture.repeat(10, axis=0).repeat(10, axis=1)
    shots, again = (
        filmed([large], (48, 27), frames=30, moves=6),
        filmed([large], (48, 27), frames=30, moves=6),
    )
    assert len(shots) == 6
    assert all(np.array_equal(one, other) for one, other in zip(shots, again, strict=True))
    moving = [np.abs(np.diff(shot.astype(int), axis=0)).mean() for shot in shots]
    assert max(moving) > 0.5
    assert not np.array_equal(shots[0][0], shots[1][0])


def test_gathers_in_a_fixed_order(films: FilmShelf, tmp_path: Path) -> None:
    clips, edited, truth = (tmp_path / name for name in ("clips", "films", "truth"))
    for folder in (clips, edited, truth):
        folder.mkdir()
    films.make_film(clips / "a_divided.mp4", frames=90, cuts=(40,), size=(96, 54))
    films.make_film(clips / "uncut.mp4", frames=60, cuts=(), size=(96, 54))
    films.make_film(edited / "film.mp4", frames=80, cuts=(30,), size=(96, 54))
    (truth / "a_divided.csv").write_text("out_frame,in_frame,kind\n39,40,cut\n")
    (truth / "film.csv").write_text("out_frame,in_frame,kind\n29,30,cut\n")
    footage = gather(FootageFolders((clips,), (edited,), truth, drawn=1))
    assert [(source.name, source.frame_count) for source in footage.sources] == [
        ("a_divided.mp4", 40), ("a_divided.mp4", 50),
        ("uncut.mp4", 60), ("uncut.mp4", 60),
        ("film.mp4", 30), ("film.mp4", 50), ("film.mp4", 30), ("film.mp4", 50),
        ("a drawn scene", 160),
    ]  # fmt: skip
    assert [clip.name for clip in footage.clips] == ["uncut.mp4"]
    assert footage.films[0].truth == (Transition(29, 30, "cut"),)
    with pytest.raises(MediaError, match=r"“film\.mp4” has no table film\.csv"):
        gather(FootageFolders((), (edited,), clips, drawn=0))


def test_no_footage_is_refused_and_decoding_is_cancelled(films: FilmShelf) -> None:
    with pytest.raises(MediaError, match="give clips, films or stills"):
        gather(FootageFolders(drawn=0))
    progress = CancellableProgress()
    progress.cancel()
    with pytest.raises(Cancelled):
        pictures_of(films("mp4").path, progress=progress)
