"""Loudness is of each frame's own time on screen, and silence where a film has no sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.errors import Cancelled, MediaError
from seamline.media.film import Film
from seamline.media.loudness import read_loudness
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress

RATE = 48_000
FRAME = RATE // 25
Sound = NDArray[np.int16]  # [n, channels]


def write_film(
    path: Path,
    tracks: Sequence[Sequence[tuple[int, Sound]]],
    *,
    frames: int = 50,
    codec: str = "pcm_s16le",
    rate: int = RATE,
    layout: str = "stereo",
    times_ms: Sequence[int] | None = None,
    picture_start_ms: int = 0,
) -> Film:
    """A film with sound tracks, each of parts (first sample, samples)."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        streams = [container.add_stream(codec, rate=rate, layout=layout) for _ in tracks]
        for time_ms in times_ms if times_ms is not None else range(0, frames * 40, 40):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = time_ms + picture_start_ms, Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for stream, parts in zip(streams, tracks, strict=True):
            for start, samples in parts:
                for at in range(0, len(samples), 1000):
                    piece = np.ascontiguousarray(samples[at : at + 1000]).reshape(1, -1)
                    heard = av.AudioFrame.from_ndarray(piece, format="s16", layout=layout)
                    heard.sample_rate, heard.time_base, heard.pts = rate, Fraction(1, rate), start + at
                    container.mux(stream.encode(heard))
            container.mux(stream.encode(None))
    return open_film(path)


def levels(values: Sequence[int], *, each: int = FRAME, channels: int = 2) -> Sound:
    """`each` samples of every value, the sign changing from sample to sample."""
    signs = np.where(np.arange(len(values) * each) % 2, -1, 1)
    return np.repeat((np.repeat(values, each) * signs)[:, None], channels, axis=1).astype(np.int16)


def tone(seconds: int) -> Sound:
    """Sound that survives compression: 440 Hz, -12 dB."""
    wave = 8000 * np.sin(np.arange(seconds * RATE) * 2 * np.pi * 440 / RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.int16)


def measured(film: Film, *, track: int = 0, start_frame: int = 0) -> tuple[np.ndarray, np.ndarray, int]:
    """Peak and RMS in 16-bit levels, and how many packets were damaged."""
    blocks = read_loudness(film, progress=CancellableProgress(), track=track, start_frame=start_frame)
    assert blocks is not None
    peaks, means, damaged, at = [], [], 0, start_frame
    for block in blocks:
        assert block.start_frame == at
        assert block.peak.dtype == block.rms.dtype == np.float32
        assert len(block.peak) == len(block.rms) > 0
        at, damaged = block.end_frame, block.damaged_packets
        peaks.append(block.peak)
        means.append(block.rms)
    assert at == film.frame_count
    return np.concatenate(peaks) * 32768, np.concatenate(means) * 32768, damaged


RISING = [1000 + 100 * n for n in range(50)]


@pytest.mark.parametrize("name", ["film.mov", "film.mkv", "film.avi"])
def test_each_frame_has_its_own_sound(tmp_path, name):
    peak, rms, damaged = measured(write_film(tmp_path / name, [[(0, levels(RISING))]]))
    assert peak == pytest.approx(RISING, abs=0.1)
    # clocks of a millisecond let a frame have some of its neighbour's
    assert rms == pytest.approx(RISING, abs=0.1 if name == "film.mov" else 10)
    assert damaged == 0


def test_peak_and_rms_are_told_apart(tmp_path):
    sound = levels([0] * 50)
    sound[3 * FRAME + 7] = -20_000
    sine = 10_000 * np.sin(np.arange(FRAME) * 2 * np.pi * 10 / FRAME)
    sound[5 * FRAME : 6 * FRAME] = sine[:, None]
    peak, rms, _ = measured(write_film(tmp_path / "film.mov", [[(0, sound)]]))
    assert peak[3] == pytest.approx(20_000, abs=0.1)
    assert rms[3] == pytest.approx(20_000 / FRAME**0.5, rel=1e-4)
    assert rms[5] == pytest.approx(10_000 / 2**0.5, rel=1e-3)
    assert not np.delete(rms, [3, 5]).any()


