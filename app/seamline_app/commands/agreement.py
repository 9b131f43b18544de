"""The question that is asked before a network that is restricted in its use is installed."""

from __future__ import annotations

import argparse
import sys

from seamline.models.card import ModelCard
from seamline_app.usage import UsageError


def agrees(card: ModelCard, options: argparse.Namespace) -> bool:
    """Whether the user agrees to what restricts the network: by `options.agree`, or asked at the terminal.

    Raises UsageError where nobody can be asked.
    """
    if not card.restriction:
        return True
    if not options.agree and (sys.stdin is None or not sys.stdin.isatty()):
        raise UsageError(
            f"{card.name} is installed once you have agreed to this: {card.restriction} Add --agree to say so."
        )
    sys.stderr.write(f"{card.restriction}\n")
    if options.agree:
        return True
    sys.stderr.write("Do you agree, and install it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
