"""The films that tests are made with say of themselves what is true."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

if TYPE_CHECKING:
    from films import FilmShelf


def test_every_frame_of_every_kind_carries_its_number_and_comes_at_its_time(
    films: FilmShelf, film_kind: str
) -> None:
    film = films(film_kind)
    with av.open(film.path) as container:
        decoded = list(container.decode(video=0))
    upright = [
        np.rot90(frame.to_ndarray(format="rgb24").astype(np.uint8), -film.rotation_deg // 90)
        for frame in decoded
    ]
    assert [films.read_number(picture) for picture in upright] == list(range(film.frames))
    ticks = [(frame.pts or 0) * (frame.time_base or 0) for frame in decoded]
    times = [tick - ticks[0] for tick in ticks]
    # containers round times to their clock: 1/1000 s in Matroska
    assert max(abs(got - meant) for got, meant in zip(times, film.times, strict=True)) <= Fraction(1, 1000)


def test_number_survives_scaling_and_noise(films: FilmShelf) -> None:
    picture = films.draw_frame(51_966, (160, 90), 1)
    small = cv2.resize(picture, (64, 48), interpolation=cv2.INTER_AREA)
    noisy = np.clip(small + np.random.default_rng(1).normal(0, 30, small.shape), 0, 255).astype(np.uint8)
    assert films.read_number(noisy) == 51_966
    assert films.read_number(noisy[..., 0]) == 51_966


def test_mixture_of_two_frames_is_refused(films: FilmShelf) -> None:
    mixed = cv2.addWeighted(
        films.draw_frame(255, (160, 90), 0), 0.5, films.draw_frame(256, (160, 90), 0), 0.5, 0
    )
    with pytest.raises(ValueError, match="cannot be read"):
        films.read_number(np.asarray(mixed, np.uint8))


def test_long_groups_with_b_frames_and_short_ones_without(films: FilmShelf) -> None:
    def shape(kind: str) -> tuple[list[int], bool]:
        with av.open(films(kind).path) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
        reordered = any(packet.pts != packet.dts for packet in packets)
        presented = sorted(packets, key=lambda packet: packet.pts or 0)
        return [at for at, packet in enumerate(presented) if packet.is_keyframe], reordered

    assert shape("mp4") == ([0, 50], True)
    assert shape("mp4_short_gop") == (list(range(0, 100, 6)), False)


@pytest.mark.parametrize(
    ("kind", "timecode", "reel"),
    [("mov_timecode", "10:00:00:00", "A001C002"), ("mov_drop_frame", "00:00:58;00", "B003")],
)
def test_timecode_and_reel_are_in_a_track_of_their_own(
    films: FilmShelf, kind: str, timecode: str, reel: str
) -> None:
    with av.open(films(kind).path) as container:
        assert container.streams.video[0].metadata["timecode"] == timecode
        (track,) = container.streams.data
        assert track.metadata["timecode"] == timecode
        assert track.metadata["reel_name"] == reel


def test_containers_say_what_the_pictures_need(films: FilmShelf) -> None:
    with av.open(films("mp4_rotated").path) as container:
        assert next(container.decode(video=0)).rotation == -90  # FFmpeg counts anticlockwise
    with av.open(films("mp4_anamorphic").path) as container:
        assert container.streams.video[0].sample_aspect_ratio == Fraction(4, 3)
    with av.open(films("ts").path) as container:
        assert next(container.decode(video=0)).time == pytest.approx(3600, abs=2)
    with av.open(films("mxf").path) as container:
        assert container.metadata["timecode"] == "01:00:00:00"


def test_pictures_change_at_the_seams_only(films: FilmShelf) -> None:
    film = films("mp4")
    with av.open(film.path) as container:
        scenes = [
            frame.to_ndarray(format="rgb24")[60:].mean(axis=(0, 1)) for frame in container.decode(video=0)
        ]
    changes = np.abs(np.diff(scenes, axis=0)).max(axis=1)
    assert (
        [int(at) for at in np.flatnonzero(changes > 15)]
        == [out_frame for out_frame, _, _ in film.seams]
        == [24, 59]
    )


def test_gradual_seams_change_from_the_first_mixed_frame_to_the_last(films: FilmShelf) -> None:
    film = films("mp4_gradual")
    pictures = [films.draw_frame(0, (160, 90), look) for look in (0, 1)]
    with av.open(film.path) as container:
        scenes = [
            frame.to_ndarray(format="rgb24")[40:44].mean(axis=(0, 1)) for frame in container.decode(video=0)
        ]
    first, second = (picture[40:44].mean(axis=(0, 1)) for picture in pictures)
    assert np.abs(scenes[24] - first).max() < 4 < np.abs(scenes[25] - first).max()
    assert np.abs(scenes[37] - second).max() < 4 < np.abs(scenes[36] - second).max()
    assert min(float(scene.mean()) for scene in scenes[60:76]) < 15


def test_damaged_films_are_damaged(films: FilmShelf, tmp_path: Path) -> None:
    headless = films.truncated(films("mp4").path, tmp_path / "headless.mp4")
    with pytest.raises(av.error.InvalidDataError):
        av.open(headless)
    for kind in ("mp4_faststart", "mkv", "ts"):
        source = films(kind)
        short = films.truncated(source.path, tmp_path / f"short{source.path.suffix}")
        with av.open(short) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
        assert 10 < len(packets) < source.frames
    broken = films.broken(films("mp4").path, tmp_path / "broken.mp4")
    with av.open(broken) as container, pytest.raises(av.error.InvalidDataError):
        list(container.decode(video=0))


def test_sound_without_picture(films: FilmShelf, tmp_path: Path) -> None:
    with av.open(films.make_sound(tmp_path / "sound.m4a")) as container:
        assert not container.streams.video
        assert len(container.streams.audio) == 1