def test_channels_are_not_mixed(tmp_path):
    """Left and right cancel out in a mix; here the louder one gives the peak and both the mean square."""
    sound = levels([4000] * 50)
    sound[:, 1] = -sound[:, 1]
    sound[FRAME * 10 : FRAME * 11, 1] = 0
    peak, rms, _ = measured(write_film(tmp_path / "film.mov", [[(0, sound)]]))
    assert peak == pytest.approx([4000] * 50, abs=0.1)
    assert rms[9] == pytest.approx(4000, abs=0.1)
    assert rms[10] == pytest.approx(4000 / 2**0.5, abs=0.1)


@pytest.mark.parametrize(("rate", "layout"), [(44_100, "stereo"), (8_000, "mono"), (96_000, "stereo")])
def test_other_rates_and_layouts_keep_their_level(tmp_path, rate, layout):
    sound = levels([4000] * 25 + [8000] * 25, each=rate // 25, channels=1 if layout == "mono" else 2)
    peak, rms, _ = measured(write_film(tmp_path / "film.mov", [[(0, sound)]], rate=rate, layout=layout))
    assert rms == pytest.approx([4000] * 25 + [8000] * 25, rel=1e-3)
    assert peak[0] == pytest.approx(4000, abs=0.1)


def test_all_channels_of_7_1_count(tmp_path):
    """Decoders give them in planes of their own."""
    sound = np.zeros((2 * RATE, 8), np.int16)
    sound[:, 7] = tone(2)[:, 0]
    peak, rms, damaged = measured(
        write_film(tmp_path / "film.mkv", [[(0, sound)]], codec="aac", layout="7.1")
    )
    assert peak[10:40] == pytest.approx([8000] * 30, rel=0.05)
    assert rms[10:40] == pytest.approx([8000 / 2**0.5 / 8**0.5] * 30, rel=0.05)
    assert damaged == 0


def test_frames_of_uneven_length(tmp_path):
    times_ms = [0, 20, 100, 101, 400, 1900]
    sound = levels(list(range(100, 300)), each=RATE // 100)  # 10 ms each, louder by one level
    peak, rms, _ = measured(write_film(tmp_path / "film.mkv", [[(0, sound)]], times_ms=times_ms))
    assert peak[:5] == pytest.approx([101, 109, 110, 139, 289], abs=1.1)
    expected = [np.sqrt(np.mean(np.arange(a, b) ** 2.0)) for a, b in ((100, 102), (102, 110))]
    assert rms[:2] == pytest.approx(expected, abs=1)
    assert rms[2] == pytest.approx(110, abs=1)


def test_what_is_missing_is_silent(tmp_path):
    """A track that starts late, has a hole, and ends early."""
    parts = [
        (5 * FRAME, levels([4000] * 5)),
        (20 * FRAME, levels([5000] * 5)),
        (25 * FRAME, levels([6000] * 5)),
    ]
    peak, rms, _ = measured(write_film(tmp_path / "film.mkv", [parts]))
    expected = [0] * 5 + [4000] * 5 + [0] * 10 + [5000] * 5 + [6000] * 5 + [0] * 20
    # Matroska's milliseconds: a sample or two of a neighbour
    assert [round(value, -3) for value in rms] == expected
    assert np.array_equal(peak[12:19], [0] * 7)


def test_half_a_frame_of_sound_is_half_its_energy(tmp_path):
    film = write_film(tmp_path / "film.mov", [[(0, levels([4000] * 21, each=FRAME // 2))]])
    peak, rms, _ = measured(film)
    assert peak[10] == pytest.approx(4000, abs=0.1)
    assert rms[10] == pytest.approx(4000 / 2**0.5, abs=0.1)
    assert not rms[11:].any()


def test_time_counts_from_the_first_picture(tmp_path):
    sound = [(0, levels([1000 + 100 * n for n in range(75)]))]
    film = write_film(tmp_path / "film.mkv", [sound], picture_start_ms=400)
    _, rms, _ = measured(film)
    assert rms == pytest.approx([2000 + 100 * n for n in range(50)], abs=10)


def test_the_track_that_is_asked_for(tmp_path):
    tracks = [[(0, levels([1000] * 50))], [(0, levels([7000] * 50))]]
    film = write_film(tmp_path / "film.mov", tracks)
    assert measured(film)[1] == pytest.approx([1000] * 50, abs=0.1)
    assert measured(film, track=1)[1] == pytest.approx([7000] * 50, abs=0.1)
    blocks = read_loudness(film, progress=CancellableProgress(), track=2)
    assert blocks is not None
    with pytest.raises(MediaError, match=r"no sound track 3: choose one from 1 to 2"):
        next(blocks)


@pytest.mark.parametrize(
    ("name", "codec"), [("film.mov", "pcm_s16le"), ("film.mp4", "aac"), ("film.ts", "aac")]
)
def test_going_on_gives_what_one_run_gives(tmp_path, name, codec):
    sound = tone(10) * np.linspace(0.1, 1, 10 * RATE)[:, None]
    film = write_film(tmp_path / name, [[(0, sound.astype(np.int16))]], frames=250, codec=codec)
    whole = measured(film)
    for start_frame in (1, 133, 249):
        rest = measured(film, start_frame=start_frame)
        assert rest[0] == pytest.approx(whole[0][start_frame:], abs=1)
        assert rest[1] == pytest.approx(whole[1][start_frame:], abs=1)


def test_sound_behind_the_last_picture_has_no_frame(tmp_path):
    film = write_film(tmp_path / "film.mov", [[(0, levels([1000] * 50 + [9000] * 50))]])
    assert film.frame_count == 50
    assert measured(film)[0] == pytest.approx([1000] * 50, abs=0.1)


def test_damaged_sound_is_silent_and_counted(tmp_path):
    film = write_film(tmp_path / "film.mp4", [[(0, tone(8))]], frames=200, codec="aac")
    data = bytearray(film.path.read_bytes())
    with av.open(str(film.path)) as container:
        spots = [(p.pos, p.size) for p in container.demux(audio=0) if p.size]
    for pos, size in spots[100:200]:
        data[pos : pos + size] = b"\xff" * size
    (tmp_path / "damaged.mp4").write_bytes(data)
    damaged = replace(film, info=replace(film.info, path=tmp_path / "damaged.mp4"))
    _, sound, none = measured(film)
    _, found, count = measured(damaged)
    assert none == 0
    assert count > 60  # the decoder conceals a packet or two
    silent = slice(100 * 1024 // FRAME + 3, 200 * 1024 // FRAME - 2)
    assert found[silent].max() < 100 < 5000 < sound[silent].min()
    after = 205 * 1024 // FRAME
    assert found[after:] == pytest.approx(sound[after:], abs=1)


def test_sound_that_never_decodes_is_silence(tmp_path):
    film = write_film(tmp_path / "film.mp4", [[(0, tone(2))]], codec="aac")
    data = bytearray(film.path.read_bytes())
    with av.open(str(film.path)) as container:
        spots = [(p.pos, p.size) for p in container.demux(audio=0) if p.size]
    for pos, size in spots:
        data[pos : pos + size] = b"\xff" * size
    film.path.write_bytes(data)
    peak, rms, damaged = measured(film)
    assert not peak.any()
    assert not rms.any()
    assert damaged >= len(spots) - 2


def test_a_film_without_sound_has_none(tmp_path):
    film = write_film(tmp_path / "film.mov", [])
    assert read_loudness(film, progress=CancellableProgress()) is None


def test_it_can_be_cancelled_and_reports_frames(tmp_path):
    film = write_film(tmp_path / "film.mov", [[(0, levels([4000] * 600))]], frames=600)
    reports: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: reports.append((done, total)))
    blocks = read_loudness(film, progress=progress)
    assert blocks is not None
    next(blocks)
    progress.cancel()
    with pytest.raises(Cancelled):
        list(blocks)
    list(read_loudness(film, progress=CancellableProgress(lambda *r: reports.append(r))) or [])
    assert reports[-1] == (600, 600)
