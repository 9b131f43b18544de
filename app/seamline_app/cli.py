"""The command line: `seamline [FILM]` opens the window, the subcommands work without a screen.

Nothing here imports Qt; the window is imported when it is asked for.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import seamline
from seamline.errors import Cancelled, SeamlineError
from seamline.exchange.formats import ANALYSIS_FORMATS
from seamline_app.commands.common_options import (
    add_film_details,
    add_ignore_corrections,
    add_labels,
    add_no_cache,
    add_thorough,
    whole_number,
)
from seamline_app.commands.compare_options import add_compare
from seamline_app.commands.export_options import add_export
from seamline_app.commands.match_options import add_match
from seamline_app.commands.models_options import add_models
from seamline_app.commands.search_options import add_library, add_search
from seamline_app.commands.segments_options import add_segments
from seamline_app.commands.synthesize_options import add_synthesize
from seamline_app.commands.train_options import add_train
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK, WRONG_USE
from seamline_app.usage import UsageError

_COMMANDS = (
    "analyze", "batch", "compare", "evaluate", "export", "library", "match", "models", "search", "segments",
    "synthesize", "train",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `seamline` with these arguments (the process's own if None); gives the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parse(arguments)
        _log_to_terminal(logging.DEBUG if getattr(options, "verbose", False) else logging.ERROR)
        return _run(options)
    except UsageError as error:
        return _complain(error, WRONG_USE)
    except SeamlineError as error:
        return _complain(error, FAILED)
    except (Cancelled, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone: nothing is wrong here
        return OK


def _log_to_terminal(level: int) -> None:
    # the handler has the level, not the root: the window's log file takes more
    handler = logging.StreamHandler()
    handler.setLevel(level)
    logging.basicConfig(level=level, handlers=[handler], format="%(levelname)s %(name)s: %(message)s")


def _run(options: argparse.Namespace) -> int:
    if options.command == "analyze":
        from seamline_app.commands.analyze import analyze

        return analyze(options)
    if options.command == "evaluate":
        from seamline_app.commands.evaluate import evaluate

        return evaluate(options)
    if options.command == "export":
        from seamline_app.commands.export import export_film

        return export_film(options)
    if options.command == "batch":
        from seamline_app.commands.export import batch

        return batch(options)
    if options.command == "compare":
        from seamline_app.commands.compare import compare

        return compare(options)
    if options.command == "segments":
        from seamline_app.commands.segments import segments

        return segments(options)
    if options.command == "synthesize":
        from seamline_app.commands.synthesize import synthesize

        return synthesize(options)
    if options.command == "models":
        from seamline_app.commands.models import models

        return models(options)
    if options.command == "search":
        from seamline_app.commands.search import search

        return search(options)
    if options.command == "match":
        from seamline_app.commands.match import match

        return match(options)
    if options.command == "library":
        from seamline_app.commands.library import library

        return library(options)
    if options.command == "train":
        return _train(options)
    from seamline_app.window_app import run_window

    return run_window(options.film)


def _train(options: argparse.Namespace) -> int:
    if options.what == "search":
        from seamline_app.commands.train_search import train_search

        return train_search(options)
    if options.what == "same-footage":
        from seamline_app.commands.train_same_footage import train_same_footage

        return train_same_footage(options)
    if options.what == "match-cuts":
        from seamline_app.commands.train_match_cuts import train_match_cuts

        return train_match_cuts(options)
    from seamline_app.commands.train import train

    return train(options)


def _parse(arguments: list[str]) -> argparse.Namespace:
    # a film may follow `seamline` directly: argparse's subcommands alone would take it for a command
    words = [word for word in arguments if not word.startswith("-")]
    if words and words[0] in _COMMANDS:
        return _command_parser().parse_args(arguments)
    return _window_parser().parse_args(arguments)


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--verbose", action="store_true", help="log what happens to standard error")
    return common


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="seamline",
        parents=[_common()],
        description="Open a film, see its seams, correct them, hand a cut list to an editing system.",
        epilog="Without a screen: seamline analyze [FILM] --edl cuts.edl, seamline export FILM --to premiere, seamline "
        "compare FILM LIST, seamline batch FOLDER --to csv, and more: see seamline analyze --help.",
    )
    parser.add_argument(
        "film", nargs="?", type=Path, help="the film or .seamline project to open; without it, a demo film"
    )
    parser.add_argument("--version", action="version", version=f"Seamline {seamline.__version__}")
    parser.set_defaults(command="window")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="seamline", parents=[_common()])
    commands = parser.add_subparsers(dest="command", required=True)
    analyze = commands.add_parser(
        "analyze",
        parents=[_common()],
        help="find a film's seams and write cut lists",
        description="Find a film's seams and write cut lists. Your corrections made in the window count. "
        "Without an output option, the CSV table goes to standard output. Interrupted, it goes on next time.",
        epilog="Exit codes: 0 done; 1 the film cannot be read or a list cannot be written; 2 wrong use, such as "
        "a list that exists already (see --force); 130 interrupted.",
    )
    analyze.add_argument(
        "film", nargs="?", type=Path, help="the film, or a .seamline project; without it, a demo film"
    )
    for export_format in ANALYSIS_FORMATS:
        analyze.add_argument(f"--{export_format.id}", type=Path, metavar="FILE", help=export_format.help_text)
    analyze.add_argument("--force", action="store_true", help="overwrite lists that exist already")
    add_film_details(analyze)
    add_ignore_corrections(analyze)
    evaluate = commands.add_parser(
        "evaluate",
        parents=[_common()],
        help="hold the seams found against a list of true ones",
        description="Precision, recall and F1 of the seams found, by TransNetV2's rule: a hit is a seam that "
        "overlaps a true one, widened by the tolerance.",
    )
    evaluate.add_argument("film", type=Path, help="a film, or a CSV table of seams to judge without a film")
    evaluate.add_argument("--json", action="store_true", help="the same as JSON, for programs")
    evaluate.add_argument(
        "truth",
        type=Path,
        help="CSV with start_frame,end_frame or out_frame,in_frame; type and scored are optional",
    )
    evaluate.add_argument(
        "--tolerance",
        type=whole_number(0, 1000),
        default=2,
        metavar="FRAMES",
        help="2 unless told; 0 is exact",
    )
    add_export(commands, [_common()])
    add_compare(commands, [_common()])
    add_search(commands, [_common()])
    add_library(commands, [_common()])
    add_match(commands, [_common()])
    add_segments(commands, [_common()])
    add_synthesize(commands, [_common()])
    add_models(commands, [_common()])
    add_train(commands, [_common()])
    add_labels(analyze)
    for command in (analyze, evaluate):
        add_no_cache(command)
        add_thorough(command)
    return parser


def _complain(error: SeamlineError, code: int) -> int:
    sys.stderr.write(f"seamline: {error}\n")
    return code
