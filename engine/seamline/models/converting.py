"""Converts the weights of a network to its graph, for users in a process of its own.

It imports torch, and takes up to 3.3 GB and a minute (VideoMAE on two busy processors, 2026-11): there it can be broken
off, the window stays quick, and the memory is given back.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import ModelCard
from seamline.models.child import run_child
from seamline.models.registry import DEFAULTS, ON_REQUEST, card_named
from seamline.progress import Progress

_LIMIT_S = 1800


def graph_of(card: ModelCard, weights: Path, progress: Progress | None = None) -> bytes:
    """The graph that `card` makes of its weights; with a `progress` it can be cancelled. Raises ModelError, Cancelled.

    Only a card of the registry can be named to another process; others are converted in this one.
    """
    assert card.convert is not None
    if progress is None or card not in (*DEFAULTS, *ON_REQUEST):
        return card.convert(weights)
    with tempfile.TemporaryDirectory(prefix="seamline-graph-") as folder:
        graph = Path(folder) / "graph.onnx"
        command = [sys.executable, "-m", "seamline.models.converting", card.id, str(weights), str(graph)]
        try:
            code, complaint = run_child(command, progress, _LIMIT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ModelError(f"{card.name} could not be converted: {error}. Try again.") from error
        if code == 0:
            return graph.read_bytes()
    said = complaint.strip().splitlines()
    if code == 1 and said:
        raise ModelError(said[-1])
    raise ModelError(
        f"{card.name} could not be converted: the process that did it ended ({code}), perhaps for lack of memory. "
        "Close other programs and install it again."
    )


def main() -> int:
    """`python -m seamline.models.converting CARD WEIGHTS GRAPH`: exit status 1 after a sentence on what is wrong."""
    name, weights, graph = sys.argv[1:]
    try:
        Path(graph).write_bytes(graph_of(card_named(name), Path(weights)))
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
