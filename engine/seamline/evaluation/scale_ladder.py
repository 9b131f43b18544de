"""Scales whose truth is geometry: a figure, framed from a quarter of the picture's height down to an eye.

python -m seamline.evaluation.scale_ladder frames drawn figures of exact proportions. With a FOLDER it crops
photographs: FOLDER holds them and a figures.csv with the columns
file, crown_x, crown_y, sole_y, chin_y, eyes_y: where the crown of the head, the soles, the chin and the eyes of the
closest person are, in pixels of the photograph. The whole body must be upright; where the soles are not in the
picture, sole_y lies below it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from seamline.errors import MediaError, SeamlineError
from seamline.evaluation.scale_figures import HEADS, FigureLook, draw_figure
from seamline.evaluation.scale_stills import (
    ScaleCase,
    StillScale,
    add_models_option,
    open_still_scale,
    read_picture,
    scale_reliability,
    scale_report,
)
from seamline.media.jpeg import encode_jpeg
from seamline.media.pictures import RgbPicture
from seamline.project.labels import ShotScale

_SHAPE = 16 / 9
_HEADROOM = 0.08
"""Of a rung's height, above what is to be seen."""
_LEAST_LINES = 60
"""Rungs of fewer lines would show the photograph's own blur, not the scale."""


@dataclass(frozen=True, slots=True)
class PhotographedFigure:
    """A standing figure in a photograph, in its pixels."""

    file: str
    crown_x: float
    crown_y: float
    sole_y: float
    chin_y: float
    eyes_y: float

    @property
    def height(self) -> float:
        return self.sole_y - self.crown_y

    @property
    def head(self) -> float:
        return self.chin_y - self.crown_y

    def __post_init__(self) -> None:
        if not self.crown_y < self.eyes_y < self.chin_y < self.sole_y:
            raise MediaError(
                f"The figure in “{self.file}” is not upright: "
                "crown, eyes, chin and soles must follow each other downwards."
            )


_DRAWN = PhotographedFigure("drawn", 0.0, 0.0, HEADS, 1.0, 0.5)
"""In heads."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A crop of one scale: left, top, width and height in the photograph's pixels, maybe partly outside of it."""

    scale: ShotScale
    what: str
    box: tuple[float, float, float, float]


def rungs_of(figure: PhotographedFigure) -> Iterator[Rung]:
    """The ladder: two or three rungs of every scale, each well inside of its definition."""
    body, head = figure.height, figure.head
    # what is seen from the crown down, as a share of the body, and what it is
    framed = (
        (ShotScale.LS, "a quarter of the picture", 4.0 * body),
        (ShotScale.LS, "a third of the picture", 3.0 * body),
        (ShotScale.FS, "two thirds of the picture", 1.5 * body),
        (ShotScale.FS, "the whole body", 1.08 * body),
        (ShotScale.MS, "down to the knees", 5.0 * head),
        (ShotScale.MS, "down to the hips", 4.0 * head),
        (ShotScale.MS, "down to the waist", 3.1 * head),
        (ShotScale.CS, "head and shoulders", 1.5 * head),
        (ShotScale.CS, "the head", 1.15 * head),
    )
    for scale, what, seen in framed:
        height = seen / (1 - _HEADROOM)
        if scale is ShotScale.LS or seen > body:
            top = figure.crown_y - (height - body) / 2
        else:
            top = figure.crown_y - _HEADROOM * height
        yield Rung(scale, what, _around(figure.crown_x, top, height))
    for what, share, centre_y in (
        ("eyes and nose", 0.4, figure.eyes_y + 0.08 * head),
        ("the eyes", 0.25, figure.eyes_y),
        ("the mouth", 0.3, figure.chin_y - 0.2 * head),
    ):
        yield Rung(ShotScale.ECS, what, _around(figure.crown_x, centre_y - share * head / 2, share * head))


