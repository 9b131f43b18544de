"""Who is in the picture, and how large, some times a second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.figure_rows import ROW_WIDTH, FigureRow, figure_row
from seamline.analysis.stage import FloatArray, Pictures, PictureSpec, Resumption, SignalBlock
from seamline.errors import Cancelled
from seamline.media.film import Film
from seamline.media.pictures import fitted_size
from seamline.models.figures import FigureFinder, figures_key, open_figure_finder
from seamline.progress import Progress

FIGURES = "figures"

PICTURE_LIMIT = (320, 180)
_EVERY_FRAMES = 6
"""So that a shot of a quarter of a second has a picture; scaling one costs as much as a fifth of a look at its faces.
At higher rates it is as long."""
_USUAL_RATE = 30
_BLOCK_S = 24
_LOOK_S, _FULL_LOOK_S = Fraction(3, 2), 3
"""How long after a look the next one is due, in a picture that changes: the first for faces, the second in full."""

_SURE_FACE = 0.65
"""The score from which a face needs no look in full beside it."""
_FULL_COST = 6.0
"""Of a look that searched for bodies, in looks for faces (5 ms each on one core; measured 2026-11: 25 to 40 ms)."""
_ALLOWANCE, _ALLOWANCE_A_S, _MOST_ALLOWANCE = 12.0, 2.4, 18.0
"""What looks may cost: at a block's beginning, how much comes with each second, and what can be saved. Cuts, or
flashes, may come faster than the networks should run."""

_SMALL = (32, 18)
_NEW_PICTURE = (8.0, 25.0)
_NEW_BY_CONTRAST = 0.45
SAME_PICTURE = 2.0
"""Mean differences of brightness, 0 to 255, of small pictures. What differs by nearly half of its own contrast (in
the bounds of the first two) is another shot, or as good as one; below the last, nothing has moved that could change
the scale."""

_BLACK = 24
_STRIPS = 16
_MOST_BARS = 0.3
_SAME_GREY = 5


class FigureStage:
    """Gives `figures`: float32[k, ROW_WIDTH], rows of `FigureRow`, for every n-th frame.

    The pictures come in blocks of 24 seconds, which begin at frames that are whole multiples, so that a resumed run
    gives the same values. In each, the first picture is looked at in full, and so is every one that differs much
    from the one looked at before, and, as long as no face is sure, one every three seconds; in between the faces
    alone are, which costs a sixth. What that may cost is bounded; what could not be looked at in full is as soon as
    it may. Rows of pictures that were not looked at say so.
    """

    name = "figures"
    version = 2
    signal_names = (FIGURES,)
    signal_width = ROW_WIDTH
    stored_frames = None

    def __init__(
        self,
        size: tuple[int, int],
        *,
        rate: Fraction,
        open_finder: Callable[[], FigureFinder] = open_figure_finder,
    ) -> None:
        self.every_frames = max(_EVERY_FRAMES, round(_EVERY_FRAMES * rate / _USUAL_RATE))
        self.pictures = PictureSpec(*size, every_frames=self.every_frames)
        self._block_pictures = max(1, round(_BLOCK_S * rate / self.every_frames))
        self._pictures_a_s = float(rate / self.every_frames)
        self.key = f"{figures_key()} {size[0]}x{size[1]}/{self.every_frames}/{self._block_pictures}"
        self._open_finder = open_finder
        self._finder: FigureFinder | None = None
        self._looking: _Looking | None = None
        self._progress: Progress | None = None
        self._next_picture = 0

    @classmethod
    def for_film(cls, film: Film) -> FigureStage:
        """Of pictures of the film's shape that fit into 320x180."""
        return cls(fitted_size(film.info.display_size, PICTURE_LIMIT), rate=film.rate)

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        if self._finder is None:
            self._finder = self._open_finder()  # what is not installed is said before anything is decoded
        self._progress = progress
        self._looking = None
        block = done_frames // self.every_frames // self._block_pictures * self._block_pictures
        self._next_picture = block
        return Resumption(block * self.every_frames, block * self.every_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        if len(pictures) == 0:
            return []
        start = self._next_picture
        cancelled = threading.Event()
        take_back = self._progress.on_cancel(cancelled.set) if self._progress is not None else None
        try:
            rows = np.stack([self._row(picture, cancelled).values() for picture in pictures])
        finally:
            if take_back is not None:
                take_back()
        return [SignalBlock(start * self.every_frames, {FIGURES: rows}, self.every_frames)]

    def finish(self) -> list[SignalBlock]:
        return []

    def _row(self, picture: Pictures, cancelled: threading.Event) -> FigureRow:
        if cancelled.is_set():
            raise Cancelled
        if self._finder is None:
            raise ValueError("a stage is resumed before it is fed")
        if self._looking is None or self._next_picture % self._block_pictures == 0:
            self._looking = _Looking(self._finder, self._pictures_a_s)
        self._next_picture += 1
        return self._looking.row(picture)


class _Looking:
    """Decides within one block which pictures are looked at, and how closely."""

    def __init__(self, finder: FigureFinder, pictures_a_s: float) -> None:
        self._finder = finder
        self._look_pictures = max(1, round(_LOOK_S * pictures_a_s))
        self._full_look_pictures = max(1, round(_FULL_LOOK_S * pictures_a_s))
        self._more_each_picture = _ALLOWANCE_A_S / pictures_a_s
        self._allowance = _ALLOWANCE
        self._since_look = 0
        self._since_full = 0
        self._owes_full = False
        self._had_face = self._is_sure = False
        self._seen: NDArray[np.float32] | None = None

    def row(self, picture: Pictures) -> FigureRow:
        self._allowance = min(_MOST_ALLOWANCE, self._allowance + self._more_each_picture)
        self._since_look += 1
        self._since_full += 1
        small = np.asarray(
            cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), _SMALL, interpolation=cv2.INTER_AREA),
            np.float32,
        )
        changed = 255.0 if self._seen is None else float(np.mean(np.abs(small - self._seen)))
        is_new = changed > float(np.clip(_NEW_BY_CONTRAST * small.std(), *_NEW_PICTURE))
        is_due = self._since_look >= self._look_pictures and changed > SAME_PICTURE
        wants_full = is_new or self._owes_full or (is_due and self._is_full_due())
        in_full = wants_full and self._allowance >= _FULL_COST
        self._owes_full = wants_full and not in_full
        # what is saved up for a look in full is not spent on faces as things go on changing
        waits = self._owes_full and self._since_look < self._look_pictures / 2
        if not (is_new or is_due or in_full) or self._allowance < 1 or waits:
            return FigureRow(flat=_flat_share(small), contrast=float(small.std()), changed=changed)
        return self._looked_at(picture, small, in_full=in_full, changed=changed)

    def _is_full_due(self) -> bool:
        return not self._is_sure and self._since_full >= self._full_look_pictures

    def _looked_at(
        self, picture: Pictures, small: NDArray[np.float32], *, in_full: bool, changed: float
    ) -> FigureRow:
        row = look(self._finder, picture, in_full=in_full, changed=changed)
        self._allowance -= _FULL_COST if in_full and not row.is_face_alone else 1
        if not in_full and row.faces == 0 and self._had_face and self._allowance >= _FULL_COST:
            row = look(self._finder, picture, in_full=True, changed=changed)
            self._allowance -= _FULL_COST
        self._seen, self._since_look = small, 0
        if row.looked == 2:
            self._since_full = 0
        self._had_face = row.faces > 0
        self._is_sure = row.face_score >= _SURE_FACE
        if row.is_face_alone:
            self._owes_full = False
        return row


