"""Sound is read by film time, to the sample, with silence where a film has none."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from seamline.errors import Cancelled, MediaError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.sound import SOUND_RATE, SoundDecoder
from seamline.progress import CancellableProgress

STEP = 480
"""Samples of the same value: 10 ms."""


def write_film(
    path: Path,
    *,
    seconds: int = 4,
    codec: str = "pcm_s16le",
    rate: int = SOUND_RATE,
    layout: str = "stereo",
    picture_start_s: Fraction = Fraction(0),
    sound_steps: Iterable[int] | None = None,
) -> Film:
    """A film whose samples are their own time: 1 in the first 10 ms of the file, 2 in the next."""
    channels = 2 if layout == "stereo" else 1
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream(codec, rate=rate, layout=layout)
        left = deque(range(seconds * 100) if sound_steps is None else sound_steps)
        for number in range(seconds * 25):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number % 250, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number + round(picture_start_s * 25), Fraction(1, 25)
            container.mux(video.encode(frame))
            while left and left[0] < 4 * (number + 1):
                step = left.popleft()
                samples = np.full((1, channels * rate // 100), step + 1, np.int16)
                heard = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
                heard.sample_rate, heard.time_base = rate, Fraction(1, rate)
                heard.pts = step * rate // 100
                container.mux(audio.encode(heard))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return open_film(path)


def steps(first: int, last: int) -> np.ndarray:
    return np.repeat(np.arange(first, last + 1), STEP)


def read_all(decoder: SoundDecoder, piece: int = 4096) -> np.ndarray:
    parts = []
    while len(part := decoder.read(piece)):
        parts.append(part)
    return np.concatenate(parts)


def test_samples_are_stereo_16_bit_and_complete(tmp_path):
    with SoundDecoder(write_film(tmp_path / "film.mov")) as decoder:
        samples = read_all(decoder)
        assert samples.dtype == np.int16
        assert samples.shape == (4 * SOUND_RATE, 2)
        assert np.array_equal(samples[:, 0], steps(1, 400))
        assert np.array_equal(samples[:, 1], steps(1, 400))
        assert decoder.position == 4 * SOUND_RATE
        assert len(decoder.read(10)) == 0


@pytest.mark.parametrize("name", ["film.mov", "film.mkv", "film.avi"])
def test_a_seek_lands_on_the_sample(tmp_path, name):
    with SoundDecoder(write_film(tmp_path / name)) as decoder:
        for time_s in (Fraction(2), Fraction(1, 2), Fraction(7, 2), Fraction(0), Fraction(123, 100)):
            decoder.seek(time_s)
            first = int(time_s * 100) + 1
            found = decoder.read(20 * STEP)[:, 0]
            # clocks of a millisecond and of whole frames round
            assert abs(int(np.argmax(found > first)) - STEP) <= (0 if name == "film.mov" else 48)
            assert abs(int(found[-1]) - (first + 19)) <= 1


def test_time_counts_from_the_first_picture(tmp_path):
    film = write_film(tmp_path / "film.mkv", picture_start_s=Fraction(1))
    with SoundDecoder(film) as decoder:
        decoder.seek(0)
        assert abs(int(decoder.read(100)[50, 0]) - 101) <= 1
        decoder.seek(Fraction(3, 2))
        assert abs(int(decoder.read(100)[50, 0]) - 251) <= 1


def test_sound_that_starts_late_begins_with_silence(tmp_path):
    film = write_film(tmp_path / "film.mkv", sound_steps=range(150, 400))
    with SoundDecoder(film) as decoder:
        samples = read_all(decoder)[:, 0]
        assert len(samples) == 4 * SOUND_RATE
        assert not samples[: 150 * STEP].any()
        assert np.array_equal(samples[150 * STEP :], steps(151, 400))
        decoder.seek(Fraction(1))
        samples = decoder.read(100 * STEP)[:, 0]
        assert not samples[: 50 * STEP].any()
        assert np.array_equal(samples[50 * STEP :], steps(151, 200))


def test_a_hole_is_silent_and_what_follows_stays_in_its_place(tmp_path):
    film = write_film(tmp_path / "film.mkv", sound_steps=[*range(100), *range(250, 400)])
    with SoundDecoder(film) as decoder:
        samples = read_all(decoder)[:, 0]
    assert np.array_equal(samples[: 100 * STEP], steps(1, 100))
    assert not samples[100 * STEP : 250 * STEP].any()
    assert np.array_equal(samples[250 * STEP :], steps(251, 400))


def test_where_sound_ends_early_no_read_searches_the_rest_of_the_film(tmp_path):
    film = write_film(tmp_path / "film.mkv", seconds=30, sound_steps=range(100))
    with SoundDecoder(film) as decoder:
        decoder.seek(Fraction(2))
        samples = decoder.read(SOUND_RATE)
        assert len(samples) == SOUND_RATE
        assert not samples.any()
        assert not decoder._ended


@pytest.mark.parametrize(
    ("name", "heard_again_s"),
    [("film.mp4", None), ("film.mov", None), ("film.mkv", None), ("film.mp4", 54), ("film.mkv", 54)],
)
def test_long_after_sound_has_ended_the_pictures_since_are_not_passed_over(
    tmp_path: Path, name: str, heard_again_s: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [] if heard_again_s is None else range(100 * heard_again_s, 7000)
    film = write_film(
        tmp_path / name,
        seconds=70,
        codec="aac" if name == "film.mp4" else "pcm_s16le",
        sound_steps=[*range(300), *again],
    )
    passed_s: list[Fraction] = []
    of = SoundDecoder._next_packet

    def noted(decoder: SoundDecoder) -> Any:
        packet = of(decoder)
        if packet is not None and packet.pts is not None:
            passed_s.append(packet.pts * packet.time_base)
        return packet

    monkeypatch.setattr(SoundDecoder, "_next_packet", noted)
    with SoundDecoder(film) as decoder:
        decoder.seek(52)
        samples = decoder.read(4 * SOUND_RATE)[:, 0]
    assert len(samples) == 4 * SOUND_RATE
    assert not samples[: 2 * SOUND_RATE - 2048].any()
    assert samples[2 * SOUND_RATE + 2048 :].any() == bool(again)
    if again and name != "film.mp4":
        found = samples[2 * SOUND_RATE :].astype(int)
        assert np.abs(found - steps(5401, 5600)).max() <= 1
    assert sum(at_s < 35 for at_s in passed_s) < 60


def test_a_search_for_sound_can_be_broken_off_and_sought_anew(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mov", seconds=10)
    count, before_it_ends = 0, 20

    def give_up(done: int, total: int) -> None:
        nonlocal count
        count += 1
        if count > before_it_ends:
            raise Cancelled

    progress = CancellableProgress(give_up)
    with SoundDecoder(film) as decoder:
        with pytest.raises(Cancelled):
            decoder.read(8 * SOUND_RATE, progress)
        with pytest.raises(Cancelled):
            decoder.seek(5, progress)
        decoder.seek(5)
        assert np.array_equal(decoder.read(2 * STEP)[:, 0], steps(501, 502))


@pytest.mark.parametrize(("rate", "layout"), [(44_100, "stereo"), (8_000, "mono"), (96_000, "stereo")])
def test_other_rates_and_layouts_keep_their_time(tmp_path, rate, layout):
    film = write_film(tmp_path / "film.mov", rate=rate, layout=layout)
    # swresample's mono to stereo keeps the power: each side gets .707
    gain = 0.5**0.5 if layout == "mono" else 1
    with SoundDecoder(film) as decoder:
        samples = read_all(decoder)
        assert len(samples) == pytest.approx(4 * SOUND_RATE, abs=128)
        assert samples[SOUND_RATE * 2 + STEP // 2, 1] == pytest.approx(201 * gain, abs=2)
        decoder.seek(Fraction(3))
        assert decoder.read(STEP)[STEP // 2, 0] == pytest.approx(301 * gain, abs=2)


def test_compressed_sound_after_a_seek_equals_sound_read_through(tmp_path):
    film = write_film(tmp_path / "film.mp4", codec="aac")
    with SoundDecoder(film) as decoder:
        through = read_all(decoder).astype(int)
        for time_s in (Fraction(1, 3), Fraction(2), Fraction(17, 5)):
            decoder.seek(time_s)
            start = decoder.position
            assert abs(decoder.read(4800) - through[start : start + 4800]).max() <= 40


def test_damaged_packets_are_silent_and_leave_the_rest_in_its_place(tmp_path):
    film = write_film(tmp_path / "film.mp4", codec="aac", seconds=8)
    with SoundDecoder(film) as decoder:
        sound = read_all(decoder).astype(int)
    data = bytearray(film.path.read_bytes())
    with av.open(str(film.path)) as container:
        spots = [(p.pos, p.size) for p in container.demux(audio=0) if p.size]
    for pos, size in spots[100:110]:
        data[pos : pos + size] = b"\xff" * size
    (tmp_path / "damaged.mp4").write_bytes(data)
    damaged = replace(film, info=replace(film.info, path=tmp_path / "damaged.mp4"))
    with SoundDecoder(damaged) as decoder:
        found = read_all(decoder).astype(int)
        assert decoder.damaged_packets >= 5
    assert len(found) == len(sound)
    after = 115 * 1024
    assert abs(found[after:] - sound[after:]).max() <= 40


def test_sound_that_never_decodes_is_a_sentence(tmp_path):
    film = write_film(tmp_path / "film.mp4", codec="aac", seconds=8)
    data = bytearray(film.path.read_bytes())
    with av.open(str(film.path)) as container:
        spots = [(p.pos, p.size) for p in container.demux(audio=0) if p.size]
    for pos, size in spots:
        data[pos : pos + size] = b"\xff" * size
    film.path.write_bytes(data)
    with SoundDecoder(film) as decoder, pytest.raises(MediaError, match="convert it to AAC or PCM"):
        decoder.read(10 * SOUND_RATE)


def test_a_film_without_sound_is_a_sentence(tmp_path):
    film = write_film(tmp_path / "film.mov")
    with av.open(str(tmp_path / "silent.mov"), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        container.mux(video.encode(None))
    silent = replace(film, info=replace(film.info, path=tmp_path / "silent.mov"))
    with pytest.raises(MediaError, match=r"silent\.mov” has no sound"):
        SoundDecoder(silent)
