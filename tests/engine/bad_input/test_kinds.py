"""Films that are whole, and unlike any other: every frame is counted once, and shows its own picture."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.cascade import Cascade, PictureSpec
from seamline.media.colour_tags import with_convertible_colours

if TYPE_CHECKING:
    from conftest import Sight
    from films import FilmShelf

_VPX = {"deadline": "realtime", "cpu-used": "8", "crf": "12", "b": "0"}
_JPEG = {"qmin": "2", "qmax": "3"}
_MPEG2 = {"b": "4000000"}
_OPEN_GOP = {"preset": "ultrafast", "crf": "14", "x264-params": "open-gop=1:scenecut=0:threads=1"}

# kind: (suffix, the parts' settings, how they are written)
KINDS: dict[str, tuple[str, list[dict[str, Any]], dict[str, Any]]] = {
    "size_h264": (".ts", [{}, {"size": (160, 90)}, {"size": (64, 48)}], {}),
    "size_h264_mkv": (".mkv", [{}, {"size": (160, 90)}], {}),
    "size_vp8": (
        ".webm",
        [{"codec": "libvpx", "options": _VPX, "size": s} for s in ((96, 54), (160, 90))],
        {},
    ),
    "size_vp9": (
        ".webm",
        [{"codec": "libvpx-vp9", "options": _VPX, "size": s} for s in ((96, 54), (160, 90))],
        {},
    ),
    "size_and_pixels_mjpeg": (
        ".avi",
        [
            {"codec": "mjpeg", "options": _JPEG, "pixel_format": "yuvj420p"},
            {"codec": "mjpeg", "options": _JPEG, "pixel_format": "yuvj444p", "size": (160, 90)},
        ],
        {},
    ),
    "pixels_h264": (".ts", [{}, {"pixel_format": "yuv444p"}, {"pixel_format": "yuv420p10le"}], {}),
    "pixels_png": (
        ".nut",
        [
            {"codec": "png", "options": {}, "pixel_format": pixel_format, "frames": 8}
            for pixel_format in ("pal8", "rgb24", "gray", "rgba", "gray16be", "ya8", "monob")
        ],
        {},
    ),
    "gray": (".mp4", [{"pixel_format": "gray"}], {}),
    "rgb": (".avi", [{"codec": "rawvideo", "options": {}, "pixel_format": "bgr24"}], {}),
    "yuva": (".mkv", [{"codec": "ffv1", "options": {}, "pixel_format": "yuva444p"}], {}),
    "pal8": (".mov", [{"codec": "png", "options": {}, "pixel_format": "pal8"}], {}),
    "33x17": (".mkv", [{"codec": "ffv1", "options": {}, "size": (33, 17)}], {}),
    "16x16": (".mp4", [{"size": (16, 16)}], {}),
    "1_a_second": (".mp4", [{"frames": 20}], {"rate": Fraction(1)}),
    "1_a_second_ts": (".ts", [{"frames": 20}], {"rate": Fraction(1)}),
    "1_an_hour": (".mkv", [{"frames": 10}], {"rate": Fraction(1, 3600)}),
    "120_a_second": (".mp4", [{"frames": 60}], {"rate": Fraction(120)}),
    "120_a_second_mkv": (".mkv", [{"frames": 60}], {"rate": Fraction(120)}),
    "one_key_frame": (".mp4", [{"frames": 90, "keyint": 100_000, "b_frames": 2}], {}),
    "one_key_frame_ts": (".ts", [{"frames": 90, "keyint": 100_000}], {}),
    "open_gop": (".ts", [{"frames": 50, "b_frames": 2, "options": _OPEN_GOP}], {}),
    "long_sound": (".mp4", [{}], {"sound_s": 4}),
    "short_sound": (".mkv", [{}], {"sound_s": 0.3}),
    "no_times_h264": (".h264", [{"b_frames": 2}], {}),
    "no_times_mpeg2": (".m2v", [{"codec": "mpeg2video", "options": _MPEG2}], {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_counted_once_and_shows_its_own_picture(
    kind: str, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    suffix, parts, how = KINDS[kind]
    made = [odd.Part(**part) for part in parts]
    frames = sum(part.frames for part in made)
    seen = look(odd.splice(tmp_path / f"{kind}{suffix}", made, draw, **how))
    assert seen.film.frame_count == frames
    assert seen.film.rate == how.get("rate", 25)
    assert seen.shown == {number: number for number in range(frames)}
    assert float(seen.film.index.duration) == pytest.approx(float(frames / seen.film.rate), abs=0.002)


def test_a_picture_held_back_when_the_size_changes_is_missing_and_said_to_be(
    odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """FFmpeg's decoder of MPEG-2 gives up the picture that it holds back when the size changes."""
    parts = [odd.Part(codec="mpeg2video", options=_MPEG2, size=size) for size in ((96, 54), (160, 90))]
    seen = look(odd.splice(tmp_path / "sizes.ts", parts, draw))
    assert seen.film.frame_count == 60
    assert seen.shown == {number: number for number in range(60) if number != 29}
    assert seen.report.damage is not None


