"""Bundles, read by OpenTimelineIO and set beside those that it writes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from seamline.errors import Cancelled, ExchangeError
from seamline.exchange.files import TargetExistsError
from seamline.exchange.otio import write_otio
from seamline.exchange.otioz import write_otioz
from seamline.progress import CancellableProgress
from seamline.project.types import Project

FILM = bytes(range(256)) * 40_000  # 10 MB: more than one block


@pytest.fixture
def project(tmp_path: Path, make_project: Callable[..., Project], cut: Callable[..., Any]) -> Project:
    """A project whose film exists, as far as a bundle looks at it."""
    project = make_project([cut(30)], folder=tmp_path, name="Größe #1 & 2.mov")
    project.film.path.write_bytes(FILM)
    return project


def read(path: Path) -> Any:
    return otio.adapters.read_from_file(str(path))


def test_without_the_film_it_says_what_the_otio_says(tmp_path: Path, reference: Project) -> None:
    path = tmp_path / "film.otioz"
    write_otioz(reference, path)
    assert read(path).is_equivalent_to(otio.adapters.read_from_string(write_otio(reference), "otio_json"))
    with zipfile.ZipFile(path) as bundle:
        assert bundle.namelist() == ["version.txt", "content.otio"]
        assert bundle.testzip() is None


def test_with_the_film_it_is_what_opentimelineio_writes(
    tmp_path: Path, make_project: Callable[..., Project]
) -> None:
    project = make_project(folder=tmp_path, name="Reel One.mov")
    project.film.path.write_bytes(FILM)
    ours, theirs = tmp_path / "ours.otioz", tmp_path / "theirs.otioz"
    write_otioz(project, ours, with_film=True)
    timeline = otio.adapters.read_from_string(write_otio(project), "otio_json")
    otio.adapters.write_to_file(timeline, str(theirs))
    assert read(ours).is_equivalent_to(read(theirs))
    with zipfile.ZipFile(ours) as a, zipfile.ZipFile(theirs) as b:
        assert [(i.filename, i.compress_type) for i in a.infolist()] == [
            (i.filename, i.compress_type) for i in b.infolist()
        ]
        assert a.read("version.txt") == b.read("version.txt")
        assert a.read("media/Reel One.mov") == FILM


def test_opentimelineio_unpacks_it_with_the_film(tmp_path: Path, project: Project) -> None:
    path, folder = tmp_path / "film.otioz", tmp_path / "unpacked"
    write_otioz(project, path, with_film=True)
    folder.mkdir()
    timeline = otio.adapters.read_from_file(str(path), extract_to_directory=str(folder))
    for clip in timeline.find_clips():
        inside = otio.url_utils.filepath_from_url(clip.media_reference.target_url)
        assert (folder / inside).read_bytes() == FILM


def test_the_same_cut_list_gives_the_same_bytes(tmp_path: Path, project: Project) -> None:
    for name in ("a", "b"):
        write_otioz(project, tmp_path / f"{name}.otioz", with_film=True)
    assert (tmp_path / "a.otioz").read_bytes() == (tmp_path / "b.otioz").read_bytes()


def test_a_name_with_an_undecodable_byte_is_no_hindrance(
    tmp_path: Path, make_project: Callable[..., Project]
) -> None:
    path = tmp_path / "film.otioz"
    write_otioz(make_project(name="broken \udcff.mov"), path)
    assert len(list(read(path).find_clips())) == 1


def test_what_exists_is_not_overwritten_unasked_and_never_the_film(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "film.otioz"
    path.write_bytes(b"old")
    with pytest.raises(TargetExistsError):
        write_otioz(project, path)
    assert path.read_bytes() == b"old"
    write_otioz(project, path, overwrite=True)
    assert zipfile.is_zipfile(path)
    with pytest.raises(ExchangeError, match="is the film itself"):
        write_otioz(project, project.film.path, overwrite=True)


def test_a_film_that_is_gone_or_a_cancelled_copy_leaves_nothing(tmp_path: Path, project: Project) -> None:
    progress = CancellableProgress(lambda done, total: progress.cancel())
    with pytest.raises(Cancelled):
        write_otioz(project, tmp_path / "film.otioz", with_film=True, progress=progress)
    project.film.path.unlink()
    with pytest.raises(ExchangeError, match=r"cannot be put into the bundle .+ export without the film"):
        write_otioz(project, tmp_path / "film.otioz", with_film=True)
    assert list(tmp_path.iterdir()) == []


def test_progress_reaches_the_films_size(tmp_path: Path, project: Project) -> None:
    steps: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    write_otioz(replace(project, reel="B7"), tmp_path / "film.otioz", with_film=True, progress=progress)
    assert steps[-1] == (len(FILM), len(FILM))
    assert len(steps) == 3
