"""What `seamline models` is told: apart from the work itself, whose libraries take a while to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def add_models(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "models",
        help="list, install, verify and remove the networks",
        description="The networks that Seamline works with: those it came with, and those it can use besides. "
        "Nothing is downloaded unless you install it.",
        epilog="Exit codes: 0 done; 1 a network could not be installed or removed, or one that you have is damaged; "
        "2 wrong use; 130 interrupted (what was downloaded so far is kept).",
        parents=list(parents),
    )
    actions = command.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=list(parents), help="which networks there are, and what they run on")
    install = actions.add_parser(
        "install",
        parents=list(parents),
        help="install or repair a network",
        description="Download, verify and convert a network, or take it from a file that you have. What a download "
        "has brought so far is kept when it is interrupted, and the same command goes on from there.",
    )
    _add_name(install)
    install.add_argument(
        "--from", dest="file", type=Path, metavar="FILE", help="a file you have, instead of downloading it"
    )
    install.add_argument(
        "--agree", action="store_true", help="you have read what restricts this network, and agree to it"
    )
    _add_name(actions.add_parser("remove", parents=list(parents), help="remove a network that you installed"))
    verify = actions.add_parser(
        "verify", parents=list(parents), help="read networks whole, and say which are damaged"
    )
    _add_name(verify, nargs="?", help_text="one network; without it, all of them")


def _add_name(command: argparse.ArgumentParser, *, nargs: str | None = None, help_text: str = "") -> None:
    command.add_argument(
        "name", metavar="NAME", nargs=nargs, help=help_text or "as “seamline models list” names it"
    )