@pytest.mark.usefixtures("seeing")
@pytest.mark.parametrize("picture", ["black", "still"])
def test_a_film_in_which_nothing_happens_has_no_seam(
    picture: str, odd: Any, films: FilmShelf, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    def drawn(number: int, size: tuple[int, int]) -> Any:
        if picture == "black":
            return np.zeros((size[1], size[0], 3), np.uint8)
        return films.draw_frame(7, size, 0)

    seen = look(odd.splice(tmp_path / f"{picture}.mp4", [odd.Part(frames=60)], drawn))
    assert (seen.film.frame_count, len(seen.shown), seen.seams) == (60, 60, ())


@pytest.mark.parametrize(
    ("size", "codec", "suffix"),
    [
        ((2, 2), "libx264", ".mp4"),
        ((1, 1), "png", ".nut"),
        ((4000, 2), "png", ".nut"),
        ((2, 4000), "png", ".nut"),
    ],
)
def test_a_picture_of_hardly_any_pixels_is_a_picture(
    size: tuple[int, int], codec: str, suffix: str, odd: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """A line of 4000 x 2 once made filmstrip pictures of 180,000 x 90."""
    pixels = {"pixel_format": "rgb24", "options": {}} if codec == "png" else {}
    part = odd.Part(frames=12, size=size, codec=codec, **pixels)

    def drawn(number: int, size: tuple[int, int]) -> Any:
        return np.full((size[1], size[0], 3), 20 * number, np.uint8)

    seen = look(odd.splice(tmp_path / f"tiny{suffix}", [part], drawn))
    assert (seen.film.frame_count, len(seen.shown)) == (12, 12)
    assert seen.film.info.display_size == size


def test_8k_is_quick(odd: Any, tmp_path: Path, look: Callable[[Path], Sight]) -> None:
    def drawn(number: int, size: tuple[int, int]) -> Any:
        return np.full((size[1], size[0], 3), 200, np.uint8)

    part = odd.Part(frames=1, size=(7680, 4320))
    seen = look(odd.splice(tmp_path / "8k.mp4", [part], drawn))
    assert seen.film.info.display_size == (7680, 4320)
    assert (seen.film.frame_count, len(seen.shown), len(seen.strip)) == (1, 1, 1)


@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_turned_film_of_odd_size(
    rotation_deg: int, films: FilmShelf, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    path = tmp_path / "turned.mp4"
    films.make_film(path, frames=30, size=(66, 38), cuts=(15,), rotation_deg=rotation_deg)
    seen = look(path)
    assert (seen.film.frame_count, seen.report.missing_frames) == (30, 0)
    assert (14, 15) in seen.seams


def test_silence_fills_what_sound_leaves_of_the_picture(
    odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    for sound_s, last_heard in ((0.4, 10), (4, 29)):
        seen = look(odd.splice(tmp_path / f"{sound_s}.mkv", [odd.Part()], draw, sound_s=sound_s))
        assert seen.loudness is not None
        assert abs(int(np.flatnonzero(seen.loudness > 0.01)[-1]) - last_heard) <= 1


def test_a_film_wholly_before_its_beginning_is_a_clear_sentence(
    odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """Its edit list leaves out every picture: no player shows one."""
    path = odd.splice(
        tmp_path / "before.mp4",
        [odd.Part()],
        draw,
        ticks=[40 * number - 2000 for number in range(30)],
        clock=Fraction(1, 1000),
        duration_ticks=40,
        container_options={"avoid_negative_ts": "disabled"},
    )
    with pytest.raises(MediaError, match="no picture that can be decoded"):
        look(path)


@pytest.mark.parametrize("matrix", ["bt2020c", "YCgCo", "ICtCp", "smpte2085", "chroma-derived-nc"])
def test_colours_that_no_scaler_converts_are_guessed(
    matrix: str, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """FFmpeg refuses to scale such pictures, which ended the whole analysis."""
    options = {
        "preset": "ultrafast",
        "crf": "14",
        "x264-params": f"colormatrix={matrix}:scenecut=0:threads=1",
    }
    seen = look(odd.splice(tmp_path / "film.mp4", [odd.Part(options=options)], draw))
    assert seen.shown == {number: number for number in range(30)}
    assert len(seen.strip) == 3
    assert (14, 15) in seen.seams


def test_every_colour_tag_that_damage_can_write_is_scaled() -> None:
    cascade = Cascade([PictureSpec(48, 27), PictureSpec(16, 9, grey=True)], rotation_deg=0)
    for tag in (*range(24), 100, 255):
        frame = av.VideoFrame(96, 54, "yuv420p")
        frame.colorspace, frame.color_range = tag, tag % 7
        assert len(cascade.scaled(with_convertible_colours(frame), 0)) == 2
