"""Stills of generated films whose frames carry their numbers: each file shows the frame that its name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.errors import Cancelled, ExchangeError, MediaError
from seamline.exchange.stills import StillFormat, Which, still_paths, write_stills
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.progress import CancellableProgress
from seamline.project.types import Project, Seam, SeamKind

if TYPE_CHECKING:
    from films import FilmShelf


def project_of(films: FilmShelf, kind: str = "mp4") -> Project:
    spec = films(kind)
    seams = tuple(Seam(out, into, SeamKind(name)) for out, into, name in spec.seams)
    return Project(open_film(spec.path), seams, analysed_frames=spec.frames)


def picture_at(path: Path) -> NDArray[np.uint8]:
    """uint8[H, W, 3] in BGR, as OpenCV reads it."""
    picture = cv2.imread(str(path))
    assert picture is not None
    return np.asarray(picture, np.uint8)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("which", "frames"),
    [
        ("first", [0, 37, 76]),
        ("middle", [12, 48, 87]),
        ("last", [24, 59, 99]),
        ("all three", [0, 12, 24, 37, 48, 59, 76, 87, 99]),
    ],
)
@pytest.mark.parametrize(("format", "suffix"), [("png", ".png"), ("jpeg", ".jpg")])
def test_each_still_shows_the_frame_of_its_name(
    films: FilmShelf, tmp_path: Path, which: Which, frames: list[int], format: StillFormat, suffix: str
) -> None:
    """The dissolve reaches from 24 to 37, the fade from 59 to 76: none of their frames is taken."""
    paths = write_stills(project_of(films, "mp4_gradual"), tmp_path, which=which, format=format)
    assert paths == sorted(paths)
    assert names_in(tmp_path) == [path.name for path in paths]
    shots = [at // (3 if which == "all three" else 1) + 1 for at in range(len(frames))]
    assert [path.name for path in paths] == [
        f"mp4_gradual_shot{shot:04d}_{frame:08d}{suffix}" for shot, frame in zip(shots, frames, strict=True)
    ]
    pictures = [picture_at(path) for path in paths]
    assert [films.read_number(picture) for picture in pictures] == frames
    assert {picture.shape for picture in pictures} == {(90, 160, 3)}


@pytest.mark.parametrize(
    ("kind", "size"),
    [("mp4_rotated", (90, 160)), ("mp4_anamorphic", (160, 90)), ("mp4_variable", (160, 90))],
)
def test_stills_stand_upright_in_square_pixels(
    films: FilmShelf, tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    pictures = [picture_at(path) for path in write_stills(project_of(films, kind), tmp_path)]
    assert {picture.shape[1::-1] for picture in pictures} == {size}
    assert [films.read_number(picture) for picture in pictures] == [12, 42, 79]


def test_a_png_is_red_where_the_film_is(films: FilmShelf, tmp_path: Path) -> None:
    """Red, green and blue in their order: the colour beneath the barcode is the one that was drawn."""
    (path, *_) = write_stills(project_of(films), tmp_path, which="first")
    drawn = films.draw_frame(0, (160, 90), 0)[60, 150]
    found = picture_at(path)[60, 150, ::-1]
    assert abs(found.astype(int) - drawn).max() < 12


def test_a_shot_of_one_frame_is_one_still(films: FilmShelf, tmp_path: Path) -> None:
    paths = write_stills(project_of(films, "mp4_one_frame"), tmp_path, which="all three")
    assert [path.name for path in paths] == ["mp4_one_frame_shot0001_00000000.png"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Größe & <b> é.mov", "Groesse_b_e"),
        ("../..\\C:evil*?|.mov", "C_evil"),
        ("影片.mov", "film"),
        ("-rf.mov", "rf"),
        ("a\nb\udcff.mov", "a_b"),
        ("x" * 300 + ".mov", "x" * 80),
    ],
)
def test_names_are_safe_on_every_file_system(
    make_project: Callable[..., Project], tmp_path: Path, name: str, stem: str
) -> None:
    (path,) = still_paths(make_project(name=name), tmp_path)
    assert path == tmp_path / f"{stem}_shot0001_00000049.png"


def test_more_than_9999_shots_still_sort_by_name(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    paths = list(
        still_paths(make_project([Seam(n - 1, n) for n in range(1, 10_000)], frames=10_000), tmp_path)
    )
    assert paths == sorted(paths)
    assert paths[0].name.endswith("_shot00001_00000000.png")


def test_nothing_is_written_over_unless_allowed(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films)
    taken = tmp_path / "mp4_shot0002_00000042.png"
    taken.write_text("mine")
    with pytest.raises(ExchangeError, match=r"mp4_shot0002_00000042.png” exists already"):
        write_stills(project, tmp_path)
    assert names_in(tmp_path) == [taken.name]
    assert taken.read_text() == "mine"
    assert len(write_stills(project, tmp_path, overwrite=True)) == 3
    assert films.read_number(picture_at(taken)) == 42
    assert len(names_in(tmp_path)) == 3


def test_a_name_taken_meanwhile_is_left_and_the_others_are_taken_back(
    films: FilmShelf, tmp_path: Path
) -> None:
    taken = tmp_path / "mp4_shot0003_00000079.png"

    def report(done: int, total: int) -> None:
        if done == total:
            taken.write_text("mine")

    with pytest.raises(ExchangeError, match="exists already"):
        write_stills(project_of(films), tmp_path, progress=CancellableProgress(report))
    assert names_in(tmp_path) == [taken.name]
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_cancelled_there_is_no_still_and_no_new_folder(films: FilmShelf, tmp_path: Path, at: int) -> None:
    seen: list[int] = []

    def report(done: int, total: int) -> None:
        assert total == 3
        seen.append(done)
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_stills(project_of(films), tmp_path / "new", progress=CancellableProgress(report))
    assert seen == list(range(at + 1))
    assert names_in(tmp_path) == []


def test_a_full_disk_leaves_nothing(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(ExchangeError, match=r"was not written \(No space left on device\): make room"):
        write_stills(project_of(films), tmp_path)
    assert names_in(tmp_path) == []


def test_a_film_that_breaks_off_leaves_nothing(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise MediaError("The film cannot be read any more: copy it again.")

    monkeypatch.setattr(FrameReader, "read", fail)
    with pytest.raises(MediaError, match="copy it again"):
        write_stills(project_of(films), tmp_path)
    assert names_in(tmp_path) == []


def test_impossible_places_and_wishes_are_refused(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExchangeError, match="file” is a file: choose a folder"):
        write_stills(project, tmp_path / "file")
    with pytest.raises(ExchangeError, match="there is no folder"):
        write_stills(project, tmp_path / "no" / "stills")
    with pytest.raises(ExchangeError, match="choose middle, first, last, all three, and png or jpeg"):
        write_stills(project, tmp_path, format="bmp")  # type: ignore[arg-type]
    assert names_in(tmp_path) == ["file"]


def test_the_film_stays_as_it_was(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films)
    before = project.film.path.read_bytes()
    write_stills(project, tmp_path)
    assert project.film.path.read_bytes() == before
