"""What `seamline segments` is told: apart from the work itself, whose libraries take a second to load."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from seamline_app.commands.common_options import add_ignore_corrections, add_no_cache

PRESETS = ("pipeline", "notebook", "dynamic", "surveyed")

FILE_OPTIONS = {
    "csv": "the segments as a CSV table",
    "parquet": "the segments as a Parquet table (needs pyarrow)",
    "plot": "the score along the film, with seams, segments and keyframes; .png or .svg",
    "map": "the film's frames as a map, like content together (t-SNE); .png or .svg",
    "embeddings": "a vector for each sampled frame; .npy (a .json beside it says what the rows are), .csv or .parquet",
    "scores": "distance, score and threshold along the film; .npy, .csv or .parquet",
    "statistics": "mean and spread of the film's vectors, means of shots and segments; .npy, .csv or .parquet",
}
"""The options that name a file to write, and their help."""


def add_segments(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "segments",
        help="divide a film into clips of one content each",
        description="Divide a film where its content changes, into segments of 2 to 15 seconds with their "
        "keyframes. Without an output option, the table of segments goes to standard output. Interrupted, the "
        "analysis goes on next time.",
        epilog="Exit codes: 0 done; 1 the film cannot be read or a file cannot be written; 2 wrong use, such as "
        "a file that exists already (see --force); 130 interrupted.",
        parents=list(parents),
    )
    command.add_argument(
        "film", nargs="?", type=Path, metavar="FILM", help="the film; without it, a demo film"
    )
    command.add_argument(
        "--preset",
        choices=PRESETS,
        default="dynamic",
        help="which changes count: score over .4 (pipeline) or .6 (notebook), far over what is usual around it "
        "(dynamic, unless told), or over what a survey of the film's neighbourhoods found (surveyed)",
    )
    command.add_argument(
        "--sensitivity",
        type=_number(0, 1),
        default=0.5,
        metavar="0..1",
        help="more finds smaller changes; 0.5 unless told",
    )
    command.add_argument(
        "--min",
        type=_number(0.1, 3600),
        default=2.0,
        metavar="S",
        help="shortest segment in seconds; 2 unless told",
    )
    command.add_argument(
        "--max",
        type=_number(0.2, 7200),
        default=15.0,
        metavar="S",
        help="longest segment in seconds; 15 unless told",
    )
    command.add_argument(
        "--keyframes",
        type=int,
        choices=range(1, 5),
        default=4,
        help="the most that a segment has; 4 unless told",
    )
    command.add_argument(
        "--distinct",
        action="store_true",
        help="leave out keyframes that nearly repeat another of their segment; decodes them",
    )
    command.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="write each segment as a film of its own, exact to the frame: its packets where that can be, else "
        "encoded anew. The folder is made if it is not there; no clip is ever written over",
    )
    for name, help_text in FILE_OPTIONS.items():
        command.add_argument(f"--{name}", type=Path, metavar="FILE", help=help_text)
    command.add_argument(
        "--force", action="store_true", help="overwrite files that exist already (but for clips)"
    )
    add_ignore_corrections(command)
    add_no_cache(command)


def _number(low: float, high: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"“{text}” is not a number from {low:g} to {high:g}")
        return value

    return number
