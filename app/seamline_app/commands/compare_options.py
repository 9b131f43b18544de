"""What `seamline compare` is told: apart from the work itself, whose libraries take a second to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.common_options import (
    add_ignore_corrections,
    add_no_cache,
    add_thorough,
    whole_number,
)

_MOST_FRAMES = 250  # as seamline.exchange.compare.MOST_MOVED_FRAMES


def add_compare(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "compare",
        help="hold a cut list of any editing system against a film's seams",
        description="Hold a cut list against the film: which cuts agree, which moved by how many frames, which are "
        "missing or extra. Reads EDL, FCPXML, Premiere's XML, OpenTimelineIO and tables. Where the film lies in the "
        "list is found by itself. The report goes to standard output.",
        epilog="Exit codes: 0 list and film agree; 3 they differ, or no offset fits; 1 the film or the list cannot be "
        "read, or a table cannot be written; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    command.add_argument("film", type=Path, metavar="FILM", help="the film, or a .seamline project")
    command.add_argument("list", type=Path, metavar="LIST", help="the cut list")
    command.add_argument(
        "--offset",
        metavar="TIMECODE",
        help="the list's timecode, or frame number, at which the film's first frame lies; found unless told. A "
        "number below 0 says that the film begins before the list's 00:00:00:00 (write --offset=-120)",
    )
    counting = command.add_mutually_exclusive_group()
    counting.add_argument(
        "--drop-frame",
        action="store_true",
        default=None,
        help="the list counts in drop frame; as it says itself unless told",
    )
    counting.add_argument(
        "--non-drop-frame",
        dest="drop_frame",
        action="store_false",
        help="the list does not drop frame numbers",
    )
    command.add_argument(
        "--moved",
        type=whole_number(0, _MOST_FRAMES),
        metavar="FRAMES",
        help="how far apart a cut and a seam may be and still be the same; half a second unless told",
    )
    command.add_argument(
        "--tolerance",
        type=whole_number(0, _MOST_FRAMES),
        default=0,
        metavar="FRAMES",
        help="cuts moved by no more than this agree; 0 unless told",
    )
    command.add_argument(
        "--ignore-kinds",
        action="store_true",
        help="a cut within a dissolve agrees, as in lists that hold cuts alone",
    )
    command.add_argument(
        "--part",
        action="store_true",
        help="the list is of a part of the film, or the film of a part of the list: what lies outside is no difference",
    )
    command.add_argument("--csv", type=Path, metavar="FILE", help="every finding as a CSV table")
    command.add_argument("--force", action="store_true", help="overwrite a table that exists already")
    add_ignore_corrections(command)
    add_no_cache(command)
    add_thorough(command)
