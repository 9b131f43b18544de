"""HDR pictures get the values that a usual screen needs: held against figures of the recommendations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from seamline.media.decoder import Decoder
from seamline.media.display import DisplayScaler, tone_mapped_8bit
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler
from seamline.media.reader import FrameReader
from seamline.media.tone_map import HLG, PQ, hlg_scene_light, pq_code, pq_nits, screen_nits, tone_mapped

if TYPE_CHECKING:
    from films import FilmShelf

BT709, BT2020, P3 = 1, 9, 12


def _pixel(*rgb: float, transfer: int = PQ, primaries: int = BT2020) -> list[int]:
    """What values of 0 to 1 become."""
    planes = [np.full((1, 1), round(value * 4095), np.uint16) for value in rgb]
    return [int(value) for value in tone_mapped(planes, transfer, primaries)[0, 0]]


def _pq(nits: float) -> float:
    return float(pq_code(np.array(nits)))


@pytest.mark.parametrize(
    ("code", "nits"), [(0.0, 0.0), (0.508, 100), (0.581, 203), (0.752, 1000), (0.903, 4000), (1.0, 10_000)]
)
def test_pq_is_that_of_the_standard(code: float, nits: float) -> None:
    """ITU-R BT.2408, table 1 and BT.2390, table 4 give 51, 58, 75, 90 per cent."""
    assert _pq(nits) == pytest.approx(code, abs=0.001)
    assert float(pq_nits(np.array(_pq(nits)))) == pytest.approx(nits, rel=1e-6, abs=1e-6)


def test_hlg_is_that_of_the_standard() -> None:
    """ITU-R BT.2408, table 1: 75 per cent is diffuse white, 26 per cent of the scene's peak."""
    light = hlg_scene_light(np.array([0, 0.5, 0.75, 1]))
    assert light == pytest.approx([0, 1 / 12, 0.265, 1], abs=0.001)
    assert 1000 * light[2] ** 1.2 == pytest.approx(203, abs=1)


def test_the_curve_leaves_what_is_dark_and_ends_at_white() -> None:
    dark = np.array([0, 0.01, 1, 20, 80])
    assert screen_nits(dark) == pytest.approx(dark, rel=1e-6, abs=1e-6)
    every = screen_nits(np.linspace(0, 1000, 5001))
    assert np.all(np.diff(every) > 0)
    assert every[-1] == pytest.approx(203, rel=1e-6)
    assert np.all(every <= np.linspace(0, 1000, 5001) + 1e-6)


@pytest.mark.parametrize(
    ("nits", "value"),
    # up to 92 cd/m2 this is 255 * (nits / 203) ** (1 / 2.4); 203 comes out at 159, 1000 at 203
    [(0, 0), (1, 28), (10, 73), (50, 142), (100, 190), (203, 230), (1000, 255), (10_000, 255)],
)
def test_grey_of_so_much_light_has_the_value_that_shows_it(nits: float, value: int) -> None:
    red, green, blue = _pixel(*[_pq(nits)] * 3)
    assert abs(red - value) <= 1
    assert red == green == blue


def test_paper_in_hlg_is_as_bright_as_in_pq() -> None:
    assert _pixel(0.75, 0.75, 0.75, transfer=HLG) == _pixel(*[_pq(203)] * 3)
    assert _pixel(1, 1, 1, transfer=HLG) == [255, 255, 255]
    assert _pixel(0, 0, 0, transfer=HLG) == [0, 0, 0]


def test_colours_get_the_primaries_of_the_screen() -> None:
    # pure red and green of BT.709 at 80 cd/m2, in BT.2020 (BT.2087, 2.2) and in P3
    red = [_pq(80 * share) for share in (0.6274, 0.0691, 0.0164)]
    green = [_pq(80 * share) for share in (0.3293, 0.9195, 0.0880)]
    full = 255 * (80 / 203) ** (1 / 2.4)
    assert _pixel(*red) == pytest.approx([full, 0, 0], abs=8)  # a hundredth of the light is 8 of the values
    assert _pixel(*green) == pytest.approx([0, full, 0], abs=8)
    assert _pixel(*[_pq(80 * share) for share in (0.8225, 0.0332, 0.0171)], primaries=P3) == pytest.approx(
        [full, 0, 0], abs=8
    )
    assert _pixel(_pq(80), 0, 0, primaries=BT709) == pytest.approx([full, 0, 0], abs=1)


def test_a_light_keeps_its_hue() -> None:
    # an orange of 600, 150 and 30 cd/m2 within BT.709: light shares survive the dimming
    red, green, blue = (value**2.4 for value in _pixel(*map(_pq, (600, 150, 30)), primaries=BT709))
    assert green / red == pytest.approx(0.25, rel=0.03)
    assert blue / red == pytest.approx(0.05, rel=0.06)


