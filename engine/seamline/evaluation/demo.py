"""The demo film: a minute of drawn scenes with exact truth, made on this machine when it is first wanted."""

from __future__ import annotations

import csv
import errno
import io
import uuid
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from seamline.analysis.cache import default_cache_folder
from seamline.errors import MediaError
from seamline.evaluation.encode import Slate, encode_film
from seamline.evaluation.reel import Reel, TruthRow
from seamline.evaluation.scenes.canvas import Picture
from seamline.progress import Progress

DEMO_VERSION = 1
"""Raised with every change to what the film shows, so that no older one is taken for it."""

DEMO_SIZE = (960, 540)
DEMO_RATE = Fraction(25)
DEMO_TIMECODE = "01:00:00:00"
DEMO_REEL = "SEAMDEMO"

_REASONS = {
    errno.ENOSPC: "the disk is full. Free about 50 MB",
    errno.EDQUOT: "your disk quota is used up. Free about 50 MB",
    errno.EACCES: "writing there is not allowed. Allow it",
    errno.EPERM: "writing there is not allowed. Allow it",
    errno.EROFS: "that disk can only be read. Make it writable",
    errno.ENOTDIR: "there is a file where the folder should be. Move it away",
    errno.EEXIST: "there is a file where the folder should be. Move it away",
}


@dataclass(frozen=True, slots=True)
class DemoFilm:
    """The film, and the CSV that says where its seams are."""

    film_path: Path
    truth_path: Path


def demo_folder(cache_folder: Path | None = None) -> Path:
    """Where the demo film lies: in that cache folder, this system's own unless told otherwise."""
    return (cache_folder or default_cache_folder()) / "demo"


def make_demo_film(
    folder: Path, *, progress: Progress | None = None, size: tuple[int, int] = DEMO_SIZE
) -> DemoFilm:
    """The demo film in `folder`, made there unless it lies there already, whole and of this version.

    1500 pictures of `size` (width, height; 16:9 and even), 25 a second, H.264 with AAC sound, timecode from
    01:00:00:00, reel SEAMDEMO. `progress` counts pictures. Raises MediaError where it cannot be written and
    Cancelled; either leaves the folder as it was.
    """
    width, height = size
    name = f"seamline-demo-{DEMO_VERSION}" + ("" if size == DEMO_SIZE else f"-{width}x{height}")
    demo = DemoFilm(folder / f"{name}.mov", folder / f"{name}.csv")
    reel = Reel(width, height, rate=DEMO_RATE)
    truth = truth_csv(reel.truth)
    if _is_intact(demo, truth, reel.frame_count):
        return demo
    part = f"{uuid.uuid4().hex[:8]}.part"
    film_part, truth_part = (
        path.with_name(f".{path.name}.{part}") for path in (demo.film_path, demo.truth_path)
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(_counted(reel, progress)) as pictures:
            encode_film(
                film_part, pictures, reel.sound(), Slate(width, height, DEMO_RATE, DEMO_TIMECODE, DEMO_REEL)
            )
        truth_part.write_text(truth, encoding="utf-8", newline="")
        # the film comes last: where it is, its truth is too
        truth_part.replace(demo.truth_path)
        film_part.replace(demo.film_path)
    except (OSError, av.error.FFmpegError) as error:
        raise MediaError(_sentence(folder, error)) from error
    finally:
        for path in (film_part, truth_part):
            _remove(path)
    return demo


def truth_csv(rows: list[TruthRow]) -> str:
    """The text of a truth file: columns start_frame, end_frame, type, scored, note."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("start_frame", "end_frame", "type", "scored", "note"))
    writer.writerows((row.start_frame, row.end_frame, row.kind, row.scored, row.note) for row in rows)
    return text.getvalue()


def _counted(reel: Reel, progress: Progress | None) -> Generator[Picture]:
    if progress is not None:
        progress.step(0, reel.frame_count)  # the first picture takes a while to draw
    with closing(reel.pictures()) as pictures:
        for done, picture in enumerate(pictures, 1):
            yield picture
            if progress is not None:
                progress.step(done, reel.frame_count)


def _is_intact(demo: DemoFilm, truth: str, frame_count: int) -> bool:
    """Whether both files are there and whole. The packets are counted: the film may have been cut off."""
    try:
        if demo.truth_path.read_bytes() != truth.encode():
            return False
        with av.open(demo.film_path) as container:
            packets = sum(packet.size > 0 and not packet.is_corrupt for packet in container.demux(video=0))
    except (OSError, av.error.FFmpegError, IndexError):
        return False
    return packets == frame_count


def _sentence(folder: Path, error: OSError | av.error.FFmpegError) -> str:
    reason = _REASONS.get(error.errno or 0) or f"{error.strerror or error}. Choose another folder"
    return f"The demo film cannot be written to “{folder}”: {reason}, or open a film of your own."


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # the folder itself is what cannot be written; the first error says so
        return
