"""The embeddings of the frames that pairs are drawn from: every frame decoded and encoded once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.embed_shots import embed_frames
from seamline.analysis.frame_vectors import FrameVectors
from seamline.errors import MediaError
from seamline.models.encoder import ImageEncoder
from seamline.progress import CancellableProgress, Part, Progress
from seamline.training.same_footage_films import PairFilm
from seamline.training.same_footage_pairs import Pair

COPY_COSINE = 0.92
"""Measured on 62 clips of 36 sources: the most alike clear frames of two sources reach .90 (two counters), those of
copies and excerpts in another codec, size or frame rate .93 and more; turned, darkened or broken ones stay below."""
_PLAIN_COSINE = 0.8
_PLAIN_LEVELS = range(0, 256, 15)

Floats = NDArray[np.float32]
FolderOf = Callable[[str], Path | None]


class PairVectors:
    """The embeddings of frames of some films, from what is kept of each film as far as it is there, else made now.

    `folder_of` gives a film's own folder in the cache by its fingerprint, None to keep nothing.
    """

    def __init__(self, films: Sequence[PairFilm], encoder: ImageEncoder, folder_of: FolderOf) -> None:
        self._films, self._encoder, self._folder_of = films, encoder, folder_of
        self._known: dict[int, FrameVectors] = {}
        self._asked: dict[int, set[int]] = {}

    def make(self, wanted: Iterable[Pair], *, progress: Progress) -> None:
        """Have the embeddings of all these pairs' frames, film by film. Progress counts frames.

        Cancelled in the middle, what was made is kept. Raises Cancelled, MediaError or ModelError.
        """
        frames: dict[int, set[int]] = {}
        for pair in wanted:
            frames.setdefault(pair.first_film, set()).add(pair.first_frame)
            frames.setdefault(pair.second_film, set()).add(pair.second_frame)
        self.make_frames(frames, progress=progress)

    def make_frames(self, frames: dict[int, set[int]], *, progress: Progress) -> None:
        """Have the embeddings of these frames, by the films' places. As `make`."""
        total, done = sum(len(some) for some in frames.values()), 0
        for number, some in sorted(frames.items()):
            part = Part(progress, done, done + len(some), total)
            part.step(0, 1)
            asked = self._asked.setdefault(number, set())
            if not some <= asked:
                asked |= some
                film = self._films[number].film
                self._known[number] = embed_frames(
                    film,
                    np.array(sorted(asked), np.int64),
                    self._encoder,
                    self._folder_of(film.fingerprint),
                    progress=part,
                )
            done += len(some)
        progress.step(total, total)

    def of(self, film: int, frame: int) -> Floats:
        """float32[dimension], of length 1; made now where it was not.

        Of a frame that cannot be decoded, that of the nearest before it which was asked for, else after it. Raises
        MediaError where there is none, or ModelError.
        """
        if frame not in self._asked.get(film, ()):
            self.make_frames({film: {frame}}, progress=CancellableProgress())
        known = self._known[film]
        if not len(known):
            raise MediaError(
                f"No picture of “{self._films[film].film.path.name}” can be decoded: leave it out."
            )
        vector: Floats = known.vectors[max(0, int(np.searchsorted(known.frames, frame, side="right")) - 1)]
        return vector

    def both(self, pairs: Iterable[Pair]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """The first frames' embeddings, the second ones', float32[N, dimension] each, and whether they are the same."""
        held = list(pairs)
        first = np.stack([self.of(pair.first_film, pair.first_frame) for pair in held])
        second = np.stack([self.of(pair.second_film, pair.second_frame) for pair in held])
        return first, second, np.array([pair.is_same for pair in held], np.bool_)

    def all_of(self, film: int) -> FrameVectors:
        """Those of a film that were asked for."""
        nothing = np.empty((0, self._encoder.spec.dimension), np.float32)
        return self._known.get(film) or FrameVectors(self._encoder.spec.key, np.empty(0, np.int64), nothing)

    def alike(self, *, cosine: float = COPY_COSINE) -> list[tuple[int, int]]:
        """Which films show the same footage, by their places, the lower first: those with a frame each that are alike
        as only copies are. Plain pictures, which any film may have, do not count."""
        width, height = self._encoder.spec.picture_size
        plain = np.stack([np.full((height, width, 3), level, np.uint8) for level in _PLAIN_LEVELS])
        blanks = self._encoder.encode(plain)
        clear = []
        for number in range(len(self._films)):
            vectors = self.all_of(number).vectors
            clear.append(vectors[(vectors @ blanks.T).max(1) < _PLAIN_COSINE])
        return [
            (one, other)
            for other in range(len(clear))
            for one in range(other)
            if len(clear[one]) and len(clear[other]) and float((clear[one] @ clear[other].T).max()) >= cosine
        ]
