"""The pictures and the sound that an audition plays: read in order, kept while they may be played, for one thread."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.errors import MediaError, SeamlineError
from seamline.media.film import Film
from seamline.media.pictures import fitted_size
from seamline.media.reader import FrameReader
from seamline.media.sound import SoundDecoder
from seamline.progress import Progress
from seamline.project.match_cuts import MatchSide
from seamline.project.match_playing import handle, played
from seamline_app.jobs.audition_sounds import HELD_S, NEEDED_S, HeldSound, no_sound, read_sound
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.match_films import open_by_path

LARGEST_PX = (960, 540)
MOST_BYTES = 300 << 20
"""Of all pictures: two seconds of both sides of a pair, and one of those of the next pair."""
_PIXEL_BYTES = 4
_READER_BYTES = 16 << 20
_FILMS_OPEN = 2

Pictures = dict[int, QImage]
Sounds = tuple[HeldSound | None, HeldSound | None]
"""Of A and of B; None where the film has no sound."""
_Heard = tuple[str, int, int, bool]


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
    it; if they are `is_whole`, the handles too, as far as the shots go: of either a second beyond the cut. And the
    sound of both, None while it is not read yet."""

    wish: AuditionWish
    outgoing: Pictures
    incoming: Pictures
    sounds: Sounds | None
    is_whole: bool


class AuditionReading:
    """Any number of pairs, one after the other."""

    def __init__(self, cache: AnalysisCache) -> None:
        self._cache = cache
        self._readers: OrderedDict[str, tuple[Film, FrameReader]] = OrderedDict()
        self._decoders: dict[str, SoundDecoder] = {}  # of films that are open
        self._held: dict[tuple[str, int, tuple[int, int]], QImage] = {}
        self._sounds: dict[_Heard, HeldSound] = {}

    def close(self) -> None:
        """Let go of films, pictures and sound."""
        for fingerprint in list(self._readers):
            self._let_go(fingerprint)
        self._held.clear()
        self._sounds.clear()

    def read(self, wish: AuditionWish, tell: Callable[[Auditioned], None], progress: Progress) -> Auditioned:
        """The whole; `tell` is told what is played first, as soon as it is there: the pictures wait for no sound that
        has to be read. Raises MediaError or Cancelled."""
        out, into = self._both_pictures(wish, 0, progress)
        sounds = self._held_sounds(wish, progress)
        tell(Auditioned(wish, out, into, sounds, is_whole=False))
        if sounds is None:
            sounds = self._both_sounds(wish, 0, 0, progress)
            tell(Auditioned(wish, out, into, sounds, is_whole=False))
        handles = self._both_pictures(wish, 1, progress)
        sounds = self._both_sounds(wish, NEEDED_S, HELD_S, progress)
        return Auditioned(wish, out | handles[0], into | handles[1], sounds, is_whole=True)

    def read_ahead(self, wish: AuditionWish, progress: Progress) -> None:
        """What is played of a pair that may come next; sound that is held for the one that plays is left as it is.
        Raises MediaError or Cancelled."""
        self._both_pictures(wish, 0, progress)
        for side, is_outgoing in _sides(wish):
            if _heard(side, is_outgoing) not in self._sounds:
                self._sound(side, is_outgoing, 0, 0, progress)

    def keep_only(self, wish: AuditionWish, ahead: AuditionWish | None) -> None:
        """Let go of all pictures but those of `wish`, and those that are played of the one `ahead`; of all sound but
        that of the two."""
        heard: set[_Heard] = set()
        wanted: set[tuple[str, int, tuple[int, int]]] = set()
        for each, most_parts in ((wish, 2), (ahead, 1)):
            if each is None:
                continue
            heard.update(_heard(side, is_outgoing) for side, is_outgoing in _sides(each))
            known = [(side, film) for side, _ in _sides(each) if (film := self._film_of(side)) is not None]
            if len(known) == len(_sides(each)):
                limit = size_limit([(film, side.side) for side, film in known])
                wanted.update(
                    (film.fingerprint, frame, limit)
                    for (side, film), is_outgoing in zip(known, (True, False), strict=True)
                    for part in _parts(side, film, is_outgoing)[:most_parts]
                    for frame in part
                )
        self._held = {key: image for key, image in self._held.items() if key in wanted}
        self._sounds = {key: sound for key, sound in self._sounds.items() if key in heard}

    @property
    def held_bytes(self) -> int:
        """What the pictures take, and the sound."""
        pictures = sum(image.sizeInBytes() for image in self._held.values())
        return pictures + sum(sound.samples.nbytes for sound in self._sounds.values())

    def _both_pictures(self, wish: AuditionWish, part: int, progress: Progress) -> tuple[Pictures, Pictures]:
        out, into = (
            self._pictures(wish, side, is_outgoing, part, progress) for side, is_outgoing in _sides(wish)
        )
        return out, into

    def _pictures(
        self, wish: AuditionWish, side: AuditionSide, is_outgoing: bool, part: int, progress: Progress
    ) -> Pictures:
        shots = [(self._opened(of, progress)[0], of.side) for of, _ in _sides(wish)]
        limit = size_limit(shots)
        found: Pictures = {}
        for frame in _parts(side, shots[not is_outgoing][0], is_outgoing)[part]:
            key = side.side.fingerprint, frame, limit
            if key not in self._held:
                progress.step(0, 1)
                picture = self._opened(side, progress)[1].read(frame, limit=limit)
                # what is drawn fastest: a cut plays at the film's rate
                self._held[key] = as_image(picture.rgb).convertToFormat(QImage.Format.Format_RGB32)
            found[frame] = self._held[key]
        return found

    def _held_sounds(self, wish: AuditionWish, progress: Progress) -> Sounds | None:
        """What plays, if nothing of it has to be read."""
        found: list[HeldSound | None] = []
        for side, is_outgoing in _sides(wish):
            film = self._opened(side, progress)[0]
            held = self._sounds.get(_heard(side, is_outgoing))
            if film.info.audio is None:
                found.append(None)
            elif held is not None and held.covers(side.side, film, 0, is_outgoing=is_outgoing):
                found.append(held)
            else:
                return None
        out, into = found
        return out, into

    def _both_sounds(self, wish: AuditionWish, needed_s: int, read_s: int, progress: Progress) -> Sounds:
        """What plays, and `needed_s` about the cut at least; what is read for that reaches `read_s` about it."""
        out, into = (
            self._sound(side, is_outgoing, needed_s, read_s, progress) for side, is_outgoing in _sides(wish)
        )
        return out, into

    def _sound(
        self, side: AuditionSide, is_outgoing: bool, needed_s: int, read_s: int, progress: Progress
    ) -> HeldSound | None:
        """Raises MediaError where the film cannot be opened, and for its sound alone nothing."""
        progress.step(0, 1)
        film, fingerprint = self._opened(side, progress)[0], side.side.fingerprint
        if film.info.audio is None:
            return None
        key = _heard(side, is_outgoing)
        held = self._sounds.get(key)
        if held is None or not held.covers(side.side, film, needed_s, is_outgoing=is_outgoing):
            try:
                decoder = self._decoders.get(fingerprint) or SoundDecoder(film)
            except SeamlineError as error:
                held = no_sound(error)
            else:
                self._decoders[fingerprint] = decoder
                held = read_sound(side.side, film, decoder, read_s, progress, is_outgoing=is_outgoing)
            self._sounds[key] = held
        return held

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
            self._let_go(next(iter(self._readers)))
        return self._readers[fingerprint]

    def _let_go(self, fingerprint: str) -> None:
        self._readers.pop(fingerprint)[1].close()
        decoder = self._decoders.pop(fingerprint, None)
        if decoder is not None:
            decoder.close()