def drawn_ladder(seed: int) -> Iterator[tuple[Rung, RgbPicture]]:
    """The rungs of a drawn figure, in heads below its crown, and their pictures, uint8[180, 320, 3]."""
    look = FigureLook.drawn_by_lot(seed)
    for rung in rungs_of(_DRAWN):
        _, top, _, height = rung.box
        yield rung, draw_figure(look, top=top, seen=height)


def cropped(photograph: RgbPicture, rung: Rung) -> RgbPicture | None:
    """uint8[180, 320, 3]; None where the crop reaches out of the photograph by more than a tenth of its height, or
    has too few lines of it. What lies outside by less repeats the border."""
    left, top, width, height = rung.box
    lines, columns = photograph.shape[:2]
    out = max(-top, top + height - lines, -left, left + width - columns)
    if out > height / 10 or height < _LEAST_LINES:
        return None
    scale = 180 / height
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    if scale < 1:  # averaged beforehand, as warping takes single pixels
        photograph = np.asarray(
            cv2.GaussianBlur(photograph, (0, 0), 0.4 / scale, borderType=cv2.BORDER_REPLICATE), np.uint8
        )
    return np.asarray(
        cv2.warpAffine(
            photograph, matrix, (320, 180), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def read_figures(folder: Path) -> list[PhotographedFigure]:
    """The figures of the folder's figures.csv. Raises MediaError."""
    path = folder / "figures.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [
                PhotographedFigure(
                    row["file"],
                    *(float(row[name]) for name in ("crown_x", "crown_y", "sole_y", "chin_y", "eyes_y")),
                )
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise MediaError(
            f"“{path}” cannot be read ({error}). "
            "It needs the columns file, crown_x, crown_y, sole_y, chin_y and eyes_y."
        ) from error


def _around(x: float, top: float, height: float) -> tuple[float, float, float, float]:
    return x - height * _SHAPE / 2, top, height * _SHAPE, height


def _photographed(folder: Path) -> Iterator[tuple[str, Rung, RgbPicture]]:
    for figure in read_figures(folder):
        photograph = read_picture(folder / figure.file)
        for rung in rungs_of(figure):
            picture = cropped(photograph, rung)
            if picture is not None:
                yield Path(figure.file).stem, rung, picture


def _drawn(figures: int) -> Iterator[tuple[str, Rung, RgbPicture]]:
    for seed in range(figures):
        for rung, picture in drawn_ladder(seed):
            yield f"figure {seed}", rung, picture


def measure_rungs(
    rungs: Iterable[tuple[str, Rung, RgbPicture]], scale: StillScale, crops: Path | None = None
) -> list[ScaleCase]:
    """What is said of each rung; `crops`: a folder that the pictures are written to as well. Raises ModelError."""
    cases = []
    for name, rung, picture in rungs:
        label = scale.label(picture)
        cases.append(ScaleCase(f"{name}, {rung.what}", rung.scale, label.value, label.confidence))
        if crops is not None:
            crops.mkdir(parents=True, exist_ok=True)
            (crops / f"{name}, {rung.what}.jpg").write_bytes(encode_jpeg(picture, quality=95))
    return cases


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.scale_ladder", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="photographs and their figures.csv")
    parser.add_argument("--figures", type=int, default=20, help="how many are drawn (20)")
    parser.add_argument("--crops", type=Path, metavar="FOLDER", help="also write the rungs as JPEG there")
    add_models_option(parser)
    options = parser.parse_args(arguments)
    rungs = _photographed(options.folder) if options.folder is not None else _drawn(options.figures)
    try:
        cases = measure_rungs(rungs, open_still_scale(options.models), options.crops)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for case in cases:
        if case.said != case.truth:
            said = case.said or "unsure"
            sys.stdout.write(f"{case.name}: {case.truth}, said {said} ({case.confidence:.2f})\n")
    if cases:
        sys.stdout.write(f"{scale_report('rungs', cases)}\n{scale_reliability(cases)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
