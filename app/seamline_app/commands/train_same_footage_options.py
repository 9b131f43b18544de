"""What `seamline train same-footage` is told: apart from the work itself, whose libraries take seconds to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.common_options import whole_number
from seamline_app.commands.train_arguments import add_sources, file_ending_with, seed

_FEWEST_PAIRS, _MOST_PAIRS = 200, 1_000_000


def add_train_same_footage(
    kinds: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare it among what `seamline train` trains; `parents` hold the options that all have."""
    command = kinds.add_parser(
        "same-footage",
        help="whether two frames are of the same footage, from your own films",
        description="Learn from films to tell whether two frames are of the same footage, which shots are grouped by. "
        "Pairs of frames are drawn from the films: of one film, two seconds apart, or of two films. Some films are "
        "held back to tell how good it has become; copies of a film count as one. Interrupted, the same command goes "
        "on from there.",
        epilog="Beside FILE two checkpoints are written, FILE with .ordered.pt and .symmetric.pt in place of its "
        "suffix: the published network and the one that does not heed the order of the two. "
        "Exit codes: 0 trained; 1 a film or a table cannot be read, or the films are too few; 2 wrong use; "
        "130 interrupted.",
        parents=list(parents),
    )
    command.add_argument("films", type=Path, nargs="+", metavar="FILM", help="eight different films or more")
    command.add_argument(
        "--out", type=file_ending_with(".npz"), required=True, metavar="FILE.npz", help="the model"
    )
    command.add_argument(
        "--encoder",
        default="efficientnet-lite0",
        metavar="ID",
        help="whose embeddings are compared; efficientnet-lite0 unless told",
    )
    command.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="of the split and the pairs; 0 unless told"
    )
    command.add_argument(
        "--pairs",
        type=whole_number(_FEWEST_PAIRS, _MOST_PAIRS),
        default=10_000,
        metavar="N",
        help="how many pairs; 10000 unless told, as published",
    )
    command.add_argument(
        "--roc", type=Path, metavar="FILE", help="draw the ROC curve and the threshold, as .png or .svg"
    )
    add_sources(command)
    command.add_argument(
        "--use",
        action="store_true",
        help="group shots by the result from now on, on this machine; for efficientnet-lite0 alone, which they are "
        "grouped by",
    )