def size_limit(shots: Sequence[tuple[Film, MatchSide]]) -> tuple[int, int]:
    """How large pictures can be, at most 960x540, for three seconds of each of the shots to have room."""
    sizes = [fitted_size(film.info.display_size, LARGEST_PX) for film, _ in shots]
    counts = [3 * _second(film, side) for film, side in shots]
    pixels = sum(width * height * count for (width, height), count in zip(sizes, counts, strict=True))
    share = min(1.0, math.sqrt(MOST_BYTES / (_PIXEL_BYTES * pixels)))
    width, height = (max(16, int(side * share)) for side in LARGEST_PX)
    return width, height


def _second(film: Film, side: MatchSide) -> int:
    """How many frames a second of the shot may have: what another one has is not played with it."""
    most = film.index.most_in_a_second(side.start_frame, side.end_frame)
    return most + 1 if film.index.is_variable else most


def _sides(wish: AuditionWish) -> tuple[tuple[AuditionSide, bool], tuple[AuditionSide, bool]]:
    """Both, and whether it is the outgoing one."""
    return (wish.outgoing, True), (wish.incoming, False)


def _heard(side: AuditionSide, is_outgoing: bool) -> _Heard:
    return side.side.fingerprint, *side.side.range, is_outgoing


def _parts(side: AuditionSide, film: Film, is_outgoing: bool) -> tuple[range, range]:
    """The frames that are played, and those beyond the cut that it can be slid into."""
    shot, index = side.side, film.index
    return (
        played(shot, index, is_outgoing=is_outgoing).frames,
        handle(shot, index, is_outgoing=is_outgoing),
    )
