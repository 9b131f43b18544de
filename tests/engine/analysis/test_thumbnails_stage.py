"""Small pictures outlive crashes, go on where they stopped, and can be read while they are written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.analysis.stage import Pictures
from seamline.analysis.thumbnails_stage import ThumbnailStage, ThumbnailStrip
from seamline.errors import MediaError
from seamline.media.jpeg import decode_jpeg, encode_jpeg
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf

EVERY = 5
SIZE = (32, 18)


def stage_at(path: Path, *, every_frames: int = EVERY) -> ThumbnailStage:
    return ThumbnailStage(path, size=SIZE, every_frames=every_frames)


def pictures(first: int, last: int) -> Pictures:
    """One evenly grey picture for each number up to `last`: it is its own brightness."""
    levels = np.arange(first, last, dtype=np.uint8)
    return np.broadcast_to(levels[:, None, None, None], (last - first, SIZE[1], SIZE[0], 3))


def written(path: Path, count: int) -> ThumbnailStage:
    stage = stage_at(path)
    start = stage.resume(stage.stored_frames, CancellableProgress()).first_picture // EVERY
    assert stage.feed(pictures(start, count)) == []
    assert stage.finish() == []
    return stage


def number_at(path: Path, frame: int) -> float | None:
    picture = ThumbnailStrip(path).picture_at(frame)
    return None if picture is None else float(picture.mean())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "film" / "strip.jpgs"


def test_each_frame_shows_the_picture_before_it(path: Path) -> None:
    written(path, 40)
    strip = ThumbnailStrip(path)
    for frame in (0, 1, 4, 5, 9, 10, 99, 199, 10_000):
        picture = strip.picture_at(frame)
        assert picture is not None
        assert picture.shape == (SIZE[1], SIZE[0], 3)
        assert picture.dtype == np.uint8
        expected = min(frame // EVERY, 39)
        assert picture.mean() == pytest.approx(expected, abs=1)
        assert strip.shown_frame(frame) == expected * EVERY
    assert strip.picture_at(-1) is None


def test_colours_stay_what_they_are(path: Path) -> None:
    stage = stage_at(path)
    stage.resume(0, CancellableProgress())
    stage.feed(np.full((1, SIZE[1], SIZE[0], 3), (200, 100, 20), np.uint8))
    picture = ThumbnailStrip(path).picture_at(0)
    assert picture is not None
    assert picture.reshape(-1, 3).mean(0) == pytest.approx([200, 100, 20], abs=4)


def test_a_new_run_goes_on_where_the_last_one_stopped(path: Path) -> None:
    written(path, 12)
    stage = stage_at(path)
    assert stage.stored_frames == 12 * EVERY
    resumption = stage.resume(stage.stored_frames, CancellableProgress())
    assert resumption.first_picture == resumption.first_result == 12 * EVERY
    stage.feed(pictures(12, 13))
    stage.feed(pictures(13, 20))
    assert stage.stored_frames == stage_at(path).stored_frames == 20 * EVERY
    assert [number_at(path, n * EVERY) for n in range(20)] == pytest.approx(range(20), abs=1)


def test_a_torn_tail_is_cut_off_wherever_it_tears(path: Path) -> None:
    written(path, 3)
    three = path.read_bytes()
    written(path, 4)
    whole = path.read_bytes()
    for size in [
        *range(len(three), len(three) + 20),
        *range(len(three) + 20, len(whole), 31),
        len(whole) - 1,
    ]:
        path.write_bytes(whole[:size])
        assert number_at(path, 3 * EVERY) == pytest.approx(2, abs=1)
        stage = stage_at(path)
        assert stage.resume(stage.stored_frames, CancellableProgress()).first_picture == 3 * EVERY
        assert path.read_bytes() == three
    stage.feed(pictures(3, 4))
    assert path.read_bytes() == whole


@pytest.mark.parametrize("size", [0, 1, 15])
def test_a_torn_head_begins_anew(path: Path, size: int) -> None:
    written(path, 3)
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    assert ThumbnailStrip(path).picture_at(0) is None
    written(path, 3)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_what_a_crash_left_unwritten_in_the_middle_is_found_out(path: Path, fill: bytes) -> None:
    """Disks may keep a file's length and lose its bytes."""
    written(path, 10)
    whole = path.read_bytes()
    kept = len(whole) * 2 // 3
    path.write_bytes(whole[:kept] + fill * (len(whole) - kept))
    stage = stage_at(path)
    assert 0 < stage.stored_frames < 10 * EVERY
    written(path, 10)
    assert path.read_bytes() == whole


