"""The demo film as pictures, sound and truth, before any encoder."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.scenes.stage import Paint, Stage
from seamline.evaluation.soundtrack import Passage, Sound, soundtrack
from seamline.evaluation.storyboard import STORYBOARD, Shot

_SCENES_KEPT = 3  # two in a transition, and the next one being drawn
_GRAIN_TILES = 8


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One line of a truth file.

    `start_frame` is the last frame wholly of the outgoing shot, `end_frame` the first wholly of the incoming
    one. `scored`: 1 must be found, 0 does not matter, -1 looks like a seam and must not be reported.
    """

    start_frame: int
    end_frame: int
    kind: str
    scored: int
    note: str


class Reel:
    """A storyboard played: any frame's picture, the same in every run for the same size and seed."""

    def __init__(
        self,
        width: int,
        height: int,
        *,
        rate: Fraction = Fraction(25),
        seed: int = 1895,
        shots: Sequence[Shot] = STORYBOARD,
    ) -> None:
        self.width, self.height, self.rate, self._seed = width, height, rate, seed
        self._shots = tuple(shots)
        self._starts = [0]  # where each shot's first full picture is
        for shot in self._shots:
            self._starts.append(self._starts[-1] + shot.frames + shot.leave.frames)
        self.frame_count = self._starts.pop()
        self._scenes: OrderedDict[int, Paint] = OrderedDict()
        self._drawing = [threading.Lock() for _ in self._shots]
        self._lock = threading.Lock()
        self._grain = self._grain_tiles()

    @property
    def truth(self) -> list[TruthRow]:
        """Every seam and everything that looks like one, in order."""
        rows = []
        for at, (start, shot) in enumerate(zip(self._starts, self._shots, strict=True)):
            last = start + shot.frames - 1
            after = last + 1 + shot.leave.frames
            if at < len(self._shots) - 1:
                rows.append(TruthRow(last, after, shot.leave.kind, 1, ""))
            elif shot.leave.frames:
                rows.append(TruthRow(last, self.frame_count - 1, shot.leave.kind, 0, "trailing fade-out"))
            for flash in shot.flashes:
                frame = start + flash
                rows.append(TruthRow(frame - 1, frame, "cut", -1, "DISTRACTOR flash: not a boundary"))
            for pop, what in shot.pops:
                frame = start + pop
                rows.append(TruthRow(frame - 1, frame, "cut", -1, f"DISTRACTOR {what}: not a boundary"))
        return sorted(rows, key=lambda row: row.start_frame)

    def picture(self, frame: int) -> Picture:
        """RGB uint8[h, w, 3]. May be called from several threads."""
        at = bisect_right(self._starts, frame) - 1
        shot, step = self._shots[at], frame - self._starts[at]
        picture = self._scene_picture(at, frame)
        between = step - shot.frames + 1
        if between > 0:
            last = at == len(self._shots) - 1
            incoming = np.zeros_like(picture) if last else self._scene_picture(at + 1, frame)
            picture = shot.leave.mix(picture, incoming, between)
        elif step in shot.flashes:
            picture = np.asarray(
                cv2.addWeighted(picture, 0.14, np.full_like(picture, 255), 0.86, 0), np.uint8
            )
        return self._grained(picture, frame)

    def pictures(self, *, workers: int = 2) -> Generator[Picture]:
        """All pictures in order, painted a few frames ahead. Close the iterator to stop early."""
        ahead: deque[Future[Picture]] = deque()
        with ThreadPoolExecutor(workers, thread_name_prefix="demo-film") as pool:
            try:
                for frame in range(self.frame_count):
                    ahead.append(pool.submit(self.picture, frame))
                    if len(ahead) > 2 * workers:
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            finally:
                for future in ahead:
                    future.cancel()

    def sound(self) -> Sound:
        """float32[2, N]: see `soundtrack`."""
        passages = []
        entering = 0
        for start, shot in zip(self._starts, self._shots, strict=True):
            leaving = shot.leave.frames
            end = start + shot.frames + leaving
            passages.append(Passage(shot.ambience, start - entering, end, entering, leaving))
            entering = leaving
        return soundtrack(passages, self.frame_count, self.rate, self._seed)

    def _scene_picture(self, at: int, frame: int) -> Picture:
        """The picture of shot `at` alone; its clock starts with the first frame in which it can be seen."""
        seen_from = self._starts[at] - (self._shots[at - 1].leave.frames if at else 0)
        return self._scene(at)(float((frame - seen_from) / self.rate))

    def _scene(self, at: int) -> Paint:
        with self._drawing[at]:
            with self._lock:
                if at in self._scenes:
                    self._scenes.move_to_end(at)
                    return self._scenes[at]
            paint = self._shots[at].scene(Stage(self.width, self.height, self._seed + 101 * at))
            with self._lock:
                self._scenes[at] = paint
                while len(self._scenes) > _SCENES_KEPT:
                    self._scenes.popitem(last=False)
            return paint

    def _grain_tiles(self) -> list[tuple[Picture, Picture]]:
        """Film grain as what it adds and what it takes away."""
        rng = np.random.default_rng(self._seed)
        tiles = []
        for _ in range(_GRAIN_TILES):
            noise = cv2.GaussianBlur(
                rng.normal(0, 2.0, (self.height, self.width)).astype(np.float32), (0, 0), 0.7
            )
            grey = np.round(noise)[..., None].repeat(3, axis=2)
            tiles.append((np.maximum(grey, 0).astype(np.uint8), np.maximum(-grey, 0).astype(np.uint8)))
        return tiles

    def _grained(self, picture: Picture, frame: int) -> Picture:
        more, less = self._grain[(frame * 5 + frame // _GRAIN_TILES) % _GRAIN_TILES]
        return np.asarray(cv2.subtract(cv2.add(picture, more), less), np.uint8)
