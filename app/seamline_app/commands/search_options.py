"""What `seamline search` is told: apart from the work itself, whose libraries take a while to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.common_options import add_ignore_corrections, whole_number

FORMATS = ("text", "csv", "json")
DEFAULT_LIMIT = 10
_MOST_HITS = 1000


def add_search(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "search",
        help="find shots by words, by a picture, or by a frame",
        description="Find the shots that show what the words say, or that look like a picture or a frame: in the films "
        "named, which are analysed first; where none is named, in all that ever were (the library).",
        epilog="Examples: seamline search a red car at night; seamline search face RUSHES/ --not daylight; seamline "
        "search --frame FILM.mov:01:00:12:03 --library. Exit codes: 0 done; 1 a film or a picture cannot be read, or "
        "no network knows words; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    command.add_argument(
        "terms",
        nargs="*",
        metavar="WORDS... FILM",
        help="what to look for, then films, .seamline projects or folders to look in; a film is told by its suffix, a "
        "folder by a slash",
    )
    _take_terms_anywhere(command)
    _add_recursive(command)
    command.add_argument(
        "--like", action="append", default=[], type=Path, metavar="PICTURE", help="like this picture file"
    )
    command.add_argument(
        "--frame",
        action="append",
        default=[],
        metavar="FILM:FRAME",
        help="like this frame of a film: its number, or a timecode, as in FILM.mov:01:00:12:03",
    )
    command.add_argument(
        "--not",
        dest="unwanted",
        action="append",
        default=[],
        metavar="WORDS",
        help="less like these words, or like this picture file; can be given several times",
    )
    command.add_argument(
        "--library", action="store_true", help="look in all films of the library, and in those named"
    )
    command.add_argument(
        "--limit",
        type=whole_number(1, _MOST_HITS),
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"so many shots at most; {DEFAULT_LIMIT} unless told",
    )
    command.add_argument(
        "--format", choices=FORMATS, default="text", help="how the shots are written; text unless told"
    )
    add_encoder(command)
    add_ignore_corrections(command)


def add_library(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare `seamline library`."""
    command = commands.add_parser(
        "library",
        help="list, add, forget and check the films that “seamline search” looks in",
        description="The films that “seamline search” looks in when no film is named: all that were searched, and "
        "those that you add. Of a film, its place and what its shots look like are kept, no pictures.",
        epilog="Exit codes: 0 done; 1 a film cannot be read, or damage was found; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    actions = command.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=list(parents), help="which films there are, and where")
    add = actions.add_parser("add", parents=list(parents), help="analyse films and put them in")
    add.add_argument(
        "films",
        nargs="+",
        type=Path,
        metavar="FILM",
        help="a film, a .seamline project, or a folder with films",
    )
    _add_recursive(add)
    add_encoder(add)
    add_ignore_corrections(add)
    forget = actions.add_parser("forget", parents=list(parents), help="take a film out; its file stays")
    forget.add_argument("film", metavar="FILM", help="its path, or its name in “seamline library list”")
    actions.add_parser(
        "check",
        parents=list(parents),
        help="read the library whole, mend what is damaged, and say which films are not there now",
    )


def _take_terms_anywhere(command: argparse.ArgumentParser) -> None:
    """Let words and films stand between and after the options: argparse itself takes the first row of them alone."""
    parse = command.parse_known_args

    def parse_known_args(
        args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        known, left = parse(args, namespace)
        known.terms = [*known.terms, *(text for text in left if not text.startswith("-"))]
        return known, [text for text in left if text.startswith("-")]

    command.parse_known_args = parse_known_args  # type: ignore[method-assign,assignment]


def _add_recursive(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--recursive", action="store_true", help="of a folder, films in folders below it, too"
    )


def add_encoder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--encoder",
        metavar="NAME",
        help="the network to search with, as “seamline models list” names it; the best installed one unless told",
    )
