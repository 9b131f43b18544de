"""Finding the film of a project: where it was, where it is as seen from the project, near it; by its content."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from seamline.media.fingerprint import fingerprint
from seamline.project.film_reference import FilmReference, FoundFilm, find_film, is_on_strange_share


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "films" / "a.mov"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"film" * 100)
    return path


@pytest.fixture
def project_path(film: Path) -> Path:
    return film.parents[1] / "cuts.seamline"


def reference(film: Path, relative: str | None = "films/a.mov") -> FilmReference:
    return FilmReference(str(film), relative, fingerprint(film), 100, Fraction(25), film.stat().st_size)


def test_where_it_was(film: Path, project_path: Path) -> None:
    assert find_film(reference(film), project_path) == FoundFilm(film)


def test_as_seen_from_the_project(film: Path, project_path: Path, tmp_path: Path) -> None:
    known = reference(film)
    (tmp_path / "work").rename(tmp_path / "copied")
    moved = tmp_path / "copied" / "films" / "a.mov"
    assert find_film(known, tmp_path / "copied" / "cuts.seamline") == FoundFilm(moved)
    above = reference(moved, "../films/a.mov")
    moved.parent.rename(tmp_path / "films")
    assert find_film(above, tmp_path / "copied" / "cuts.seamline") == FoundFilm(tmp_path / "films" / "a.mov")


@pytest.mark.parametrize("folder", [".", "renamed"])
def test_near_the_project_under_another_name(film: Path, project_path: Path, folder: str) -> None:
    known = reference(film)
    (film.parent / "same size.mov").write_bytes(b"silm" * 100)
    place = project_path.parent / folder
    place.mkdir(exist_ok=True)
    film.rename(place / "b.mp4")
    assert find_film(known, project_path) == FoundFilm(place / "b.mp4")


def test_not_two_folders_further(film: Path, project_path: Path) -> None:
    known = reference(film)
    (film.parent / "deep").mkdir()
    film.rename(film.parent / "deep" / "a.mov")
    assert find_film(known, project_path) == FoundFilm(None)


def test_another_film_in_its_place_is_told_unless_the_film_itself_is_near(
    film: Path, project_path: Path
) -> None:
    known, data = reference(film), film.read_bytes()
    for other in (b"silm" * 100, b"longer" * 100):
        film.write_bytes(other)
        assert find_film(known, project_path) == FoundFilm(film, is_changed=True)
    project_path.with_name("b.mov").write_bytes(data)
    assert find_film(known, project_path) == FoundFilm(project_path.with_name("b.mov"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on Windows")
def test_a_pipe_and_a_device_are_not_read(film: Path, project_path: Path) -> None:
    known = reference(film)
    film.unlink()
    os.mkfifo(film)
    assert find_film(known, project_path) == FoundFilm(None)
    device = FilmReference(
        "/dev/zero", "../../../../../../../dev/zero", known.fingerprint, 1, Fraction(25), 0
    )
    assert find_film(device, project_path) == FoundFilm(None)


def test_a_share_that_the_project_names_is_asked_only_if_the_project_lies_on_it() -> None:
    share = PureWindowsPath(r"\\strange\share\film.mov")
    assert is_on_strange_share(share, PureWindowsPath(r"C:\work\cuts.seamline"))
    assert is_on_strange_share(share, PureWindowsPath(r"\\own\share\cuts.seamline"))
    assert not is_on_strange_share(share, PureWindowsPath(r"\\Strange\share\cuts.seamline"))
    assert not is_on_strange_share(PureWindowsPath(r"D:\film.mov"), PureWindowsPath(r"C:\cuts.seamline"))
    assert not is_on_strange_share(PurePosixPath("/films/a.mov"), PurePosixPath("/projects/cuts.seamline"))


def test_the_name_of_a_film_on_any_system() -> None:
    for path in (r"C:\films\a.mov", "/films/a.mov", "a.mov"):
        assert FilmReference(path, None, "", 1, Fraction(25), 1).name == "a.mov"
