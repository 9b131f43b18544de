"""Options that several commands have."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a number from `least` to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or len(text) > 10 or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from {least} to {most}")
        return int(text)

    return read


def add_film_details(command: argparse.ArgumentParser) -> None:
    """`--reel` and `--start-timecode`, which stand in cut lists instead of what the film says."""
    command.add_argument("--reel", help="reel name for the cut lists, instead of the film's own")
    command.add_argument(
        "--start-timecode",
        metavar="HH:MM:SS:FF",
        help="timecode of the first frame, instead of the film's own",
    )


def add_ignore_corrections(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ignore-corrections", action="store_true", help="leave out the corrections made in the window"
    )


def add_labels(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--labels",
        action="store_true",
        help="look at the pictures for the scale of each shot, the movement of its camera, and which shots were taken "
        "together, for the lists that can hold them; what was looked at before is in them anyway",
    )


def add_no_cache(command: argparse.ArgumentParser) -> None:
    command.add_argument("--no-cache", action="store_true", help="analyse anew and keep nothing")


def add_thorough(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--thorough",
        action="store_true",
        help="run TransNetV2 over every frame, not only where Seamline's own network is in doubt: takes longer",
    )
