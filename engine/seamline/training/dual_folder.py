"""The folder that a run of `seamline train search` works in until it is done: its files, and nobody else's."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.files import make_folder

_CHECKPOINT_FILE = "training.checkpoint"
_OWN_NAME = re.compile(
    r"(pictures|picture-features|caption-features)-[0-9a-f]{12}\.raw"
    rf"|{re.escape(_CHECKPOINT_FILE)}|\.seamline-[0-9a-f]{{16}}\.(checkpoint|part)"  # the latter of a killed run
)
_DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Left by whoever looks into the folder."""


class DualFolder:
    """Beside the weights at `out`, named after them."""

    def __init__(self, out: Path) -> None:
        self.path = out.with_name(f"{out.stem}-training")

    @property
    def checkpoint(self) -> Path:
        return self.path / _CHECKPOINT_FILE

    def check(self) -> None:
        """Nothing, where it is not there, or holds what such a run has left and no more. Raises ExchangeError."""
        try:
            foreign = sorted(
                entry.name
                for entry in os.scandir(self.path)
                if entry.name not in _DROPPINGS
                and not (_OWN_NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False))
            )
        except FileNotFoundError:
            return
        except OSError as error:
            raise ExchangeError(
                f"Training would work in “{self.path}”, which cannot be read as a folder ({error.strerror or error}): "
                "choose another name for the weights."
            ) from error
        if foreign:
            raise ExchangeError(
                f"Training would work in “{self.path}”, where “{foreign[0]}” is none of its own: choose another name "
                "for the weights, or rename that folder."
            )

    def make(self) -> None:
        """Raises ExchangeError."""
        make_folder(self.path)

    def remove(self) -> None:
        """Delete what such runs have left, and the folder if nothing else is in it."""
        with contextlib.suppress(OSError):
            for path in list(self.path.iterdir()):
                if _OWN_NAME.fullmatch(path.name):
                    path.unlink()
            self.path.rmdir()
