"""Converts the weights of a network to its graph, for users in a process of its own.

It imports torch, and takes up to 3.3 GB and a minute (VideoMAE on two busy processors, 2026-11): there it can be broken
off, the window stays quick, and the memory is given back.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import ModelCard, with_parts
from seamline.models.child import run_child
from seamline.models.registry import DEFAULTS, ON_REQUEST, card_named
from seamline.models.store_files import cannot_store, sha256_of
from seamline.progress import Progress

_LIMIT_S = 1800
_SENTENCE = 3
"""The exit status that says: the last line is a sentence for the user. Python itself ends with 1 and 2."""

_log = logging.getLogger(__name__)


def convert(
    card: ModelCard, weights: Path, graph: Path, progress: Progress | None = None, *, in_child: bool = True
) -> str:
    """Write the graph that `card` makes of `weights` to `graph`; gives its sha256. Raises ModelError or Cancelled.

    With a `progress` it can be cancelled. Only a card of the registry can be named to another process; others are
    converted in this one, as all are without `in_child`.
    """
    if in_child and card in _known():
        _in_child(card, weights, graph, progress)
    else:
        _here(card, weights, graph)
    try:
        return sha256_of(graph)
    except ModelError as error:
        raise ModelError(
            f"{card.name} could not be converted: its graph cannot be read again. Try again."
        ) from error


def _known() -> tuple[ModelCard, ...]:
    return with_parts((*DEFAULTS, *ON_REQUEST))


def _named(name: str) -> ModelCard:
    return next((card for card in _known() if card.id == name), None) or card_named(name)


def _here(card: ModelCard, weights: Path, graph: Path) -> None:
    assert card.convert is not None
    content = card.convert(weights)
    try:
        with graph.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_store(card, graph.parent, error) from error


def _in_child(card: ModelCard, weights: Path, graph: Path, progress: Progress | None) -> None:
    command = [sys.executable, "-m", "seamline.models.converting", card.id, str(weights), str(graph)]
    try:
        code, complaint = run_child(command, progress, _LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"{card.name} could not be converted: {error}. Try again.") from error
    if code == 0:
        return
    said = complaint.strip().splitlines()
    if code == _SENTENCE and said:
        raise ModelError(said[-1])
    _log.error("converting %s ended with %d: %s", card.id, code, complaint)
    raise ModelError(
        f"{card.name} could not be converted: the process that did it ended ({code}), perhaps for lack of memory. "
        "Close other programs and install it again."
    )


def main() -> int:
    """What `python -m seamline.models.converting CARD WEIGHTS GRAPH` does; gives the exit status."""
    name, weights, graph = sys.argv[1:]
    try:
        _here(_named(name), Path(weights), Path(graph))
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return _SENTENCE
    return 0


if __name__ == "__main__":
    sys.exit(main())
