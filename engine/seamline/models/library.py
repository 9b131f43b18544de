"""What the user does with networks: sees which are installed, installs, verifies, repairs and removes them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from seamline.errors import ModelError
from seamline.models import store
from seamline.models.card import ModelCard, WebFile, WheelMember
from seamline.models.registry import DEFAULTS, all_cards
from seamline.models.store_files import graph_path, part_path, read_record, record_path, weights_path
from seamline.progress import CancellableProgress, Progress

_log = logging.getLogger(__name__)


class State(StrEnum):
    """Whether a network can be used."""

    INSTALLED = "installed"
    MISSING = "not installed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a network on this machine, every byte of it read.

    `path`: what runs, or would; None where there is nothing of it. `fault`: of a damaged one, what is wrong.
    `part_bytes`: how much has been downloaded of one that is not installed yet.
    """

    card: ModelCard
    state: State
    path: Path | None = None
    fault: str = ""
    part_bytes: int = 0

    @property
    def is_default(self) -> bool:
        """Whether it comes with Seamline, and so cannot be removed."""
        return self.card in DEFAULTS

    @property
    def is_unstated(self) -> bool:
        """Whether it came from a file that nothing could be compared with."""
        return self.path is not None and _stated_by(self.path.parent, self.card) == "the file itself"


def look_at(card: ModelCard) -> Look:
    """Read all files of `card`, and say what was found. Imports no torch."""
    own_weights = weights_path(store.user_directory(), card)
    part_bytes = _size(part_path(own_weights))
    if card.weights_id is None and card.convert is not None:
        part_bytes = part_bytes or _size(own_weights)
    damaged = Look(card, State.MISSING, part_bytes=part_bytes)
    for directory in store.directories():
        weights, graph = weights_path(directory, card), graph_path(directory, card)
        is_own = card.weights_id is None  # weights that are shared are the other card's to look after
        weights_fault = ""
        if is_own and weights.exists() and not store.weights_are_intact(directory, card):
            weights_fault = f"“{weights.name}” is not what was published"
        runs = graph if card.convert is not None else weights
        intact = store.graph_is_intact if card.convert is not None else store.weights_are_intact
        if intact(directory, card) and not weights_fault:
            return Look(card, State.INSTALLED, runs)
        fault = weights_fault
        if not fault and graph.exists():
            fault = f"“{graph.name}” is not what was made of the weights"
        if fault and damaged.state is State.MISSING:
            damaged = Look(card, State.DAMAGED, runs, f"{fault}, in “{directory}”.")
    return damaged


def look_at_all(progress: Progress | None = None) -> tuple[Look, ...]:
    """The same of every network there is. Raises Cancelled."""
    progress = progress or CancellableProgress()
    cards = all_cards()
    looks = []
    for done, card in enumerate(cards):
        progress.step(done, len(cards))
        looks.append(look_at(card))
    return tuple(looks)


def install(
    card: ModelCard,
    *,
    from_file: Path | None = None,
    agreed: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Install or repair `card` where it belongs; gives what runs.

    Intact weights that are there already are used; else they come from `from_file`, or are fetched. `agreed`: the
    user has agreed to the card's restriction. Raises ModelError or Cancelled.
    """
    if card.restriction and not agreed:
        raise ModelError(f"{card.name} is installed once you have agreed to this: {card.restriction}")
    if from_file is None and _has_weights(card):
        return store.locate(card, progress)
    if card not in DEFAULTS:
        return store.install(card, from_file=from_file, progress=progress)
    try:
        return store.install(card, store.setup_directory(), from_file=from_file, progress=progress)
    except ModelError:
        if _may_write(store.setup_directory()):
            raise
        return store.install(card, from_file=from_file, progress=progress)  # the environment is read-only


def remove(card: ModelCard) -> int:
    """Remove all files of `card` that the user has installed; gives how many bytes that frees. Raises ModelError."""
    if card in DEFAULTS:
        raise ModelError(
            f"{card.name} came with Seamline's set-up, which would install it again: without it Seamline cannot do "
            "its work. It can be verified, and is repaired by installing it again."
        )
    freed = 0
    for path in _files_of(store.user_directory(), card):
        size = _size(path)
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ModelError(
                f"{card.name} cannot be removed: “{path}” is kept by the system ({error.strerror}). "
                "Close what uses it, then try again."
            ) from error
        freed += size
    if freed == 0:
        raise ModelError(f"{card.name} is not installed, so there is nothing to remove.")
    _log.info("removed %s, %d bytes", card.id, freed)
    return freed


def source_text(card: ModelCard) -> str:
    """Where a network comes from, for people."""
    if isinstance(card.source, WheelMember):
        return f"Python package {card.source.requirement}"
    if isinstance(card.source, WebFile):
        return f"model hub, {card.source.repository}"
    return f"your own file, {card.source.name}"


def _files_of(directory: Path, card: ModelCard) -> Iterator[Path]:
    """All that belongs to `card` in `directory`: graphs of every version, weights, records, a download's beginning."""
    weights = weights_path(directory, card)
    stem = graph_path(directory, card).name.rpartition("-graph")[0]
    for graph in sorted(directory.glob(f"{stem}-graph*.onnx")):
        yield graph
        yield record_path(graph)
    if not _is_shared(card):
        yield from (weights, record_path(weights))
        part = part_path(weights)
        yield from (part, record_path(part))


def _is_shared(card: ModelCard) -> bool:
    shared = card.weights_id or card.id
    return any(each.id != card.id and shared in (each.id, each.weights_id) for each in all_cards())


def _stated_by(directory: Path, card: ModelCard) -> object:
    return read_record(weights_path(directory, card)).get("stated_by")


def _has_weights(card: ModelCard) -> bool:
    return any(store.weights_are_intact(directory, card) for directory in store.directories())


def _may_write(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / ".seamline-may-write"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
