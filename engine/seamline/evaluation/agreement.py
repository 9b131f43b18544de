"""Faster ways to run TransNetV2 held against the published one: `python -m seamline.evaluation.agreement FILM...`.

The reference is float32 in the published windows of 100 frames. What counts are decisions: runs of frames
whose single-frame probability exceeds a threshold, which is how the authors find seams.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import SeamlineError
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler
from seamline.models.registry import TRANSNETV2, TRANSNETV2_INT8
from seamline.models.session import PICTURE_SHAPE, open_session
from seamline.models.windows import LONG, PUBLISHED, Predictor, WindowedPredictor, WindowLayout

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]

PUBLISHED_THRESHOLD = 0.5
_NEAR_FRAMES = 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """`seams`: how many the reference finds. `missed`, `extra`: runs (first and last frame) of the reference
    and of the other that have no run of the other side within a frame. Changes are of probabilities."""

    frames: int
    seams: int
    missed: tuple[tuple[int, int], ...]
    extra: tuple[tuple[int, int], ...]
    greatest_change: float
    mean_change: float

    @property
    def share_found(self) -> float:
        """Of the reference's seams, 0 to 1; 1 where it has none."""
        return 1 - len(self.missed) / self.seams if self.seams else 1.0


def compare(
    reference: Probabilities, other: Probabilities, *, threshold: float = PUBLISHED_THRESHOLD
) -> Agreement:
    """Two single-frame curves of one film, float32[n] each, n >= 1."""
    expected, found = runs_over(reference, threshold), runs_over(other, threshold)
    change = np.abs(reference - other)
    return Agreement(
        len(reference),
        len(expected),
        missed=tuple(run for run in expected if not _has_near(run, found)),
        extra=tuple(run for run in found if not _has_near(run, expected)),
        greatest_change=float(change.max()),
        mean_change=float(change.mean()),
    )


def together(parts: Sequence[Agreement]) -> Agreement:
    """Several films as one; the runs keep the frame numbers of their own films."""
    frames = sum(part.frames for part in parts)
    return Agreement(
        frames,
        sum(part.seams for part in parts),
        missed=tuple(run for part in parts for run in part.missed),
        extra=tuple(run for part in parts for run in part.extra),
        greatest_change=max((part.greatest_change for part in parts), default=0.0),
        mean_change=sum(part.mean_change * part.frames for part in parts) / max(1, frames),
    )


def runs_over(probabilities: Probabilities, threshold: float) -> list[tuple[int, int]]:
    """First and last frame of each stretch above `threshold`."""
    edges = np.flatnonzero(np.diff(probabilities > threshold, prepend=False, append=False))
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def curve(predictor: Predictor, pictures: Pictures, layout: WindowLayout) -> Probabilities:
    """The single-frame curve of a film's pictures, uint8[n, 27, 48, 3]: float32[n]."""
    windows = WindowedPredictor(predictor, layout=layout)
    predictions = windows.feed(pictures) + windows.finish()
    return np.concatenate([prediction.single for prediction in predictions])


def pictures_of(film: Film) -> Pictures:
    """All pictures of `film` as the network sees them. Raises MediaError."""
    height, width, _ = PICTURE_SHAPE
    scaler = Scaler(width, height)
    with Decoder(film) as decoder:
        return np.stack([scaler.rgb(frame, rotation_deg=film.info.rotation_deg) for _, frame in decoder])


def _has_near(run: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(run[0] <= last + _NEAR_FRAMES and first <= run[1] + _NEAR_FRAMES for first, last in others)


_VARIANTS = (
    ("float32, published windows", TRANSNETV2, PUBLISHED),
    ("float32, long windows", TRANSNETV2, LONG),
    ("8 bits, published windows", TRANSNETV2_INT8, PUBLISHED),
    ("8 bits, long windows", TRANSNETV2_INT8, LONG),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how each variant agrees on each film and on all; exit code 1 below 99 % of the seams."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.agreement")
    parser.add_argument("films", type=Path, nargs="+", help="films")
    parser.add_argument("--threads", type=int, help="threads to compute with (default: all)")
    options = parser.parse_args(arguments)
    sessions = {card.id: open_session(card, threads=options.threads) for _, card, _ in _VARIANTS}
    found: dict[str, list[Agreement]] = {name: [] for name, _, _ in _VARIANTS}
    rates: dict[str, list[float]] = {name: [] for name, _, _ in _VARIANTS}
    for path in options.films:
        try:
            pictures = pictures_of(open_film(path))
        except SeamlineError as error:
            sys.stdout.write(f"{path.name}: refused: {error}\n")
            continue
        reference: Probabilities | None = None
        for name, card, layout in _VARIANTS:
            began = time.perf_counter()
            single = curve(sessions[card.id], pictures, layout)
            rates[name].append(len(pictures) / (time.perf_counter() - began))
            reference = single if reference is None else reference
            found[name].append(compare(reference, single))
            sys.stdout.write(f"{path.name:40.40} {name:28} {_told(found[name][-1])}\n")
            sys.stdout.flush()
    first = next(iter(rates.values()))
    if not first:
        return 1
    sys.stdout.write(f"\nAll {len(first)} films\n")
    for name, parts in found.items():
        ratio = statistics.median(rate / base for rate, base in zip(rates[name], first, strict=True))
        rate = statistics.median(rates[name])
        sys.stdout.write(f"{name:28} {_told(together(parts))}; {rate:.0f} frames/s, {ratio:.2f} times\n")
    return 0 if all(together(parts).share_found >= 0.99 for parts in found.values()) else 1


def _told(agreement: Agreement) -> str:
    return (
        f"seams {agreement.seams}, missed {len(agreement.missed)}, extra {len(agreement.extra)}, "
        f"change at most {agreement.greatest_change:.3f}, mean {agreement.mean_change:.5f}"
    )


if __name__ == "__main__":
    sys.exit(main())
