"""What `seamline export` and `seamline batch` are told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline.exchange.destinations import DESTINATIONS
from seamline.exchange.formats import EXPORT_FORMATS
from seamline_app.commands.common_options import add_film_details, add_ignore_corrections, add_labels

_CODES = (
    "Exit codes: 0 done; 1 a film cannot be read or a file cannot be written; 2 wrong use; 130 interrupted."
)


def add_export(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare both commands among the others; `parents` hold the options that all have."""
    export = commands.add_parser(
        "export",
        parents=list(parents),
        help="write a film's seams for an editing system, as tables, chapters, pictures or clips",
        description="Find a film's seams, unless they are known, and write what a destination takes.\nYour corrections "
        "made in the window count. Without -o, a list goes to standard output, and everything else beside the film.",
        epilog=f"{_offer()}\n\n{_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("film", type=Path, help="the film, or a .seamline project")
    export.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="PATH",
        help="the file; the folder, where several are written",
    )
    batch = commands.add_parser(
        "batch",
        parents=list(parents),
        help="the same for every film in a folder",
        description="Find the seams of every film in a folder and write what a destination takes,\nbeside each film "
        "or in another folder. A film that cannot be read is told of at the end; the others go on.",
        epilog=f"{_offer()}\n\n{_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    batch.add_argument("folder", type=Path, help="the folder with the films")
    batch.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where the files go")
    batch.add_argument("--recursive", action="store_true", help="films in folders below it, too")
    for command in (export, batch):
        command.add_argument(
            "--to",
            action="append",
            required=True,
            metavar="NAME",
            help="a destination or a format, see below; can be given several times",
        )
        command.add_argument(
            "--transitions",
            action="store_true",
            help="dissolves, fades and wipes as transitions in EDL, XML and FCPXML, instead of cuts in their "
            "middle: for a film that is put together again from its rushes",
        )
        command.add_argument("--force", action="store_true", help="overwrite files that exist already")
        add_labels(command)
        add_film_details(command)
        add_ignore_corrections(command)


def _offer() -> str:
    """What there is to export to, a line each."""
    lines = ["destinations:"]
    lines += [f"  {d.id:16} {d.name}: {', '.join(f.id for f in d.formats)}" for d in DESTINATIONS]
    lines += ["", "formats:"]
    lines += [f"  {f.id:16} {f.help_text}" for f in EXPORT_FORMATS]
    return "\n".join(lines)