def _hdr_frame(luma: NDArray[np.uint16], transfer: int, pixel_format: str = "yuv420p10le") -> VideoFrame:
    """A grey frame of 10 bits, [H, W]."""
    frame = VideoFrame(luma.shape[1], luma.shape[0], pixel_format)
    for number, plane in enumerate(frame.planes):
        samples = np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, -1)
        samples[:] = 512
        if number == 0:
            samples[:, : luma.shape[1]] = luma
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 9, 1, transfer, BT2020
    return frame


def test_every_step_of_10_bits_reaches_the_curve() -> None:
    codes = np.repeat(np.arange(64, 940, dtype=np.uint16), 2)
    luma = np.tile(codes, (16, 1))
    shown = DisplayScaler(len(codes), 16).rgb(_hdr_frame(luma, PQ), rotation_deg=0)[8, ::2]
    nits = np.minimum(pq_nits((np.arange(64, 940) - 64) / 876), 1000)
    wanted = 255 * (screen_nits(nits) / 203) ** (1 / 2.4)
    assert np.abs(shown.astype(np.float64) - wanted[:, None]).max() < 2  # of which FFmpeg's scaler takes 1
    assert len(np.unique(shown[:, 0])) > 225  # of 8 bits, some 170 would be left


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_hdr_stands_as_upright_as_anything_else(rotation_deg: int) -> None:
    luma = np.full((48, 64), 64, np.uint16)
    luma[:12, :16] = 940  # stored at the top left
    size = (48, 64) if rotation_deg in (90, 270) else (64, 48)
    shown = DisplayScaler(*size).rgb(_hdr_frame(luma, HLG), rotation_deg=rotation_deg)
    usual = Scaler(*size).rgb(_hdr_frame(luma, HLG), rotation_deg=rotation_deg)
    assert shown.shape == usual.shape == (size[1], size[0], 3)
    assert np.array_equal(shown > 128, usual > 128)


def test_large_pictures_are_mapped_to_their_last_line() -> None:
    planes = [np.full((300, 1000), round(_pq(100) * 4095), np.uint16) for _ in range(3)]
    shown = tone_mapped(planes, PQ)
    assert shown.shape == (300, 1000, 3)
    assert np.unique(shown).tolist() in ([189], [190])


def test_proxies_come_close_to_the_frames_they_stand_for() -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[:, None], (4, 1, 3)).reshape(4, 256, 3)
    luma = np.tile(np.round(64 + 876 * np.arange(256) / 255).astype(np.uint16), (4, 1))
    exact = DisplayScaler(256, 4).rgb(_hdr_frame(luma, PQ), rotation_deg=0)
    assert np.abs(tone_mapped_8bit(ramp, PQ, BT2020).astype(int) - exact).max() <= 3
    assert tone_mapped_8bit(ramp, 1, BT2020) is ramp


def test_a_film_that_says_it_is_hdr_is_shown_mapped(tmp_path: Path) -> None:
    path = tmp_path / "hdr.mov"
    luma = np.full((64, 96), 64 + round(876 * _pq(100)), np.uint16)
    with av.open(path, "w") as container:
        video: Any = container.add_stream("prores_ks", rate=24)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv422p10le"
        context = video.codec_context
        context.color_primaries, context.color_trc, context.colorspace = BT2020, PQ, 9
        container.mux(video.encode(_hdr_frame(luma, PQ, "yuv422p10le")))
        container.mux(video.encode(None))
    film = open_film(path)
    shown, stored = FrameReader(film), FrameReader(film, as_stored=True)
    assert abs(int(np.median(shown.read(0).rgb)) - 190) <= 2
    assert abs(int(np.median(stored.read(0).rgb)) - 130) <= 3, "what the analysis sees is as it is stored"
    shown.close()
    stored.close()


@pytest.mark.parametrize("kind", ["mp4", "mp4_rotated", "mp4_anamorphic", "mp4_small", "mov_timecode", "avi"])
def test_all_other_films_are_shown_as_they_were_to_the_bit(films: FilmShelf, kind: str) -> None:
    film = open_film(films(kind).path)
    plain = Scaler(*film.info.display_size)
    reader = FrameReader(film)
    with Decoder(film) as decoder:
        for number, frame in decoder:
            if number % 20 == 0:
                picture = reader.read(number)
                assert np.array_equal(picture.rgb, plain.rgb(frame, rotation_deg=film.info.rotation_deg))
    reader.close()


@pytest.mark.parametrize("transfer", [1, 2, 6, 14, 15])
def test_wide_colours_without_hdr_are_left_alone(transfer: int) -> None:
    luma = np.tile(np.arange(64, 128, dtype=np.uint16) * 7, (8, 1))
    frame = _hdr_frame(luma, transfer)
    assert np.array_equal(
        DisplayScaler(64, 8).rgb(frame, rotation_deg=0), Scaler(64, 8).rgb(frame, rotation_deg=0)
    )
