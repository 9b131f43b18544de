"""Films by hand, at any rate, and the rates that editing systems know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.media.film import AudioInfo, Film, MediaInfo
from seamline.media.timebase import FrameIndex
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]

INFO = MediaInfo(
    path=Path("/films/Reel One (final).mov"),
    container="mov",
    codec="h264",
    pixel_format="yuv420p",
    width=1920,
    height=1080,
    sample_aspect=Fraction(1),
    rotation_deg=0,
    interlaced=False,
    rate=Fraction(25),
    drop_frame=False,
    start_frame=None,
    reel="A001C002",
    duration_s=65.0,
    audio=AudioInfo(codec="aac", sample_rate=48000, channels=2, track_count=1),
    bytes=123_456,
)


@dataclass(frozen=True)
class Rate:
    """A rate by its name: `drop` says which of the two countings of 29.97 and 59.94 is meant."""

    name: str
    rate: Fraction
    drop: bool = False

    @property
    def timecode(self) -> TimecodeRate:
        return TimecodeRate.of(self.rate, drop_frame=self.drop)


RATES = (
    Rate("23.976", Fraction(24000, 1001)),
    Rate("24", Fraction(24)),
    Rate("25", Fraction(25)),
    Rate("29.97df", Fraction(30000, 1001), drop=True),
    Rate("29.97ndf", Fraction(30000, 1001)),
    Rate("30", Fraction(30)),
    Rate("50", Fraction(50)),
    Rate("59.94df", Fraction(60000, 1001), drop=True),
    Rate("59.94ndf", Fraction(60000, 1001)),
    Rate("60", Fraction(60)),
)


def make_project(
    seams: Sequence[Seam] = (),
    *,
    rate: Fraction = Fraction(25),
    drop: bool = False,
    frames: int = 100,
    start: str | None = "01:00:00:00",
    name: str = "Reel One (final).mov",
    reel: str | None = "A001C002",
    folder: Path = Path("/films"),
    times_ms: Sequence[int] | None = None,
) -> Project:
    """A project of that film; with `times_ms`, frame times in ms and the end, its rate varies."""
    if times_ms is None:
        index = FrameIndex(np.arange(frames, dtype=np.int64), 1 / rate, rate, np.array([0]), frames)
    else:
        pts = np.array(times_ms[:-1], dtype=np.int64)
        index = FrameIndex(pts, Fraction(1, 1000), rate, np.array([0]), times_ms[-1])
    start_frame = None if start is None else TimecodeRate.of(rate, drop_frame=drop).parse(start)
    info = replace(INFO, path=folder / name, rate=rate, drop_frame=drop, start_frame=start_frame, reel=reel)
    film = Film(info, index, "0123456789abcdef")
    return Project(film, tuple(sorted(seams)), analysed_frames=len(index))


def cut(frame: int, confidence: float = 1.0) -> Seam:
    """A cut whose new shot begins at `frame`."""
    return Seam(frame - 1, frame, confidence=confidence)


def reference_project(rate: Rate) -> Project:
    """65 s from 00:59:58:00, over the hour and over a minute that drops numbers, with a seam of every kind.

    One cut lies on 01:00:00:00 and one on the first frame of minute 01:01, two lie a frame apart.
    """
    nominal = rate.timecode.nominal
    seams = [
        cut(2 * nominal, 0.99876),
        Seam(10 * nominal, 10 * nominal + 13, SeamKind.DISSOLVE, 0.75),
        cut(20 * nominal),
        cut(20 * nominal + 1, 0.5),
        Seam(30 * nominal, 30 * nominal + 2, SeamKind.WIPE, 0.625, Origin.USER, "u-1"),
        Seam(40 * nominal, 41 * nominal, SeamKind.FADE, 1.0),
        cut(62 * nominal),
    ]
    return make_project(seams, rate=rate.rate, drop=rate.drop, frames=65 * nominal + 3, start="00:59:58:00")


@pytest.fixture(name="make_project")
def make_project_fixture() -> MakeProject:
    return make_project


@pytest.fixture(name="cut")
def cut_fixture() -> Callable[..., Seam]:
    return cut


@pytest.fixture(params=RATES, ids=lambda rate: rate.name)
def rate(request: pytest.FixtureRequest) -> Rate:
    """Each rate in turn."""
    assert isinstance(request.param, Rate)
    return request.param


@pytest.fixture
def reference(rate: Rate) -> Project:
    """The reference film at each rate in turn."""
    return reference_project(rate)
