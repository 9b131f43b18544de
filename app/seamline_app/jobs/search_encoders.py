"""Encoders that stay open between searches, and what they make of words and pictures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from seamline.analysis.encoder_pictures import RgbPicture, prepared
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.query_pictures import read_picture, region
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.models.encoder import EncoderSpec, ImageEncoder, TextEncoder
from seamline.models.encoders import EncoderChoice, installed_encoders
from seamline.progress import Progress
from seamline_app.jobs.film_vectors import FilmVectors
from seamline_app.jobs.search_terms import FOR_WORDS, FilmFrame, Part, Picture, PictureFile, Term, Words

_KEPT_VECTORS = 128
_READER_BYTES = 64 << 20

Vector = NDArray[np.float32]


def encoder_for(terms: Sequence[Term], wanted_id: str = "") -> EncoderChoice | None:
    """The best installed encoder for these terms, or the one of that id if it will do; None if there is none.

    One that makes its vectors of the classes that another one sees is for words: pictures are better compared by
    that other one itself.
    """
    has_words = any(isinstance(term.part, Words) for term in terms)
    choices = installed_encoders(with_words=has_words)
    by_itself = choices if has_words else tuple(each for each in choices if each.id not in FOR_WORDS)
    wanted = next((each for each in choices if each.id == wanted_id), None)
    return wanted or next(iter(by_itself or choices), None)


class OpenEncoders:
    """For one thread. `kept` gives what is kept of a frame of a film that is not open; `tell_picture` is told of each
    picture that had to be read."""

    def __init__(
        self,
        kept: Callable[[FilmFrame, EncoderSpec], FrameVectors],
        tell_picture: Callable[[Part, RgbPicture], None],
    ) -> None:
        self._kept = kept
        self._tell_picture = tell_picture
        self._images: dict[str, ImageEncoder] = {}
        self._texts: dict[str, TextEncoder] = {}
        self._vectors: OrderedDict[tuple[Hashable, str], Vector] = OrderedDict()

    def vector(
        self, part: Part, choice: EncoderChoice, film: FilmVectors | None, progress: Progress
    ) -> Vector:
        """float32[D] of length 1. Raises SeamlineError in a sentence, and Cancelled."""
        key = part.key, choice.spec().key
        if key not in self._vectors:
            self._vectors[key] = self._made(part, choice, film, progress)
            while len(self._vectors) > _KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return self._vectors[key]

    def _made(
        self, part: Part, choice: EncoderChoice, film: FilmVectors | None, progress: Progress
    ) -> Vector:
        if isinstance(part, Words):
            words: Vector = self._text(choice).encode_texts([part.text], progress=progress)[0]
            return words
        if isinstance(part, FilmFrame):
            known = self._known(part, choice, film)
            if known is not None:
                return known
        rgb = _picture(part, film, progress)
        self._tell_picture(part, rgb)
        encoder = self._image(choice)
        pictures = prepared(rgb, encoder.spec)[np.newaxis]
        vector: Vector = encoder.encode(pictures, progress=progress)[0]
        return vector

    def _known(self, part: FilmFrame, choice: EncoderChoice, film: FilmVectors | None) -> Vector | None:
        """The frame's vector, if it was made for its film already."""
        if part.region is not None:
            return None
        if film is not None and film.film.fingerprint == part.fingerprint:
            vectors = film.of(choice.spec()).within(part.frame, part.frame + 1)
        else:
            vectors = self._kept(part, choice.spec())
        if not len(vectors):
            return None
        vector: Vector = vectors.vectors[0]
        return vector

    def _image(self, choice: EncoderChoice) -> ImageEncoder:
        if choice.id not in self._images:
            self._images[choice.id] = choice.open_image(None)
        return self._images[choice.id]

    def _text(self, choice: EncoderChoice) -> TextEncoder:
        if choice.open_text is None:
            raise ModelError(f"{choice.name} knows no words: choose another network, or search by a picture.")
        if choice.id not in self._texts:
            self._texts[choice.id] = choice.open_text()
        return self._texts[choice.id]


def _picture(part: Part, film: FilmVectors | None, progress: Progress) -> RgbPicture:
    """uint8[height, width, 3], upright, in square pixels."""
    if isinstance(part, PictureFile):
        return read_picture(part.path)
    if isinstance(part, Picture):
        return rgb_of(part.image)
    assert isinstance(part, FilmFrame)
    is_open = film is not None and film.film.fingerprint == part.fingerprint
    opened = film.film if film is not None and is_open else open_film(part.path, progress=progress)
    rgb = _frame(opened, part.frame)
    if part.region is None:
        return rgb
    height, width = rgb.shape[:2]
    left, top, wide, high = part.region
    box = (
        int(np.floor(left * width)),
        int(np.floor(top * height)),
        int(np.ceil((left + wide) * width)),
        int(np.ceil((top + high) * height)),
    )
    return region(rgb, box)


def _frame(film: Film, frame: int) -> RgbPicture:
    """As the analysis sees it."""
    reader = FrameReader(film, cache_bytes=_READER_BYTES, as_stored=True)
    try:
        return reader.read(frame).rgb
    finally:
        reader.close()


def rgb_of(image: QImage) -> RgbPicture:
    """uint8[height, width, 3] of any picture of Qt's; what is transparent over mid grey, as of files."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    width, height = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    rgba = rows[:, : 4 * width].reshape(height, width, 4).astype(np.float32)
    alpha = rgba[..., 3:] / 255
    return np.asarray(rgba[..., :3] * alpha + 128 * (1 - alpha) + 0.5, np.uint8)
