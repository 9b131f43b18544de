"""What `seamline train` is told: apart from the work itself, whose libraries take seconds to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.train_arguments import epochs, seed
from seamline_app.commands.train_match_cuts_options import add_train_match_cuts
from seamline_app.commands.train_same_footage_options import add_train_same_footage
from seamline_app.commands.train_search_options import add_train_search


def add_train(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare the command among the others; `parents` hold the options that all have."""
    command = commands.add_parser(
        "train",
        help="train a network on your own footage",
        description="Train a network on your own footage. Nothing leaves this machine.",
    )
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT")
    labels = kinds.add_parser(
        "labels",
        help="scale and movement of shots (VideoMAE)",
        description="Fine-tune the shot label network on labelled shots, with some films held back to tell how good it "
        "has become. Writes labels.safetensors and a report into a folder. Interrupted, the same command goes on from "
        "there. What is trained from the published weights may be used as these may: not commercially.",
        epilog="CLIPS.csv has the columns film,start_frame,end_frame,scale,movement: frames count from 0, end_frame is "
        "the first that no longer belongs to the shot; scale is ECS, CS, MS, FS or LS; movement is static, motion, "
        "pull, push, or one of Seamline's own; either may be empty. Films are looked for beside the table. "
        "Exit codes: 0 trained; 1 the table, a film or the weights cannot be read; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    labels.add_argument("clips", type=Path, metavar="CLIPS.csv", help="the labelled shots")
    labels.add_argument(
        "--weights",
        type=Path,
        metavar="FILE.safetensors",
        help="what to begin with; what is installed for shot labels unless told",
    )
    labels.add_argument(
        "--out", type=Path, default=Path("label-training"), metavar="DIR", help="label-training unless told"
    )
    labels.add_argument(
        "--epochs", type=epochs, metavar="N", help="rounds over all shots; 30 for the heads, 5 for all of it"
    )
    labels.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="of the split and the order; 0 unless told"
    )
    labels.add_argument(
        "--trunk",
        choices=("auto", "yes", "no"),
        default="auto",
        help="whether the whole network is trained, or its heads alone, which takes minutes; auto: all of it if torch "
        "has a GPU",
    )
    labels.add_argument(
        "--install",
        action="store_true",
        help="use the result for shot labels from now on, on this machine; asks for your agreement before it trains",
    )
    labels.add_argument(
        "--agree",
        action="store_true",
        help="with --install: you have read what restricts this network, and agree to it",
    )
    add_train_search(kinds, parents)
    add_train_same_footage(kinds, parents)
    add_train_match_cuts(kinds, parents)
