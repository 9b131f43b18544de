"""What `seamline match` understands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline.exchange.string_out import USUAL_SECONDS
from seamline.exchange.string_out_choice import PairOrder
from seamline.exchange.string_out_formats import STRING_OUT_FORMATS
from seamline.project.match_playing import PLAYED_S
from seamline_app.commands.common_options import add_ignore_corrections

FORMATS = ("text", "csv", "json")
USUAL_LIMIT = 20
_SUFFIXES = ", ".join(known.suffix for known in STRING_OUT_FORMATS)


def add_match(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "match",
        help="find pairs of shots that would cut together as match cuts",
        description="Ranks pairs of shots by how well the last frames of the one lead over to the first frames of the "
        "other: by where things are in the frame, or by how they move. A shortlist to look at, never a verdict.",
        epilog="Examples: seamline match FILM.mov; seamline match FILM.mov OTHER.mov --kind motion --out pairs.fcpxml; "
        "seamline match FILM.mov --cuts. Exit codes: 0 done; 1 a film cannot be read, or a network is missing; 2 wrong "
        "use; 130 interrupted.",
        parents=list(parents),
    )
    command.add_argument("film", type=Path, metavar="FILM", help="film or project")
    command.add_argument(
        "other",
        type=Path,
        nargs="?",
        metavar="OTHER",
        help="film or project that it is matched with, both ways, as in the window (default: FILM itself)",
    )
    command.add_argument(
        "--kind", choices=("frame", "motion"), help="only pairs that composition, or movement, carries"
    )
    command.add_argument(
        "--from", dest="out_at", metavar="POSITION", help="only out of the frame at that position of FILM"
    )
    command.add_argument(
        "--into",
        dest="in_at",
        metavar="POSITION",
        help="only into the frame at that position of OTHER, or of FILM",
    )
    command.add_argument(
        "--one-way", action="store_true", help="only out of FILM into OTHER, not out of OTHER into FILM"
    )
    command.add_argument(
        "--cuts", action="store_true", help="tell which of the film's own cuts are match cuts instead"
    )
    command.add_argument(
        "--kept",
        action="store_true",
        help="the pairs that were kept in the window, instead of new ones; with OTHER, those of these two films alone",
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="with shots of the same set-up, and pictures of the same things in the same place",
    )
    command.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help=f"how many pairs (default: {USUAL_LIMIT}; with --kept all)",
    )
    command.add_argument(
        "--order",
        choices=[str(order) for order in PairOrder],
        help="best first, or as they lie in the film (default: score; film with --cuts; as they were kept with --kept)",
    )
    command.add_argument(
        "--format", choices=FORMATS, default="text", help="what is printed (default: %(default)s)"
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"write the pairs as a string-out, too, but those that were rejected: {_SUFFIXES}",
    )
    command.add_argument(
        "--only",
        metavar="N,N",
        help="into the string-out only these of the pairs that are listed, by their numbers",
    )
    command.add_argument(
        "--seconds",
        type=float,
        default=float(USUAL_SECONDS),
        metavar="S",
        help="how much of each shot the string-out has, beside its handles (default: %(default)g; the window's "
        f"audition plays {PLAYED_S})",
    )
    command.add_argument("--force", action="store_true", help="overwrite the file")
    add_ignore_corrections(command)
