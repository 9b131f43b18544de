"""Files of the model hub and of other servers: what is stated of them, and what to do where these are not reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import LocalFile, ModelCard, WebAddress, WebFile
from seamline.models.download import Wanted, fetch_file, fetch_text
from seamline.models.store_files import part_path, read_record
from seamline.progress import Progress

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, “The Pointer”: keys in this order, nothing else
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,15})\n"
)
_POINTER_BYTES = 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
SIZE_TOLERANCE = 1.25
"""A file whose card knows its size only roughly may be larger or smaller by this factor."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file must be: the card says so, or the hub does at the card's revision."""

    sha256: str
    size_bytes: int


def fetch(card: ModelCard, source: WebFile | WebAddress, weights: Path, progress: Progress | None) -> str:
    """Download the weights of `card` to the part file of `weights`, whole and verified; gives their sha256.

    What was broken off goes on from where it was; what is all there is not asked for. Raises ModelError, with a
    sentence on how to install the file by hand, or Cancelled; then what has come so far is kept.
    """
    part = part_path(weights)
    try:
        statement = _remembered(card, part) or stated(card, source, progress)
        wanted = Wanted(source.address, source.base, source.hosts, statement.sha256, statement.size_bytes)
        fetch_file(wanted, part, card, progress)
    except ModelError as error:
        raise ModelError(f"{error} {by_hand(card, source)}") from error
    return statement.sha256


def _remembered(card: ModelCard, part: Path) -> Statement | None:
    """What the hub stated when the download that is kept began: behind a revision it never changes."""
    record = read_record(part)
    sha256, size_bytes = record.get("sha256"), record.get("size_bytes")
    if card.sha256 is not None or not isinstance(sha256, str) or not isinstance(size_bytes, int):
        return None
    return Statement(sha256, size_bytes) if _SHA256.fullmatch(sha256) and fits(card, size_bytes) else None


def stated(card: ModelCard, source: WebFile | WebAddress, progress: Progress | None) -> Statement:
    """What the card, or else the hub's Git LFS pointer, states of the file. Raises ModelError or Cancelled."""
    if card.sha256 is not None:
        return Statement(card.sha256, card.size_bytes)
    assert isinstance(source, WebFile)  # a card without sha256 has no other source to fetch
    content = fetch_text(source.pointer_address, source.base, source.hosts, _POINTER_BYTES, card, progress)
    found = _POINTER.fullmatch(content)
    if found is None:
        raise ModelError(
            f"The hub states no sha256 for {source.name} of {card.name} at the revision "
            f"{source.revision[:12]}, so that nothing could be verified; nothing was downloaded."
        )
    statement = Statement(found[1].decode(), int(found[2]))
    if not fits(card, statement.size_bytes):
        raise ModelError(
            f"The hub states {statement.size_bytes:,} bytes for {source.name} of {card.name} instead of about "
            f"{card.size_bytes:,}; nothing was downloaded."
        )
    return statement


def fits(card: ModelCard, size_bytes: int) -> bool:
    """Whether a file of this size may be the weights of `card`."""
    if card.sha256 is not None:
        return size_bytes == card.size_bytes
    if isinstance(card.source, LocalFile):
        return 0 < size_bytes <= card.source.most_bytes
    return card.size_bytes / SIZE_TOLERANCE <= size_bytes <= card.size_bytes * SIZE_TOLERANCE


def by_hand(card: ModelCard, source: WebFile | WebAddress) -> str:
    """How to install the network where this machine does not reach the server."""
    return (
        f"You can also download “{source.name}” on any machine from {source.page} and install it with "
        f"“seamline models install {card.id} --from {source.name}”, or with “Install from file…” in the window "
        "“Networks”."
    )
