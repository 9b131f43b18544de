"""Kinds of arguments that the commands of `seamline train` have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from seamline_app.commands.common_options import whole_number

_MOST_EPOCHS = 1000
_MOST_SEED = 2**31 - 1


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
