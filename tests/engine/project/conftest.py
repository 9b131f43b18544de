"""A film on paper: a number of frames at a rate, with no file behind it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.media.film import Film, MediaInfo
from seamline.media.timebase import FrameIndex
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
