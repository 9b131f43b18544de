"""What the runs of `seamline train` have in common: how films are opened, and what is said of an interruption."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models import library, store
from seamline.models.card import ModelCard
from seamline.progress import Progress
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.exit_codes import INTERRUPTED, OK

Result = TypeVar("Result")


def opener(cache: AnalysisCache) -> Callable[[Path, Progress], Film]:
    """Opens films by what the cache knows of them."""
    return lambda path, progress: open_film(path, shelf=cache, progress=progress)


def trained(run: Callable[[Progress], Result]) -> Result | None:
    """What the run gives; None, and said, where it was interrupted. Raises SeamlineError."""
    try:
        with step_progress("Training") as progress:
            return in_background(lambda: run(progress))
    except Cancelled:
        sys.stderr.write("Interrupted: the same command goes on from there.\n")
        return None


def install(card: ModelCard, weights: Path, doing: str, done: str, *, agreed: bool) -> int:
    """Have these used from now on; says `doing` meanwhile, then `done`. `agreed`: the user has agreed to the card's
    restriction. Raises ModelError."""
    try:
        with step_progress(doing) as progress:
            in_background(lambda: library.install(card, from_file=weights, agreed=agreed, progress=progress))
    except Cancelled:
        sys.stderr.write(
            f"Interrupted: it is trained, but not installed. “{store.install_command(card)} --from {weights}” "
            "installs it.\n"
        )
        return INTERRUPTED
    sys.stderr.write(f"{done}\n")
    return OK
