"""Any picture file serves as a query, or says in a sentence why not; a region has something around it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from seamline.analysis import query_pictures
from seamline.analysis.query_pictures import read_picture, region
from seamline.errors import MediaError


def picture(width: int = 60, height: int = 40) -> NDArray[np.uint8]:
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "bmp", "gif", "ppm"])
def test_every_usual_format_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"some picture.{suffix}"
    Image.fromarray(picture()).save(path)
    found = read_picture(path)
    assert found.shape == (40, 60, 3)
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - picture().astype(int)).mean() < 12


def test_a_turned_photograph_stands_upright(tmp_path: Path) -> None:
    image = Image.fromarray(picture())
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying, a quarter turn clockwise to be seen
    image.save(tmp_path / "phone.png", exif=exif)
    assert np.array_equal(read_picture(tmp_path / "phone.png"), np.rot90(picture(), -1))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_grey(tmp_path: Path, mode: str) -> None:
    rgba = np.dstack([picture(), np.full((40, 60), 255, np.uint8)])
    rgba[:20, :, 3] = 0
    image = Image.fromarray(rgba).convert(mode) if mode != "P" else Image.fromarray(rgba).quantize(64)
    image.save(tmp_path / "logo.png")
    found = read_picture(tmp_path / "logo.png")
    assert np.abs(found[:18].astype(int) - 128).max() <= 1
    assert found[25:].std() > 10


def test_sixteen_bits_are_brought_to_eight(tmp_path: Path) -> None:
    deep = np.tile(np.linspace(0, 65535, 60), (40, 1)).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "grey.png")
    found = read_picture(tmp_path / "grey.png")
    assert found.shape == (40, 60, 3)
    assert np.abs(found[0, :, 0] - deep[0] / 257).max() <= 1
    for name in ("colour.tif", "colour.png"):
        cv2.imwrite(str(tmp_path / name), picture()[..., ::-1].astype(np.uint16) * 257)
        assert np.abs(read_picture(tmp_path / name).astype(int) - picture()).max() <= 1


def test_floats_of_zero_to_one_are_brought_to_eight_bits(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 1, 60, dtype=np.float32), (40, 1))
    Image.fromarray(ramp).save(tmp_path / "depth.tif")
    assert np.abs(read_picture(tmp_path / "depth.tif")[0, :, 0] - ramp[0] * 255).max() <= 1


def test_of_moving_pictures_the_first_is_taken(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
    first.save(tmp_path / "two.gif", save_all=True, append_images=[second])
    assert read_picture(tmp_path / "two.gif")[4, 4].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"\xff\xd8\xff" * 99]
)
def test_what_is_no_picture_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.png"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"“notes.png” is no picture .*save it as PNG or JPEG"):
        read_picture(path)


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"cannot be opened .*choose another"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(MediaError):
        read_picture(tmp_path)


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(some)) + kind + some + struct.pack(">I", zlib.crc32(kind + some))
        for kind, some in chunks
    )
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises(MediaError, match=r"“bomb.png” .*100 megapixels"):
        read_picture(tmp_path / "bomb.png")


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_pictures, "_MOST_BYTES", 1 << 20)
    (tmp_path / "large.png").write_bytes(bytes(3 << 20))
    with pytest.raises(MediaError, match="has 3 MB: choose a picture of at most 1 MB"):
        read_picture(tmp_path / "large.png")


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "gif", "webp"])
def test_damaged_files_give_a_picture_or_a_sentence(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"whole.{suffix}"
    Image.fromarray(picture()).save(path)
    whole = path.read_bytes()
    random = np.random.default_rng(5)
    for _ in range(40):
        data = bytearray(whole)
        for at in random.integers(len(data), size=4):
            data[at] = int(random.integers(256))
        path.write_bytes(bytes(data[: random.integers(len(data) // 2, len(data) + 1)]))
        try:
            found = read_picture(path)
        except MediaError:
            continue
        assert found.dtype == np.uint8
        assert found.shape[2:] == (3,)


def test_a_region_has_a_tenth_around_it() -> None:
    whole = picture(1000, 600)
    found = region(whole, (400, 200, 600, 400))
    assert found.shape == (240, 240, 3)
    assert np.array_equal(found, whole[180:420, 380:620])


def test_small_and_narrow_regions_are_made_larger() -> None:
    whole = picture(1000, 600)
    assert region(whole, (500, 300, 503, 302)).shape == (32, 32, 3)
    height, width = region(whole, (500, 0, 520, 500)).shape[:2]
    assert 1.6 < height / width < 1.9
    height, width = region(whole, (0, 590, 1000, 600)).shape[:2]
    assert width == 1000
    assert 1.4 < width / height < 1.8


def test_a_region_at_the_edge_is_shifted_into_the_picture() -> None:
    whole = picture(1000, 600)
    assert np.array_equal(region(whole, (-50, -50, 4, 4)), whole[:32, :32])
    assert np.array_equal(region(whole, (990, 590, 2000, 2000)), whole[-32:, -32:])
    assert np.array_equal(region(whole, (0, 0, 1000, 600)), whole)
    assert region(picture(20, 10), (5, 5, 6, 6)).shape == (10, 20, 3)


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (9, 5, 5, 9), (2000, 0, 2010, 10), (-9, -9, -1, -1)])
def test_a_box_beside_the_picture_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="has no pixel"):
        region(picture(), box)
