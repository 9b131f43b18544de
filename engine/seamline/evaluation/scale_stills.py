"""Measures the scale of labelled stills: python -m seamline.evaluation.scale_stills FOLDER.

FOLDER holds pictures and a labels.csv with the columns file and scale. Both halves, by the even and the odd number in
the file's name, are reported apart: one may be looked into, the other stays unseen.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figures_stage import PICTURE_LIMIT, look
from seamline.analysis.scale import scale_of_rows
from seamline.errors import MediaError, SeamlineError
from seamline.evaluation.label_metrics import (
    accuracy,
    accuracy_within,
    coverage,
    label_table,
    macro_f1,
    reliability,
)
from seamline.media.jpeg import decode_jpeg
from seamline.media.pictures import RgbPicture, fitted_size
from seamline.models.encoder import ImageEncoder, open_efficientnet
from seamline.models.figures import FigureFinder, figure_finder_in, open_figure_finder
from seamline.models.place_classes import PlaceReader, PlaceShares, open_place_reader
from seamline.project.labels import Label, ShotScale

_FIVE_CLASSES = {"ECU": "ECS", "CU": "CS", "MS": "MS", "LS": "FS", "ELS": "LS"}
"""What else five classes are called, by the stills' labels; those of MovieShots go through as they are."""


@dataclass(frozen=True, slots=True)
class ScaleCase:
    """One picture: what it is, and what was said (None: unsure) with how much confidence."""

    name: str
    truth: ShotScale
    said: ShotScale | None
    confidence: float


class StillScale:
    """The analysis' own way, for a single picture."""

    def __init__(self, finder: FigureFinder, encoder: ImageEncoder, places: PlaceReader) -> None:
        self._finder, self._encoder, self._places = finder, encoder, places

    def label(self, picture: RgbPicture) -> Label[ShotScale]:
        """The scale of uint8[height, width, 3], RGB. Raises ModelError."""
        return scale_of_rows(*self.measured(picture))

    def measured(self, picture: RgbPicture) -> tuple[list[FigureRow], PlaceShares]:
        """What the label follows from."""
        height, width = picture.shape[:2]
        row = look(self._finder, _resized(picture, fitted_size((width, height), PICTURE_LIMIT)))
        embeddings = self._encoder.encode(_resized(picture, self._encoder.spec.picture_size)[None])
        return [row], self._places.shares(embeddings)


def read_labels(folder: Path) -> list[tuple[Path, ShotScale]]:
    """The pictures and their scales. Raises MediaError when the list cannot be read."""
    path = folder / "labels.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return [
            (folder / row["file"], ShotScale(_FIVE_CLASSES.get(row["scale"], row["scale"]))) for row in rows
        ]
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise MediaError(
            f"“{path}” cannot be read ({error}). It needs the columns file and scale, with ECS, CS, MS, FS or LS."
        ) from error


def measure(labelled: Sequence[tuple[Path, ShotScale]], scale: StillScale) -> list[ScaleCase]:
    """What is said of each picture. Raises MediaError for one that cannot be read."""
    cases = []
    for path, truth in labelled:
        picture = read_picture(path)
        label = scale.label(picture)
        cases.append(ScaleCase(path.name, truth, label.value, label.confidence))
    return cases


def scale_report(title: str, cases: Sequence[ScaleCase]) -> str:
    """Some lines for a terminal: the scores, and the confusion matrix."""
    truth, said, classes = [case.truth for case in cases], [case.said for case in cases], tuple(ShotScale)
    return (
        f"{title}: {len(cases)}, exact {accuracy(truth, said):.3f}, within one class "
        f"{accuracy_within(truth, said, classes):.3f}, coverage {coverage(said):.3f}, "
        f"macro-F1 {macro_f1(truth, said, classes):.3f}\n{label_table(truth, said, classes)}"
    )


def scale_reliability(cases: Sequence[ScaleCase]) -> str:
    """Whether the confidences hold, a line for each range of them."""
    lines = reliability(
        [case.truth for case in cases], [case.said for case in cases], [case.confidence for case in cases]
    )
    return "\n".join(lines)


def read_picture(path: Path) -> RgbPicture:
    """uint8[height, width, 3], RGB. Raises MediaError."""
    try:
        picture = decode_jpeg(path.read_bytes())  # whatever OpenCV reads
    except OSError as error:
        raise MediaError(f"“{path}” cannot be read: {error.strerror}.") from error
    if picture is None:
        raise MediaError(f"“{path}” is no picture that can be read. Convert it to JPEG or PNG.")
    return picture


def add_models_option(parser: argparse.ArgumentParser) -> None:
    """The option --models, for machines where set-up has not installed the networks."""
    parser.add_argument("--models", type=Path, metavar="FOLDER", help="a folder with the three .tflite files")


def open_still_scale(models: Path | None) -> StillScale:
    """Everything opened, each with one thread. Raises ModelError."""
    finder = open_figure_finder() if models is None else figure_finder_in(models)
    return StillScale(finder, open_efficientnet(threads=1), open_place_reader())


def _resized(picture: RgbPicture, size: tuple[int, int]) -> RgbPicture:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _number(name: str) -> int:
    digits = re.findall(r"\d+", name)
    return int(digits[-1]) if digits else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.scale_stills", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--list", action="store_true", help="also a line for each wrong still with an even number"
    )
    add_models_option(parser)
    options = parser.parse_args(arguments)
    try:
        cases = measure(read_labels(options.folder), open_still_scale(options.models))
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    even = [case for case in cases if _number(case.name) % 2 == 0]
    odd = [case for case in cases if _number(case.name) % 2]
    for title, part in (("even", even), ("odd", odd), ("all", cases)):
        if part:
            sys.stdout.write(scale_report(title, part) + "\n")
    sys.stdout.write(scale_reliability(cases) + "\n")
    if options.list:
        for case in even:
            if case.said != case.truth:
                said = case.said or "unsure"
                sys.stdout.write(f"{case.name}: {case.truth}, said {said} ({case.confidence:.2f})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
