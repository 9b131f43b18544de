"""Drawing training films, and what the network shall say at each gap between their frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ExchangeError
from seamline.evaluation.synthetic_generator import plan_edit
from seamline.evaluation.synthetic_render import render
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import Pictures
from seamline.exchange.csv_list import IGNORED, SCORED, Transition
from seamline.models.seam_net import CLASSES
from seamline.training.film_disturbances import disturbed, drawn_repeats
from seamline.training.seam_sources import SIZE, EditedFilm, Footage

UNLABELLED = -1
"""The class of gaps that count neither way."""
SETTINGS = GeneratorSettings(
    frames=(500, 900),
    joins={"cut": 0.34, "jump cut": 0.12, "dissolve": 0.26, "fade": 0.08, "wipe": 0.18},
    distractors_per_1000_frames=12,
    same_source_dissolves=0.25,
)
EDITED_SHARE = 0.12
"""The share of training films that are a stretch of an edited one."""
_STRETCH_FRAMES = 600
_LATEST_START_BEFORE_END = 500
_RELIT, _MIRRORED, _UPSIDE_DOWN, _NOISY, _REVERSED = 0.5, 0.5, 0.15, 0.4, 0.15
_CUT = CLASSES.index("cut")


@dataclass(frozen=True, eq=False, slots=True)
class LabelledFilm:
    """`pictures`: uint8[n, 27, 48, 3]. Of each gap behind a frame but the last: `classes`, int64[n - 1], the place
    in `CLASSES` or -1; `middle`, float32[n - 1], 1 where a seam has its middle (two gaps if it lies on a frame)."""

    pictures: Pictures
    classes: NDArray[np.int64]
    middle: NDArray[np.float32]

    def __post_init__(self) -> None:
        gaps = len(self.pictures) - 1
        if self.classes.shape != (gaps,) or self.middle.shape != (gaps,):
            raise ValueError(
                f"{gaps + 1} pictures have {gaps} gaps, not {len(self.classes)} and {len(self.middle)}"
            )

    def stretch(self, start: int, end: int) -> LabelledFilm:
        """The frames [start, end), copied."""
        gaps = slice(start, max(start, end - 1))
        return LabelledFilm(
            self.pictures[start:end].copy(), self.classes[gaps].copy(), self.middle[gaps].copy()
        )


def labelled(pictures: Pictures, truth: Sequence[Transition]) -> LabelledFilm:
    """A film and its table of truth; ignored transitions count neither way, distractors are no seams.

    Raises ExchangeError for a kind that is none of `CLASSES`.
    """
    classes = np.zeros(len(pictures) - 1, np.int64)
    middle = np.zeros(len(pictures) - 1, np.float32)
    for row in truth:
        if row.scored == IGNORED:
            classes[row.out_frame : row.in_frame] = UNLABELLED
    for row in truth:
        if row.scored == SCORED:
            classes[row.out_frame : row.in_frame] = _class_of(row)
            twice = row.out_frame + row.in_frame
            middle[(twice - 1) // 2 : twice // 2 + 1] = 1
    return LabelledFilm(pictures, classes, middle)


def _class_of(row: Transition) -> int:
    if row.kind not in CLASSES[1:]:
        raise ExchangeError(
            f"The transition {row.out_frame} to {row.in_frame} is a “{row.kind}”: name it one of "
            f"{', '.join(CLASSES[1:])}, or set “scored” to 0."
        )
    return CLASSES.index(row.kind)


def truth_of(film: LabelledFilm) -> tuple[Transition, ...]:
    """The table that a film's classes amount to: neighbouring gaps of one class are one transition."""
    borders = np.flatnonzero(np.diff(film.classes)) + 1
    rows = []
    for start, end in zip([0, *borders], [*borders, len(film.classes)], strict=True):
        here = int(film.classes[start]) if end > start else 0
        if here != 0:
            kind, scored = ("none", IGNORED) if here == UNLABELLED else (CLASSES[here], SCORED)
            rows.append(Transition(int(start), int(end), kind, scored))
    return tuple(rows)


def training_film(footage: Footage, seed: int, number: int) -> LabelledFilm:
    """Film `number` of those that `seed` gives for this footage. Raises MediaError where none is long enough."""
    rng = np.random.default_rng([seed, number, 1])
    if footage.films and rng.random() < EDITED_SHARE:
        film = _stretch_of(footage.films[int(rng.integers(len(footage.films)))], rng)
    else:
        film = _edit(footage, seed, number)
    return with_repeats_and_disturbances(_varied(film, rng), rng)


def fitting_film(footage: Footage, seed: int, number: int) -> LabelledFilm:
    """The same without mirrors, noise and stretches of edited films: for fitting the seam model."""
    rng = np.random.default_rng([seed, number])
    return with_repeats_and_disturbances(_edit(footage, seed, number), rng)


def with_repeats_and_disturbances(film: LabelledFilm, rng: np.random.Generator) -> LabelledFilm:
    """The film with disturbances drawn; a frame shown again within a gradual seam belongs to it."""
    order = drawn_repeats(len(film.pictures), rng)
    if order is not None:
        film = _repeated(film, order)
    return LabelledFilm(disturbed(film.pictures, rng), film.classes, film.middle)


def _edit(footage: Footage, seed: int, number: int) -> LabelledFilm:
    plan = plan_edit(footage.sources, SETTINGS, seed=seed, index=number)
    return labelled(*render(plan, footage.sources, SIZE))


def _stretch_of(film: EditedFilm, rng: np.random.Generator) -> LabelledFilm:
    start = int(rng.integers(0, max(1, len(film.pictures) - _LATEST_START_BEFORE_END)))
    part = labelled(film.pictures, film.truth).stretch(start, start + _STRETCH_FRAMES)
    if rng.random() >= _RELIT:
        return part
    lit = part.pictures.astype(np.float32) * rng.uniform(0.7, 1.3) + rng.uniform(-15, 15)
    return LabelledFilm(np.clip(lit, 0, 255).astype(np.uint8), part.classes, part.middle)


def _varied(film: LabelledFilm, rng: np.random.Generator) -> LabelledFilm:
    """Mirrored, upside down, noisy or backwards: none of it changes what is a seam."""
    pictures, classes, middle = film.pictures, film.classes, film.middle
    if rng.random() < _MIRRORED:
        pictures = pictures[:, :, ::-1]
    if rng.random() < _UPSIDE_DOWN:
        pictures = pictures[:, ::-1]
    if rng.random() < _NOISY:
        noise = np.round(rng.normal(0, rng.uniform(0.3, 2), pictures.shape)).astype(np.int16)
        pictures = np.clip(pictures + noise, 0, 255).astype(np.uint8)
    if rng.random() < _REVERSED:
        pictures, classes, middle = pictures[::-1], classes[::-1], middle[::-1]
    return LabelledFilm(
        np.ascontiguousarray(pictures), np.ascontiguousarray(classes), np.ascontiguousarray(middle)
    )


def _repeated(film: LabelledFilm, order: NDArray[np.int64]) -> LabelledFilm:
    """The film with its frames in `order`, which never goes back and leaves none out."""
    classes = np.zeros(len(order) - 1, np.int64)
    middle = np.zeros(len(order) - 1, np.float32)
    last = len(film.classes)
    for at, (frame, following) in enumerate(pairwise(order.tolist())):
        if following > frame:
            classes[at], middle[at] = film.classes[frame], film.middle[frame]
            continue
        before = film.classes[frame - 1] if frame > 0 else 0
        after = film.classes[frame] if frame < last else 0
        classes[at] = before if before == after != _CUT else 0
    return LabelledFilm(film.pictures[order], classes, middle)
