"""Options that several commands have."""

from __future__ import annotations

import argparse


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
