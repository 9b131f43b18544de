"""Networks from a file that the user has: compared with what its card states, and copied."""

from __future__ import annotations

from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import LocalFile, ModelCard
from seamline.models.hub import fits
from seamline.models.store_files import copy_whole


def copy(card: ModelCard, file: Path, weights: Path) -> str:
    """Copy `file` to `weights`, if it is what the card states; gives its sha256.

    Where the card states no sha256, the size is all that can be compared here; that the file is such a network
    shows when it is loaded, every tensor matched. Raises ModelError.
    """
    try:
        size_bytes = file.stat().st_size
        is_file = file.is_file()
    except OSError as error:
        raise ModelError(f"“{file}” cannot be read: {error.strerror}. Choose another file.") from error
    if not is_file or not fits(card, size_bytes):
        about = "about " if card.sha256 is None else ""
        if isinstance(card.source, LocalFile):
            about = f"one of 1 to {card.source.most_bytes:,} bytes, mostly about "
        found = f"{size_bytes:,} bytes" if is_file else "a folder"
        raise ModelError(
            f"“{file.name}” is not the file of {card.name}: it is {found} instead of {about}"
            f"{card.size_bytes:,} bytes. Choose {card.source.shown}."
        )
    return copy_whole(file, weights, card, must_be=card.sha256)
