"""Kinds of arguments that the commands of `seamline train` have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

_MOST_EPOCHS = 1000
_MOST_SEED = 2**31 - 1


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a number from `least` to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or len(text) > 10 or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from {least} to {most}")
        return int(text)

    return read


epochs = whole_number(1, _MOST_EPOCHS)
seed = whole_number(0, _MOST_SEED)


def file_ending_with(suffix: str) -> Callable[[str], Path]:
    """Reads the path of a file whose name must end so."""

    def read(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() != suffix:
            raise argparse.ArgumentTypeError(f"“{text}” does not end with {suffix}")
        return path

    return read


def add_sources(command: argparse.ArgumentParser) -> None:
    """`--sources`, for training that keeps films apart."""
    command.add_argument(
        "--sources",
        type=Path,
        metavar="FILE.csv",
        help="which films show the same footage, with the columns film and source: for copies that look different, "
        "such as turned ones; those that look alike are found",
    )
