"""What `seamline train match-cuts` is told: apart from the work itself, whose libraries take seconds to load."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.common_options import whole_number
from seamline_app.commands.train_arguments import add_sources, epochs, file_ending_with, seed

_FEWEST_PAIRS, _MOST_PAIRS = 64, 1_000_000
_MOST_LEVELS = 255.0


def add_train_match_cuts(
    kinds: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare it among what `seamline train` trains; `parents` hold the options that all have."""
    command = kinds.add_parser(
        "match-cuts",
        help="which shots would cut together by their movement, from your own films",
        description="Train the siamese network for match cuts on the optical flow in the middle of each shot, as "
        "published. Films without an analysis are analysed first. Some films are held back to stop by, and others to "
        "tell how good it has become; copies of a film count as one. Interrupted, the same command goes on from there.",
        epilog="Beside FILE.npz it writes the report as .txt and .json and, until it is done, a checkpoint as .pt. "
        "Exit codes: 0 trained; 1 a film or a table cannot be read, the films are too few, or something would be "
        "written over a film or a file of yours; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    command.add_argument("films", type=Path, nargs="+", metavar="FILM", help="three different films or more")
    command.add_argument(
        "--out", type=file_ending_with(".npz"), required=True, metavar="FILE.npz", help="the weights, 13 MB"
    )
    command.add_argument(
        "--labels",
        choices=("published", "motion"),
        default="published",
        help="what a match is: flow pictures whose mean greys are less apart than the threshold, as published; or "
        "movement that goes the same ways in the same places; published unless told",
    )
    command.add_argument(
        "--threshold",
        type=_levels,
        metavar="LEVELS",
        help="of the published labels, in levels of 255; the one that halves the pairs unless told",
    )
    command.add_argument(
        "--pairs",
        type=whole_number(_FEWEST_PAIRS, _MOST_PAIRS),
        default=14_264,
        metavar="N",
        help="to train with; 14264 unless told, as published",
    )
    command.add_argument(
        "--epochs", type=epochs, default=30, metavar="N", help="at most; 30 unless told; it stops early"
    )
    command.add_argument(
        "--seed",
        type=seed,
        default=0,
        metavar="N",
        help="of the split, the pairs and the order; 0 unless told",
    )
    command.add_argument(
        "--curves", type=Path, metavar="FILE", help="draw loss and accuracy by epoch, as .png or .svg"
    )
    add_sources(command)
    command.add_argument(
        "--use",
        action="store_true",
        help="find match cuts by the result from now on, on this machine; “seamline models remove match-siamese” "
        "brings the one back that comes with Seamline",
    )


def _levels(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST_LEVELS:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of levels above 0, up to 255")
    return value
