"""The pictures that an audition plays: read in order, kept while they may be played, for one thread."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.pictures import fitted_size
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline.project.match_cuts import MatchSide
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.match_films import open_by_path

LARGEST_PX = (960, 540)
MOST_BYTES = 300 << 20
"""Of all pictures: two seconds of both sides of a pair, and one of those of the next pair."""
_PIXEL_BYTES = 4
_READER_BYTES = 16 << 20
_FILMS_OPEN = 2

Pictures = dict[int, QImage]


@dataclass(frozen=True, slots=True, eq=False)
class AuditionSide:
    """One shot of a pair, and its film: `path` is where that is, where `film` is not known."""

    side: MatchSide
    path: Path
    film: Film | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AuditionWish:
    """A pair as it is cut now."""

    outgoing: AuditionSide
    incoming: AuditionSide


@dataclass(frozen=True, slots=True, eq=False)
class Auditioned:
    """The pictures of both shots about the cut, by frame number: the last second before it and the first one behind
    it; if they are `is_whole`, the handles too, as far as the shots go: of either a second beyond the cut."""

    wish: AuditionWish
    outgoing: Pictures
    incoming: Pictures
    is_whole: bool


class AuditionReading:
    """Any number of pairs, one after the other."""

    def __init__(self, cache: AnalysisCache) -> None:
        self._cache = cache
        self._readers: OrderedDict[str, tuple[Film, FrameReader]] = OrderedDict()
        self._held: dict[tuple[str, int, tuple[int, int]], QImage] = {}

    def close(self) -> None:
        """Let go of films and pictures."""
        for _, reader in self._readers.values():
            reader.close()
        self._readers.clear()
        self._held.clear()

    def read(self, wish: AuditionWish, tell: Callable[[Auditioned], None], progress: Progress) -> Auditioned:
        """The whole; `tell` is told what is played first, as soon as it is there. Raises MediaError or Cancelled."""
        played = self.read_played(wish, progress)
        tell(played)
        out, into = dict(played.outgoing), dict(played.incoming)
        for side, pictures, is_outgoing in ((wish.outgoing, out, True), (wish.incoming, into, False)):
            pictures.update(self._pictures(wish, side, is_outgoing, 1, progress))
        return Auditioned(wish, out, into, is_whole=True)

    def read_played(self, wish: AuditionWish, progress: Progress) -> Auditioned:
        """What is played, without handles. Raises MediaError or Cancelled."""
        out = self._pictures(wish, wish.outgoing, True, 0, progress)
        into = self._pictures(wish, wish.incoming, False, 0, progress)
        return Auditioned(wish, out, into, is_whole=False)

    def keep_only(self, wish: AuditionWish, ahead: AuditionWish | None) -> None:
        """Let go of all pictures but those of `wish`, and those that are played of the one `ahead`."""
        wanted: set[tuple[str, int, tuple[int, int]]] = set()
        for each, most_parts in ((wish, 2), (ahead, 1)):
            if each is None:
                continue
            sides = each.outgoing, each.incoming
            films = [film for side in sides if (film := self._film_of(side)) is not None]
            if len(films) == len(sides):
                limit = size_limit(films)
                wanted.update(
                    (film.fingerprint, frame, limit)
                    for side, film, is_outgoing in zip(sides, films, (True, False), strict=True)
                    for part in _parts(side, film, is_outgoing)[:most_parts]
                    for frame in part
                )
        self._held = {key: image for key, image in self._held.items() if key in wanted}

    @property
    def held_bytes(self) -> int:
        """What the pictures take."""
        return sum(image.sizeInBytes() for image in self._held.values())

    def _pictures(
        self, wish: AuditionWish, side: AuditionSide, is_outgoing: bool, part: int, progress: Progress
    ) -> Pictures:
        films = [self._opened(of, progress)[0] for of in (wish.outgoing, wish.incoming)]
        limit = size_limit(films)
        found: Pictures = {}
        for frame in _parts(side, films[not is_outgoing], is_outgoing)[part]:
            key = side.side.fingerprint, frame, limit
            if key not in self._held:
                progress.step(0, 1)
                picture = self._opened(side, progress)[1].read(frame, limit=limit)
                # what is drawn fastest: a cut plays at the film's rate
                self._held[key] = as_image(picture.rgb).convertToFormat(QImage.Format.Format_RGB32)
            found[frame] = self._held[key]
        return found

    def _film_of(self, side: AuditionSide) -> Film | None:
        known = self._readers.get(side.side.fingerprint)
        return side.film if known is None else known[0]

    def _opened(self, side: AuditionSide, progress: Progress) -> tuple[Film, FrameReader]:
        fingerprint = side.side.fingerprint
        if fingerprint not in self._readers:
            film = side.film or open_by_path(side.path, self._cache, progress)
            if film.fingerprint != fingerprint:
                raise MediaError(
                    f"“{side.path.name}” is another film than the one that the pair was found in: put that one back, "
                    "or find match cuts again."
                )
            self._readers[fingerprint] = film, FrameReader(film, cache_bytes=_READER_BYTES)
        self._readers.move_to_end(fingerprint)
        while len(self._readers) > _FILMS_OPEN:
            _, (_, reader) = self._readers.popitem(last=False)
            reader.close()
        return self._readers[fingerprint]


def size_limit(films: Sequence[Film]) -> tuple[int, int]:
    """How large pictures can be, at most 960x540, for three seconds of each of the films to have room."""
    sizes = [fitted_size(film.info.display_size, LARGEST_PX) for film in films]
    counts = [3 * _second(film) for film in films]
    pixels = sum(width * height * count for (width, height), count in zip(sizes, counts, strict=True))
    share = min(1.0, math.sqrt(MOST_BYTES / (_PIXEL_BYTES * pixels)))
    width, height = (max(16, int(side * share)) for side in LARGEST_PX)
    return width, height


def _second(film: Film) -> int:
    return max(1, round(film.rate))


def _parts(side: AuditionSide, film: Film, is_outgoing: bool) -> tuple[range, range]:
    """The frames that are played, and those beyond the cut that it can be slid into."""
    shot, second = side.side, _second(film)
    cut = shot.frame + 1 if is_outgoing else shot.frame
    before = range(max(shot.start_frame, cut - second), cut)
    behind = range(cut, min(shot.end_frame, cut + second))
    return (before, behind) if is_outgoing else (behind, before)
