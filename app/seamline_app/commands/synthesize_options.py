"""What `seamline synthesize` is told: apart from the work itself, whose libraries take a second to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from seamline_app.commands.common_options import whole_number


def add_synthesize(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "synthesize",
        help="write edited films whose seams are known exactly",
        description="Write edits drawn at random, with cuts, dissolves, fades, wipes and what only looks like "
        "them: films in FOLDER/films, and the tables of their true seams in FOLDER/truth. The same seed writes "
        "the same films. seamline evaluate reads them one by one, "
        "python -m seamline.evaluation.corpus FOLDER/truth FOLDER/films all together.",
        parents=list(parents),
    )
    command.add_argument(
        "folder", type=Path, metavar="FOLDER", help="where to write; made if it is not there"
    )
    command.add_argument(
        "--films", type=whole_number(1, 10_000), default=1, metavar="N", help="how many; 1 unless told"
    )
    command.add_argument("--seed", type=whole_number(0, 2**31), default=1, help="a number; 1 unless told")
    command.add_argument(
        "--from",
        dest="clips",
        type=Path,
        nargs="+",
        default=[],
        metavar="CLIP",
        help="uncut clips, or folders of still pictures, to edit; without them, drawn scenes. A cut inside a "
        "clip would be missing in the tables",
    )
    command.add_argument("--size", type=_size, default=(640, 360), metavar="WxH", help="640x360 unless told")
    command.add_argument(
        "--rate",
        type=_rate,
        default=Fraction(25),
        help="frames a second, such as 25 or 23.976; 25 unless told",
    )
    command.add_argument(
        "--frames",
        type=whole_number(50, 1_000_000),
        default=1500,
        help="about how long a film is; 1500 unless told",
    )
    command.add_argument(
        "--crf", type=whole_number(0, 51), default=20, help="quality of H.264, 0 (best) to 51; 20 unless told"
    )
    command.add_argument("--force", action="store_true", help="overwrite films and tables that exist already")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal():
        size = int(width), int(height)
        if all(16 <= length <= 8192 and length % 2 == 0 for length in size):
            return size
    raise argparse.ArgumentTypeError(f"“{text}” is not two even numbers from 16 to 8192, such as 640x360")


def _rate(text: str) -> Fraction:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 1 <= rate <= 240:
        raise argparse.ArgumentTypeError(f"“{text}” is not a rate from 1 to 240 frames a second, such as 25")
    return rate
