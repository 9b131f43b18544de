"""What `seamline train search` is told: apart from the work itself, whose libraries take seconds to load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from seamline_app.commands.common_options import whole_number
from seamline_app.commands.train_arguments import epochs, file_ending_with, seed
from seamline_app.usage import UsageError

_MOST_BATCH = 4096


def add_train_search(
    kinds: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser] = (),
) -> None:
    """Declare it among what can be trained; `parents` hold the options that all have."""
    search = kinds.add_parser(
        "search",
        help="finding pictures by words (ResNet50 and DistilBERT)",
        description="Train the dual encoder on captions of your own, with some films held back to tell how good it has "
        "become. Writes FILE.safetensors, and a report beside it, FILE.txt and FILE.json. Interrupted, the same "
        "command goes on from there. What is trained from published weights may be used as these may.",
        epilog="CAPTIONS.csv has the columns film,first_frame,last_frame,caption: frames count from 0, last_frame "
        "still belongs to the shot; or the columns image,caption. A shot or image may have several captions, a line "
        "each. Films and images are looked for beside the table. Exit codes: 0 trained; 1 the table, a film or weights "
        "cannot be read; 2 wrong use; 130 interrupted.",
        parents=list(parents),
    )
    search.add_argument("captions", type=Path, metavar="CAPTIONS.csv", help="the captions")
    search.add_argument(
        "--out",
        type=file_ending_with(".safetensors"),
        required=True,
        metavar="FILE.safetensors",
        help="where the weights go",
    )
    search.add_argument(
        "--resnet", type=Path, metavar="FILE", help="torchvision's resnet50 to begin with, a table of tensors"
    )
    search.add_argument(
        "--distilbert",
        type=Path,
        metavar="FILE",
        help="model.safetensors of distilbert-base-uncased to begin with",
    )
    search.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="a whole dual encoder to begin with, instead of these two",
    )
    search.add_argument(
        "--vocabulary", type=Path, metavar="vocab.txt", help="BERT's, uncased; what is installed unless told"
    )
    search.add_argument(
        "--freeze",
        action="store_true",
        help="train the projections alone, which takes minutes instead of days",
    )
    search.add_argument("--epochs", type=epochs, default=25, metavar="N", help="rounds over all captions; 25")
    search.add_argument(
        "--batch",
        type=whole_number(2, _MOST_BATCH),
        default=64,
        metavar="N",
        help="captions a step; 64 unless told",
    )
    search.add_argument(
        "--seed",
        type=seed,
        default=0,
        metavar="N",
        help="of the split, the frames and the order; 0 unless told",
    )


def check(options: argparse.Namespace) -> None:
    """Raises UsageError for options that exclude each other."""
    if options.weights is not None and (options.resnet is not None or options.distilbert is not None):
        raise UsageError("--weights is a whole dual encoder: give it without --resnet and --distilbert.")
