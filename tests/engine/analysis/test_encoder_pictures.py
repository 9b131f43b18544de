"""Pictures reach an encoder as its authors say, and as in training: squeezed whole, or the middle of a resize."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from seamline.analysis.encoder_pictures import FramePictures, prepared
from seamline.analysis.picture_source import PictureSource
from seamline.media.cascade import PictureSpec
from seamline.media.decoder import Decoder
from seamline.media.open_film import open_film
from seamline.models.encoder import EncoderSpec, Fit
from seamline.progress import CancellableProgress
from seamline.training.caption_pairs import CaptionPicture
from seamline.training.caption_pictures import pictures_of

if TYPE_CHECKING:
    from films import FilmShelf

SQUEEZED = EncoderSpec("squeezed", "s", (224, 224), 8)
BILINEAR = EncoderSpec("bilinear", "b", (224, 224), 8, Fit.BILINEAR)
CROPPED = EncoderSpec("cropped", "c", (224, 224), 8, Fit.MIDDLE)


def picture(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """Smooth shapes with fine noise over them."""
    y, x = np.mgrid[:height, :width]
    waves = [127 + 90 * np.sin(x / width * (5 + c) + y / height * 7 + c) for c in range(3)]
    noise = np.random.default_rng(seed).normal(0, 20, (height, width, 3))
    return np.clip(np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)


def as_published(rgb: NDArray[np.uint8], side: int = 224) -> NDArray[np.uint8]:
    """Resize(side, bicubic), CenterCrop(side) of torchvision on Pillow pictures, the whole of it."""
    height, width = rgb.shape[:2]
    if width <= height:
        size = side, int(side * height / width)
    else:
        size = int(side * width / height), side
    image = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC)
    left, top = round((size[0] - side) / 2.0), round((size[1] - side) / 2.0)
    return np.asarray(image.crop((left, top, left + side, top + side)))


@pytest.mark.parametrize(
    "size",
    [
        (640, 360),
        (960, 540),
        (360, 640),
        (854, 480),
        (225, 224),
        (224, 224),
        (227, 300),
        (100, 60),
        (7, 5),
        (999, 31),
        (5, 300),
        (1, 1),
    ],
)
def test_cropped_pictures_are_those_of_the_published_transform(size: tuple[int, int]) -> None:
    rgb = picture(*size)
    found, expected = prepared(rgb, CROPPED), as_published(rgb)
    assert found.shape == (224, 224, 3)
    assert found.dtype == np.uint8
    difference = np.abs(found.astype(int) - expected.astype(int))
    # where both ways are resized by nearly nothing, Pillow does the one or the other first, and rounds in between
    assert (difference > 1).mean() < 0.001
    assert difference.mean() < 0.3


@pytest.mark.parametrize("size", [(448, 672), (640, 360), (960, 540), (100, 60), (1, 1), (300, 20)])
def test_squeezed_pictures_are_means_of_what_they_cover(size: tuple[int, int]) -> None:
    rgb = picture(*size)
    found = prepared(rgb, SQUEEZED)
    assert found.shape == (224, 224, 3)
    assert np.abs(found.mean((0, 1)) - rgb.mean((0, 1))).max() < 2
    if size == (448, 672):
        expected = rgb.reshape(224, 3, 224, 2, 3).mean((1, 3))
        assert np.abs(found - expected).max() <= 1


def test_a_picture_of_the_right_size_stays_as_it_is() -> None:
    rgb = picture(224, 224)
    assert np.array_equal(prepared(rgb, SQUEEZED), rgb)
    assert np.array_equal(prepared(rgb, BILINEAR), rgb)
    assert np.array_equal(prepared(rgb, CROPPED), rgb)


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (0, 10, 3)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="need uint8"):
        prepared(np.zeros(shape, np.uint8), SQUEEZED)
    with pytest.raises(ValueError, match="need uint8"):
        prepared(np.zeros((5, 5, 3), np.float32), SQUEEZED)


@pytest.mark.parametrize("kind", ["mp4", "mp4_rotated", "mp4_anamorphic"])
def test_squeezed_frames_are_the_pictures_of_the_analysis(films: FilmShelf, kind: str) -> None:
    film = open_film(films(kind).path)
    with PictureSource(film, [PictureSpec(224, 224, every_frames=12)], 0) as source:
        batches = [batch for batch in source.batches() if batch is not None]
    expected = np.concatenate([each.pictures(PictureSpec(224, 224, every_frames=12)) for each in batches])
    pictures_of = FramePictures(film, SQUEEZED)
    with Decoder(film) as decoder:
        found = [pictures_of.of(frame) for number, frame in decoder if number % 12 == 0]
    assert np.array_equal(np.stack(found), expected)


@pytest.mark.parametrize(("kind", "size"), [("mp4", (160, 90)), ("mp4_rotated", (90, 160))])
def test_cropped_frames_are_upright(films: FilmShelf, kind: str, size: tuple[int, int]) -> None:
    film = open_film(films(kind).path)
    assert film.info.display_size == size
    pictures_of = FramePictures(film, CROPPED)
    with Decoder(film) as decoder:
        item = decoder.read()
        assert item is not None
        found = pictures_of.of(item[1])
    whole = films.draw_frame(0, size, 0)
    assert np.abs(found.astype(int) - as_published(whole).astype(int)).mean() < 12


@pytest.mark.parametrize("size", [(960, 540), (360, 640), (227, 300), (100, 60), (999, 3)])
def test_bilinear_pictures_are_those_of_pillow(size: tuple[int, int]) -> None:
    rgb = picture(*size)
    expected = Image.fromarray(rgb).resize((224, 224), Image.Resampling.BILINEAR)
    assert np.array_equal(prepared(rgb, BILINEAR), np.asarray(expected))


@pytest.mark.parametrize("kind", ["mp4", "mp4_rotated", "mp4_anamorphic"])
def test_bilinear_frames_are_the_pictures_of_the_training(
    films: FilmShelf, kind: str, tmp_path: Path
) -> None:
    film = open_film(films(kind).path)
    frames = [0, 7, 20]
    captions = [CaptionPicture(kind, film.path, film, frame) for frame in frames]
    trained_with = pictures_of(captions, tmp_path, 224, progress=CancellableProgress())
    searched = FramePictures(film, BILINEAR)
    with Decoder(film) as decoder:
        found = [searched.of(frame) for number, frame in decoder if number in frames]
    assert np.array_equal(np.stack(found), trained_with)
