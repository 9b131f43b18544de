"""Clips folded out of a film: the same frames, whether copied or encoded anew."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from seamline.errors import Cancelled, ExchangeError
from seamline.exchange.clip_copy import PacketOrder
from seamline.exchange.clip_pictures import psnr_db
from seamline.exchange.files import TargetExistsError
from seamline.exchange.folding import LOWEST_DB, FoldedClip, fold_clips
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.media.sound import SOUND_RATE, SoundDecoder
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf

KEY_FRAME = 50  # where the films' second group of pictures begins


def numbers_in(film: Film, films: FilmShelf) -> list[int]:
    reader = FrameReader(film)
    numbers = [films.read_number(reader.read(frame).rgb) for frame in range(film.frame_count)]
    reader.close()
    return numbers


def assert_shows(clip: FoldedClip, film: Film, films: FilmShelf) -> Film:
    """That the clip has the film's frames by their barcodes, at the film's times."""
    folded = open_film(clip.path)
    assert numbers_in(folded, films) == list(range(clip.start_frame, clip.end_frame))
    start_s = film.index.time_of(clip.start_frame)
    for frame in range(folded.frame_count):
        wanted_s = film.index.time_of(clip.start_frame + frame) - start_s
        assert float(folded.index.time_of(frame)) == pytest.approx(float(wanted_s), abs=0.0011)
    seconds = float(film.index.time_of(clip.end_frame) - start_s)
    assert shown_s(clip.path) == pytest.approx(seconds, abs=0.0011)
    return folded


def shown_s(path: Path) -> float:
    """How long the picture of an MP4 is shown, by its edit list (ISO/IEC 14496-12, 8.6.6): the last frame, too."""
    data = path.read_bytes()
    (timescale,) = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)
    at = data.index(b"elst")
    (count,) = struct.unpack_from(">I", data, at + 8)
    entries = [struct.unpack_from(">IiI", data, at + 12 + 12 * number) for number in range(count)]
    return sum(duration for duration, media_time, _ in entries if media_time >= 0) / timescale


@pytest.mark.parametrize(
    "kind",
    [
        "mp4",
        "mp4_variable",
        "mp4_rotated",
        "mp4_anamorphic",
        "mkv_variable",
        "mov_timecode",
        "ts",
        "mxf",
        "avi",
    ],
)
def test_clips_have_exactly_their_frames_in_every_container(
    films: FilmShelf, tmp_path: Path, kind: str
) -> None:
    film = open_film(films(kind).path)
    clips = fold_clips(film, [(0, 13), (13, KEY_FRAME), (KEY_FRAME, 100)], tmp_path)
    for clip in clips:
        folded = assert_shows(clip, film, films)
        assert folded.info.display_size == film.info.display_size
        assert folded.info.rotation_deg == film.info.rotation_deg
        assert clip.psnr_db > LOWEST_DB
    intra, unknown = kind == "avi", kind == "mxf"  # MPEG-2 is not copied into .mp4
    assert [clip.is_copied for clip in clips] == [intra, intra, not unknown]
    assert [math.isinf(clip.psnr_db) for clip in clips] == [clip.is_copied for clip in clips]


def test_a_copy_has_the_films_own_pictures_bit_for_bit(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    (clip,) = fold_clips(film, [(KEY_FRAME, 100)], tmp_path)
    with Decoder(film) as decoder, Decoder(open_film(clip.path)) as copied:
        decoder.seek(KEY_FRAME)
        wanted = [picture.to_ndarray() for number, picture in decoder if number >= KEY_FRAME]
        found = [picture.to_ndarray() for _, picture in copied]
    assert len(found) == 50
    assert all(np.array_equal(*pair) for pair in zip(wanted, found, strict=True))


@pytest.mark.parametrize("kind", ["mp4_variable", "mkv_variable"])
def test_the_last_frame_of_a_copy_lasts_as_long_as_in_the_film(
    films: FilmShelf, tmp_path: Path, kind: str
) -> None:
    film = open_film(films(kind).path)
    (clip,) = fold_clips(film, [(0, KEY_FRAME)], tmp_path)
    assert clip.is_copied
    assert_shows(clip, film, films)


def test_an_open_group_of_pictures_is_never_copied(films: FilmShelf, tmp_path: Path) -> None:
    options = {"preset": "ultrafast", "crf": "14", "x264-params": "open-gop=1:scenecut=0:keyint=27:bframes=3"}
    encoding = films.encoding(keyint=27, b_frames=3, options=options)
    film = open_film(films.make_film(tmp_path / "open.mkv", encoding=encoding).path)
    keys = [int(key) for key in film.index.keyframes]
    assert len(keys) > 2  # the file calls them key frames, though pictures before them refer to them
    ranges = list(zip(keys, [*keys[1:], 100], strict=True))
    clips = fold_clips(film, ranges, tmp_path)
    assert not any(clip.is_copied for clip in clips)
    for clip in clips:
        assert_shows(clip, film, films)


class TestWhatCanBeCopied:
    """Packets in the order of decoding: a key frame, then frames that may be shown before those they follow."""

    CLOSED = PacketOrder(np.array([0, 3, 1, 2, 4, 7, 5, 6]), np.array([1, 0, 0, 0, 1, 0, 0, 0], np.bool_))
    OPEN = PacketOrder(np.array([0, 3, 1, 2, 6, 4, 5, 7]), np.array([1, 0, 0, 0, 1, 0, 0, 0], np.bool_))

    def test_whole_closed_groups(self) -> None:
        assert self.CLOSED.packets_of(0, 4, 8) == range(0, 4)
        assert self.CLOSED.packets_of(4, 8, 8) == range(4, 8)
        assert self.CLOSED.packets_of(0, 8, 8) == range(0, 8)

    def test_nothing_that_begins_or_ends_within_a_group(self) -> None:
        assert self.CLOSED.packets_of(1, 4, 8) is None
        assert self.CLOSED.packets_of(0, 3, 8) is None
        assert self.CLOSED.packets_of(4, 7, 8) is None

    def test_nothing_whose_leading_pictures_belong_to_another_range(self) -> None:
        assert self.OPEN.packets_of(6, 8, 8) is None
        assert self.OPEN.packets_of(0, 6, 8) is None
        assert self.OPEN.packets_of(0, 8, 8) == range(0, 8)

    def test_nothing_with_a_packet_that_shows_no_frame(self) -> None:
        order = PacketOrder(np.array([0, 1, -1, 2]), np.array([1, 0, 0, 1], np.bool_))
        assert order.packets_of(0, 2, 3) is None


def test_sound_is_cut_at_the_sample(films: FilmShelf, tmp_path: Path) -> None:
    """A tone whose phase differs at every frame: shifted by a frame of sound, it would not fit."""
    film = open_film(films("mp4_audio").path)
    clips = fold_clips(film, [(0, 13), (13, KEY_FRAME), (KEY_FRAME, 99)], tmp_path)
    for clip in clips:
        assert clip.has_sound
        start_s = film.index.time_of(clip.start_frame)
        seconds = film.index.time_of(clip.end_frame) - start_s
        with SoundDecoder(film) as whole, SoundDecoder(open_film(clip.path)) as part:
            whole.seek(start_s)
            wanted = whole.read(round(seconds * SOUND_RATE)).astype(float)
            found = part.read(10 * SOUND_RATE).astype(float)
        assert len(found) == pytest.approx(len(wanted), abs=1024)
        inside = slice(2048, len(wanted) - 2048)
        error = np.abs(found[: len(wanted)][inside] - wanted[inside]).mean() / np.abs(wanted[inside]).mean()
        assert error < 0.05


def test_clips_carry_their_timecode(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mov_timecode").path)
    labels = {13: "10:00:00:13", KEY_FRAME: "10:00:02:00"}
    clips = fold_clips(film, [(13, KEY_FRAME), (KEY_FRAME, 100)], tmp_path, timecode_of=labels.__getitem__)
    starts = [open_film(clip.path).info.start_frame for clip in clips]
    assert starts == [36_000 * 25 + 13, 36_000 * 25 + 50]


def test_colours_keep_their_tags_and_odd_sizes_their_size(films: FilmShelf, tmp_path: Path) -> None:
    encoding = films.encoding("mjpeg", "yuvj444p", 1, 0, {"qmin": "2", "qmax": "3"})
    film = open_film(films.make_film(tmp_path / "odd.mkv", frames=30, size=(97, 55), encoding=encoding).path)
    order = PacketOrder.of(film)
    assert order.packets_of(3, 9, 30) == range(3, 9)  # every picture stands for itself
    source = films("mp4").path
    tagged = tmp_path / "tagged.mp4"
    with av.open(str(source)) as reader, av.open(str(tagged), "w") as writer:
        stream = writer.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv422p"
        context = stream.codec_context
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = 2, 9, 9, 16
        for picture in reader.decode(video=0):
            turned = picture.reformat(format="yuv422p")
            turned.pts, turned.pict_type = picture.pts, 0
            writer.mux(stream.encode(turned))
        writer.mux(stream.encode(None))
    (clip,) = fold_clips(open_film(tagged), [(3, 20)], tmp_path)
    with av.open(str(clip.path)) as reader:
        picture = next(reader.decode(video=0))
    tags = (picture.color_range, picture.colorspace, picture.color_primaries, picture.color_trc)
    assert tags == (2, 9, 9, 16)
    assert picture.format.name in ("yuv420p", "yuvj420p")
    (clip,) = fold_clips(film, [(3, 9)], tmp_path)
    assert open_film(clip.path).info.display_size == (97, 55)


def test_frames_that_a_damaged_film_has_lost_show_the_one_before(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films.broken(films("mp4_short_gop").path, tmp_path / "broken.mp4"))
    with Decoder(film) as decoder:
        there = {number for number, _ in decoder}
    assert len(there) < 100
    clips = fold_clips(film, [(0, 30), (30, 66), (66, 100)], tmp_path)
    reader = FrameReader(film)
    for clip in clips:
        shown = FrameReader(open_film(clip.path))
        for frame in range(clip.start_frame, clip.end_frame):
            wanted, found = reader.read(frame).rgb, shown.read(frame - clip.start_frame).rgb
            assert np.abs(wanted.astype(int) - found).mean() < 5, frame
        shown.close()
    reader.close()


def test_the_films_key_frames_are_not_imposed_on_what_is_encoded_anew(
    films: FilmShelf, tmp_path: Path
) -> None:
    film = open_film(films("mxf").path)  # a key frame each half second
    (clip,) = fold_clips(film, [(61, 100)], tmp_path)
    assert open_film(clip.path).index.keyframes.tolist() == [0]


def test_no_clip_is_written_over(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    (tmp_path / "mp4-002.mp4").write_bytes(b"mine")
    with pytest.raises(TargetExistsError, match=r"mp4-002\.mp4"):
        fold_clips(film, [(0, 13), (13, 20)], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mp4-002.mp4"]
    assert (tmp_path / "mp4-002.mp4").read_bytes() == b"mine"


def test_cancelled_it_leaves_whole_clips_only(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    steps: list[int] = []

    def report(done: int, total: int) -> None:
        assert total == 70
        steps.append(done)
        if done >= 40:
            progress.cancel()

    progress = CancellableProgress(report)
    with pytest.raises(Cancelled):
        fold_clips(film, [(0, 13), (13, 70)], tmp_path, progress=progress)
    assert steps == sorted(steps)
    assert [path.name for path in tmp_path.iterdir()] == ["mp4-001.mp4"]


def test_progress_ends_at_all_frames(films: FilmShelf, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    fold_clips(open_film(films("mp4_short_gop").path), [(0, 12), (12, 20)], tmp_path, progress=progress)
    assert {total for _, total in steps} == {20}
    assert steps[-1] == (20, 20)


def test_a_clip_that_comes_out_wrong_is_not_kept(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the check is for: an encoder that gives other pictures than it was given."""
    film = open_film(films("mp4").path)
    monkeypatch.setattr("seamline.exchange.folding._CRFS", (51,))
    monkeypatch.setattr("seamline.exchange.folding.LOWEST_DB", 60.0)
    with pytest.raises(ExchangeError, match=r"cannot be encoded faithfully \(PSNR"):
        fold_clips(film, [(0, 13)], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("frames", [(5, 5), (-1, 3), (90, 101)])
def test_ranges_outside_the_film_are_refused(
    films: FilmShelf, tmp_path: Path, frames: tuple[int, int]
) -> None:
    with pytest.raises(ExchangeError, match="are no clip of a film of 100 frames"):
        fold_clips(open_film(films("mp4").path), [frames], tmp_path)


def test_psnr_is_the_usual_one() -> None:
    grey = np.full((4, 4), 100, np.uint8)
    assert psnr_db(grey, grey) == math.inf
    assert psnr_db(grey, grey + np.uint8(5)) == pytest.approx(20 * math.log10(255 / 5))
    assert psnr_db(grey, grey[:2]) == 0