def look(
    finder: FigureFinder, picture: Pictures, *, in_full: bool = True, changed: float = 255.0
) -> FigureRow:
    """The row of one picture, uint8[height, width, 3], RGB."""
    top, bottom = active_rows(picture)
    active = picture[top:bottom]
    grey = cv2.cvtColor(active, cv2.COLOR_RGB2GRAY)
    return figure_row(
        finder.figures(active) if in_full else finder.faces(active),
        flat=_flat_share(np.asarray(grey, np.uint8)),
        contrast=float(np.std(grey)),
        changed=changed,
        bars=1 - (bottom - top) / len(picture),
        wide=max(active.shape[:2]) / len(active),
    )


def active_rows(picture: Pictures) -> tuple[int, int]:
    """The rows [top, bottom) of the picture without black bars above and below.

    Bars are as high on both sides (or nearly), and take less than a third each; else all rows count, as
    a dark scene has none.
    """
    height = len(picture)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    # by averages of some pixels, so that grain in the bars does not count
    strips = cv2.resize(grey, (_STRIPS, height), interpolation=cv2.INTER_AREA)
    lit = np.flatnonzero(strips.max(axis=1) > _BLACK)
    if len(lit) == 0:
        return 0, height
    top, below = int(lit[0]), height - 1 - int(lit[-1])
    if max(top, below) > _MOST_BARS * height or abs(top - below) > max(2, (top + below) / 8):
        return 0, height
    return top, height - below


def _flat_share(grey: NDArray[np.uint8] | FloatArray) -> float:
    counts: FloatArray = np.bincount(grey.ravel().astype(np.uint8), minlength=256).astype(np.float32)
    window = np.ones(2 * _SAME_GREY + 1, np.float32)
    return float(np.convolve(counts, window, "same").max() / grey.size)