def test_a_file_of_another_kind_is_begun_anew(path: Path) -> None:
    written(path, 10)
    other = stage_at(path, every_frames=EVERY + 1)
    assert other.stored_frames == 0
    assert other.resume(0, CancellableProgress()).first_picture == 0
    other.feed(pictures(50, 52))
    assert number_at(path, EVERY) == pytest.approx(50, abs=1)
    assert number_at(path, EVERY + 1) == pytest.approx(51, abs=1)


def test_a_reader_follows_the_writer_and_a_new_beginning(path: Path) -> None:
    strip = ThumbnailStrip(path)
    assert strip.picture_at(0) is None
    assert strip.shown_frame(0) is None
    written(path, 2)
    assert strip.shown_frame(50) == EVERY
    written(path, 9)
    assert strip.shown_frame(50) == 8 * EVERY
    path.unlink()
    assert strip.picture_at(0) is None
    stage = stage_at(path)
    stage.resume(0, CancellableProgress())
    random = np.random.default_rng(1).integers(0, 256, (3, SIZE[1], SIZE[0], 3), np.uint8)
    stage.feed(random)
    found = [strip.picture_at(2 * EVERY) for _ in range(2)]
    assert found[-1] is not None
    assert found[-1].mean() == pytest.approx(random[2].mean(), abs=6)


def test_two_programs_complete_one_file(path: Path) -> None:
    first, second = stage_at(path), stage_at(path)
    for stage in (first, second):
        stage.resume(0, CancellableProgress())
    first.feed(pictures(0, 3))
    second.feed(pictures(0, 5))
    first.feed(pictures(3, 7))
    second.feed(pictures(5, 6))
    second.feed(pictures(6, 9))
    alone = path.with_name("alone.jpgs")
    written(alone, 9)
    assert path.read_bytes() == alone.read_bytes()
    assert second.stored_frames == 9 * EVERY


def test_it_can_be_read_from_other_threads_while_it_grows(path: Path) -> None:
    stage = stage_at(path)
    stage.resume(0, CancellableProgress())
    stage.feed(pictures(0, 1))
    strip = ThumbnailStrip(path)
    ended = threading.Event()
    wrong: list[object] = []

    def read(seed: int) -> None:
        random = np.random.default_rng(seed)
        while not ended.is_set():
            frame = int(random.integers(0, 200 * EVERY))
            picture = strip.picture_at(frame)
            shown = strip.shown_frame(frame)
            if picture is None or shown is None or picture.mean() > shown / EVERY + 1:
                wrong.append((frame, shown, picture))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 200):
            stage.feed(pictures(number, number + 1))
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert strip.shown_frame(10_000) == 199 * EVERY


def test_a_file_emptied_under_its_writer_is_a_sentence(path: Path) -> None:
    stage = written(path, 5)
    path.write_bytes(b"")
    with pytest.raises(MediaError, match="was emptied while it was written: analyse the film again"):
        stage.feed(pictures(5, 6))


@pytest.mark.parametrize("spoil", [Path.mkdir, lambda path: path.parent.rmdir() or path.parent.touch()])
def test_where_nothing_can_be_written_is_a_sentence(path: Path, spoil: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    spoil(path)
    stage = stage_at(path)
    assert stage.stored_frames == 0
    with pytest.raises(MediaError, match="small pictures cannot be kept in"):
        stage.resume(0, CancellableProgress())


def test_a_full_disk_is_a_sentence_and_leaves_whole_pictures(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = written(path, 5)
    before = path.read_bytes()

    class FullDisk:
        """Takes a few bytes of what it is given."""

        def __init__(self, file):
            self._file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def write(self, data):
            return self._file.write(data[:10])

        def __getattr__(self, name):
            return getattr(self._file, name)

    true_open = Path.open
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda self, *a, **k: FullDisk(true_open(self, *a, **k)))
        with pytest.raises(MediaError, match="free some space there"):
            stage.feed(pictures(5, 6))
    assert path.read_bytes() == before


def test_the_strip_of_a_film_has_its_shape_and_half_seconds(films: FilmShelf, tmp_path: Path) -> None:
    shapes = {}
    for kind in ("mp4", "mp4_rotated", "mp4_anamorphic", "mov_uncommon_rate", "mp4_ntsc"):
        spec = ThumbnailStage.for_film(open_film(films(kind).path), tmp_path).pictures
        shapes[kind] = (spec.width, spec.height, spec.every_frames)
    assert shapes == {
        "mp4": (160, 90, 12),
        "mp4_rotated": (51, 90, 12),
        "mp4_anamorphic": (160, 90, 12),
        "mov_uncommon_rate": (64, 48, 6),
        "mp4_ntsc": (160, 90, 12),
    }


def test_jpeg_of_no_picture_is_none() -> None:
    assert decode_jpeg(b"") is None
    assert decode_jpeg(b"no picture") is None
    assert len(encode_jpeg(np.zeros((90, 160, 3), np.uint8))) < 2000
