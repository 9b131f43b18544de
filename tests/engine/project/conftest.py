"""A film on paper: a number of frames at a rate, with no file behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.media.film import Film, MediaInfo
from seamline.media.timebase import FrameIndex
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.locating import is_project_path
from seamline.project.types import Project, Seam


def paper_project(frames: int = 1000, *proposals: Seam, rate: Fraction = Fraction(25)) -> Project:
    """A project of a film of `frames` frames, with these proposals."""
    index = FrameIndex(np.arange(frames, dtype=np.int64), 1 / rate, rate, np.array([0]), frames)
    info = MediaInfo(
        Path("/films/paper.mov"), "mov", "h264", "yuv420p", 64, 48, Fraction(1), 0, False, rate, False, 90_000,
        "A001", None, None, 1,
    )  # fmt: skip
    return Project(Film(info, index, "fedcba9876543210")).with_proposals(proposals, frames)


@pytest.fixture
def project() -> Callable[..., Project]:
    return paper_project


@pytest.fixture
def reopened() -> Iterator[Callable[[Project, Path], ProjectFile]]:
    """`reopened(base, place)`: as the next window reads it; the one before is closed.

    A place that is a `.seamline` file is a project of the user's, any other the folder of the journals.
    """
    opened: list[ProjectFile] = []

    def close_all() -> None:
        while opened:
            opened.pop().close()

    def again(base: Project, place: Path) -> ProjectFile:
        close_all()
        opened.append(ProjectFile(base, place) if is_project_path(place) else Journal(base, place))
        return opened[-1]

    yield again
    close_all()


@pytest.fixture
def new_file(tmp_path: Path) -> Callable[[Project], Path]:
    """`new_file(base)`: a project of the user's, without a step."""

    def make(base: Project, name: str = "film.seamline") -> Path:
        journal = Journal(base, tmp_path / "own")
        journal.save_as(tmp_path / name)
        journal.close()
        return tmp_path / name

    return make
